from __future__ import annotations

import pytest

from models.duty.rules import LONGEST_SHIFT
from tui import i18n
from tui.duty_words_setup import ends_text, month_days_text, times_text
from tui.screens.duty.posts_typed import read_length, read_month_days, read_span

EIGHT_THIRTY, TEN_AT_NIGHT = 510, 1320


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("11:30", 180),
        ("１１３０", 180),
        ("11点30分", 180),
        ("3小时", 180),
        ("3 个小时", 180),
        ("2.5小时", 150),
        ("90 min", 90),
        ("3 hours", 180),
        ("8:30", 1440),  # the next day's
        ("6", 1290),
        ("48小时", LONGEST_SHIFT),
        ("49小时", None),
        ("3分钟", None),
        ("[/b]", None),
        ("晚上", None),
        ("25:00", None),
    ],
)
def test_a_shifts_end_or_length_is_read_as_people_type_it(typed: str, minutes: int | None) -> None:
    assert read_length(typed, EIGHT_THIRTY) == minutes


def test_a_night_ends_on_the_next_day() -> None:
    assert read_length("6:00", TEN_AT_NIGHT) == 480
    assert read_length("24:00", TEN_AT_NIGHT) == 120


@pytest.mark.parametrize("minutes", [5, 60, 180, 1439, 1440, 1500, 1530, LONGEST_SHIFT])
@pytest.mark.parametrize("starts", [0, EIGHT_THIRTY, TEN_AT_NIGHT])
def test_what_a_form_shows_of_a_shifts_end_is_read_back_as_it_was(
    starts: int, minutes: int, each_language: str
) -> None:
    assert each_language
    assert read_length(ends_text(starts, minutes), starts) == minutes


@pytest.mark.parametrize("days", [[], [1], [-1], [1, 15], [-31, -2, -1, 31]])
def test_days_of_the_month_are_read_back_as_they_were(days: list[int], each_language: str) -> None:
    assert each_language
    assert read_month_days(month_days_text(days)) == days


@pytest.mark.parametrize("typed", ["0", "32", "一号", "1号 x", "-0", "[a栋]", "1.5"])
def test_what_is_no_day_of_a_month_is_not_taken_for_one(typed: str) -> None:
    assert read_month_days(typed) is None


def test_days_of_the_month_are_read_with_their_words() -> None:
    assert read_month_days("1号、１５日，月末") == [-1, 1, 15]


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("18:00-21:00", (1080, 1260)),
        ("18—21", (1080, 1260)),
        ("８点至１１点半".replace("半", "30分"), (480, 690)),
        ("9 to 11", (540, 660)),
        ("22-24:00", (1320, 1440)),
        ("21-18", None),
        ("18", None),
        ("", None),
        ("[/b]-[a栋]", None),
    ],
)
def test_a_span_of_a_day_is_read_as_people_type_it(typed: str, span: tuple[int, int] | None) -> None:
    assert read_span(typed) == span


def test_a_span_past_midnight_says_so(each_language: str) -> None:
    assert "6:00" in times_text(TEN_AT_NIGHT, 480)
    assert times_text(TEN_AT_NIGHT, 480) != "22:00–6:00"
    assert i18n.language() == each_language
