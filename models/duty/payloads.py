"""What operations carry that set duty up: posts and patterns, the calendar, who can when, what holds for all."""

from __future__ import annotations

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StrictBool

from models.community.payloads import PersonRef, TeamRef
from models.duty.payload_fields import (
    Clock,
    ClockEnd,
    Hands,
    Length,
    MonthDays,
    Needs,
    Percent,
    PostRef,
    TemplateRef,
    Weekdays,
)
from models.duty.rules import MINUTES_A_DAY, AvailabilityKind, DayKind, Days, Weeks
from models.inspection.payloads_schedules import Day
from models.operations.fields import Line, Name, Note
from models.operations.registry import EditPayload, Payload, Ref, RowId

# -- posts and patterns ------------------------------------------------------------------


class PostFields(Payload):
    """What may be changed of a post."""

    name: Name = "?"
    place: Line = ""
    note: Note = ""
    team_id: TeamRef | None = None
    keys: Line = ""
    counts_cash: StrictBool = False
    position: int = Field(default=0, ge=0, le=1_000)


class AddPost(PostFields):
    """Set up a place where people serve."""

    id: RowId
    name: Name


class EditPost(EditPayload):
    """Change a post field by field."""

    target: ClassVar[str] = "post"
    table: ClassVar[str] = "post"
    post: PostRef
    old: PostFields = PostFields()
    new: PostFields


class TemplateFields(Payload):
    """What may be changed of a template: when its shift begins, how long it is, whom it needs, on which days it is held."""

    name: Name = "?"
    starts: Clock = 480
    minutes: Length = 240
    hands: Hands = 1
    needs: Needs = Field(default_factory=list)
    weekdays: Weekdays = Field(default_factory=list)
    weeks: Weeks = Weeks.ALL
    month_days: MonthDays = Field(default_factory=list)
    days: Days = Days.ALL
    team_id: TeamRef | None = None
    since: Day | None = None
    until: Day | None = None
    position: int = Field(default=0, ge=0, le=1_000)


class AddTemplate(TemplateFields):
    """Let a shift come again and again."""

    id: RowId
    post: PostRef
    name: Name
    starts: Clock
    minutes: Length


class EditTemplate(EditPayload):
    """Change a template field by field."""

    target: ClassVar[str] = "template"
    table: ClassVar[str] = "shift_template"
    template: TemplateRef
    old: TemplateFields = TemplateFields()
    new: TemplateFields


class AddException(Payload):
    """Say that a template's shift is not held on a day, or is held besides."""

    id: RowId
    template: TemplateRef
    day: Day
    held: StrictBool = False
    note: Note = ""


class SpecialDayFields(Payload):
    """What may be changed of a day of the calendar."""

    kind: DayKind = DayKind.HOLIDAY
    name: Line = ""


class AddSpecialDay(SpecialDayFields):
    """Set what a day is, over what the calendar knows."""

    id: RowId
    day: Day
    kind: DayKind


class EditSpecialDay(EditPayload):
    """Change what a day is."""

    target: ClassVar[str] = "special_day"
    table: ClassVar[str] = "special_day"
    special_day: Annotated[UUID, Ref("special_day")]
    old: SpecialDayFields = SpecialDayFields()
    new: SpecialDayFields


# -- people ------------------------------------------------------------------------------


class AvailabilityFields(Payload):
    """What may be changed of what somebody says about their time; `until` is the first day it no longer holds."""

    kind: AvailabilityKind = AvailabilityKind.CANNOT
    weekdays: Weekdays = Field(default_factory=list)
    starts: Clock = 0
    ends: ClockEnd = MINUTES_A_DAY
    since: Day | None = None
    until: Day | None = None
    note: Note = ""


class AddAvailability(AvailabilityFields):
    """Keep what somebody says about their time."""

    id: RowId
    person: PersonRef
    kind: AvailabilityKind


class EditAvailability(EditPayload):
    """Change it field by field."""

    target: ClassVar[str] = "availability"
    table: ClassVar[str] = "availability"
    availability: Annotated[UUID, Ref("availability")]
    old: AvailabilityFields = AvailabilityFields()
    new: AvailabilityFields


class AddPair(Payload):
    """Say that two people want to sit together, or must not."""

    id: RowId
    person: PersonRef
    other: PersonRef
    together: StrictBool = True


class ShareFields(Payload):
    """What may be changed of somebody's share."""

    share: int = Field(default=100, ge=0, le=500)
    most_per_week: int | None = Field(default=None, ge=0, le=50)
    most_per_month: int | None = Field(default=None, ge=0, le=200)


class AddShare(ShareFields):
    """Say how much of a plain share somebody takes."""

    id: RowId
    person: PersonRef


class EditShare(EditPayload):
    """Change somebody's share."""

    target: ClassVar[str] = "duty_share"
    table: ClassVar[str] = "duty_share"
    duty_share: Annotated[UUID, Ref("duty_share")]
    old: ShareFields = ShareFields()
    new: ShareFields


class RulingFields(Payload):
    """What holds for all duty: factors and the no-show's surcharge in percent, rest and grace in minutes."""

    night: Percent = 150
    weekend: Percent = 125
    holiday: Percent = 200
    festival: Percent = 300
    rest_minutes: int = Field(default=480, ge=0, le=7 * MINUTES_A_DAY)
    most_per_week: int = Field(default=3, ge=0, le=50)
    grace_minutes: int = Field(default=15, ge=0, le=12 * 60)
    no_show: Percent = 50


class SetDutyRuling(RulingFields):
    """Set it; `before` is what an undo goes back to, None what is built in."""

    before: RulingFields | None = None
