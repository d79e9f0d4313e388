"""What the screens ask of walks: which there are, who began them, how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlmodel import Session

from models.inspection.observed import (
    OBSERVATION,
    PERSON,
    POINT,
    WALK,
    matching,
    rows_of,
    zone_of,
)
from models.inspection.queries import ROUTE, STOP
from models.inspection.rules import PointKind
from models.inspection.tables import WalkMember
from models.operations.tables import Alias
from models.tables import table_of

ALIAS = table_of(Alias)
MEMBER = table_of(WalkMember)

DRAINS = frozenset({PointKind.WELL.value, PointKind.OUTFALL.value})


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a walk's points have been seen."""

    seen: int
    total: int


@dataclass(frozen=True, slots=True)
class WalkLine:
    """A walk in a list; times are in the compound's zone."""

    id: UUID
    name: str
    route_id: UUID | None
    route: str
    started_at: datetime
    started_by: str
    finished_at: datetime | None
    progress: Progress
    archived: bool


@dataclass(frozen=True, slots=True)
class HomeCounts:
    """What the first screen says of inspection; `open_walk` is the newest one that is not finished."""

    points: int
    open_walks: int
    open_walk: WalkLine | None


def walks_page(
    session: Session,
    compound_id: UUID,
    *,
    text: str = "",
    unfinished: bool = False,
    archived: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[WalkLine, ...]:
    """Return walks, newest first, with how far each is."""
    conditions = _walks(compound_id, text, unfinished=unfinished, archived=archived)
    return walks_where(session, compound_id, *conditions, offset=offset, limit=limit)


def count_walks(
    session: Session,
    compound_id: UUID,
    *,
    text: str = "",
    unfinished: bool = False,
    archived: bool = False,
) -> int:
    """Count the walks that `walks_page` leafs through."""
    conditions = _walks(compound_id, text, unfinished=unfinished, archived=archived)
    return int(rows_of(session, select(func.count()).select_from(WALK).where(*conditions))[0][0])


def unfinished_walks(session: Session, compound_id: UUID) -> tuple[WalkLine, ...]:
    """Return the walks that somebody may resume, newest first."""
    return walks_page(session, compound_id, unfinished=True)


def latest_walk(session: Session, compound_id: UUID) -> WalkLine | None:
    """Return the walk that started last, finished or not."""
    newest = walks_page(session, compound_id, limit=1)
    return newest[0] if newest else None


def other_walks_to_join(session: Session, compound_id: UUID, walk_id: UUID) -> tuple[WalkLine, ...]:
    """Return the unfinished walks over the same route that this one could be one with, newest first."""
    walk = walk_row(session, compound_id, walk_id)
    if walk is None:
        return ()
    return walks_where(
        session,
        compound_id,
        *_walks(compound_id, "", unfinished=True, archived=False),
        WALK.c.id != walk.id,
        WALK.c.route_id.is_(None) if walk.route_id is None else WALK.c.route_id == walk.route_id,
    )


def home_counts(session: Session, compound_id: UUID) -> HomeCounts:
    """Return what the first screen says of inspection."""
    living = (POINT.c.compound_id == compound_id, POINT.c.archived.is_(False))
    newest = walks_page(session, compound_id, unfinished=True, limit=1)
    return HomeCounts(
        points=int(rows_of(session, select(func.count()).select_from(POINT).where(*living))[0][0]),
        open_walks=count_walks(session, compound_id, unfinished=True),
        open_walk=newest[0] if newest else None,
    )


def _walks(compound_id: UUID, text: str, *, unfinished: bool, archived: bool) -> list[ColumnElement[bool]]:
    return [
        WALK.c.compound_id == compound_id,
        WALK.c.archived.is_(archived),
        *([WALK.c.finished_at.is_(None)] if unfinished else []),
        *matching(WALK, text),
    ]


def _select_walks(compound_id: UUID) -> Select[Any]:
    joined = WALK.outerjoin(
        ROUTE, and_(ROUTE.c.compound_id == compound_id, ROUTE.c.id == WALK.c.route_id)
    ).outerjoin(PERSON, and_(PERSON.c.compound_id == compound_id, PERSON.c.id == WALK.c.started_by))
    return (
        select(WALK, ROUTE.c.name.label("route"), PERSON.c.name.label("starter"))
        .select_from(joined)
        .where(WALK.c.compound_id == compound_id)
    )


def walks_where(
    session: Session,
    compound_id: UUID,
    *conditions: ColumnElement[bool],
    offset: int = 0,
    limit: int | None = None,
) -> tuple[WalkLine, ...]:
    """Return the walks that meet some conditions, newest first."""
    statement = (
        _select_walks(compound_id)
        .where(*conditions)
        .order_by(WALK.c.started_at.desc(), WALK.c.id.desc())
        .offset(offset or None)
        .limit(limit)
    )
    walks = rows_of(session, statement)
    zone = zone_of(session, compound_id)
    progress = progress_by_walk(session, compound_id, walks)
    return tuple(
        WalkLine(
            id=walk.id,
            name=walk.name,
            route_id=walk.route_id,
            route=walk.route or "",
            started_at=walk.started_at.astimezone(zone),
            started_by=walk.starter or "",
            finished_at=None if walk.finished_at is None else walk.finished_at.astimezone(zone),
            progress=progress[walk.id],
            archived=walk.archived,
        )
        for walk in walks
    )


def walk_progress(session: Session, compound_id: UUID, walk_id: UUID) -> Progress | None:
    """Return how far a walk is, without its cards."""
    walk = walk_row(session, compound_id, walk_id)
    return None if walk is None else progress_by_walk(session, compound_id, [walk])[walk.id]


def walk_row(session: Session, compound_id: UUID, walk_id: UUID) -> Row[Any] | None:
    """Return a walk, or the one it was joined into: a screen may still hold the old id."""
    met: set[UUID] = set()
    while True:
        found = rows_of(session, _select_walks(compound_id).where(WALK.c.id == walk_id))
        if found and not found[0].archived:
            return found[0]
        met.add(walk_id)
        aliases = rows_of(
            session,
            select(ALIAS.c.to_id).where(
                ALIAS.c.compound_id == compound_id, ALIAS.c.id == walk_id, ALIAS.c.archived.is_(False)
            ),
        )
        if not aliases or aliases[0].to_id in met:
            return found[0] if found else None
        walk_id = aliases[0].to_id


def progress_by_walk(session: Session, compound_id: UUID, walks: Sequence[Row[Any]]) -> dict[UUID, Progress]:
    """Count, for each walk, its points and those of them that have a living observation."""
    living = and_(POINT.c.compound_id == compound_id, POINT.c.archived.is_(False))
    on_route = exists().where(
        STOP.c.compound_id == compound_id,
        STOP.c.route_id == WALK.c.route_id,
        STOP.c.point_id == OBSERVATION.c.point_id,
        STOP.c.archived.is_(False),
    )
    seen_points = (
        select(OBSERVATION.c.walk_id, func.count(OBSERVATION.c.point_id.distinct()).label("n"))
        .select_from(
            OBSERVATION.join(
                WALK, and_(WALK.c.compound_id == compound_id, WALK.c.id == OBSERVATION.c.walk_id)
            ).join(POINT, and_(living, POINT.c.id == OBSERVATION.c.point_id))
        )
        .where(
            OBSERVATION.c.compound_id == compound_id,
            OBSERVATION.c.walk_id.in_([walk.id for walk in walks]),
            OBSERVATION.c.archived.is_(False),
            or_(WALK.c.route_id.is_(None), on_route),
        )
        .group_by(OBSERVATION.c.walk_id)
    )
    routes = {walk.route_id for walk in walks}
    stops = (
        select(STOP.c.route_id, func.count().label("n"))
        .select_from(STOP.join(POINT, and_(living, POINT.c.id == STOP.c.point_id)))
        .where(
            STOP.c.compound_id == compound_id,
            STOP.c.route_id.in_(routes - {None}),
            STOP.c.archived.is_(False),
        )
        .group_by(STOP.c.route_id)
    )
    total = {row.route_id: row.n for row in rows_of(session, stops)}
    if None in routes:
        total[None] = rows_of(session, select(func.count()).select_from(POINT).where(living))[0][0]
    done = {row.walk_id: row.n for row in rows_of(session, seen_points)}
    return {walk.id: Progress(done.get(walk.id, 0), total.get(walk.route_id, 0)) for walk in walks}
