"""Drawing an open screen anew in another language, with what the person had typed and found on it."""

from __future__ import annotations

import inspect
from typing import Any

from tui.screens.base import LinliScreen, Shell
from tui.widgets.search import Entry
from tui.widgets.task_list import TaskList


async def redraw(screen: Shell[Any]) -> None:
    """Compose a screen again and let it ask its first questions again.

    The screen itself stays the same: what it knows, and who waits for its
    result, does not change with the language. What stood in its lines is put
    back, and so is the task that was chosen.
    """
    typed = {box.id: (box.value, box.cursor_position) for box in screen.query(Entry) if box.id}
    chosen = {tasks.id: tasks.cursor for tasks in screen.query(TaskList)}
    focused = None if screen.focused is None else screen.focused.id
    if isinstance(screen, LinliScreen):
        screen.flash("")
    await _compose_again(screen)
    for box in screen.query(Entry):
        if box.id in typed:
            box.value, box.cursor_position = typed[box.id]
    for tasks in screen.query(TaskList):
        tasks.set_reactive(TaskList.cursor, chosen.get(tasks.id, 0))
    if focused is not None:
        for widget in screen.query(f"#{focused}"):
            widget.focus()
    elif screen.focused is None and screen.AUTO_FOCUS:
        for widget in screen.query(screen.AUTO_FOCUS):
            if widget.focusable:
                widget.focus()
                break
    await _run(screen, "on_screen_resume")


async def _compose_again(screen: Shell[Any]) -> None:
    """Compose a screen; answers that come meanwhile are shown after it."""
    held: list[Shell.Answered] = []
    screen.held = held
    try:
        await screen.recompose()
        await _run(screen, "on_mount")
    finally:
        screen.held = None
        for early in held:
            screen.post_message(Shell.Answered(early.then, early.answer))


async def _run(screen: Shell[Any], handler: str) -> None:
    """Run every handler of that name that our own classes have, in Textual's order."""
    for cls in type(screen).__mro__:
        if handler in cls.__dict__ and not cls.__module__.startswith("textual."):
            done = cls.__dict__[handler](screen)
            if inspect.isawaitable(done):
                await done
