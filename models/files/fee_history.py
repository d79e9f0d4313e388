"""Lists of past bills and what was paid on them, as property offices keep them: one row per door, item and period."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from models.files import values
from models.files.columns import Cursor, Field, Layout, Reading, in_order, read_table
from models.files.money_files.cells import amount
from models.problems import Problem

_CYCLES: Final = {
    1: "month", 3: "quarter", 6: "half", 12: "year",
}  # fmt: skip
_CYCLE_WORDS: Final = {
    "月": 1, "每月": 1, "按月": 1, "月度": 1, "月缴": 1, "month": 1, "monthly": 1,
    "季": 3, "季度": 3, "每季": 3, "每季度": 3, "按季": 3, "按季度": 3, "季缴": 3, "quarter": 3, "quarterly": 3,
    "半年": 6, "每半年": 6, "按半年": 6, "半年度": 6, "half": 6, "half-yearly": 6,
    "年": 12, "每年": 12, "按年": 12, "年度": 12, "全年": 12, "年缴": 12, "year": 12, "yearly": 12,
}  # fmt: skip
_MONTHS = re.compile(r"(\d{1,2})(?:\.0)?(?:个?月)?")
_LAST_MONTH = 12

LAYOUT: Final = Layout(
    fields=(
        Field(
            "door",
            (
                "house",
                "房屋",
                "房号",
                "房屋编号",
                "户号",
                "门牌",
                "门牌号",
                "房间",
                "household",
                "door",
                "code",
            ),
        ),
        Field(
            "item",
            ("item", "收费项目", "项目", "收费名称", "费用项目", "费用名称", "缴费项目", "charge item"),
        ),
        Field("cycle", ("cycle", "缴费周期", "收费周期", "计费周期", "周期")),
        Field(
            "since", ("since", "开始时间", "开始日期", "起始时间", "起始日期", "计费开始", "from", "start")
        ),
        Field("until", ("until", "结束时间", "结束日期", "截止时间", "截止日期", "计费结束", "to", "end")),
        Field("paid_at", ("paid_at", "缴费时间", "缴费日期", "收费时间", "收款时间", "支付时间", "paid on")),
        Field(
            "due", ("due", "应缴金额", "应收金额", "应缴", "应收", "应交金额", "billed", "amount"), unit="元"
        ),
        Field("paid", ("paid", "实缴金额", "实收金额", "实缴", "实收", "实交金额", "received"), unit="元"),
        Field("collector", ("collector", "收银员", "收款人", "收费员", "经办人", "cashier")),
        Field("note", ("note", "备注", "说明", "remark", "notes")),
    ),
    needs=(
        ("door", "item", "since", "until", "due", "paid"),
        ("door", "item", "since", "cycle", "due", "paid"),
    ),
)


@dataclass(frozen=True, slots=True)
class FeeRow:
    """What a door was asked for an item over a half-open span of days, and what it paid of that when.

    `door`, `item` and `collector` are as written. `cycle` is month, quarter, half, year or empty; `paid_at` is local
    time without a zone: the caller knows the compound's.
    """

    door: str
    item: str
    cycle: str
    since: date
    until: date
    due_fen: int
    paid_fen: int
    paid_at: datetime | None
    collector: str
    note: str
    line: int


def read_fee_history(source: Path | bytes, *, name: str = "") -> Reading[FeeRow]:
    """The lines of a fee history; a line that stands twice counts once, the first."""
    table = read_table(source, LAYOUT, name=name)
    if isinstance(table, Problem):
        return Reading((), (table,))
    rows: list[FeeRow] = []
    first: dict[tuple[object, ...], int] = {}
    for cursor in table.rows():
        row = _read(cursor)
        if row is None:
            continue
        said = (row.door, row.item, row.since, row.until, row.due_fen, row.paid_fen, row.paid_at)
        known = first.setdefault(said, row.line)
        if known != row.line:
            cursor.report(Problem("past.twice", params={"first_line": known}))
            continue
        rows.append(row)
    return Reading(tuple(rows), in_order(table.problems))


def _read(cursor: Cursor) -> FeeRow | None:
    """One line, or None after saying what is wrong with it."""
    before = len(cursor.problems)
    needed = ("door", "item", "since", "due")
    empty = tuple(name for name in needed if not cursor.text(name) and not cursor.is_marked(name))
    if empty:
        cursor.report(Problem("money.missing", params=LAYOUT.named(empty)))
    since, until = cursor.read("since", values.calendar_day), cursor.read("until", values.calendar_day)
    due, paid = cursor.read("due", _sum), cursor.read("paid", _sum)
    paid_at = cursor.read("paid_at", values.moment)
    is_wrong = len(cursor.problems) > before
    months = _months(cursor)
    if not is_wrong and until is None and since is not None and months:
        until = _later(since, months)
    if not is_wrong and until is None:
        cursor.report(Problem("money.missing", params=LAYOUT.named(("until",))))
    if is_wrong or since is None or until is None or due is None:
        return None
    if until <= since:
        cursor.report(Problem("past.span", params={"since": since.isoformat(), "until": until.isoformat()}))
        return None
    return FeeRow(
        door=_private(cursor, "door"),
        item=" ".join(_private(cursor, "item").split()),
        cycle=_CYCLES.get(months, ""),
        since=since,
        until=until,
        due_fen=due,
        paid_fen=paid or 0,
        paid_at=paid_at,
        collector=cursor.note("collector", values.free_text),
        note=cursor.note("note", values.free_text),
        line=cursor.line,
    )


def _private(cursor: Cursor, name: str) -> str:
    """A cell without identity numbers."""
    text = cursor.text(name)
    if not values.has_identity_number(text):
        return text
    cursor.report(Problem("text.identity_number"), name)
    return values.without_identity_numbers(text)


def _sum(text: str) -> int | Problem:
    """An amount in fen; money that was given back is no payment, so none is below nothing."""
    fen = amount(text)
    return values.bad("number.negative", text) if isinstance(fen, int) and fen < 0 else fen


def _months(cursor: Cursor) -> int:
    """How many months a cycle has; 0 where the cell is empty, or says nothing known, which costs only the cycle."""
    text = cursor.text("cycle").casefold()
    if not text:
        return 0
    found = _MONTHS.fullmatch(text)
    months = int(found[1]) if found else _CYCLE_WORDS.get(text, 0)
    if months not in _CYCLES:
        cursor.report(values.bad("past.cycle", text), "cycle")
        return 0
    return months


def _later(day: date, months: int) -> date | None:
    """The day so many months later; a day that its month does not have is the first of the next."""
    year, month = divmod(day.year * _LAST_MONTH + day.month - 1 + months, _LAST_MONTH)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        year, month = divmod(year * _LAST_MONTH + month + 1, _LAST_MONTH)
        return date(year, month + 1, 1)
