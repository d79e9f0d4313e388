"""Numbered lines to tick or to answer in place, nine to a page; keys come from the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.text import Mark, cut, fit, joined, tone_style, width

PAGE = 9
_HEAD = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """A small choice at the end of a line, such as a grade; `id` comes back when it is clicked."""

    id: str
    word: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class TickLine:
    """A line: `box` says how it stands, `choices` stand at its end."""

    box: Mark
    text: str
    choices: tuple[Choice, ...] = ()


class TickList(Widget):
    """Shows the page that holds the cursor, under a heading."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    TickList { height: auto; pointer: pointer; }
    """
    heading: reactive[str] = reactive("")
    lines: reactive[tuple[TickLine, ...]] = reactive((), layout=True)
    cursor: reactive[int | None] = reactive(None)
    numbered: reactive[bool] = reactive(default=True)

    @dataclass
    class Ticked(Message):
        """A line was clicked."""

        index: int

    @dataclass
    class Chose(Message):
        """A choice of a line was clicked."""

        index: int
        choice_id: str

    def show(
        self, heading: str, lines: Sequence[TickLine], cursor: int | None, *, numbered: bool = True
    ) -> None:
        """Show lines; without numbers where a digit does not mean a line."""
        self.heading, self.lines, self.cursor, self.numbered = heading, tuple(lines), cursor, numbered

    @property
    def first(self) -> int:
        """The index of the first line on screen."""
        return (self.cursor or 0) // PAGE * PAGE

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport, width
        return min(PAGE, len(self.lines)) + _HEAD

    def _ends(self, line: TickLine) -> list[tuple[int, int, Choice]]:
        """Return start and width of each choice, flush with the right edge."""
        start = self.content_size.width - sum(width(choice.word) + 3 for choice in line.choices)
        ends: list[tuple[int, int, Choice]] = []
        for choice in line.choices:
            wide = width(choice.word) + 2
            ends.append((start, wide, choice))
            start += wide + 1
        return ends

    def render(self) -> Content:
        cells = self.content_size.width
        drawn = [joined((cut(self.heading, cells), "bold $primary"))]
        shown = self.lines[self.first : self.first + PAGE]
        box_width = max((width(str(line.box)) for line in shown), default=0)
        for number, line in enumerate(shown, 1):
            ends = self._ends(line)
            room = (ends[0][0] if ends else cells) - box_width - 8
            here = self.cursor == self.first + number - 1
            parts = joined(
                ("> " if here else "  ", "$accent"),
                (f"{number} " if self.numbered else "  ", "bold $accent"),
                (f" {fit(str(line.box), box_width)} ", tone_style(line.box.tone)),
                (f" {fit(line.text, max(0, room))} ", "bold" if here else ""),
            )
            for start, _wide, choice in ends:
                style = (
                    "bold $block-cursor-foreground on $block-cursor-background"
                    if choice.chosen
                    else "$text-muted"
                )
                gap = " " * max(0, start - parts.cell_length)
                face = f"[{choice.word}]" if choice.chosen else f" {choice.word} "
                parts = joined(parts, gap, (face, style))
            drawn.append(parts)
        return Content("\n").join(drawn)

    def on_click(self, event: events.Click) -> None:
        index = self.first + event.y - _HEAD
        if event.y < _HEAD or index >= len(self.lines):
            return
        for start, wide, choice in self._ends(self.lines[index]):
            if start <= event.x < start + wide:
                self.post_message(self.Chose(index, choice.id))
                return
        self.post_message(self.Ticked(index))
