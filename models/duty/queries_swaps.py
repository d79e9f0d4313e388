"""Requests to be covered or to swap: whom they are to, what they would do, and who could take over.

Open requests are found along their state or whom they are to, answered ones by when they were asked; what they
would do is looked up for the one in front.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session

from models.community.searching import chunks
from models.duty.disputes import SWAP, Place, places
from models.duty.fitting import SHUT, Bar, Fitting, Held
from models.duty.queries import (
    PLACE,
    POST,
    SHIFT,
    ShiftLine,
    names_of,
    ruling_of,
    shifts_between,
    shifts_by_id,
)
from models.duty.queries_crew import begins_near, crew
from models.duty.rules import Need, ShiftState, SwapState
from models.operations.queries import zone_of

#: So far ahead colleagues' shifts are offered for a swap.
SWAPPED_AHEAD: Final = timedelta(days=42)
#: Requests that were asked so long ago are not told as answered lately.
LATELY: Final = timedelta(days=45)
_MOST: Final = 200
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SwapLine:
    """A request: `mine` is the asker's place, `against` what they would take for it. Without `to` it asks everybody."""

    id: UUID
    state: SwapState
    asker_id: UUID
    asker: str
    to_id: UUID | None
    to: str
    mine: Place
    against: Place | None
    words: str
    asked_at: datetime
    answered_at: datetime | None
    answered_by_id: UUID | None
    answered_by: str
    answer: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a request would do to somebody: the points that they would owe more (or less), and what speaks against it."""

    person_id: UUID
    name: str
    owed: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What it would do if somebody said yes: to both, and to the needs of the shifts that would be met no more."""

    changes: tuple[Change, ...]
    lacking: tuple[tuple[ShiftLine, Need, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A colleague's place that could be swapped for one's own: what speaks against each of the two."""

    id: UUID
    person_id: UUID
    person: str
    line: ShiftLine
    bars: tuple[Bar, ...]
    theirs: tuple[Bar, ...]

    @property
    def shut(self) -> bool:
        """Whether one of the two cannot."""
        return bool(SHUT.intersection(self.bars) or SHUT.intersection(self.theirs))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might take a shift, and what speaks against it."""

    person_id: UUID
    person: str
    bars: tuple[Bar, ...]

    @property
    def shut(self) -> bool:
        """Whether they cannot."""
        return bool(SHUT.intersection(self.bars))


def requests_to(
    session: Session, compound_id: UUID, person_id: UUID, *, now: datetime
) -> tuple[SwapLine, ...]:
    """Return the open requests to somebody by name, the soonest shift first."""
    return _open(session, compound_id, now, SWAP.c.to_id == person_id)


def open_covers(
    session: Session, compound_id: UUID, *, now: datetime, but: UUID | None = None
) -> tuple[SwapLine, ...]:
    """Return the requests that ask everybody, the soonest shift first; `but` somebody's own."""
    conditions: list[ColumnElement[bool]] = [SWAP.c.to_id.is_(None)]
    if but is not None:
        conditions.append(SWAP.c.asker_id != but)
    return _open(session, compound_id, now, *conditions)


def asked_by(session: Session, compound_id: UUID, person_id: UUID, *, now: datetime) -> tuple[SwapLine, ...]:
    """Return what somebody has asked and nobody has answered, the soonest shift first."""
    return _open(session, compound_id, now, SWAP.c.asker_id == person_id)


def answered(session: Session, compound_id: UUID, *, now: datetime) -> tuple[SwapLine, ...]:
    """Return the requests of late that were accepted, declined or withdrawn, the last answered first."""
    over = sorted({state.value for state in SwapState} - {SwapState.OPEN.value})
    conditions = (SWAP.c.state.in_(over), SWAP.c.asked_at > now - LATELY)
    lines = _lines(session, compound_id, conditions)
    return tuple(
        sorted(lines, key=lambda line: (line.answered_at or line.asked_at, line.id.hex), reverse=True)
    )


def one_request(session: Session, compound_id: UUID, swap_id: UUID) -> SwapLine | None:
    """Return a request by its id."""
    return next(iter(_lines(session, compound_id, (SWAP.c.id == swap_id,))), None)


def requests_on(
    session: Session, compound_id: UUID, assignments: Iterable[UUID]
) -> Mapping[UUID, Sequence[SwapLine]]:
    """Return the open requests about some places, by place: those that want to be rid of it, or to have it."""
    found: dict[UUID, list[SwapLine]] = defaultdict(list)
    for part in chunks(assignments):
        about = or_(SWAP.c.assignment_id.in_(part), SWAP.c.against_id.in_(part))
        for line in _lines(session, compound_id, (SWAP.c.state == SwapState.OPEN.value, about)):
            for place in (line.mine, line.against):
                if place is not None and place.id in set(part):
                    found[place.id].append(line)
    return found


def _open(
    session: Session, compound_id: UUID, now: datetime, *conditions: ColumnElement[bool]
) -> tuple[SwapLine, ...]:
    lines = _lines(session, compound_id, (SWAP.c.state == SwapState.OPEN.value, *conditions))
    living = [
        line
        for line in lines
        if not line.mine.gone and line.mine.starts_at > now and not (line.against and line.against.gone)
    ]
    return tuple(sorted(living, key=lambda line: (line.mine.starts_at, line.id.hex)))


def _lines(session: Session, compound_id: UUID, conditions: Sequence[ColumnElement[bool]]) -> list[SwapLine]:
    statement = (
        select(SWAP)
        .where(SWAP.c.compound_id == compound_id, SWAP.c.archived.is_(False), *conditions)
        .order_by(SWAP.c.asked_at.desc(), SWAP.c.id)
        .limit(_MOST)
    )
    rows = session.connection().execute(statement).all()
    about = places(
        session, compound_id, {one for row in rows for one in (row.assignment_id, row.against_id) if one}
    )
    people = {one for row in rows for one in (row.asker_id, row.to_id, row.answered_by_id) if one}
    names = names_of(session, compound_id, people)
    return [_line(row, about, names) for row in rows if row.assignment_id in about]


def _line(row: Any, about: Mapping[UUID, Place], names: Mapping[UUID, str]) -> SwapLine:
    return SwapLine(
        id=row.id,
        state=SwapState(row.state),
        asker_id=row.asker_id,
        asker=names.get(row.asker_id, ""),
        to_id=row.to_id,
        to="" if row.to_id is None else names.get(row.to_id, ""),
        mine=about[row.assignment_id],
        against=None if row.against_id is None else about.get(row.against_id),
        words=row.words,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        answered_by_id=row.answered_by_id,
        answered_by="" if row.answered_by_id is None else names.get(row.answered_by_id, ""),
        answer=row.answer,
    )


# -- what it would do --------------------------------------------------------------------


def fitting(session: Session, compound_id: UUID, first: date, last: date) -> Fitting:
    """Return what it takes to judge who can take the shifts of some days."""
    statement = select(PLACE.c.person_id, SHIFT.c.id, SHIFT.c.day, SHIFT.c.starts_at, SHIFT.c.ends_at).where(
        SHIFT.c.compound_id == compound_id,
        SHIFT.c.day >= first - _WEEK,
        SHIFT.c.day <= last + _WEEK,
        SHIFT.c.archived.is_(False),
        PLACE.c.compound_id == compound_id,
        PLACE.c.shift_id == SHIFT.c.id,
        PLACE.c.archived.is_(False),
        PLACE.c.leaving.is_(False),
        PLACE.c.state == ShiftState.PUBLISHED.value,
        *begins_near(PLACE, first - _WEEK, last + _WEEK),
    )
    held: dict[UUID, list[Held]] = defaultdict(list)
    for row in session.connection().execute(statement.order_by(SHIFT.c.starts_at, SHIFT.c.id)):
        held[row.person_id].append(Held(row.id, row.day, row.starts_at, row.ends_at))
    posts = select(POST.c.id, POST.c.team_id).where(
        POST.c.compound_id == compound_id, POST.c.team_id.is_not(None)
    )
    return Fitting(
        crew(session, compound_id, first, last),
        ruling_of(session, compound_id),
        zone_of(session, compound_id),
        held,
        {row.id: row.team_id for row in session.connection().execute(posts)},
    )


def effect(
    session: Session, compound_id: UUID, swap: SwapLine, taker: UUID, name: str, *, now: datetime
) -> Effect:
    """Return what it would do if `taker` accepted a request."""
    wanted = [swap.mine.shift_id, *([] if swap.against is None else [swap.against.shift_id])]
    lines = shifts_by_id(session, compound_id, wanted, now=now)
    mine = lines.get(swap.mine.shift_id)
    other = None if swap.against is None else lines.get(swap.against.shift_id)
    if mine is None or (swap.against is not None and other is None):
        return Effect(())
    days = [line.day for line in lines.values()]
    judge = fitting(session, compound_id, min(days), max(days))
    given = set() if other is None else {other.id}
    gained = 0 if other is None else other.points
    changes = (
        Change(taker, name, gained - mine.points, judge.bars(mine, taker, giving=given)),
        Change(
            swap.asker_id,
            swap.asker,
            mine.points - gained,
            () if other is None else judge.bars(other, swap.asker_id, giving={mine.id}),
        ),
    )
    moves = [(mine, swap.asker_id, taker), *([] if other is None else [(other, taker, swap.asker_id)])]
    lacking = tuple(
        (line, need, n) for line, goes, comes in moves for need, n in _worse(judge, line, goes, comes)
    )
    return Effect(changes, lacking)


def _worse(judge: Fitting, line: ShiftLine, goes: UUID, comes: UUID) -> list[tuple[Need, int]]:
    """Return the needs that would be met less than now."""
    there = {one.person_id for one in line.people if not one.leaving}
    before = dict(judge.lacks(line, there))
    return [(need, n) for need, n in judge.lacks(line, (there - {goes}) | {comes}) if n > before.get(need, 0)]


def swap_offers(
    session: Session, compound_id: UUID, mine: Place, *, now: datetime, today: date
) -> tuple[Offer, ...]:
    """Return the places of colleagues that one's own could be swapped for: those that fit both first, then by time."""
    last = max(today + SWAPPED_AHEAD, mine.day + _WEEK)
    lines = shifts_between(session, compound_id, today, last, now=now)
    own = next(iter(shifts_by_id(session, compound_id, [mine.shift_id], now=now).values()), None)
    if own is None:
        return ()
    judge = fitting(session, compound_id, min(today, mine.day), last)
    found = [
        Offer(
            one.id,
            one.person_id,
            one.name,
            line,
            judge.bars(line, mine.person_id, giving={own.id}),
            judge.bars(own, one.person_id, giving={line.id}),
        )
        for line in lines
        if line.starts_at > now and line.id != own.id
        for one in line.people
        if one.person_id != mine.person_id
    ]
    return tuple(
        sorted(found, key=lambda one: (one.shut, len(one.bars) + len(one.theirs), one.line.starts_at))
    )


def candidates(
    session: Session, compound_id: UUID, line: ShiftLine, *, but: UUID | None = None
) -> tuple[Candidate, ...]:
    """Return everybody who serves on the day of a shift, whom least speaks against first."""
    judge = fitting(session, compound_id, line.day, line.day)
    found = [
        Candidate(member.id, member.name, judge.bars(line, member.id))
        for member in judge.crew.members.values()
        if member.id != but and member.serves(line.day)
    ]
    return tuple(sorted(found, key=lambda one: (one.shut, len(one.bars), one.person, one.person_id.hex)))


def bars_on(
    session: Session, compound_id: UUID, lines: Sequence[ShiftLine], person_id: UUID
) -> Mapping[UUID, tuple[Bar, ...]]:
    """Return what speaks against somebody on some shifts, by shift."""
    if not lines:
        return {}
    days = [line.day for line in lines]
    judge = fitting(session, compound_id, min(days), max(days))
    return {line.id: judge.bars(line, person_id) for line in lines}
