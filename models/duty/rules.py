"""What a roster is made of, what counts how much, and when somebody is late: pure decisions and values.

The factors, the hours of the night and the times of grace are our own judgement: a
compound keeps its own beside them. Weight is counted in **points**, hundredths of a
plain hour of duty: four hours on a working day are 400, at night half as much again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

MINUTES_A_DAY: Final = 24 * 60
#: A shift of two days and nights is the longest that anybody writes down.
LONGEST_SHIFT: Final = 2 * MINUTES_A_DAY
MOST_HANDS: Final = 50


class DayKind(StrEnum):
    """What a day is in China's calendar. A `makeup` day is a weekend on which people work for a holiday."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"


#: Days on which people work.
WORKING: Final = frozenset({DayKind.WORKDAY, DayKind.MAKEUP})


class Days(StrEnum):
    """Which days of the calendar a shift is held on."""

    ALL = "all"
    WORKING = "working"
    FREE = "free"
    HOLIDAYS = "holidays"


class Weeks(StrEnum):
    """Which weeks a shift is held in, by the number of the week in its ISO year."""

    ALL = "all"
    ODD = "odd"
    EVEN = "even"


class AvailabilityKind(StrEnum):
    """What somebody says about a span of time.

    Whoever has said `can` of some time can at no other. A `pause` (illness, a journey)
    takes its days out of what is a fair share; `cannot` does not.
    """

    CAN = "can"
    CANNOT = "cannot"
    RATHER = "rather"
    RATHER_NOT = "rather_not"
    PAUSE = "pause"


class NeedKind(StrEnum):
    """What at least some of a shift's hands must have."""

    SKILL = "skill"
    ROLE = "role"
    TEAM = "team"


class ShiftState(StrEnum):
    """A draft is the committee's; what is published is everybody's."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Absence(StrEnum):
    """Why somebody who was on the roster did not come: nothing said, without a reason, or with one."""

    NONE = ""
    NO_SHOW = "no_show"
    EXCUSED = "excused"


class SwapState(StrEnum):
    """How a request to swap or to be covered stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Presence(StrEnum):
    """How somebody on the roster stands to their shift."""

    COMING = "coming"  # it has not begun, or it has within the time of grace
    ON_DUTY = "on_duty"
    SERVED = "served"
    MISSING = "missing"  # it has begun, and nobody has seen them
    NO_SHOW = "no_show"
    EXCUSED = "excused"


class LogKind(StrEnum):
    """What a line of the log book is."""

    NOTE = "note"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Need:
    """At least `n` of a shift's hands have a skill, a role or belong to a team; `value` is its text, code or id in hex."""

    kind: NeedKind
    value: str
    n: int = 1


@dataclass(frozen=True, slots=True)
class Pattern:
    """On which days a shift is held: all that is set must be so.

    `weekdays` are 1 (Monday) to 7, none meaning any; `month_days` are 1 to 31, or -1
    for a month's last day and -2 for the one before, none meaning any.
    """

    weekdays: frozenset[int] = frozenset()
    weeks: Weeks = Weeks.ALL
    month_days: frozenset[int] = frozenset()
    days: Days = Days.ALL
    since: date | None = None
    until: date | None = None  # the first day on which it is held no more


@dataclass(frozen=True, slots=True)
class Template:
    """A shift as it comes again and again: from `starts`, minutes after midnight, for `minutes`."""

    id: UUID
    post_id: UUID
    name: str
    starts: int
    minutes: int
    hands: int
    needs: tuple[Need, ...] = ()
    pattern: Pattern = field(default_factory=Pattern)
    team_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a compound has set for all its duty.

    Factors are in percent of a plain hour. `rest_minutes` lie between two shifts of
    one person, `most_per_week` shifts are the most in an ISO week (0: any number).
    Somebody is missed `grace_minutes` after their shift began. A no-show owes the
    shift, and `no_show` percent of it on top.
    """

    night: int = 150
    weekend: int = 125
    holiday: int = 200
    festival: int = 300
    rest_minutes: int = 8 * 60
    most_per_week: int = 3
    grace_minutes: int = 15
    no_show: int = 50


#: The night, in minutes after midnight: from ten in the evening to six.
NIGHT: Final = (22 * 60, 6 * 60)


@dataclass(frozen=True, slots=True)
class Attended:
    """When somebody came and went; None while they are there."""

    came_at: datetime
    left_at: datetime | None = None


def late_minutes(starts_at: datetime, came_at: datetime) -> int:
    """Return how many whole minutes after the start somebody came; negative when they were early."""
    return int((came_at - starts_at) / timedelta(minutes=1))


def presence(
    starts_at: datetime,
    ends_at: datetime,
    attended: Attended | None,
    absence: Absence,
    *,
    grace_minutes: int,
    now: datetime,
) -> Presence:
    """Tell how somebody on the roster stands to their shift at an instant."""
    if attended is not None:
        # Whoever forgot to check out has gone home by the time the next day's shift would begin.
        gone = attended.left_at is not None or now >= ends_at + timedelta(hours=12)
        return Presence.SERVED if gone else Presence.ON_DUTY
    if absence is Absence.NO_SHOW:
        return Presence.NO_SHOW
    if absence is Absence.EXCUSED:
        return Presence.EXCUSED
    return Presence.MISSING if now > starts_at + timedelta(minutes=grace_minutes) else Presence.COMING
