"""Which well stands how far from the end of its sewer, and which pipe of it is its trunk. Pure.

A layer counts pipes to the end of the sewer along the longest way, so that
every pipe leads to a lower layer, except those that close a loop.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Layers:
    """`layer` is 0 at an end of the sewer; `trunk` is, for every other well, the link to the layer below it.

    The trunks make a forest. Links are meant by their index; `backwards` are those that close a loop.
    """

    layer: Mapping[str, int]
    trunk: Mapping[str, int]
    backwards: frozenset[int]


def layers_of(codes: Collection[str], links: Sequence[Link], ends: Collection[str] = ()) -> Layers:
    """Put wells in layers. `ends` are the outfalls; a loop is cut where it would lead away from them."""
    incoming: dict[str, list[int]] = {code: [] for code in codes}
    outgoing: dict[str, list[int]] = {code: [] for code in codes}
    for number, (start, end) in enumerate(links):
        outgoing[start].append(number)
        incoming[end].append(number)
    first = [code for code in codes if code in ends]
    sinks = [code for code in codes if not outgoing[code]]
    backwards = _closing([*first, *sinks, *codes], links, incoming)
    layer: dict[str, int] = {}
    trunk: dict[str, int] = {}
    waiting = {code: sum(n not in backwards for n in outgoing[code]) for code in codes}
    ready = [code for code in codes if not waiting[code]]
    for code in ready:  # grows while it is walked
        onward = [n for n in outgoing[code] if n not in backwards]
        layer[code] = max((layer[links[n][1]] + 1 for n in onward), default=0)
        for number in onward:
            if layer[links[number][1]] == layer[code] - 1:
                trunk[code] = number
                break
        for number in incoming[code]:
            if number not in backwards:
                above = links[number][0]
                waiting[above] -= 1
                if not waiting[above]:
                    ready.append(above)
    return Layers(layer, trunk, backwards)


def _closing(
    roots: Sequence[str], links: Sequence[Link], incoming: Mapping[str, Sequence[int]]
) -> frozenset[int]:
    """Return the links that close a loop, met while walking up from the roots, depth first, without recursion."""
    closing = set()
    met: set[str] = set()
    for root in roots:
        if root in met:
            continue
        met.add(root)
        on_path = {root}
        path: list[tuple[str, Iterator[int]]] = [(root, iter(incoming[root]))]
        while path:
            code, left = path[-1]
            number = next(left, None)
            if number is None:
                path.pop()
                on_path.discard(code)
                continue
            above = links[number][0]
            if above in on_path:
                closing.add(number)
            elif above not in met:
                met.add(above)
                on_path.add(above)
                path.append((above, iter(incoming[above])))
    return frozenset(closing)


def systems_of(codes: Collection[str], links: Sequence[Link]) -> list[list[str]]:
    """Return wells that hang together, the largest system first; a well without links is a system of its own."""
    leader = {code: code for code in codes}

    def root(code: str) -> str:
        while leader[code] != code:
            leader[code] = leader[leader[code]]
            code = leader[code]
        return code

    for start, end in links:
        leader[root(start)] = root(end)
    systems: dict[str, list[str]] = {}
    for code in codes:
        systems.setdefault(root(code), []).append(code)
    return sorted(systems.values(), key=len, reverse=True)
