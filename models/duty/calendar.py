"""What a day is in China's calendar: when people work, when they are off, and when it is Spring Festival.

The days come from the `holidays` library, which follows the State Council's notices, and from what a compound
has set itself, which wins over everything. A **holiday** is a day off that the year's plan names: a day laid
down in law, one given in its place, or a working day exchanged for a weekend (its name is `bridge`). Weekend
days that are free anyway stay a **weekend**, also in the midst of a week of days off; a weekend day on which
people work instead is a **makeup** day.

A year's plan is announced about a month before it begins. Until the library knows it (`announced`), the days
laid down in law stand, and the exchanged ones are missing. Before 1950 and after 2100 the library knows nothing:
weekends and the days of fixed date remain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

from models.duty.rules import WORKING, DayKind

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 6
#: The library's own language of names, so that nobody's locale changes what a day is called.
_LANGUAGE: Final = "zh_CN"


class DayName(StrEnum):
    """The days off that everybody knows, and `bridge`: a day off exchanged for a weekend on which people work."""

    NEW_YEAR = "new_year"
    SPRING_FESTIVAL = "spring_festival"
    TOMB_SWEEPING = "tomb_sweeping"
    LABOUR = "labour"
    DRAGON_BOAT = "dragon_boat"
    MID_AUTUMN = "mid_autumn"
    NATIONAL = "national"
    BRIDGE = "bridge"


_EVE: Final = "农历除夕"
_FIRST_OF_SPRING: Final = "春节"
#: How the library's names begin; of two on one day the one further up counts.
_NAMES: Final = {
    _FIRST_OF_SPRING: DayName.SPRING_FESTIVAL,
    _EVE: DayName.SPRING_FESTIVAL,
    "国庆节": DayName.NATIONAL,
    "元旦": DayName.NEW_YEAR,
    "清明节": DayName.TOMB_SWEEPING,
    "劳动节": DayName.LABOUR,
    "端午节": DayName.DRAGON_BOAT,
    "中秋节": DayName.MID_AUTUMN,
    "休息日": DayName.BRIDGE,
}
#: Month and day of the holidays that need no moon.
_FIXED: Final = {
    (1, 1): DayName.NEW_YEAR,
    (5, 1): DayName.LABOUR,
    (5, 2): DayName.LABOUR,
    (10, 1): DayName.NATIONAL,
    (10, 2): DayName.NATIONAL,
    (10, 3): DayName.NATIONAL,
}


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that a compound has set itself, with its own words for it."""

    day: date
    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Year:
    """What the library knows of one year: days off by name, weekend days of work, the eve of Spring Festival."""

    off: Mapping[date, str]
    makeup: frozenset[date]
    eve: date | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What each day is. Any day may be asked; the library is loaded when a year is first wanted."""

    special: tuple[SpecialDay, ...] = ()
    _own: Mapping[date, SpecialDay] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_own", {special.day: special for special in self.special})

    def kind(self, day: date) -> DayKind:
        """Return what a day is."""
        own = self._own.get(day)
        if own is not None:
            return own.kind
        year = _year(day.year)
        if day in year.makeup:
            return DayKind.MAKEUP
        if day in year.off:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.isoweekday() >= _SATURDAY else DayKind.WORKDAY

    def name(self, day: date) -> str:
        """Return the `DayName` of a day off, a compound's or the library's own words, or nothing."""
        own = self._own.get(day)
        return own.name if own is not None else _year(day.year).off.get(day, "")

    def works(self, day: date) -> bool:
        """Tell whether people work on a day."""
        return self.kind(day) in WORKING

    def festival(self, day: date) -> bool:
        """Tell whether a day lies in Spring Festival: from the eve, free or not, to the last day off from there.

        A compound that has set the eve itself to a working day has said that it is none.
        """
        eve = _year(day.year).eve
        if eve is None or day < eve:
            return False
        if day == eve:
            return day not in self._own or not self.works(day)
        return all(not self.works(one) for one in _from_to(eve + _DAY, day))

    def in_holiday(self, day: date) -> bool:
        """Tell whether a day lies in days off on end that hold a holiday, as the State Council counts them.

        So the Sunday in the midst of National Day's week counts, and so does the weekend beside a Friday off.
        """
        if self.works(day):
            return False
        return any(
            self.kind(one) is DayKind.HOLIDAY for step in (-_DAY, _DAY) for one in self._off_from(day, step)
        )

    def _off_from(self, day: date, step: timedelta) -> Iterator[date]:
        while not self.works(day):
            yield day
            day += step

    def announced(self, year: int) -> bool:
        """Tell whether the State Council's plan for a year is known: every plan since 2001 exchanges days."""
        return bool(_year(year).makeup)


def calendar_for(first: date, last: date, special: Iterable[SpecialDay] = ()) -> Calendar:
    """Return the calendar with the years of some days at hand, so that asking for them is quick."""
    for year in range(first.year, last.year + 1):
        _year(year)
    return Calendar(tuple(special))


def _from_to(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += _DAY


@cache
def _year(year: int) -> _Year:
    """Ask the library for a year; importing it costs about a tenth of a second, a year some milliseconds."""
    from holidays import country_holidays

    known = country_holidays("CN", language=_LANGUAGE, expand=False)
    if not known.start_year <= year <= known.end_year:
        return _Year({date(year, *day): name for day, name in _FIXED.items()}, frozenset(), None)
    known = country_holidays("CN", years=year, language=_LANGUAGE, expand=False)
    labels = {day: known.get_list(day) for day in known}
    spring = [day for day, names in labels.items() if _FIRST_OF_SPRING in names]
    return _Year(
        off={day: _named(names) for day, names in labels.items()},
        # Some days of December are worked by the next year's plan; the library names these whatever year it is asked.
        makeup=frozenset(day for day in known.weekend_workdays if day.year == year),
        eve=min(spring) - _DAY if spring else None,
    )


def _named(labels: Iterable[str]) -> str:
    """Return the code of a day's labels, or the library's words for one that is not known here."""
    words = sorted(labels)
    for begins, name in _NAMES.items():
        if any(label.startswith(begins) for label in words):
            return name
    return words[0]
