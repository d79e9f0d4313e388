"""How far from their fair share somebody is, as a cost that grows faster the further they are from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import gcd
from typing import Final

#: From how many points off the fair share each further point weighs how much. Half an hour is felt by
#: nobody; every further hour weighs more than the one before, so two people who are two hours off are better than
#: one who is four off. Far out the steps widen: forty hours or forty-one are felt to be the same.
STEPS: Final = (
    (50, 1),
    (150, 2),
    (250, 3),
    (350, 4),
    (450, 5),
    (550, 6),
    (650, 8),
    (850, 10),
    (1050, 13),
    (1450, 17),
    (1850, 23),
    (2650, 31),
    (3450, 43),
    (5050, 60),
    (8250, 100),
)


def unfairness(off: int) -> int:
    """Return what it costs that somebody is so many points off their fair share, more or less being the same."""
    off = abs(off)
    cost = 0
    for (start, weight), end in zip(STEPS, [*(start for start, _ in STEPS[1:]), off], strict=True):
        if off <= start:
            break
        cost += (min(off, max(end, start)) - start) * weight
    return cost


@dataclass(frozen=True, slots=True)
class Curve:
    """What each sum of points costs somebody: from `least` on, pieces of a length and a cost for each point in them.

    It is true wherever a sum can be reached, and straight in between. As nobody can be given a part of a shift, this says more of
    what is out of reach than the cost itself would.
    """

    least: int
    cost: int
    lengths: tuple[int, ...]
    slopes: tuple[float, ...]


def _reachable(points: Sequence[int]) -> tuple[int, int]:
    """Return the sums of these points as bits of a number, and the step between two bits."""
    step = gcd(*points) or 1
    bits = 1
    for each in points:
        bits |= bits << (each // step)
    return bits, step


def curve(fair: int, base: int, points: Sequence[int]) -> Curve:
    """Return what somebody's sums cost who has `base` points already and may be given any of these besides."""
    bits, step = _reachable(points)
    most = bits.bit_length() - 1
    corners = sorted({fair + sign * start for start, _ in STEPS for sign in (1, -1)} | {fair})
    sums = {0, most}
    for corner in corners:
        # The nearest sums on both sides of every corner: between two corners the cost is straight, and no more are needed.
        at = (corner - base) // step
        if 0 <= at <= most:
            sums.add((bits & ((1 << (at + 1)) - 1)).bit_length() - 1)
        if -1 <= at < most:
            above = bits >> (at + 1)
            sums.add(at + (above & -above).bit_length())
    at_points = [base + each * step for each in sorted(sums)]
    costs = [unfairness(each - fair) for each in at_points]
    lengths = tuple(b - a for a, b in pairwise(at_points))
    slopes = tuple(
        (dear - cheap) / (b - a)
        for (a, b), (cheap, dear) in zip(pairwise(at_points), pairwise(costs), strict=True)
    )
    return Curve(at_points[0], costs[0], lengths, slopes)
