"""Readings in, findings out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from models.inspection.levels import BACKED_UP, SURCHARGED, Level
from models.inspection.locator.advice import first_wells, open_next
from models.inspection.locator.explain import explain, misread_levels, reading_problems
from models.inspection.locator.findings import (
    READING_PROBLEM_CODES,
    Blockage,
    Findings,
    Reading,
)
from models.inspection.locator.model import Model, settled_model
from models.inspection.sewer import SEWER_PROBLEM_CODES, Network
from models.problems import Problem

# Everything that `Findings.problems` or `Network.problems` may hold; params stand beside each code's list.
PROBLEM_CODES: Final = (*SEWER_PROBLEM_CODES, *READING_PROBLEM_CODES)

# Faint leads matter where there are no better ones, and each costs a look at every likely pipe.
SEED_CHANCE, SEED_CHANCE_AMONG_MANY = 0.015, 0.05
FEW_GROUPS = 8
CANDIDATE_CHANCE = 0.01
REPORTED_PRESENCE = 0.2
SURCHARGED_PRESENCE = 0.15
# A raised well that nothing else explains is worth a visit even if it may be a slip of the pen.
LONE_SIGN_PRESENCE = 0.015
MOST_CANDIDATES = 12
# A pipe whose chance falls below this share once another is taken as blocked explains the same water.
EXPLAINED_AWAY = 0.6


@dataclass(frozen=True, slots=True)
class Suspect:
    """Pipes that explain the same water: if one is blocked, the others need not be."""

    pipes: tuple[int, ...]
    chances: tuple[float, ...]

    @property
    def presence(self) -> float:
        return min(1.0, sum(self.chances))


def suspects(model: Model) -> list[Suspect]:
    """Groups of alternative pipes, likeliest group first."""
    belief = model.belief
    chance = {number: belief.blocked(number) for number in range(len(belief.pipes))}
    ranked = sorted(chance, key=lambda number: (-chance[number], number))
    likely = [number for number in ranked if chance[number] >= CANDIDATE_CHANCE]
    taken: set[int] = set()
    groups: list[Suspect] = []
    for lead in likely:
        if lead in taken:
            continue
        if chance[lead] < (SEED_CHANCE if len(groups) < FEW_GROUPS else SEED_CHANCE_AMONG_MANY):
            break
        taken.add(lead)
        members = [lead]
        given = belief.asked(fixed={lead: model.blocked_tables(lead)})
        near = given.touched()
        for number in likely:
            pipe = belief.pipes[number]
            if number in taken or not near & {pipe.start, pipe.end}:
                continue
            if given.blocked(number) < EXPLAINED_AWAY * chance[number]:
                members.append(number)
                taken.add(number)
        members = members[:MOST_CANDIDATES]
        groups.append(Suspect(tuple(members), tuple(chance[number] for number in members)))
    return sorted(groups, key=lambda group: (-group.presence, group.pipes))


def locate(network: Network, readings: Iterable[Reading]) -> Findings:
    """Find the blocked pipes. Pure; near-linear in the number of wells.

    Of several readings of one well the last counts. Nothing raises on bad data:
    what cannot be used is named in `problems`.
    """
    latest, problems = _usable(network, readings)
    if all(reading.level in {None, Level.UNOPENED} for reading in latest.values()):
        return Findings((), first_wells(network, latest), tuple(problems))
    model, doubts = settled_model(network, latest)
    misread = misread_levels(model, doubts)
    problems += reading_problems(model, misread)
    groups = suspects(model)
    blockages = []
    for suspect in _reported(model, groups):
        ends = tuple(model.network.pipes[number].ends for number in suspect.pipes)
        wells = network.held_behind(network.number_of(ends[0]))
        households, buildings = network.homes_of(wells)
        blockages.append(
            Blockage(
                pipes=ends,
                probabilities=suspect.chances,
                confidence=suspect.chances[0],
                evidence=explain(model, suspect.pipes[0], misread),
                wells=wells,
                households=households,
                buildings=buildings,
            )
        )
    return Findings(
        tuple(blockages),
        open_next(model, [(group.pipes, group.chances) for group in groups], found=bool(blockages)),
        tuple(problems),
    )


def _reported(model: Model, groups: list[Suspect]) -> list[Suspect]:
    likely = [
        group
        for group in groups
        if group.presence
        >= (SURCHARGED_PRESENCE if _level_above(model, group) in SURCHARGED else REPORTED_PRESENCE)
    ]
    if likely or not groups:
        return likely
    return groups[:1] if groups[0].presence >= LONE_SIGN_PRESENCE and _lone_sign(model, groups[0]) else []


def _level_above(model: Model, group: Suspect) -> Level | None:
    return model.level(model.network.pipes[group.pipes[0]].start)


def _lone_sign(model: Model, group: Suspect) -> bool:
    """Raised right above the likeliest pipe and not below it, and no other well raised but behind it."""
    pipe = model.network.pipes[group.pipes[0]]
    if model.level(pipe.start) not in BACKED_UP or model.level(pipe.end) in BACKED_UP:
        return False
    if model.level(pipe.start) in SURCHARGED:
        return True
    behind = {pipe.start, *model.network.upstream(pipe.start)}
    return all(code in behind for code in model.readings if model.level(code) in BACKED_UP)


def _usable(network: Network, readings: Iterable[Reading]) -> tuple[dict[str, Reading], list[Problem]]:
    latest: dict[str, Reading] = {}
    problems = []
    for reading in readings:
        params: dict[str, str | int | float | None] = {"well": reading.well}
        if reading.well not in network.wells:
            problems.append(Problem("reading.unknown_well", params=params))
            continue
        if reading.well in latest:
            problems.append(Problem("reading.repeated", params=params))
        if reading.mud_mm is not None and reading.mud_mm < 0:
            problems.append(Problem("reading.mud_negative", params={**params, "mud_mm": reading.mud_mm}))
            latest[reading.well] = Reading(reading.well, reading.level)
        else:
            latest[reading.well] = reading
    return latest, problems
