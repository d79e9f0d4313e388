"""A cost shared to the last fen: by largest remainder, so that the shares are the cost whatever the weights. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """What falls on one of those who share a cost: `weight` of `total_weight` (areas, ones, or weights)."""

    fen: int
    cost_fen: int
    weight: int
    total_weight: int


def share(total_fen: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Return what falls on each, in fen; together exactly the total. Nothing falls on a weight of 0.

    Each gets its quotient rounded down; the fen left over go one each to the largest remainders, of equal ones to
    the earlier. A total below 0 (a cost given back) is shared as its opposite. Raises ValueError for a weight below
    0, and where a cost meets nobody to bear it.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight below zero")
    if total_fen < 0:
        return tuple(-fen for fen in share(-total_fen, weights))
    whole = sum(weights)
    if not whole:
        if total_fen:
            raise ValueError("a cost that nobody bears")
        return (0,) * len(weights)
    fens = [total_fen * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: -(total_fen * weights[place] % whole))
    for place in by_remainder[: total_fen - sum(fens)]:
        fens[place] += 1
    return tuple(fens)


def shares(cost_fen: int, weights: Sequence[int]) -> tuple[Share, ...]:
    """Return what falls on each, with what it was worked out from. Raises ValueError as `share` does."""
    whole = sum(weights)
    return tuple(
        Share(fen, cost_fen, weight, whole)
        for fen, weight in zip(share(cost_fen, weights), weights, strict=True)
    )
