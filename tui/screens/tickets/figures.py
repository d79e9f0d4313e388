"""What the station did in a week, a month, a quarter or a year: numbers, small charts, tables; and how they leave the app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from models.tickets.periods import WEEK, Period, monday_of, period
from models.tickets.queries import Asked
from models.tickets.queries_figures import report
from tui import edge
from tui.actions import Action, action, shown_key
from tui.desk import Desk
from tui.figures_words import span_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.base import LinliScreen
from tui.screens.tickets.figures_sheet import FigureSheet, Sheet
from tui.screens.tickets.papers_out import BOARD, JOBS, offer_board, offer_jobs
from tui.widgets.picker import Option
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line, Tone, joined

EARLIER = action("figures.earlier", "left", "[")
LATER = action("figures.later", "right", "]")
OUT = action("figures.out", "f5")
NOW = action("figures.now", "f3", footer=False)
_PERIODS: Final = {
    Period.WEEK: action("figures.week", "1", footer=False),
    Period.MONTH: action("figures.month", "2", footer=False),
    Period.QUARTER: action("figures.quarter", "3", footer=False),
    Period.YEAR: action("figures.year", "4", footer=False),
}
#: So many weeks stand in the chart at least: one alone tells nothing of how it goes.
_TRAIL: Final = 13
_LONGEST_BACK: Final = 500


@dataclass(frozen=True, slots=True)
class Looked:
    """What was read: the sheet, and today in the compound's zone."""

    sheet: Sheet
    today: date


def look(desk: Desk, kind: Period, back: int) -> Looked:
    """Count the period that lies `back` of its kind before the present one, and the weeks that lead up to it."""
    compound_id, today = desk.seat.compound_id, desk.today()
    since, whole = period(kind, today, back=back)
    until = min(whole, today + timedelta(days=1))
    asked = Asked(now=edge.clock(), today=today)
    begin = min(since, monday_of(until - timedelta(days=1)) - (_TRAIL - 1) * WEEK)
    with desk.store.read() as session:
        counted = report(session, compound_id, asked, since, until)
        trail = counted if begin == since else report(session, compound_id, asked, begin, until)
    return Looked(Sheet(counted, trail.weeks), today)


class FiguresScroll(VerticalScroll, inherit_bindings=False):
    """Scrolls up and down only: left and right lead to other weeks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, done, show=False)
        for key, done in (
            ("up", "scroll_up"),
            ("down", "scroll_down"),
            ("pageup", "page_up"),
            ("pagedown", "page_down"),
            ("home", "scroll_home"),
            ("end", "scroll_end"),
        )
    ]


class TicketFigures(LinliScreen):
    """`period` is the kind of span that is shown first."""

    ROOM: ClassVar[str] = "ticket_figures"
    AUTO_FOCUS = "#figures"
    ACTIONS: ClassVar[tuple[Action, ...]] = (EARLIER, LATER, OUT, NOW, *_PERIODS.values())
    DEFAULT_CSS = """
    TicketFigures #span { height: 1; margin-bottom: 1; }
    TicketFigures #figures { height: 1fr; scrollbar-size-vertical: 1; }
    """

    def __init__(self, period: str = Period.WEEK) -> None:
        super().__init__()
        self.period = Period(period)
        self.back = 0
        self._looked: Looked | None = None

    def body(self) -> ComposeResult:
        yield ViewTabs(self._views(), self.period)
        yield Line(id="span")
        with FiguresScroll(id="figures"):
            yield FigureSheet()

    def on_mount(self) -> None:
        self._ask()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self._looked is not None:
            self._ask()

    def news(self) -> None:
        self._ask()

    @staticmethod
    def _views() -> tuple[View, ...]:
        return tuple(
            View(kind, shown_key(made.current_keys[0]), t(f"figures.period.{kind}"))
            for kind, made in _PERIODS.items()
        )

    def _ask(self) -> None:
        self.ask(partial(look, kind=self.period, back=self.back), self._show, latest="figures")

    def _show(self, looked: Looked) -> None:
        self._looked = looked
        counted = looked.sheet.report
        self.query_one(ViewTabs).current = self.period
        running = t(f"figures.running.{self.period}") if counted.last == looked.today else ""
        said = span_text(counted.since, counted.last)
        self.query_one("#span", Line).show(joined((said, "bold"), "  ", (running, "$text-muted")))
        self.query_one(FigureSheet).sheet = looked.sheet
        self.refresh_keys()

    @property
    def looked(self) -> Looked:
        """What is shown; actions wait until it is read."""
        return known(self._looked)

    def why_not(self, action_id: str) -> str | None:
        if self._looked is None and action_id in {EARLIER.id, LATER.id, OUT.id, NOW.id}:
            return t("list.reading")
        if action_id in {LATER.id, NOW.id} and not self.back:
            return t("figures.no_later")
        if action_id == EARLIER.id and self.back >= _LONGEST_BACK:
            return t("figures.no_earlier")
        return super().why_not(action_id)

    async def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        await self.action_act(_PERIODS[Period(event.view_id)].id)

    # What can be done

    def do_week(self) -> None:
        self._turn_to(Period.WEEK)

    def do_month(self) -> None:
        self._turn_to(Period.MONTH)

    def do_quarter(self) -> None:
        self._turn_to(Period.QUARTER)

    def do_year(self) -> None:
        self._turn_to(Period.YEAR)

    def _turn_to(self, kind: Period) -> None:
        self.period, self.back = kind, 0
        self.query_one(FiguresScroll).scroll_home(animate=False)
        self._ask()

    def do_earlier(self) -> None:
        self.back += 1
        self._ask()

    def do_later(self) -> None:
        self.back -= 1
        self._ask()

    def do_now(self) -> None:
        self.back = 0
        self._ask()

    def do_out(self) -> None:
        options = [
            Option(form, t(f"figures.out.{form}"), t(f"figures.out.{form}_note"))
            for form in ("page", "table")
        ]
        options += [Option(form, t(f"papers.{form}"), t(f"papers.{form}_note")) for form in (JOBS, BOARD)]
        self.choose(t("figures.out.title"), options, self._let_out)

    def _let_out(self, form: str) -> None:
        if form == JOBS:
            offer_jobs(self)
        elif form == BOARD:
            offer_board(self)
        else:
            counted = self.looked.sheet.report
            write = partial(_write, form=form, since=counted.since, until=counted.until)
            self.ask(write, lambda path: self.flash(t("chat.saved", path=path), Tone.GOOD))


def _write(desk: Desk, *, form: str, since: date, until: date) -> Path:
    from tui import ticket_papers as papers

    write = papers.write_figures if form == "page" else papers.write_figures_table
    return write(desk, since, until)
