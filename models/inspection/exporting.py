"""Tables of wells, pipes and observations, as sheets that can be typed into and read back.

Headers and words are those that the readers in `models.files` know, so that a
table which is written here and imported again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session

from models.files.network import PIPE_LAYOUT, POINT_KINDS, SYSTEMS, WELL_LAYOUT
from models.files.observations import LEVELS, OBSERVATION_LAYOUT
from models.files.tabling import Language, SheetTable, header_of, word_for
from models.inspection.defects import defect_word
from models.inspection.importing_observations import OTHER
from models.inspection.observed import (
    OBSERVATION,
    POINT,
    DefectSeen,
    rows_of,
    seen,
    select_seen,
    zone_of,
)
from models.inspection.queries import points_page, route_view
from models.inspection.queries_network import pipes_page
from models.inspection.queries_walks import DRAINS, walk_row

_WELL_COLUMNS = ("code", "kind", "building", "x_m", "y_m", "ground_m", "depth_mm", "note")
_PIPE_COLUMNS = ("from", "to", "diameter_mm", "length_m", "material", "system")
_OBSERVATION_COLUMNS = ("code", "level", "mud_mm", "defects", "note", "at")


def wells_table(
    session: Session,
    compound_id: UUID,
    *,
    language: Language,
    kind: str | None = None,
    masked: bool = False,
) -> SheetTable:
    """Return the living points, or those of one kind, in natural order; `masked` leaves out notes."""
    rows = tuple(
        (
            line.code,
            word_for(POINT_KINDS, line.kind, language),
            line.building,
            line.x_m,
            line.y_m,
            line.ground_m,
            line.depth_mm,
            "" if masked else line.note,
        )
        for line in points_page(session, compound_id, kind=kind)
    )
    return SheetTable(header_of(WELL_LAYOUT, _WELL_COLUMNS, language), rows)


def pipes_table(session: Session, compound_id: UUID, *, language: Language) -> SheetTable:
    """Return the living pipes by their ends."""
    rows = tuple(
        (
            line.start,
            line.end,
            line.diameter_mm,
            line.length_m,
            line.material,
            word_for(SYSTEMS, line.system, language),
        )
        for line in pipes_page(session, compound_id)
    )
    return SheetTable(header_of(PIPE_LAYOUT, _PIPE_COLUMNS, language), rows)


def observations_table(
    session: Session, compound_id: UUID, walk_id: UUID, *, language: Language, masked: bool = False
) -> SheetTable | None:
    """Return what a walk saw, in the order it was seen, in the compound's time; None without such a walk.

    `masked` leaves out what was written in somebody's own words, which may name people.
    Checklist answers have no column. An observation that says nothing else has
    only its code and time.
    """
    walk = walk_row(session, compound_id, walk_id)
    if walk is None:
        return None
    zone = zone_of(session, compound_id)
    statement = (
        select_seen(compound_id)
        .join(POINT, (POINT.c.compound_id == compound_id) & (POINT.c.id == OBSERVATION.c.point_id))
        .add_columns(POINT.c.code)
        .where(OBSERVATION.c.walk_id == walk.id, OBSERVATION.c.archived.is_(False))
        .order_by(OBSERVATION.c.at, OBSERVATION.c.id)
    )
    rows = []
    for row in rows_of(session, statement):
        looked = seen(row, zone=zone, diameter_mm=None)
        rows.append(
            (
                row.code,
                word_for(LEVELS, looked.level or "", language),
                looked.mud_mm,
                _defects(looked.defects, language, masked=masked),
                "" if masked else looked.note,
                looked.at.replace(microsecond=0, tzinfo=None),
            )
        )
    return SheetTable(header_of(OBSERVATION_LAYOUT, _OBSERVATION_COLUMNS, language), tuple(rows))


def blank_sheet(
    session: Session, compound_id: UUID, *, language: Language, route_id: UUID | None = None
) -> SheetTable:
    """Return a sheet to take along on paper: codes in walking order, and room to write.

    Without a route it lists every living well and outfall.
    """
    view = None if route_id is None else route_view(session, compound_id, route_id)
    if view is not None:
        codes = [stop.code for stop in view.stops]
    else:
        codes = [line.code for line in points_page(session, compound_id) if line.kind in DRAINS]
    blanks = ("",) * (len(_OBSERVATION_COLUMNS) - 1)
    return SheetTable(
        header_of(OBSERVATION_LAYOUT, _OBSERVATION_COLUMNS, language),
        tuple((code, *blanks) for code in codes),
    )


def _defects(defects: Iterable[DefectSeen], language: Language, *, masked: bool) -> str:
    return "、".join(
        (
            defect.note
            if defect.code == OTHER and defect.note and not masked
            else defect_word(defect.code, language)
        )
        + (f":{defect.grade}" if defect.grade else "")
        for defect in defects
    )
