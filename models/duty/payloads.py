"""What operations on duty carry: posts and patterns, who can when, the roster, check-in, hand-over."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from models.community.payloads import PersonRef, TeamRef
from models.duty.needs import read_need, spell_need
from models.duty.rules import (
    LONGEST_SHIFT,
    MINUTES_A_DAY,
    MOST_HANDS,
    Absence,
    AvailabilityKind,
    DayKind,
    Days,
    Weeks,
)
from models.inspection.payloads_schedules import Day
from models.operations.fields import Line, Name, Note
from models.operations.registry import EditPayload, Payload, Ref, RowId
from models.text import normalise

#: So many rows go in one operation of a roster.
MOST_ROWS = 400
#: Ten million yuan, in fen.
MOST_CASH = 1_000_000_000
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")
_LAST_HOUR, _LAST_MINUTE = 24, 59

PostRef = Annotated[UUID, Ref("post")]
TemplateRef = Annotated[UUID, Ref("shift_template")]
ShiftRef = Annotated[UUID, Ref("shift")]
AssignmentRef = Annotated[UUID, Ref("assignment")]
SwapRef = Annotated[UUID, Ref("swap")]
CheckInRef = Annotated[UUID, Ref("checkin")]
HandOverRef = Annotated[UUID, Ref("handover")]


def _minutes(value: object) -> object:
    """Read a time of day: minutes after midnight, or `8:30`."""
    if not isinstance(value, str):
        return value
    found = _CLOCK.fullmatch(normalise(value))
    if found is None:
        return value
    hours, minutes = int(found[1]), int(found[2])
    if hours > _LAST_HOUR or minutes > _LAST_MINUTE:
        raise PydanticCustomError("clock_invalid", "not a time of day")
    return hours * 60 + minutes


def _need(value: str) -> str:
    need = read_need(normalise(value))
    if need is None:
        raise PydanticCustomError("need_invalid", "not a need")
    return spell_need(need)


def _sorted(values: list[int]) -> list[int]:
    return sorted(set(values))


def _month_day(value: int) -> int:
    if value == 0:
        raise PydanticCustomError("month_day_invalid", "no day of a month")
    return value


#: A time of day in minutes after midnight; `8:30` is read as well.
Clock = Annotated[int, BeforeValidator(_minutes), Field(ge=0, lt=MINUTES_A_DAY)]
ClockEnd = Annotated[int, BeforeValidator(_minutes), Field(ge=0, le=MINUTES_A_DAY)]
Length = Annotated[int, Field(ge=5, le=LONGEST_SHIFT)]
Hands = Annotated[int, Field(ge=1, le=MOST_HANDS)]
NeedText = Annotated[str, AfterValidator(_need)]
Needs = Annotated[list[NeedText], Field(max_length=10)]
Weekdays = Annotated[list[Annotated[int, Field(ge=1, le=7)]], AfterValidator(_sorted), Field(max_length=7)]
MonthDays = Annotated[
    list[Annotated[int, Field(ge=-31, le=31), AfterValidator(_month_day)]],
    AfterValidator(_sorted),
    Field(max_length=31),
]
Points = Annotated[int, Field(ge=0, le=1_000_000)]
SignedPoints = Annotated[int, Field(ge=-10_000_000, le=10_000_000)]
Fen = Annotated[int, Field(ge=0, le=MOST_CASH)]
Percent = Annotated[int, Field(ge=0, le=1_000)]
Reason = Annotated[Note, Field(min_length=1)]


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
    note: Line = ""


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
    note: Line = ""


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


# -- the roster --------------------------------------------------------------------------


class ShiftTimes(Payload):
    """When a shift is."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime

    @model_validator(mode="after")
    def _order(self) -> Self:
        if not 0 < (self.ends_at - self.starts_at).total_seconds() <= LONGEST_SHIFT * 60:
            raise PydanticCustomError("shift_span", "a shift ends after it begins, two days later at most")
        return self


class PlannedShift(ShiftTimes):
    """A template's shift on a day, as whoever planned it worked it out."""

    template: TemplateRef
    day: Day
    hands: Hands = 1
    needs: Needs = Field(default_factory=list)
    points: Points = 0


class PlanShifts(Payload):
    """Let templates' shifts stand as drafts, and call drafts off that no template holds any more."""

    shifts: list[PlannedShift] = Field(default_factory=list, max_length=MOST_ROWS)
    cancel: list[ShiftRef] = Field(default_factory=list, max_length=MOST_ROWS)


class AddShift(ShiftTimes):
    """Set a shift by hand. It is a draft until it is published, unless `published`."""

    id: RowId
    post: PostRef
    name: Line = ""
    day: Day
    hands: Hands = 1
    needs: Needs = Field(default_factory=list)
    points: Points = 0
    team_id: TeamRef | None = None
    note: Line = ""
    published: StrictBool = False


class ShiftFields(Payload):
    """What may be changed of a shift."""

    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    day: Day | None = None
    hands: Hands = 1
    needs: Needs = Field(default_factory=list)
    points: Points = 0
    note: Line = ""


class EditShift(EditPayload):
    """Change a shift field by field."""

    target: ClassVar[str] = "shift"
    table: ClassVar[str] = "shift"
    shift: ShiftRef
    old: ShiftFields = ShiftFields()
    new: ShiftFields


class CancelShift(Payload):
    """Call a shift off, with everybody on it."""

    shift: ShiftRef
    words: Line = ""


class NameShift(Payload):
    """Names a shift."""

    shift: ShiftRef


class Put(Payload):
    """Somebody put on a shift."""

    id: RowId
    shift: ShiftRef
    person: PersonRef


class FillShifts(Payload):
    """Put people on shifts as a draft, take others off, or put back those that were taken off."""

    put: list[Put] = Field(default_factory=list, max_length=MOST_ROWS)
    drop: list[AssignmentRef] = Field(default_factory=list, max_length=MOST_ROWS)
    back: list[AssignmentRef] = Field(default_factory=list, max_length=MOST_ROWS)


class Assign(Put):
    """Put somebody on a shift by hand; locked, no roster made by the computer takes them off."""

    locked: StrictBool = True


class TakeShift(Payload):
    """Put oneself on a shift that lacks hands."""

    id: RowId
    shift: ShiftRef


class NameAssignment(Payload):
    """Names somebody's place on a shift."""

    assignment: AssignmentRef


class Unassign(NameAssignment):
    """Take somebody off a shift."""

    words: Line = ""


class LockAssignment(NameAssignment):
    """Let a place stand whatever roster is made, or not."""

    locked: StrictBool


class MarkAbsent(NameAssignment):
    """Say why somebody did not come; `before` is what an undo goes back to."""

    absence: Absence
    words: Line = ""
    before: Absence = Absence.NONE
    before_words: Line = ""


class Publish(Payload):
    """Make a draft everybody's: these shifts, these places, and the end of these."""

    shifts: list[ShiftRef] = Field(default_factory=list, max_length=MOST_ROWS)
    assignments: list[AssignmentRef] = Field(default_factory=list, max_length=MOST_ROWS)
    leaving: list[AssignmentRef] = Field(default_factory=list, max_length=MOST_ROWS)


class AskSwap(Payload):
    """Ask to be covered on a shift, by `to` or by anybody; or to swap it for the shift of `against`."""

    id: RowId
    assignment: AssignmentRef
    to: PersonRef | None = None
    against: AssignmentRef | None = None
    words: Note = ""


class AnswerSwap(Payload):
    """Accept, decline or withdraw a request."""

    swap: SwapRef
    words: Note = ""


class NameSwap(Payload):
    """Names a request."""

    swap: SwapRef


class BalanceLine(Payload):
    """What a month did to what somebody owes, in points."""

    person: PersonRef
    before: SignedPoints = 0
    fair: SignedPoints = 0
    done: SignedPoints = 0
    missed: SignedPoints = 0
    owed: SignedPoints


class SettleMonth(Payload):
    """Carry what people owe over the end of a month; `month` is its first day."""

    month: Day
    lines: list[BalanceLine] = Field(min_length=1, max_length=MOST_ROWS)

    @model_validator(mode="after")
    def _first(self) -> Self:
        if self.month.day != 1:
            raise PydanticCustomError("month_first", "a month is named by its first day")
        return self


class UnsettleMonth(Payload):
    """Take a settled month back, or put it back."""

    month: date
    people: list[PersonRef] = Field(min_length=1, max_length=MOST_ROWS)
    back: StrictBool = False


# -- facts -------------------------------------------------------------------------------


class CheckInPerson(Payload):
    """Somebody came to serve, when it happened: `person`, a `guest` by name, or whoever does this.

    With a `reason` it is made up afterwards; `witness` saw it, or `witness_name` who is in no register.
    """

    id: RowId
    shift: ShiftRef | None = None
    post: PostRef | None = None
    person: PersonRef | None = None
    guest: Line = ""
    left_at: AwareDatetime | None = None
    reason: Line = ""
    witness: PersonRef | None = None
    witness_name: Line = ""
    words: Note = ""


class CheckOut(Payload):
    """Somebody went home, when it happened."""

    checkin: CheckInRef
    words: Note = ""


class NameCheckIn(Payload):
    """Names a check-in."""

    checkin: CheckInRef


class LeaveBehind(Payload):
    """What somebody leaves behind at the end of a shift: words, keys, cash counted (fen)."""

    id: RowId
    post: PostRef | None = None
    shift: ShiftRef | None = None
    checkin: CheckInRef | None = None
    to: PersonRef | None = None
    words: Note = ""
    keys: Line = ""
    cash: Fen | None = None


class ConfirmHandOver(Payload):
    """What the next person found."""

    handover: HandOverRef
    words: Note = ""
    keys: Line = ""
    cash: Fen | None = None


class NameHandOver(Payload):
    """Names a hand-over."""

    handover: HandOverRef


class WriteLog(Payload):
    """A line for the log book."""

    id: RowId
    post: PostRef | None = None
    words: Reason
