"""Reconcile: rows of bills, whose each probably is and why; the sure ones taken together, the others one by one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from models.fees.queries_rows import RowLine, Shelf
from models.fees.reconciling import Proposed
from tui.actions import EXPORT, Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.fees.reconcile_deeds import (
    ACCEPT,
    ALL,
    ASIDE,
    OTHER_DOOR,
    SAME_PAYMENT,
    SUSPENSE,
    TAKE_UP,
    RowDeeds,
)
from tui.screens.fees.reconcile_rows import (
    ShelfRows,
    Waiting,
    WaitingRows,
    columns_of,
    count_shelves,
    detail_text,
    line_text,
    shared_text,
)
from tui.screens.tabbed import DeskRows, ListWords, Tab, Tabbed, TabSearch
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import Column
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line

PICK = action("reconcile.pick", "enter")
FILE = action("reconcile.file", "f2", "insert")
OUT = action("reconcile.out", "f5")
FIND = action("reconcile.find", "/", footer=False)
NEXT = action("reconcile.next_view", "right", "]", footer=False)
BEFORE = action("reconcile.view_before", "left", "[", footer=False)
_SHOWN: dict[str, Action] = {
    Shelf.WAITING: action("reconcile.show_waiting", "w", footer=False),
    Shelf.DONE: action("reconcile.show_done", "d", footer=False),
    Shelf.ASIDE: action("reconcile.show_aside", "a", footer=False),
    Shelf.OTHER: action("reconcile.show_other", "o", footer=False),
}


class Reconcile(Tabbed, RowDeeds):
    """What waits, what was taken, what was set aside, and what never was a payment."""

    ROOM: ClassVar[str] = "reconcile"
    PICK: ClassVar[Action] = PICK
    AUTO_FOCUS = ""
    TABS: ClassVar[tuple[Tab, ...]] = tuple(
        Tab(view, made, f"action.{made.id}", f"reconcile.empty.{view}") for view, made in _SHOWN.items()
    )
    WORDS: ClassVar[ListWords] = ListWords(
        hint="reconcile.hint",
        found_nothing="reconcile.found_nothing",
        nothing_to_open="reconcile.nothing_in_front",
    )
    DEEDS: ClassVar[tuple[Action, ...]] = (ACCEPT, OTHER_DOOR, SAME_PAYMENT, SUSPENSE, ASIDE, TAKE_UP)
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        PICK, FILE, ALL, OUT, *DEEDS, NEXT, BEFORE, *_SHOWN.values(), FIND, EXPORT,
    )  # fmt: skip
    DEFAULT_CSS = """
    Reconcile #told { height: 1; color: $text-muted; }
    Reconcile #detail { height: 3; padding: 0 1; background: $surface; }
    Reconcile.-tall #detail { height: 5; }
    Reconcile.-short #find { margin-bottom: 0; }
    Reconcile.-tall Deeds { margin-top: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.waiting = Waiting()
        self._shelf: ShelfRows | None = None

    def body(self) -> ComposeResult:
        yield ViewTabs(self._views(), self.view)
        yield Line(id="told")
        yield TabSearch(f"#{self.view}", hint=t(self.WORDS.hint), id="find")
        for tab in self._lists:
            yield LongList(self.list_columns(tab.id), lit=True, id=tab.id)
        yield Line(id="detail")
        yield Deeds()

    def on_mount(self) -> None:
        self.shown.focus()

    def _views(self) -> tuple[View, ...]:
        counts = self._counts or {}
        return tuple(View(tab.id, "", t(tab.label), str(counts.get(tab.id, ""))) for tab in self.TABS)

    def list_columns(self, view: str) -> Sequence[Column]:
        return columns_of(view)

    def list_rows(self, view: str, text: str) -> DeskRows:
        if view == Shelf.WAITING:
            self._shelf = None
            return WaitingRows(self.waiting, text)
        before = {} if self._shelf is None or self._shelf.shelf != view else self._shelf.known
        self._shelf = ShelfRows(Shelf(view), text, dict(before))
        return self._shelf

    def ask_counts(self) -> None:
        waiting = self.waiting

        def count(desk: Desk) -> dict[str, int]:
            return {Shelf.WAITING.value: len(waiting.of(desk).rows), **count_shelves(desk)}

        self.read(count, self._take_counts, latest="counts")

    def _take_counts(self, counts: dict[str, int]) -> None:
        self.show_counts(counts)
        if self.seen is not None and not self.running:
            self.query_one("#told", Line).show(line_text(self.seen))
        self._show_detail()

    def reread(self) -> None:
        self.waiting = Waiting()
        super().reread()

    # What is in front

    @property
    def front(self) -> Proposed | RowLine | None:
        """The highlighted row, None before there is one."""
        if not self.is_mounted or (row_id := self.shown.highlighted) is None:
            return None
        if self._shelf is not None:
            return self._shelf.known.get(row_id)
        return None if self.seen is None else self.seen.by_id.get(row_id)

    def on_long_list_highlighted(self) -> None:
        self._show_detail()

    def on_long_list_emptied(self) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        self.query_one("#detail", Line).show(detail_text(self.front))
        self.refresh_keys()

    def switch(self, view: str) -> None:
        super().switch(view)
        self._show_detail()

    def open_row(self, row_id: str) -> None:
        """Offer what can be done with a row, each with the reason if it cannot."""
        del row_id
        if self.front is not None:
            options = [
                Option(made.id, made.label, made.help, reason=self.why_not(made.id)) for made in self.DEEDS
            ]
            self.choose(detail_text(self.front).partition("\n")[0], options, self.action_act)

    # Files, texts, tabs

    def do_file(self) -> None:
        from tui.screens.fees.reconcile_file import BillFile

        self.app.push_screen(BillFile())

    def do_out(self) -> None:
        from tui.screens.chat_text import offer_text

        waiting = self.waiting
        self.ask(lambda desk: shared_text(waiting.of(desk)), partial(offer_text, self, t("screen.reconcile")))

    def do_export(self) -> None:
        self.do_out()

    def do_show_waiting(self) -> None:
        self.switch(Shelf.WAITING)

    def do_show_done(self) -> None:
        self.switch(Shelf.DONE)

    def do_show_aside(self) -> None:
        self.switch(Shelf.ASIDE)

    def do_show_other(self) -> None:
        self.switch(Shelf.OTHER)

    def do_next_view(self) -> None:
        self._step(1)

    def do_view_before(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        ids = [tab.id for tab in self.TABS]
        self.switch(ids[(ids.index(self.view) + by) % len(ids)])
