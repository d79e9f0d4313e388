"""Payments in words: rows of lists, the facts of a card, where each fen went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from models.fees.queries import PaymentLine
from models.fees.queries_asked import AskedLine
from models.fees.queries_desk_payments import PaymentStory, Wanted
from tui.fee_words import method_word, short_span, sum_text
from tui.i18n import t
from tui.screens.fees.collect_words import item_text
from tui.widgets.facts import Fact
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

PAYMENTS, REQUESTS, SUSPENSE = "payments", "requests", "suspense"
REVERSAL, REFUND = "reversal", "refund"


def columns_of(view: str) -> tuple[Column, ...]:
    """Return the columns of a list."""
    if view == REQUESTS:
        return (
            Column(t("payments.asked"), 6, priority=9),
            Column(t("fee.desk.door"), 10, priority=8),
            Column(t("payments.sum"), 11, priority=8, align="right"),
            Column(t("payments.reason"), 20, priority=7, grow=True),
            Column(t("payments.asked_by"), 8, priority=6),
            Column(t("payments.day"), 11, priority=4),
        )
    return (
        Column(t("payments.day"), 11, priority=9),
        Column(t("fee.desk.door"), 9, priority=8),
        Column(t("payments.sum"), 10, priority=8, align="right"),
        Column(t("payments.method"), 8, priority=6),
        Column(t("payments.state"), 14, priority=7, grow=True),
        Column(t("payments.receipt"), 13, priority=5),
        Column(t("payments.collector"), 8, priority=4),
        Column(t("payments.payer"), 12, priority=3, grow=True),
    )


def state_mark(payment: PaymentLine) -> Mark:
    """Return how a payment stands: taken back, in suspense, partly credit, or all of it on bills."""
    if payment.reversed_on is not None:
        return Mark("×", t("payments.reversed"), Tone.MUTED)
    if payment.household_id is None:
        return Mark("?", t("payments.in_suspense"), Tone.WARN)
    if payment.free_fen:
        return Mark("＋", t("payments.credit", sum=sum_text(payment.free_fen)), Tone.INFO)
    return Mark("✓", t("payments.on_bills"), Tone.GOOD)


def when_text(at: datetime, zone: ZoneInfo, today: date) -> str:
    """Return when something was, in a column's width: of another year the day alone."""
    there = at.astimezone(zone)
    return f"{there:%m-%d %H:%M}" if there.year == today.year else f"{there:%Y-%m-%d}"


def payment_row(payment: PaymentLine, zone: ZoneInfo, today: date) -> RowView:
    return RowView(
        str(payment.id),
        (
            when_text(payment.paid_at, zone, today),
            payment.door or "—",
            sum_text(payment.amount_fen),
            method_word(payment.method),
            state_mark(payment),
            payment.number,
            payment.collector,
            payment.payer,
        ),
        muted=payment.reversed_on is not None,
    )


def request_id(asked: AskedLine) -> str:
    return f"{REFUND if asked.refund else REVERSAL}:{asked.id}"


def request_row(asked: AskedLine, door: str, zone: ZoneInfo, today: date) -> RowView:
    word = t("payments.refund") if asked.refund else t("payments.reversal")
    return RowView(
        request_id(asked),
        (
            word,
            door or "—",
            sum_text(asked.fen),
            asked.reason,
            asked.asked_by,
            when_text(asked.asked_at, zone, today),
        ),
    )


def filter_text(wanted: Wanted, collector: str) -> str:
    """Return what the list is narrowed to; empty where it is not."""
    parts = []
    if wanted.since is not None and wanted.until is not None:
        parts.append(short_span(wanted.since, wanted.until))
    if wanted.method:
        parts.append(method_word(wanted.method))
    if collector:
        parts.append(collector)
    return " · ".join(parts)


def sums_text(narrowed: str, sums: Mapping[str, tuple[int, int]]) -> str:
    """Return what payments come to, by method, for the chat group."""
    n, fen = sum(count for count, _ in sums.values()), sum(fen for _, fen in sums.values())
    lines = [t("payments.sums_head", what=narrowed, n=n, sum=sum_text(fen))]
    for method, (count, part) in sorted(sums.items(), key=lambda one: -one[1][1]):
        lines.append(t("payments.sums_line", method=method_word(method), n=count, sum=sum_text(part)))
    return "\n".join(lines)


# -- a payment's card ------------------------------------------------------------------------


def facts_of(story: PaymentStory, zone: ZoneInfo) -> list[Fact]:
    payment = story.payment
    receipts = t("list.comma").join(
        t("payments.void_receipt", number=one.number) if one.voided else one.number for one in story.receipts
    )
    facts = [
        Fact(t("fee.desk.door"), payment.door or Mark("?", t("payments.in_suspense"), Tone.WARN)),
        Fact(t("payments.sum"), sum_text(payment.amount_fen)),
        Fact(t("payments.method"), method_word(payment.method)),
        Fact(t("payments.day"), f"{payment.paid_at.astimezone(zone):%Y-%m-%d %H:%M}"),
        Fact(t("payments.collector"), payment.collector),
        Fact(t("payments.state"), state_mark(payment)),
        Fact(t("payments.receipt"), receipts or Mark("!", t("payments.no_receipt"), Tone.WARN)),
        Fact(t("payments.payer"), payment.payer),
    ]
    facts += [
        Fact(label, value)
        for label, value in (
            (t("payments.reference"), payment.reference),
            (t("payments.words"), payment.words),
            (t("payments.why_reversed"), story.reason),
        )
        if value
    ]
    if story.asked is not None:
        asked = story.asked
        said = t("payments.asked_fact", person=asked.asked_by or "?", reason=asked.reason)
        facts.append(Fact(t("payments.asked"), Mark("?", said, Tone.WARN)))
    return facts


def went_columns() -> tuple[Column, ...]:
    return (
        Column(t("payments.went_to"), 24, priority=9, grow=True),
        Column(t("payments.sum"), 12, priority=8, align="right"),
        Column(t("payments.of_bill"), 12, priority=5, align="right"),
        Column(t("fee.desk.left"), 12, priority=4, align="right"),
    )


def went_rows(story: PaymentStory) -> Sequence[RowView]:
    """Return where each fen of a payment went; the lines come to the whole of it."""
    rows = [
        RowView(
            f"bill:{one.bill.id}",
            (
                f"{short_span(one.bill.since, one.bill.until)} {item_text(one.bill)}",
                sum_text(one.fen),
                sum_text(one.bill.amount_fen),
                sum_text(one.bill.owed_fen) if one.bill.owed_fen else "",
            ),
        )
        for one in story.bills
    ]
    payment = story.payment
    if story.refunded_fen:
        rows.append(RowView("refunded", (t("payments.went_back"), sum_text(story.refunded_fen), "", "")))
    if payment.reversed_on is not None:
        back = payment.amount_fen - story.refunded_fen
        rows.append(RowView("reversed", (t("payments.reversed"), sum_text(back), "", ""), muted=True))
    elif payment.free_fen:
        word = t("fee.desk.into_credit") if payment.household_id else t("payments.in_suspense")
        rows.append(RowView("free", (word, sum_text(payment.free_fen), "", "")))
    return rows
