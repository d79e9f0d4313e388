"""What a map shows wherever one looks: pipes and symbols, drawn a tile at a time and kept. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from models.inspection.survey.scene import Place, Run
from tui.blocked import LEAST_CHANCE
from tui.widgets.map_lens import Detail, Lens
from tui.widgets.map_lines import Strokes
from tui.widgets.map_sheet import Look, Sheet
from tui.widgets.map_world import World
from tui.widgets.text import Mark, Tone

TILE_W: Final = 32
TILE_H: Final = 8
_KEPT: Final = 400
#: How far a label or a box may reach out of its tile.
_AROUND: Final = 2

TONE_LOOKS: Final = {
    Tone.PLAIN: Look.CODE,
    Tone.GOOD: Look.GOOD,
    Tone.WARN: Look.WARN,
    Tone.BAD: Look.BAD,
    Tone.INFO: Look.INFO,
    Tone.MUTED: Look.UNSEEN,
}
#: Looks of wells that get their symbol however crowded the map is.
_LOUD: Final = frozenset({Look.WARN, Look.BAD, Look.INFO})


def run_look(run: Run, likeliest: frozenset[tuple[str, str]]) -> Look:
    """Return how a pipe is drawn; the likeliest pipe of each blockage is the blocked one."""
    if run.blockage is not None and (run.start, run.end) in likeliest:
        return Look.BLOCKED
    if run.chance >= LEAST_CHANCE:
        return Look.MAYBE
    if run.behind:
        return Look.BEHIND
    return Look.UNSEEN if run.backwards else Look.PIPE


class Tiles:
    """The tiles of one world under one lens. Only those on the screen are drawn; the ones used last are kept."""

    def __init__(self, world: World, marks: Mapping[str, Mark], lens: Lens) -> None:
        self.world = world
        self.marks = marks
        self.lens = lens
        self.likeliest = frozenset(blockage.pipes[0] for blockage in world.scene.blockages if blockage.pipes)
        self.called = frozenset(spot.code for spot in world.scene.spots if spot.called)
        self._kept: OrderedDict[tuple[int, int], Sheet] = OrderedDict()

    def look(self, code: str) -> Look:
        """Return the look of a well's symbol."""
        return TONE_LOOKS[self.marks[code].tone]

    def lay_on(self, sheet: Sheet, left: int, top: int) -> None:
        """Draw on a sheet what stands under it, its corner being the map's cell (`left`, `top`)."""
        for row in range(top // TILE_H, (top + sheet.height - 1) // TILE_H + 1):
            for column in range(left // TILE_W, (left + sheet.width - 1) // TILE_W + 1):
                sheet.lay(self._tile(column, row), column * TILE_W - left, row * TILE_H - top)

    def _tile(self, column: int, row: int) -> Sheet:
        tile = self._kept.get((column, row))
        if tile is None:
            tile = self._kept[column, row] = self._drawn(column * TILE_W, row * TILE_H)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end((column, row))
        return tile

    def _drawn(self, left: int, top: int) -> Sheet:
        world, lens = self.world, self.lens
        sheet = Sheet(TILE_W, TILE_H)
        if left >= lens.width or top >= lens.height or left + TILE_W <= 0 or top + TILE_H <= 0:
            return sheet
        box = lens.box(left - _AROUND, top - _AROUND, left + TILE_W + _AROUND, top + TILE_H + _AROUND)
        strokes = Strokes(left, top, TILE_W, TILE_H)
        for number in world.runs_in(box):
            run = world.scene.runs[number]
            look = run_look(run, self.likeliest)
            path = [lens.cell(place) for place in world.path(run)]
            if lens.detail is Detail.LINES:
                strokes.line([(x + 0.5, y + 0.5) for x, y in path], look, arrow=not lens.crowded)
            else:
                strokes.angle(self._joined(run, path), look)
        spots = self._spots(strokes, box, left, top)
        strokes.put_on(sheet)
        for (x, y), (char, look) in spots.items():
            sheet.put(x - left, y - top, char, look)
        return sheet

    def _joined(self, run: Run, path: list[Place]) -> list[Place]:
        """Return a pipe from symbol to symbol: without its codes a box is no wider than that."""
        start, end = self.world.spot(run.start), self.world.spot(run.end)
        head = [] if start is None else [self.lens.cell(self.world.at(start))]
        tail = [] if end is None else [self.lens.cell(self.world.at(end))]
        return [*head, *path, *tail]

    def _spots(
        self, strokes: Strokes, box: tuple[float, float, float, float], left: int, top: int
    ) -> dict[tuple[int, int], tuple[str, Look]]:
        """Return the symbols by cell, the worst of those that share one; calm wells in a crowd are dots."""
        world, lens = self.world, self.lens
        found: dict[tuple[int, int], tuple[str, Look]] = {}
        for number in world.spots_in(box):
            spot = world.scene.spots[number]
            x, y = lens.cell(world.at(spot))
            if lens.detail is Detail.LINES:
                x, y = x + 0.5, y + 0.5
            cell = (int(x // 1), int(y // 1))
            if not (left <= cell[0] < left + TILE_W and top <= cell[1] < top + TILE_H):
                continue
            look = self.look(spot.code)
            if lens.crowded and look not in _LOUD and not spot.outfall:
                strokes.dot(int(x * 2), int(y * 4), Look.PIPE)
            elif look >= found.get(cell, ("", Look.NONE))[1]:
                found[cell] = self.marks[spot.code].symbol, look
        return found
