"""The slip of a hand-in: twice on a sheet of A4, one half for whoever handed in and one for whoever took it."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from models.fees.money import capitals, yuan
from models.fees.queries_cash import HandInLine
from tui.cash_words import counts_of, difference_text, worth_word
from tui.i18n import t
from tui.paper.markup import Markup, joined, line, tag
from tui.paper.page import Sheet, page, table

_SHEET: Final = Sheet(210.0, 297.0, 10.0)
_HALVES: Final = ("gave", "took")
STYLE: Final = """
@page{@bottom-left{content:none}@bottom-right{content:none}}
.half{height:136mm;display:flex;flex-direction:column;overflow:hidden;break-inside:avoid}
.half:first-of-type{border-bottom:.25mm dashed #777;margin-bottom:4mm}
.top{display:flex;justify-content:space-between;align-items:baseline;border-bottom:.4mm solid #111;margin-bottom:2mm}
.facts{display:grid;grid-template-columns:auto 1fr auto 1fr;gap:.8mm 2mm;margin:0 0 2mm}
.facts dt{color:#555;white-space:nowrap}
.facts dd{margin:0;overflow:hidden;text-overflow:ellipsis;max-height:10mm}
.half table{width:70%}
.sign{display:flex;gap:8mm;margin-top:auto;padding-bottom:3mm}
.sign span{flex:1;border-bottom:.25mm solid #555;padding-bottom:1mm}
"""


def hand_in_page(handed: HandInLine, compound: str, *, zone: tzinfo, head: str = "") -> str:
    """Return the slip as a page. The first line of `head` stands on both halves."""
    above = next(iter(head.strip().splitlines()), "") or compound
    return page(
        title_of(handed, zone),
        *(_half(handed, above, zone, whose) for whose in _HALVES),
        sheet=_SHEET,
        style=STYLE,
    )


def title_of(handed: HandInLine, zone: tzinfo) -> str:
    """Return what the slip is called."""
    return t("fee_cash.page", name=handed.collector, day=f"{handed.handed_at.astimezone(zone):%Y-%m-%d}")


def _half(handed: HandInLine, above: str, zone: tzinfo, whose: str) -> Markup:
    top = tag(
        "div",
        tag("div", above),
        tag("h1", t("fee_cash.title")),
        tag("div", t(f"fee_cash.{whose}")),
        class_="top",
    )
    rows = [(worth_word(worth), f"{n:,}", yuan(worth * n)) for worth, n in counts_of(handed.counts).items()]
    counted = table(
        [t(f"cash.column.{name}") for name in ("worth", "pieces")] + [t("fee_receipt.billed")],
        rows,
        kinds="nnn",
        sums=(t("fee_receipt.total"), "", yuan(handed.fen)),
    )
    signed = tag(
        "div", *(tag("span", t(f"fee_cash.sign.{name}")) for name in (*_HALVES, "day")), class_="sign"
    )
    return tag(
        "section", top, tag("dl", *_facts(handed, zone), class_="facts"), counted, signed, class_="half"
    )


def _facts(handed: HandInLine, zone: tzinfo) -> list[Markup]:
    told = [
        ("cash.column.who", handed.collector),
        ("cash.column.when", _moment(handed.handed_at, zone)),
        ("cash.column.to", handed.to),
        ("cash.column.should", yuan(handed.expected_fen)),
        ("fee_receipt.capitals", capitals(handed.fen)),
        ("cash.column.difference", difference_text(handed.fen, handed.expected_fen)),
    ]
    if handed.confirmed_at is not None:
        found = difference_text(handed.confirmed_fen or 0, handed.fen)
        told.append(("cash.confirmed_by", f"{handed.confirmed_by} {_moment(handed.confirmed_at, zone)}"))
        told.append(("cash.found_fen", f"{yuan(handed.confirmed_fen or 0)} {found}"))
    if line(handed.words):
        told.append(("cash.words", handed.words))
    return [joined(tag("dt", t(key)), tag("dd", line(value))) for key, value in told]


def _moment(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
