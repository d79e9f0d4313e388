"""Holding people close to the linear optimum loses no roster that costs no more than the slack; patterns are all there are."""

from __future__ import annotations

from collections import Counter
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.duty.solver.ground import HAND, NEED, lay
from models.duty.solver.measure import burdens, gaps
from models.duty.solver.model import build, load
from models.duty.solver.problem import Phase, Problem
from models.duty.solver.running import relax
from models.duty.solver.solve import solve
from models.duty.solver.spread import add_curves, patterns, windows
from models.duty.solver.watch import Watch
from tests.duty.solver.tiny_rosters import every_roster, problems, value

some = settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@some
@given(problems())
def test_no_roster_is_outside_of_the_windows_of_what_it_costs(problem: Problem) -> None:
    ground = lay(problem)
    best = {each.phase: each.value for each in solve(problem).reached}[Phase.GAPS]
    model = build(ground)
    model.lock(Phase.GAPS, best)
    curves = add_curves(model)
    linear = relax(load(model, model.cost((Phase.SPREAD, 1.0))), Watch(60))
    assert linear is not None
    least = linear[0] + model.offsets[Phase.SPREAD]
    for pairs in every_roster(problem):
        if sum((NEED if gap.need else HAND) * gap.missing for gap in gaps(problem, pairs)) == best:
            slack = value(problem, pairs)[2] - least
            assert slack >= -1e-6
            within = windows(curves, linear[1], slack + 0.01)
            for each, (low, high) in zip(burdens(problem, pairs), within, strict=True):
                assert low <= each.points <= high


@some
@given(
    st.dictionaries(st.sampled_from((0, 100, 237, 400, 500)), st.integers(1, 3), max_size=4),
    st.integers(-300, 1500),
    st.integers(0, 900),
)
def test_patterns_are_every_way_to_come_to_a_sum(most: dict[int, int], low: int, more: int) -> None:
    kinds = sorted(most)
    ways = Counter(
        counts
        for counts in product(*(range(most[kind] + 1) for kind in kinds))
        if low <= sum(n * kind for n, kind in zip(counts, kinds, strict=True)) <= low + more
    )
    assert Counter(tuple(way[kind] for kind in kinds) for way in patterns(most, low, low + more)) == ways
