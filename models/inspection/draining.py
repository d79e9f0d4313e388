"""Whose drains enter at a well."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlmodel import Session

from models.community.searching import chunks
from models.inspection.observed import POINT, rows_of
from models.inspection.queries_network import BUILDING, CONNECTION, HOUSEHOLD


def with_own(compound_id: UUID) -> Select[Any]:
    """Select the ids of the homes that have a connection of their own."""
    return select(CONNECTION.c.household_id).where(
        CONNECTION.c.compound_id == compound_id,
        CONNECTION.c.archived.is_(False),
        CONNECTION.c.household_id.is_not(None),
    )


def through_buildings(compound_id: UUID, *columns: Any) -> Select[Any]:
    """Select `columns` of buildings and their living homes that drain wherever the building does.

    A home with a connection of its own drains there, wherever the rest of its building does.
    """
    joined = BUILDING.join(
        HOUSEHOLD, and_(HOUSEHOLD.c.compound_id == compound_id, HOUSEHOLD.c.building_id == BUILDING.c.id)
    )
    return (
        select(*columns)
        .select_from(joined)
        .where(
            BUILDING.c.compound_id == compound_id,
            HOUSEHOLD.c.archived.is_(False),
            HOUSEHOLD.c.id.not_in(with_own(compound_id)),
        )
    )


def homes_at(session: Session, compound_id: UUID, point_id: UUID) -> tuple[str, ...]:
    """Return the codes of the living homes that drain into one well, in the order people count them."""
    own_here = with_own(compound_id).where(CONNECTION.c.point_id == point_id)
    buildings = select(CONNECTION.c.building_id).where(
        CONNECTION.c.compound_id == compound_id,
        CONNECTION.c.archived.is_(False),
        CONNECTION.c.point_id == point_id,
        CONNECTION.c.household_id.is_(None),
        CONNECTION.c.building_id.is_not(None),
    )
    statement = (
        select(HOUSEHOLD.c.code)
        .where(
            HOUSEHOLD.c.compound_id == compound_id,
            HOUSEHOLD.c.archived.is_(False),
            or_(
                HOUSEHOLD.c.id.in_(own_here),
                HOUSEHOLD.c.building_id.in_(buildings) & HOUSEHOLD.c.id.not_in(with_own(compound_id)),
            ),
        )
        .order_by(HOUSEHOLD.c.sort_key, HOUSEHOLD.c.id)
    )
    return tuple(row.code for row in rows_of(session, statement))


def wells_of_homes(
    session: Session, compound_id: UUID, household_ids: Collection[UUID]
) -> dict[UUID, tuple[UUID, ...]]:
    """Return the living wells that homes drain into, their own or their building's; a home nobody connected is left out."""
    own = _wells(session, compound_id, CONNECTION.c.household_id, household_ids)
    left = [one for one in household_ids if one not in own]
    building_of: dict[UUID, UUID] = {}
    for part in chunks(sorted(left)):
        statement = select(HOUSEHOLD.c.id, HOUSEHOLD.c.building_id).where(
            HOUSEHOLD.c.compound_id == compound_id, HOUSEHOLD.c.id.in_(part)
        )
        building_of.update((row.id, row.building_id) for row in rows_of(session, statement))
    through = wells_of_buildings(session, compound_id, set(building_of.values()))
    shared = {home: through[building] for home, building in building_of.items() if building in through}
    return own | shared


def wells_of_buildings(
    session: Session, compound_id: UUID, building_ids: Collection[UUID]
) -> dict[UUID, tuple[UUID, ...]]:
    """Return the living wells that buildings drain into; one that nobody connected is left out."""
    return _wells(session, compound_id, CONNECTION.c.building_id, building_ids)


def _wells(
    session: Session, compound_id: UUID, column: Any, ids: Collection[UUID]
) -> dict[UUID, tuple[UUID, ...]]:
    found: dict[UUID, tuple[UUID, ...]] = {}
    joined = CONNECTION.join(
        POINT, and_(POINT.c.compound_id == compound_id, POINT.c.id == CONNECTION.c.point_id)
    )
    for part in chunks(sorted(ids)):
        statement = (
            select(column.label("drained"), CONNECTION.c.point_id)
            .select_from(joined)
            .where(
                CONNECTION.c.compound_id == compound_id,
                CONNECTION.c.archived.is_(False),
                POINT.c.archived.is_(False),
                column.in_(part),
            )
            .order_by(POINT.c.sort_key, POINT.c.id)
        )
        if column is CONNECTION.c.building_id:
            statement = statement.where(CONNECTION.c.household_id.is_(None))
        for row in rows_of(session, statement):
            found[row.drained] = (*found.get(row.drained, ()), row.point_id)
    return found
