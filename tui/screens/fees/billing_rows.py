"""Lines, oddities and past runs as rows of lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from models.fees.billing import Oddity, RunLine
from models.fees.billing_states import BillState, state_of
from models.fees.queries import BillLine
from models.fees.queries_billing_runs import RunRow
from models.fees.rules import BillKind
from tui.fee_billing_words import ORDER, item_word, odd_text, odd_where, odd_word, span_word, state_word
from tui.fee_words import bill_kind_word, short_span, span_text, sum_text
from tui.i18n import t
from tui.widgets.rows import Cell, Column, RowView
from tui.widgets.text import Mark, Tone

ODD, LINES, RUNS = "odd", "lines", "runs"
_STATES = {
    BillState.OPEN: ("○", Tone.PLAIN),
    BillState.PART: ("◐", Tone.WARN),
    BillState.OVERDUE: ("!", Tone.BAD),
    BillState.PAID: ("✓", Tone.GOOD),
    BillState.REVERSED: ("×", Tone.MUTED),
}


def columns(view: str) -> tuple[Column, ...]:
    """Return the columns of a tab."""
    if view == RUNS:
        return (
            Column(t("billing.column.period"), 10, priority=9),
            Column(t("billing.column.issued"), 10, priority=7),
            Column(t("billing.column.by"), 8, priority=4, grow=True),
            Column(t("billing.column.bills"), 6, priority=8, align="right"),
            Column(t("billing.column.amount"), 12, priority=9, align="right"),
            Column(t("billing.column.owed"), 12, priority=8, align="right"),
        )
    door = Column(t("billing.column.door"), 12, priority=9)
    item = Column(t("billing.column.item"), 12, priority=7, grow=view == LINES)
    span = Column(t("billing.column.span"), 15, priority=6)
    if view == ODD:
        return (
            Column(t("billing.column.odd"), 17, priority=9),
            door,
            Column(t("billing.column.item"), 10, priority=7),
            Column(t("billing.column.span"), 8, priority=5),
            Column(t("billing.column.told"), 24, priority=8, grow=True),
        )
    return (
        door,
        item,
        span,
        Column(t("billing.column.amount"), 12, priority=9, align="right"),
        Column(t("billing.column.due"), 10, priority=5),
        Column(t("billing.column.what"), 16, priority=8),
    )


def odd_mark(one: Oddity) -> Mark:
    """Return what is odd, worse where something could not be worked out."""
    if one.hinders:
        return Mark("×", odd_word(one.code), Tone.BAD)
    quiet = one.code in {"billed", "zero", "deferral"}
    return Mark("·" if quiet else "!", odd_word(one.code), Tone.MUTED if quiet else Tone.WARN)


def in_order(oddities: Sequence[Oddity]) -> tuple[Oddity, ...]:
    """Return what is odd, by how much it matters."""
    return tuple(sorted(oddities, key=lambda one: ORDER.index(one.code)))


def odd_row(at: int, one: Oddity) -> RowView:
    return RowView(str(at), (odd_mark(one), odd_where(one), one.item, span_word(one), odd_text(one)))


def line_row(line: RunLine, left_out: Collection[str]) -> RowView:
    """Return a line of a run; what is left out of it says so."""
    if line.key in left_out:
        what: Cell = Mark("−", t("billing.left_out"), Tone.MUTED)
    elif line.odd:
        what = Mark("!", " ".join(odd_word(code) for code in line.odd), Tone.WARN)
    else:
        what = ""
    cells = (
        line.door,
        item_word(line),
        short_span(line.since, line.until),
        sum_text(line.amount_fen),
        line.due_on.isoformat(),
        what,
    )
    return RowView(line.key, cells, muted=line.key in left_out)


def run_cells(run: RunRow) -> RowView:
    owed: Cell = sum_text(run.owed_fen) if run.owed_fen else Mark("✓", t("billing.all_paid"), Tone.GOOD)
    if not run.holding:
        owed = Mark("×", t("billing.withdrawn"), Tone.MUTED)
    cells = (
        span_text(run.since, run.until),
        run.issued_on.isoformat(),
        run.by,
        str(run.holding),
        sum_text(run.holding_fen),
        owed,
    )
    return RowView(str(run.id), cells, muted=not run.holding)


# -- bills -------------------------------------------------------------------------------


def bill_columns() -> tuple[Column, ...]:
    return (
        Column(t("billing.column.door"), 12, priority=9),
        Column(t("billing.column.item"), 12, priority=7, grow=True),
        Column(t("billing.column.span"), 15, priority=8),
        Column(t("billing.column.amount"), 11, priority=9, align="right"),
        Column(t("billing.column.owed"), 11, priority=6, align="right"),
        Column(t("billing.column.state"), 12, priority=8),
        Column(t("billing.column.due"), 10, priority=3),
    )


def state_mark(bill: BillLine, today: date) -> Mark:
    """Return how a bill stands."""
    state = state_of(bill, today)
    symbol, tone = _STATES[state]
    return Mark(symbol, state_word(state), tone)


def bill_item(bill: BillLine) -> str:
    """Return what a bill asks for."""
    charge = bill.kind == BillKind.CHARGE.value
    return bill.item if charge else f"{bill.item} {bill_kind_word(bill.kind)}"


def bill_row(bill: BillLine, today: date) -> RowView:
    cells = (
        bill.door,
        bill_item(bill),
        short_span(bill.since, bill.until),
        sum_text(bill.amount_fen),
        sum_text(bill.owed_fen) if bill.owed_fen else "",
        state_mark(bill, today),
        bill.due_on.isoformat(),
    )
    return RowView(str(bill.id), cells, muted=bill.reversed_on is not None)
