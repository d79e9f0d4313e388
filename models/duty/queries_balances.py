"""Who owes how much duty, and the lines that add up to it, for everybody to see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.searching import chunks
from models.duty.balances import Account, Came, Due, Turn, fair_parts
from models.duty.calendar import Calendar
from models.duty.queries import PERSON, TEAM
from models.duty.queries_books import Books, Settled, books
from models.duty.queries_calendar import calendar_around
from models.duty.weighing import Part, parts
from models.inspection.observed import rows_of


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """What somebody owes, in points: what they owed at the end of the month `settled`, and what moved it since.

    `owed` = `before` + `fair` - `done` + `missed`; positive: they owe duty. `unseen` are the shifts that do not count as
    done because nobody was checked in on them.
    """

    person_id: UUID
    person: str
    settled: date | None
    before: int
    fair: int
    done: int
    missed: int
    owed: int
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class FairLine:
    """Somebody's part of what a pool shared in a month: of `shifts` with `points` in all, taken by `people`.

    `share` is theirs in percent of a plain one; `pausing` are the shifts of the pool in which they had no part.
    """

    team_id: UUID | None
    team: str
    shifts: int
    points: int
    people: int
    share: int
    pausing: int
    fair: int


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One of somebody's turns: `done` is what it takes off, `missed` what a no-show costs on top.

    `parts` add up to `points`; there are none where somebody has set the points of the shift themselves,
    or the factors were others when it was planned.
    """

    shift_id: UUID
    day: date
    name: str
    post: str
    starts_at: datetime
    ends_at: datetime
    came: Came
    points: int
    done: int
    missed: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class MonthLines:
    """What a month did: fair parts, turns, and what was owed at its end."""

    month: date
    fair: tuple[FairLine, ...]
    turns: tuple[TurnLine, ...]
    owed: int


@dataclass(frozen=True, slots=True)
class BalanceStory:
    """How it came that somebody owes what they owe: the month settled last, and every month since."""

    person_id: UUID
    person: str
    settled: Settled | None
    months: tuple[MonthLines, ...]
    owed: int


def balances(
    session: Session, compound_id: UUID, *, today: date, now: datetime, until: date | None = None
) -> tuple[BalanceLine, ...]:
    """Return what everybody owes who takes turns, or who owes anything, whoever owes most first.

    All that is published counts, also what is still to come; `until` leaves out shifts on that day and later ones.
    """
    read = books(session, compound_id, now=now, until=until)
    found = read.accounts()
    unseen = Counter(turn.person_id for turn in read.turns if turn.came is Came.UNSEEN)
    taking = _taking_turns(read, today)
    named = _names(session, compound_id, read, {*found, *taking})
    lines = [
        _line(person, named[person], found.get(person, Account()), read, unseen[person])
        for person in named
        if person in taking or found[person] != Account()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.owed, line.person, line.person_id)))


def _line(person: UUID, name: str, account: Account, read: Books, unseen: int) -> BalanceLine:
    settled = read.settled.get(person)
    return BalanceLine(
        person_id=person,
        person=name,
        settled=None if settled is None else settled.month,
        before=account.before,
        fair=account.fair,
        done=account.done,
        missed=account.missed,
        owed=account.owed,
        unseen=unseen,
    )


def _taking_turns(read: Books, today: date) -> set[UUID]:
    crew = read.crew
    return {person for team in (None, *crew.pools) for person in crew.pool(team, today)}


def _names(session: Session, compound_id: UUID, read: Books, people: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of people who are not put away in the register."""
    wanted = set(people)
    named = {person: read.crew.members[person].name for person in wanted & read.crew.members.keys()}
    for part in chunks(sorted(wanted - named.keys())):
        statement = select(PERSON.c.id, PERSON.c.name).where(
            PERSON.c.compound_id == compound_id, PERSON.c.id.in_(part), PERSON.c.archived.is_(False)
        )
        named |= {row.id: row.name for row in rows_of(session, statement)}
    return named


def balance_story(
    session: Session, compound_id: UUID, person_id: UUID, *, now: datetime, until: date | None = None
) -> BalanceStory:
    """Return the lines that add up to what somebody owes, to the point."""
    read = books(session, compound_id, now=now, until=until)
    telling = _Telling(session, compound_id, read, person_id)
    settled = read.settled.get(person_id)
    owed = 0 if settled is None else settled.owed
    months = []
    for month in sorted({one.month for one in telling.dues} | {one.month for one in telling.turns}):
        lines = telling.month(month)
        owed += sum(line.fair for line in lines.fair) + sum(line.missed - line.done for line in lines.turns)
        months.append(MonthLines(month, lines.fair, lines.turns, owed))
    named = _names(session, compound_id, read, [person_id])
    return BalanceStory(person_id, named.get(person_id, ""), settled, tuple(months), owed)


class _Telling:
    """What of the books concerns somebody, month by month."""

    def __init__(self, session: Session, compound_id: UUID, read: Books, person_id: UUID) -> None:
        self.read = read
        self.person = person_id
        self.turns = [turn for turn in read.turns if turn.person_id == person_id]
        pools = {(one.month, one.team_id) for one in read.dues if person_id in one.concerned}
        self.dues = [one for one in read.dues if (one.month, one.team_id) in pools]
        self.parts = fair_parts(read.dues)
        days = [read.shifts[turn.shift_id].day for turn in self.turns]
        self.calendar = calendar_around(session, compound_id, min(days), max(days)) if days else Calendar()
        self.teams = {
            row.id: row.name
            for row in rows_of(
                session, select(TEAM.c.id, TEAM.c.name).where(TEAM.c.compound_id == compound_id)
            )
        }

    def month(self, month: date) -> MonthLines:
        dues = sorted(
            (one for one in self.dues if one.month == month), key=lambda one: one.team_id or UUID(int=0)
        )
        fair = tuple(
            self._fair(month, team, list(pool)) for team, pool in groupby(dues, key=lambda one: one.team_id)
        )
        turns = tuple(self._turn(turn) for turn in self.turns if turn.month == month)
        return MonthLines(month, fair, turns, 0)

    def _fair(self, month: date, team: UUID | None, dues: list[Due]) -> FairLine:
        member = self.read.crew.members.get(self.person)
        return FairLine(
            team_id=team,
            team="" if team is None else self.teams.get(team, ""),
            shifts=len(dues),
            points=sum(one.points for one in dues),
            people=len({person for one in dues for person, _ in one.pool}),
            share=100 if member is None else member.weight,
            pausing=sum(self.person in one.pausing for one in dues),
            fair=self.parts.get((month, team, self.person), 0),
        )

    def _turn(self, turn: Turn) -> TurnLine:
        shift = self.read.shifts[turn.shift_id]
        return TurnLine(
            shift_id=turn.shift_id,
            day=shift.day,
            name=shift.name,
            post=shift.post,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            came=turn.came,
            points=turn.points,
            done=turn.done,
            missed=turn.missed(self.read.ruling.no_show),
            parts=self._parts(shift),
        )

    def _parts(self, shift: Any) -> tuple[Part, ...]:
        found = parts(shift.starts_at, shift.ends_at, self.calendar, self.read.ruling, self.read.zone)
        return found if sum(part.points for part in found) == shift.points else ()
