"""A week as a table: a line of shifts for each post, a column for each day, the people's names in the cells."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.widgets.text import Mark, Tone, cut, fit, joined, plain, tone_style

_DAYS: Final = 7
_HEAD: Final = 1
_LABEL_LEAST, _LABEL_PART = 12, 8  # the label takes one part of so many
_CHOSEN: Final = "bold $block-cursor-foreground on $block-cursor-background"
_FAINT: Final = "bold on $panel"


@dataclass(frozen=True, slots=True)
class GridCell:
    """A day of a line: its marks one under the other, and the shift that Enter opens."""

    lines: tuple[Mark, ...] = ()
    shift_id: str = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A shift as it comes again in a week: what it is called, a line for each title, when it is, and a cell for each day."""

    titles: tuple[str, ...]
    note: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class GridView:
    """A week from Monday on: `heads` name the days, `today` is the number of today's column, None in another week."""

    days: tuple[date, ...]
    heads: tuple[Mark, ...]
    rows: tuple[GridRow, ...] = ()
    today: int | None = None


class WeekGrid(Widget, can_focus=True):
    """Arrows go from cell to cell; Enter, or a click on the cell in front, opens it."""

    HELP_KEY: ClassVar[str] = "help.week_grid"
    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    WeekGrid { width: 1fr; height: 1fr; text-wrap: nowrap; pointer: pointer; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h,H,ｈ,Ｈ", "move(0, -1)"),
        Binding("right,l,L,ｌ,Ｌ", "move(0, 1)"),
        Binding("up,k,K,ｋ,Ｋ", "move(-1, 0)"),
        Binding("down,j,J,ｊ,Ｊ", "move(1, 0)"),
        Binding("pageup", "turn(-1)"),
        Binding("pagedown", "turn(1)"),
        Binding("home", "move(0, -7)"),
        Binding("end", "move(0, 7)"),
        Binding("enter", "pick"),
    ]

    @dataclass
    class Highlighted(Message):
        day: date
        shift_id: str

    @dataclass
    class Opened(Message):
        day: date
        shift_id: str

    @dataclass
    class Turned(Message):
        """So many weeks on, or back, is wanted."""

        by: int

    def __init__(self, *, empty: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.view: GridView | None = None
        self.empty = empty
        self.row = self.column = 0
        self._top = 0

    def show(self, view: GridView, day: date) -> None:
        """Show a week with a day of it in front."""
        self.view = view
        self.row = max(0, min(self.row, len(view.rows) - 1))
        if day in view.days:
            self.column = view.days.index(day)
        self._settle(tell=False)

    @property
    def day(self) -> date | None:
        return None if self.view is None else self.view.days[self.column]

    @property
    def shift_id(self) -> str:
        """The shift in front, empty where there is none."""
        view = self.view
        return view.rows[self.row].cells[self.column].shift_id if view is not None and view.rows else ""

    # Keys and mouse

    def action_move(self, down: int, across: int) -> None:
        view = self.view
        if view is None:
            return
        column = self.column + across
        if abs(across) == 1 and not 0 <= column < _DAYS:
            self.column = column % _DAYS
            self.post_message(self.Turned(across))
            return
        self.column = max(0, min(column, _DAYS - 1))
        self.row = max(0, min(self.row + down, len(view.rows) - 1))
        self._settle()

    def action_turn(self, by: int) -> None:
        self.post_message(self.Turned(by))

    def action_pick(self) -> None:
        if self.day is not None:
            self.post_message(self.Opened(self.day, self.shift_id))

    def on_click(self, event: events.Click) -> None:
        view = self.view
        if view is None or event.x < self._label_width():
            return
        column = min((event.x - self._label_width()) // self._cell_width(), _DAYS - 1)
        row = self._row_at(event.y)
        here = (row if row is not None else self.row, column)
        if here == (self.row, self.column) and row is not None:
            self.action_pick()
            return
        self.row, self.column = here
        self._settle()

    def _row_at(self, y: int) -> int | None:
        at = y - _HEAD + self._top
        for number, (first, height) in enumerate(self._places()):
            if first <= at < first + height:
                return number
        return None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_move(1, 0)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_move(-1, 0)

    def on_resize(self) -> None:
        self._settle(tell=False)

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 - a Textual watcher
        super().watch_has_focus(_has_focus)
        self.refresh()

    def _settle(self, *, tell: bool = True) -> None:
        """Keep the cell in front in view, draw, and tell."""
        view = self.view
        if view is None:
            return
        room = max(1, self.content_size.height - _HEAD)
        if view.rows:
            places = self._places()
            first, height = places[self.row]
            whole = places[-1][0] + places[-1][1]
            self._top = max(0, min(self._top, whole - room))
            self._top = min(max(self._top, first + height - room), first)
        self.refresh()
        if tell:
            self.post_message(self.Highlighted(view.days[self.column], self.shift_id))

    # Drawing

    def _label_width(self) -> int:
        return max(_LABEL_LEAST, self.content_size.width // _LABEL_PART)

    def _cell_width(self) -> int:
        return max(4, (self.content_size.width - self._label_width()) // _DAYS)

    def _places(self) -> list[tuple[int, int]]:
        """Return the first line of each row and how many it has, a line of air among them where there is room."""
        view = self.view
        if view is None:
            return []
        heights = [
            max(len(row.titles) + bool(row.note), *(len(cell.lines) for cell in row.cells), 1)
            for row in view.rows
        ]
        air = 1 if sum(heights) + len(heights) <= self.content_size.height - _HEAD else 0
        places: list[tuple[int, int]] = []
        first = 0
        for height in heights:
            places.append((first, height + air))
            first += height + air
        return places

    def render(self) -> Content:
        view = self.view
        if view is None:
            return Content("")
        lines = [self._heads(view)]
        if not view.rows:
            lines.append(plain(cut(f"  {self.empty}", self.content_size.width), "$text-muted"))
        body = [line for number in range(len(view.rows)) for line in self._row_lines(view, number)]
        room = max(0, self.content_size.height - _HEAD)
        return Content("\n").join([*lines, *body[self._top : self._top + room]])

    def _heads(self, view: GridView) -> Content:
        cells = self._cell_width()
        parts: list[tuple[str, str]] = [(" " * self._label_width(), "")]
        for number, head in enumerate(view.heads):
            here = number == self.column
            style = "bold underline $text-primary" if number == view.today else tone_style(head.tone)
            text = fit(f"{'>' if here else ' '}{head}", cells)
            parts.append((text, f"bold {style}".strip() if here else style))
        return joined(*parts)

    def _row_lines(self, view: GridView, number: int) -> Iterator[Content]:
        row = view.rows[number]
        cells, label = self._cell_width(), self._label_width()
        titles = row.titles
        height = self._places()[number][1]
        for line in range(height):
            if line < len(titles):
                parts: list[tuple[str, str]] = [(fit(cut(titles[line], label - 1), label), "bold")]
            else:
                note = row.note if line == len(titles) else ""
                parts = [(fit(note, label), "$text-muted")]
            for column, cell in enumerate(row.cells):
                chosen = number == self.row and column == self.column
                parts += self._cell_line(cell, line, cells, chosen=chosen)
            yield joined(*parts)

    def _cell_line(self, cell: GridCell, line: int, cells: int, *, chosen: bool) -> list[tuple[str, str]]:
        mark = (
            cell.lines[line]
            if line < len(cell.lines)
            else Mark("", "" if line or cell.lines else "·", Tone.MUTED)
        )
        text = fit(f"{'>' if chosen and not line else ' '}{mark.symbol}{mark.word}", cells - 1)
        style = (_CHOSEN if self.has_focus else _FAINT) if chosen else tone_style(mark.tone)
        return [(text, style), (" ", "")]
