"""How the command line names and lists schedules and days of rain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select
from sqlmodel import Session

from models.inspection import queries_schedules as queries
from models.inspection.finders import living_first
from models.inspection.observed import rows_of
from models.inspection.queries import ROUTE
from models.inspection.queries_schedules import RAIN, SCHEDULE, DueLine
from models.inspection.rules import Every
from models.inspection.scheduling import DueState
from models.listings import ListingRow, listing
from models.operations.registry import finder
from models.text import normalise


@finder("schedule")
def find_schedules(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a schedule by its route and its period, `东线 week`, or by the route alone where it has one."""
    words = normalise(text)
    name, _, every = words.rpartition(" ")
    named = ROUTE.c.name == words
    if every in set(Every):
        named |= and_(ROUTE.c.name == name, SCHEDULE.c.every == every)
    joined = SCHEDULE.join(ROUTE, and_(ROUTE.c.compound_id == compound_id, ROUTE.c.id == SCHEDULE.c.route_id))
    statement = (
        select(SCHEDULE.c.id, SCHEDULE.c.archived)
        .select_from(joined)
        .where(SCHEDULE.c.compound_id == compound_id, named)
        .order_by(SCHEDULE.c.id)
    )
    return living_first(rows_of(session, statement))


@finder("rain")
def find_rain(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a day of rain by its date."""
    try:
        day = date.fromisoformat(normalise(text))
    except ValueError:
        return []
    statement = select(RAIN.c.id).where(RAIN.c.compound_id == compound_id, RAIN.c.day == day)
    return [row.id for row in rows_of(session, statement)]


@listing(
    "schedules",
    "id",
    "route",
    "every",
    "since",
    "within_days",
    "due_on",
    "state",
    "last_walk",
    "last_walk_on",
    "archived",
)
def list_schedules(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield schedules by route with how they stand, the archived ones last."""
    for archived in (False, True):
        for line in queries.schedules(session, compound_id, today=today, archived=archived):
            yield {
                "id": str(line.id),
                "route": line.route,
                "every": line.every,
                "since": line.since.isoformat(),
                "within_days": line.within_days,
                "due_on": _due_on(line),
                "state": "" if line.due is None else line.due.state.value,
                "last_walk": line.last_walk,
                "last_walk_on": _day(line.last_walk_on),
                "archived": line.archived,
            }


@listing(
    "due", "schedule_id", "route", "every", "state", "due_on", "overdue_on", "under_way", "seen", "total"
)
def list_due(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield what ought to be walked or may be walked early, the most urgent first.

    `under_way` names a walk over the route that is not finished, `seen` and `total` how far it is.
    """
    for line in queries.due_routes(session, compound_id, today):
        if line.due is None or line.due.state is DueState.OK:
            continue
        going = line.under_way
        yield {
            "schedule_id": str(line.id),
            "route": line.route,
            "every": line.every,
            "state": line.due.state.value,
            "due_on": _due_on(line),
            "overdue_on": _day(line.due.overdue_on),
            "under_way": "" if going is None else going.name,
            "seen": None if going is None else going.progress.seen,
            "total": None if going is None else going.progress.total,
        }


@listing("rains", "id", "day", "note", "archived")
def list_rains(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield days of heavy rain, newest first, the archived ones last."""
    for archived in (False, True):
        for line in queries.rain_days(session, compound_id, archived=archived):
            yield {
                "id": str(line.id),
                "day": line.day.isoformat(),
                "note": line.note,
                "archived": line.archived,
            }


def _due_on(line: DueLine) -> str | None:
    return None if line.due is None else _day(line.due.due_on)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
