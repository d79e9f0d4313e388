"""Billing in words: what a run comes to, what is odd about it, how a bill stands. Loads no Textual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from models.fees.billing import Oddity, Run, RunLine, told
from models.fees.billing_states import BillState
from models.fees.money import reading_text
from models.fees.rules import BillKind
from tui.fee_sums import sum_text_short
from tui.fee_words import bill_kind_word, span_text, sum_text
from tui.i18n import t

#: What is odd, by how much it matters: what was not drawn up first, what is only to be known last.
ORDER: Final = (
    "no_tariff",
    "no_cost",
    "no_bearer",
    "too_large",
    "not_ahead",
    "no_area",
    "no_indoor_area",
    "no_reading",
    "reading_falls",
    "tariff_gap",
    "twice",
    "no_owner",
    "zero",
    "deferral",
    "billed",
)


def odd_word(code: str) -> str:
    """Return in a word or two what is odd."""
    return t(f"billing.odd.{code}")


def odd_text(one: Oddity) -> str:
    """Return what is odd as a sentence that says what is so and what to do; not where."""
    params = dict(one.params)
    for name in ("fen", "last"):
        if name in params:
            params[name] = sum_text(params[name])
    if "reading" in params:
        params["reading"] = reading_text(params["reading"])
    return t(f"billing.told.{one.code}", **params)


def odd_where(one: Oddity) -> str:
    """Return which door it is about, or that it is about all."""
    return one.door or t("billing.everybody")


def item_word(line: RunLine) -> str:
    """Return what a line asks for; a late charge says so."""
    return f"{line.item} {bill_kind_word(line.kind.value)}" if line.kind is not BillKind.CHARGE else line.item


def span_word(line: RunLine | Oddity) -> str:
    """Return the days that a line is about."""
    return span_text(line.since, line.until)


def summary(run: Run, lines: Sequence[RunLine]) -> str:
    """Return on one line what some lines of a run come to."""
    doors = len({line.place.household_id for line in lines})
    fen = sum(line.amount_fen for line in lines)
    parts = [t("billing.sum", n=len(lines), doors=t("billing.doors", n=doors), fen=sum_text(fen))]
    if off := sum(line.discount_fen for line in lines):
        parts.append(t("billing.sum.off", fen=sum_text(off)))
    if run.billed:
        parts.append(t("billing.sum.billed", n=run.billed))
    if left := len(run.lines) - len(lines):
        parts.append(t("billing.sum.left", n=left))
    return t("billing.sum.and").join(parts)


def nothing_text(run: Run, items: int) -> str:
    """Return why there is nothing to bill: nothing is charged, all is billed, or what is left cannot be worked out."""
    if not items:
        return t("billing.no_items")
    hindered = sum(one.hinders for one in run.oddities)
    if hindered:
        return t("billing.nothing_yet", n=hindered)
    return t("billing.nothing_new", n=run.billed) if run.billed else t("billing.nothing")


def odd_counts(run: Run) -> Iterator[str]:
    """Yield how often what is odd, by how much it matters."""
    counts = told(run.oddities)
    for code in ORDER:
        if counts[code]:
            yield t("billing.odd_n", what=odd_word(code), n=counts[code])


def line_text(line: RunLine) -> str:
    """Return a line of a run as it is printed."""
    odd = "".join(f"  [{odd_word(code)}]" for code in line.odd)
    return f"{line.door}  {item_word(line)}  {span_word(line)}  {_derived(line)}{odd}"


def _derived(line: RunLine) -> str:
    return sum_text_short(line.sums) or sum_text(line.amount_fen)


def odd_line(one: Oddity) -> str:
    """Return something odd as it is printed."""
    return f"{odd_where(one)}  {one.item}  {span_word(one)}  {odd_text(one)}"


def state_word(state: BillState) -> str:
    """Return how a bill stands."""
    return t(f"billing.state.{state.value}")
