"""How collection rates stand on a screen: the three rates, what is missing, columns period by period, a table with bars. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from models.fees.periods import Period
from models.fees.queries_rates import By, Rates
from models.fees.rates import Tally
from models.fees.rules import WHOLE
from tui import fee_rates_words as words
from tui.fee_words import sum_text
from tui.i18n import t
from tui.widgets.flow import flowed
from tui.widgets.rows import GAP, Column, layout
from tui.widgets.sparkline import bar, column_rows
from tui.widgets.text import fit, joined, plain, width

_TITLE: Final = "bold $primary"
_GOOD: Final = "$text-success"
_SHORT: Final = "$text-primary"
_LINE: Final = "$text-warning"
_WIDEST: Final = 8
#: How many lines high the columns are, where there is little room and where there is much.
_LOW: Final = 4
_HIGH: Final = 8
_BAR_AT: Final = 2
_LEAST_BAR: Final = 6
_WIDEST_TABLE: Final = 120
_LONGEST_NAME: Final = 20
_DASH: Final = "╌"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn: a period's rates, the rates of the periods up to it, and the target (parts of a million)."""

    rates: Rates
    by: By
    trail: tuple[tuple[Period, Tally], ...]
    target: int


class RateSheet(Widget):
    """Rates, as tall as they need."""

    DEFAULT_CSS = """
    RateSheet { height: auto; text-wrap: nowrap; padding-right: 1; }
    """
    ALLOW_SELECT: ClassVar[bool] = True
    sheet: reactive[Sheet | None] = reactive(None, layout=True)
    tall: reactive[bool] = reactive(default=False, layout=True)

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport
        return max(1, len(self._lines(width)))

    def _lines(self, cells: int) -> list[Content]:
        if self.sheet is None:
            return []
        return list(sheet_lines(self.sheet, cells, rows=_HIGH if self.tall else _LOW))


def sheet_lines(sheet: Sheet, cells: int, *, rows: int = _LOW) -> Iterator[Content]:
    """Yield rates from top to bottom in lines of at most `cells` cells; columns are `rows` lines high."""
    total = sheet.rates.total
    yield from _numbers(total, cells)
    yield from _missing(total, sheet.target, cells)
    if sheet.trail:
        yield Content("")
        yield from _columns(sheet, cells, rows)
    yield Content("")
    yield from _table(sheet, cells)


def _numbers(total: Tally, cells: int) -> Iterator[Content]:
    told = (
        (
            "rate",
            total.rate,
            t("rates.of_sum", some=sum_text(total.received_fen), all=sum_text(total.billed_fen)),
        ),
        ("household_rate", total.household_rate, t("rates.of_doors", some=total.doors_paid, all=total.doors)),
        (
            "clearance_rate",
            total.clearance_rate,
            t(
                "rates.of_sum",
                some=sum_text(total.recovered_fen),
                all=sum_text(total.recovered_fen + total.old_fen),
            ),
        ),
    )
    label = max(width(t(f"rates.{name}")) for name, _, _ in told)
    for name, ppm, said in told:
        yield joined(
            (fit(t(f"rates.{name}"), label + 2), "$text-muted"),
            (fit(words.percent_text(ppm), 7, "right"), "bold"),
            "   ",
            (said if width(said) <= cells - label - 12 else "", "$text-muted"),
        )


def _missing(total: Tally, target: int, cells: int) -> Iterator[Content]:
    if not total.doors:
        yield plain(t("rates.nothing_billed"), "$text-muted")
        return
    fen, doors = total.missing(target)
    reached = not fen and not doors
    said = (
        t("rates.reached", target=words.target_text(target))
        if reached
        else t("rates.missing", target=words.target_text(target), fen=sum_text(fen), n=doors)
    )
    for line in flowed(said, cells):
        yield plain(line, f"bold {_GOOD if reached else _LINE}")


# -- period by period --------------------------------------------------------------------


def _columns(sheet: Sheet, cells: int, rows: int) -> Iterator[Content]:
    """Yield a column for each period over a line at the target, with its rate and its name beneath."""
    label = width(words.target_text(sheet.target)) + 1
    each = max(6, min(_WIDEST, (cells - label) // max(1, len(sheet.trail))))
    trail = sheet.trail[-max(1, (cells - label) // each) :]
    ppm = [tally.rate or 0 for _, tally in trail]
    # The row in which the line of the target runs, counted from the top.
    target_row = rows - 1 - min(rows - 1, sheet.target * rows // WHOLE)
    yield plain(t("rates.trend", n=len(trail)), _TITLE)
    for row, drawn in enumerate(column_rows(ppm, WHOLE, each, rows)):
        at_target = row == target_row
        head = words.target_text(sheet.target) if at_target else ""
        parts: list[tuple[str, str]] = []
        for part, rate in zip(drawn, ppm, strict=True):
            if at_target and not part.strip():
                parts.append((_DASH * each, _LINE))
            else:
                parts.append((fit(part, each), _GOOD if rate >= sheet.target else _SHORT))
        yield joined((fit(head, label), _LINE), *parts)
    yield joined(fit("", label), *((fit(words.percent_text(tally.rate), each), "bold") for _, tally in trail))
    yield joined(
        fit("", label), *((fit(words.short_period(period), each), "$text-muted") for period, _ in trail)
    )


# -- broken down -------------------------------------------------------------------------


def _table(sheet: Sheet, cells: int) -> Iterator[Content]:
    texts = [(words.line_name(line, sheet.by), line.tally) for line in sheet.rates.lines]
    rows = [_cells(name, tally, sheet.target) for name, tally in texts]
    sums = _cells(t("rates.total"), sheet.rates.total, sheet.target)
    names = ("rate_short", "", "household_short", "doors", "received", "billed", "missing_fen", "old")
    headings = (t(f"rates.by_{sheet.by}"), *(t(f"rates.{name}") if name else "" for name in names))
    priorities = (9, 9, 5, 8, 6, 7, 4, 7, 3)
    columns = [
        Column(
            heading,
            _LEAST_BAR
            if at == _BAR_AT
            else max(width(heading), *(min(_LONGEST_NAME, width(row[at])) for row in (sums, *rows))),
            priority=priority,
            grow=at == _BAR_AT,
            align="left" if at in {0, _BAR_AT} else "right",
        )
        for at, (heading, priority) in enumerate(zip(headings, priorities, strict=True))
    ]
    shown = layout(columns, min(cells, _WIDEST_TABLE))
    yield joined(
        *_row(
            [(heading, _TITLE if not at else "$text-muted") for at, heading in enumerate(headings)],
            columns,
            shown,
        )
    )
    for row, (_, tally) in zip(rows, texts, strict=True):
        filled = bar(tally.rate or 0, WHOLE, dict(shown).get(_BAR_AT, 0))
        good = (tally.rate or 0) >= sheet.target
        styled = [
            (filled, _GOOD if good else _SHORT) if at == _BAR_AT else (part, "")
            for at, part in enumerate(row)
        ]
        yield joined(*_row(styled, columns, shown))
    yield joined(*_row([(part, "bold") for part in sums], columns, shown))


def _cells(name: str, tally: Tally, target: int) -> tuple[str, ...]:
    fen, _ = tally.missing(target)
    return (
        name,
        words.percent_text(tally.rate),
        "",
        words.percent_text(tally.household_rate),
        f"{tally.doors_paid}/{tally.doors}",
        sum_text(tally.received_fen),
        sum_text(tally.billed_fen),
        sum_text(fen),
        sum_text(tally.old_fen),
    )


def _row(
    parts: Sequence[tuple[str, str]], columns: Sequence[Column], shown: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, str]]:
    for place, (at, cells) in enumerate(shown):
        text, style = parts[at]
        yield " " * GAP if place else "", ""
        yield fit(text, cells, columns[at].align), style
