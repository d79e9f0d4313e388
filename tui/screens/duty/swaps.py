"""Requests and gaps: what is asked of me, what anybody may take, what lacks hands, and places given away twice."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Horizontal

from models.duty.disputes import Dispute
from models.duty.queries import ShiftLine
from models.duty.queries_swaps import SwapLine
from models.operations.envelope import Intent
from tui import edge
from tui.actions import EXPORT, Action, action
from tui.duty_words import shift_title
from tui.i18n import t
from tui.screens.duty.swaps_panel import assign_options, peek
from tui.screens.duty.swaps_rows import (
    ANSWERED,
    ASKED,
    CLASHES,
    COVERS,
    GAPS,
    TO_ME,
    Counts,
    Entry,
    SwapRows,
    columns_of,
    count_views,
)
from tui.screens.duty.swaps_words import wish_text
from tui.screens.tabbed import ListWords, Tab, Tabbed, TabSearch
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.map_panel import MapPanel, PanelView
from tui.widgets.picker import Option
from tui.widgets.rows import Column
from tui.widgets.tabs import View, ViewTabs

PICK = action("swaps.pick", "enter")
ACCEPT = action("swaps.accept", "1", footer=False)
DECLINE = action("swaps.decline", "2", footer=False)
ASSIGN = action("swaps.assign", "3", footer=False)
WITHDRAW = action("swaps.withdraw", "4", footer=False)
SETTLE = action("swaps.settle", "5", footer=False)
OUT = action("swaps.out", "f5")
NEXT = action("swaps.next_view", "right", "]", footer=False)
BEFORE = action("swaps.view_before", "left", "[", footer=False)
FIND = action("swaps.find", "/", footer=False)
_SHOWN: dict[str, Action] = {
    TO_ME: action("swaps.show_to_me", "m", footer=False),
    COVERS: action("swaps.show_covers", "c", footer=False),
    ASKED: action("swaps.show_asked", "a", footer=False),
    GAPS: action("swaps.show_gaps", "g", footer=False),
    CLASHES: action("swaps.show_clashes", "x", footer=False),
    ANSWERED: action("swaps.show_answered", "e", footer=False),
}
_DEEDS = frozenset({ACCEPT.id, DECLINE.id, ASSIGN.id, WITHDRAW.id, SETTLE.id})


class Swaps(Tabbed):
    """The lists. `view` is the one to begin with; else the first that holds something."""

    ROOM: ClassVar[str] = "swaps"
    PICK: ClassVar[Action] = PICK
    AUTO_FOCUS = ""
    TABS: ClassVar[tuple[Tab, ...]] = tuple(
        Tab(view, made, f"swaps.view.{view}", f"swaps.empty.{view}") for view, made in _SHOWN.items()
    )
    WORDS: ClassVar[ListWords] = ListWords(
        hint="swaps.find_hint",
        found_nothing="swaps.found_nothing",
        nothing_to_open="swaps.nothing_in_front",
    )
    DEEDS: ClassVar[tuple[Action, ...]] = (ACCEPT, DECLINE, ASSIGN, WITHDRAW, SETTLE)
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        PICK, OUT, *DEEDS, NEXT, BEFORE, *_SHOWN.values(), FIND, EXPORT,
    )  # fmt: skip
    DEFAULT_CSS = """
    Swaps #lists { height: 1fr; }
    Swaps #beside { display: none; width: 44; padding: 0 0 0 1; border-left: solid $border-blurred; }
    Swaps #beneath { height: 4; padding: 0 1; background: $surface; }
    Swaps.-wide #beside { display: block; }
    Swaps.-wide #beneath { display: none; }
    Swaps.-short #find { margin-bottom: 0; }
    Swaps.-tall Deeds { margin-top: 1; }
    """

    def __init__(self, view: str = "") -> None:
        super().__init__(view)
        self._chosen = bool(view)
        self._known: Counts | None = None
        self._rows: SwapRows | None = None

    def body(self) -> ComposeResult:
        yield ViewTabs(self._views(), self.view)
        yield TabSearch(f"#{self.view}", hint=t(self.WORDS.hint), id="find")
        with Horizontal(id="lists"):
            for tab in self._lists:
                yield LongList(self.list_columns(tab.id), lit=True, id=tab.id)
            yield MapPanel(id="beside")
        yield MapPanel(id="beneath")
        yield Deeds()

    def on_mount(self) -> None:
        self.shown.focus()

    def _views(self) -> tuple[View, ...]:
        counts = self._counts or {}
        return tuple(View(tab.id, "", t(tab.label), str(counts.get(tab.id) or "")) for tab in self.TABS)

    def list_columns(self, view: str) -> Sequence[Column]:
        return columns_of(view)

    def list_rows(self, view: str, text: str) -> SwapRows:
        # What is known of a row stays known while it is read again: a dialog closing must not shut the keys.
        before = {} if self._rows is None else self._rows.known
        self._rows = SwapRows(view, text, dict(before))
        return self._rows

    def ask_counts(self) -> None:
        self.read(count_views, self._take_counts, latest="counts")

    def _take_counts(self, counts: Counts) -> None:
        self._known = counts
        self.show_counts(counts.of)
        if not self._chosen:
            self._chosen = True
            self.switch(next((tab.id for tab in self.TABS if counts.of.get(tab.id)), TO_ME))
        self.refresh_keys()

    @property
    def front(self) -> Entry | None:
        """The entry in front, None before there is one."""
        if not self.is_mounted or self._rows is None or (row_id := self.shown.highlighted) is None:
            return None
        return self._rows.known.get(row_id)

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()
        one = self.front
        if one is not None:
            self.read(partial(peek, one=one, open_=self.view != ANSWERED), self._show_panel, latest="panel")

    def on_long_list_emptied(self) -> None:
        self.refresh_keys()
        self._show_panel(None)

    def on_resize(self) -> None:
        self.on_long_list_highlighted()

    def _show_panel(self, view: PanelView | None) -> None:
        if self.shown.highlighted is None:
            view = None
        for panel in self.query(MapPanel):
            panel.view = view

    def switch(self, view: str) -> None:
        super().switch(view)
        self._show_panel(None)
        self.on_long_list_highlighted()

    # What can be done

    def why_not(self, action_id: str) -> str | None:
        if action_id in _DEEDS:
            return self._why_not_deed(action_id)
        return super().why_not(action_id)

    def _why_not_deed(self, action_id: str) -> str | None:
        who, one = self._known, self.front
        if who is None or one is None:
            return t("register.reading" if who is None else "swaps.nothing_in_front")
        if not who.works:
            return t("my_shifts.no_role")
        settles = action_id == SETTLE.id
        if isinstance(one, Dispute):
            return None if settles else t("swaps.settle_it")
        if settles:
            return t("swaps.nothing_to_settle")
        return (
            self._why_not_gap(action_id, one, who)
            if isinstance(one, ShiftLine)
            else self._why_not_swap(action_id, one, who)
        )

    def _why_not_gap(self, action_id: str, line: ShiftLine, who: Counts) -> str | None:
        """Return why a shift that lacks somebody is not taken, or given to somebody."""
        if action_id == ASSIGN.id:
            return None if who.leads else t("swaps.committee_only")
        if action_id != ACCEPT.id:
            return t("swaps.no_request")
        on_it = any(one.person_id == who.me for one in line.people)
        return _first(
            (who.me is None, t("my_shifts.nobody")),
            (on_it, t("swaps.on_it")),
            (not line.missing, t("swaps.lacks_others")),
        )

    def _why_not_swap(self, action_id: str, line: SwapLine, who: Counts) -> str | None:
        """Return why a request is not answered by whoever acts."""
        own, over = line.asker_id == who.me, (self.view == ANSWERED, t("swaps.answered_already"))
        if action_id == WITHDRAW.id:
            return _first(over, (not own, t("swaps.asked_by_other", person=line.asker)))
        return _first(
            over,
            (action_id == ASSIGN.id, t("swaps.not_a_gap")),
            (own, t("swaps.yours")),
            (who.me is None, t("my_shifts.nobody")),
            (line.to_id is not None and line.to_id != who.me, t("swaps.asks_other", person=line.to)),
            (action_id == DECLINE.id and line.to_id is None, t("swaps.decline_open")),
        )

    def open_row(self, row_id: str) -> None:
        """Offer what can be done about an entry, each with the reason if it cannot."""
        one = None if self._rows is None else self._rows.known.get(row_id)
        if one is None:
            return
        if isinstance(one, Dispute):
            self.do_settle()
            return
        title = shift_title(one) if isinstance(one, ShiftLine) else wish_text(one)
        deeds = (ACCEPT, ASSIGN) if isinstance(one, ShiftLine) else (ACCEPT, DECLINE, WITHDRAW)
        self.choose(
            title,
            [Option(made.id, made.label, made.help, reason=self.why_not(made.id)) for made in deeds],
            self.action_act,
        )

    # Deeds

    def do_accept(self) -> None:
        """Say yes to a request, or take the place that is open."""
        one = self.front
        if isinstance(one, ShiftLine):
            payload: dict[str, Any] = {"id": str(edge.new_id()), "shift": str(one.id)}
            self.change([Intent("duty.take", payload)], t("my_shifts.taken", shift=shift_title(one)))
        elif isinstance(one, SwapLine):
            said = t("swaps.accepted", person=one.asker, wish=wish_text(one))
            self.change([Intent("swap.accept", {"swap": str(one.id)})], said)

    def do_decline(self) -> None:
        one = self.front
        if isinstance(one, SwapLine):
            said = t("swaps.declined", person=one.asker)
            self.change([Intent("swap.decline", {"swap": str(one.id)})], said)

    def do_withdraw(self) -> None:
        one = self.front
        if isinstance(one, SwapLine):
            said = t("my_shifts.withdrawn", shift=shift_title(one.mine))
            self.change([Intent("swap.withdraw", {"swap": str(one.id)})], said)

    def do_assign(self) -> None:
        one = self.front
        if isinstance(one, ShiftLine):
            self.ask(partial(assign_options, line=one), partial(self._choose_assigned, one))

    def _choose_assigned(self, line: ShiftLine, options: Sequence[Option]) -> None:
        names = {option.id: option.text for option in options}

        def assign(person: str) -> None:
            payload = {"id": str(edge.new_id()), "shift": str(line.id), "person": person}
            said = t("swaps.assigned", person=names[person], shift=shift_title(line))
            self.change([Intent("duty.assign", payload)], said)

        self.choose(t("swaps.who_takes", shift=shift_title(line)), options, assign)

    def do_settle(self) -> None:
        """Show the two beside each other; a key chooses."""
        from tui.screens.sync.conflict import ConflictScreen

        one = self.front
        if isinstance(one, Dispute):
            self.app.push_screen(ConflictScreen(UUID(str(one.conflict_id))))

    def do_out(self) -> None:
        from tui.screens.duty.swaps_out import chat_of, offer_chat

        self.ask(chat_of, partial(offer_chat, self))

    def do_export(self) -> None:
        self.do_out()

    # Tabs

    def do_show_to_me(self) -> None:
        self.switch(TO_ME)

    def do_show_covers(self) -> None:
        self.switch(COVERS)

    def do_show_asked(self) -> None:
        self.switch(ASKED)

    def do_show_gaps(self) -> None:
        self.switch(GAPS)

    def do_show_clashes(self) -> None:
        self.switch(CLASHES)

    def do_show_answered(self) -> None:
        self.switch(ANSWERED)

    def do_next_view(self) -> None:
        self._step(1)

    def do_view_before(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        ids = [tab.id for tab in self.TABS]
        self.switch(ids[(ids.index(self.view) + by) % len(ids)])


def _first(*reasons: tuple[bool, str]) -> str | None:
    """Return the first reason that applies."""
    return next((why for applies, why in reasons if applies), None)
