"""Labelled facts in as many columns as fit; a long one takes lines of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.flow import flowed
from tui.widgets.text import Mark, clean, fit, joined, plain, width

_COLUMN = 36  # cells that a fact beside another needs at least
_MOST_COLUMNS = 3
_GAP = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. An empty one shows as a dash, so that a person sees what nobody has told yet."""

    label: str
    value: str | Mark


class Facts(Widget):
    """Facts under and beside each other, as tall as they need."""

    DEFAULT_CSS = """
    Facts { height: auto; text-wrap: nowrap; }
    """
    facts: reactive[tuple[Fact, ...]] = reactive((), layout=True)
    ALLOW_SELECT: ClassVar[bool] = True

    def show(self, facts: Sequence[Fact]) -> None:
        self.facts = tuple(facts)

    def _lines(self, cells: int) -> list[Content]:
        columns = max(1, min(_MOST_COLUMNS, cells // _COLUMN))
        label_width = max((width(fact.label) for fact in self.facts), default=0) + _GAP
        cell = cells // columns
        room = max(4, cell - label_width - _GAP)
        lines: list[Content] = []
        row: list[Content] = []
        for fact in self.facts:
            label = joined((fit(fact.label, label_width), "$text-muted"))
            text = str(fact.value) or "—"
            if width(text[: room + 1]) <= room and "\n" not in text:
                pad = " " * max(0, room - width(clean(text)) + _GAP)
                row.append(label + plain(fact.value if str(fact.value) else text) + plain(pad))
                if len(row) == columns:
                    lines.append(Content("").join(row))
                    row = []
                continue
            if row:
                lines.append(Content("").join(row))
                row = []
            for number, part in enumerate(_flowed(text, max(4, cells - label_width))):
                lines.append((label if not number else plain(" " * label_width)) + plain(part))
        if row:
            lines.append(Content("").join(row))
        return lines

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport
        return max(1, len(self._lines(width)))


def _flowed(text: str, cells: int) -> Iterator[str]:
    for line in clean(text, lines=True).split("\n"):
        yield from flowed(line, cells)


def folded_lines(text: str, cells: int) -> list[str]:
    """Break a text into lines of at most `cells` cells; Chinese breaks between any two characters."""
    return list(chain.from_iterable(_folded(line, cells) for line in clean(text, lines=True).split("\n")))


def _folded(line: str, cells: int) -> list[str]:
    parts: list[str] = []
    start = used = 0
    for index, char in enumerate(line):
        size = width(char)
        if used + size > cells:
            parts.append(line[start:index])
            start, used = index, 0
        used += size
    parts.append(line[start:])
    return parts
