"""What a span of duty weighs, in points, and the lines by which a neighbour can check it. Pure.

Each minute weighs by the strongest of what it is: at night, on a weekend, on a holiday, in Spring Festival, or
plain (100 percent) if it is none of these; so a factor may also make light of a night that is slept through.
A weekend that lies in
days off on end that hold a holiday is part of it: the Sunday of National Day's week weighs as its Monday does.
Factors do not multiply: a holiday's night weighs as the holiday does, if that is more. A minute belongs to its own
day, so the night from Friday to Saturday is the weekend's from midnight on. Sixty minutes at 100 percent are 100
points; the sum is rounded once, half up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Final
from zoneinfo import ZoneInfo

from models.duty.calendar import Calendar
from models.duty.rules import MINUTES_A_DAY, NIGHT, DayKind, Ruling

_PLAIN: Final = 100  # percent
_MINUTE: Final = timedelta(minutes=1)
_MINUTES_AN_HOUR: Final = 60
#: Minutes after midnight at which what a minute is can change.
_TURNS: Final = (*sorted(NIGHT), MINUTES_A_DAY)


class Reason(StrEnum):
    """Why minutes weigh what they do, from the weakest; of two that weigh the same, the later is told."""

    PLAIN = "plain"
    NIGHT = "night"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    FESTIVAL = "festival"


@dataclass(frozen=True, slots=True)
class Part:
    """Minutes on end that weigh the same for one reason; `percent` of a plain hour."""

    reason: Reason
    minutes: int
    percent: int
    points: int


def points(starts_at: datetime, ends_at: datetime, calendar: Calendar, ruling: Ruling, zone: ZoneInfo) -> int:
    """Return what a span of duty weighs, in hundredths of a plain hour."""
    return sum(part.points for part in parts(starts_at, ends_at, calendar, ruling, zone))


def parts(
    starts_at: datetime, ends_at: datetime, calendar: Calendar, ruling: Ruling, zone: ZoneInfo
) -> tuple[Part, ...]:
    """Return the stretches of a span in order of time; their points add up to its points exactly.

    Each stretch has what the rounded sum grows by with it, so one may be a point off what it would weigh alone.
    """
    found, exact, told = [], 0, 0
    stretches = _stretches(starts_at, ends_at, calendar, ruling, zone)
    for (percent, reason), group in groupby(stretches, key=itemgetter(0)):
        minutes = sum(length for _, length in group)
        exact += minutes * percent
        rounded = (2 * exact + _MINUTES_AN_HOUR) // (2 * _MINUTES_AN_HOUR)
        found.append(Part(reason, minutes, percent, rounded - told))
        told = rounded
    return tuple(found)


def _stretches(
    starts_at: datetime, ends_at: datetime, calendar: Calendar, ruling: Ruling, zone: ZoneInfo
) -> Iterator[tuple[tuple[int, Reason], int]]:
    """Give percent and reason with the minutes until the next turn of the day; seconds begun do not count."""
    now, end = _whole_minute(starts_at), _whole_minute(ends_at)
    while now < end:
        local = now.astimezone(zone)
        minute = local.hour * _MINUTES_AN_HOUR + local.minute
        left = next(turn for turn in _TURNS if turn > minute) - minute
        # Where clocks are put forward or back before that turn, go only as far as they tell the truth.
        while left > 1 and (now + left * _MINUTE).astimezone(zone).utcoffset() != local.utcoffset():
            left //= 2
        left = min(left, (end - now) // _MINUTE)
        yield _weight(local.date(), minute, calendar, ruling), left
        now += left * _MINUTE


def _weight(day: date, minute: int, calendar: Calendar, ruling: Ruling) -> tuple[int, Reason]:
    kind = calendar.kind(day)
    evening, morning = NIGHT
    weights: list[tuple[int, Reason]] = []
    if minute >= evening or minute < morning:
        weights.append((ruling.night, Reason.NIGHT))
    if kind is DayKind.WEEKEND:
        weights.append((ruling.weekend, Reason.WEEKEND))
    if kind is DayKind.HOLIDAY or calendar.in_holiday(day):
        weights.append((ruling.holiday, Reason.HOLIDAY))
    if calendar.festival(day):
        weights.append((ruling.festival, Reason.FESTIVAL))
    if not weights:
        return _PLAIN, Reason.PLAIN
    strongest = max(percent for percent, _ in weights)
    return next(weight for weight in reversed(weights) if weight[0] == strongest)


def _whole_minute(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)
