"""What operations on schedules and days of rain carry."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from models.inspection.payloads import RouteRef
from models.inspection.rules import Every
from models.operations.fields import Note
from models.operations.registry import EditPayload, Payload, Ref, RowId

#: A year typed wrong lies outside.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
#: How late a walk may be when nobody says otherwise, and at most.
WITHIN_DAYS, MOST_WITHIN = 2, 60
ScheduleRef = Annotated[UUID, Ref("schedule")]


class ScheduleFields(Payload):
    """What may be changed of a schedule."""

    since: Day = FIRST_DAY
    within_days: int = Field(default=WITHIN_DAYS, ge=0, le=MOST_WITHIN)


class AddSchedule(ScheduleFields):
    """Let a route be walked every so often, for the first time on `since`."""

    id: RowId
    route: RouteRef
    every: Every
    since: Day


class EditSchedule(EditPayload):
    """Change from when a route is walked, and how late a walk may be."""

    target: ClassVar[str] = "schedule"
    table: ClassVar[str] = "schedule"
    schedule: ScheduleRef
    old: ScheduleFields = ScheduleFields()
    new: ScheduleFields


class AddRain(Payload):
    """Note a day of heavy rain."""

    id: RowId
    day: Day
    note: Note = ""
