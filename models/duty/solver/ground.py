"""A problem put in order: who may still be put where, which shifts exclude each other, and what is fair.

Everything else here works on it. It depends on the problem alone and on the order of
ids, never on the order in which things were handed in, so that the same problem has the same answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from models.duty.solver.problem import Bar, Pair, Problem, Relaxation, RuleKind, Slot, Worker

#: A missing hand counts as much as this many unmet needs: a shift with somebody on it beats one with the right
#: people missing.
HAND: Final = 3
NEED: Final = 1

#: Somebody (a number in `Ground.workers`) on a shift (a number in `Ground.slots`).
Seat = tuple[int, int]
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ground:
    """A problem in numbers: slots by time, workers by id.

    `seated` are those who stay where they are (fixed, and forced ones whom no rule bars). `open` are the seats that
    somebody may be put on besides, given those. `cliques` are, for each worker, sets of
    open slots of which they can have one at most; `room` how many more a week or a month lets them have.
    """

    problem: Problem
    slots: tuple[Slot, ...]
    workers: tuple[Worker, ...]
    strangers: frozenset[Pair]
    seated: tuple[Seat, ...]
    open: tuple[Seat, ...]
    hands: tuple[int, ...]  # still to be filled
    needs: tuple[
        tuple[int, int, frozenset[int], str], ...
    ]  # slot, how many lack, who would do, the need's code
    cliques: tuple[tuple[int, tuple[int, ...]], ...]
    limits: tuple[tuple[int, tuple[int, ...], int], ...]
    apart: tuple[tuple[int, int, int], ...]  # a slot, and two workers of whom one at most may be on it
    together: tuple[tuple[int, int, int], ...]  # a slot, and two who would like to be on it
    fair: tuple[int, ...]
    base: tuple[int, ...]  # points of those seated
    standing: frozenset[Seat]
    excused: frozenset[
        tuple[int, int, int]
    ]  # a worker, and two slots (both ways round) whose rest is waived for them

    def pair(self, seat: Seat) -> Pair:
        """Return a seat as a pair of ids."""
        return self.slots[seat[1]].id, self.workers[seat[0]].id


def too_near(slot: Slot, span: tuple[datetime, datetime], rest: timedelta) -> bool:
    """Tell whether a slot overlaps a span of time, or leaves too little rest between them."""
    starts, ends = span
    return slot.starts_at < ends + rest and starts < slot.ends_at + rest


def shares(problem: Problem) -> dict[UUID, float]:
    """Return the points that would be fair for each worker, what they owe from before included.

    A slot is shared among all who could take it in principle: whoever cannot on that day has a share in it
    all the same, or a full diary would make for light duty.
    """
    workers = sorted(problem.workers, key=lambda worker: worker.id)
    fair = {worker.id: float(worker.owed) for worker in workers}
    known = {worker.id for worker in workers}
    away = Counter(slot for slot, person in problem.fixed if person not in known)
    pools: dict[tuple[UUID, ...], int] = defaultdict(int)
    for slot in sorted(problem.slots, key=lambda slot: slot.id):
        pool = tuple(w.id for w in workers if w.bars.get(slot.id) not in (Bar.TEAM, Bar.ROLE))
        pools[pool] += max(0, slot.hands - away[slot.id]) * slot.points
    weight = {worker.id: worker.share * worker.present for worker in workers}
    for pool, points in pools.items():
        whole = sum(weight[each] for each in pool)
        for each in pool:
            fair[each] += points * weight[each] / whole if whole else 0.0
    return fair


def lay(problem: Problem) -> Ground:
    """Put a problem in order."""
    return Laying(problem).ground()


class Laying:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.slots = tuple(sorted(problem.slots, key=lambda slot: (slot.starts_at, slot.ends_at, slot.id)))
        self.workers = tuple(sorted(problem.workers, key=lambda worker: worker.id))
        self.slot_at = {slot.id: j for j, slot in enumerate(self.slots)}
        self.worker_at = {worker.id: i for i, worker in enumerate(self.workers)}
        self.rest = timedelta(minutes=problem.rest_minutes)
        self.seated: set[Seat] = set()
        self.on_slot: dict[int, set[UUID]] = defaultdict(set)
        self.of_worker: dict[int, set[int]] = defaultdict(set)
        self.weeks: list[Counter[Key]] = [Counter(worker.taken_weeks) for worker in self.workers]
        self.months: list[Counter[Key]] = [Counter(worker.taken_months) for worker in self.workers]
        self.foes: dict[UUID, set[UUID]] = defaultdict(set)
        for tie in problem.ties:
            if not tie.together:
                self.foes[tie.one].add(tie.other)
                self.foes[tie.other].add(tie.one)
        self.near = self._near()
        self.waived = frozenset(_spelt(each) for each in problem.waived)
        self.excused = frozenset(self._excused())

    def _near(self) -> list[list[int]]:
        """Return for each slot those that nobody can have besides it; slots are in the order of their beginning."""
        near: list[list[int]] = [[] for _ in self.slots]
        for j, slot in enumerate(self.slots):
            until = slot.ends_at + self.rest
            for k in range(j + 1, len(self.slots)):
                if self.slots[k].starts_at >= until:
                    break
                near[j].append(k)
                near[k].append(j)
        return near

    def _excused(self) -> Iterable[tuple[int, int, int]]:
        for each in self.problem.waived:
            if (
                each.rule is RuleKind.REST
                and each.person in self.worker_at
                and each.slot in self.slot_at
                and each.other in self.slot_at
            ):
                i, j, k = self.worker_at[each.person], self.slot_at[each.slot], self.slot_at[each.other]
                one, other = self.slots[j], self.slots[k]
                if not too_near(one, (other.starts_at, other.ends_at), timedelta()):
                    yield i, j, k
                    yield i, k, j

    def let(self, rule: RuleKind, slot: UUID | None, person: UUID | None, other: UUID | None = None) -> bool:
        return (rule, slot, person, other) in self.waived

    def _apart(self, i: int, j: int) -> bool:
        """Tell whether somebody who must not sit beside them is on the slot."""
        slot, person = self.slots[j].id, self.workers[i].id
        return any(
            not self.let(RuleKind.APART, slot, *sorted((person, foe)))
            for foe in self.foes[person] & self.on_slot[j]
        )

    def _tired(self, i: int, j: int) -> bool:
        """Tell whether a shift of theirs, or one outside of this, is too near."""
        worker, slot = self.workers[i], self.slots[j]
        if any((i, j, k) not in self.excused for k in self.of_worker[i].intersection(self.near[j])):
            return True
        rest = timedelta() if self.let(RuleKind.REST, slot.id, worker.id) else self.rest
        return any(too_near(slot, span, rest) for span in worker.busy)

    def most(self, rule: RuleKind, i: int, key: Key) -> int | None:
        """Return the most shifts that somebody may have in a week or month.

        Where it is waived by some, it is so many more than the limit, or than they have in any case, if that is more.
        """
        worker = self.workers[i]
        most = worker.most_per_week if rule is RuleKind.WEEK else worker.most_per_month
        if most is None:
            return None
        more = sum(
            each.by
            for each in self.problem.waived
            if each.rule is rule and each.person == worker.id and each.slot in self.slot_at
            if key == _span(self.slots[self.slot_at[each.slot]], rule)
        )
        return max(most, self.had(rule, i, key)) + more if more else most

    def had(self, rule: RuleKind, i: int, key: Key) -> int:
        """Return how many shifts somebody has in a week or month in any case."""
        taken = self.workers[i].taken_weeks if rule is RuleKind.WEEK else self.workers[i].taken_months
        fixed = self.seats(pair for pair in self.problem.fixed if pair[1] == self.workers[i].id)
        return taken.get(key, 0) + sum(key == _span(self.slots[j], rule) for _, j in fixed)

    def seats(self, pairs: Iterable[Pair]) -> list[Seat]:
        return sorted(
            (self.worker_at[person], self.slot_at[slot])
            for slot, person in pairs
            if slot in self.slot_at and person in self.worker_at
        )

    def _seat(self, seat: Seat) -> None:
        i, j = seat
        self.seated.add(seat)
        self.of_worker[i].add(j)
        self.on_slot[j].add(self.workers[i].id)
        self.weeks[i][self.slots[j].week] += 1
        self.months[i][self.slots[j].month] += 1

    def _may(self, seat: Seat) -> bool:
        i, j = seat
        worker, slot = self.workers[i], self.slots[j]
        week, month = self.most(RuleKind.WEEK, i, slot.week), self.most(RuleKind.MONTH, i, slot.month)
        return not (
            seat in self.seated
            or (slot.id in worker.bars and not self.let(RuleKind.BAR, slot.id, worker.id))
            or (slot.id, worker.id) in self.problem.forbidden
            or len(self.on_slot[j]) >= slot.hands
            or (week is not None and self.weeks[i][slot.week] >= week)
            or (month is not None and self.months[i][slot.month] >= month)
            or self._apart(i, j)
            or self._tired(i, j)
        )

    def ground(self) -> Ground:
        strangers = frozenset(
            (slot, person)
            for slot, person in self.problem.fixed
            if slot in self.slot_at and person not in self.worker_at
        )
        for slot, person in strangers:
            self.on_slot[self.slot_at[slot]].add(person)
        for seat in self.seats(self.problem.fixed):
            self._seat(seat)
        for seat in self.seats(self.problem.forced):
            if self._may(seat):
                self._seat(seat)
        free = [(i, j) for j in range(len(self.slots)) for i in range(len(self.workers)) if self._may((i, j))]
        fair = shares(self.problem)
        base = Counter[int]()
        for i, j in self.seated:
            base[i] += self.slots[j].points
        able = frozenset(free) | self.seated
        by_worker: dict[int, list[int]] = defaultdict(list)
        for i, j in free:
            by_worker[i].append(j)
        return Ground(
            problem=self.problem,
            slots=self.slots,
            workers=self.workers,
            strangers=strangers,
            seated=tuple(sorted(self.seated)),
            open=tuple(free),
            hands=tuple(max(0, slot.hands - len(self.on_slot[j])) for j, slot in enumerate(self.slots)),
            needs=tuple(self._needs()),
            cliques=tuple(
                (i, clique) for i in sorted(by_worker) for clique in self._cliques(i, by_worker[i])
            ),
            limits=tuple(limit for i in sorted(by_worker) for limit in self._limits(i, by_worker[i])),
            apart=tuple(self._ties(able, together=False)),
            together=tuple(self._ties(able, together=True)),
            fair=tuple(round(fair[worker.id]) for worker in self.workers),
            base=tuple(base[i] for i in range(len(self.workers))),
            standing=frozenset(self.seats(self.problem.standing)),
            excused=self.excused,
        )

    def _needs(self) -> Iterable[tuple[int, int, frozenset[int], str]]:
        for j, slot in enumerate(self.slots):
            for need in slot.needs:
                let = sum(
                    each.by
                    for each in self.problem.waived
                    if each.rule is RuleKind.NEED and each.slot == slot.id and each.detail == need.code
                )
                missing = need.n - let - len(need.people & self.on_slot[j])
                if missing > 0:
                    who = frozenset(
                        self.worker_at[person] for person in need.people if person in self.worker_at
                    )
                    yield j, missing, who, need.code

    def _cliques(self, i: int, slots: list[int]) -> Iterable[tuple[int, ...]]:
        """Return the largest sets of these slots that all exclude each other for somebody.

        With the rest added to their end, slots are spans on a line, and spans that meet two by two all have the beginning
        of one of them in common. Where a rest is waived they are no longer, and are told two by two.
        """
        if any(i == who for who, _, _ in self.excused):
            among = frozenset(slots)
            yield from (
                (j, k)
                for j in slots
                for k in self.near[j]
                if j < k and k in among and (i, j, k) not in self.excused
            )
            return
        held: list[int] = []
        grown = False
        for j in slots:
            staying = [k for k in held if self.slots[k].ends_at + self.rest > self.slots[j].starts_at]
            if grown and len(staying) < len(held) and len(held) > 1:
                yield tuple(held)
            held, grown = [*staying, j], True
        if len(held) > 1:
            yield tuple(held)

    def _limits(self, i: int, slots: list[int]) -> Iterable[tuple[int, tuple[int, ...], int]]:
        for rule, taken in ((RuleKind.WEEK, self.weeks[i]), (RuleKind.MONTH, self.months[i])):
            spans: dict[Key, list[int]] = defaultdict(list)
            for j in slots:
                spans[_span(self.slots[j], rule)].append(j)
            for span in sorted(spans):
                most = self.most(rule, i, span)
                if most is not None and most - taken[span] < len(spans[span]):
                    yield i, tuple(spans[span]), most - taken[span]

    def _ties(self, able: frozenset[Seat] | set[Seat], *, together: bool) -> Iterable[tuple[int, int, int]]:
        named = {
            (min(a, b), max(a, b))
            for tie in self.problem.ties
            if tie.together is together and tie.one in self.worker_at and tie.other in self.worker_at
            for a, b in [(self.worker_at[tie.one], self.worker_at[tie.other])]
            if a != b
        }
        for a, b in sorted(named):
            for j, slot in enumerate(self.slots):
                if (a, j) not in able or (b, j) not in able:
                    continue
                # Who must not sit beside somebody seated has no open seat there.
                free = not {(a, j), (b, j)} & self.seated
                if together or (
                    free and not self.let(RuleKind.APART, slot.id, self.workers[a].id, self.workers[b].id)
                ):
                    yield j, a, b


def _span(slot: Slot, rule: RuleKind) -> Key:
    return slot.week if rule is RuleKind.WEEK else slot.month


def _spelt(waived: Relaxation) -> tuple[RuleKind, UUID | None, UUID | None, UUID | None]:
    """Return a waived rule so that it can be looked up: of two people the one with the lower id comes first."""
    if waived.rule is RuleKind.APART and waived.person and waived.second:
        one, other = sorted((waived.person, waived.second))
        return waived.rule, waived.slot, one, other
    return waived.rule, waived.slot, waived.person, waived.other
