"""What the screens ask of schedules: which route is due when, and which days it rained.

The cost follows the schedules. Of all walks over a route only the newest that counts is read, by its index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, func, select
from sqlmodel import Session

from models.inspection.observed import OBSERVATION, POINT, WALK, rows_of, zone_of
from models.inspection.queries import ROUTE, STOP
from models.inspection.queries_walks import Progress, progress_by_walk
from models.inspection.rules import Every
from models.inspection.scheduling import LEAST_SEEN, PRESSING, Due, DueState, due
from models.inspection.tables import Rain, Schedule
from models.tables import table_of

RAIN = table_of(Rain)
SCHEDULE = table_of(Schedule)
_URGENCY: Final = {state: place for place, state in enumerate(reversed(DueState))}


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The newest unfinished walk over a route, and how far it is."""

    walk_id: UUID
    name: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class DueLine:
    """A schedule with how its route stands. Days are the compound's; `due` is None of an archived one."""

    id: UUID
    route_id: UUID
    route: str
    every: str
    since: date
    within_days: int
    archived: bool
    last_walk: str
    last_walk_on: date | None
    under_way: UnderWay | None
    due: Due | None

    @property
    def presses(self) -> bool:
        """Tell whether somebody ought to walk."""
        return self.due is not None and self.due.state in PRESSING


@dataclass(frozen=True, slots=True)
class DueCounts:
    """How many routes are due in time, how many are overdue; `next` names the one to walk first, and its day."""

    due: int
    overdue: int
    next: tuple[str, date] | None


@dataclass(frozen=True, slots=True)
class RainLine:
    """A day of heavy rain."""

    id: UUID
    day: date
    note: str
    archived: bool


def due_routes(session: Session, compound_id: UUID, today: date) -> tuple[DueLine, ...]:
    """Return the schedules of living routes with how they stand, the most urgent first."""
    found = rows_of(session, _select_schedules(compound_id).where(*_living()))
    lines = _lines(session, compound_id, found, today)
    return tuple(sorted(lines, key=_urgency))


def schedules(
    session: Session, compound_id: UUID, *, today: date, archived: bool = False
) -> tuple[DueLine, ...]:
    """Return the schedules by route; of archived ones, or ones whose route is, nothing falls due."""
    statement = (
        _select_schedules(compound_id)
        .where(SCHEDULE.c.archived.is_(archived))
        .order_by(ROUTE.c.name, SCHEDULE.c.every, SCHEDULE.c.id)
    )
    return _lines(session, compound_id, rows_of(session, statement), today)


def home_due(session: Session, compound_id: UUID, *, today: date) -> DueCounts:
    """Return what the first screen says of schedules. A route with two schedules counts once, by the worse."""
    worst: dict[UUID, DueLine] = {}
    for line in due_routes(session, compound_id, today):
        worst.setdefault(line.route_id, line)
    states = [line.due.state for line in worst.values() if line.due is not None]
    first = next((line for line in worst.values() if line.due is not None and line.due.due_on), None)
    return DueCounts(
        due=states.count(DueState.DUE),
        overdue=states.count(DueState.OVERDUE),
        next=None
        if first is None or first.due is None or first.due.due_on is None
        else (first.route, first.due.due_on),
    )


def rain_days(
    session: Session, compound_id: UUID, *, last: int | None = None, archived: bool = False
) -> tuple[RainLine, ...]:
    """Return the noted days of rain, newest first; the `last` so many of them, or all."""
    statement = (
        select(RAIN.c.id, RAIN.c.day, RAIN.c.note, RAIN.c.archived)
        .where(RAIN.c.compound_id == compound_id, RAIN.c.archived.is_(archived))
        .order_by(RAIN.c.day.desc())
        .limit(last)
    )
    return tuple(RainLine(row.id, row.day, row.note, row.archived) for row in rows_of(session, statement))


def names_beginning(session: Session, compound_id: UUID, route_id: UUID | None, text: str) -> frozenset[str]:
    """Return the names that walks over a route, or without one, have already, of those that begin with a text."""
    statement = select(WALK.c.name).where(
        WALK.c.compound_id == compound_id,
        WALK.c.route_id == route_id,
        WALK.c.name.startswith(text, autoescape=True),
    )
    return frozenset(row.name for row in rows_of(session, statement))


def _select_schedules(compound_id: UUID) -> Any:
    joined = SCHEDULE.join(ROUTE, and_(ROUTE.c.compound_id == compound_id, ROUTE.c.id == SCHEDULE.c.route_id))
    return (
        select(SCHEDULE, ROUTE.c.name.label("route"), ROUTE.c.archived.label("route_archived"))
        .select_from(joined)
        .where(SCHEDULE.c.compound_id == compound_id)
    )


def _living() -> list[ColumnElement[bool]]:
    return [SCHEDULE.c.archived.is_(False), ROUTE.c.archived.is_(False)]


def _lines(
    session: Session, compound_id: UUID, found: Sequence[Row[Any]], today: date
) -> tuple[DueLine, ...]:
    routes = sorted({row.route_id for row in found if not (row.archived or row.route_archived)})
    if not routes:
        return tuple(_line(row, None, None, (), today) for row in found)
    zone = zone_of(session, compound_id)
    walks = {
        row.route_id: _Walk(row.name, row.finished_at.astimezone(zone).date())
        for row in _walks(
            session, _newest_finished(compound_id, _next_midnight(today, zone)), compound_id, routes
        )
    }
    going = _walks(session, _newest_open(compound_id), compound_id, routes)
    progress = progress_by_walk(session, compound_id, going) if going else {}
    under_way = {row.route_id: UnderWay(row.id, row.name, progress[row.id]) for row in going}
    asked = [
        max(row.since, walks[row.route_id].day) if row.route_id in walks else row.since
        for row in found
        if row.every == Every.RAIN and row.route_id in routes
    ]
    rained = _rained(session, compound_id, min(asked), today) if asked else ()
    return tuple(
        _line(row, walks.get(row.route_id), under_way.get(row.route_id), rained, today) for row in found
    )


@dataclass(frozen=True, slots=True)
class _Walk:
    name: str
    day: date


def _line(
    row: Row[Any], walk: _Walk | None, under_way: UnderWay | None, rained: Sequence[date], today: date
) -> DueLine:
    shut = row.archived or row.route_archived
    stands = None
    if not shut:
        stands = due(
            Every(row.every),
            row.since,
            within_days=row.within_days,
            walked=() if walk is None else (walk.day,),
            rained=rained,
            today=today,
        )
    return DueLine(
        id=row.id,
        route_id=row.route_id,
        route=row.route,
        every=row.every,
        since=row.since,
        within_days=row.within_days,
        archived=row.archived,
        last_walk="" if walk is None else walk.name,
        last_walk_on=None if walk is None else walk.day,
        under_way=under_way,
        due=stands,
    )


def _urgency(line: DueLine) -> tuple[int, date, str, str]:
    stands = line.due
    state = DueState.OK if stands is None else stands.state
    day = date.max if stands is None or stands.due_on is None else stands.due_on
    return _URGENCY[state], day, line.route, line.every


def _next_midnight(today: date, zone: tzinfo) -> datetime:
    return datetime.combine(today + timedelta(days=1), time(), zone)


def _newest_open(compound_id: UUID) -> ScalarSelect[UUID]:
    """Select the living walk over a route that was begun last, of those that go on."""
    walk = WALK.alias("newest")
    chosen = select(walk.c.id).where(*_of_route(compound_id, walk), walk.c.finished_at.is_(None))
    return _first(chosen.order_by(walk.c.started_at.desc(), walk.c.id.desc()))


def _newest_finished(compound_id: UUID, until: datetime) -> ScalarSelect[UUID]:
    """Select the living walk over a route that was finished last before a moment, of those that count."""
    walk = WALK.alias("newest")
    chosen = select(walk.c.id).where(
        *_of_route(compound_id, walk),
        walk.c.finished_at < until,
        _seen(compound_id, walk) * LEAST_SEEN >= _stops(compound_id),
    )
    return _first(chosen.order_by(walk.c.finished_at.desc(), walk.c.id.desc()))


def _of_route(compound_id: UUID, walk: Any) -> tuple[ColumnElement[bool], ...]:
    return walk.c.compound_id == compound_id, walk.c.route_id == ROUTE.c.id, walk.c.archived.is_(False)


def _first(chosen: Select[tuple[UUID]]) -> ScalarSelect[UUID]:
    return chosen.limit(1).correlate(ROUTE).scalar_subquery()


def _stops(compound_id: UUID) -> ScalarSelect[int]:
    """Count the living points of a route."""
    stop, point = STOP.alias("a_stop"), POINT.alias("at_stop")
    return (
        select(func.count())
        .select_from(
            stop.join(point, and_(point.c.compound_id == compound_id, point.c.id == stop.c.point_id))
        )
        .where(
            stop.c.compound_id == compound_id,
            stop.c.route_id == ROUTE.c.id,
            stop.c.archived.is_(False),
            point.c.archived.is_(False),
        )
        .correlate(ROUTE)
        .scalar_subquery()
    )


def _seen(compound_id: UUID, walk: Any) -> ScalarSelect[int]:
    """Count the living points of a route that a walk has seen."""
    stop, point = STOP.alias("seen_stop"), POINT.alias("seen_point")
    joined = OBSERVATION.join(
        stop,
        and_(
            stop.c.compound_id == compound_id,
            stop.c.route_id == walk.c.route_id,
            stop.c.point_id == OBSERVATION.c.point_id,
        ),
    ).join(point, and_(point.c.compound_id == compound_id, point.c.id == OBSERVATION.c.point_id))
    return (
        select(func.count(OBSERVATION.c.point_id.distinct()))
        .select_from(joined)
        .where(
            OBSERVATION.c.compound_id == compound_id,
            OBSERVATION.c.walk_id == walk.c.id,
            OBSERVATION.c.archived.is_(False),
            stop.c.archived.is_(False),
            point.c.archived.is_(False),
        )
        .correlate(walk)
        .scalar_subquery()
    )


def _walks(
    session: Session, newest: ScalarSelect[UUID], compound_id: UUID, routes: Sequence[UUID]
) -> Sequence[Row[Any]]:
    chosen = select(newest).where(ROUTE.c.compound_id == compound_id, ROUTE.c.id.in_(routes))
    return rows_of(
        session,
        select(WALK.c.id, WALK.c.name, WALK.c.route_id, WALK.c.finished_at).where(
            WALK.c.compound_id == compound_id, WALK.c.id.in_(chosen)
        ),
    )


def _rained(session: Session, compound_id: UUID, first: date, today: date) -> tuple[date, ...]:
    statement = select(RAIN.c.day).where(
        RAIN.c.compound_id == compound_id, RAIN.c.archived.is_(False), RAIN.c.day.between(first, today)
    )
    return tuple(row.day for row in rows_of(session, statement))
