"""What screens and listings ask about points, routes and checklists.

Pipes stand in `queries_network`, walks in `queries_walks`, their cards in `queries_cards`. Every function reads
what is on the page it fills, however much is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlmodel import Session

from models.community.searching import contains
from models.community.tables import Building
from models.inspection.observed import (
    OBSERVATION,
    PIPE,
    POINT,
    WALK,
    Seen,
    around,
    matching,
    rows_of,
    seen,
    select_seen,
    words,
    zone_of,
)
from models.inspection.queries_network import ConnectionLine, PipeLine, connections, pipes_where
from models.inspection.tables import ChecklistItem, Route, RouteStop
from models.tables import table_of

#: Kinds of point by code, for a list of some; none means all.
Kinds = Collection[str]
#: Word of a search -> kinds that it may name.
MeantKinds = Mapping[str, Collection[str]]
_NONE_MEANT: Final[MeantKinds] = {}
_CHUNK: Final = 500

BUILDING = table_of(Building)
ITEM = table_of(ChecklistItem)
ROUTE = table_of(Route)
STOP = table_of(RouteStop)


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point in a list. `building` is the building's code, or empty; metres and mm as stored."""

    id: UUID
    code: str
    kind: str
    name: str
    building: str
    x_m: float | None
    y_m: float | None
    ground_m: float | None
    depth_mm: int | None
    note: str
    archived: bool


@dataclass(frozen=True, slots=True)
class PointView:
    """One point with what leads in and out of it, what drains there, and what was seen last."""

    point: PointLine
    incoming: tuple[PipeLine, ...]
    outgoing: tuple[PipeLine, ...]
    connections: tuple[ConnectionLine, ...]
    observations: tuple[Seen, ...]
    #: Id and name of each living route that leads here.
    routes: tuple[tuple[UUID, str], ...] = ()
    building_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RouteLine:
    """A route in a list; `stops` counts the living points on it.

    `walked_at` is when its last living walk began, in the compound's zone.
    """

    id: UUID
    name: str
    note: str
    stops: int
    archived: bool
    walked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StopLine:
    """A point's place on a route, counted from 1."""

    position: int
    point_id: UUID
    code: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class RouteView:
    """A route with its living points in walking order."""

    id: UUID
    name: str
    note: str
    archived: bool
    stops: tuple[StopLine, ...]


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A checklist question; `answer` is how it is answered: yes_no, grade, number or text."""

    id: UUID
    point_kind: str
    text: str
    answer: str
    required: bool
    position: int
    archived: bool


def count_points(
    session: Session,
    compound_id: UUID,
    *,
    kind: str | None = None,
    kinds: Kinds = (),
    text: str = "",
    meant: MeantKinds = _NONE_MEANT,
    archived: bool = False,
) -> int:
    """Count the points that `points_page` leafs through."""
    statement = select(func.count()).select_from(POINT)
    wanted = (kind,) if kind is not None else kinds
    found = rows_of(session, statement.where(*_points(compound_id, wanted, text, meant, archived=archived)))
    return int(found[0][0])


def points_page(
    session: Session,
    compound_id: UUID,
    *,
    kind: str | None = None,
    kinds: Kinds = (),
    text: str = "",
    meant: MeantKinds = _NONE_MEANT,
    archived: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[PointLine, ...]:
    """Return points in the order people count them: W2 before W10.

    `text` is looked for in the code, the name and its pinyin; `meant` says which kinds a word of it
    may name besides. `archived` asks for the archived ones instead of the living.
    """
    wanted = (kind,) if kind is not None else kinds
    statement = (
        _select_points(compound_id)
        .where(*_points(compound_id, wanted, text, meant, archived=archived))
        .order_by(POINT.c.sort_key, POINT.c.id)
    )
    return tuple(_point_line(row) for row in rows_of(session, statement.offset(offset or None).limit(limit)))


def point_card(session: Session, compound_id: UUID, point_id: UUID, *, last: int = 10) -> PointView | None:
    """Return all about one point, with its `last` living observations, newest first."""
    found = rows_of(session, _select_points(compound_id).where(POINT.c.id == point_id))
    if not found:
        return None
    here = around(session, compound_id, [point_id]).get(point_id)
    zone = zone_of(session, compound_id)
    statement = (
        select_seen(compound_id)
        .where(OBSERVATION.c.point_id == point_id, OBSERVATION.c.archived.is_(False))
        .order_by(OBSERVATION.c.at.desc(), OBSERVATION.c.id.desc())
        .limit(last)
    )
    return PointView(
        point=_point_line(found[0]),
        incoming=pipes_where(session, compound_id, PIPE.c.to_id == point_id, PIPE.c.archived.is_(False)),
        outgoing=pipes_where(session, compound_id, PIPE.c.from_id == point_id, PIPE.c.archived.is_(False)),
        connections=connections(session, compound_id, point_id=point_id),
        observations=tuple(
            seen(row, zone=zone, diameter_mm=here.diameter_mm if here else None)
            for row in rows_of(session, statement)
        ),
        routes=_routes_of(session, compound_id, point_id),
        building_id=found[0].building_id,
    )


def _routes_of(session: Session, compound_id: UUID, point_id: UUID) -> tuple[tuple[UUID, str], ...]:
    joined = STOP.join(ROUTE, and_(ROUTE.c.compound_id == compound_id, ROUTE.c.id == STOP.c.route_id))
    statement = (
        select(ROUTE.c.id, ROUTE.c.name)
        .select_from(joined)
        .where(
            STOP.c.compound_id == compound_id,
            STOP.c.point_id == point_id,
            STOP.c.archived.is_(False),
            ROUTE.c.archived.is_(False),
        )
        .order_by(ROUTE.c.name, ROUTE.c.id)
    )
    return tuple((row.id, row.name) for row in rows_of(session, statement))


def _select_points(compound_id: UUID) -> Select[Any]:
    joined = POINT.outerjoin(
        BUILDING, and_(BUILDING.c.compound_id == compound_id, BUILDING.c.id == POINT.c.building_id)
    )
    return (
        select(POINT, BUILDING.c.code.label("building"))
        .select_from(joined)
        .where(POINT.c.compound_id == compound_id)
    )


def _points(
    compound_id: UUID, kinds: Kinds, text: str, meant: MeantKinds, *, archived: bool
) -> list[ColumnElement[bool]]:
    return [
        POINT.c.compound_id == compound_id,
        POINT.c.archived.is_(archived),
        *([POINT.c.kind.in_(kinds)] if kinds else []),
        *(or_(contains(POINT.c.search, word), POINT.c.kind.in_(meant.get(word, ()))) for word in words(text)),
    ]


def _point_line(row: Row[Any]) -> PointLine:
    return PointLine(
        id=row.id,
        code=row.code,
        kind=row.kind,
        name=row.name,
        building=row.building or "",
        x_m=row.x_m,
        y_m=row.y_m,
        ground_m=row.ground_m,
        depth_mm=row.depth_mm,
        note=row.note,
        archived=row.archived,
    )


def routes(
    session: Session, compound_id: UUID, *, text: str = "", archived: bool = False
) -> tuple[RouteLine, ...]:
    """Return the routes by name."""
    living_stops = (
        select(func.count())
        .select_from(
            STOP.join(POINT, and_(POINT.c.compound_id == compound_id, POINT.c.id == STOP.c.point_id))
        )
        .where(STOP.c.compound_id == compound_id, STOP.c.route_id == ROUTE.c.id, *_living_stop())
        .correlate(ROUTE)
        .scalar_subquery()
    )
    last_walk = (
        select(func.max(WALK.c.started_at))
        .where(WALK.c.compound_id == compound_id, WALK.c.route_id == ROUTE.c.id, WALK.c.archived.is_(False))
        .correlate(ROUTE)
        .scalar_subquery()
    )
    zone = zone_of(session, compound_id)
    statement = (
        select(
            ROUTE.c.id,
            ROUTE.c.name,
            ROUTE.c.note,
            ROUTE.c.archived,
            living_stops.label("stops"),
            last_walk.label("walked_at"),
        )
        .where(ROUTE.c.compound_id == compound_id, ROUTE.c.archived.is_(archived), *matching(ROUTE, text))
        .order_by(ROUTE.c.name, ROUTE.c.id)
    )
    return tuple(
        RouteLine(
            id=row.id,
            name=row.name,
            note=row.note,
            stops=row.stops,
            archived=row.archived,
            walked_at=None if row.walked_at is None else row.walked_at.astimezone(zone),
        )
        for row in rows_of(session, statement)
    )


def route_view(session: Session, compound_id: UUID, route_id: UUID) -> RouteView | None:
    """Return a route with its living points in walking order."""
    found = rows_of(session, select(ROUTE).where(ROUTE.c.compound_id == compound_id, ROUTE.c.id == route_id))
    if not found:
        return None
    statement = (
        select(STOP.c.position, STOP.c.point_id, POINT.c.code, POINT.c.kind, POINT.c.name)
        .select_from(
            STOP.join(POINT, and_(POINT.c.compound_id == compound_id, POINT.c.id == STOP.c.point_id))
        )
        .where(STOP.c.compound_id == compound_id, STOP.c.route_id == route_id, *_living_stop())
        .order_by(STOP.c.position, POINT.c.sort_key, STOP.c.id)
    )
    stops = tuple(
        StopLine(position, row.point_id, row.code, row.kind, row.name)
        for position, row in enumerate(rows_of(session, statement), start=1)
    )
    row = found[0]
    return RouteView(id=row.id, name=row.name, note=row.note, archived=row.archived, stops=stops)


def places_of(
    session: Session, compound_id: UUID, point_ids: Sequence[UUID]
) -> dict[UUID, tuple[float, float]]:
    """Return the co-ordinates of points, in metres; a point without both is left out."""
    return {
        row.id: (row.x_m, row.y_m)
        for row in _chosen(session, compound_id, point_ids)
        if row.x_m is not None and row.y_m is not None
    }


def ids_in_order(session: Session, compound_id: UUID, point_ids: Sequence[UUID]) -> list[UUID]:
    """Return points in the order people count them; an id that is no point's is left out."""
    rows = sorted(_chosen(session, compound_id, point_ids), key=lambda row: (row.sort_key, row.id.hex))
    return [row.id for row in rows]


def _chosen(session: Session, compound_id: UUID, point_ids: Sequence[UUID]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for start in range(0, len(point_ids), _CHUNK):
        statement = select(POINT.c.id, POINT.c.x_m, POINT.c.y_m, POINT.c.sort_key).where(
            POINT.c.compound_id == compound_id, POINT.c.id.in_(point_ids[start : start + _CHUNK])
        )
        found.extend(rows_of(session, statement))
    return found


def checklist(
    session: Session, compound_id: UUID, *, kind: str | None = None, archived: bool = False
) -> tuple[QuestionLine, ...]:
    """Return the questions asked at points of a kind, or of every kind, in the order they are asked."""
    statement = (
        select(ITEM)
        .where(ITEM.c.compound_id == compound_id, ITEM.c.archived.is_(archived))
        .order_by(ITEM.c.point_kind, ITEM.c.position, ITEM.c.id)
    )
    if kind is not None:
        statement = statement.where(ITEM.c.point_kind == kind)
    return tuple(
        QuestionLine(
            id=row.id,
            point_kind=row.point_kind,
            text=row.text,
            answer=row.answer,
            required=row.required,
            position=row.position,
            archived=row.archived,
        )
        for row in rows_of(session, statement)
    )


def _living_stop() -> list[ColumnElement[bool]]:
    return [STOP.c.archived.is_(False), POINT.c.archived.is_(False)]
