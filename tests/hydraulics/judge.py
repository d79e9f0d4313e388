"""Ask the locator about a SWMM town and mark its answers."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from models.inspection.levels import Level
from models.inspection.locator import Findings, Reading, locate
from models.inspection.sewer import Network, Pipe, Well
from tests.hydraulics.scenarios import ORDER, Scenario, noted
from tests.hydraulics.towns import Town

DECIDED = 0.85


def network_of(town: Town, *, heights: bool) -> Network:
    """The town as a volunteer's register: heights of wells known or not, those of outfalls never."""
    wells = [
        Well(
            well.code,
            "outfall" if well.outfall else "well",
            well.ground_m if heights and not well.outfall else None,
            round((well.ground_m - well.invert_m) * 1000) if heights and not well.outfall else None,
        )
        for well in town.wells
    ]
    return Network.build(wells, [Pipe(p.start, p.end, p.diameter_mm, p.length_m) for p in town.pipes])


def ask(network: Network, levels: Mapping[str, str]) -> Findings:
    return locate(network, [Reading(code, Level(word)) for code, word in levels.items()])


def stands_full(scenario: Scenario, ends: tuple[str, str]) -> bool:
    """The water stands at the crown or higher right above the blockage: no half measures."""
    return scenario.levels[ends[0]] in {"full", "overflow"}


def stands_higher_above(scenario: Scenario, ends: tuple[str, str]) -> bool:
    """Full or higher above the pipe and a lower class below: a second blockage has not drowned this one."""
    below = scenario.levels.get(ends[1], "dry")
    return stands_full(scenario, ends) and ORDER.index(scenario.levels[ends[0]]) > ORDER.index(below)


@dataclass(slots=True)
class Marks:
    """Counts over many scenarios; `by_confidence` is {tenth: [answers, right ones]}."""

    single: int = 0
    single_first: int = 0
    single_named: int = 0
    full: int = 0
    full_first: int = 0
    full_named: int = 0
    several: int = 0
    several_first: int = 0
    several_named: int = 0
    sound: int = 0
    sound_alarms: int = 0
    sound_alarms_sure: int = 0
    scenarios: int = 0
    false_answers: int = 0
    false_sure: int = 0
    by_confidence: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, scenario: Scenario, findings: Findings) -> None:
        self.scenarios += 1
        answers = findings.blockages
        firsts = {answer.pipes[0] for answer in answers}
        named = {ends for answer in answers for ends in answer.pipes}
        if not scenario.blocked:
            self.sound += 1
            self.sound_alarms += bool(answers)
            self.sound_alarms_sure += any(answer.confidence >= 0.5 for answer in answers)
        elif len(scenario.blocked) == 1:
            for ends in scenario.visible:
                first = bool(answers) and answers[0].pipes[0] == ends
                listed = bool(answers) and ends in answers[0].pipes
                self.single += 1
                self.single_first += first
                self.single_named += listed
                if stands_full(scenario, ends):
                    self.full += 1
                    self.full_first += first
                    self.full_named += listed
        else:
            parted = {ends for ends in scenario.visible if stands_higher_above(scenario, ends)}
            self.several += len(parted)
            self.several_first += len(parted & firsts)
            self.several_named += len(parted & named)
        for answer in answers:
            wrong = not set(answer.pipes) & set(scenario.blocked)
            self.false_answers += wrong
            self.false_sure += wrong and answer.confidence >= 0.5
            tenth = min(9, int(answer.confidence * 10))
            self.by_confidence[tenth][0] += 1
            self.by_confidence[tenth][1] += answer.pipes[0] in scenario.blocked


def lifts_until_decided(
    scenario: Scenario, levels: Mapping[str, str], *, heights: bool, follow: bool, seed: int
) -> tuple[int, bool]:
    """(covers lifted, whether the answer was right) from `levels` on, by advice or at random."""
    rng = random.Random(seed)
    network = network_of(scenario.town, heights=heights)
    known = dict(levels)
    (truth,) = scenario.visible
    lifts = 0
    while True:
        findings = ask(network, known)
        top = findings.blockages[0] if findings.blockages else None
        hidden = [code for code in scenario.levels if code not in known]
        if not hidden or (top is not None and top.confidence >= DECIDED):
            return lifts, top is not None and top.pipes[0] == truth
        if follow and not findings.open_next:
            return lifts, top is not None and top.pipes[0] == truth
        lifted = findings.open_next[0] if follow else rng.choice(hidden)
        known[lifted] = scenario.levels[lifted]
        lifts += 1


def mark(scenarios: Iterable[Scenario], *, heights: bool, unseen: float, misread: float) -> Marks:
    marks = Marks()
    for scenario in scenarios:
        levels = noted(scenario, unseen=unseen, misread=misread, seed=scenario.seed)
        marks.add(scenario, ask(network_of(scenario.town, heights=heights), levels))
    return marks
