"""What the room of hours asks: hours of a span, who owes how much, how that came, which months are settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from models.duty.hours import Hours
from models.duty.queries import SHIFT
from models.duty.queries_balances import BalanceLine, BalanceStory, balance_story, balances
from models.duty.queries_books import BALANCE, month_of, published
from models.duty.queries_hours import hours
from models.duty.queries_settling import settle_intents, settled_from
from models.inspection.observed import rows_of, zone_of
from models.operations.envelope import Intent
from models.operations.roles import LEADERS
from models.tickets.periods import Period, period
from tui import edge
from tui.desk import Desk

#: So many months back may be settled from here: what is older was settled long ago, or does not matter.
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Looked:
    """Hours as they were read. `today` in the compound's zone; `leads` may settle months."""

    hours: Hours
    today: date
    leads: bool


@dataclass(frozen=True, slots=True)
class MonthState:
    """A month that may be settled: whether it was, and from when on it can be (None: now)."""

    month: date
    settled: bool
    waits: datetime | None


def look(desk: Desk, kind: Period, back: int) -> Looked:
    """Count the period that lies `back` of its kind before the present one, up to today."""
    today = desk.today()
    since, until = period(kind, today, back=back)
    last = min(until - timedelta(days=1), today)
    with desk.store.read() as session:
        found = hours(session, desk.seat.compound_id, since, last, now=edge.clock())
    return Looked(found, today, desk.may(LEADERS))


def owed(desk: Desk) -> tuple[BalanceLine, ...]:
    """Return who owes how much, whoever owes most first."""
    with desk.store.read() as session:
        return balances(session, desk.seat.compound_id, today=desk.today(), now=edge.clock())


def story(desk: Desk, person_id: UUID) -> BalanceStory:
    """Return how it came that somebody owes what they owe."""
    with desk.store.read() as session:
        return balance_story(session, desk.seat.compound_id, person_id, now=edge.clock())


def months(desk: Desk) -> tuple[MonthState, ...]:
    """Return the months from the first shift up to the present one, the latest first, and how each stands."""
    compound_id, now = desk.seat.compound_id, edge.clock()
    month = month_of(desk.today())
    statement = (
        select(BALANCE.c.month)
        .where(BALANCE.c.compound_id == compound_id, BALANCE.c.archived.is_(False))
        .distinct()
    )
    found = []
    with desk.store.read() as session:
        settled = {row.month for row in rows_of(session, statement)}
        zone = zone_of(session, compound_id)
        first = (
            session.connection()
            .execute(select(func.min(SHIFT.c.day)).where(*published(compound_id, None, None)))
            .scalar()
        )
        for _ in range(_MONTHS):
            if first is None or month < month_of(first):
                break
            ready = settled_from(session, compound_id, month)
            waits = ready.astimezone(zone) if ready > now else None
            found.append(MonthState(month, month in settled, waits))
            month = month_of(month - timedelta(days=1))
    return tuple(found)


def settling(desk: Desk, month: date) -> list[Intent]:
    """Return what settles a month; nothing where nobody served in it."""
    with desk.store.read() as session:
        return settle_intents(session, desk.seat.compound_id, month, now=edge.clock())
