"""The public accounts in words: spans, places, what came and what went, as lines of a label and an amount. Loads no Textual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from models.fees.periods import Cycle, Period, cycle_at
from models.fees.statement import COLLECTORS, Statement
from tui.fee_words import account_name
from tui.i18n import t

_DAY: Final = timedelta(days=1)
_PPM_A_TENTH: Final = 1_000
_TENTHS: Final = 10


@dataclass(frozen=True, slots=True)
class AmountLine:
    """A line of the accounts: a label and an amount in fen."""

    label: str
    fen: int


def span_words(since: date, until: date) -> str:
    """Return a half-open span of days as people say it: `2026年第3季度`, else its first and last day."""
    period = Period(since, until)
    for cycle in Cycle:
        if cycle_at(cycle, since) == period:
            number = (since.month - 1) // cycle.months + 1
            return t(f"accounts.span.{cycle}", year=since.year, number=number)
    return days_words(since, until)


def days_words(since: date, until: date) -> str:
    """Return the first and the last day of a half-open span."""
    return t("accounts.span.days", first=since.isoformat(), last=(until - _DAY).isoformat())


def span_of(statement: Statement) -> tuple[date, date]:
    """Return the first day of a statement and the first one after it."""
    return date.fromisoformat(statement.since), date.fromisoformat(statement.until)


def place_word(account: str, name: str) -> str:
    """Return where money lies; whose hands cash is in stands nowhere in public."""
    if account == COLLECTORS:
        return t("accounts.collectors")
    return name or account_name(account, {})


def rate_text(ppm: int | None) -> str:
    """Return a rate with one decimal, rounded down: `87.3%`; a dash where nothing was billed."""
    if ppm is None:
        return "—"
    tenths = ppm // _PPM_A_TENTH
    return f"{tenths // _TENTHS}.{tenths % _TENTHS}%"


def came_lines(statement: Statement) -> Sequence[AmountLine]:
    """Return what came, line by line; the lines add up to `came_fen`."""
    lines = [AmountLine(one.name, one.received_fen) for one in statement.items if one.received_fen]
    lines += [
        AmountLine(t(f"accounts.line.{name}"), fen)
        for name, fen in (("ahead", statement.ahead_fen), ("unclear", statement.unclear_fen))
        if fen
    ]
    lines += [
        AmountLine(one.name or t("accounts.line.income"), one.fen) for one in statement.other if one.fen
    ]
    if statement.brought_fen:
        lines.append(AmountLine(t("accounts.line.brought"), statement.brought_fen))
    return lines


def went_lines(statement: Statement) -> Sequence[AmountLine]:
    """Return what went, line by line; the lines add up to `went_fen`."""
    lines = [AmountLine(one.name, one.fen) for one in statement.expenses if one.fen]
    if statement.refunds_fen:
        lines.append(AmountLine(t("accounts.line.refunds"), statement.refunds_fen))
    return lines
