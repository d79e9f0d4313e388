"""Where wells and pipes are drawn: a plan from coordinates, or a schematic from the links alone. Pure.

The schematic is drawn in the cells of a terminal. Water runs from left to right,
the end of each sewer stands at the right end of its drawing, and sewers that have
nothing to do with each other lie below each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from models.inspection.survey.layers import Layers, Link, layers_of, systems_of
from models.inspection.survey.packing import rows_of
from models.inspection.survey.routing import Way, Ways, ways_of
from models.inspection.survey.scene import Place

#: Cells that every pipe has for itself: one that no other pipe shares, the one where trunks meet, two to enter by.
_LEAD, _MEET, _ENTRY = 1, 1, 2
#: Lone wells fill rows so wide.
_LONE_ROW: Final = 76
_BETWEEN_LONE: Final = 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Places of wells, paths of links (in the order of the links), and which links close a loop.

    In a schematic a path leads from the cell right of its upper well's box to the
    cell left of its lower well's box, through the cells at its corners.
    """

    places: Mapping[str, Place]
    paths: tuple[tuple[Place, ...], ...]
    backwards: frozenset[int]
    width: float
    height: float


def schematic(cells: Mapping[str, int], links: Sequence[Link], ends: Collection[str] = ()) -> Layout:
    """Lay out wells, whose boxes are `cells` wide, from their links alone.

    Each link joins two different wells of `cells`, and each pair is joined once.
    `ends` are the outfalls. The same arguments always give the same drawing.
    """
    layers = layers_of(cells, links, ends)
    places: dict[str, Place] = {}
    paths: list[tuple[Place, ...]] = [()] * len(links)
    lone: list[str] = []
    width = top = 0
    numbers_of: dict[str, list[int]] = {code: [] for code in cells}
    for number, (start, _) in enumerate(links):
        numbers_of[start].append(number)
    for system in systems_of(cells, links):
        if len(system) == 1:
            lone.append(system[0])
            continue
        numbers = [number for code in system for number in numbers_of[code]]
        drawn = _Drawn.of(system, numbers, cells, links, layers)
        for code in system:
            x, y = drawn.place(code)
            places[code] = (x, y + top)
        for number in numbers:
            paths[number] = tuple((x, y + top) for x, y in drawn.path(number))
        width = max(width, drawn.width)
        top += drawn.ways.height + 1
    for code, place in _lone(lone, cells, top):
        places[code] = place
        width = max(width, int(place[0]) + cells[code])
        top = int(place[1]) + 2
    in_order = {code: places[code] for code in cells}
    return Layout(in_order, tuple(paths), layers.backwards, width, max(top - 1, 0))


def plan(spots: Mapping[str, Place | None], links: Sequence[Link]) -> Layout:
    """Return places in metres, moved so that they begin at 0, 0; pipes run straight.

    A well without coordinates has no place, and a link to it no path.
    """
    known = {code: place for code, place in spots.items() if place is not None and all(map(isfinite, place))}
    left = min((x for x, _ in known.values()), default=0.0)
    bottom = min((y for _, y in known.values()), default=0.0)
    places = {code: (x - left, y - bottom) for code, (x, y) in known.items()}
    paths = tuple(
        (places[start], places[end]) if start in places and end in places else () for start, end in links
    )
    width = max((x for x, _ in places.values()), default=0.0)
    height = max((y for _, y in places.values()), default=0.0)
    return Layout(places, paths, frozenset(), width, height)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One sewer: layers become columns of cells, lanes become columns of the gaps between them."""

    cells: Mapping[str, int]
    links: Sequence[Link]
    layers: Layers
    rows: Mapping[str, int]
    ways: Ways
    columns: Mapping[int, int]
    gaps: Mapping[int, int]
    width: int

    @classmethod
    def of(
        cls,
        system: Sequence[str],
        numbers: Sequence[int],
        cells: Mapping[str, int],
        links: Sequence[Link],
        layers: Layers,
    ) -> _Drawn:
        mine = {code: layers.layer[code] for code in system}
        onto = {code: links[layers.trunk[code]][1] for code in system if code in layers.trunk}
        rows = rows_of(mine, onto)
        ways = ways_of(numbers, links, layers, rows)
        widest = [0] * (max(mine.values()) + 1)
        for code, layer in mine.items():
            widest[layer] = max(widest[layer], cells[code])
        columns: dict[int, int] = {}
        gaps: dict[int, int] = {}
        x = 0
        # Left of the first layer and right of the last one there is a gap only for pipes that close a loop.
        for layer in range(len(widest), -1, -1):
            if layer < len(widest):
                columns[layer] = x
                x += widest[layer]
            gap = layer - 1
            gaps[gap] = x
            outer = not 0 <= gap < len(widest) - 1
            if outer:
                x += _LEAD + ways.leaving[gap] if gap in ways.leaving else 0
                x += _ENTRY + ways.entering[gap] if gap in ways.entering else 0
            else:
                x += _LEAD + ways.leaving.get(gap, 0) + _MEET + ways.entering.get(gap, 0) + _ENTRY
        return cls(cells, links, layers, rows, ways, columns, gaps, x)

    def place(self, code: str) -> tuple[int, int]:
        return self.columns[self.layers.layer[code]], self.rows[code]

    def path(self, number: int) -> list[tuple[int, int]]:
        start, end = self.links[number]
        (x, y), (to_x, to_y) = self.place(start), self.place(end)
        corners = list(self._corners(number, self.ways.ways[number], y, to_y))
        return _bent([(x + self.cells[start], y), *corners, (to_x - 1, to_y)])

    def _corners(self, number: int, way: Way, row: int, to_row: int) -> Iterator[tuple[int, int]]:
        start, end = self.links[number]
        leaves, enters = self.layers.layer[start] - 1, self.layers.layer[end]
        if self.layers.trunk.get(start) == number:
            x = self.gaps[leaves] + _LEAD + self.ways.leaving.get(leaves, 0)
            yield from ((x, row), (x, to_row))
            return
        along = way.row
        if way.leaves is not None:
            x = self.gaps[leaves] + _LEAD + way.leaves
            yield from ((x, row), (x, to_row if along is None else along))
        if way.enters is not None:
            x = self.gaps[enters] + way.enters
            if enters in self.columns and enters + 1 in self.columns:
                x += _LEAD + self.ways.leaving.get(enters, 0) + _MEET
            yield from ((x, row if along is None else along), (x, to_row))


def _bent(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out what is no corner."""
    kept: list[tuple[int, int]] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and any(kept[-2][axis] == kept[-1][axis] == point[axis] for axis in (0, 1)):
            kept.pop()
        kept.append(point)
    return kept


def _lone(codes: Sequence[str], cells: Mapping[str, int], top: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Place wells without pipes in rows."""
    x, y = 0, top
    for code in codes:
        if x and x + cells[code] > _LONE_ROW:
            x, y = 0, y + 1
        yield code, (x, y)
        x += cells[code] + _BETWEEN_LONE
