"""A schematic cut into pieces that fit a sheet or a line of text. Pure.

Sewers that have nothing to do with each other are blocks, with an empty row
between them. A block that is too wide is cut from left to right into bands, each time
left of a well, where the fewest pipes pass. A pipe that goes on in another
band has the same letter at both cuts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from models.inspection.survey.scene import Run, Scene, Spot

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a pipe leaves a band or comes in: its row in the schematic, and its letter."""

    row: int
    letter: str


@dataclass(frozen=True, slots=True)
class Band:
    """Columns `left` up to `right` of a block, and its rows `top` to `bottom`; the last ones are not in it."""

    left: int
    right: int
    top: int
    bottom: int
    spots: tuple[Spot, ...]
    runs: tuple[Run, ...]
    comes_in: tuple[Cut, ...]
    goes_on: tuple[Cut, ...]

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class _Block:
    """Wells and pipes that hang together, and where it may be cut. Each pipe has its first and last column before it."""

    spots: tuple[Spot, ...]
    runs: tuple[tuple[int, int, Run], ...]
    cuts: tuple[int, ...]
    right: int


def steps(run: Run) -> Iterator[tuple[Cell, Cell]]:
    """Yield each piece of a pipe's path as whole cells."""
    for (x, y), (to_x, to_y) in pairwise(run.path):
        yield (int(x), int(y)), (int(to_x), int(to_y))


def bands_of(scene: Scene, width: int) -> tuple[Band, ...]:
    """Return the bands of a schematic, each at most `width` cells wide where the boxes let it."""
    bands: list[Band] = []
    letters = _letters()
    for block in _blocks(scene):
        edges = _edges(block, width)
        passing: tuple[Cut, ...] = ()
        for left, right in pairwise(edges):
            leaving = (
                tuple(Cut(row, next(letters)) for row in _rows_across(block, right))
                if right < block.right
                else ()
            )
            bands.append(_band(block, left, right, passing, leaving))
            passing = leaving
    return tuple(bands)


def narrowest(scene: Scene) -> int:
    """Return how wide a band must be at least: as the widest box with its pipe."""
    return max((spot.cells for spot in scene.spots), default=0) + 6


def _band(block: _Block, left: int, right: int, comes_in: tuple[Cut, ...], goes_on: tuple[Cut, ...]) -> Band:
    spots = tuple(spot for spot in block.spots if left <= spot.x < right)
    runs = tuple(run for first, last, run in block.runs if first < right and last >= left)
    rows = [int(spot.y) for spot in spots]
    rows += [cut.row for cut in (*comes_in, *goes_on)]
    for run in runs:
        for (x, y), (to_x, to_y) in steps(run):
            if min(x, to_x) < right and max(x, to_x) >= left:
                rows += [y, to_y]
    return Band(left, right, min(rows), max(rows) + 1, spots, runs, comes_in, goes_on)


def _blocks(scene: Scene) -> Iterator[_Block]:
    """Yield the sewers one after the other: no pipe crosses the empty row between them."""
    taken = {int(spot.y) for spot in scene.spots}
    for run in scene.runs:
        for (_, y), (_, to_y) in steps(run):
            taken.update(range(min(y, to_y), max(y, to_y) + 1))
    first: dict[int, int] = {}
    for row in sorted(taken):
        first[row] = first.get(row - 1, row)
    spots: dict[int, list[Spot]] = {}
    runs: dict[int, list[tuple[int, int, Run]]] = {}
    for spot in scene.spots:
        spots.setdefault(first[int(spot.y)], []).append(spot)
    for run in scene.runs:
        columns = [int(x) for x, _ in run.path]
        runs.setdefault(first[int(run.path[0][1])], []).append((min(columns), max(columns), run))
    for key, inside in sorted(spots.items()):
        boxes = sorted((int(spot.x), int(spot.x) + spot.cells) for spot in inside)
        ends = [end for _, end in boxes]
        ends += [last + 1 for _, last, _ in runs.get(key, ())]
        yield _Block(tuple(inside), tuple(runs.get(key, ())), tuple(_open(boxes)), max(ends))


def _open(boxes: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Yield the columns at which a box begins and none goes on."""
    reach = 0
    for column, together in groupby(boxes, key=lambda box: box[0]):
        if reach <= column:
            yield column
        reach = max(reach, *(end for _, end in together))


def _edges(block: _Block, width: int) -> list[int]:
    edges = [0]
    while block.right - edges[-1] > width:
        place = bisect_right(block.cuts, edges[-1] + width) - 1
        if block.cuts[place] <= edges[-1]:
            place += 1  # a box wider than the sheet stands by itself
        if place >= len(block.cuts):
            break
        edges.append(block.cuts[place])
    return [*edges, block.right]


def _rows_across(block: _Block, column: int) -> list[int]:
    """Return the rows in which a pipe passes from the cell left of a column to the one in it."""
    rows = set()
    for first, last, run in block.runs:
        if not first < column <= last + 1:
            continue
        for (x, y), (to_x, _) in steps(run):
            if min(x, to_x) < column <= max(x, to_x):
                rows.add(y)
        if int(run.path[-1][0]) == column - 1:
            rows.add(int(run.path[-1][1]))
    return sorted(rows)


def _letters() -> Iterator[str]:
    """Yield A to Z, then AA and on."""
    number = 0
    while True:
        number += 1
        letters, left = "", number
        while left:
            left, digit = divmod(left - 1, 26)
            letters = chr(ord("A") + digit) + letters
        yield letters
