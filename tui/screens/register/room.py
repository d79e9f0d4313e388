"""The register: households, people and buildings in three lists under one search line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar
from uuid import UUID

from models.community import queries
from models.operations.perform import Outcome
from models.operations.verdicts import Merged
from tui.actions import EXPORT, Action, action
from tui.desk import Desk
from tui.i18n import language, t
from tui.row_words import building_word
from tui.screens.changing import Values
from tui.screens.filling import SavingForm
from tui.screens.register.rows import BUILDINGS, HOUSEHOLDS, PEOPLE, SoughtRows, columns_of
from tui.screens.tabbed import ListWords, Tab, Tabbed
from tui.widgets.rows import Column
from tui.widgets.text import Tone

# Digits go into the search line while it has the focus, the F-keys work everywhere.
SHOW_HOUSEHOLDS = action("register.show_households", "f2", "1", footer=False)
SHOW_PEOPLE = action("register.show_people", "f3", "2", footer=False)
SHOW_BUILDINGS = action("register.show_buildings", "f4", "3", footer=False)
PICK = action("register.pick", "enter")
ADD = action("register.add", "f5", "insert")
IMPORT = action("register.import", "f6")
ARCHIVED = action("register.show_archived", "f7")
TICKETS = action("register.tickets", "4", footer=False)


class RegisterScreen(Tabbed):
    """The three lists. `view` is the one to begin with."""

    ROOM: ClassVar[str] = "register"
    PICK: ClassVar[Action] = PICK
    TABS: ClassVar[tuple[Tab, ...]] = (
        Tab(HOUSEHOLDS, SHOW_HOUSEHOLDS, "register.households", "register.empty_households"),
        Tab(PEOPLE, SHOW_PEOPLE, "register.people", "register.empty_people"),
        Tab(BUILDINGS, SHOW_BUILDINGS, "register.buildings", "register.empty_buildings"),
    )
    WORDS: ClassVar[ListWords] = ListWords(
        hint="register.find_hint",
        found_nothing="register.found_nothing",
        nothing_to_open="register.nothing_to_open",
        archived_shown="register.archived_shown",
        archived_hidden="register.archived_hidden",
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        PICK, ADD, IMPORT, ARCHIVED, SHOW_HOUSEHOLDS, SHOW_PEOPLE, SHOW_BUILDINGS, TICKETS, EXPORT,
    )  # fmt: skip

    # Lists

    def list_columns(self, view: str) -> Sequence[Column]:
        return columns_of(view)

    def list_rows(self, view: str, text: str) -> SoughtRows:
        return SoughtRows(view, text, archived=self.archived)

    def ask_counts(self) -> None:
        self.read(_counts, self.show_counts, latest="counts")

    def open_row(self, row_id: str) -> None:
        """Open a card; a building shows its households, and the search line says which."""
        if self.view == BUILDINGS:
            self.look_for(HOUSEHOLDS, f"{row_id}栋" if language() == "zh_CN" else f"{row_id}-")
        else:
            self._open(row_id)

    # Actions

    def why_not(self, action_id: str) -> str | None:
        if action_id == ADD.id and self.view == BUILDINGS:
            return t("register.buildings_come_along")
        if action_id == EXPORT.id and self.view == BUILDINGS:
            return t("register.buildings_leave_along")
        if action_id == TICKETS.id and self.is_mounted and self.shown.highlighted is None:
            return t("register.nothing_to_open")
        return super().why_not(action_id)

    def do_show_households(self) -> None:
        self.switch(HOUSEHOLDS)

    def do_show_people(self) -> None:
        self.switch(PEOPLE)

    def do_show_buildings(self) -> None:
        self.switch(BUILDINGS)

    def _open(self, row_id: str, *, said: str = "", tone: Tone = Tone.PLAIN) -> None:
        from tui.screens.register.household import HouseholdScreen
        from tui.screens.register.person import PersonScreen

        card = (HouseholdScreen if self.view == HOUSEHOLDS else PersonScreen)(UUID(row_id), self.ledger)
        card.flash(said, tone)
        self.app.push_screen(card)

    # Adding

    def do_add(self) -> None:
        from tui.screens.register import add

        typed = self.typed
        form = add.household_form(typed) if self.view == HOUSEHOLDS else add.person_form(typed)
        self._show_modal(form, partial(self._added, form))

    def _added(self, form: SavingForm, values: Values) -> None:
        if "known" in values:
            self._open(str(values["known"]))
            return
        if form.outcome is None:
            return
        from tui.screens.register.add import said_of

        self.note_change(form.outcome, said_of(values))
        # The card comes on top, so it tells what was done.
        text, tone = self._said
        self._open(str(_added_row(form.outcome)), said=text, tone=tone)

    def do_tickets(self) -> None:
        """Show the tickets of the row in front."""
        row = self.shown.highlighted_row
        if row is None:
            return
        if self.view == BUILDINGS:
            self.ask(partial(_building_of, code=row.id), self._show_tickets_of)
            return
        of = "household_id" if self.view == HOUSEHOLDS else "person_id"
        self.linli.enter("tickets", title=str(row.cells[0]), **{of: UUID(row.id)})

    def _show_tickets_of(self, building: queries.BuildingLine | None) -> None:
        if building is not None:
            self.linli.enter("tickets", building_id=building.id, title=building_word(building.code))

    def do_import(self) -> None:
        self.linli.enter("import")

    def do_export(self) -> None:
        from tui.screens.export import offer_export

        offer_export(self, "households" if self.view == HOUSEHOLDS else "people", text=self.sought)


def _counts(desk: Desk) -> dict[str, int]:
    with desk.store.read() as session:
        counts = queries.home_counts(session, desk.seat.compound_id, today=desk.today())
    return {HOUSEHOLDS: counts.households, PEOPLE: counts.people, BUILDINGS: counts.buildings}


def _building_of(desk: Desk, code: str) -> queries.BuildingLine | None:
    with desk.store.read() as session:
        lines = queries.buildings(session, desk.seat.compound_id, today=desk.today(), archived=True)
    return next((line for line in lines if line.code == code), None)


def _added_row(outcome: Outcome) -> UUID:
    """Return the row that was added, or the one it was merged into."""
    verdict = outcome.verdicts[0]
    return verdict.into if isinstance(verdict, Merged) else UUID(str(outcome.operations[0].payload["id"]))
