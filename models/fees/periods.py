"""Spans of days that are billed: months, quarters, halves and years of the calendar, half-open. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from models.files.values import EARLIEST, LATEST, folded

_MONTHS_A_YEAR: Final = 12
_SPELT = re.compile(
    r"(?P<year>\d{4})(?:年|(?P<mark>[-/.年]?)"
    r"(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>1[0-2]|0[1-9]|(?<=[-/.年])[1-9])月?))?",
    re.ASCII | re.IGNORECASE,
)
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)", re.ASCII)


class Cycle(StrEnum):
    """How often something is billed."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"

    @property
    def months(self) -> int:
        """How many months one of them has."""
        return _MONTHS[self]


_MONTHS: Final = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.HALF: 6, Cycle.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `first` up to but not including `end`; never empty."""

    first: date
    end: date

    def __post_init__(self) -> None:
        if self.first >= self.end:
            raise ValueError("a period has a day at least")

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end

    @property
    def name(self) -> str:
        """How `period_of` reads it again: `2026-11`, `2026-Q4`, `2026-H1`, `2026`; other spans `first/end` as ISO days."""
        for cycle in Cycle:
            if cycle_at(cycle, self.first) == self:
                place = (self.first.month - 1) // cycle.months + 1
                return (
                    f"{self.first.year:04d}"
                    + {
                        Cycle.MONTH: f"-{place:02d}",
                        Cycle.QUARTER: f"-Q{place}",
                        Cycle.HALF: f"-H{place}",
                        Cycle.YEAR: "",
                    }[cycle]
                )
        return f"{self.first.isoformat()}/{self.end.isoformat()}"

    @property
    def is_whole_months(self) -> bool:
        """Whether it begins and ends where months do."""
        return self.first.day == 1 and self.end.day == 1

    def overlaps(self, since: date, until: date | None) -> bool:
        """Tell whether a span of days, open at its end if that is None, shares a day with it."""
        return since < self.end and (until is None or until > self.first)


def period_of(text: str) -> Period:
    """Return the period that a text names: `2026-11`, `2026年11月`, `2026-Q4`, `2026H1`, `2026`. Raises ValueError."""
    plain = folded(text).replace(" ", "")
    if span := _SPAN.fullmatch(plain):
        return Period(_known(date.fromisoformat(span[1])), _known(date.fromisoformat(span[2])))
    found = _SPELT.fullmatch(plain)
    if found is None:
        raise ValueError("period.unclear")
    year = _known(date(int(found["year"]) or 1, 1, 1)).year
    if found["month"]:
        return cycle_at(Cycle.MONTH, date(year, int(found["month"]), 1))
    if found["quarter"]:
        return cycle_at(Cycle.QUARTER, date(year, int(found["quarter"]) * 3, 1))
    if found["half"]:
        return cycle_at(Cycle.HALF, date(year, int(found["half"]) * 6, 1))
    return cycle_at(Cycle.YEAR, date(year, 1, 1))


def _known(day: date) -> date:
    if not EARLIEST <= day.year <= LATEST:
        raise ValueError("period.unclear")
    return day


def cycle_at(cycle: Cycle, day: date) -> Period:
    """Return the month, quarter, half or year that a day lies in."""
    first = _month_number(day) // cycle.months * cycle.months
    return Period(_first_of(first), _first_of(first + cycle.months))


def cycles_over(cycle: Cycle, period: Period) -> tuple[Period, ...]:
    """Return each cycle that shares a day with a period, in order."""
    return tuple(_cycles(cycle, period))


def _cycles(cycle: Cycle, period: Period) -> Iterator[Period]:
    turn = cycle_at(cycle, period.first)
    while turn.first < period.end:
        yield turn
        turn = cycle_at(cycle, turn.end)


def months_in(period: Period) -> tuple[Period, ...]:
    """Return the months that a period is made of. Raises ValueError if it begins or ends within one."""
    if not period.is_whole_months:
        raise ValueError("a period that begins or ends within a month is not made of months")
    return cycles_over(Cycle.MONTH, period)


def months_later(day: date, months: int) -> date:
    """Return the first day of the month that lies so many months after (or before) a day's own."""
    return _first_of(_month_number(day) + months)


def _month_number(day: date) -> int:
    """Return how many months lie between the year 0 and a day's month."""
    return day.year * _MONTHS_A_YEAR + day.month - 1


def _first_of(month: int) -> date:
    return date(month // _MONTHS_A_YEAR, month % _MONTHS_A_YEAR + 1, 1)
