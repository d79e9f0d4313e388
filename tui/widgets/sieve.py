"""The rows of a list that hold a text, for lists that have no search of their own."""

from __future__ import annotations

from collections.abc import Sequence

from tui.widgets.rows import PageSource, Rows, RowView
from tui.widgets.search import folded

_PART = 500


def holds(row: RowView, text: str) -> bool:
    """Tell whether the cells of a row, as they stand on screen, hold every word of `text`."""
    line = folded(" ".join(str(cell) for cell in row.cells))
    return all(word in line for word in text.split())


class Sifted:
    """The rows of another source that hold a text. It reads all of them, once: such lists are short."""

    def __init__(self, source: PageSource, text: str) -> None:
        self._source, self._text = source, text
        self._kept: list[RowView] | None = None

    def _rows(self) -> list[RowView]:
        if self._kept is None:
            count = self._source.count()
            self._kept = [
                row
                for start in range(0, count, _PART)
                for row in self._source.page(start, _PART)
                if holds(row, self._text)
            ]
        return self._kept

    def count(self) -> int:
        return len(self._rows())

    def page(self, offset: int, limit: int) -> Sequence[RowView]:
        return self._rows()[offset : offset + limit]


def sifted(source: PageSource, text: str) -> PageSource:
    """Return `source` with only the rows that hold `text`; rows that are held already stay so."""
    if not text:
        return source
    kept = Sifted(source, text)
    return Rows(kept.page(0, kept.count())) if isinstance(source, Rows) else kept
