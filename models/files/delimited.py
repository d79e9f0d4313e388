"""Tables in text files: comma, tab or semicolon, in UTF-8, UTF-16 or GB18030, whole or damaged.

A damaged line costs that line: a quotation mark that nobody closes must not
swallow the rest of the file.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator

from models.files.sheet import HEADER_WITHIN, MAX_ROWS, Mark, Row, Sheet
from models.files.values import LONGEST_TEXT
from models.problems import Problem

_DELIMITERS = (",", "\t", ";", "，", "|")
_LONGEST_QUOTED_LINES = 200
# What `writing` puts before a text that a spreadsheet program would run as a formula.
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
# What banks put around a long number, so that a spreadsheet program takes it for text.
_TEXT_FORMULA = re.compile(r'="([^"]*)"')


def read_delimited(content: bytes, *, name: str) -> Sheet | Problem:
    lines, undecodable = _lines(content)
    if len(undecodable) > max(2, len(lines) // 5) or (_is_wide(content) and _is_noise(lines)):
        return Problem("file.not_a_table", params={"name": name, "kind": "binary"})
    if len(lines) > 2 * MAX_ROWS:
        return Problem("file.too_many_rows", params={"name": name, "limit": MAX_ROWS})
    delimiter = _delimiter(lines)
    rows: list[Row] = []
    problems: list[Problem] = []
    marks: dict[int, dict[int, Mark]] = {}
    lost = set(undecodable)
    for line, (record, first, closed) in enumerate(_records(lines, delimiter), start=1):
        if line > MAX_ROWS:
            return Problem("file.too_many_rows", params={"name": name, "limit": MAX_ROWS})
        if first in lost or not closed:
            problems.append(Problem("row.undecodable" if first in lost else "row.quote_open", line))
            continue
        if "\0" in record:
            problems.append(Problem("row.nul", line))
        cells = _cells(record.replace("\0", ""), delimiter)
        if cells is None:
            problems.append(
                Problem("text.too_long", line, params={"length": len(record), "limit": LONGEST_TEXT})
            )
            continue
        formulas = _without_formulas(cells)
        if formulas:
            marks[line] = formulas
        if formulas or any(cell and not cell.isspace() for cell in cells):
            rows.append(Row(line, tuple(cells)))
    return Sheet(name, "csv", tuple(rows), marks=marks, problems=tuple(problems))


def _without_formulas(cells: list[str]) -> dict[int, Mark]:
    """Empty the cells that are formulas, and say which; take the guards of writers (`'`, `="..."`) off texts."""
    formulas: dict[int, Mark] = {}
    for column, cell in enumerate(cells):
        first_character = cell[:1]
        if first_character == "'" and _GUARDED.match(cell):
            cells[column] = cell[1:]
        elif first_character == "=" and (quoted := _TEXT_FORMULA.fullmatch(cell.strip())):
            cells[column] = quoted[1]
        elif first_character == "=":
            formulas[column] = Mark("cell.formula", cell)
            cells[column] = ""
    return formulas


def _is_wide(content: bytes) -> bool:
    """UTF-16, by its mark or by its zero bytes."""
    sample = content[:4096]
    return (
        content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or sample.count(0) > len(sample) // 10
    )


def _is_noise(lines: list[str]) -> bool:
    """Whether the first lines are mostly what no keyboard types: some other file read as UTF-16."""
    sample = "".join(lines[:HEADER_WITHIN])[:4096]
    strange = sum(
        1
        for character in sample
        if not character.isprintable() and character not in "\0\t\v\f\u3000\ufeff\u200b\x1a"
    )
    return strange + sample.count("\ufffd") > max(3, len(sample) // 20)


def _is_ticked(record: str) -> bool:
    """Whether each cell has a tick before it instead of quotation marks around it, as in a merchant's bill."""
    return record.startswith("`") and ',"`' not in record


def _cells(record: str, delimiter: str) -> list[str] | None:
    """The record's cells, or None when one is longer than the csv module reads (128 kB)."""
    if '"' not in record or _is_ticked(record):
        return record.split(delimiter)
    try:
        return next(csv.reader((record,), delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return None


def _lines(content: bytes) -> tuple[list[str], list[int]]:
    """Physical lines as text, and the 0-based numbers of those no encoding explains."""
    text = _unicode(content)
    if text is None:
        for encoding in ("utf-8", "gb18030"):
            try:
                text = content.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    if text is not None:
        return _split(text), []
    # Lists grow by pasting: half a file may be UTF-8 and half GBK. No byte of either's characters is a line feed.
    lines, undecodable = [], []
    for number, raw in enumerate(content.replace(b"\r\n", b"\n").split(b"\n")):
        try:
            lines.append(raw.decode())
        except UnicodeDecodeError:
            try:
                lines.append(raw.decode("gb18030"))
            except UnicodeDecodeError:
                lines.append("")
                undecodable.append(number)
    return lines, undecodable


def _split(text: str) -> list[str]:
    # Not splitlines(): U+2028 or a vertical tab inside a note is not the end of a row.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines and lines[-1].strip("\x1a") == "":
        lines.pop()
    return lines


def _unicode(content: bytes) -> str | None:
    """Text whose encoding shows: a byte order mark, or UTF-16 by its zero bytes."""
    if content.startswith(codecs.BOM_UTF8):
        content = content[3:]
        try:
            return content.decode()
        except UnicodeDecodeError:
            return None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    sample = content[:4096]
    if _is_wide(content):
        big = sample[::2].count(0) > sample[1::2].count(0)
        return content.decode("utf-16-be" if big else "utf-16-le", errors="replace")
    return None


def _delimiter(lines: list[str]) -> str:
    """The sign that stands equally often on the most lines among the first ones."""
    sample = [re.sub(r'"[^"]*"', "", line) for line in lines[:HEADER_WITHIN] if line.strip()]

    def weight(delimiter: str) -> int:
        counts = Counter(line.count(delimiter) for line in sample)
        del counts[0]
        return max((count * lines_alike for count, lines_alike in counts.items()), default=0)

    return max(_DELIMITERS, key=weight)


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[str, int, bool]]:
    """Rows as text, each with its first physical line, and whether its quotation marks are closed."""
    at = 0
    while at < len(lines):
        record = lines[at]
        if record.count('"') % 2 == 0 or _is_ticked(record) or _quote_state(record, delimiter) != "open":
            yield record, at, True
            at += 1
            continue
        end = _closing_line(lines, at, delimiter)
        if end is None:
            yield record, at, False
            at += 1
        else:
            yield "\n".join(lines[at : end + 1]), at, True
            at = end + 1


def _closing_line(lines: list[str], at: int, delimiter: str) -> int | None:
    record = lines[at]
    for end in range(at + 1, min(at + _LONGEST_QUOTED_LINES, len(lines))):
        record += "\n" + lines[end]
        if '"' in lines[end]:
            state = _quote_state(record, delimiter)
            if state != "open":
                # Text right behind the closing mark: that mark opened the next row's cell.
                return end if state == "closed" else None
    return None


def _quote_state(record: str, delimiter: str) -> str:
    """`closed`, `open` (a quoted cell runs on) or `broken` (text right behind a closing mark)."""
    at, broken = 0, False
    while True:
        while record[at : at + 1] == " " or (record[at : at + 1] == "\t" and delimiter != "\t"):
            at += 1
        if record[at : at + 1] == '"':
            at += 1
            while True:
                at = record.find('"', at)
                if at < 0:
                    return "open"
                at += 1
                if record[at : at + 1] != '"':
                    break
                at += 1
            following = record.find(delimiter, at)
            broken = broken or bool(record[at : following if following >= 0 else None].strip())
        else:
            following = record.find(delimiter, at)
        if following < 0:
            return "broken" if broken else "closed"
        at = following + 1
