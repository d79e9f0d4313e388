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
from tui.widgets.map_lens import Lens
from tui.widgets.map_paint import draw
from tui.widgets.map_sheet import Look, Sheet
from tui.widgets.map_view import MapView
from tui.widgets.map_world import World
from tui.widgets.text import Mark, cut, width

_WAYS: Final = {
    "left": map_world.LEFT,
    "right": map_world.RIGHT,
    "up": map_world.UP,
    "down": map_world.DOWN,
}
_BACK: Final = {"left": "right", "right": "left", "up": "down", "down": "up"}
_ROLL_X, _ROLL_Y = 6, 3
_PAN_X, _PAN_Y = 8, 3
#: A click this far beside a well still means it.
_REACH: Final = 3
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
        self._shown: tuple[World, Mapping[str, Mark]] | None = None
        self._wanted: str | None = None
        self._view: MapView | None = None
        self._sheet: Sheet | None = None
        self._came: dict[str, str] = {}
        self._drag: tuple[Offset, int, int] | None = None
        self._dragged = False

    # What is shown

    def show(self, world: World, marks: Mapping[str, Mark], picked: str | None = None) -> None:
        """Show another world. Of the same kind it is looked at as before; of another, from the chosen well on."""
        self._shown = world, marks
        self._wanted = picked
        self._came.clear()
        if self.size.width and self.size.height:
            self._look()

    @property
    def picked(self) -> str | None:
        """The code of the chosen well."""
        return None if self._view is None else self._view.picked

    @property
    def can_zoom_in(self) -> bool:
        return self._view is not None and self._view.can_zoom_in

    @property
    def can_zoom_out(self) -> bool:
        return self._view is not None and self._view.can_zoom_out

    def _look(self) -> None:
        """Look at the present world in the present size."""
        if self._shown is None:
            return
        before, (world, marks) = self._view, self._shown
        view = self._view = MapView(world, marks, self.size.width, self.size.height)
        view.picked = self._wanted if self._wanted in world.number else None
        if before is not None and before.world.plan == world.plan and before.world.scene.spots:
            view.like(before)
        else:
            view.begin()
        self._redraw()

    def on_resize(self) -> None:
        if self._view is not None:
            self._wanted = self._view.picked
        self._look()

    # Looking around

    def zoom(self, by: int) -> None:
        """Look closer (1) or from farther away (-1)."""
        if self._view is not None:
            self._view.zoom(by)
            self._redraw()

    def show_whole(self) -> None:
        """Look from so far away that all of the map is on the screen."""
        if self._view is not None:
            self._view.show_whole()
            self._redraw()

    def look_at(self, codes: Sequence[str]) -> None:
        """Bring some wells to the middle, as close as shows them all."""
        if self._view is not None:
            self._view.look_at(codes)
            self._redraw()

    def action_pan(self, across: int, down: int) -> None:
        if self._view is not None:
            self._view.move(across, down)
            self._redraw()

    def action_page(self, by: int) -> None:
        self.action_pan(0, by * max(1, self.size.height - 2))

    # Choosing

    def pick(self, code: str, *, follow: bool = True) -> None:
        """Choose a well and bring it into view."""
        view = self._view
        if view is None or code not in view.world.number:
            return
        view.picked = code
        if follow:
            view.follow()
        self._redraw()
        self.post_message(self.Selected(code))

    def action_go(self, way: str) -> None:
        view = self._view
        if view is None or not view.world.scene.spots:
            return
        if view.picked is None:
            near = view.world.nearest(*view.centre(), max(view.world.size))
            self.pick(near or view.world.scene.spots[0].code)
            return
        # Back over a junction the way one came, not up another branch.
        came = self._came.pop(f"{way}:{view.picked}", None)
        code = came or view.world.next_to(view.picked, _WAYS[way])
        if code is not None and code != view.picked:
            self._came[f"{_BACK[way]}:{code}"] = view.picked
            self.pick(code)

    # The mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1 and self._view is not None:
            self.capture_mouse()
            self._drag = (event.screen_offset, self._view.left, self._view.top)
            self._dragged = False

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._drag is None or self._view is None:
            return
        start, left, top = self._drag
        moved = event.screen_offset - start
        if moved.x or moved.y:
            self._dragged = True
            self._view.move_to(left - moved.x, top - moved.y)
            self._redraw()

    def on_mouse_up(self) -> None:
        self.release_mouse()
        self._drag = None

    def on_click(self, event: events.Click) -> None:
        if self._dragged:
            self._dragged = False
            return
        view = self._view
        if view is None:
            return
        x, y = view.place_at(event.x, event.y)
        aside, _ = view.place_at(event.x + _REACH, event.y)
        code = view.world.nearest(x, y, max(abs(aside - x), 1e-6))
        if code is None:
            return
        if code == view.picked:
            self.post_message(self.Opened(code))
        else:
            self.pick(code, follow=False)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._roll(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._roll(event, -1)

    def on_mouse_scroll_left(self) -> None:
        self.action_pan(-_ROLL_X, 0)

    def on_mouse_scroll_right(self) -> None:
        self.action_pan(_ROLL_X, 0)

    def _roll(self, event: events.MouseEvent, by: int) -> None:
        event.stop()
        if event.ctrl:
            self.zoom(-by)
        elif event.shift:
            self.action_pan(by * _ROLL_X, 0)
        else:
            self.action_pan(0, by * _ROLL_Y)

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
            view = self._view
            if view is None or not view.world.scene.spots:
                self._sheet = Sheet(cells, lines)
                text = cut(self.empty, cells - 2)
                self._sheet.write(max(0, (cells - width(text)) // 2), lines // 2, text, Look.FRAME)
            else:
                self._sheet = draw(view.tiles, view.frame)
                if view.world.plan:
                    _ruler(self._sheet, view.lens)
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


def _ruler(sheet: Sheet, lens: Lens) -> None:
    """Draw how long some metres are, and where north is, in the corner below."""
    metres = max((m for m in _RULERS if m * lens.unit <= _RULER_MOST), default=_RULERS[0])
    cells = max(2, round(metres * lens.unit))
    text = f"├{'─' * (cells - 1)}┤ {metres} m  N▴"
    if width(text) < sheet.width:
        sheet.write(sheet.width - width(text) - 1, sheet.height - 1, text, Look.FRAME)
