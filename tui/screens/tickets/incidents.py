"""Incidents: what strikes many households at once, said once; those that last, and those that are over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from tui.actions import Action, action
from tui.i18n import t
from tui.screens.points.base import NetworkBase
from tui.screens.register.words import listed
from tui.screens.tabbed import ListWords, Tab, Tabbed
from tui.screens.tick import Tick
from tui.screens.tickets import incidents_store as store
from tui.screens.tickets.incidents_fields import incident_fields, incident_values
from tui.screens.tickets.incidents_store import LASTING, PAST, SoughtIncidents
from tui.screens.tickets.incidents_words import incident_columns
from tui.widgets.rows import Column

PICK = action("incidents.pick", "enter")
SHOW_LASTING = action("incidents.show_lasting", "f3", "1", footer=False)
SHOW_PAST = action("incidents.show_past", "f4", "2", footer=False)
ADD = action("incidents.open", "f5", "insert")
FIND = action("incidents.find", "/", footer=False)


class Incidents(Tabbed, NetworkBase):
    """The lists."""

    ROOM: ClassVar[str] = "incidents"
    PICK: ClassVar[Action] = PICK
    TABS: ClassVar[tuple[Tab, ...]] = (
        Tab(LASTING, SHOW_LASTING, "incidents.lasting", "incidents.empty_lasting"),
        Tab(PAST, SHOW_PAST, "incidents.past", "incidents.empty_past"),
    )
    WORDS: ClassVar[ListWords] = ListWords(
        hint="incidents.find_hint",
        found_nothing="incidents.found_nothing",
        nothing_to_open="incidents.nothing_to_open",
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, ADD, SHOW_LASTING, SHOW_PAST, FIND)

    def list_columns(self, view: str) -> Sequence[Column]:
        del view
        return incident_columns()

    def list_rows(self, view: str, text: str) -> SoughtIncidents:
        return SoughtIncidents(view, text, archived=self.archived)

    def ask_counts(self) -> None:
        self.read(store.count_views, self.show_counts, latest="counts")

    def open_row(self, row_id: str) -> None:
        from tui.screens.tickets.incidents_card import IncidentScreen

        self.app.push_screen(IncidentScreen(UUID(row_id), self.works))

    def do_show_lasting(self) -> None:
        self.switch(LASTING)

    def do_show_past(self) -> None:
        self.switch(PAST)

    # Opening one

    def do_open(self) -> None:
        self.ask(store.choices, self._ask_where)

    def _ask_where(self, given: store.Choices) -> None:
        def struck(ids: tuple[str, ...]) -> None:
            self._fill_in(given, ids)

        if not given.buildings:
            struck(())
            return
        self._show_modal(
            Tick(
                t("incidents.where_title"),
                given.buildings,
                verb=t("incidents.where_verb"),
                about=t("incidents.where_about"),
            ),
            struck,
        )

    def _fill_in(self, given: store.Choices, buildings: tuple[str, ...]) -> None:
        names = {option.id: option.text for option in given.buildings}
        where = listed([names[one] for one in buildings]) or t("incidents.everywhere")
        self.fill_in(
            t("incidents.open_title", where=where),
            incident_fields(None, given),
            lambda values: store.opening(incident_values(values, given.clock), buildings),
            lambda values: t("incidents.opened", name=str(values["name"])),
            draft="incident",
            save=t("incidents.open_verb"),
        )
