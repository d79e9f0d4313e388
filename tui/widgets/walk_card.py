"""One point of a walk, drawn: its code big, where it is, what it was, what it is, how far the walk is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.text import Mark, cut, fit, joined, plain, tone_style, width

Part = str | Mark | tuple[str, str]
_LABEL_MOST = 10
_BAR = 20
_FULL, _EMPTY = "━", "─"


@dataclass(frozen=True, slots=True)
class CardRow:
    """A labelled line. `id` makes it clickable; `most` is how many lines a long text may take."""

    label: str
    parts: tuple[Part, ...]
    id: str = ""
    most: int = 1


@dataclass(frozen=True, slots=True)
class CardView:
    """Everything a card shows. `seen` of `total` points are done; `place` is this card's number, from 1."""

    code: str
    title: str
    subtitle: str
    progress: str
    seen: int
    total: int
    rows: tuple[CardRow, ...]


class WalkCard(Widget):
    """Draws a CardView; posts Pressed with the id of a row that is clicked."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    WalkCard { height: 1fr; min-height: 6; }
    """
    view: reactive[CardView | None] = reactive(None)

    @dataclass
    class Pressed(Message):
        row_id: str

    def render(self) -> Content:
        view, cells = self.view, self.content_size.width
        if view is None or cells < 1:
            return Content("")
        return Content("\n").join([line for line, _ in self._lines(view, cells)])

    def _lines(self, view: CardView, cells: int) -> list[tuple[Content, str]]:
        """Return every line with the id of its row; long texts are cut before a row is lost."""
        head = [(line, "") for line in self._head(view, cells)]
        rows = self._rows(view.rows, cells)
        room = self.content_size.height - len(head)
        if len(rows) > room:
            rows = self._rows([replace(row, most=1) for row in view.rows], cells)
        gap = [(Content(""), "")] if len(rows) < room else []
        return [*head, *gap, *rows]

    def _head(self, view: CardView, cells: int) -> list[Content]:
        """Return three lines: the code as a block, beside it title and progress."""
        code = cut(view.code, max(4, cells // 3))
        block = max(10, width(code) + 4)
        bar_cells = min(_BAR, max(4, cells // 4))
        left = max(0, cells - block - 2)
        gap = " " * 2
        style = "bold $block-cursor-foreground on $block-cursor-background"
        done = round(bar_cells * view.seen / view.total) if view.total else 0
        done = min(max(done, 1 if view.seen else 0), bar_cells - (view.seen < view.total))
        bar = joined((_FULL * done, "$text-success"), (_EMPTY * (bar_cells - done), "$text-muted"))
        right = width(view.progress) + 1 + bar_cells
        inner = block - 4
        pad = " " * ((inner - width(code)) // 2)
        return [
            joined((" " * block, style), gap, (cut(view.title, left), "bold")),
            joined((f"  {fit(pad + code, inner)}  ", style), gap, (cut(view.subtitle, left), "$text-muted")),
            joined(
                (" " * block, style),
                gap,
                (view.progress, "bold") if right <= left else cut(view.progress, left),
                " " if right <= left else "",
                bar if right <= left else "",
            ),
        ]

    def _rows(self, rows: Sequence[CardRow], cells: int) -> list[tuple[Content, str]]:
        """Return each drawn line with the id of its row."""
        label_width = min(max((width(row.label) for row in rows), default=0), _LABEL_MOST) + 2
        lines: list[tuple[Content, str]] = []
        for row in rows:
            room = max(1, cells - label_width)
            for number, line in enumerate(_wrapped(row.parts, room, row.most)):
                label = fit("" if number else row.label, label_width)
                style = "$accent" if row.id else "$text-muted"
                lines.append((joined((label, style), line), row.id))
        return lines

    def on_click(self, event: events.Click) -> None:
        if self.view is None:
            return
        lines = self._lines(self.view, self.content_size.width)
        if 0 <= event.y < len(lines) and lines[event.y][1]:
            self.post_message(self.Pressed(lines[event.y][1]))


def _wrapped(parts: Sequence[Part], cells: int, most: int) -> list[Content]:
    """Lay parts out on at most `most` lines of `cells` cells; what does not fit is cut with …"""
    lines: list[Content] = [Content("")]
    for part in parts:
        text, style = part if isinstance(part, tuple) else (str(part), "")
        if isinstance(part, Mark):
            style = tone_style(part.tone)
        text = cut(text, cells * most)
        while text:
            room = cells - lines[-1].cell_length
            if width(text) <= room or len(lines) == most:
                lines[-1] = lines[-1] + plain(cut(text, room), style)
                break
            head = _head_of(text, room)
            lines[-1] = lines[-1] + plain(head, style)
            lines.append(Content(""))
            text = text[len(head) :].lstrip(" ")
    return lines


def _head_of(text: str, cells: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += width(char)
        if used > cells:
            return text[:index]
    return text
