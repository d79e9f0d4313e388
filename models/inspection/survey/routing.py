"""Ways for the pipes of one sewer whose wells stand in layers and rows. Pure.

Between two layers is a gap; gap k lies right of layer k + 1 and left of layer k.
Every gap has lanes for what runs up and down: first those of pipes that set out
from their upper well, then one where trunks meet, then those of pipes about to
enter their lower well. A pipe that is no trunk runs between two lanes along a row
that is free of wells and of other pipes, so no pipe runs through a well, and two pipes
run along the same line only where they begin or end at the same well.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import chain, zip_longest

from models.inspection.survey.layers import Layers, Link

#: Free rows that are tried near a pipe before it is sent round below everything.
_TRIES = 48


@dataclass(frozen=True, slots=True)
class Way:
    """How a pipe runs: down or up in `lane`s of the gaps it leaves and enters by, and along `row` between them.

    A trunk has neither lane. A pipe that needs only one has no row.
    """

    leaves: int | None = None
    enters: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """The way of each link, how many lanes each gap needs on its two sides, and how many rows there are."""

    ways: Mapping[int, Way]
    leaving: Mapping[int, int]
    entering: Mapping[int, int]
    height: int


@dataclass(frozen=True, slots=True)
class _Bar:
    """A piece in a lane: of link `number`, in `gap`, between two rows."""

    gap: int
    number: int
    first: int
    last: int


@dataclass(slots=True)
class _Rows:
    """What is taken in each row. A layer k is the place 2k, gap k the place 2k + 1; a well takes the gaps beside it."""

    taken: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def free(self, row: int, first: int, last: int) -> bool:
        spans = self.taken.get(row, [])
        place = bisect_left(spans, (first,))  # spans are kept as (last, first)
        return place == len(spans) or spans[place][1] > last

    def take(self, row: int, first: int, last: int) -> None:
        if first <= last:
            insort(self.taken.setdefault(row, []), (last, first))


def ways_of(
    numbers: Collection[int],
    links: Sequence[Link],
    layers: Layers,
    rows: Mapping[str, int],
) -> Ways:
    """Return ways for the links `numbers`, all of one sewer whose wells have these rows."""
    rest = [number for number in numbers if layers.trunk.get(links[number][0]) != number]
    ways = {number: Way() for number in numbers}
    height = max(rows.values(), default=-1) + 1
    if not rest:
        return Ways(ways, {}, {}, height)
    router = _Router(numbers, links, layers, rows)
    leaving, entering = router.route(rest, height)
    out_lanes, out_widths = _lanes(leaving)
    in_lanes, in_widths = _lanes(entering)
    for number in rest:
        ways[number] = Way(out_lanes.get(number), in_lanes.get(number), router.along.get(number))
    height = max([height, *(row + 1 for row in router.along.values())])
    return Ways(ways, out_widths, in_widths, height)


class _Router:
    """Finds a row for each pipe that is no trunk."""

    def __init__(
        self, numbers: Collection[int], links: Sequence[Link], layers: Layers, rows: Mapping[str, int]
    ) -> None:
        self._links, self._layers, self._at = links, layers, rows
        self._out = Counter(links[number][0] for number in numbers)
        self._in = Counter(links[number][1] for number in numbers)
        self._well = {(layers.layer[code], row): code for code, row in rows.items()}
        self._rows = _Rows()
        for code, row in rows.items():
            place = 2 * layers.layer[code]
            self._rows.taken.setdefault(row, []).append((place + 1, place - 1))
        for spans in self._rows.taken.values():
            spans.sort()
        self.along: dict[int, int] = {}

    def route(self, rest: Sequence[int], height: int) -> tuple[list[_Bar], list[_Bar]]:
        """Return the bars on the leaving and on the entering side of the gaps."""
        leaving: list[_Bar] = []
        entering: list[_Bar] = []
        below: list[tuple[int, int, int]] = []
        for number in sorted(rest, key=self._length):
            start, end = self._links[number]
            high, low = self._layers.layer[start], self._layers.layer[end]
            out_row, in_row = self._at[start], self._at[end]
            forward = number not in self._layers.backwards
            if forward and high == low + 1 and out_row == in_row:
                continue  # straight on, past where its trunk turns off
            if forward and self._enters_straight(start, end):
                self._rows.take(in_row, 2 * low + 2, 2 * high - 1)
                leaving.append(_bar(high - 1, number, out_row, in_row))
                continue
            if forward and self._leaves_straight(start, end):
                self._rows.take(out_row, 2 * low + 1, 2 * high - 2)
                entering.append(_bar(low, number, out_row, in_row))
                continue
            first, last = (2 * low + 1, 2 * high - 1) if forward else (2 * high - 1, 2 * low + 1)
            row = next((r for r in _near(out_row, in_row, height) if self._rows.free(r, first, last)), None)
            if row is None:
                below.append((first, last, number))
            else:
                self._rows.take(row, first, last)
                self.along[number] = row
        self._go_below(below, height)
        for number, row in self.along.items():
            start, end = self._links[number]
            leaving.append(_bar(self._layers.layer[start] - 1, number, self._at[start], row))
            entering.append(_bar(self._layers.layer[end], number, row, self._at[end]))
        return leaving, entering

    def _length(self, number: int) -> tuple[int, int]:
        start, end = self._links[number]
        return abs(self._layers.layer[start] - self._layers.layer[end]), number

    def _enters_straight(self, start: str, end: str) -> bool:
        """Tell whether a pipe may run along its lower well's row."""
        high, low, row = self._layers.layer[start], self._layers.layer[end], self._at[end]
        if self._rows.free(row, 2 * low + 2, 2 * high):
            return True
        beside = self._well.get((high, row))
        # It joins the trunk that leads there already, unless that well has other pipes to tell apart.
        return high == low + 1 and beside is not None and self._joins(beside, end) and self._out[beside] == 1

    def _leaves_straight(self, start: str, end: str) -> bool:
        """Tell whether a pipe may run along its upper well's row."""
        high, low, row = self._layers.layer[start], self._layers.layer[end], self._at[start]
        if self._rows.free(row, 2 * low, 2 * high - 2):
            return True
        beside = self._well.get((low, row))
        return high == low + 1 and beside is not None and self._joins(start, beside) and self._in[beside] == 1

    def _joins(self, upper: str, lower: str) -> bool:
        trunk = self._layers.trunk.get(upper)
        return trunk is not None and self._links[trunk][1] == lower

    def _go_below(self, spans: list[tuple[int, int, int]], height: int) -> None:
        """Give rows below all wells to what found none between them, as few as it takes."""
        ends: list[tuple[int, int]] = []
        used = height
        for first, last, number in sorted(spans):
            if ends and ends[0][0] < first:
                row = heappop(ends)[1]
            else:
                row, used = used, used + 1
            heappush(ends, (last, row))
            self.along[number] = row


def _bar(gap: int, number: int, row: int, other: int) -> _Bar:
    return _Bar(gap, number, min(row, other), max(row, other))


def _near(row: int, other: int, height: int) -> Iterator[int]:
    """Yield rows to try: between the two, the nearest to the lower end first, then outside by turns."""
    step = 1 if row > other else -1
    between = range(other + step, row, step)[:_TRIES]
    first, last = min(row, other), max(row, other)
    above, beneath = range(first - 1, -1, -1)[:_TRIES], range(last + 1, height)[:_TRIES]
    both = chain.from_iterable(zip_longest(beneath, above))
    yield from between
    yield from (outside for outside in both if outside is not None)


def _lanes(bars: Sequence[_Bar]) -> tuple[dict[int, int], dict[int, int]]:
    """Return a lane for each link's bar, and how many each gap needs: bars in one lane do not touch."""
    lanes: dict[int, int] = {}
    widths: dict[int, int] = {}
    open_bars: dict[int, list[tuple[int, int]]] = {}
    for bar in sorted(bars, key=lambda bar: (bar.gap, bar.first, bar.last, bar.number)):
        ending = open_bars.setdefault(bar.gap, [])
        if ending and ending[0][0] < bar.first:
            lane = heappop(ending)[1]
        else:
            lane = widths.get(bar.gap, 0)
            widths[bar.gap] = lane + 1
        heappush(ending, (bar.last, lane))
        lanes[bar.number] = lane
    return lanes, widths
