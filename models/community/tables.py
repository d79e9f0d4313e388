"""Tables of the register."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from models.operations.roles import RoleTerm
from models.tables import Synced, no_list, refers

__all__ = [
    "Building",
    "Compound",
    "Contact",
    "Household",
    "Occupancy",
    "Person",
    "Responsibility",
    "RoleTerm",
    "Team",
    "TeamMember",
    "Unit",
]


class Compound(Synced, table=True):
    """A residential compound; its id is its compound_id.

    `print_head` and `print_foot` stand above and below whatever is printed or sent to the chat group.
    """

    __tablename__ = "compound"

    name: str
    address: str = ""
    zone: str = "Asia/Shanghai"
    note: str = ""
    print_head: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    print_foot: str = Field(default="", sa_column_kwargs={"server_default": text("''")})


class Building(Synced, table=True):
    """A building, known by a short code (`1` of 1栋)."""

    __tablename__ = "building"
    __table_args__ = (UniqueConstraint("compound_id", "code"),)
    __natural_key__: ClassVar[tuple[str, ...]] = ("code",)

    code: str
    name: str = ""
    floors: int | None = None
    has_lift: bool | None = None
    note: str = ""
    search: str = ""


class Unit(Synced, table=True):
    """A stairwell of a building; unit `0` holds the shops at street level."""

    __tablename__ = "unit"
    __table_args__ = (
        refers("building_id", "building"),
        UniqueConstraint("compound_id", "building_id", "code"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("building_id", "code")

    building_id: UUID
    code: str


class Household(Synced, table=True):
    """A flat or shop, keyed 楼-单元-房间. Areas are in 1/100 m²."""

    __tablename__ = "household"
    __table_args__ = (
        refers("building_id", "building"),
        refers("unit_id", "unit"),
        UniqueConstraint("compound_id", "code"),
        Index(None, "compound_id", "building_id"),
        # A list is paged along this index without a look at the rows it skips.
        Index(None, "compound_id", "sort_key", "code", "archived"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("code",)
    __sensitive__: ClassVar[frozenset[str]] = frozenset({"phones"})

    code: str
    building_id: UUID
    unit_id: UUID
    floor: int | None = None
    area: int | None = None
    indoor_area: int | None = None
    kind: str = ""
    layout: str = ""
    status: str = ""
    phones: list[str] = Field(default_factory=no_list, sa_type=JSON)
    note: str = ""
    search: str = ""
    sort_key: str = Field(default="", index=False)


class Person(Synced, table=True):
    """Somebody the compound knows: resident, volunteer, or staff."""

    __tablename__ = "person"
    __table_args__ = (Index(None, "compound_id", "name", "id", "archived"),)
    __sensitive__: ClassVar[frozenset[str]] = frozenset({"phones"})

    name: str
    sex: str = ""
    phones: list[str] = Field(default_factory=no_list, sa_type=JSON)
    skills: list[str] = Field(default_factory=no_list, sa_type=JSON)
    note: str = ""
    search: str = ""


class Occupancy(Synced, table=True):
    """Who owned or lived in a household over a half-open span of days.

    `since` None means longer than anybody wrote down, `until` None means still.
    """

    __tablename__ = "occupancy"
    __table_args__ = (
        refers("household_id", "household"),
        refers("person_id", "person"),
        Index(None, "compound_id", "household_id"),
        Index(None, "compound_id", "person_id"),
    )
    __span_key__: ClassVar[tuple[str, ...]] = ("household_id", "person_id", "relation")

    household_id: UUID
    person_id: UUID
    relation: str
    since: date | None = None
    until: date | None = None


class Team(Synced, table=True):
    """A service team, or a pool that takes turns."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("compound_id", "name"),)
    __natural_key__: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    note: str = ""
    search: str = ""


class TeamMember(Synced, table=True):
    """A person's time in a team."""

    __tablename__ = "team_member"
    __table_args__ = (
        refers("team_id", "team"),
        refers("person_id", "person"),
        Index(None, "compound_id", "team_id"),
    )
    __span_key__: ClassVar[tuple[str, ...]] = ("team_id", "person_id")

    team_id: UUID
    person_id: UUID
    since: date | None = None
    until: date | None = None


class Contact(Synced, table=True):
    """The contact volunteer of a household: who visits, and asks how things are."""

    __tablename__ = "contact"
    __table_args__ = (
        refers("household_id", "household"),
        refers("person_id", "person"),
        Index(None, "compound_id", "household_id"),
        Index(None, "compound_id", "person_id"),
    )
    __span_key__: ClassVar[tuple[str, ...]] = ("household_id", "person_id")

    household_id: UUID
    person_id: UUID
    since: date | None = None
    until: date | None = None


class Responsibility(Synced, table=True):
    """Who answers for a building, a facility, a road or a garden.

    A building is named by `building_id`, everything else by `place`.
    """

    __tablename__ = "responsibility"
    __table_args__ = (
        refers("building_id", "building"),
        refers("person_id", "person"),
        Index(None, "compound_id", "person_id"),
    )
    __span_key__: ClassVar[tuple[str, ...]] = ("subject", "building_id", "place", "person_id")

    subject: str
    building_id: UUID | None = None
    place: str = ""
    person_id: UUID
    since: date | None = None
    until: date | None = None
    note: str = ""
