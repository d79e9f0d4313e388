"""A roster made better a few people at a time, beside the search that proves.

Some people's shifts are divided anew among them, and everybody else stays where they are: a small problem, solved at once.
Then others', and so on. It never proves anything, but where the large search takes longer than there is
time, it has a good roster. What it finds counts only then, so that a proven roster does not depend on how fast the machine is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil
from threading import Event, Thread
from typing import Final

from models.duty.solver.fairness import unfairness
from models.duty.solver.ground import Ground, Seat
from models.duty.solver.model import build, load, wishes_range
from models.duty.solver.problem import Phase
from models.duty.solver.running import run, start, taken
from models.duty.solver.spread import add_spread, ways
from models.duty.solver.standing import Standing, Worth
from models.duty.solver.watch import Watch

#: How many people's shifts are divided anew at first; then more while that is quick, fewer when it is not.
AT_FIRST: Final = 12
QUICK, SLOW, LONGEST = 0.4, 1.2, 2.0


class Improver:
    """Makes a roster better in a thread of its own until it is told to stop."""

    def __init__(self, ground: Ground, seats: frozenset[Seat], seconds: float) -> None:
        self._ground = ground
        self._stop = Event()
        self._seconds = seconds
        self.seats = seats
        self.worth: Worth = Standing(ground, seats).worth()
        self.error: BaseException | None = None
        Thread(target=self._run, name="roster", daemon=False).start()

    def stop(self) -> None:
        """End soon; what was found stays."""
        self._stop.set()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - told to whoever started it
            self.error = error

    def _work(self) -> None:
        watch = Watch(self._seconds, cancelled=self._stop.is_set)
        count = len(self._ground.workers)
        size, turn = float(min(AT_FIRST, count)), 0
        while watch.go_on():
            began = watch.passed
            for people in groups(count, int(size), turn):
                seats = anew(self._ground, self.seats, people, min(LONGEST, watch.left), self._stop.is_set)
                if not watch.go_on():
                    return
                worth = Standing(self._ground, seats).worth() if seats is not None else self.worth
                if seats is not None and worth <= self.worth:
                    # One as good as the other is taken too: it leads elsewhere.
                    self.seats, self.worth = seats, worth
            each = (watch.passed - began) / ceil(count / int(size))
            size = min(count, size * 1.4) if each < QUICK else max(4, size * 0.7) if each > SLOW else size
            turn += 1


def anew(
    ground: Ground, seats: frozenset[Seat], people: frozenset[int], seconds: float, stop: Callable[[], bool]
) -> frozenset[Seat] | None:
    """Return the roster with the shifts of some people divided anew in the best way, None if the time did not last."""
    part = among(ground, seats, people)
    mine = frozenset(seat for seat in seats if seat[0] in people)
    worth = Standing(part, mine).worth()
    model = build(part)
    model.lock(Phase.GAPS, worth[0])
    if part.problem.keep:
        model.lock(Phase.CHANGES, worth[1])
    add_spread(model, ways(model, _within(part, mine, people)))
    weight = float(wishes_range(model) + 1)
    solver = load(model, model.cost((Phase.SPREAD, weight), (Phase.WISHES, 1.0)))
    start(solver, model, mine)
    found = run(solver, Watch(seconds, cancelled=stop), lambda _best, _bound: None)
    return None if found.values is None else (seats - mine) | frozenset(taken(part, found.values))


def groups(count: int, size: int, turn: int) -> list[frozenset[int]]:
    """Return everybody in groups of a size, others together in each turn."""
    order = sorted(range(count), key=lambda i: (pow(104_729 + turn, i + 2, 15_485_863), i))
    return [frozenset(order[at : at + size]) for at in range(0, count, size)]


def _within(part: Ground, mine: frozenset[Seat], people: frozenset[int]) -> list[tuple[int, int]]:
    """Return between which points people stay if all of them together are to be no further off than they are."""
    sums = list(part.base)
    for i, j in mine:
        sums[i] += part.slots[j].points
    cost = sum(unfairness(sums[i] - part.fair[i]) for i in people)
    off = max(abs(sums[i] - part.fair[i]) for i in people)
    while unfairness(off) <= cost:
        off += 50
    return [
        (part.fair[i] - off, part.fair[i] + off) if i in people else (part.base[i], part.base[i])
        for i in range(len(part.workers))
    ]


def among(ground: Ground, seats: frozenset[Seat], people: frozenset[int]) -> Ground:
    """Return the ground on which everybody but these people stays on the seats they have."""
    stay = frozenset(seat for seat in seats if seat[0] not in people)
    on: list[set[int]] = [set() for _ in ground.slots]
    base = list(ground.base)
    for i, j in stay:
        on[j].add(i)
        base[i] += ground.slots[j].points
    hands = tuple(each - len(on[j]) for j, each in enumerate(ground.hands))
    barred = {(x, j) for j, a, b in ground.apart for x, y in ((a, b), (b, a)) if y in on[j]}
    free = tuple(seat for seat in ground.open if seat[0] in people and hands[seat[1]] and seat not in barred)
    able = frozenset(free)
    there = able | stay | frozenset(ground.seated)

    def still(i: int, slots: Sequence[int]) -> tuple[int, ...]:
        return tuple(j for j in slots if (i, j) in able)

    return replace(
        ground,
        seated=tuple(sorted({*ground.seated, *stay})),
        open=free,
        hands=hands,
        needs=tuple(
            (j, n - len(who & on[j]), who, code) for j, n, who, code in ground.needs if n > len(who & on[j])
        ),
        cliques=tuple((i, left) for i, slots in ground.cliques if len(left := still(i, slots)) > 1),
        limits=tuple(
            (i, left, room) for i, slots, room in ground.limits if len(left := still(i, slots)) > room
        ),
        apart=tuple((j, a, b) for j, a, b in ground.apart if {(a, j), (b, j)} <= able),
        together=tuple((j, a, b) for j, a, b in ground.together if {(a, j), (b, j)} <= there),
        base=tuple(base),
    )
