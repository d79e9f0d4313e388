"""The figures of tickets as a page to print: what was taken and done, week by week, by category, by building. No names are on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from models.tickets.figures import Figures, Part, Report
from models.tickets.rules import State
from tui import figures_words as words
from tui.i18n import t
from tui.paper.markup import Markup, joined, tag
from tui.paper.page import A4, page, points, section, table
from tui.paper.ticket_charts import DONE, TAKEN, Pair, Share, bar, columns, shares
from tui.ticket_words import cost_text, state_word

STYLE: Final = """
.tiles{display:flex;flex-wrap:wrap;gap:3mm;margin:3mm 0}
.tile{flex:1 1 26mm;border:.3mm solid #777;padding:1.5mm 2.5mm;break-inside:avoid}
.tile b{display:block;font-size:15pt;line-height:1.25;white-space:nowrap}
.tile span{font-size:9pt;color:#333}
.chart{break-inside:avoid;margin:2mm 0}
.chart svg,td svg{display:block}
.key{font-size:9pt;color:#333}
.small{font-size:8.5pt;color:#333}
"""
_FATES: Final = (
    ("answered", DONE),
    ("open", TAKEN),
    ("rejected", "#e5b06a"),
    ("cancelled", "#dddddd"),
    ("duplicates", "#8d8d8d"),
)
#: What each sentence below the tables explains.
_EXPLAINED: Final = ("taken", "done", "overdue", "hours", "rating", "work", "sums")


def figures_page(
    report: Report, compound: str, *, made_at: datetime, building: str = "", head: str = "", foot: str = ""
) -> str:
    """Return a page of a report. `made_at` in the compound's zone; `building` when the report is of one only."""
    title = t("figures.title", compound=compound)
    span = words.span_text(report.since, report.last)
    body = joined(
        tag("h1", title),
        tag("p", " · ".join(part for part in (span, building) if part), class_="lead"),
        _tiles(report.total),
        *_fate(report.total),
        *_weeks(report),
        _parts(t("figures.by_category"), t("figures.category"), report.categories, report, words.category_of),
        _parts(t("figures.by_building"), t("figures.building"), report.buildings, report, words.building_of),
        *_ratings(report.total),
        _backlog(report, made_at),
        section(
            t("figures.explained"),
            tag("div", points(t(f"figures.explained.{name}") for name in _EXPLAINED), class_="small"),
        ),
    )
    return page(title, body, sheet=A4, head=head, foot=foot, style=STYLE)


def _tiles(total: Figures) -> Markup:
    told = (
        (str(total.taken), t("figures.taken")),
        (str(total.done), t("figures.done")),
        (str(total.overdue), t("figures.overdue")),
        (words.hours_text(total.accept_hours), t("figures.accept_hours")),
        (words.hours_text(total.finish_hours), t("figures.finish_hours")),
        (words.rating_text(total), t("figures.rating_of", n=total.rated)),
    )
    return tag(
        "div",
        *(tag("div", tag("b", value), tag("span", label), class_="tile") for value, label in told),
        class_="tiles",
    )


def _fate(total: Figures) -> Iterator[Markup]:
    parts = [Share(t(f"figures.{name}"), getattr(total, name), colour) for name, colour in _FATES]
    drawn = shares(parts)
    if drawn:
        yield section(t("figures.fate", n=total.taken), tag("div", drawn, class_="chart"))


def _weeks(report: Report) -> Iterator[Markup]:
    pairs = [
        Pair(words.week_word(week), week.figures.taken, week.figures.done, week.figures.late)
        for week in report.weeks
    ]
    rows = [
        _row(
            f"{words.week_word(week)} {words.days_text(week)}",
            week.figures,
            most=max(pair.taken for pair in pairs),
        )
        for week in report.weeks
    ]
    yield section(
        t("figures.by_week"),
        tag("div", columns(pairs), class_="chart"),
        tag("p", t("figures.chart_key"), class_="key"),
        _table(t("figures.week_heading"), rows, report.total),
    )


def _parts(
    title: str, heading: str, parts: Sequence[Part], report: Report, word: Callable[[Part], str]
) -> Markup:
    if not parts:
        return joined()
    most = max(part.figures.taken for part in parts)
    rows = [_row(word(part), part.figures, most=most) for part in parts]
    return section(title, _table(heading, rows, report.total))


def _table(heading: str, rows: Sequence[tuple[str, ...]], total: Figures) -> Markup:
    headings = (
        heading,
        t("figures.taken"),
        "",
        *(t(f"figures.{name}") for name in ("done", "overdue", "accept_short", "finish_short", "rating")),
        *(t(f"figures.{name}") for name in ("work", "cost", "hands")),
    )
    return table(headings, rows, kinds="tntnnnnnnnn", sums=_row(t("figures.total"), total, most=0))


def _row(name: str, figures: Figures, *, most: int) -> tuple[str, ...]:
    return (
        name,
        str(figures.taken),
        bar(figures.taken, most, TAKEN) if most else joined(),
        str(figures.done),
        str(figures.overdue),
        words.hours_text(figures.accept_hours),
        words.hours_text(figures.finish_hours),
        words.rating_text(figures),
        f"{words.work_hours(figures.minutes):g}",
        cost_text(figures.cost),
        str(figures.hands),
    )


def _ratings(total: Figures) -> Iterator[Markup]:
    if not total.rated:
        return
    most = max(total.scores)
    rows = [
        (t("figures.score", n=score), str(n), bar(n, most, width=110.0))
        for score, n in reversed(tuple(enumerate(total.scores, start=1)))
    ]
    yield section(
        t("figures.ratings", n=total.rated, mean=words.rating_text(total)),
        table((t("figures.rating"), t("figures.number"), ""), rows, kinds="knt"),
    )


def _backlog(report: Report, made_at: datetime) -> Markup:
    backlog = report.backlog
    rows = [
        (state_word(state), str(backlog.states.get(state, 0))) for state in State if state in backlog.states
    ]
    rows += [
        (t("figures.open_all"), str(backlog.open)),
        (t("figures.open_late"), str(backlog.overdue)),
        (t("figures.unrated"), str(backlog.unrated)),
    ]
    title = t("figures.backlog", at=made_at.strftime("%Y-%m-%d %H:%M"))
    return section(title, table((t("figures.state"), t("figures.number")), rows, kinds="kn"))
