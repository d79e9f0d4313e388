"""Inspection points (mostly drain wells) and the pipes between them, as somebody's table lists them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from models.codes import building_part, well_code
from models.files import values
from models.files.columns import Cursor, Field, Layout, Reading, in_order, read_table
from models.problems import Problem

POINT_KINDS: Final = {
    "well": "well", "检查井": "well", "井": "well", "雨水井": "well", "污水井": "well", "窨井": "well", "manhole": "well",
    "outfall": "outfall", "排出口": "outfall", "排水口": "outfall", "出口": "outfall",
    "lamp": "lamp", "路灯": "lamp", "灯": "lamp", "extinguisher": "extinguisher", "灭火器": "extinguisher",
    "hydrant": "hydrant", "消火栓": "hydrant", "消防栓": "hydrant", "消火栓箱": "hydrant",
    "escape": "escape", "疏散通道": "escape", "消防通道": "escape", "防火门": "escape",
    "charger": "charger", "充电点": "charger", "充电桩": "charger", "充电车棚": "charger",
    "lift": "lift", "电梯": "lift", "elevator": "lift", "road": "road", "道路": "road", "garden": "garden", "绿地": "garden",
    "custom": "custom", "其他": "custom", "其它": "custom", "other": "custom",
}  # fmt: skip
SYSTEMS: Final = {
    "foul": "foul", "污水": "foul", "污": "foul", "ws": "foul", "w": "foul", "rain": "rain", "雨水": "rain", "雨": "rain",
    "ys": "rain", "y": "rain", "storm": "rain", "combined": "combined", "合流": "combined", "雨污合流": "combined", "hs": "combined",
}  # fmt: skip

WELL_LAYOUT: Final = Layout(
    fields=(
        Field("code", ("code", "编号", "井号", "点号", "井编号", "检查井编号", "well", "name", "id", "名称")),
        Field("kind", ("kind", "类型", "种类", "type")),
        Field("building", ("building", "楼栋", "楼号", "所属楼栋", "栋号")),
        Field("x_m", ("x_m", "横坐标", "x坐标", "x"), unit="m"),
        Field("y_m", ("y_m", "纵坐标", "y坐标", "y"), unit="m"),
        Field("ground_m", ("ground_m", "地面高程", "高程", "地面标高", "ground level"), unit="m"),
        Field("depth_mm", ("depth_mm", "井深", "深度"), unit="mm"),
        Field("note", ("note", "备注", "说明", "notes", "remark")),
    ),
    needs=(("code",),),
)
PIPE_LAYOUT: Final = Layout(
    fields=(
        Field("from", ("from", "起点", "起点编号", "上游井", "起点井号", "起始井", "start", "upstream")),
        Field("to", ("to", "终点", "终点编号", "下游井", "终点井号", "终止井", "end", "downstream")),
        Field("diameter_mm", ("diameter_mm", "管径", "直径", "dn"), unit="mm"),
        Field("length_m", ("length_m", "管长", "长度"), unit="m"),
        Field("material", ("material", "材质", "管材")),
        Field("system", ("system", "性质", "管道性质", "类型", "排水性质")),
    ),
    needs=(("from", "to"),),
)


@dataclass(frozen=True, slots=True)
class WellRow:
    """One point. Co-ordinates and ground level in metres to the millimetre, in whatever grid the file uses.

    `kind` is None when the file does not say: a sheet of depths must not turn an outfall into a well.
    """

    code: str
    kind: str | None
    building: str | None
    x_m: float | None
    y_m: float | None
    ground_m: float | None
    depth_mm: int | None
    note: str
    line: int


@dataclass(frozen=True, slots=True)
class PipeRow:
    """One pipe from its upper to its lower end; system: foul, rain, combined or None when not said."""

    start: str
    end: str
    diameter_mm: int | None
    length_m: float | None
    material: str | None
    system: str | None
    line: int


def code_cell(row: Cursor, field: str) -> str | None:
    """A point's code, or None after reporting why there is none."""
    marked = row.is_marked(field)
    text = row.text(field)
    if not text:
        if not marked:
            row.report(Problem("code.missing"), field)
        return None
    # A cell that holds an identity number is no code, and must not become one.
    code = None if values.has_identity_number(text) else well_code(text)
    if code is None:
        row.report(values.bad("code.invalid", text), field)
    return code


def read_wells(source: Path | bytes, *, name: str = "") -> Reading[WellRow]:
    """The points of a file. Of two rows with one code the first counts; a wrong cell costs that cell."""
    table = read_table(source, WELL_LAYOUT, name=name)
    if isinstance(table, Problem):
        return Reading((), (table,))
    wells: dict[str, WellRow] = {}
    for row in table.rows():
        code = code_cell(row, "code")
        if code is None:
            continue
        if code in wells:
            row.report(Problem("well.twice", params={"code": code, "first_line": wells[code].line}), "code")
            continue
        wells[code] = WellRow(
            code=code,
            kind=row.read("kind", lambda text: values.choice(text, POINT_KINDS)),
            building=row.read("building", _building),
            x_m=_metres(row, "x_m", -100_000_000, 100_000_000),
            y_m=_metres(row, "y_m", -100_000_000, 100_000_000),
            ground_m=_metres(row, "ground_m", -500, 9_000),
            depth_mm=row.read(
                "depth_mm", partial(values.millimetres, unit=row.unit("depth_mm"), low=0, high=30_000)
            ),
            note=row.note("note", values.free_text),
            line=row.line,
        )
    return Reading(tuple(wells.values()), in_order(table.problems))


def read_pipes(source: Path | bytes, *, name: str = "") -> Reading[PipeRow]:
    """The pipes of a file. Two pipes may join the same wells when they belong to different systems."""
    table = read_table(source, PIPE_LAYOUT, name=name)
    if isinstance(table, Problem):
        return Reading((), (table,))
    pipes: dict[tuple[str, str, str | None], PipeRow] = {}
    for row in table.rows():
        start, end = code_cell(row, "from"), code_cell(row, "to")
        if start is None or end is None:
            continue
        if start == end:
            row.report(Problem("pipe.to_itself", params={"code": start}), "to")
            continue
        system = row.read("system", lambda text: values.choice(text, SYSTEMS))
        if known := pipes.get((start, end, system)):
            row.report(
                Problem("pipe.twice", params={"start": start, "end": end, "first_line": known.line}), "from"
            )
            continue
        diameter = row.read(
            "diameter_mm", partial(values.millimetres, unit=row.unit("diameter_mm"), low=20, high=5_000)
        )
        length = _metres(row, "length_m", 0, 10_000)
        material = row.note("material", values.free_text) or None
        pipes[start, end, system] = PipeRow(start, end, diameter, length, material, system, row.line)
    return Reading(tuple(pipes.values()), in_order(table.problems))


def _metres(row: Cursor, field: str, low: int, high: int) -> float | None:
    return row.read(field, partial(values.metres, unit=row.unit(field), low=low, high=high))


def _building(text: str) -> str | Problem:
    part = None if values.has_identity_number(text) else building_part(text)
    return values.bad("code.invalid", text) if part is None else part
