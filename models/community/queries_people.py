"""People as screens, files and the command line see them: residents, volunteers, staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session

from models.community.queries_places import ResponsibilityLine, responsibilities
from models.community.rules import Relation, holds_on
from models.community.searching import (
    chunks,
    contains,
    holding,
    names_room,
    same_row,
)
from models.community.tables import (
    Building,
    Contact,
    Household,
    Occupancy,
    Person,
    RoleTerm,
    Team,
    TeamMember,
)
from models.operations.roles import WORKERS, Role
from models.tables import table_of

_building, _contact, _household = table_of(Building), table_of(Contact), table_of(Household)
_member, _occupancy, _person = table_of(TeamMember), table_of(Occupancy), table_of(Person)
_team, _term = table_of(Team), table_of(RoleTerm)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in a list: roles, teams and household codes are those of the day."""

    id: UUID
    name: str
    sex: str
    phones: tuple[str, ...]
    skills: tuple[str, ...]
    roles: tuple[Role, ...]
    teams: tuple[str, ...]
    households: tuple[str, ...]
    archived: bool


@dataclass(frozen=True, slots=True)
class PersonOption:
    """A person to pick; `search` is what typing is matched against."""

    id: UUID
    name: str
    search: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class TermView:
    """A role somebody holds or held; a building lead's names the building."""

    id: UUID
    role: Role
    building_code: str | None
    since: date
    until: date | None
    current: bool


@dataclass(frozen=True, slots=True)
class MembershipView:
    """Somebody's time in a team."""

    id: UUID
    team_id: UUID
    team: str
    since: date | None
    until: date | None
    current: bool


@dataclass(frozen=True, slots=True)
class HomeView:
    """A household somebody owns, lives in, or visits; `relation` is None for a contact volunteer."""

    id: UUID
    household_id: UUID
    code: str
    relation: Relation | None
    since: date | None
    until: date | None
    current: bool


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Everything about one person; in every list the present comes before the past."""

    id: UUID
    name: str
    sex: str
    phones: tuple[str, ...]
    skills: tuple[str, ...]
    note: str
    archived: bool
    roles: tuple[TermView, ...]
    teams: tuple[MembershipView, ...]
    homes: tuple[HomeView, ...]
    contact_of: tuple[HomeView, ...]
    answers_for: tuple[ResponsibilityLine, ...]


def count_people(
    session: Session,
    compound_id: UUID,
    *,
    today: date,
    text: str = "",
    role: Role | None = None,
    team: UUID | None = None,
    archived: bool = False,
) -> int:
    """Count what `page_people` pages through."""
    conditions = people_where(compound_id, today, text=text, role=role, team=team, archived=archived)
    statement = select(func.count()).select_from(_person).where(*conditions)
    return int(session.connection().execute(statement).scalar_one())


def page_people(
    session: Session,
    compound_id: UUID,
    *,
    today: date,
    text: str = "",
    role: Role | None = None,
    team: UUID | None = None,
    archived: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> tuple[PersonLine, ...]:
    """Return people by name.

    `text` is a name or a part of one, its pinyin, a skill, digits of a phone,
    or the code of the household where they live or that they own. `role` and
    `team` keep those who hold the one and belong to the other on the day.
    """
    conditions = people_where(compound_id, today, text=text, role=role, team=team, archived=archived)
    statement = (
        select(_person).where(*conditions).order_by(_person.c.name, _person.c.id).offset(offset).limit(limit)
    )
    return people_lines(session, compound_id, session.connection().execute(statement).all(), today)


def every_person(
    session: Session, compound_id: UUID, *, today: date, archived: bool = False
) -> Iterator[PersonLine]:
    """Yield all people by name, holding a few hundred at a time."""
    conditions = people_where(compound_id, today, text="", role=None, team=None, archived=archived)
    statement = select(_person).where(*conditions).order_by(_person.c.name, _person.c.id)
    for part in session.connection().execute(statement).partitions(500):
        yield from people_lines(session, compound_id, part, today)


def people_for_picker(
    session: Session, compound_id: UUID, *, today: date, workers_only: bool = True
) -> tuple[PersonOption, ...]:
    """Return living people by name, in two statements; only those with work to do unless asked otherwise."""
    roles = _roles(session, compound_id, today)
    statement = select(_person.c.id, _person.c.name, _person.c.search).where(
        _person.c.compound_id == compound_id, _person.c.archived.is_(False)
    )
    if workers_only:
        statement = statement.where(_person.c.id.in_(_holders(compound_id, today, *sorted(WORKERS))))
    statement = statement.order_by(_person.c.name, _person.c.id)
    return tuple(
        PersonOption(row.id, row.name, row.search, roles.get(row.id, ()))
        for row in session.connection().execute(statement)
    )


def person_card(session: Session, compound_id: UUID, person_id: UUID, *, today: date) -> PersonCard | None:
    """Return everything about a person, archived or not; None when there is none."""
    statement = select(_person).where(_person.c.compound_id == compound_id, _person.c.id == person_id)
    row = session.connection().execute(statement).first()
    if row is None:
        return None
    return PersonCard(
        id=row.id,
        name=row.name,
        sex=row.sex,
        phones=tuple(row.phones),
        skills=tuple(row.skills),
        note=row.note,
        archived=row.archived,
        roles=_terms(session, compound_id, person_id, today),
        teams=_memberships(session, compound_id, person_id, today),
        homes=_homes(session, _occupancy, compound_id, person_id, today),
        contact_of=_homes(session, _contact, compound_id, person_id, today),
        answers_for=responsibilities(session, compound_id, today=today, person=person_id, past=True),
    )


def people_where(
    compound_id: UUID,
    today: date,
    *,
    text: str,
    role: Role | None,
    team: UUID | None,
    archived: bool,
    of: ColumnElement[Any] = _person.c.compound_id,
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [of == compound_id]
    if not archived:
        conditions.append(_person.c.archived.is_(False))
    if role is not None:
        conditions.append(_person.c.id.in_(_holders(compound_id, today, role)))
    if team is not None:
        members = select(_member.c.person_id).where(
            _member.c.compound_id == compound_id, _member.c.team_id == team, holding(_member, today)
        )
        conditions.append(_person.c.id.in_(members))
    if text.strip():
        ways = [contains(_person.c.search, text)]
        spelled = names_room(_household.c.code, text)
        if spelled is not None:
            living_there = (
                select(_occupancy.c.person_id)
                .join(_household, same_row(_household, _occupancy.c.household_id))
                .where(_household.c.compound_id == compound_id, spelled, holding(_occupancy, today))
            )
            ways.append(_person.c.id.in_(living_there))
        conditions.append(or_(*ways))
    return conditions


def _holders(compound_id: UUID, today: date, *roles: Role) -> Any:
    return select(_term.c.person_id).where(
        _term.c.compound_id == compound_id,
        _term.c.role.in_([role.value for role in roles]),
        holding(_term, today),
    )


def _roles(
    session: Session, compound_id: UUID, today: date, people: Sequence[UUID] | None = None
) -> dict[UUID, tuple[Role, ...]]:
    """Return who holds which roles, weightiest first as `Role` is not ordered: by when they began."""
    statement = select(_term.c.person_id, _term.c.role).where(
        _term.c.compound_id == compound_id, holding(_term, today)
    )
    if people is not None:
        statement = statement.where(_term.c.person_id.in_(people))
    found: dict[UUID, dict[Role, None]] = defaultdict(dict)
    for row in session.connection().execute(statement.order_by(_term.c.since, _term.c.id)):
        found[row.person_id][Role(row.role)] = None
    return {person: tuple(roles) for person, roles in found.items()}


def people_lines(
    session: Session, compound_id: UUID, rows: Sequence[Any], today: date
) -> tuple[PersonLine, ...]:
    roles: dict[UUID, tuple[Role, ...]] = {}
    teams: dict[UUID, dict[str, None]] = defaultdict(dict)
    households: dict[UUID, dict[str, None]] = defaultdict(dict)
    connection = session.connection()
    for part in chunks(row.id for row in rows):
        roles.update(_roles(session, compound_id, today, part))
        in_teams = (
            select(_member.c.person_id, _team.c.name)
            .join(_team, same_row(_team, _member.c.team_id))
            .where(
                _member.c.compound_id == compound_id,
                _member.c.person_id.in_(part),
                holding(_member, today),
                _team.c.archived.is_(False),
            )
            .order_by(_team.c.name)
        )
        for found in connection.execute(in_teams):
            teams[found.person_id][found.name] = None
        at_home = (
            select(_occupancy.c.person_id, _household.c.code)
            .join(_household, same_row(_household, _occupancy.c.household_id))
            .where(
                _occupancy.c.compound_id == compound_id,
                _occupancy.c.person_id.in_(part),
                holding(_occupancy, today),
                _household.c.archived.is_(False),
            )
            .order_by(_household.c.sort_key, _household.c.code)
        )
        for found in connection.execute(at_home):
            households[found.person_id][found.code] = None
    return tuple(
        PersonLine(
            id=row.id,
            name=row.name,
            sex=row.sex,
            phones=tuple(row.phones),
            skills=tuple(row.skills),
            roles=roles.get(row.id, ()),
            teams=tuple(teams[row.id]),
            households=tuple(households[row.id]),
            archived=row.archived,
        )
        for row in rows
    )


def _terms(session: Session, compound_id: UUID, person_id: UUID, today: date) -> tuple[TermView, ...]:
    statement = (
        select(_term, _building.c.code)
        .outerjoin(_building, same_row(_building, _term.c.building_id))
        .where(
            _term.c.compound_id == compound_id,
            _term.c.person_id == person_id,
            _term.c.archived.is_(False),
        )
        .order_by(_term.c.since.desc(), _term.c.id)
    )
    views = [
        TermView(
            id=row.id,
            role=Role(row.role),
            building_code=row.code,
            since=row.since,
            until=row.until,
            current=holds_on(today, since=row.since, until=row.until),
        )
        for row in session.connection().execute(statement)
    ]
    return tuple(sorted(views, key=lambda view: not view.current))


def _memberships(
    session: Session, compound_id: UUID, person_id: UUID, today: date
) -> tuple[MembershipView, ...]:
    statement = (
        select(_member, _team.c.name)
        .join(_team, same_row(_team, _member.c.team_id))
        .where(
            _member.c.compound_id == compound_id,
            _member.c.person_id == person_id,
            _member.c.archived.is_(False),
        )
        .order_by(_team.c.name, _member.c.id)
    )
    views = [
        MembershipView(
            id=row.id,
            team_id=row.team_id,
            team=row.name,
            since=row.since,
            until=row.until,
            current=holds_on(today, since=row.since, until=row.until),
        )
        for row in session.connection().execute(statement)
    ]
    return tuple(sorted(views, key=lambda view: not view.current))


def _homes(
    session: Session, spans: Any, compound_id: UUID, person_id: UUID, today: date
) -> tuple[HomeView, ...]:
    """Return a person's households by occupancy or by contact, whichever table `spans` is."""
    statement = (
        select(spans, _household.c.code)
        .join(_household, same_row(_household, spans.c.household_id))
        .where(
            spans.c.compound_id == compound_id, spans.c.person_id == person_id, spans.c.archived.is_(False)
        )
        .order_by(_household.c.sort_key, spans.c.id)
    )
    views = [
        HomeView(
            id=row.id,
            household_id=row.household_id,
            code=row.code,
            relation=Relation(row.relation) if spans is _occupancy else None,
            since=row.since,
            until=row.until,
            current=holds_on(today, since=row.since, until=row.until),
        )
        for row in session.connection().execute(statement)
    ]
    return tuple(sorted(views, key=lambda view: not view.current))
