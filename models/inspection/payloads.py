"""What inspection's operations carry."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from models import codes
from models.community.payloads import BuildingRef, HouseholdRef
from models.inspection.rules import Answer, Level, PipeSystem, PointKind
from models.operations.fields import Line, Name, Note
from models.operations.registry import EditPayload, Payload, Ref, RowId
from models.text import normalise

MOST_STOPS = 2_000


def _point_code(value: str) -> str:
    code = codes.well_code(value)
    if code is None:
        raise PydanticCustomError("point_code", "not a point code")
    return code


def _as_text(value: object) -> object:
    return normalise(str(value)) if isinstance(value, str | int) else value


def _or_none(value: object) -> object:
    return "" if value is None else value


#: What a pipe carries; empty, as it is stored, when nobody knows.
PipeSystemOrNone = Annotated[PipeSystem | Literal[""], BeforeValidator(_or_none)]
PointCode = Annotated[str, BeforeValidator(_as_text), AfterValidator(_point_code)]
PointRef = Annotated[UUID, Ref("point")]
PipeRef = Annotated[UUID, Ref("pipe")]
RouteRef = Annotated[UUID, Ref("route")]
WalkRef = Annotated[UUID, Ref("walk")]
ItemRef = Annotated[UUID, Ref("checklist_item")]
ObservationRef = Annotated[UUID, Ref("observation")]

#: Local metres or map metres; nothing in a compound is a thousand kilometres away.
Metres = Annotated[float, Field(ge=-1e8, le=1e8, allow_inf_nan=False)]


class PointFields(Payload):
    """What may be changed of a point."""

    kind: PointKind = PointKind.WELL
    name: Line = ""
    building_id: BuildingRef | None = None
    x_m: Metres | None = None
    y_m: Metres | None = None
    ground_m: Annotated[float, Field(ge=-500, le=9000, allow_inf_nan=False)] | None = None
    depth_mm: int | None = Field(default=None, ge=1, le=50_000)
    note: Note = ""


class AddPoint(PointFields):
    """Add a point by its code."""

    id: RowId
    code: PointCode


class EditPoint(EditPayload):
    """Change a point field by field."""

    target: ClassVar[str] = "point"
    table: ClassVar[str] = "point"
    point: PointRef
    old: PointFields = PointFields()
    new: PointFields


class RenamePoint(Payload):
    """Give a point another code. `before` is the code it had, and what an undo goes back to."""

    point: PointRef
    code: PointCode
    before: PointCode | None = None


class MergePoints(Payload):
    """Let one point mean another."""

    point: PointRef
    into: PointRef


class PipeFields(Payload):
    """What may be changed of a pipe."""

    diameter_mm: int | None = Field(default=None, ge=10, le=10_000)
    length_m: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)] | None = None
    material: Line = ""
    system: PipeSystemOrNone = ""


class AddPipe(PipeFields):
    """Link two wells in the direction of flow."""

    id: RowId
    start: PointRef
    end: PointRef

    @model_validator(mode="after")
    def _goes_somewhere(self) -> AddPipe:
        if self.start == self.end:
            raise PydanticCustomError("pipe_self_loop", "a pipe needs two different wells")
        return self


class EditPipe(EditPayload):
    """Change a pipe field by field."""

    target: ClassVar[str] = "pipe"
    table: ClassVar[str] = "pipe"
    pipe: PipeRef
    old: PipeFields = PipeFields()
    new: PipeFields


class AddConnection(Payload):
    """Say that a building, or one household, drains into a well."""

    id: RowId
    point: PointRef
    building: BuildingRef | None = None
    household: HouseholdRef | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> AddConnection:
        if (self.building is None) == (self.household is None):
            raise PydanticCustomError("connection_one_of_two", "a building or a household, not both")
        return self


class RouteFields(Payload):
    """What may be changed of a route."""

    name: Name = "?"
    note: Note = ""


class AddRoute(RouteFields):
    """Add a route with its points in walking order."""

    id: RowId
    name: Name
    stops: list[PointRef] = Field(default_factory=list, max_length=MOST_STOPS)


class EditRoute(EditPayload):
    """Change a route's words."""

    target: ClassVar[str] = "route"
    table: ClassVar[str] = "route"
    route: RouteRef
    old: RouteFields = RouteFields()
    new: RouteFields


class ArrangeRoute(Payload):
    """Give a route its points, in walking order; points left out leave it.

    `before` is the order it had: what an undo goes back to, and what tells which points others have added or taken out.
    """

    route: RouteRef
    stops: list[PointRef] = Field(max_length=MOST_STOPS)
    before: list[UUID] | None = Field(default=None, max_length=MOST_STOPS)


class ItemFields(Payload):
    """What may be changed of a checklist question; another wording must not turn its meaning round."""

    text: Name = "?"
    required: StrictBool = False
    position: int = Field(default=0, ge=0, le=1_000)


class AddItem(ItemFields):
    """Ask a question at every point of a kind."""

    id: RowId
    point_kind: PointKind
    text: Name
    answer: Answer = Answer.YES_NO


class EditItem(EditPayload):
    """Change how, whether and where a question is asked."""

    target: ClassVar[str] = "item"
    table: ClassVar[str] = "checklist_item"
    item: ItemRef
    old: ItemFields = ItemFields()
    new: ItemFields


class StartWalk(Payload):
    """Start a walk over a route, over no route in particular, or over just these points."""

    id: RowId
    name: Name
    route: RouteRef | None = None
    points: list[PointRef] = Field(default_factory=list, max_length=2_000)
    note: Note = ""


class NameWalk(Payload):
    """Names a walk."""

    walk: WalkRef


class JoinWalks(Payload):
    """Let two walks that were started apart be one."""

    walk: WalkRef
    into: WalkRef


class Defect(Payload):
    """A defect, by code, with its grade 1 to 4 when somebody graded it."""

    code: Line
    grade: int | None = Field(default=None, ge=1, le=4)
    note: Line = ""


class Observe(Payload):
    """What was seen at a point: level of water, mud in mm, defects, answers, a note."""

    id: RowId
    walk: WalkRef
    point: PointRef
    level: Level | None = None
    mud_mm: int | None = Field(default=None, ge=0, le=20_000)
    defects: list[Defect] = Field(default_factory=list, max_length=50)
    answers: dict[str, Any] = Field(default_factory=dict, max_length=100)
    note: Note = ""

    @model_validator(mode="after")
    def _answers_are_simple(self) -> Observe:
        for answer in self.answers.values():
            if not isinstance(answer, str | int | float | bool | None) or len(str(answer)) > 5_000:  # noqa: PLR2004  # as long as a note
                raise PydanticCustomError("answer_invalid", "an answer is yes or no, a number, or text")
        return self


class WithdrawObservation(Payload):
    """Take an observation back: it stays on record, and counts no more."""

    observation: ObservationRef
