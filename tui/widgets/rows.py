"""What a LongList shows: columns, rows and where the rows come from. Values only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tui.widgets.text import Align, Mark

Cell = str | Mark
GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of `width` cells, or, with `grow`, of at least that many.

    When the terminal is too narrow for all, the column with the lowest
    `priority` goes first; the first column listed never goes.
    """

    title: str
    width: int
    priority: int = 5
    grow: bool = False
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class RowView:
    """One row: its id, and a cell for each column. `muted` draws an archived row paler."""

    id: str
    cells: tuple[Cell, ...]
    muted: bool = False


class PageSource(Protocol):
    """Rows in an order, read a page at a time. Both calls may come from a worker thread."""

    def count(self) -> int:
        """Return how many rows there are."""

    def page(self, offset: int, limit: int) -> Sequence[RowView]:
        """Return at most `limit` rows from `offset` on."""


class Rows:
    """A source that already holds its rows; a LongList shows it without a worker."""

    def __init__(self, rows: Sequence[RowView] = ()) -> None:
        self.rows = rows

    def count(self) -> int:
        return len(self.rows)

    def page(self, offset: int, limit: int) -> Sequence[RowView]:
        return self.rows[offset : offset + limit]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A source made of two functions, as `LinliScreen.source` makes it."""

    count_rows: Callable[[], int]
    read_page: Callable[[int, int], Sequence[RowView]]

    def count(self) -> int:
        return self.count_rows()

    def page(self, offset: int, limit: int) -> Sequence[RowView]:
        return self.read_page(offset, limit)


def layout(columns: Sequence[Column], cells: int) -> list[tuple[int, int]]:
    """Return (column index, width) of the columns that fit into `cells`, in their order."""
    kept = list(range(len(columns)))

    def needed() -> int:
        return sum(columns[index].width for index in kept) + GAP * (len(kept) - 1)

    while len(kept) > 1 and needed() > cells:
        # Of equals the rightmost goes first.
        kept.remove(min(kept[1:], key=lambda index: (columns[index].priority, -index)))
    spare = max(0, cells - needed())
    growing = [index for index in kept if columns[index].grow]
    widths = {index: min(columns[index].width, cells) for index in kept}
    for position, index in enumerate(growing):
        share = spare // (len(growing) - position)
        widths[index] += share
        spare -= share
    return [(index, widths[index]) for index in kept]
