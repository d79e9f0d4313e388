"""How a household is asked to pay: when asking waits, which step comes next, what became of a promise. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from models.fees.rules import STEPS, Step

#: So many days a letter leaves to pay, and so many pass between a demand and a claim: 民法典 944 wants a reasonable time.
DAYS_TO_PAY: Final = 15


#: Words that oblige nobody and may always be said.
FRIENDLY: Final = frozenset({Step.TALK, Step.REMINDER})


class PromiseState(StrEnum):
    """What became of a promise to pay."""

    OPEN = "open"
    TODAY = "today"
    BROKEN = "broken"
    KEPT = "kept"


#: These want somebody to look after them now.
PRESSING: Final = frozenset({PromiseState.TODAY, PromiseState.BROKEN})


def promise_state(*, wanted_fen: int, paid_fen: int, on: date, today: date) -> PromiseState:
    """Return what became of a promise of `wanted_fen` by a day, of which `paid_fen` has come since.

    Paid late it is kept all the same. On its day it comes back, the day after it is broken.
    """
    if paid_fen >= wanted_fen:
        return PromiseState.KEPT
    if today < on:
        return PromiseState.OPEN
    return PromiseState.TODAY if today == on else PromiseState.BROKEN


class Pause(StrEnum):
    """Why a household is not dunned now; the first that applies is told."""

    GRIEVANCE = "grievance"
    UNRATED = "unrated"
    DEFERRED = "deferred"
    NOT_DUE = "not_due"
    PROMISED = "promised"


def pause_of(
    *, open_tickets: int, unrated: int, due_fen: int, deferred: bool, promise: PromiseState | None
) -> Pause | None:
    """Return why a household is not dunned, or None if it may be: what is broken is put right first."""
    if open_tickets:
        return Pause.GRIEVANCE
    if unrated:
        return Pause.UNRATED
    if due_fen <= 0:
        return Pause.DEFERRED if deferred else Pause.NOT_DUE
    return Pause.PROMISED if promise is PromiseState.OPEN else None


@dataclass(frozen=True, slots=True)
class NotYet:
    """Why a step may not be taken: the step `first` has to come before it, or has to be `until` ago."""

    first: Step
    until: date | None = None


def not_yet(step: Step, last: Mapping[Step, date], *, today: date) -> NotYet | None:
    """Return what stands before a step, or None if it may be taken; `last` says when each was last taken for this debt.

    A step may be taken again. A talk and a reminder are friendly words and need nothing before them; either opens the
    way to a notice, as a notice does to a demand. A claim comes after a demand in writing and the days that it left
    to pay (民法典 944), whatever else was done.
    """
    if step is Step.CLAIM:
        demanded = last.get(Step.DEMAND)
        if demanded is None:
            return NotYet(Step.DEMAND)
        may = demanded + timedelta(days=DAYS_TO_PAY)
        return NotYet(Step.DEMAND, may) if today < may else None
    if step in FRIENDLY or (step is Step.NOTICE and last):
        return None
    before = STEPS[STEPS.index(step) - 1]
    reached = max((STEPS.index(one) for one in last), default=-1)
    return None if reached >= STEPS.index(before) else NotYet(before)
