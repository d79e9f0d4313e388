"""Cash as rows: what somebody took, what everybody has, what was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from models.fees.money import yuan
from models.fees.queries import PaymentLine
from models.fees.queries_cash import BoxHeld, CashHeld, HandInLine
from tui.cash_words import counts_of, difference_text, worth_word
from tui.i18n import t
from tui.screens.fees.receipts_rows import when_text
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

MINE, ALL, HANDED = "mine", "all", "handed"
#: The row of cash that nobody knows the collector of, and that of the compound's own box.
NOBODY, BOX = "nobody", "box"


def columns(view: str) -> tuple[Column, ...]:
    """Return the columns of a tab."""
    if view == MINE:
        return (
            Column(t("cash.column.when"), 16, priority=9),
            Column(t("receipts.column.door"), 9, priority=9),
            Column(t("receipts.column.amount"), 11, priority=9, align="right"),
            Column(t("receipts.column.payer"), 10, priority=6, grow=True),
            Column(t("fee_receipt.number"), 14, priority=8),
            Column(t("receipts.column.state"), 8, priority=7),
        )
    if view == ALL:
        return (
            Column(t("cash.column.who"), 12, priority=9, grow=True),
            Column(t("cash.column.should"), 12, priority=9, align="right"),
            Column(t("cash.column.taken"), 12, priority=6, align="right"),
            Column(t("cash.column.handed"), 12, priority=6, align="right"),
            Column(t("cash.column.besides"), 10, priority=3, align="right"),
            Column(t("cash.column.last"), 16, priority=7),
        )
    return (
        Column(t("cash.column.when"), 16, priority=9),
        Column(t("cash.column.who"), 8, priority=9, grow=True),
        Column(t("receipts.column.amount"), 11, priority=9, align="right"),
        Column(t("cash.column.difference"), 13, priority=6),
        Column(t("cash.column.to"), 8, priority=5),
        Column(t("receipts.column.state"), 16, priority=8),
    )


def taken_row(line: PaymentLine, zone: ZoneInfo) -> RowView:
    """Return cash that somebody took."""
    back = line.reversed_on is not None
    state = Mark("✗", t("cash.taken_back"), Tone.BAD) if back else Mark("✓", t("cash.in_hand"), Tone.GOOD)
    return RowView(
        str(line.id),
        (
            when_text(line.paid_at, zone),
            line.door or "—",
            yuan(line.amount_fen),
            line.payer,
            line.number,
            state,
        ),
        muted=back,
    )


def held_row(held: CashHeld, zone: ZoneInfo) -> RowView:
    """Return what a collector should have."""
    return RowView(
        NOBODY if held.collector_id is None else str(held.collector_id),
        (
            held.collector or t("cash.nobody"),
            yuan(held.fen),
            yuan(held.taken_fen),
            yuan(held.handed_fen),
            yuan(held.other_fen) if held.other_fen else "",
            "—" if held.last_at is None else when_text(held.last_at, zone),
        ),
        muted=not held.fen,
    )


def box_row(box: BoxHeld) -> RowView:
    """Return what should lie in the compound's box."""
    out = box.spent_fen + box.refunded_fen - box.moved_fen
    return RowView(
        BOX,
        (t("fee.account.box"), yuan(box.fen), yuan(box.handed_fen), yuan(out) if out else "", "", ""),
    )


def hand_in_row(line: HandInLine, zone: ZoneInfo) -> RowView:
    """Return cash that was handed in."""
    return RowView(
        str(line.id),
        (
            when_text(line.handed_at, zone),
            line.collector or t("cash.nobody"),
            yuan(line.fen),
            difference_mark(line),
            line.to,
            state_mark(line),
        ),
    )


def difference_mark(line: HandInLine) -> Mark:
    """Return what a hand-in differed by from what should have been there."""
    symbol, _, word = difference_text(line.fen, line.expected_fen).partition(" ")
    return Mark(symbol, word, Tone.BAD if line.over_fen else Tone.GOOD)


def state_mark(line: HandInLine) -> Mark:
    """Return whether whoever took it has counted it, and found what was said."""
    if line.confirmed_at is None:
        return Mark("○", t("cash.unconfirmed"), Tone.WARN)
    if line.found_over_fen:
        symbol, _, word = difference_text(line.fen + line.found_over_fen, line.fen).partition(" ")
        return Mark(symbol, t("cash.found", word=word), Tone.BAD)
    return Mark("✓", t("cash.confirmed"), Tone.GOOD)


def count_columns() -> tuple[Column, ...]:
    """Return the columns of notes and coins."""
    return (
        Column(t("cash.column.worth"), 12, priority=9, align="right"),
        Column(t("cash.column.pieces"), 8, priority=9, align="right"),
        Column(t("receipts.column.amount"), 14, priority=9, align="right"),
        Column("", 1, priority=1, grow=True),
    )


def count_rows(counts: Mapping[str, int]) -> list[RowView]:
    """Return notes and coins, what is worth most first."""
    return [
        RowView(str(worth), (worth_word(worth), f"{n:,}", yuan(worth * n), ""))
        for worth, n in counts_of(counts).items()
    ]
