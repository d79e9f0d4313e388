"""Every point there is: wells with what flows where, everything else, and what is doubtful about the sewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.inspection import queries
from models.inspection.network_problems import network_problems
from models.inspection.rules import PointKind
from tui.actions import EXPORT, Action, action, shown_key
from tui.desk import Desk
from tui.i18n import t
from tui.screens.points_base import NetworkBase, Works
from tui.screens.points_rows import KINDS, OTHERS_VIEW, WELLS_VIEW, columns_of, count_rows, page_rows
from tui.screens.register import RegisterSearch
from tui.screens.register_base import UNDO, Values
from tui.widgets.bars import KeyView
from tui.widgets.long_list import LongList
from tui.widgets.rows import RowView
from tui.widgets.search import SearchBox
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Tone

if TYPE_CHECKING:
    from tui.screens.points_number import Choices

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

_VIEWS = {WELLS_VIEW: SHOW_WELLS, OTHERS_VIEW: SHOW_OTHERS, PROBLEMS_VIEW: SHOW_PROBLEMS}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are; `problems` is None while they are being looked for."""

    wells: int
    others: int
    problems: int | None = None


class PointsScreen(NetworkBase):
    """The lists. `view` is the one to begin with."""

    ROOM: ClassVar[str] = "points"
    AUTO_FOCUS = "#find"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        PICK, NUMBER, LINK, ARCHIVED, SHOW_WELLS, SHOW_OTHERS, SHOW_PROBLEMS, FIND, EXPORT,
    )  # fmt: skip
    DEFAULT_CSS = """
    PointsScreen ViewTabs { margin-bottom: 1; }
    PointsScreen.-short ViewTabs { margin-bottom: 0; }
    PointsScreen #find { margin-bottom: 1; }
    PointsScreen LongList { display: none; }
    PointsScreen LongList.-shown { display: block; }
    """

    def __init__(self, view: str = WELLS_VIEW, ledger: Works | None = None) -> None:
        super().__init__(ledger)
        self.view = view
        self.archived = False
        self._text = ""
        self._counts: Counts | None = None

    def body(self) -> ComposeResult:
        yield ViewTabs(self._views(), self.view)
        yield RegisterSearch(f"#{self.view}", hint=t("points.find_hint"), id="find")
        for view in KINDS:
            yield LongList(columns_of(view), lit=True, id=view)

    def on_mount(self) -> None:
        self._show_view()
        self._count()

    def on_screen_resume(self) -> None:
        if self._counts is not None:
            self.reread()

    def news(self) -> None:
        if self._counts is not None:
            self.reread()

    @property
    def shown(self) -> LongList:
        """The list on screen."""
        return self.query_one(f"#{self.view}", LongList)

    # Lists

    def _views(self) -> tuple[View, ...]:
        found: dict[str, int | None] = {}
        if self._counts is not None:
            counts = self._counts
            found = {WELLS_VIEW: counts.wells, OTHERS_VIEW: counts.others, PROBLEMS_VIEW: counts.problems}
        labels = {
            WELLS_VIEW: t("points.wells"),
            OTHERS_VIEW: t("points.others"),
            PROBLEMS_VIEW: t("points.problems"),
        }
        return tuple(
            View(view, shown_key(made.current_keys[0]), labels[view], _count_text(found.get(view)))
            for view, made in _VIEWS.items()
        )

    def _show_view(self) -> None:
        self.query_one(ViewTabs).current = self.view
        self.query_one(RegisterSearch).aim(f"#{self.view}")
        for view in KINDS:
            self.query_one(f"#{view}").set_class(view == self.view, "-shown")
        self._search(self._text)

    def _search(self, text: str, *, keep: bool = False) -> None:
        self._text = text
        shown, view, archived = self.shown, self.view, self.archived
        shown.empty = t("points.found_nothing", text=text) if text else t(f"points.empty_{view}")

        def count(desk: Desk) -> int:
            return count_rows(desk, view, text, archived=archived)

        def page(desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
            return page_rows(desk, view, text, offset, limit, archived=archived)

        shown.show(self.source(count, page), keep=keep)

    def _count(self) -> None:
        self.read(look, self._show_counts, latest="counts")
        # Reads the whole sewer, and so comes behind what people look at first.
        self.read(doubts, self._show_doubts, latest="doubts")

    def _show_counts(self, counts: Counts) -> None:
        known = None if self._counts is None else self._counts.problems
        self._counts = Counts(counts.wells, counts.others, known)
        self.query_one(ViewTabs).views = self._views()

    def _show_doubts(self, problems: int) -> None:
        before = self._counts or Counts(0, 0)
        self._counts = Counts(before.wells, before.others, problems)
        self.query_one(ViewTabs).views = self._views()

    def reread(self) -> None:
        self._search(self._text, keep=True)
        self._count()

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        if event.text != self._text:
            self._search(event.text)

    async def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        await self.action_act(_VIEWS[event.view_id].id)

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    async def on_long_list_picked(self, event: LongList.Picked) -> None:
        self.flash("")
        self.open_point(UUID(event.row_id))

    # Actions

    def why_not(self, action_id: str) -> str | None:
        if action_id == PICK.id and self.is_mounted and self.shown.highlighted is None:
            return t("points.nothing_to_open")
        return super().why_not(action_id)

    def key_views(self) -> tuple[KeyView, ...]:
        # Letters go into the search line here; Ctrl+Z undoes everywhere.
        return tuple(view for view in super().key_views() if view.action_id != UNDO.id)

    def _switch(self, view: str) -> None:
        had_list = self.shown.has_focus
        self.view = view
        self._show_view()
        if had_list:
            self.shown.focus()
        self.refresh_keys()

    def do_show_wells(self) -> None:
        self._switch(WELLS_VIEW)

    def do_show_others(self) -> None:
        self._switch(OTHERS_VIEW)

    def do_show_problems(self) -> None:
        from tui.screens.points_problems import ProblemsScreen

        self.app.push_screen(ProblemsScreen(self.works))

    def do_export(self) -> None:
        from tui.screens.export import offer_export

        offer_export(self, "points")

    def do_find(self) -> None:
        self.query_one(RegisterSearch).focus()

    def do_show_archived(self) -> None:
        self.archived = not self.archived
        self._search(self._text)
        self.flash(t("points.archived_shown" if self.archived else "points.archived_hidden"))

    def do_pick(self) -> None:
        self.shown.action_pick()

    def open_point(self, point_id: UUID, *, said: str = "", tone: Tone = Tone.PLAIN) -> None:
        from tui.screens.points_card import PointScreen

        card = PointScreen(point_id, self.works)
        card.flash(said, tone)
        self.app.push_screen(card)

    def do_link(self) -> None:
        from tui.screens.pipes_links import LinksScreen

        self.app.push_screen(LinksScreen(ledger=self.works))

    def do_number(self) -> None:
        from tui.screens.points_number import choices

        self.ask(choices, self._number)

    def _number(self, given: Choices) -> None:
        from tui.screens.points_number import NumberPoints

        kind = PointKind.LAMP if self.view == OTHERS_VIEW else PointKind.WELL
        typed = self.query_one(RegisterSearch).value.strip()
        form = NumberPoints(given, typed=typed if any(map(str.isdigit, typed)) else "", kind=kind.value)

        def saved(_values: Values) -> None:
            self.note_changes(form.outcomes, form.added)

        self._show_modal(form, saved)


def look(desk: Desk) -> Counts:
    """Count the points of both lists."""
    with desk.store.read() as session:
        compound_id = desk.seat.compound_id
        return Counts(
            queries.count_points(session, compound_id, kinds=KINDS[WELLS_VIEW]),
            queries.count_points(session, compound_id, kinds=KINDS[OTHERS_VIEW]),
        )


def doubts(desk: Desk) -> int:
    """Count what is doubtful about the sewer."""
    with desk.store.read() as session:
        return len(network_problems(session, desk.seat.compound_id))


def _count_text(count: int | None) -> str:
    return "" if count is None else str(count)
