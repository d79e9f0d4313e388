"""Handlers of schedules and days of rain."""

from __future__ import annotations

from models.inspection import payloads_schedules as p
from models.inspection.tables import Rain, Route, Schedule
from models.operations.common import archiving, local_day, met_again, register_archiving, swapping
from models.operations.merge import edit_row
from models.operations.registry import register
from models.operations.roles import KEEPERS, WORKERS
from models.operations.verdicts import Refusal, Verdict
from models.operations.workspace import Workspace


@register("schedule.add", p.AddSchedule, may=KEEPERS, undo=archiving("schedule"))
def add_schedule(workspace: Workspace, given: p.AddSchedule) -> Verdict | None:
    """Let a route be walked every so often; the same period said twice is one schedule."""
    route = workspace.require(Route, given.route)
    standing = workspace.find(Schedule, route_id=route.id, every=given.every.value)
    if standing is not None:
        return met_again(
            workspace, standing, given.id, {"since": given.since, "within_days": given.within_days}
        )
    workspace.add(
        Schedule(
            compound_id=workspace.compound_id,
            id=given.id,
            route_id=route.id,
            every=given.every.value,
            since=given.since,
            within_days=given.within_days,
        )
    )
    return None


@register("schedule.edit", p.EditSchedule, may=KEEPERS, undo=swapping("schedule.edit", Schedule))
def edit_schedule(workspace: Workspace, given: p.EditSchedule) -> None:
    """Change a schedule field by field."""
    edit_row(workspace, workspace.require(Schedule, given.schedule), old=given.old, new=given.new)


@register("rain.add", p.AddRain, may=WORKERS, undo=archiving("rain"))
def add_rain(workspace: Workspace, given: p.AddRain) -> Verdict | None:
    """Note a day of heavy rain; two who note the same day have noted it once."""
    if given.day > local_day(workspace):
        raise Refusal("rain.future", day=given.day.isoformat())
    standing = workspace.find(Rain, day=given.day)
    if standing is not None:
        return met_again(workspace, standing, given.id, {"note": given.note})
    workspace.add(Rain(compound_id=workspace.compound_id, id=given.id, day=given.day, note=given.note))
    return None


register_archiving("schedule", Schedule, may=KEEPERS)
register_archiving("rain", Rain, may=WORKERS)
