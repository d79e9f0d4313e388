"""Who visits a door, and until when it may pay later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session

from models.community.searching import chunks, holding
from models.community.tables import Contact, Person
from models.fees.rules import Asked, ConcessionKind
from models.fees.tables import Bill, Concession
from models.tables import table_of

_bill, _concession = table_of(Bill), table_of(Concession)
_contact, _person = table_of(Contact), table_of(Person)


@dataclass(frozen=True, slots=True)
class Deferral:
    """A household may pay later, until `defer_until`: everything or (`item_id`) one item, for a reason.

    It is of the bills that begin in [since, until); while it holds, nothing older of the household is asked for either.
    """

    id: UUID
    item_id: UUID | None
    since: date
    until: date | None
    defer_until: date
    reason: str

    def covers(self, item_id: UUID, begins: date, *, today: date) -> bool:
        """Tell whether a bill of an item that begins on a day is put off today."""
        if self.item_id not in {None, item_id} or self.defer_until < today:
            return False
        return any(self.since <= day and (self.until is None or day < self.until) for day in (today, begins))


def deferring(compound_id: UUID, today: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on a concession that lets a household pay something later on a day; they are few."""
    return (
        _concession.c.compound_id == compound_id,
        _concession.c.state == Asked.DONE.value,
        _concession.c.kind == ConcessionKind.DEFERRAL.value,
        _concession.c.defer_until >= today,
        _concession.c.archived.is_(False),
    )


def put_off(compound_id: UUID, today: date) -> ColumnElement[bool]:
    """Tell of a bill, in SQL, what `Deferral.covers` tells: of nearly all, that their household has no deferral."""
    these = deferring(compound_id, today)

    def spanning(day: Any) -> ColumnElement[bool]:
        return and_(_concession.c.since <= day, or_(_concession.c.until.is_(None), _concession.c.until > day))

    covering = select(_concession.c.id).where(
        *these,
        _concession.c.household_id == _bill.c.household_id,
        or_(_concession.c.item_id.is_(None), _concession.c.item_id == _bill.c.item_id),
        or_(spanning(today), spanning(_bill.c.since)),
    )
    return and_(
        _bill.c.household_id.in_(select(_concession.c.household_id).where(*these)),
        covering.correlate(_bill).exists(),
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
    """Return what was granted to some households to be paid later than a day."""
    found: dict[UUID, tuple[Deferral, ...]] = {}
    for part in chunks(household_ids):
        statement = (
            select(_concession)
            .where(*deferring(compound_id, today), _concession.c.household_id.in_(part))
            .order_by(_concession.c.defer_until, _concession.c.id)
        )
        for row in session.connection().execute(statement):
            one = Deferral(row.id, row.item_id, row.since, row.until, row.defer_until, row.reason)
            found[row.household_id] = (*found.get(row.household_id, ()), one)
    return found
