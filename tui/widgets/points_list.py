"""All points of a walk in a column, the present one highlighted; draws only the lines on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.widgets.text import Mark, cut, fit, joined, tone_style, width

_SYMBOL_WORD = 10


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point: its code, its state, and where it is. `half_typed` marks a card that was left unfinished."""

    code: str
    mark: Mark
    place: str
    half_typed: bool = False


class PointsList(Widget):
    """Follows the current point; one click goes to a point, the wheel looks around."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    PointsList { width: 38; height: 1fr; padding: 0 0 0 1; border-left: solid $border-blurred; pointer: pointer; }
    """

    @dataclass
    class Chosen(Message):
        index: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._lines: Sequence[PointLine] = ()
        self._current = 0
        self._top = 0

    def show(self, lines: Sequence[PointLine], current: int) -> None:
        """Show these points with `current` in view."""
        self._lines, self._current = lines, current
        self._follow()
        self.refresh()

    def _follow(self) -> None:
        visible = self.content_size.height
        if not visible:
            return  # not laid out yet; following then would lead away from the top
        margin = min(3, visible // 3)
        top = min(self._top, self._current - margin)
        top = max(top, self._current + margin + 1 - visible)
        self._top = self._within(top)

    def _within(self, top: int) -> int:
        return max(0, min(top, len(self._lines) - self.content_size.height))

    def on_resize(self) -> None:
        self._follow()

    def render(self) -> Content:
        cells, visible = self.content_size.width, self.content_size.height
        shown = self._lines[self._top : self._top + visible]
        code_width = min(12, max((width(line.code) for line in self._lines), default=4))
        lines: list[Content] = []
        for index, line in enumerate(shown, self._top):
            state = fit(str(line.mark), _SYMBOL_WORD)
            half = "✎" if line.half_typed else " "
            place = cut(line.place, cells - code_width - _SYMBOL_WORD - 6)
            if index == self._current:
                text = f"> {fit(line.code, code_width)} {half} {state} {place}"
                style = "bold $block-cursor-foreground on $block-cursor-background"
                lines.append(joined((fit(text, cells), style)))
            else:
                lines.append(
                    joined(
                        f"  {fit(line.code, code_width)} ",
                        (f"{half} ", "$text-warning"),
                        (f"{state} ", tone_style(line.mark.tone)),
                        (place, "$text-muted"),
                    )
                )
        return Content("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        index = self._top + event.y
        if 0 <= index < len(self._lines):
            self.post_message(self.Chosen(index))

    def on_mouse_scroll_down(self) -> None:
        self._look(3)

    def on_mouse_scroll_up(self) -> None:
        self._look(-3)

    def _look(self, by: int) -> None:
        self._top = self._within(self._top + by)
        self.refresh()
