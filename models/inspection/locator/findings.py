"""What goes into the locator and what comes out: frozen values and their closed lists of codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from models.inspection.levels import Level
from models.problems import Problem

# code: params (wells are human codes; levels are `Level` values)
EVIDENCE_CODES: Final = (
    "evidence.half_above_dry",  # upper, lower: the nearest seen wells on either side of the candidates
    "evidence.half_above_flowing",  # upper, lower
    "evidence.full_above_dry",  # upper, lower
    "evidence.full_above_flowing",  # upper, lower
    "evidence.full_above_half",  # upper, lower
    "evidence.overflow_above_dry",  # upper, lower
    "evidence.overflow_above_flowing",  # upper, lower
    "evidence.overflow_above_half",  # upper, lower
    "evidence.overflow_above_full",  # upper, lower
    "evidence.backed_up_to_outfall",  # upper, outfall: nothing low was seen between `upper` and the outfall
    "evidence.backwater",  # count, farthest: seen wells standing half or higher behind the blockage
    "evidence.still_low_above",  # well: the nearest seen low well upstream, where the backwater has ended
    "evidence.surface_step",  # upper, lower, step_mm: the water surface falls at least this much
    "evidence.mud",  # well, mud_mm, diameter_mm: mud deeper than a fifth of the pipe
    "evidence.unseen",  # count, upper, lower: unseen wells between the two named ones leave the pipe open
    "evidence.against",  # well, level: a reading that does not fit this blockage and is taken as misread
)

# As above: each code, then its params.
READING_PROBLEM_CODES: Final = (
    "reading.unknown_well",  # well
    "reading.repeated",  # well: the last one is used
    "reading.mud_negative",  # well, mud_mm: the mud is left out
    "reading.full_below_dry",  # upper, lower: `upper` dry, `lower` full, one pipe apart, no slope known to part them
    "reading.unlikely",  # well, level, fits: probably misread; `fits` is the level its neighbours suggest
    "reading.pipe_maybe_reversed",  # start, end: the levels run against the link, and so does other evidence
    "blockage.beyond_network",  # well: backed up down to a well from which no pipe leads on
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One well as noted: None for a level nobody noted; mud in millimetres above the invert."""

    well: str
    level: Level | None
    mud_mm: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a blockage is believed: a code from `EVIDENCE_CODES` and what its sentence names."""

    code: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Blockage:
    """One blockage and the pipes it may sit in, likeliest first.

    `probabilities[i]` is the chance that `pipes[i]` is the blocked one, so their sum
    is the chance that the blockage is in one of these pipes (`presence`), and
    `confidence` is the chance that the first pipe is the right one.
    `wells` have no way out but through the first pipe, nearest first;
    `households` and `buildings` enter at them.
    """

    pipes: tuple[tuple[str, str], ...]
    probabilities: tuple[float, ...]
    confidence: float
    evidence: tuple[Evidence, ...]
    wells: tuple[str, ...]
    households: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()

    @property
    def presence(self) -> float:
        """The chance, 0 to 1, that there is a blockage in one of `pipes`."""
        return min(1.0, sum(self.probabilities))


@dataclass(frozen=True, slots=True)
class Findings:
    """`open_next` names unseen wells, the one that tells most first; empty when none would tell much."""

    blockages: tuple[Blockage, ...]
    open_next: tuple[str, ...]
    problems: tuple[Problem, ...]
