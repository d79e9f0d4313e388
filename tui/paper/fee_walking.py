"""The walking sheet of whoever goes from door to door: what each door owes, what it waits for, and room to tick and write.

It names doors, for who carries it has to find them; people and phones are masked, for it may be left on a stair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tui.i18n import t
from tui.paper.markup import Markup, joined, line, tag
from tui.paper.page import A4, page, section, table

_STYLE: Final = """
.sheet{break-after:page}
.sheet:last-child{break-after:auto}
table{table-layout:fixed}
th:nth-child(1){width:13%}th:nth-child(2){width:15%}th:nth-child(3){width:19%}
th:nth-child(4){width:15%}th:nth-child(5){width:25%}
td{font-size:9.5pt}
td.k b{font-size:11pt}
@media screen{.sheet+.sheet{margin-top:12mm;padding-top:8mm;border-top:1mm solid #ddd}}
.box{white-space:nowrap}
.box i{display:inline-block;width:3.6mm;height:3.6mm;border:.3mm solid #111;margin:0 1mm 0 2mm;vertical-align:-.5mm}
.box u{display:inline-block;min-width:14mm;border-bottom:.3mm solid #111;text-decoration:none}
.write{min-height:6mm}
h2 .muted{font-size:10pt;font-weight:normal}
"""


@dataclass(frozen=True, slots=True)
class WalkingDoor:
    """A door of the sheet, its people and phone masked already. `waits` tells why it is not asked to pay, and what for."""

    code: str
    who: str
    phone: str
    owed: str
    since: str
    waits: str
    last: str
    promise: str


@dataclass(frozen=True, slots=True)
class WalkingPart:
    """The doors of one building, with what they come to."""

    building: str
    total: str
    doors: tuple[WalkingDoor, ...]


@dataclass(frozen=True, slots=True)
class WalkingSheet:
    """What one volunteer takes along; `volunteer` is empty where it is nobody's."""

    compound: str
    volunteer: str
    total: str
    on: date
    parts: tuple[WalkingPart, ...]


def walking_page(sheets: Sequence[WalkingSheet], *, head: str = "", foot: str = "") -> str:
    """Return walking sheets as one file; each volunteer's begins on a sheet of its own."""
    body = joined(*(tag("section", *_sheet(sheet), class_="sheet") for sheet in sheets))
    return page(t("paper.walking.title"), body, sheet=A4.landscape, head=head, foot=foot, style=_STYLE)


def _sheet(sheet: WalkingSheet) -> Iterator[Markup]:
    who = sheet.volunteer or t("paper.walking.nobody")
    yield tag("h1", f"{t('paper.walking.title')} · {line(who)}")
    yield tag("p", f"{line(sheet.compound)} · {sheet.on.isoformat()} · {sheet.total}", class_="muted")
    yield tag("p", t("paper.walking.how"))
    for part in sheet.parts:
        yield section(f"{line(part.building)} · {part.total}", _doors(part))


def _doors(part: WalkingPart) -> Markup:
    names = ("door", "owed", "waits", "last", "answer", "words")
    headings = tuple(t(f"paper.walking.{name}") for name in names)
    rows = [
        (
            tag("span", tag("b", door.code), tag("br"), f"{door.who} {door.phone}".strip()),
            tag("span", door.owed, tag("br"), door.since),
            tag("span", door.waits, class_="warn") if door.waits else "",
            joined(door.last, tag("br"), door.promise) if door.promise else door.last,
            _boxes(),
            tag("div", class_="write"),
        )
        for door in part.doors
    ]
    return table(headings, rows, kinds="kntttt")


def _boxes() -> Markup:
    """Return the boxes to tick at the door."""
    first = tag("div", *(_box(name) for name in ("home", "away", "paid")), class_="box")
    second = tag("div", _box("promised"), tag("u"), _box("grievance"), class_="box")
    return joined(first, second)


def _box(name: str) -> Markup:
    return joined(tag("i"), t(f"paper.walking.{name}"))
