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

#: Slots are counted from here, so that a year typed wrong must not ask for millions of them.
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
#: How late a walk may be when nobody says otherwise.
WITHIN_DAYS = 2
ScheduleRef = Annotated[UUID, Ref("schedule")]


class ScheduleFields(Payload):
    """What may be changed of a schedule."""

    since: Day = date(2000, 1, 1)
    within_days: int = Field(default=WITHIN_DAYS, ge=0, le=60)


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
