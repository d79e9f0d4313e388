from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fees.periods import Cycle, Period, cycle_at, cycles_over, months_in, months_later, period_of

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def span(first: str, end: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026-11", span("2026-11-01", "2026-12-01")),
        ("202611", span("2026-11-01", "2026-12-01")),
        ("2026年11月", span("2026-11-01", "2026-12-01")),
        ("2026/1", span("2026-01-01", "2026-02-01")),
        ("２０２６－１２", span("2026-12-01", "2027-01-01")),
        ("2026-Q4", span("2026-10-01", "2027-01-01")),
        ("2026q1", span("2026-01-01", "2026-04-01")),
        ("2026-H1", span("2026-01-01", "2026-07-01")),
        ("2026 H2", span("2026-07-01", "2027-01-01")),
        ("2026", span("2026-01-01", "2027-01-01")),
        ("2026年", span("2026-01-01", "2027-01-01")),
        ("2026-11-03/2026-12-01", span("2026-11-03", "2026-12-01")),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, period: Period) -> None:
    assert period_of(text) == period


@pytest.mark.parametrize(
    "text",
    ["", "2026-13", "2026-00", "2026-Q5", "2026-H3", "26-11", "20261", "1066", "9999-12", "2026-11-03", "[/b]",
     "2026-12-01/2026-11-03", "9999-12-01/9999-12-31", "2026-02-30/2026-03-01", "٢٠٢٦"],
)  # fmt: skip
def test_what_names_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        period_of(text)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(Cycle), DAYS)
def test_a_cycles_name_is_read_as_that_cycle(cycle: Cycle, day: date) -> None:
    period = cycle_at(cycle, day)
    assert day in period
    assert period.first in period
    assert period.end not in period
    assert period_of(period.name) == period


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(1, 900))
def test_any_spans_name_is_read_as_that_span(first: date, days: int) -> None:
    period = Period(first, first + timedelta(days=days))
    assert period_of(period.name) == period


def test_names_say_the_cycle() -> None:
    assert [cycle_at(cycle, date(2026, 11, 22)).name for cycle in Cycle] == [
        "2026-11",
        "2026-Q4",
        "2026-H2",
        "2026",
    ]
    assert span("2026-01-01", "2026-03-01").name == "2026-01-01/2026-03-01"


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(Cycle), DAYS, st.integers(1, 900))
def test_cycles_over_a_period_join_without_gap_and_just_cover_it(
    cycle: Cycle, first: date, days: int
) -> None:
    period = Period(first, first + timedelta(days=days))
    turns = cycles_over(cycle, period)
    assert turns[0].first <= period.first < turns[0].end
    assert turns[-1].first < period.end <= turns[-1].end
    assert all(one.end == two.first for one, two in pairwise(turns))
    assert all(turn.overlaps(period.first, period.end) for turn in turns)


def test_a_quarter_is_made_of_its_three_months() -> None:
    assert [month.name for month in months_in(period_of("2026-Q1"))] == ["2026-01", "2026-02", "2026-03"]
    with pytest.raises(ValueError, match="within a month"):
        months_in(span("2026-01-15", "2026-03-01"))


def test_a_span_open_at_its_end_overlaps_all_that_comes() -> None:
    november = period_of("2026-11")
    assert november.overlaps(date(2020, 1, 1), None)
    assert november.overlaps(date(2026, 11, 30), None)
    assert not november.overlaps(date(2026, 12, 1), None)
    assert not november.overlaps(date(2020, 1, 1), date(2026, 11, 1))


def test_months_are_counted_over_the_year_in_both_directions() -> None:
    assert months_later(date(2026, 11, 22), 3) == date(2027, 2, 1)
    assert months_later(date(2026, 1, 31), -1) == date(2025, 12, 1)


def test_a_period_has_a_day_at_least() -> None:
    with pytest.raises(ValueError, match="a day"):
        span("2026-11-01", "2026-11-01")
