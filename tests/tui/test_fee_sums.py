"""How a bill's amount came about, told so that anybody can do the sum again."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from models.fees.derivation import Formula, Reading
from models.fees.late import late_charge
from models.fees.periods import period_of
from models.fees.sharing import shares
from models.fees.tariffs import Discount, Rule, charge
from tui import i18n
from tui.fee_sums import sum_lines, sum_text_short

TARIFF = UUID(int=1)
QUARTER, NOVEMBER = period_of("2026-Q4"), period_of("2026-11")
LONG_AGO = date(2000, 1, 1)


@pytest.fixture(autouse=True)
def chinese() -> None:
    i18n.use("zh_CN", strict=True)


def rule(
    formula: Formula = Formula.AREA, price: int = 12_000, version: int = 2, until: date | None = None
) -> Rule:
    return Rule(
        TARIFF, version, formula, price, LONG_AGO if version < 3 else date(2026, 11, 1), until, 3, 50_000
    )


def test_an_area_is_told_with_price_months_and_version() -> None:
    sums = charge([rule()], QUARTER, quantity=8950).sums()
    assert sum_lines(sums) == ["89.5 m² × 1.20 元/m²·月 × 3 个月 = 322.20（第 2 版标准）"]
    assert sum_text_short(sums) == "89.5 m² × 1.20 元/m²·月 × 3 个月 = 322.20"
    i18n.use("en", strict=True)
    assert sum_lines(sums) == ["89.5 m² × ¥1.20/m²·month × 3 months = 322.20 (tariff version 2)"]


def test_what_is_rounded_is_told_before_and_after() -> None:
    sums = charge([rule(price=5283)], QUARTER, quantity=8937).sums()
    assert sum_lines(sums) == [
        "89.37 m² × 0.5283 元/m²·月 × 3 个月 = 141.642513（第 2 版标准）",
        "141.642513 四舍五入到分：141.64",
    ]
    assert sum_text_short(sums).endswith("≈ 141.64")


def test_a_tariff_that_changes_within_a_period_gives_a_line_for_each_version() -> None:
    sums = charge([rule(), rule(price=15_000, version=3)], QUARTER, quantity=10_000).sums()
    assert sum_lines(sums) == [
        "2026-10：100 m² × 1.20 元/m²·月 × 1 个月 = 120.00（第 2 版标准）",
        "2026-11-01 至 2026-12-31：100 m² × 1.50 元/m²·月 × 2 个月 = 300.00（第 3 版标准）",
        "合计 420.00",
    ]


def test_months_without_a_tariff_are_named() -> None:
    sums = charge([rule(until=date(2026, 12, 1))], QUARTER, quantity=10_000).sums()
    assert sum_lines(sums)[-1] == "2026-12 没有收费标准，未计费"


def test_meters_parking_fixed_and_indoor_areas_each_say_what_is_counted() -> None:
    metered = charge([rule(Formula.METER, 38_500)], NOVEMBER, readings=[Reading(1_200_000, 1_212_500)])
    parked = charge([rule(Formula.PARKING, 1_500_000)], QUARTER, spaces=2)
    fixed, indoor = (
        charge([rule(Formula.FIXED, 80_000)], QUARTER),
        charge([rule(Formula.INDOOR_AREA)], NOVEMBER, quantity=5000),
    )
    assert [sum_text_short(one.sums()) for one in (metered, parked, fixed, indoor)] == [
        "用量 12.5（读数 1200 → 1212.5） × 3.85 元 ≈ 48.13",
        "2 个车位 × 150.00 元/月 × 3 个月 = 900.00",
        "8.00 元/月 × 3 个月 = 24.00",
        "室内 50 m² × 1.20 元/m²·月 × 1 个月 = 60.00",
    ]


@pytest.mark.parametrize(
    ("formula", "weights", "told"),
    [
        (Formula.SHARED_AREA, (8950, 10_000), "公摊 1,000.00 × 89.5 / 189.5 m² ≈ 472.30（第 2 版标准）"),
        (Formula.SHARED_HOUSEHOLD, (1, 1), "公摊 1,000.00 × 1 / 2 户 = 500.00（第 2 版标准）"),
        (Formula.SHARED_WEIGHT, (2, 6), "公摊 1,000.00 × 2 / 总权数 8 = 250.00（第 2 版标准）"),
    ],
)
def test_a_shared_cost_says_whose_weight_of_which_whole(
    formula: Formula, weights: tuple[int, int], told: str
) -> None:
    sums = charge([rule(formula)], NOVEMBER, share=shares(100_000, weights)[0]).sums()
    assert sum_lines(sums) == [told]


def test_what_is_taken_off_says_why_and_what_is_left() -> None:
    granted = (
        Discount(UUID(int=7), LONG_AGO, None, 0, 1000, "低保户"),
        Discount(UUID(int=8), LONG_AGO, None, 100_000, 0, ""),
    )
    sums = charge([rule()], QUARTER, quantity=10_000, discounts=granted, prepaid=True).sums()
    assert sum_lines(sums)[1:] == [
        "− 30.00 低保户（每月 10.00 × 3 个月）",
        "− 36.00 减免（10 % × 3 个月）",
        "− 14.70 预缴优惠（5 % × 3 个月）",
        "360.00 − 优惠 80.70 = 279.30",
    ]
    assert sum_text_short(sums) == "100 m² × 1.20 元/m²·月 × 3 个月 − 优惠 80.70 = 279.30"


def test_every_line_of_a_charge_can_be_done_again() -> None:
    """The factors that a line shows give the result that it shows, whatever area and price."""
    for area, price in ((1, 1), (8937, 5283), (123_456, 99_999), (7, 12_345)):
        line = sum_lines(charge([rule(price=price)], QUARTER, quantity=area).sums())[0]
        found = re.match(r"([\d.]+) m² × ([\d.]+) 元/m²·月 × (\d+) 个月 = ([\d.,]+)", line)
        assert found is not None
        left, told = found.groups()[:3], found.group(4).replace(",", "")
        assert Decimal(left[0]) * Decimal(left[1]) * Decimal(left[2]) == Decimal(told)


def test_a_late_charge_tells_days_rate_rounding_cap_and_what_was_charged_before() -> None:
    late = Rule(TARIFF, 1, Formula.AREA, 0, LONG_AGO, late_ppm=500, late_grace_days=10, late_cap_ppm=100_000)
    steps = [(date(2026, 1, 1), 32_220), (date(2026, 2, 20), 20_000)]
    sums = late_charge(late, steps, due_on=date(2026, 1, 31), today=date(2026, 3, 2), already_fen=30).sums()
    assert sum_lines(sums) == [
        "2026-02-10 至 2026-02-20：322.20 × 每日 0.05 % × 10 天 = 1.611",
        "2026-02-20 至 2026-03-02：200.00 × 每日 0.05 % × 10 天 = 1.00",
        "2.611 四舍五入到分：2.61",
        "已收过 0.30，再收 2.31",
    ]
    long = late_charge(late, steps[:1], due_on=date(2026, 1, 31), today=date(2027, 3, 2)).sums()
    assert sum_lines(long)[-1] == "违约金不超过上限（欠 322.20）：32.22"
    assert sum_text_short(long) == "322.20 逾期 385 天：32.22"


@pytest.mark.parametrize(
    "sums", [{}, {"parts": "?"}, {"parts": [{}]}, {"principal": 1}, {"v": 9}, {"parts": 5}]
)
def test_a_bill_that_keeps_no_derivation_tells_none(sums: dict[str, object]) -> None:
    assert (sum_lines(sums), sum_text_short(sums)) == ([], "")


def test_words_of_a_discount_are_told_as_they_are() -> None:
    odd = "[/b]{fen}%s"
    granted = (Discount(UUID(int=7), LONG_AGO, None, 0, 1000, odd),)
    lines = sum_lines(charge([rule()], NOVEMBER, quantity=10_000, discounts=granted).sums())
    assert lines[1] == f"− 10.00 {odd}（每月 10.00 × 1 个月）"
