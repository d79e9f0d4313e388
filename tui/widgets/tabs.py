"""A line of views to switch between, each with its key and its count."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.text import cut, joined, plain, width

_GAP = 2


@dataclass(frozen=True, slots=True)
class View:
    """One view: the key that opens it, its name and how much it holds. Without a key they stand closer together."""

    id: str
    key: str
    label: str
    count: str = ""


class ViewTabs(Widget):
    """Views beside each other; the open one carries a sign besides its colour. A click posts Chosen."""

    DEFAULT_CSS = """
    ViewTabs { height: 1; pointer: pointer; }
    """
    ALLOW_SELECT: ClassVar[bool] = False
    views: reactive[tuple[View, ...]] = reactive(())
    current: reactive[str] = reactive("")

    @dataclass
    class Chosen(Message):
        view_id: str

    def __init__(self, views: Sequence[View] = (), current: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(ViewTabs.views, tuple(views))
        self.set_reactive(ViewTabs.current, current)

    def _placed(self) -> list[tuple[int, View, str]]:
        """Return start, view and text of each; where there is no room, counts give way, the rightmost first."""
        texts = [f"{view.label} {view.count}".rstrip() for view in self.views]
        for place in range(len(texts) - 1, -1, -1):
            if self._length(texts) <= self.size.width:
                break
            texts[place] = self.views[place].label
        placed: list[tuple[int, View, str]] = []
        start = 0
        for view, text in zip(self.views, texts, strict=True):
            placed.append((start, view, text))
            start += width(_said(view, text)) + (_GAP if view.key else 0)
        return placed

    def _length(self, texts: Sequence[str]) -> int:
        return sum(
            width(_said(view, text)) + (_GAP if view.key else 0)
            for view, text in zip(self.views, texts, strict=True)
        )

    def render(self) -> Content:
        line = Content("")
        for start, view, text in self._placed():
            line = line.append(" " * (start - line.cell_length))
            if view.id == self.current:
                shown = cut(f"> {_said(view, text)[2:]}", self.size.width)
                line = line.append(
                    joined((shown, "bold $block-cursor-foreground on $block-cursor-background"))
                )
            elif view.key:
                line = line.append(joined("  ", (view.key, "bold $accent"), f" {text} "))
            else:
                line = line.append(plain(_said(view, text)))
        return line

    def on_click(self, event: events.Click) -> None:
        for start, view, text in self._placed():
            if start <= event.x < start + width(_said(view, text)):
                self.post_message(self.Chosen(view.id))
                return


def _said(view: View, text: str) -> str:
    return f"  {view.key} {text} " if view.key else f"  {text} "
