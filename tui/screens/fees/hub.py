"""Fees: a numbered list of what there is to do with money, and what waits there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult

from models.fees.queries_home import MAY_DECIDE, HomeFees, charges_anything, home_fees
from tui.desk import Desk
from tui.fee_words import sum_text
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.widgets.picker import Option
from tui.widgets.task_list import Task, TaskList
from tui.widgets.text import Mark, Tone

#: What leads to several rooms, which stand behind one digit because they are not for every day.
_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "books": ("rates", "accounts", "expenses"),
    "setting_up": ("charges", "concessions", "fee_rules", "letters", "fee_history"),
}
#: The tasks in the order of their digits: the desk, the doors and the money of the day, then bills, then the books.
_TASKS: Final = (
    *("collect", "arrears", "payments", "receipts", "cash", "billing", "bills", "reconcile"),
    *_GROUPS,
)
#: What begins a group of its own.
_APART: Final = ("billing", "books")


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits in the rooms of fees; `decides` tells whether who acts may be a second person, `charges` whether an item is charged at all."""

    fees: HomeFees
    decides: bool
    charges: bool


def look(desk: Desk) -> Counts:
    """Ask the store; the cost follows what is open, not what is stored."""
    seat, decides = desk.seat, desk.may(MAY_DECIDE)
    with desk.store.read() as session:
        fees = home_fees(session, seat.compound_id, seat.person_id, today=desk.today())
        charges = charges_anything(session, seat.compound_id)
    return Counts(fees, decides, charges)


class FeesHub(LinliScreen):
    """A numbered list of the rooms of fees."""

    ROOM: ClassVar[str] = "fees"

    def body(self) -> ComposeResult:
        yield TaskList(id="tasks")

    def on_mount(self) -> None:
        self.query_one(TaskList).focus()

    def on_screen_resume(self) -> None:
        self.news()

    def news(self) -> None:
        self.ask(look, self._show, latest="counts")

    def _show(self, counts: Counts) -> None:
        said = _marks(counts)
        self.query_one(TaskList).show(
            [
                Task(
                    name,
                    t(f"fee.hub.{name}"),
                    said.get(name, ""),
                    t(f"fee.hub.{name}_note"),
                    apart=name in _APART,
                )
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


def _marks(counts: Counts) -> dict[str, Mark | str]:
    """Return what stands beside the rooms: what is owed, what is promised, what waits for somebody."""
    fees, asked = counts.fees, counts.fees.requests
    said: dict[str, Mark | str] = {}
    if fees.doors:
        said["collect"] = Mark("▲", t("fee.hub.owed", sum=sum_text(fees.owed_fen)), Tone.INFO)
        said["arrears"] = t("fee.hub.doors", n=fees.doors)
    if fees.promises:
        said["arrears"] = Mark("◷", t("fee.hub.promised", n=fees.promises), Tone.WARN)
    if asked.payments and counts.decides:
        said["payments"] = Mark("?", t("fee.hub.to_decide", n=asked.payments), Tone.WARN)
    elif fees.suspense:
        said["payments"] = Mark("?", t("fee.hub.suspense", n=fees.suspense), Tone.INFO)
    if fees.rows:
        said["reconcile"] = Mark("●", t("fee.hub.rows", n=fees.rows), Tone.INFO)
    if asked.expenses and counts.decides:
        said["books"] = Mark("?", t("fee.hub.to_decide", n=asked.expenses), Tone.WARN)
    elif fees.latest is not None:
        said["books"] = t("fee.hub.rate", percent=fees.latest.percent)
    if not counts.charges:
        said["setting_up"] = Mark("→", t("fee.hub.set_up_first"), Tone.WARN)
    elif asked.concessions and counts.decides:
        said["setting_up"] = Mark("?", t("fee.hub.to_decide", n=asked.concessions), Tone.WARN)
    return said
