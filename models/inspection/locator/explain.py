"""Why a blockage is believed, and which readings and links do not fit: values, never sentences."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from models.inspection.levels import BACKED_UP, SURCHARGED, Level
from models.inspection.locator import water
from models.inspection.locator.belief import EVEN
from models.inspection.locator.findings import EVIDENCE_CODES, Evidence
from models.inspection.locator.model import Model, deep_mud, weigh
from models.problems import Problem

LOW = (Level.DRY, Level.FLOWING)
MISREAD_CHANCE = 0.5
LEAST_STEP_M = 0.05
SAME_SURFACE_M = 0.03
BEYOND_CHANCE = 0.5


def _spread(start: str, step: Callable[[str], Iterable[str]], goes_on: Callable[[str], bool]) -> list[str]:
    """Wells met breadth-first from `start`; past one that does not `goes_on` nothing is looked at."""
    met = dict.fromkeys([start])
    queue = deque([start])
    while queue:
        code = queue.popleft()
        if not goes_on(code):
            continue
        for following in step(code):
            if following not in met:
                met[following] = None
                queue.append(following)
    return list(met)


def _surface(model: Model, code: str) -> tuple[float, float] | None:
    """Lowest and highest water surface in metres that the reading at a well allows."""
    where = model.shafts.get(code)
    level = model.level(code)
    if where is None or level is None:
        return None
    bottom = 2 * where.half - where.crown
    return {
        Level.DRY: (bottom, bottom),
        Level.FLOWING: (bottom, where.half),
        Level.HALF: (where.half, where.crown),
        Level.FULL: (where.crown, where.cover),
        Level.OVERFLOW: (where.cover, where.cover + water.PONDED_M),
    }.get(level)


def explain(model: Model, number: int, misread: dict[str, Level]) -> tuple[Evidence, ...]:
    """Evidence for a blockage in pipe `number`, the strongest kinds first."""
    network = model.network
    pipe = network.pipes[number]

    def unseen(code: str) -> bool:
        return model.level(code) is None or code in misread

    def not_low(code: str) -> bool:
        return unseen(code) or model.level(code) in BACKED_UP

    above = _spread(pipe.start, network.neighbours_up, not_low)
    backed_up = [code for code in above if model.level(code) in BACKED_UP and code not in misread]
    low_above = [code for code in above if model.level(code) in LOW and code not in misread]
    below = _spread(pipe.end, network.neighbours_down, unseen)
    lower = next((code for code in below if not unseen(code)), None)
    outfall = next((code for code in below if network.is_outfall(code)), None)
    found: list[Evidence] = []
    if backed_up:
        upper = backed_up[0]
        found += _across(model, upper, lower, outfall)
        found.append(Evidence("evidence.backwater", {"count": len(backed_up), "farthest": backed_up[-1]}))
        between = [code for code in below if unseen(code) and not network.is_outfall(code)]
        climbed = [code for code in above[: above.index(upper)] if unseen(code)]
        hidden = len(between) + len(climbed)
        if hidden and (lower or outfall):
            found.append(
                Evidence(
                    "evidence.unseen", {"count": hidden, "upper": upper, "lower": lower or outfall or ""}
                )
            )
    if low_above:
        found.append(Evidence("evidence.still_low_above", {"well": low_above[0]}))
    for code in pipe.ends:
        reading = model.readings.get(code)
        diameter = deep_mud(model.whole, reading) if reading else None
        if reading is not None and reading.mud_mm is not None and diameter is not None:
            found.append(
                Evidence("evidence.mud", {"well": code, "mud_mm": reading.mud_mm, "diameter_mm": diameter})
            )
    nearby = dict.fromkeys([*above, *below])
    found += [
        Evidence("evidence.against", {"well": code, "level": str(model.level(code))})
        for code in nearby
        if code in misread
    ]
    return tuple(found)


def _across(model: Model, upper: str, lower: str | None, outfall: str | None) -> list[Evidence]:
    found = []
    if lower is not None:
        code = f"evidence.{model.level(upper)}_above_{model.level(lower)}"
        if code in EVIDENCE_CODES:
            found.append(Evidence(code, {"upper": upper, "lower": lower}))
        high, low = _surface(model, upper), _surface(model, lower)
        if high is not None and low is not None and high[0] - low[1] > LEAST_STEP_M:
            step_mm = round((high[0] - low[1]) * 1000)
            found.append(
                Evidence("evidence.surface_step", {"upper": upper, "lower": lower, "step_mm": step_mm})
            )
    elif outfall is not None:
        found.append(Evidence("evidence.backed_up_to_outfall", {"upper": upper, "outfall": outfall}))
    return found


def misread_levels(model: Model, doubts: dict[str, float]) -> dict[str, Level]:
    """Wells whose reading is more likely wrong than right, each with the level that would fit."""
    likely = {word: water.likelihood(word, model.usual) for word in water.LEVEL_ORDER}
    fits = {}
    for code, doubt in doubts.items():
        if doubt > MISREAD_CHANCE:
            others = model.belief.without_reading(model.index[code])
            chances = {word: weigh(others, says) for word, says in likely.items()}
            fits[code] = max(water.LEVEL_ORDER, key=chances.__getitem__)
    return fits


def reading_problems(model: Model, misread: dict[str, Level]) -> list[Problem]:
    """Contradictions between readings, and between readings and the links."""
    problems = [
        Problem("reading.unlikely", params={"well": code, "level": str(model.level(code)), "fits": str(fits)})
        for code, fits in misread.items()
    ]
    doubted = {
        (problem.params["start"], problem.params["end"])
        for problem in model.whole.problems
        if problem.code in {"pipe.uphill", "pipe.maybe_reversed", "pipe.both_ways"}
    }
    for pipe in model.network.pipes:
        above, below = model.level(pipe.start), model.level(pipe.end)
        if below not in SURCHARGED or above not in LOW:
            continue
        if above is Level.DRY and _must_back_up(model, pipe.start, pipe.end):
            problems.append(
                Problem("reading.full_below_dry", params={"upper": pipe.start, "lower": pipe.end})
            )
        if pipe.ends in doubted:
            problems.append(
                Problem("reading.pipe_maybe_reversed", params={"start": pipe.start, "end": pipe.end})
            )
    problems += _beyond(model)
    return problems


def _must_back_up(model: Model, upper: str, lower: str) -> bool:
    """False when the known heights put the upper well's bottom above the lower well's surface."""
    where, surface = model.shafts.get(upper), _surface(model, lower)
    if where is None or surface is None:
        return True
    return 2 * where.half - where.crown + SAME_SURFACE_M < surface[0]


def _beyond(model: Model) -> list[Problem]:
    problems = []
    for code, well in model.network.wells.items():
        if model.whole.out_pipes[code] or model.network.is_outfall(well.code):
            continue
        if model.belief.wells[model.index[code]].seen is EVEN and not model.whole.in_pipes[code]:
            continue
        still, moving = model.belief.well(model.index[code])
        raised = sum(still[1:]) + sum(moving[1:])
        if raised > BEYOND_CHANCE * (raised + still[0] + moving[0]):
            problems.append(Problem("blockage.beyond_network", params={"well": code}))
    return problems
