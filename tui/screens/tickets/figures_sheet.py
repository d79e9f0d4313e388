"""How figures of tickets stand on a screen: numbers, columns week by week, tables with bars. Drawn for any width; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from models.tickets.figures import Figures, Part, Report, Week
from tui import figures_words as words
from tui.i18n import t
from tui.ticket_words import cost_text
from tui.widgets.flow import flowed
from tui.widgets.rows import GAP, Column, layout
from tui.widgets.sparkline import bar, column_rows
from tui.widgets.text import fit, joined, plain, width

_ROWS: Final = 3
_WIDEST_WEEK: Final = 5
_TAKEN, _DONE, _LATE = "$text-primary", "$text-success", "bold $text-error"
_BAR: Final = "$primary"
_TITLE: Final = "bold $primary"
#: Where the bar and what is late stand among the columns of a table, and how wide names and the table get.
_BAR_AT: Final = 2
_LEAST_BAR: Final = 5
_LONGEST_NAME: Final = 20
_LATE_AT: Final = 4
_WIDEST_TABLE: Final = 130


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn: the report, and the weeks of the charts, which may reach further back than the report."""

    report: Report
    trail: tuple[Week, ...]


class FigureSheet(Widget):
    """A report, as tall as it needs."""

    DEFAULT_CSS = """
    FigureSheet { height: auto; text-wrap: nowrap; padding-right: 1; }
    """
    ALLOW_SELECT: ClassVar[bool] = True
    sheet: reactive[Sheet | None] = reactive(None, layout=True)

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport
        return max(1, len(self._lines(width)))

    def _lines(self, cells: int) -> list[Content]:
        return [] if self.sheet is None else list(sheet_lines(self.sheet, cells))


def sheet_lines(sheet: Sheet, cells: int) -> Iterator[Content]:
    """Yield a report from top to bottom in lines of at most `cells` cells."""
    report = sheet.report
    yield from _numbers(report.total, cells)
    yield from _fate(report.total, cells)
    yield Content("")
    yield from _columns(sheet, cells)
    for title, parts, word in (
        ("category", report.categories, words.category_of),
        ("building", report.buildings, words.building_of),
    ):
        if parts:
            yield Content("")
            yield from _parts(title, parts, word, report.total, cells)
    if len(report.weeks) > 1:
        yield Content("")
        newest = [
            (f"{words.week_word(week)} {words.days_text(week)}", week.figures)
            for week in reversed(report.weeks)
        ]
        yield from _table(t("figures.by_week"), newest, report.total, cells)
    yield Content("")
    yield from _scores(report.total, cells)
    yield from _backlog(report, cells)


def _numbers(total: Figures, cells: int) -> Iterator[Content]:
    told = (
        (t("figures.taken"), str(total.taken), _TAKEN),
        (t("figures.done"), str(total.done), _DONE),
        (t("figures.overdue"), str(total.overdue), _LATE if total.overdue else ""),
        (t("figures.rating_of", n=total.rated), words.rating_text(total), ""),
        (t("figures.accept_short"), words.hours_text(total.accept_hours), ""),
        (t("figures.finish_short"), words.hours_text(total.finish_hours), ""),
        (t("figures.work"), f"{words.work_hours(total.minutes):g}", ""),
        (t("figures.cost"), cost_text(total.cost), ""),
    )
    each = max(18, cells // 4)
    across = max(1, cells // each)
    label = max(width(name) for name, _, _ in told) + 1
    for start in range(0, len(told), across):
        yield joined(
            *(
                part
                for name, value, style in told[start : start + across]
                for part in (
                    (fit(name, min(label, width(name) + 1)), "$text-muted"),
                    (fit(value, each - min(label, width(name) + 1)), f"bold {style}".strip()),
                )
            )
        )


def _fate(total: Figures, cells: int) -> Iterator[Content]:
    parts = [
        f"{t(f'figures.{name}')} {n}"
        for name in ("answered", "open", "rejected", "cancelled", "duplicates")
        if (n := getattr(total, name))
    ]
    if parts:
        said = f"{t('figures.fate_of', n=total.taken)}  {' · '.join(parts)}"
        for line in flowed(said, cells):
            yield plain(line, "$text-muted")


# -- week by week ------------------------------------------------------------------------


def _columns(sheet: Sheet, cells: int) -> Iterator[Content]:
    """Yield what was taken and what was done as columns over the same weeks, and the numbers of the weeks beneath."""
    label = max(width(t(f"figures.{name}")) for name in ("taken", "done", "overdue")) + 2
    top = max((max(week.figures.taken, week.figures.done) for week in sheet.trail), default=0)
    tail = t("figures.most", n=top)
    room = cells - label - width(tail) - 2
    weeks = sheet.trail[-max(1, room) :]
    each = max(1, min(_WIDEST_WEEK, room // max(1, len(weeks))))
    now = [week.first >= sheet.report.since for week in weeks]
    yield plain(t("figures.weeks_to", n=len(weeks), last=words.week_word(weeks[-1]) if weeks else ""), _TITLE)
    for name, values, style in (
        ("taken", [week.figures.taken for week in weeks], _TAKEN),
        ("done", [week.figures.done for week in weeks], _DONE),
        ("overdue", [week.figures.overdue for week in weeks], _LATE),
    ):
        rows = 1 if name == "overdue" else _ROWS
        for row, drawn in enumerate(column_rows(values, top, each, rows)):
            lowest = row == rows - 1
            if not lowest and not "".join(drawn).strip():
                continue  # both stand to one scale, and the lower of them would have empty lines above
            yield joined(
                (fit(t(f"figures.{name}") if lowest else "", label), "$text-muted"),
                *(
                    (part, style if inside else "$text-muted")
                    for part, inside in zip(drawn, now, strict=True)
                ),
                (f"  {tail}" if lowest and name == "taken" else "", "$text-muted"),
            )
    yield plain(" " * label + _scale(weeks, each), "$text-muted")


def _scale(weeks: Sequence[Week], each: int) -> str:
    """Return the numbers of the weeks beneath their columns, as many as stand apart."""
    every = -(-4 // each)
    line = ""
    for at, week in enumerate(weeks):
        if at % every == 0:
            line = fit(line, at * each) + str(week.number)
    return line


# -- tables --------------------------------------------------------------------------------


def _parts(
    name: str, parts: Sequence[Part], word: Callable[[Part], str], total: Figures, cells: int
) -> Iterator[Content]:
    yield from _table(t(f"figures.by_{name}"), [(word(part), part.figures) for part in parts], total, cells)


def _table(title: str, rows: Sequence[tuple[str, Figures]], total: Figures, cells: int) -> Iterator[Content]:
    """Yield a table with a bar for what was taken; what has no room is left out, the least telling first."""
    most = max((figures.taken for _, figures in rows), default=0)
    texts = [_cells(name, figures) for name, figures in rows]
    sums = _cells(t("figures.total"), total)
    headings = (
        *(title, t("figures.taken"), ""),
        *(
            t(f"figures.{name}")
            for name in ("done", "overdue_short", "accept_short", "finish_short", "rating")
        ),
        *(t(f"figures.{name}") for name in ("work", "cost", "hands")),
    )
    priorities = (9, 9, 4, 9, 8, 6, 7, 8, 3, 2, 1)
    columns = [
        Column(
            heading,
            _LEAST_BAR
            if at == _BAR_AT
            else min(_LONGEST_NAME, max(width(heading), *(width(text[at]) for text in (sums, *texts)))),
            priority=priority,
            grow=at == _BAR_AT,
            align="left" if at in {0, _BAR_AT} else "right",
        )
        for at, (heading, priority) in enumerate(zip(headings, priorities, strict=True))
    ]
    shown = layout(columns, min(cells, _WIDEST_TABLE))
    yield joined(
        *_row(
            [(heading, _TITLE if at == 0 else "$text-muted") for at, heading in enumerate(headings)],
            columns,
            shown,
        )
    )
    for text, (_, figures) in zip(texts, rows, strict=True):
        drawn = dict(shown)
        filled = bar(figures.taken, most, drawn.get(_BAR_AT, 0))
        styled = [
            (filled, _BAR) if at == _BAR_AT else (part, _LATE if at == _LATE_AT and figures.overdue else "")
            for at, part in enumerate(text)
        ]
        yield joined(*_row(styled, columns, shown))
    yield joined(*_row([(part, "bold") for part in sums], columns, shown))


def _cells(name: str, figures: Figures) -> tuple[str, ...]:
    return (
        name,
        str(figures.taken),
        "",
        str(figures.done),
        str(figures.overdue),
        words.hours_text(figures.accept_hours),
        words.hours_text(figures.finish_hours),
        words.rating_text(figures),
        f"{words.work_hours(figures.minutes):g}",
        cost_text(figures.cost),
        str(figures.hands),
    )


def _row(
    parts: Sequence[tuple[str, str]], columns: Sequence[Column], shown: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, str]]:
    for place, (at, cells) in enumerate(shown):
        text, style = parts[at]
        yield " " * GAP if place else "", ""
        yield fit(text, cells, columns[at].align), style


# -- ratings and what is open ------------------------------------------------------------------


def _scores(total: Figures, cells: int) -> Iterator[Content]:
    if not total.rated:
        return
    yield plain(t("figures.ratings", n=total.rated, mean=words.rating_text(total)), _TITLE)
    most = max(total.scores)
    for score, n in reversed(tuple(enumerate(total.scores, start=1))):
        yield joined(
            (fit(t("figures.score", n=score), 8), "$text-muted"),
            fit(str(n), 5, "right"),
            "  ",
            (bar(n, most, min(40, cells - 16)), _DONE),
        )
    yield Content("")


def _backlog(report: Report, cells: int) -> Iterator[Content]:
    backlog = report.backlog
    said = t("figures.backlog_now", open=backlog.open, late=backlog.overdue, unrated=backlog.unrated)
    for line in flowed(said, cells):
        yield plain(line)
