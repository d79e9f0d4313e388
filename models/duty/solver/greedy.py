"""A decent roster in no time: the hardest shifts first, each to whoever is furthest below their share; then swaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from models.duty.solver.ground import NEED, Ground, Seat
from models.duty.solver.standing import Standing, Worth

#: A move: seats taken in, seats given up, and what that changes.
Move = tuple[tuple[Seat, ...], tuple[Seat, ...], Worth]


def first(ground: Ground) -> Standing:
    """Return a roster that keeps every hard rule, made without looking back."""
    standing = Standing(ground)
    if ground.problem.keep:
        for seat in sorted(ground.standing & frozenset(ground.open)):
            if standing.free[seat[1]] and standing.may(*seat):
                standing.add(seat)
    able = Counter(j for _, j in ground.open)
    for j in sorted(range(len(ground.slots)), key=lambda j: (able[j] - 2 * ground.hands[j], j)):
        fill(standing, j)
    return standing


def fill(standing: Standing, j: int) -> None:
    """Fill a shift as far as it goes with those who may have it, whom it needs first."""
    ground = standing.ground
    while standing.free[j]:
        wanted = [able for n, able in standing.needs.get(j, ()) if len(able & standing.on[j]) < n]
        able = [i for i in range(len(ground.workers)) if i not in standing.on[j] and standing.may(i, j)]
        if not able:
            return
        standing.add((min(able, key=lambda i: _rank(standing, i, j, wanted)), j))


def _rank(standing: Standing, i: int, j: int, wanted: list[frozenset[int]]) -> tuple[int, int, int, int]:
    ground = standing.ground
    after = standing.sum[i] + standing.points[j]
    return (
        -sum(i in able for able in wanted),
        standing.cost(i, after) - standing.cost(i, standing.sum[i]),
        -standing.wish.get((i, j), 0) * 100 + after - ground.fair[i],
        i,
    )


def polish(standing: Standing, budget: int, go_on: Callable[[], bool]) -> None:
    """Make a roster better by giving shifts away and exchanging them two by two, until no such move helps.

    It looks at some `budget` of moves at most: counted, not timed, so that the same problem has the same answer,
    unless `go_on` tells that there is no time left.
    """
    improved = True
    while improved and budget > 0:
        improved = False
        for j in range(len(standing.ground.slots)):
            if standing.free[j]:
                fill(standing, j)
            for a in sorted(standing.on[j]):
                budget -= len(standing.ground.open) // len(standing.ground.slots) * 4
                move = min(_moves(standing, a, j), key=lambda move: move[2], default=None)
                if move is not None and move[2] < (0, 0, 0, 0):
                    _make(standing, move)
                    improved = True
            if standing.free[j]:
                improved = _reach(standing, j) or improved
            if budget <= 0 or not go_on():
                return


def _make(standing: Standing, move: Move) -> None:
    for seat in move[1]:
        standing.drop(seat)
    for seat in move[0]:
        standing.add(seat)


def _reach(standing: Standing, j: int) -> bool:
    """Fill a gap with somebody whom another relieves of what stands in their way."""
    for b in range(len(standing.ground.workers)):
        if not standing.open[b] >> j & 1 or b in standing.on[j]:
            continue
        for k in _bits(standing.mine[b]):
            if standing.may(b, j, without=1 << k):
                standing.drop((b, k))
                for c in range(len(standing.ground.workers)):
                    if c != b and c not in standing.on[k] and standing.may(c, k):
                        standing.add((c, k))
                        standing.add((b, j))
                        return True
                standing.add((b, k))
    return False


def _bits(number: int) -> Iterator[int]:
    while number:
        yield (number & -number).bit_length() - 1
        number &= number - 1


def _moves(standing: Standing, a: int, j: int) -> Iterator[Move]:
    """Go through what else could become of somebody's shift: another has it, or they exchange it for one of the other's."""
    sums, points = standing.sum, standing.points
    was = standing.cost(a, sums[a])
    without = standing.cost(a, sums[a] - points[j]) - was
    for b in range(len(sums)):
        if not standing.open[b] >> j & 1 or b in standing.on[j]:
            continue
        have = standing.cost(b, sums[b])
        spread = without + standing.cost(b, sums[b] + points[j]) - have
        if (spread <= 0 or standing.needs) and standing.may(b, j):
            yield ((b, j),), ((a, j),), _worth(standing, spread, [(j, a, b)])
        for k in _bits(standing.mine[b]):
            more = points[k] - points[j]
            spread = standing.cost(a, sums[a] + more) - was + standing.cost(b, sums[b] - more) - have
            if spread > 0 and not standing.needs:
                continue
            if k == j or a in standing.on[k] or not standing.may(a, k, without=1 << j):
                continue
            if standing.may(b, j, without=1 << k):
                yield ((b, j), (a, k)), ((a, j), (b, k)), _worth(standing, spread, [(j, a, b), (k, b, a)])


def _worth(standing: Standing, spread: int, moved: list[tuple[int, int, int]]) -> Worth:
    """Return what it changes that on these slots the second person takes the place of the first."""
    needs = changes = wishes = 0
    before = standing.ground.standing if standing.ground.problem.keep else None
    for j, a, b in moved:
        people = standing.on[j]
        others = people - {a} | {b}
        if j in standing.needs:
            needs += standing.lacking(j, others) - standing.lacking(j, people)
        if before is not None:
            changes += ((a, j) in before) * 2 - ((b, j) in before) * 2
        wishes += standing.wish.get((a, j), 0) - standing.wish.get((b, j), 0)
        if (a, j) in standing.mates or (b, j) in standing.mates:
            wishes += standing.pleased(j, people) - standing.pleased(j, others)
    return NEED * needs, changes, spread, wishes
