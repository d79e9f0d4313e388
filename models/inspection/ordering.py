"""In which order to walk a route: along the water, or the shortest way. Pure.

What a rule says nothing of (a lamp has no pipe, a point no co-ordinates) comes behind the others, in the order it had.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from math import dist
from typing import Final, TypeVar

Stop = TypeVar("Stop")
Place = tuple[float, float]

#: How far apart two stops of a long route may be that are tried against each other. Below it every two are:
#: swapping ends that lie hundreds of stops apart hardly ever shortens a way that went to the nearest each time.
_WINDOW: Final = 250
_MOST_ROUNDS: Final = 20
_GAIN: Final = 1e-9


def merged_order(before: Sequence[Stop], mine: Sequence[Stop], theirs: Sequence[Stop]) -> list[Stop]:
    """Return my order without what they took out of `before`; what they added stands behind what it stands behind there."""
    gone = set(before) - set(theirs)
    order = [stop for stop in mine if stop not in gone]
    known = set(before) | set(order)
    for place, stop in enumerate(theirs):
        if stop not in known:
            known.add(stop)
            ahead = theirs[place - 1] if place else None
            order.insert(order.index(ahead) + 1 if ahead in order else 0, stop)
    return order


def along_flow(stops: Sequence[Stop], pipes: Collection[tuple[Stop, Stop]]) -> list[Stop]:
    """Return stops from the heads of the sewer down to its outfalls, each branch before the well it meets.

    `pipes` are (upper, lower) of the whole sewer: two stops may be joined by wells that are on no route.
    """
    above: dict[Stop, list[Stop]] = {}
    below: dict[Stop, list[Stop]] = {}
    for upper, lower in pipes:
        above.setdefault(lower, []).append(upper)
        below.setdefault(upper, []).append(lower)
    on_route = dict.fromkeys(stops)
    place = {stop: number for number, stop in enumerate(on_route)}
    ends = [code for code in above if code not in below]
    # A circle has no end: it is entered at the stop that stood first.
    inside = [stop for stop in on_route if stop in below]
    order: list[Stop] = []
    met: set[Stop] = set()
    for end in [*ends, *inside]:
        order += _down_to(end, above, met)
    flowing = [stop for stop in order if stop in place]
    known = set(flowing)
    return [*flowing, *(stop for stop in on_route if stop not in known)]


def _down_to(end: Stop, above: Mapping[Stop, Sequence[Stop]], met: set[Stop]) -> list[Stop]:
    """Return all wells above `end`, each after those above it; without recursion, as sewers are deep."""
    if end in met:
        return []
    met.add(end)
    order: list[Stop] = []
    path = [(end, iter(above.get(end, ())))]
    while path:
        code, left = path[-1]
        upper = next((one for one in left if one not in met), None)
        if upper is None:
            path.pop()
            order.append(code)
        else:
            met.add(upper)
            path.append((upper, iter(above.get(upper, ()))))
    return order


def shortest_way(stops: Sequence[Stop], places: Mapping[Stop, Place]) -> list[Stop]:
    """Return stops in a short order that begins with the first: to the nearest each time, then untangled (2-opt)."""
    placed = [stop for stop in dict.fromkeys(stops) if stop in places]
    left = [stop for stop in dict.fromkeys(stops) if stop not in places]
    return [*_untangled(_nearest(placed, places), places), *left]


def length(stops: Sequence[Stop], places: Mapping[Stop, Place]) -> float:
    """Return the length of a way in metres, over the stops that have a place."""
    placed = [places[stop] for stop in stops if stop in places]
    return sum(dist(one, two) for one, two in pairwise(placed))


def _nearest(stops: Sequence[Stop], places: Mapping[Stop, Place]) -> list[Stop]:
    if not stops:
        return []
    way = [stops[0]]
    left = dict.fromkeys(stops[1:])
    while left:
        here = places[way[-1]]
        nearest = min(left, key=lambda stop: dist(here, places[stop]))
        del left[nearest]
        way.append(nearest)
    return way


def _untangled(way: list[Stop], places: Mapping[Stop, Place]) -> list[Stop]:
    """Turn pieces of the way round while that makes it shorter; its first stop stays."""
    spots = [places[stop] for stop in way]
    order = list(range(len(way)))
    for _ in range(_MOST_ROUNDS):
        shorter = False
        for start in range(1, len(order) - 1):
            for end in range(start + 1, min(len(order), start + _WINDOW)):
                before, first = spots[order[start - 1]], spots[order[start]]
                last = spots[order[end]]
                after = spots[order[end + 1]] if end + 1 < len(order) else None
                gain = dist(before, first) - dist(before, last)
                if after is not None:
                    gain += dist(last, after) - dist(first, after)
                if gain > _GAIN:
                    order[start : end + 1] = order[start : end + 1][::-1]
                    shorter = True
        if not shorter:
            break
    return [way[number] for number in order]
