"""Who visits a door, and until when it may pay later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import Session

from models.community.searching import chunks, holding
from models.community.tables import Contact, Person
from models.fees.rules import Asked, ConcessionKind
from models.fees.tables import Concession
from models.tables import table_of

_concession, _contact, _person = table_of(Concession), table_of(Contact), table_of(Person)


@dataclass(frozen=True, slots=True)
class Deferral:
    """A household may pay later: until a day, everything or (`item_id`) one item, for a reason."""

    id: UUID
    item_id: UUID | None
    defer_until: date
    reason: str


def deferring(compound_id: UUID, today: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on a concession that lets a household pay later on a day."""
    return (
        _concession.c.compound_id == compound_id,
        _concession.c.state == Asked.DONE.value,
        _concession.c.kind == ConcessionKind.DEFERRAL.value,
        _concession.c.defer_until >= today,
        holding(_concession, today),
    )


def visitors_of(
    session: Session, compound_id: UUID, household_ids: Sequence[UUID], *, today: date
) -> dict[UUID, tuple[UUID, str]]:
    """Return who visits each of some households: the one who took it up last."""
    found: dict[UUID, tuple[UUID, str]] = {}
    for part in chunks(household_ids):
        statement = (
            select(_contact.c.household_id, _contact.c.person_id, _person.c.name)
            .join(_person, (_person.c.compound_id == compound_id) & (_person.c.id == _contact.c.person_id))
            .where(
                _contact.c.compound_id == compound_id,
                _contact.c.household_id.in_(part),
                holding(_contact, today),
            )
            .order_by(_contact.c.since.nulls_first(), _contact.c.id)
        )
        found.update(
            (row.household_id, (row.person_id, row.name)) for row in session.connection().execute(statement)
        )
    return found


def deferrals_of(
    session: Session, compound_id: UUID, household_ids: Sequence[UUID], *, today: date
) -> dict[UUID, tuple[Deferral, ...]]:
    """Return what was granted to some households to be paid later, and holds on a day."""
    found: dict[UUID, tuple[Deferral, ...]] = {}
    for part in chunks(household_ids):
        statement = (
            select(_concession)
            .where(*deferring(compound_id, today), _concession.c.household_id.in_(part))
            .order_by(_concession.c.defer_until, _concession.c.id)
        )
        for row in session.connection().execute(statement):
            one = Deferral(row.id, row.item_id, row.defer_until, row.reason)
            found[row.household_id] = (*found.get(row.household_id, ()), one)
    return found
