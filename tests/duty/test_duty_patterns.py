from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.duty.calendar import Calendar, SpecialDay, calendar_for
from models.duty.patterns import Planned, days_of, falls_on, pattern_problems, plan, template_problems
from models.duty.rules import DayKind, Days, Need, NeedKind, Pattern, Ruling, Template, Weeks
from models.problems import Problem

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
POST = UUID(int=7)
CALENDAR = calendar_for(date(2025, 1, 1), date(2026, 12, 31))


def template(
    n: int = 1, *, starts: int = 8 * 60, minutes: int = 240, hands: int = 2, **rest: object
) -> Template:
    return Template(UUID(int=n), POST, f"班{n}", starts, minutes, hands, **rest)  # type: ignore[arg-type]


def planned(*templates: Template, first: date, last: date, zone: ZoneInfo = SHANGHAI) -> tuple[Planned, ...]:
    return plan(templates, first, last, CALENDAR, zone, ruling=Ruling())


def held(pattern: Pattern, first: date, last: date) -> list[str]:
    return [f"{day:%m-%d}" for day in days_of(pattern, first, last, CALENDAR)]


def test_a_pattern_that_asks_nothing_holds_on_each_day_with_first_and_last() -> None:
    assert held(Pattern(), date(2026, 12, 30), date(2027, 1, 1)) == ["12-30", "12-31", "01-01"]
    assert held(Pattern(), date(2026, 12, 30), date(2026, 12, 29)) == []


def test_weekdays_and_a_span_bound_a_pattern_and_its_end_is_not_in_it() -> None:
    pattern = Pattern(frozenset({1, 7}), since=date(2026, 11, 9), until=date(2026, 11, 22))
    assert held(pattern, date(2026, 11, 1), date(2026, 11, 30)) == ["11-09", "11-15", "11-16"]


def test_days_of_the_month_are_counted_from_either_end() -> None:
    pattern = Pattern(month_days=frozenset({31, -1, -28}))
    assert held(pattern, date(2026, 1, 1), date(2026, 4, 30)) == [
        "01-04", "01-31", "02-01", "02-28", "03-04", "03-31", "04-03", "04-30",
    ]  # fmt: skip


def test_a_year_of_53_weeks_has_two_odd_weeks_on_end() -> None:
    sundays = frozenset({7})
    span = date(2026, 12, 14), date(2027, 1, 24)
    assert held(Pattern(sundays, Weeks.ODD), *span) == ["12-20", "01-03", "01-10", "01-24"]
    assert held(Pattern(sundays, Weeks.EVEN), *span) == ["12-27", "01-17"]


def test_holidays_are_the_whole_run_of_days_off_and_working_days_have_makeup_days_among_them() -> None:
    span = date(2026, 9, 30), date(2026, 10, 11)
    assert held(Pattern(days=Days.HOLIDAYS), *span) == [f"10-0{n}" for n in range(1, 8)]
    assert held(Pattern(days=Days.WORKING), *span) == ["09-30", "10-08", "10-09", "10-10"]
    assert held(Pattern(days=Days.FREE), *span) == [*(f"10-0{n}" for n in range(1, 8)), "10-11"]


def test_a_compounds_own_day_moves_the_shifts_of_its_kind() -> None:
    day = date(2026, 11, 18)
    own = Calendar((SpecialDay(day, DayKind.HOLIDAY, "小区日"),))
    assert falls_on(Pattern(days=Days.HOLIDAYS), day, own)
    assert not falls_on(Pattern(days=Days.WORKING), day, own)


@settings(deadline=None)
@given(
    weekdays=st.frozensets(st.integers(1, 7), max_size=3),
    weeks=st.sampled_from(Weeks),
    month_days=st.frozensets(st.sampled_from([*range(1, 32), *range(-31, 0)]), max_size=4),
    start=st.dates(date(2024, 1, 1), date(2033, 1, 1)),
)
def test_days_are_those_that_a_wall_calendar_shows(
    weekdays: frozenset[int], weeks: Weeks, month_days: frozenset[int], start: date
) -> None:
    pattern = Pattern(weekdays, weeks, month_days)
    found = set(days_of(pattern, start, start + timedelta(days=40), CALENDAR))
    for n in range(41):
        day = start + timedelta(days=n)
        numbers = {day.day}
        ahead = day  # counted to the end of the month, day by day
        while ahead.month == day.month:
            ahead += timedelta(days=1)
        numbers.add(-(ahead - day).days)
        right = not weekdays or int(day.strftime("%u")) in weekdays
        right &= weeks is Weeks.ALL or ("odd" if int(day.strftime("%V")) % 2 else "even") == weeks
        right &= not month_days or bool(numbers & month_days)
        assert (day in found) is right


def test_a_night_shift_ends_the_next_morning_and_weighs_as_the_night() -> None:
    (night,) = planned(
        template(starts=22 * 60, minutes=480), first=date(2026, 11, 18), last=date(2026, 11, 18)
    )
    assert night == Planned(
        template_id=UUID(int=1),
        day=date(2026, 11, 18),
        starts_at=datetime(2026, 11, 18, 22, tzinfo=SHANGHAI),
        ends_at=datetime(2026, 11, 19, 6, tzinfo=SHANGHAI),
        hands=2,
        needs=(),
        points=1200,
        name="班1",
        post_id=POST,
    )
    assert night.ends_at.tzinfo is SHANGHAI


def test_shifts_come_in_order_of_time_whatever_the_order_of_their_templates() -> None:
    first, last = date(2026, 11, 18), date(2026, 11, 19)
    late, early, short = template(1, starts=900), template(2), template(3, minutes=60)
    shifts = planned(late, early, short, first=first, last=last)
    assert [(shift.day.day, shift.name) for shift in shifts] == [
        (18, "班3"), (18, "班2"), (18, "班1"), (19, "班3"), (19, "班2"), (19, "班1"),
    ]  # fmt: skip
    assert shifts == planned(short, late, early, first=first, last=last)


def test_a_shift_is_taken_off_one_day_and_added_on_another() -> None:
    one = template(pattern=Pattern(frozenset({3})))
    wednesday, thursday, friday = (date(2026, 11, day) for day in (18, 19, 20))
    shifts = plan(
        [one],
        date(2026, 11, 16),
        date(2026, 11, 29),
        CALENDAR,
        SHANGHAI,
        ruling=Ruling(),
        exceptions=frozenset({(one.id, wednesday), (one.id, friday), (UUID(int=9), date(2026, 11, 25))}),
        extra=frozenset({(one.id, thursday), (one.id, friday), (one.id, date(2026, 12, 3))}),
    )
    assert [shift.day for shift in shifts] == [thursday, date(2026, 11, 25)]


def test_a_shift_lasts_its_minutes_when_clocks_are_moved_and_begins_by_the_wall() -> None:
    nights = planned(
        template(starts=22 * 60, minutes=480), first=date(2026, 3, 27), last=date(2026, 3, 29), zone=BERLIN
    )
    assert [f"{night.starts_at:%H:%M}-{night.ends_at:%H:%M}" for night in nights] == [
        "22:00-06:00",
        "22:00-07:00",
        "22:00-06:00",
    ]
    lengths = {night.ends_at.astimezone(UTC) - night.starts_at.astimezone(UTC) for night in nights}
    assert lengths == {timedelta(hours=8)}


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 3, 29), "2026-03-29T03:30:00+02:00"),  # half past two is left out
        (date(2026, 10, 25), "2026-10-25T02:30:00+02:00"),  # and here it comes twice
    ],
)
def test_a_time_that_the_clock_leaves_out_or_shows_twice_begins_a_shift_once(day: date, begins: str) -> None:
    (shift,) = planned(template(starts=150), first=day, last=day, zone=BERLIN)
    assert shift.starts_at.isoformat() == begins


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


def test_a_pattern_that_can_never_fall_is_named() -> None:
    november = {"since": date(2026, 11, 1), "until": date(2026, 12, 1)}
    assert codes(pattern_problems(Pattern(month_days=frozenset({31}), **november), CALENDAR)) == [
        "pattern.never"
    ]
    (problem,) = pattern_problems(Pattern(since=date(2026, 11, 2), until=date(2026, 11, 2)), CALENDAR)
    assert problem == Problem("pattern.no_days", params={"since": "2026-11-02", "until": "2026-11-02"})
    # November 2026 has no holiday, and the plan of that year is known.
    assert codes(pattern_problems(Pattern(days=Days.HOLIDAYS, **november), CALENDAR)) == ["pattern.never"]


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(),
        Pattern(month_days=frozenset({31})),
        Pattern(month_days=frozenset({30}), until=date(2026, 3, 1)),
        Pattern(month_days=frozenset({-1}), since=date(2026, 2, 1), until=date(2026, 3, 1)),
        # Whether people work on a Sunday of 2099 is known when its plan is.
        Pattern(frozenset({7}), days=Days.WORKING, since=date(2099, 3, 1), until=date(2099, 4, 1)),
    ],
)
def test_a_pattern_that_may_fall_one_day_is_none(pattern: Pattern) -> None:
    assert pattern_problems(pattern, CALENDAR) == ()


def test_days_that_are_in_no_week_and_no_month_are_named_one_by_one() -> None:
    pattern = Pattern(frozenset({0, 3, 8}), month_days=frozenset({0, -32, 5}))
    assert [(one.code, one.params["value"]) for one in pattern_problems(pattern, CALENDAR)] == [
        ("pattern.weekday", 0),
        ("pattern.weekday", 8),
        ("pattern.month_day", -32),
        ("pattern.month_day", 0),
    ]


def test_a_template_that_cannot_be_filled_is_named_with_what_it_asks() -> None:
    needs = (Need(NeedKind.ROLE, "committee", 3), Need(NeedKind.SKILL, "急救", 2))
    (problem,) = template_problems(template(needs=needs), CALENDAR)
    assert problem == Problem("shift.need", params={"need": "role", "value": "committee", "n": 3, "hands": 2})
    odd = template(starts=1440, minutes=0, hands=51, pattern=Pattern(frozenset({9})))
    assert codes(template_problems(odd, CALENDAR)) == [
        "shift.starts", "shift.minutes", "shift.hands", "pattern.weekday",
    ]  # fmt: skip
    assert template_problems(template(), CALENDAR) == ()
