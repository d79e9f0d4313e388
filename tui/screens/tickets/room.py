"""Tickets: the claim board, one's own, what is open, late, waiting, to be called back, over; a key claims the one in front."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Horizontal

from models.tickets.queries import TicketLine, View
from tui.actions import EXPORT, Action, action
from tui.i18n import t
from tui.screens.tabbed import ListWords, Tab, Tabbed, TabSearch
from tui.screens.tickets import deeds
from tui.screens.tickets.deeds import TicketDeeds
from tui.screens.tickets.filters import Filters
from tui.screens.tickets.rows import (
    REPEATS,
    Counts,
    SoughtTickets,
    columns_of,
    count_again,
    count_views,
    peek,
)
from tui.widgets import tabs
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.map_panel import MapPanel, PanelView
from tui.widgets.rows import Column
from tui.widgets.search import SearchBox
from tui.widgets.tabs import ViewTabs

PICK = action("tickets.pick", "enter")
BOARD = action("tickets.board", "f3")
NEXT = action("tickets.next_view", "right", "]", footer=False)
BEFORE = action("tickets.view_before", "left", "[", footer=False)
FIND = action("tickets.find", "/", footer=False)
#: The letters are for who knows them: the arrows go from tab to tab.
_SHOWN: dict[str, Action] = {
    View.BOARD: action("tickets.show_board", "b", footer=False),
    View.MINE: action("tickets.show_mine", "m", footer=False),
    View.OPEN: action("tickets.show_open", "o", footer=False),
    View.OVERDUE: action("tickets.show_overdue", "d", footer=False),
    View.WAITING: action("tickets.show_waiting", "w", footer=False),
    REPEATS: action("tickets.show_repeats", "r", footer=False),
    View.CALL_BACK: action("tickets.show_call_back", "c", footer=False),
    View.ENDED: action("tickets.show_ended", "e", footer=False),
    View.ALL: action("tickets.show_all", "a", footer=False),
}


class TicketsScreen(Tabbed, TicketDeeds):
    """The lists. `view` is the one to begin with; a household, a point, a person or a building narrows all of them.

    `title` names what they are narrowed to.
    """

    ROOM: ClassVar[str] = "tickets"
    PICK: ClassVar[Action] = PICK
    AUTO_FOCUS = ""
    TABS: ClassVar[tuple[Tab, ...]] = tuple(
        Tab(str(view), made, f"tickets.view.{view}", f"tickets.empty.{view}") for view, made in _SHOWN.items()
    )
    WORDS: ClassVar[ListWords] = ListWords(
        hint="tickets.find_hint",
        found_nothing="tickets.found_nothing",
        nothing_to_open="tickets.nothing_in_front",
    )
    DEEDS: ClassVar[tuple[Action, ...]] = deeds.DEEDS
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        PICK, deeds.REPORT, BOARD, deeds.FILTER, *deeds.DEEDS, NEXT, BEFORE, *_SHOWN.values(), FIND, EXPORT,
    )  # fmt: skip
    DEFAULT_CSS = """
    TicketsScreen #lists { height: 1fr; }
    TicketsScreen #beside { display: none; width: 34; padding: 0 0 0 1; border-left: solid $border-blurred; }
    TicketsScreen #beneath { height: 3; padding: 0 1; background: $surface; }
    TicketsScreen.-wide #beside { display: block; }
    TicketsScreen.-wide #beneath { display: none; }
    TicketsScreen.-short #find { margin-bottom: 0; }
    TicketsScreen.-tall Deeds { margin-top: 1; }
    """

    def __init__(
        self,
        view: str = "",
        *,
        building_id: UUID | None = None,
        household_id: UUID | None = None,
        point_id: UUID | None = None,
        person_id: UUID | None = None,
        title: str = "",
    ) -> None:
        placed = household_id or point_id or person_id or building_id
        super().__init__(view or (View.ALL.value if placed else View.BOARD.value))
        self.filters = Filters(
            building_id=building_id,
            household_id=household_id,
            point_id=point_id,
            about_id=person_id,
            of=title,
        )
        self._rows: SoughtTickets | None = None

    @property
    def heading(self) -> str:
        return " · ".join((super().heading, *self.filters.words()))

    # What is shown

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

    def _views(self) -> tuple[tabs.View, ...]:
        """Return the tabs without keys: there are more of them than digits to spare."""
        counts = self._counts or {}
        return tuple(tabs.View(tab.id, "", t(tab.label), str(counts.get(tab.id) or "")) for tab in self.TABS)

    def list_columns(self, view: str) -> Sequence[Column]:
        return columns_of(view)

    def list_rows(self, view: str, text: str) -> SoughtTickets:
        self._rows = SoughtTickets(view, text, self.filters)
        return self._rows

    def ask_counts(self) -> None:
        self.read(partial(count_views, filters=self.filters), self._take_counts, latest="counts")
        # Looks at a month of tickets, and so comes behind what people look at first.
        self.read(partial(count_again, filters=self.filters), self.show_counts, latest="again")

    def _take_counts(self, counts: Counts) -> None:
        self.me = counts.me
        self.show_counts(counts.of)

    def open_row(self, row_id: str) -> None:
        from tui.screens.tickets.page import TicketPage

        self.app.push_screen(TicketPage(UUID(row_id)))

    @property
    def line(self) -> TicketLine | None:
        if not self.is_mounted or self._rows is None or (row_id := self.shown.highlighted) is None:
            return None
        return self._rows.known.get(row_id)

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()
        if (row_id := self.shown.highlighted) is not None:
            told = self.has_class("-wide")
            self.read(partial(peek, ticket_id=UUID(row_id), told=told), self._show_panel, latest="panel")

    def on_long_list_emptied(self) -> None:
        self.refresh_keys()
        self._show_panel(None)

    def on_search_box_entered(self, event: SearchBox.Entered) -> None:
        """Look among all tickets for what the list in front does not have: whoever types a code wants that ticket."""
        if self.sought and self.shown.count == 0 and self.view != View.ALL:
            event.prevent_default()
            self.switch(View.ALL.value)

    def on_resize(self) -> None:
        self.on_long_list_highlighted()

    def _show_panel(self, view: PanelView | None) -> None:
        if self.shown.highlighted is None:
            view = None
        for panel in self.query(MapPanel):
            panel.view = view

    def narrow(self, filters: Filters) -> None:
        self.filters = filters
        self._fill()
        self.ask_counts()
        self.refresh_frame()

    def switch(self, view: str) -> None:
        super().switch(view)
        self._show_panel(None)
        self.on_long_list_highlighted()

    # Actions

    def do_show_board(self) -> None:
        self.switch(View.BOARD.value)

    def do_show_mine(self) -> None:
        self.switch(View.MINE.value)

    def do_show_open(self) -> None:
        self.switch(View.OPEN.value)

    def do_show_overdue(self) -> None:
        self.switch(View.OVERDUE.value)

    def do_show_waiting(self) -> None:
        self.switch(View.WAITING.value)

    def do_show_repeats(self) -> None:
        self.switch(REPEATS)

    def do_show_call_back(self) -> None:
        self.switch(View.CALL_BACK.value)

    def do_show_ended(self) -> None:
        self.switch(View.ENDED.value)

    def do_show_all(self) -> None:
        self.switch(View.ALL.value)

    def do_next_view(self) -> None:
        self._step(1)

    def do_view_before(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        ids = [tab.id for tab in self.TABS]
        self.switch(ids[(ids.index(self.view) + by) % len(ids)])

    def do_board(self) -> None:
        from tui.screens.tickets.board import TicketsBoard

        self.app.push_screen(TicketsBoard(self.filters, self.ledger))

    def do_out(self) -> None:
        from tui.screens.tickets.out import Shown, offer_out

        offer_out(self, Shown(self.filters, self.view, self.sought, self.line))

    def do_export(self) -> None:
        self.do_out()
