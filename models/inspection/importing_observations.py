"""Importing what was seen, typed in from paper, into a walk that is named.

Decisions a reader should know:

- A walk of that name is made if there is none. It takes the one route whose
  points hold every point of the sheet; if no route or several do, it has none.
- A line without a time is given the walk's start. A walk that is made starts at
  the earliest time on the sheet, or now if the sheet has none.
- Times are in the compound's zone. A line is known already when a living
  observation of the same walk and point says the same: level, mud, defects and
  note, at the same time if the line has one. A time without seconds means its
  whole minute, because spreadsheet programs drop seconds.
- A defect that nobody knows is kept as `other` with the words as its note.
- Who did it is the acting person unless the caller says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlmodel import Session

from models.files.observations import ObservationRow
from models.importing import Plan, Step, make_plan
from models.inspection.defects import defect_code
from models.inspection.finders import find_walks
from models.inspection.importing import IMPORT_WARNINGS
from models.inspection.observed import OBSERVATION, POINT, WALK, rows_of, zone_of
from models.inspection.queries import ROUTE, STOP
from models.operations.envelope import Acting, Intent
from models.operations.fields import LONGEST_NAME
from models.problems import Problem
from models.text import fold, normalise, normalise_note

OTHER = "other"
_NOT_A_WORD = re.compile(r"\W+|_")


@dataclass(frozen=True, slots=True)
class _Walk:
    """The walk that a sheet goes into; `start` is an intent when it has yet to be made."""

    id: UUID
    started_at: datetime
    start: Intent | None


@dataclass(frozen=True, slots=True)
class _Said:
    """What an observation says, in the form in which two of them are compared."""

    point_id: UUID
    level: str | None
    mud_mm: int | None
    defects: frozenset[tuple[str, int | None]]
    other: str
    note: str


def plan_observations(
    session: Session,
    compound_id: UUID,
    walk_name: str,
    rows: Sequence[ObservationRow],
    problems: Iterable[Problem] = (),
    *,
    acting: Acting,
    doer_id: UUID | None = None,
    strict: bool = False,
) -> Plan:
    """Compare a sheet of observations with a walk; see the module for what it decides."""
    found = list(problems)
    zone = zone_of(session, compound_id)
    points = _points(session, compound_id)
    walk = _walk(session, compound_id, walk_name, rows, points, zone=zone, acting=acting)
    if isinstance(walk, Problem):
        return make_plan((), unchanged=0, problems=[*found, walk], warnings=IMPORT_WARNINGS, strict=strict)
    standing = {} if walk.start is not None else _standing(session, compound_id, walk.id)
    steps: list[Step] = []
    unchanged = 0
    for row in rows:
        point_id = points.get(row.code)
        if point_id is None:
            found.append(Problem("observation.well_unknown", row.line, params={"code": row.code}))
            continue
        defects = list(_defects(row, found))
        note = normalise_note(row.note)
        at = None if row.at is None else row.at.replace(tzinfo=zone).astimezone(UTC)
        said = _said(point_id, row.level, row.mud_mm, defects, note)
        if any(_same_time(at, known) for known in standing.get(said, ())):
            unchanged += 1
            continue
        values = {"level": row.level, "mud_mm": row.mud_mm, "defects": defects, "note": note}
        payload = {
            "id": str(acting.new_id()),
            "walk": str(walk.id),
            "point": str(point_id),
            **{name: value for name, value in values.items() if value not in (None, "", [])},
        }
        observe = Intent("walk.observe", payload, doer_id=doer_id, happened_at=at or walk.started_at)
        steps.append(Step(row.line, row.code, (observe,), adds=True))
    if steps and walk.start is not None:
        steps.insert(0, Step(None, "", (walk.start,), needed=True))
    return make_plan(steps, unchanged=unchanged, problems=found, warnings=IMPORT_WARNINGS, strict=strict)


def _walk(
    session: Session,
    compound_id: UUID,
    name: str,
    rows: Sequence[ObservationRow],
    points: dict[str, UUID],
    *,
    zone: ZoneInfo,
    acting: Acting,
) -> _Walk | Problem:
    walk_ids = find_walks(session, compound_id, name)
    if len(walk_ids) > 1:
        return Problem("walk.ambiguous", params={"name": normalise(name)[:40], "n": len(walk_ids)})
    if walk_ids:
        statement = select(WALK.c.started_at, WALK.c.archived)
        row = rows_of(session, statement.where(WALK.c.compound_id == compound_id, WALK.c.id == walk_ids[0]))[
            0
        ]
        if row.archived:
            return Problem("walk.archived", params={"name": normalise(name)[:40]})
        return _Walk(walk_ids[0], row.started_at, None)
    times = [row.at.replace(tzinfo=zone).astimezone(UTC) for row in rows if row.at is not None]
    started_at = min(times, default=acting.clock())
    walk_id = acting.new_id()
    payload: dict[str, Any] = {"id": str(walk_id), "name": name}
    route_id = _route(session, compound_id, {points[row.code] for row in rows if row.code in points})
    if route_id is not None:
        payload["route"] = str(route_id)
    return _Walk(walk_id, started_at, Intent("walk.start", payload, happened_at=started_at))


def _route(session: Session, compound_id: UUID, seen: set[UUID]) -> UUID | None:
    """Return the one living route that holds all these points, if exactly one does."""
    statement = (
        select(STOP.c.route_id, STOP.c.point_id)
        .select_from(
            STOP.join(ROUTE, and_(ROUTE.c.compound_id == compound_id, ROUTE.c.id == STOP.c.route_id))
        )
        .where(STOP.c.compound_id == compound_id, STOP.c.archived.is_(False), ROUTE.c.archived.is_(False))
    )
    stops: dict[UUID, set[UUID]] = {}
    for row in rows_of(session, statement):
        stops.setdefault(row.route_id, set()).add(row.point_id)
    holding = [route_id for route_id, on_route in stops.items() if seen and seen <= on_route]
    return holding[0] if len(holding) == 1 else None


def _points(session: Session, compound_id: UUID) -> dict[str, UUID]:
    """Return the points by code, archived ones too: what was seen there is a fact, and is flagged."""
    statement = select(POINT.c.code, POINT.c.id).where(POINT.c.compound_id == compound_id)
    return {row.code: row.id for row in rows_of(session, statement)}


def _standing(session: Session, compound_id: UUID, walk_id: UUID) -> dict[_Said, list[datetime]]:
    statement = select(OBSERVATION).where(
        OBSERVATION.c.compound_id == compound_id,
        OBSERVATION.c.walk_id == walk_id,
        OBSERVATION.c.archived.is_(False),
    )
    standing: dict[_Said, list[datetime]] = {}
    for row in rows_of(session, statement):
        if row.point_id is not None:
            said = _said(row.point_id, row.level, row.mud_mm, row.defects, row.note)
            standing.setdefault(said, []).append(row.at)
    return standing


def _said(
    point_id: UUID, level: str | None, mud_mm: int | None, defects: Iterable[dict[str, Any]], note: str
) -> _Said:
    listed = list(defects)
    # A sheet has one cell for all defects, so words for `other` ones may come back cut differently:
    # their letters are compared.
    other = _NOT_A_WORD.sub(
        "", "".join(fold(defect.get("note") or "") for defect in listed if defect["code"] == OTHER)
    )
    return _Said(
        point_id=point_id,
        level=level,
        mud_mm=mud_mm,
        defects=frozenset((defect["code"], defect.get("grade")) for defect in listed),
        other="".join(sorted(other)),
        note=note,
    )


def _same_time(at: datetime | None, known: datetime) -> bool:
    if at is None:
        return True
    if at.second == 0:
        return at <= known < at + timedelta(minutes=1)
    return abs(known - at) < timedelta(seconds=1)


def _defects(row: ObservationRow, found: list[Problem]) -> Iterable[dict[str, Any]]:
    for written, grade in row.defects:
        code = defect_code(written)
        defect: dict[str, Any] = {"code": code or OTHER}
        if grade is not None:
            defect["grade"] = grade
        if code is None:
            defect["note"] = normalise(written)[:LONGEST_NAME].strip()
            found.append(
                Problem("defect.unknown", row.line, params={"code": row.code, "value": defect["note"][:40]})
            )
        yield defect
