"""Which part of a map is on the screen and how large: zooming, moving, following the chosen well. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from models.inspection.survey.scene import Place
from tui.widgets.map_lens import Detail, Lens, lenses, whole
from tui.widgets.map_paint import Frame, cell_of
from tui.widgets.map_tiles import Tiles
from tui.widgets.map_world import World
from tui.widgets.text import Mark, width

#: The chosen well stays this far from the edge.
_MARGIN_X, _MARGIN_Y = 10, 2
#: Beyond its ends the map can be pushed this far, so that no well sticks to the edge.
_SLACK_X, _SLACK_Y = 6, 2
_LONGEST_CODE: Final = 20


class MapView:
    """A world seen through a window of `across` by `down` cells whose corner is the map's cell (`left`, `top`)."""

    def __init__(self, world: World, marks: Mapping[str, Mark], across: int, down: int) -> None:
        self.world = world
        self.across = across
        self.down = down
        self.picked: str | None = None
        self.left = self.top = 0
        self._marks = marks
        self._lenses: tuple[Lens, ...] = lenses(world, across, down)
        self._zoom = 0
        self._tiles: dict[int, Tiles] = {}

    @property
    def lens(self) -> Lens:
        return self._lenses[self._zoom]

    @property
    def can_zoom_in(self) -> bool:
        return self._zoom < len(self._lenses) - 1

    @property
    def can_zoom_out(self) -> bool:
        return self._zoom > 0

    @property
    def tiles(self) -> Tiles:
        """The tiles of the present zoom."""
        if self._zoom not in self._tiles:
            self._tiles[self._zoom] = Tiles(self.world, self._marks, self.lens)
        return self._tiles[self._zoom]

    @property
    def frame(self) -> Frame:
        return Frame(self.left, self.top, self.across, self.down, self.picked)

    @property
    def shows_whole(self) -> bool:
        return self._zoom == whole(self._lenses, self.across, self.down)

    def centre(self) -> Place:
        """Return the place in the world that is in the middle of the window."""
        return self.lens.place((self.left + self.across / 2, self.top + self.down / 2))

    def place_at(self, x: float, y: float) -> Place:
        """Return the place in the world that is in the middle of a cell of the window."""
        half = 0.0 if self.lens.detail is Detail.LINES else -0.5
        return self.lens.place((self.left + x + 0.5 + half, self.top + y + 0.5 + half))

    # Moving

    def begin(self) -> None:
        """Look at the whole map where codes have room there or it is a plan, else closely at the chosen well."""
        self._zoom = whole(self._lenses, self.across, self.down)
        if not self.world.plan and not self.lens.named:
            self._zoom = len(self._lenses) - 1
        spot = None if self.picked is None else self.world.spot(self.picked)
        self.centre_on(self.world.at(spot) if spot is not None else (0.0, 0.0))

    def like(self, other: MapView) -> None:
        """Look at what another view of the same kind of world looks at."""
        if other.shows_whole:
            self.show_whole()
            return
        self._zoom = min(other._zoom, len(self._lenses) - 1)
        self.centre_on(other.centre())

    def centre_on(self, place: Place) -> None:
        column, row = self.lens.cell(place)
        self.left, self.top = round(column - self.across / 2), round(row - self.down / 2)
        self._clamp()

    def move(self, across: int, down: int) -> None:
        self.move_to(self.left + across, self.top + down)

    def move_to(self, left: int, top: int) -> None:
        self.left, self.top = left, top
        self._clamp()

    def _clamp(self) -> None:
        self.left = _within(self.left, self.lens.width, self.across, _SLACK_X)
        self.top = _within(self.top, self.lens.height, self.down, _SLACK_Y)

    def follow(self) -> None:
        """Bring the chosen well into view, a little away from the edge."""
        spot = None if self.picked is None else self.world.spot(self.picked)
        if spot is None:
            return
        x, y = cell_of(self.tiles, spot)
        codes = self.lens.detail is Detail.CODES
        wide = spot.cells if codes else width(spot.code[:_LONGEST_CODE]) + 1
        margin_x = max(0, min(_MARGIN_X, (self.across - wide) // 2))
        margin_y = max(0, min(_MARGIN_Y, (self.down - 1) // 2))
        left = max(min(self.left, x - margin_x), x + wide + margin_x - self.across)
        top = max(min(self.top, y - margin_y), y + 1 + margin_y - self.down)
        self.move_to(left, top)

    # Zooming

    def zoom(self, by: int) -> None:
        """Look closer (1) or from farther away (-1); the chosen well, if one sees it, stays where it is."""
        wanted = max(0, min(self._zoom + by, len(self._lenses) - 1))
        spot = None if self.picked is None else self.world.spot(self.picked)
        column, row = self.across / 2, self.down / 2
        if spot is not None:
            x, y = self.lens.cell(self.world.at(spot))
            if 0 <= x - self.left < self.across and 0 <= y - self.top < self.down:
                column, row = x - self.left, y - self.top
        place = self.lens.place((self.left + column, self.top + row))
        self._zoom = wanted
        x, y = self.lens.cell(place)
        self.move_to(round(x - column), round(y - row))

    def show_whole(self) -> None:
        """Look from so far away that all of the map is in the window."""
        self._zoom = whole(self._lenses, self.across, self.down)
        self._clamp()

    def look_at(self, codes: Sequence[str]) -> None:
        """Bring some wells to the middle, as close as shows them all."""
        places = [self.world.at(spot) for code in codes if (spot := self.world.spot(code)) is not None]
        if not places:
            return
        self._zoom = next((n for n in reversed(range(len(self._lenses))) if self._holds(n, places)), 0)
        xs, ys = [x for x, _ in places], [y for _, y in places]
        self.centre_on(((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2))

    def _holds(self, zoom: int, places: Sequence[Place]) -> bool:
        cells = [self._lenses[zoom].cell(place) for place in places]
        xs, ys = [x for x, _ in cells], [y for _, y in cells]
        fits_x = max(xs) - min(xs) + 2 * _MARGIN_X <= self.across
        return fits_x and max(ys) - min(ys) + 2 * _MARGIN_Y <= self.down


def _within(start: int, length: int, visible: int, slack: int) -> int:
    """Keep a map in its window; one that is smaller than the window stands in its middle."""
    if length <= visible:
        return (length - visible) // 2
    return max(-slack, min(start, length - visible + slack))
