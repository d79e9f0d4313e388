"""The solver against trying every roster there is, on rosters small enough for that."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.duty.solver import check, obstacles, relax, solve, why, why_not
from models.duty.solver.measure import gaps
from models.duty.solver.problem import Bar, Phase, Problem, Roster, RuleKind
from models.duty.solver.relaxing import NEVER, WEIGHTS, weight
from tests.duty.solver.tiny_rosters import best, every_roster, problems, value

few = settings(max_examples=70, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def reached(roster: Roster) -> dict[Phase, float]:
    return {each.phase: each.value for each in roster.reached}


@few
@given(problems())
def test_nothing_lawful_is_better_in_gaps_then_changes_then_fairness_then_wishes(problem: Problem) -> None:
    roster = solve(problem)
    assert check(problem, roster.pairs) == ()
    assert problem.fixed <= roster.pairs
    assert value(problem, roster.pairs) == best(problem)
    assert roster.optimal
    told = reached(roster)
    assert value(problem, roster.pairs) == tuple(told.get(phase, 0) for phase in Phase)


@few
@given(problems(most_slots=6, most_workers=5), st.randoms(use_true_random=False))
def test_the_same_problem_handed_in_in_any_order_has_the_same_roster(
    problem: Problem, rng: random.Random
) -> None:
    slots, workers, ties = list(problem.slots), list(problem.workers), list(problem.ties)
    for each in (slots, workers, ties):
        rng.shuffle(each)
    other = replace(problem, slots=tuple(slots), workers=tuple(workers), ties=tuple(ties))
    assert solve(problem) == solve(other)


@few
@given(problems(), st.data())
def test_what_is_forbidden_is_not_done_and_what_is_forced_is_or_is_barred(
    problem: Problem, data: st.DataObject
) -> None:
    pair = data.draw(st.sampled_from([(s.id, w.id) for s in problem.slots for w in problem.workers]))
    roster = solve(problem)
    without = why(problem, roster, pair)
    assert without.possible
    with_them = why_not(problem, roster, pair)
    assert with_them.possible == (not obstacles(problem, pair))
    if pair in roster.pairs:
        assert with_them.possible == (pair not in problem.fixed) or not with_them.obstacles
    forced = solve(replace(problem, forced=frozenset({pair})))
    assert check(problem, forced.pairs) == ()
    assert (pair in forced.pairs) == (not obstacles(problem, pair) or pair in problem.fixed)


@few
@given(problems(fixed=False))
def test_what_another_answer_costs_is_what_the_best_such_roster_near_this_one_costs(problem: Problem) -> None:
    roster = solve(problem)
    for pair in sorted(roster.pairs)[:1]:
        told = why(problem, roster, pair)
        asked = replace(problem, forbidden=problem.forbidden | {pair}, standing=roster.pairs, keep=True)
        missing, changed, off, wished = best(asked)
        before = value(replace(problem, keep=False), roster.pairs)
        assert (told.spread, told.wishes) == (off - before[2], wished - before[3])
        assert sum(len(each.gains) + len(each.loses) for each in told.touched) == changed
        assert (told.gaps == 0) == (missing == before[0])


def weighed(problem: Problem, pairs: frozenset) -> int | None:  # type: ignore[type-arg]
    """What filling everything like this breaks, each rule once; None where it breaks what nobody can let go."""
    rules = check(problem, pairs)
    if any(rule.detail in NEVER or rule.rule is RuleKind.FIXED for rule in rules):
        return None
    # A limit passed is told with every shift in its week; a rest and a tie from both sides.
    once = {}
    weeks = {slot.id: slot.week for slot in problem.slots}
    months = {slot.id: slot.month for slot in problem.slots}
    for rule in rules:
        span = {RuleKind.WEEK: weeks, RuleKind.MONTH: months}.get(rule.rule)
        where = span[rule.slot] if span else frozenset((rule.slot, rule.other))
        once[rule.rule, where, frozenset((rule.person, rule.second)), rule.detail] = rule
    return sum(weight(rule) for rule in once.values())


@few
@given(problems(most_slots=3, fixed=False))
def test_the_rules_named_fill_every_shift_when_let_go_and_nothing_milder_would(problem: Problem) -> None:
    problem = replace(problem, keep=False)
    roster = solve(problem)
    rules = relax(problem, roster)
    tried = []
    for pairs in every_roster(problem, lawful=False):
        broken = weighed(problem, pairs)
        if broken is not None:
            lacking = gaps(problem, pairs)
            unmet = sum(gap.missing for gap in lacking if gap.need)
            tried.append(
                (sum(gap.missing for gap in lacking) - unmet, broken + WEIGHTS[RuleKind.NEED] * unmet)
            )
    if not roster.gaps:
        assert rules == ()
        return
    missing, mildest = min(tried)
    assert sum(weight(rule) for rule in rules) == mildest
    after = solve(replace(problem, waived=rules))
    assert sum(gap.missing for gap in after.gaps if not gap.need) == missing
    assert check(replace(problem, waived=rules), after.pairs) == ()
    assert Bar.ELSEWHERE.value not in {rule.detail for rule in rules}
