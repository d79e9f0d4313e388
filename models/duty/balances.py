"""Who owes how much duty, and how that came: pure sums over values, in whole points.

**Fair.** What was on a shift for each of its hands is shared among all who take turns there on its day and are not
pausing, by their shares. A place counts when somebody was put on it; what nobody was put on is nobody's debt.
Somebody who helped out is thanked by all: their points are shared as well. In each month and pool the shares are
rounded so that they add up to the points shared, the largest remainders up.

**Done.** Whoever came has done it, on the roster or not. What is still to come counts as done. Half a day after its
end, a place whose holder nobody has seen is not done; it costs nothing on top unless it is marked as a no-show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final
from uuid import UUID

from models.duty.rules import Absence

#: So long after a shift's end somebody may still be checked in before the place counts as not done.
LEAVE: Final = timedelta(hours=12)


class Came(StrEnum):
    """What became of somebody's place on a shift."""

    CAME = "came"
    HELPED = "helped"  # came without being on the roster
    COMING = "coming"  # counts as done until half a day after its end
    UNSEEN = "unseen"  # nobody has seen them, and nobody has said why
    EXCUSED = "excused"
    NO_SHOW = "no_show"


DONE: Final = frozenset({Came.CAME, Came.HELPED, Came.COMING})


def next_month(month: date) -> date:
    """Return the month after one, both named by their first days."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def came(ends_at: datetime, absence: Absence, *, seen: bool, now: datetime) -> Came:
    """Tell what became of a place: whoever was seen has come, whatever else was said of it."""
    if seen:
        return Came.CAME
    if absence is not Absence.NONE:
        return Came.NO_SHOW if absence is Absence.NO_SHOW else Came.EXCUSED
    return Came.UNSEEN if now >= ends_at + LEAVE else Came.COMING


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's turn on a shift, in the month of its day."""

    shift_id: UUID
    person_id: UUID
    month: date
    points: int
    came: Came

    @property
    def done(self) -> int:
        """The points that they have done by it."""
        return self.points if self.came in DONE else 0

    def missed(self, percent: int) -> int:
        """Return what it costs on top, half a point up."""
        return (self.points * percent + 50) // 100 if self.came is Came.NO_SHOW else 0


@dataclass(frozen=True, slots=True)
class Due:
    """What a shift has to be shared: its points for all places, and who shares them with which weight."""

    shift_id: UUID
    month: date
    team_id: UUID | None
    points: int
    pool: tuple[tuple[UUID, int], ...]
    pausing: tuple[UUID, ...] = ()

    @property
    def concerned(self) -> frozenset[UUID]:
        """Who shares it, or would if they were not pausing."""
        return frozenset((*(person for person, _ in self.pool), *self.pausing))


def due(
    shift_id: UUID,
    month: date,
    team_id: UUID | None,
    *,
    turns: Iterable[Turn],
    pool: Iterable[tuple[UUID, int]],
    pausing: Iterable[UUID] = (),
) -> Due:
    """Return what a shift has to be shared. Where nobody shares it, it is fair for those who were on it."""
    here = list(turns)
    on = sum(turn.came is not Came.HELPED for turn in here)
    places = max(on, sum(turn.came in DONE for turn in here))
    sharing = tuple(sorted((person, weight) for person, weight in pool if weight > 0))
    if not sharing:
        first = sorted(turn.person_id for turn in here if turn.came is not Came.HELPED or not on)
        sharing = tuple((person, 1) for person in first)
    points = here[0].points if here else 0
    return Due(shift_id, month, team_id, places * points, sharing, tuple(sorted(pausing)))


#: Somebody's part of what was shared in a month by those who take turns in a team, or in none.
Part = tuple[date, UUID | None, UUID]


def fair_parts(dues: Iterable[Due]) -> dict[Part, int]:
    """Return each one's fair part by month, pool and person; in each month and pool they add up to the points."""
    exact: dict[tuple[date, UUID | None], dict[UUID, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    whole: dict[tuple[date, UUID | None], int] = defaultdict(int)
    for (month, team, pool), points in _alike(dues).items():
        weights = sum(weight for _, weight in pool)
        whole[month, team] += points
        for person, weight in pool:
            exact[month, team][person] += Fraction(points * weight, weights)
    return {
        (*pool, person): part
        for pool, parts in exact.items()
        for person, part in rounded(parts, whole[pool]).items()
    }


def _alike(
    dues: Iterable[Due],
) -> dict[tuple[date, UUID | None, tuple[tuple[UUID, int], ...]], int]:
    """Return the points of shifts that the same people share with the same weights."""
    found: dict[tuple[date, UUID | None, tuple[tuple[UUID, int], ...]], int] = defaultdict(int)
    for one in dues:
        if one.pool:
            found[one.month, one.team_id, one.pool] += one.points
    return found


def rounded(parts: Mapping[UUID, Fraction], whole: int) -> dict[UUID, int]:
    """Return whole parts that add up to `whole`, as the exact ones do: the largest remainders are rounded up."""
    floors = {person: part.numerator // part.denominator for person, part in parts.items()}
    left = whole - sum(floors.values())
    by_remainder = sorted(parts, key=lambda person: (floors[person] - parts[person], person))
    for person in by_remainder[:left]:
        floors[person] += 1
    return floors


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody owed before, and what has moved it since."""

    before: int = 0
    fair: int = 0
    done: int = 0
    missed: int = 0

    @property
    def owed(self) -> int:
        """What they owe; negative when they have done more than their share."""
        return self.before + self.fair - self.done + self.missed


def accounts(
    before: Mapping[UUID, int], parts: Mapping[Part, int], turns: Iterable[Turn], *, no_show: int
) -> dict[UUID, Account]:
    """Add up what everybody owes; `no_show` is the percentage that one costs on top."""
    found = defaultdict(Account, {person: Account(owed) for person, owed in before.items()})
    for (_, _, person), part in parts.items():
        one = found[person]
        found[person] = replace(one, fair=one.fair + part)
    for turn in turns:
        one = found[turn.person_id]
        found[turn.person_id] = replace(
            one, done=one.done + turn.done, missed=one.missed + turn.missed(no_show)
        )
    return dict(found)
