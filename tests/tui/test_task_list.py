from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from tui.widgets.task_list import Task, TaskList

TASKS = [Task(name, name, apart=name in {"c", "e"}) for name in "abcdef"]


class Tasks(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def compose(self) -> ComposeResult:
        yield TaskList(TASKS)

    def on_task_list_opened(self, event: TaskList.Opened) -> None:
        self.opened.append(event.task_id)


def shown(app: Tasks) -> str:
    """Return the tasks' titles by line, a dot for a blank one."""
    lines = ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]
    return "".join(line.split()[-1][-1] if line.strip() else "." for line in lines[1:-1])


@pytest.mark.parametrize(
    ("height", "lines"), [(13, "a.b.c.d.e.f"), (12, "ab.cd.ef.."), (10, "ab.cd.ef"), (9, "abcdef.")]
)
async def test_blank_lines_part_all_tasks_or_else_the_groups_or_else_none(height: int, lines: str) -> None:
    app = Tasks()
    async with app.run_test(size=(40, height)):
        assert shown(app) == lines


async def test_a_click_opens_the_task_it_hits_and_a_gap_opens_nothing() -> None:
    app = Tasks()
    async with app.run_test(size=(40, 10)) as pilot:
        for line in range(1, 9):
            await pilot.click(offset=(8, line))
            await pilot.pause()
        assert app.opened == list("abcdef")
