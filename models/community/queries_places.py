"""Compounds, buildings, teams, contacts and who answers for what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, distinct, func, select
from sqlmodel import Session

from models.community.rules import Subject, holds_on, natural_sort_key
from models.community.searching import holding, same_row
from models.community.tables import (
    Building,
    Compound,
    Contact,
    Household,
    Occupancy,
    Person,
    Responsibility,
    RoleTerm,
    Team,
    TeamMember,
)
from models.operations.aside import aside
from models.operations.roles import WORKERS, Role
from models.tables import table_of
from models.text import fold

_building, _compound, _contact = table_of(Building), table_of(Compound), table_of(Contact)
_household, _member, _occupancy = table_of(Household), table_of(TeamMember), table_of(Occupancy)
_person, _responsibility = table_of(Person), table_of(Responsibility)
_team, _term = table_of(Team), table_of(RoleTerm)


@dataclass(frozen=True, slots=True)
class CompoundView:
    """A compound of this store."""

    id: UUID
    name: str
    address: str
    zone: str
    note: str


@dataclass(frozen=True, slots=True)
class BuildingLine:
    """A building in a list; `people` own or live there on the day, `leads` are its building leads."""

    id: UUID
    code: str
    name: str
    floors: int | None
    has_lift: bool | None
    note: str
    households: int
    people: int
    leads: tuple[str, ...]
    archived: bool


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody in a team; `id` is the membership's."""

    id: UUID
    person_id: UUID
    name: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team with its members of the day, by name."""

    id: UUID
    name: str
    note: str
    members: tuple[MemberView, ...]
    archived: bool


@dataclass(frozen=True, slots=True)
class ContactLine:
    """Who visits which household; `id` is the contact's."""

    id: UUID
    household_id: UUID
    code: str
    person_id: UUID
    name: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class ResponsibilityLine:
    """Who answers for what: a building by `building_code`, everything else by `place`."""

    id: UUID
    subject: Subject
    building_id: UUID | None
    building_code: str | None
    place: str
    person_id: UUID
    name: str
    phones: tuple[str, ...]
    since: date | None
    until: date | None
    note: str
    current: bool


@dataclass(frozen=True, slots=True)
class HomeCounts:
    """What the home screen says about the register; `without_contact` are households nobody visits."""

    buildings: int
    households: int
    people: int
    workers: int
    teams: int
    without_contact: int


def compounds(session: Session, *, every: bool = False) -> tuple[CompoundView, ...]:
    """Return the store's compounds by name; with `every` those too that were carried over into others."""
    gone = {} if every else aside(session)
    statement = (
        select(_compound).where(_compound.c.archived.is_(False)).order_by(_compound.c.name, _compound.c.id)
    )
    return tuple(
        CompoundView(row.id, row.name, row.address, row.zone, row.note)
        for row in session.connection().execute(statement)
        if row.id not in gone
    )


def compound_by_name(session: Session, name: str) -> CompoundView | None:
    """Return the compound of that name, in whatever width and case; None when none or several have it."""
    found = [compound for compound in compounds(session) if fold(compound.name) == fold(name)]
    return found[0] if len(found) == 1 else None


def compound_view(session: Session, compound_id: UUID) -> CompoundView | None:
    """Return one compound; None when this store has it not."""
    return next((compound for compound in compounds(session) if compound.id == compound_id), None)


def buildings(
    session: Session, compound_id: UUID, *, today: date, archived: bool = False
) -> tuple[BuildingLine, ...]:
    """Return the buildings in natural order with what they hold."""
    connection = session.connection()
    households = _counts(
        session,
        select(_household.c.building_id, func.count())
        .where(_household.c.compound_id == compound_id, _household.c.archived.is_(False))
        .group_by(_household.c.building_id),
    )
    people = _counts(
        session,
        select(_household.c.building_id, func.count(distinct(_occupancy.c.person_id)))
        .join(_household, same_row(_household, _occupancy.c.household_id))
        .where(
            _occupancy.c.compound_id == compound_id,
            holding(_occupancy, today),
            _household.c.archived.is_(False),
        )
        .group_by(_household.c.building_id),
    )
    leads: dict[UUID, list[str]] = defaultdict(list)
    lead_terms = (
        select(_term.c.building_id, _person.c.name)
        .join(_person, same_row(_person, _term.c.person_id))
        .where(
            _term.c.compound_id == compound_id,
            _term.c.role == Role.BUILDING_LEAD.value,
            _term.c.building_id.is_not(None),
            holding(_term, today),
        )
        .order_by(_term.c.since, _term.c.id)
    )
    for row in connection.execute(lead_terms):
        leads[row.building_id].append(row.name)
    statement = select(_building).where(_building.c.compound_id == compound_id)
    if not archived:
        statement = statement.where(_building.c.archived.is_(False))
    lines = [
        BuildingLine(
            id=row.id,
            code=row.code,
            name=row.name,
            floors=row.floors,
            has_lift=row.has_lift,
            note=row.note,
            households=households.get(row.id, 0),
            people=people.get(row.id, 0),
            leads=tuple(leads[row.id]),
            archived=row.archived,
        )
        for row in connection.execute(statement)
    ]
    return tuple(sorted(lines, key=lambda line: natural_sort_key(line.code)))


def teams(
    session: Session, compound_id: UUID, *, today: date, archived: bool = False
) -> tuple[TeamView, ...]:
    """Return the teams by name, with their members."""
    members: dict[UUID, list[MemberView]] = defaultdict(list)
    memberships = (
        select(_member, _person.c.name)
        .join(_person, same_row(_person, _member.c.person_id))
        .where(_member.c.compound_id == compound_id, holding(_member, today), _person.c.archived.is_(False))
        .order_by(_person.c.name, _member.c.id)
    )
    connection = session.connection()
    for row in connection.execute(memberships):
        members[row.team_id].append(MemberView(row.id, row.person_id, row.name, row.since, row.until))
    statement = select(_team).where(_team.c.compound_id == compound_id).order_by(_team.c.name)
    if not archived:
        statement = statement.where(_team.c.archived.is_(False))
    return tuple(
        TeamView(row.id, row.name, row.note, tuple(members[row.id]), row.archived)
        for row in connection.execute(statement)
    )


def contacts(
    session: Session, compound_id: UUID, *, today: date, person: UUID | None = None
) -> tuple[ContactLine, ...]:
    """Return who visits which household on the day, in the households' natural order."""
    statement = (
        select(_contact, _household.c.code, _person.c.name)
        .join(_household, same_row(_household, _contact.c.household_id))
        .join(_person, same_row(_person, _contact.c.person_id))
        .where(
            _contact.c.compound_id == compound_id, holding(_contact, today), _household.c.archived.is_(False)
        )
        .order_by(_household.c.sort_key, _contact.c.id)
    )
    if person is not None:
        statement = statement.where(_contact.c.person_id == person)
    return tuple(
        ContactLine(row.id, row.household_id, row.code, row.person_id, row.name, row.since, row.until)
        for row in session.connection().execute(statement)
    )


def responsibilities(
    session: Session,
    compound_id: UUID,
    *,
    today: date,
    person: UUID | None = None,
    building: UUID | None = None,
    past: bool = False,
) -> tuple[ResponsibilityLine, ...]:
    """Return who answers for what: buildings first, then facilities, roads and gardens by place.

    `past` adds what has ended or not begun, after what holds on the day.
    """
    statement = (
        select(_responsibility, _building.c.code, _person.c.name, _person.c.phones)
        .outerjoin(_building, same_row(_building, _responsibility.c.building_id))
        .join(_person, same_row(_person, _responsibility.c.person_id))
        .where(_responsibility.c.compound_id == compound_id, _responsibility.c.archived.is_(False))
    )
    if not past:
        statement = statement.where(holding(_responsibility, today))
    if person is not None:
        statement = statement.where(_responsibility.c.person_id == person)
    if building is not None:
        statement = statement.where(_responsibility.c.building_id == building)
    lines = [
        ResponsibilityLine(
            id=row.id,
            subject=Subject(row.subject),
            building_id=row.building_id,
            building_code=row.code,
            place=row.place,
            person_id=row.person_id,
            name=row.name,
            phones=tuple(row.phones),
            since=row.since,
            until=row.until,
            note=row.note,
            current=holds_on(today, since=row.since, until=row.until),
        )
        for row in session.connection().execute(statement)
    ]
    order = list(Subject)
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                not line.current,
                order.index(line.subject),
                natural_sort_key(line.building_code or line.place),
                line.name,
                line.id,
            ),
        )
    )


def home_counts(session: Session, compound_id: UUID, *, today: date) -> HomeCounts:
    """Count the living rows of the register."""
    visited = select(_contact.c.household_id).where(
        _contact.c.compound_id == compound_id, holding(_contact, today)
    )
    workers = select(func.count(distinct(_term.c.person_id))).where(
        _term.c.compound_id == compound_id,
        _term.c.role.in_(sorted(role.value for role in WORKERS)),
        holding(_term, today),
    )
    return HomeCounts(
        buildings=_count(session, compound_id, _building),
        households=_count(session, compound_id, _household),
        people=_count(session, compound_id, _person),
        workers=int(session.connection().execute(workers).scalar_one()),
        teams=_count(session, compound_id, _team),
        without_contact=_count(session, compound_id, _household, _household.c.id.not_in(visited)),
    )


def _count(session: Session, compound_id: UUID, table: Any, *conditions: ColumnElement[bool]) -> int:
    statement = (
        select(func.count())
        .select_from(table)
        .where(table.c.compound_id == compound_id, table.c.archived.is_(False), *conditions)
    )
    return int(session.connection().execute(statement).scalar_one())


def _counts(session: Session, statement: Any) -> dict[UUID, int]:
    return {key: int(n) for key, n in session.connection().execute(statement)}
