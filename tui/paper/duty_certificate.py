"""A certificate of hours for one person, to be stamped and signed: how many, of what, month by month; all of it adds up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from models.duty.hours import Hours, Tally, Work
from tui import hours_words as words
from tui.i18n import t
from tui.paper.markup import Markup, joined, line, tag
from tui.paper.page import Sheet, page, section, table

_SHEET: Final = Sheet(210.0, 297.0, 16.0)
_STYLE: Final = """
h1{text-align:center;font-size:24pt;letter-spacing:1.5mm;margin:1mm 0 1mm}
h2{margin:3mm 0 1mm;font-size:11.5pt}
.number{text-align:right;font-size:11pt;margin-bottom:2mm}
.said{font-size:14pt;line-height:1.8;text-indent:2em;margin:0 0 1mm;overflow-wrap:anywhere}
.said b{font-size:15pt;border-bottom:.3mm solid #111;padding:0 1mm}
table{font-size:10.5pt;line-height:1.35}
th,td{padding:.7mm 2.5mm}
.small{font-size:9pt;color:#333}
.signing{margin-top:3mm;font-size:12.5pt;break-inside:avoid;display:grid;grid-template-columns:1fr 1fr;gap:3mm 10mm}
.signing div{display:flex;align-items:flex-end;gap:2mm;white-space:nowrap}
.signing i{flex:1;border-bottom:.3mm solid #111;height:7mm}
.signing .stamp{grid-area:1/2/5/3;border:.3mm dashed #999;min-height:38mm;align-items:center;justify-content:center;color:#777}
.blank{display:inline-block;min-width:38mm;border-bottom:.3mm solid #111}
"""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is certified: the hours of one person over the days of `hours`."""

    compound: str
    person: str
    hours: Hours
    made_on: date


def certificate_page(given: Certificate, *, head: str = "", foot: str = "") -> str:
    """Return the certificate as a page; more than a year of months goes on over further sheets."""
    hours, total = given.hours, given.hours.total
    said = t(
        "paper.certificate.says",
        person=line(given.person),
        compound=line(given.compound),
        first=_day(hours.first),
        last=_day(hours.last),
    )
    # Only the whole is told in decimals: hundredths of its parts, each rounded, would not add up to it.
    minutes = total.minutes
    sum_text = t(
        "paper.certificate.total", spelled=words.spelled_text(minutes), decimal=words.decimal_text(minutes)
    )
    body = joined(
        tag("h1", t("paper.certificate.title")),
        tag("div", t("paper.certificate.number"), " ", tag("span", class_="blank"), class_="number"),
        tag(
            "p",
            said,
            " ",
            tag("b", sum_text),
            t("paper.certificate.stop"),
            class_="said",
        ),
        section(t("paper.certificate.kinds"), _kinds(total)),
        section(t("paper.certificate.months"), _months(hours)),
        tag("p", t("paper.certificate.counted"), class_="small"),
        _signing(given.made_on),
    )
    title = t("paper.certificate.named", person=given.person)
    return page(title, body, sheet=_SHEET, head=head, foot=foot, style=_STYLE)


def _day(day: date) -> str:
    return t("paper.certificate.day", year=day.year, of=day.month, day=day.day)


def _kinds(total: Tally) -> Markup:
    headings = tuple(t(f"paper.certificate.{name}") for name in ("kind", "times", "time"))
    rows = [
        (
            words.work_word(work),
            t(f"hours.times.{work.value}", n=words.times_of(total, work)),
            words.hm_text(words.minutes_of(total, work)),
        )
        for work in Work
        if words.times_of(total, work)
    ]
    return table(headings, rows, kinds="ttn", sums=(t("hours.total"), "", words.hm_text(total.minutes)))


def _months(hours: Hours) -> Markup:
    shown = [month for month in hours.months if month.tally.minutes]
    headings = (t("hours.month"), *(words.work_word(work) for work in Work), t("hours.total"))

    def row(name: str, tally: Tally) -> tuple[str, ...]:
        told = (words.minutes_of(tally, work) for work in Work)
        return (name, *(words.hm_text(n) if n else words.NOTHING for n in told), words.hm_text(tally.minutes))

    rows = [row(words.month_word(month.month), month.tally) for month in shown]
    return table(headings, rows, kinds="knnnn", sums=row(t("hours.total"), hours.total))


def _signing(made_on: date) -> Markup:
    def blank(name: str) -> Markup:
        return tag("div", t(f"paper.certificate.{name}"), tag("i"))

    return tag(
        "div",
        blank("drawn_up"),
        tag("div", t("paper.certificate.stamp"), class_="stamp"),
        blank("in_charge"),
        blank("phone"),
        tag("div", t("paper.certificate.date", date=_day(made_on))),
        class_="signing",
    )
