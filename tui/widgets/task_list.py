"""A numbered list of plain tasks: a digit, Enter or one click opens one."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.actions import variants
from tui.widgets.text import Mark, cut, fit, joined, tone_style, width

_DIGITS = "1234567890"
_TITLE = 24
_MARGIN = 6  # marker, digit and spaces before the title


@dataclass(frozen=True, slots=True)
class Task:
    """One task. `count` says in a Mark what waits there; `reason` why it is shut.

    `apart` begins a group: a blank line stands before it where there is room.
    """

    id: str
    title: str
    count: Mark | str = ""
    note: str = ""
    reason: str | None = None
    apart: bool = False


class TaskList(Widget, can_focus=True):
    """At most ten tasks, numbered 1 to 9 and 0."""

    HELP_KEY: ClassVar[str] = "help.tasks"
    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    TaskList { height: 1fr; padding: 1 2; pointer: pointer; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k,ｋ", "move(-1)"),
        Binding("down,j,ｊ", "move(1)"),
        Binding("home", "move(-10)"),
        Binding("end", "move(10)"),
        Binding("enter", "open"),
        *(Binding(",".join(variants(digit)), f"number({index})") for index, digit in enumerate(_DIGITS)),
    ]
    tasks: reactive[tuple[Task, ...]] = reactive(())
    cursor: reactive[int] = reactive(0)

    @dataclass
    class Opened(Message):
        task_id: str

    @dataclass
    class Refused(Message):
        """Somebody opened a task that is shut; `reason` is for the status line."""

        task_id: str
        reason: str

    @dataclass
    class Topped(Message):
        """Somebody went up from the first task."""

    def __init__(self, tasks: Sequence[Task] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(TaskList.tasks, tuple(tasks))
        self._early: int | None = None

    def show(self, tasks: Sequence[Task]) -> None:
        """Show tasks, and open the one whose digit was pressed before there were any."""
        self.tasks = tuple(tasks)
        early, self._early = self._early, None
        if early is not None:
            self.action_number(early)

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.tasks) - 1))

    def _rows(self) -> list[int]:
        """Return each task's line: blank ones between all as long as they fit, else between groups, else none."""
        height = self.content_size.height
        last = len(self.tasks) - 1
        if last * 2 < height:
            return [index * 2 for index in range(last + 1)]
        apart = list(accumulate(task.apart for task in self.tasks))
        if apart and last + apart[-1] < height:
            return [index + gaps for index, gaps in enumerate(apart)]
        return list(range(last + 1))

    def render(self) -> Content:
        cells = self.content_size.width
        title_width = min(max((width(task.title) for task in self.tasks), default=0), _TITLE) + 2
        count_width = max((width(str(task.count)) for task in self.tasks), default=0)
        count_width = min(count_width, max(0, cells - _MARGIN - title_width))
        rows = self._rows()
        lines = [Content("")] * (rows[-1] + 1 if rows else 0)
        for index, (row, task) in enumerate(zip(rows, self.tasks, strict=True)):
            lines[row] = self._line(index, task, title_width, count_width, cells)
        return Content("\n").join(lines)

    def _line(self, index: int, task: Task, title_width: int, count_width: int, cells: int) -> Content:
        chosen = index == self.cursor
        count = task.count if isinstance(task.count, Mark) else Mark("", task.count)
        digit = _DIGITS[index] if index < len(_DIGITS) else " "
        room = cells - _MARGIN - title_width - count_width - 2
        note = cut(task.note if task.reason is None else task.reason, room)
        shut = task.reason is not None
        if chosen and self.has_focus:
            text = f">  {digit}  {fit(task.title, title_width)}{fit(str(count), count_width)}  {note}"
            return joined((fit(text, cells), "bold $block-cursor-foreground on $block-cursor-background"))
        title_style = "$text-disabled" if shut else "bold" if chosen else ""
        return joined(
            (">  " if chosen else "   ", "$accent"),
            (digit, "$text-disabled" if shut else "bold $accent"),
            "  ",
            (fit(task.title, title_width), title_style),
            (fit(str(count), count_width), "$text-disabled" if shut else tone_style(count.tone)),
            ("  " + note, "$text-muted"),
        )

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 - a Textual watcher
        super().watch_has_focus(_has_focus)
        self.refresh()

    def action_move(self, by: int) -> None:
        if by == -1 and not self.cursor:
            self.post_message(self.Topped())
        self.cursor += by

    def action_number(self, index: int) -> None:
        if not self.tasks:
            self._early = index
        elif index < len(self.tasks):
            self.cursor = index
            self.action_open()

    def action_open(self) -> None:
        if not self.tasks:
            return
        task = self.tasks[self.cursor]
        if task.reason is not None:
            self.post_message(self.Refused(task.id, task.reason))
        else:
            self.post_message(self.Opened(task.id))

    def on_click(self, event: events.Click) -> None:
        row = event.y - self.styles.padding.top
        if row in self._rows():
            self.cursor = self._rows().index(row)
            self.action_open()
