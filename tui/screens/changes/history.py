"""One row's whole history, and what was done in one go: lists of single operations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult

from models.operations.one_change import RowHistory, fields_of, history_of
from tui.actions import Action, action
from tui.change_words import row_title
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.changes.room import OPEN
from tui.screens.changes.rows import History, Parts, columns, field_columns, field_rows
from tui.widgets.long_list import LongList
from tui.widgets.rows import RowView
from tui.widgets.text import Line, plain

FIELDS = action("changes.fields", "f4")


class OperationsScreen(LinliScreen):
    """A list of operations, and beneath it the whole sentence of the line in front."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN,)
    DEFAULT_CSS = """
    OperationsScreen LongList { display: none; }
    OperationsScreen LongList.-shown { display: block; }
    OperationsScreen #about { color: $text-muted; margin-bottom: 1; }
    OperationsScreen.-short #about { margin-bottom: 0; }
    OperationsScreen #detail { height: auto; max-height: 3; color: $text-muted; }
    """

    def body(self) -> ComposeResult:
        yield Line(id="about")
        yield LongList(columns(), empty=t("changes.none"), lit=True, id="operations", classes="-shown")
        yield Line(id="detail")

    def on_mount(self) -> None:
        self.shown.focus()
        self.reread()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.reread()

    def news(self) -> None:
        self.reread()

    @property
    def shown(self) -> LongList:
        """The list on screen."""
        return next(one for one in self.query(LongList) if one.has_class("-shown"))

    def reread(self) -> None:
        raise NotImplementedError

    def fill(self, wanted: History | Parts) -> None:
        """Show operations; the highlight stays where it is."""
        operations = self.query_one("#operations", LongList)
        operations.show(self.source(wanted.count, wanted.page), keep=True)

    def on_long_list_highlighted(self) -> None:
        row = self.shown.highlighted_row
        self.query_one("#detail", Line).show(plain("" if row is None else str(row.cells[-1])))
        self.refresh_keys()

    async def on_long_list_picked(self) -> None:
        await self.action_act(OPEN.id)

    def why_not(self, action_id: str) -> str | None:
        if action_id == OPEN.id and self.is_mounted:
            highlighted = self.shown.highlighted
            if highlighted is None:
                return t("changes.nothing_to_open")
            if highlighted.startswith("field:"):
                return t("changes.never_written")
        return super().why_not(action_id)

    def do_open(self) -> None:
        highlighted = self.shown.highlighted
        if highlighted is not None:
            from tui.screens.changes.detail import ChangeScreen

            self.app.push_screen(ChangeScreen(UUID(highlighted)))


class PartsScreen(OperationsScreen):
    """What was done in one go."""

    ROOM: ClassVar[str] = "parts"

    def __init__(self, change_id: UUID, said: str) -> None:
        super().__init__()
        self._change_id = change_id
        self._about = said

    def reread(self) -> None:
        self.query_one("#about", Line).show(plain(self._about))
        self.fill(Parts(self._change_id))


@dataclass(frozen=True, slots=True)
class _Seen:
    found: RowHistory
    fields: list[RowView]


class HistoryScreen(OperationsScreen):
    """Everything that happened to a row; its fields, and who wrote each last, are one key away."""

    ROOM: ClassVar[str] = "history"
    ACTIONS: ClassVar[tuple[Action, ...]] = (FIELDS,)

    def __init__(self, row_id: UUID, table: str) -> None:
        super().__init__()
        self.row_id, self.table = row_id, table
        self._title = ""
        self._fields: list[RowView] = []

    @property
    def heading(self) -> str:
        return t("changes.history_of", what=self._title) if self._title else super().heading

    def body(self) -> ComposeResult:
        yield Line(id="about")
        yield LongList(columns(), empty=t("changes.none"), lit=True, id="operations", classes="-shown")
        yield LongList(field_columns(), empty=t("changes.no_fields"), lit=True, id="fields")
        yield Line(id="detail")

    def reread(self) -> None:
        self.ask(partial(_look, table=self.table, row_id=self.row_id), self._show, latest="history")

    def _show(self, seen: _Seen) -> None:
        found = seen.found
        self._title = row_title(found.row, found.names) if found.row is not None else ""
        self._fields = seen.fields
        self.query_one("#fields", LongList).show(seen.fields, keep=True)
        self.fill(History(found.ids))
        self._say()
        self.refresh_frame()

    def _say(self) -> None:
        fields = self.shown.id == "fields"
        said = t("changes.fields_shown" if fields else "changes.changes_shown")
        self.query_one("#about", Line).show(plain(said))

    def why_not(self, action_id: str) -> str | None:
        if action_id == FIELDS.id and self.is_mounted and not self._fields:
            return t("changes.no_fields")
        return super().why_not(action_id)

    def do_fields(self) -> None:
        for one in self.query(LongList):
            one.toggle_class("-shown")
        self.shown.focus()
        self.on_long_list_highlighted()
        self._say()


def _look(desk: Desk, *, table: str, row_id: UUID) -> _Seen:
    with desk.store.read() as session:
        found = history_of(session, desk.seat.compound_id, table, row_id)
        fields = () if found.row is None else fields_of(session, desk.seat.compound_id, found.row)
        return _Seen(found, field_rows(desk, session, fields))
