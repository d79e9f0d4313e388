"""Tables out, as .csv or .xlsx, whole or not at all.

FilesError
└── CannotWrite     the disk, the folder or the file refuses; theirs, not ours
"""

from __future__ import annotations

import csv
import errno
import io
import math
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

Cell = str | int | float | Decimal | bool | date | None
Format = Literal["csv", "xlsx"]

LONGEST_XLSX_TEXT: Final = 32_767
MOST_XLSX_ROWS: Final = 1_048_576
_LARGEST_EXACT: Final = 10**15
# A spreadsheet program runs text that begins so; the apostrophe makes it text again. Ours are doubled to survive a return.
_RUNS_AS_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REASONS = {
    errno.ENOSPC: "disk_full", errno.EDQUOT: "disk_full", errno.EFBIG: "disk_full",
    errno.EACCES: "no_permission", errno.EPERM: "no_permission", errno.EROFS: "no_permission", errno.ETXTBSY: "no_permission",
    errno.ENOENT: "no_folder", errno.ENOTDIR: "no_folder", errno.EISDIR: "is_folder", errno.ENAMETOOLONG: "bad_name",
}  # fmt: skip


class FilesError(Exception):
    """Whatever this room cannot do."""


class CannotWrite(FilesError):  # noqa: N818 -- reads as what is so
    """`path` is as it was before. reason: disk_full, no_permission, no_folder, is_folder, bad_name, too_many_rows, other."""

    def __init__(self, path: Path | None, reason: str, detail: str = "") -> None:
        super().__init__(f"cannot write {path}: {reason} {detail}".rstrip())
        self.path, self.reason, self.detail = path, reason, detail


def write_table(
    target: Path | BinaryIO, format_: Format, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    """Write a table to a path (replacing what is there in one step) or into a binary stream.

    Text stays text and numbers stay numbers; in .csv, text that a spreadsheet
    program would run as a formula gets an apostrophe in front, which the readers
    here take away again. Raises CannotWrite.
    """
    path = target if isinstance(target, Path) else None
    table = [tuple(row) for row in rows]
    if format_ == "xlsx" and len(table) >= MOST_XLSX_ROWS:
        raise CannotWrite(path, "too_many_rows")
    content = _csv(header, table) if format_ == "csv" else _xlsx(header, table)
    if isinstance(target, Path):
        write_whole(target, content)
        return
    try:
        target.write(content)
    except OSError as error:
        raise _cannot(None, error) from error


def write_book(target: Path, sheets: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> None:
    """Write several tables as the sheets of one .xlsx: each its name, its header, its rows. Raises CannotWrite."""
    tables = [(name, header, [tuple(row) for row in rows]) for name, header, rows in sheets]
    if any(len(table) >= MOST_XLSX_ROWS for _, _, table in tables):
        raise CannotWrite(target, "too_many_rows")
    write_whole(target, _book(tables))


def write_template(
    target: Path | BinaryIO, format_: Format, header: Sequence[str], codes: Iterable[str] = ()
) -> None:
    """A blank sheet for typing paper in: the header and, if given, one line per code in the first column."""
    blanks = [""] * (len(header) - 1)
    write_table(target, format_, header, ([code, *blanks] for code in codes))


def write_whole(path: Path, content: bytes) -> None:
    """Replace `path` in one step: a reader sees the old file or the new one, a full disk leaves the old. Raises CannotWrite."""
    temporary = ""
    try:
        if path.is_dir():
            raise CannotWrite(path, "is_folder")
        descriptor, temporary = tempfile.mkstemp(prefix=".linli-", suffix=".part", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        temporary = ""
    except OSError as error:
        raise _cannot(path, error) from error
    except ValueError as error:  # a NUL inside the path
        raise CannotWrite(path, "bad_name") from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _cannot(path: Path | None, error: OSError) -> CannotWrite:
    return CannotWrite(
        path, _REASONS.get(error.errno or 0, "other"), os.strerror(error.errno) if error.errno else str(error)
    )


def _csv(header: Sequence[str], table: list[tuple[Cell, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in ([tuple(header)], table):
        writer.writerows([_csv_cell(cell) for cell in cells] for cells in row)
    # Without the byte order mark, Excel in China reads UTF-8 as GBK. Half a surrogate pair has no bytes.
    return text.getvalue().encode("utf-8-sig", errors="replace")


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        # Carriage returns alone would end the row for half of the programs.
        plain = _UNPRINTABLE.sub("", cell).replace("\r\n", "\n").replace("\r", "\n")
        return "'" + plain if _RUNS_AS_FORMULA.match(plain) else plain
    return _plain(cell)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds" if cell.second else "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) and cell.is_finite() else str(cell)


def _xlsx(header: Sequence[str], table: list[tuple[Cell, ...]]) -> bytes:
    return _book([(None, header, table)])


def _book(tables: Sequence[tuple[str | None, Sequence[str], list[tuple[Cell, ...]]]]) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        },
    )
    # Otherwise the library reads the clock, and the same table gives different bytes.
    workbook.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
    formats = {
        "head": workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "minute": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "lines": workbook.add_format({"text_wrap": True, "valign": "top"}),
    }
    for name, header, table in tables:
        _fill_sheet(workbook.add_worksheet(name), header, table, formats)
    workbook.close()
    return stream.getvalue()


def _fill_sheet(
    sheet: Any, header: Sequence[str], table: list[tuple[Cell, ...]], formats: dict[str, Any]
) -> None:
    for column, title in enumerate(header):
        sheet.write_string(0, column, _xlsx_text(title), formats["head"])
        sheet.set_column(column, column, _width(column, title, table))
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(table, start=1):
        for column, cell in enumerate(row):
            _xlsx_cell(sheet, line, column, cell, formats)


def _xlsx_cell(sheet: Any, line: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(line, column, cell)
    elif isinstance(cell, datetime) and cell.year >= 1900:  # noqa: PLR2004 -- serial days begin there
        sheet.write_datetime(line, column, cell.replace(tzinfo=None), formats["minute"])
    elif isinstance(cell, date) and cell.year >= 1900:  # noqa: PLR2004
        sheet.write_datetime(line, column, cell, formats["day"])
    elif isinstance(cell, int | float | Decimal) and _fits_number(cell):
        sheet.write_number(line, column, cell)
    else:
        text = _xlsx_text(_plain(cell) if not isinstance(cell, str) else cell)
        # Without it a spreadsheet program shows several lines as one.
        sheet.write_string(line, column, text, formats["lines"] if "\n" in text else None)


def _fits_number(number: float | Decimal) -> bool:
    """Whether a spreadsheet's 15 digits hold the number; order numbers and NaN go out as text."""
    return -_LARGEST_EXACT < number < _LARGEST_EXACT if math.isfinite(number) else False


def _xlsx_text(text: str) -> str:
    plain = _UNPRINTABLE.sub("", text)
    return plain if len(plain) <= LONGEST_XLSX_TEXT else plain[: LONGEST_XLSX_TEXT - 1] + "…"


def _width(column: int, title: str, table: list[tuple[Cell, ...]]) -> int:
    """Characters a column needs, East Asian wide ones counted twice, judged by the first rows."""
    cells = [
        title,
        *(
            _plain(row[column]) if not isinstance(row[column], str) else str(row[column])
            for row in table[:200]
            if column < len(row)
        ),
    ]
    widest = max(
        sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
        for cell in cells
        for line in cell[:200].split("\n")
    )
    return max(6, min(widest + 2, 60))
