"""Fairness in the linear model: the curve of a worker's points, or the sorts of shifts they could have, one by one.

A curve alone is weak. Where shifts are worth 400 and 500, a linear model gives somebody one and a half of each. So where a worker's shifts
are of few sorts, every way to have so many of each sort becomes a column of its own, of which one is theirs (a *pattern*).
Given the patterns the rest is nearly a matter of matching, and what the model says before any
search is mostly the best there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil, floor
from typing import Final

from models.duty.solver.fairness import Curve, curve, unfairness
from models.duty.solver.model import Model
from models.duty.solver.problem import Phase

#: With more patterns than this a worker has a curve instead.
MOST_PATTERNS: Final = 200
#: With more sorts of shifts than this it has no sense to look for them.
MOST_SORTS: Final = 16


@dataclass(frozen=True, slots=True)
class Curves:
    """Which columns are the pieces of whose curve."""

    curves: tuple[Curve, ...]
    pieces: tuple[tuple[int, ...], ...]


def sorts(model: Model) -> list[dict[int, list[int]]]:
    """Return for each worker their open seats by the points of the slot."""
    found: list[dict[int, list[int]]] = [defaultdict(list) for _ in model.ground.workers]
    for column, (i, j) in enumerate(model.ground.open):
        found[i][model.ground.slots[j].points].append(column)
    return found


def add_curves(model: Model, whose: Sequence[int] | None = None) -> Curves:
    """Add a curve for each of these workers, all of them by default."""
    ground = model.ground
    cost = model.costs.setdefault(Phase.SPREAD, {})
    curves, pieces = [], []
    of_worker = sorts(model)
    for i in range(len(ground.workers)) if whose is None else whose:
        points = [each for each, columns in of_worker[i].items() for _ in columns]
        bent = curve(ground.fair[i], ground.base[i], points)
        model.offsets[Phase.SPREAD] = model.offsets.get(Phase.SPREAD, 0.0) + bent.cost
        row = {column: float(each) for each, columns in of_worker[i].items() for column in columns}
        mine = []
        for length, slope in zip(bent.lengths, bent.slopes, strict=True):
            mine.append(model.column(length))
            cost[mine[-1]] = slope
            row[mine[-1]] = -1.0
        if row:
            model.row(0.0, 0.0, row)
        curves.append(bent)
        pieces.append(tuple(mine))
    return Curves(tuple(curves), tuple(pieces))


def windows(curves: Curves, prices: Sequence[float], slack: float) -> list[tuple[int, int]]:
    """Return between which points each worker stays in any roster that costs at most `slack` more than the linear optimum.

    `prices` are the reduced costs of that optimum. To have another length of a piece than it has costs at least its price for each point.
    """
    found = []
    for bent, pieces in zip(curves.curves, curves.pieces, strict=True):
        priced = [(prices[column], length) for column, length in zip(pieces, bent.lengths, strict=True)]
        low, over = bent.least, sum(-price * length for price, length in priced if price < 0)
        high, room = bent.least + sum(length for price, length in priced if price <= 0), slack
        for price, length in priced:
            if price < 0 and over > slack:
                given = min(length, ceil((over - slack) / -price))
                low, over = low + given, over + price * given
            elif price > 0 and room > 0:
                given = min(length, floor(room / price))
                # A piece that is not filled ends it: the next ones cost more.
                high, room = high + given, room - price * given if given == length else 0.0
        found.append((low, high))
    return found


def patterns(most: Mapping[int, int], low: int, high: int) -> Iterator[dict[int, int]]:
    """Go through the ways to have so many shifts of each sort (points to how many there are) whose sum is within bounds."""
    kinds = sorted(most, reverse=True)
    reach = _reach(most, kinds, high)

    def go(at: int, low: int, high: int) -> Iterator[tuple[int, ...]]:
        if high < 0 or not reach[at] >> max(0, low) & ((1 << (high - max(0, low) + 1)) - 1):
            return
        if at == len(kinds):
            yield ()
            return
        for n in range(most[kinds[at]] + 1):
            if n * kinds[at] > high:
                return
            for others in go(at + 1, low - n * kinds[at], high - n * kinds[at]):
                yield (n, *others)

    for counts in go(0, low, high):
        yield dict(zip(kinds, counts, strict=True))


def _reach(most: Mapping[int, int], kinds: Sequence[int], high: int) -> list[int]:
    """Return what the sorts from each on can sum up to, as bits: a branch that can come to nothing is not gone into."""
    kept = (1 << max(0, high + 1)) - 1
    reach = [1]
    for points in reversed(kinds):
        bits = reach[-1]
        for _ in range(min(most[points], high // points if points else 0)):
            bits |= (bits << points) & kept
        reach.append(bits)
    return reach[::-1]


Ways = tuple[dict[int, int], ...]


def ways(model: Model, within: Sequence[tuple[int, int]]) -> list[Ways | None]:
    """Return each worker's patterns within bounds; None for whom there are too many, or too many sorts."""
    found: list[Ways | None] = []
    for i, (of_sort, (low, high)) in enumerate(zip(sorts(model), within, strict=True)):
        base = model.ground.base[i]
        if len(of_sort) > MOST_SORTS:
            found.append(None)
            continue
        most = {points: len(columns) for points, columns in of_sort.items()}
        some = tuple(islice(patterns(most, low - base, high - base), MOST_PATTERNS + 1))
        found.append(some if len(some) <= MOST_PATTERNS else None)
    return found


def add_spread(model: Model, found: Sequence[Ways | None]) -> None:
    """Add what fairness costs: each worker has one of their patterns, or a curve who has none."""
    ground = model.ground
    cost = model.costs.setdefault(Phase.SPREAD, {})
    model.offsets.setdefault(Phase.SPREAD, 0.0)
    for i, (of_sort, mine) in enumerate(zip(sorts(model), found, strict=True)):
        if mine is None:
            continue
        columns_of_ways = [model.column(1.0, whole=True) for _ in mine]
        prices = [
            unfairness(ground.base[i] + sum(each * n for each, n in way.items()) - ground.fair[i])
            for way in mine
        ]
        # What cannot be helped is kept out of the search: somebody with a large debt would drown everybody else's hours in it.
        least = min(prices, default=0)
        model.offsets[Phase.SPREAD] += least
        cost.update(zip(columns_of_ways, (price - least for price in prices), strict=True))
        model.row(1.0, 1.0, dict.fromkeys(columns_of_ways, 1.0))
        for each, columns in of_sort.items():
            counted = {
                column: -float(way[each])
                for column, way in zip(columns_of_ways, mine, strict=True)
                if way[each]
            }
            model.row(0.0, 0.0, {**dict.fromkeys(columns, 1.0), **counted})
    add_curves(model, [i for i, mine in enumerate(found) if mine is None])
