"""From a network and its readings to the numbers that belief works on."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from models.inspection.levels import BACKED_UP, Level
from models.inspection.locator import water
from models.inspection.locator.belief import EVEN, Belief, Pair, PipeNode, PipeTables, WellNode, pipe_tables
from models.inspection.locator.findings import Reading
from models.inspection.locator.water import Load, Shaft
from models.inspection.sewer import Network, Pipe


@dataclass(frozen=True, slots=True)
class Model:
    """Belief over a network, or over the part of it that is worth looking at (`network`).

    Pipes have the same index in `network` and in `belief`; wells are found by `index`.
    """

    whole: Network
    network: Network
    readings: Mapping[str, Reading]
    usual: water.Climate
    codes: tuple[str, ...]
    index: Mapping[str, int]
    belief: Belief
    shafts: Mapping[str, Shaft]
    loads: Mapping[str, Load]

    def level(self, code: str) -> Level | None:
        """The level noted at a well; None when nobody saw its water."""
        reading = self.readings.get(code)
        if reading is None or reading.level is Level.UNOPENED:
            return None
        return reading.level

    def blocked_tables(self, number: int) -> PipeTables:
        """The pipe's tables if it were known to be blocked, wholly or partly."""
        share = water.PRIOR_BLOCKED / (water.PRIOR_BLOCKED + water.PRIOR_PARTIAL)
        pipe = self.network.pipes[number]
        return pipe_tables(
            water.open_pipe(
                self.shafts.get(pipe.end),
                self.shafts.get(pipe.start),
                self.loads[pipe.start],
                len(self.whole.in_pipes[pipe.end]),
            ),
            blocked=share,
            partial=1 - share,
        )


def outgoing_diameter_mm(network: Network, code: str) -> int | None:
    """The widest outgoing pipe of a well; at a last well, the widest incoming one; None if unknown."""
    numbers = network.out_pipes[code] or network.in_pipes[code]
    return max((d for n in numbers if (d := network.pipes[n].diameter_mm) and d > 0), default=None)


def deep_mud(network: Network, reading: Reading) -> int | None:
    """The outgoing diameter when the mud in the well is deeper than a fifth of it, else None."""
    diameter = outgoing_diameter_mm(network, reading.well)
    if reading.mud_mm is None or diameter is None or reading.mud_mm <= diameter * water.MUD_DEEP_SHARE:
        return None
    return diameter


def _shafts(whole: Network, part: Network) -> dict[str, Shaft]:
    shafts = {}
    for code, well in part.wells.items():
        diameter_mm = outgoing_diameter_mm(whole, code)
        diameter = diameter_mm / 1000 if diameter_mm else water.DEFAULT_DIAMETER_M
        where = water.shaft(well.invert_m, well.ground_m, diameter)
        if where is not None:
            shafts[code] = where
    halves = {code: where.half for code, where in shafts.items()}
    for code, where in shafts.items():
        # Branches that join here see one surface: whether it has reached the lowest of them is one question.
        reached = [halves[above] for above in part.neighbours_up(code) if above in halves]
        shafts[code] = water.split_at(where, reached)
    return shafts


FEWEST_COMPARED = 5
HARD_WORKING = 0.9
LOW = (Level.DRY, Level.FLOWING)
EASED_FROM = (0.4, 0.75)
LEAST_SLOPE = 0.0005
USUAL_SLOPE = 0.01


def _work(network: Network, readings: Mapping[str, Reading]) -> dict[str, int]:
    """How hard each well's outgoing pipe has to work, as a class of `water.WORK_EDGES`.

    Work is the number of wells above over the pipe's capacity (Manning: d^(8/3) s^(1/2));
    unknown diameters and heights count as usual ones.
    """
    above = dict.fromkeys(network.wells, 1.0)
    work: dict[str, float] = {}
    for code in reversed(network.down_first()):
        out = network.out_pipes[code]
        for number in out:
            above[network.pipes[number].end] += above[code] / len(out)
        diameter_mm = outgoing_diameter_mm(network, code)
        diameter = diameter_mm / 1000 if diameter_mm else water.DEFAULT_DIAMETER_M
        slope = min((_slope(network, network.pipes[number]) for number in out), default=USUAL_SLOPE)
        work[code] = above[code] / (diameter ** (8 / 3) * slope**0.5)
    low = [work[code] for code, noted in readings.items() if noted.level in LOW]
    ranked = sorted(low if len(low) >= FEWEST_COMPARED else work.values())
    hard = ranked[int(HARD_WORKING * len(ranked))]
    classes = {code: water.work_class(own / hard) for code, own in work.items()}
    idlest = len(water.WORK_EDGES)
    for code, noted in readings.items():
        if noted.level in BACKED_UP:
            classes[code] = min(classes[code] + _eased(network, readings, work, code), idlest)
    return classes


def _eased(network: Network, readings: Mapping[str, Reading], work: Mapping[str, float], code: str) -> int:
    """How many classes of work less a raised well's pipe seems to do, judged by its low neighbours.

    One stream passes them all: where the next pipe works as hard and its well stands
    low, or where only dry wells send water, the day's flow does not lift the one between.
    """
    up, down = network.neighbours_up(code), network.neighbours_down(code)
    level = {other: readings[other].level for other in (*up, *down) if other in readings}
    low = [other for other, seen in level.items() if seen in LOW and not network.is_outfall(other)]
    if not low:
        return 0
    if any(level[other] is Level.DRY for other in low if other in down) or (
        up and all(level.get(other) is Level.DRY for other in up)
    ):
        return len(water.WORK_EDGES)
    share = max(work[other] for other in low) / work[code]
    return sum(share >= least for least in EASED_FROM)


def _loads(network: Network, readings: Mapping[str, Reading], work: Mapping[str, int]) -> dict[str, Load]:
    def high_by_itself(code: str) -> bool:
        below = [readings[end].level for end in network.neighbours_down(code) if end in readings]
        return readings[code].level is Level.HALF and not any(level in BACKED_UP for level in below)

    high = {code for code in readings if high_by_itself(code)}
    expected = sum(water.RISEN_HALF[work[code]] for code in readings)
    among, alone = water.bustle(max(0, len(high) - 1), expected), water.bustle(len(high), expected)
    return {code: Load(own, among if code in high else alone) for code, own in work.items()}


def _slope(network: Network, pipe: Pipe) -> float:
    high, low = network.wells[pipe.start].invert_m, network.wells[pipe.end].invert_m
    if high is None or low is None or not pipe.length_m or pipe.length_m <= 0:
        return USUAL_SLOPE
    return max(LEAST_SLOPE, (high - low) / pipe.length_m)


def _priors(pipe: Pipe, muddy: Mapping[str, int]) -> tuple[float, float]:
    odds = 1.0
    if pipe.start in muddy:
        odds *= water.MUD_OUTGOING_ODDS
    if pipe.end in muddy:
        odds *= water.MUD_INCOMING_ODDS
    return water.PRIOR_BLOCKED * odds, water.PRIOR_PARTIAL * odds


MISREAD_ROUNDS = 3
# Trouble over so many wells says little about slips of the pen, and every round costs a full sweep.
ROUNDS_UP_TO = 2000
MISREAD_SETTLED = 0.1
# Plain steps creep: a level that nothing contradicts keeps the chance it was given. A longer stride gets there.
MISREAD_STRIDE = 2.0
LEAST_MISREAD, MOST_MISREAD = 0.002, 0.2

# A network of up to this many wells is believed over as a whole; in a larger one only what lies near a
# sign of trouble is, so that 10,000 wells take no longer than the troubled ones among them.
WHOLE_UP_TO = 600
STEPS_PAST_SEEN = 5
STEPS_PAST_UNSEEN = 15


def _awake(network: Network, readings: Mapping[str, Reading], muddy: Mapping[str, int]) -> set[str]:
    """Wells near a sign of trouble; without any sign, some unseen wells, where trouble could hide."""
    signs = [c for c, reading in readings.items() if reading.level in BACKED_UP or c in muddy]
    if not signs:
        signs = [code for code in network.wells if code not in readings][:WHOLE_UP_TO]
    # What is left to walk: a step onto a seen well costs more than one onto an unseen well.
    left = dict.fromkeys(signs, STEPS_PAST_UNSEEN)
    queue = deque(signs)
    while queue:
        code = queue.popleft()
        for other in (*network.neighbours_up(code), *network.neighbours_down(code)):
            cost = STEPS_PAST_UNSEEN // STEPS_PAST_SEEN if other in readings else 1
            rest = left[code] - cost
            if rest >= 0 and rest > left.get(other, -1):
                left[other] = rest
                queue.append(other)
    return set(left)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a walk's levels do not change: the part of the network to look at, and its pipes' tables."""

    whole: Network
    network: Network
    readings: Mapping[str, Reading]
    codes: tuple[str, ...]
    index: Mapping[str, int]
    pipes: tuple[PipeNode, ...]
    down_first: tuple[int, ...]
    rings: bool
    shafts: Mapping[str, Shaft]
    loads: Mapping[str, Load]


def _ground(whole: Network, noted: Mapping[str, Reading]) -> Ground:
    """`noted` names wells of the network only."""
    loads = _loads(whole, noted, _work(whole, noted))
    muddy = {code: deep for code, reading in noted.items() if (deep := deep_mud(whole, reading))}
    network = whole if len(whole.wells) <= WHOLE_UP_TO else whole.part(_awake(whole, noted, muddy))
    codes = tuple(network.wells)
    index = {code: place for place, code in enumerate(codes)}
    shafts = _shafts(whole, network)
    shared: dict[tuple[object, ...], PipeTables] = {}
    pipes = []
    for pipe in network.pipes:
        below, above = shafts.get(pipe.end), shafts.get(pipe.start)
        blocked, partial = _priors(pipe, muddy)
        load, branches = loads[pipe.start], len(whole.in_pipes[pipe.end])
        kind = (blocked, partial, load, branches, water.lie(below, above))
        tables = shared.get(kind)
        if tables is None:
            rows = water.open_pipe(below, above, load, branches)
            tables = shared[kind] = pipe_tables(rows, blocked=blocked, partial=partial)
        pipes.append(PipeNode(index[pipe.start], index[pipe.end], tables))
    return Ground(
        whole=whole,
        network=network,
        readings={code: reading for code, reading in noted.items() if code in network.wells},
        codes=codes,
        index=index,
        pipes=tuple(pipes),
        down_first=tuple(index[code] for code in network.down_first()),
        rings=any(len(numbers) > 1 for numbers in network.out_pipes.values()),
        shafts=shafts,
        loads=loads,
    )


def _settle(ground: Ground, usual: water.Climate) -> Model:
    says = {level: water.likelihood(level, usual) for level in water.LEVEL_ORDER}
    wells = []
    for code in ground.codes:
        reading = ground.readings.get(code)
        seen: Pair = EVEN
        if reading is not None and reading.level is not None:
            seen = says.get(reading.level, EVEN)
        outfall = ground.network.is_outfall(code)
        wells.append(
            WellNode(
                inflow=0.0 if outfall else usual.inflow,
                seen=seen,
                incoming=ground.network.in_pipes[code],
                outgoing=() if outfall else ground.network.out_pipes[code],
                last_stages=_last_stages(ground.whole, code),
            )
        )
    return Model(
        whole=ground.whole,
        network=ground.network,
        readings=ground.readings,
        usual=usual,
        codes=ground.codes,
        index=ground.index,
        belief=Belief.settle(wells, ground.pipes, ground.down_first, rings=ground.rings),
        shafts=ground.shafts,
        loads=ground.loads,
    )


def _last_stages(whole: Network, code: str) -> water.Vector:
    if whole.is_outfall(code):
        return water.OUTFALL_STAGES
    return water.QUIET_STAGES if whole.out_pipes[code] else water.LOOSE_END_STAGES


def misread_chances(model: Model) -> dict[str, float]:
    """For each well seen, the chance that its level was noted wrongly."""
    likely = {word: water.likelihood(word, model.usual) for word in water.LEVEL_ORDER}
    honest = {word: water.honest(word, model.usual) for word in water.LEVEL_ORDER}
    doubts = {}
    for code in model.readings:
        level = model.level(code)
        if level is not None:
            others = model.belief.without_reading(model.index[code])
            doubts[code] = 1 - weigh(others, honest[level]) / weigh(others, likely[level])
    return doubts


def settled_model(network: Network, readings: Mapping[str, Reading]) -> tuple[Model, dict[str, float]]:
    """The model with the chance of misreading that this walk shows, and each reading's own chance.

    Careful and careless walks differ: one odd well among sixty orderly ones means a
    blockage, one among six odd ones more likely a slip.
    """
    levels = [reading.level for reading in readings.values()]
    dry, flowing = levels.count(Level.DRY), levels.count(Level.FLOWING)
    ground = _ground(network, readings)
    misread = water.MISREAD_USUAL
    for _ in range(MISREAD_ROUNDS if len(ground.codes) <= ROUNDS_UP_TO else 1):
        model = _settle(ground, water.climate(dry, flowing, misread))
        doubts = misread_chances(model)
        learned = (water.MISREAD_USUAL * water.MISREAD_WEIGHT + sum(doubts.values())) / (
            water.MISREAD_WEIGHT + len(doubts)
        )
        if abs(learned - misread) < MISREAD_SETTLED * misread:
            break
        misread = min(MOST_MISREAD, max(LEAST_MISREAD, misread + MISREAD_STRIDE * (learned - misread)))
    return model, doubts


def weigh(others: tuple[water.Vector, water.Vector], says: tuple[water.Vector, water.Vector]) -> float:
    return sum(
        chance * word
        for row, words in zip(others, says, strict=True)
        for chance, word in zip(row, words, strict=True)
    )
