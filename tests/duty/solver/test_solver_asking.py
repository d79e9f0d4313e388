"""Who could take a shift, what bars whom, and which rules would have to give way: told as a person would."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from models.duty.solver import candidates, check, measured, obstacles, relax, solve, why, why_not
from models.duty.solver.fairness import unfairness
from models.duty.solver.obstacles import OVERLAP
from models.duty.solver.problem import Bar, Gap, Pair, Problem, Relaxation, RuleKind, Tie, Wanted, Worker
from tests.duty.solver.tiny_rosters import MONDAY, person, slot, slot_id

LI, WANG, ZHAO = (person(n) for n in range(3))


def pair(n: int, who: object) -> Pair:
    return slot_id(n), who  # type: ignore[return-value]


def rules(found: tuple[Relaxation, ...]) -> list[tuple[RuleKind, str]]:
    return [(each.rule, each.detail) for each in found]


def test_every_rule_in_somebodys_way_is_named_with_what_it_is_about() -> None:
    li = Worker(
        LI,
        most_per_week=1,
        most_per_month=1,
        bars={slot_id(0): Bar.CANNOT},
        busy=((MONDAY, MONDAY + timedelta(hours=1)),),
    )
    problem = Problem(
        (slot(0), slot(1, at=5), slot(2, at=2, hands=2)),
        (li, Worker(WANG)),
        (Tie(LI, WANG, together=False),),
        rest_minutes=120,
    )
    pairs = frozenset({pair(1, LI), pair(0, WANG)})
    assert [
        (each.rule, each.detail, each.other, each.second, each.by)
        for each in obstacles(problem, pair(0, LI), pairs)
    ] == [
        (RuleKind.BAR, "cannot", None, None, 1),
        (RuleKind.REST, "", slot_id(1), None, 1),
        (RuleKind.REST, OVERLAP, None, None, 1),
        (RuleKind.WEEK, "", None, None, 1),
        (RuleKind.MONTH, "", None, None, 1),
        (RuleKind.APART, "", None, WANG, 1),
    ]


def test_whoever_is_furthest_below_their_share_is_named_first_and_the_barred_last() -> None:
    problem = Problem(
        (slot(0), slot(1, at=48)),
        (Worker(LI), Worker(WANG, owed=900), Worker(ZHAO, owed=2000, bars={slot_id(0): Bar.CANNOT})),
    )
    roster = measured(problem, frozenset({pair(1, LI)}))
    assert [each.person for each in candidates(problem, roster, slot_id(0))] == [WANG, LI, ZHAO]
    assert [each.person for each in candidates(problem, roster, slot_id(1), instead_of=LI)] == [ZHAO, WANG]


def test_whoever_has_what_a_shift_lacks_goes_before_whoever_is_further_below() -> None:
    need = Wanted(1, frozenset({LI}), "role:committee")
    problem = Problem((slot(0, hands=2, needs=(need,)),), (Worker(LI), Worker(WANG, owed=900), Worker(ZHAO)))
    roster = measured(problem, frozenset({pair(0, ZHAO)}))
    assert [(each.person, each.serves) for each in candidates(problem, roster, slot_id(0))] == [
        (LI, 1),
        (WANG, 0),
    ]


def test_a_pair_that_is_fixed_stays_even_where_it_breaks_a_rule() -> None:
    problem = Problem(
        (slot(0), slot(1, at=2)), (Worker(LI, bars={slot_id(0): Bar.PAUSE}),), fixed=frozenset({pair(0, LI)})
    )
    roster = solve(problem)
    assert roster.pairs == {pair(0, LI)}
    assert roster.gaps == (Gap(slot_id(1), 1),)
    assert check(problem, roster.pairs) == ()


def test_somebody_fixed_who_is_no_worker_fills_a_hand() -> None:
    problem = Problem((slot(0),), (Worker(WANG),), fixed=frozenset({pair(0, LI)}))
    assert solve(problem).pairs == {pair(0, LI)}


def test_why_me_names_who_would_come_instead_and_touches_nobody_else() -> None:
    problem = Problem(
        tuple(slot(n, at=24 * n) for n in range(3)), (Worker(LI, owed=1600), Worker(WANG), Worker(ZHAO))
    )
    roster = solve(problem)
    mine = min(each for each in roster.pairs if each[1] == LI)
    told = why(problem, roster, mine)
    assert [(each.person == LI, each.gains, each.loses) for each in told.touched] in (
        [(True, (), (mine[0],)), (False, (mine[0],), ())],
        [(False, (mine[0],), ()), (True, (), (mine[0],))],
    )
    assert told.spread > 0
    assert told.gaps == 0


def test_why_me_of_a_fixed_pair_tells_what_it_costs_to_let_it_go() -> None:
    problem = Problem((slot(0),), (Worker(LI),), fixed=frozenset({pair(0, LI)}))
    assert why(problem, solve(problem), pair(0, LI)).gaps == 1


def test_why_not_names_the_rule() -> None:
    problem = Problem((slot(0),), (Worker(LI, bars={slot_id(0): Bar.TEAM}), Worker(WANG)))
    told = why_not(problem, solve(problem), pair(0, LI))
    assert not told.possible
    assert rules(told.obstacles) == [(RuleKind.BAR, "team")]


def test_one_more_shift_in_a_week_is_asked_of_somebody_before_too_little_rest() -> None:
    workers = Worker(LI, most_per_week=1), Worker(WANG, most_per_week=1)
    problem = Problem((slot(0), slot(1, at=6), slot(2, at=48)), workers, rest_minutes=480)
    found = relax(problem, solve(problem))
    assert [(each.rule, each.by) for each in found] == [(RuleKind.WEEK, 1)]
    assert solve(replace(problem, waived=found)).gaps == ()


def test_another_pool_is_asked_only_when_nothing_else_would_do() -> None:
    other_pool, cannot = Worker(LI, bars={slot_id(0): Bar.TEAM}), Worker(WANG, bars={slot_id(0): Bar.CANNOT})
    problem = Problem((slot(0),), (other_pool, cannot))
    assert rules(relax(problem, solve(problem))) == [(RuleKind.BAR, "cannot")]
    alone = Problem((slot(0),), (other_pool,))
    assert rules(relax(alone, solve(alone))) == [(RuleKind.BAR, "team")]


def test_nobody_is_asked_to_be_in_two_places() -> None:
    problem = Problem((slot(0), slot(1, at=2)), (Worker(LI),))
    assert relax(problem, solve(problem)) == ()


def test_two_who_are_two_hours_off_are_fairer_than_one_who_is_four() -> None:
    assert 2 * unfairness(200) < unfairness(400)
    assert unfairness(-300) == unfairness(300)
    assert unfairness(50) == 0


def test_nobody_stands_out_for_having_said_that_they_cannot() -> None:
    busy = Worker(LI, bars={slot_id(0): Bar.CANNOT, slot_id(1): Bar.CANNOT})
    problem = Problem(tuple(slot(n, at=48 * n) for n in range(4)), (busy, Worker(WANG)))
    roster = solve(problem)
    assert {each.worker: each.points for each in roster.burdens} == {LI: 800, WANG: 800}
