"""What the register's operations carry."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from models import codes
from models.community.rules import Relation, Subject
from models.operations.fields import Area, Line, Name, Note, Phone
from models.operations.registry import EditPayload, Payload, Ref, RowId
from models.operations.roles import Role
from models.text import normalise


def _household_code(value: str) -> str:
    code = codes.parse_room_code(value)
    if code is None:
        raise PydanticCustomError("household_code", "not a code 楼-单元-房间")
    return str(code)


def _building_code(value: str) -> str:
    code = codes.building_part(value)
    if code is None:
        raise PydanticCustomError("building_code", "not a building code")
    return code


def _zone(value: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PydanticCustomError("zone_unknown", "not a time zone") from error
    return value


def _as_text(value: object) -> object:
    return normalise(str(value)) if isinstance(value, str | int) else value


HouseholdCode = Annotated[str, BeforeValidator(_as_text), AfterValidator(_household_code)]
BuildingCode = Annotated[str, BeforeValidator(_as_text), AfterValidator(_building_code)]
Zone = Annotated[str, AfterValidator(_zone)]

BuildingRef = Annotated[UUID, Ref("building")]
HouseholdRef = Annotated[UUID, Ref("household")]
PersonRef = Annotated[UUID, Ref("person")]
TeamRef = Annotated[UUID, Ref("team")]


class FoundCompound(Payload):
    """The genesis of a compound: its name and, when known, the first person, who becomes its director."""

    name: Name
    address: Line = ""
    zone: Zone = "Asia/Shanghai"
    person: RowId
    person_name: Line = ""


class CompoundFields(Payload):
    """What may be changed of a compound."""

    name: Name = ""
    address: Line = ""
    zone: Zone = "Asia/Shanghai"
    note: Note = ""
    print_head: Line = ""
    print_foot: Line = ""


class EditCompound(EditPayload):
    """Change the compound's own words."""

    target: ClassVar[str] = "compound"
    table: ClassVar[str] = "compound"
    compound: UUID
    old: CompoundFields = CompoundFields()
    new: CompoundFields


class BuildingFields(Payload):
    """What may be changed of a building."""

    name: Line = ""
    floors: int | None = Field(default=None, ge=1, le=200)
    has_lift: bool | None = None
    note: Note = ""


class AddBuilding(BuildingFields):
    """Add a building by its code."""

    id: RowId
    code: BuildingCode


class EditBuilding(EditPayload):
    """Change a building field by field."""

    target: ClassVar[str] = "building"
    table: ClassVar[str] = "building"
    building: BuildingRef
    old: BuildingFields = BuildingFields()
    new: BuildingFields


class HouseholdFields(Payload):
    """What may be changed of a household; areas in 1/100 m²."""

    floor: int | None = Field(default=None, ge=-9, le=200)
    area: Area | None = None
    indoor_area: Area | None = None
    kind: Line = ""
    layout: Line = ""
    status: Line = ""
    phones: list[Phone] = Field(default_factory=list, max_length=10)
    note: Note = ""


class Occupant(Payload):
    """Somebody who comes with a household that is added."""

    person: RowId
    occupancy: RowId
    name: Name
    sex: Line = ""
    phones: list[Phone] = Field(default_factory=list, max_length=10)
    relation: Relation = Relation.OWNER
    since: date | None = None


class AddHousehold(HouseholdFields):
    """Add a household by its code, with who lives or owns there."""

    id: RowId
    code: HouseholdCode
    occupants: list[Occupant] = Field(default_factory=list, max_length=50)


class EditHousehold(EditPayload):
    """Change a household field by field."""

    target: ClassVar[str] = "household"
    table: ClassVar[str] = "household"
    household: HouseholdRef
    old: HouseholdFields = HouseholdFields()
    new: HouseholdFields


class MergeHouseholds(Payload):
    """Let one household mean another: its people, contacts and links move over."""

    household: HouseholdRef
    into: HouseholdRef


class PersonFields(Payload):
    """What may be changed of a person."""

    name: Name = "?"
    sex: Line = ""
    phones: list[Phone] = Field(default_factory=list, max_length=10)
    skills: list[Name] = Field(default_factory=list, max_length=50)
    note: Note = ""


class AddPerson(PersonFields):
    """Add a person."""

    id: RowId
    name: Name


class EditPerson(EditPayload):
    """Change a person field by field."""

    target: ClassVar[str] = "person"
    table: ClassVar[str] = "person"
    person: PersonRef
    old: PersonFields = PersonFields()
    new: PersonFields


class MergePeople(Payload):
    """Let one person mean another: homes, roles, teams and duties move over."""

    person: PersonRef
    into: PersonRef


class Span(Payload):
    """A half-open span of days; `since` None takes the day it happened."""

    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise PydanticCustomError("span_reversed", "ends before it begins")
        return self


class StartOccupancy(Span):
    """Somebody owns or lives in a household from a day on."""

    id: RowId
    household: HouseholdRef
    person: PersonRef
    relation: Relation = Relation.OWNER


class GrantRole(Span):
    """Give a person a role for a term; a building lead's names the building."""

    id: RowId
    person: PersonRef
    role: Role
    building: BuildingRef | None = None


class AddTeam(Payload):
    """Add a service team or pool."""

    id: RowId
    name: Name
    note: Note = ""


class JoinTeam(Span):
    """A person joins a team."""

    id: RowId
    team: TeamRef
    person: PersonRef


class AssignContact(Span):
    """Make a person the contact volunteer of a household."""

    id: RowId
    household: HouseholdRef
    person: PersonRef


class AssignResponsibility(Span):
    """Make a person answer for a building, or for a facility, road or garden named by `place`."""

    id: RowId
    subject: Subject
    building: BuildingRef | None = None
    place: Line = ""
    person: PersonRef
    note: Note = ""

    @model_validator(mode="after")
    def _names_its_subject(self) -> AssignResponsibility:
        if (self.subject is Subject.BUILDING) != (self.building is not None) or (
            self.subject is not Subject.BUILDING and not self.place
        ):
            raise PydanticCustomError("subject_unnamed", "a building by reference, anything else by place")
        return self
