"""Every point there is: wells with what flows where, everything else, and what is doubtful about the sewer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from models.inspection import queries
from models.inspection.network_problems import network_problems
from models.inspection.rules import PointKind
from tui.actions import EXPORT, Action, action
from tui.desk import Desk
from tui.screens.changing import Values
from tui.screens.points.base import NetworkBase
from tui.screens.points.rows import KINDS, OTHERS_VIEW, WELLS_VIEW, SoughtPoints, columns_of
from tui.screens.tabbed import ListWords, Tab, Tabbed
from tui.widgets.rows import Column

if TYPE_CHECKING:
    from tui.screens.points.number import Choices

PROBLEMS_VIEW = "problems"
# Digits go into the search line while it has the focus, the F-keys work everywhere.
SHOW_WELLS = action("points.show_wells", "f2", "1", footer=False)
SHOW_OTHERS = action("points.show_others", "f3", "2", footer=False)
SHOW_PROBLEMS = action("points.show_problems", "f4", "3", footer=False)
PICK = action("points.pick", "enter")
NUMBER = action("points.number", "f5", "insert")
LINK = action("points.link", "f6")
ARCHIVED = action("points.show_archived", "f7")
FIND = action("points.find", "/", footer=False)


class PointsScreen(Tabbed, NetworkBase):
    """The lists. `view` is the one to begin with."""

    ROOM: ClassVar[str] = "points"
    PICK: ClassVar[Action] = PICK
    TABS: ClassVar[tuple[Tab, ...]] = (
        Tab(WELLS_VIEW, SHOW_WELLS, "points.wells", "points.empty_wells"),
        Tab(OTHERS_VIEW, SHOW_OTHERS, "points.others", "points.empty_others"),
        Tab(PROBLEMS_VIEW, SHOW_PROBLEMS, "points.problems"),
    )
    WORDS: ClassVar[ListWords] = ListWords(
        hint="points.find_hint",
        found_nothing="points.found_nothing",
        nothing_to_open="points.nothing_to_open",
        archived_shown="points.archived_shown",
        archived_hidden="points.archived_hidden",
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        PICK, NUMBER, LINK, ARCHIVED, SHOW_WELLS, SHOW_OTHERS, SHOW_PROBLEMS, FIND, EXPORT,
    )  # fmt: skip

    # Lists

    def list_columns(self, view: str) -> Sequence[Column]:
        return columns_of(view)

    def list_rows(self, view: str, text: str) -> SoughtPoints:
        return SoughtPoints(view, text, archived=self.archived)

    def ask_counts(self) -> None:
        self.read(look, self.show_counts, latest="counts")
        # Reads the whole sewer, and so comes behind what people look at first.
        self.read(doubts, self.show_counts, latest="doubts")

    def open_row(self, row_id: str) -> None:
        from tui.screens.points.card import PointScreen

        self.app.push_screen(PointScreen(UUID(row_id), self.works))

    # Actions

    def do_show_wells(self) -> None:
        self.switch(WELLS_VIEW)

    def do_show_others(self) -> None:
        self.switch(OTHERS_VIEW)

    def do_show_problems(self) -> None:
        from tui.screens.points.problems import ProblemsScreen

        self.app.push_screen(ProblemsScreen(self.works))

    def do_export(self) -> None:
        from tui.screens.export import offer_export

        offer_export(self, "points")

    def do_link(self) -> None:
        from tui.screens.points.links import LinksScreen

        self.app.push_screen(LinksScreen(ledger=self.works))

    def do_number(self) -> None:
        from tui.screens.points.number import choices

        self.ask(choices, self._number)

    def _number(self, given: Choices) -> None:
        from tui.screens.points.number import NumberPoints

        kind = PointKind.LAMP if self.view == OTHERS_VIEW else PointKind.WELL
        typed = self.typed
        form = NumberPoints(given, typed=typed if any(map(str.isdigit, typed)) else "", kind=kind.value)

        def saved(_values: Values) -> None:
            self.note_changes(form.outcomes, form.added)

        self._show_modal(form, saved)


def look(desk: Desk) -> dict[str, int]:
    """Count the points of both lists."""
    with desk.store.read() as session:
        compound_id = desk.seat.compound_id
        return {
            view: queries.count_points(session, compound_id, kinds=kinds) for view, kinds in KINDS.items()
        }


def doubts(desk: Desk) -> dict[str, int]:
    """Count what is doubtful about the sewer."""
    with desk.store.read() as session:
        return {PROBLEMS_VIEW: len(network_problems(session, desk.seat.compound_id))}
