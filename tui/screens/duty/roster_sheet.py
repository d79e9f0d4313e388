"""Lines made for whatever width there is, as tall as they need to be."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.flow import flowed
from tui.widgets.text import plain

Made = Callable[[int], Iterable[Content]]


def nothing(_cells: int) -> Iterable[Content]:
    return ()


class RosterSheet(Widget):
    """Draws what `made` says for its width."""

    DEFAULT_CSS = """
    RosterSheet { height: auto; text-wrap: nowrap; padding-right: 1; }
    """
    ALLOW_SELECT: ClassVar[bool] = True
    made: reactive[Made] = reactive(lambda: nothing, layout=True, always_update=True)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)

    def render(self) -> Content:
        return Content("\n").join(self.made(max(10, self.content_size.width)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        del container, viewport
        return max(1, len(list(self.made(max(10, width)))))


def paragraph(text: str, cells: int, style: str = "", *, indent: int = 0) -> Iterator[Content]:
    """Yield a text as lines, all of them indented."""
    for line in flowed(text, max(4, cells - indent)):
        yield plain(" " * indent + line, style)
