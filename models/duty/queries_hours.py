"""Reads what counts as hours: check-ins, walks and jobs of a span of days, found by index, and of them only what is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session

from models.community.searching import chunks
from models.duty.hours import Deed, Hours, Missed, Work, count, draw_up, on_duty, on_walk
from models.duty.queries import CHECKIN, MEMBER, PLACE, POST, SHIFT, TEAM, names_of
from models.duty.rules import Absence, ShiftState
from models.inspection.observed import OBSERVATION, WALK, rows_of, zone_of
from models.inspection.tables import WalkMember
from models.tables import table_of
from models.tickets.periods import start_of
from models.tickets.queries import TICKET
from models.tickets.queries_story import EVENT
from models.tickets.rules import EventKind

WALKER = table_of(WalkMember)
#: What began so long before a span, or after it, may still overlap what lies in it: two days are the longest shift.
_AROUND: Final = timedelta(days=2)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked, and the instants between which it and what touches it lies."""

    compound_id: UUID
    first: date
    last: date
    zone: ZoneInfo
    now: datetime
    person_id: UUID | None

    @property
    def since(self) -> datetime:
        return start_of(self.first, self.zone) - _AROUND

    @property
    def until(self) -> datetime:
        return start_of(self.last + _DAY, self.zone) + _AROUND

    def within(self, table: Any, at: str) -> list[ColumnElement[bool]]:
        """Return the conditions that a row lives, lies in the span, and is of whom it is asked of."""
        conditions = [
            table.c.compound_id == self.compound_id,
            table.c[at] >= self.since,
            table.c[at] < self.until,
            table.c.archived.is_(False),
        ]
        if self.person_id is not None and "person_id" in table.c:
            conditions.append(table.c.person_id == self.person_id)
        return conditions


def hours(
    session: Session,
    compound_id: UUID,
    first: date,
    last: date,
    *,
    now: datetime,
    person_id: UUID | None = None,
) -> Hours:
    """Count the hours given over the days from `first` to `last`, both included, in the compound's zone.

    `hours` in hours.py says what counts. `person_id` keeps those of one person.
    """
    asked = _Asked(compound_id, first, last, zone_of(session, compound_id), now, person_id)
    deeds = [*_duty(session, asked), *_walks(session, asked), *_jobs(session, asked)]
    missed = tuple(_missed(session, asked))
    own = _own_teams(session, compound_id, deeds)
    teamed = [_teamed(deed, own) for deed in deeds]
    people = {deed.person_id for deed in deeds if deed.person_id} | {one.person_id for one in missed}
    teams = {deed.team_id for deed in teamed if deed.team_id} | {one.team_id for one in missed if one.team_id}
    return draw_up(
        count(teamed),
        missed,
        first=first,
        last=last,
        names=names_of(session, compound_id, people),
        teams=names_of(session, compound_id, teams, TEAM),
    )


def _here(table: Any, compound_id: UUID, column: Any) -> ColumnElement[bool]:
    return and_(table.c.compound_id == compound_id, table.c.id == column)


def _duty(session: Session, asked: _Asked) -> Iterator[Deed]:
    on_it = (
        select(PLACE.c.id)
        .where(
            PLACE.c.compound_id == asked.compound_id,
            PLACE.c.shift_id == CHECKIN.c.shift_id,
            PLACE.c.person_id == CHECKIN.c.person_id,
            PLACE.c.archived.is_(False),
        )
        .correlate(CHECKIN)
        .exists()
    )
    # A shift that was called off counts as none: who came all the same is counted from coming to going.
    held = and_(_here(SHIFT, asked.compound_id, CHECKIN.c.shift_id), SHIFT.c.archived.is_(False))
    statement = (
        select(
            CHECKIN.c.id,
            CHECKIN.c.person_id,
            CHECKIN.c.guest,
            CHECKIN.c.came_at,
            CHECKIN.c.left_at,
            SHIFT.c.id.label("shift_id"),
            SHIFT.c.day,
            SHIFT.c.starts_at,
            SHIFT.c.ends_at,
            SHIFT.c.name,
            POST.c.name.label("post"),
            func.coalesce(SHIFT.c.team_id, POST.c.team_id).label("team_id"),
            on_it.label("expected"),
        )
        .select_from(
            CHECKIN.outerjoin(SHIFT, held).outerjoin(
                POST, _here(POST, asked.compound_id, func.coalesce(SHIFT.c.post_id, CHECKIN.c.post_id))
            )
        )
        .where(*asked.within(CHECKIN, "came_at"))
    )
    for row in rows_of(session, statement):
        shift = None if row.shift_id is None else (row.starts_at, row.ends_at)
        begin, end = on_duty(row.came_at, row.left_at, shift, now=asked.now)
        yield Deed(
            work=Work.DUTY,
            person_id=row.person_id,
            guest=row.guest,
            day=begin.astimezone(asked.zone).date() if row.day is None else row.day,
            starts_at=begin,
            ends_at=end,
            row_id=row.id,
            shift_id=row.shift_id,
            about=" ".join(part for part in (row.post, row.name) if part),
            helped=not row.expected,
            team_id=row.team_id,
        )


def _walks(session: Session, asked: _Asked) -> Iterator[Deed]:
    seen = (
        select(func.max(OBSERVATION.c.at))
        .where(
            OBSERVATION.c.compound_id == asked.compound_id,
            OBSERVATION.c.walk_id == WALK.c.id,
            OBSERVATION.c.archived.is_(False),
        )
        .correlate(WALK)
        .scalar_subquery()
    )
    statement = (
        select(
            WALKER.c.id,
            WALKER.c.person_id,
            WALK.c.name,
            WALK.c.started_at,
            WALK.c.finished_at,
            seen.label("seen"),
        )
        .join_from(
            WALK, WALKER, and_(WALKER.c.compound_id == asked.compound_id, WALKER.c.walk_id == WALK.c.id)
        )
        .where(
            *asked.within(WALK, "started_at"),
            WALKER.c.archived.is_(False),
        )
    )
    if asked.person_id is not None:
        statement = statement.where(WALKER.c.person_id == asked.person_id)
    for row in rows_of(session, statement):
        begin, end = on_walk(row.started_at, row.finished_at, row.seen)
        yield Deed(
            work=Work.WALK,
            person_id=row.person_id,
            guest="",
            day=begin.astimezone(asked.zone).date(),
            starts_at=begin,
            ends_at=end,
            row_id=row.id,
            about=row.name,
        )


def _jobs(session: Session, asked: _Asked) -> Iterator[Deed]:
    statement = (
        select(EVENT.c.id, EVENT.c.person_id, EVENT.c.at, EVENT.c.minutes, TICKET.c.code, TICKET.c.team_id)
        .select_from(EVENT.outerjoin(TICKET, _here(TICKET, asked.compound_id, EVENT.c.ticket_id)))
        .where(
            *asked.within(EVENT, "at"),
            EVENT.c.person_id.is_not(None),
            EVENT.c.kind.in_((EventKind.LOG.value, EventKind.FINISH.value)),
            # What a story counts as a visit.
            or_(EVENT.c.kind == EventKind.LOG.value, EVENT.c.minutes > 0),
            EVENT.c.stood.is_(True),
        )
    )
    for row in rows_of(session, statement):
        yield Deed(
            work=Work.TICKET,
            person_id=row.person_id,
            guest="",
            day=row.at.astimezone(asked.zone).date(),
            starts_at=row.at - timedelta(minutes=row.minutes),
            ends_at=row.at,
            row_id=row.id,
            about=row.code or "",
            team_id=row.team_id,
        )


def _missed(session: Session, asked: _Asked) -> Iterator[Missed]:
    """Yield who was on a shift and did not come; whoever came all the same has not missed it."""
    came = (
        select(CHECKIN.c.id)
        .where(
            CHECKIN.c.compound_id == asked.compound_id,
            CHECKIN.c.shift_id == PLACE.c.shift_id,
            CHECKIN.c.person_id == PLACE.c.person_id,
            CHECKIN.c.archived.is_(False),
        )
        .correlate(PLACE)
        .exists()
    )
    statement = (
        select(
            PLACE.c.person_id,
            PLACE.c.absence,
            SHIFT.c.day,
            func.coalesce(SHIFT.c.team_id, POST.c.team_id).label("team_id"),
        )
        .select_from(
            PLACE.join(SHIFT, _here(SHIFT, asked.compound_id, PLACE.c.shift_id)).join(
                POST, _here(POST, asked.compound_id, SHIFT.c.post_id)
            )
        )
        .where(
            *asked.within(PLACE, "starts_at"),
            PLACE.c.absence.in_((Absence.NO_SHOW.value, Absence.EXCUSED.value)),
            PLACE.c.state == ShiftState.PUBLISHED.value,
            SHIFT.c.archived.is_(False),
            SHIFT.c.day >= asked.first,
            SHIFT.c.day <= asked.last,
            ~came,
        )
    )
    for row in rows_of(session, statement):
        yield Missed(row.person_id, row.day, row.absence == Absence.EXCUSED, row.team_id)


# -- whose hours they are ----------------------------------------------------------------


def _teamed(deed: Deed, own: Mapping[UUID, Sequence[Any]]) -> Deed:
    """Return a deed with its team: the one it was done for, else the only one that its doer was in on that day."""
    if deed.team_id is not None or deed.person_id is None:
        return deed
    teams = {
        row.team_id
        for row in own.get(deed.person_id, ())
        if (row.since is None or row.since <= deed.day) and (row.until is None or deed.day < row.until)
    }
    return replace(deed, team_id=next(iter(teams))) if len(teams) == 1 else deed


def _own_teams(session: Session, compound_id: UUID, deeds: Iterable[Deed]) -> Mapping[UUID, Sequence[Any]]:
    people = {deed.person_id for deed in deeds if deed.person_id is not None and deed.team_id is None}
    found: dict[UUID, list[Any]] = defaultdict(list)
    for part in chunks(people):
        statement = select(MEMBER.c.person_id, MEMBER.c.team_id, MEMBER.c.since, MEMBER.c.until).where(
            MEMBER.c.compound_id == compound_id, MEMBER.c.person_id.in_(part), MEMBER.c.archived.is_(False)
        )
        for row in rows_of(session, statement):
            found[row.person_id].append(row)
    return found
