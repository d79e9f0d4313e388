from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.duty.calendar import Calendar
from models.duty.rules import DayKind, Ruling
from models.duty.weighing import Part, Reason, parts, points

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Clocks that stand still, that are moved by an hour, and by half an hour.
ZONES = [SHANGHAI, *map(ZoneInfo, ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"))]
CALENDAR = Calendar()
RULING = Ruling()


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def weighed(begins: str, ends: str, ruling: Ruling = RULING) -> list[tuple[str, int, int, int]]:
    found = parts(at(begins), at(ends), CALENDAR, ruling, SHANGHAI)
    return [(part.reason.value, part.minutes, part.percent, part.points) for part in found]


def test_an_hour_on_a_working_day_is_a_hundred_points() -> None:
    assert weighed("2026-11-18T09:00", "2026-11-18T13:00") == [("plain", 240, 100, 400)]
    assert points(at("2026-11-18T09:00"), at("2026-11-18T13:00"), CALENDAR, RULING, SHANGHAI) == 400


def test_the_night_lasts_from_ten_to_six() -> None:
    assert weighed("2026-11-18T20:00", "2026-11-19T08:00") == [
        ("plain", 120, 100, 200),
        ("night", 480, 150, 1200),
        ("plain", 120, 100, 200),
    ]


def test_a_makeup_saturday_weighs_as_the_working_day_that_it_is() -> None:
    assert weighed("2026-10-10T09:00", "2026-10-10T11:00") == [("plain", 120, 100, 200)]
    assert weighed("2026-10-17T09:00", "2026-10-17T11:00") == [("weekend", 120, 125, 250)]


def test_the_strongest_counts_and_not_all_of_them() -> None:
    """A weekend's night is a night; from midnight on, New Year's night is a holiday."""
    assert weighed("2026-10-17T20:00", "2026-10-18T00:00") == [
        ("weekend", 120, 125, 250),
        ("night", 120, 150, 300),
    ]
    assert weighed("2025-12-31T22:00", "2026-01-01T06:00") == [
        ("night", 120, 150, 300),
        ("holiday", 360, 200, 1200),
    ]


def test_every_day_of_a_holidays_week_weighs_the_same() -> None:
    """4 October 2026 is a Sunday, 6 October a day off in exchange: nobody should bargain over which of them."""
    week = [weighed(f"2026-10-0{day}T09:00", f"2026-10-0{day}T10:00") for day in range(1, 8)]
    assert week == [[("holiday", 60, 200, 200)]] * 7


def test_the_eve_of_spring_festival_weighs_as_the_festival() -> None:
    assert weighed("2026-02-15T22:00", "2026-02-16T06:00") == [
        ("holiday", 120, 200, 400),
        ("festival", 360, 300, 1800),
    ]


def test_of_two_reasons_that_weigh_the_same_the_rarer_is_told() -> None:
    even = Ruling(night=200, holiday=200)
    assert weighed("2026-10-01T22:00", "2026-10-01T23:00", even) == [("holiday", 60, 200, 200)]


def test_a_night_that_is_slept_through_may_weigh_less_than_a_plain_hour() -> None:
    light = Ruling(night=50, weekend=0)
    assert weighed("2026-11-18T21:00", "2026-11-18T23:00", light) == [
        ("plain", 60, 100, 100),
        ("night", 60, 50, 50),
    ]
    assert weighed("2026-10-17T21:00", "2026-10-17T23:00", light) == [
        ("weekend", 60, 0, 0),
        ("night", 60, 50, 50),
    ]


def test_the_sum_is_rounded_once_and_half_up() -> None:
    assert weighed("2026-10-17T09:00", "2026-10-17T09:06") == [("weekend", 6, 125, 13)]  # 12.5
    # 21:56 to 22:05 is 4 minutes at 100 and 5 at 150: 6.67 and 12.5, which are 19.17 together, not 7 and 13.
    assert weighed("2026-11-18T21:56", "2026-11-18T22:05") == [("plain", 4, 100, 7), ("night", 5, 150, 12)]


def test_seconds_begun_do_not_count_and_no_time_weighs_nothing() -> None:
    assert weighed("2026-11-18T09:00:40", "2026-11-18T09:30:59") == [("plain", 30, 100, 50)]
    assert weighed("2026-11-18T09:00", "2026-11-18T09:00") == []
    assert weighed("2026-11-18T09:00", "2026-11-18T08:00") == []


@pytest.mark.parametrize(
    ("begins", "ends", "night"),
    [("2026-03-28T22:00", "2026-03-29T08:00", 7), ("2026-10-24T22:00", "2026-10-25T08:00", 9)],
)
def test_a_night_in_which_clocks_are_moved_is_as_long_as_it_is(begins: str, ends: str, night: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert parts(at(begins, zone), at(ends, zone), CALENDAR, RULING, zone) == (
        Part(Reason.NIGHT, night * 60, 150, night * 150),
        Part(Reason.WEEKEND, 120, 125, 250),
    )


def test_the_compounds_zone_says_when_it_is_night() -> None:
    """14:00 to 22:00 by Greenwich is the night in Shanghai."""
    span = datetime(2026, 11, 18, 14, tzinfo=UTC), datetime(2026, 11, 18, 22, tzinfo=UTC)
    assert parts(*span, CALENDAR, RULING, SHANGHAI) == (Part(Reason.NIGHT, 480, 150, 1200),)


def by_the_minute(begins: datetime, minutes: int, ruling: Ruling, zone: ZoneInfo) -> dict[int, int]:
    """Return how many minutes weigh each percent, asked minute by minute."""
    found: dict[int, int] = {}
    for n in range(minutes):
        local = (begins + timedelta(minutes=n)).astimezone(zone)
        kind = CALENDAR.kind(local.date())
        factors = [
            *([ruling.night] if local.hour in {22, 23, 0, 1, 2, 3, 4, 5} else []),
            *([ruling.weekend] if kind is DayKind.WEEKEND else []),
            *([ruling.holiday] if kind is DayKind.HOLIDAY or CALENDAR.in_holiday(local.date()) else []),
            *([ruling.festival] if CALENDAR.festival(local.date()) else []),
        ]
        percent = max(factors, default=100)
        found[percent] = found.get(percent, 0) + 1
    return found


#: The days before Spring Festival, before clocks are moved, and before a plain one.
NEAR = [
    *((SHANGHAI, day) for day in ("2026-02-14", "2026-09-30", "2026-11-18", "2025-12-31")),
    *((ZoneInfo("Europe/Berlin"), day) for day in ("2026-03-28", "2026-10-24")),
    *((ZoneInfo("America/New_York"), day) for day in ("2026-03-07", "2026-10-31")),
    *((ZoneInfo("Australia/Lord_Howe"), day) for day in ("2026-04-04", "2026-10-03")),
]


@settings(deadline=None, max_examples=120)
@given(
    near=st.sampled_from(NEAR),
    begin=st.integers(0, 2 * 1440),
    minutes=st.integers(0, 900),
    factors=st.lists(st.integers(0, 400), min_size=4, max_size=4),
)
def test_a_span_weighs_what_its_minutes_weigh(
    near: tuple[ZoneInfo, str], begin: int, minutes: int, factors: list[int]
) -> None:
    zone, day = near
    ruling = Ruling(*factors)
    begins = at(day, zone).astimezone(UTC) + timedelta(minutes=begin)
    ends = begins + timedelta(minutes=minutes)
    oracle = by_the_minute(begins, minutes, ruling, zone)
    found = parts(begins, ends, CALENDAR, ruling, zone)
    told: dict[int, int] = {}
    for part in found:
        told[part.percent] = told.get(part.percent, 0) + part.minutes
    assert told == oracle
    exact = sum(Fraction(n * percent, 60) for percent, n in oracle.items())
    assert points(begins, ends, CALENDAR, ruling, zone) == floor(exact + Fraction(1, 2))
    assert all(abs(part.points - Fraction(part.minutes * part.percent, 60)) < 1 for part in found)


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_duty_has_every_minute_once(zone: ZoneInfo) -> None:
    begins, ends = at("2026-01-01", zone), at("2027-01-01", zone)
    found = parts(begins, ends, CALENDAR, RULING, zone)
    assert sum(part.minutes for part in found) == 365 * 1440
