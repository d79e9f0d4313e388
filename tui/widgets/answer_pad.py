"""Answers as buttons: each carries its key, and a click does what the key does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.text import Mark, clean, cut, joined, plain, tone_style, width

_TALL = 3


@dataclass(frozen=True, slots=True)
class PadKey:
    """A button. `chosen` marks the answer that stands, `shut` one that does nothing here."""

    action_id: str
    key: str
    label: str | Mark
    weight: int = 1
    chosen: bool = False
    shut: bool = False


class AnswerPad(Widget):
    """Rows of buttons, three lines tall where there is room, and of equal width by weight."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    AnswerPad { height: auto; pointer: pointer; }
    """
    rows: reactive[tuple[tuple[PadKey, ...], ...]] = reactive((), layout=True)
    tall: reactive[bool] = reactive(default=True, layout=True)

    @dataclass
    class Pressed(Message):
        action_id: str

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport, width
        return len(self.rows) * self._step - (1 if self.tall and self.rows else 0)

    @property
    def _step(self) -> int:
        return _TALL + 1 if self.tall else 1

    def _placed(self, row: tuple[PadKey, ...]) -> list[tuple[int, int, PadKey]]:
        """Return start and width of each button of a row; one cell lies between two."""
        cells = self.content_size.width - (len(row) - 1)
        total = sum(key.weight for key in row)
        placed: list[tuple[int, int, PadKey]] = []
        start = spent = 0
        for key in row:
            spent += key.weight
            end = cells * spent // total
            wide = end - (start - len(placed))
            placed.append((start, wide, key))
            start += wide + 1
        return placed

    def render(self) -> Content:
        lines: list[Content] = []
        for number, row in enumerate(self.rows):
            if number and self.tall:
                lines.append(Content(""))
            lines += self._row(row)
        return Content("\n").join(lines)

    def _row(self, row: tuple[PadKey, ...]) -> list[Content]:
        blank, text = Content(""), Content("")
        for start, wide, key in self._placed(row):
            back = "$block-cursor-background" if key.chosen else "$surface" if key.shut else "$panel"
            gap = " " if start else ""
            blank = blank + Content(gap) + plain(" " * wide, f"on {back}")
            text = text + Content(gap) + _face(key, wide, back)
        return [blank, text, blank] if self.tall else [text]

    def on_click(self, event: events.Click) -> None:
        line, inside = divmod(event.y, self._step)
        if line >= len(self.rows) or inside >= _TALL:
            return
        for start, wide, key in self._placed(self.rows[line]):
            if start <= event.x < start + wide:
                self.post_message(self.Pressed(key.action_id))
                return


def _face(key: PadKey, cells: int, back: str) -> Content:
    # As on the other rows of buttons: what does nothing here stands in brackets, not in another colour alone.
    digit, label = (
        (f"({key.key}", f"{clean(str(key.label))})") if key.shut else (key.key, clean(str(key.label)))
    )
    room = max(0, cells - width(digit) - 1)
    label = cut(label, room)
    spare = max(0, cells - width(f"{digit} {label}"))
    tone = tone_style(key.label.tone) if isinstance(key.label, Mark) else ""
    if key.chosen:
        key_style = label_style = f"bold $block-cursor-foreground on {back}"
    elif key.shut:
        key_style = label_style = f"$text-disabled on {back}"
    else:
        key_style, label_style = f"bold $accent on {back}", f"{tone} on {back}".strip()
    left = " " * (spare // 2)
    return joined(
        (left, f"on {back}"),
        (cut(digit, cells), key_style),
        (" " if room else "", f"on {back}"),
        (label, label_style),
        (" " * (spare - len(left)), f"on {back}"),
    )
