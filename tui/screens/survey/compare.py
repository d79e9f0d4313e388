"""Last year beside today: two walks, well by well, what got worse first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.inspection.comparing import Comparison, WellCompared, compare_walks, walks_to_compare
from models.inspection.comparison import Turn
from models.inspection.histories import histories
from models.inspection.queries_walks import WalkLine
from tui.actions import Action, action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.survey import compare_words as words
from tui.screens.walk.words import day
from tui.widgets.long_list import LongList
from tui.widgets.picker import Option
from tui.widgets.rows import Column, Fetched, RowView
from tui.widgets.search import SearchBox, folded
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Line, Tone, plain

OPEN = action("compare.open", "enter", footer=False)
NOW = action("compare.now", "f3")
THEN = action("compare.then", "f4")
FIND = action("compare.find", "/", "f")
COPY = action("compare.copy", "f2", "c")
WORSE = action("compare.worse", "1", footer=False)
BETTER = action("compare.better", "2", footer=False)
SAME = action("compare.same", "3", footer=False)
UNSEEN = action("compare.unseen", "4", footer=False)
ALL = action("compare.all", "5", footer=False)
_TURNS = {
    WORSE.id: Turn.WORSE,
    BETTER.id: Turn.BETTER,
    SAME.id: Turn.SAME,
    UNSEEN.id: Turn.UNSEEN,
}
#: As many walks as a chart in a list has room for.
_CHARTED = 8


@dataclass(frozen=True, slots=True)
class Beside:
    """What the screen shows: a comparison, and the compound's name for the text that leaves the app."""

    compared: Comparison
    compound: str


def look(desk: Desk, now: UUID | None, then: UUID | None) -> Beside:
    """Compare two walks; unnamed ones are chosen by date."""
    with desk.store.read() as session:
        return Beside(compare_walks(session, desk.seat.compound_id, now, then), desk.seat.compound)


def walks(desk: Desk) -> tuple[WalkLine, ...]:
    """Return the walks that can be compared, newest first."""
    with desk.store.read() as session:
        return walks_to_compare(session, desk.seat.compound_id)


def page(desk: Desk, rows: tuple[WellCompared, ...]) -> list[RowView]:
    """Return rows with their charts, which are read for these wells alone."""
    with desk.store.read() as session:
        told = histories(session, desk.seat.compound_id, [row.point_id for row in rows], most=_CHARTED)
    return [words.row_view(row, told) for row in rows]


class CompareWalks(LinliScreen):
    """`walk_id` is the later walk; unnamed, it is the newest that noted a level."""

    ROOM: ClassVar[str] = "compare"
    CSS_PATH: ClassVar[str | Path] = "compare.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (NOW, THEN, FIND, COPY, OPEN, WORSE, BETTER, SAME, UNSEEN, ALL)
    AUTO_FOCUS = "#wells"

    def __init__(self, walk_id: UUID | None = None) -> None:
        super().__init__()
        self._now = walk_id
        self._then: UUID | None = None
        self._beside: Beside | None = None
        self._view = WORSE.id
        self._sought = ""

    def body(self) -> ComposeResult:
        yield Line(id="walks")
        yield ViewTabs(id="turns")
        yield SearchBox("#wells", hint=t("compare.find_hint"), id="search")
        yield LongList(
            (
                Column(t("compare.column.well"), 6, priority=9),
                Column(t("compare.column.turn"), 8, priority=8),
                Column(t("compare.column.level"), words.levels_width(), priority=8),
                Column(t("compare.column.mud"), 15, priority=8),
                Column(t("compare.column.levels"), _CHARTED, priority=4),
                Column(t("compare.column.muds"), _CHARTED, priority=5),
                Column(t("compare.column.changes"), 10, priority=6, grow=True),
                Column(t("compare.column.name"), 14, priority=2, grow=True),
            ),
            id="wells",
        )

    def on_mount(self) -> None:
        self.query_one(SearchBox).display = False
        self._ask()

    def news(self) -> None:
        self._ask()

    def _ask(self) -> None:
        self.ask(partial(look, now=self._now, then=self._then), self._show, latest="compare")

    def _show(self, beside: Beside) -> None:
        first = self._beside is None
        self._beside = beside
        counts = beside.compared.counts
        if first and not counts[Turn.WORSE]:
            self._view = ALL.id
        self.query_one("#walks", Line).show(plain(words.walks_text(beside.compared), "bold"))
        self._tabs()
        self._list(keep=not first)

    def _tabs(self) -> None:
        if self._beside is None:
            return
        counts = self._beside.compared.counts
        labels = {
            WORSE.id: ("1", t("compare.worse"), counts[Turn.WORSE]),
            BETTER.id: ("2", t("compare.better"), counts[Turn.BETTER]),
            SAME.id: ("3", t("compare.same"), counts[Turn.SAME]),
            UNSEEN.id: ("4", t("compare.unseen"), counts[Turn.UNSEEN]),
            ALL.id: ("5", t("compare.all"), sum(counts.values())),
        }
        tabs = self.query_one(ViewTabs)
        tabs.views = tuple(View(view, key, label, str(n)) for view, (key, label, n) in labels.items())
        tabs.current = self._view

    def _shown(self) -> tuple[WellCompared, ...]:
        """Return the wells of the open view that hold what is looked for."""
        if self._beside is None:
            return ()
        turn, sought = _TURNS.get(self._view), self._sought.split()
        return tuple(
            row
            for row in self._beside.compared.rows
            if (turn is None or row.compared.turn is turn)
            and all(
                word in folded(f"{row.code} {row.name} {words.changes_text(row, levels=True)}")
                for word in sought
            )
        )

    def _list(self, *, keep: bool = False) -> None:
        rows = self._shown()
        asker = self.linli.asker
        listed = self.query_one("#wells", LongList)
        listed.empty = self._nothing()
        listed.show(
            Fetched(
                lambda: len(rows),
                lambda offset, limit: asker.read(partial(page, rows=rows[offset : offset + limit])).result(),
            ),
            keep=keep,
        )

    def _nothing(self) -> str:
        compared = None if self._beside is None else self._beside.compared
        if compared is None or compared.now is None:
            return t("compare.no_walk_hint")
        if compared.then is None:
            return t("compare.only_one_hint")
        return t("compare.none_such")

    # What can be done

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("compare.") and self._beside is None:
            return t("list.reading")
        if (
            action_id in {COPY.id, FIND.id}
            and self._beside is not None
            and self._beside.compared.then is None
        ):
            return t("compare.only_one_hint")
        return super().why_not(action_id)

    def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        self._open_view(event.view_id)

    def _open_view(self, view_id: str) -> None:
        self._view = view_id
        self._tabs()
        self._list()

    def do_worse(self) -> None:
        self._open_view(WORSE.id)

    def do_better(self) -> None:
        self._open_view(BETTER.id)

    def do_same(self) -> None:
        self._open_view(SAME.id)

    def do_all(self) -> None:
        self._open_view(ALL.id)

    def do_unseen(self) -> None:
        self._open_view(UNSEEN.id)

    def do_find(self) -> None:
        box = self.query_one(SearchBox)
        box.display = True
        box.focus()

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        self._sought = event.text
        self._list()

    def do_back(self) -> None:
        """Leave the search first, then the screen."""
        box = self.query_one(SearchBox)
        if box.display:
            box.value = ""
            box.display = False
            self._sought = ""
            self.query_one("#wells", LongList).focus()
            self._list()
            return
        super().do_back()

    def do_open(self) -> None:
        self.query_one("#wells", LongList).action_pick()

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        from tui.screens.survey.well import WellCard

        now = None if self._beside is None else self._beside.compared.now
        self.app.push_screen(WellCard(UUID(event.row_id), None if now is None else now.id))

    def do_now(self) -> None:
        self.ask(walks, partial(self._choose, later=True))

    def do_then(self) -> None:
        self.ask(walks, partial(self._choose, later=False))

    def _choose(self, found: tuple[WalkLine, ...], *, later: bool) -> None:
        if not found:
            self.flash(t("compare.no_walk_hint"), Tone.WARN)
            return
        options = [
            Option(
                str(walk.id),
                walk.name,
                t(
                    "map.walk_note",
                    day=day(walk.started_at),
                    seen=walk.progress.seen,
                    total=walk.progress.total,
                ),
            )
            for walk in found
        ]
        compared = None if self._beside is None else self._beside.compared
        present = None if compared is None else compared.now if later else compared.then
        title = t("compare.now_title") if later else t("compare.then_title")
        take = self._take_now if later else self._take_then
        self.choose(title, options, take, current=None if present is None else str(present.id))

    def _take_now(self, walk_id: str) -> None:
        self._now, self._then = UUID(walk_id), None
        self._ask()

    def _take_then(self, walk_id: str) -> None:
        now = None if self._beside is None else self._beside.compared.now
        self._now, self._then = None if now is None else now.id, UUID(walk_id)
        self._ask()

    def do_copy(self) -> None:
        if self._beside is None:
            return
        from tui.screens.chat_text import offer_text

        text = words.chat_text(self._beside.compared, self._beside.compound, self._beside.compared.rows)
        offer_text(self, t("screen.compare"), text)
