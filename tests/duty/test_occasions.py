from __future__ import annotations

from datetime import date
from uuid import UUID

from models.duty.calendar import SpecialDay, calendar_for
from models.duty.occasions import READY, held_days, holidays_between, special_in
from models.duty.patterns import template_problems
from models.duty.rules import DayKind, Pattern, Template

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
FIRST_ID = UUID(int=1)
CALENDAR = calendar_for(FIRST, LAST)
MONDAYS = Pattern(weekdays=frozenset({1}))


def test_an_exception_adds_a_day_or_takes_one_away_and_tells_nothing_of_others() -> None:
    said = {date(2026, 9, 14): False, date(2026, 9, 16): True, date(2026, 12, 1): True}
    found = held_days(MONDAYS, said, date(2026, 9, 7), date(2026, 9, 27), CALENDAR)
    assert [day.day for day in found] == [7, 16, 21]


def test_a_day_off_and_held_besides_at_once_is_as_the_one_exception_says() -> None:
    # A day has one exception: what it says counts, whether the pattern falls on it or not.
    tuesday = date(2026, 9, 15)
    assert held_days(MONDAYS, {tuesday: False}, tuesday, tuesday, CALENDAR) == ()
    assert held_days(MONDAYS, {tuesday: True}, tuesday, tuesday, CALENDAR) == (tuesday,)


def test_holidays_are_told_as_the_state_council_announces_them() -> None:
    found = {off.name: (off.first, off.last) for off in holidays_between(CALENDAR, FIRST, LAST)}
    assert found["national"] == (date(2026, 10, 1), date(2026, 10, 7))
    assert found["spring_festival"] == (date(2026, 2, 15), date(2026, 2, 23))
    assert "bridge" not in found


def test_a_compounds_own_words_name_a_run_of_days_off() -> None:
    own = calendar_for(FIRST, LAST, [SpecialDay(date(2026, 9, 8), DayKind.HOLIDAY, "邻里节")])
    runs = holidays_between(own, date(2026, 9, 1), date(2026, 9, 20))
    assert [(off.name, off.first, off.last) for off in runs] == [
        ("邻里节", date(2026, 9, 8), date(2026, 9, 8))
    ]


def test_a_years_special_days_are_its_days_off_and_its_working_weekends() -> None:
    special = special_in(CALENDAR, 2026)
    working = [day for day in special if CALENDAR.kind(day) is DayKind.MAKEUP]
    assert (len(working), len(special) - len(working)) == (6, 33)  # as the State Council has announced them
    assert date(2026, 10, 4) in special  # the Sunday of National Day's week
    assert date(2026, 11, 22) not in special


def test_what_a_new_compound_begins_with_can_be_held_and_filled() -> None:
    for post in READY:
        for one in post.templates:
            made = Template(
                id=FIRST_ID,
                post_id=FIRST_ID,
                name=one.code,
                starts=one.starts,
                minutes=one.minutes,
                hands=one.hands,
                needs=one.needs,
                pattern=one.pattern,
            )
            assert template_problems(made, CALENDAR) == ()
            assert held_days(one.pattern, {}, date(2026, 9, 1), date(2026, 9, 30), CALENDAR)
    [cleaning] = [one for post in READY for one in post.templates if one.code == "cleaning"]
    assert len(held_days(cleaning.pattern, {}, date(2026, 9, 1), date(2026, 9, 30), CALENDAR)) == 2
