"""Making a roster: what it stands on, the search for it, and what saves it. The search runs in a thread of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from threading import Event
from uuid import UUID

from models.duty.drafting import Ground, Sick, fill_intents, ground, plan_intents
from models.duty.queries import shifts_between
from models.duty.rules import AvailabilityKind
from models.duty.solver import candidates, relax, solve
from models.duty.solver.problem import Candidate, Progress, Relaxation, Roster
from models.operations.envelope import Intent
from models.operations.perform import Outcome, perform
from models.operations.registry import load_kinds
from tui import edge
from tui.desk import Desk
from tui.screens.duty.roster_store import month_around
from tui.screens.duty.why_store import SECONDS, Standing

_DAY = timedelta(days=1)
_MONTHS_AHEAD = 24


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be made: which days, how long it may take at most, and whether as little as possible shall change.

    `sick` fell ill; their pause is noted with the roster.
    """

    first: date
    last: date
    seconds: int
    keep: bool = False
    sick: Sick | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A roster made, and what it stands on. `before` is who was on the shifts before."""

    wish: Wish
    ground: Ground
    roster: Roster
    before: frozenset[tuple[UUID, UUID]]

    @property
    def standing(self) -> Standing:
        return Standing(self.ground, self.roster)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why gaps are gaps: everybody who is not on the shift, and what would have to give way for all of them."""

    candidates: Mapping[UUID, tuple[Candidate, ...]] = field(default_factory=dict)
    relaxed: tuple[Relaxation, ...] = ()


class Search:
    """One search. `progress` is what it has reached; `stop` ends it with the best so far."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.progress: Progress | None = None
        self.stop = Event()

    def __call__(self, desk: Desk) -> Made:
        wish = self.wish
        sick = () if wish.sick is None else (wish.sick,)
        with desk.store.read() as session:
            here = ground(
                session,
                desk.seat.compound_id,
                wish.first,
                wish.last,
                now=edge.clock(),
                keep=wish.keep,
                sick=sick,
            )
        if wish.sick is not None:
            here = _without_new(here)
        made = solve(
            here.problem, seconds=float(wish.seconds), progress=self._tell, cancelled=self.stop.is_set
        )
        before = frozenset(pair for pair, place in here.places.items() if not place.leaving)
        return Made(wish, here, made, before)

    def _tell(self, progress: Progress) -> None:
        self.progress = progress


def _without_new(here: Ground) -> Ground:
    """Leave out what nobody has drafted yet: who mends a roster makes no new one."""
    there = {shift_id: shift for shift_id, shift in here.shifts.items() if not shift.new}
    slots = tuple(slot for slot in here.problem.slots if slot.id in there)
    return replace(here, planned=(), called_off=(), shifts=there, problem=replace(here.problem, slots=slots))


def reasons(_desk: object, made: Made, gone: Event) -> Reasons:
    """Ask why a roster's gaps are gaps. It takes a solving of its own, so it comes behind the roster."""
    problem = made.ground.problem
    slots = dict.fromkeys(gap.slot for gap in made.roster.gaps)
    found = {slot: candidates(problem, made.roster, slot) for slot in slots}
    return Reasons(found, relax(problem, made.roster, seconds=SECONDS, cancelled=gone.is_set))


def save(desk: Desk, made: Made) -> list[Outcome]:
    """Make a roster the draft: the shifts first, with the pause of whoever fell ill, then the people on them.

    They are one change of two groups, because shifts can be taken back only when nobody is on them any more.
    """
    load_kinds()
    batch, outcomes = edge.new_id(), []
    fill = fill_intents(made.ground, made.roster, edge.new_id)
    for group in (_shifts_and_pause(made), fill):
        if group:
            with desk.store.write() as session:
                outcomes.append(perform(session, group, desk.acting(), batch_id=batch))
            if outcomes[-1].refused is not None:
                break
    return outcomes


def _shifts_and_pause(made: Made) -> list[Intent]:
    if made.wish.sick is None:
        return plan_intents(made.ground)
    person, first, last = made.wish.sick
    payload = {
        "id": str(edge.new_id()),
        "person": str(person),
        "kind": AvailabilityKind.PAUSE.value,
        "since": first.isoformat(),
        "until": (last + _DAY).isoformat(),
    }
    return [Intent("availability.add", payload)]


def next_span(desk: Desk) -> tuple[date, date]:
    """Return the days of the next month, the present one included, for which there is no shift yet."""
    first, last = month_around(desk.today())
    with desk.store.read() as session:
        there = partial(shifts_between, session, desk.seat.compound_id, now=edge.clock(), drafts=True)
        for _ in range(_MONTHS_AHEAD):
            # The last week tells: of the present month the first days may have passed without any.
            if not there(last - 6 * _DAY, last):
                break
            first, last = month_around(last + _DAY)
    return max(first, desk.today()), last


def changed(made: Made) -> dict[UUID, tuple[list[UUID], list[UUID]]]:
    """Return for each shift that is filled otherwise than before who leaves it and who comes."""
    found: dict[UUID, tuple[list[UUID], list[UUID]]] = defaultdict(lambda: ([], []))
    for slot, person in sorted(made.before - made.roster.pairs):
        found[slot][0].append(person)
    for slot, person in sorted(made.roster.pairs - made.before):
        found[slot][1].append(person)
    return dict(found)
