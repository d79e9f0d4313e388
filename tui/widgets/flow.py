"""Text that breaks where Chinese may break: between characters, never inside a code or before a comma."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui.widgets.text import clean, plain, width

# What may not begin a line, after what it belongs to.
_CLOSING = r"[、，。；：！？）》”】,.;:!?)\]%]*"
_PIECE = re.compile(
    rf"[\u2e80-\u9fff\uff00-\uffef《“（【]{_CLOSING}|[^\s\u2e80-\u9fff\uff00-\uffef、，。；：！？）》”】《“（【]+{_CLOSING}|\s+|."
)


def flowed(text: str, cells: int, indent: int = 0) -> list[str]:
    """Return `text` as lines of at most `cells` cells; all but the first are indented."""
    lines = [""]
    for piece in _pieces(text, max(2, cells - indent)):
        line = lines[-1]
        if width(line + piece.rstrip()) <= cells:
            lines[-1] = line + piece
        else:
            lines[-1] = line.rstrip()
            lines.append(" " * indent + piece.lstrip())
    return lines


def _pieces(text: str, longest: int) -> Iterator[str]:
    for found in _PIECE.finditer(clean(text)):
        piece = found.group()
        while width(piece) > longest:
            head = _head(piece, longest)
            yield head
            piece = piece[len(head) :]
        if piece:
            yield piece


def _head(text: str, cells: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += width(char)
        if used > cells:
            return text[: max(1, index)]
    return text


class Flow(Widget):
    """A paragraph in one style, as tall as it needs to be."""

    ALLOW_SELECT: ClassVar[bool] = True
    DEFAULT_CSS = """
    Flow { height: auto; }
    """

    def __init__(self, text: str, style: str = "", *, indent: int = 0, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._text = text
        self._style = style
        self._indent = indent

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport
        return len(flowed(self._text, width, self._indent))

    def render(self) -> Content:
        return plain("\n".join(flowed(self._text, self.content_size.width, self._indent)), self._style)
