"""Workbooks (.xlsx, .xls). Values come from calamine; what calamine passes over comes from a look at the XML.

calamine reads error cells and formulas without a cached value as empty, and
lays every sheet out as a dense table: one stray cell in the last corner would
ask for hundreds of GB, which ends the process. So the XML is scanned first.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from models.files.sheet import HEADER_WITHIN, MAX_CELLS, MAX_ROWS, Mark, Row, Score, Sheet
from models.problems import Problem

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_MAX_UNPACKED = 1536 * 1024 * 1024
_MAX_SHEETS = 50
_CHUNK = 1 << 20
_TAG = rb"<(?:[A-Za-z]\w*:)?"
_FAR_CELL = re.compile(_TAG + rb'c\s[^<>]*?\br="([A-Z]{2,3})(\d{1,7})"[^<>]*(?<!/)>')
_LAST_ROW = re.compile(_TAG + rb'row\s[^<>]*?\br="(\d{1,9})"[^<>]*(?<!/)>')
_ERROR_CELL = re.compile(
    _TAG
    + rb'c\s(?=[^<>]*\bt="e")[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*>(?:(?!</?(?:\w+:)?c[ >]).)*?'
    + _TAG
    + rb"v>([^<]*)<",
    re.DOTALL,
)
_FORMULA_CELL = re.compile(
    _TAG
    + rb'c\s(?![^<>]*\bt="str")[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*>\s*'
    + _TAG
    + rb"f\b(?:[^<>]*/>|[^<>]*>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:" + _TAG + rb"v\s*/>|" + _TAG + rb"v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')


@dataclass(slots=True)
class _Scan:
    """What the XML of one sheet says about itself."""

    columns: int = 26
    rows: int = 1
    marks: dict[int, dict[int, Mark]] = field(default_factory=dict)


class _TooLarge(Exception):  # noqa: N818 -- leaves the scan of one sheet, never this file
    pass


def read_workbook(content: bytes, *, name: str, format_: str, score: Score) -> Sheet | Problem:
    from python_calamine import CalamineError, PasswordError

    try:
        scans = _scan_sheets(content) if format_ == "xlsx" else {}
        return _read(content, name, format_, score, scans)
    except _TooLarge:
        return Problem("file.too_many_cells", params={"name": name, "limit": MAX_CELLS})
    except PasswordError:
        return Problem("file.password", params={"name": name})
    except (
        zipfile.BadZipFile,
        zlib.error,
        CalamineError,
        OSError,
        ValueError,
        EOFError,
        RuntimeError,
        OverflowError,
    ):
        pass  # zipfile alone has six ways of refusing a damaged archive
    except BaseException as error:
        # A Rust panic arrives outside Exception; a broken file must not end the program.
        if type(error).__name__ != "PanicException":
            raise
    return Problem("file.damaged", params={"name": name, "format": format_})


def _read(content: bytes, name: str, format_: str, score: Score, scans: dict[str, _Scan]) -> Sheet | Problem:
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    title, chosen = _best_sheet(workbook, score)
    if chosen is None:
        return Problem("file.empty", params={"name": name})
    if chosen.end is not None and chosen.end[0] >= MAX_ROWS:
        return Problem("file.too_many_rows", params={"name": name, "limit": MAX_ROWS})
    scan = scans.get(title, _Scan())
    rows = tuple(_rows(chosen, scan))
    if not rows:
        return Problem("file.empty", params={"name": name})
    return Sheet(name, format_, rows, title=title, marks=scan.marks)


def _best_sheet(workbook: CalamineWorkbook, score: Score) -> tuple[str, CalamineSheet | None]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [s for s in workbook.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda s: s.visible != SheetVisibleEnum.Visible)
    best: tuple[int, str, CalamineSheet | None] = (-1, "", None)
    for metadata in sheets[:_MAX_SHEETS]:
        sheet = workbook.get_sheet_by_name(metadata.name)
        if sheet.start is None:
            continue
        points = score(tuple(_first_rows(sheet))) if len(sheets) > 1 else 0
        if points > best[0]:
            best = (points, metadata.name, sheet)
    return best[1], best[2]


def _first_rows(sheet: CalamineSheet) -> Iterator[Row]:
    for line, values in enumerate(sheet.to_python(skip_empty_area=False, nrows=HEADER_WITHIN), start=1):
        yield Row(line, tuple(_text(value) for value in values))


def _rows(sheet: CalamineSheet, scan: _Scan) -> Iterator[Row]:
    """Rows that are not blank. calamine starts at the first row but at the first filled column."""
    before = ("",) * (sheet.start[1] if sheet.start else 0)
    merged = _Merged(sheet)
    for line, values in enumerate(sheet.iter_rows(), start=1):
        cells = before + tuple([value if type(value) is str else _text(value) for value in values])
        if any(cells) or line in scan.marks:
            yield Row(line, merged.filled(line, cells))


class _Merged:
    """Cells merged downwards: what stands in the first row counts for all rows of the merge.

    Only the left column is filled, or a title across the sheet would look like a header.
    Rows that hold nothing else stay blank, because a merge often reaches past the table's end.
    """

    def __init__(self, sheet: CalamineSheet) -> None:
        self._starting: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
            if bottom > top:
                self._starting.setdefault(top + 1, []).append((left, bottom + 1))
        self._reaching: dict[int, tuple[int, str]] = {}  # column: the last line, and what counts up to there

    def filled(self, line: int, cells: tuple[str, ...]) -> tuple[str, ...]:
        """Return a row's cells with the merged ones filled in; rows come in order."""
        if not self._starting:
            return cells
        row = list(cells)
        for column, (last, text) in list(self._reaching.items()):
            if line > last:
                del self._reaching[column]
            elif column < len(row) and not row[column]:
                row[column] = text
        for column, last in self._starting.get(line, ()):
            if column < len(row) and row[column]:
                self._reaching[column] = (last, row[column])
        return tuple(row)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Every number in a workbook is a float: 1001.0 is the room 1001.
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)  # noqa: PLR2004
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, (int, timedelta)) else ""


def _scan_sheets(content: bytes) -> dict[str, _Scan]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
            raise _TooLarge
        paths = _sheet_paths(archive)
        scans = {title: _scan(archive, path) for title, path in paths.items()}
        # A sheet that cannot be named can still be too large.
        for part in archive.namelist():
            if re.match(r"/?xl/worksheets/[^/]+\.xml$", part, re.IGNORECASE) and part not in paths.values():
                _scan(archive, part)
    return scans


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet names and their parts, as far as the workbook's own lists can be followed."""
    parts = {part.lower(): part for part in archive.namelist()}
    if "xl/_rels/workbook.xml.rels" not in parts:
        return {}
    targets: dict[str, str] = {}
    for entry in _elements(archive.read(parts["xl/_rels/workbook.xml.rels"]), "Relationship"):
        target = posixpath.normpath(posixpath.join("xl", entry.get("Target", ""))).lstrip("/")
        targets[entry.get("Id", "")] = parts.get(target.lower(), "")
    titles: dict[str, str] = {}
    for entry in _elements(archive.read(parts["xl/workbook.xml"]), "sheet"):
        relation = next((value for key, value in entry.items() if key.endswith(":id")), "")
        if path := targets.get(relation):
            titles[entry.get("name", "")] = path
    return titles


def _elements(xml: bytes, tag: str) -> Iterator[dict[str, str]]:
    for found in re.finditer(rf"<(?:\w+:)?{tag}\s([^>]*)>", xml.decode("utf-8", errors="replace")):
        yield {key: html.unescape(double or single) for key, double, single in _ATTRIBUTE.findall(found[1])}


def _scan(archive: zipfile.ZipFile, path: str) -> _Scan:
    scan, rest = _Scan(), b""
    with archive.open(path) as part:
        while chunk := part.read(_CHUNK):
            block = rest + chunk
            # Cells are looked at whole: what follows the last closed one waits for the next chunk.
            cut = max(block.rfind(b"</c>"), block.rfind(b":c>")) + 4
            if cut <= 3:  # noqa: PLR2004
                cut = block.rfind(b">") + 1
            if len(block) - cut > 16 * _CHUNK:
                cut = len(block)
            rest = block[cut:]
            _scan_block(block[:cut], scan)
        _scan_block(rest, scan)
    return scan


def _scan_block(block: bytes, scan: _Scan) -> None:
    for letters in {found[1] for found in _FAR_CELL.finditer(block)}:
        scan.columns = max(scan.columns, _column(letters) + 1)
    scan.rows = max([scan.rows, *(int(row) for row in _LAST_ROW.findall(block))])
    if scan.rows * scan.columns > max(MAX_CELLS, MAX_ROWS * 26):
        raise _TooLarge
    if b't="e"' in block:
        for found in _ERROR_CELL.finditer(block):
            _mark(scan, found, "cell.error")
    if b"<f" in block or b":f" in block:
        for found in _FORMULA_CELL.finditer(block):
            _mark(scan, found, "cell.formula")


def _mark(scan: _Scan, found: re.Match[bytes], code: str) -> None:
    value = html.unescape((found[3] or b"").decode("utf-8", errors="replace"))
    mark = Mark(code, f"={value}" if code == "cell.formula" else value)
    scan.marks.setdefault(int(found[2]), {})[_column(found[1])] = mark


def _column(letters: bytes) -> int:
    """`A` is 0, `XFD` 16383."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
