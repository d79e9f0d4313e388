"""Who may serve when: pools and who belongs to them, roles, and what people say about their time. Rules over values.

**Pools.** A shift is its own team's, else its post's; a team that was put away counts as none. One without a team is
everybody's who takes turns at all: in some pool, or with a share of their own. Where a compound has no pool,
whoever holds a role to serve takes turns, and a share only says how much.

**Time.** What somebody says holds by the clock on the wall, on each day by itself: a shift past midnight lies on
two. Whoever has said `can` of days can at no other time of them. A wish counts where it holds for half of a shift.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.community.rules import holds_on
from models.duty.needs import STANDS_FOR
from models.duty.rules import MINUTES_A_DAY, AvailabilityKind, Need, NeedKind
from models.operations.roles import WORKERS, Role
from models.text import fold

_DAY: Final = timedelta(days=1)
_AGAINST: Final = {AvailabilityKind.CANNOT, AvailabilityKind.PAUSE}


@dataclass(frozen=True, slots=True)
class Days:
    """A half-open span of days; None is open."""

    since: date | None = None
    until: date | None = None

    def hold(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return holds_on(day, since=self.since, until=self.until)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said about their time (tables.Availability)."""

    kind: AvailabilityKind
    weekdays: frozenset[int] = frozenset()
    starts: int = 0
    ends: int = MINUTES_A_DAY
    days: Days = Days()

    def on(self, day: date) -> bool:
        """Tell whether it speaks of a day."""
        return self.days.hold(day) and (not self.weekdays or day.isoweekday() in self.weekdays)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may take turns. `share` is in percent of a plain one; limits of None are as for all."""

    id: UUID
    name: str = ""
    skills: frozenset[str] = frozenset()  # folded
    teams: Mapping[UUID, Sequence[Days]] = field(default_factory=dict)
    roles: Mapping[str, Sequence[Days]] = field(default_factory=dict)
    share: int | None = None
    most_per_week: int | None = None
    most_per_month: int | None = None
    says: tuple[Said, ...] = ()

    @property
    def weight(self) -> int:
        """How much of a plain share is theirs, in percent."""
        return 100 if self.share is None else self.share

    def serves(self, day: date) -> bool:
        """Tell whether they hold a role to serve on a day."""
        return any(role in self.roles and _one_holds(self.roles[role], day) for role in WORKERS)

    def belongs(self, team_id: UUID, day: date) -> bool:
        """Tell whether they are in a team on a day."""
        return _one_holds(self.teams.get(team_id, ()), day)

    def meets(self, need: Need, day: date, teams: Mapping[str, UUID]) -> bool:
        """Tell whether they have what a need asks for on a day; `teams` are teams by name and by id in hex."""
        if need.kind is NeedKind.SKILL:
            return fold(need.value) in self.skills
        if need.kind is NeedKind.ROLE:
            meant = STANDS_FOR.get(Role(need.value), frozenset({Role(need.value)}))
            return any(_one_holds(self.roles.get(role, ()), day) for role in meant)
        team = teams.get(need.value)
        return team is not None and self.belongs(team, day)


def _one_holds(spans: Iterable[Days], day: date) -> bool:
    return any(span.hold(day) for span in spans)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a shift that lies on a day, in minutes after midnight by the clock on the wall."""

    day: date
    starts: int
    ends: int

    def common(self, said: Said) -> int:
        """Return how many of its minutes something was said about."""
        if not said.on(self.day):
            return 0
        return max(0, min(self.ends, said.ends) - max(self.starts, said.starts))


def stretches(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> tuple[Stretch, ...]:
    """Return a span of time day by day."""
    begins, ends = (at.astimezone(zone).replace(tzinfo=None) for at in (starts_at, ends_at))
    found = []
    day = begins.date()
    while (midnight := datetime.combine(day, datetime.min.time())) < ends:
        first = max(begins, midnight) - midnight
        last = min(ends, midnight + _DAY) - midnight
        found.append(Stretch(day, first // timedelta(minutes=1), -(-last // timedelta(minutes=1))))
        day += _DAY
    return tuple(found)


def stands_against(member: Member, span: Sequence[Stretch]) -> AvailabilityKind | None:
    """Return what somebody has said that keeps them from a span of time: a pause first, else that they cannot."""
    against = {
        said.kind for said in member.says if said.kind in _AGAINST and any(one.common(said) for one in span)
    }
    if AvailabilityKind.PAUSE in against:
        return AvailabilityKind.PAUSE
    if against or not all(_can(member, one) for one in span):
        return AvailabilityKind.CANNOT
    return None


def paused(member: Member, span: Sequence[Stretch]) -> bool:
    """Tell whether somebody takes a break at a span of time."""
    return any(
        said.kind is AvailabilityKind.PAUSE and any(one.common(said) for one in span) for said in member.says
    )


def _can(member: Member, stretch: Stretch) -> bool:
    """Tell whether a stretch lies in what somebody said they can, where they have said so of its day."""
    said = [one for one in member.says if one.kind is AvailabilityKind.CAN and one.days.hold(stretch.day)]
    if not said:
        return True
    reached = stretch.starts
    for one in sorted((one for one in said if one.on(stretch.day)), key=lambda one: one.starts):
        if one.starts <= reached:
            reached = max(reached, one.ends)
    return reached >= stretch.ends


def wish(member: Member, span: Sequence[Stretch]) -> int:
    """Return +1 where somebody would rather have a span of time, -1 where rather not, 0 where they said nothing or both."""
    whole = sum(one.ends - one.starts for one in span)

    def said(kind: AvailabilityKind) -> bool:
        return any(
            2 * sum(one.common(said) for one in span) >= whole for said in member.says if said.kind is kind
        )

    return said(AvailabilityKind.RATHER) - said(AvailabilityKind.RATHER_NOT)


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody who may take turns, the pools of the posts, and teams by name and id."""

    members: Mapping[UUID, Member]
    pools: frozenset[UUID]
    teams: Mapping[str, UUID] = field(default_factory=dict)
    #: Days on which somebody comes into a team or a role, or leaves it: between two of them pools are the same.
    _changes: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _pools: dict[tuple[UUID | None, int], tuple[UUID, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        spans = chain.from_iterable(
            chain(*member.teams.values(), *member.roles.values()) for member in self.members.values()
        )
        days = {day for span in spans for day in (span.since, span.until) if day is not None}
        object.__setattr__(self, "_changes", tuple(sorted(days)))

    def pool_of(self, *teams: UUID | None) -> UUID | None:
        """Return the first of a shift's teams, its own before its post's, that still stands."""
        return next((team for team in teams if team in self.pools), None)

    def takes_turns(self, member: Member, team_id: UUID | None, day: date) -> bool:
        """Tell whether somebody belongs to those who take turns at a team's shifts, or at nobody's in particular."""
        if team_id is not None:
            return member.belongs(team_id, day)
        if not self.pools:
            return True
        return member.share is not None or any(member.belongs(team, day) for team in self.pools)

    def pool(self, team_id: UUID | None, day: date) -> tuple[UUID, ...]:
        """Return who takes turns on a day and holds a role to serve, in the order of ids."""
        key = team_id, bisect_right(self._changes, day)
        known = self._pools.get(key)
        if known is None:
            known = tuple(self._serving(team_id, day))
            self._pools[key] = known
        return known

    def _serving(self, team_id: UUID | None, day: date) -> Iterator[UUID]:
        for person in sorted(self.members):
            member = self.members[person]
            if member.serves(day) and self.takes_turns(member, team_id, day):
                yield person
