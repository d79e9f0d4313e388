"""Which cover to lift next: the one whose level is expected to leave the least doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log2

from models.inspection.locator import water
from models.inspection.locator.belief import Pair
from models.inspection.locator.findings import Reading
from models.inspection.locator.model import Model
from models.inspection.sewer import Network

# Work is bounded however large the network: this many wells are weighed exactly, this many named.
MOST_WEIGHED = 24
MOST_NAMED = 8
LEAST_GAIN_BITS = 0.015
LEAST_LEVEL_CHANCE = 0.01
LEAST_HIDDEN_CHANCE = 0.02


def _doubt(chance: float) -> float:
    if chance <= 0 or chance >= 1:
        return 0.0
    return -chance * log2(chance) - (1 - chance) * log2(1 - chance)


def raised_chance(model: Model, well: int) -> float:
    """Chance that a well stands at half or higher."""
    still, moving = model.belief.well(well)
    raised = sum(still[1:]) + sum(moving[1:])
    return raised / (raised + still[0] + moving[0])


def _gain(model: Model, well: int, doubtful: dict[int, float], says: list[Pair]) -> float:
    """Bits of doubt about `doubtful` pipes that the level at `well` is expected to remove."""
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
        for number, before in doubtful.items():
            pipe = belief.pipes[number]
            if pipe.start in reached or pipe.end in reached:
                gain += chance * (_doubt(before) - _doubt(then.blocked(number)))
    return gain


def open_next(model: Model, doubtful: dict[int, float]) -> tuple[str, ...]:
    """Unseen wells, best first. `doubtful` are candidate pipes with the chance that each is blocked."""
    belief = model.belief
    unseen = [place for place, code in enumerate(model.codes) if _can_open(model, code)]
    if not unseen:
        return ()
    says: list[Pair] = [water.likelihood(word, model.usual) for word in water.LEVEL_ORDER]
    near = _near(model, doubtful)
    shortlist = sorted(
        (place for place in unseen if place in near),
        key=lambda place: (-_doubt(raised_chance(model, place)), place),
    )[:MOST_WEIGHED]
    gains = {place: _gain(model, place, doubtful, says) for place in shortlist}
    named = [
        place for place in sorted(gains, key=lambda p: (-gains[p], p)) if gains[place] >= LEAST_GAIN_BITS
    ]
    if not named:
        hidden = {place: raised_chance(model, place) for place in unseen}
        named = [
            place
            for place in sorted(hidden, key=lambda p: (-hidden[p], p))
            if hidden[place] >= LEAST_HIDDEN_CHANCE and belief.wells[place].outgoing
        ]
    return tuple(model.codes[place] for place in named[:MOST_NAMED])


def _can_open(model: Model, code: str) -> bool:
    # A well that would not open will not open tomorrow either; an outfall has no cover.
    return code not in model.readings and not model.network.is_outfall(code)


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
