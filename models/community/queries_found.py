"""Searches whose result is kept: which households and people hold a text, looked for once, and shown in part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.queries_households import HouseholdLine, household_lines, households_where
from models.community.queries_people import PersonLine, people_lines, people_where
from models.community.searching import Found, Throughout, found_by
from models.community.tables import Household, Person
from models.tables import table_of

_household, _person = table_of(Household), table_of(Person)


def find_households(
    session: Session, compound_id: UUID, *, today: date, text: str, archived: bool = False
) -> Found:
    """Return the ids of what `page_households` pages through, in its order.

    A search looks at every household and person. It does so once here, and not again for each page.
    """
    conditions = households_where(
        compound_id,
        today,
        text=text,
        building=None,
        archived=archived,
        of=Throughout(_household.c.compound_id),
    )
    statement = select(_household.c.id).where(*conditions).order_by(_household.c.sort_key, _household.c.code)
    return found_by(session, _household.c.id, statement)


def households_of(
    session: Session, compound_id: UUID, ids: Sequence[UUID], *, today: date
) -> tuple[HouseholdLine, ...]:
    """Return the households with these ids, in their order."""
    statement = select(_household).where(_household.c.compound_id == compound_id, _household.c.id.in_(ids))
    rows = {row.id: row for row in session.connection().execute(statement)}
    return household_lines(session, compound_id, [rows[row_id] for row_id in ids if row_id in rows], today)


def find_people(
    session: Session, compound_id: UUID, *, today: date, text: str, archived: bool = False
) -> Found:
    """Return the ids of what `page_people` pages through, in its order; see `find_households`."""
    conditions = people_where(
        compound_id,
        today,
        text=text,
        role=None,
        team=None,
        archived=archived,
        of=Throughout(_person.c.compound_id),
    )
    statement = select(_person.c.id).where(*conditions).order_by(_person.c.name, _person.c.id)
    return found_by(session, _person.c.id, statement)


def people_of(
    session: Session, compound_id: UUID, ids: Sequence[UUID], *, today: date
) -> tuple[PersonLine, ...]:
    """Return the people with these ids, in their order."""
    statement = select(_person).where(_person.c.compound_id == compound_id, _person.c.id.in_(ids))
    rows = {row.id: row for row in session.connection().execute(statement)}
    return people_lines(session, compound_id, [rows[row_id] for row_id in ids if row_id in rows], today)
