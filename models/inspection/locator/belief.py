"""Belief propagation over the sewer: exact on branching networks, a good guess where pipes form rings.

Two things travel. Backwater climbs against the pipes: a well's stage depends on the
stage below and on whether the pipe between is blocked. Flow runs down with them: a
well has water when it has its own or when an unblocked pipe brings some. Every pipe
therefore passes one message each way, and two sweeps settle a tree of any size.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.inspection.locator import water
from models.inspection.locator.water import Matrix, Vector

Pair = tuple[Vector, Vector]  # (no flow, flow), each by stage
STAGES = range(water.STAGES)
EVEN: Pair = (water.FLAT, water.FLAT)

# A message that moves less than this changes no answer; stopping there keeps a question local.
SETTLED = 0.003
MOST_STEPS = 400
RING_SWEEPS = 4


@dataclass(frozen=True, slots=True)
class PipeTables:
    """Chance of the stage above (columns) by the stage below (rows), times the chance of the pipe's state.

    Tuples throughout: ten thousand pipes hold so many rows that lists would keep the
    garbage collector busier than the arithmetic.
    """

    passes: Matrix  # flow above and below: open, or partly blocked
    stops: Matrix  # flow above, none below: blocked
    without: Matrix  # no flow above
    sound: Matrix  # the part of `passes`, and of `without`, in which the pipe is open
    stops_turned: Matrix
    passes_turned: Matrix
    without_turned: Matrix


def pipe_tables(open_rows: Matrix, *, blocked: float, partial: float) -> PipeTables:
    """`blocked` and `partial` are prior chances."""
    free = 1 - blocked - partial
    held = water.higher_of(open_rows, water.BEHIND_BLOCKED)
    slowed = water.higher_of(open_rows, water.BEHIND_PARTIAL)
    sound = tuple([tuple([free * share for share in row]) for row in open_rows])
    passes = tuple(
        [
            tuple([same + partial * share for same, share in zip(row, slow, strict=True)])
            for row, slow in zip(sound, slowed, strict=True)
        ]
    )
    without = tuple(
        [
            tuple(
                [
                    (1 - blocked) * share + blocked * still
                    for share, still in zip(row, water.BEHIND_WITHOUT_WATER, strict=True)
                ]
            )
            for row in open_rows
        ]
    )
    stops = tuple([tuple([blocked * share for share in row]) for row in held])
    return PipeTables(
        passes=passes,
        stops=stops,
        without=without,
        sound=sound,
        stops_turned=tuple(zip(*stops, strict=True)),
        passes_turned=tuple(zip(*passes, strict=True)),
        without_turned=tuple(zip(*without, strict=True)),
    )


@dataclass(frozen=True, slots=True)
class PipeNode:
    start: int
    end: int
    tables: PipeTables


@dataclass(frozen=True, slots=True)
class WellNode:
    """What its reading says, and where its water comes from and goes (indexes of pipes)."""

    inflow: float
    seen: Pair
    incoming: tuple[int, ...]
    outgoing: tuple[int, ...]
    last_stages: Vector  # prior of the stage at a well without an outgoing pipe


def _normal(pair: Pair) -> Pair:
    # The largest value becomes 1: a well that a thousand pipes enter multiplies a thousand of these.
    still, moving = pair
    most = max(*still, *moving)
    if most <= 0:
        return EVEN
    return tuple([v / most for v in still]), tuple([v / most for v in moving])


def _dot(row: Vector, other: Vector) -> float:
    return row[0] * other[0] + row[1] * other[1] + row[2] * other[2] + row[3] * other[3] + row[4] * other[4]


def _by_rows(rows: Matrix, vector: Vector) -> list[float]:
    """The product of each row with `vector`: written out, for most of the locator's time is spent here."""
    a, b, c, d, e = vector
    return [a * v + b * w + c * x + d * y + e * z for v, w, x, y, z in rows]


def _plus(one: Vector, other: Vector) -> list[float]:
    return [a + b for a, b in zip(one, other, strict=True)]


def _through_down(tables: PipeTables, above: Pair) -> Pair:
    """What the pipe tells the well below, from what the well above holds: (stage below, flow in the pipe)."""
    still, moving = above
    return _normal(
        (
            _plus(_by_rows(tables.without, still), _by_rows(tables.stops, moving)),
            _by_rows(tables.passes, moving),
        )
    )


def _through_up(tables: PipeTables, below: Pair) -> Pair:
    """What the pipe tells the well above, from what the well below holds: (stage above, flow above)."""
    still, moving = below
    return _normal(
        (
            _by_rows(tables.without_turned, still),
            _plus(_by_rows(tables.passes_turned, moving), _by_rows(tables.stops_turned, still)),
        )
    )


def _times(one: Vector, other: Vector) -> list[float]:
    return [a * b for a, b in zip(one, other, strict=True)]


def _lowest(pairs: Sequence[Pair]) -> Pair:
    """Water leaves by the lowest way: the stage is the least of what the outgoing pipes ask for."""
    if len(pairs) == 1:
        return pairs[0]
    merged: list[list[float]] = []
    for flow in (0, 1):
        at_least = [1.0] * (water.STAGES + 1)
        at_least[water.STAGES] = 0.0
        for pair in pairs:
            tail = 0.0
            for stage in reversed(STAGES):
                tail += pair[flow][stage]
                at_least[stage] *= tail
        merged.append([at_least[stage] - at_least[stage + 1] for stage in STAGES])
    return merged[0], merged[1]


def _asked_of(own: Pair, others: Pair | None) -> Pair:
    """What a well lets one outgoing pipe know when `others` may let the water out lower."""
    if others is None:
        return own
    asked: list[list[float]] = []
    for flow in (0, 1):
        row = []
        for stage in STAGES:
            lower = sum(own[flow][s] * others[flow][s] for s in range(stage))
            row.append(lower + own[flow][stage] * sum(others[flow][stage:]))
        asked.append(row)
    return asked[0], asked[1]


@dataclass(slots=True)
class Belief:
    """Messages on every pipe; `down[p]` reaches the pipe's end, `up[p]` its start."""

    wells: Sequence[WellNode]
    pipes: Sequence[PipeNode]
    down: dict[int, Pair]
    up: dict[int, Pair]
    seen: Mapping[int, Pair]  # questions: what a well would say if it were opened
    fixed: Mapping[int, PipeTables]  # questions: what if this pipe were blocked
    above: dict[int, Pair] = field(default_factory=dict)  # what settling worked out, where it still holds
    below: dict[int, Pair] = field(default_factory=dict)

    @classmethod
    def settle(
        cls, wells: Sequence[WellNode], pipes: Sequence[PipeNode], down_first: Sequence[int], *, rings: bool
    ) -> Belief:
        """Sweep down and up once; rings need a few more sweeps."""
        even = dict.fromkeys(range(len(pipes)), EVEN)
        belief = cls(wells, pipes, even, dict(even), {}, {})
        for _ in range(RING_SWEEPS if rings else 1):
            for well in reversed(down_first):
                for number in wells[well].outgoing:
                    above = belief.above[number] = belief._above(number)
                    belief.down[number] = _through_down(pipes[number].tables, above)
            for well in down_first:
                arriving = belief._below_all(well)
                for number, held in zip(wells[well].incoming, arriving, strict=True):
                    belief.below[number] = held
                    belief.up[number] = _through_up(pipes[number].tables, held)
        if rings:
            # The last sweep moved what the sides of a ring had told each other before.
            belief.above.clear()
            belief.below.clear()
        return belief

    def asked(
        self, *, seen: Mapping[int, Pair] | None = None, fixed: Mapping[int, PipeTables] | None = None
    ) -> Belief:
        """The same belief if these wells read so or these pipes were so; only what changes is computed."""
        seen, fixed = seen or {}, fixed or {}
        question = Belief(self.wells, self.pipes, _Over(self.down), _Over(self.up), seen, fixed)
        queue = deque(
            dict.fromkeys([*seen, *(self.pipes[n].start for n in fixed), *(self.pipes[n].end for n in fixed)])
        )
        waiting = set(queue)
        steps = 0
        while queue and steps < MOST_STEPS:
            well = queue.popleft()
            waiting.discard(well)
            steps += 1
            for touched in question._refresh(well):
                if touched not in waiting:
                    waiting.add(touched)
                    queue.append(touched)
        return question

    def _refresh(self, well: int) -> Iterable[int]:
        node = self.wells[well]
        for number in node.outgoing:
            told = _through_down(self._tables(number), self._above(number))
            if _moved(told, self.down[number]):
                self.down[number] = told
                yield self.pipes[number].end
        for number, held in zip(node.incoming, self._below_all(well), strict=True):
            told = _through_up(self._tables(number), held)
            if _moved(told, self.up[number]):
                self.up[number] = told
                yield self.pipes[number].start

    def touched(self) -> set[int]:
        """Wells that this question's new messages reached."""
        reached = {self.pipes[number].end for number in self.down}
        return reached | {self.pipes[number].start for number in self.up}

    def _tables(self, number: int) -> PipeTables:
        return self.fixed.get(number) or self.pipes[number].tables

    def _seen(self, well: int) -> Pair:
        return self.seen.get(well) or self.wells[well].seen

    def _arriving(self, well: int) -> Pair:
        """Flow at the well by stage: none only if it has none of its own and no pipe brings any."""
        node = self.wells[well]
        none: Vector = [1 - node.inflow] * water.STAGES
        either: Vector = water.FLAT
        for number in node.incoming:
            told = self.down[number]
            none = _times(none, told[0])
            either = [e * (a + b) for e, a, b in zip(either, told[0], told[1], strict=True)]
        return none, [max(0.0, e - n) for e, n in zip(either, none, strict=True)]

    def _leaving(self, well: int, skipped: int | None = None) -> Pair | None:
        pipes = [number for number in self.wells[well].outgoing if number != skipped]
        if not pipes:
            return None
        return _lowest([self.up[number] for number in pipes])

    def _above(self, number: int) -> Pair:
        well = self.pipes[number].start
        arriving, seen = self._arriving(well), self._seen(well)
        own = (_times(arriving[0], seen[0]), _times(arriving[1], seen[1]))
        return _asked_of(own, self._leaving(well, number))

    def _below_all(self, well: int) -> list[Pair]:
        """For each incoming pipe, what the well holds without that pipe's own message."""
        node = self.wells[well]
        if not node.incoming:
            return []
        leaving = self._leaving(well) or (node.last_stages, node.last_stages)
        seen = self._seen(well)
        still, moving = _times(leaving[0], seen[0]), _times(leaving[1], seen[1])
        told = [self.down[number] for number in node.incoming]
        none = _products_without_each([pair[0] for pair in told])
        either = _products_without_each([[a + b for a, b in zip(*pair, strict=True)] for pair in told])
        held: list[Pair] = []
        for no_flow, any_flow in zip(none, either, strict=True):
            dry = [(1 - node.inflow) * v for v in no_flow]
            held.append(
                (
                    [s * d + m * (a - d) for s, d, m, a in zip(still, dry, moving, any_flow, strict=True)],
                    _times(moving, any_flow),
                )
            )
        return held

    def without_reading(self, well: int) -> Pair:
        """Weight of each (flow, stage) at a well by everything but its own reading."""
        arriving = self._arriving(well)
        last = self.wells[well].last_stages
        leaving = self._leaving(well) or (last, last)
        return _normal((_times(arriving[0], leaving[0]), _times(arriving[1], leaving[1])))

    def well(self, well: int) -> Pair:
        """Weight of each (flow, stage) at a well; the largest is 1."""
        others, seen = self.without_reading(well), self._seen(well)
        return _normal((_times(others[0], seen[0]), _times(others[1], seen[1])))

    def blocked(self, number: int) -> float:
        """Chance that a pipe is blocked, wholly or partly."""
        above = self.above.get(number) or self._above(number)
        below = self.below.get(number)
        if below is None:
            end = self.pipes[number].end
            below = self._below_all(end)[self.wells[end].incoming.index(number)]
        tables = self._tables(number)
        still, moving = below
        passing = _dot(moving, _by_rows(tables.passes, above[1]))
        standing = _dot(still, _plus(_by_rows(tables.without, above[0]), _by_rows(tables.stops, above[1])))
        every = passing + standing
        if every <= 0:
            return 0.0
        sound = _dot(moving, _by_rows(tables.sound, above[1])) + _dot(still, _by_rows(tables.sound, above[0]))
        return max(0.0, 1 - sound / every)


class _Over(dict[int, Pair]):
    """A layer of new messages over settled ones, so that a question copies nothing."""

    __slots__ = ("_under",)

    def __init__(self, under: Mapping[int, Pair]) -> None:
        super().__init__()
        self._under = under

    def __missing__(self, number: int) -> Pair:
        return self._under[number]


def _moved(told: Pair, before: Pair) -> bool:
    return any(
        abs(a - b) > SETTLED
        for new, old in zip(told, before, strict=True)
        for a, b in zip(new, old, strict=True)
    )


def _products_without_each(rows: Sequence[Vector]) -> list[Vector]:
    """For each row, the product of all others; linear in their number."""
    count = len(rows)
    if count == 1:
        return [water.FLAT]
    before: list[Vector] = [water.FLAT]
    for row in rows[:-1]:
        before.append(_times(before[-1], row))
    after: list[Vector] = [water.FLAT]
    for row in reversed(rows[1:]):
        after.append(_times(after[-1], row))
    return [_times(b, a) for b, a in zip(before, reversed(after), strict=True)]
