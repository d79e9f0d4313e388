"""How large a map is drawn: from the whole on one screen down to every code. Pure."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from statistics import median
from typing import Final

from models.inspection.survey.scene import Place
from tui.widgets.map_world import ASPECT, Box, World

_STEP: Final = 1.6
_MOST_STEPS: Final = 14
#: A pipe this long in cells leaves room for the codes of both its wells.
_ROOMY: Final = 18.0
#: Cells left free around a map whose labels stand beside their wells.
_EDGE_X, _EDGE_Y = 4, 1
#: In narrow drawing columns in which something stands or turns are at most this far apart, and as far as there is room.
_GAPS: Final = (5.0, 4.0, 3.0, 2.0)
#: Rows of a schematic are at most this far apart.
_MOST_SPREAD: Final = 3
#: Wells closer than this leave no room for the symbols of those at which nothing is wrong.
_CROWDED: Final = 2.5
#: How many pipes are measured to tell how long they are.
_MEASURED: Final = 200


class Detail(Enum):
    """What is drawn of a well and how its pipes run."""

    CODES = "codes"  # a schematic as it was laid out
    SYMBOLS = "symbols"  # the same, without the codes and narrower
    LINES = "lines"  # to scale: pipes as fine lines, codes where there is room


@dataclass(frozen=True, slots=True)
class Lens:
    """A projection from a world to cells. `stops` are pairs of x and cell, between which it is even.

    `crowded` tells that only wells at which something is wrong get a symbol.
    """

    detail: Detail
    stops: tuple[tuple[float, float], ...]
    scale_y: float
    edge_y: float
    width: int
    height: int
    crowded: bool

    def cell(self, place: Place) -> Place:
        """Return the cell of a place, with the fraction inside it."""
        x, y = place
        index = max(1, min(bisect_right(self.stops, (x, math.inf)), len(self.stops) - 1))
        (x1, c1), (x2, c2) = self.stops[index - 1], self.stops[index]
        return c1 + (x - x1) * (c2 - c1) / (x2 - x1), y * self.scale_y + self.edge_y

    def place(self, cell: Place) -> Place:
        """Return the place of a cell: the way back from `cell`."""
        column, row = cell
        index = 1
        low, high = 1, len(self.stops) - 1
        while low <= high:
            middle = (low + high) // 2
            if self.stops[middle - 1][1] <= column:
                index, low = middle, middle + 1
            else:
                high = middle - 1
        (x1, c1), (x2, c2) = self.stops[index - 1], self.stops[index]
        x = x1 + (column - c1) * (x2 - x1) / (c2 - c1) if c2 > c1 else x1
        return x, (row - self.edge_y) / self.scale_y

    def box(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Return the part of the world that a rectangle of cells shows."""
        x1, y1 = self.place((left, top))
        x2, y2 = self.place((right, bottom))
        return x1, y1, x2, y2

    @property
    def named(self) -> bool:
        """Whether there is room for codes."""
        return not self.crowded and (self.detail is not Detail.SYMBOLS or self.scale_y > 1)

    @property
    def unit(self) -> float:
        """How many cells a metre takes, in a plan."""
        (x1, c1), (x2, c2) = self.stops[0], self.stops[-1]
        return (c2 - c1) / (x2 - x1)


def lenses(world: World, width: int, height: int) -> tuple[Lens, ...]:
    """Return the lenses for a screen of that many cells, from the whole map to the closest look."""
    width, height = max(width, 2 * _EDGE_X + 4), max(height, 2 * _EDGE_Y + 2)
    if world.plan:
        return _plan(world, width, height)
    # A sewer of few rows is spread over the screen.
    spread = max(1, min(_MOST_SPREAD, (height - 1) // max(1, math.ceil(world.size[1]))))
    codes = _even(world, Detail.CODES, (1.0, float(spread)), (0.0, 0.0))
    tried = (_narrow(world, spread, gap) for gap in _GAPS)
    narrow = next((lens for lens in tried if lens.width <= width), _narrow(world, spread, _GAPS[-1]))
    found = [narrow, codes] if narrow.width < codes.width else [codes]
    if found[0].width > width or found[0].height > height:
        found.insert(0, _whole(world, width, height))
    return tuple(found)


def whole(found: tuple[Lens, ...], width: int, height: int) -> int:
    """Return the index of the closest lens that shows the whole map."""
    return max(
        (index for index, lens in enumerate(found) if lens.width <= width and lens.height <= height),
        default=0,
    )


def _even(
    world: World,
    detail: Detail,
    scale: tuple[float, float],
    edge: tuple[float, float],
    *,
    crowded: bool = False,
) -> Lens:
    (across, down), (scale_x, scale_y), (edge_x, edge_y) = world.size, scale, edge
    return Lens(
        detail,
        ((0.0, edge_x), (across, edge_x + across * scale_x)),
        scale_y,
        edge_y,
        math.ceil(across * scale_x + 2 * edge_x),
        math.ceil(down * scale_y + 2 * edge_y),
        crowded,
    )


def _whole(world: World, width: int, height: int) -> Lens:
    across, down = world.size
    scale_x = min(1.0, (width - 2) / across)
    scale_y = min(1.0, (height - 1) / down)
    crowded = _typical(world) * scale_x < _CROWDED
    return _even(world, Detail.LINES, (scale_x, scale_y), (1.0, 0.5), crowded=crowded)


def _narrow(world: World, spread: int, gap: float) -> Lens:
    """Leave out the columns of a schematic in which no symbol stands and no pipe turns."""
    turns = {x for run in world.scene.runs for x, _ in run.path[1:-1]}
    wanted = sorted({0.0, world.size[0], *turns, *(spot.x for spot in world.scene.spots)})
    stops: list[tuple[float, float]] = []
    cell = 0.0
    for index, x in enumerate(wanted):
        if index:
            cell += min(x - wanted[index - 1], gap)
        stops.append((x, cell))
    return Lens(
        Detail.SYMBOLS,
        tuple(stops),
        float(spread),
        0.0,
        math.ceil(cell) + 1,
        math.ceil(world.size[1]) * spread,
        crowded=False,
    )


def _plan(world: World, width: int, height: int) -> tuple[Lens, ...]:
    across, down = world.size
    fit = min((width - 2 * _EDGE_X) / across, (height - 2 * _EDGE_Y) * ASPECT / down)
    typical = _typical(world)
    found: list[Lens] = []
    scale = fit
    while len(found) < 2 or (scale * typical < _ROOMY * _STEP and len(found) < _MOST_STEPS):  # noqa: PLR2004
        crowded = scale * typical < _CROWDED
        edge = (float(_EDGE_X), float(_EDGE_Y))
        found.append(_even(world, Detail.LINES, (scale, scale / ASPECT), edge, crowded=crowded))
        scale *= _STEP
    return tuple(found)


def _typical(world: World) -> float:
    """Return how far apart two wells of one pipe are, in the middle of all pipes, or of some spread over them."""
    runs = world.scene.runs
    lengths = [
        math.dist(path[0], path[-1])
        for run in runs[:: max(1, len(runs) // _MEASURED)]
        if len(path := world.path(run)) > 1
    ]
    if lengths and (middle := median(lengths)) > 0:
        return middle
    across, down = world.size
    return math.sqrt(across * down / max(1, len(world.scene.spots)))
