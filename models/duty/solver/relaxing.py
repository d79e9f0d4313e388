"""Which rules, let go this once, would let every shift be filled: the fewest and the mildest, exactly.

A linear model again, in which rules may be broken at a price. Whoever cannot is asked after whoever would only rest too
little, and a pool or a role is never touched before anything else would do. Nobody is asked to be in two places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from models.duty.solver.ground import Ground, Laying, Seat, too_near
from models.duty.solver.model import INF, Model, load
from models.duty.solver.obstacles import FORBIDDEN, OVERLAP, obstacles
from models.duty.solver.problem import Bar, Phase, Problem, Progress, Relaxation, Roster, RuleKind
from models.duty.solver.running import run
from models.duty.solver.watch import Watch

#: What it weighs to let a rule go once. One more shift in a week is the mildest.
WEIGHTS: Final = {
    RuleKind.WEEK: 10,
    RuleKind.MONTH: 12,
    RuleKind.APART: 20,
    RuleKind.REST: 25,
    RuleKind.NEED: 30,
}
BAR_WEIGHTS: Final = {Bar.CANNOT: 50, Bar.PAUSE: 200, Bar.ROLE: 1000, Bar.TEAM: 1000}
#: What nobody can let go: nobody is in two places.
NEVER: Final = frozenset({OVERLAP, FORBIDDEN, Bar.ELSEWHERE.value})
#: A hand that no relaxation brings: worth any number of them.
UNFILLED: Final = 100_000


def relax(
    problem: Problem,
    roster: Roster,
    *,
    seconds: float = 5.0,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Relaxation, ...]:
    """Return the rules whose letting go would fill what a roster lacks, none when it lacks nothing.

    Where not even that fills everything, they are those with which the fewest hands are missing. When the time is up
    before the smallest set is known, the smallest that was found is returned.
    """
    if not roster.gaps:
        return ()
    watch = Watch(seconds, progress, cancelled)
    elastic = _Elastic(problem)
    found = run(
        load(elastic.model, elastic.model.costs[Phase.GAPS]),
        watch,
        lambda best, bound: watch.tell(Phase.GAPS, best, bound),
    )
    return () if found.values is None else tuple(sorted(elastic.told(found.values), key=_order))


def weight(rule: Relaxation) -> int:
    """Return what it weighs to let a rule go."""
    return rule.by * (BAR_WEIGHTS[Bar(rule.detail)] if rule.rule is RuleKind.BAR else WEIGHTS[rule.rule])


@dataclass
class _Elastic:
    """A model whose rules may be broken, and which column breaks which."""

    problem: Problem
    laying: Laying = field(init=False)
    ground: Ground = field(init=False)
    model: Model = field(init=False)
    prices: dict[int, list[Relaxation]] = field(default_factory=lambda: defaultdict(list))
    by: dict[int, Relaxation] = field(default_factory=dict)
    seats: dict[Seat, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.laying = Laying(self.problem)
        self.ground = self.laying.ground()
        self.model = Model(self.ground)
        self.costs: dict[int, float] = {}
        self.model.costs[Phase.GAPS] = self.costs
        self.rest = timedelta(minutes=self.problem.rest_minutes)
        self._seats()
        self._fill()
        for i in range(len(self.ground.workers)):
            mine = [j for j in range(len(self.ground.slots)) if (i, j) in self.seats]
            self._rests(i, mine)
            self._limits(i, mine)
        self._apart()

    def told(self, values: Sequence[float]) -> list[Relaxation]:
        """Return what an answer breaks."""
        broken = [rule for column, rules in self.prices.items() if values[column] > 0.5 for rule in rules]  # noqa: PLR2004 - nearer one
        for column, rule in self.by.items():
            if (by := round(values[column])) > 0:
                broken.append(replace(rule, by=by))
        return broken

    def _column(self, rule: Relaxation, upper: float) -> int:
        column = self.model.column(upper)
        self.by[column] = rule
        self.costs[column] = WEIGHTS[rule.rule]
        return column

    def _seats(self) -> None:
        """Add a column for every seat that somebody could be on at all, with what that would break by itself."""
        ground = self.ground
        free = frozenset(ground.open)
        fixed = frozenset(ground.pair(seat) for seat in ground.seated) | ground.strangers
        for j, slot in enumerate(ground.slots):
            for i, worker in enumerate(ground.workers):
                pair = slot.id, worker.id
                if not ground.hands[j] or pair in fixed:
                    continue
                rules = () if (i, j) in free else obstacles(self.problem, pair, fixed)
                if any(rule.detail in NEVER for rule in rules):
                    continue
                column = self.model.column(1.0, whole=True)
                self.seats[i, j] = column
                # Limits are counted for all of somebody's shifts together.
                self.prices[column] = [
                    rule for rule in rules if rule.rule not in (RuleKind.WEEK, RuleKind.MONTH)
                ]
                self.costs[column] = float(sum(weight(rule) for rule in self.prices[column]))

    def _fill(self) -> None:
        ground = self.ground
        able: dict[int, list[int]] = defaultdict(list)
        for (_, j), column in self.seats.items():
            able[j].append(column)
        for j, hands in enumerate(ground.hands):
            missing = self.model.column(hands)
            self.costs[missing] = UNFILLED
            self.model.row(hands, hands, {**dict.fromkeys(able[j], 1.0), missing: 1.0})
        for j, n, people, code in ground.needs:
            let = self._column(Relaxation(RuleKind.NEED, ground.slots[j].id, detail=code), n)
            those = {self.seats[i, j]: 1.0 for i in sorted(people) if (i, j) in self.seats}
            self.model.row(n, INF, {**those, let: 1.0})

    def _rests(self, i: int, mine: list[int]) -> None:
        slots = self.ground.slots
        for at, j in enumerate(mine):
            for k in mine[at + 1 :]:
                span = slots[k].starts_at, slots[k].ends_at
                if not too_near(slots[j], span, self.rest):
                    break
                both = {self.seats[i, j]: 1.0, self.seats[i, k]: 1.0}
                if too_near(slots[j], span, timedelta()):
                    self.model.row(-INF, 1.0, both)
                elif (i, j, k) not in self.ground.excused:
                    rule = Relaxation(RuleKind.REST, slots[j].id, self.ground.workers[i].id, slots[k].id)
                    self.model.row(-INF, 1.0, {**both, self._column(rule, 1.0): -1.0})

    def _limits(self, i: int, mine: list[int]) -> None:
        for kind, taken in ((RuleKind.WEEK, self.laying.weeks[i]), (RuleKind.MONTH, self.laying.months[i])):
            spans: dict[tuple[int, int], list[int]] = defaultdict(list)
            for j in mine:
                slot = self.ground.slots[j]
                spans[slot.week if kind is RuleKind.WEEK else slot.month].append(j)
            for span, inside in sorted(spans.items()):
                most = self.laying.most(kind, i, span)
                if most is not None and most - taken[span] < len(inside):
                    rule = Relaxation(kind, self.ground.slots[inside[0]].id, self.ground.workers[i].id)
                    more = self._column(rule, len(inside))
                    # Where fixed pairs are past the limit already, one more is one more.
                    room = max(0, most - taken[span])
                    self.model.row(-INF, room, {**{self.seats[i, j]: 1.0 for j in inside}, more: -1.0})

    def _apart(self) -> None:
        workers = {worker.id: i for i, worker in enumerate(self.ground.workers)}
        for one, other in sorted((a, b) for a, foes in self.laying.foes.items() for b in foes if a < b):
            for j, slot in enumerate(self.ground.slots):
                a, b = self.seats.get((workers.get(one, -1), j)), self.seats.get((workers.get(other, -1), j))
                if (
                    a is not None
                    and b is not None
                    and not self.laying.let(RuleKind.APART, slot.id, one, other)
                ):
                    rule = Relaxation(RuleKind.APART, slot.id, one, second=other)
                    self.model.row(-INF, 1.0, {a: 1.0, b: 1.0, self._column(rule, 1.0): -1.0})


def _order(rule: Relaxation) -> tuple[int, str, str, str]:
    return weight(rule), rule.rule.value, str(rule.person), str(rule.slot)
