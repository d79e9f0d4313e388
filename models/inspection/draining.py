"""Whose drains enter at a well."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlmodel import Session

from models.inspection.observed import rows_of
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
