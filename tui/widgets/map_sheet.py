"""Cells with a character and a look each: what a map is drawn on before it becomes lines of a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from itertools import groupby

from tui.widgets.text import clean, width


class Look(IntEnum):
    """What a cell's colour means; of two things in one cell the later one here wins."""

    NONE = 0
    UNSEEN = 1
    PIPE = 2
    CODE = 3
    GOOD = 4
    INFO = 5
    BEHIND = 6
    WARN = 7
    MAYBE = 8
    BAD = 9
    BLOCKED = 10
    BADGE = 11
    PICKED = 12
    FRAME = 13


class Sheet:
    """A rectangle of cells. A wide character takes its cell and an empty one after it."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.chars: list[list[str]] = [[" "] * width for _ in range(height)]
        self.looks: list[list[Look]] = [[Look.NONE] * width for _ in range(height)]

    def put(self, x: int, y: int, char: str, look: Look) -> None:
        """Put a character of one cell."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self._free(x, y)
            self.chars[y][x] = char
            self.looks[y][x] = look

    def write(self, x: int, y: int, text: str, look: Look) -> None:
        """Write a text; what does not fit on the sheet is left out."""
        if not 0 <= y < self.height:
            return
        for char in clean(text):
            cells = width(char)
            if cells < 1:
                continue
            if x < 0 or x + cells > self.width:
                # Half of a wide character at the edge is a blank, not a shifted line.
                for part in range(x, x + cells):
                    self.put(part, y, " ", look)
            else:
                self.put(x, y, char, look)
                if cells > 1:
                    self.put(x + 1, y, " ", look)
                    self.chars[y][x + 1] = ""
                    self.chars[y][x] = char
            x += cells

    def _free(self, x: int, y: int) -> None:
        """Blank the other half of a wide character that is about to lose one."""
        row = self.chars[y]
        if row[x] == "" and x:
            row[x - 1] = " "
        elif x + 1 < self.width and row[x + 1] == "":
            row[x + 1] = " "

    def lay(self, other: Sheet, x: int, y: int) -> None:
        """Copy another sheet on this one, its corner at a cell; what does not fit is left out."""
        left, right = max(0, x), min(self.width, x + other.width)
        if left >= right:
            return
        for row in range(max(0, y), min(self.height, y + other.height)):
            self.chars[row][left:right] = other.chars[row - y][left - x : right - x]
            self.looks[row][left:right] = other.looks[row - y][left - x : right - x]

    def is_free(self, x: int, y: int, cells: int) -> bool:
        """Tell whether nothing is drawn on some cells of a row, all of them on the sheet."""
        if not 0 <= y < self.height or x < 0 or x + cells > self.width:
            return False
        return all(look is Look.NONE for look in self.looks[y][x : x + cells])

    def runs(self, y: int) -> Iterator[tuple[str, Look]]:
        """Yield a row as texts of one look each."""
        row = zip(self.chars[y], self.looks[y], strict=True)
        for look, cells in groupby(row, key=lambda cell: cell[1]):
            yield "".join(char for char, _ in cells), look
