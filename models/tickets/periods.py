"""Spans of days as people count them: weeks, months, quarters, years; and the instants at which days begin. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

WEEK: Final = timedelta(days=7)
#: Full weeks that a report has before the one that runs, when nobody says otherwise.
USUAL_WEEKS: Final = 4


class Period(StrEnum):
    """A span of days as people count them."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def usual_span(today: date) -> tuple[date, date]:
    """Return the last full weeks and the one that runs, up to and including today."""
    return monday_of(today) - USUAL_WEEKS * WEEK, today + timedelta(days=1)


def period(kind: Period, day: date, *, back: int = 0) -> tuple[date, date]:
    """Return the week, month, quarter or year that a day lies in, or the one that lies `back` of them earlier."""
    if kind is Period.WEEK:
        since = monday_of(day) - back * WEEK
        return since, since + WEEK
    months = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}[kind]
    first = (day.year * 12 + day.month - 1) // months * months - back * months
    return _first_of(first), _first_of(first + months)


def _first_of(month: int) -> date:
    """Return the first day of a month counted from the year 0."""
    return date(month // 12, month % 12 + 1, 1)


def start_of(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a day begins in a zone, in UTC, as times are stored."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
