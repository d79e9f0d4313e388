"""Billing: choose a period and who is meant, look at every line and everything odd, then issue what is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final
from uuid import UUID

from textual.app import ComposeResult

from models.fees.billing import Oddity, RunLine
from models.fees.periods import Cycle
from models.operations.perform import Outcome
from tui.actions import Action, action, shown_key
from tui.desk import Desk
from tui.fee_billing_words import nothing_text, odd_counts, odd_text, summary
from tui.fee_sums import sum_lines
from tui.fee_words import cycle_word, span_text, sum_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.changing import Ledger
from tui.screens.fees import billing_store as store
from tui.screens.fees.billing_rows import LINES, ODD, RUNS, columns, in_order, line_row, odd_row, run_cells
from tui.screens.fees.billing_scope import Narrowing
from tui.screens.fees.billing_store import Drawn, Scope
from tui.widgets.bars import KeyView
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import Fetched, RowView
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line, joined

OPEN = action("billing.open", "enter")
ISSUE = action("billing.issue", "f2", "ctrl+s")
PERIOD = action("billing.period", "f3")
SCOPE = action("billing.scope", "f4")
EARLIER = action("billing.earlier", "left", "[", footer=False)
LATER = action("billing.later", "right", "]", footer=False)
LEAVE = action("billing.leave", "4", "space", footer=False)
LEAVE_ODD = action("billing.leave_odd", "5", footer=False)
ALL_IN = action("billing.all_in", "6", footer=False)
_TABS: Final = {
    ODD: action("billing.by_odd", "1", footer=False),
    LINES: action("billing.by_lines", "2", footer=False),
    RUNS: action("billing.by_runs", "3", footer=False),
}
_OWN: Final = frozenset(made.id for made in (ISSUE, PERIOD, SCOPE, EARLIER, LATER, LEAVE, LEAVE_ODD, ALL_IN))


class Billing(Narrowing):
    """Nothing of what is shown is in the store until it is issued, and then exactly what is shown."""

    ROOM: ClassVar[str] = "billing"
    AUTO_FOCUS = ""
    DEEDS: ClassVar[tuple[Action, ...]] = (LEAVE, LEAVE_ODD, ALL_IN)
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *(ISSUE, OPEN, PERIOD, SCOPE, EARLIER, LATER, LEAVE, LEAVE_ODD, ALL_IN),
        *_TABS.values(),
    )
    DEFAULT_CSS = """
    Billing #scope, Billing #sum, Billing #counts { height: 1; }
    Billing #sum { text-style: bold; }
    Billing #counts { color: $text-warning; }
    Billing.-tall #counts { margin-bottom: 1; }
    Billing LongList { display: none; height: 1fr; }
    Billing LongList.-shown { display: block; }
    Billing #how { height: 3; color: $text-muted; }
    Billing.-tall #how { height: 5; margin-top: 1; }
    """

    def __init__(self, scope: Scope | None = None, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.view = ODD
        self._scope = scope
        self._drawn: Drawn | None = None
        self._oddities: tuple[Oddity, ...] = ()
        self._left: set[str] = set()
        self._issuing = False

    def body(self) -> ComposeResult:
        yield Line(id="scope")
        yield Line(id="sum")
        yield Line(id="counts")
        yield ViewTabs(self._views(), self.view)
        for view in _TABS:
            yield LongList(columns(view), empty=t(f"billing.empty.{view}"), lit=True, id=view)
        yield Line(id="how")
        yield Deeds()

    def on_mount(self) -> None:
        super().on_mount()
        self._see(self.view)
        self.reread()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self._drawn is not None:
            self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        self.read(partial(store.draw, scope=self._scope), self._show, latest="billing")
        self._show_runs(keep=True)

    def _show_runs(self, *, keep: bool) -> None:
        runs = self.query_one(f"#{RUNS}", LongList)
        runs.show(self.source(store.read_run_count, _run_page), keep=keep)

    @property
    def drawn(self) -> Drawn:
        """What is shown; actions wait until it is read."""
        return known(self._drawn)

    @property
    def shown(self) -> LongList:
        """The list on screen."""
        return self.query_one(f"#{self.view}", LongList)

    @property
    def chosen(self) -> tuple[RunLine, ...]:
        """The lines that would be issued."""
        return tuple(line for line in self.drawn.run.lines if line.key not in self._left)

    # What is shown

    def _show(self, drawn: Drawn) -> None:
        first = self._drawn is None
        self._drawn, self._scope = drawn, drawn.scope
        self._oddities = in_order(drawn.run.oddities)
        self._left &= {line.key for line in drawn.run.lines}
        self._fill()
        if first and not any(one.code != "billed" for one in self._oddities):
            self._see(LINES if drawn.run.lines else RUNS)

    def _fill(self) -> None:
        run, scope = self.drawn.run, self.drawn.scope
        who = scope.name or t("billing.scope.all")
        self.query_one("#scope", Line).show(
            joined((f"← {span_text(scope.period.first, scope.period.end)} →", "bold $accent"), f"   {who}")
        )
        self.query_one("#sum", Line).show(
            summary(run, self.chosen) if run.lines else nothing_text(run, self.drawn.items)
        )
        self.query_one("#counts", Line).show("   ".join(odd_counts(run)))
        lines, left_out = run.lines, frozenset(self._left)
        self.query_one(f"#{ODD}", LongList).show(
            _source(len(self._oddities), partial(_odd_page, self._oddities)), keep=True
        )
        self.query_one(f"#{LINES}", LongList).show(
            _source(len(lines), partial(_line_page, lines, left_out)), keep=True
        )
        self.query_one(ViewTabs).views = self._views()
        self._show_how()
        self.refresh_keys()

    def _views(self) -> tuple[View, ...]:
        drawn = self._drawn
        counts = (
            {} if drawn is None else {ODD: len(self._oddities), LINES: len(drawn.run.lines), RUNS: drawn.runs}
        )
        return tuple(
            View(view, shown_key(made.current_keys[0]), t(f"billing.tab.{view}"), str(counts.get(view, "")))
            for view, made in _TABS.items()
        )

    def _show_how(self) -> None:
        """Show beneath the list how the highlighted amount comes about, or what is to be done about what is odd."""
        line, one = self._line_in_front(), self._odd_in_front()
        told = [] if one is None else [odd_text(one)]
        if line is not None:
            told = sum_lines(line.sums)
        self.query_one("#how", Line).show("\n".join(told))

    def _line_in_front(self) -> RunLine | None:
        if self._drawn is None or self.view != LINES:
            return None
        key = self.shown.highlighted
        return next((line for line in self.drawn.run.lines if line.key == key), None)

    def _odd_in_front(self) -> Oddity | None:
        row = self.shown.highlighted if self.view == ODD else None
        return self._oddities[int(row)] if row is not None and int(row) < len(self._oddities) else None

    def _see(self, view: str) -> None:
        self.view = view
        self.query_one(ViewTabs).current = view
        for name in _TABS:
            self.query_one(f"#{name}").set_class(name == view, "-shown")
        self.shown.focus()
        self._show_how()
        self.refresh_keys()

    def on_long_list_highlighted(self) -> None:
        self._show_how()
        self.refresh_keys()

    async def on_long_list_picked(self) -> None:
        await self.action_act(OPEN.id)

    async def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        await self.action_act(_TABS[event.view_id].id)

    # What can be done

    def why_not(self, action_id: str) -> str | None:
        if self._drawn is None and (action_id in _OWN or action_id == OPEN.id):
            return t("list.reading")
        lacking: dict[str, Callable[[], str | None]] = {
            ISSUE.id: self._why_not_issue,
            LEAVE.id: lambda: t("billing.no_line") if self._line_in_front() is None else None,
            LEAVE_ODD.id: lambda: None if any(line.odd for line in self.chosen) else t("billing.no_odd_line"),
            ALL_IN.id: lambda: None if self._left else t("billing.none_left_out"),
            OPEN.id: lambda: t(f"billing.empty.{self.view}") if self.shown.highlighted is None else None,
        }
        return lacking.get(action_id, partial(super().why_not, action_id))()

    def key_views(self) -> tuple[KeyView, ...]:
        """Return the keys; what Enter does to a line is no opening."""
        leave = t("action.billing.leave")
        return tuple(
            replace(view, label=leave) if view.action_id == OPEN.id and self.view == LINES else view
            for view in super().key_views()
        )

    def _why_not_issue(self) -> str | None:
        if self._scope != self.drawn.scope:  # turned on already; what is on screen is of another period
            return t("list.reading")
        if self._issuing:
            return t("register.saving")
        if not self.drawn.may:
            return t("billing.treasurers_only")
        if not self.drawn.run.lines:
            return t("billing.nothing")
        return None if self.chosen else t("billing.all_left_out")

    def do_by_odd(self) -> None:
        self._see(ODD)

    def do_by_lines(self) -> None:
        self._see(LINES)

    def do_by_runs(self) -> None:
        self._see(RUNS)

    def do_open(self) -> None:
        """Leave a line out or take it in; go from what is odd to what it is about; open a run."""
        if self.view == LINES:
            self.do_leave()
        elif self.view == RUNS:
            from tui.screens.fees.billing_run import BillingRun

            self.app.push_screen(BillingRun(UUID(known(self.shown.highlighted)), self.ledger))
        else:
            self._follow(known(self._odd_in_front()))

    def _follow(self, one: Oddity) -> None:
        places = enumerate(self.drawn.run.lines)
        at = next(
            (
                place
                for place, line in places
                if (line.place.household_id, line.place.item_id, line.since)
                == (one.household_id, one.item_id, one.since)
            ),
            None,
        )
        if at is not None:
            self._see(LINES)
            self.shown.move_to(at)
        elif one.household_id is not None and one.code in {"no_area", "no_indoor_area"}:
            from tui.screens.register.household import HouseholdScreen

            self.app.push_screen(HouseholdScreen(one.household_id, self.ledger))
        elif one.code != "billed" and "charges" in self.linli.rooms:
            self.linli.enter("charges")
        else:
            self.flash(odd_text(one))

    # Leaving lines out

    def do_leave(self) -> None:
        line = known(self._line_in_front())
        self._left ^= {line.key}
        self._fill()

    def do_leave_odd(self) -> None:
        odd = {line.key for line in self.chosen if line.odd}
        self._left |= odd
        self._fill()
        self.flash(t("billing.odd_left_out", n=len(odd)))

    def do_all_in(self) -> None:
        self._left.clear()
        self._fill()

    # Period and scope

    def do_earlier(self) -> None:
        self._turn((self._scope or self.drawn.scope).moved(-1))

    def do_later(self) -> None:
        self._turn((self._scope or self.drawn.scope).moved(1))

    def _turn(self, scope: Scope) -> None:
        self._scope = scope
        self._left.clear()
        self.reread()

    def do_period(self) -> None:
        today, scope = self.drawn.today, self.drawn.scope
        options = [
            Option(cycle.value, cycle_word(cycle), span_text(one.period.first, one.period.end))
            for cycle in Cycle
            for one in [scope.of(cycle, today)]
        ]
        self.choose(
            t("billing.period_which"),
            options,
            lambda chosen: self._turn(scope.of(Cycle(chosen), today)),
            current=scope.cycle.value,
        )

    def do_scope(self) -> None:
        self.choose_scope(self.drawn.scope, self._turn)

    # Issuing

    def do_issue(self) -> None:
        """Issue what is shown, line for line; what somebody has billed meanwhile is left as it is."""
        lines, run = self.chosen, self.drawn.run
        fen = sum_text(sum(line.amount_fen for line in lines))
        said = t("billing.issued", n=len(lines), fen=fen, period=span_text(run.period.first, run.period.end))
        self._issuing = True

        def issued(outcome: Outcome) -> None:
            self._issuing = False
            if self.note_change(outcome, said):
                self._left.clear()
                self._show_runs(keep=False)
                self._see(RUNS)

        self.tell(partial(store.issue, run=run, lines=lines), issued, failed=self._not_issued)

    def _not_issued(self, _error: Exception) -> None:
        self._issuing = False


def _source(count: int, page: Callable[[int, int], Sequence[RowView]]) -> Fetched:
    return Fetched(lambda: count, page)


def _odd_page(oddities: Sequence[Oddity], offset: int, limit: int) -> list[RowView]:
    return [odd_row(offset + at, one) for at, one in enumerate(oddities[offset : offset + limit])]


def _line_page(lines: Sequence[RunLine], left_out: frozenset[str], offset: int, limit: int) -> list[RowView]:
    return [line_row(line, left_out) for line in lines[offset : offset + limit]]


def _run_page(desk: Desk, offset: int, limit: int) -> list[RowView]:
    return [run_cells(run) for run in store.read_runs(desk, offset, limit)]
