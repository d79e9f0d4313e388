"""Times as they stand on paper, and the moments they mean."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tui.screens.duty.back_entry_state import read_times
from tui.screens.duty.handover_words import cash_difference, fen_of, masked_text
from tui.screens.duty.times import after, clock_of, moment, near, read_clock

ZONE = ZoneInfo("Asia/Shanghai")


def at(day: int, hours: int, minutes: int = 0) -> datetime:
    return datetime(2026, 3, day, hours, minutes, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("0832", 512),
        ("832", 512),
        ("8:32", 512),
        ("８：３２", 512),
        ("８点３２分", 512),
        (" 8.32 ", 512),
        ("8", 480),
        ("22点", 1320),
        ("2400", 1440),
        ("0860", None),
        ("2401", None),
        ("25", None),
        ("", None),
        ("[/b]", None),
        ("12345", None),
        ("-8", None),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(text: str, minutes: int | None) -> None:
    assert read_clock(text) == minutes


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("0832", (512, None)),
        ("0832 1130", (512, 690)),
        ("8:32–11:30", (512, 690)),
        ("8:32-11:30", (512, 690)),
        ("0832 x", None),
        ("", None),
        ("1 2 3", None),
    ],
)
def test_from_when_until_when_is_read_from_one_line(text: str, times: tuple[int, int | None] | None) -> None:
    assert read_times(text) == times


def test_a_time_means_the_day_nearest_to_the_shift() -> None:
    assert near(0 * 60 + 5, at(12, 22), ZONE) == at(13, 0, 5)
    assert near(21 * 60 + 55, at(12, 22), ZONE) == at(12, 21, 55)
    assert near(23 * 60 + 50, at(13, 0, 10), ZONE) == at(12, 23, 50)
    assert after(6 * 60, at(12, 22), ZONE) == at(13, 6)
    assert after(23 * 60, at(12, 22), ZONE) == at(12, 23)
    assert moment(date(2026, 3, 12), 1440, ZONE) == at(13, 0)
    assert clock_of(datetime(2026, 3, 12, 0, 5, tzinfo=UTC), ZONE) == "8:05"


def test_cash_is_fen_and_only_what_both_counted_differs() -> None:
    assert fen_of(None) is None
    assert fen_of("120.50") == 12_050
    assert cash_difference(12_000, 11_650).startswith("现金少 3.50 元")
    assert cash_difference(0, 5).startswith("现金多 0.05 元")
    assert (cash_difference(None, 5), cash_difference(5, None), cash_difference(5, 5)) == ("", "", "")


def test_mobile_numbers_in_words_are_masked_and_other_numbers_stay() -> None:
    assert masked_text("找13800000001，单号202603121234") == "找138****0001，单号202603121234"
