"""Shifts as lines: when, where, who is on them, who came, and what they lack. Everything that shows a roster reads these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, func, or_, select
from sqlmodel import Session

from models.community.searching import chunks
from models.community.tables import Person, Team, TeamMember
from models.duty.needs import STANDS_FOR, needs_of
from models.duty.rules import (
    LONGEST_SHIFT,
    Absence,
    Attended,
    Need,
    NeedKind,
    Presence,
    Ruling,
    ShiftState,
    presence,
)
from models.duty.tables import Assignment, CheckIn, DutyRuling, Post, Shift
from models.operations.roles import Role, RoleTerm
from models.tables import table_of
from models.text import fold

SHIFT, PLACE, POST, CHECKIN = table_of(Shift), table_of(Assignment), table_of(Post), table_of(CheckIn)
PERSON, TEAM, MEMBER, TERM = table_of(Person), table_of(Team), table_of(TeamMember), table_of(RoleTerm)
_RULING = table_of(DutyRuling)
_FACTORS: Final = tuple(one.name for one in fields(Ruling))
_LONGEST: Final = timedelta(minutes=LONGEST_SHIFT)


@dataclass(frozen=True, slots=True)
class OnShift:
    """Somebody on a shift. `came_at` None: nobody has seen them there."""

    id: UUID
    person_id: UUID
    name: str
    state: ShiftState
    locked: bool
    leaving: bool
    presence: Presence
    absence: Absence
    absence_words: str
    checkin_id: UUID | None = None
    came_at: datetime | None = None
    left_at: datetime | None = None
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who came to a shift without being on it: a guest, or a neighbour who helped out."""

    checkin_id: UUID
    person_id: UUID | None
    name: str
    came_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift with who is on it. `unmet` are the needs that nobody on it meets, each with how many are missing."""

    id: UUID
    post_id: UUID
    post: str
    place: str
    name: str
    day: date
    starts_at: datetime
    ends_at: datetime
    hands: int
    needs: tuple[Need, ...]
    points: int
    state: ShiftState
    called_off: bool
    note: str
    sequence: int
    template_id: UUID | None
    team_id: UUID | None
    team: str
    people: tuple[OnShift, ...] = ()
    helpers: tuple[Helper, ...] = ()
    unmet: tuple[tuple[Need, int], ...] = ()

    @property
    def missing(self) -> int:
        """How many hands it lacks; those who are about to leave count as gone."""
        return max(self.hands - self.staying, 0)

    @property
    def staying(self) -> int:
        """How many are on it and stay."""
        return sum(not one.leaving for one in self.people)

    @property
    def too_many(self) -> bool:
        """Whether more people are on it than it wants."""
        return self.staying > self.hands

    @property
    def gap(self) -> bool:
        """Whether it lacks hands, or among its hands somebody that it needs."""
        return bool(self.missing or self.unmet)


def ruling_of(session: Session, compound_id: UUID) -> Ruling:
    """Return what a compound has set for its duty, or what is built in."""
    statement = select(*(_RULING.c[name] for name in _FACTORS)).where(
        _RULING.c.compound_id == compound_id, _RULING.c.archived.is_(False)
    )
    row = session.connection().execute(statement).first()
    return Ruling() if row is None else Ruling(**row._mapping)  # noqa: SLF001  # a row's public way to its names


def names_of(
    session: Session, compound_id: UUID, ids: Iterable[UUID], table: Table = PERSON
) -> dict[UUID, str]:
    """Return what people, or the rows of another table, are called, also those that were put away."""
    found: dict[UUID, str] = {}
    for part in chunks(ids):
        # Asked for what an index of names holds, SQLite would read that index from end to end.
        statement = select(table.c.id, table.c.name, table.c.rev).where(
            table.c.compound_id == compound_id, table.c.id.in_(part)
        )
        found |= {row.id: row.name for row in session.connection().execute(statement)}
    return found


def shifts_between(
    session: Session,
    compound_id: UUID,
    first: date,
    last: date,
    *,
    now: datetime,
    drafts: bool = False,
    post_id: UUID | None = None,
    called_off: bool = False,
) -> tuple[ShiftLine, ...]:
    """Return the shifts that begin on a day from `first` to `last`, both included, in the order of time.

    Without `drafts` only what is published is returned, as it holds today: who is about to leave
    by a draft is still there, who is to come by it is not. With them, all.
    """
    conditions = [SHIFT.c.day >= first, SHIFT.c.day <= last]
    if post_id is not None:
        conditions.append(SHIFT.c.post_id == post_id)
    return _lines(session, compound_id, conditions, now=now, drafts=drafts, called_off=called_off)


def shifts_by_id(
    session: Session, compound_id: UUID, ids: Iterable[UUID], *, now: datetime, drafts: bool = True
) -> Mapping[UUID, ShiftLine]:
    """Return shifts by id, called off or not."""
    found: dict[UUID, ShiftLine] = {}
    for part in chunks(ids):
        by_id = [SHIFT.c.id.in_(part)]
        lines = _lines(session, compound_id, by_id, now=now, drafts=drafts, called_off=True, in_order=False)
        found |= {line.id: line for line in lines}
    return found


def shifts_at(
    session: Session, compound_id: UUID, since: datetime, until: datetime, *, now: datetime
) -> tuple[ShiftLine, ...]:
    """Return the published shifts that touch a span of time, in the order of time."""
    conditions = [SHIFT.c.starts_at < until, SHIFT.c.ends_at > since]
    # Bounded on both sides, the index on the start finds them: no shift is longer than two days.
    conditions.append(SHIFT.c.starts_at > since - _LONGEST)
    return _lines(session, compound_id, conditions, now=now, drafts=False, called_off=False)


def _lines(
    session: Session,
    compound_id: UUID,
    conditions: Sequence[ColumnElement[bool]],
    *,
    now: datetime,
    drafts: bool,
    called_off: bool,
    in_order: bool = True,
) -> tuple[ShiftLine, ...]:
    wanted = [SHIFT.c.compound_id == compound_id, *conditions]
    if not called_off:
        wanted.append(SHIFT.c.archived.is_(False))
    if not drafts and in_order:
        wanted.append(SHIFT.c.state == ShiftState.PUBLISHED.value)
    joined = SHIFT.join(POST, _same(POST, compound_id, SHIFT.c.post_id)).outerjoin(
        TEAM, _same(TEAM, compound_id, SHIFT.c.team_id)
    )
    statement = (
        select(SHIFT, POST.c.name.label("post"), POST.c.place.label("post_place"), TEAM.c.name.label("team"))
        .select_from(joined)
        .where(*wanted)
    )
    if in_order:
        statement = statement.order_by(
            SHIFT.c.starts_at, POST.c.position, POST.c.name, SHIFT.c.name, SHIFT.c.id
        )
    # Asked for a state or an order, SQLite would find shifts along these and not by their ids.
    published = ShiftState.PUBLISHED.value
    rows = [row for row in session.connection().execute(statement) if drafts or row.state == published]
    ids = [row.id for row in rows]
    came = _came(session, compound_id, ids)
    on = _on(session, compound_id, ids, came, now=now, drafts=drafts)
    meeting = _Meeting(session, compound_id, rows, on)
    return tuple(_line(row, on.get(row.id, ()), came.get(row.id, ()), meeting) for row in rows)


def _same(table: Table, compound_id: UUID, column: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(table.c.compound_id == compound_id, table.c.id == column)


def _line(row: Any, on: Sequence[OnShift], came: Sequence[Any], meeting: _Meeting) -> ShiftLine:
    here = {one.person_id for one in on}
    helpers = tuple(
        Helper(one.id, one.person_id, one.guest or one.name or "", one.came_at, one.left_at)
        for one in came
        if one.person_id is None or one.person_id not in here
    )
    needs = needs_of(row.needs)
    return ShiftLine(
        id=row.id,
        post_id=row.post_id,
        post=row.post,
        place=row.post_place,
        name=row.name,
        day=row.day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        hands=row.hands,
        needs=needs,
        points=row.points,
        state=ShiftState(row.state),
        called_off=row.archived,
        note=row.note,
        sequence=row.sequence,
        template_id=row.template_id,
        team_id=row.team_id,
        team=row.team or "",
        people=tuple(on),
        helpers=helpers,
        unmet=meeting.unmet(needs, [one.person_id for one in on if not one.leaving], row.day),
    )


def _came(session: Session, compound_id: UUID, shift_ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """Return who came to shifts, earliest first."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    joined = CHECKIN.outerjoin(PERSON, _same(PERSON, compound_id, CHECKIN.c.person_id))
    for part in chunks(shift_ids):
        statement = (
            select(CHECKIN, PERSON.c.name)
            .select_from(joined)
            .where(
                CHECKIN.c.compound_id == compound_id,
                CHECKIN.c.shift_id.in_(part),
                CHECKIN.c.archived.is_(False),
            )
        )
        # Put in order here: SQLite would read every check-in there is in the order of time.
        for row in sorted(session.connection().execute(statement), key=lambda row: (row.came_at, row.id)):
            found[row.shift_id].append(row)
    return found


def _on(
    session: Session,
    compound_id: UUID,
    shift_ids: Sequence[UUID],
    came: Mapping[UUID, Sequence[Any]],
    *,
    now: datetime,
    drafts: bool,
) -> dict[UUID, list[OnShift]]:
    grace = ruling_of(session, compound_id).grace_minutes
    found: dict[UUID, list[OnShift]] = defaultdict(list)
    joined = PLACE.join(PERSON, _same(PERSON, compound_id, PLACE.c.person_id))
    for part in chunks(shift_ids):
        wanted = [
            PLACE.c.compound_id == compound_id,
            PLACE.c.shift_id.in_(part),
            PLACE.c.archived.is_(False),
        ]
        if not drafts:
            wanted.append(PLACE.c.state == ShiftState.PUBLISHED.value)
        statement = select(PLACE, PERSON.c.name).select_from(joined).where(*wanted)
        # Put in order here: SQLite would begin with everybody, in the order of names.
        for row in sorted(session.connection().execute(statement), key=lambda row: (row.name, row.id)):
            here = [one for one in came.get(row.shift_id, ()) if one.person_id == row.person_id]
            found[row.shift_id].append(_on_shift(row, here, grace, now, drafts=drafts))
    return found


def _on_shift(row: Any, came: Sequence[Any], grace: int, now: datetime, *, drafts: bool) -> OnShift:
    first, last = (came[0], came[-1]) if came else (None, None)
    attended = None if first is None or last is None else Attended(first.came_at, last.left_at)
    absence = Absence(row.absence) if row.absence in set(Absence) else Absence.NONE
    return OnShift(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        state=ShiftState(row.state),
        locked=row.locked,
        leaving=row.leaving and drafts,
        presence=presence(row.starts_at, row.ends_at, attended, absence, grace_minutes=grace, now=now),
        absence=absence,
        absence_words=row.absence_words,
        checkin_id=None if last is None else last.id,
        came_at=None if first is None else first.came_at,
        left_at=None if last is None else last.left_at,
        made_up=any(one.made_up for one in came),
    )


class _Meeting:
    """Who of the people on some shifts meets which need: asked once for all of them, and only when there are needs."""

    def __init__(
        self, session: Session, compound_id: UUID, rows: Sequence[Any], on: Mapping[UUID, Sequence[OnShift]]
    ) -> None:
        kinds = {need.kind for row in rows for need in needs_of(row.needs)}
        people = {one.person_id for row in rows if row.needs for one in on.get(row.id, ())}
        ask = session.connection().execute
        self._skills: dict[UUID, set[str]] = {}
        self._roles: dict[UUID, list[Any]] = defaultdict(list)
        self._teams: dict[UUID, list[Any]] = defaultdict(list)
        for part in chunks(people):
            if NeedKind.SKILL in kinds:
                skills = select(PERSON.c.id, PERSON.c.skills).where(
                    PERSON.c.compound_id == compound_id, PERSON.c.id.in_(part)
                )
                self._skills |= {row.id: {fold(skill) for skill in row.skills} for row in ask(skills)}
            if NeedKind.ROLE in kinds:
                terms = select(TERM.c.person_id, TERM.c.role, TERM.c.since, TERM.c.until).where(
                    TERM.c.compound_id == compound_id, TERM.c.person_id.in_(part), TERM.c.archived.is_(False)
                )
                for row in ask(terms):
                    self._roles[row.person_id].append(row)
            if NeedKind.TEAM in kinds:
                for row in ask(_memberships(compound_id, part)):
                    self._teams[row.person_id].append(row)

    def unmet(self, needs: Sequence[Need], people: Sequence[UUID], day: date) -> tuple[tuple[Need, int], ...]:
        """Return the needs that these people leave open on a day."""
        short = [(need, need.n - sum(self._meets(need, one, day) for one in people)) for need in needs]
        return tuple((need, n) for need, n in short if n > 0)

    def _meets(self, need: Need, person: UUID, day: date) -> bool:
        if need.kind is NeedKind.SKILL:
            return fold(need.value) in self._skills.get(person, ())
        if need.kind is NeedKind.ROLE:
            meant = STANDS_FOR.get(Role(need.value), frozenset({Role(need.value)}))
            return any(_holds(term, day) and term.role in meant for term in self._roles[person])
        return any(
            _holds(term, day) and need.value in {term.name, term.team_id.hex, str(term.team_id)}
            for term in self._teams[person]
        )


def _memberships(compound_id: UUID, people: Sequence[UUID]) -> Any:
    return (
        select(MEMBER.c.person_id, MEMBER.c.team_id, MEMBER.c.since, MEMBER.c.until, TEAM.c.name)
        .join_from(MEMBER, TEAM, _same(TEAM, compound_id, MEMBER.c.team_id))
        .where(
            MEMBER.c.compound_id == compound_id,
            MEMBER.c.person_id.in_(people),
            MEMBER.c.archived.is_(False),
        )
    )


def _holds(term: Any, day: date) -> bool:
    return (term.since is None or term.since <= day) and (term.until is None or day < term.until)


def count_drafts(session: Session, compound_id: UUID, first: date, last: date) -> int:
    """Return how many shifts or places of a span wait to be published: drafts, and published places about to go."""
    shifts = select(func.count()).where(
        SHIFT.c.compound_id == compound_id,
        SHIFT.c.day >= first,
        SHIFT.c.day <= last,
        SHIFT.c.archived.is_(False),
        SHIFT.c.state == ShiftState.DRAFT.value,
    )
    places = (
        select(func.count())
        .select_from(PLACE.join(SHIFT, _same(SHIFT, compound_id, PLACE.c.shift_id)))
        .where(
            PLACE.c.compound_id == compound_id,
            SHIFT.c.day >= first,
            SHIFT.c.day <= last,
            SHIFT.c.archived.is_(False),
            PLACE.c.archived.is_(False),
            SHIFT.c.state == ShiftState.PUBLISHED.value,
            or_(PLACE.c.state == ShiftState.DRAFT.value, PLACE.c.leaving.is_(True)),
        )
    )
    ask = session.connection().execute
    return int(ask(shifts).scalar_one()) + int(ask(places).scalar_one())
