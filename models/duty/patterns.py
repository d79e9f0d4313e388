"""On which days a shift is held, and the shifts that come of it: pure rules over days of the compound's zone.

**Weeks** are odd or even by their number in the ISO year, as printed in every calendar. A year of 53 weeks
(2026, 2032) is followed by week 1: two odd weeks on end, and none even between them.

**Holidays.** A pattern of holidays holds on all days of a run of days off, weekends in it included, as the State
Council announces them; one of working days holds on makeup Saturdays and Sundays too.

**Times.** A shift begins when the clock on the wall shows its time, and lasts its minutes as they pass: where
clocks are put forward or back in it, it ends by the wall an hour later or earlier. A time that the clock leaves
out begins an hour later, one that it shows twice is the first.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.calendar import Calendar
from models.duty.rules import (
    LONGEST_SHIFT,
    MINUTES_A_DAY,
    MOST_HANDS,
    Days,
    Need,
    Pattern,
    Ruling,
    Template,
    Weeks,
)
from models.duty.weighing import points
from models.problems import Param, Problem

_WEEKDAYS: Final = range(1, 8)
_MONTH_DAYS: Final = range(1, 32)
#: A template and a day: the one time of it that is meant.
Occasion = tuple[UUID, date]


@dataclass(frozen=True, slots=True)
class Planned:
    """One shift on one day, begun on `day` in the compound's zone, with what it weighs for each of its hands."""

    template_id: UUID
    day: date
    starts_at: datetime
    ends_at: datetime
    hands: int
    needs: tuple[Need, ...]
    points: int
    name: str
    post_id: UUID


def falls_on(pattern: Pattern, day: date, calendar: Calendar) -> bool:
    """Tell whether a shift is held on a day."""
    return _could_fall(pattern, day) and _day_fits(pattern.days, day, calendar)


def days_of(pattern: Pattern, first: date, last: date, calendar: Calendar) -> tuple[date, ...]:
    """Return the days on which a shift is held, of those from `first` to `last`, both included."""
    return tuple(day for day in _from_to(first, last) if falls_on(pattern, day, calendar))


def _could_fall(pattern: Pattern, day: date) -> bool:
    """Tell whether a day is right by all that needs no knowledge of holidays."""
    if (pattern.since is not None and day < pattern.since) or (
        pattern.until is not None and day >= pattern.until
    ):
        return False
    if pattern.weekdays and day.isoweekday() not in pattern.weekdays:
        return False
    if pattern.weeks is not Weeks.ALL and (day.isocalendar().week % 2 == 1) is not (
        pattern.weeks is Weeks.ODD
    ):
        return False
    from_the_end = day.day - monthrange(day.year, day.month)[1] - 1
    return not pattern.month_days or not pattern.month_days.isdisjoint((day.day, from_the_end))


def _day_fits(days: Days, day: date, calendar: Calendar) -> bool:
    if days is Days.WORKING:
        return calendar.works(day)
    if days is Days.FREE:
        return not calendar.works(day)
    return days is Days.ALL or calendar.in_holiday(day)


def plan(
    templates: Iterable[Template],
    first: date,
    last: date,
    calendar: Calendar,
    zone: ZoneInfo,
    *,
    ruling: Ruling,
    exceptions: frozenset[Occasion] = frozenset(),
    extra: frozenset[Occasion] = frozenset(),
) -> tuple[Planned, ...]:
    """Return the shifts that begin on the days from `first` to `last`, both included, in order of time.

    An extra day is held whatever the pattern says; what has been taken off is not held even if it was added.
    """
    shifts = [
        _planned(template, day, calendar, zone, ruling)
        for template in templates
        for day in _from_to(first, last)
        if (template.id, day) not in exceptions
        and ((template.id, day) in extra or falls_on(template.pattern, day, calendar))
    ]
    return tuple(sorted(shifts, key=lambda shift: (shift.starts_at, shift.ends_at, shift.template_id)))


def _planned(template: Template, day: date, calendar: Calendar, zone: ZoneInfo, ruling: Ruling) -> Planned:
    starts_at, ends_at = span(template, day, zone)
    return Planned(
        template_id=template.id,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        hands=template.hands,
        needs=template.needs,
        points=points(starts_at, ends_at, calendar, ruling, zone),
        name=template.name,
        post_id=template.post_id,
    )


def span(template: Template, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when a template's shift of a day begins and ends, in the zone."""
    on_the_wall = datetime.combine(day, time(), zone) + timedelta(minutes=template.starts)
    # Python adds by the wall; through UTC, minutes are minutes, and a time that was left out becomes one that is.
    begins = on_the_wall.astimezone(UTC)
    return begins.astimezone(zone), (begins + timedelta(minutes=template.minutes)).astimezone(zone)


def pattern_problems(pattern: Pattern, calendar: Calendar) -> tuple[Problem, ...]:
    """Return why a pattern can never fall on a day; what only the calendar of a year to come may allow is none."""
    unknown = [
        *(("weekday", day) for day in sorted(pattern.weekdays) if day not in _WEEKDAYS),
        *(("month_day", day) for day in sorted(pattern.month_days) if abs(day) not in _MONTH_DAYS),
    ]
    if unknown:
        return tuple(Problem(f"pattern.{what}", params={"value": value}) for what, value in unknown)
    since, until = pattern.since, pattern.until
    if since is None or until is None:
        return ()  # with no end to look from, each such day comes or has been
    params = {"since": since.isoformat(), "until": until.isoformat()}
    if until <= since:
        return (Problem("pattern.no_days", params=params),)
    if any(_may_fall(pattern, day, calendar) for day in _from_to(since, until)):
        return ()
    return (Problem("pattern.never", params=params),)


def _may_fall(pattern: Pattern, day: date, calendar: Calendar) -> bool:
    """Tell whether a shift is held on a day, or could be once its year's adjusted days are known."""
    if not _could_fall(pattern, day):
        return False
    return not calendar.announced(day.year) or _day_fits(pattern.days, day, calendar)


def template_problems(template: Template, calendar: Calendar) -> tuple[Problem, ...]:
    """Return why a template cannot be held or filled: its times, its hands, what it asks of them, its pattern."""
    found = []
    if not 0 <= template.starts < MINUTES_A_DAY:
        found.append(Problem("shift.starts", params={"value": template.starts}))
    if not 0 < template.minutes <= LONGEST_SHIFT:
        found.append(Problem("shift.minutes", params={"value": template.minutes, "most": LONGEST_SHIFT}))
    if not 0 < template.hands <= MOST_HANDS:
        found.append(Problem("shift.hands", params={"value": template.hands, "most": MOST_HANDS}))
    for need in template.needs:
        # One hand may meet several needs, so only each by itself can be too many.
        if need.n > template.hands:
            params: dict[str, Param] = {
                "need": need.kind,
                "value": need.value,
                "n": need.n,
                "hands": template.hands,
            }
            found.append(Problem("shift.need", params=params))
    return (*found, *pattern_problems(template.pattern, calendar))


def _from_to(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
