"""The roster that leaves the fewest gaps, then changes least, then is fairest, then meets most wishes.

docs/roster.md tells how and why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import ceil
from typing import Final

from models.duty.solver.greedy import first, polish
from models.duty.solver.ground import HAND, NEED, Ground, lay
from models.duty.solver.improving import Improver
from models.duty.solver.measure import measured
from models.duty.solver.model import Model, build, load, wishes_range
from models.duty.solver.problem import Phase, Problem, Progress, Reached, Roster
from models.duty.solver.running import NOTHING_KNOWN, Found, relax, run, start, taken
from models.duty.solver.spread import Curves, Ways, add_curves, add_spread, ways, windows
from models.duty.solver.standing import Standing, Worth
from models.duty.solver.watch import Watch

#: How many moves the first roster is made better by: some tenths of a second for the largest.
MOVES: Final = 50_000
#: With more open seats than this a problem may take longer than there is time for it.
LARGE: Final = 1000
#: How much worse than the linear optimum a roster is looked for at first.
FIRST_SLACK: Final = 100
#: Costs are whole numbers; what HiGHS says of them is true to this.
BLUR: Final = 1e-4
#: Where each phase stands in what a roster is worth.
PLACE: Final = (Phase.GAPS, Phase.CHANGES, Phase.SPREAD, Phase.WISHES)


def solve(
    problem: Problem,
    *,
    seconds: float = 10.0,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int = 2,
) -> Roster:
    """Return the best roster that `seconds` allow. It keeps every hard rule whenever it is stopped.

    `progress` and `cancelled` are called by the thread that calls this, at most some 20 times a second.
    With one of the `threads` it searches and proves; another makes the roster of a large problem better meanwhile.
    """
    watch = Watch(seconds, progress, cancelled)
    ground = lay(problem)
    search = _Search(ground, watch)
    search.gaps()
    if problem.keep:
        search.changes()
    search.spread_and_wishes(improve=threads > 1 and len(ground.open) >= LARGE)
    pairs = frozenset(ground.pair(seat) for seat in (*search.seats, *ground.seated)) | ground.strangers
    return measured(problem, pairs, search.reached(), cancelled=watch.stopped)


class _Search:
    """The best seats so far, what they are worth, and what no roster can better."""

    def __init__(self, ground: Ground, watch: Watch) -> None:
        self.ground = ground
        self.watch = watch
        standing = first(ground)
        polish(standing, MOVES, watch.go_on)
        self.seats = standing.seats
        self.worth: Worth = standing.worth()
        self.model: Model = build(ground)
        # What fairness (weighed) and wishes cannot better together, and the weight.
        self.both = -NOTHING_KNOWN, 1.0
        self.bounds: dict[Phase, float] = {
            Phase.GAPS: self._least_gaps(),
            Phase.CHANGES: self.model.offsets[Phase.CHANGES] - len(ground.standing & frozenset(ground.open)),
            Phase.SPREAD: 0.0,
            Phase.WISHES: self.worth[3] - wishes_range(self.model),
        }

    def value(self, phase: Phase) -> int:
        return self.worth[PLACE.index(phase)]

    def reached(self) -> tuple[Reached, ...]:
        phases = [phase for phase in PLACE if phase is not Phase.CHANGES or self.ground.problem.keep]
        return tuple(
            Reached(phase, self.value(phase), min(self.bounds[phase], float(self.value(phase))))
            for phase in phases
        )

    def _least_gaps(self) -> float:
        """Return what is missing for want of anybody who may, whatever else is decided."""
        able = Counter(j for _, j in self.ground.open)
        who = frozenset(self.ground.open)
        hands = sum(max(0, hands - able[j]) for j, hands in enumerate(self.ground.hands))
        needs = sum(max(0, n - sum((i, j) in who for i in people)) for j, n, people, _ in self.ground.needs)
        return float(HAND * hands + NEED * needs)

    def _take(self, values: Sequence[float] | None) -> None:
        """Take a roster that HiGHS found, if it is better."""
        if values is None:
            return
        standing = Standing(self.ground, taken(self.ground, values))
        worth = standing.worth()
        if worth < self.worth:
            self.seats, self.worth = standing.seats, worth

    def _polish(self) -> None:
        standing = Standing(self.ground, self.seats)
        polish(standing, MOVES, self.watch.go_on)
        self.seats, self.worth = standing.seats, standing.worth()

    def _run(
        self, model: Model, cost: dict[int, float], tell: Callable[[float | None, float], None]
    ) -> Found:
        solver = load(model, cost)
        start(solver, model, self.seats)
        found = run(solver, self.watch, tell)
        self._take(found.values)
        return found

    def _phase(self, phase: Phase) -> None:
        """Make one phase as good as can be, by itself, and let no later one make it worse."""
        if self.bounds[phase] < self.value(phase) and self.watch.go_on():
            offset = self.model.offsets[phase]

            def tell(best: float | None, bound: float) -> None:
                known = self.value(phase) if best is None else min(self.value(phase), round(best + offset))
                self.watch.tell(phase, known, max(self.bounds[phase], bound + offset))

            found = self._run(self.model, self.model.cost((phase, 1.0)), tell)
            bound = self.value(phase) if found.proven else ceil(found.bound + offset - BLUR)
            self.bounds[phase] = max(self.bounds[phase], bound)
            self._polish()
        self.model.lock(phase, self.value(phase))

    def gaps(self) -> None:
        self.watch.tell(Phase.GAPS, self.value(Phase.GAPS), self.bounds[Phase.GAPS])
        self._phase(Phase.GAPS)

    def changes(self) -> None:
        self._phase(Phase.CHANGES)

    def spread_and_wishes(self, *, improve: bool) -> None:
        """Make it fair and liked; where the time does not last for what is proven, with what another thread found."""
        improver = (
            Improver(self.ground, self.seats, self.watch.left) if improve and self.watch.go_on() else None
        )
        try:
            proven = self._fair_and_liked()
        finally:
            if improver is not None:
                improver.stop()
        if improver is not None and improver.error is not None:
            raise improver.error
        if improver is not None and not proven and improver.worth < self.worth:
            self.seats, self.worth = improver.seats, improver.worth
            self._bound_wishes()

    def _fair_and_liked(self) -> bool:
        """Solve both at once, fairness weighing more than all wishes: it proves the same, and faster.

        People are first held close to what the linear model gives them, which leaves few patterns. Whoever is
        further off costs more than some `slack`, so a roster found within it is the best of all. Else there is more slack.
        """
        linear = self._linear()
        if linear is None:
            return False
        curves, least, prices = linear
        slack = float(FIRST_SLACK)
        while self.watch.go_on():
            most = max(0.0, self.value(Phase.SPREAD) - least)
            last = slack >= most
            found = ways(self.model, windows(curves, prices, min(slack, most) + 0.01))
            crowded = any(each is None for each in found)
            if self._within(found, whole=last, least=least + slack):
                return True
            if last:
                return False
            # Where patterns are too many there is no sense in more of them: whoever has too many has a curve, all the way.
            slack = most if crowded else slack * 4
        return False

    def _within(self, found: Sequence[Ways | None], *, whole: bool, least: float) -> bool:
        """Look for the best roster among these patterns; `least` is what any other costs. Tell whether that was the best of all."""
        model = self.model.copy()
        add_spread(model, found)
        weight = float(wishes_range(model) + 1)
        offset = weight * model.offsets[Phase.SPREAD] + model.offsets[Phase.WISHES]
        # What is outside of these patterns costs more than `least`, and the best of it is not known.
        outside = float("inf") if whole else ceil(least) * weight + self.worth[3] - wishes_range(model)

        def tell(best: float | None, bound: float) -> None:
            bound = min(bound + offset, outside)
            self._bound(bound, weight)
            spread, wishes = self.worth[2:]
            if best is not None and best + offset < spread * weight + wishes:
                spread = round((best + offset) / weight)
                wishes = round(best + offset - spread * weight)
            if self.bounds[Phase.SPREAD] < spread:
                self.watch.tell(Phase.SPREAD, spread, self.bounds[Phase.SPREAD])
            else:
                self.watch.tell(Phase.WISHES, wishes, bound - weight * spread)

        cost = model.cost((Phase.SPREAD, weight), (Phase.WISHES, 1.0))
        tried = self._run(model, cost, tell)
        spread = self.value(Phase.SPREAD)
        if tried.proven and (whole or spread < least):
            self.bounds.update({phase: float(self.value(phase)) for phase in (Phase.SPREAD, Phase.WISHES)})
            return True
        self.both = min(tried.bound + offset, outside), weight
        self._bound(*self.both)
        self._bound_wishes()
        return False

    def _bound_wishes(self) -> None:
        """Take what wishes cannot better in a roster as fair as this one."""
        both, weight = self.both
        spread, wishes = self.worth[2:]
        known = min(wishes, ceil(both - weight * spread - BLUR))
        self.bounds[Phase.WISHES] = max(self.bounds[Phase.WISHES], float(known))

    def _bound(self, both: float, weight: float) -> None:
        """Take what no roster can better in both: with the most wishes missed that can be, fairness takes the rest."""
        spread = ceil((both - self.worth[3] - wishes_range(self.model) - BLUR) / weight)
        self.bounds[Phase.SPREAD] = max(
            self.bounds[Phase.SPREAD], float(min(spread, self.value(Phase.SPREAD)))
        )

    def _linear(self) -> tuple[Curves, float, Sequence[float]] | None:
        """Return what fairness costs in the linear model, shifts being parted as one likes, and its prices."""
        self.watch.tell(Phase.SPREAD, self.value(Phase.SPREAD), self.bounds[Phase.SPREAD])
        if not self.watch.go_on():
            return None
        model = self.model.copy()
        curves = add_curves(model)
        linear = relax(load(model, model.cost((Phase.SPREAD, 1.0))), self.watch)
        if linear is None:
            return None
        least = linear[0] + model.offsets[Phase.SPREAD]
        self.bounds[Phase.SPREAD] = max(self.bounds[Phase.SPREAD], float(ceil(least - BLUR)))
        return curves, least, linear[1]
