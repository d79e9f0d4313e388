"""Who takes turns: found by name or pinyin, with what each has said; who is out just now; who could join; and the pools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME
from tui import edge
from tui.actions import Action, action, shown_key
from tui.i18n import t
from tui.screens.duty import duty_people_rows as rows
from tui.screens.tabbed import ListWords, Tab, Tabbed
from tui.widgets.fields import TextField
from tui.widgets.rows import Column

# Digits go into the search line while it has the focus, the F-keys work everywhere.
SHOW_TURNS = action("duty_people.show_turns", "f2", "1", footer=False)
SHOW_PAUSED = action("duty_people.show_paused", "f3", "2", footer=False)
SHOW_OTHERS = action("duty_people.show_others", "f4", "3", footer=False)
SHOW_POOLS = action("duty_people.show_pools", "f6", "4", footer=False)
PICK = action("duty_people.pick", "enter")
ADD = action("duty_people.add", "f5", "insert")


class DutyPeople(Tabbed):
    """The four lists. `view` is the one to begin with."""

    ROOM: ClassVar[str] = "duty_people"
    PICK: ClassVar[Action] = PICK
    TABS: ClassVar[tuple[Tab, ...]] = (
        Tab(rows.TURNS, SHOW_TURNS, "duty_setup.turns", "duty_setup.no_turns"),
        Tab(rows.PAUSED, SHOW_PAUSED, "duty_setup.paused", "duty_setup.no_paused"),
        Tab(rows.OTHERS, SHOW_OTHERS, "duty_setup.others", "duty_setup.no_others"),
        Tab(rows.POOLS, SHOW_POOLS, "duty_setup.pools", "duty_setup.no_pools_yet"),
    )
    WORDS: ClassVar[ListWords] = ListWords(
        hint="duty_setup.find_hint",
        found_nothing="duty_setup.found_nothing",
        nothing_to_open="duty_setup.nothing_to_open",
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = (PICK, ADD, SHOW_TURNS, SHOW_PAUSED, SHOW_OTHERS, SHOW_POOLS)
    _may = False

    # Lists

    def list_columns(self, view: str) -> Sequence[Column]:
        return rows.columns_of(view)

    def list_rows(self, view: str, text: str) -> rows.DutyRows:
        return rows.DutyRows(view, text)

    def ask_counts(self) -> None:
        self.read(rows.counts, self._counted, latest="counts")

    def _counted(self, found: rows.Counts) -> None:
        self._may = found.may
        self.show_counts(found.by_view)

    def open_row(self, row_id: str) -> None:
        from tui.screens.duty.duty_people_card import DutyPerson
        from tui.screens.duty.duty_people_pool import DutyPool

        card = DutyPool if self.view == rows.POOLS else DutyPerson
        self.app.push_screen(card(UUID(row_id), self.ledger))

    # Actions

    def why_not(self, action_id: str) -> str | None:
        if action_id == ADD.id and (why := self._why_not_add()) is not None:
            return why
        return super().why_not(action_id)

    def _why_not_add(self) -> str | None:
        if self.view in {rows.TURNS, rows.PAUSED}:
            return t("duty_setup.come_from_others", key=shown_key(SHOW_OTHERS.current_keys[0]))
        if not self._may:
            return t("duty_setup.keepers_only")
        if self.view == rows.POOLS or not self.is_mounted:
            return None
        row = self.shown.highlighted_row
        if row is None:
            return t("duty_setup.nothing_to_open")
        lacks = str(row.cells[1]).endswith(t("duty_setup.no_role"))
        return t("duty_setup.role_first", name=str(row.cells[0])) if lacks else None

    def do_show_turns(self) -> None:
        self.switch(rows.TURNS)

    def do_show_paused(self) -> None:
        self.switch(rows.PAUSED)

    def do_show_others(self) -> None:
        self.switch(rows.OTHERS)

    def do_show_pools(self) -> None:
        self.switch(rows.POOLS)

    def do_add(self) -> None:
        """Let somebody take turns who does not, with a plain share; or set up a pool."""
        if self.view == rows.POOLS:
            self._add_pool()
            return
        row = self.shown.highlighted_row
        if row is not None:
            self.tell(
                lambda desk: desk.perform(*rows.taking_in(desk, UUID(row.id))),
                lambda outcome: self.note_change(outcome, t("duty_setup.taken_in", name=str(row.cells[0]))),
            )

    def _add_pool(self) -> None:
        self.fill_in(
            t("duty_setup.add_pool_title"),
            [
                TextField(
                    id="name",
                    label=t("duty_setup.pool_name"),
                    value=self.typed,
                    required=True,
                    longest=LONGEST_NAME,
                    hint=t("duty_setup.pool_name_hint"),
                )
            ],
            lambda values: [Intent("team.add", {"id": str(edge.new_id()), "name": str(values["name"])})],
            lambda values: t("duty_setup.pool_added", name=values["name"]),
            draft="pool",
        )
