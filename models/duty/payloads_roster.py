"""What operations on a roster carry: shifts, who is on them, publishing, swaps, settled months."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from pydantic import AwareDatetime, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from models.community.payloads import PersonRef, TeamRef
from models.duty.payload_fields import (
    MOST_ROWS,
    AssignmentRef,
    Hands,
    Needs,
    Points,
    PostRef,
    ShiftRef,
    SignedPoints,
    SwapRef,
    TemplateRef,
)
from models.duty.rules import LONGEST_SHIFT, Absence
from models.inspection.payloads_schedules import Day
from models.operations.fields import Line, Note
from models.operations.registry import EditPayload, Payload, RowId


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
    note: Note = ""
    published: StrictBool = False


class ShiftFields(Payload):
    """What may be changed of a shift."""

    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    day: Day | None = None
    hands: Hands = 1
    needs: Needs = Field(default_factory=list)
    points: Points = 0
    note: Note = ""


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
    words: Note = ""


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

    words: Note = ""


class LockAssignment(NameAssignment):
    """Let a place stand whatever roster is made, or not."""

    locked: StrictBool


class MarkAbsent(NameAssignment):
    """Say why somebody did not come; `before` is what an undo goes back to."""

    absence: Absence
    words: Note = ""
    before: Absence = Absence.NONE
    before_words: Note = ""


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
