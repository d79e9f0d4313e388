"""The roster: a month as a calendar, a week as a table, or what lacks somebody; and what is done with all of it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Container

from models.text import pinyin_keys
from tui.actions import Action, action
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.duty.roster_panel import DayPanel
from tui.screens.duty.roster_store import Filters, Looked, look, month_around
from tui.screens.duty.roster_words import gap_row, month_text, month_view, week_of, week_view
from tui.screens.points.base import NetworkBase
from tui.widgets import tabs
from tui.widgets.bars import KeyView
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.month_calendar import MonthCalendar, days_of_month
from tui.widgets.picker import Option
from tui.widgets.rows import Column
from tui.widgets.tabs import ViewTabs
from tui.widgets.week_grid import WeekGrid

if TYPE_CHECKING:
    from tui.screens.duty.generate_store import Made

OPEN = action("roster.open", "enter")
VIEW = action("roster.view", "f3")
FILTER = action("roster.filter", "f4")
OUT = action("roster.out", "f5")
MAKE = action("roster.make", "f2", "insert", footer=False)
PUBLISH = action("roster.publish", "f6", footer=False)
ILL = action("roster.ill", "f7", footer=False)
EARLIER = action("roster.earlier", "pageup", "[", footer=False)
LATER = action("roster.later", "pagedown", "]", footer=False)
TODAY = action("roster.today", "t", footer=False)
_LEADING: Final = frozenset({MAKE.id, PUBLISH.id, ILL.id})
_VIEWS: Final = ("month", "week", "gaps")
_WIDE: Final = 120  # columns from which on the day stands beside the month
_TALL: Final = 30
_PANEL: Final = 33
_DAY: Final = timedelta(days=1)
_NONE: Final = "none"


class Roster(NetworkBase):
    """`month` is any day of the month to show first; without one it is the present."""

    ROOM: ClassVar[str] = "roster"
    AUTO_FOCUS = "MonthCalendar"
    DEEDS: ClassVar[tuple[Action, ...]] = (MAKE, PUBLISH, ILL, EARLIER, LATER)
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, VIEW, FILTER, OUT, *DEEDS, TODAY)
    DEFAULT_CSS = """
    Roster #both { height: 1fr; layout: vertical; }
    Roster DayPanel { padding: 0 1; background: $surface; }
    Roster.-beside #both { layout: horizontal; }
    Roster.-beside DayPanel { height: 1fr; margin: 1 0 0 1; padding: 1 2; }
    Roster.-tall ViewTabs { margin-bottom: 1; }
    Roster.-tall Deeds { margin-top: 1; }
    """

    def __init__(self, month: date | None = None) -> None:
        super().__init__()
        self._month = month
        self._day = month
        self._filters = Filters()
        self._view = _VIEWS[0]
        self._looked: Looked | None = None
        self._made: tuple[Made, int] | None = None

    @property
    def heading(self) -> str:
        looked = self._looked
        parts = [super().heading]
        if self._month is not None:
            parts.append(month_text(self._month))
        parts += [part for part in (self._filters.post, self._filters.person) if part]
        if looked is not None and looked.drafts:
            parts.append(t("roster.drafts_n", n=looked.drafts))
        return " · ".join(parts)

    def body(self) -> ComposeResult:
        yield ViewTabs(id="views")
        with Container(id="both"):
            yield MonthCalendar(id="month")
            yield WeekGrid(empty=t("roster.no_shift_in_week"), id="week")
            yield LongList(
                (
                    Column(t("roster.column.day"), 10, priority=9),
                    Column(t("roster.column.span"), 12, priority=6),
                    Column(t("roster.column.shift"), 14, priority=8, grow=True),
                    Column(t("roster.column.gap"), 18, priority=7, grow=True),
                    Column(t("roster.column.on"), 12, priority=3, grow=True),
                ),
                empty=t("roster.no_gaps"),
                id="gaps",
            )
            yield DayPanel()
        yield Deeds()

    def on_mount(self) -> None:
        super().on_mount()
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.reread()

    def news(self) -> None:
        self._made = None
        self.reread()

    # What is read

    @property
    def looked(self) -> Looked:
        """What is shown; actions wait until it is read."""
        return known(self._looked)

    @property
    def month(self) -> date:
        """A day of the month that is shown."""
        return known(self._month)

    @property
    def day(self) -> date:
        """The day in front."""
        return known(self._day)

    def reread(self) -> None:
        if self._month is None:
            today = self.linli.today()
            if today is None:  # the store is still being opened
                self.read(lambda desk: desk.today(), self._begin, latest="roster")
                return
            self._month = self._day = today
        self.read(partial(look, days=self._days(), month=self.month), self._show, latest="roster")

    def _begin(self, today: date) -> None:
        self._month = self._day = today
        self.reread()

    def _days(self) -> tuple[date, ...]:
        return days_of_month(self.month)

    def _show(self, looked: Looked) -> None:
        if looked.days != self._days():
            return  # somebody has turned the page meanwhile, and that answer is on its way
        self._looked = looked
        self._draw()
        self.refresh_frame()

    def _draw(self) -> None:
        looked = self._looked
        if looked is None or not self.is_mounted:
            return
        kept = looked.kept(self._filters)
        calendar, grid, gaps = self._widgets()
        calendar.day = self.day
        calendar.show(month_view(kept, self.month))
        grid.show(week_view(kept, self.day), self.day)
        own = [line for line in kept.lines if line.gap and line.day.month == self.month.month]
        gaps.show([gap_row(line, looked) for line in own], keep=True)
        self.query_one(DayPanel).show(kept, self.day)
        views = self.query_one(ViewTabs)
        ahead = sum(line.day >= looked.today for line in own)
        counts = {"gaps": str(ahead) if ahead else ""}
        views.views = tuple(
            tabs.View(view, "", t(f"roster.view.{view}"), counts.get(view, "")) for view in _VIEWS
        )
        views.current = self._view
        self._lay_out()

    def _widgets(self) -> tuple[MonthCalendar, WeekGrid, LongList]:
        return self.query_one(MonthCalendar), self.query_one(WeekGrid), self.query_one(LongList)

    def _lay_out(self) -> None:
        """Let the day stand beside the month where there is room, else beneath it, and show one view."""
        if not self.is_mounted:
            return
        beside = self.size.width >= _WIDE and self.size.height >= _TALL
        self.set_class(beside, "-beside")
        panel = self.query_one(DayPanel)
        panel.display = self._view == "month" or self.size.height >= _TALL
        panel.styles.width = _PANEL if beside else "1fr"
        calendar = self.query_one(MonthCalendar)
        if beside:
            calendar.styles.height = panel.styles.height = "1fr"
        else:
            weeks = len(days_of_month(self._month)) // 7 if self._month is not None else 6
            lines = 2 if self.size.height < _TALL else 3
            calendar.styles.height = weeks * lines + 1
            panel.styles.height = "1fr" if self._view == "month" else 9
        for name, widget in zip(_VIEWS, self._widgets(), strict=True):
            widget.display = name == self._view

    # What is in front

    def _go_to(self, day: date) -> None:
        """Bring a day to the front, and its month to the screen."""
        before, self._day = self._month, day
        if before is None or (day.year, day.month) != (before.year, before.month):
            self._month = day
            if self._looked is not None and day in self._looked.days:
                self._draw()  # the days of the month beside are there; the rest of it comes
            self.reread()
            self.refresh_frame()
        elif self._looked is not None:
            kept = self._looked.kept(self._filters)
            self.query_one(DayPanel).show(kept, day)
            if self._view != "week":
                self.query_one(WeekGrid).show(week_view(kept, day), day)
            if self._view != "month":
                self.query_one(MonthCalendar).go_to(day)
        self.refresh_keys()

    def on_month_calendar_highlighted(self, event: MonthCalendar.Highlighted) -> None:
        if event.day != self._day:
            self._go_to(event.day)

    def on_week_grid_highlighted(self, event: WeekGrid.Highlighted) -> None:
        if event.day != self._day:
            self._go_to(event.day)

    def on_long_list_highlighted(self, event: LongList.Highlighted) -> None:
        line = self.looked.line(UUID(event.row_id))
        if self._view == "gaps" and line is not None:
            self._go_to(line.day)

    def on_month_calendar_turned(self, event: MonthCalendar.Turned) -> None:
        self._turn(event.by)

    def on_week_grid_turned(self, event: WeekGrid.Turned) -> None:
        self._turn(event.by)

    def _turn(self, by: int) -> None:
        """Go a month on, or a week where a week is shown."""
        if self._day is None:
            return
        if self._view == "week":
            grid = self.query_one(WeekGrid)
            monday = week_of(self.day)[0] + 7 * by * _DAY
            self._go_to(monday + grid.column * _DAY)
            if self._looked is not None and self.day in self._looked.days:
                grid.show(week_view(self._looked.kept(self._filters), self.day), self.day)
        else:
            self._go_to(_months_on(self.day, by))

    def on_month_calendar_opened(self, event: MonthCalendar.Opened) -> None:
        self._open(event.day)

    def on_week_grid_opened(self, event: WeekGrid.Opened) -> None:
        self._open(event.day, UUID(event.shift_id) if event.shift_id else None)

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        line = self.looked.line(UUID(event.row_id))
        if line is not None:
            self._open(line.day, line.id)

    def on_day_panel_clicked(self) -> None:
        if self._day is not None:
            self._open(self.day)

    def _open(self, day: date, shift_id: UUID | None = None) -> None:
        from tui.screens.duty.roster_day import RosterDay

        self.app.push_screen(RosterDay(day, shift_id, self.works))

    # What can be done

    def why_not(self, action_id: str) -> str | None:
        if not action_id.startswith("roster."):
            return super().why_not(action_id)
        if self._looked is None:
            return t("list.reading")
        if action_id in _LEADING and not self._looked.leads:
            return t("roster.leaders_only")
        if action_id == PUBLISH.id and not self._looked.drafts:
            return t("roster.nothing_to_publish")
        if action_id == OUT.id and not self._looked.lines:
            return t("roster.nothing_to_tell")
        return super().why_not(action_id)

    def key_views(self) -> tuple[KeyView, ...]:
        # Undo is named where something was done; the line has no room for it.
        own = [view for view in super().key_views() if view.action_id != "register.undo"]
        return tuple(own)

    def do_open(self) -> None:
        for widget in self._widgets():
            if widget.display:
                widget.action_pick()

    async def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        self._see(event.view_id)

    def do_view(self) -> None:
        self._see(_VIEWS[(_VIEWS.index(self._view) + 1) % len(_VIEWS)])

    def _see(self, view: str) -> None:
        self._view = view
        self._draw()
        self._widgets()[_VIEWS.index(view)].focus()

    def do_earlier(self) -> None:
        self._turn(-1)

    def do_later(self) -> None:
        self._turn(1)

    def do_today(self) -> None:
        self._go_to(self.looked.today)
        self._draw()

    def do_filter(self) -> None:
        posts = {line.post_id: line.post for line in self.looked.lines}
        people = {one.person_id: one.name for line in self.looked.lines for one in line.people}
        me = self.looked.me
        options = [Option(_NONE, t("roster.filter.none"))] if self._filters != Filters() else []
        if me is not None and me in people:
            options.append(Option(f"person:{me}", people[me], t("roster.filter.me")))
        options += [
            Option(f"post:{post_id}", name, t("roster.filter.post"), " ".join(pinyin_keys(name)))
            for post_id, name in sorted(posts.items(), key=lambda item: item[1])
        ]
        options += [
            Option(f"person:{person_id}", name, t("roster.filter.person"), " ".join(pinyin_keys(name)))
            for person_id, name in sorted(people.items(), key=lambda item: item[1])
            if person_id != me
        ]
        self.choose(t("roster.filter.title"), options, self._narrow)

    def _narrow(self, chosen: str) -> None:
        kind, _, value = chosen.partition(":")
        looked = self.looked
        if kind == "post":
            name = next(line.post for line in looked.lines if str(line.post_id) == value)
            self._filters = Filters(post_id=UUID(value), post=name)
        elif kind == "person":
            on = (one for line in looked.lines for one in line.people)
            name = next(one.name for one in on if str(one.person_id) == value)
            self._filters = Filters(person_id=UUID(value), person=name)
        else:
            self._filters = Filters()
        self._draw()
        self.refresh_frame()

    def do_out(self) -> None:
        from tui.screens.duty.roster_out import Leaving, offer_out

        week = week_of(self.day)
        first, last = (week[0], week[-1]) if self._view == "week" else month_around(self.month)
        offer_out(self, Leaving(self.looked.kept(self._filters), first, last, self._filters))

    def do_make(self) -> None:
        from tui.screens.duty.generate import begin_making

        begin_making(self, self.month)

    def do_again(self) -> None:
        """Make a roster once more, whatever was made last."""
        self._made = None
        self.do_make()

    def keep_made(self, made: Made) -> None:
        """Keep a roster that was made, so that leaving it unsaved does not lose it."""
        self._made = (made, len(self.ledger.done))

    @property
    def made(self) -> Made | None:
        """The roster made last, until it is saved or something else has changed."""
        if self._made is None or self._made[1] != len(self.ledger.done):
            return None
        return self._made[0]

    def do_ill(self) -> None:
        from tui.screens.duty.generate import begin_mending

        begin_mending(self, self.day)

    def do_publish(self) -> None:
        from tui.screens.duty.roster_publish import RosterPublish

        self.app.push_screen(RosterPublish(self.month, self.works))


def _months_on(day: date, by: int) -> date:
    """Return the same day of another month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    first, last = month_around(date(year, month + 1, 1))
    return min(first + (day.day - 1) * _DAY, last)
