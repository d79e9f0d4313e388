"""Receipts as rows: what they are narrowed to, pages of a search, and the lines of one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.community.searching import Found
from models.fees.money import yuan
from models.fees.queries_receipts import (
    PrintedItem,
    ReceiptAsked,
    ReceiptLine,
    count_receipts,
    find_receipts,
    page_receipts,
    receipts_by_id,
)
from models.files.tabling import SheetTable
from tui.desk import Desk
from tui.fee_sums import sum_text_short
from tui.fee_words import method_word
from tui.i18n import t
from tui.receipt_words import item_span, item_word, remark_text
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

_TICKED, _PLAIN = "☑", " "
_COLUMNS: Final = ("number", "paid_at", "door", "amount", "state", "payer", "method", "collector", "reason")


@dataclass(frozen=True, slots=True)
class ReceiptFilters:
    """What receipts are narrowed to: from the first day to the last, whose, only void ones."""

    first: date | None = None
    last: date | None = None
    collector: str = ""
    void: bool = False

    def words(self) -> tuple[str, ...]:
        """Return what narrows them, in words."""
        days = ""
        if self.first is not None or self.last is not None:
            first, last = (f"{day:%Y-%m-%d}" if day else "…" for day in (self.first, self.last))
            days = first if first == last else f"{first} – {last}"
        return tuple(filter(None, (days, self.collector, t("receipts.only_void") if self.void else "")))

    def asked(self, text: str, zone: ZoneInfo) -> ReceiptAsked:
        """Return the question."""
        return ReceiptAsked(
            text=text,
            since=None if self.first is None else _midnight(self.first, zone),
            until=None if self.last is None else _midnight(self.last + timedelta(days=1), zone),
            collector=self.collector,
            void=self.void,
        )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


@dataclass(slots=True)
class SoughtReceipts:
    """The rows of one search: made once, by the count. `known` keeps the receipts of the pages read."""

    text: str
    filters: ReceiptFilters
    known: dict[str, ReceiptLine] = field(default_factory=dict)
    _found: Found | None = None

    def count(self, desk: Desk) -> int:
        asked = self.filters.asked(self.text, ZoneInfo(desk.seat.zone))
        with desk.store.read() as session:
            if not self.text:
                return count_receipts(session, desk.seat.compound_id, asked)
            self._found = find_receipts(session, desk.seat.compound_id, asked)
        return len(self._found)

    def read(self, desk: Desk, offset: int, limit: int) -> tuple[ReceiptLine, ...]:
        """Return a page of what was found."""
        compound_id, zone = desk.seat.compound_id, ZoneInfo(desk.seat.zone)
        with desk.store.read() as session:
            if self._found is not None:
                return receipts_by_id(session, compound_id, self._found.ids(offset, limit))
            asked = self.filters.asked(self.text, zone)
            return page_receipts(session, compound_id, asked, offset=offset, limit=limit)

    def page(self, desk: Desk, offset: int, limit: int, marked: Collection[UUID] = ()) -> list[RowView]:
        zone = ZoneInfo(desk.seat.zone)
        lines = self.read(desk, offset, limit)
        self.known.update((str(line.id), line) for line in lines)
        return [_row(line, zone, line.id in marked) for line in lines]


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    widths = (16, 16, 9, 10, 13, 8, 9, 9)
    priorities = (9, 7, 9, 8, 9, 5, 3, 4)
    return tuple(
        Column(
            t(f"receipts.column.{name}"),
            width,
            priority=priority,
            grow=name == "payer",
            align="right" if name == "amount" else "left",
        )
        for name, width, priority in zip(_COLUMNS, widths, priorities, strict=False)
    )


def _row(line: ReceiptLine, zone: ZoneInfo, marked: bool) -> RowView:  # noqa: FBT001 - a column
    return RowView(
        str(line.id),
        (
            f"{_TICKED if marked else _PLAIN} {line.number}",
            when_text(line.paid_at, zone),
            line.door or "—",
            yuan(line.amount_fen),
            state_mark(line),
            line.payer,
            method_word(line.method),
            line.collector,
        ),
        muted=line.voided_at is not None,
    )


def when_text(at: datetime, zone: ZoneInfo) -> str:
    """Return a moment as rows tell it."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def state_mark(line: ReceiptLine) -> Mark:
    """Return whether a receipt is void, and how often it was printed."""
    if line.voided_at is not None:
        return Mark("✗", t("receipts.void"), Tone.BAD)
    if not line.copies:
        return Mark("○", t("receipts.unprinted"), Tone.MUTED)
    return Mark("✓", t("receipts.printed", n=line.copies), Tone.GOOD)


# -- the lines of one ------------------------------------------------------------------------


def item_columns() -> tuple[Column, ...]:
    """Return the columns of what stands on a receipt."""
    return (
        Column(t("fee_receipt.item"), 12, priority=9),
        Column(t("fee_receipt.span"), 9, priority=8),
        Column(t("fee_receipt.paid"), 10, priority=9, align="right"),
        Column(t("fee_receipt.billed"), 10, priority=5, align="right"),
        Column(t("fee_receipt.discount"), 8, priority=3, align="right"),
        Column(t("fee_receipt.remark"), 14, priority=4),
        Column(t("receipts.how"), 14, priority=7, grow=True),
    )


def item_row(place: int, item: PrintedItem) -> RowView:
    """Return a line of a receipt."""
    return RowView(
        str(place),
        (
            item_word(item),
            item_span(item),
            yuan(item.fen),
            yuan(item.billed_fen) if item.item else "",
            yuan(item.discount_fen) if item.discount_fen else "",
            remark_text(item),
            sum_text_short(item.sums or {}),
        ),
    )


# -- out of the app --------------------------------------------------------------------------


def receipts_table(desk: Desk, sought: SoughtReceipts) -> SheetTable:
    """Return what was found as a table."""
    zone = ZoneInfo(desk.seat.zone)
    lines = sought.read(desk, 0, sought.count(desk))
    rows: list[Sequence[Any]] = [
        (
            line.number,
            when_text(line.paid_at, zone),
            line.door,
            yuan(line.amount_fen),
            str(state_mark(line)),
            line.payer,
            method_word(line.method),
            line.collector,
            line.void_reason,
        )
        for line in lines
    ]
    return SheetTable(tuple(t(f"receipts.column.{name}") for name in _COLUMNS), tuple(map(tuple, rows)))
