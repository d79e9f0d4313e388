"""Days against what the State Council's notices for 2025 and 2026 say of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.duty.calendar import Calendar, DayName, SpecialDay, calendar_for
from models.duty.rules import DayKind

#: The first and last day off of each holiday, as announced.
RUNS = {
    2025: [
        (date(2025, 1, 1), date(2025, 1, 1)),
        (date(2025, 1, 28), date(2025, 2, 4)),
        (date(2025, 4, 4), date(2025, 4, 6)),
        (date(2025, 5, 1), date(2025, 5, 5)),
        (date(2025, 5, 31), date(2025, 6, 2)),
        (date(2025, 10, 1), date(2025, 10, 8)),
    ],
    2026: [
        (date(2026, 1, 1), date(2026, 1, 3)),
        (date(2026, 2, 15), date(2026, 2, 23)),
        (date(2026, 4, 4), date(2026, 4, 6)),
        (date(2026, 5, 1), date(2026, 5, 5)),
        (date(2026, 6, 19), date(2026, 6, 21)),
        (date(2026, 9, 25), date(2026, 9, 27)),
        (date(2026, 10, 1), date(2026, 10, 7)),
    ],
}
#: Weekend days on which people work, as announced.
MAKEUP = {
    2025: [(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
    2026: [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
}


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return calendar_for(date(2025, 1, 1), date(2026, 12, 31))


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def year_of(year: int) -> list[date]:
    return days(date(year, 1, 1), date(year, 12, 31))


@pytest.mark.parametrize("year", [2025, 2026])
def test_people_are_off_and_at_work_as_announced(calendar: Calendar, year: int) -> None:
    off = {day for run in RUNS[year] for day in days(*run)}
    makeup = {date(year, *day) for day in MAKEUP[year]}
    assert {day for day in year_of(year) if calendar.in_holiday(day)} == off
    assert {day for day in year_of(year) if calendar.kind(day) is DayKind.MAKEUP} == makeup
    working = {day for day in year_of(year) if day not in off and (day.weekday() < 5 or day in makeup)}
    assert {day for day in year_of(year) if calendar.works(day)} == working


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 1, 1), DayKind.HOLIDAY, DayName.NEW_YEAR),
        (date(2026, 1, 2), DayKind.HOLIDAY, DayName.BRIDGE),
        (date(2026, 1, 4), DayKind.MAKEUP, ""),
        (date(2026, 2, 14), DayKind.MAKEUP, ""),
        (date(2026, 2, 15), DayKind.WEEKEND, ""),
        (date(2026, 2, 16), DayKind.HOLIDAY, DayName.SPRING_FESTIVAL),
        (date(2026, 2, 17), DayKind.HOLIDAY, DayName.SPRING_FESTIVAL),
        (date(2026, 2, 21), DayKind.WEEKEND, ""),
        (date(2026, 2, 23), DayKind.HOLIDAY, DayName.BRIDGE),
        (date(2026, 2, 24), DayKind.WORKDAY, ""),
        (date(2026, 4, 5), DayKind.HOLIDAY, DayName.TOMB_SWEEPING),  # a Sunday
        (date(2026, 4, 6), DayKind.HOLIDAY, DayName.TOMB_SWEEPING),  # given for it
        (date(2026, 5, 2), DayKind.HOLIDAY, DayName.LABOUR),
        (date(2026, 6, 19), DayKind.HOLIDAY, DayName.DRAGON_BOAT),
        (date(2026, 9, 25), DayKind.HOLIDAY, DayName.MID_AUTUMN),
        (date(2026, 10, 3), DayKind.HOLIDAY, DayName.NATIONAL),
        (date(2026, 10, 4), DayKind.WEEKEND, ""),
        (date(2026, 10, 7), DayKind.HOLIDAY, DayName.BRIDGE),
        (date(2026, 10, 10), DayKind.MAKEUP, ""),
        (date(2020, 10, 1), DayKind.HOLIDAY, DayName.NATIONAL),  # Mid-Autumn too
        (date(2020, 1, 31), DayKind.HOLIDAY, DayName.SPRING_FESTIVAL),  # put on by decree
        (date(2006, 12, 30), DayKind.MAKEUP, ""),  # by the plan of the year after
    ],
)
def test_a_day_has_its_kind_and_its_name(calendar: Calendar, day: date, kind: DayKind, name: str) -> None:
    assert (calendar.kind(day), calendar.name(day)) == (kind, name)


def test_what_has_no_code_is_called_as_it_is_called(calendar: Calendar) -> None:
    assert "胜利70周年" in calendar.name(date(2015, 9, 3))


@pytest.mark.parametrize(
    ("eve", "last"),
    [
        (date(2025, 1, 28), date(2025, 2, 4)),
        (date(2026, 2, 16), date(2026, 2, 23)),
        (date(2024, 2, 9), date(2024, 2, 17)),  # the eve was a Friday on which people worked
        (date(2020, 1, 24), date(2020, 2, 2)),
    ],
)
def test_spring_festival_lasts_from_its_eve_to_the_last_day_off(
    calendar: Calendar, eve: date, last: date
) -> None:
    assert [day for day in year_of(eve.year) if calendar.festival(day)] == days(eve, last)


def test_what_a_compound_has_set_wins_over_everything() -> None:
    spring, makeup, plain = date(2026, 2, 20), date(2026, 10, 10), date(2026, 11, 18)
    own = (
        SpecialDay(spring, DayKind.WORKDAY, "照常值班"),
        SpecialDay(makeup, DayKind.WEEKEND),
        SpecialDay(plain, DayKind.HOLIDAY, "小区日"),
    )
    calendar = calendar_for(spring, plain, own)
    assert [calendar.kind(one.day) for one in own] == [one.kind for one in own]
    assert [calendar.name(one.day) for one in own] == ["照常值班", "", "小区日"]
    assert calendar.in_holiday(plain)
    assert calendar.festival(spring - timedelta(days=1))
    assert not calendar.festival(spring)


def test_a_compound_makes_spring_festival_longer_by_its_own_days_and_takes_the_eve_out() -> None:
    eve, after = date(2099, 1, 20), date(2099, 1, 26)
    assert not Calendar().festival(after)
    assert Calendar((SpecialDay(after, DayKind.HOLIDAY),)).festival(after)
    assert Calendar().festival(eve)
    assert not Calendar((SpecialDay(eve, DayKind.WORKDAY),)).festival(eve)


def test_each_plan_since_2001_is_known_and_later_ones_are_told_apart(calendar: Calendar) -> None:
    assert all(calendar.announced(year) for year in range(2001, 2027))
    assert not calendar.announced(2000)
    assert not calendar.announced(2099)


def test_a_year_without_a_plan_has_the_days_laid_down_in_law(calendar: Calendar) -> None:
    national = [calendar.kind(date(2099, 10, day)) for day in range(1, 4)]
    assert national == [DayKind.HOLIDAY] * 3
    assert calendar.festival(date(2099, 1, 21))  # the first day of the year of the goat
    assert not any(calendar.kind(day) is DayKind.MAKEUP for day in year_of(2099))


@pytest.mark.parametrize("year", [1, 1949, 2101, 9998])
def test_years_beyond_all_knowledge_have_weekends_and_fixed_days(calendar: Calendar, year: int) -> None:
    fixed = {date(year, *day) for day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}
    for day in year_of(year):
        free = DayKind.WEEKEND if day.weekday() > 4 else DayKind.WORKDAY
        assert calendar.kind(day) is (DayKind.HOLIDAY if day in fixed else free)
        assert not calendar.festival(day)
    assert not calendar.announced(year)


def test_a_holiday_reaches_over_the_turn_of_the_year(calendar: Calendar) -> None:
    """The weekend before New Year's Day of 2024, a Monday, was its own: three days off, as announced."""
    assert [day for day in days(date(2023, 12, 28), date(2024, 1, 3)) if calendar.in_holiday(day)] == days(
        date(2023, 12, 30), date(2024, 1, 1)
    )
