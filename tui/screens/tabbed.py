"""Several long lists behind one search line, one of them shown: what every room of tabs stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from textual.app import ComposeResult

from tui.actions import Action, shown_key
from tui.desk import Desk
from tui.i18n import t
from tui.screens.changing import UNDO, Changing, Ledger
from tui.widgets.bars import KeyView
from tui.widgets.long_list import LongList
from tui.widgets.rows import Column, RowView
from tui.widgets.search import SearchBox, folded
from tui.widgets.tabs import View, ViewTabs


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: what it is called in code, the action that opens it, and its texts as keys of the catalogue.

    `label` is its name; `empty` is what its list says while there is nothing in it. A
    tab without `empty` is a door: it has a count but no list, and its action opens another screen.
    """

    id: str
    action: Action
    label: str
    empty: str = ""


@dataclass(frozen=True, slots=True)
class ListWords:
    """What all lists of a room say, as keys of the catalogue; `found_nothing` takes the text that was sought."""

    hint: str
    found_nothing: str
    nothing_to_open: str
    archived_shown: str = ""
    archived_hidden: str = ""


class DeskRows(Protocol):
    """The rows of one search, read by pages in worker threads."""

    def count(self, desk: Desk) -> int:
        """Return how many rows there are."""

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        """Return at most `limit` rows from `offset` on."""


class TabSearch(SearchBox):
    """The search line of several lists, of which one is shown."""

    def aim(self, target: str) -> None:
        self._target = target


class Tabbed(Changing):
    """A room of tabs. What is sought is sought in each of them, and each stays at its row.

    A room sets TABS in their order, WORDS, and PICK, the action that opens the
    highlighted row; lists these in ACTIONS; and has a method for each tab's
    action: `self.switch(ITS_ID)`, or, for a door, what it leads to. It says what a
    list holds (`list_columns`, `list_rows`), asks how much each tab holds
    (`ask_counts`, answered by `show_counts`) and opens a row (`open_row`).

    An action whose verb is `find` or `show_archived` needs no method; a room with
    the latter reads `archived` in `list_rows`. `why_not` of a room ends in
    `super().why_not(action_id)`. `register.py` and `points.py` are such rooms.
    """

    AUTO_FOCUS = "#find"
    TABS: ClassVar[tuple[Tab, ...]]
    WORDS: ClassVar[ListWords]
    PICK: ClassVar[Action]
    DEFAULT_CSS = """
    Tabbed ViewTabs { margin-bottom: 1; }
    Tabbed.-short ViewTabs { margin-bottom: 0; }
    Tabbed #find { margin-bottom: 1; }
    Tabbed LongList { display: none; }
    Tabbed LongList.-shown { display: block; }
    """

    def __init__(self, view: str = "", ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.view = view or self.TABS[0].id
        self.archived = False
        self._text = ""
        self._counts: Mapping[str, int] | None = None
        #: What each list was last filled for: while that holds, a tab is found as it was left.
        self._filled: dict[str, tuple[str, bool]] = {}

    # What a room says

    def list_columns(self, view: str) -> Sequence[Column]:
        """Return the columns of a tab's list."""
        raise NotImplementedError

    def list_rows(self, view: str, text: str) -> DeskRows:
        """Return the rows of a tab that hold `text`, which is folded; all of them if it is empty."""
        raise NotImplementedError

    def ask_counts(self) -> None:
        """Ask how much each tab holds, and hand it to `show_counts`; in parts, if some takes long."""
        raise NotImplementedError

    def open_row(self, row_id: str) -> None:
        """Open the row of that id in the list that is shown."""
        raise NotImplementedError

    # What is shown

    def body(self) -> ComposeResult:
        yield ViewTabs(self._views(), self.view)
        yield TabSearch(f"#{self.view}", hint=t(self.WORDS.hint), id="find")
        for tab in self._lists:
            yield LongList(self.list_columns(tab.id), lit=True, id=tab.id)

    def on_mount(self) -> None:
        self._show_view()
        self.ask_counts()

    def on_screen_resume(self) -> None:
        self.news()

    def news(self) -> None:
        if self._counts is not None:  # before that the first questions are still on their way
            self.reread()

    def reread(self) -> None:
        self._fill(keep=True)
        self.ask_counts()

    @property
    def shown(self) -> LongList:
        """The list on screen."""
        return self.query_one(f"#{self.view}", LongList)

    @property
    def sought(self) -> str:
        """What is looked for, folded."""
        return self._text

    @property
    def typed(self) -> str:
        """What stands in the search line, as it was typed."""
        return self.query_one(TabSearch).value.strip()

    @property
    def _lists(self) -> tuple[Tab, ...]:
        return tuple(tab for tab in self.TABS if tab.empty)

    def _views(self) -> tuple[View, ...]:
        counts = self._counts or {}
        return tuple(
            View(tab.id, shown_key(tab.action.current_keys[0]), t(tab.label), str(counts.get(tab.id, "")))
            for tab in self.TABS
        )

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show how much the tabs of these ids hold; what is known of others stays."""
        self._counts = {**(self._counts or {}), **counts}
        self.query_one(ViewTabs).views = self._views()

    def _show_view(self) -> None:
        self.query_one(ViewTabs).current = self.view
        self.query_one(TabSearch).aim(f"#{self.view}")
        for tab in self._lists:
            self.query_one(f"#{tab.id}").set_class(tab.id == self.view, "-shown")
        self._fill(keep=self._filled.get(self.view) == (self._text, self.archived))

    def _fill(self, *, keep: bool = False) -> None:
        text, shown = self._text, self.shown
        empty = next(tab.empty for tab in self.TABS if tab.id == self.view)
        shown.empty = t(self.WORDS.found_nothing, text=text) if text else t(empty)
        rows = self.list_rows(self.view, text)
        shown.show(self.source(rows.count, rows.page), keep=keep)
        self._filled[self.view] = (text, self.archived)

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        if event.text != self._text:
            self._text = event.text
            self._fill()

    async def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        await self.action_act(next(tab.action.id for tab in self.TABS if tab.id == event.view_id))

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    async def on_long_list_picked(self, event: LongList.Picked) -> None:
        self.flash("")
        self.open_row(event.row_id)

    # Actions

    def why_not(self, action_id: str) -> str | None:
        if action_id == self.PICK.id and self.is_mounted and self.shown.highlighted is None:
            return t(self.WORDS.nothing_to_open)
        return super().why_not(action_id)

    def key_views(self) -> tuple[KeyView, ...]:
        # Letters go into the search line here: undo has its place on the cards, and Ctrl+Z works all the same.
        return tuple(view for view in super().key_views() if view.action_id != UNDO.id)

    def switch(self, view: str) -> None:
        """Show the list of a tab."""
        had_list = self.shown.has_focus
        self.view = view
        self._show_view()
        if had_list:
            self.shown.focus()
        self.refresh_keys()

    def look_for(self, view: str, text: str) -> None:
        """Show the list of a tab with `text` in the search line, where it can be taken away again."""
        self.view = view
        self._text = folded(text)
        search = self.query_one(TabSearch)
        search.value = text
        search.cursor_position = len(text)
        self._show_view()
        search.focus()
        self.refresh_keys()

    def do_pick(self) -> None:
        self.shown.action_pick()

    def do_find(self) -> None:
        self.query_one(TabSearch).focus()

    def do_show_archived(self) -> None:
        self.archived = not self.archived
        self._fill()
        self.flash(t(self.WORDS.archived_shown if self.archived else self.WORDS.archived_hidden))
