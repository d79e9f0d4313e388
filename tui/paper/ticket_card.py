"""Ticket cards on paper: half a sheet for each job, two to a sheet of A4, with room to write what was done and what was said.

A card goes to whoever does the job, so it bears the requester's name and phone. What comes back on it is typed in by its code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from models.tickets.queries import TicketLine
from models.tickets.rules import BEST_SCORE, Urgency
from tui.i18n import t
from tui.paper.markup import Markup, joined, line, tag
from tui.paper.page import Sheet, page
from tui.paper.ticket_text import when
from tui.row_words import building_word, category_word, listed
from tui.ticket_words import channel_word, urgency_sign, urgency_word

_SHEET: Final = Sheet(210.0, 297.0, 7.0)
_VISITS: Final = 3
#: What stands on a card is read at a door: more of a long text is on the screen.
_MOST_ASKED, _MOST_SAID = 220, 120
STYLE: Final = """
@page{@bottom-left{content:none}@bottom-right{content:none}}
.card{height:139mm;padding:2mm 3mm;overflow:hidden;display:flex;flex-direction:column;break-inside:avoid;font-size:10pt;line-height:1.35}
.card:nth-child(odd){border-bottom:.3mm dashed #777;margin-bottom:4mm}
.card:nth-child(even){break-after:page}
.card:last-child{break-after:auto;border-bottom:0}
.top{display:flex;justify-content:space-between;align-items:flex-start;border-bottom:.5mm solid #111;padding-bottom:1mm}
.code{font:bold 34pt/1 "DejaVu Sans Mono","Consolas",monospace;letter-spacing:.5mm;white-space:nowrap}
.side{text-align:right;font-size:10pt}
.side b{font-size:13pt}
.press{display:inline-block;border:.5mm solid #111;padding:0 1.5mm;font-weight:bold}
.what,.facts dd{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden;overflow-wrap:anywhere}
.what{font-size:14pt;line-height:1.3;margin:1.5mm 0;-webkit-line-clamp:3;font-weight:bold;flex:none}
.facts{display:grid;grid-template-columns:auto 1fr auto 1fr;column-gap:2mm;row-gap:.6mm;margin-bottom:1.5mm;flex:none}
.facts dt{color:#555;white-space:nowrap}
.facts dd{margin:0}
.facts dd.long{grid-column:2/5}
.facts dd.phone{font-size:13pt;font-weight:bold;line-height:1.1}
.visits{flex:1;min-height:26mm;margin-bottom:1.5mm}
.visits table{height:100%}
.visits td{height:7mm}
.visits th{height:1px}
.boxes{display:flex;flex-wrap:wrap;gap:1mm 5mm;margin:.5mm 0}
.boxes span{white-space:nowrap}
.box{display:inline-block;width:4mm;height:4mm;border:.4mm solid #111;vertical-align:-.7mm;margin-right:1.2mm}
.blank{border-bottom:.25mm solid #555;display:inline-block;height:5mm}
.ends{flex:none}
.ends .boxes:not(:first-child){margin-top:1.5mm}
.write{display:flex;align-items:flex-end;gap:1.5mm;margin-top:1mm}
.write .blank{flex:1;height:6.5mm}
.write .blank.short{flex:0 0 32mm}
.small{font-size:8pt;color:#555;overflow:hidden;max-height:4mm;margin-top:1mm}
"""


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket for paper. `phones` are where the requester is reached, `said` what whoever opened it again said of it."""

    ticket: TicketLine
    phones: tuple[str, ...] = ()
    said: str = ""


def cards_page(cards: Sequence[Card], compound: str, *, zone: tzinfo, head: str = "", foot: str = "") -> str:
    """Return a page of cards, two to a sheet. The first line of `head` stands on each, and that of `foot`."""
    title = t("paper.card.title", codes=listed([card.ticket.code for card in cards[:3]]))
    above = _first_line(head) or t("paper.card.of", compound=compound)
    drawn = (_card(card, above, _first_line(foot), zone) for card in cards)
    return page(title, *drawn, sheet=_SHEET, style=STYLE)


def _card(card: Card, above: str, below: str, zone: tzinfo) -> Markup:
    ticket = card.ticket
    return tag(
        "article",
        _top(ticket, above, zone),
        tag("div", _short(ticket.what, _MOST_ASKED), class_="what"),
        tag("dl", *_facts(card, zone), class_="facts"),
        _visits(),
        tag("div", *_results(), class_="ends"),
        tag("div", below, class_="small") if below else joined(),
        class_="card",
    )


def _top(ticket: TicketLine, above: str, zone: tzinfo) -> Markup:
    number = t("paper.card.number", n=ticket.number) if ticket.number is not None else ""
    press = (
        tag("span", f"{urgency_sign(ticket.urgency)} {urgency_word(ticket.urgency)}", class_="press")
        if ticket.urgency is not Urgency.NORMAL
        else joined()
    )
    return tag(
        "div",
        tag("div", tag("div", ticket.code, class_="code"), tag("div", number)),
        tag(
            "div",
            tag("div", " · ".join((above, category_word(ticket.category)))),
            tag("div", press, " ", t("paper.card.due"), " ", tag("b", when(ticket.due_at, zone))),
            class_="side",
        ),
        class_="top",
    )


def _facts(card: Card, zone: tzinfo) -> Iterator[Markup]:
    ticket = card.ticket
    where = " · ".join(part for part in _places(ticket) if part)
    opened = t("paper.card.came", when=when(ticket.opened_at, zone), how=channel_word(ticket.channel))
    again = t("paper.card.again", n=ticket.reopened, said=_short(card.said, _MOST_SAID)).rstrip("：: ")
    told = (
        ("where", where, "long"),
        ("who", ticket.requester or t("paper.card.nobody"), ""),
        ("phone", listed(card.phones[:2]), "phone"),
        ("opened", opened, ""),
        ("holder", ticket.holder, ""),
        ("hands", listed([hand.name for hand in ticket.hands]), "long"),
        ("reopened", again if ticket.reopened else "", "long"),
    )
    for name, value, look in told:
        if value or name in {"phone", "hands"}:
            yield tag("dt", t(f"paper.card.{name}"))
            yield tag("dd", value, class_=look or None)


def _places(ticket: TicketLine) -> tuple[str, ...]:
    building = building_word(ticket.building) if ticket.building and not ticket.household else ""
    return ticket.household, ticket.point, building, line(ticket.place)


def _visits() -> Markup:
    heads = [tag("th", t(f"paper.card.{name}")) for name in ("date", "hours", "work", "parts", "cost")]
    columns = [tag("col", width=f"{width}%") for width in (16, 12, 36, 22, 14)]
    blank = tag("tr", *(tag("td") for _ in heads))
    sheet = tag(
        "table",
        tag("colgroup", *columns),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *(blank for _ in range(_VISITS))),
    )
    return tag("div", sheet, class_="visits")


def _results() -> Iterator[Markup]:
    box, blank = tag("span", class_="box"), tag("span", class_="blank")
    short = tag("span", class_="blank short")
    yield tag(
        "div",
        tag("b", t("paper.card.result")),
        *(
            tag("span", box, t(f"paper.card.result.{name}"))
            for name in ("done", "waiting", "undone", "recheck")
        ),
        class_="boxes",
    )
    yield tag("div", t("paper.card.because"), blank, class_="write")
    yield tag(
        "div",
        tag("b", t("paper.card.score")),
        *(tag("span", box, t(f"paper.card.score.{score}")) for score in range(1, BEST_SCORE + 1)),
        class_="boxes",
    )
    yield tag("div", t("paper.card.words"), blank, t("paper.card.signed"), short, class_="write")


def _short(text: str, most: int) -> str:
    plain = line(text)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "")
