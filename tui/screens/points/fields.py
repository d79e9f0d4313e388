"""Forms of points and pipes: their fields, and from what was typed to what an operation carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from models.codes import LONGEST_WELL_CODE, well_code
from models.inspection.queries import PointView
from models.inspection.queries_network import PipeLine
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from tui.i18n import t
from tui.screens.changing import Values
from tui.screens.points.words import depth_text, kind_options, number_text, system_options
from tui.screens.register.fields import Payload, differing, note_field, note_from_line
from tui.widgets.fields import ChoiceField, Field, NumberField, PickField, TextField, Value
from tui.widgets.picker import Option

_METRES = Decimal(100_000_000)


def check_code(text: Value) -> str | None:
    return None if well_code(str(text)) is not None else t("points.code_wrong", most=LONGEST_WELL_CODE)


def kind_field(kind: str) -> Field:
    return PickField(id="kind", label=t("points.kind"), value=kind, required=True, options=kind_options())


def building_field(buildings: Sequence[Option], building_id: str = "") -> Field:
    options = (Option("", t("points.no_building")), *buildings)
    return PickField(id="building", label=t("points.building"), value=building_id, options=options)


def point_fields(card: PointView, buildings: Sequence[Option]) -> list[Field]:
    point = card.point
    return [
        TextField(
            id="code",
            label=t("points.code"),
            value=point.code,
            required=True,
            check=check_code,
            longest=LONGEST_NAME,
        ),
        TextField(id="name", label=t("points.name"), value=point.name, longest=LONGEST_NAME),
        NumberField(
            id="depth_mm",
            label=t("points.depth"),
            value=depth_text(point.depth_mm),
            minimum=1,
            maximum=50_000,
            unit="mm",
        ),
        _metres("ground_m", t("points.ground"), point.ground_m, least=Decimal(-500), most=Decimal(9000)),
        _metres("x_m", t("points.x"), point.x_m, least=-_METRES, most=_METRES),
        _metres("y_m", t("points.y"), point.y_m, least=-_METRES, most=_METRES),
        kind_field(point.kind),
        building_field(buildings, str(card.building_id or "")),
        note_field(point.note),
    ]


def point_intents(card: PointView, values: Values) -> list[Intent]:
    """Return what an edit changes: the fields in one operation, the code in another."""
    point = card.point
    stands: Payload = {
        "kind": point.kind,
        "name": point.name,
        "building_id": None if card.building_id is None else str(card.building_id),
        "x_m": point.x_m,
        "y_m": point.y_m,
        "ground_m": point.ground_m,
        "depth_mm": point.depth_mm,
        "note": point.note,
    }
    wanted: Payload = {
        "kind": str(values["kind"] or point.kind),
        "name": str(values["name"] or ""),
        "building_id": str(values["building"]) if values["building"] else None,
        "x_m": _float(values["x_m"], point.x_m),
        "y_m": _float(values["y_m"], point.y_m),
        "ground_m": _float(values["ground_m"], point.ground_m),
        "depth_mm": values["depth_mm"] if isinstance(values["depth_mm"], int) else None,
        "note": note_from_line(values["note"]),
    }
    old, new = differing(stands, wanted)
    made = [Intent("point.edit", {"point": str(point.id), "old": old, "new": new})] if new else []
    code = well_code(str(values["code"]))
    if code != point.code:
        made.append(Intent("point.rename", {"point": str(point.id), "code": code, "before": point.code}))
    return made


def pipe_fields(pipe: PipeLine) -> list[Field]:
    return [
        NumberField(
            id="diameter_mm",
            label=t("points.diameter"),
            value=depth_text(pipe.diameter_mm),
            minimum=10,
            maximum=10_000,
            unit="mm",
        ),
        _metres("length_m", t("points.length"), pipe.length_m, least=Decimal("0.001"), most=Decimal(100_000)),
        TextField(id="material", label=t("points.material"), value=pipe.material, longest=LONGEST_NAME),
        ChoiceField(id="system", label=t("points.system"), value=pipe.system, options=system_options()),
    ]


def pipe_intents(pipe: PipeLine, values: Values) -> list[Intent]:
    stands: Payload = {
        "diameter_mm": pipe.diameter_mm,
        "length_m": pipe.length_m,
        "material": pipe.material,
        "system": pipe.system,
    }
    wanted: Payload = {
        "diameter_mm": values["diameter_mm"] if isinstance(values["diameter_mm"], int) else None,
        "length_m": _float(values["length_m"], pipe.length_m),
        "material": str(values["material"] or ""),
        "system": str(values["system"] or ""),
    }
    old, new = differing(stands, wanted)
    return [Intent("pipe.edit", {"pipe": str(pipe.id), "old": old, "new": new})] if new else []


def _metres(name: str, label: str, value: float | None, *, least: Decimal, most: Decimal) -> Field:
    return NumberField(
        id=name, label=label, value=number_text(value), decimals=3, minimum=least, maximum=most, unit="m"
    )


def _float(value: Value, stands: float | None) -> float | None:
    """Return metres as typed; what stood there stays to the last digit when nobody touched it."""
    if value is None:
        return None
    number = float(Decimal(str(value)))
    return stands if stands is not None and number_text(stands) == number_text(number) else number


def chosen(values: Mapping[str, Any], name: str) -> str:
    """Return the id that was picked, or nothing."""
    return str(values.get(name) or "")
