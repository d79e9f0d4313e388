"""Random sewers for tests of the survey map: forests, sewers that split, sewers with loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from rich.cells import cell_len

from models.inspection.survey.layout import Layout, schematic
from models.inspection.survey.scene import Place

NAMES = (
    "W",
    "J-",
    "污",
    "检查井东门外",
    "耐火小区六栋东山墙北角外侧绿化带甲",
    "Ｗ",
    "outfall of the street ",
)


@dataclass(frozen=True)
class Sewer:
    """Wells with the widths of their boxes, and links between them."""

    cells: dict[str, int]
    links: list[tuple[str, str]]

    def drawn(self) -> Layout:
        return schematic(self.cells, self.links)

    def box(self, layout: Layout, code: str) -> tuple[int, int, int]:
        """Return a box's first and last cell, and its row."""
        x, y = map(int, layout.places[code])
        return x, x + self.cells[code] - 1, y


def forest(seed: int, wells: int, *, reach: int = 6, roots: float = 0.02) -> Sewer:
    """Grow trees: each well leads to one of the `reach` dug before it, or begins a tree."""
    random = Random(seed)
    codes = [f"{random.choice(NAMES)}{n}" if random.random() < 0.3 else f"W{n}" for n in range(wells)]
    links = [
        (codes[n], codes[max(0, n - random.randint(1, reach))])
        for n in range(1, wells)
        if random.random() >= roots
    ]
    return _mixed(random, codes, links)


def with_splits(seed: int, wells: int, *, extra: int, reach: int = 6) -> Sewer:
    """Let wells of a forest lead on to other wells too, without closing a loop."""
    return _with_more(seed, wells, extra, 0, reach)


def with_loops(seed: int, wells: int, *, extra: int, loops: int, reach: int = 6) -> Sewer:
    """The same, with links that close loops."""
    return _with_more(seed, wells, extra, loops, reach)


def _with_more(seed: int, wells: int, extra: int, loops: int, reach: int) -> Sewer:
    grown = forest(seed, wells, reach=reach)
    random = Random(seed + 1)
    # Codes hold the order in which the wells were dug, which every link of the forest runs against.
    dug = sorted(grown.cells, key=lambda code: int("".join(c for c in code if c.isdigit())))
    met = {frozenset(link) for link in grown.links}
    links = list(grown.links)
    for n in range(extra + loops if wells > 1 else 0):
        low, high = sorted(random.sample(range(wells), 2))
        if frozenset((dug[low], dug[high])) in met:
            continue
        met.add(frozenset((dug[low], dug[high])))
        links.append((dug[high], dug[low]) if n < extra else (dug[low], dug[high]))
    return _mixed(random, dug, links)


def _mixed(random: Random, codes: list[str], links: list[tuple[str, str]]) -> Sewer:
    codes, links = list(codes), list(links)
    random.shuffle(codes)
    random.shuffle(links)
    return Sewer({code: 2 + cell_len(code) for code in codes}, links)


def cells_along(path: tuple[Place, ...]) -> list[tuple[int, int]]:
    """Return every cell of a path, in the order the water takes; one that is not orthogonal is refused."""
    cells = [(int(path[0][0]), int(path[0][1]))]
    for corner, after in pairwise(path):
        (x, y), (to_x, to_y) = corner, after
        assert (x == to_x) != (y == to_y), f"{corner} to {after} is no step along a row or a column"
        while cells[-1] != (to_x, to_y):
            cells.append((cells[-1][0] + _sign(to_x - x), cells[-1][1] + _sign(to_y - y)))
    return cells


def edges_along(path: tuple[Place, ...]) -> Iterator[frozenset[tuple[int, int]]]:
    """Yield each step from cell to cell of a path, whichever way it is gone."""
    return (frozenset(step) for step in pairwise(cells_along(path)))


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
