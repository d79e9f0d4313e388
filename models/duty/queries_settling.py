"""Carrying what people owe over the end of a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlmodel import Session

from models.duty import payloads_roster as p
from models.duty.balances import LEAVE, Account, next_month
from models.duty.payload_fields import MOST_ROWS
from models.duty.queries import SHIFT
from models.duty.queries_books import BALANCE, Books, books, of_the_living, published
from models.inspection.observed import rows_of, zone_of
from models.operations.envelope import Intent
from models.operations.registry import intent


def settled_from(session: Session, compound_id: UUID, month: date) -> datetime:
    """Return when a month can be settled: half a day after its last shift has ended, and not before it is over."""
    over = datetime.combine(next_month(month), datetime.min.time(), zone_of(session, compound_id))
    last = (
        session.connection()
        .execute(select(func.max(SHIFT.c.ends_at)).where(*published(compound_id, month, next_month(month))))
        .scalar()
    )
    return over if last is None else max(over, last + LEAVE)


def settle_intents(session: Session, compound_id: UUID, month: date, *, now: datetime) -> list[Intent]:
    """Return what settles a month, named by its first day; nothing while it is not over, or nobody served.

    Months after it that were settled before are settled anew: what they began with may be another sum now. Months
    before it that nobody has settled are part of what was owed before.
    """
    if now < settled_from(session, compound_id, month):
        return []
    told: dict[date, set[UUID]] = {month: set()}
    for row in rows_of(session, _settled_since(compound_id, month)):
        told.setdefault(row.month, set()).add(row.person_id)
    whole = books(session, compound_id, now=now, before=month, until=next_month(max(told)))
    return [one for each in sorted(told) for one in _settle(whole, each, told[each])]


def _settled_since(compound_id: UUID, month: date) -> Select[tuple[date, UUID]]:
    return select(BALANCE.c.month, BALANCE.c.person_id).where(
        BALANCE.c.compound_id == compound_id,
        BALANCE.c.archived.is_(False),
        BALANCE.c.month >= month,
        of_the_living(compound_id),
    )


def _settle(whole: Books, month: date, told: set[UUID]) -> Iterator[Intent]:
    """Yield what settles a month for whom it moved, who owed anything, and those whom it was `told` before."""
    before = whole.accounts(until=month)
    after = whole.accounts(until=next_month(month))
    lines = [
        _line(person, before.get(person, Account()), after.get(person, Account()))
        for person in sorted({*after, *told})
    ]
    lines = [
        line for line in lines if line.person in told or any((line.before, line.fair, line.done, line.missed))
    ]
    for start in range(0, len(lines), MOST_ROWS):
        part = lines[start : start + MOST_ROWS]
        yield intent("duty.settle", p.SettleMonth(month=month, lines=part))


def _line(person: UUID, before: Account, after: Account) -> p.BalanceLine:
    return p.BalanceLine(
        person=person,
        before=before.owed,
        fair=after.fair - before.fair,
        done=after.done - before.done,
        missed=after.missed - before.missed,
        owed=after.owed,
    )
