"""When a route is due: slots of the calendar, what a walk covers, and rain."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.inspection.rules import Every
from models.inspection.scheduling import Due, DueState, due, opens_on, slot_day, slot_of

PERIODS = [every for every in Every if every is not Every.RAIN]
SHORTEST = {Every.WEEK: 7, Every.MONTH: 28, Every.QUARTER: 89, Every.YEAR: 365}
DAY = timedelta(days=1)

days = st.dates(date(2024, 1, 1), date(2031, 12, 31))
periods = st.sampled_from(PERIODS)
#: Days of walks, days of rain, and a day to look from.
histories = st.tuples(st.lists(days, max_size=4), st.lists(days, max_size=4), days)
late = st.integers(0, 60)


def on(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


def month_from_31_january(*walked: date, today: date, within: int = 2) -> Due:
    return due(Every.MONTH, on(1, 31), within_days=within, walked=walked, today=today)


def after_rain(*rained: date, walked: tuple[date, ...] = (), today: date, within: int = 2) -> Due:
    return due(Every.RAIN, on(3, 1), within_days=within, walked=walked, rained=rained, today=today)


@pytest.mark.parametrize(
    ("every", "since", "expected"),
    [
        (Every.MONTH, on(1, 31), [on(1, 31), on(2, 28), on(3, 31), on(4, 30)]),
        (Every.MONTH, on(12, 31, 2023), [on(12, 31, 2023), on(1, 31, 2024), on(2, 29, 2024)]),
        (Every.QUARTER, on(11, 30), [on(11, 30), on(2, 28, 2027), on(5, 30, 2027), on(8, 30, 2027)]),
        (
            Every.YEAR,
            on(2, 29, 2024),
            [on(2, 29, 2024), on(2, 28, 2025), on(2, 28), on(2, 28, 2027), on(2, 29, 2028)],
        ),
        (Every.WEEK, on(12, 28), [on(12, 28), on(1, 4, 2027), on(1, 11, 2027)]),
    ],
)
def test_slots_follow_the_calendar_without_drift(every: Every, since: date, expected: list[date]) -> None:
    assert [slot_day(every, since, slot) for slot in range(len(expected))] == expected


def test_a_slot_before_the_first_lies_a_period_earlier() -> None:
    assert slot_day(Every.MONTH, on(1, 31), -1) == on(12, 31, 2025)
    assert slot_day(Every.WEEK, on(1, 5), -1) == on(12, 29, 2025)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (on(1, 20), DueState.OK),
        (on(1, 21), DueState.SOON),  # a third of January's 31 days before
        (on(1, 30), DueState.SOON),
        (on(1, 31), DueState.DUE),
        (on(2, 2), DueState.DUE),
        (on(2, 3), DueState.OVERDUE),
        (on(6, 1), DueState.OVERDUE),
    ],
)
def test_an_unwalked_route_comes_due_and_then_overdue(today: date, state: DueState) -> None:
    assert month_from_31_january(today=today) == Due(on(1, 31), on(2, 3), state)


def test_without_days_of_grace_it_is_overdue_the_day_after() -> None:
    assert month_from_31_january(today=on(1, 31), within=0).state is DueState.DUE
    assert month_from_31_january(today=on(2, 1), within=0).state is DueState.OVERDUE


@pytest.mark.parametrize(
    ("walked", "next_due"),
    [
        (on(1, 20), on(1, 31)),  # too early: it counts for no slot of the schedule
        (on(1, 21), on(2, 28)),  # early, for the coming slot
        (on(1, 31), on(2, 28)),
        (on(2, 18), on(2, 28)),  # late, for the slot of January
        (on(2, 19), on(3, 31)),  # February has 28 days: nine days before
        (on(5, 12), on(5, 31)),  # late for April, and March is forgiven
    ],
)
def test_the_next_due_day_follows_the_slot_and_not_the_walk(walked: date, next_due: date) -> None:
    assert month_from_31_january(walked, today=on(5, 20)).due_on == next_due


def test_two_walks_of_one_slot_count_once() -> None:
    assert month_from_31_january(on(1, 25), on(2, 5), today=on(2, 6)).due_on == on(2, 28)


def test_what_is_dated_later_than_today_is_no_knowledge_yet() -> None:
    assert month_from_31_january(on(2, 20), today=on(2, 10)).due_on == on(1, 31)
    assert after_rain(on(4, 3), today=on(4, 2)) == Due(None, None, DueState.OK)


def test_rain_asks_for_a_walk_on_the_day_after() -> None:
    stands = {day: after_rain(on(4, 3), today=on(4, day)) for day in range(3, 9)}
    assert {(made.due_on, made.overdue_on) for made in stands.values()} == {(on(4, 4), on(4, 7))}
    assert [stands[day].state.value for day in range(3, 9)] == [
        "soon", "due", "due", "due", "overdue", "overdue",
    ]  # fmt: skip


def test_a_walk_on_the_day_of_rain_may_have_been_before_it() -> None:
    rain = on(4, 3)
    assert after_rain(rain, walked=(rain,), today=on(4, 4)).state is DueState.DUE
    assert after_rain(rain, walked=(on(4, 4),), today=on(4, 4)) == Due(None, None, DueState.OK)


def test_more_rain_before_the_walk_puts_nothing_off() -> None:
    assert after_rain(on(4, 3), on(4, 5), today=on(4, 7)).due_on == on(4, 4)
    assert after_rain(on(4, 3), on(4, 5), walked=(on(4, 4),), today=on(4, 7)).due_on == on(4, 6)


def test_rain_from_before_the_schedule_asks_for_nothing() -> None:
    assert after_rain(on(2, 27), today=on(3, 2)).due_on is None
    assert after_rain(on(3, 1), today=on(3, 2)).due_on == on(3, 2)


@given(periods, days, days)
def test_a_walk_counts_for_one_slot_whose_window_holds_it(every: Every, since: date, day: date) -> None:
    slot = slot_of(every, since, day)
    assert opens_on(every, since, slot) <= day < opens_on(every, since, slot + 1)


@given(periods, days, st.integers(-3, 40))
def test_windows_follow_each_other_and_open_at_most_a_third_early(
    every: Every, since: date, slot: int
) -> None:
    before, falls = slot_day(every, since, slot - 1), slot_day(every, since, slot)
    opens = opens_on(every, since, slot)
    assert before < opens < falls
    assert (falls - before).days >= SHORTEST[every]
    assert 3 * (falls - opens).days <= (falls - before).days


@given(st.sampled_from(list(Every)), days, late, histories)
def test_walking_today_always_clears_what_is_due(
    every: Every, since: date, within: int, history: tuple[list[date], list[date], date]
) -> None:
    walked, rained, today = history
    stands = due(every, since, within_days=within, walked=[*walked, today], rained=rained, today=today)
    assert stands.state in {DueState.OK, DueState.SOON}
    assert stands.due_on is None or stands.due_on > today


@given(st.sampled_from(list(Every)), days, late, histories)
def test_as_days_pass_without_a_walk_things_only_get_more_urgent(
    every: Every, since: date, within: int, history: tuple[list[date], list[date], date]
) -> None:
    walked, rained, today = history
    known = [day for day in walked if day <= today]
    wet = [day for day in rained if day <= today]
    order = list(DueState)
    stands = [
        due(every, since, within_days=within, walked=known, rained=wet, today=today + n * DAY)
        for n in range(45)
    ]
    assert len({(made.due_on, made.overdue_on) for made in stands}) == 1
    urgency = [order.index(made.state) for made in stands]
    assert urgency == sorted(urgency)


@given(periods, days, st.lists(days, max_size=5), days)
def test_what_falls_due_is_the_slot_after_the_last_that_any_walk_covers(
    every: Every, since: date, walked: list[date], today: date
) -> None:
    """No double counting: however many walks fall into one slot, the next one is still to be walked."""
    windows = [(opens_on(every, since, slot), opens_on(every, since, slot + 1)) for slot in range(430)]
    covered = [
        slot
        for slot, (opens, closes) in enumerate(windows)
        if any(opens <= day < closes for day in walked if day <= today)
    ]
    expected = slot_day(every, since, max(covered, default=-1) + 1)
    assert due(every, since, within_days=2, walked=walked, today=today).due_on == expected
