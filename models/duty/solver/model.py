"""A laid-out problem as a linear model for HiGHS: one column for each seat that may be taken, and what is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from models.duty.solver.ground import HAND, NEED, Ground, Seat
from models.duty.solver.problem import Phase

if TYPE_CHECKING:
    from highspy import Highs


@dataclass(slots=True)
class Model:
    """Columns with their bounds, and rows as (least, most, columns, factors). `costs` is an objective for each phase.

    `offsets` is what an objective has on top of its columns. The first columns are the open seats, in their order.
    """

    ground: Ground
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, list[int], list[float]]] = field(default_factory=list)
    costs: dict[Phase, dict[int, float]] = field(default_factory=dict)
    offsets: dict[Phase, float] = field(default_factory=dict)

    def copy(self) -> Model:
        """Return a model that can be added to while this one stays."""
        return Model(
            self.ground,
            list(self.upper),
            list(self.whole),
            list(self.rows),
            dict(self.costs),
            dict(self.offsets),
        )

    def column(self, upper: float, *, whole: bool = False) -> int:
        """Add a column from nothing to `upper`."""
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.upper) - 1

    def cost(self, *phases: tuple[Phase, float]) -> dict[int, float]:
        """Return phases added up, each with a weight."""
        summed: dict[int, float] = defaultdict(float)
        for phase, weight in phases:
            for column, each in self.costs[phase].items():
                summed[column] += each * weight
        return summed

    def lock(self, phase: Phase, value: float) -> None:
        """Let a phase get no worse than a value."""
        most = value - self.offsets[phase]
        costs = self.costs[phase]
        if most == 0 and all(each > 0 for each in costs.values()):
            for column in costs:
                self.upper[column] = 0.0
        else:
            self.row(-INF, most, costs)

    def row(self, least: float, most: float, entries: Mapping[int, float]) -> None:
        """Add a row."""
        self.rows.append((least, most, list(entries), list(entries.values())))


INF: Final = float("inf")

#: Costs are whole numbers, so a roster less than one from the bound is the best. One thread: HiGHS gains next to nothing by
#: more here, and finds the same roster again. Its heuristic of reduced costs found nothing in rosters for a fifth of the time.
OPTIONS: Final = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.999,
    "mip_heuristic_run_root_reduced_cost": False,
}


def build(ground: Ground) -> Model:
    """Return the model of a problem."""
    model = Model(ground)
    for _ in ground.open:
        model.column(1.0, whole=True)
    seat_at = {seat: column for column, seat in enumerate(ground.open)}
    of_slot: dict[int, list[int]] = defaultdict(list)
    for column, (_, j) in enumerate(ground.open):
        of_slot[j].append(column)
    _gaps(model, of_slot, seat_at)
    for i, clique in ground.cliques:
        model.row(-INF, 1.0, {seat_at[i, j]: 1.0 for j in clique})
    for i, span, room in ground.limits:
        model.row(-INF, room, {seat_at[i, j]: 1.0 for j in span})
    for j, a, b in ground.apart:
        model.row(-INF, 1.0, {seat_at[a, j]: 1.0, seat_at[b, j]: 1.0})
    _changes(model, seat_at)
    _wishes(model, seat_at)
    return model


def _gaps(model: Model, of_slot: Mapping[int, list[int]], seat_at: Mapping[Seat, int]) -> None:
    cost: dict[int, float] = {}
    for j, hands in enumerate(model.ground.hands):
        if hands:
            missing = model.column(hands)
            cost[missing] = HAND
            model.row(hands, hands, {**dict.fromkeys(of_slot[j], 1.0), missing: 1.0})
    for j, n, people, _ in model.ground.needs:
        missing = model.column(n)
        cost[missing] = NEED
        model.row(n, INF, {**{seat_at[i, j]: 1.0 for i in sorted(people) if (i, j) in seat_at}, missing: 1.0})
    model.costs[Phase.GAPS] = cost
    model.offsets[Phase.GAPS] = 0.0


def _changes(model: Model, seat_at: Mapping[Seat, int]) -> None:
    standing = model.ground.standing
    model.costs[Phase.CHANGES] = {
        column: -1.0 if seat in standing else 1.0 for seat, column in seat_at.items()
    }
    kept = sum(seat in standing for seat in model.ground.seated)
    model.offsets[Phase.CHANGES] = len(standing) - kept + len(model.ground.seated) - kept


def _wishes(model: Model, seat_at: Mapping[Seat, int]) -> None:
    ground = model.ground
    cost: dict[int, float] = {}
    offset = 0.0
    for i, worker in enumerate(ground.workers):
        for j, slot in enumerate(ground.slots):
            wish = worker.wishes.get(slot.id, 0)
            if wish and (i, j) in seat_at:
                cost[seat_at[i, j]] = -wish
    for i, j in ground.seated:
        offset -= ground.workers[i].wishes.get(ground.slots[j].id, 0)
    seated = frozenset(ground.seated)
    for j, a, b in ground.together:
        both = [seat_at[each, j] for each in (a, b) if (each, j) in seat_at]
        if {(a, j), (b, j)} <= seated:
            offset -= 1
        elif len(both) == 1:
            cost[both[0]] = cost.get(both[0], 0.0) - 1.0
        else:
            met = model.column(1.0)
            cost[met] = -1.0
            for column in both:
                model.row(-INF, 0.0, {met: 1.0, column: -1.0})
    model.costs[Phase.WISHES] = cost
    model.offsets[Phase.WISHES] = offset


def wishes_range(model: Model) -> int:
    """Return by how much two rosters can differ in their wishes at most."""
    ground = model.ground
    best: dict[int, list[float]] = defaultdict(list)
    worst: dict[int, list[float]] = defaultdict(list)
    whole = 0.0
    for column, each in model.costs[Phase.WISHES].items():
        if column < len(ground.open):
            (best if each < 0 else worst)[ground.open[column][1]].append(abs(each))
        else:
            whole += abs(each)
    for of_slot in (best, worst):
        whole += sum(sum(sorted(each)[-ground.hands[j] :]) for j, each in of_slot.items())
    return int(whole)


def load(model: Model, cost: Mapping[int, float]) -> Highs:
    """Return a solver that holds the model, makes a cost least, and says nothing."""
    import highspy
    import numpy as np

    solver = highspy.Highs()
    for option, value in OPTIONS.items():
        solver.setOptionValue(option, value)
    count = len(model.upper)
    costs = np.zeros(count)
    for column, each in cost.items():
        costs[column] = each
    lp = highspy.HighsLp()
    lp.num_col_ = count
    lp.num_row_ = len(model.rows)
    lp.col_cost_ = costs
    lp.col_lower_ = np.zeros(count)
    lp.col_upper_ = np.array(model.upper)
    lp.row_lower_ = np.array([row[0] for row in model.rows])
    lp.row_upper_ = np.array([row[1] for row in model.rows])
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[whole] for whole in model.whole]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(row[2]) for row in model.rows)])
    lp.a_matrix_.index_ = np.array([column for row in model.rows for column in row[2]], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([factor for row in model.rows for factor in row[3]], dtype=np.float64)
    solver.passModel(lp)
    return solver
