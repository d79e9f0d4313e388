"""From the wells that struck homes drain into to the wells between them, and down to where the trouble must end. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from models.inspection.locator import Blockage
from models.inspection.ordering import along_flow
from models.inspection.sewer import Network

#: Nobody lifts more covers than this to find one blockage; of a longer way its upper end is taken.
MOST_WELLS: Final = 40


@dataclass(frozen=True, slots=True)
class Blocked:
    """The pipe that the locator takes for blocked, among those that were asked about."""

    start: str
    end: str
    chance: float


def wells_between(network: Network, struck: Iterable[str]) -> tuple[str, ...]:
    """Return the wells to open for struck ones, in walking order: from the heads down, each branch before its junction.

    From one struck well it is the way down to the next junction or outfall: what
    is blocked below that would hold up the other branch too. Between several whose
    water meets it is each one's way to where they meet, and from there on down
    to the next junction. Water that meets only in an outfall has nothing in common.
    """
    starts = [code for code in dict.fromkeys(struck) if code in network.wells]
    between: dict[str, None] = {}
    for group in _meeting(network, starts):
        for code in _of_group(network, group):
            between[code] = None
    return tuple(_in_walking_order(network, between))[:MOST_WELLS]


def blocked_among(wells: Collection[str], blockages: Iterable[Blockage]) -> Blocked | None:
    """Return the likeliest pipe that leads out of one of these wells and was located as blocked."""
    found = [
        Blocked(start, end, chance)
        for blockage in blockages
        for (start, end), chance in zip(blockage.pipes, blockage.probabilities, strict=True)
        if start in wells
    ]
    return max(found, key=lambda one: one.chance, default=None)


def _meeting(network: Network, starts: Sequence[str]) -> list[list[str]]:
    """Return the struck wells, those whose water meets above an outfall together."""
    groups: list[tuple[list[str], set[str]]] = []
    for start in starts:
        mine = {code for code in _down(network, start) if not network.is_outfall(code)}
        joined = [group for group in groups if group[1] & mine]
        groups = [group for group in groups if not group[1] & mine]
        merged = [code for group in joined for code in group[0]]
        groups.append(([*merged, start], mine.union(*(group[1] for group in joined))))
    return [codes for codes, _ in groups]


def _of_group(network: Network, starts: Sequence[str]) -> Iterable[str]:
    ways = [_down(network, start) for start in starts]
    met = set(ways[0]).intersection(*ways[1:])
    # Nearest to all of them; a tie goes to the one nearest to the first.
    place = [{code: number for number, code in enumerate(way)} for way in ways]
    meeting = min(
        (code for code in ways[0] if code in met and not network.is_outfall(code)),
        key=lambda code: sum(of[code] for of in place),
        default=None,
    )
    if meeting is None:
        return [code for start in starts for code in _to_junction(network, start)]
    leads_there = {meeting, *network.upstream(meeting)}
    return [
        *(code for way in ways for code in way if code in leads_there),
        *_to_junction(network, meeting),
    ]


def _down(network: Network, code: str) -> tuple[str, ...]:
    return (code, *network.downstream(code))


def _to_junction(network: Network, start: str) -> list[str]:
    """Return a well and those below it down to the first where other water comes in or that has no one way on."""
    way = [start]
    while True:
        below = network.neighbours_down(way[-1])
        if len(below) != 1 or below[0] in way:
            return way
        way.append(below[0])
        if network.is_outfall(below[0]) or len(network.in_pipes[below[0]]) > 1:
            return way


def _in_walking_order(network: Network, codes: Collection[str]) -> list[str]:
    inside = [code for code in network.wells if code in codes]
    return along_flow(inside, [pipe.ends for pipe in network.pipes])
