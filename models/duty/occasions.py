"""On which days a template's shift is really held, which days off lie together, and what a new compound may begin with. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from models.duty.calendar import Calendar, DayName
from models.duty.needs import spell_need
from models.duty.patterns import days_of
from models.duty.rules import DayKind, Days, Need, NeedKind, Pattern, Weeks
from models.operations.roles import Role

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = frozenset({6})


def held_days(
    pattern: Pattern, exceptions: Mapping[date, bool], first: date, last: date, calendar: Calendar
) -> tuple[date, ...]:
    """Return the days from `first` to `last`, both included, on which a shift is held, in their order.

    `exceptions` says of some days that it is held besides, or is not.
    """
    falls = set(days_of(pattern, first, last, calendar))
    falls |= {day for day, held in exceptions.items() if held and first <= day <= last}
    return tuple(sorted(day for day in falls if exceptions.get(day, True)))


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days off on end that hold a holiday, the last one included. `name` is a DayName or a compound's own words."""

    name: str
    first: date
    last: date


def holidays_between(calendar: Calendar, first: date, last: date) -> tuple[DaysOff, ...]:
    """Return the runs of days off with a holiday in them that begin on the days from `first` to `last`."""
    found = []
    day = first
    while day <= last:
        if not calendar.in_holiday(day):
            day += _DAY
            continue
        begun = day
        while calendar.in_holiday(day):
            day += _DAY
        found.append(DaysOff(_name(calendar, begun, day - _DAY), begun, day - _DAY))
    return tuple(found)


def _name(calendar: Calendar, first: date, last: date) -> str:
    """Return what a run of days off is called: by a day that has a name of its own."""
    names = [calendar.name(day) for day in _days(first, last) if calendar.kind(day) is DayKind.HOLIDAY]
    return next((name for name in names if name and name != DayName.BRIDGE), DayName.BRIDGE)


def special_in(calendar: Calendar, year: int) -> tuple[date, ...]:
    """Return the days of a year that are no plain workday or weekend; a weekend in the midst of a holiday is none."""
    return tuple(
        day
        for day in _days(date(year, 1, 1), date(year, 12, 31))
        if calendar.kind(day) in {DayKind.HOLIDAY, DayKind.MAKEUP}
        or calendar.name(day)
        or calendar.in_holiday(day)
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@dataclass(frozen=True, slots=True)
class ReadyTemplate:
    """A shift that many compounds have; `code` is its name in the catalogue. Times in minutes."""

    code: str
    starts: int
    minutes: int
    hands: int
    pattern: Pattern = field(default_factory=Pattern)
    needs: tuple[Need, ...] = ()

    def spelled_needs(self) -> list[str]:
        """Return its needs as they are stored."""
        return [spell_need(need) for need in self.needs]


@dataclass(frozen=True, slots=True)
class ReadyPost:
    """A post that many compounds have."""

    code: str
    templates: tuple[ReadyTemplate, ...]
    counts_cash: bool = False


#: What a compound that has no post yet may begin with. Ours: what old compounds' committees told they keep going.
READY: Final = (
    ReadyPost(
        "desk",
        (
            ReadyTemplate("morning", 8 * 60 + 30, 180, 2, Pattern(days=Days.WORKING)),
            ReadyTemplate("afternoon", 14 * 60, 180, 2, Pattern(days=Days.WORKING)),
        ),
        counts_cash=True,
    ),
    ReadyPost("patrol", (ReadyTemplate("evening", 19 * 60, 120, 2),)),
    ReadyPost(
        "cleaning",
        (
            ReadyTemplate(
                "cleaning",
                8 * 60 + 30,
                120,
                6,
                Pattern(weekdays=_SATURDAY, weeks=Weeks.EVEN),
                (Need(NeedKind.ROLE, Role.COMMITTEE.value),),
            ),
        ),
    ),
)
