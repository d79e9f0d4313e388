"""Rows for the wells of one sewer: the main run straight on, branches packed beside it. Pure.

Each well keeps the row of its heaviest branch; the other branches lie above and
below, as near as their outlines let them, so that no two pipes of a tree cross.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(slots=True)
class _Outline:
    """The first and last row that a branch takes in each layer, its root's layer last.

    Rows count from `base`. A branch that is laid beside a longer one costs only its own length.
    """

    first: list[int]
    last: list[int]
    base: int = 0


def rows_of(layer: Mapping[str, int], onto: Mapping[str, str]) -> dict[str, int]:
    """Return a row, from 0, for each well. `onto` names the well below, one layer down, where there is one."""
    packing = _Packing(layer, onto)
    upper_first = sorted(layer, key=layer.__getitem__, reverse=True)
    for code in upper_first:
        packing.lay(code)
    top = packing.pile([code for code in layer if code not in onto])
    rows: dict[str, int] = {}
    for code in reversed(upper_first):
        rows[code] = packing.beside[code] + (rows[onto[code]] if code in onto else -top)
    return rows


class _Packing:
    """Outlines of trees as they grow from their tips; `beside` is each well's row from that of the well below."""

    def __init__(self, layer: Mapping[str, int], onto: Mapping[str, str]) -> None:
        self._onto = onto
        self._above: dict[str, list[str]] = {code: [] for code in layer}
        for code in layer:
            if code in onto:
                self._above[onto[code]].append(code)
        self._size = dict.fromkeys(layer, 1)
        self._depth = dict.fromkeys(layer, 0)
        self._outlines: dict[str, _Outline] = {}
        self.beside = dict.fromkeys(layer, 0)

    def lay(self, code: str) -> None:
        """Lay the branches of a well, each of which has been laid itself."""
        self._outlines[code] = self._with_branches(self._above[code])
        if code in self._onto:
            below = self._onto[code]
            self._size[below] += self._size[code]
            self._depth[below] = max(self._depth[below], self._depth[code] + 1)

    def _with_branches(self, branches: Collection[str]) -> _Outline:
        if not branches:
            return _Outline([0], [0])
        main = max(branches, key=lambda branch: (self._size[branch], self._depth[branch]))
        laid = self._outlines.pop(main)
        # Short branches first: they fit close to the main run.
        for branch in sorted((b for b in branches if b != main), key=self._depth.__getitem__):
            outline = self._outlines.pop(branch)
            below, over = _room_below(laid, outline), -_room_below(outline, laid)
            row = below if below <= -over else over
            self.beside[branch] = row
            laid = _together(laid, outline, row)
        # The pipes that meet left of the well run no higher and no lower than the branches they come from.
        laid.first.append(-laid.base)
        laid.last.append(-laid.base)
        return laid

    def pile(self, roots: Collection[str]) -> int:
        """Lay whole trees below each other, the largest first; returns the first row taken."""
        first, *others = sorted(roots, key=self._size.__getitem__, reverse=True)
        laid = self._outlines.pop(first)
        for root in others:
            outline = self._outlines.pop(root)
            self.beside[root] = _room_below(laid, outline)
            laid = _together(laid, outline, self.beside[root])
        return min(laid.first) + laid.base


def _room_below(upper: _Outline, lower: _Outline) -> int:
    """Return how far down `lower` must go to lie beneath `upper`, where both have layers."""
    common = min(len(upper.first), len(lower.first))
    return max(upper.last[-i] - lower.first[-i] for i in range(1, common + 1)) + upper.base - lower.base + 1


def _together(one: _Outline, other: _Outline, row: int) -> _Outline:
    """Return the outline of both, `other` moved by `row`; the longer one's lists are taken over."""
    other.base += row
    longer, shorter = (one, other) if len(one.first) >= len(other.first) else (other, one)
    moved = shorter.base - longer.base
    for i in range(1, len(shorter.first) + 1):
        longer.first[-i] = min(longer.first[-i], shorter.first[-i] + moved)
        longer.last[-i] = max(longer.last[-i], shorter.last[-i] + moved)
    return longer
