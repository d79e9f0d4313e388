"""The roster for the wall, in large print: days by posts, with boxes to write in when people come and go.

The desk can do without the laptop: what is written on the sheet is typed in later, in the order in which it stands
here, from the left to the right and from the top down: by time, then by post, then by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.queries import OnShift, ShiftLine
from models.duty.rules import Absence, Need
from models.text import mask_name
from tui import duty_words as words
from tui.i18n import t
from tui.paper.markup import Markup, joined, line, tag
from tui.paper.page import A4, page

#: So many posts stand beside each other: more would leave no room to write.
_ABREAST: Final = 3
_HELPERS: Final = 4
_STYLE: Final = """
@page{margin-bottom:12mm}
h1{font-size:20pt}
.sub{font-size:11pt;color:#333;margin-bottom:2mm}
.draft{border:.7mm solid #111;padding:.5mm 2mm;font-weight:bold}
.roster{table-layout:fixed;margin-top:2mm}
.roster+.roster{break-before:page}
.roster th{font-size:14pt;text-align:center}
.roster td{padding:1mm 1.5mm;font-size:10pt}
.roster .day{font-size:15pt;font-weight:bold;line-height:1.2;background:#fff}
.roster .day span{display:block;font-size:11pt;font-weight:normal}
.roster .again{font-size:11pt;font-weight:normal;color:#666}
.roster .free{background:#f0f0f0}
.roster tbody{border-top:.6mm solid #111}
.shift{font-size:10.5pt;color:#222;display:flex;justify-content:space-between;gap:2mm;line-height:1.25}
.shift:not(:first-child){margin-top:1.5mm}
.shift b{overflow-wrap:anywhere}
.shift span{white-space:nowrap}
.one{display:flex;align-items:stretch;gap:1mm;margin-top:.8mm;min-height:8.5mm}
.one .who{flex:1;min-width:0;font-size:17pt;font-weight:bold;line-height:1.15;align-self:center;overflow:hidden;
 max-height:15mm;overflow-wrap:anywhere}
.one .blank{flex:1;border-bottom:.4mm solid #111;align-self:stretch;font-size:9pt;color:#333}
.box{flex:0 0 13.5mm;border:.3mm solid #444;font-size:7.5pt;line-height:1.1;color:#555;padding:.3mm .7mm;background:#fff}
.box.wide{flex-basis:16mm}
.box b{display:block;font-size:11pt;color:#111;text-align:center}
.box b.said{font-size:8pt;overflow-wrap:normal}
.lacks{font-size:9.5pt;font-weight:bold;margin-top:.5mm}
.off{color:#777;text-align:center}
.helpers td{height:9mm}
.helpers{margin-top:1mm;table-layout:fixed}
.how{font-size:10.5pt;margin:2mm 0 0}
.roster col:first-child{width:27mm}
.apart{break-inside:avoid}
"""


@dataclass(frozen=True, slots=True)
class SheetDay:
    """A day of the sheet: what it is called if it has a name, and whether people are off."""

    day: date
    name: str = ""
    free: bool = False


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """A roster for paper. `posts` are ids in the order of their columns; `printed_at` in the compound's zone.

    `drafts` tells that what is not published stands on it too; `masked` hides all of a name but its surname.
    """

    compound: str
    days: tuple[SheetDay, ...]
    lines: tuple[ShiftLine, ...]
    posts: tuple[UUID, ...]
    zone: ZoneInfo
    printed_at: datetime
    drafts: bool = False
    masked: bool = False
    teams: Mapping[str, str] | None = None


def sheet_title(compound: str, first: date, last: date) -> str:
    """Return what a sheet is called: by its month if it is one, by its week, else by its days."""
    following = date.fromordinal(last.toordinal() + 1)
    if first.day == 1 and following.day == 1 and (first.year, first.month) == (last.year, last.month):
        return t("paper.duty.month", compound=compound, year=first.year, of=first.month)
    return t("paper.duty.days", compound=compound, first=first.isoformat(), last=last.isoformat())


def roster_page(sheet: RosterSheet, *, head: str = "", foot: str = "") -> str:
    """Return the page, on sheets of A4 lying on their side. No shift is torn over two sheets, and each has the heads."""
    title = sheet_title(sheet.compound, sheet.days[0].day, sheet.days[-1].day)
    shown = [post for post in sheet.posts if any(line.post_id == post for line in sheet.lines)]
    gaps = sum(one.missing for one in sheet.lines)
    printed = t("paper.duty.printed", at=f"{sheet.printed_at:%Y-%m-%d %H:%M}")
    said = [printed, t("paper.duty.gaps", n=gaps) if gaps else "", t("paper.duty.changes")]
    body = joined(
        tag("h1", title),
        tag(
            "p",
            *([tag("span", t("paper.duty.draft"), class_="draft"), " "] if sheet.drafts else []),
            " · ".join(part for part in said if part),
            class_="sub",
        ),
        tag("p", t("paper.duty.how"), class_="how"),
        *(_table(sheet, shown[at : at + _ABREAST]) for at in range(0, len(shown), _ABREAST)),
        *([] if shown else [tag("p", t("paper.duty.nothing"), class_="lead")]),
        _helpers(),
    )
    return page(title, body, sheet=A4.landscape, head=head, foot=foot, style=_STYLE)


def _table(sheet: RosterSheet, posts: Sequence[UUID]) -> Markup:
    called = {one.post_id: one for one in sheet.lines}
    heads = [tag("th", t("paper.duty.day"), scope="col")]
    for post in posts:
        place = called[post].place
        heads.append(
            tag("th", line(" · ".join(part for part in (called[post].post, place) if part)), scope="col")
        )
    columns = [tag("col") for _ in heads]
    bodies = [_day(sheet, one, posts) for one in sheet.days]
    return tag("table", tag("colgroup", *columns), tag("thead", tag("tr", *heads)), *bodies, class_="roster")


def _day(sheet: RosterSheet, day: SheetDay, posts: Collection[UUID]) -> Markup:
    """Return a day: a row for each time at which shifts begin, so that it is read in the order of time."""
    here = [one for one in sheet.lines if one.day == day.day and one.post_id in posts]
    rows = [list(group) for _, group in groupby(here, key=lambda one: one.starts_at)]
    drawn = []
    for at, row in enumerate(rows):
        cells = [
            tag("td", *(part for one in row if one.post_id == post for part in _shift(sheet, one)))
            for post in posts
        ]
        drawn.append(tag("tr", _label(day, first=at == 0), *cells))
    if not rows:
        off = tag("td", t("paper.duty.no_shift"), class_="off", colspan=len(posts))
        drawn = [tag("tr", _label(day, first=True), off)]
    return tag("tbody", *drawn)


def _label(day: SheetDay, *, first: bool) -> Markup:
    """Return the head of a row. Each bears the day, since a sheet may end between two rows of one."""
    shown = f"{day.day:%m-%d}"
    free = " free" if day.free else ""
    if not first:
        return tag("td", shown, class_=f"day again{free}")
    name = [tag("span", day.name)] if day.name else []
    weekday = tag("span", t(f"duty.weekday.{day.day.isoweekday()}"))
    return tag("td", shown, weekday, *name, class_=f"day{free}")


def _shift(sheet: RosterSheet, one: ShiftLine) -> Iterator[Markup]:
    draft = f"{words.DRAFT_SIGN} " if one.state == "draft" else ""
    span = words.span_text(one.starts_at, one.ends_at, sheet.zone)
    yield tag("div", tag("b", line(f"{draft}{one.name}")), tag("span", span), class_="shift")
    for person in one.people:
        if not person.leaving:
            yield _one(sheet, person)
    for _ in range(one.missing):
        yield tag("div", tag("span", t("paper.duty.free"), class_="blank"), *_boxes(), class_="one")
    lacking = [words.need_word(Need(need.kind, need.value, n), sheet.teams) for need, n in one.unmet]
    if lacking:
        yield tag("div", f"{words.GAP_SIGN} " + " · ".join(lacking), class_="lacks")


def _one(sheet: RosterSheet, person: OnShift) -> Markup:
    name = line(person.name)
    written = (_clock(person.came_at, sheet.zone), _clock(person.left_at, sheet.zone))
    if person.absence is not Absence.NONE and person.came_at is None:
        # Whether they had said so is the desk's business, not the wall's.
        written = (tag("b", t("paper.duty.absent"), class_="said"), joined())
    return tag("div", tag("span", mask_name(name) if sheet.masked else name, class_="who"), *_boxes(*written), class_="one")  # fmt: skip


def _clock(at: datetime | None, zone: ZoneInfo) -> Markup:
    return joined() if at is None else tag("b", f"{at.astimezone(zone):%H:%M}")


def _boxes(*written: Markup) -> Iterator[Markup]:
    """Yield the boxes beside a name, with what is known already written into the first of them."""
    inside = (*written, *(joined() for _ in range(3 - len(written))))
    for name, known in zip(("came", "left", "signed"), inside, strict=True):
        yield tag("span", t(f"paper.duty.{name}"), known, class_="box wide" if name == "signed" else "box")


def _helpers() -> Markup:
    """Return blank lines for whoever helps out, or stands in for somebody."""
    heads = [
        tag("th", t(f"paper.duty.{name}"))
        for name in ("day", "shift", "name", "came", "left", "signed", "instead")
    ]
    widths = (12, 20, 20, 11, 11, 12, 14)
    blank = tag("tr", *(tag("td") for _ in heads))
    return tag(
        "section",
        tag("h2", t("paper.duty.helpers")),
        tag(
            "table",
            tag("colgroup", *(tag("col", width=f"{width}%") for width in widths)),
            tag("thead", tag("tr", *heads)),
            tag("tbody", *(blank for _ in range(_HELPERS))),
            class_="helpers",
        ),
        class_="apart",
    )
