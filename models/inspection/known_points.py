"""Which points people mean by the codes they type: `w7` is W07 where there is no W7."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.inspection.numbering import spellings
from models.inspection.observed import PIPE, POINT, rows_of

_CHUNK = 500
Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class KnownPoint:
    """A point as it stands."""

    id: UUID
    code: str
    kind: str
    archived: bool


@dataclass(frozen=True, slots=True)
class KnownPipe:
    """A pipe as it stands, with all that another one in its place would keep."""

    id: UUID
    from_id: UUID
    to_id: UUID
    diameter_mm: int | None
    length_m: float | None
    material: str
    system: str
    archived: bool


def points_meant(session: Session, compound_id: UUID, codes: Iterable[str]) -> Mapping[str, KnownPoint]:
    """Return the point that each code means; a code that means none, or several, is left out.

    The code as it is written comes first, then a living one that differs in leading zeros, then an archived one.
    """
    wanted = {code: spellings(code) for code in codes}
    known = points_by_code(session, compound_id, {one for several in wanted.values() for one in several})
    meant: dict[str, KnownPoint] = {}
    for code, several in wanted.items():
        found = [known[one] for one in several if one in known]
        living = [point for point in found if not point.archived]
        if (exact := known.get(code)) is not None and (not exact.archived or not living):
            meant[code] = exact
        elif len(living or found) == 1:
            meant[code] = (living or found)[0]
    return meant


def points_by_code(session: Session, compound_id: UUID, codes: Iterable[str]) -> dict[str, KnownPoint]:
    """Return the points that have exactly these codes, archived ones too."""
    found: dict[str, KnownPoint] = {}
    for chunk in _chunks(list(dict.fromkeys(codes))):
        statement = select(POINT.c.id, POINT.c.code, POINT.c.kind, POINT.c.archived).where(
            POINT.c.compound_id == compound_id, POINT.c.code.in_(chunk)
        )
        for row in rows_of(session, statement):
            found[row.code] = KnownPoint(row.id, row.code, row.kind, row.archived)
    return found


def pipes_among(
    session: Session, compound_id: UUID, point_ids: Iterable[UUID]
) -> dict[tuple[UUID, UUID], KnownPipe]:
    """Return the pipes that begin at one of these points, by their two ends, archived ones too."""
    found: dict[tuple[UUID, UUID], KnownPipe] = {}
    for chunk in _chunks(list(dict.fromkeys(point_ids))):
        statement = select(PIPE).where(PIPE.c.compound_id == compound_id, PIPE.c.from_id.in_(chunk))
        for row in rows_of(session, statement):
            found[row.from_id, row.to_id] = KnownPipe(
                row.id,
                row.from_id,
                row.to_id,
                row.diameter_mm,
                row.length_m,
                row.material,
                row.system,
                row.archived,
            )
    return found


def _chunks(wanted: Sequence[Each]) -> Iterable[Sequence[Each]]:
    return (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
