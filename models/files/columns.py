"""Finding columns by what their headers say, in English or Chinese, wherever the header stands.

A format describes itself as a `Layout`; `read_table` finds the header in a
sheet, and `Table.rows` walks the lines under it with one `Cursor`, which
collects the problems of each cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, Generic, TypeVar

from models.files.sheet import HEADER_WITHIN, Mark, Row, Score, Sheet, read_bytes, read_sheet
from models.files.values import clean, folded, has_identity_number, shown, without_identity_numbers
from models.problems import Problem

T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)

_UNITS = {
    "mm": "mm", "毫米": "mm", "cm": "cm", "厘米": "cm", "公分": "cm", "m": "m", "米": "m",
    "m2": "m2", "m^2": "m2", "平方米": "m2", "平米": "m2", "㎡": "m2", "元": "元",
}  # fmt: skip
_BRACKETED = re.compile(r"[(\[{【〔「<《]([^)\]}】〕」>》]*)[)\]}】〕」>》]?")
_GLUED_UNIT = re.compile(
    r"(?:(?<=[_\s\-/])|(?<=[\u4e00-\u9fff]))(mm|cm|m2|m\^2|m|毫米|厘米|公分|平方米|平米|米)$"
)
_NOISE = re.compile(r"[\s_\-*:：.、/'\"·]+")
_LONGEST_HEADER = 60
#: What a header with every needed column has in points beyond one for each column that is known.
COMPLETE: Final = 1000


@dataclass(frozen=True, slots=True)
class Field:
    """One column a format knows. `headers`: the English name, the Chinese one, then other spellings.

    `unit` is what the cells hold when neither header nor cell says otherwise. An
    ignored field is known, so it is not reported, and never read.
    """

    name: str
    headers: tuple[str, ...]
    unit: str = ""
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A format's columns; `needs` lists sets of field names, one of which must be there in full."""

    fields: tuple[Field, ...]
    needs: tuple[tuple[str, ...], ...]

    def named(self, names: tuple[str, ...]) -> dict[str, str | int | float | None]:
        """The parameters `names` and `names_zh` for a sentence about these fields."""
        headers = {f.name: f.headers for f in self.fields}
        return {
            "names": ", ".join(headers[n][0] for n in names),
            "names_zh": "、".join(headers[n][1] for n in names),
        }


@dataclass(frozen=True, slots=True)
class Reading(Generic[R_co]):
    """What a file holds and what is wrong with it. Rows are usable whatever `problems` says."""

    rows: tuple[R_co, ...]
    problems: tuple[Problem, ...]


def header_key(text: str) -> tuple[str, str]:
    """A header without case, spaces, brackets and units, and its unit: `管径（mm）` is (`管径`, `mm`)."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    unit = ""
    for inside in _BRACKETED.findall(plain):
        unit = unit or _UNITS.get(inside.strip(), "")
    plain = _BRACKETED.sub("", plain).strip()
    if glued := _GLUED_UNIT.search(plain):
        unit, plain = unit or _UNITS[glued[1]], plain[: glued.start()]
    return _NOISE.sub("", plain), unit


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is there: where, the header as written, and the unit its cells hold."""

    index: int
    header: str
    unit: str


@dataclass(slots=True)
class Cursor:
    """One line under the header. Reading a cell never fails: what is wrong is added to `problems`."""

    columns: dict[str, Column]
    problems: list[Problem]
    line: int = 0
    cells: tuple[str, ...] = ()
    marks: dict[int, Mark] = field(default_factory=dict)

    def unit(self, name: str) -> str:
        return self.columns[name].unit if name in self.columns else ""

    def text(self, name: str) -> str:
        """The cell folded to plain characters; empty when there is no such column or no value."""
        column = self.columns.get(name)
        if column is None or column.index >= len(self.cells):
            return ""
        raw = self.cells[column.index]
        if raw:
            return raw if raw.isascii() and raw.isalnum() else folded(raw)
        if column.index in self.marks:
            mark = self.marks.pop(column.index)
            self.report(Problem(mark.code, params={"value": shown(mark.value)}), name)
        return ""

    def is_marked(self, name: str) -> bool:
        """Whether the cell holds a formula or an error instead of a value."""
        return name in self.columns and self.columns[name].index in self.marks

    def read(self, name: str, parse: Callable[[str], T | Problem]) -> T | None:
        """The parsed cell; None when it is empty or wrong."""
        text = self.text(name)
        if not text:
            return None
        value = parse(text)
        if isinstance(value, Problem):
            self.report(value, name)
            return None
        return value

    def note(self, name: str, parse: Callable[[str], str | Problem]) -> str:
        """A free text as written, without identity numbers; empty when missing or wrong."""
        column = self.columns.get(name)
        if not self.text(name) or column is None:
            return ""
        value = parse(self.cells[column.index])
        if isinstance(value, Problem):
            self.report(value, name)
            return ""
        if not value.isalpha() and has_identity_number(value):
            self.report(Problem("text.identity_number"), name)
            return without_identity_numbers(value)
        return value

    def report(self, problem: Problem, name: str | None = None) -> None:
        header = self.columns[name].header if name in self.columns else None
        self.problems.append(Problem(problem.code, self.line, header, problem.params))


def in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """Problems as a reader meets them going down the file; those of the whole file first."""
    return tuple(sorted(problems, key=lambda problem: problem.line or 0))


@dataclass(slots=True)
class Table:
    """A sheet whose header has been found."""

    sheet: Sheet = field(repr=False)
    header: Row
    columns: dict[str, Column]
    problems: list[Problem]

    def rows(self) -> Iterator[Cursor]:
        """One cursor, moved from line to line: lines without anything in a known column are passed over."""
        cursor = Cursor(self.columns, self.problems)
        known = sorted(column.index for column in self.columns.values())
        width = len(self.header.cells)
        named = max((n for n, cell in enumerate(self.header.cells) if cell.strip()), default=0) + 1
        unnamed = [n for n, cell in enumerate(self.header.cells) if not cell.strip()]
        is_text = self.sheet.format == "csv"
        beside, first_beside = 0, 0
        for line, cells in self.sheet.rows:
            if line <= self.header.line:
                continue
            cursor.line, cursor.cells = line, cells
            cursor.marks = dict(self.sheet.marks.get(line, ()))
            count = len(cells)
            if is_text and count > width and any(cell.strip() for cell in cells[width:]):
                cursor.report(Problem("row.long", params={"cells": count, "expected": width}))
                continue
            outside = unnamed if count <= width else [*unnamed, *range(width, count)]
            if outside and any(cells[n] and not cells[n].isspace() for n in outside if n < count):
                beside, first_beside = beside + 1, first_beside or line
            if not any(
                cells[n] and not cells[n].isspace() for n in known if n < count
            ) and cursor.marks.keys().isdisjoint(known):
                continue
            if cells[:width] == self.header.cells:
                cursor.report(Problem("row.header_again"))
                continue
            if is_text and count < named:
                cursor.report(Problem("row.short", params={"cells": count, "expected": named}))
            yield cursor
        if beside:
            self.problems.append(Problem("cells.outside", first_beside, None, {"count": beside}))


def read_table(source: Path | bytes, layout: Layout, *, name: str = "") -> Table | Problem:
    """The best fitting sheet of a file (a path, or the file's bytes and its `name`) with its columns found."""
    opened = open_sheet(source, lambda rows: header_points(rows, layout), name=name)
    return opened if isinstance(opened, Problem) else find_table(opened, layout)


def open_sheet(source: Path | bytes, score: Score, *, name: str = "") -> Sheet | Problem:
    """The sheet of a file whose first rows `score` highest."""
    if isinstance(source, bytes):
        return read_bytes(source, name=name, score=score)
    return read_sheet(source, score=score)


def header_points(rows: tuple[Row, ...], layout: Layout) -> int:
    """How well a sheet's first rows fit a layout: known columns, and COMPLETE more when all that is needed is there."""
    found = _header(rows, layout, _by_key(layout))
    return found[0] if found else 0


def find_table(sheet: Sheet, layout: Layout) -> Table | Problem:
    """A sheet with its header and columns found."""
    fields = _by_key(layout)
    found = _header(sheet.rows, layout, fields)
    if found is None:
        names = max(layout.needs, key=len)
        return Problem("header.missing", params={"name": sheet.name, **layout.named(names)})
    header = found[1]
    columns, problems, ignored = _columns(header, fields)
    if (missing := _missing(layout, {*columns, *ignored})) is not None:
        return Problem("columns.missing", header.line, None, layout.named(missing))
    if sheet.rows[-1].line <= header.line and not sheet.problems:
        return Problem("file.no_rows", params={"name": sheet.name})
    return Table(sheet, header, columns, [*sheet.problems, *problems])


@lru_cache(maxsize=32)
def _by_key(layout: Layout) -> dict[str, Field]:
    return {header_key(header)[0]: f for f in layout.fields for header in f.headers}


def _header(rows: tuple[Row, ...], layout: Layout, fields: dict[str, Field]) -> tuple[int, Row] | None:
    """The best line among the first ones and its points: needed columns weigh most, the upper line wins a tie."""
    best: tuple[int, Row] | None = None
    for row in rows[:HEADER_WITHIN]:
        if row.line > HEADER_WITHIN:
            break
        keys = (header_key(cell)[0] for cell in row.cells if cell and len(cell) <= _LONGEST_HEADER)
        names = {fields[key].name for key in keys if key in fields}
        points = len(names) + (COMPLETE if _missing(layout, names) is None else 0)
        if names and (best is None or points > best[0]):
            best = (points, row)
    return best


def _missing(layout: Layout, names: set[str]) -> tuple[str, ...] | None:
    """The fields that lack, by the set that comes nearest; None when one set is complete."""
    lacking = [tuple(name for name in needed if name not in names) for needed in layout.needs]
    best = min(lacking, key=len)
    return best or None


def _columns(header: Row, fields: dict[str, Field]) -> tuple[dict[str, Column], list[Problem], set[str]]:
    columns: dict[str, Column] = {}
    problems: list[Problem] = []
    ignored: set[str] = set()
    for index, cell in enumerate(header.cells):
        text = clean(cell)
        if not text:
            continue
        key, unit = header_key(text)
        known = fields.get(key)
        written = shown(text)
        if known is None:
            problems.append(Problem("column.unknown", header.line, written, {"name": written}))
        elif known.ignored:
            ignored.add(known.name)
        elif known.name in columns:
            problems.append(
                Problem(
                    "column.twice",
                    header.line,
                    written,
                    {"name": written, "first": columns[known.name].header},
                )
            )
        else:
            columns[known.name] = Column(index, written, unit or known.unit)
    return columns, problems, ignored
