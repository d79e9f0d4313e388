"""What a roster is: its gaps, who carries what, what was met of the wishes, counted from its pairs alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from models.duty.solver.ground import shares
from models.duty.solver.problem import Burden, Gap, Pair, Problem, Reached, Roster


def gaps(problem: Problem, pairs: frozenset[Pair]) -> tuple[Gap, ...]:
    """Return what shifts lack, in the order of their time."""
    on: dict[UUID, set[UUID]] = defaultdict(set)
    for at, person in pairs:
        on[at].add(person)
    found = []
    for slot in sorted(problem.slots, key=lambda slot: (slot.starts_at, slot.ends_at, slot.id)):
        if (missing := slot.hands - len(on[slot.id])) > 0:
            found.append(Gap(slot.id, missing))
        found.extend(
            Gap(slot.id, missing, need.code)
            for need in slot.needs
            if (missing := need.n - len(need.people & on[slot.id])) > 0
        )
    return tuple(found)


def burdens(problem: Problem, pairs: frozenset[Pair]) -> tuple[Burden, ...]:
    """Return who carries what, in the order of ids."""
    points = {slot.id: slot.points for slot in problem.slots}
    carried, shifts = Counter[UUID](), Counter[UUID]()
    for slot, person in pairs:
        carried[person] += points[slot]
        shifts[person] += 1
    fair = shares(problem)
    return tuple(
        Burden(
            worker.id,
            points=carried[worker.id],
            fair=fair[worker.id],
            owed_after=fair[worker.id] - carried[worker.id],
            shifts=shifts[worker.id],
        )
        for worker in sorted(problem.workers, key=lambda worker: worker.id)
    )


def wishes(problem: Problem, pairs: frozenset[Pair]) -> tuple[int, int]:
    """Return how many wishes are met, and how many shifts are somebody's who would rather not.

    A shift that two who want to sit together have together is a wish met.
    """
    said = [
        worker.wishes[slot]
        for worker in problem.workers
        for slot in worker.wishes
        if (slot, worker.id) in pairs
    ]
    ties = {frozenset((tie.one, tie.other)) for tie in problem.ties if tie.together and tie.one != tie.other}
    both = sum(all((slot.id, person) in pairs for person in tie) for tie in ties for slot in problem.slots)
    return sum(wish for wish in said if wish > 0) + both, -sum(wish for wish in said if wish < 0)


def changes(problem: Problem, pairs: frozenset[Pair]) -> int:
    """Return how many pairs differ from what stood, of the shifts and people that there still are."""
    slots = {slot.id for slot in problem.slots}
    people = {worker.id for worker in problem.workers} | {person for _, person in problem.fixed}
    return len(
        pairs ^ {(slot, person) for slot, person in problem.standing if slot in slots and person in people}
    )


def measured(
    problem: Problem, pairs: frozenset[Pair], reached: Sequence[Reached] = (), *, cancelled: bool = False
) -> Roster:
    """Return pairs as a roster with all that is to be said of it. Pairs of shifts that are not the problem's are left out."""
    slots = {slot.id for slot in problem.slots}
    pairs = frozenset(pair for pair in pairs if pair[0] in slots)
    met, missed = wishes(problem, pairs)
    return Roster(
        pairs=pairs,
        gaps=gaps(problem, pairs),
        burdens=burdens(problem, pairs),
        reached=tuple(reached),
        changes=changes(problem, pairs),
        wishes_met=met,
        wishes_missed=missed,
        cancelled=cancelled,
    )
