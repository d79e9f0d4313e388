"""The contact board of a building, a poster for its door: who helps here, with what and how soon, and how to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from models.tickets.figures import Figures
from models.tickets.queries_boards import BuildingHelp, Helper
from models.tickets.queries_categories import CategoryLine
from models.tickets.rules import OTHER
from tui import figures_words as words
from tui.i18n import t
from tui.paper.markup import Markup, joined, tag
from tui.paper.page import A4, page
from tui.row_words import building_word, category_word, listed

#: More than hang readably on one sheet are counted.
_MOST_CONTACTS: Final = 12
#: So many people leave room for large letters.
_FEW: Final = 5
STYLE: Final = """
@page{@bottom-left{content:none}@bottom-right{content:none}}
html{font-size:12pt}
.name{font-size:40pt;line-height:1.1;font-weight:bold;margin:0}
.sub{font-size:15pt;margin:1mm 0 3mm;color:#333}
.bar{background:#1b5e36;color:#fff;font-size:15pt;font-weight:bold;padding:1mm 3mm;margin:5mm 0 2mm;break-after:avoid}
.people{display:grid;grid-template-columns:repeat(2,1fr);gap:2.5mm}
.one{border:.4mm solid #1b5e36;padding:2mm 3mm;break-inside:avoid;overflow-wrap:anywhere}
.one.lead{border-width:.9mm;grid-column:1/3;display:flex;justify-content:space-between;align-items:baseline;gap:4mm}
.one b{font-size:17pt}
.one .lead{font-size:22pt}
.one .what{color:#333}
.one .tel{font-size:15pt;font-weight:bold;white-space:nowrap}
.kinds{display:grid;grid-template-columns:repeat(3,1fr);gap:1mm 4mm}
.kinds div{display:flex;justify-content:space-between;gap:2mm;border-bottom:.2mm solid #999;break-inside:avoid}
.kinds span:last-child{white-space:nowrap;color:#333}
.steps{font-size:13pt;margin:0;padding-left:7mm}
.words{font-size:13pt;white-space:pre-line;overflow-wrap:anywhere;margin-top:2mm}
.month{display:flex;gap:3mm}
.month div{flex:1;border:.3mm solid #777;text-align:center;padding:1.5mm}
.month b{display:block;font-size:20pt;line-height:1.2}
.roomy .bar{margin-top:7mm;font-size:17pt}
.roomy .kinds{grid-template-columns:repeat(2,1fr);font-size:14pt;gap:1.2mm 8mm}
.dense .name{font-size:26pt}
.dense .bar{margin:2mm 0 1mm;font-size:13pt;padding:.5mm 3mm}
.dense .people{gap:1.5mm}
.dense .one{padding:.4mm 2.5mm;display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline}
.dense .one b{font-size:12pt}
.dense .one .what{font-size:9pt}
.dense .steps,.dense .words{font-size:11pt}
.dense .month b{font-size:15pt}
.dense .one .tel{font-size:12pt}
.dense .steps,.dense .words{font-size:12pt}
.roomy .steps,.roomy .words{font-size:15pt}
"""


@dataclass(frozen=True, slots=True)
class Board:
    """What hangs at a building's door. `figures` are those of the building in the month that begins on `month`."""

    compound: str
    building: BuildingHelp
    kinds: tuple[CategoryLine, ...]
    month: date
    figures: Figures


def contact_board(board: Board, *, phones: bool = False, head: str = "", foot: str = "") -> str:
    """Return the poster. Phones of volunteers stand on it only if they are asked for; residents' never do.

    `head` and `foot` are the compound's own words; the foot is where the station is found.
    """
    name = building_word(board.building.code)
    title = t("paper.contact.title", building=name)
    body = joined(
        tag("p", name, class_="name"),
        tag("p", _subtitle(board), class_="sub"),
        *_people(board.building, phones=phones),
        _bar(t("paper.contact.helps")),
        tag("div", *_kinds(board.kinds), class_="kinds"),
        _bar(t("paper.contact.ask")),
        tag("ol", *(tag("li", t(f"paper.contact.ask.{n}")) for n in (1, 2, 3)), class_="steps"),
        tag("div", foot.strip(), class_="words") if foot.strip() else joined(),
        *_month(board),
    )
    people = len(board.building.leads) + len(board.building.answering) + len(board.building.contacts)
    drawn = tag("div", body, class_="roomy" if people <= _FEW else "dense")
    return page(title, drawn, sheet=A4, head=head, style=STYLE)


def _subtitle(board: Board) -> str:
    own = board.building.name
    known_as = own if own and own not in {board.building.code, building_word(board.building.code)} else ""
    return " · ".join(part for part in (board.compound, known_as, t("paper.contact.subtitle")) if part)


def _bar(text: str) -> Markup:
    return tag("div", text, class_="bar")


def _people(building: BuildingHelp, *, phones: bool) -> Iterator[Markup]:
    yield _bar(t("paper.contact.people"))
    shown = building.contacts[:_MOST_CONTACTS]
    cards = [
        *(_person(one, t("paper.contact.lead"), phones=phones, lead=True) for one in building.leads),
        *(_person(one, t("paper.contact.answers"), phones=phones) for one in building.answering),
        *(_person(one, t("paper.contact.visits", n=one.households), phones=phones) for one in shown),
    ]
    if cards:
        yield tag("div", *cards, class_="people")
    more = len(building.contacts) - len(shown)
    said = [
        t("paper.contact.more", n=more) if more else "",
        t("paper.contact.nobody") if not cards else "",
        t("paper.contact.without", n=building.without) if building.without and cards else "",
    ]
    if any(said):
        yield tag("p", " ".join(part for part in said if part), class_="muted")


def _person(helper: Helper, what: str, *, phones: bool, lead: bool = False) -> Markup:
    called = tag(
        "div", tag("b", helper.name, class_="lead" if lead else None), " ", tag("span", what, class_="what")
    )
    number = tag("div", listed(helper.phones[:1]), class_="tel") if phones and helper.phones else joined()
    return tag("div", called, number, class_="one lead" if lead else "one")


def _kinds(kinds: Sequence[CategoryLine]) -> Iterator[Markup]:
    for kind in kinds:
        if kind.code != OTHER.code:
            soon = t("paper.contact.soon", soon=words.hours_text(kind.finish_hours))
            yield tag("div", tag("span", category_word(kind.code)), tag("span", soon))


def _month(board: Board) -> Iterator[Markup]:
    figures = board.figures
    if not figures.taken and not figures.done:
        return
    yield _bar(t("paper.contact.month", year=board.month.year, of=board.month.month))
    told = (
        (str(figures.taken), t("figures.taken")),
        (str(figures.done), t("figures.done")),
        (words.rating_text(figures), t("figures.rating_of", n=figures.rated)),
    )
    yield tag("div", *(tag("div", tag("b", value), label) for value, label in told), class_="month")
