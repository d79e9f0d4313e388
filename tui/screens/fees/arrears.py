"""Doors that owe, to be gone through door by door: what is to be fixed first, what was promised, who visits, what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Horizontal

from models.fees.queries_arrears import ArrearsLine, ArrearsOrder, ArrearsView
from tui.actions import EXPORT, Action, action
from tui.fee_words import sum_text
from tui.i18n import t
from tui.screens.asking import known
from tui.screens.fees import dunning
from tui.screens.fees.arrears_panel import panel_of
from tui.screens.fees.arrears_rows import (
    BUILDINGS,
    VOLUNTEERS,
    ArrearsFilters,
    Counts,
    DoorRows,
    TotalRows,
    columns_of,
    count_views,
    filter_options,
)
from tui.screens.fees.dunning import DunningDeeds, Looker
from tui.screens.tabbed import DeskRows, ListWords, Tab, Tabbed, TabSearch
from tui.widgets import tabs
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.map_panel import MapPanel, PanelView
from tui.widgets.picker import Option
from tui.widgets.rows import Column
from tui.widgets.tabs import ViewTabs
from tui.widgets.text import Line, joined

PICK = action("arrears.pick", "enter")
ORDER = action("arrears.order", "f3")
FILTER = action("arrears.filter", "f4")
OUT = action("arrears.out", "f5")
LETTERS = action("arrears.letters", "5", "f6", footer=False)
NEXT = action("arrears.next_view", "right", "]", footer=False)
BEFORE = action("arrears.view_before", "left", "[", footer=False)
FIND = action("arrears.find", "/", footer=False)
#: The letters are for who knows them: the arrows go from tab to tab.
_SHOWN: dict[str, Action] = {
    ArrearsView.DOORS: action("arrears.show_doors", "d", footer=False),
    ArrearsView.FIX_FIRST: action("arrears.show_fix_first", "f", footer=False),
    ArrearsView.PROMISES: action("arrears.show_promises", "p", footer=False),
    ArrearsView.LATER: action("arrears.show_later", "l", footer=False),
    BUILDINGS: action("arrears.show_buildings", "b", footer=False),
    VOLUNTEERS: action("arrears.show_volunteers", "v", footer=False),
}


class Arrears(Tabbed, DunningDeeds):
    """The lists. `view` is the one to begin with; a volunteer narrows all of them."""

    ROOM: ClassVar[str] = "arrears"
    PICK: ClassVar[Action] = PICK
    AUTO_FOCUS = ""
    TABS: ClassVar[tuple[Tab, ...]] = tuple(
        Tab(str(view), made, f"arrears.view.{view}", f"arrears.empty.{view}") for view, made in _SHOWN.items()
    )
    WORDS: ClassVar[ListWords] = ListWords(
        hint="arrears.find_hint",
        found_nothing="arrears.found_nothing",
        nothing_to_open="dunning.nothing_in_front",
    )
    DEEDS: ClassVar[tuple[Action, ...]] = (*dunning.DEEDS, LETTERS)
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        PICK, ORDER, FILTER, OUT, *DEEDS, NEXT, BEFORE, *_SHOWN.values(), FIND, EXPORT,
    )  # fmt: skip
    DEFAULT_CSS = """
    Arrears ViewTabs { margin-bottom: 0; }
    Arrears #sum { height: 1; color: $text-muted; }
    Arrears #lists { height: 1fr; }
    Arrears #beside { display: none; width: 40; padding: 0 0 0 1; border-left: solid $border-blurred; }
    Arrears #beneath { height: 3; padding: 0 1; background: $surface; }
    Arrears.-wide #beside { display: block; }
    Arrears.-wide #beneath { display: none; }
    Arrears.-short #find { margin-bottom: 0; }
    Arrears.-tall #sum { margin-bottom: 1; }
    Arrears.-tall Deeds { margin-top: 1; }
    """

    def __init__(self, view: str = "", *, volunteer_id: UUID | None = None, volunteer: str = "") -> None:
        super().__init__(view)
        self.filters = ArrearsFilters(volunteer_id=volunteer_id, volunteer=volunteer)
        self.order = ArrearsOrder.DOOR
        self._rows: DoorRows | None = None
        self._looked: Counts | None = None

    @property
    def heading(self) -> str:
        return " · ".join((super().heading, *self.filters.words()))

    # What is shown

    def body(self) -> ComposeResult:
        yield ViewTabs(self._views(), self.view)
        yield Line(id="sum")
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
        counts = self._counts or {}
        return tuple(tabs.View(tab.id, "", t(tab.label), str(counts.get(tab.id) or "")) for tab in self.TABS)

    def list_columns(self, view: str) -> Sequence[Column]:
        return columns_of(view)

    def list_rows(self, view: str, text: str) -> DeskRows:
        if view in {BUILDINGS, VOLUNTEERS}:
            self._rows = None
            return TotalRows(self.filters, view, text)
        # What is known of a door stays known while it is read again: a dialog closing must not shut the keys.
        before = {} if self._rows is None else self._rows.known
        self._rows = DoorRows(self.filters, ArrearsView(view), self.order, text, dict(before))
        return self._rows

    def ask_counts(self) -> None:
        self.read(partial(count_views, filters=self.filters), self._take_counts, latest="counts")

    def _take_counts(self, counts: Counts) -> None:
        self._looked = counts
        self.show_counts(counts.of)
        whole = counts.whole
        said = t("arrears.sum", n=whole.doors, fen=sum_text(whole.owed_fen), due=sum_text(whole.due_fen))
        fix = t("arrears.sum_fix", n=whole.fix_first) if whole.fix_first else ""
        order = t("arrears.ordered", order=t(f"arrears.order.{self.order.value}"))
        self.query_one("#sum", Line).show(joined(" · ".join(part for part in (said, fix, order) if part)))
        self.on_long_list_highlighted()

    @property
    def line(self) -> ArrearsLine | None:
        if not self.is_mounted or self._rows is None or (row_id := self.shown.highlighted) is None:
            return None
        return self._rows.known.get(row_id)

    @property
    def looker(self) -> Looker | None:
        looked = self._looked
        return None if looked is None else Looker(looked.works, looked.today, looked.zone)

    def open_row(self, row_id: str) -> None:
        """Open a door; a sum leads to the doors it is of."""
        if self.view in {BUILDINGS, VOLUNTEERS}:
            kind = "building" if self.view == BUILDINGS else "volunteer"
            found_id = row_id.partition(":")[0]
            if found_id:
                self._narrow_to(f"{kind}:{row_id}")
            else:
                self._narrow_to("nobody")
            self.switch(ArrearsView.DOORS.value)
            return
        from tui.screens.fees.arrears_door import ArrearsDoor

        self.app.push_screen(ArrearsDoor(UUID(row_id), self.ledger))

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()
        line, looker = self.line, self.looker
        if line is not None and looker is not None:
            self._show_panel(panel_of(line, looker, told=self.has_class("-wide")))
        else:
            self._show_panel(None)

    def on_long_list_emptied(self) -> None:
        self.refresh_keys()
        self._show_panel(None)

    def on_resize(self) -> None:
        self.on_long_list_highlighted()

    def _show_panel(self, view: PanelView | None) -> None:
        for panel in self.query(MapPanel):
            panel.view = view

    def switch(self, view: str) -> None:
        super().switch(view)
        self.on_long_list_highlighted()

    # Actions

    def why_not(self, action_id: str) -> str | None:
        sums = self.view in {BUILDINGS, VOLUNTEERS}
        if sums and action_id in {made.id for made in dunning.DEEDS}:
            return t("arrears.choose_door")
        if action_id == ORDER.id and (sums or self.view == ArrearsView.PROMISES):
            return t("arrears.fixed_order")
        if action_id in {FILTER.id, OUT.id, EXPORT.id, LETTERS.id} and self._looked is None:
            return t("list.reading")
        if action_id == LETTERS.id and "letters" not in self.linli.rooms:
            return t("list.reading")
        return super().why_not(action_id)

    def do_order(self) -> None:
        options = [Option(one.value, t(f"arrears.order.{one.value}")) for one in ArrearsOrder]
        self.choose(t("arrears.which_order"), options, self._put_in, current=self.order.value)

    def _put_in(self, order: str) -> None:
        self.order = ArrearsOrder(order)
        self._fill()
        self.ask_counts()

    def do_filter(self) -> None:
        self.ask(partial(filter_options, filters=self.filters), self._choose_filter)

    def _choose_filter(self, options: Sequence[Option]) -> None:
        self.choose(t("arrears.filter.title"), options, self._narrow_to)

    def _narrow_to(self, chosen: str) -> None:
        looked = known(self._looked)
        self.filters = self.filters.taken(chosen, looked.me, looked.name)
        self._filled.clear()  # every list is another one now
        self._fill()
        self.ask_counts()
        self.refresh_frame()

    def do_out(self) -> None:
        from tui.screens.fees.arrears_out import offer_out

        offer_out(self, self.filters)

    def do_export(self) -> None:
        self.do_out()

    def do_letters(self) -> None:
        self.linli.enter("letters", filters=self.filters)

    def do_show_doors(self) -> None:
        self.switch(ArrearsView.DOORS.value)

    def do_show_fix_first(self) -> None:
        self.switch(ArrearsView.FIX_FIRST.value)

    def do_show_promises(self) -> None:
        self.switch(ArrearsView.PROMISES.value)

    def do_show_later(self) -> None:
        self.switch(ArrearsView.LATER.value)

    def do_show_buildings(self) -> None:
        self.switch(BUILDINGS)

    def do_show_volunteers(self) -> None:
        self.switch(VOLUNTEERS)

    def do_next_view(self) -> None:
        self._step(1)

    def do_view_before(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        ids = [tab.id for tab in self.TABS]
        self.switch(ids[(ids.index(self.view) + by) % len(ids)])
