from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fees.money import (
    MOST_FEN,
    MoneyTextError,
    area_text,
    capitals,
    fen_of,
    half_up,
    price_of,
    price_text,
    reading_text,
    yuan,
)

AMOUNTS = st.integers(-MOST_FEN, MOST_FEN)
CAPITALS = {numeral: digit for digit, numeral in enumerate("零壹贰叁肆伍陆柒捌玖")}
TIMES = {"拾": 10, "佰": 100, "仟": 1000}


def read_capitals(text: str) -> int:
    """Read 大写 aloud, knowing nothing of how they were written."""
    sign, text = (-1, text[1:]) if text.startswith("负") else (1, text)
    total = group = digit = fen = 0
    for letter in text:
        if letter in CAPITALS:
            digit = CAPITALS[letter]
        elif letter in TIMES:
            group, digit = group + digit * TIMES[letter], 0
        elif letter in "万亿":
            total, group, digit = total + (group + digit) * {"万": 10**4, "亿": 10**8}[letter], 0, 0
        elif letter == "元":
            fen, digit = (total + group + digit) * 100, 0
        elif letter in "角分":
            fen, digit = fen + digit * {"角": 10, "分": 1}[letter], 0
    return sign * fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1234.5", 123450),
        ("1,234.50", 123450),
        ("１，２３４．５０", 123450),
        ("¥12", 1200),
        ("￥ 12.00 元", 1200),
        ("-3.5元", -350),
        ("¥-3.50", -350),
        ("－¥3.50", -350),
        ("−0.01", -1),
        ("+88.8", 8880),
        (" 12 345.60 ", 1234560),
        ("１２。５", 1250),
        ("100元整", 10000),
        ("rmb 7", 700),
        (".5", 50),
        ("12.", 1200),
        ("0012.30", 1230),
        ("\t600.00\t", 60000),
        ("100000000000", MOST_FEN),
    ],
)
def test_an_amount_is_read_as_people_and_files_write_it(text: str, fen: int) -> None:
    assert fen_of(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money.unclear"),
        ("元", "money.unclear"),
        (".", "money.unclear"),
        ("-", "money.unclear"),
        ("--1", "money.unclear"),
        ("-¥-1", "money.unclear"),
        ("1,23", "money.unclear"),
        ("12 30", "money.unclear"),
        ("1e3", "money.unclear"),
        ("0x10", "money.unclear"),
        ("1.2.3", "money.unclear"),
        ("nan", "money.unclear"),
        ("Infinity", "money.unclear"),
        ("一百", "money.unclear"),
        ("[/b]", "money.unclear"),
        ("٣", "money.unclear"),
        ("12.345", "money.too_fine"),
        ("0.10000000000000000555", "money.too_fine"),
        ("100000000000.01", "money.too_large"),
        ("9" * 5000, "money.too_large"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(MoneyTextError) as refused:
        fen_of(text)
    assert refused.value.code == code


@settings(max_examples=300, deadline=None)
@given(AMOUNTS)
def test_an_amount_shown_is_the_amount_read(fen: int) -> None:
    assert fen_of(yuan(fen)) == fen
    assert Decimal(yuan(fen).replace(",", "")) * 100 == fen


def test_an_amount_is_shown_with_thousands_and_two_decimals() -> None:
    assert [yuan(fen) for fen in (0, 5, 123450, -123456789, 100)] == [
        "0.00", "0.05", "1,234.50", "-1,234,567.89", "1.00",
    ]  # fmt: skip


def test_a_price_has_four_decimals_at_most_and_two_at_least() -> None:
    assert [price_of(text) for text in ("1.2", "0.5283", "￥3")] == [12000, 5283, 30000]
    assert [price_text(price) for price in (12000, 5283, 30000, 5)] == ["1.20", "0.5283", "3.00", "0.0005"]
    with pytest.raises(MoneyTextError, match="too_fine"):
        price_of("1.23456")
    with pytest.raises(MoneyTextError, match="negative"):
        price_of("-1")


def test_areas_and_readings_are_shown_without_idle_zeros() -> None:
    assert [area_text(area) for area in (8950, 10000, 8901, 0)] == ["89.5", "100", "89.01", "0"]
    assert [reading_text(reading) for reading in (1234567, 5000, -50)] == ["1234.567", "5", "-0.05"]


@settings(max_examples=300, deadline=None)
@given(st.integers(-(10**18), 10**18), st.integers(1, 10**7))
def test_half_up_is_the_nearest_and_mirrors(numerator: int, denominator: int) -> None:
    nearest = half_up(numerator, denominator)
    assert 2 * abs(numerator - nearest * denominator) <= denominator
    assert half_up(-numerator, denominator) == -nearest


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**12), 10**12))
def test_a_half_goes_away_from_zero(tenths: int) -> None:
    assert half_up(tenths, 10) == int((Decimal(tenths) / 10).quantize(Decimal(1), ROUND_HALF_UP))


def test_half_up_asks_for_a_positive_denominator() -> None:
    with pytest.raises(ValueError, match="positive"):
        half_up(1, 0)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        # The rule's own examples, and where it leaves a choice the shorter of its two.
        (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"),
        (168032, "壹仟陆佰捌拾元叁角贰分"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (123450, "壹仟贰佰叁拾肆元伍角整"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (105, "壹元零伍分"),
        (1000, "壹拾元整"),
        (10000500, "壹拾万零伍元整"),
        (10000000500, "壹亿零伍元整"),
        (10005000000, "壹亿零伍万元整"),
        (10000500000, "壹亿零伍仟元整"),
        (12345678901, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分"),
        (-1234, "负壹拾贰元叁角肆分"),
        (MOST_FEN, "壹仟亿元整"),
    ],
)
def test_capitals_are_written_as_the_rule_for_vouchers_says(fen: int, text: str) -> None:
    assert capitals(fen) == text


@settings(max_examples=500, deadline=None)
@given(AMOUNTS | st.integers(-(10**7), 10**7) | st.integers(0, 10**6).map(lambda n: n * 100_000))
def test_capitals_read_aloud_are_the_amount(fen: int) -> None:
    text = capitals(fen)
    assert read_capitals(text) == fen
    assert "零零" not in text
    assert text.endswith(("整", "分"))


def test_an_amount_beyond_all_bounds_has_no_capitals() -> None:
    with pytest.raises(ValueError, match="beyond"):
        capitals(MOST_FEN + 1)
