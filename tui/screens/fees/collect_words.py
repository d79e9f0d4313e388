"""The desk in words: doors, bills, what an amount would do, what was taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from models.fees.money import capitals
from models.fees.queries import BillLine, DoorAccount, PaymentLine
from models.fees.queries_arrears_grievances import Grievance
from models.fees.queries_desk import DoorLine
from models.fees.rules import BillKind
from tui.fee_sums import sum_lines, sum_text_short
from tui.fee_words import bill_kind_word, method_word, short_span, sum_text
from tui.i18n import t
from tui.row_words import listed
from tui.screens.fees.collect_plan import Plan, Typed
from tui.screens.fees.collect_store import Taken
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

#: Payments that the line of the last ones names.
_LAST = 3
_TICKED, _LEFT = "☑", "☐"


def door_columns() -> tuple[Column, ...]:
    return (
        Column(t("fee.desk.door"), 12, priority=9),
        Column(t("fee.desk.people"), 16, priority=6, grow=True),
        Column(t("fee.desk.owed"), 12, priority=8, align="right"),
        Column(t("fee.desk.since"), 12, priority=5),
        Column(t("fee.desk.bills"), 5, priority=3, align="right"),
    )


def door_row(door: DoorLine) -> RowView:
    owed = Mark("", sum_text(door.owed_fen)) if door.owed_fen else Mark("✓", t("fee.desk.clear"), Tone.GOOD)
    since = door.owed_since.isoformat() if door.owed_since else ""
    bills = str(door.bills) if door.bills else ""
    return RowView(str(door.id), (door.code, listed(door.people), owed, since, bills))


def bill_columns() -> tuple[Column, ...]:
    return (
        Column("", 1, priority=9),
        Column(t("fee.desk.period"), 15, priority=8),
        Column(t("fee.desk.item"), 14, priority=7, grow=True),
        Column(t("fee.desk.amount"), 11, priority=4, align="right"),
        Column(t("fee.desk.left"), 11, priority=8, align="right"),
        Column(t("fee.desk.due"), 12, priority=3),
        Column(t("fee.desk.how"), 44, priority=1, grow=True),
    )


def item_text(bill: BillLine) -> str:
    """Return what a bill is for; a charge by its item alone."""
    return bill.item if bill.kind == BillKind.CHARGE else f"{bill.item} {bill_kind_word(bill.kind)}"


def bill_row(bill: BillLine, *, left_out: bool, today: date) -> RowView:
    due = f"{bill.due_on:%m-%d}" if bill.due_on.year == today.year else bill.due_on.isoformat()
    return RowView(
        str(bill.id),
        (
            _LEFT if left_out else _TICKED,
            short_span(bill.since, bill.until),
            item_text(bill),
            sum_text(bill.amount_fen),
            sum_text(bill.owed_fen),
            Mark("!", due, Tone.WARN) if bill.due_on < today else due,
            sum_text_short(bill.sums) or bill.note,
        ),
        muted=left_out,
    )


def why_text(bill: BillLine) -> str:
    """Return how a bill came about, on one line; what was paid of it is told too."""
    parts = [*sum_lines(bill.sums)] or [bill.note]
    if bill.paid_fen:
        parts.append(t("fee.desk.paid_of_it", paid=sum_text(bill.paid_fen), left=sum_text(bill.owed_fen)))
    return t("fee.desk.semicolon").join(part for part in parts if part)


def owed_mark(account: DoorAccount) -> Mark:
    """Return what a door owes, and since when; else that nothing is owed."""
    if not account.bills:
        return Mark("✓", t("fee.desk.owes_nothing"), Tone.GOOD)
    since = account.owed_since
    said = t("fee.desk.owes", sum=sum_text(account.owed_fen), n=len(account.bills), since=since)
    return Mark("▲", said, Tone.WARN)


def credit_mark(account: DoorAccount) -> Mark:
    if not account.credit_fen:
        return Mark("", "")
    return Mark("＋", t("fee.desk.credit", sum=sum_text(account.credit_fen)), Tone.INFO)


def grievance_mark(waits: Grievance) -> Mark:
    """Return what a household itself waits for: that comes first."""
    parts = []
    if waits.open:
        parts.append(t("fee.desk.open_tickets", n=len(waits.open), what=waits.open[0].what))
    if waits.unrated:
        parts.append(t("fee.desk.unrated", n=len(waits.unrated)))
    if not parts:
        return Mark("", "")
    return Mark("⚑", t("fee.desk.fix_first", what=t("fee.desk.semicolon").join(parts)), Tone.WARN)


def asked_mark(account: DoorAccount) -> Mark:
    """Return what waits for a second person at this door."""
    if not account.asked:
        return Mark("", "")
    return Mark("?", t("fee.desk.asked", n=len(account.asked)), Tone.INFO)


def last_text(payments: Sequence[PaymentLine], zone: ZoneInfo) -> str:
    """Return the last payments on a line."""
    if not payments:
        return t("fee.desk.never_paid")
    told = [
        t(
            "fee.desk.last_one",
            day=one.paid_at.astimezone(zone).date(),
            sum=sum_text(one.amount_fen),
            method=method_word(one.method),
        )
        + (t("fee.desk.was_reversed") if one.reversed_on else "")
        for one in payments[:_LAST]
    ]
    return t("fee.desk.last", payments=t("fee.desk.semicolon").join(told))


def wrong_text(typed: Typed) -> str:
    """Return why what was typed is no amount."""
    return t(f"fee.wrong.{typed.wrong.removeprefix('money.')}") if typed.wrong else ""


def plan_mark(plan: Plan) -> Mark:
    """Return what the amount would do, before it is taken."""
    if plan.amount.wrong:
        return Mark("×", wrong_text(plan.amount), Tone.BAD)
    if plan.amount.fen is None:
        return Mark("", t("fee.desk.type_amount"))
    found = plan.allocation
    owed = {bill.id: bill.owed_fen for bill in plan.bills}
    whole = sum(owed[bill_id] == fen for bill_id, fen in found.lines)
    parts = [t("fee.desk.pays", n=whole)] if whole else []
    for bill in plan.bills:
        part = next((fen for bill_id, fen in found.lines if bill_id == bill.id), 0)
        if part and part < bill.owed_fen:
            what = f"{short_span(bill.since, bill.until)} {bill.item}"
            parts.append(
                t("fee.desk.pays_part", what=what, part=sum_text(part), left=sum_text(bill.owed_fen - part))
            )
            break
    if found.rest_fen:
        parts.append(t("fee.desk.becomes_credit", sum=sum_text(found.rest_fen)))
    else:
        still = sum(owed.values()) - found.spent_fen
        parts.append(t("fee.desk.still_owed", sum=sum_text(still)) if still else t("fee.desk.all_paid"))
    said = t("fee.desk.comma").join(parts)
    return Mark("＋", said, Tone.INFO) if found.rest_fen else Mark("→", said, Tone.GOOD)


def change_mark(plan: Plan) -> Mark:
    """Return the change to give back."""
    if plan.given.wrong:
        return Mark("×", wrong_text(plan.given), Tone.BAD)
    change = plan.change_fen
    if change is None:
        return Mark("", "")
    if change < 0:
        return Mark("×", t("fee.desk.too_little", sum=sum_text(-change)), Tone.BAD)
    return Mark("←", t("fee.desk.change", sum=sum_text(change)), Tone.GOOD)


def taken_mark(taken: Taken) -> Mark:
    """Return that this is done."""
    return Mark("✓", t("fee.desk.taken", number=taken.number, sum=sum_text(taken.fen)), Tone.GOOD)


def taken_lines(taken: Taken) -> list[tuple[str, str]]:
    """Return the lines of a receipt that pay bills: what for, and how much."""
    told = []
    for line in taken.lines:
        if not line.get("bill"):
            continue
        span = short_span(date.fromisoformat(line["since"]), date.fromisoformat(line["until"]))
        left = int(line.get("left_fen") or 0)
        rest = t("fee.desk.left_of_it", sum=sum_text(left)) if left else ""
        told.append((f"{span} {line['item']}{rest}", sum_text(int(line["fen"]))))
    return told


def credit_lines(taken: Taken) -> list[tuple[str, str]]:
    """Return the lines of a receipt that no bill took: they stay to the household's credit."""
    word = t("fee.desk.into_credit")
    return [(word, sum_text(int(line["fen"]))) for line in taken.lines if not line.get("bill")]


def in_capitals(fen: int) -> str:
    """Return an amount in the numerals that nobody can alter."""
    return capitals(fen)
