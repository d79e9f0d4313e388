"""The register: households, people and buildings in three lists under one search line."""

from __future__ import annotations

from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.community import queries
from models.operations.perform import Outcome
from models.operations.verdicts import Merged
from tui.actions import EXPORT, Action, action, shown_key
from tui.desk import Desk
from tui.i18n import language, t
from tui.screens.register_base import UNDO, Ledger, RegisterBase, Values
from tui.screens.register_form import SavingForm
from tui.screens.register_rows import BUILDINGS, HOUSEHOLDS, PEOPLE, SoughtRows, columns_of
from tui.widgets.bars import KeyView
from tui.widgets.long_list import LongList
from tui.widgets.search import SearchBox, folded
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import Tone

# Digits go into the search line while it has the focus, the F-keys work everywhere.
SHOW_HOUSEHOLDS = action("register.show_households", "f2", "1", footer=False)
SHOW_PEOPLE = action("register.show_people", "f3", "2", footer=False)
SHOW_BUILDINGS = action("register.show_buildings", "f4", "3", footer=False)
PICK = action("register.pick", "enter")
ADD = action("register.add", "f5", "insert")
IMPORT = action("register.import", "f6")
ARCHIVED = action("register.show_archived", "f7")

VIEWS = {HOUSEHOLDS: SHOW_HOUSEHOLDS, PEOPLE: SHOW_PEOPLE, BUILDINGS: SHOW_BUILDINGS}
_LABELS = {HOUSEHOLDS: "register.households", PEOPLE: "register.people", BUILDINGS: "register.buildings"}
_EMPTY = {
    HOUSEHOLDS: "register.empty_households",
    PEOPLE: "register.empty_people",
    BUILDINGS: "register.empty_buildings",
}


class RegisterSearch(SearchBox):
    """The search line of several lists, of which one is shown."""

    def aim(self, target: str) -> None:
        self._target = target


class RegisterScreen(RegisterBase):
    """The three lists. `view` is the one to begin with."""

    ROOM: ClassVar[str] = "register"
    AUTO_FOCUS = "#find"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        PICK, ADD, IMPORT, ARCHIVED, SHOW_HOUSEHOLDS, SHOW_PEOPLE, SHOW_BUILDINGS, EXPORT,
    )  # fmt: skip
    DEFAULT_CSS = """
    RegisterScreen ViewTabs { margin-bottom: 1; }
    RegisterScreen.-short ViewTabs { margin-bottom: 0; }
    RegisterScreen #find { margin-bottom: 1; }
    RegisterScreen LongList { display: none; }
    RegisterScreen LongList.-shown { display: block; }
    """

    def __init__(self, view: str = HOUSEHOLDS, ledger: Ledger | None = None) -> None:
        super().__init__(ledger)
        self.view = view
        self.archived = False
        self._text = ""
        self._counts: queries.HomeCounts | None = None

    def body(self) -> ComposeResult:
        yield ViewTabs(self._views(), self.view)
        yield RegisterSearch(f"#{self.view}", hint=t("register.find_hint"), id="find")
        for view in VIEWS:
            yield LongList(columns_of(view), lit=True, id=view)

    def on_mount(self) -> None:
        self._show_view()

    def on_screen_resume(self) -> None:
        if self._counts is not None:
            self.reread()

    @property
    def shown(self) -> LongList:
        """The list on screen."""
        return self.query_one(f"#{self.view}", LongList)

    # Lists

    def _views(self) -> tuple[View, ...]:
        counts = self._counts
        found = (
            {HOUSEHOLDS: counts.households, PEOPLE: counts.people, BUILDINGS: counts.buildings}
            if counts is not None
            else {}
        )
        return tuple(
            View(
                view,
                shown_key(made.current_keys[0]),
                t(_LABELS[view]),
                str(found[view]) if view in found else "",
            )
            for view, made in VIEWS.items()
        )

    def _show_view(self) -> None:
        self.query_one(ViewTabs).current = self.view
        self.query_one(RegisterSearch).aim(f"#{self.view}")
        for view in VIEWS:
            self.query_one(f"#{view}").set_class(view == self.view, "-shown")
        self._search(self._text)
        self.read(_counts, self._show_counts, latest="counts")

    def _search(self, text: str, *, keep: bool = False) -> None:
        self._text = text
        shown = self.shown
        shown.empty = self._empty(text)

        rows = SoughtRows(self.view, text, archived=self.archived)
        shown.show(self.source(rows.count, rows.page), keep=keep)

    def _empty(self, text: str) -> str:
        if text:
            return t("register.found_nothing", text=text)
        return t(_EMPTY[self.view])

    def _show_counts(self, counts: queries.HomeCounts) -> None:
        self._counts = counts
        self.query_one(ViewTabs).views = self._views()

    def reread(self) -> None:
        self._search(self._text, keep=True)
        self.read(_counts, self._show_counts, latest="counts")

    def news(self) -> None:
        if self._counts is not None:
            self.reread()

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        if event.text != self._text:
            self._search(event.text)

    def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        self._switch(event.view_id)

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    async def on_long_list_picked(self, event: LongList.Picked) -> None:
        self.flash("")
        self._open(event.row_id)

    # Actions

    def why_not(self, action_id: str) -> str | None:
        if action_id == PICK.id and self.is_mounted and self.shown.highlighted is None:
            return t("register.nothing_to_open")
        if action_id == ADD.id and self.view == BUILDINGS:
            return t("register.buildings_come_along")
        if action_id == EXPORT.id and self.view == BUILDINGS:
            return t("register.buildings_leave_along")
        return super().why_not(action_id)

    def key_views(self) -> tuple[KeyView, ...]:
        # Undo has its place on the cards; here letters go into the search line.
        return tuple(view for view in super().key_views() if view.action_id != UNDO.id)

    def _switch(self, view: str) -> None:
        had_list = self.shown.has_focus
        self.view = view
        self._show_view()
        if had_list:
            self.shown.focus()
        self.refresh_keys()

    def do_show_households(self) -> None:
        self._switch(HOUSEHOLDS)

    def do_show_people(self) -> None:
        self._switch(PEOPLE)

    def do_show_buildings(self) -> None:
        self._switch(BUILDINGS)

    def do_show_archived(self) -> None:
        self.archived = not self.archived
        self._search(self._text)
        self.flash(t("register.archived_shown" if self.archived else "register.archived_hidden"))

    def do_pick(self) -> None:
        self.shown.action_pick()

    def _open(self, row_id: str, *, said: str = "", tone: Tone = Tone.PLAIN) -> None:
        from tui.screens.household import HouseholdScreen
        from tui.screens.person import PersonScreen

        if self.view == BUILDINGS:
            self._only_building(row_id)
            return
        card = (HouseholdScreen if self.view == HOUSEHOLDS else PersonScreen)(UUID(row_id), self.ledger)
        card.flash(said, tone)
        self.app.push_screen(card)

    def _only_building(self, code: str) -> None:
        """Show a building's households: the search line says which, and is emptied to see all again."""
        text = f"{code}栋" if language() == "zh_CN" else f"{code}-"
        self.view = HOUSEHOLDS
        self._text = folded(text)
        search = self.query_one(RegisterSearch)
        search.value = text
        search.cursor_position = len(text)
        self._show_view()
        search.focus()
        self.refresh_keys()

    # Adding

    def do_add(self) -> None:
        from tui.screens import register_add

        typed = self.query_one(RegisterSearch).value.strip()
        form = (
            register_add.household_form(typed) if self.view == HOUSEHOLDS else register_add.person_form(typed)
        )
        self._show_modal(form, partial(self._added, form))

    def _added(self, form: SavingForm, values: Values) -> None:
        if "known" in values:
            self._open(str(values["known"]))
            return
        if form.outcome is None:
            return
        from tui.screens.register_add import said_of

        self.note_change(form.outcome, said_of(values))
        # The card comes on top, so it tells what was done.
        text, tone = self._said
        self._open(str(_added_row(form.outcome)), said=text, tone=tone)

    def do_import(self) -> None:
        self.linli.enter("import")

    def do_export(self) -> None:
        from tui.screens.export import offer_export

        offer_export(self, "households" if self.view == HOUSEHOLDS else "people", text=self._text)


def _counts(desk: Desk) -> queries.HomeCounts:
    with desk.store.read() as session:
        return queries.home_counts(session, desk.seat.compound_id, today=desk.today())


def _added_row(outcome: Outcome) -> UUID:
    """Return the row that was added, or the one it was merged into."""
    verdict = outcome.verdicts[0]
    return verdict.into if isinstance(verdict, Merged) else UUID(str(outcome.operations[0].payload["id"]))
