"""One walk over one town: what is blocked, what the water does, what the volunteers noted."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from tests.hydraulics.towns import Town, make_town
from tests.hydraulics.water import BLOCKAGE_KINDS, FULL_KINDS, depths_at, level_names

ORDER = ("dry", "flowing", "half", "full", "overflow")

Ends = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`visible` are the blocked pipes whose water stands higher than in the sound town.

    A blockage in a pipe without water, or drowned by a second one below it,
    changes no level: nobody can find it from levels, so it is not asked for.
    """

    seed: int
    town: Town
    blocked: Mapping[Ends, tuple[str, float]]
    hours: float
    visible: frozenset[Ends]
    levels: Mapping[str, str]
    normal_levels: Mapping[str, str]
    depths: Mapping[str, float]
    normal_depths: Mapping[str, float]


def make_scenario(
    seed: int, *, blockages: int | None = None, kinds: tuple[str, ...] = (), wells: int | None = None
) -> Scenario:
    """Deterministic from `seed`; the options override what the seed would choose."""
    town = make_town(seed, wells=wells)
    rng = random.Random(seed * 7919 + 1)
    flow = town.upstream_inflow()
    wet = [pipe for pipe in town.pipes if flow[pipe.start] > 0]
    drawn = rng.choice((0, 1, 1, 1, 1, 2, 2, 3))
    wanted = min(len(wet), drawn if blockages is None else blockages)
    blocked: dict[Ends, tuple[str, float]] = {}
    for pipe in rng.sample(wet, wanted):
        kind = rng.choice(kinds or BLOCKAGE_KINDS)
        left = 10 ** rng.uniform(-4, -2) if kind in FULL_KINDS else rng.uniform(0.1, 0.4)
        blocked[pipe.start, pipe.end] = (kind, left)
    hours = rng.choice((0.5, 2.0, 6.0, 24.0))
    (depths,) = depths_at(town, blocked, [hours])
    (normal,) = depths_at(town, {}, [hours]) if blocked else (depths,)
    dry_m = rng.choice((0.003, 0.01, 0.02))
    levels = level_names(town, depths, dry_m=dry_m)
    invert = {well.code: well.invert_m for well in town.wells}
    diameter = {(pipe.start, pipe.end): pipe.diameter_mm / 1000 for pipe in town.pipes}
    visible = set()
    for start, end in blocked:
        pipe_m = diameter[start, end]
        step = depths[start] + invert[start] - depths[end] - invert[end]
        normal_step = normal[start] + invert[start] - normal[end] - invert[end]
        if (
            ORDER.index(levels[start]) >= ORDER.index("half")
            and depths[start] > normal[start] + 0.2 * pipe_m
            and step > normal_step + 0.25 * pipe_m
        ):
            visible.add((start, end))
    return Scenario(
        seed=seed,
        town=town,
        blocked=blocked,
        hours=hours,
        visible=frozenset(visible),
        levels=levels,
        normal_levels=level_names(town, normal, dry_m=dry_m),
        depths=depths,
        normal_depths=normal,
    )


def noted(scenario: Scenario, *, unseen: float, misread: float, seed: int) -> dict[str, str]:
    """Levels as written down: some wells never opened, some noted one class off or at random."""
    rng = random.Random(seed)
    written = {}
    for code, level in scenario.levels.items():
        word = level
        if rng.random() < misread:
            if rng.random() < 0.5:
                place = ORDER.index(level) + rng.choice((-1, 1))
                word = ORDER[min(max(place, 0), len(ORDER) - 1)]
            else:
                word = rng.choice(ORDER)
        if rng.random() >= unseen:
            written[code] = word
    return written
