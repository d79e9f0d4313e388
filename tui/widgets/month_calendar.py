"""A month as a calendar: a cell for each day, one of them in front."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.actions import variants
from tui.widgets.text import Mark, Tone, cut, fit, joined, plain, tone_style, width

_WEEK: Final = 7
_NAMELESS: Final = Mark("", "")
_DAY: Final = timedelta(days=1)
_HEAD: Final = 1  # the line of weekdays
_LEAST: Final = 2  # lines of a day
_WEEKEND: Final = 6
_CHOSEN: Final = "bold $block-cursor-foreground on $block-cursor-background"
_FAINT: Final = "bold on $panel"
_TODAY: Final = "bold underline $text-primary"


@dataclass(frozen=True, slots=True)
class CellLine:
    """Something of a day with the names that belong to it: they stand beneath it where they do not fit behind."""

    mark: Mark
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DayCell:
    """What stands in a day's cell: what the day is called, the short marks of it, and its lines where there is room.

    `outside` days are of the months beside, and drawn paler.
    """

    day: date
    name: Mark = _NAMELESS
    marks: tuple[Mark, ...] = ()
    lines: tuple[CellLine, ...] = ()
    outside: bool = False


@dataclass(frozen=True, slots=True)
class MonthView:
    """Whole weeks of days, from Monday on; `weekdays` and `today_word` are words."""

    cells: tuple[DayCell, ...]
    weekdays: tuple[str, ...]
    today: date
    today_word: str

    @property
    def weeks(self) -> int:
        return len(self.cells) // _WEEK


def days_of_month(month: date) -> tuple[date, ...]:
    """Return the days of the whole weeks that a month touches, from a Monday to a Sunday."""
    first = month.replace(day=1)
    first -= (first.isoweekday() - 1) * _DAY
    last = (month.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY
    last += (_WEEK - last.isoweekday()) * _DAY
    return tuple(first + number * _DAY for number in range((last - first).days + 1))


class MonthCalendar(Widget, can_focus=True):
    """Arrows go from day to day, digits to a day by its number; Enter, or a click on the day in front, opens it."""

    HELP_KEY: ClassVar[str] = "help.calendar"
    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    MonthCalendar { width: 1fr; height: 1fr; text-wrap: nowrap; pointer: pointer; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h,H,ｈ,Ｈ", "move(-1)"),
        Binding("right,l,L,ｌ,Ｌ", "move(1)"),
        Binding("up,k,K,ｋ,Ｋ", f"move({-_WEEK})"),
        Binding("down,j,J,ｊ,Ｊ", f"move({_WEEK})"),
        Binding("home", "jump(False)"),
        Binding("end", "jump(True)"),
        Binding("pageup", "turn(-1)"),
        Binding("pagedown", "turn(1)"),
        Binding("enter", "pick"),
        *(Binding(",".join(variants(str(digit))), f"number({digit})") for digit in range(10)),
    ]

    @dataclass
    class Highlighted(Message):
        """Another day is in front. It may lie in a month that is not shown yet."""

        day: date

    @dataclass
    class Opened(Message):
        day: date

    @dataclass
    class Turned(Message):
        """So many months on, or back, is wanted."""

        by: int

    def __init__(self, day: date | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view: MonthView | None = None
        self.day = day
        self._typed = ""

    def show(self, view: MonthView) -> None:
        """Show a month; the day in front stays, if it is among its days."""
        self.view = view
        days = [cell.day for cell in view.cells]
        if self.day not in days and days:
            own = [cell.day for cell in view.cells if not cell.outside]
            self.day = view.today if view.today in own else own[0]
        self.refresh()

    def go_to(self, day: date) -> None:
        """Bring a day to the front."""
        if day != self.day:
            self.day = day
            self.refresh()
            self.post_message(self.Highlighted(day))

    # Keys and mouse

    def action_move(self, by: int) -> None:
        self._typed = ""
        if self.day is not None:
            self.go_to(self.day + by * _DAY)

    def action_jump(self, to_end: bool) -> None:  # noqa: FBT001 - Textual passes it by position
        self._typed = ""
        own = [] if self.view is None else [cell.day for cell in self.view.cells if not cell.outside]
        if own:
            self.go_to(own[-1] if to_end else own[0])

    def action_turn(self, by: int) -> None:
        self._typed = ""
        self.post_message(self.Turned(by))

    def action_number(self, digit: int) -> None:
        """Go to the day that the digits typed one after the other name: 1, then 2 is the twelfth."""
        own = (
            {}
            if self.view is None
            else {cell.day.day: cell.day for cell in self.view.cells if not cell.outside}
        )
        both = f"{self._typed}{digit}"
        self._typed = both if int(both) in own else str(digit)
        found = own.get(int(self._typed))
        if found is not None:
            self.go_to(found)

    def action_pick(self) -> None:
        self._typed = ""
        if self.day is not None and self.view is not None:
            self.post_message(self.Opened(self.day))

    def on_click(self, event: events.Click) -> None:
        self._typed = ""
        cell = self._cell_at(event.x, event.y)
        if cell is None:
            return
        if cell.day == self.day:
            self.action_pick()
        else:
            self.go_to(cell.day)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_turn(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_turn(-1)

    def _cell_at(self, x: int, y: int) -> DayCell | None:
        view = self.view
        if view is None or y < _HEAD:
            return None
        cells, lines = self._measure(view)
        row, column = (y - _HEAD) // lines, x // cells
        if row >= view.weeks or column >= _WEEK:
            return None
        return view.cells[row * _WEEK + column]

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 - a Textual watcher
        super().watch_has_focus(_has_focus)
        self.refresh()

    # Drawing

    def _measure(self, view: MonthView) -> tuple[int, int]:
        """Return how wide and how tall a day is."""
        cells = max(4, self.content_size.width // _WEEK)
        return cells, max(_LEAST, (self.content_size.height - _HEAD) // max(1, view.weeks))

    def render(self) -> Content:
        view = self.view
        if view is None:
            return Content("")
        cells, lines = self._measure(view)
        drawn = [
            joined(
                *(
                    (fit(f" {word}", cells), _head_style(number))
                    for number, word in enumerate(view.weekdays, 1)
                )
            )
        ]
        for start in range(0, len(view.cells), _WEEK):
            week = [list(self._cell(cell, view, cells, lines)) for cell in view.cells[start : start + _WEEK]]
            drawn += [Content("").join(parts) for parts in zip(*week, strict=True)]
        return Content("\n").join(drawn)

    def _cell(self, cell: DayCell, view: MonthView, cells: int, lines: int) -> Iterator[Content]:
        """Yield the lines of a day, each of exactly `cells` cells; the last is a gap to the next."""
        chosen = cell.day == self.day
        room = cells - 2
        base = (_CHOSEN if self.has_focus else _FAINT) if chosen else ""
        yield self._first_line(cell, view, room, base, chosen=chosen)
        left = lines - 1
        if lines > _LEAST + 1 and cell.lines:
            shown = [
                plain(fit(f" {text}", cells), base or _shade(cell, tone))
                for text, tone in _body(cell.lines, room, left)
            ]
        else:
            shown = [_marks_line(cell, cells - 1, base)]
        yield from shown
        yield from [plain(" " * cells, base)] * (left - len(shown))

    def _first_line(self, cell: DayCell, view: MonthView, room: int, base: str, *, chosen: bool) -> Content:
        number = str(cell.day.day)
        today = cell.day == view.today
        name = str(cell.name) or (view.today_word if today else "")
        name = cut(name, room - width(number))
        gap = " " * max(0, room - width(number) - width(name))
        head = ">" if chosen else " "
        if base:
            return plain(f"{head}{number} {name}{gap}", base)
        if cell.outside:
            return plain(f" {number} {name}{gap}", "$text-muted")
        style = _TODAY if today else "bold"
        tone = tone_style(cell.name.tone) if str(cell.name) else "$text-primary"
        return joined(head, (number, style), " ", (name, tone), gap)


def _head_style(weekday: int) -> str:
    return "$text-warning" if weekday >= _WEEKEND else "$text-muted"


def _marks_line(cell: DayCell, room: int, base: str) -> Content:
    """Return the marks of a day beside each other; what finds no room is left out, the last first."""
    parts: list[tuple[str, str]] = []
    used = 0
    for mark in cell.marks:
        text = f"{mark.symbol}{mark.word}"
        gap = 1 if parts else 0
        if used + gap + width(text) > room:
            continue
        parts.append((" " * gap + text, base or _shade(cell, mark.tone)))
        used += gap + width(text)
    return joined((" ", base), *parts, (" " * (room - used), base))


def _body(lines: Sequence[CellLine], room: int, left: int) -> list[tuple[str, Tone]]:
    """Return what stands in a cell, in at most `left` lines: names in full if there is room for all, else cut."""
    whole = [(text, line.mark.tone) for line in lines for text in _wrapped(line, room)]
    if len(whole) <= left:
        return whole
    short = [(_short(line, room), line.mark.tone) for line in lines]
    if len(short) <= left:
        return short
    return [*short[: left - 1], (f"+{len(short) - left + 1}", Tone.MUTED)]


def _title(line: CellLine) -> str:
    return f"{line.mark.symbol}{line.mark.word}"


def _short(line: CellLine, room: int) -> str:
    """Return a line in one: the names say more than the title, where there is no room for both."""
    whole = " ".join([_title(line), *line.names])
    if width(whole) <= room or not line.names:
        return cut(whole, room)
    return cut(line.mark.symbol + " ".join(line.names), room)


def _wrapped(line: CellLine, room: int) -> list[str]:
    """Return a line with its names behind it, or beneath it as many beside each other as fit."""
    found = [_title(line)]
    if width(" ".join([*found, *line.names])) <= room:
        return [" ".join([*found, *line.names])]
    for name in line.names:
        if len(found) > 1 and width(f"{found[-1]} {name}") <= room:
            found[-1] = f"{found[-1]} {name}"
        else:
            found.append(f" {cut(name, room - 1)}")
    return found


def _shade(cell: DayCell, tone: Tone) -> str:
    return "$text-muted" if cell.outside else tone_style(tone)
