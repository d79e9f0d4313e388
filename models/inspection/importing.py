"""Importing wells, pipes and observations: what a sheet would add and change.

What a file leaves empty stays as it is. Importing the same file again changes
nothing. `models.importing.carry_out` performs what is planned here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, and_, select
from sqlmodel import Session

from models.files.network import PipeRow, WellRow
from models.files.problem_codes import WARNING_CODES
from models.importing import Change, Plan, Step, make_plan
from models.inspection.observed import PIPE, POINT, rows_of
from models.inspection.queries import BUILDING
from models.inspection.rules import PointKind
from models.operations.envelope import Acting, Intent
from models.problems import Param, Problem
from models.tables import Json
from models.text import normalise, normalise_note

#: Every code these plans add to those of reading the file, with its parameters.
IMPORT_PROBLEM_CODES: Final[dict[str, tuple[str, ...]]] = {
    "well.archived": ("code",),  # the row is left out: bringing a point back is a decision of its own
    "well.building_unknown": ("code", "building"),  # the well is kept, its building is left as it was
    "pipe.well_unknown": ("start", "end", "well"),  # the row is left out
    "pipe.well_archived": ("start", "end", "well"),  # the row is left out
    "pipe.archived": ("start", "end"),  # the row is left out
    "pipe.twice": (
        "start",
        "end",
        "first_line",
    ),  # one pipe joins two wells, whatever its system; the first counts
    "observation.well_unknown": ("code",),  # the row is left out
    "defect.unknown": ("code", "value"),  # kept as `other` with the words as its note
    "walk.ambiguous": ("name", "n"),  # several walks have that name; nothing is imported
    "walk.archived": ("name",),  # nothing is imported
}
#: Problems that cost no value: they stop nothing, not even a strict import.
IMPORT_WARNINGS: Final = WARNING_CODES | {"defect.unknown"}

#: Lengths and co-ordinates in files are whole millimetres; a difference below that is none.
_MILLIMETRE = 3
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class _KnownPoint:
    id: UUID
    archived: bool
    values: Mapping[str, Any]


def plan_wells(
    session: Session,
    compound_id: UUID,
    rows: Sequence[WellRow],
    problems: Iterable[Problem] = (),
    *,
    acting: Acting,
    strict: bool = False,
) -> Plan:
    """Compare a list of points with what is stored.

    A point that is new and says no kind is a drain well. A depth of 0 stands
    for an unknown one. `problems` are those of reading the file.
    """
    known = _points(session, compound_id, [row.code for row in rows])
    buildings = _buildings(session, compound_id)
    found = list(problems)
    steps: list[Step] = []
    changes: list[Change] = []
    unchanged = 0
    for row in rows:
        standing = known.get(row.code)
        if standing is not None and standing.archived:
            found.append(_problem("well.archived", row.line, code=row.code))
            continue
        building = buildings.get(row.building or "")
        if row.building and building is None:
            found.append(_problem("well.building_unknown", row.line, code=row.code, building=row.building))
        told = _told(
            kind=row.kind,
            building_id=None if building is None else str(building),
            x_m=row.x_m,
            y_m=row.y_m,
            ground_m=row.ground_m,
            depth_mm=row.depth_mm or None,
            note=normalise_note(row.note),
        )
        if standing is None:
            payload = {"id": str(acting.new_id()), "code": row.code, "kind": PointKind.WELL.value, **told}
            steps.append(Step(row.line, row.code, (Intent("point.add", payload),), adds=True))
            continue
        edit = _edit(standing.values, told)
        if edit is None:
            unchanged += 1
            continue
        old, new = edit
        payload = {"point": str(standing.id), "old": old, "new": new}
        steps.append(Step(row.line, row.code, (Intent("point.edit", payload),)))
        changes += _changes(row.line, row.code, old, new)
    return make_plan(
        steps, unchanged=unchanged, problems=found, warnings=IMPORT_WARNINGS, changes=changes, strict=strict
    )


def plan_pipes(
    session: Session,
    compound_id: UUID,
    rows: Sequence[PipeRow],
    problems: Iterable[Problem] = (),
    *,
    acting: Acting,
    strict: bool = False,
) -> Plan:
    """Compare a list of pipes with what is stored; a pipe is known by its two ends.

    A length of 0 stands for an unknown one.
    """
    points = _points(session, compound_id, [code for row in rows for code in (row.start, row.end)])
    known = _pipes(session, compound_id)
    found = list(problems)
    steps: list[Step] = []
    changes: list[Change] = []
    unchanged = 0
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        ends = (row.start, row.end)
        problem = _pipe_problem(row, points, known, lines)
        if problem is not None:
            found.append(problem)
            continue
        lines[ends] = row.line
        told = _told(
            diameter_mm=row.diameter_mm,
            length_m=row.length_m or None,
            material=normalise(row.material or ""),
            system=row.system,
        )
        name = f"{row.start}-{row.end}"
        standing = known.get(ends)
        if standing is None:
            start, end = (str(points[code].id) for code in ends)
            payload = {"id": str(acting.new_id()), "start": start, "end": end, **told}
            steps.append(Step(row.line, name, (Intent("pipe.add", payload),), adds=True))
            continue
        edit = _edit(standing.values, told)
        if edit is None:
            unchanged += 1
            continue
        old, new = edit
        payload = {"pipe": str(standing.id), "old": old, "new": new}
        steps.append(Step(row.line, name, (Intent("pipe.edit", payload),)))
        changes += _changes(row.line, name, old, new)
    return make_plan(
        steps, unchanged=unchanged, problems=found, warnings=IMPORT_WARNINGS, changes=changes, strict=strict
    )


def _pipe_problem(
    row: PipeRow,
    points: Mapping[str, _KnownPoint],
    known: Mapping[tuple[str, str], _KnownPoint],
    lines: Mapping[tuple[str, str], int],
) -> Problem | None:
    ends = (row.start, row.end)
    names: dict[str, Param] = {"start": row.start, "end": row.end}
    for code in ends:
        if code not in points:
            return _problem("pipe.well_unknown", row.line, **names, well=code)
        if points[code].archived:
            return _problem("pipe.well_archived", row.line, **names, well=code)
    if ends in lines:
        return _problem("pipe.twice", row.line, **names, first_line=lines[ends])
    if ends in known and known[ends].archived:
        return _problem("pipe.archived", row.line, **names)
    return None


# -- comparing ---------------------------------------------------------------------------


def _told(**values: Json) -> dict[str, Json]:
    """Return what the file says: what it leaves empty is left out."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _edit(
    standing: Mapping[str, Any], told: Mapping[str, Json]
) -> tuple[dict[str, Json], dict[str, Json]] | None:
    """Return the old and the new values of what differs, or None."""
    new = {name: value for name, value in told.items() if not _alike(standing[name], value)}
    return ({name: standing[name] for name in new}, new) if new else None


def _alike(stands: Json, told: Json) -> bool:
    if isinstance(stands, float) and isinstance(told, int | float):
        return round(stands, _MILLIMETRE) == round(told, _MILLIMETRE)
    return stands == told


def _changes(line: int, code: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Change]:
    return (Change(line, code, name, old[name], new[name]) for name in sorted(new))


def _problem(problem_code: str, problem_line: int | None, /, **params: Param) -> Problem:
    return Problem(problem_code, problem_line, params=params)


# -- what is stored ----------------------------------------------------------------------

_POINT_FIELDS = ("kind", "building_id", "x_m", "y_m", "ground_m", "depth_mm", "note")
_PIPE_FIELDS = ("diameter_mm", "length_m", "material", "system")


def _points(session: Session, compound_id: UUID, codes: Iterable[str]) -> dict[str, _KnownPoint]:
    wanted = list(dict.fromkeys(codes))
    known: dict[str, _KnownPoint] = {}
    for start in range(0, len(wanted), _CHUNK):
        statement = select(POINT).where(
            POINT.c.compound_id == compound_id, POINT.c.code.in_(wanted[start : start + _CHUNK])
        )
        for row in rows_of(session, statement):
            known[row.code] = _KnownPoint(row.id, row.archived, _values(row, _POINT_FIELDS))
    return known


def _pipes(session: Session, compound_id: UUID) -> dict[tuple[str, str], _KnownPoint]:
    start, end = POINT.alias("start"), POINT.alias("end")
    statement = select(PIPE, start.c.code.label("start"), end.c.code.label("end")).select_from(
        PIPE.join(start, and_(start.c.compound_id == compound_id, start.c.id == PIPE.c.from_id)).join(
            end, and_(end.c.compound_id == compound_id, end.c.id == PIPE.c.to_id)
        )
    )
    return {
        (row.start, row.end): _KnownPoint(row.id, row.archived, _values(row, _PIPE_FIELDS))
        for row in rows_of(session, statement.where(PIPE.c.compound_id == compound_id))
    }


def _values(row: Row[Any], names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}


def _buildings(session: Session, compound_id: UUID) -> dict[str, UUID]:
    statement = select(BUILDING.c.code, BUILDING.c.id).where(
        BUILDING.c.compound_id == compound_id, BUILDING.c.archived.is_(False)
    )
    return {row.code: row.id for row in rows_of(session, statement)}
