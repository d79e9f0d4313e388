"""How people name points, pipes, connections, routes, walks and questions.

A finder returns every row the words may mean, so that the caller can say
whether they mean nothing or too much. Living rows come before archived ones:
an archived row is meant only when no living one is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, and_, or_, select
from sqlmodel import Session

from models.codes import building_part, parse_room_code, well_code
from models.inspection.observed import PIPE, POINT, WALK, rows_of
from models.inspection.queries import BUILDING, ITEM, ROUTE
from models.inspection.queries_network import CONNECTION, HOUSEHOLD
from models.operations.registry import finder
from models.text import fold, normalise

_ARROW = re.compile(r"\s*(?:-+>|=+>|>+|→|➔|➜|至|到)\s*")


@finder("point")
def find_points(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a point by its code in any spelling, or else by its name."""
    code = well_code(text)
    if code is not None:
        found = _choose(session, POINT, compound_id, POINT.c.code == code)
        if found:
            return found
    return _named(session, POINT, compound_id, text)


@finder("pipe")
def find_pipes(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a pipe by its ends in the direction of flow: `W07-W05`, `W07>W05`, `W07→W05`."""
    start, end = POINT.alias("start"), POINT.alias("end")
    ends = [and_(start.c.code == upper, end.c.code == lower) for upper, lower in _pairs(text)]
    if not ends:
        return []
    joined = PIPE.join(start, and_(start.c.compound_id == compound_id, start.c.id == PIPE.c.from_id)).join(
        end, and_(end.c.compound_id == compound_id, end.c.id == PIPE.c.to_id)
    )
    statement = (
        select(PIPE.c.id, PIPE.c.archived)
        .select_from(joined)
        .where(PIPE.c.compound_id == compound_id, or_(*ends))
        .order_by(PIPE.c.id)
    )
    return living_first(rows_of(session, statement))


@finder("house_connection")
def find_connections(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a house connection by its well and what drains there: `W07>3`, `W07>1-1-1001`."""
    well, _, drained = _ARROW.sub(">", normalise(text)).partition(">")
    code, building, room = well_code(well), building_part(drained), parse_room_code(drained)
    drains = [
        *([] if building is None else [BUILDING.c.code == building]),
        *([] if room is None else [HOUSEHOLD.c.code == str(room)]),
    ]
    if code is None or not drains:
        return []
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
        select(CONNECTION.c.id, CONNECTION.c.archived)
        .select_from(joined)
        .where(
            CONNECTION.c.compound_id == compound_id,
            POINT.c.code == code,
            or_(*drains),
        )
        .order_by(CONNECTION.c.id)
    )
    return living_first(rows_of(session, statement))


@finder("route")
def find_routes(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a route by its name."""
    return _named(session, ROUTE, compound_id, text)


@finder("walk")
def find_walks(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a walk by its name; of several, the unfinished ones."""
    found = _named(session, WALK, compound_id, text)
    if len(found) > 1:
        unfinished = _choose(session, WALK, compound_id, WALK.c.id.in_(found), WALK.c.finished_at.is_(None))
        return unfinished or found
    return found


@finder("checklist_item")
def find_questions(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a checklist question by its words; the same words may be asked at several kinds of point."""
    return _choose(session, ITEM, compound_id, ITEM.c.text == normalise(text))


def _named(session: Session, table: FromClause, compound_id: UUID, text: str) -> list[UUID]:
    """Find rows by name: as written, or else without regard to case and spaces."""
    name, key = normalise(text), fold(text)
    if not key:
        return []
    exact = _choose(session, table, compound_id, table.c.name == name)
    if exact:
        return exact
    # A name's folded form is the first word of what a search looks in.
    first_word = or_(table.c.search == key, table.c.search.startswith(f"{key} ", autoescape=True))
    return _choose(session, table, compound_id, table.c.name != "", first_word)


def _choose(
    session: Session, table: FromClause, compound_id: UUID, *conditions: ColumnElement[bool]
) -> list[UUID]:
    statement = (
        select(table.c.id, table.c.archived)
        .where(table.c.compound_id == compound_id, *conditions)
        .order_by(table.c.id)
    )
    return living_first(rows_of(session, statement))


def living_first(rows: Sequence[Row[tuple[UUID, bool]]]) -> list[UUID]:
    return [row.id for row in rows if not row.archived] or [row.id for row in rows]


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """The two codes that a text may name; a dash may part them or belong to one of them."""
    plain = normalise(text)
    arrows = _ARROW.split(plain)
    if len(arrows) == 2:  # noqa: PLR2004  # a pipe has two ends
        splits = [(arrows[0], arrows[1])]
    else:
        whole = well_code(plain) or ""
        splits = [
            (whole[:place], whole[place + 1 :]) for place, letter in enumerate(whole) if letter in "-_/"
        ]
    for upper, lower in splits:
        start, end = well_code(upper), well_code(lower)
        if start is not None and end is not None:
            yield start, end
