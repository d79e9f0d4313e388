"""Short tellings that each lead somewhere: beside each other as far as they fit, a click or Enter opens one."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.text import Mark, cut, joined, tone_style, width

_GAP = 3


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told, and what it is called by whoever opens it."""

    id: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a telling is drawn."""

    row: int
    column: int
    text: str


class Tellings(Widget, can_focus=True):
    """As tall as it needs to be; hidden while there is nothing to tell."""

    HELP_KEY: ClassVar[str] = "help.tellings"
    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    Tellings { height: auto; padding: 0 2; pointer: pointer; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,left,k,ｋ", "move(-1)"),
        Binding("down,right,j,ｊ", "move(1)"),
        Binding("enter", "open"),
    ]
    tellings: reactive[tuple[Telling, ...]] = reactive((), layout=True)
    cursor: reactive[int] = reactive(0)

    @dataclass
    class Opened(Message):
        telling_id: str

    @dataclass
    class Passed(Message):
        """Somebody went on past the last one."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.display = False

    def show(self, tellings: Sequence[Telling]) -> None:
        """Show tellings; the cursor stays on the one it is on, wherever that stands now."""
        here = self.tellings[self.cursor].id if self.cursor < len(self.tellings) else ""
        self.tellings = tuple(tellings)
        self.cursor = next((index for index, one in enumerate(self.tellings) if one.id == here), 0)
        self.display = bool(self.tellings)

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.tellings) - 1))

    def _spots(self, cells: int) -> list[_Spot]:
        spots: list[_Spot] = []
        row = column = 0
        for one in self.tellings:
            text = cut(str(one.mark), cells)
            if column and column + width(text) > cells:
                row, column = row + 1, 0
            spots.append(_Spot(row, column, text))
            column += width(text) + _GAP
        return spots

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport
        spots = self._spots(width)
        return spots[-1].row + 1 if spots else 0

    def render(self) -> Content:
        lines: list[Content] = []
        for index, (one, spot) in enumerate(
            zip(self.tellings, self._spots(self.content_size.width), strict=True)
        ):
            chosen = index == self.cursor and self.has_focus
            style = (
                "bold $block-cursor-foreground on $block-cursor-background"
                if chosen
                else tone_style(one.mark.tone)
            )
            told = joined((spot.text, style))
            if spot.row == len(lines):
                lines.append(told)
            else:
                lines[-1] = joined(lines[-1], " " * _GAP, told)
        return Content("\n").join(lines)

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 - a Textual watcher
        super().watch_has_focus(_has_focus)
        self.refresh()

    def action_move(self, by: int) -> None:
        if by > 0 and self.cursor == len(self.tellings) - 1:
            self.post_message(self.Passed())
        self.cursor += by

    def action_open(self) -> None:
        if self.tellings:
            self.post_message(self.Opened(self.tellings[self.cursor].id))

    def on_click(self, event: events.Click) -> None:
        x, y = event.x - self.styles.padding.left, event.y - self.styles.padding.top
        for index, spot in enumerate(self._spots(self.content_size.width)):
            if spot.row == y and spot.column <= x < spot.column + width(spot.text):
                self.cursor = index
                self.action_open()
