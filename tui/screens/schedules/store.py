"""What the room of schedules asks of the store and changes in it; runs in worker threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from models.inspection.queries import RouteLine, routes
from models.inspection.queries_schedules import (
    DueLine,
    RainLine,
    due_routes,
    names_beginning,
    rain_days,
    schedules,
)
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.text import free_name
from tui import edge
from tui.desk import Desk

_RAIN_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the room shows. `removed` holds schedules that may be brought back, by route and period."""

    lines: tuple[DueLine, ...]
    removed: Mapping[tuple[UUID, str], DueLine]
    routes: tuple[RouteLine, ...]
    rain: tuple[RainLine, ...]
    today: date

    def line(self, row_id: str | None) -> DueLine | None:
        """Return a schedule by its id as text."""
        return next((line for line in self.lines if str(line.id) == row_id), None)

    def periods_of(self, route_id: UUID) -> tuple[str, ...]:
        """Return how often a route is scheduled already."""
        return tuple(line.every for line in self.lines if line.route_id == route_id)


def look(desk: Desk) -> Plan:
    """Return the schedules, the most urgent first, and what a new one may be about."""
    compound_id, today = desk.seat.compound_id, desk.today()
    with desk.store.read() as session:
        gone = schedules(session, compound_id, today=today, archived=True)
        return Plan(
            lines=due_routes(session, compound_id, today),
            removed={(line.route_id, line.every): line for line in gone},
            routes=routes(session, compound_id),
            rain=rain_days(session, compound_id, last=_RAIN_SHOWN),
            today=today,
        )


def adding(plan: Plan, route_id: UUID, every: str, since: date, within_days: int) -> list[Intent]:
    """Return what schedules a route; one that was removed before comes back, as it is wanted now."""
    gone = plan.removed.get((route_id, every))
    if gone is None:
        return [
            Intent(
                "schedule.add",
                {
                    "id": str(edge.new_id()),
                    "route": str(route_id),
                    "every": every,
                    "since": since.isoformat(),
                    "within_days": within_days,
                },
            )
        ]
    return [
        Intent("schedule.unarchive", {"schedule": str(gone.id)}),
        *changing(gone, since, within_days),
    ]


def changing(line: DueLine, since: date, within_days: int) -> list[Intent]:
    """Return what changes a schedule, nothing if it stands like that."""
    stands = {"since": line.since.isoformat(), "within_days": line.within_days}
    wanted = {"since": since.isoformat(), "within_days": within_days}
    new = {name: value for name, value in wanted.items() if value != stands[name]}
    if not new:
        return []
    old = {name: stands[name] for name in new}
    return [Intent("schedule.edit", {"schedule": str(line.id), "old": old, "new": new})]


def note_rain(desk: Desk, day: date, note: str) -> Outcome:
    """Note that it rained hard on a day; one that was taken back before is noted again."""
    with desk.store.read() as session:
        gone = [line for line in rain_days(session, desk.seat.compound_id, archived=True) if line.day == day]
    if gone:
        return desk.perform(Intent("rain.unarchive", {"rain": str(gone[0].id)}))
    return desk.perform(Intent("rain.add", {"id": str(edge.new_id()), "day": day.isoformat(), "note": note}))


def begin(desk: Desk, route_id: UUID, name: str) -> tuple[Outcome, UUID]:
    """Start a walk over a route under a name that no other walk over it has, and return its id."""
    with desk.store.read() as session:
        taken = names_beginning(session, desk.seat.compound_id, route_id, name)
    walk_id = edge.new_id()
    payload = {"id": str(walk_id), "name": free_name(name, taken), "route": str(route_id)}
    return desk.perform(Intent("walk.start", payload)), walk_id
