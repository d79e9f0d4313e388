"""How water stands and runs, in numbers: the only place where the locator holds hydraulics.

A well's water is one of five stages: 0 free flow, 1 backed up to half the outgoing
pipe, 2 surcharged into the lower half of the shaft, 3 into the upper half, 4 at the
cover. Water also either comes to a well or does not (`flow` 1 or 0). The numbers
come from EPA SWMM runs on random networks; docs/locator.md says how.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import log
from typing import Final

from models.inspection.levels import Level

STAGES: Final = 5
FLAT: Final = (1.0,) * STAGES

Vector = Sequence[float]
Matrix = Sequence[Vector]  # [stage below][stage above]

DEFAULT_DIAMETER_M: Final = 0.3

# Chance that one pipe is blocked before anything is seen. Walks follow complaints, so it is not tiny.
PRIOR_BLOCKED: Final = 0.010
PRIOR_PARTIAL: Final = 0.004

# What a blockage does to the well above it, given that water comes.
BEHIND_BLOCKED: Final = (0.03, 0.10, 0.18, 0.18, 0.51)
BEHIND_PARTIAL: Final = (0.20, 0.50, 0.15, 0.06, 0.09)
BEHIND_WITHOUT_WATER: Final = (0.97, 0.01, 0.01, 0.005, 0.005)

# Stage above an open pipe by stage below it, where no heights are known. Row 0, free flow below, is
# `risen_freely`.
OPEN_UNSURVEYED: Final = (
    (1.0, 0.0, 0.0, 0.0, 0.0),
    (0.55, 0.36, 0.07, 0.01, 0.01),
    (0.31, 0.15, 0.46, 0.06, 0.02),
    (0.07, 0.04, 0.26, 0.43, 0.20),
    (0.11, 0.03, 0.06, 0.17, 0.63),
)

# Chance that a well stands at half, or is surcharged, above free flow and without a blockage, by how
# hard its pipe has to work: its work over that of a pipe which works harder than nine in ten of those
# seen low. A town's thickest stream in its flattest pipe stands high every day; an idle pipe does not.
WORK_EDGES: Final = (2.0, 1.0, 0.5, 0.25, 0.125)
RISEN_HALF: Final = (0.22, 0.06, 0.014, 0.0065, 0.003, 0.0005)
BUSTLES: Final = (0.12, 0.25, 0.5, 1.0, 2.0, 4.0)
BUSTLE_WEIGHT: Final = 0.3
MOST_RISEN: Final = 0.4
RISEN_FULL: Final = (0.006, 0.002, 0.0005, 0.0002, 0.0001, 0.00005)

# As above, by how hard the pipe works, over a well below that is itself raised but not high enough to
# explain it: busy neighbours are busy together. And the chance that friction lifts a surface one stage.
RISEN_ABOVE_RAISED: Final = (
    (0.25, 0.70, 0.04, 0.005, 0.005),
    (0.50, 0.465, 0.025, 0.005, 0.005),
    (0.75, 0.235, 0.01, 0.0025, 0.0025),
    (0.90, 0.096, 0.003, 0.0005, 0.0005),
    (0.975, 0.0235, 0.001, 0.0003, 0.0002),
    (0.99, 0.0095, 0.0003, 0.0001, 0.0001),
)
TILTED: Final = (0.2, 0.06, 0.02, 0.012, 0.01, 0.01)

# A river or a main may stand in an outfall; a last well without a pipe leads we know not where.
OUTFALL_STAGES: Final = (0.994, 0.002, 0.002, 0.001, 0.001)
# Far from every sign of trouble, where the locator stops looking.
QUIET_STAGES: Final = (0.97, 0.01, 0.01, 0.005, 0.005)
LOOSE_END_STAGES: Final = (0.90, 0.03, 0.04, 0.01, 0.02)

# Survey heights are typed by hand: this share of the belief ignores them.
SURVEY_DOUBT: Final = 0.06
SURFACE_SLACK_M: Final = 0.04
SPLIT_ROOM_M: Final = 0.08
# Water above a cover runs off at once, or stands in the street up to here in this share of cases.
PONDED_M: Final = 0.8
PONDED_SHARE: Final = 0.6


LEVEL_ORDER: Final = (Level.DRY, Level.FLOWING, Level.HALF, Level.FULL, Level.OVERFLOW)
# The chance that a level is misread is itself learned from the walk: it starts at the first number, which
# weighs as much as this many wells. A misread level is the next one this often, else any of the five.
MISREAD_USUAL: Final = 0.01
MISREAD_WEIGHT: Final = 40
MISREAD_NEXT_SHARE: Final = 0.5

MUD_DEEP_SHARE: Final = 0.2  # of the pipe's diameter; CJJ and the survey form call more than this too deep
MUD_OUTGOING_ODDS: Final = 4.0
MUD_INCOMING_ODDS: Final = 1.4


@dataclass(frozen=True, slots=True)
class Shaft:
    """Heights in metres at which a well's stage changes: half pipe, crown, mid shaft, cover."""

    half: float
    crown: float
    middle: float
    cover: float


def shaft(invert_m: float | None, ground_m: float | None, diameter_m: float) -> Shaft | None:
    """None when the heights are unknown or cannot be (a cover below the crown)."""
    if invert_m is None or ground_m is None or ground_m <= invert_m + diameter_m:
        return None
    crown = invert_m + diameter_m
    return Shaft(invert_m + diameter_m / 2, crown, (crown + ground_m) / 2, ground_m)


def split_at(where: Shaft, reached: Sequence[float]) -> Shaft:
    """Part the two surcharged stages at the lowest height in the shaft where a well above starts to rise."""
    inside = [
        height for height in reached if where.crown + SPLIT_ROOM_M < height < where.cover - SPLIT_ROOM_M
    ]
    return replace(where, middle=min(inside)) if inside else where


def _surfaces(where: Shaft) -> tuple[tuple[tuple[float, float, float], ...], ...]:
    """For each stage above free flow: ranges of the surface (low, high, share), in metres."""
    return (
        ((where.half, where.crown, 1.0),),
        ((where.crown, where.middle, 1.0),),
        ((where.middle, where.cover, 1.0),),
        (
            (where.cover, where.cover + SURFACE_SLACK_M, 1 - PONDED_SHARE),
            (where.cover, where.cover + PONDED_M, PONDED_SHARE),
        ),
    )


def _running(shares: Vector) -> list[float]:
    return list(accumulate(shares))


RISEN_ABOVE_RAISED_SUMS: Final = tuple(_running(shares) for shares in RISEN_ABOVE_RAISED)


def work_class(ratio: float) -> int:
    """Index into the tables by work, from a pipe's work over that of a hard-working pipe."""
    return sum(ratio < edge for edge in WORK_EDGES)


@dataclass(frozen=True, slots=True)
class Load:
    """How hard a pipe has to work, and how often wells stand high without a blockage on this walk."""

    work: int
    bustle: float


def bustle(high: int, expected: float) -> float:
    """How much oftener than usual wells stand at half by themselves: one of a few factors.

    `high` counts the other wells at half above a low one, `expected` how many of them
    `RISEN_HALF` expects.
    """
    factor = (high + BUSTLE_WEIGHT) / (expected + BUSTLE_WEIGHT)
    return min(BUSTLES, key=lambda known: abs(log(known / factor)))


def risen_freely(load: Load) -> Vector:
    """Stage above an open pipe with free flow below it."""
    half = min(MOST_RISEN, RISEN_HALF[load.work] * load.bustle)
    full = RISEN_FULL[load.work] * load.bustle
    return (1 - half - full, half, full * 0.8, full * 0.1, full * 0.1)


def lie(below: Shaft | None, above: Shaft | None) -> tuple[int, ...]:
    """How two shafts lie to each other, to the centimetre: pipes that lie alike share their tables."""
    if below is None or above is None:
        return ()
    base = below.half
    return tuple(
        [
            round((height - base) * 100)
            for height in (
                below.crown,
                below.middle,
                below.cover,
                above.half,
                above.crown,
                above.middle,
                above.cover,
            )
        ]
    )


def _unsurveyed(branches: int) -> Matrix:
    """`OPEN_UNSURVEYED` for one of several pipes into a well.

    Branches see one surface. Taken as independent, five low ones would argue five
    times against a surcharged or overflowing well below them; so they share the
    chance that it reaches none.
    """
    rows = list(OPEN_UNSURVEYED)
    for stage in (2, 4):
        single = OPEN_UNSURVEYED[stage]
        free = single[0] ** (1 / branches)
        rows[stage] = (free, *(share * (1 - free) / (1 - single[0]) for share in single[1:]))
    return rows


UNSURVEYED_BY_BRANCHES: Final = tuple(_unsurveyed(branches) for branches in range(1, 7))


def open_pipe(below: Shaft | None, above: Shaft | None, load: Load, branches: int = 1) -> Matrix:
    """Stage above an open pipe by the stage below: standing water is level, so its surface is carried up.

    A pipe that works hard adds to it: its own stream backs up, and its friction tilts the
    surface. `branches` is how many pipes enter the well below.
    """
    unsurveyed = UNSURVEYED_BY_BRANCHES[min(branches, len(UNSURVEYED_BY_BRANCHES)) - 1]
    if below is None or above is None:
        return (risen_freely(load), *unsurveyed[1:])
    edges = (above.half, above.crown, above.middle, above.cover)
    busy = min(1.0, load.bustle)
    own = [1 - busy * (1 - most) for most in RISEN_ABOVE_RAISED_SUMS[load.work]]
    tilt = TILTED[load.work]
    rows: list[Vector] = [risen_freely(load)]
    for ranges, loose in zip(_surfaces(below), unsurveyed[1:], strict=True):
        # Chances of at most a stage, so that the higher of two waters is a product.
        most = [0.0] * (STAGES - 1)
        for low, high, share in ranges:
            start, stop = low - SURFACE_SLACK_M, high + SURFACE_SLACK_M
            scale = share / (stop - start)
            most = [
                so_far + (0.0 if edge <= start else share if edge >= stop else (edge - start) * scale)
                for so_far, edge in zip(most, edges, strict=True)
            ]
        free, half, low_surcharge, high_surcharge = most
        at_0 = free * own[0]
        at_1 = (half - tilt * (half - free)) * own[1]
        at_2 = (low_surcharge - tilt * (low_surcharge - half)) * own[2]
        at_3 = (high_surcharge - tilt * (high_surcharge - low_surcharge)) * own[3]
        carried = (at_0, at_1 - at_0, at_2 - at_1, at_3 - at_2, 1 - at_3)
        rows.append([c + SURVEY_DOUBT * (u - c) for c, u in zip(carried, loose, strict=True)])
    return rows


def higher_of(open_rows: Matrix, behind: Vector) -> Matrix:
    """Stage above a blocked pipe: the higher of what the blockage holds and what backs up from below."""
    held = _running(behind)
    rows = []
    for none, half, low, high, cover in open_rows:
        at_0 = none * held[0]
        at_1 = (none + half) * held[1]
        at_2 = (none + half + low) * held[2]
        at_3 = (none + half + low + high) * held[3]
        at_4 = (none + half + low + high + cover) * held[4]
        rows.append((at_0, at_1 - at_0, at_2 - at_1, at_3 - at_2, at_4 - at_3))
    return rows


@dataclass(frozen=True, slots=True)
class Climate:
    """What is ordinary on this network: how often water comes at all, and how sound wells read."""

    inflow: float  # chance that a well has water of its own
    dry_though_flowing: float  # a film of water reads as dry
    half_though_free: float
    full_though_free: float
    misread: float


def climate(dry: int, flowing: int, misread: float = MISREAD_USUAL) -> Climate:
    """From the counts of low readings: a network with a small base flow shows many dry wells."""
    dry_share = (dry + 1) / (dry + flowing + 3)
    return Climate(
        inflow=min(0.9, max(0.15, 1 - dry_share)),
        dry_though_flowing=0.02 + 0.4 * dry_share,
        half_though_free=0.001,
        full_though_free=0.0002,
        misread=misread,
    )


def likelihood(level: Level, usual: Climate) -> tuple[Vector, Vector]:
    """Chance of noting `level` at each stage, rightly or wrongly: (no water comes, water comes)."""
    seen = LEVEL_ORDER.index(level)
    return _by_stage(
        usual,
        lambda shares: sum(share * _noted(true, seen, usual.misread) for true, share in enumerate(shares)),
    )


def honest(level: Level, usual: Climate) -> tuple[Vector, Vector]:
    """The part of `likelihood` in which the level was read rightly."""
    seen = LEVEL_ORDER.index(level)
    return _by_stage(usual, lambda shares: shares[seen] * (1 - usual.misread))


def _by_stage(usual: Climate, chance: Callable[[Vector], float]) -> tuple[Vector, Vector]:
    still = (0.94, 0.058, 0.001, 0.0005, 0.0005)
    unusual = usual.half_though_free + usual.full_though_free + 0.0005
    free = (
        usual.dry_though_flowing,
        1 - usual.dry_though_flowing - unusual,
        usual.half_though_free,
        usual.full_though_free,
        0.0005,
    )
    raised = tuple(
        chance([float(level == true) for true in range(len(LEVEL_ORDER))]) for level in (2, 3, 3, 4)
    )
    return (chance(still), *raised), (chance(free), *raised)


def _noted(true: int, seen: int, misread: float) -> float:
    anywhere = misread * (1 - MISREAD_NEXT_SHARE) / len(LEVEL_ORDER)
    if true == seen:
        return 1 - misread + anywhere
    neighbours = 1 if true in (0, len(LEVEL_ORDER) - 1) else 2
    return anywhere + (misread * MISREAD_NEXT_SHARE / neighbours if abs(true - seen) == 1 else 0)
