"""Collection rates in words: percent, spans, what a line is of. Loads no Textual."""

from __future__ import annotations

from typing import Final

from models.fees.periods import Period
from models.fees.queries_rates import By, RateLine
from models.fees.rules import WHOLE
from tui.fee_words import span_text
from tui.i18n import t
from tui.row_words import building_word

#: Nothing was billed, so there is no rate.
NOTHING: Final = "—"


def percent_text(ppm: int | None) -> str:
    """Return a rate with one decimal, rounded down: 99.96 % is not all of it."""
    if ppm is None:
        return NOTHING
    tenths = ppm * 1_000 // WHOLE
    return f"{tenths // 10}.{tenths % 10}%"


def target_text(ppm: int) -> str:
    """Return a target in whole percent, or with its decimal where it has one."""
    return f"{ppm * 100 // WHOLE}%" if ppm * 100 % WHOLE == 0 else percent_text(ppm)


def line_name(line: RateLine, by: By) -> str:
    """Return what a line of the table is of."""
    if by is By.BUILDING:
        return building_word(line.name)
    return line.name or t("rates.nobody")


def period_text(period: Period) -> str:
    """Return a period as it stands over the table."""
    return span_text(period.first, period.end)


def short_period(period: Period) -> str:
    """Return a period as it stands beneath its column: `26Q4`, `26-11`, `2026`."""
    name = period.name
    return name if len(name) <= 4 or "/" in name else name[2:].replace("-Q", "Q").replace("-H", "H")  # noqa: PLR2004  # a year alone
