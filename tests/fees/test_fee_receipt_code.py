from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import crockford
from models.fees.receipt_code import (
    ReceiptText,
    digest,
    number,
    parse_number,
    qr_text,
    series_from,
    verify_text,
)

DAY = date(2026, 11, 22)
LINES = [["物业费", "2026-Q4", 120_000], ["电梯费", "2026-11", 3450]]
SERIES = st.binary(min_size=2, max_size=8).map(series_from)


def test_a_number_says_year_series_and_count() -> None:
    assert number(2026, "K7Q", 123) == "26-K7Q-000123"
    assert number(26, "K7Q", 1_000_000) == "26-K7Q-1000000"


@pytest.mark.parametrize(
    "typed",
    ["26-K7Q-000123", "26-k7q-123", "２６－Ｋ７Ｑ－０００１２３", "26 k7q 123", "26k7q000123", "26—K7Q—OOO123",
     "  26-K7Q-OOOI23 ", "26k7q-l23", "26/k7q/123"],
)  # fmt: skip
def test_a_number_is_read_however_it_was_typed(typed: str) -> None:
    assert parse_number(typed) == "26-K7Q-000123"


@pytest.mark.parametrize(
    "typed", ["", "26", "26-K7Q", "26-K7Q-0", "26-K7Q-12A", "2X-K7Q-123", "26-K7-123", "26-K7Q-1234567890",
              "26-K7Q-000123-4", "二六-K7Q-123", "26-楼7Q-123", "26-K7Q-1楼2", "[/b]", "26-K7Q-٣", "9" * 5000],
)  # fmt: skip
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="unclear"):
        parse_number(typed)


def test_letters_that_no_series_holds_are_read_as_what_they_look_like() -> None:
    assert parse_number("26-oil-1") == "26-011-000001"
    assert parse_number("26-uV0-1") == "26-VV0-000001"


@settings(max_examples=200, deadline=None)
@given(st.integers(2000, 2099), SERIES, st.integers(1, 10**9 - 1))
def test_every_number_is_read_as_itself_without_dashes_too(year: int, series: str, n: int) -> None:
    spelt = number(year, series, n)
    assert parse_number(spelt) == parse_number(spelt.replace("-", "")) == parse_number(spelt.lower()) == spelt


def test_a_series_is_three_letters_that_nobody_confuses_and_all_occur() -> None:
    every = {series_from(n.to_bytes(2, "big")) for n in range(2**15)}
    assert len(every) == 2**15
    assert {len(series) for series in every} == {3}
    assert set().union(*every) == set(crockford.ALPHABET)


def test_a_digest_never_changes() -> None:
    # Papers that were printed years ago must still be found right.
    assert digest("26-K7Q-000123", DAY, 123_450, "3-1-502", LINES) == "14Y2YXQ0QTPACADK3"


def test_a_digest_changes_with_everything_a_receipt_says() -> None:
    made = {
        digest("26-K7Q-000123", DAY, 123_450, "3-1-502", LINES),
        digest("26-K7Q-000124", DAY, 123_450, "3-1-502", LINES),
        digest("26-K7Q-000123", date(2026, 11, 23), 123_450, "3-1-502", LINES),
        digest("26-K7Q-000123", DAY, 123_451, "3-1-502", LINES),
        digest("26-K7Q-000123", DAY, 123_450, "3-1-503", LINES),
        digest("26-K7Q-000123", DAY, 123_450, "3-1-502", LINES[:1]),
        digest("26-K7Q-000123", DAY, 123_450, "3-1-502", LINES[::-1]),
        digest("26-K7Q-000123", DAY, 123_450, "3-1-502", [["物业费2026-Q4", 120_000], LINES[1]]),
    }
    assert len(made) == 8
    assert {len(each) for each in made} == {17}


def test_a_qr_text_is_legible_and_says_no_more_than_the_receipt() -> None:
    text = qr_text("26-K7Q-000123", DAY, 123_450, "3-1-502", "1ABC")
    assert text == "LINLI1/26-K7Q-000123/2026-11-22/1234.50/3-1-502/1ABC"


def test_a_door_of_any_spelling_stays_one_field() -> None:
    for door in ("3/1%2F502", "3%2F1", "三 栋\n502", "A栋-1-101"):
        assert verify_text(qr_text("26-K7Q-000123", DAY, 1, door, "1ABC")).door == door


@settings(max_examples=300, deadline=None)
@given(SERIES, st.integers(1, 10**6), st.dates(), st.integers(0, 10**12), st.text(max_size=20))
def test_whatever_a_qr_text_says_is_read_again(series: str, n: int, day: date, fen: int, door: str) -> None:
    door = door.encode(errors="ignore").decode()
    said = ReceiptText(number(2026, series, n), day, fen, door, digest("x", day, fen, door, []))
    text = qr_text(said.number, said.paid_on, said.amount_fen, said.door, said.digest)
    assert len(text.splitlines()) == 1
    assert verify_text(f" {text}\n") == said


@pytest.mark.parametrize(
    "text",
    ["", "https://example.org/26-K7Q-000123/2026-11-22/1.00/1/1", "LINLI1/26-K7Q-000123/2026-11-22/1.00/1",
     "LINLI1/26-K7Q/2026-11-22/1.00/1-1-101/1ABC", "LINLI1/26-K7Q-000123/22.11.2026/1.00/1-1-101/1ABC",
     "LINLI1/26-K7Q-000123/2026-11-22/1.0001/1-1-101/1ABC", "LINLI9/26-K7Q-000123/2026-11-22/1.00/1-1-101/1ABC"],
)  # fmt: skip
def test_a_text_that_is_none_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        verify_text(text)
