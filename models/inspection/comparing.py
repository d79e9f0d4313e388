"""One walk beside another: each well with what both saw there, and what has become worse.

Reads two walks in a bounded number of statements, however many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, union
from sqlmodel import Session

from models.inspection.comparison import Compared, Side, Turn, compare
from models.inspection.histories import settled
from models.inspection.levels import Level
from models.inspection.observed import OBSERVATION, POINT, WALK, Around, Ids, Seen, around, rows_of
from models.inspection.queries import STOP
from models.inspection.queries_walks import DRAINS, WalkLine, walk_row, walks_where

#: Two walks at least so far apart show what a year does, and not what a week does.
APART: Final = timedelta(days=180)
_ORDER: Final = (Turn.WORSE, Turn.BETTER, Turn.SAME, Turn.UNSEEN)


@dataclass(frozen=True, slots=True)
class WellCompared:
    """A well with what the earlier and the later walk said of it."""

    point_id: UUID
    code: str
    name: str
    outfall: bool
    diameter_mm: int | None
    then: Seen | None
    now: Seen | None
    compared: Compared

    @property
    def mud_by(self) -> int | None:
        """How many mm of mud have come, None where one side is unknown."""
        if self.then is None or self.now is None or self.then.mud_mm is None or self.now.mud_mm is None:
            return None
        return self.now.mud_mm - self.then.mud_mm


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two walks beside each other, what got worst first. `then` is None where there is no other walk to compare."""

    now: WalkLine | None
    then: WalkLine | None
    rows: tuple[WellCompared, ...]

    @property
    def counts(self) -> Mapping[Turn, int]:
        """How many wells are worse, better, the same, not seen on one side."""
        counted = Counter(row.compared.turn for row in self.rows)
        return {turn: counted[turn] for turn in _ORDER}


def compare_walks(
    session: Session, compound_id: UUID, now_id: UUID | None = None, then_id: UUID | None = None
) -> Comparison:
    """Compare a walk with an earlier one.

    Unnamed, the walk is the newest that noted a level; the other is the newest
    one before it over the same route that began at least half a year earlier,
    else the one before it over that route, else the one before it at all.
    """
    now = _walk(session, compound_id, now_id)
    if now is None and now_id is None:
        now = next(iter(walks_where(session, compound_id, *_with_levels(compound_id), limit=1)), None)
    if now is None:
        return Comparison(None, None, ())
    then = _before(session, compound_id, now) if then_id is None else _walk(session, compound_id, then_id)
    if then is None:
        return Comparison(now, None, ())
    return Comparison(now, then, _rows(session, compound_id, now, then))


def walks_to_compare(session: Session, compound_id: UUID) -> tuple[WalkLine, ...]:
    """Return the walks that noted a level at a well, newest first."""
    return walks_where(session, compound_id, *_with_levels(compound_id))


def _walk(session: Session, compound_id: UUID, walk_id: UUID | None) -> WalkLine | None:
    row = None if walk_id is None else walk_row(session, compound_id, walk_id)
    return None if row is None else walks_where(session, compound_id, WALK.c.id == row.id)[0]


def _with_levels(compound_id: UUID) -> tuple[ColumnElement[bool], ...]:
    noted = (
        select(OBSERVATION.c.id)
        .where(
            OBSERVATION.c.compound_id == compound_id,
            OBSERVATION.c.walk_id == WALK.c.id,
            OBSERVATION.c.archived.is_(False),
            OBSERVATION.c.level.in_([level.value for level in Level if level is not Level.UNOPENED]),
        )
        .exists()
    )
    return WALK.c.archived.is_(False), noted


def _before(session: Session, compound_id: UUID, now: WalkLine) -> WalkLine | None:
    earlier = (*_with_levels(compound_id), WALK.c.id != now.id)
    same_route = WALK.c.route_id.is_(None) if now.route_id is None else WALK.c.route_id == now.route_id
    for conditions in (
        (same_route, WALK.c.started_at <= now.started_at - APART),
        (same_route, WALK.c.started_at <= now.started_at),
        (WALK.c.started_at <= now.started_at,),
    ):
        found = walks_where(session, compound_id, *earlier, *conditions, limit=1)
        if found:
            return found[0]
    return None


def _rows(session: Session, compound_id: UUID, now: WalkLine, then: WalkLine) -> tuple[WellCompared, ...]:
    ids = _wells(compound_id, now, then)
    said = settled(session, compound_id, [now.id, then.id], ids)
    neighbours, lonely = around(session, compound_id, ids), Around()
    points = (
        select(POINT.c.id, POINT.c.code, POINT.c.name, POINT.c.kind)
        .where(
            POINT.c.compound_id == compound_id,
            POINT.c.archived.is_(False),
            POINT.c.kind.in_(DRAINS),
            POINT.c.id.in_(ids),
        )
        .order_by(POINT.c.sort_key, POINT.c.id)
    )
    rows = []
    for point in rows_of(session, points):
        before, after = said.get((then.id, point.id)), said.get((now.id, point.id))
        diameter = neighbours.get(point.id, lonely).diameter_mm
        rows.append(
            WellCompared(
                point_id=point.id,
                code=point.code,
                name=point.name,
                outfall=point.kind != "well",
                diameter_mm=diameter,
                then=before,
                now=after,
                compared=compare(side_of(before), side_of(after), diameter_mm=diameter),
            )
        )
    return tuple(sorted(rows, key=_urgency))


def _urgency(row: WellCompared) -> tuple[int, tuple[int, ...]]:
    return _ORDER.index(row.compared.turn), tuple(-weight for weight in row.compared.severity)


def _wells(compound_id: UUID, now: WalkLine, then: WalkLine) -> Ids:
    """Select the points that either walk saw or has on its route."""
    observed = select(OBSERVATION.c.point_id).where(
        OBSERVATION.c.compound_id == compound_id,
        OBSERVATION.c.walk_id.in_([now.id, then.id]),
        OBSERVATION.c.archived.is_(False),
        OBSERVATION.c.point_id.is_not(None),
    )
    planned = select(STOP.c.point_id).where(
        STOP.c.compound_id == compound_id,
        STOP.c.route_id.in_([route for route in (now.route_id, then.route_id) if route is not None]),
        STOP.c.archived.is_(False),
    )
    return select(union(observed, planned).subquery().c[0])


def side_of(seen: Seen | None) -> Side | None:
    """Return what a comparison needs of what was seen."""
    if seen is None:
        return None
    defects: dict[str, int | None] = {}
    for found in seen.defects:
        grades = [grade for grade in (defects.get(found.code), found.grade) if grade is not None]
        defects[found.code] = max(grades, default=None)
    return Side(seen.level, seen.mud_mm, defects)
