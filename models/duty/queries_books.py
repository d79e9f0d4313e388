"""Reading what moves what people owe: what was settled last, and the shifts since then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlmodel import Session

from models.duty.balances import Account, Came, Due, Turn, accounts, came, due, fair_parts, next_month
from models.duty.crew import Crew, paused, stretches
from models.duty.queries import CHECKIN, PERSON, PLACE, POST, SHIFT, ruling_of
from models.duty.queries_crew import begins_near, crew, on_days
from models.duty.rules import Absence, Ruling, ShiftState
from models.duty.tables import DutyBalance
from models.inspection.observed import rows_of, zone_of
from models.tables import table_of

BALANCE = table_of(DutyBalance)
_NOBODY: Final[frozenset[UUID]] = frozenset()


@dataclass(frozen=True, slots=True)
class Settled:
    """What somebody owed at the end of the month that was settled last for them, and how that came."""

    month: date
    before: int
    fair: int
    done: int
    missed: int
    owed: int


@dataclass(frozen=True, slots=True)
class Books:
    """Everything that moves what people owe since the month settled last: in whole months, by shifts and by turns."""

    settled: Mapping[UUID, Settled]
    dues: tuple[Due, ...]
    turns: tuple[Turn, ...]
    shifts: Mapping[UUID, Any]
    crew: Crew
    ruling: Ruling
    zone: ZoneInfo

    def accounts(self, *, until: date | None = None) -> dict[UUID, Account]:
        """Add up what everybody owes, or what they did when the month `until` began."""
        dues = [one for one in self.dues if until is None or one.month < until]
        turns = [one for one in self.turns if until is None or one.month < until]
        before = {person: one.owed for person, one in self.settled.items()}
        return accounts(before, fair_parts(dues), turns, no_show=self.ruling.no_show)


def month_of(day: date) -> date:
    """Return the month of a day, named by its first."""
    return day.replace(day=1)


def books(
    session: Session,
    compound_id: UUID,
    *,
    now: datetime,
    before: date | None = None,
    until: date | None = None,
    but: Collection[UUID] = _NOBODY,
) -> Books:
    """Read what moves what people owe: published shifts since the month settled last, which cost what these are.

    `before` leaves out what was settled of that month and later ones, `until` shifts on that day and later ones,
    and `but` single shifts.
    """
    settled = _settled(session, compound_id, before)
    since = next_month(max(one.month for one in settled.values())) if settled else None
    shifts = [row for row in _shifts(session, compound_id, since, until) if row.id not in but]
    today = now.astimezone(zone := zone_of(session, compound_id)).date()
    days = [row.day for row in shifts]
    team = crew(session, compound_id, min([today, *days]), max([today, *days]))
    turns = _turns(session, compound_id, shifts, since=since, until=until, team=team, now=now)
    return Books(
        settled=settled,
        dues=tuple(_due(row, turns.get(row.id, ()), team, zone) for row in shifts),
        turns=tuple(turn for row in shifts for turn in turns.get(row.id, ())),
        shifts={row.id: row for row in shifts},
        crew=team,
        ruling=ruling_of(session, compound_id),
        zone=zone,
    )


def _settled(session: Session, compound_id: UUID, before: date | None) -> dict[UUID, Settled]:
    """Return what everybody owed at the end of the month that was settled last for them."""
    standing = [
        BALANCE.c.compound_id == compound_id,
        BALANCE.c.archived.is_(False),
        of_the_living(compound_id),
    ]
    if before is not None:
        standing.append(BALANCE.c.month < before)
    last = (
        select(BALANCE.c.person_id, func.max(BALANCE.c.month).label("month"))
        .where(*standing)
        .group_by(BALANCE.c.person_id)
        .subquery()
    )
    statement = (
        select(BALANCE)
        .join_from(
            BALANCE,
            last,
            and_(BALANCE.c.person_id == last.c.person_id, BALANCE.c.month == last.c.month),
        )
        .where(*standing)
    )
    return {
        row.person_id: Settled(row.month, row.before, row.fair, row.done, row.missed, row.owed)
        for row in rows_of(session, statement)
    }


def of_the_living(compound_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a balance is of somebody who was not put away in the register."""
    condition: ColumnElement[bool] = BALANCE.c.person_id.not_in(_away(compound_id))
    return condition


def _away(compound_id: UUID) -> Select[tuple[UUID]]:
    return select(PERSON.c.id).where(PERSON.c.compound_id == compound_id, PERSON.c.archived.is_(True))


def published(compound_id: UUID, since: date | None, until: date | None) -> list[Any]:
    """Return the conditions that a shift is published, stands, and lies on the days from `since` to before `until`."""
    wanted = [
        SHIFT.c.compound_id == compound_id,
        SHIFT.c.archived.is_(False),
        SHIFT.c.state == ShiftState.PUBLISHED.value,
    ]
    return [*wanted, *on_days(since, None if until is None else until - timedelta(days=1))]


def _shifts(session: Session, compound_id: UUID, since: date | None, until: date | None) -> Sequence[Any]:
    statement = (
        select(
            SHIFT.c.id,
            SHIFT.c.name,
            SHIFT.c.day,
            SHIFT.c.starts_at,
            SHIFT.c.ends_at,
            SHIFT.c.points,
            SHIFT.c.team_id,
            POST.c.name.label("post"),
            POST.c.team_id.label("post_team_id"),
        )
        .join_from(SHIFT, POST, and_(POST.c.compound_id == compound_id, POST.c.id == SHIFT.c.post_id))
        .where(*published(compound_id, since, until))
        .order_by(SHIFT.c.starts_at, SHIFT.c.id)
    )
    return rows_of(session, statement)


def _turns(
    session: Session,
    compound_id: UUID,
    shifts: Sequence[Any],
    *,
    since: date | None,
    until: date | None,
    team: Crew,
    now: datetime,
) -> dict[UUID, list[Turn]]:
    """Return the turns on each shift. People who were put away in the register take no part any more."""
    held = published(compound_id, since, until)
    checked_in = select(CHECKIN.c.shift_id, CHECKIN.c.person_id).where(
        CHECKIN.c.compound_id == compound_id,
        CHECKIN.c.shift_id.in_(select(SHIFT.c.id).where(*held)),
        CHECKIN.c.archived.is_(False),
        CHECKIN.c.person_id.not_in(_away(compound_id)),
    )
    # Guests are left out here: asked for people, SQLite would read every check-in along them.
    seen = {
        (row.shift_id, row.person_id) for row in rows_of(session, checked_in) if row.person_id is not None
    }
    placed = (
        select(PLACE.c.shift_id, PLACE.c.person_id, PLACE.c.absence)
        .join_from(PLACE, SHIFT, and_(SHIFT.c.compound_id == compound_id, SHIFT.c.id == PLACE.c.shift_id))
        .where(
            PLACE.c.compound_id == compound_id,
            PLACE.c.archived.is_(False),
            PLACE.c.state == ShiftState.PUBLISHED.value,
            # A place has its shift's times, and an index of its own on them.
            *begins_near(PLACE, since, None if until is None else until - timedelta(days=1)),
            *held,
        )
    )
    places = rows_of(session, placed)
    by_id = {row.id: row for row in shifts}
    found: dict[UUID, list[Turn]] = defaultdict(list)
    for row in places:
        shift = by_id.get(row.shift_id)
        if shift is None or row.person_id not in team.members:
            continue
        absence = Absence(row.absence) if row.absence in set(Absence) else Absence.NONE
        here = (row.shift_id, row.person_id) in seen
        seen.discard((row.shift_id, row.person_id))
        what = came(shift.ends_at, absence, seen=here, now=now)
        found[shift.id].append(_turn(shift, row.person_id, what))
    for shift_id, person_id in seen:
        if shift_id in by_id:
            found[shift_id].append(_turn(by_id[shift_id], person_id, Came.HELPED))
    return {shift: sorted(turns, key=lambda turn: turn.person_id) for shift, turns in found.items()}


def _turn(shift: Any, person_id: UUID, what: Came) -> Turn:
    return Turn(shift.id, person_id, month_of(shift.day), shift.points, what)


def _due(shift: Any, turns: Iterable[Turn], team: Crew, zone: ZoneInfo) -> Due:
    team_id = team.pool_of(shift.team_id, shift.post_team_id)
    pool = team.pool(team_id, shift.day)
    away: frozenset[UUID] = frozenset()
    if any(team.members[person].says for person in pool):
        span = stretches(shift.starts_at, shift.ends_at, zone)
        away = frozenset(person for person in pool if paused(team.members[person], span))
    here = [(person, team.members[person].weight) for person in pool if person not in away]
    return due(shift.id, month_of(shift.day), team_id, turns=turns, pool=here, pausing=away)
