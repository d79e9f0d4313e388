"""What happened, line under line: when on the left, beside it what and who, beneath it what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.flow import flowed
from tui.widgets.text import Mark, clean, fit, joined, width

_GAP = 2
_NARROW = 44  # cells below which the time stands above what happened


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened. `more` are lines beneath it; one that is `faint` has no effect any more."""

    when: str
    what: Mark
    who: str = ""
    more: tuple[str | Mark, ...] = ()
    faint: bool = False


class Story(Widget):
    """Draws as many lines as there are, in the order given; texts break where Chinese may break."""

    DEFAULT_CSS = """
    Story { height: auto; text-wrap: nowrap; }
    """
    ALLOW_SELECT: ClassVar[bool] = True
    lines: reactive[tuple[Told, ...]] = reactive((), layout=True)

    def show(self, lines: Sequence[Told]) -> None:
        self.lines = tuple(lines)

    def _drawn(self, cells: int) -> list[Content]:
        whens = max((width(one.when) for one in self.lines), default=0) + _GAP
        beside = cells >= _NARROW
        drawn: list[Content] = []
        for one in self.lines:
            drawn += _told(one, cells, whens if beside else 0)
        return drawn

    def render(self) -> Content:
        return Content("\n").join(self._drawn(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport
        return max(1, len(self._drawn(width)))


def _told(one: Told, cells: int, indent: int) -> list[Content]:
    """Return a line of the story as it is drawn; `indent` 0 puts the time on a line of its own."""
    room = max(4, cells - indent)
    style = "$text-muted" if one.faint else ""
    head = (str(one.what), style) if one.faint else one.what
    who = flowed(one.who, room)
    fits = width(str(one.what)) + _GAP + width(who[0]) <= room
    lines = [joined(head, (f"{' ' * _GAP}{who[0]}", "$text-muted")) if fits else joined(head)]
    lines += [joined((part, "$text-muted")) for part in (who[1:] if fits else who)] if one.who else []
    for text in one.more:
        for paragraph in clean(str(text), lines=True).split("\n"):
            tone = Mark("", "", text.tone) if isinstance(text, Mark) and not one.faint else None
            for part in flowed(paragraph, room):
                lines.append(joined((part, style)) if tone is None else joined(Mark("", part, tone.tone)))
    when = (fit(one.when, indent or cells), "$text-muted")
    if not indent:
        return [joined(when), *lines]
    pad = " " * indent
    return [joined(when if not number else pad, line) for number, line in enumerate(lines)]
