"""Who stands before the desk, and where it is: people, households, buildings and points by one search line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, literal, select
from sqlmodel import Session

from models.codes import building_part
from models.community.queries_households import households_where
from models.community.queries_people import people_where
from models.community.rules import natural_sort_key
from models.community.searching import chunks, contains, holding, same_row
from models.community.tables import Occupancy
from models.inspection.queries import PointLine, points_page
from models.tables import table_of
from models.text import fold
from models.tickets.queries import BUILDING, HOUSEHOLD, PERSON, POINT, contains_column

_occupancy = table_of(Occupancy)
#: A pasted page is no search.
_MOST_WORDS: Final = 6


@dataclass(frozen=True, slots=True)
class Home:
    """A household that somebody owns or lives in."""

    id: UUID
    code: str
    building_id: UUID


@dataclass(frozen=True, slots=True)
class PersonThere:
    """A person who may be asking, with where they live and what they own."""

    id: UUID
    name: str
    phones: tuple[str, ...]
    homes: tuple[Home, ...] = ()


@dataclass(frozen=True, slots=True)
class HouseholdThere:
    """A household that it may be about, with who owns it or lives there."""

    id: UUID
    code: str
    building_id: UUID
    people: tuple[PersonThere, ...] = ()

    @property
    def home(self) -> Home:
        return Home(self.id, self.code, self.building_id)


@dataclass(frozen=True, slots=True)
class BuildingThere:
    """A building that it may be about."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Asking:
    """What a search line may mean, each kind in the order in which it is offered."""

    people: tuple[PersonThere, ...] = ()
    households: tuple[HouseholdThere, ...] = ()
    buildings: tuple[BuildingThere, ...] = ()
    points: tuple[PointLine, ...] = ()


def asking(session: Session, compound_id: UUID, text: str, *, today: date, limit: int = 8) -> Asking:
    """Return what a text may mean; every word of it must be meant: `zs 3-1` is a 张三 who lives in 3-1.

    Whose name, code or initials are just that comes first. Nothing typed means nothing.
    """
    words = text.split()[:_MOST_WORDS]
    if not words:
        return Asking()
    return Asking(
        people=_people(session, compound_id, words, today, limit),
        households=_households(session, compound_id, words, today, limit),
        buildings=_buildings(session, compound_id, text, limit),
        points=points_page(session, compound_id, text=text, limit=limit),
    )


def person_there(session: Session, compound_id: UUID, person_id: UUID, *, today: date) -> PersonThere | None:
    """Return one person as a search would, None when there is none."""
    found = _people_of(session, compound_id, [PERSON.c.id == person_id], today)
    return found[0] if found else None


def household_there(
    session: Session, compound_id: UUID, household_id: UUID, *, today: date
) -> HouseholdThere | None:
    """Return one household as a search would, None when there is none."""
    found = _households_of(session, compound_id, [HOUSEHOLD.c.id == household_id], today)
    return found[0] if found else None


def building_there(session: Session, compound_id: UUID, building_id: UUID) -> BuildingThere | None:
    """Return one building, None when there is none."""
    statement = select(BUILDING.c.id, BUILDING.c.code, BUILDING.c.name).where(
        BUILDING.c.compound_id == compound_id, BUILDING.c.id == building_id
    )
    row = session.connection().execute(statement).first()
    return None if row is None else BuildingThere(row.id, row.code, row.name)


def point_place(session: Session, compound_id: UUID, point_id: UUID) -> tuple[str, UUID | None] | None:
    """Return a point's code and the building that it stands beside, None when there is none."""
    statement = select(POINT.c.code, POINT.c.building_id).where(
        POINT.c.compound_id == compound_id, POINT.c.id == point_id
    )
    row = session.connection().execute(statement).first()
    return None if row is None else (row.code, row.building_id)


def _exactly(search: ColumnElement[str], word: str) -> ColumnElement[int]:
    """Return 0 for a search text one of whose names is the word itself, else 1."""
    wanted = literal(" ") + fold(word) + literal(" ")
    return case((contains_column(literal(" ") + search + literal(" "), wanted), 0), else_=1)


def _people(
    session: Session, compound_id: UUID, words: Sequence[str], today: date, limit: int
) -> tuple[PersonThere, ...]:
    conditions = [
        condition
        for word in words
        for condition in people_where(compound_id, today, text=word, role=None, team=None, archived=False)
    ]
    return _people_of(session, compound_id, conditions, today, limit=limit, first=words[0])


def _people_of(
    session: Session,
    compound_id: UUID,
    conditions: Sequence[ColumnElement[bool]],
    today: date,
    *,
    limit: int = 1,
    first: str = "",
) -> tuple[PersonThere, ...]:
    order = [_exactly(PERSON.c.search, first)] if first else []
    statement = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.phones)
        .where(PERSON.c.compound_id == compound_id, *conditions)
        .order_by(*order, PERSON.c.name, PERSON.c.id)
        .limit(limit)
    )
    rows = session.connection().execute(statement).all()
    homes: dict[UUID, dict[UUID, Home]] = defaultdict(dict)
    for part in chunks(row.id for row in rows):
        at_home = (
            select(_occupancy.c.person_id, HOUSEHOLD.c.id, HOUSEHOLD.c.code, HOUSEHOLD.c.building_id)
            .join(HOUSEHOLD, same_row(HOUSEHOLD, _occupancy.c.household_id))
            .where(
                _occupancy.c.compound_id == compound_id,
                _occupancy.c.person_id.in_(part),
                holding(_occupancy, today),
                HOUSEHOLD.c.archived.is_(False),
            )
            .order_by(HOUSEHOLD.c.sort_key, HOUSEHOLD.c.code)
        )
        for found in session.connection().execute(at_home):
            homes[found.person_id][found.id] = Home(found.id, found.code, found.building_id)
    return tuple(
        PersonThere(row.id, row.name, tuple(row.phones), tuple(homes[row.id].values())) for row in rows
    )


def _households(
    session: Session, compound_id: UUID, words: Sequence[str], today: date, limit: int
) -> tuple[HouseholdThere, ...]:
    conditions = [
        condition
        for word in words
        for condition in households_where(compound_id, today, text=word, building=None, archived=False)
    ]
    return _households_of(session, compound_id, conditions, today, limit=limit)


def _households_of(
    session: Session,
    compound_id: UUID,
    conditions: Sequence[ColumnElement[bool]],
    today: date,
    *,
    limit: int = 1,
) -> tuple[HouseholdThere, ...]:
    statement = (
        select(HOUSEHOLD.c.id, HOUSEHOLD.c.code, HOUSEHOLD.c.building_id)
        .where(HOUSEHOLD.c.compound_id == compound_id, *conditions)
        .order_by(HOUSEHOLD.c.sort_key, HOUSEHOLD.c.code)
        .limit(limit)
    )
    rows = session.connection().execute(statement).all()
    people: dict[UUID, dict[UUID, PersonThere]] = defaultdict(dict)
    for part in chunks(row.id for row in rows):
        living = (
            select(_occupancy.c.household_id, PERSON.c.id, PERSON.c.name, PERSON.c.phones)
            .join(PERSON, same_row(PERSON, _occupancy.c.person_id))
            .where(
                _occupancy.c.compound_id == compound_id,
                _occupancy.c.household_id.in_(part),
                holding(_occupancy, today),
                PERSON.c.archived.is_(False),
            )
            .order_by(_occupancy.c.since.nulls_first(), _occupancy.c.id)
        )
        for found in session.connection().execute(living):
            people[found.household_id][found.id] = PersonThere(found.id, found.name, tuple(found.phones))
    return tuple(
        HouseholdThere(row.id, row.code, row.building_id, tuple(people[row.id].values())) for row in rows
    )


def _buildings(session: Session, compound_id: UUID, text: str, limit: int) -> tuple[BuildingThere, ...]:
    """Return the building that a text names (`3`, `3栋`, `三号楼`), else those whose name holds it."""
    code, wanted = building_part(text), fold(text)
    statement = select(BUILDING.c.id, BUILDING.c.code, BUILDING.c.name).where(
        BUILDING.c.compound_id == compound_id, BUILDING.c.archived.is_(False)
    )
    named = (BUILDING.c.code == code) if code else contains(BUILDING.c.search, wanted)
    rows = session.connection().execute(statement.where(named)).all()
    if not rows and code:
        rows = session.connection().execute(statement.where(contains(BUILDING.c.search, wanted))).all()
    ordered = sorted(rows, key=lambda row: natural_sort_key(row.code))
    return tuple(BuildingThere(row.id, row.code, row.name) for row in ordered[:limit])
