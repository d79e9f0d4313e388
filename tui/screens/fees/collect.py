"""The desk: somebody comes to pay. Their door is found by its code, a name, or a telephone's last digits."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from textual.app import ComposeResult

from tui.actions import Action, action
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.fees import collect_store as store
from tui.screens.fees.collect_words import door_columns, door_row
from tui.widgets.long_list import LongList
from tui.widgets.rows import RowView
from tui.widgets.search import SearchBox

if TYPE_CHECKING:
    from tui.desk import Desk
    from tui.screens.fees.collect_door import DoorTill

OPEN = action("collect.open", "enter")


class CollectDesk(LinliScreen):
    """Doors under a search line. Whoever has paid is followed by the next: the line is empty again."""

    ROOM: ClassVar[str] = "collect"
    ACTIONS: ClassVar[tuple[Action, ...]] = (OPEN,)
    DEFAULT_CSS = """
    CollectDesk #find { margin-bottom: 1; }
    """
    _text = ""
    _till: DoorTill | None = None

    def body(self) -> ComposeResult:
        yield SearchBox("#doors", hint=t("fee.desk.hint"), id="find")
        yield LongList(door_columns(), lit=True, id="doors")

    def on_mount(self) -> None:
        self.query_one(SearchBox).focus()

    def on_screen_resume(self) -> None:
        """Make room for the next who comes, once somebody has paid."""
        till, self._till = self._till, None
        if till is not None:
            box = self.query_one(SearchBox)
            if till.taken is not None:
                self._text = box.value = ""
            box.focus()
            box.action_select_all()  # the next door is typed over the one before
        self._show(keep=True)

    def news(self) -> None:
        self._show(keep=True)

    def why_not(self, action_id: str) -> str | None:
        if action_id == OPEN.id and self.is_mounted and self.query_one(LongList).highlighted is None:
            return t("fee.desk.no_door")
        return super().why_not(action_id)

    def _show(self, *, keep: bool = False) -> None:
        text = self._text

        def page(desk: Desk, offset: int, limit: int) -> list[RowView]:
            return [door_row(door) for door in store.page(desk, text, offset, limit)]

        doors = self.query_one(LongList)
        doors.empty = t("fee.desk.found_nothing", text=text) if text else t("fee.desk.no_doors")
        doors.show(self.source(partial(store.count, text=text), page), keep=keep)

    def on_search_box_searched(self, event: SearchBox.Searched) -> None:
        if event.text != self._text:
            self._text = event.text
            self._show()

    def on_long_list_highlighted(self) -> None:
        self.refresh_keys()

    def on_long_list_emptied(self) -> None:
        self.refresh_keys()

    def on_long_list_picked(self, event: LongList.Picked) -> None:
        from tui.screens.fees.collect_door import DoorTill

        self.flash("")
        self._till = DoorTill(UUID(event.row_id))
        self.app.push_screen(self._till)

    def do_open(self) -> None:
        self.query_one(LongList).action_pick()

    def do_find(self) -> None:
        self.query_one(SearchBox).focus()


def collect_room(household_id: UUID | None = None) -> LinliScreen:
    """Return the desk, or at once the till of a door that somebody has in front of them."""
    if household_id is None:
        return CollectDesk()
    from tui.screens.fees.collect_door import DoorTill

    return DoorTill(household_id)
