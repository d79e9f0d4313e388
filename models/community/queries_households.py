"""Households as screens, files and the command line see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session

from models.community.rules import Relation, holds_on
from models.community.searching import (
    Throughout,
    chunks,
    contains,
    holding,
    names_room,
    same_row,
)
from models.community.tables import Building, Contact, Household, Occupancy, Person, Unit
from models.tables import table_of

_building, _contact, _household = table_of(Building), table_of(Contact), table_of(Household)
_occupancy, _person, _unit = table_of(Occupancy), table_of(Person), table_of(Unit)


@dataclass(frozen=True, slots=True)
class HouseholdLine:
    """A household in a list. Area in 1/100 m²; `residents` counts who owns or lives there on the day.

    `phones` are the household's own, `reach` those of an owner or, without any, of who lives there.
    """

    id: UUID
    code: str
    building_code: str
    floor: int | None
    area: int | None
    status: str
    phones: tuple[str, ...]
    owners: tuple[str, ...]
    residents: int
    contact: str | None
    archived: bool
    reach: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OccupancyView:
    """Somebody's time in a household; `current` on the day that was asked for."""

    id: UUID
    person_id: UUID
    name: str
    sex: str
    phones: tuple[str, ...]
    relation: Relation
    since: date | None
    until: date | None
    current: bool


@dataclass(frozen=True, slots=True)
class HouseholdContact:
    """Who visits a household, or did."""

    id: UUID
    person_id: UUID
    name: str
    phones: tuple[str, ...]
    since: date | None
    until: date | None
    current: bool


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """Everything about one household. Areas in 1/100 m²; people and contacts, the present ones first."""

    id: UUID
    code: str
    building_id: UUID
    building_code: str
    unit_id: UUID
    unit_code: str
    floor: int | None
    area: int | None
    indoor_area: int | None
    kind: str
    layout: str
    status: str
    phones: tuple[str, ...]
    note: str
    archived: bool
    occupancies: tuple[OccupancyView, ...]
    contacts: tuple[HouseholdContact, ...]


def count_households(
    session: Session,
    compound_id: UUID,
    *,
    today: date,
    text: str = "",
    building: UUID | None = None,
    archived: bool = False,
) -> int:
    """Count what `page_households` pages through."""
    conditions = households_where(compound_id, today, text=text, building=building, archived=archived)
    statement = select(func.count()).select_from(_household).where(*conditions)
    return int(session.connection().execute(statement).scalar_one())


def page_households(
    session: Session,
    compound_id: UUID,
    *,
    today: date,
    text: str = "",
    building: UUID | None = None,
    archived: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> tuple[HouseholdLine, ...]:
    """Return households in natural order: `1-2-302` before `1-10-101`.

    `text` is a code in any spelling or a part of one, a building or stairwell
    (`1栋2单元`), digits of a phone, or a present occupant's name or pinyin.
    `archived` shows archived households among the living.
    """
    conditions = households_where(compound_id, today, text=text, building=building, archived=archived)
    statement = (
        select(_household)
        .where(*conditions)
        .order_by(_household.c.sort_key, _household.c.code)
        .offset(offset)
        .limit(limit)
    )
    return household_lines(session, compound_id, session.connection().execute(statement).all(), today)


def every_household(
    session: Session, compound_id: UUID, *, today: date, archived: bool = False
) -> Iterator[HouseholdLine]:
    """Yield all households in natural order, holding a few hundred at a time."""
    conditions = households_where(compound_id, today, text="", building=None, archived=archived)
    statement = select(_household).where(*conditions).order_by(_household.c.sort_key, _household.c.code)
    for part in session.connection().execute(statement).partitions(500):
        yield from household_lines(session, compound_id, part, today)


def household_card(
    session: Session, compound_id: UUID, household_id: UUID, *, today: date
) -> HouseholdCard | None:
    """Return everything about a household, archived or not; None when there is none."""
    statement = (
        select(_household, _building.c.code.label("building_code"), _unit.c.code.label("unit_code"))
        .join(_building, same_row(_building, _household.c.building_id))
        .join(_unit, same_row(_unit, _household.c.unit_id))
        .where(_household.c.compound_id == compound_id, _household.c.id == household_id)
    )
    row = session.connection().execute(statement).first()
    if row is None:
        return None
    return HouseholdCard(
        id=row.id,
        code=row.code,
        building_id=row.building_id,
        building_code=row.building_code,
        unit_id=row.unit_id,
        unit_code=row.unit_code,
        floor=row.floor,
        area=row.area,
        indoor_area=row.indoor_area,
        kind=row.kind,
        layout=row.layout,
        status=row.status,
        phones=tuple(row.phones),
        note=row.note,
        archived=row.archived,
        occupancies=_occupancies(session, compound_id, household_id, today),
        contacts=_contacts(session, compound_id, household_id, today),
    )


def households_where(
    compound_id: UUID,
    today: date,
    *,
    text: str,
    building: UUID | None,
    archived: bool,
    of: ColumnElement[Any] = _household.c.compound_id,
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [of == compound_id]
    if not archived:
        conditions.append(_household.c.archived.is_(False))
    if building is not None:
        conditions.append(_household.c.building_id == building)
    if text.strip():
        # People first and households by id: the other way round every household asks for its people.
        people = select(_person.c.id).where(
            Throughout(_person.c.compound_id) == compound_id,
            _person.c.archived.is_(False),
            contains(_person.c.search, text),
        )
        at_home = select(_occupancy.c.household_id).where(
            _occupancy.c.compound_id == compound_id,
            _occupancy.c.person_id.in_(people),
            holding(_occupancy, today),
        )
        spelled = names_room(_household.c.code, text)
        named = contains(_household.c.search, text) if spelled is None else spelled
        conditions.append(or_(named, _household.c.id.in_(at_home)))
    return conditions


def household_lines(
    session: Session, compound_id: UUID, rows: Sequence[Any], today: date
) -> tuple[HouseholdLine, ...]:
    ids = [row.id for row in rows]
    owners: dict[UUID, list[str]] = defaultdict(list)
    people: dict[UUID, set[UUID]] = defaultdict(set)
    contacts: dict[UUID, str] = {}
    reach: dict[UUID, list[tuple[bool, tuple[str, ...]]]] = defaultdict(list)
    buildings: dict[UUID, str] = {}
    connection = session.connection()
    for part in chunks(ids):
        statement = _with_person(_occupancy, compound_id).where(
            _occupancy.c.household_id.in_(part), holding(_occupancy, today)
        )
        for found in connection.execute(statement):
            people[found.household_id].add(found.person_id)
            if found.phones:
                reach[found.household_id].append((found.relation != Relation.OWNER, tuple(found.phones)))
            if found.relation == Relation.OWNER:
                owners[found.household_id].append(found.name)
        statement = _with_person(_contact, compound_id).where(
            _contact.c.household_id.in_(part), holding(_contact, today)
        )
        contacts.update({found.household_id: found.name for found in connection.execute(statement)})
    for part in chunks(dict.fromkeys(row.building_id for row in rows)):
        codes = select(_building.c.id, _building.c.code).where(
            _building.c.compound_id == compound_id, _building.c.id.in_(part)
        )
        buildings.update({found.id: found.code for found in connection.execute(codes)})
    return tuple(
        HouseholdLine(
            id=row.id,
            code=row.code,
            building_code=buildings[row.building_id],
            floor=row.floor,
            area=row.area,
            status=row.status,
            phones=tuple(row.phones),
            owners=tuple(dict.fromkeys(owners[row.id])),
            residents=len(people[row.id]),
            contact=contacts.get(row.id),
            archived=row.archived,
            reach=min(reach[row.id], default=(False, ()))[1],
        )
        for row in rows
    )


def _with_person(table: Any, compound_id: UUID) -> Any:
    """Select spans with the name and phones of their person, oldest first."""
    return (
        select(table, _person.c.name, _person.c.sex, _person.c.phones)
        .join(_person, same_row(_person, table.c.person_id))
        .where(table.c.compound_id == compound_id, table.c.archived.is_(False))
        .order_by(table.c.since.nulls_first(), table.c.id)
    )


def _occupancies(
    session: Session, compound_id: UUID, household_id: UUID, today: date
) -> tuple[OccupancyView, ...]:
    statement = _with_person(_occupancy, compound_id).where(_occupancy.c.household_id == household_id)
    views = [
        OccupancyView(
            id=row.id,
            person_id=row.person_id,
            name=row.name,
            sex=row.sex,
            phones=tuple(row.phones),
            relation=Relation(row.relation),
            since=row.since,
            until=row.until,
            current=holds_on(today, since=row.since, until=row.until),
        )
        for row in session.connection().execute(statement)
    ]
    order = list(Relation)
    return tuple(sorted(views, key=lambda view: (not view.current, order.index(view.relation))))


def _contacts(
    session: Session, compound_id: UUID, household_id: UUID, today: date
) -> tuple[HouseholdContact, ...]:
    statement = _with_person(_contact, compound_id).where(_contact.c.household_id == household_id)
    views = [
        HouseholdContact(
            id=row.id,
            person_id=row.person_id,
            name=row.name,
            phones=tuple(row.phones),
            since=row.since,
            until=row.until,
            current=holds_on(today, since=row.since, until=row.until),
        )
        for row in session.connection().execute(statement)
    ]
    return tuple(sorted(views, key=lambda view: not view.current))
