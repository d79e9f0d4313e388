"""Any bill somebody hands over: whose it is shows in its header, wherever that stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from models.files import columns
from models.files.columns import Cursor, Layout, Table
from models.files.money_files import alipay, bank, wechat, wechat_merchant
from models.files.money_files.rows import MoneyFile, MoneyRow, Platform
from models.files.sheet import HEADER_WITHIN, Row, Sheet
from models.problems import Problem

_SIDE = re.compile(
    r"^\s*(?:交易金额|记账金额|入账金额|发生额|金额)\s*[(（]\s*(?:(收入|贷方?|存入|转入)|支出|借方?|支取|转出)[^)）]*[)）]"
)

ReadRow = Callable[[Cursor], MoneyRow | None]

#: From the most particular header to the one that fits anything with a day and an amount.
_LAYOUTS: Final[tuple[tuple[Platform, Layout], ...]] = (
    (Platform.WECHAT_MERCHANT, wechat_merchant.LAYOUT),
    (Platform.WECHAT, wechat.LAYOUT),
    (Platform.ALIPAY, alipay.LAYOUT),
    (Platform.BANK, bank.LAYOUT),
)
#: So many known columns make a file the damaged bill of a platform rather than some other table.
_LIKENESS: Final = 5
_TICK = "`"
_RECORD = 3
_SUMMARY = re.compile(
    r"(?:总交易|总笔数|合计|总计|小计|累计|本页|本期|期初|期末|承前页|过次页|共\s*\d+\s*[笔条]|-{5,}|导出时间|收入[:：]|支出[:：]|注[:：])"
)
_DAY = re.compile(r"\s*[\"'`]?\d{4}[-/.年]?\d{1,2}")


def read_money_file(source: Path | bytes, *, name: str = "") -> MoneyFile:
    """The rows of a bill in its own order; a file that is none comes with one problem that says so."""
    opened = columns.open_sheet(source, _best_points, name=name)
    if isinstance(opened, Problem):
        return MoneyFile(None, (), (opened,))
    sheet = replace(opened, rows=_plain(opened.rows))
    platform, layout, points = _platform(sheet.rows)
    if points < columns.COMPLETE and (points < _LIKENESS or platform is Platform.BANK):
        return MoneyFile(None, (), (Problem("money.not_a_bill", params={"name": sheet.name}),))
    table = columns.find_table(sheet, layout)
    if isinstance(table, Problem):
        return MoneyFile(platform, (), (table,))
    return _read(platform, table)


def _read(platform: Platform, table: Table) -> MoneyFile:
    records = tuple(_records(table.sheet, table.header.line))
    # Platforms add columns as they like; whoever exported the file can do nothing about them.
    table.problems[:] = [problem for problem in table.problems if not problem.code.startswith("column.")]
    if not records and not table.problems:
        return MoneyFile(platform, (), (Problem("file.no_rows", params={"name": table.sheet.name}),))
    table.sheet = replace(table.sheet, rows=records)
    read = _reader(platform)
    rows: list[MoneyRow] = []
    first: dict[str, int] = {}
    for cursor in table.rows():
        row = read(cursor)
        if row is None:
            continue
        known = first.setdefault(row.key, row.row)
        if known != row.row:
            cursor.report(Problem("money.twice", params={"order_no": row.order_no, "first_line": known}))
        else:
            rows.append(row)
    return MoneyFile(platform, tuple(rows), columns.in_order(table.problems))


def _reader(platform: Platform) -> ReadRow:
    match platform:
        case Platform.WECHAT_MERCHANT:
            return wechat_merchant.read_row
        case Platform.WECHAT:
            return wechat.read_row
        case Platform.ALIPAY:
            return alipay.read_row
        case Platform.BANK:
            return bank.Bank().read_row


def _platform(rows: tuple[Row, ...]) -> tuple[Platform, Layout, int]:
    """Return whose bill it is: the first whose header is complete, else the one with the most known columns.

    A platform's bill that has lost a column is not taken for a bank's, which would not see what was closed or given back.
    """
    scored = [(columns.header_points(rows, layout), platform, layout) for platform, layout in _LAYOUTS]
    whole = [one for one in scored if one[0] >= columns.COMPLETE]
    points, platform, layout = whole[0] if whole else max(scored, key=lambda one: one[0])
    if whole and platform is Platform.BANK:
        nearest = max(scored[:-1], key=lambda one: one[0])
        if nearest[0] > points - columns.COMPLETE:
            points, platform, layout = nearest
    return platform, layout, points


def _best_points(rows: tuple[Row, ...]) -> int:
    return _platform(_plain(rows))[2]


def _plain(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows whose headers say what they are outside of brackets, and whose cells have no ticks before them."""
    head = (
        Row(line, tuple(_SIDE.sub(_side, cell) for cell in cells)) for line, cells in rows[:HEADER_WITHIN]
    )
    # A merchant's bill has a tick before each cell instead of marks around it.
    return tuple(
        row if row.cells[0][:1] != _TICK else Row(row.line, _ticked(row.cells))
        for row in (*head, *rows[HEADER_WITHIN:])
    )


def _side(found: re.Match[str]) -> str:
    """`交易金额(收入)` beside `交易金额(支出)` would be one column twice without its brackets."""
    return "收入金额" if found[1] else "支出金额"


def _ticked(cells: tuple[str, ...]) -> tuple[str, ...]:
    """A row without its ticks; what a comma inside a cell has cut apart is put together again."""
    whole: list[str] = []
    for cell in cells:
        if cell.startswith(_TICK):
            whole.append(cell[1:])
        elif cell:
            whole[-1] += f",{cell}"
    return tuple(whole)


def _records(sheet: Sheet, header_line: int) -> list[Row]:
    """The lines under the header without what stands beneath the table: sums, rules, remarks of the platform."""
    records = [row for row in sheet.rows if row.line > header_line]
    kept = []
    for row in records:
        filled = [text for cell in row.cells if (text := cell.strip())]
        if not filled or _SUMMARY.match(filled[0]):
            if filled and filled[0].startswith("总交易"):
                break  # what follows are the sums themselves
            continue
        if len(filled) < _RECORD and not any(_DAY.match(text) for text in filled):
            continue
        kept.append(row)
    return kept
