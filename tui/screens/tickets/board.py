"""What is not over, in a column for each state: what waits, who has it, what is stuck, what is done and not yet asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from textual.app import ComposeResult

from models.tickets.queries import Asked, TicketLine, View, count_tickets, page_tickets
from models.tickets.rules import State
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.changing import UNDO, Ledger
from tui.screens.tickets import deeds
from tui.screens.tickets.deeds import TicketDeeds
from tui.screens.tickets.filters import Filters
from tui.screens.tickets.marks import state_mark
from tui.screens.tickets.rows import peek
from tui.screens.tickets.words import ListClock, code_mark, hands_mark, when_mark, where_text
from tui.widgets import tabs
from tui.widgets.bars import KeyView
from tui.widgets.card_columns import LEAST, Card, CardColumns, Lane
from tui.widgets.deeds import Deeds
from tui.widgets.map_panel import MapPanel, PanelView
from tui.widgets.tabs import ViewTabs

PICK = action("tickets.pick", "enter")
LISTS = action("tickets.lists", "f3")
#: Cards that are read at a time.
_PART: Final = 60
#: The columns: what each is called after, and the states and the order of its cards.
_LANES: Final = {
    State.REPORTED: (View.OPEN, frozenset({State.REPORTED, State.REOPENED})),
    State.ACCEPTED: (View.OPEN, frozenset({State.ACCEPTED})),
    State.IN_PROGRESS: (View.OPEN, frozenset({State.IN_PROGRESS})),
    State.WAITING: (View.WAITING, frozenset({State.WAITING})),
    State.DONE: (View.CALL_BACK, frozenset({State.DONE})),
}


@dataclass(frozen=True, slots=True)
class Dealt:
    """Columns as they were read, the tickets behind their cards, and who acts."""

    lanes: tuple[Lane, ...]
    lines: dict[str, TicketLine]
    me: UUID | None


class TicketsBoard(TicketDeeds):
    """The columns. `filters` are those of the lists it was opened from."""

    ROOM: ClassVar[str] = "tickets_board"
    AUTO_FOCUS = "CardColumns"
    DEEDS: ClassVar[tuple[Action, ...]] = deeds.DEEDS
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, deeds.REPORT, LISTS, deeds.FILTER, *deeds.DEEDS)
    DEFAULT_CSS = """
    TicketsBoard.-tall ViewTabs { margin-bottom: 1; }
    TicketsBoard #beneath { height: 3; padding: 0 1; background: $surface; }
    TicketsBoard.-tall Deeds { margin-top: 1; }
    """

    def __init__(self, filters: Filters | None = None, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.filters = filters or Filters()
        self._lines: dict[str, TicketLine] = {}

    @property
    def heading(self) -> str:
        return " · ".join((super().heading, *self.filters.words()))

    def body(self) -> ComposeResult:
        yield ViewTabs(id="lanes")
        yield CardColumns([Lane(state.value, state_mark(state)) for state in _LANES], id="cards")
        yield MapPanel(id="beneath")
        yield Deeds()

    def on_screen_resume(self) -> None:
        self.reread()

    def news(self) -> None:
        self.reread()

    def reread(self) -> None:
        starts = {lane.id: lane.start for lane in self.query_one(CardColumns).lanes}
        self.read(partial(deal, filters=self.filters, starts=starts), self._show, latest="lanes")

    def _show(self, dealt: Dealt) -> None:
        self.me = dealt.me
        self._lines = dealt.lines
        self.query_one(CardColumns).show(dealt.lanes)
        self._show_tabs()

    def _show_tabs(self) -> None:
        """Name all columns above, where there is no room for all of them beside each other."""
        columns = self.query_one(CardColumns)
        above = self.query_one(ViewTabs)
        above.display = self.size.width < len(_LANES) * (LEAST + 2)
        above.views = tuple(
            tabs.View(lane.id, "", lane.title.word, str(lane.count or "")) for lane in columns.lanes
        )
        above.current = columns.lane.id

    def on_resize(self) -> None:
        self._show_tabs()

    def narrow(self, filters: Filters) -> None:
        self.filters = filters
        self.reread()
        self.refresh_frame()

    @property
    def line(self) -> TicketLine | None:
        if not self.is_mounted or (card_id := self.query_one(CardColumns).highlighted) is None:
            return None
        return self._lines.get(card_id)

    # What the columns say

    def on_card_columns_highlighted(self, event: CardColumns.Highlighted) -> None:
        self._show_tabs()
        self.refresh_keys()
        if event.card_id is None:
            self._show_strip(None)
        else:
            self.read(
                partial(peek, ticket_id=UUID(event.card_id), told=False), self._show_strip, latest="panel"
            )

    def _show_strip(self, view: PanelView | None) -> None:
        self.query_one(MapPanel).view = view

    def on_card_columns_wanted(self, event: CardColumns.Wanted) -> None:
        question = partial(deal_one, filters=self.filters, state=State(event.lane_id), start=event.offset)
        self.read(question, self._fill, latest=f"lane:{event.lane_id}")

    def _fill(self, dealt: Dealt) -> None:
        self._lines.update(dealt.lines)
        self.query_one(CardColumns).fill(dealt.lanes[0])

    async def on_card_columns_picked(self) -> None:
        await self.action_act(PICK.id)

    def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        self.query_one(CardColumns).go_to(event.view_id)

    # Actions

    def why_not(self, action_id: str) -> str | None:
        if action_id == PICK.id and self.line is None:
            return t("tickets.nothing_in_front")
        return super().why_not(action_id)

    def key_views(self) -> tuple[KeyView, ...]:
        # Undo is named where something was done; the lists have no room for it either.
        return tuple(view for view in super().key_views() if view.action_id != UNDO.id)

    def do_pick(self) -> None:
        from tui.screens.tickets.page import TicketPage

        line = self.line
        if line is not None:
            self.app.push_screen(TicketPage(line.id))

    def do_out(self) -> None:
        from tui.screens.tickets.out import Shown, offer_out

        offer_out(self, Shown(self.filters, View.OPEN, "", self.line))

    def do_lists(self) -> None:
        """Go back to the lists, or on to them when the board was opened by itself."""
        from tui.screens.tickets.room import TicketsScreen

        beneath = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        if isinstance(beneath, TicketsScreen):
            beneath.narrow(self.filters)
            self.dismiss()
        else:
            self.app.switch_screen(self.linli.make_room("tickets"))


def deal(desk: Desk, filters: Filters, starts: dict[str, int]) -> Dealt:
    """Read each column from where it was read before."""
    parts = [deal_one(desk, filters, state, starts.get(state.value, 0)) for state in _LANES]
    lines = {card_id: line for part in parts for card_id, line in part.lines.items()}
    return Dealt(tuple(lane for part in parts for lane in part.lanes), lines, desk.seat.person_id)


def deal_one(desk: Desk, filters: Filters, state: State, start: int) -> Dealt:
    """Read a part of a column; its cost follows the part, and the count what is open."""
    view, states = _LANES[state]
    asked = replace(filters.asked(desk, view), states=states)
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        count = count_tickets(session, compound_id, asked)
        start = max(0, min(start, count - _PART))
        lines = page_tickets(session, compound_id, asked, offset=start, limit=_PART)
    cards = _cards(desk, lines, asked)
    lane = Lane(state.value, state_mark(state), count, start, cards)
    return Dealt((lane,), {str(line.id): line for line in lines}, desk.seat.person_id)


def _cards(desk: Desk, lines: Sequence[TicketLine], asked: Asked) -> tuple[Card, ...]:
    clock = ListClock(asked.now, ZoneInfo(desk.seat.zone))
    return tuple(
        Card(
            str(line.id),
            code_mark(line),
            when_mark(line, clock),
            line.what,
            where_text(line),
            hands_mark(line),
        )
        for line in lines
    )
