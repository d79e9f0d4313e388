"""Who sits when in the demo: a plain rotation, made by hand as a committee makes it on paper.

Whoever has carried least for their share is next, if they can: no solver runs, and the same day gives the same roster.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.demo import volunteers
from models.demo.duty_posts import APART, HELD, SHARES, TOGETHER, Held
from models.demo.scribe import Scribe
from models.duty.crew import Member, Stretch, stands_against, stretches, wish
from models.duty.patterns import Planned
from models.duty.rules import Ruling
from models.operations.roles import Role

_RULING: Final = Ruling()
#: More than the rule asks for: nobody has the desk in the morning and walks in the evening.
_REST: Final = timedelta(hours=10)
_COMMITTEE: Final = {volunteers.DIRECTOR} | {
    office.name
    for office in volunteers.OFFICES
    if office.role is Role.COMMITTEE and office.ended_days_ago is None
}
#: What a wish is worth against what people have carried, in points.
_A_WISH: Final = 200
_HELD: Final = {held.name: held for held in HELD}

_DAY: Final = timedelta(days=1)
#: So far ahead everybody knows what is theirs; from there on four weeks are the committee's draft.
_KNOWN: Final = 4
_DRAFTED: Final = 28
_CALLED_OFF: Final = 9

#: A day and the name of a shift on it.
Spot = tuple[date, str]


@dataclass(frozen=True, slots=True)
class Days:
    """The days that the demo's duty turns on."""

    last_month: date
    this_month: date
    today: date

    @property
    def drafted(self) -> date:
        """Return the first day of the draft."""
        return self.today + (_KNOWN + 1) * _DAY

    @property
    def end(self) -> date:
        """Return its last day."""
        return self.today + (_KNOWN + _DRAFTED) * _DAY

    def next(self, first: date, weekdays: tuple[int, ...]) -> date:
        """Return the first of some weekdays from a day on."""
        return next(day for n in range(7) if (day := first + n * _DAY).isoweekday() in weekdays)

    @property
    def gap(self) -> Spot:
        """Return where nobody can: the third pool is ill or away that day, but for one who has the afternoon."""
        return self.next(self.drafted, (3, 6)), "三组早班"

    @property
    def swap(self) -> date:
        """Return the day of which one asks another to swap morning and afternoon."""
        return self.next(self.today + _DAY, (2, 5))

    @property
    def called_off(self) -> Spot:
        """Return a shift that is not held though its pattern says so."""
        return self.next(self.today + _CALLED_OFF * _DAY, (2, 5)), "二组午班"


class NobodyCanError(Exception):
    """A shift of the demo found too few hands: its people and its pattern have drifted apart."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift of the roster, and who is on it."""

    id: UUID
    planned: Planned
    people: tuple[str, ...] = ()

    @property
    def held(self) -> Held:
        """Return what it is an occasion of."""
        return _HELD[self.planned.name]

    @property
    def spot(self) -> Spot:
        """Return its day and name."""
        return self.planned.day, self.planned.name

    def place(self, scribe: Scribe, name: str) -> str:
        """Return the id of somebody's place on it."""
        return scribe.name("assignment", f"{self.id}:{name}")


@dataclass
class Rotation:
    """What people carry already. `away` are spans in which somebody is known to be about something else."""

    members: Mapping[str, Member]
    away: Mapping[str, tuple[datetime, datetime]]
    zone: ZoneInfo
    _busy: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))
    _weeks: Counter[tuple[str, int, int]] = field(default_factory=Counter)
    _points: Counter[str] = field(default_factory=Counter)

    def fill(self, turns: Iterable[Turn], given: Mapping[Spot, tuple[str, ...]], gap: Spot) -> list[Turn]:
        """Return the turns with people on them: those who are `given`, then who is next; one place stays empty."""
        turns = list(turns)
        for turn in turns:
            for name in given.get(turn.spot, ()):
                self.carry(name, turn.planned.starts_at, turn.planned.ends_at, turn.planned.points)
        filled = [
            self._filled(turn, given.get(turn.spot, ()), int(turn.spot == gap))
            for turn in sorted(turns, key=_hard_first)
        ]
        return sorted(filled, key=lambda turn: turn.planned.starts_at)

    def carry(self, name: str, starts_at: datetime, ends_at: datetime, points: int) -> None:
        """Keep that somebody is on a shift."""
        self._busy[name].append((starts_at, ends_at))
        week = starts_at.date().isocalendar()
        self._weeks[name, week.year, week.week] += 1
        self._points[name] += points

    def _filled(self, turn: Turn, given: tuple[str, ...], empty: int) -> Turn:
        people = list(given)
        planned = turn.planned
        while len(people) < planned.hands - empty:
            able = [one.name for one in volunteers.VOLUNTEERS if self._may(one.name, one.pool, turn, people)]
            if turn.held.needs and not _COMMITTEE.intersection(people):
                able = [name for name in able if name in _COMMITTEE]
            if not able:
                raise NobodyCanError(turn.spot)
            able.sort(key=lambda name: self._order(name, turn, people))
            people.append(able[0])
            self.carry(able[0], planned.starts_at, planned.ends_at, planned.points)
        return replace(turn, people=tuple(people))

    def _order(self, name: str, turn: Turn, people: list[str]) -> tuple[bool, int]:
        """Friends come together; else whoever has carried least for their share, and rather those who would rather."""
        friends = name in TOGETHER and bool(set(TOGETHER).intersection(people))
        wished = _A_WISH * wish(self.members[name], self._span(turn))
        return not friends, self._points[name] * 100 // SHARES.get(name, 100) - wished

    def _may(self, name: str, pool: str, turn: Turn, people: list[str]) -> bool:
        planned = turn.planned
        if name in people or (turn.held.pool and pool != turn.held.pool):
            return False
        if name in APART and set(APART).intersection(people):
            return False
        week = planned.day.isocalendar()
        if self._weeks[name, week.year, week.week] >= _RULING.most_per_week:
            return False
        if not self.free(name, planned.starts_at, planned.ends_at):
            return False
        return stands_against(self.members[name], self._span(turn)) is None

    def free(self, name: str, starts_at: datetime, ends_at: datetime) -> bool:
        """Tell whether somebody is about nothing else, and has had their rest."""
        away = self.away.get(name)
        if away is not None and starts_at < away[1] and ends_at > away[0]:
            return False
        return all(starts_at >= end + _REST or ends_at <= start - _REST for start, end in self._busy[name])

    def _span(self, turn: Turn) -> tuple[Stretch, ...]:
        return stretches(turn.planned.starts_at, turn.planned.ends_at, self.zone)


def _hard_first(turn: Turn) -> tuple[int, int, bool, bool, datetime]:
    """Week by week, a pool's own turns and those that need somebody come before what anybody can do."""
    week = turn.planned.day.isocalendar()
    return week.year, week.week, not turn.held.pool, not turn.held.needs, turn.planned.starts_at
