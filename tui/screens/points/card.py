"""A point's card: its fields, what flows in and out, what drains there, what was seen, and what can be changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from uuid import UUID

from models.inspection import queries
from models.inspection.link_plans import turn_round
from models.inspection.queries import PointView
from models.inspection.queries_network import ConnectionLine, PipeLine
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui import edge
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.card import CardPage
from tui.screens.changing import Values
from tui.screens.points.base import NetworkBase, Works, perform_in_order
from tui.screens.points.card_rows import columns, facts_of, ties_of
from tui.screens.points.fields import pipe_fields, pipe_intents, point_fields, point_intents
from tui.screens.points.number import building_options
from tui.screens.points.words import WELLS, home_name, pipe_name, point_title
from tui.screens.register.words import archived_mark
from tui.screens.tickets.filters import Filters
from tui.screens.tickets.ties import REPORT_HERE, TICKETS_HERE, TicketsHere, tickets_here
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import Column
from tui.widgets.text import Tone

OPEN = action("points.open", "enter")
EDIT = action("points.edit", "1", footer=False)
LINK_HERE = action("points.link_here", "2", footer=False)
CONNECT = action("points.connect", "3", footer=False)
EDIT_PIPE = action("points.edit_pipe", "4", footer=False)
TURN = action("points.turn", "5", footer=False)
REMOVE = action("points.remove", "6", footer=False)
ARCHIVE = action("points.archive", "7", footer=False)
CHANGES = action("points.changes", "8", footer=False)


@dataclass(frozen=True, slots=True)
class Card:
    """A point with the buildings it may stand beside, and its tickets."""

    point: PointView
    buildings: tuple[Option, ...]
    tickets: TicketsHere


class PointScreen(CardPage, NetworkBase):
    """One point. `pipe_id` is the pipe to begin with."""

    ROOM: ClassVar[str] = "point"
    OPEN: ClassVar[Action] = OPEN
    DEEDS: ClassVar[tuple[Action, ...]] = (
        EDIT, LINK_HERE, CONNECT, EDIT_PIPE, TURN, REMOVE, ARCHIVE, CHANGES, REPORT_HERE, TICKETS_HERE,
    )  # fmt: skip
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN, *DEEDS)
    DEFAULT_CSS = """
    PointScreen #facts { max-height: 50%; }
    """

    def __init__(self, row_id: UUID, ledger: Works | None = None, *, pipe_id: UUID | None = None) -> None:
        super().__init__(row_id, ledger)
        self.view: Card | None = None
        self._first: str | None = None if pipe_id is None else f"pipe:{pipe_id}"

    @property
    def heading(self) -> str:
        if self.view is None:
            return super().heading
        point = self.view.point.point
        return f"{point_title(point)} {archived_mark()}" if point.archived else point_title(point)

    def tie_columns(self) -> Sequence[Column]:
        return columns()

    def no_ties(self) -> str:
        return t("points.no_ties")

    def reread(self) -> None:
        self.read(partial(look, point_id=self.row_id), self.show_view, latest="card")

    def show_view(self, view: Card | None) -> None:
        if view is None:
            self.flash(t("points.gone"), Tone.WARN)
            return
        chosen, before = self.highlighted, self.pipe
        self.view = view
        ties = [*ties_of(view.point), *view.tickets.rows()]
        rows = [row.id for row in ties]
        self.show_card((*facts_of(view.point), view.tickets.fact), ties)
        if self._first is not None and self._first in rows:
            self.query_one(LongList).move_to(rows.index(self._first))
        elif before is not None and chosen not in rows:
            self._follow(before, rows)
        self._first = None

    def _follow(self, gone: PipeLine, rows: Sequence[str]) -> None:
        """Stay on the pipe to the same well: turned round it is another row, and the next key means it still."""
        ends = {gone.from_id, gone.to_id}
        for pipe in (*self.card.incoming, *self.card.outgoing):
            if {pipe.from_id, pipe.to_id} == ends:
                self.query_one(LongList).move_to(rows.index(f"pipe:{pipe.id}"))

    # The highlighted line

    @property
    def _tie(self) -> tuple[str, str]:
        noun, _, row_id = (self.highlighted or "").partition(":")
        return noun, row_id

    @property
    def pipe(self) -> PipeLine | None:
        """The highlighted pipe."""
        noun, row_id = self._tie
        card = self._card
        if noun != "pipe" or card is None:
            return None
        return next((pipe for pipe in (*card.incoming, *card.outgoing) if str(pipe.id) == row_id), None)

    @property
    def home(self) -> ConnectionLine | None:
        """The highlighted building or household."""
        noun, row_id = self._tie
        card = self._card
        if noun != "home" or card is None:
            return None
        return next((home for home in card.connections if str(home.id) == row_id), None)

    @property
    def _card(self) -> PointView | None:
        return None if self.view is None else self.view.point

    @property
    def card(self) -> PointView:
        return known(self.view).point

    # Actions

    def deeds_here(self) -> tuple[Action, ...]:
        """Return what can be done with a point of this kind; a lamp has no pipes."""
        card = self._card
        sewer = card is None or card.point.kind in WELLS
        return self.DEEDS if sewer else tuple(deed for deed in self.DEEDS if deed not in _OF_THE_SEWER)

    def why_not(self, action_id: str) -> str | None:
        card = self._card
        if card is None:
            return t("register.reading") if action_id.startswith("points.") else super().why_not(action_id)
        if card.point.archived and action_id in _LIVING_ONLY:
            return t("points.bring_back_first")
        if card.point.kind not in WELLS and action_id in _OF_THE_SEWER_IDS:
            return t("points.no_pipes_here")
        return self._why_not_line(action_id) or super().why_not(action_id)

    def _why_not_line(self, action_id: str) -> str | None:
        """Return what the highlighted line lacks for an action."""
        if action_id in {EDIT_PIPE.id, TURN.id} and self.pipe is None:
            return t("points.choose_a_pipe")
        if action_id == REMOVE.id and self.pipe is None and self.home is None:
            return t("points.choose_a_tie")
        return self._why_not_open() if action_id == OPEN.id else None

    def _why_not_open(self) -> str | None:
        opens = self._tie[0] in {"pipe", "route", "ticket"} or (
            self.home is not None and self.home.household_id is not None
        )
        return None if opens else t("points.nothing_behind")

    def do_open(self) -> None:
        """Open the well at the other end of a pipe, a household, a route or a ticket."""
        noun, row_id = self._tie
        if (pipe := self.pipe) is not None:
            other = pipe.to_id if pipe.from_id == self.row_id else pipe.from_id
            beneath = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
            # Up and down a sewer: Esc must not lead through every well again.
            if isinstance(beneath, PointScreen) and beneath.row_id == other:
                self.dismiss()
            else:
                self.app.push_screen(PointScreen(other, self.works, pipe_id=pipe.id))
        elif (home := self.home) is not None and home.household_id is not None:
            from tui.screens.register.household import HouseholdScreen

            self.app.push_screen(HouseholdScreen(home.household_id))
        elif noun == "route":
            from tui.screens.routes.page import RouteScreen

            self.app.push_screen(RouteScreen(UUID(row_id), self.works))
        elif noun == "ticket":
            from tui.screens.tickets.page import TicketPage

            self.app.push_screen(TicketPage(UUID(row_id)))

    def do_edit(self) -> None:
        card = self.card

        def plan(values: Values) -> Sequence[Intent]:
            return point_intents(card, values)

        self.fill_in(
            t("points.edit_title", what=card.point.code),
            point_fields(card, self.view.buildings if self.view else ()),
            plan,
            lambda _values: t("points.edit_done", what=card.point.code),
            draft=f"point:{card.point.id}",
        )

    def do_link_here(self) -> None:
        from tui.screens.points.links import LinksScreen

        self.app.push_screen(LinksScreen(self.card.point.code, ledger=self.works))

    def do_connect(self) -> None:
        from tui.screens.points.connect import pick_home

        card = self.card
        said = partial(self._connected, card)
        self._show_modal(pick_home(t("points.connect_title", code=card.point.code)), said)

    def _connected(self, card: PointView, chosen: str) -> None:
        side, _, rest = chosen.partition(":")
        row_id, _, name = rest.partition(":")
        payload = {"id": str(edge.new_id()), "point": str(card.point.id), side: row_id}
        said = t("points.connect_done", home=name, code=card.point.code)
        self.change([Intent("connection.add", {**payload})], said)

    def do_edit_pipe(self) -> None:
        pipe = self.pipe
        if pipe is None:
            return

        def plan(values: Values) -> Sequence[Intent]:
            return pipe_intents(pipe, values)

        self.fill_in(
            t("points.pipe_title", what=pipe_name(pipe)),
            pipe_fields(pipe),
            plan,
            lambda _values: t("points.edit_done", what=pipe_name(pipe)),
            draft=f"pipe:{pipe.id}",
        )

    def do_turn(self) -> None:
        pipe = self.pipe
        if pipe is None:
            return
        said = t("points.turned", start=pipe.end, end=pipe.start)

        def turned(outcome: Outcome | None) -> None:
            if outcome is None:
                self.flash(t("points.gone"), Tone.WARN)
            else:
                self.note_changes([outcome], said)

        self.tell(turning(pipe.id), turned)

    def do_remove(self) -> None:
        if (pipe := self.pipe) is not None:
            gone = t("points.pipe_removed", what=pipe_name(pipe))
            self.change([Intent("pipe.archive", {"pipe": str(pipe.id)})], gone)
        elif (home := self.home) is not None:
            gone = t("points.home_removed", home=home_name(home), code=self.card.point.code)
            self.change([Intent("house_connection.archive", {"house_connection": str(home.id)})], gone)

    def do_archive(self) -> None:
        """Archive a point with its pipes and connections, or bring it back; one undo brings back all of it."""
        card = self.card
        named = {"point": str(card.point.id)}
        if card.point.archived:
            self.change([Intent("point.unarchive", named)], t("points.brought_back", what=card.point.code))
            return
        intents = [
            *(
                Intent("pipe.archive", {"pipe": str(pipe.id)})
                for pipe in (*card.incoming, *card.outgoing)
                if not pipe.archived
            ),
            *(
                Intent("house_connection.archive", {"house_connection": str(home.id)})
                for home in card.connections
            ),
            Intent("point.archive", named),
        ]

        def archive(desk: Desk) -> list[Outcome]:
            return perform_in_order(desk, intents)

        said = t("points.archive_done", what=card.point.code)
        self.tell(archive, lambda outcomes: self.note_changes(outcomes, said))

    def do_report_here(self) -> None:
        """Take in a question about this point; on an observation, about what was seen there."""
        noun, row_id = self._tie
        seen = UUID(row_id) if noun == "seen" else None
        self.linli.enter("report_ticket", point_id=self.row_id, observation_id=seen)

    def do_here(self) -> None:
        self.linli.enter("tickets", point_id=self.row_id, title=self.card.point.code)

    def do_changes(self) -> None:
        self.linli.enter("changes", row_id=self.row_id, table="point")


_OF_THE_SEWER = (LINK_HERE, CONNECT, EDIT_PIPE, TURN, REMOVE)
_OF_THE_SEWER_IDS = {deed.id for deed in _OF_THE_SEWER}
_LIVING_ONLY = {deed.id for deed in (EDIT, REPORT_HERE, *_OF_THE_SEWER)}


def turning(pipe_id: UUID) -> Callable[[Desk], Outcome | None]:
    """Return what turns a pipe round as one group; None when somebody has put it away meanwhile."""

    def turn(desk: Desk) -> Outcome | None:
        with desk.store.read() as session:
            intents = turn_round(session, desk.seat.compound_id, pipe_id, edge.new_id)
        return desk.perform(*intents) if intents else None

    return turn


def look(desk: Desk, point_id: UUID) -> Card | None:
    """Read a point with all that hangs on it."""
    with desk.store.read() as session:
        card = queries.point_card(session, desk.seat.compound_id, point_id)
        tickets = tickets_here(desk, session, Filters(point_id=point_id))
    return None if card is None else Card(card, building_options(desk), tickets)
