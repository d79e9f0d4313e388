"""When asking waits, which step comes next, what became of a promise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.fees.dunning import DAYS_TO_PAY, NotYet, Pause, PromiseState, not_yet, pause_of, promise_state
from models.fees.rules import STEPS, Step

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("paid", "days", "state"),
    [
        (0, 1, PromiseState.OPEN),
        (0, 0, PromiseState.TODAY),
        (0, -1, PromiseState.BROKEN),
        (99, -1, PromiseState.BROKEN),
        (100, -9, PromiseState.KEPT),
        (101, 9, PromiseState.KEPT),
    ],
)
def test_a_promise_comes_back_on_its_day(paid: int, days: int, state: PromiseState) -> None:
    on = TODAY + timedelta(days=days)
    assert promise_state(wanted_fen=100, paid_fen=paid, on=on, today=TODAY) is state


def test_the_first_reason_to_wait_is_the_one_that_is_told() -> None:
    def pause(**more: object) -> Pause | None:
        given = {"open_tickets": 0, "unrated": 0, "due_fen": 1, "deferred": False, "promise": None, **more}
        return pause_of(**given)  # type: ignore[arg-type]

    assert pause() is None
    assert pause(promise=PromiseState.BROKEN) is None
    assert pause(promise=PromiseState.TODAY) is None
    assert pause(promise=PromiseState.OPEN) is Pause.PROMISED
    assert pause(due_fen=0, promise=PromiseState.OPEN) is Pause.NOT_DUE
    assert pause(due_fen=0, deferred=True) is Pause.DEFERRED
    assert pause(deferred=True) is None  # only a part was put off
    assert pause(unrated=1, due_fen=0, deferred=True) is Pause.UNRATED
    assert pause(open_tickets=1, unrated=1) is Pause.GRIEVANCE


def test_steps_come_in_their_order_and_may_be_taken_again() -> None:
    taken: dict[Step, date] = {}
    long_ago = TODAY - timedelta(days=100)

    def may() -> set[Step]:
        return {step for step in STEPS if not_yet(step, taken, today=TODAY) is None}

    friendly = {Step.TALK, Step.REMINDER}
    assert may() == friendly
    assert not_yet(Step.NOTICE, taken, today=TODAY) == NotYet(Step.REMINDER)
    for first in friendly:
        taken = {first: long_ago}
        assert may() == {*friendly, Step.NOTICE}
    taken[Step.NOTICE] = long_ago
    assert may() == {*friendly, Step.NOTICE, Step.DEMAND}
    taken[Step.DEMAND] = long_ago
    assert may() == set(STEPS)


def test_a_claim_comes_after_a_demand_and_the_days_it_left() -> None:
    skipped = dict.fromkeys((Step.TALK, Step.REMINDER, Step.NOTICE), TODAY)
    assert not_yet(Step.CLAIM, skipped, today=TODAY) == NotYet(Step.DEMAND)
    may = TODAY + timedelta(days=DAYS_TO_PAY)
    demanded = {Step.DEMAND: TODAY}
    assert not_yet(Step.CLAIM, demanded, today=may - timedelta(days=1)) == NotYet(Step.DEMAND, may)
    assert not_yet(Step.CLAIM, demanded, today=may) is None
