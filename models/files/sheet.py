"""Any table somebody hands over, opened by its content and never by its name's ending: rows of text cells.

What cannot be opened is a `Problem` without a line.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from models.problems import Param, Problem

MAX_BYTES: Final = 200 * 1024 * 1024
MAX_ROWS: Final = 1_000_000
# A dense table of this many cells already takes about 1 GB; one stray cell in the last corner asks for far more.
MAX_CELLS: Final = 20_000_000
HEADER_WITHIN: Final = 40

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_FORMATS = (
    (b"%PDF", "pdf"), (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"{\\rtf", "rtf"),
    (b"MZ", "program"), (b"\x7fELF", "program"), (b"\xcf\xfa\xed\xfe", "program"), (b"#!/", "program"),
    (b"SQLite format 3\0", "binary"), (b"Rar!", "zip"), (b"7z\xbc\xaf", "zip"), (b"\x1f\x8b", "zip"), (b"PK\x05\x06", "zip"),
)  # fmt: skip
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype|html|head|meta|body|table|div|style|workbook|\?mso)\b",
    re.IGNORECASE | re.DOTALL,
)
_ZIP_KINDS = (("word/", "docx"), ("ppt/", "pptx"), ("xl/workbook.bin", "xlsb"), ("content.xml", "ods"))


class Row(NamedTuple):
    """One row that is not blank; `line` is the 1-based row a spreadsheet program shows."""

    line: int
    cells: tuple[str, ...]


class Mark(NamedTuple):
    """Why a cell has no value: `cell.formula` or `cell.error`, with what stands there instead."""

    code: str
    value: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `marks` maps line, then 0-based column, to cells without a value; `problems` name lost lines.

    Cells are kept out of the repr: a file may hold identity numbers, and a traceback must not.
    """

    name: str
    format: str
    rows: tuple[Row, ...] = field(repr=False)
    title: str = ""
    marks: Mapping[int, Mapping[int, Mark]] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()


Score = Callable[[tuple[Row, ...]], int]


def _any_sheet(rows: tuple[Row, ...]) -> int:
    return 1 if rows else 0


def read_sheet(path: Path, *, score: Score = _any_sheet) -> Sheet | Problem:
    """The table in `path`; of several sheets the one whose first rows `score` highest (the first among equals)."""
    content = _content(path)
    if isinstance(content, Problem):
        return content
    return read_bytes(content, name=path.name, score=score)


def read_bytes(content: bytes, *, name: str, score: Score = _any_sheet) -> Sheet | Problem:
    """As `read_sheet`, for a file that is already in memory."""
    kind = _kind(content)
    if kind in {"xlsx", "xls"}:
        from models.files.workbook import read_workbook

        return read_workbook(content, name=name, format_=kind, score=score)
    if kind == "text":
        from models.files.delimited import read_delimited

        return read_delimited(content, name=name)
    if kind in {"file.empty", "file.password"}:
        return Problem(kind, params={"name": name})
    if kind == "file.damaged":
        return Problem(kind, params={"name": name, "format": "xlsx" if content.startswith(_ZIP) else "xls"})
    return Problem("file.not_a_table", params={"name": name, "kind": kind})


def _content(path: Path) -> bytes | Problem:  # noqa: PLR0911 -- one answer per refusal
    def failed(code: str, **params: Param) -> Problem:
        return Problem(code, params={"name": path.name, **params})

    try:
        # Looking before opening: opening a named pipe waits for ever.
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return failed("file.is_folder")
        if not stat.S_ISREG(status.st_mode):
            return failed("file.not_a_table", kind="device")
        if status.st_size > MAX_BYTES:
            return failed("file.too_large", limit_mb=MAX_BYTES // 1024 // 1024)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return failed("file.missing")
    except PermissionError:
        return failed("file.no_permission")
    except ValueError:  # a NUL inside the path
        return failed("file.missing")
    except OSError as error:
        if error.errno in {errno.ENAMETOOLONG, errno.ELOOP}:
            return failed("file.missing")
        return failed("file.unreadable", reason=os.strerror(error.errno) if error.errno else str(error))


def _kind(content: bytes) -> str:  # noqa: PLR0911 -- one answer per kind
    """`xlsx`, `xls`, `text`, a problem code, or the name of what it is instead."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return "file.empty"
    if content.startswith(_ZIP):
        return _zip_kind(content)
    if content.startswith(_OLE):
        return _ole_kind(content)
    if content[:4] in {b"\x09\x08\x10\x00", b"\x09\x08\x08\x00"}:
        return "file.damaged"  # a bare BIFF stream, as a broken rescue tool leaves it
    for magic, kind in _OTHER_FORMATS:
        if content.startswith(magic):
            return kind
    start = content[:4096].removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(start.replace(b"\0", b"").lstrip(b"\xff\xfe")):
        return "html"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or start.count(0) > len(start) // 10:
        return "text"  # UTF-16, where any byte is half a character; `delimited` looks again
    controls = sum(1 for byte in start if byte < 32 and byte not in b"\0\t\n\r\x0b\x0c\x1a")  # noqa: PLR2004
    return "binary" if controls > max(2, len(start) // 50) else "text"


def _zip_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if any(part.flag_bits & 1 for part in archive.infolist()):
                return "file.password"
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        return "file.damaged"
    if any(name.lower() == "xl/workbook.xml" for name in names):
        return "xlsx"
    return next((kind for start, kind in _ZIP_KINDS if any(name.startswith(start) for name in names)), "zip")


def _ole_kind(content: bytes) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        return "file.password"
    if holds("Workbook") or holds("Book"):
        return "file.password" if _biff_is_encrypted(content) else "xls"
    if holds("WordDocument"):
        return "doc"
    # A cut-off file has lost the directory that says what it was.
    return "binary" if holds("Root Entry") else "file.damaged"


def _biff_is_encrypted(content: bytes) -> bool:
    """Whether a FILEPASS record (0x2F) follows the first BOF of the workbook stream ([MS-XLS] 2.4.117)."""
    for start in range(512, min(len(content), 1_000_000), 512):
        if content[start : start + 4] not in {b"\x09\x08\x10\x00", b"\x09\x08\x08\x00"}:
            continue
        at = start
        for _ in range(8):
            record = int.from_bytes(content[at : at + 2], "little")
            if record == 0x2F:  # noqa: PLR2004
                return True
            at += 4 + int.from_bytes(content[at + 2 : at + 4], "little")
        return False
    return False
