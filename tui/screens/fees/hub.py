"""Fees: a numbered list of what there is to do with money, and what waits there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from textual.app import ComposeResult

from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.widgets.picker import Option
from tui.widgets.task_list import Task, TaskList

#: What leads to several rooms, which stand behind one digit because they are not for every day.
_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "books": ("rates", "accounts", "expenses"),
    "setting_up": ("charges", "concessions", "fee_rules", "letters"),
}
#: The tasks in the order of their digits: the desk, the doors and the money of the day, then bills, then the books.
_TASKS: Final = (
    *("collect", "arrears", "payments", "receipts", "cash", "billing", "bills", "reconcile"),
    *_GROUPS,
)
#: What begins a group of its own.
_APART: Final = ("billing", "books")


class FeesHub(LinliScreen):
    """A numbered list of the rooms of fees."""

    ROOM: ClassVar[str] = "fees"

    def body(self) -> ComposeResult:
        yield TaskList(id="tasks")

    def on_mount(self) -> None:
        self.query_one(TaskList).focus()
        self._show()

    def _show(self) -> None:
        self.query_one(TaskList).show(
            [
                Task(name, t(f"fee.hub.{name}"), "", t(f"fee.hub.{name}_note"), apart=name in _APART)
                for name in _TASKS
                if name in self.linli.rooms or self._group(name)
            ]
        )

    def _group(self, name: str) -> list[str]:
        """Return the rooms behind a digit that there are."""
        return [room for room in _GROUPS.get(name, ()) if room in self.linli.rooms]

    def on_task_list_opened(self, event: TaskList.Opened) -> None:
        rooms = self._group(event.task_id)
        if len(rooms) > 1:
            options = [Option(room, t(f"fee.hub.{room}"), t(f"fee.hub.{room}_note")) for room in rooms]
            self.choose(t(f"fee.hub.{event.task_id}"), options, self.linli.enter)
        else:
            self.linli.enter(rooms[0] if rooms else event.task_id)
