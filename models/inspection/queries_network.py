"""What screens and listings ask about the sewer: pipes, and what drains into which well."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, and_, func, or_, select
from sqlmodel import Session

from models.community.tables import Building, Household
from models.inspection.observed import PIPE, POINT, matching, rows_of, words
from models.inspection.tables import HouseConnection
from models.tables import table_of

BUILDING = table_of(Building)
CONNECTION = table_of(HouseConnection)
HOUSEHOLD = table_of(Household)

_FROM = POINT.alias("from_point")
_TO = POINT.alias("to_point")


@dataclass(frozen=True, slots=True)
class PipeLine:
    """A pipe from the well `start` down to the well `end`; `system` is empty when nobody said."""

    id: UUID
    from_id: UUID
    to_id: UUID
    start: str
    end: str
    diameter_mm: int | None
    length_m: float | None
    material: str
    system: str
    archived: bool


@dataclass(frozen=True, slots=True)
class ConnectionLine:
    """What drains into a well: a building, or one household. The other of the two is empty."""

    id: UUID
    point_id: UUID
    point: str
    building: str
    household: str
    archived: bool
    household_id: UUID | None = None


def count_pipes(
    session: Session, compound_id: UUID, *, text: str = "", system: str | None = None, archived: bool = False
) -> int:
    """Count the pipes that `pipes_page` leafs through."""
    statement = select(func.count()).select_from(_pipe_ends(compound_id))
    found = rows_of(
        session,
        statement.where(
            PIPE.c.compound_id == compound_id, *_pipe_conditions(text, system, archived=archived)
        ),
    )
    return int(found[0][0])


def pipes_page(
    session: Session,
    compound_id: UUID,
    *,
    text: str = "",
    system: str | None = None,
    archived: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[PipeLine, ...]:
    """Return pipes by their upper, then their lower well; `text` is looked for in both."""
    conditions = _pipe_conditions(text, system, archived=archived)
    return pipes_where(session, compound_id, *conditions, offset=offset, limit=limit)


def connections(
    session: Session, compound_id: UUID, *, point_id: UUID | None = None, archived: bool = False
) -> tuple[ConnectionLine, ...]:
    """Return what drains into one well, or into every well."""
    joined = (
        CONNECTION.join(POINT, and_(POINT.c.compound_id == compound_id, POINT.c.id == CONNECTION.c.point_id))
        .outerjoin(
            BUILDING, and_(BUILDING.c.compound_id == compound_id, BUILDING.c.id == CONNECTION.c.building_id)
        )
        .outerjoin(
            HOUSEHOLD,
            and_(HOUSEHOLD.c.compound_id == compound_id, HOUSEHOLD.c.id == CONNECTION.c.household_id),
        )
    )
    statement = (
        select(
            CONNECTION.c.id,
            CONNECTION.c.point_id,
            CONNECTION.c.archived,
            CONNECTION.c.household_id,
            POINT.c.code.label("point"),
            BUILDING.c.code.label("building"),
            HOUSEHOLD.c.code.label("household"),
        )
        .select_from(joined)
        .where(CONNECTION.c.compound_id == compound_id, CONNECTION.c.archived.is_(archived))
        .order_by(
            POINT.c.sort_key,
            BUILDING.c.code.nulls_first(),
            HOUSEHOLD.c.sort_key.nulls_first(),
            CONNECTION.c.id,
        )
    )
    if point_id is not None:
        statement = statement.where(CONNECTION.c.point_id == point_id)
    return tuple(
        ConnectionLine(
            id=row.id,
            point_id=row.point_id,
            point=row.point,
            building=row.building or "",
            household=row.household or "",
            archived=row.archived,
            household_id=row.household_id,
        )
        for row in rows_of(session, statement)
    )


def _pipe_ends(compound_id: UUID) -> FromClause:
    return PIPE.join(_FROM, and_(_FROM.c.compound_id == compound_id, _FROM.c.id == PIPE.c.from_id)).join(
        _TO, and_(_TO.c.compound_id == compound_id, _TO.c.id == PIPE.c.to_id)
    )


def _pipe_conditions(text: str, system: str | None, *, archived: bool) -> list[ColumnElement[bool]]:
    return [
        PIPE.c.archived.is_(archived),
        *([] if system is None else [PIPE.c.system == system]),
        *(or_(*matching(_FROM, word), *matching(_TO, word)) for word in words(text)),
    ]


def pipes_where(
    session: Session,
    compound_id: UUID,
    *conditions: ColumnElement[bool],
    offset: int = 0,
    limit: int | None = None,
) -> tuple[PipeLine, ...]:
    statement = (
        select(PIPE, _FROM.c.code.label("start"), _TO.c.code.label("end"))
        .select_from(_pipe_ends(compound_id))
        .where(PIPE.c.compound_id == compound_id, *conditions)
        .order_by(_FROM.c.sort_key, _TO.c.sort_key, PIPE.c.id)
    )
    return tuple(
        PipeLine(
            id=row.id,
            from_id=row.from_id,
            to_id=row.to_id,
            start=row.start,
            end=row.end,
            diameter_mm=row.diameter_mm,
            length_m=row.length_m,
            material=row.material,
            system=row.system,
            archived=row.archived,
        )
        for row in rows_of(session, statement.offset(offset or None).limit(limit))
    )
