"""Collection rates as a page to hang up: the three rates, columns period by period, buildings and items. No name is on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from models.fees.periods import Period
from models.fees.queries_rates import By, Rates
from models.fees.rates import Tally
from tui import fee_rates_words as words
from tui.fee_words import sum_text
from tui.i18n import t
from tui.paper.markup import Markup, joined, tag
from tui.paper.page import A4, page, points, section, table
from tui.paper.ticket_charts import TAKEN, Pair, bar, columns

STYLE: Final = """
.tiles{display:flex;gap:4mm;margin:3mm 0}
.tile{flex:1;border:.3mm solid #777;padding:2mm 3mm;break-inside:avoid}
.tile b{display:block;font-size:26pt;line-height:1.2;white-space:nowrap}
.tile span{display:block;font-size:11pt}
.tile i{font-style:normal;font-size:9pt;color:#333}
.missing{font-size:15pt;font-weight:bold;border:.5mm solid #111;padding:2mm 4mm;margin:3mm 0}
.chart{break-inside:avoid;margin:2mm 0}
.chart svg,td svg{display:block}
.small{font-size:9pt;color:#333}
"""
_WHOLE: Final = 10_000


def rates_page(
    tables: Sequence[tuple[By, Rates]],
    trail: Sequence[tuple[Period, Tally]],
    compound: str,
    *,
    target: int,
    head: str = "",
    foot: str = "",
) -> str:
    """Return the page of a period; volunteers are never on it, because they are names. `target` in parts of a million."""
    found = tables[0][1]
    title = t("rates.title", compound=compound)
    body = joined(
        tag("h1", title),
        tag("p", words.period_text(found.period), class_="lead"),
        _tiles(found.total),
        _missing(found.total, target),
        section(t("rates.trend", n=len(trail)), tag("div", _chart(trail, target), class_="chart")),
        *(_table(by, rates, target) for by, rates in tables if by is not By.VOLUNTEER),
        section(
            t("rates.explained"),
            tag(
                "div",
                points(t(f"rates.explained.{name}") for name in ("rate", "household", "clearance")),
                class_="small",
            ),
        ),
    )
    return page(title, body, sheet=A4, head=head, foot=foot, style=STYLE)


def _tiles(total: Tally) -> Markup:
    told = (
        (
            total.rate,
            "rate",
            t("rates.of_sum", some=sum_text(total.received_fen), all=sum_text(total.billed_fen)),
        ),
        (total.household_rate, "household_rate", t("rates.of_doors", some=total.doors_paid, all=total.doors)),
        (
            total.clearance_rate,
            "clearance_rate",
            t(
                "rates.of_sum",
                some=sum_text(total.recovered_fen),
                all=sum_text(total.recovered_fen + total.old_fen),
            ),
        ),
    )
    return tag(
        "div",
        *(
            tag(
                "div",
                tag("b", words.percent_text(ppm)),
                tag("span", t(f"rates.{name}")),
                tag("i", said),
                class_="tile",
            )
            for ppm, name, said in told
        ),
        class_="tiles",
    )


def _missing(total: Tally, target: int) -> Markup:
    fen, doors = total.missing(target)
    if not fen and not doors:
        return tag("p", t("rates.reached", target=words.target_text(target)), class_="missing")
    said = t("rates.missing", target=words.target_text(target), fen=sum_text(fen), n=doors)
    return tag("p", said, class_="missing")


def _chart(trail: Sequence[tuple[Period, Tally]], target: int) -> Markup:
    """Return the rates beside the target, in whole percent."""
    pairs = [
        Pair(words.short_period(period), target // _WHOLE, (tally.rate or 0) // _WHOLE)
        for period, tally in trail
    ]
    return columns(pairs)


def _table(by: By, rates: Rates, target: int) -> Markup:
    names = ("rate_short", "", "household_short", "doors", "received", "billed", "missing_fen", "old")
    headings = (t(f"rates.by_{by}"), *(t(f"rates.{name}") if name else "" for name in names))
    rows = [_row(words.line_name(line, by), line.tally, target) for line in rates.lines]
    sums = _row(t("rates.total"), rates.total, target)
    return section(t(f"rates.by_{by}"), table(headings, rows, kinds="tntnnnnnn", sums=sums))


def _row(name: str, tally: Tally, target: int) -> tuple[str | Markup, ...]:
    return (
        name,
        words.percent_text(tally.rate),
        bar((tally.rate or 0) // _WHOLE, 100, TAKEN),
        words.percent_text(tally.household_rate),
        f"{tally.doors_paid}/{tally.doors}",
        sum_text(tally.received_fen),
        sum_text(tally.billed_fen),
        sum_text(tally.missing(target)[0]),
        sum_text(tally.old_fen),
    )
