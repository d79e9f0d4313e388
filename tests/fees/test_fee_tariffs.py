from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fees.derivation import charge_of
from models.fees.periods import Cycle, Period, cycle_at, months_in, period_of
from models.fees.sharing import shares
from models.fees.tariffs import Discount, Formula, Reading, Rule, charge, parts_of

TARIFF = UUID(int=1)
YEAR, QUARTER, NOVEMBER = period_of("2026"), period_of("2026-Q4"), period_of("2026-11")
LONG_AGO = date(2000, 1, 1)


def rule(
    formula: Formula = Formula.AREA,
    price: int = 12_000,
    *,
    version: int = 1,
    since: date = LONG_AGO,
    until: date | None = None,
    prepay_months: int = 0,
    prepay_ppm: int = 0,
) -> Rule:
    return Rule(TARIFF, version, formula, price, since, until, prepay_months, prepay_ppm)


def off(
    n: int = 1, *, ppm: int = 0, fen: int = 0, since: date = LONG_AGO, until: date | None = None
) -> Discount:
    return Discount(UUID(int=n), since, until, ppm, fen, f"理由{n}")


def test_an_area_is_charged_by_price_and_months_and_rounded_once() -> None:
    # 89.37 m2 x 0.5283 yuan = 47.214171 yuan a month: 141.642513 a quarter, not three times 47.21.
    owed = charge([rule(price=5283)], QUARTER, quantity=8937)
    assert (owed.gross_fen, owed.discount_fen, owed.amount_fen) == (14164, 0, 14164)
    (part,) = owed.parts
    assert (part.unit, part.quantity, part.price, part.months, part.version) == ("m2", 8937, 5283, 3, 1)
    assert charge([rule(Formula.INDOOR_AREA)], NOVEMBER, quantity=5000).amount_fen == 6000


def test_half_a_fen_is_rounded_up() -> None:
    assert charge([rule(price=5000)], NOVEMBER, quantity=1).amount_fen == 1
    assert charge([rule(price=4999)], NOVEMBER, quantity=1).amount_fen == 0


def test_fixed_and_parking_are_charged_by_the_month_and_space() -> None:
    assert charge([rule(Formula.FIXED, 80_000)], QUARTER).amount_fen == 2400
    assert charge([rule(Formula.PARKING, 1_500_000)], QUARTER, spaces=2).amount_fen == 90_000
    assert charge([rule(Formula.PARKING)], QUARTER, spaces=0).amount_fen == 0


def test_a_meter_is_charged_by_what_went_through_it_whatever_the_months() -> None:
    # 12.345 and 0.655 of a replaced meter: 13 x 3.1 yuan.
    owed = charge(
        [rule(Formula.METER, 31_000)], QUARTER, readings=[Reading(100_000, 112_345), Reading(0, 655)]
    )
    assert owed.amount_fen == 4030
    assert [(part.unit, part.quantity, part.reading, part.months) for part in owed.parts] == [
        ("reading", 12_345, (100_000, 112_345), 0),
        ("reading", 655, (0, 655), 0),
    ]


@pytest.mark.parametrize("formula", [Formula.SHARED_AREA, Formula.SHARED_HOUSEHOLD, Formula.SHARED_WEIGHT])
def test_shares_of_a_cost_are_charged_to_the_last_fen(formula: Formula) -> None:
    cost = shares(100_001, [8937, 10_000, 6021])
    owed = [charge([rule(formula)], QUARTER, share=share) for share in cost]
    assert sum(each.amount_fen for each in owed) == 100_001
    assert owed[0].parts[0].unit == "share"
    assert owed[0].parts[0].share == cost[0]


def test_a_rule_that_changes_within_a_period_splits_it_by_months() -> None:
    old = rule(price=10_000, until=date(2026, 11, 15))
    new = rule(price=20_000, version=2, since=date(2026, 11, 15))
    owed = charge([new, old], QUARTER, quantity=10_000)
    # The fifteenth of November is too late for November.
    assert [(part.version, part.months, part.first, part.end) for part in owed.parts] == [
        (1, 2, date(2026, 10, 1), date(2026, 12, 1)),
        (2, 1, date(2026, 12, 1), date(2027, 1, 1)),
    ]
    assert owed.amount_fen == 10_000 * 2 + 20_000


def test_of_two_rules_in_force_the_later_version_counts() -> None:
    owed = charge([rule(price=10_000), rule(price=30_000, version=2)], NOVEMBER, quantity=100)
    assert [part.version for part in owed.parts] == [2]
    assert owed.amount_fen == 300


def test_a_version_between_two_months_of_another_is_a_line_of_its_own() -> None:
    winter = rule(price=20_000, version=2, since=date(2026, 11, 1), until=date(2026, 12, 1))
    owed = charge([rule(price=10_000), winter], QUARTER, quantity=100)
    assert [(part.version, part.months) for part in owed.parts] == [(1, 2), (2, 1)]
    assert owed.amount_fen == 400


def test_months_without_a_rule_are_told_and_not_charged() -> None:
    owed = charge([rule(since=date(2026, 11, 2))], QUARTER, quantity=10_000)
    assert owed.gaps == (date(2026, 10, 1), date(2026, 11, 1))
    assert owed.parts[0].months == 1
    none = charge([], QUARTER)
    assert (none.amount_fen, none.parts, len(none.gaps)) == (0, (), 3)


def test_a_discount_counts_for_the_months_that_begin_in_its_span() -> None:
    half = off(ppm=500_000, since=date(2026, 10, 2), until=date(2026, 12, 1))
    owed = charge([rule(price=10_000)], QUARTER, quantity=10_000, discounts=[half])
    assert (owed.gross_fen, owed.discount_fen, owed.amount_fen) == (30_000, 5_000, 25_000)
    assert [(less.discount_id, less.months, less.ppm) for less in owed.discounts] == [
        (UUID(int=1), 1, 500_000)
    ]


def test_nobody_is_let_off_more_than_they_owe() -> None:
    owed = charge(
        [rule(price=10_000)],
        QUARTER,
        quantity=10_000,
        discounts=[off(1, fen=8_000), off(2, ppm=500_000), off(3, fen=99_999_999)],
    )
    assert (owed.discount_fen, owed.amount_fen) == (30_000, 0)
    assert [less.fen for less in owed.discounts] == [24_000, 6_000, 0]


def test_a_discount_that_holds_in_no_month_leaves_no_line() -> None:
    assert (
        charge([rule()], NOVEMBER, quantity=1, discounts=[off(ppm=1, since=date(2027, 1, 1))]).discounts == ()
    )


def test_paying_ahead_takes_its_part_of_what_is_left_and_only_for_long_enough() -> None:
    ahead = rule(price=10_000, prepay_months=12, prepay_ppm=100_000)
    owed = charge([ahead], YEAR, quantity=10_000, discounts=[off(ppm=500_000)], prepaid=True)
    assert [less.fen for less in owed.discounts] == [60_000, 6_000]
    assert owed.discounts[1].discount_id is None
    assert charge([ahead], YEAR, quantity=10_000).discount_fen == 0
    assert charge([ahead], QUARTER, quantity=10_000, prepaid=True).discount_fen == 0
    assert charge([rule()], YEAR, quantity=10_000, prepaid=True).discount_fen == 0
    assert charge([rule(prepay_ppm=100_000)], YEAR, quantity=10_000, prepaid=True).discount_fen == 0


def test_what_is_charged_once_is_discounted_by_the_months_that_the_discount_holds() -> None:
    owed = charge(
        [rule(Formula.METER, 30_000)],
        QUARTER,
        readings=[Reading(0, 10_000)],
        discounts=[off(ppm=500_000, until=date(2026, 11, 1))],
    )
    assert (owed.gross_fen, owed.discount_fen) == (3000, 500)


def test_a_span_between_two_readings_need_not_be_months() -> None:
    span = Period(date(2026, 10, 20), date(2026, 11, 19))
    assert charge([rule(Formula.METER, 10_000)], span, readings=[Reading(0, 1000)]).amount_fen == 100
    with pytest.raises(ValueError, match="whole months"):
        charge([rule()], span, quantity=1)


def test_what_a_formula_asks_for_must_be_there() -> None:
    for formula in Formula:
        if formula is not Formula.FIXED:
            with pytest.raises(ValueError, match="asks for"):
                charge([rule(formula)], QUARTER)
    with pytest.raises(ValueError, match="asks for"):
        charge([rule()], QUARTER, quantity=-1)
    with pytest.raises(ValueError, match="do not fall"):
        charge([rule(Formula.METER)], QUARTER, readings=[Reading(5, 4)])


def test_formulas_by_the_month_and_for_the_whole_period_do_not_mix() -> None:
    later = rule(Formula.METER, version=2, since=date(2026, 12, 1))
    with pytest.raises(ValueError, match="do not mix"):
        charge([rule(), later], QUARTER, quantity=1, readings=[Reading(0, 1)])


DAY = st.dates(date(2025, 1, 1), date(2027, 12, 31))
RULES = st.lists(
    st.tuples(DAY, DAY | st.none(), st.integers(0, 10**6)).map(lambda t: (t[0], t[1], t[2])), max_size=4
).map(
    lambda told: [
        Rule(TARIFF, n, Formula.AREA, price, since, until, 3, 50_000)
        for n, (since, until, price) in enumerate(told, 1)
    ]
)
OFFS = st.lists(st.tuples(DAY, st.integers(0, 10**6), st.integers(0, 20_000)), max_size=3).map(
    lambda told: [Discount(UUID(int=n), since, None, ppm, fen) for n, (since, ppm, fen) in enumerate(told, 1)]
)


@settings(max_examples=300, deadline=None)
@given(
    rules=RULES,
    period=st.builds(cycle_at, st.sampled_from(Cycle), DAY),
    area=st.integers(0, 100_000),
    offs=OFFS,
    prepaid=st.booleans(),
)
def test_a_charge_adds_up_is_rounded_once_and_survives_json(
    *, rules: Sequence[Rule], period: Period, area: int, offs: Sequence[Discount], prepaid: bool
) -> None:
    owed = charge(rules, period, quantity=area, discounts=offs, prepaid=prepaid)
    # An oracle that goes month by month in decimals, knowing nothing of parts.
    exact = Decimal(0)
    with localcontext(prec=60):
        for month in months_in(period):
            held = [rule for rule in rules if rule.holds_on(month.first)]
            if held:
                exact += Decimal(area) / 100 * Decimal(held[-1].price) / 10_000 * 100
    assert owed.gross_fen == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert owed.amount_fen == owed.gross_fen - owed.discount_fen
    assert 0 <= owed.discount_fen <= owed.gross_fen
    assert owed.discount_fen == sum(less.fen for less in owed.discounts)
    assert all(less.fen >= 0 for less in owed.discounts)
    assert sum(part.months for part in owed.parts) + len(owed.gaps) == len(months_in(period))
    assert abs(sum(part.exact for part in owed.parts) - owed.gross_fen) * 2 <= 1
    kept = json.loads(json.dumps(owed.sums()))
    assert charge_of(kept) == owed
    assert parts_of(kept) == owed.parts


def test_readings_shares_and_reasons_survive_json() -> None:
    metered = charge(
        [rule(Formula.METER)], QUARTER, readings=[Reading(1, 20_000)], discounts=[off(ppm=1)], prepaid=True
    )
    (cost, *_) = shares(1001, [2, 1])
    shared = charge(
        [rule(Formula.SHARED_WEIGHT, prepay_months=1, prepay_ppm=9)], QUARTER, share=cost, prepaid=True
    )
    for owed in (metered, shared):
        assert charge_of(json.loads(json.dumps(owed.sums()))) == owed


def test_sums_hold_whole_numbers_and_texts_only() -> None:
    def leaves(value: object) -> list[object]:
        if isinstance(value, dict):
            return [leaf for each in value.values() for leaf in leaves(each)]
        return [leaf for each in value for leaf in leaves(each)] if isinstance(value, list) else [value]

    owed = charge([rule(since=date(2026, 11, 1))], QUARTER, quantity=8937, discounts=[off(ppm=333_333)])
    assert {type(leaf) for leaf in leaves(owed.sums())} <= {int, str, type(None)}
