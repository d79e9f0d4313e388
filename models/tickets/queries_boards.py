"""Who helps in a building, for the board that hangs there: its lead, who answers for it, and who visits how many homes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from models.community.queries_places import responsibilities
from models.community.searching import holding, same_row
from models.community.tables import Contact
from models.inspection.observed import rows_of
from models.operations.roles import Role, RoleTerm
from models.tables import table_of
from models.tickets.queries import BUILDING, HOUSEHOLD, PERSON

CONTACT, TERM = table_of(Contact), table_of(RoleTerm)


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody to turn to. `households` is how many they visit, 0 of whoever does not visit."""

    person_id: UUID
    name: str
    phones: tuple[str, ...]
    households: int = 0


@dataclass(frozen=True, slots=True)
class BuildingHelp:
    """A building and who helps there. `without` counts households that nobody visits."""

    id: UUID
    code: str
    name: str
    leads: tuple[Helper, ...]
    answering: tuple[Helper, ...]
    contacts: tuple[Helper, ...]
    households: int
    without: int


def building_help(
    session: Session, compound_id: UUID, building_id: UUID, *, today: date
) -> BuildingHelp | None:
    """Return who helps in a building on a day; None when there is no such building."""
    found = rows_of(
        session, select(BUILDING).where(BUILDING.c.compound_id == compound_id, BUILDING.c.id == building_id)
    )
    if not found:
        return None
    leads = _leads(session, compound_id, building_id, today)
    households = select(func.count()).where(
        HOUSEHOLD.c.compound_id == compound_id,
        HOUSEHOLD.c.building_id == building_id,
        HOUSEHOLD.c.archived.is_(False),
    )
    visited = select(CONTACT.c.household_id).where(
        CONTACT.c.compound_id == compound_id, holding(CONTACT, today)
    )
    number = session.connection().execute
    return BuildingHelp(
        id=found[0].id,
        code=found[0].code,
        name=found[0].name,
        leads=leads,
        answering=tuple(
            _once(
                (
                    Helper(line.person_id, line.name, line.phones)
                    for line in responsibilities(session, compound_id, today=today, building=building_id)
                ),
                beside={lead.person_id for lead in leads},
            )
        ),
        contacts=_contacts(session, compound_id, building_id, today),
        households=int(number(households).scalar_one()),
        without=int(number(households.where(HOUSEHOLD.c.id.not_in(visited))).scalar_one()),
    )


def _leads(session: Session, compound_id: UUID, building_id: UUID, today: date) -> tuple[Helper, ...]:
    statement = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.phones)
        .join(TERM, same_row(PERSON, TERM.c.person_id))
        .where(
            TERM.c.compound_id == compound_id,
            TERM.c.role == Role.BUILDING_LEAD.value,
            TERM.c.building_id == building_id,
            holding(TERM, today),
            PERSON.c.archived.is_(False),
        )
        .order_by(TERM.c.since, TERM.c.id)
    )
    return tuple(_once(map(_helper, rows_of(session, statement))))


def _contacts(session: Session, compound_id: UUID, building_id: UUID, today: date) -> tuple[Helper, ...]:
    """Return who visits households of the building, those with the most first."""
    homes = func.count(CONTACT.c.household_id.distinct())
    counted = (
        select(CONTACT.c.person_id, homes.label("homes"))
        .join(HOUSEHOLD, same_row(HOUSEHOLD, CONTACT.c.household_id))
        .where(
            CONTACT.c.compound_id == compound_id,
            HOUSEHOLD.c.building_id == building_id,
            HOUSEHOLD.c.archived.is_(False),
            holding(CONTACT, today),
        )
        .group_by(CONTACT.c.person_id)
        .subquery()
    )
    statement = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.phones, counted.c.homes)
        .join(counted, counted.c.person_id == PERSON.c.id)
        .where(PERSON.c.compound_id == compound_id, PERSON.c.archived.is_(False))
        .order_by(counted.c.homes.desc(), PERSON.c.name, PERSON.c.id)
    )
    return tuple(_helper(row, row.homes) for row in rows_of(session, statement))


def _helper(row: Any, households: int = 0) -> Helper:
    return Helper(row.id, row.name, tuple(row.phones), households)


def _once(helpers: Iterable[Helper], beside: Iterable[UUID] = ()) -> Iterable[Helper]:
    """Return each person once, and none of those that stand elsewhere."""
    passed = set(beside)
    for helper in helpers:
        if helper.person_id not in passed:
            passed.add(helper.person_id)
            yield helper
