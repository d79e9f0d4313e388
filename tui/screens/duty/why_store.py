"""What stands on a roster as a problem to ask about: its ground, and the roster as it is. Runs in worker threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from models.duty.drafting import DraftShift, Ground, ground
from models.duty.rules import ShiftState
from models.duty.solver import candidates, measured, relax, why, why_not
from models.duty.solver.problem import Bar, Candidate, Cost, Pair, Problem, Relaxation, Roster
from models.operations.roles import LEADERS
from tui import edge
from tui.desk import Desk
from tui.screens.duty.roster_store import month_around

#: So long a question may take.
SECONDS: Final = 5.0
_STRANGERS: Final = frozenset({Bar.TEAM.value, Bar.ROLE.value})
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Standing:
    """A roster that stands, and what it stands on."""

    ground: Ground
    roster: Roster

    @property
    def problem(self) -> Problem:
        return self.ground.problem

    def shift(self, shift_id: UUID | None) -> DraftShift | None:
        return None if shift_id is None else self.ground.shifts.get(shift_id)

    def name(self, person_id: UUID | None) -> str:
        return "" if person_id is None else self.ground.names.get(person_id, "")


@dataclass(frozen=True, slots=True)
class AskedGap:
    """Why a shift lacks somebody: everybody who is not on it, and the smallest relaxation that would help."""

    standing: Standing
    candidates: tuple[Candidate, ...]
    relaxed: tuple[Relaxation, ...]
    lacks: bool


@dataclass(frozen=True, slots=True)
class AskedPair:
    """What it would cost that somebody is not on a shift, or is."""

    standing: Standing
    cost: Cost


def stand(desk: Desk, day: date) -> Standing:
    """Read the roster of a day's month as whoever asks sees it: others than those who lead know no draft."""
    leads = desk.may(LEADERS)
    first, last = month_around(day)
    with desk.store.read() as session:
        here = ground(session, desk.seat.compound_id, first, last, now=edge.clock())
    known = {
        shift_id
        for shift_id, shift in here.shifts.items()
        if not shift.new and (leads or shift.state is ShiftState.PUBLISHED)
    }
    pairs = frozenset(
        pair
        for pair, place in here.places.items()
        if pair[0] in known and (not place.leaving if leads else place.state is ShiftState.PUBLISHED)
    )
    made = replace(
        here.problem,
        slots=tuple(slot for slot in here.problem.slots if slot.id in known),
        fixed=frozenset(pair for pair in here.problem.fixed if pair in pairs),
        standing=pairs,
    )
    return Standing(replace(here, problem=made), measured(made, pairs))


def who_could(desk: Desk, day: date, shift_id: UUID) -> tuple[Standing, tuple[Candidate, ...]]:
    """Return who could be put on a shift, best first."""
    standing = stand(desk, day)
    found = candidates(standing.problem, standing.roster, shift_id)
    return standing, tuple(sorted(found, key=_stranger))


def _stranger(one: Candidate) -> bool:
    """Tell whether somebody does not belong to those who take turns at a shift: nobody looks for them first."""
    return any(rule.detail in _STRANGERS for rule in one.obstacles)


def ask_gap(desk: Desk, day: date, shift_id: UUID, cancelled: Cancelled) -> AskedGap:
    """Tell why nobody else is on a shift, and what would have to give way for somebody to be."""
    standing = stand(desk, day)
    alone = gap_alone(standing.problem, standing.roster, shift_id)
    relaxed = relax(alone, measured(alone, standing.roster.pairs), seconds=SECONDS, cancelled=cancelled)
    lacks = any(gap.slot == shift_id for gap in standing.roster.gaps)
    return AskedGap(standing, candidates(standing.problem, standing.roster, shift_id), relaxed, lacks)


def gap_alone(problem: Problem, roster: Roster, shift_id: UUID) -> Problem:
    """Return a problem in which nothing lacks but one shift: of the others as many hands are wanted as there are."""
    slots = []
    for slot in problem.slots:
        on = {person for at, person in roster.pairs if at == slot.id}
        if slot.id == shift_id:
            slots.append(slot)
        elif on:
            needs = tuple(need for need in slot.needs if len(need.people & on) >= need.n)
            slots.append(replace(slot, hands=len(on), needs=needs))
    return replace(problem, slots=tuple(slots))


def ask_why(desk: Desk, day: date, pair: Pair, cancelled: Cancelled) -> AskedPair:
    """Tell what it would cost that somebody is not on a shift."""
    standing = stand(desk, day)
    cost = why(standing.problem, standing.roster, pair, seconds=SECONDS, cancelled=cancelled)
    return AskedPair(standing, cost)


def ask_why_not(desk: Desk, day: date, pair: Pair, cancelled: Cancelled) -> AskedPair:
    """Tell what it would cost that somebody is on a shift, or what bars them."""
    standing = stand(desk, day)
    cost = why_not(standing.problem, standing.roster, pair, seconds=SECONDS, cancelled=cancelled)
    return AskedPair(standing, cost)
