"""Which faults come again and again. The cost follows the tickets of the last days, never how many are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select, union_all
from sqlmodel import Session

from models.community.searching import chunks
from models.inspection.draining import wells_of_buildings, wells_of_homes
from models.inspection.observed import zone_of
from models.tables import table_of
from models.text import fold
from models.tickets.queries import BUILDING, HOUSEHOLD, POINT, TICKET, ruling
from models.tickets.repeats import (
    Case,
    Repeat,
    Report,
    Same,
    Subject,
    alarming,
    earliest,
    find_repeats,
)
from models.tickets.rules import Ruling, State
from models.tickets.tables import TicketLink

LINK = table_of(TicketLink)
#: A duplicate of a duplicate leads on; a ring of them, which merging could make, ends here.
_LONGEST_CHAIN: Final = 8
#: The kind of job that says something of the well a home drains into.
_BLOCKED: Final = "drain"
_NO_REPORT: Final = (State.REJECTED.value, State.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class RepeatLine:
    """A repeat with the names of what it is about.

    `place` is the household's or the point's code, or the building's with the
    place as the newest report wrote it; `building_id` is known where all reports agree on one.
    """

    repeat: Repeat
    place: str
    building_id: UUID | None

    @property
    def key(self) -> str:
        """What tells it from the others of a list, and stays while reports come in."""
        subject = self.repeat.subject
        return f"{subject.same}:{subject.id or ''}:{subject.category}:{subject.place}"


def repeats(session: Session, compound_id: UUID, *, now: datetime, today: date) -> tuple[RepeatLine, ...]:
    """Return the faults that come again, those that alarm first. What is dated after `now` waits until then."""
    found = _find(session, compound_id, now=now, today=today)
    return _named(session, compound_id, found)


def count_repeats(session: Session, compound_id: UUID, *, now: datetime, today: date) -> int:
    """Count the repeats that want looking at: what Home tells."""
    return len(alarming(_find(session, compound_id, now=now, today=today)))


def end_of(today: date, zone: ZoneInfo) -> datetime:
    """Return the last moment of a day: `now` for whoever has only a date."""
    return datetime.combine(today, time.max, tzinfo=zone)


def _find(session: Session, compound_id: UUID, *, now: datetime, today: date) -> tuple[Repeat, ...]:
    rule, zone = ruling(session, compound_id), zone_of(session, compound_id)
    since = datetime.combine(earliest(rule, today), time.min, tzinfo=zone)
    span = [
        TICKET.c.compound_id == compound_id,
        TICKET.c.opened_at >= since,
        TICKET.c.opened_at <= now,
        TICKET.c.archived.is_(False),
        TICKET.c.is_case.is_(False),
        TICKET.c.state.not_in(_NO_REPORT),
    ]
    points = {
        point: tickets
        for point, tickets in _points(session, compound_id, span).items()
        if len(tickets) >= rule.repeats
    }
    ids = {ticket_id for of_point in points.values() for ticket_id in of_point}
    ids |= _of_households(session, span, rule) | _of_facilities(session, span, rule)
    if not ids:
        return ()
    rows = _rows(session, compound_id, ids)
    parents = _parents(session, compound_id, rows.values())
    at: dict[UUID, list[UUID]] = {}
    for point_id, tickets in points.items():
        for ticket_id in tickets:
            at.setdefault(ticket_id, []).append(point_id)
    reports = [_report(row, at.get(row.id, ()), parents, zone) for row in rows.values()]
    cases = {
        row.id: Case(row.id, row.code, row.opened_at, State(row.state))
        for row in parents.values()
        if row.is_case and not row.archived
    }
    return find_repeats(reports, cases, rule, today=today)


# -- what may be a repeat ------------------------------------------------------------------


def _of_households(session: Session, span: Sequence[ColumnElement[bool]], rule: Ruling) -> set[UUID]:
    """Return the tickets of households that reported often enough to be looked at."""
    often = (
        select(TICKET.c.household_id, TICKET.c.category)
        .where(*span, TICKET.c.household_id.is_not(None))
        .group_by(TICKET.c.household_id, TICKET.c.category)
        .having(func.count() >= rule.repeats)
        .subquery()
    )
    same = and_(TICKET.c.household_id == often.c.household_id, TICKET.c.category == often.c.category)
    return set(session.connection().execute(select(TICKET.c.id).join(often, same).where(*span)).scalars())


def _points(
    session: Session, compound_id: UUID, span: Sequence[ColumnElement[bool]]
) -> dict[UUID, set[UUID]]:
    """Return the tickets of each point: about it, linked with it, or of a blocked drain that leads to it."""
    own = select(TICKET.c.point_id.label("point"), TICKET.c.id.label("ticket")).where(
        *span, TICKET.c.point_id.is_not(None)
    )
    linked = (
        select(LINK.c.point_id.label("point"), TICKET.c.id.label("ticket"))
        .select_from(
            LINK.join(TICKET, and_(TICKET.c.compound_id == compound_id, TICKET.c.id == LINK.c.ticket_id))
        )
        .where(
            LINK.c.compound_id == compound_id, LINK.c.archived.is_(False), LINK.c.point_id.is_not(None), *span
        )
    )
    found: dict[UUID, set[UUID]] = {}
    for row in session.connection().execute(union_all(own, linked)):
        found.setdefault(row.point, set()).add(row.ticket)
    blocked = select(TICKET.c.id, TICKET.c.household_id, TICKET.c.building_id).where(
        *span,
        TICKET.c.category == _BLOCKED,
        TICKET.c.point_id.is_(None),
        or_(TICKET.c.household_id.is_not(None), TICKET.c.building_id.is_not(None)),
    )
    rows = session.connection().execute(blocked).all()
    homes = wells_of_homes(session, compound_id, {row.household_id for row in rows} - {None})
    others = {row.building_id for row in rows if row.household_id is None}
    buildings = wells_of_buildings(session, compound_id, others - {None})
    for row in rows:
        wells = buildings.get(row.building_id) if row.household_id is None else homes.get(row.household_id)
        for well in wells or ():
            found.setdefault(well, set()).add(row.id)
    return found


def _of_facilities(session: Session, span: Sequence[ColumnElement[bool]], rule: Ruling) -> set[UUID]:
    """Return the tickets of places that have neither a household nor a point, by what people wrote."""
    statement = select(TICKET.c.id, TICKET.c.building_id, TICKET.c.category, TICKET.c.place).where(
        *span, TICKET.c.household_id.is_(None), TICKET.c.point_id.is_(None), TICKET.c.place != ""
    )
    found: dict[tuple[UUID | None, str, str], set[UUID]] = {}
    for row in session.connection().execute(statement):
        found.setdefault((row.building_id, row.category, fold(row.place)), set()).add(row.id)
    return {one for tickets in found.values() if len(tickets) >= rule.repeats for one in tickets}


# -- reports -------------------------------------------------------------------------------

_COLUMNS: Final = (
    TICKET.c.id, TICKET.c.code, TICKET.c.opened_at, TICKET.c.state, TICKET.c.category, TICKET.c.household_id,
    TICKET.c.point_id, TICKET.c.building_id, TICKET.c.place, TICKET.c.parent_id, TICKET.c.is_case,
    TICKET.c.archived,
)  # fmt: skip


def _rows(session: Session, compound_id: UUID, ids: Iterable[UUID]) -> dict[UUID, Any]:
    found = {}
    for part in chunks(sorted(ids)):
        statement = select(*_COLUMNS).where(TICKET.c.compound_id == compound_id, TICKET.c.id.in_(part))
        found.update({row.id: row for row in session.connection().execute(statement)})
    return found


def _parents(session: Session, compound_id: UUID, rows: Iterable[Any]) -> dict[UUID, Any]:
    """Return the tickets that these, and those in turn, belong to."""
    found: dict[UUID, Any] = {}
    wanted = {row.parent_id for row in rows} - {None}
    for _ in range(_LONGEST_CHAIN):
        if not wanted:
            break
        fresh = _rows(session, compound_id, wanted)
        found.update(fresh)
        wanted = {row.parent_id for row in fresh.values()} - {None} - found.keys()
    return found


def _report(row: Any, points: Sequence[UUID], parents: Mapping[UUID, Any], zone: ZoneInfo) -> Report:
    subjects = [Subject(Same.POINT, point_id) for point_id in sorted(points)]
    if row.household_id is not None:
        subjects.append(Subject(Same.HOUSEHOLD, row.household_id, row.category))
    elif row.point_id is None and row.place:
        subjects.append(Subject(Same.FACILITY, row.building_id, row.category, fold(row.place)))
    answered_by, case_id = _chain(row, parents)
    return Report(
        id=row.id,
        code=row.code,
        opened_at=row.opened_at,
        day=row.opened_at.astimezone(zone).date(),
        state=State(row.state),
        category=row.category,
        subjects=tuple(subjects),
        answered_by=answered_by,
        case_id=case_id,
    )


def _chain(row: Any, parents: Mapping[UUID, Any]) -> tuple[UUID, UUID | None]:
    """Return the report that a ticket is one of, itself or another, and the case it was gathered in at last."""
    answered_by, case_id = row.id, None
    passed = {row.id}
    step = row
    while step.parent_id is not None and step.parent_id not in passed and step.parent_id in parents:
        step = parents[step.parent_id]
        passed.add(step.id)
        if not step.is_case:
            if case_id is None:
                answered_by = step.id
        elif not step.archived:
            case_id = step.id
    return answered_by, case_id


# -- names ---------------------------------------------------------------------------------


def _named(session: Session, compound_id: UUID, found: Sequence[Repeat]) -> tuple[RepeatLine, ...]:
    ids = [report.id for repeat in found for report in repeat.reports]
    rows = _rows(session, compound_id, ids)
    of = {
        Same.HOUSEHOLD: _codes(session, compound_id, HOUSEHOLD, found, Same.HOUSEHOLD),
        Same.POINT: _codes(session, compound_id, POINT, found, Same.POINT),
        Same.FACILITY: _codes(session, compound_id, BUILDING, found, Same.FACILITY),
    }
    lines = []
    for repeat in found:
        named = of[repeat.subject.same].get(repeat.subject.id, "")
        newest = rows[repeat.reports[-1].id]
        buildings = {rows[report.id].building_id for report in repeat.reports}
        facility = repeat.subject.same is Same.FACILITY
        place = " ".join(part for part in (named, newest.place) if part) if facility else named
        lines.append(RepeatLine(repeat, place, buildings.pop() if len(buildings) == 1 else None))
    return tuple(lines)


def _codes(
    session: Session, compound_id: UUID, table: Any, found: Sequence[Repeat], same: Same
) -> dict[UUID | None, str]:
    wanted = {repeat.subject.id for repeat in found if repeat.subject.same is same} - {None}
    codes: dict[UUID | None, str] = {}
    for part in chunks(sorted(one for one in wanted if one is not None)):
        statement = select(table.c.id, table.c.code).where(
            table.c.compound_id == compound_id, table.c.id.in_(part)
        )
        codes.update((row.id, row.code) for row in session.connection().execute(statement))
    return codes
