"""The schematic as SVG: its cells enlarged to fill a sheet, cut into bands where that makes it larger."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from models.inspection.survey.scene import Place, Run, Scene
from tui.blocked import percent
from tui.paper import glyphs, signs
from tui.paper.bands import Band, bands_of, narrowest
from tui.paper.findings import likeliest
from tui.paper.glyphs import Line, Stroke
from tui.paper.labels import Box, Point
from tui.paper.markup import Markup, joined

#: A cell's width and the least and most height of a row, in sizes of the letters.
_CELL, _LEAST_ROW, _MOST_ROW = 0.62, 1.7, 2.8
_LARGEST: Final = 48.0
#: Letters smaller than this cannot be read on paper; then the schematic goes on on another sheet.
SMALLEST: Final = 17.0
_MOST_BANDS: Final = 16
#: Narrower schematics are cut in more ways to find the best.
_TRIED_BY_CELL: Final = 1200
#: Cells that a letter takes at a cut, and rows between two bands.
_LETTER, _BETWEEN = 3, 1.2


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows `top` up to `bottom` of a band, as one sheet shows them."""

    band: Band
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Schematic:
    """Strips of bands, one below the other, in letters of this size."""

    strips: tuple[Strip, ...]
    size: float
    room: Box
    blocked: frozenset[tuple[str, str]]

    def drawn(self) -> Markup:
        """Return pipes, wells and their codes."""
        rows = _rows(self.strips)
        cell = self.size * _CELL
        row = min((self.room.bottom - self.room.top) / rows, self.size * _MOST_ROW)
        wide = max(strip.band.width for strip in self.strips) + 2 * _letters([s.band for s in self.strips])
        left = self.room.left + max(0.0, self.room.right - self.room.left - wide * cell) / 2
        y = self.room.top
        pieces = []
        for strip in self.strips:
            x = left + _letters([s.band for s in self.strips]) * cell
            pieces.append(self._strip(strip, (x, y), cell, row))
            y += (strip.bottom - strip.top + _BETWEEN) * row
        return joined(*pieces)

    def _strip(self, strip: Strip, corner: Point, cell: float, row: float) -> Markup:
        band = strip.band

        def at(place: Place) -> Point:
            return (
                corner[0] + (place[0] - band.left + 0.5) * cell,
                corner[1] + (place[1] - strip.top + 0.5) * row,
            )

        strokes = [
            Stroke(
                tuple(map(at, path)),
                glyphs.line_of(run, self.blocked),
                run.system == "rain",
                run.backwards,
                run.chance,
            )
            for run in band.runs
            for path in _inside(run, strip)
        ]
        radius = min(self.size * 0.46, row * 0.36)
        foot = self.size * 0.36
        boxes = []
        for spot in band.spots:
            if strip.top <= spot.y < strip.bottom:
                x, y = at((spot.x, spot.y))
                boxes.append(glyphs.well(signs.sign_of(spot), signs.colour_of(spot), (x, y), radius))
                if spot.called:
                    boxes.append(glyphs.calls(spot, (x, y), radius))
                boxes.append(
                    glyphs.text(
                        spot.code,
                        (x + cell * 1.2, y + foot),
                        self.size,
                        halo=True,
                        most=(spot.cells - 1.75) * cell,
                    )
                )
        chances = [
            glyphs.text(
                f"{percent(stroke.chance)}%",
                (glyphs.middle(stroke.points)[0], glyphs.middle(stroke.points)[1] - self.size * 0.62),
                self.size * 0.82,
                anchor="middle",
                colour=glyphs.RED,
                bold=True,
                halo=True,
            )
            for stroke in strokes
            if stroke.line in {Line.BLOCKED, Line.MAYBE}
        ]
        letters = [
            glyphs.text(
                cut.letter, (at((x, 0))[0], at((0, cut.row))[1] + foot), self.size, anchor="middle", bold=True
            )
            for cuts, x in ((band.comes_in, band.left - 1.6), (band.goes_on, band.right + 0.6))
            for cut in cuts
            if strip.top <= cut.row < strip.bottom
        ]
        return joined(glyphs.pipes(strokes, max(2.0, self.size * 0.09)), *boxes, *chances, *letters)


def _inside(run: Run, strip: Strip) -> Iterator[tuple[Place, ...]]:
    """Yield the parts of a pipe's path that a strip shows, reaching to the boxes at its ends."""
    # Each end lies half a cell from its box.
    (first_x, first_y), (last_x, last_y) = run.path[0], run.path[-1]
    path = [(first_x - 0.5, first_y), *run.path[1:-1], (last_x + 0.5, last_y)]
    left, right = strip.band.left - 0.5, strip.band.right - 0.5
    top, bottom = strip.top - 0.5, strip.bottom - 0.5
    part: list[Place] = []
    for (x, y), (to_x, to_y) in itertools.pairwise(path):
        start = (min(max(x, left), right), min(max(y, top), bottom))
        end = (min(max(to_x, left), right), min(max(to_y, top), bottom))
        outside = (y == to_y and not top <= y <= bottom) or (x == to_x and not left <= x <= right)
        if outside or start == end:
            if len(part) > 1:
                yield tuple(part)
            part = []
            continue
        if not part or part[-1] != start:
            if len(part) > 1:
                yield tuple(part)
            part = [start]
        part.append(end)
    if len(part) > 1:
        yield tuple(part)


def schematics(scene: Scene, room: Box, *, several: bool) -> tuple[Schematic, ...]:
    """Return a schematic that fills one sheet; with `several`, as many sheets as it takes to be read."""
    wide, high = room.right - room.left, room.bottom - room.top
    blocked = likeliest(scene)
    if not scene.spots:
        return ()
    best: tuple[float, tuple[Band, ...]] | None = None
    least = narrowest(scene)
    for n in range(1, _MOST_BANDS + 1):
        # A little wider than its share, a band may take in what would else stand alone in one more.
        for wider in range(0, 2 * least if n > 1 and scene.width < _TRIED_BY_CELL else 1, 3):
            bands = bands_of(scene, max(least, -int(-scene.width // n) + wider))
            size = _size(bands, wide, high)
            # Fewer bands are easier to follow than slightly larger letters.
            if best is None or size > best[0] * 1.02 or (size == best[0] and len(bands) < len(best[1])):
                best = (size, bands)
        if best is not None and n > 1 and _size(bands, wide, high) < best[0] * 0.6:
            break
    size, bands = best or (SMALLEST, ())
    if size >= SMALLEST or not several:
        strips = tuple(Strip(band, band.top, band.bottom) for band in bands)
        return (Schematic(strips, size, room, blocked),)
    per_line = int(wide / (SMALLEST * _CELL)) - 2 * _LETTER
    bands = bands_of(scene, max(per_line, least))
    return tuple(
        Schematic(strips, min(SMALLEST, _size([strip.band for strip in strips], wide, 1e9)), room, blocked)
        for strips in _on_sheets(bands, max(1, int(high / (SMALLEST * _LEAST_ROW))))
    )


def _on_sheets(bands: Sequence[Band], rows: int) -> Iterator[tuple[Strip, ...]]:
    """Yield the strips of each sheet; a band that is too high for one goes on on the next."""
    sheet: list[Strip] = []
    for band in bands:
        top = band.top
        while top < band.bottom:
            strip = Strip(band, top, min(band.bottom, top + rows))
            if sheet and _rows([*sheet, strip]) > rows:
                yield tuple(sheet)
                sheet = []
            sheet.append(strip)
            top = strip.bottom
    if sheet:
        yield tuple(sheet)


def _rows(strips: Sequence[Strip]) -> float:
    return sum(strip.bottom - strip.top for strip in strips) + _BETWEEN * (len(strips) - 1)


def _size(bands: Sequence[Band], wide: float, high: float) -> float:
    """Return the largest letters in which these bands fit on a sheet."""
    cells = max(band.width for band in bands) + 2 * _letters(bands)
    rows = _rows([Strip(band, band.top, band.bottom) for band in bands])
    return min(_LARGEST, wide / (cells * _CELL), high / (rows * _LEAST_ROW))


def _letters(bands: Sequence[Band]) -> int:
    return _LETTER if any(band.goes_on or band.comes_in for band in bands) else 0
