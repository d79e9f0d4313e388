"""Who may be on duty, and what is set of it: when they can, their share, whom they sit with, their next shifts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, func, not_, or_, select, union
from sqlmodel import Session

from models.community.queries_people import PersonLine, people_lines, people_where
from models.community.searching import chunks, holding
from models.community.tables import Person, RoleTerm, Team, TeamMember
from models.duty.queries import ShiftLine, shifts_by_id
from models.duty.rules import AvailabilityKind, ShiftState
from models.duty.tables import Assignment, Availability, DutyPair, DutyShare, Post, Shift, ShiftTemplate
from models.operations.roles import WORKERS
from models.tables import table_of

_says, _pair, _share = table_of(Availability), table_of(DutyPair), table_of(DutyShare)
_person, _place, _shift = table_of(Person), table_of(Assignment), table_of(Shift)
_member, _term, _team = table_of(TeamMember), table_of(RoleTerm), table_of(Team)
#: So many coming shifts are told of a person.
_COMING: Final = 5


@dataclass(frozen=True, slots=True)
class SaidLine:
    """What somebody says of a span of time."""

    id: UUID
    person_id: UUID
    kind: str
    weekdays: tuple[int, ...]
    starts: int
    ends: int
    since: date | None
    until: date | None
    note: str

    def over(self, today: date) -> bool:
        """Whether it held once and holds no more."""
        return self.until is not None and self.until <= today

    def pauses(self, today: date) -> bool:
        """Whether it takes somebody out of duty on a day."""
        return (
            self.kind == AvailabilityKind.PAUSE
            and not self.over(today)
            and (self.since is None or self.since <= today)
        )


@dataclass(frozen=True, slots=True)
class PairLine:
    """Somebody with whom a person wants to sit, or must not. One that was put away may be brought back."""

    id: UUID
    other_id: UUID
    other: str
    together: bool
    archived: bool = False


@dataclass(frozen=True, slots=True)
class ShareLine:
    """How much of a plain share somebody takes, in percent, and how many shifts at most.

    One that was put away says nothing; setting a share again brings its row back.
    """

    id: UUID
    share: int
    most_per_week: int | None
    most_per_month: int | None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class DutyPersonLine:
    """Somebody who may be on duty. `next_at` is when their next published shift begins."""

    person: PersonLine
    said: tuple[SaidLine, ...]
    share: ShareLine | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class DutyPersonCard:
    """All that is set of somebody's duty, and their next shifts; share and pairs that were put away are among it."""

    person: PersonLine
    said: tuple[SaidLine, ...]
    share: ShareLine | None
    pairs: tuple[PairLine, ...]
    coming: tuple[ShiftLine, ...]


def count_on_duty(
    session: Session,
    compound_id: UUID,
    *,
    today: date,
    text: str = "",
    team: UUID | None = None,
    paused: bool = False,
    others: bool = False,
) -> int:
    """Count what `page_on_duty` pages through."""
    conditions = _where(session, compound_id, today, text=text, team=team, paused=paused, others=others)
    statement = select(func.count()).select_from(_person).where(*conditions)
    return int(session.connection().execute(statement).scalar_one())


def page_on_duty(
    session: Session,
    compound_id: UUID,
    *,
    today: date,
    now: datetime,
    text: str = "",
    team: UUID | None = None,
    paused: bool = False,
    others: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> tuple[DutyPersonLine, ...]:
    """Return those who take turns, by name, as crew.py counts them.

    `text` is what finds people in the register. `paused` keeps those who are out of duty today; `others` returns
    instead who could take turns and does not: they hold a role to serve and are in no pool, or in a team without a role.
    """
    conditions = _where(session, compound_id, today, text=text, team=team, paused=paused, others=others)
    statement = (
        select(_person).where(*conditions).order_by(_person.c.name, _person.c.id).offset(offset).limit(limit)
    )
    people = people_lines(session, compound_id, session.connection().execute(statement).all(), today)
    ids = [person.id for person in people]
    said, shares = _said_by(session, compound_id, ids), _shares(session, compound_id, ids)
    coming = _next_of(session, compound_id, ids, now)
    return tuple(
        DutyPersonLine(person, tuple(said[person.id]), shares.get(person.id), coming.get(person.id))
        for person in people
    )


def duty_person(
    session: Session, compound_id: UUID, person_id: UUID, *, today: date, now: datetime
) -> DutyPersonCard | None:
    """Return all that is set of somebody's duty; None when there is nobody of that id."""
    ask = session.connection().execute
    row = ask(select(_person).where(_person.c.compound_id == compound_id, _person.c.id == person_id)).all()
    if not row:
        return None
    [person] = people_lines(session, compound_id, row, today)
    coming = (
        select(_place.c.shift_id)
        .where(*_to_come(compound_id, now), _place.c.person_id == person_id)
        .order_by(_place.c.starts_at, _place.c.id)
        .limit(_COMING)
    )
    shifts = shifts_by_id(session, compound_id, [row.shift_id for row in ask(coming)], now=now, drafts=False)
    return DutyPersonCard(
        person=person,
        said=tuple(_said_by(session, compound_id, [person_id])[person_id]),
        share=_shares(session, compound_id, [person_id]).get(person_id),
        pairs=_pairs(session, compound_id, person_id),
        coming=tuple(sorted(shifts.values(), key=lambda line: (line.starts_at, line.id))),
    )


def _where(
    session: Session,
    compound_id: UUID,
    today: date,
    *,
    text: str,
    team: UUID | None,
    paused: bool,
    others: bool,
) -> list[ColumnElement[bool]]:
    conditions = people_where(compound_id, today, text=text, role=None, team=team, archived=False)
    holders = _person.c.id.in_(
        select(_term.c.person_id).where(
            _term.c.compound_id == compound_id,
            _term.c.role.in_(sorted(role.value for role in WORKERS)),
            holding(_term, today),
        )
    )
    members = select(_member.c.person_id).where(_member.c.compound_id == compound_id, holding(_member, today))
    shares = select(_share.c.person_id).where(_standing(_share, compound_id))
    pools = _pools(session, compound_id)
    taking = or_(_person.c.id.in_(members.where(_member.c.team_id.in_(pools))), _person.c.id.in_(shares))
    turns = and_(holders, taking) if pools else holders
    conditions.append(and_(not_(turns), or_(holders, _person.c.id.in_(members))) if others else turns)
    if paused:
        pauses = select(_says.c.person_id).where(
            _says.c.compound_id == compound_id,
            _says.c.kind == AvailabilityKind.PAUSE.value,
            holding(_says, today),
        )
        conditions.append(_person.c.id.in_(pauses))
    return conditions


def _standing(table: Table, compound_id: UUID) -> ColumnElement[bool]:
    return and_(table.c.compound_id == compound_id, table.c.archived.is_(False))


def _pools(session: Session, compound_id: UUID) -> list[UUID]:
    """Return the teams that posts and templates are given to."""
    given = (
        select(table.c.team_id).where(_standing(table, compound_id), table.c.team_id.is_not(None))
        for table in (table_of(Post), table_of(ShiftTemplate))
    )
    statement = select(_team.c.id).where(_standing(_team, compound_id), _team.c.id.in_(union(*given)))
    return list(session.connection().execute(statement.order_by(_team.c.id)).scalars())


def _said_by(session: Session, compound_id: UUID, people: Iterable[UUID]) -> dict[UUID, list[SaidLine]]:
    """Return what people say; what ends comes first, then what holds for good."""
    found: dict[UUID, list[SaidLine]] = defaultdict(list)
    for part in chunks(people):
        statement = (
            select(_says)
            .where(
                _says.c.compound_id == compound_id,
                _says.c.person_id.in_(part),
                _says.c.archived.is_(False),
            )
            .order_by(_says.c.since.is_(None), _says.c.since, _says.c.starts, _says.c.id)
        )
        for row in session.connection().execute(statement):
            found[row.person_id].append(
                SaidLine(
                    id=row.id,
                    person_id=row.person_id,
                    kind=row.kind,
                    weekdays=tuple(row.weekdays),
                    starts=row.starts,
                    ends=row.ends,
                    since=row.since,
                    until=row.until,
                    note=row.note,
                )
            )
    return found


def _shares(session: Session, compound_id: UUID, people: Iterable[UUID]) -> dict[UUID, ShareLine]:
    found: dict[UUID, ShareLine] = {}
    for part in chunks(people):
        statement = select(_share).where(_share.c.compound_id == compound_id, _share.c.person_id.in_(part))
        for row in session.connection().execute(statement):
            found[row.person_id] = ShareLine(
                row.id, row.share, row.most_per_week, row.most_per_month, row.archived
            )
    return found


def _pairs(session: Session, compound_id: UUID, person_id: UUID) -> tuple[PairLine, ...]:
    found = []
    for mine, others in ((_pair.c.person_id, _pair.c.other_id), (_pair.c.other_id, _pair.c.person_id)):
        statement = (
            select(_pair.c.id, others.label("other"), _person.c.name, _pair.c.together, _pair.c.archived)
            .join_from(_pair, _person, (_person.c.compound_id == compound_id) & (_person.c.id == others))
            .where(_pair.c.compound_id == compound_id, mine == person_id)
        )
        found += [
            PairLine(row.id, row.other, row.name, row.together, row.archived)
            for row in session.connection().execute(statement)
        ]
    return tuple(sorted(found, key=lambda pair: (pair.other, pair.id)))


def _to_come(compound_id: UUID, now: datetime) -> Sequence[ColumnElement[bool]]:
    return (
        _place.c.compound_id == compound_id,
        _place.c.archived.is_(False),
        _place.c.state == ShiftState.PUBLISHED.value,
        _place.c.starts_at >= now,
        # Taken by its id: a shift that was called off is nobody's next.
        select(_shift.c.id)
        .where(
            _shift.c.compound_id == compound_id,
            _shift.c.id == _place.c.shift_id,
            _shift.c.archived.is_(False),
        )
        .exists(),
    )


def _next_of(
    session: Session, compound_id: UUID, people: Iterable[UUID], now: datetime
) -> dict[UUID, datetime]:
    found: dict[UUID, datetime] = {}
    for part in chunks(people):
        statement = (
            select(_place.c.person_id, func.min(_place.c.starts_at).label("first"))
            .where(*_to_come(compound_id, now), _place.c.person_id.in_(part))
            .group_by(_place.c.person_id)
        )
        found |= {row.person_id: row.first for row in session.connection().execute(statement)}
    return found
