"""Which cover to lift next: the one whose level is expected to leave the least doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log2

from models.inspection.locator import water
from models.inspection.locator.belief import Pair
from models.inspection.locator.findings import Reading
from models.inspection.locator.model import Model
from models.inspection.sewer import Network

# Work is bounded however large the network: this many wells are weighed exactly, this many named.
MOST_WEIGHED = 24
MOST_NAMED = 8
MOST_GROUPS = 6
LEAST_GAIN_BITS = 0.015
LEAST_LEVEL_CHANCE = 0.01
LEAST_HIDDEN_CHANCE = 0.008


Group = tuple[tuple[int, ...], tuple[float, ...]]  # pipes that explain the same water, and their chances


def _doubt(chances: Iterable[float]) -> float:
    """Entropy in bits of "which one, or none", for alternatives that exclude each other."""
    each = list(chances)
    every = max(1.0, sum(each))
    shares = [chance / every for chance in (*each, max(0.0, 1 - sum(each)))]
    return -sum(share * log2(share) for share in shares if share > 0)


def raised_chance(model: Model, well: int) -> float:
    """Chance that a well stands at half or higher."""
    still, moving = model.belief.well(well)
    raised = sum(still[1:]) + sum(moving[1:])
    return raised / (raised + still[0] + moving[0])


def _gain(model: Model, well: int, groups: Sequence[Group], says: list[Pair]) -> float:
    """Bits of doubt about the groups that the level at `well` is expected to remove."""
    belief = model.belief
    standing = belief.well(well)
    total = sum(standing[0]) + sum(standing[1])
    gain = 0.0
    for word in says:
        chance = sum(
            share * likely
            for row, words in zip(standing, word, strict=True)
            for share, likely in zip(row, words, strict=True)
        )
        chance /= total
        if chance < LEAST_LEVEL_CHANCE:
            continue
        then = belief.asked(seen={well: word})
        reached = then.touched() | {well}
        for pipes, before in groups:
            if any(reached & {belief.pipes[number].start, belief.pipes[number].end} for number in pipes):
                gain += chance * (_doubt(before) - _doubt(then.blocked(number) for number in pipes))
    return gain


def open_next(model: Model, groups: Sequence[Group], *, found: bool) -> tuple[str, ...]:
    """Unseen wells, best first: those that part the candidates of the likeliest groups.

    While nothing is `found`, and no well would part anything, those where trouble could
    best hide, so that a search that starts blind comes to an end.
    """
    belief = model.belief
    unseen = [place for place, code in enumerate(model.codes) if _can_open(model, code)]
    if not unseen:
        return ()
    says: list[Pair] = [water.likelihood(word, model.usual) for word in water.LEVEL_ORDER]
    groups = groups[:MOST_GROUPS]
    near = _near(model, [number for pipes, _ in groups for number in pipes])
    shortlist = sorted(
        (place for place in unseen if place in near),
        key=lambda place: (-_doubt([raised_chance(model, place)]), place),
    )[:MOST_WEIGHED]
    gains = {place: _gain(model, place, groups, says) for place in shortlist}
    named = [
        place for place in sorted(gains, key=lambda p: (-gains[p], p)) if gains[place] >= LEAST_GAIN_BITS
    ]
    if not named and not found:
        hidden = {place: raised_chance(model, place) for place in unseen}
        named = [
            place
            for place in sorted(hidden, key=lambda p: (-hidden[p], p))
            if hidden[place] >= LEAST_HIDDEN_CHANCE and belief.wells[place].outgoing
        ]
    return tuple(model.codes[place] for place in named[:MOST_NAMED])


def _can_open(model: Model, code: str) -> bool:
    # A well that would not open will not open tomorrow either; an outfall has no cover.
    reading = model.readings.get(code)
    return (reading is None or reading.level is None) and not model.network.is_outfall(code)


def _near(model: Model, doubtful: Iterable[int]) -> set[int]:
    """Wells within a few pipes of a candidate."""
    pipes = model.belief.pipes
    near = {end for number in doubtful for end in (pipes[number].start, pipes[number].end)}
    edge = near
    for _ in range(3):
        edge = {
            other
            for place in edge
            for number in (*model.belief.wells[place].incoming, *model.belief.wells[place].outgoing)
            for other in (pipes[number].start, pipes[number].end)
        } - near
        near = near | edge
    return near


def first_wells(network: Network, readings: Mapping[str, Reading]) -> tuple[str, ...]:
    """Where to start when nothing is seen: wells that halve the largest branches, largest first."""
    above = dict.fromkeys(network.wells, 1.0)
    for code in reversed(network.down_first()):
        ways = network.neighbours_down(code)
        for below in ways:
            above[below] += above[code] / len(ways)
    chosen: list[str] = []
    rest = [code for code in network.wells if code not in readings and not network.is_outfall(code)]
    ends = [code for code in network.wells if not network.out_pipes[code]]
    for last in sorted(ends, key=lambda code: (-above[code], code)):
        if len(chosen) == MOST_NAMED:
            break
        branch = set(network.upstream(last))
        inside = [code for code in rest if code in branch]
        if inside:
            chosen.append(min(inside, key=lambda code: (abs(above[code] - above[last] / 2), code)))
    return tuple(dict.fromkeys(chosen))
