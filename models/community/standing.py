"""What the register holds of the rooms and people that an import names, loaded in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.searching import chunks, same_row
from models.community.tables import Building, Household, Occupancy, Person
from models.files.households import HouseholdRow
from models.operations.tables import Alias
from models.tables import table_of


@dataclass(slots=True)
class StandingPerson:
    """A person with the values an import may set; they change as the plan goes on."""

    id: UUID
    name: str
    sex: str
    phones: list[str]


@dataclass(slots=True)
class Resident:
    """Somebody who owns or lives in a household, and as what."""

    person: StandingPerson
    relations: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Home:
    """The people of one household by name, and who of them has left, and when."""

    residents: dict[str, list[Resident]] = field(default_factory=lambda: defaultdict(list))
    moved_out: dict[str, date] = field(default_factory=dict)

    def resident(self, name: str, phone: str | None) -> Resident | None:
        """Return who is meant: of two of one name, the one with the phone, else the first."""
        namesakes = self.residents.get(name)
        if not namesakes:
            return None
        return next((one for one in namesakes if phone in one.person.phones), namesakes[0])


@dataclass(slots=True)
class Standing:
    """The part of the register that a list of households touches."""

    buildings: dict[str, Any]
    households: dict[str, Any]
    homes: dict[UUID, Home]
    _by_phone: dict[tuple[str, str], StandingPerson]

    @classmethod
    def load(cls, session: Session, compound_id: UUID, rows: Sequence[HouseholdRow]) -> Standing:
        """Load by the codes of the rows, in a number of statements that follows their number by hundreds."""
        connection = session.connection()
        building, household = table_of(Building), table_of(Household)
        buildings = {
            row.code: row
            for row in connection.execute(select(building).where(building.c.compound_id == compound_id))
        }
        households: dict[str, Any] = {}
        for part in chunks(dict.fromkeys(row.code for row in rows)):
            statement = select(household).where(
                household.c.compound_id == compound_id, household.c.code.in_(part)
            )
            households.update({row.code: row for row in connection.execute(statement)})
        people = _people(session, compound_id)
        by_phone: dict[tuple[str, str], StandingPerson] = {}
        for person in people.values():
            for phone in person.phones:
                by_phone.setdefault((person.name, phone), person)
        homes = _homes(session, compound_id, [row.id for row in households.values()], people)
        return cls(buildings, households, homes, by_phone)

    def known_elsewhere(self, name: str, phone: str | None) -> StandingPerson | None:
        """Return who has this name and this phone: somebody who owns two flats is one person."""
        return self._by_phone.get((name, phone)) if phone else None

    def remember(self, person: StandingPerson) -> None:
        """Let later rows find somebody whom this plan adds."""
        for phone in person.phones:
            self._by_phone.setdefault((person.name, phone), person)


def _people(session: Session, compound_id: UUID) -> dict[UUID, StandingPerson]:
    person = table_of(Person)
    statement = (
        select(person.c.id, person.c.name, person.c.sex, person.c.phones)
        .where(person.c.compound_id == compound_id, person.c.archived.is_(False))
        .order_by(person.c.id)
    )
    return {
        row.id: StandingPerson(row.id, row.name, row.sex, list(row.phones))
        for row in session.connection().execute(statement)
    }


def _homes(
    session: Session,
    compound_id: UUID,
    household_ids: Sequence[UUID],
    people: dict[UUID, StandingPerson],
) -> dict[UUID, Home]:
    occupancy = table_of(Occupancy)
    other_names = _other_names(session, compound_id)
    homes: dict[UUID, Home] = defaultdict(Home)
    residents: dict[tuple[UUID, UUID], Resident] = {}
    for part in chunks(household_ids):
        statement = select(occupancy).where(
            occupancy.c.compound_id == compound_id,
            occupancy.c.household_id.in_(part),
            occupancy.c.archived.is_(False),
        )
        # Asked to order by id, SQLite would walk the primary key through the whole compound.
        for row in sorted(session.connection().execute(statement), key=lambda row: row.id.hex):
            person = people.get(row.person_id)
            if person is None:
                continue
            home = homes[row.household_id]
            names = [person.name, *other_names[person.id]]
            if row.until is not None:
                home.moved_out.update(dict.fromkeys(names, row.until))
                continue
            key = (row.household_id, person.id)
            if key not in residents:
                residents[key] = Resident(person)
                for name in names:
                    home.residents[name].append(residents[key])
            residents[key].relations.add(row.relation)
    return homes


def _other_names(session: Session, compound_id: UUID) -> dict[UUID, list[str]]:
    """Return the names under which people stood before they were merged: a list goes on using them."""
    alias, person = table_of(Alias), table_of(Person)
    statement = (
        select(alias.c.to_id, person.c.name)
        .join(person, same_row(person, alias.c.id))
        .where(
            alias.c.compound_id == compound_id,
            alias.c.table_name == Person.__tablename__,
            alias.c.archived.is_(False),
        )
    )
    names: dict[UUID, list[str]] = defaultdict(list)
    for row in session.connection().execute(statement):
        names[row.to_id].append(row.name)
    return names
