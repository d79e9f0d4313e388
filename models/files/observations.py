"""What somebody saw at the wells, typed in from paper: level, mud, defects, note, time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from models.files import values
from models.files.columns import Cursor, Field, Layout, Reading, in_order, read_table
from models.files.network import code_cell
from models.problems import Problem

LEVELS: Final = {
    "dry": "dry", "干": "dry", "干涸": "dry", "无水": "dry", "干枯": "dry",
    "flowing": "flowing", "畅": "flowing", "畅通": "flowing", "通畅": "flowing", "流动": "flowing", "正常": "flowing",
    "half": "half", "半": "half", "半满": "half", "半管": "half",
    "full": "full", "满": "full", "满管": "full",
    "overflow": "overflow", "溢": "overflow", "溢流": "overflow", "外溢": "overflow", "冒溢": "overflow", "满溢": "overflow",
    "unopened": "unopened", "打不开": "unopened", "未打开": "unopened", "未开": "unopened",
}  # fmt: skip
_NOTHING = frozenset({"无", "没有", "正常", "none", "ok", "-", "/", "—"})
_SEPARATORS = re.compile(r"[、,，;；/／|\n]+")
_GRADED = re.compile(
    r"(?P<name>.*?[^\s\d:：(（-])\s*(?:[:：]\s*(?P<after>-?\d+)\s*级?|[(（]\s*(?P<inside>\d+)\s*级?\s*[)）]|(?P<plain>\d+)\s*级|(?P<word>[一二三四])级)"
)
# The survey form writes a code and its grade in one: CJ3, PL 2.
_CODED = re.compile(r"([A-Za-z]{2})[\s-]?(\d+)")
_GRADES = {"一": 1, "二": 2, "三": 3, "四": 4}

OBSERVATION_LAYOUT: Final = Layout(
    fields=(
        Field("code", ("code", "编号", "井号", "点号", "井编号", "检查井编号", "well", "point")),
        Field("level", ("level", "水位", "水位情况", "water level")),
        Field("mud_mm", ("mud_mm", "积泥", "积泥深度", "淤泥", "泥深", "silt depth"), unit="mm"),
        # Only to compare the mud with: a well's depth belongs to the list of wells.
        Field("depth_mm", ("depth_mm", "井深"), unit="mm"),
        Field("defects", ("defects", "缺陷", "问题", "病害", "defect")),
        Field("note", ("note", "备注", "说明", "notes", "remark")),
        Field(
            "at", ("at", "时间", "日期", "检查时间", "巡检时间", "检查日期", "date", "time", "observed at")
        ),
    ),
    needs=(("code",),),
)


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """One look at one point.

    level: dry, flowing, half, full, overflow, unopened. `defects` pairs a name or
    code as written with a grade of 1 to 4 or None. `at` is local time without a
    zone; the caller knows the compound's.
    """

    code: str
    level: str | None
    mud_mm: int | None
    defects: tuple[tuple[str, int | None], ...]
    note: str
    at: datetime | None
    line: int


def read_observations(source: Path | bytes, *, name: str = "") -> Reading[ObservationRow]:
    """The observations of a file; the same point at the same time twice counts once, the first."""
    table = read_table(source, OBSERVATION_LAYOUT, name=name)
    if isinstance(table, Problem):
        return Reading((), (table,))
    seen: dict[tuple[str, datetime | None], ObservationRow] = {}
    for row in table.rows():
        code = code_cell(row, "code")
        if code is None:
            continue
        before = len(row.problems)
        level = row.read("level", lambda text: values.choice(text, LEVELS))
        mud = _mud(row)
        defects = tuple(_defects(row))
        note = row.note("note", values.free_text)
        at = row.read("at", values.moment)
        if level is None and mud is None and not defects and not note:
            # A template's line that nobody filled in is no observation; a line whose only value is wrong says so already.
            if at is not None and len(row.problems) == before:
                row.report(Problem("observation.empty", params={"code": code}), "code")
            continue
        if known := seen.get((code, at)):
            row.report(Problem("observation.twice", params={"code": code, "first_line": known.line}), "code")
            continue
        seen[code, at] = ObservationRow(code, level, mud, defects, note, at, row.line)
    return Reading(tuple(seen.values()), in_order(table.problems))


def _mud(row: Cursor) -> int | None:
    mud = row.read("mud_mm", partial(values.millimetres, unit=row.unit("mud_mm"), low=0, high=20_000))
    depth = row.read("depth_mm", partial(values.millimetres, unit=row.unit("depth_mm"), low=0, high=30_000))
    if mud is not None and depth is not None and mud > depth:
        row.report(Problem("mud.deeper_than_well", params={"mud_mm": mud, "depth_mm": depth}), "mud_mm")
        return None
    return mud


def _defects(row: Cursor) -> Iterator[tuple[str, int | None]]:
    """`silt:3、crack` as (silt, 3), (crack, None). A grade outside 1 to 4 is reported and the defect kept."""
    named: set[str] = set()
    for written in _SEPARATORS.split(row.note("defects", values.free_text)):
        part = values.folded(written)
        if not part or part.casefold() in _NOTHING:
            continue
        if coded := _CODED.fullmatch(part):
            part = f"{coded[1]}:{coded[2]}"
        graded = _GRADED.fullmatch(part)
        name = graded["name"].strip() if graded else part
        grade = _grade(graded) if graded else None
        if grade is not None and not 1 <= grade <= 4:  # noqa: PLR2004
            row.report(values.bad("defect.grade", part), "defects")
            grade = None
        if name.casefold() not in named:
            named.add(name.casefold())
            yield name, grade


def _grade(graded: re.Match[str]) -> int | None:
    if graded["word"]:
        return _GRADES[graded["word"]]
    digits = graded["after"] or graded["inside"] or graded["plain"]
    return int(digits) if len(digits) <= 4 else 0  # noqa: PLR2004 -- 0 is no grade, as thousands of digits are none
