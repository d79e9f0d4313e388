"""The sewer as a graph: wells and outfalls joined by pipes that point the way the water should run.

Built from data that people typed, so nothing here raises on bad data: what
cannot be used is left out, and every doubt becomes a `Problem`. Pure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from models.problems import Problem

OUTFALL: Final = "outfall"

# An invert may rise this much along a pipe before the direction is doubted: survey depths are read
# from a tape against a cover that has settled.
UPHILL_TOLERANCE_M: Final = 0.05

# code: params (all wells are human codes)
SEWER_PROBLEM_CODES: Final = (
    "well.duplicate",  # well: the first of the two rows is used
    "well.unreachable",  # well, count: no route to any outfall, for this well and count-1 others on the same route
    "well.outfall_flows_on",  # well, end: an outfall from which a pipe leads on
    "pipe.unknown_well",  # start, end, well: the pipe is left out
    "pipe.self_loop",  # start, end: the pipe is left out
    "pipe.duplicate",  # start, end: one of the two is used
    "pipe.both_ways",  # start, end: the pipe exists in both directions; the one met first is used
    "pipe.uphill",  # start, end, rise_mm: the invert rises; the link is possibly reversed
    "pipe.maybe_reversed",  # start, end: turning it would give stranded wells a way out
    "pipe.loop",  # start, end, wells, count: closes a circle through `wells` (codes joined by a blank)
    "connection.unknown_well",  # well, building, household: the connection is left out
)


@dataclass(frozen=True, slots=True)
class Well:
    """A node: `kind` is "well" or "outfall"; the invert lies `depth_mm` below `ground_m`."""

    code: str
    kind: str = "well"
    ground_m: float | None = None
    depth_mm: int | None = None

    @property
    def invert_m(self) -> float | None:
        """Height of the lowest point in metres, or None when either measure is missing or zero."""
        if self.ground_m is None or not self.depth_mm:
            return None
        return self.ground_m - self.depth_mm / 1000


@dataclass(frozen=True, slots=True)
class Pipe:
    """A pipe from well `start` down to well `end`."""

    start: str
    end: str
    diameter_mm: int | None = None
    length_m: float | None = None
    system: str | None = None

    @property
    def ends(self) -> tuple[str, str]:
        return (self.start, self.end)


@dataclass(frozen=True, slots=True)
class HouseConnection:
    """A building, or one household of it, whose drain enters at `well`; all are human codes."""

    well: str
    building: str | None = None
    household: str | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """A usable graph: every pipe here joins two different known wells, once, in one direction.

    `out_pipes` and `in_pipes` hold indexes into `pipes`. Build it with `Network.build`.
    """

    wells: Mapping[str, Well]
    pipes: tuple[Pipe, ...]
    out_pipes: Mapping[str, tuple[int, ...]]
    in_pipes: Mapping[str, tuple[int, ...]]
    connections: Mapping[str, tuple[HouseConnection, ...]]
    drained: frozenset[str]
    problems: tuple[Problem, ...]

    @classmethod
    def build(
        cls,
        wells: Iterable[Well],
        pipes: Iterable[Pipe],
        connections: Iterable[HouseConnection] = (),
    ) -> Network:
        """Build the graph; doubts are in `problems`, and what is unusable is left out."""
        problems: list[Problem] = []
        known: dict[str, Well] = {}
        for well in wells:
            if well.code in known:
                problems.append(Problem("well.duplicate", params={"well": well.code}))
            else:
                known[well.code] = well
        usable = _usable_pipes(known, pipes, problems)
        joined: dict[str, list[HouseConnection]] = {}
        for connection in connections:
            if connection.well in known:
                joined.setdefault(connection.well, []).append(connection)
            else:
                problems.append(
                    Problem(
                        "connection.unknown_well",
                        params={
                            "well": connection.well,
                            "building": connection.building,
                            "household": connection.household,
                        },
                    )
                )
        outgoing: dict[str, list[int]] = {code: [] for code in known}
        incoming: dict[str, list[int]] = {code: [] for code in known}
        for number, pipe in enumerate(usable):
            outgoing[pipe.start].append(number)
            incoming[pipe.end].append(number)
        outfalls = [code for code, well in known.items() if well.kind == OUTFALL]
        drained = frozenset(_spread(outfalls, lambda code: (usable[n].start for n in incoming[code])))
        problems += _direction_problems(known, usable, outgoing, incoming, drained)
        return cls(
            wells=known,
            pipes=tuple(usable),
            out_pipes={code: tuple(numbers) for code, numbers in outgoing.items()},
            in_pipes={code: tuple(numbers) for code, numbers in incoming.items()},
            connections={code: tuple(found) for code, found in joined.items()},
            drained=drained,
            problems=tuple(problems),
        )

    def is_outfall(self, code: str) -> bool:
        return self.wells[code].kind == OUTFALL

    def neighbours_down(self, code: str) -> list[str]:
        return [self.pipes[number].end for number in self.out_pipes.get(code, ())]

    def neighbours_up(self, code: str) -> list[str]:
        return [self.pipes[number].start for number in self.in_pipes.get(code, ())]

    def downstream(self, code: str) -> tuple[str, ...]:
        """Wells and outfalls that water from `code` passes, nearest first, without `code` itself."""
        return tuple(_spread([code], self.neighbours_down))[1:] if code in self.wells else ()

    def upstream(self, code: str) -> tuple[str, ...]:
        """Wells whose water passes `code`, nearest first, without `code` itself."""
        return tuple(_spread([code], self.neighbours_up))[1:] if code in self.wells else ()

    def part(self, codes: Collection[str]) -> Network:
        """The network between these wells only, without problems or house connections."""
        inside = [
            number
            for code in self.wells
            if code in codes
            for number in self.out_pipes[code]
            if self.pipes[number].end in codes
        ]
        pipes = tuple(self.pipes[number] for number in inside)
        outgoing: dict[str, list[int]] = {code: [] for code in self.wells if code in codes}
        incoming: dict[str, list[int]] = {code: [] for code in outgoing}
        for number, pipe in enumerate(pipes):
            outgoing[pipe.start].append(number)
            incoming[pipe.end].append(number)
        return Network(
            wells={code: self.wells[code] for code in outgoing},
            pipes=pipes,
            out_pipes={code: tuple(numbers) for code, numbers in outgoing.items()},
            in_pipes={code: tuple(numbers) for code, numbers in incoming.items()},
            connections={},
            drained=self.drained & outgoing.keys(),
            problems=(),
        )

    def number_of(self, ends: tuple[str, str]) -> int:
        """Index in `pipes` of the pipe between two wells that it is known to join."""
        return next(n for n in self.out_pipes[ends[0]] if self.pipes[n].end == ends[1])

    def held_behind(self, number: int) -> tuple[str, ...]:
        """Wells with no way out but through pipe `number`, nearest first."""
        above = tuple(_spread([self.pipes[number].start], self.neighbours_up))
        region = set(above)
        ways_round = [
            code
            for code in above
            for out in self.out_pipes[code]
            if out != number and self.pipes[out].end not in region
        ]
        # Water that can leave sideways from a well is not held, nor is what can run down to such a well.
        free = set(
            _spread(
                ways_round,
                lambda code: (
                    self.pipes[n].start
                    for n in self.in_pipes[code]
                    if n != number and self.pipes[n].start in region
                ),
            )
        )
        return tuple(code for code in above if code not in free)

    def homes_of(self, codes: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(households, buildings) whose drains enter at these wells, each once, in the wells' order.

        A connection that names a household also names its building to the caller, so only
        connections without a household add a building.
        """
        households: dict[str, None] = {}
        buildings: dict[str, None] = {}
        for code in codes:
            for connection in self.connections.get(code, ()):
                if connection.household:
                    households[connection.household] = None
                elif connection.building:
                    buildings[connection.building] = None
        return tuple(households), tuple(buildings)

    def down_first(self) -> tuple[str, ...]:
        """Every well, each after all wells below it; within a circle in any order, always the same."""
        return tuple(code for knot in _knots(self.wells, self.pipes, self.out_pipes) for code in knot)


def _spread(start: Iterable[str], step: Callable[[str], Iterable[str]]) -> dict[str, None]:
    """Breadth-first from `start`, each code once, in the order met."""
    met: dict[str, None] = dict.fromkeys(start)
    queue = deque(met)
    while queue:
        for code in step(queue.popleft()):
            if code not in met:
                met[code] = None
                queue.append(code)
    return met


def _usable_pipes(known: Mapping[str, Well], pipes: Iterable[Pipe], problems: list[Problem]) -> list[Pipe]:
    usable: dict[tuple[str, str], Pipe] = {}
    for pipe in pipes:
        ends: dict[str, str | int | float | None] = {"start": pipe.start, "end": pipe.end}
        missing = [code for code in dict.fromkeys(pipe.ends) if code not in known]
        problems += [Problem("pipe.unknown_well", params={**ends, "well": code}) for code in missing]
        if missing:
            continue
        if pipe.start == pipe.end:
            problems.append(Problem("pipe.self_loop", params=ends))
        elif pipe.ends in usable:
            problems.append(Problem("pipe.duplicate", params=ends))
        elif (pipe.end, pipe.start) in usable:
            problems.append(Problem("pipe.both_ways", params=ends))
        else:
            usable[pipe.ends] = pipe
            if known[pipe.start].kind == OUTFALL:
                problems.append(
                    Problem("well.outfall_flows_on", params={"well": pipe.start, "end": pipe.end})
                )
    return list(usable.values())


def _knots(
    codes: Iterable[str], pipes: Sequence[Pipe], outgoing: Mapping[str, Sequence[int]]
) -> list[list[str]]:
    """Groups of wells that reach each other, each group after all groups below it.

    Tarjan's strongly connected components, without recursion: a chain of 10,000
    wells is deeper than Python's stack. A group of one well is no circle.
    """
    found: dict[str, int] = {}
    lowest: dict[str, int] = {}
    placed: set[str] = set()
    path: list[str] = []
    groups: list[list[str]] = []
    for root in codes:
        if root in found:
            continue
        found[root] = lowest[root] = len(found)
        path.append(root)
        walk = [(root, iter(outgoing[root]))]
        while walk:
            code, left = walk[-1]
            number = next(left, None)
            if number is not None:
                end = pipes[number].end
                if end not in found:
                    found[end] = lowest[end] = len(found)
                    path.append(end)
                    walk.append((end, iter(outgoing[end])))
                elif end not in placed:
                    lowest[code] = min(lowest[code], found[end])
                continue
            walk.pop()
            if walk:
                above = walk[-1][0]
                lowest[above] = min(lowest[above], lowest[code])
            if lowest[code] == found[code]:
                group = [path.pop()]
                while group[-1] != code:
                    group.append(path.pop())
                groups.append(group)
                placed.update(group)
    return groups


def _direction_problems(
    known: Mapping[str, Well],
    pipes: Sequence[Pipe],
    outgoing: Mapping[str, Sequence[int]],
    incoming: Mapping[str, Sequence[int]],
    drained: frozenset[str],
) -> list[Problem]:
    problems: list[Problem] = []
    doubted: set[int] = set()
    for number, pipe in enumerate(pipes):
        high, low = known[pipe.start].invert_m, known[pipe.end].invert_m
        if high is not None and low is not None and low - high > UPHILL_TOLERANCE_M:
            doubted.add(number)
            rise = round((low - high) * 1000)
            problems.append(
                Problem("pipe.uphill", params={"start": pipe.start, "end": pipe.end, "rise_mm": rise})
            )
    problems += _circles(_knots(known, pipes, outgoing), pipes, outgoing)
    stranded = {
        code
        for code, well in known.items()
        if code not in drained and well.kind != OUTFALL and (outgoing[code] or incoming[code])
    }
    alone = [code for code in known if not (outgoing[code] or incoming[code])]
    reported: set[str] = set()
    for sink in _last_wells(stranded, pipes, outgoing, incoming):
        above = [
            code
            for code in _spread([sink], lambda code: (pipes[n].start for n in incoming[code]))
            if code in stranded and code not in reported
        ]
        reported.update(above)
        problems.append(Problem("well.unreachable", params={"well": sink, "count": len(above)}))
    problems += [
        Problem("well.unreachable", params={"well": code, "count": 1})
        for code in alone
        if known[code].kind != OUTFALL
    ]
    for number, pipe in enumerate(pipes):
        # The only doubt worth a reversal: water ends in `end`, while `start` has another way out.
        if pipe.end in stranded and pipe.start in drained and number not in doubted:
            problems.append(Problem("pipe.maybe_reversed", params={"start": pipe.start, "end": pipe.end}))
    return problems


def _last_wells(
    stranded: set[str],
    pipes: Sequence[Pipe],
    outgoing: Mapping[str, Sequence[int]],
    incoming: Mapping[str, Sequence[int]],
) -> list[str]:
    """Where stranded water ends up: dead ends first, then one well for each circle without a way out."""
    ends = [code for code in stranded if not outgoing[code]]
    covered = set(_spread(ends, lambda code: (pipes[n].start for n in incoming[code])))
    last = sorted(ends)
    for code in sorted(stranded - covered):
        if code in covered:
            continue
        bottom = list(_spread([code], lambda c: (pipes[n].end for n in outgoing[c])))[-1]
        last.append(bottom)
        covered.update(_spread([bottom], lambda c: (pipes[n].start for n in incoming[c])))
    return last


def _circles(
    knots: Iterable[list[str]], pipes: Sequence[Pipe], outgoing: Mapping[str, Sequence[int]]
) -> list[Problem]:
    """One problem per group of wells that reach each other, naming one shortest circle in it."""
    problems = []
    for knot in knots:
        if len(knot) == 1:
            continue
        inside = set(knot)
        opened = knot[0]
        came_by: dict[str, int] = {}
        queue = deque([opened])
        while opened not in came_by:
            for number in outgoing[queue.popleft()]:
                end = pipes[number].end
                if end in inside and end not in came_by:
                    came_by[end] = number
                    queue.append(end)
        circle = [pipes[came_by[opened]].start]
        while circle[-1] != opened:
            circle.append(pipes[came_by[circle[-1]]].start)
        problems.append(
            Problem(
                "pipe.loop",
                params={
                    "start": circle[0],
                    "end": opened,
                    "wells": " ".join(reversed(circle)),
                    "count": len(circle),
                },
            )
        )
    return problems
