"""Why somebody is on a shift, and why somebody is not: another roster made for the asking, as like this one as can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from models.duty.solver.fairness import unfairness
from models.duty.solver.obstacles import obstacles
from models.duty.solver.problem import Cost, Pair, Problem, Progress, Roster, Swapped
from models.duty.solver.solve import solve

Telling = Callable[[Progress], None] | None
Asking = Callable[[], bool] | None


def why(
    problem: Problem,
    roster: Roster,
    pair: Pair,
    *,
    seconds: float = 5.0,
    progress: Telling = None,
    cancelled: Asking = None,
) -> Cost:
    """Return what it would cost that somebody is not on a shift. A pair that is fixed is let go for the asking."""
    without = frozenset({pair})
    other = replace(
        problem,
        fixed=problem.fixed - without,
        forced=problem.forced - without,
        forbidden=problem.forbidden | without,
        standing=roster.pairs,
        keep=True,
    )
    return _cost(roster, solve(other, seconds=seconds, progress=progress, cancelled=cancelled), problem)


def why_not(
    problem: Problem,
    roster: Roster,
    pair: Pair,
    *,
    seconds: float = 5.0,
    progress: Telling = None,
    cancelled: Asking = None,
) -> Cost:
    """Return what it would cost to put somebody on a shift; when rules forbid it, which."""
    barred = obstacles(problem, pair)
    if barred:
        return Cost(possible=False, obstacles=barred)
    other = replace(
        problem,
        forced=problem.forced | {pair},
        forbidden=problem.forbidden - {pair},
        standing=roster.pairs,
        keep=True,
    )
    made = solve(other, seconds=seconds, progress=progress, cancelled=cancelled)
    if pair not in made.pairs:
        # It may be had by itself, but not beside what else is forced.
        return Cost(possible=False, obstacles=obstacles(problem, pair, problem.fixed | problem.forced))
    return _cost(roster, made, problem)


def spread(roster: Roster) -> float:
    """Return what the unfairness of a roster adds up to."""
    return float(sum(unfairness(round(each.fair) - each.points) for each in roster.burdens))


def _cost(before: Roster, after: Roster, problem: Problem) -> Cost:
    gains: dict[UUID, list[UUID]] = defaultdict(list)
    loses: dict[UUID, list[UUID]] = defaultdict(list)
    for slot in sorted(problem.slots, key=lambda slot: (slot.starts_at, slot.ends_at, slot.id)):
        for changed, here, there in ((gains, after, before), (loses, before, after)):
            for at, person in here.pairs - there.pairs:
                if at == slot.id:
                    changed[person].append(slot.id)
    return Cost(
        possible=True,
        gaps=sum(gap.missing for gap in after.gaps) - sum(gap.missing for gap in before.gaps),
        spread=spread(after) - spread(before),
        wishes=(before.wishes_met - before.wishes_missed) - (after.wishes_met - after.wishes_missed),
        touched=tuple(
            Swapped(person, tuple(gains[person]), tuple(loses[person]))
            for person in sorted(gains.keys() | loses.keys())
        ),
        proven=after.optimal,
    )
