"""Which hard rules bar somebody from a shift, in plain loops: no solving, and nothing of what solving is made of.

What the solver makes is checked by it (`check`), so it decides everything anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from models.duty.solver.fairness import unfairness
from models.duty.solver.measure import gaps
from models.duty.solver.problem import Candidate, Pair, Problem, Relaxation, Roster, RuleKind, Slot, Worker

#: What `Relaxation.detail` says of an overlap, which no compound can let go.
OVERLAP = "overlap"
#: What it says of a pair that is forbidden for asking what that would cost.
FORBIDDEN = "forbidden"
#: What it says of a pair whose person is no worker of the problem.
UNKNOWN = "unknown"

Span = tuple[datetime, datetime]


def obstacles(problem: Problem, pair: Pair, pairs: frozenset[Pair] | None = None) -> tuple[Relaxation, ...]:
    """Return the hard rules that putting somebody on a shift would break beside these pairs, the fixed ones by default.

    Hands are no obstacle unless fixed pairs fill them all: anybody else may be put elsewhere.
    """
    standing = (problem.fixed if pairs is None else pairs) - {pair}
    waived = {_spelt(each): each for each in problem.waived}
    return tuple(each for each in _rules(problem, pair, standing) if _lets(waived, each, problem) < each.by)


def check(problem: Problem, pairs: frozenset[Pair]) -> tuple[Relaxation, ...]:
    """Return every hard rule that a roster breaks; what fixed pairs break among themselves is a person's decision.

    A fixed pair that is missing, and a hand more than a shift has, are told as `fixed`.
    """
    broken = [
        Relaxation(RuleKind.FIXED, slot, person)
        for slot, person in sorted(problem.fixed - pairs)
        if _slot(problem, slot)
    ]
    for slot in problem.slots:
        on = {person for at, person in pairs if at == slot.id}
        too_many = len(on) - max(slot.hands, sum(at == slot.id for at, _ in problem.fixed))
        if too_many > 0:
            broken.append(Relaxation(RuleKind.FIXED, slot.id, by=too_many))
    for pair in sorted(pairs - problem.fixed):
        broken.extend(each for each in obstacles(problem, pair, pairs) if each.rule is not RuleKind.FIXED)
    return tuple(broken)


def candidates(
    problem: Problem, roster: Roster, slot_id: UUID, *, instead_of: UUID | None = None
) -> tuple[Candidate, ...]:
    """Return everybody who is not on a shift yet, who would do best first; `instead_of` is whom they would relieve.

    Those without an obstacle come first, of these whoever meets a need, then whoever it brings nearest to their share.
    """
    slot = _slot(problem, slot_id)
    if slot is None:
        return ()
    pairs = roster.pairs - {(slot_id, instead_of)} if instead_of else roster.pairs
    # Taken off for the asking, or it would stand in the way of whoever is to relieve them.
    asked = replace(problem, fixed=problem.fixed & pairs)
    owed = {each.worker: each.owed_after for each in roster.burdens}
    unmet = {gap.need for gap in gaps(problem, pairs) if gap.slot == slot_id and gap.need}
    found = []
    for worker in problem.workers:
        if (slot_id, worker.id) not in pairs and worker.id != instead_of:
            over = -round(owed.get(worker.id, 0.0))
            found.append(
                Candidate(
                    worker.id,
                    obstacles=obstacles(asked, (slot_id, worker.id), pairs),
                    over=over,
                    over_then=over + slot.points,
                    wish=worker.wishes.get(slot_id, 0),
                    serves=len(
                        {need.code for need in slot.needs if need.code in unmet and worker.id in need.people}
                    ),
                )
            )
    return tuple(sorted(found, key=_best))


def _best(one: Candidate) -> tuple[int, int, int, int, int, UUID]:
    nearer = unfairness(one.over_then) - unfairness(one.over)
    return len(one.obstacles), -one.serves, nearer, one.over_then, -one.wish, one.person


def _slot(problem: Problem, slot_id: UUID) -> Slot | None:
    return next((slot for slot in problem.slots if slot.id == slot_id), None)


def _rules(problem: Problem, pair: Pair, others: frozenset[Pair]) -> Iterator[Relaxation]:
    slot = _slot(problem, pair[0])
    worker = next((worker for worker in problem.workers if worker.id == pair[1]), None)
    if slot is None or worker is None:
        yield Relaxation(RuleKind.BAR, pair[0], pair[1], detail=UNKNOWN)
        return
    if slot.id in worker.bars:
        yield Relaxation(RuleKind.BAR, slot.id, worker.id, detail=worker.bars[slot.id].value)
    if pair in problem.forbidden:
        yield Relaxation(RuleKind.BAR, slot.id, worker.id, detail=FORBIDDEN)
    if sum(at == slot.id for at, _ in problem.fixed - {pair}) >= slot.hands:
        yield Relaxation(RuleKind.FIXED, slot.id, worker.id)
    mine = [each for each in problem.slots if (each.id, worker.id) in others]
    yield from _rest(problem, slot, worker, mine)
    yield from _limits(slot, worker, mine, {at for at, who in problem.fixed if who == worker.id} - {slot.id})
    for tie in problem.ties:
        if not tie.together and worker.id in (tie.one, tie.other):
            foe = tie.other if tie.one == worker.id else tie.one
            if (slot.id, foe) in others and foe != worker.id:
                yield Relaxation(RuleKind.APART, slot.id, worker.id, second=foe)


def _rest(problem: Problem, slot: Slot, worker: Worker, mine: list[Slot]) -> Iterator[Relaxation]:
    rest = timedelta(minutes=problem.rest_minutes)
    spans: list[tuple[UUID | None, Span]] = [(each.id, (each.starts_at, each.ends_at)) for each in mine]
    for other, (starts, ends) in [*spans, *((None, span) for span in worker.busy)]:
        if slot.starts_at < ends and starts < slot.ends_at:
            yield Relaxation(RuleKind.REST, slot.id, worker.id, other=other, detail=OVERLAP)
        elif slot.starts_at - ends < rest and starts - slot.ends_at < rest:
            yield Relaxation(RuleKind.REST, slot.id, worker.id, other=other)


def _limits(slot: Slot, worker: Worker, mine: list[Slot], fixed: set[UUID]) -> Iterator[Relaxation]:
    """Limits that one more shift would pass, and by how many; where fixed ones have passed it already, by how many more."""
    for rule, most, taken in (
        (RuleKind.WEEK, worker.most_per_week, worker.taken_weeks.get(slot.week, 0)),
        (RuleKind.MONTH, worker.most_per_month, worker.taken_months.get(slot.month, 0)),
    ):
        same = [
            each
            for each in mine
            if (each.week == slot.week if rule is RuleKind.WEEK else each.month == slot.month)
        ]
        if most is not None and (had := taken + len(same)) >= most:
            past = max(most, taken + sum(each.id in fixed for each in same))
            yield Relaxation(rule, slot.id, worker.id, by=had + 1 - past)


def _spelt(rule: Relaxation) -> tuple[object, ...]:
    return rule.rule, rule.slot, frozenset({rule.person, rule.second}), rule.other


def _lets(waived: dict[tuple[object, ...], Relaxation], rule: Relaxation, problem: Problem) -> int:
    """Return how far a rule is waived: by how many shifts for a limit, else altogether or not at all."""
    if rule.detail in (OVERLAP, FORBIDDEN, UNKNOWN):
        return 0
    if rule.rule in (RuleKind.WEEK, RuleKind.MONTH):
        slot = _slot(problem, rule.slot) if rule.slot else None
        let = 0
        for each in waived.values():
            if each.rule is rule.rule and each.person == rule.person and each.slot and slot:
                other = _slot(problem, each.slot)
                same = other and (
                    other.week == slot.week if rule.rule is RuleKind.WEEK else other.month == slot.month
                )
                let += each.by if same else 0
        return let
    turned = replace(rule, slot=rule.other, other=rule.slot)
    return rule.by if _spelt(rule) in waived or (rule.other and _spelt(turned) in waived) else 0
