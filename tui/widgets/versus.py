"""Two values beside each other, each with its key and with who wrote it; one under the other where it is narrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.facts import folded_lines
from tui.widgets.text import ELLIPSIS, cut, fit, joined

_GAP = 2
_NARROW = 60
_AIRY = 3  # lines besides the notes from which on blank ones set the value apart
_MOST = 6_000  # characters of a value that are looked at


@dataclass(frozen=True, slots=True)
class Side:
    """One value: the key that takes it, what taking it means, the value, and lines on where it comes from."""

    action_id: str
    key: str
    verb: str
    value: str
    notes: tuple[str, ...] = ()


class Versus(Widget):
    """Draws two sides as tall as there is room; what does not fit ends in …. A click posts Chosen."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    Versus { height: 1fr; pointer: pointer; }
    """
    sides: reactive[tuple[Side, ...]] = reactive(())

    @dataclass
    class Chosen(Message):
        action_id: str

    @property
    def _stacked(self) -> bool:
        return self.content_size.width < _NARROW

    def render(self) -> Content:
        cells, height = self.content_size.width, self.content_size.height
        if not self.sides or cells < 1 or height < 1:
            return Content("")
        if self._stacked:
            each = max(1, (height - 1) // 2)
            parts = [_drawn(side, cells, each) for side in self.sides]
            return Content("\n\n").join([Content("\n").join(part) for part in parts])
        half = (cells - _GAP) // 2
        left, right = (_drawn(side, half, height) for side in self.sides)
        blank = joined((" " * half, "on $surface"))
        tall = max(len(left), len(right))
        left += [blank] * (tall - len(left))
        right += [blank] * (tall - len(right))
        return Content("\n").join(
            [joined(one, " " * _GAP, other) for one, other in zip(left, right, strict=True)]
        )

    def on_click(self, event: events.Click) -> None:
        if len(self.sides) != 2:  # noqa: PLR2004  # a pair
            return
        if self._stacked:
            second = event.y > self.content_size.height // 2
        else:
            second = event.x >= self.content_size.width // 2
        self.post_message(self.Chosen(self.sides[second].action_id))


def _drawn(side: Side, cells: int, height: int) -> list[Content]:
    """Return a box of at most `height` lines: the verb on top, the value, the notes at its foot."""
    inner = max(1, cells - 2)
    airy = height > len(side.notes) + _AIRY
    notes = list(side.notes)[: max(0, height - 2)]
    room = max(1, height - 1 - len(notes) - 2 * airy)
    lines = folded_lines(side.value[:_MOST], inner)
    if len(lines) > room or len(side.value) > _MOST:
        lines = lines[:room]
        lines[-1] = cut(lines[-1], inner - 1).removesuffix(ELLIPSIS) + ELLIPSIS
    body = [(line, "bold") for line in lines]
    body = [("", ""), *body, ("", "")] if airy else body
    body += [(cut(note, inner), "$text-muted") for note in notes]
    head = f" {side.key} {side.verb}"
    return [
        joined((fit(head, cells), "bold $accent on $panel")),
        *(joined((f" {fit(text, inner)} ", f"{style} on $surface".strip())) for text, style in body),
    ][:height]
