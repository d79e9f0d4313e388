"""Pipes on cells: right-angled with box characters, or to scale with braille dots. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from models.inspection.survey.scene import Place
from tui.widgets.map_sheet import Look, Sheet

_N, _E, _S, _W = 1, 2, 4, 8
_BRAILLE: Final = 0x2800
#: The bit of each dot of a braille cell, by column and row.
_DOT: Final = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
#: From these many cells on a slight slope is one step.
_FLAT, _STEEP = 2, 1
_TURNS: Final = (
    _S | _E,
    _S | _W,
    _N | _E,
    _N | _W,
    _N | _S | _E,
    _N | _S | _W,
    _E | _W | _S,
    _E | _W | _N,
    _N | _E | _S | _W,
)


def _drawn_as(across: str, down: str, turns: str) -> dict[int, str]:
    return {
        **dict.fromkeys((_E, _W, _E | _W), across),
        **dict.fromkeys((_N, _S, _N | _S), down),
        **dict(zip(_TURNS, turns, strict=True)),
    }


_LIGHT: Final = _drawn_as("─", "│", "╭╮╰╯├┤┬┴┼")
_BROKEN: Final = _drawn_as("┄", "┆", "╭╮╰╯├┤┬┴┼")
_DOUBLE: Final = _drawn_as("═", "║", "╔╗╚╝╠╣╦╩╬")
_HEAVY: Final = _drawn_as("━", "┃", "┏┓┗┛┣┫┳┻╋")
#: By colour alone nobody tells standing water from flowing: what is behind a blockage is double, a blocked pipe heavy.
_STROKES: Final = {
    Look.UNSEEN: _BROKEN,
    Look.PIPE: _LIGHT,
    Look.BEHIND: _DOUBLE,
    Look.MAYBE: _HEAVY,
    Look.BLOCKED: _HEAVY,
}
ARROWS: Final = {(1, 0): "▸", (-1, 0): "◂", (0, -1): "▴", (0, 1): "▾"}


@dataclass(slots=True)
class Strokes:
    """Pipes gathered on a rectangle of cells whose corner is (`left`, `top`), before they are put on a sheet."""

    left: int
    top: int
    width: int
    height: int
    angled: dict[tuple[int, int], tuple[int, Look]] = field(default_factory=dict)
    dotted: dict[tuple[int, int], tuple[int, Look]] = field(default_factory=dict)
    arrows: dict[tuple[int, int], tuple[str, Look]] = field(default_factory=dict)

    def angle(self, path: Sequence[Place], look: Look) -> None:
        """Gather a pipe of level and upright pieces; a slanting piece turns where it ends.

        The first and the last place are its wells', whose symbols go over the pipe;
        the arrow stands before the last.
        """
        corners = [(math.floor(x), math.floor(y)) for x, y in path]
        way = (1, 0)
        for (x1, y1), (x2, y2) in pairwise(corners):
            self._level(x1, x2, y1, look)
            self._upright(y1, y2, x2, look)
            if (x1, y1) != (x2, y2):
                way = (0, 1 if y2 > y1 else -1) if y2 != y1 else (1 if x2 > x1 else -1, 0)
        x, y = corners[-1]
        self._arrow((x - way[0], y - way[1]), way, look)

    def _level(self, start: int, end: int, row: int, look: Look) -> None:
        low, high = min(start, end), max(start, end)
        if low < high and self.top <= row < self.top + self.height:
            for x in range(max(low, self.left), min(high, self.left + self.width - 1) + 1):
                self._stroke((x, row), (_E if x < high else 0) | (_W if x > low else 0), look)

    def _upright(self, start: int, end: int, column: int, look: Look) -> None:
        low, high = min(start, end), max(start, end)
        if low < high and self.left <= column < self.left + self.width:
            for y in range(max(low, self.top), min(high, self.top + self.height - 1) + 1):
                self._stroke((column, y), (_S if y < high else 0) | (_N if y > low else 0), look)

    def _stroke(self, cell: tuple[int, int], bits: int, look: Look) -> None:
        had, was = self.angled.get(cell, (0, Look.NONE))
        self.angled[cell] = had | bits, max(was, look)

    def line(self, path: Sequence[Place], look: Look, *, arrow: bool) -> None:
        """Gather a pipe to scale: level and upright pieces as strokes, slanting ones as fine dots.

        A piece that is all but level or upright takes one step half-way.
        """
        thick = _STROKES[look] is _HEAVY
        for start, end in pairwise(path):
            (x1, y1), (x2, y2) = ((math.floor(x), math.floor(y)) for x, y in (start, end))
            if abs(y2 - y1) <= 1 and abs(x2 - x1) >= _FLAT:
                middle = (x1 + x2) // 2
                self._level(x1, middle, y1, look)
                self._upright(y1, y2, middle, look)
                self._level(middle, x2, y2, look)
            elif abs(x2 - x1) <= 1 and abs(y2 - y1) >= _STEEP:
                middle = (y1 + y2) // 2
                self._upright(y1, middle, x1, look)
                self._level(x1, x2, middle, look)
                self._upright(middle, y2, x2, look)
            else:
                self._dots((start[0] * 2, start[1] * 4), (end[0] * 2, end[1] * 4), look, thick=thick)
        if arrow:
            self._arrow_half_way(path, look)

    def _dots(self, start: Place, end: Place, look: Look, *, thick: bool) -> None:
        level = abs(end[0] - start[0]) >= abs(end[1] - start[1])
        for x, y in self._between(start, end):
            self.dot(x, y, look)
            if thick:
                self.dot(*((x, y + 1) if level else (x + 1, y)), look)

    def _between(self, start: Place, end: Place) -> Iterator[tuple[int, int]]:
        """Yield the dots of a straight piece as far as it crosses the rectangle, the same from every rectangle."""
        (x1, y1), (x2, y2) = start, end
        dx, dy = x2 - x1, y2 - y1
        steps = max(1, math.ceil(max(abs(dx), abs(dy))))
        first, last = 0.0, 1.0
        bounds = ((x1, dx, self.left * 2 - 2, (self.left + self.width) * 2 + 1),
                  (y1, dy, self.top * 4 - 2, (self.top + self.height) * 4 + 1))  # fmt: skip
        for origin, change, low, high in bounds:
            if abs(change) < 1e-9:  # noqa: PLR2004 - level or upright
                if not low <= origin <= high:
                    return
                continue
            here, there = sorted(((low - origin) / change, (high - origin) / change))
            first, last = max(first, here), min(last, there)
        for step in range(math.floor(first * steps), math.ceil(last * steps) + 1):
            yield math.floor(x1 + dx * step / steps), math.floor(y1 + dy * step / steps)

    def dot(self, x: int, y: int, look: Look) -> None:
        """Set one fine dot."""
        cell = (x // 2, y // 4)
        if self._inside(cell):
            bits, was = self.dotted.get(cell, (0, Look.NONE))
            self.dotted[cell] = bits | _DOT[x % 2][y % 4], max(was, look)

    def _arrow_half_way(self, path: Sequence[Place], look: Look) -> None:
        """Put an arrow in the middle of a pipe that is long enough to be seen beside it."""
        pieces = list(pairwise(path))
        (x1, y1), (x2, y2) = max(pieces, key=lambda piece: math.dist(*piece))
        if abs(x2 - x1) >= 6:  # noqa: PLR2004 - cells
            way = (1 if x2 > x1 else -1, 0)
        elif abs(y2 - y1) >= 3:  # noqa: PLR2004 - cells
            way = (0, 1 if y2 > y1 else -1)
        else:
            return
        self._arrow((math.floor((x1 + x2) / 2), math.floor((y1 + y2) / 2)), way, look)

    def _arrow(self, cell: tuple[int, int], way: tuple[int, int], look: Look) -> None:
        if self._inside(cell) and look >= self.arrows.get(cell, ("", Look.NONE))[1]:
            self.arrows[cell] = ARROWS[way], look

    def _inside(self, cell: tuple[int, int]) -> bool:
        x, y = cell
        return self.left <= x < self.left + self.width and self.top <= y < self.top + self.height

    def put_on(self, sheet: Sheet) -> None:
        """Draw what was gathered; the sheet's corner is the rectangle's."""
        for (x, y), (bits, look) in self.dotted.items():
            sheet.put(x - self.left, y - self.top, chr(_BRAILLE + bits), look)
        for (x, y), (bits, look) in self.angled.items():
            if look >= self.dotted.get((x, y), (0, Look.NONE))[1]:
                sheet.put(x - self.left, y - self.top, _STROKES[look][bits], look)
        for (x, y), (char, look) in self.arrows.items():
            sheet.put(x - self.left, y - self.top, char, look)
