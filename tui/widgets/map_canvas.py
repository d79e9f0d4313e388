"""The survey map on the screen: arrows go from well to well, the mouse drags it, the wheel rolls it."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets import map_world
from tui.widgets.map_lens import Detail, Lens, lenses, whole
from tui.widgets.map_paint import Frame, cell_of, draw
from tui.widgets.map_sheet import Look, Sheet
from tui.widgets.map_tiles import Tiles
from tui.widgets.map_world import World
from tui.widgets.text import Mark, cut, width

_WAYS: Final = {
    "left": map_world.LEFT,
    "right": map_world.RIGHT,
    "up": map_world.UP,
    "down": map_world.DOWN,
}
_ROLL_X, _ROLL_Y = 6, 3
_PAN_X, _PAN_Y = 8, 3
#: The chosen well stays this far from the edge.
_MARGIN_X, _MARGIN_Y = 10, 2
#: Beyond its ends the map can be pushed this far, so that no well sticks to the edge.
_SLACK_X, _SLACK_Y = 6, 2
_REACH: Final = 3.0
_RULER_MOST: Final = 24
_RULERS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


class MapCanvas(Widget, can_focus=True):
    """Draws a World. Posts Selected when another well is chosen, Opened on Enter or a second click."""

    HELP_KEY: ClassVar[str] = "help.map"
    ALLOW_SELECT: ClassVar[bool] = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"map--{look.name.lower()}" for look in Look}
    DEFAULT_CSS = """
    MapCanvas {
        height: 1fr; width: 1fr;
        & > .map--none { color: $foreground; }
        & > .map--unseen { color: $text-disabled; }
        & > .map--pipe { color: $text-muted; }
        & > .map--code { color: $foreground; }
        & > .map--good { color: $text-success; }
        & > .map--info { color: $text-primary; text-style: bold; }
        & > .map--behind { color: $text-warning; }
        & > .map--warn { color: $text-warning; text-style: bold; }
        & > .map--maybe { color: $text-error; }
        & > .map--bad { color: $text-error; text-style: bold; }
        & > .map--blocked { color: $text-error; text-style: bold; }
        & > .map--badge { color: $background; background: $text-error; text-style: bold; }
        & > .map--picked {
            color: $block-cursor-foreground; background: $block-cursor-background; text-style: bold;
        }
        & > .map--frame { color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "go('left')"),
        Binding("right", "go('right')"),
        Binding("up,k,K,ｋ,Ｋ", "go('up')"),
        Binding("down,j,J,ｊ,Ｊ", "go('down')"),
        Binding("shift+left", f"pan({-_PAN_X}, 0)"),
        Binding("shift+right", f"pan({_PAN_X}, 0)"),
        Binding("shift+up", f"pan(0, {-_PAN_Y})"),
        Binding("shift+down", f"pan(0, {_PAN_Y})"),
        Binding("pageup", "page(-1)"),
        Binding("pagedown", "page(1)"),
    ]

    @dataclass
    class Selected(Message):
        """Another well was chosen."""

        code: str

    @dataclass
    class Opened(Message):
        """Somebody wants to know all about a well."""

        code: str

    def __init__(self, *, empty: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.empty = empty
        self.picked: str | None = None
        self._world: World | None = None
        self._marks: Mapping[str, Mark] = {}
        self._lenses: tuple[Lens, ...] = ()
        self._tiles: dict[int, Tiles] = {}
        self._zoom = 0
        self._left = self._top = 0
        self._sheet: Sheet | None = None
        self._came: dict[str, str] = {}
        self._drag: tuple[Offset, int, int] | None = None
        self._dragged = False

    # What is shown

    def show(self, world: World, marks: Mapping[str, Mark], picked: str | None = None) -> None:
        """Show another world. Of the same kind, the look stays as it is; of another, it begins at the chosen well."""
        same = self._world is not None and self._world.plan == world.plan and bool(self._lenses)
        kept = self._centre() if same else None
        self._world, self._marks = world, marks
        self._came.clear()
        self.picked = picked if picked is not None and picked in world.number else None
        if self.size.width:
            self._measure()
            if kept is None or not same:
                self.begin()
            else:
                self._zoom = min(self._zoom, len(self._lenses) - 1)
                self._centre_on(*kept)
        self._redraw()

    def begin(self) -> None:
        """Look so close that codes can be read, at the chosen well; at the whole map when all of it fits so."""
        if self._world is None or not self._lenses:
            return
        self._zoom = whole(self._lenses, self.size.width, self.size.height)
        if not self._world.plan:
            self._zoom = len(self._lenses) - 1
        spot = None if self.picked is None else self._world.spot(self.picked)
        self._centre_on(*(self._world.at(spot) if spot is not None else (0.0, 0.0)))
        self._redraw()

    def _measure(self) -> None:
        if self._world is None:
            return
        self._tiles.clear()
        self._lenses = lenses(self._world, self.size.width, self.size.height)
        self._zoom = min(self._zoom, len(self._lenses) - 1)

    @property
    def lens(self) -> Lens | None:
        return self._lenses[self._zoom] if self._lenses else None

    @property
    def can_zoom_in(self) -> bool:
        return self._zoom < len(self._lenses) - 1

    @property
    def can_zoom_out(self) -> bool:
        return self._zoom > 0

    def _here(self) -> Tiles | None:
        """Return the tiles of the present zoom."""
        if self._world is None or not self._lenses:
            return None
        if self._zoom not in self._tiles:
            self._tiles[self._zoom] = Tiles(self._world, self._marks, self._lenses[self._zoom])
        return self._tiles[self._zoom]

    def on_resize(self) -> None:
        if self._world is None:
            return
        first = not self._lenses
        kept = None if first else self._centre()
        at_whole = not first and self._zoom == whole(self._lenses, self.size.width, self.size.height)
        self._measure()
        if kept is None:
            self.begin()
        elif at_whole:
            self.show_whole()
        else:
            self._centre_on(*kept)
        self._redraw()

    # Looking around

    def _centre(self) -> tuple[float, float]:
        """Return the place in the world that is in the middle of the screen."""
        lens = self._lenses[self._zoom]
        return lens.place((self._left + self.size.width / 2, self._top + self.size.height / 2))

    def _centre_on(self, x: float, y: float) -> None:
        column, row = self._lenses[self._zoom].cell((x, y))
        self._left = round(column - self.size.width / 2)
        self._top = round(row - self.size.height / 2)
        self._clamp()

    def _clamp(self) -> None:
        lens = self._lenses[self._zoom]
        self._left = _within(self._left, lens.width, self.size.width, _SLACK_X)
        self._top = _within(self._top, lens.height, self.size.height, _SLACK_Y)

    def follow(self) -> None:
        """Bring the chosen well into view, a little away from the edge."""
        tiles = self._here()
        spot = None if self._world is None or self.picked is None else self._world.spot(self.picked)
        if tiles is None or spot is None:
            return
        x, y = cell_of(tiles, spot)
        wide = spot.cells if tiles.lens.detail is Detail.CODES else width(spot.code[:20]) + 1
        margin_x = max(0, min(_MARGIN_X, (self.size.width - wide) // 2))
        margin_y = max(0, min(_MARGIN_Y, (self.size.height - 1) // 2))
        self._left = min(self._left, x - margin_x)
        self._left = max(self._left, x + wide + margin_x - self.size.width)
        self._top = min(self._top, y - margin_y)
        self._top = max(self._top, y + 1 + margin_y - self.size.height)
        self._clamp()
        self._redraw()

    def pan(self, across: int, down: int) -> None:
        if self._lenses:
            self._left += across
            self._top += down
            self._clamp()
            self._redraw()

    def zoom(self, by: int) -> None:
        """Look closer (1) or from farther away (-1); the chosen well, if one sees it, stays where it is."""
        if not self._lenses or self._world is None:
            return
        wanted = max(0, min(self._zoom + by, len(self._lenses) - 1))
        if wanted == self._zoom:
            return
        spot = None if self.picked is None else self._world.spot(self.picked)
        column, row = self.size.width / 2, self.size.height / 2
        if spot is not None:
            x, y = self._lenses[self._zoom].cell(self._world.at(spot))
            if 0 <= x - self._left < self.size.width and 0 <= y - self._top < self.size.height:
                column, row = x - self._left, y - self._top
        place = self._lenses[self._zoom].place((self._left + column, self._top + row))
        self._zoom = wanted
        x, y = self._lenses[wanted].cell(place)
        self._left, self._top = round(x - column), round(y - row)
        self._clamp()
        self._redraw()

    def show_whole(self) -> None:
        """Look from so far away that all of the map is on the screen."""
        if self._lenses:
            self._zoom = whole(self._lenses, self.size.width, self.size.height)
            self._clamp()
            self._redraw()

    def look_at(self, codes: Sequence[str]) -> None:
        """Bring the first of some wells to the middle, and look no closer than shows them all."""
        if self._world is None or not self._lenses:
            return
        spots = [spot for code in codes if (spot := self._world.spot(code)) is not None]
        if not spots:
            return
        places = [self._world.at(spot) for spot in spots]
        for index in range(len(self._lenses) - 1, -1, -1):
            cells = [self._lenses[index].cell(place) for place in places]
            across = max(x for x, _ in cells) - min(x for x, _ in cells)
            down = max(y for _, y in cells) - min(y for _, y in cells)
            if across + 2 * _MARGIN_X <= self.size.width and down + 2 * _MARGIN_Y <= self.size.height:
                self._zoom = index
                break
        else:
            self._zoom = 0
        xs, ys = [x for x, _ in places], [y for _, y in places]
        self._centre_on((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
        self._redraw()

    # Choosing

    def pick(self, code: str, *, follow: bool = True) -> None:
        """Choose a well and bring it into view."""
        if self._world is None or code not in self._world.number:
            return
        self.picked = code
        if follow:
            self.follow()
        self._redraw()
        self.post_message(self.Selected(code))

    def action_go(self, way: str) -> None:
        if self._world is None or not self._world.scene.spots:
            return
        if self.picked is None:
            x, y = self._centre()
            near = self._world.nearest(x, y, max(self._world.size))
            self.pick(near or self._world.scene.spots[0].code)
            return
        # Back over a junction the way one came, not up another branch.
        came = self._came.pop(f"{way}:{self.picked}", None)
        code = came or self._world.next_to(self.picked, _WAYS[way])
        if code is not None and code != self.picked:
            back = {"left": "right", "right": "left", "up": "down", "down": "up"}[way]
            self._came[f"{back}:{code}"] = self.picked
            self.pick(code)

    def action_pan(self, across: int, down: int) -> None:
        self.pan(across, down)

    def action_page(self, by: int) -> None:
        self.pan(0, by * max(1, self.size.height - 2))

    # The mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1:
            self.capture_mouse()
            self._drag = (event.screen_offset, self._left, self._top)
            self._dragged = False

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._drag is None or not self._lenses:
            return
        start, left, top = self._drag
        moved = event.screen_offset - start
        if moved.x or moved.y:
            self._dragged = True
            self._left, self._top = left - moved.x, top - moved.y
            self._clamp()
            self._redraw()

    def on_mouse_up(self) -> None:
        self.release_mouse()
        self._drag = None

    def on_click(self, event: events.Click) -> None:
        if self._dragged:
            self._dragged = False
            return
        tiles = self._here()
        if tiles is None or self._world is None:
            return
        half = 0.0 if tiles.lens.detail is Detail.LINES else -0.5
        x, y = tiles.lens.place((self._left + event.x + 0.5 + half, self._top + event.y + 0.5 + half))
        aside, _ = tiles.lens.place((self._left + event.x + 0.5 + half + _REACH, 0.0))
        code = self._world.nearest(x, y, max(abs(aside - x), 1e-6))
        if code is None:
            return
        if code == self.picked:
            self.post_message(self.Opened(code))
        else:
            self.pick(code, follow=False)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._roll(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._roll(event, -1)

    def on_mouse_scroll_left(self) -> None:
        self.pan(-_ROLL_X, 0)

    def on_mouse_scroll_right(self) -> None:
        self.pan(_ROLL_X, 0)

    def _roll(self, event: events.MouseEvent, by: int) -> None:
        event.stop()
        if event.ctrl:
            self.zoom(-by)
        elif event.shift:
            self.pan(by * _ROLL_X, 0)
        else:
            self.pan(0, by * _ROLL_Y)

    # Drawing

    def _redraw(self) -> None:
        self._sheet = None
        self.refresh()

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 - a Textual watcher
        super().watch_has_focus(_has_focus)
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._sheet = None

    def _drawn(self) -> Sheet:
        if self._sheet is None:
            cells, lines = self.size.width, self.size.height
            tiles = self._here()
            if tiles is None or not tiles.world.scene.spots:
                self._sheet = Sheet(cells, lines)
                text = cut(self.empty, cells - 2)
                self._sheet.write(max(0, (cells - width(text)) // 2), lines // 2, text, Look.FRAME)
            else:
                frame = Frame(self._left, self._top, cells, lines, self.picked)
                self._sheet = draw(tiles, frame)
                if tiles.world.plan:
                    _ruler(self._sheet, tiles.lens)
        return self._sheet

    def render_line(self, y: int) -> Strip:
        sheet = self._drawn()
        base = self.rich_style
        if y >= sheet.height:
            return Strip.blank(self.size.width, base)
        styles: dict[Look, Style] = {}
        segments = []
        for text, look in sheet.runs(y):
            if look not in styles:
                styles[look] = base + self.get_component_rich_style(f"map--{look.name.lower()}", partial=True)
            segments.append(Segment(text, styles[look]))
        return Strip(segments, sheet.width)


def _within(start: int, length: int, visible: int, slack: int) -> int:
    """Keep a map on the screen; one that is smaller than the screen stands in its middle."""
    if length <= visible:
        return (length - visible) // 2
    return max(-slack, min(start, length - visible + slack))


def _ruler(sheet: Sheet, lens: Lens) -> None:
    """Draw how long some metres are, and where north is, in the corner below."""
    metres = max((m for m in _RULERS if m * lens.unit <= _RULER_MOST), default=_RULERS[0])
    cells = max(2, round(metres * lens.unit))
    text = f"├{'─' * (cells - 1)}┤ {metres} m  N▴"
    if width(text) < sheet.width:
        sheet.write(sheet.width - width(text) - 1, sheet.height - 1, text, Look.FRAME)
