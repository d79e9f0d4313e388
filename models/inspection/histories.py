"""What walks came to say of wells: each well by what each walk said of it last.

Later notes add to earlier ones of the same walk: one that says nothing of the
level leaves the level as it was, and the same for mud.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select
from sqlmodel import Session

from models.inspection.levels import Level
from models.inspection.observed import (
    OBSERVATION,
    POINT,
    WALK,
    Around,
    Ids,
    Seen,
    around,
    rows_of,
    seen,
    select_seen,
    zone_of,
)
from models.inspection.queries_walks import DRAINS, WalkLine, walks_where
from models.inspection.rules import state_of

#: A chart of more walks is wider than its cell.
MOST_WALKS = 12


@dataclass(frozen=True, slots=True)
class Histories:
    """The walks that came to some wells, oldest first, and for each well what each of them said, None for nothing."""

    walks: tuple[WalkLine, ...]
    seen: Mapping[UUID, tuple[Seen | None, ...]]


def added(row: Row[Any], before: Seen | None, *, zone: ZoneInfo, diameter_mm: int | None) -> Seen:
    """Return what a row of `select_seen` says of a well together with what the same walk said of it before."""
    newest = seen(row, zone=zone, diameter_mm=diameter_mm)
    # A later version may know more words for water than this one.
    level = newest.level if newest.level in set(Level) else None
    if level is None and before is not None:
        level = before.level
    mud = before.mud_mm if newest.mud_mm is None and before is not None else newest.mud_mm
    state = state_of(
        level=level, mud_mm=mud, diameter_mm=diameter_mm, defects=row.defects, answers=row.answers
    )
    return replace(newest, level=level, mud_mm=mud, state=state)


def settled(
    session: Session, compound_id: UUID, walk_ids: Ids, point_ids: Ids
) -> dict[tuple[UUID, UUID], Seen]:
    """Return, by walk and well, what each walk says of each well by now; three statements."""
    statement = (
        select_seen(compound_id)
        .where(
            OBSERVATION.c.walk_id.in_(walk_ids),
            OBSERVATION.c.point_id.in_(point_ids),
            OBSERVATION.c.archived.is_(False),
        )
        .order_by(OBSERVATION.c.at, OBSERVATION.c.id)
    )
    zone = zone_of(session, compound_id)
    neighbours, lonely = around(session, compound_id, point_ids), Around()
    said: dict[tuple[UUID, UUID], Seen] = {}
    for row in rows_of(session, statement):
        diameter = neighbours.get(row.point_id, lonely).diameter_mm
        key = (row.walk_id, row.point_id)
        said[key] = added(row, said.get(key), zone=zone, diameter_mm=diameter)
    return said


def histories(session: Session, compound_id: UUID, point_ids: Ids, *, most: int = MOST_WALKS) -> Histories:
    """Return what the last walks that came to any of these wells said of them."""
    came = (
        select(OBSERVATION.c.id)
        .where(
            OBSERVATION.c.compound_id == compound_id,
            OBSERVATION.c.walk_id == WALK.c.id,
            OBSERVATION.c.point_id.in_(point_ids),
            OBSERVATION.c.archived.is_(False),
        )
        .exists()
    )
    walks = tuple(reversed(walks_where(session, compound_id, WALK.c.archived.is_(False), came, limit=most)))
    ids = [walk.id for walk in walks]
    said = settled(session, compound_id, ids, point_ids)
    points = {point_id for _, point_id in said}
    return Histories(
        walks,
        {point_id: tuple(said.get((walk_id, point_id)) for walk_id in ids) for point_id in points},
    )


def placed_wells(session: Session, compound_id: UUID) -> int:
    """Count the wells and outfalls of which somebody knows where they are."""
    statement = (
        select(func.count())
        .select_from(POINT)
        .where(
            POINT.c.compound_id == compound_id,
            POINT.c.archived.is_(False),
            POINT.c.kind.in_(DRAINS),
            POINT.c.x_m.is_not(None),
            POINT.c.y_m.is_not(None),
        )
    )
    return int(rows_of(session, statement)[0][0])
