"""What the walks stand on: the map, points and pipes, routes, when they are due, what is asked, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult

from models.inspection import queries_ground
from models.inspection.queries_schedules import DueCounts, home_due
from tui.desk import Desk
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.schedules.due_words import due_mark
from tui.widgets.task_list import Task, TaskList
from tui.widgets.text import Mark

#: The rooms that this one leads to, in the order of their digits.
_ROOMS = ("map", "points", "routes", "schedules", "checklists", "compare", "import")


@dataclass(frozen=True, slots=True)
class Ground:
    """How much of everything there is."""

    counts: queries_ground.GroundCounts
    due: DueCounts


def look(desk: Desk) -> Ground:
    """Ask the store; its cost does not grow with the walks that are stored."""
    with desk.store.read() as session:
        compound_id = desk.seat.compound_id
        return Ground(
            queries_ground.ground_counts(session, compound_id),
            home_due(session, compound_id, today=desk.today()),
        )


class InspectionScreen(LinliScreen):
    """A numbered list of the rooms of inspection."""

    ROOM: ClassVar[str] = "inspection"

    def body(self) -> ComposeResult:
        yield TaskList(id="tasks")

    def on_mount(self) -> None:
        self.query_one(TaskList).focus()

    def on_screen_resume(self) -> None:
        self.ask(look, self._show, latest="ground")

    def news(self) -> None:
        self.ask(look, self._show, latest="ground")

    def _show(self, ground: Ground) -> None:
        counts = ground.counts
        said: dict[str, Mark | str] = {
            "points": t("inspection.points_n", n=counts.points),
            "routes": t("inspection.routes_n", n=counts.routes),
            "schedules": due_mark(ground.due),
            "checklists": t("inspection.checklists_n", n=counts.questions),
            "map": t("inspection.pipes_n", n=counts.pipes),
            "compare": t("inspection.walks_n", n=counts.walks),
            "import": "",
        }
        self.query_one(TaskList).show(
            [Task(room, t(f"screen.{room}"), said[room], t(f"inspection.{room}_note")) for room in _ROOMS]
        )

    def on_task_list_opened(self, event: TaskList.Opened) -> None:
        self.linli.enter(event.task_id)
