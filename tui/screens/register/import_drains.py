"""What an import of wells or pipes would do, as rows to look at. Runs in a worker; nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from models.files.network import PipeRow, WellRow, read_pipes, read_wells
from models.importing import Change, Plan
from models.inspection.importing import plan_pipes, plan_wells
from models.tables import Json
from tui.desk import Desk
from tui.i18n import t
from tui.screens.walk.words import kind_word
from tui.widgets.rows import RowView

_FIELDS: Final = {
    "kind": "import.point_kind",
    "building_id": "import.building",
    "x_m": "import.easting",
    "y_m": "import.northing",
    "ground_m": "import.ground",
    "depth_mm": "import.depth",
    "note": "register.note",
    "diameter_mm": "import.diameter",
    "length_m": "import.length",
    "material": "import.material",
    "system": "import.system",
}
_UNITS: Final = {"m": "import.metres", "mm": "import.millimetres"}

#: A plan and, by code, the line of the file and what it says of the thing.
Found = tuple[Plan, Mapping[str, tuple[int, str]]]


def look_at_drains(desk: Desk, path: Path) -> Found | None:
    """Compare a list of pipes or wells with what is stored; None if the file is neither.

    A bare column of codes could be a list of anything, so wells must say something more.
    """
    pipes = read_pipes(path)
    if pipes.rows:
        with desk.store.read() as session:
            plan = plan_pipes(
                session, desk.seat.compound_id, pipes.rows, pipes.problems, acting=desk.acting()
            )
        return plan, {f"{row.start}-{row.end}": (row.line, _pipe_text(row)) for row in pipes.rows}
    wells = read_wells(path)
    if not any(_tells_something(row) for row in wells.rows):
        return None
    with desk.store.read() as session:
        plan = plan_wells(session, desk.seat.compound_id, wells.rows, wells.problems, acting=desk.acting())
    return plan, {row.code: (row.line, _well_text(row)) for row in wells.rows}


def _tells_something(row: WellRow) -> bool:
    return any(value is not None for value in (row.kind, row.x_m, row.ground_m, row.depth_mm))


def _well_text(row: WellRow) -> str:
    return _joined(
        kind_word(row.kind or "well"),
        _told("depth_mm", row.depth_mm),
        _told("ground_m", row.ground_m),
        row.note,
    )


def _pipe_text(row: PipeRow) -> str:
    return _joined(_told("diameter_mm", row.diameter_mm), _told("length_m", row.length_m), row.material or "")


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _told(name: str, value: Json) -> str:
    return f"{t(_FIELDS[name])} {_value(name, value)}" if value else ""


def _value(name: str, value: Json) -> str:
    """Return a value as people write it, with its unit."""
    if value is None or value == "":
        return t("import.blank")
    if name == "kind":
        return kind_word(str(value))
    if name == "building_id":
        return t("import.set")
    text = f"{value:g}" if isinstance(value, float) else str(value)
    unit = _UNITS.get(name.rpartition("_")[2])
    return t(unit, n=text) if unit else text


def drain_rows(found: Mapping[str, tuple[int, str]], codes: Sequence[str]) -> tuple[RowView, ...]:
    """Return the things of a file by their codes."""
    return tuple(
        RowView(code, (code, found[code][1], str(found[code][0]))) for code in codes if code in found
    )


def changed_row(number: int, change: Change) -> RowView:
    """Return a change as `井深 1200 毫米 -> 1500 毫米`."""
    name: Any = _FIELDS.get(change.field)
    old, new = _value(change.field, change.old), _value(change.field, change.new)
    row = (change.code, t(name) if name else change.field, f"{old} → {new}", str(change.line))
    return RowView(str(number), row)
