"""Hours given by person, team and month, and who owes how much duty: looked at, explained line by line, printed, settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import ClassVar, Final
from uuid import UUID

from textual.app import ComposeResult

from models.duty.queries_balances import BalanceLine
from models.operations.envelope import Intent
from models.tickets.periods import Period
from tui import hours_words as words
from tui.actions import Action, action, shown_key
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Changing, Ledger
from tui.screens.duty.hours_rows import (
    BALANCES,
    MONTHS,
    PEOPLE,
    TEAMS,
    TOTAL,
    balance_rows,
    columns,
    entries_of,
    rows,
)
from tui.screens.duty.hours_store import Looked, MonthState, look, months, owed, settling
from tui.widgets.deeds import Deeds
from tui.widgets.flow import Flow
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line, Tone, joined

OPEN = action("hours.open", "enter")
OUT = action("hours.out", "f5")
SPAN = action("hours.span", "f4")
EARLIER = action("hours.earlier", "left", "[", footer=False)
LATER = action("hours.later", "right", "]", footer=False)
SETTLE = action("hours.settle", "5", "f6", footer=False)
_TABS: Final = {
    PEOPLE: action("hours.by_people", "1", footer=False),
    TEAMS: action("hours.by_teams", "2", footer=False),
    MONTHS: action("hours.by_months", "3", footer=False),
    BALANCES: action("hours.by_balances", "4", footer=False),
}
_SPANS: Final = (Period.MONTH, Period.QUARTER, Period.YEAR)
_LONGEST_BACK: Final = 500


class Hours(Changing):
    """`view` is the tab that is shown first."""

    ROOM: ClassVar[str] = "hours"
    AUTO_FOCUS = ""
    DEEDS: ClassVar[tuple[Action, ...]] = (SETTLE,)
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, EARLIER, LATER, SPAN, OUT, SETTLE, *_TABS.values())
    DEFAULT_CSS = """
    Hours #span { height: 1; }
    Hours.-tall #span { margin: 1 0; }
    Hours Flow { display: none; color: $text-muted; }
    Hours.-owed Flow { display: block; }
    Hours.-tall Flow { margin-bottom: 1; }
    Hours LongList { display: none; height: 1fr; }
    Hours LongList.-shown { display: block; }
    Hours Deeds { display: none; }
    Hours.-owed Deeds { display: block; }
    Hours.-tall Deeds { margin-top: 1; }
    """

    def __init__(self, view: str = PEOPLE, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.view = view if view in _TABS else PEOPLE
        self.kind = Period.MONTH
        self.back = 0
        self._looked: Looked | None = None
        self._owed: tuple[BalanceLine, ...] | None = None

    def body(self) -> ComposeResult:
        yield ViewTabs(self._views(), self.view)
        yield Line(id="span")
        yield Flow(t("hours.balance.explained"))
        for view in _TABS:
            empty = t("hours.balance.nothing") if view == BALANCES else t("hours.nothing")
            yield LongList(columns(view), empty=empty, lit=True, id=view)
        yield Deeds()

    def on_mount(self) -> None:
        super().on_mount()
        self._see(self.view)
        self.reread()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self._looked is not None:
            self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.ask(partial(look, kind=self.kind, back=self.back), self._show, latest="hours")
        if self.view == BALANCES:
            self.ask(owed, self._show_owed, latest="owed")

    @staticmethod
    def _views() -> tuple[View, ...]:
        return tuple(
            View(view, shown_key(made.current_keys[0]), t(f"hours.tab.{view}"))
            for view, made in _TABS.items()
        )

    @property
    def looked(self) -> Looked:
        """What is shown; actions wait until it is read."""
        return known(self._looked)

    @property
    def shown(self) -> LongList:
        """The list on screen."""
        return self.query_one(f"#{self.view}", LongList)

    # What is shown

    def _show(self, looked: Looked) -> None:
        self._looked = looked
        for view in (PEOPLE, TEAMS, MONTHS):
            self.query_one(f"#{view}", LongList).show(rows(view, looked.hours), keep=True)
        self._tell_span()
        self.refresh_keys()

    def _show_owed(self, lines: tuple[BalanceLine, ...]) -> None:
        self._owed = lines
        self.query_one(f"#{BALANCES}", LongList).show(balance_rows(lines), keep=True)
        self._tell_span()
        self.refresh_keys()

    def _tell_span(self) -> None:
        line = self.query_one("#span", Line)
        if self.view == BALANCES:
            n = len(self._owed or ())
            line.show(
                joined((t("hours.balance.title"), "bold"), "  ", (t("hours.people_n", n=n), "$text-muted"))
            )
            return
        if self._looked is None:
            return
        given = self._looked.hours
        said = t(
            "hours.sum",
            n=len(given.people),
            spelled=words.spelled_text(given.total.minutes),
            decimal=words.decimal_text(given.total.minutes),
        )
        running = t(f"figures.running.{self.kind}") if given.last == self._looked.today else ""
        span = t("hours.span", first=given.first, last=given.last)
        later = "  →" if self.back else ""
        parts = (running, said)
        line.show(
            joined(
                ("←  ", "$text-muted"),
                (span, "bold"),
                (later, "$text-muted"),
                *((f"  {part}", "$text-muted") for part in parts if part),
            )
        )

    def _see(self, view: str) -> None:
        self.view = view
        self.query_one(ViewTabs).current = view
        self.set_class(view == BALANCES, "-owed")
        for one in _TABS:
            self.query_one(f"#{one}").set_class(one == view, "-shown")
        self.shown.focus()
        self._tell_span()
        if view == BALANCES:
            self.ask(owed, self._show_owed, latest="owed")
        self.refresh_keys()

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        self.flash("")
        self._open(event.row_id)

    async def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        await self.action_act(_TABS[event.view_id].id)

    # What can be done

    def why_not(self, action_id: str) -> str | None:
        if self._looked is None and action_id in {OPEN.id, OUT.id, EARLIER.id, LATER.id, SPAN.id, SETTLE.id}:
            return t("list.reading")
        reasons = {
            OPEN.id: t("hours.nothing_in_front") if self._front() in {None, TOTAL} else None,
            EARLIER.id: self._why_no_other(t("figures.no_earlier") if self.back >= _LONGEST_BACK else None),
            LATER.id: self._why_no_other(None if self.back else t("figures.no_later")),
            SPAN.id: self._why_no_other(None),
            SETTLE.id: None if self._looked is not None and self._looked.leads else t("hours.only_leaders"),
        }
        return reasons.get(action_id) or super().why_not(action_id)

    def _why_no_other(self, reason: str | None) -> str | None:
        """Return why no other days can be shown: what is owed is owed now."""
        return t("hours.balance.always_now") if self.view == BALANCES else reason

    def _front(self) -> str | None:
        return self.shown.highlighted if self.is_mounted else None

    def do_open(self) -> None:
        row_id = self._front()
        if row_id is not None:
            self._open(row_id)

    def _open(self, row_id: str) -> None:
        if row_id == TOTAL or self._looked is None:
            self.flash(t("hours.nothing_in_front"), Tone.WARN)
        elif self.view == BALANCES:
            self._open_balance(row_id)
        elif self.view == MONTHS:
            self._open_month(date.fromisoformat(row_id))
        else:
            self._open_entries(row_id)

    def _open_balance(self, row_id: str) -> None:
        from tui.screens.duty.hours_lines import HoursBalance

        name = next((line.person for line in self._owed or () if str(line.person_id) == row_id), "")
        self.app.push_screen(HoursBalance(UUID(row_id), name))

    def _open_month(self, month: date) -> None:
        today = self.looked.today
        self.kind = Period.MONTH
        self.back = (today.year - month.year) * 12 + today.month - month.month
        self._see(PEOPLE)
        self.reread()

    def _open_entries(self, row_id: str) -> None:
        from tui.screens.duty.hours_lines import HoursLines

        given = self.looked.hours
        row = self.shown.highlighted_row
        name = "" if row is None else str(row.cells[0])
        person = next((one.person_id for one in given.people if str(one.person_id) == row_id), None)
        names = {one.person_id: one.name for one in given.people if one.person_id is not None}
        self.app.push_screen(
            HoursLines(
                name,
                entries_of(self.view, row_id, given),
                (given.first, given.last),
                person_id=person if self.view == PEOPLE else None,
                names=names if self.view == TEAMS else None,
            )
        )

    def do_by_people(self) -> None:
        self._see(PEOPLE)

    def do_by_teams(self) -> None:
        self._see(TEAMS)

    def do_by_months(self) -> None:
        self._see(MONTHS)

    def do_by_balances(self) -> None:
        self._see(BALANCES)

    def do_earlier(self) -> None:
        self.back += 1
        self.reread()

    def do_later(self) -> None:
        self.back -= 1
        self.reread()

    def do_span(self) -> None:
        options = [Option(kind.value, t(f"figures.period.{kind}")) for kind in _SPANS]
        self.choose(t("hours.which_span"), options, self._turn_to, current=self.kind.value)

    def _turn_to(self, kind: str) -> None:
        self.kind, self.back = Period(kind), 0
        self.reread()

    def do_out(self) -> None:
        from tui.screens.duty.hours_out import offer_out

        given = self.looked.hours
        offer_out(self, given.first, given.last, self._person_in_front())

    def _person_in_front(self) -> tuple[UUID, str] | None:
        row = self.shown.highlighted_row
        found = {str(one.person_id): one.person_id for one in self.looked.hours.people}
        found |= {str(line.person_id): line.person_id for line in self._owed or ()}
        if self.view not in {PEOPLE, BALANCES} or row is None:
            return None
        person = found.get(row.id)
        return None if person is None else (person, str(row.cells[0]))

    # Settling

    def do_settle(self) -> None:
        self.ask(months, self._choose_month)

    def _choose_month(self, states: Sequence[MonthState]) -> None:
        options = [
            Option(
                state.month.isoformat(),
                words.month_word(state.month),
                t("hours.settle.again" if state.settled else "hours.settle.open"),
                reason=None
                if state.waits is None
                else t("hours.settle.waits", at=f"{state.waits:%m-%d %H:%M}"),
            )
            for state in states
        ]
        ready = next((state.month.isoformat() for state in states if state.waits is None), None)
        self.choose(t("hours.settle.which"), options, self._settle, current=ready)

    def _settle(self, chosen: str) -> None:
        month = date.fromisoformat(chosen)
        self.ask(partial(settling, month=month), partial(self._settle_with, month))

    def _settle_with(self, month: date, intents: list[Intent]) -> None:
        if not intents:
            self.flash(t("hours.settle.nobody", of=words.month_word(month)), Tone.WARN)
            return
        self._see(BALANCES)
        self.change(intents, t("hours.settle.done", of=words.month_word(month)))
