"""A roster in the making: who sits where, who may sit where besides, and what a move would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from models.duty.solver.fairness import unfairness
from models.duty.solver.ground import HAND, NEED, Ground, Seat

#: What a roster is judged by, the first first: gaps, changes (when they count), spread, wishes.
Worth = tuple[int, int, int, int]


class Standing:
    """Seats taken on a ground. `add` and `drop` keep the counts; sets of slots are bits of a number.

    It knows nothing of `seated` ones but what the ground has already taken off: they are no open seats.
    """

    def __init__(self, ground: Ground, seats: Iterable[Seat] = ()) -> None:
        self.ground = ground
        count = len(ground.workers)
        self.points = [slot.points for slot in ground.slots]
        self.open = [0] * count
        self.on: list[set[int]] = [set() for _ in ground.slots]
        self.mine = [0] * count
        self.sum = list(ground.base)
        self.free = list(ground.hands)
        self.near = self._near()
        self.excused: dict[Seat, int] = defaultdict(int)
        self.foes: dict[Seat, list[int]] = defaultdict(list)
        self.mates: dict[Seat, list[int]] = defaultdict(list)
        self.caps: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        self.needs: dict[int, list[tuple[int, frozenset[int]]]] = defaultdict(list)
        self.seated: list[set[int]] = [set() for _ in ground.slots]
        self.wish = {
            (i, j): worker.wishes[slot.id]
            for i, worker in enumerate(ground.workers)
            for j, slot in enumerate(ground.slots)
            if slot.id in worker.wishes
        }
        self._costs: list[dict[int, int]] = [{} for _ in range(count)]
        self._lay()
        for seat in seats:
            self.add(seat)

    def _lay(self) -> None:
        ground = self.ground
        for i, j in ground.open:
            self.open[i] |= 1 << j
        for i, j, k in ground.excused:
            self.excused[i, j] |= 1 << k
        for j, a, b in ground.apart:
            self.foes[a, j].append(b)
            self.foes[b, j].append(a)
        for j, a, b in ground.together:
            self.mates[a, j].append(b)
            self.mates[b, j].append(a)
        for i, span, room in ground.limits:
            self.caps[i].append((sum(1 << j for j in span), room))
        for j, n, people, _ in ground.needs:
            self.needs[j].append((n, people))
        for i, j in ground.seated:
            self.seated[j].add(i)

    def _near(self) -> list[int]:
        """Return for each slot, as bits, those that nobody can have besides it."""
        slots = self.ground.slots
        near = [0] * len(slots)
        for j, slot in enumerate(slots):
            until = slot.ends_at + timedelta(minutes=self.ground.problem.rest_minutes)
            for k in range(j + 1, len(slots)):
                if slots[k].starts_at >= until:
                    break
                near[j] |= 1 << k
                near[k] |= 1 << j
        return near

    @property
    def seats(self) -> frozenset[Seat]:
        """The open seats that are taken."""
        return frozenset((i, j) for j, people in enumerate(self.on) for i in people)

    def add(self, seat: Seat) -> None:
        """Put somebody on a shift."""
        i, j = seat
        self.on[j].add(i)
        self.mine[i] |= 1 << j
        self.sum[i] += self.points[j]
        self.free[j] -= 1

    def drop(self, seat: Seat) -> None:
        """Take somebody off a shift."""
        i, j = seat
        self.on[j].remove(i)
        self.mine[i] &= ~(1 << j)
        self.sum[i] -= self.points[j]
        self.free[j] += 1

    def may(self, i: int, j: int, *, without: int = 0) -> bool:
        """Tell whether somebody may have a shift besides theirs, those in `without` (bits) left out."""
        bit = 1 << j
        mine = self.mine[i] & ~without
        near = self.near[j] & ~self.excused.get((i, j), 0) if self.excused else self.near[j]
        if not self.open[i] & bit or mine & (near | bit):
            return False
        if any(span & bit and (mine & span).bit_count() >= room for span, room in self.caps[i]):
            return False
        return (i, j) not in self.foes or self.on[j].isdisjoint(self.foes[i, j])

    def cost(self, i: int, points: int) -> int:
        """Return what it costs that somebody carries these points."""
        known = self._costs[i]
        if points not in known:
            known[points] = unfairness(points - self.ground.fair[i])
        return known[points]

    def lacking(self, j: int, people: set[int]) -> int:
        """Return what needs a slot lacks with these people on it."""
        return sum(max(0, n - len(people & able)) for n, able in self.needs[j]) if j in self.needs else 0

    def pleased(self, j: int, people: set[int]) -> int:
        """Return how many ties are met on a slot with these people on it."""
        halves = 0
        for i in people:
            for mate in self.mates.get((i, j), ()):
                halves += 2 if mate in self.seated[j] else 1 if mate in people else 0
        return halves // 2

    def worth(self) -> Worth:
        """Return what the whole roster is worth: less is better."""
        ground = self.ground
        keep = ground.problem.keep
        seats = self.seats
        everyone = seats | frozenset(ground.seated)
        needs = sum(self.lacking(j, self.on[j]) for j in self.needs)
        both = sum((a, j) in everyone and (b, j) in everyone for j, a, b in ground.together)
        return (
            HAND * sum(self.free) + NEED * needs,
            len(everyone ^ ground.standing) if keep else 0,
            sum(self.cost(i, points) for i, points in enumerate(self.sum)),
            -sum(self.wish.get(seat, 0) for seat in everyone) - both,
        )
