from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from models.tickets.periods import Period, monday_of, period, start_of, usual_span

TODAY = date(2026, 1, 7)  # a Wednesday


@pytest.mark.parametrize(
    ("kind", "back", "since", "until"),
    [
        (Period.WEEK, 0, date(2026, 1, 5), date(2026, 1, 12)),
        (Period.WEEK, 1, date(2025, 12, 29), date(2026, 1, 5)),
        (Period.MONTH, 0, date(2026, 1, 1), date(2026, 2, 1)),
        (Period.MONTH, 1, date(2025, 12, 1), date(2026, 1, 1)),
        (Period.MONTH, 13, date(2024, 12, 1), date(2025, 1, 1)),
        (Period.QUARTER, 0, date(2026, 1, 1), date(2026, 4, 1)),
        (Period.QUARTER, 1, date(2025, 10, 1), date(2026, 1, 1)),
        (Period.YEAR, 0, date(2026, 1, 1), date(2027, 1, 1)),
        (Period.YEAR, 3, date(2023, 1, 1), date(2024, 1, 1)),
    ],
)
def test_a_period_is_found_however_far_back(kind: Period, back: int, since: date, until: date) -> None:
    assert period(kind, TODAY, back=back) == (since, until)


@pytest.mark.parametrize("kind", list(Period))
def test_periods_follow_each_other_without_a_gap(kind: Period) -> None:
    begins = [period(kind, TODAY, back=back) for back in range(30)]
    assert all(earlier[1] == later[0] for later, earlier in pairwise(begins))


def test_the_usual_span_is_four_full_weeks_and_the_one_that_runs() -> None:
    since, until = usual_span(TODAY)
    assert (since, until) == (monday_of(TODAY) - timedelta(days=28), TODAY + timedelta(days=1))


def test_a_day_begins_when_it_does_in_its_zone_also_where_clocks_are_moved() -> None:
    assert start_of(date(2026, 3, 2), ZoneInfo("Asia/Shanghai")) == datetime(2026, 3, 1, 16, tzinfo=UTC)
    berlin = ZoneInfo("Europe/Berlin")
    assert start_of(date(2026, 3, 30), berlin) - start_of(date(2026, 3, 29), berlin) == timedelta(hours=23)
