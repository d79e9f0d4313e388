"""Whether somebody can take over a shift, what speaks against it, and what the shift would lack: pure rules over values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.crew import Crew, stands_against, stretches
from models.duty.rules import AvailabilityKind, Need, Ruling


class Bar(StrEnum):
    """What speaks against somebody on a shift."""

    ON_IT = "on_it"  # they are on it already
    DOUBLE = "double"  # they are on another shift then
    PAUSE = "pause"
    CANNOT = "cannot"
    ROLE = "role"  # they hold no role to serve
    POOL = "pool"  # it is another team's
    REST = "rest"  # too short after another shift, or before one
    WEEK = "week"  # more shifts in the week than anybody should have


#: Nobody can overrule these; the rest is for people to weigh.
FORBIDDING: Final = frozenset({Bar.ON_IT, Bar.DOUBLE})
#: Whoever these speak against is not asked.
SHUT: Final = FORBIDDING | {Bar.PAUSE, Bar.CANNOT}


@dataclass(frozen=True, slots=True)
class Held:
    """A shift that somebody is on."""

    shift_id: UUID
    day: date
    starts_at: datetime
    ends_at: datetime


class _Held(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def post_id(self) -> UUID: ...
    @property
    def team_id(self) -> UUID | None: ...
    @property
    def day(self) -> date: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def needs(self) -> Sequence[Need]: ...


@dataclass(frozen=True, slots=True)
class Fitting:
    """What it takes to judge: who may serve when, what holds for all, and what people are on already.

    `posts` are the teams of the posts that have one.
    """

    crew: Crew
    ruling: Ruling
    zone: ZoneInfo
    held: Mapping[UUID, Sequence[Held]] = field(default_factory=dict)
    posts: Mapping[UUID, UUID] = field(default_factory=dict)

    def bars(self, shift: _Held, person: UUID, *, giving: Collection[UUID] = ()) -> tuple[Bar, ...]:
        """Return what speaks against somebody on a shift, the gravest first; they give the shifts `giving` away for it."""
        mine = self.held.get(person, ())
        others = [one for one in mine if one.shift_id != shift.id and one.shift_id not in giving]
        found = []
        if any(one.shift_id == shift.id for one in mine):
            found.append(Bar.ON_IT)
        if any(one.starts_at < shift.ends_at and shift.starts_at < one.ends_at for one in others):
            found.append(Bar.DOUBLE)
        found += self._said(shift, person)
        if Bar.DOUBLE not in found and any(self._near(shift, one) for one in others):
            found.append(Bar.REST)
        most = self._most(person)
        week = shift.day.isocalendar()[:2]
        if most and sum(one.day.isocalendar()[:2] == week for one in others) >= most:
            found.append(Bar.WEEK)
        return tuple(found)

    def _said(self, shift: _Held, person: UUID) -> list[Bar]:
        member = self.crew.members.get(person)
        pool = self.crew.pool_of(shift.team_id, self.posts.get(shift.post_id))
        if member is None:  # in no pool, without a share, and on no shift
            return [Bar.POOL]
        found = []
        against = stands_against(member, stretches(shift.starts_at, shift.ends_at, self.zone))
        if against is not None:
            found.append(Bar.PAUSE if against is AvailabilityKind.PAUSE else Bar.CANNOT)
        if not member.serves(shift.day):
            found.append(Bar.ROLE)
        if not self.crew.takes_turns(member, pool, shift.day):
            found.append(Bar.POOL)
        return found

    def _near(self, shift: _Held, other: Held) -> bool:
        gap = max(shift.starts_at - other.ends_at, other.starts_at - shift.ends_at)
        return gap < timedelta(minutes=self.ruling.rest_minutes)

    def _most(self, person: UUID) -> int:
        member = self.crew.members.get(person)
        own = None if member is None else member.most_per_week
        return self.ruling.most_per_week if own is None else own

    def lacks(self, shift: _Held, people: Collection[UUID]) -> tuple[tuple[Need, int], ...]:
        """Return the needs of a shift that these people leave open, each with how many are missing."""
        short = [
            (need, need.n - sum(self._meets(one, need, shift.day) for one in people)) for need in shift.needs
        ]
        return tuple((need, n) for need, n in short if n > 0)

    def _meets(self, person: UUID, need: Need, day: date) -> bool:
        member = self.crew.members.get(person)
        return member is not None and member.meets(need, day, self.crew.teams)
