"""Tables of points, the sewer network, routes, walks and observations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from models.tables import Synced, refers


class Point(Synced, table=True):
    """A place that is looked at on a walk. Coordinates and ground level in metres, depth in mm."""

    __tablename__ = "point"
    __table_args__ = (refers("building_id", "building"), UniqueConstraint("compound_id", "code"))
    __natural_key__: ClassVar[tuple[str, ...]] = ("code",)

    code: str
    kind: str
    name: str = ""
    building_id: UUID | None = None
    x_m: float | None = None
    y_m: float | None = None
    ground_m: float | None = None
    depth_mm: int | None = None
    note: str = ""
    search: str = ""
    sort_key: str = ""


class Pipe(Synced, table=True):
    """A pipe between two wells, in the direction of flow."""

    __tablename__ = "pipe"
    __table_args__ = (
        refers("from_id", "point"),
        refers("to_id", "point"),
        UniqueConstraint("compound_id", "from_id", "to_id"),
        Index(None, "compound_id", "to_id"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("from_id", "to_id")

    from_id: UUID
    to_id: UUID
    diameter_mm: int | None = None
    length_m: float | None = None
    material: str = ""
    system: str = ""


class HouseConnection(Synced, table=True):
    """Which building, or which household, drains into which well."""

    __tablename__ = "house_connection"
    __table_args__ = (
        refers("point_id", "point"),
        refers("building_id", "building"),
        refers("household_id", "household"),
        Index(None, "compound_id", "point_id"),
        Index(None, "compound_id", "household_id"),
    )

    point_id: UUID
    building_id: UUID | None = None
    household_id: UUID | None = None


class Route(Synced, table=True):
    """An ordered list of points to walk."""

    __tablename__ = "route"
    __table_args__ = (UniqueConstraint("compound_id", "name"),)
    __natural_key__: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    note: str = ""
    search: str = ""


class RouteStop(Synced, table=True):
    """A point's place on a route; `position` counts from 1."""

    __tablename__ = "route_stop"
    __table_args__ = (
        refers("route_id", "route"),
        refers("point_id", "point"),
        UniqueConstraint("compound_id", "route_id", "point_id"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("route_id", "point_id")

    route_id: UUID
    point_id: UUID
    position: int


class Schedule(Synced, table=True):
    """How often a route is to be walked, counted from the day `since`.

    `every` is a period (see rules.Every); a walk may be `within_days` late before it is overdue (see scheduling).
    """

    __tablename__ = "schedule"
    __table_args__ = (refers("route_id", "route"), UniqueConstraint("compound_id", "route_id", "every"))
    __natural_key__: ClassVar[tuple[str, ...]] = ("route_id", "every")

    route_id: UUID
    every: str
    since: date
    within_days: int


class Rain(Synced, table=True):
    """A day of heavy rain, after which some routes are to be walked."""

    __tablename__ = "rain"
    __table_args__ = (UniqueConstraint("compound_id", "day"),)
    __natural_key__: ClassVar[tuple[str, ...]] = ("day",)

    day: date
    note: str = ""


class ChecklistItem(Synced, table=True):
    """A question asked at every point of a kind."""

    __tablename__ = "checklist_item"
    __table_args__ = (UniqueConstraint("compound_id", "point_kind", "text"),)
    __natural_key__: ClassVar[tuple[str, ...]] = ("point_kind", "text")

    point_kind: str
    text: str
    answer: str
    required: bool = False
    position: int = 0


class Walk(Synced, table=True):
    """One run over a route; without a route it takes whatever points are seen."""

    __tablename__ = "walk"
    __table_args__ = (
        refers("route_id", "route"),
        UniqueConstraint("compound_id", "name", "route_id"),
        Index(None, "compound_id", "route_id", "finished_at"),
        Index(None, "compound_id", "started_at"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("name", "route_id")

    name: str
    route_id: UUID | None = None
    started_at: datetime
    started_by: UUID
    finished_at: datetime | None = None
    note: str = ""
    search: str = ""


class WalkMember(Synced, table=True):
    """Somebody who takes part in a walk."""

    __tablename__ = "walk_member"
    __table_args__ = (
        refers("walk_id", "walk"),
        refers("person_id", "person"),
        UniqueConstraint("compound_id", "walk_id", "person_id"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("walk_id", "person_id")

    walk_id: UUID
    person_id: UUID


class Observation(Synced, table=True):
    """What somebody saw at a point. Never changed: a correction is another one, or a withdrawal.

    `point_id` and `walk_id` are None only when the fact named what nobody
    knows; the flag beside it holds the ids. `defects` is a list of
    `{"code", "grade", "note"}`, `answers` maps checklist item ids to answers.
    """

    __tablename__ = "observation"
    __table_args__ = (
        refers("walk_id", "walk"),
        refers("point_id", "point"),
        Index(None, "compound_id", "walk_id", "point_id", "at"),
        Index(None, "compound_id", "point_id", "at"),
    )

    walk_id: UUID | None = None
    point_id: UUID | None = None
    level: str | None = None
    mud_mm: int | None = None
    defects: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    note: str = ""
    at: datetime
    doer_id: UUID
    recorder_id: UUID
