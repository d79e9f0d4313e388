from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from models.fees.late import LateCharge, Stretch, late_charge, late_charge_of
from models.fees.tariffs import Formula, Rule

DUE = date(2026, 1, 31)
ISSUED = date(2026, 1, 1)


def after(days: int) -> date:
    return DUE + timedelta(days=days)


def rule(ppm: int = 500, *, grace: int = 0, cap: int = 300_000) -> Rule:
    return Rule(
        UUID(int=1), 1, Formula.AREA, 0, ISSUED, late_ppm=ppm, late_grace_days=grace, late_cap_ppm=cap
    )


def charged(
    days: int, *steps: tuple[date, int], already: int = 0, ppm: int = 500, grace: int = 0, cap: int = 300_000
) -> LateCharge:
    told = steps or ((ISSUED, 100_000),)
    return late_charge(
        rule(ppm, grace=grace, cap=cap), told, due_on=DUE, today=after(days), already_fen=already
    )


def test_nothing_is_charged_unless_a_rule_has_a_rate() -> None:
    assert charged(400, ppm=0).amount_fen == 0
    assert Rule(UUID(int=1), 1, Formula.AREA, 0, ISSUED).late_ppm == 0


def test_a_day_late_is_a_day_and_the_due_day_is_in_time() -> None:
    assert [charged(days).amount_fen for days in (-5, 0, 1, 2)] == [0, 0, 50, 100]
    assert [charged(days).days for days in (0, 1, 30)] == [0, 1, 30]


def test_days_of_grace_are_free_for_good() -> None:
    assert [charged(days, grace=10).amount_fen for days in (10, 11, 20)] == [0, 50, 500]


def test_what_was_paid_in_between_is_late_until_it_was_paid() -> None:
    owed = charged(10, (ISSUED, 100_000), (after(4), 40_000))
    assert owed.amount_fen == (100_000 * 4 + 40_000 * 6) * 500 // 10**6
    assert (owed.days, owed.principal_fen) == (10, 100_000)
    assert owed.stretches == (Stretch(DUE, after(4), 100_000), Stretch(after(4), after(10), 40_000))


def test_a_bill_that_was_paid_costs_nothing_more() -> None:
    paid = ((ISSUED, 100_000), (after(4), 0))
    assert charged(4, *paid).amount_fen == charged(400, *paid).amount_fen == 200
    assert charged(400, *paid).days == 4
    assert charged(400, (ISSUED, 100_000), (DUE, 0)).amount_fen == 0


def test_of_two_steps_on_a_day_the_later_told_counts() -> None:
    assert charged(10, (after(2), 40_000), (ISSUED, 100_000), (after(2), 10_000)).amount_fen == 100 + 40
    assert charged(10, (ISSUED, 100_000), (after(2), 10_000), (after(2), 40_000)).amount_fen == 100 + 160


def test_what_was_paid_in_time_is_no_principal() -> None:
    owed = charged(10_000, (ISSUED, 100_000), (after(-3), 40_000))
    assert (owed.principal_fen, owed.cap_fen, owed.amount_fen) == (40_000, 12_000, 12_000)


def test_the_cap_is_of_the_principal_and_holds_for_all_charges_together() -> None:
    owed = charged(10_000)
    assert (owed.amount_fen, owed.is_capped) == (30_000, True)
    assert charged(10_000, already=29_000).amount_fen == 1_000
    assert charged(10_000, already=30_000).amount_fen == 0
    assert charged(10_000, already=31_000).amount_fen == 0
    assert not charged(1).is_capped
    assert charged(10_000, (ISSUED, 99), cap=5_000).amount_fen == 0


STEPS = st.lists(st.tuples(st.integers(-20, 60), st.integers(0, 10**6)), min_size=1, max_size=5).map(
    lambda told: sorted({after(day): fen for day, fen in told}.items())
)


@settings(max_examples=300, deadline=None)
@given(STEPS, st.integers(-5, 80), st.integers(0, 10), st.integers(0, 2_000), st.integers(0, 400_000))
def test_a_late_charge_is_what_day_by_day_comes_to(
    steps: Sequence[tuple[date, int]], days: int, grace: int, ppm: int, cap: int
) -> None:
    owed = charged(days, *steps, grace=grace, ppm=ppm, cap=cap)
    outstanding = []
    for night in range(grace, days):
        known = [fen for day, fen in steps if day <= after(night)]
        outstanding.append(known[-1] if known else 0)
    exact = Decimal(sum(outstanding) * ppm) / 10**6
    principal = next((fen for fen in outstanding if fen), 0)
    earned = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert owed.amount_fen == min(earned, principal * cap // 10**6)
    assert late_charge_of(json.loads(json.dumps(owed.sums()))) == owed


@settings(max_examples=200, deadline=None)
@given(STEPS, st.lists(st.integers(0, 90), min_size=1, max_size=6).map(sorted))
def test_charging_often_comes_to_the_same_as_charging_once(
    steps: Sequence[tuple[date, int]], looks: Sequence[int]
) -> None:
    already = 0
    for days in looks:
        already += charged(days, *steps, already=already).amount_fen
    assert already == charged(looks[-1], *steps).amount_fen
