"""Some people's shifts divided anew while everybody else stays: lawful, and never worse."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from models.duty.solver import check, solve
from models.duty.solver.greedy import first
from models.duty.solver.ground import lay
from models.duty.solver.improving import anew, groups
from models.duty.solver.problem import Problem
from models.duty.solver.standing import Standing
from tests.bench.rosters import roster
from tests.duty.solver.tiny_rosters import problems


def test_everybody_is_in_one_group_of_each_turn_and_turns_differ() -> None:
    turns = [groups(10, 4, turn) for turn in range(3)]
    assert all(sorted(i for group in turn for i in group) == list(range(10)) for turn in turns)
    assert len({frozenset(turn) for turn in turns}) > 1


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(problems(most_slots=6, most_workers=5))
def test_dividing_everybodys_shifts_anew_is_lawful_and_never_worse(problem: Problem) -> None:
    ground = lay(problem)
    seats = first(ground).seats
    for people in groups(len(ground.workers), 2, 0):
        after = anew(ground, seats, people, 60, lambda: False)
        assert after is not None
        assert Standing(ground, after).worth() <= Standing(ground, seats).worth()
        seats = after
    pairs = frozenset(ground.pair(seat) for seat in (*seats, *ground.seated)) | ground.strangers
    assert check(problem, pairs) == ()


def test_all_people_at_once_are_the_whole_problem() -> None:
    problem = roster(12, 20)
    ground = lay(problem)
    after = anew(ground, first(ground).seats, frozenset(range(12)), 60, lambda: False)
    assert after is not None
    best = {each.phase: each.value for each in solve(problem, seconds=60).reached}
    assert Standing(ground, after).worth()[2:] == tuple(best.values())[1:]
