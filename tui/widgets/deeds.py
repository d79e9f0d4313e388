"""Everything that can be done on a card, each with its digit; lines break where they must."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.bars import KeyBar, KeyView
from tui.widgets.text import joined, width

_GAP = 3


class Deeds(Widget):
    """Posts KeyBar.Pressed when one is clicked. What cannot be done now stands in brackets."""

    DEFAULT_CSS = """
    Deeds { height: auto; text-wrap: nowrap; pointer: pointer; background: $surface; padding: 0 1; }
    """
    ALLOW_SELECT: ClassVar[bool] = False
    keys: reactive[tuple[KeyView, ...]] = reactive((), layout=True)

    def _placed(self, cells: int) -> list[tuple[int, int, KeyView, str]]:
        """Return line, start, entry and text of each."""
        placed: list[tuple[int, int, KeyView, str]] = []
        line = start = 0
        for view in self.keys:
            text = f"{view.key} {view.label}" if view.reason is None else f"({view.key} {view.label})"
            if start and start + width(text) > cells:
                line, start = line + 1, 0
            placed.append((line, start, view, text))
            start += width(text) + _GAP
        return placed

    def render(self) -> Content:
        lines = [Content("")]
        for line, start, view, text in self._placed(self.content_size.width):
            if line == len(lines):
                lines.append(Content(""))
            gap = " " * (start - lines[line].cell_length)
            if view.reason is None:
                lines[line] = lines[line] + joined(gap, (view.key, "bold $accent"), f" {view.label}")
            else:
                lines[line] = lines[line] + joined(gap, (text, "$text-disabled"))
        return Content("\n").join(lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport
        return max((line for line, *_ in self._placed(width)), default=0) + 1

    def on_click(self, event: events.Click) -> None:
        for line, start, view, text in self._placed(self.content_size.width):
            if line == event.y and start <= event.x - 1 < start + width(text):
                self.post_message(KeyBar.Pressed(view.action_id))
                return
