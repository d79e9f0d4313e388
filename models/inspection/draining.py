"""Whose drains enter at a well."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session

from models.inspection.observed import rows_of
from models.inspection.queries_network import CONNECTION, HOUSEHOLD


def homes_at(session: Session, compound_id: UUID, point_id: UUID) -> tuple[str, ...]:
    """Return the codes of the living homes that drain into one well, in the order people count them.

    A home with a connection of its own drains there, wherever the rest of its building does.
    """
    living = (CONNECTION.c.compound_id == compound_id, CONNECTION.c.archived.is_(False))
    here = (*living, CONNECTION.c.point_id == point_id)
    own = select(CONNECTION.c.household_id).where(*living, CONNECTION.c.household_id.is_not(None))
    own_here = select(CONNECTION.c.household_id).where(*here, CONNECTION.c.household_id.is_not(None))
    buildings = select(CONNECTION.c.building_id).where(
        *here, CONNECTION.c.household_id.is_(None), CONNECTION.c.building_id.is_not(None)
    )
    statement = (
        select(HOUSEHOLD.c.code)
        .where(
            HOUSEHOLD.c.compound_id == compound_id,
            HOUSEHOLD.c.archived.is_(False),
            or_(
                HOUSEHOLD.c.id.in_(own_here),
                HOUSEHOLD.c.building_id.in_(buildings) & HOUSEHOLD.c.id.not_in(own),
            ),
        )
        .order_by(HOUSEHOLD.c.sort_key, HOUSEHOLD.c.id)
    )
    return tuple(row.code for row in rows_of(session, statement))
