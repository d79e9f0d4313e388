"""Rosters small enough to try every one of them, and the best of all, found by trying."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from uuid import UUID

from hypothesis import strategies as st

from models.duty.solver.fairness import unfairness
from models.duty.solver.measure import changes, gaps, wishes
from models.duty.solver.obstacles import check
from models.duty.solver.problem import Bar, Pair, Problem, Slot, Tie, Wanted, Worker
from models.duty.solver.solve import HAND, NEED

MONDAY = datetime(2027, 3, 1, tzinfo=UTC)
Value = tuple[int, int, int, int]


def person(n: int) -> UUID:
    return UUID(int=1000 + n)


def slot_id(n: int) -> UUID:
    return UUID(int=1 + n)


def slot(
    n: int, *, at: int = 0, hours: int = 4, hands: int = 1, points: int = 400, needs: tuple[Wanted, ...] = ()
) -> Slot:
    """A shift that begins `at` hours after the first Monday began."""
    starts = MONDAY + timedelta(hours=at)
    iso = starts.isocalendar()
    return Slot(
        slot_id(n),
        starts,
        starts + timedelta(hours=hours),
        hands=hands,
        points=points,
        week=(iso.year, iso.week),
        month=(starts.year, starts.month),
        needs=needs,
    )


def value(problem: Problem, pairs: frozenset[Pair]) -> Value:
    """What a roster is worth, counted from its pairs."""
    from models.duty.solver.measure import burdens

    missing = sum((NEED if gap.need else HAND) * gap.missing for gap in gaps(problem, pairs))
    met, missed = wishes(problem, pairs)
    off = sum(unfairness(each.points - round(each.fair)) for each in burdens(problem, pairs))
    return missing, changes(problem, pairs) if problem.keep else 0, off, missed - met


def every_roster(problem: Problem, *, lawful: bool = True) -> Iterator[frozenset[Pair]]:
    """Every roster that keeps the fixed pairs and, unless rules may be broken, every rule."""
    ways = []
    for each in problem.slots:
        fixed = frozenset(pair for pair in problem.fixed if pair[0] == each.id)
        others = [(each.id, w.id) for w in problem.workers if (each.id, w.id) not in fixed]
        room = max(0, each.hands - len(fixed))
        ways.append([fixed | frozenset(some) for n in range(room + 1) for some in combinations(others, n)])
    for chosen in product(*ways):
        pairs = frozenset[Pair]().union(*chosen)
        if not lawful or not check(problem, pairs):
            yield pairs


def best(problem: Problem) -> Value:
    return min(
        value(problem, pairs)
        for pairs in every_roster(problem)
        if problem.forced <= pairs or not problem.forced
    )


@st.composite
def problems(draw: st.DrawFn, *, most_slots: int = 4, most_workers: int = 3, fixed: bool = True) -> Problem:
    count = draw(st.integers(1, most_workers))
    people = [person(n) for n in range(count)]
    slots = []
    for n in range(draw(st.integers(1, most_slots))):
        able = frozenset(draw(st.sets(st.sampled_from(people), max_size=2)))
        needs = (
            (Wanted(draw(st.integers(1, 2)), able, "role:committee"),) if draw(st.integers(0, 3)) == 0 else ()
        )
        slots.append(
            slot(
                n,
                at=draw(st.sampled_from((0, 4, 10, 24, 30, 48, 170))),
                hours=draw(st.sampled_from((3, 4, 8))),
                hands=draw(st.integers(0, 2)),
                points=draw(st.sampled_from((0, 100, 237, 400, 500, 1200))),
                needs=needs,
            )
        )
    ids = [each.id for each in slots]
    limit = st.none() | st.integers(0, 2)
    workers = [
        Worker(
            each,
            owed=draw(st.sampled_from((0, 0, 200, -430, 1500))),
            share=draw(st.sampled_from((100, 100, 50, 0))),
            present=draw(st.sampled_from((100, 100, 40))),
            most_per_week=draw(limit),
            most_per_month=draw(limit),
            bars=draw(st.dictionaries(st.sampled_from(ids), st.sampled_from(list(Bar)), max_size=1)),
            wishes=draw(st.dictionaries(st.sampled_from(ids), st.sampled_from((1, -1)), max_size=2)),
            taken_weeks={slots[0].week: draw(st.integers(0, 1))},
            busy=draw(st.sampled_from(((), ((MONDAY + timedelta(hours=12), MONDAY + timedelta(hours=14)),)))),
        )
        for each in people
    ]
    pair = st.tuples(st.sampled_from(ids), st.sampled_from(people))
    ties = ()
    if count > 1:
        ties = tuple(
            Tie(*sorted(two), together=draw(st.booleans()))
            for two in draw(
                st.sets(st.frozensets(st.sampled_from(people), min_size=2, max_size=2), max_size=2)
            )
        )
    return Problem(
        tuple(draw(st.permutations(slots))),
        tuple(draw(st.permutations(workers))),
        ties,
        rest_minutes=draw(st.sampled_from((0, 120, 480))),
        fixed=frozenset(draw(st.sets(pair, max_size=2 if fixed else 0))),
        standing=frozenset(draw(st.sets(pair, max_size=4))),
        keep=draw(st.booleans()),
        forbidden=frozenset(draw(st.sets(pair, max_size=1))),
    )
