"""How many hours neighbours gave: what counts of shifts, walks and jobs, and sums that add up. Pure.

Everything is counted in whole minutes, and belongs to the day on which it began:

duty    a shift, from check-in to check-out within the shift: whoever comes early is counted from its start, who stays
        on to its end, and who forgot to check out to its end as well; whoever is still there, until now. Who came
        without a shift is counted from coming to going, twelve hours at most, and not at all without a check-out.
walk    a walk, for everybody who took part in it, from its start to its end, or to the last thing seen on it if
        nobody has ended it within twelve hours.
ticket  the minutes written down with a visit or with the end of a job, before the moment it was written for.

No minute of a person counts twice: what lies within their duty is duty, and what lies within a walk is the walk. So
a patrol that is a shift and a walk at once is counted once, and all columns add up to the sum. Jobs do not take from
each other, since two may be written down for one moment.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final, TypeVar
from uuid import UUID

K = TypeVar("K", bound=Hashable)

#: Nobody is at it longer than that in one go: they have forgotten to say that they went.
LONGEST_STAY: Final = timedelta(hours=12)
_MINUTE: Final = timedelta(minutes=1)


class Work(StrEnum):
    """What hours were given to; the first takes what two of them share."""

    DUTY = "duty"
    WALK = "walk"
    TICKET = "ticket"


_ORDER: Final = {work: place for place, work in enumerate(Work)}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did in a span of time. A guest has no `person_id`, and a name only.

    `team_id` is the pool it was done for, or the team of whoever did it; None of none or of several. `about` names the
    post and shift, the walk, or the ticket; `helped` tells of a shift that they were not on.
    """

    work: Work
    person_id: UUID | None
    guest: str
    day: date
    starts_at: datetime
    ends_at: datetime
    row_id: UUID
    shift_id: UUID | None = None
    about: str = ""
    helped: bool = False
    team_id: UUID | None = None

    @property
    def who(self) -> UUID | str:
        """Whose deed it is: a person's id, or a guest's name as names are compared."""
        return self.person_id or "".join(self.guest.split()).casefold()


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed with the minutes that count of it."""

    deed: Deed
    minutes: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Minutes by kind of work, and how often: shifts, those among them that were help, walks, visits, absences."""

    duty: int = 0
    walk: int = 0
    ticket: int = 0
    shifts: int = 0
    helped: int = 0
    walks: int = 0
    visits: int = 0
    no_shows: int = 0
    excused: int = 0

    @property
    def minutes(self) -> int:
        return self.duty + self.walk + self.ticket

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in COUNTS))


COUNTS: Final = tuple(one.name for one in fields(Tally))
#: Where the minutes and the times of each kind of work stand among them.
_AT: Final = {work: COUNTS.index(work.value) for work in Work}
_TIMES: Final = {
    work: COUNTS.index(name) for work, name in zip(Work, ("shifts", "walks", "visits"), strict=True)
}
_HELPED, _NO_SHOWS, _EXCUSED = (COUNTS.index(name) for name in ("helped", "no_shows", "excused"))


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody who was on a shift of that day and did not come; `excused` had a reason."""

    person_id: UUID
    day: date
    excused: bool
    team_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PersonHours:
    """The hours of somebody; a guest has no id."""

    person_id: UUID | None
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class TeamHours:
    """The hours of a team; None is of none or of several."""

    team_id: UUID | None
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class MonthHours:
    """The hours of a month, or of as much of it as lies in the span; `month` is its first day."""

    month: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class Hours:
    """What was given over the days from `first` to `last`, both included.

    Guests stand beside people, and add up with them to the total; so do the teams, and so do the months,
    those without anything among them. `entries` are all that was counted, oldest first.
    """

    first: date
    last: date
    total: Tally
    people: tuple[PersonHours, ...]
    guests: tuple[PersonHours, ...]
    teams: tuple[TeamHours, ...]
    months: tuple[MonthHours, ...]
    entries: tuple[Entry, ...]


def on_duty(
    came_at: datetime,
    left_at: datetime | None,
    shift: tuple[datetime, datetime] | None,
    *,
    now: datetime,
) -> tuple[datetime, datetime]:
    """Return the time at a post that counts; an empty span where none does."""
    if shift is None:
        return came_at, came_at if left_at is None else max(came_at, min(left_at, came_at + LONGEST_STAY))
    starts, ends = shift
    begin = max(came_at, starts)
    return begin, max(begin, min(ends, now if left_at is None else left_at))


def on_walk(
    started_at: datetime, finished_at: datetime | None, last_seen: datetime | None
) -> tuple[datetime, datetime]:
    """Return the time of a walk that counts."""
    for end in (finished_at, last_seen):
        if end is not None and end <= started_at + LONGEST_STAY:
            return started_at, max(started_at, end)
    return started_at, started_at


def count(deeds: Iterable[Deed]) -> tuple[Entry, ...]:
    """Give each deed the minutes that count of it, oldest first; of minutes that two share the first kind has them."""
    taken: dict[UUID | str, list[tuple[int, int]]] = {}
    found = []
    for deed in sorted(deeds, key=lambda one: (_ORDER[one.work], one.starts_at, one.row_id.hex, one.guest)):
        spans = taken.setdefault(deed.who, [])
        begin, end = _minute(deed.starts_at), _minute(deed.ends_at)
        found.append(Entry(deed, _left_of(begin, end, spans)))
        if deed.work is not Work.TICKET and end > begin:
            spans.append((begin, end))
    return tuple(
        sorted(found, key=lambda entry: (entry.deed.day, entry.deed.starts_at, entry.deed.row_id.hex))
    )


def _minute(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp()) // 60


def _left_of(begin: int, end: int, spans: Sequence[tuple[int, int]]) -> int:
    """Return how many minutes of a span lie in none of the others."""
    left, at = 0, begin
    for first, last in sorted(spans):
        if last <= at:
            continue
        if first >= end:
            break
        left += max(0, first - at)
        at = max(at, last)
    return left + max(0, end - at)


def draw_up(
    entries: Sequence[Entry],
    missed: Sequence[Missed],
    *,
    first: date,
    last: date,
    names: Mapping[UUID, str],
    teams: Mapping[UUID, str],
) -> Hours:
    """Add entries up by person, team and month; what lies outside of the days is left out."""
    within = tuple(entry for entry in entries if first <= entry.deed.day <= last)
    gone = tuple(one for one in missed if first <= one.day <= last)
    by_person = _sums(within, gone, attrgetter("person_id"), of=lambda deed: deed.person_id is not None)
    by_guest = _sums(within, (), attrgetter("who"), of=lambda deed: deed.person_id is None)
    spelled = {entry.deed.who: entry.deed.guest for entry in reversed(within)}
    by_team = _sums(within, gone, attrgetter("team_id"))
    people = [PersonHours(key, names.get(key, ""), tally) for key, tally in by_person.items()]
    guests = [PersonHours(None, spelled[key], tally) for key, tally in by_guest.items()]
    in_teams = [
        TeamHours(key, "" if key is None else teams.get(key, ""), tally) for key, tally in by_team.items()
    ]
    return Hours(
        first=first,
        last=last,
        total=sum(by_team.values(), Tally()),
        people=tuple(sorted(people, key=lambda one: (-one.tally.minutes, one.name, str(one.person_id)))),
        guests=tuple(sorted(guests, key=lambda one: (-one.tally.minutes, one.name))),
        teams=tuple(sorted(in_teams, key=lambda one: (one.team_id is None, one.name, str(one.team_id)))),
        months=_months(within, gone, first, last),
        entries=within,
    )


def _months(
    entries: Sequence[Entry], missed: Sequence[Missed], first: date, last: date
) -> tuple[MonthHours, ...]:
    """Return the months of a span with what was given in each, the oldest first."""
    found = _sums(entries, missed, lambda one: one.day.replace(day=1))
    months, month = [], first.replace(day=1)
    while month <= last:
        months.append(MonthHours(month, found.get(month, Tally())))
        month = (month + timedelta(days=31)).replace(day=1)
    return tuple(months)


def _sums(
    entries: Sequence[Entry],
    missed: Sequence[Missed],
    key: Callable[[Any], K],
    *,
    of: Callable[[Deed], bool] = lambda _: True,
) -> dict[K, Tally]:
    """Add up what has the same key: of a deed, and of a shift missed."""
    found: dict[K, list[int]] = {}
    seen: set[tuple[UUID | str, UUID]] = set()
    for entry in entries:
        deed = entry.deed
        if not of(deed):
            continue
        numbers = found.setdefault(key(deed), [0] * len(COUNTS))
        numbers[_AT[deed.work]] += entry.minutes
        served = (deed.who, deed.shift_id or deed.row_id)
        # Who went home and came again to the same shift has served one.
        if deed.work is not Work.DUTY or served not in seen:
            numbers[_TIMES[deed.work]] += 1
            numbers[_HELPED] += deed.helped
        seen.add(served)
    for one in missed:
        numbers = found.setdefault(key(one), [0] * len(COUNTS))
        numbers[_EXCUSED if one.excused else _NO_SHOWS] += 1
    return {kept: Tally(*numbers) for kept, numbers in found.items()}
