"""A few options on one line: one of them is chosen, or any of them are ticked."""

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

from tui.actions import variants
from tui.widgets.text import joined, width


class Choices(Widget, can_focus=True):
    """A few options on one line, each taken by its digit, the arrows or a click."""

    HELP_KEY: ClassVar[str] = "help.choices"
    #: The key of each option, in their order; who has more options than digits gives them letters.
    KEYS: ClassVar[str] = "123456789"
    DEFAULT_CSS = """
    Choices { height: auto; padding: 0 1; background: $surface; pointer: pointer; }
    Choices:focus { background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)"),
        Binding("right", "move(1)"),
        Binding("enter", "settle"),
        *(Binding(",".join(variants(str(digit))), f"number({digit})") for digit in range(1, 10)),
    ]
    chosen: reactive[str] = reactive("")

    @dataclass
    class Changed(Message):
        choices: Choices

        @property
        def control(self) -> Choices:
            return self.choices

    @dataclass
    class Settled(Changed):
        """The person is done with this field; a digit says so as well as Enter does."""

        by_digit: bool = False

    def __init__(self, options: Sequence[tuple[str, str]], chosen: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.options = tuple(options)
        self.set_reactive(Choices.chosen, chosen)

    @property
    def value(self) -> str:
        return self.chosen

    def _pieces(self, cells: int | None = None) -> list[tuple[int, int, str, str]]:
        """Return line, start, option id and text of each option; a full line breaks."""
        pieces: list[tuple[int, int, str, str]] = []
        cells = self.content_size.width if cells is None else cells
        line = start = 0
        keys = self.KEYS.ljust(len(self.options))
        for key, (option_id, words) in zip(keys, self.options, strict=False):
            text = f" {key} {words} "
            if start and start + width(text) > cells:
                line, start = line + 1, 0
            pieces.append((line, start, option_id, text))
            start += width(text) + 1
        return pieces

    def render(self) -> Content:
        lines = [Content("")]
        for line, _start, option_id, text in self._pieces():
            if line == len(lines):
                lines.append(Content(""))
            if option_id == self.chosen:
                drawn = joined((f">{text[1:]}", "bold $block-cursor-foreground on $block-cursor-background"))
            else:
                drawn = joined((text[:2], "bold $accent"), text[2:])
            lines[line] = lines[line] + drawn + Content(" ")
        return Content("\n").join(lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport
        return max((line for line, *_ in self._pieces(width)), default=0) + 1

    def take(self, option_id: str) -> None:
        self.chosen = option_id
        self.post_message(self.Changed(self))

    def action_number(self, digit: int) -> None:
        if digit <= len(self.options):
            self.take(self.options[digit - 1][0])
            self.post_message(self.Settled(self, by_digit=True))

    def action_move(self, by: int) -> None:
        ids = [option_id for option_id, _ in self.options]
        index = ids.index(self.chosen) + by if self.chosen in ids else 0
        if 0 <= index < len(ids):
            self.take(ids[index])

    def action_settle(self) -> None:
        self.post_message(self.Settled(self))

    def on_click(self, event: events.Click) -> None:
        for line, start, option_id, text in self._pieces():
            if line == event.y and start <= event.x - 1 < start + width(text):
                self.take(option_id)


class Ticks(Choices):
    """Options of which any number are ticked: a digit, space or a click ticks one or takes the tick away.

    `chosen` holds the ids of the ticked ones, in their order, with commas between.
    """

    HELP_KEY: ClassVar[str] = "help.ticks"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,ideographic_space", "tick")]
    at: reactive[int] = reactive(0)

    @property
    def ticked(self) -> frozenset[str]:
        return frozenset(self.chosen.split(","))

    def render(self) -> Content:
        lines = [Content("")]
        for number, (line, _start, option_id, text) in enumerate(self._pieces()):
            if line == len(lines):
                lines.append(Content(""))
            ticked = option_id in self.ticked
            here = self.has_focus and number == self.at
            style = "bold $text-success" if ticked else ""
            if here:
                style = "bold $block-cursor-foreground on $block-cursor-background"
            # The box takes the place of the blank behind the digit.
            drawn = joined((text[:2], "bold $accent"), (f"{'☑' if ticked else '☐'}{text[3:]}", style))
            lines[line] = lines[line] + drawn + Content(" ")
        return Content("\n").join(lines)

    def take(self, option_id: str) -> None:
        self.at = [one for one, _ in self.options].index(option_id)
        turned = self.ticked ^ {option_id}
        super().take(",".join(one for one, _ in self.options if one in turned))

    def action_number(self, digit: int) -> None:
        if digit <= len(self.options):
            self.take(self.options[digit - 1][0])

    def action_move(self, by: int) -> None:
        self.at = max(0, min(len(self.options) - 1, self.at + by))

    def action_tick(self) -> None:
        self.take(self.options[self.at][0])
