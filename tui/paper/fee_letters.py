"""Letters to households that owe: a sheet each, with what is owed line by line; several in one file to be printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from models.fees.queries import BillLine
from tui.fee_words import bill_kind_word, span_text, sum_text
from tui.i18n import t
from tui.paper.markup import Markup, joined, line, tag
from tui.paper.page import Sheet, page, table

_SHEET: Final = Sheet(210.0, 297.0, 18.0)
_STYLE: Final = """
.letter{break-after:page}
.letter:last-of-type{break-after:auto}
@media screen{.letter+.letter{margin-top:14mm;padding-top:10mm;border-top:1mm solid #ddd}}
.letter h1{text-align:center;letter-spacing:1mm;margin:2mm 0 6mm}
.letter p{font-size:12.5pt;line-height:1.75;margin:0 0 2mm;overflow-wrap:anywhere;white-space:pre-line}
.letter table{margin:4mm 0;font-size:11pt}
.end{text-align:right;font-size:12.5pt;margin-top:8mm;line-height:1.8;break-inside:avoid}
.served{margin-top:12mm;padding-top:3mm;border-top:.3mm dashed #999;font-size:11pt;display:flex;gap:8mm;break-inside:avoid}
.served i{display:inline-block;min-width:32mm;border-bottom:.3mm solid #111}
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter filled in for a door. `fen` is the sum of `bills`; a `signed` one has a line for whoever takes it."""

    door: str
    title: str
    body: str
    bills: tuple[BillLine, ...]
    fen: int
    payee: str
    on: date
    signed: bool


def bill_span(bill: BillLine) -> str:
    """Return the period of a bill; of what is no period's charge also what it is."""
    span = span_text(bill.since, bill.until)
    return span if bill.kind == "charge" else f"{bill_kind_word(bill.kind)} {span}"


def letters_page(letters: Sequence[Letter], *, title: str, head: str = "", foot: str = "") -> str:
    """Return letters as one file, each beginning on a sheet of its own. They name doors and nobody."""
    body = joined(*(_letter(letter, head.strip(), foot.strip()) for letter in letters))
    return page(title, body, sheet=_SHEET, style=_STYLE)


def _letter(letter: Letter, head: str, foot: str) -> Markup:
    """Draw one letter between the compound's own words, which each household shall read."""
    return tag(
        "section",
        tag("div", head, class_="head") if head else joined(),
        tag("h1", line(letter.title)),
        *(tag("p", part) for part in letter.body.split("\n") if part.strip()),
        _bills(letter) if letter.bills else joined(),
        tag(
            "div",
            tag("div", line(letter.payee)),
            tag("div", letter.on.isoformat()),
            class_="end",
        ),
        _served() if letter.signed else joined(),
        tag("div", foot, class_="foot") if foot else joined(),
        class_="letter",
    )


def _bills(letter: Letter) -> Markup:
    headings = tuple(t(f"paper.letter.{name}") for name in ("item", "period", "due", "owed"))
    rows = [
        (line(bill.item), bill_span(bill), bill.due_on.isoformat(), sum_text(bill.owed_fen))
        for bill in letter.bills
    ]
    sums = (t("paper.letter.sum"), "", "", sum_text(letter.fen))
    return table(headings, rows, kinds="tkkn", sums=sums)


def _served() -> Markup:
    """Return the line that shows that the letter was handed over."""
    return tag(
        "div",
        *(
            tag("span", t(f"paper.letter.{name}"), " ", tag("i"))
            for name in ("taken_by", "taken_on", "brought_by")
        ),
        class_="served",
    )
