"""Promises to pay: what became of each is worked out from the payments since, and stored nowhere.

Of a household its latest promise counts; one that owes nothing any more has none to keep. The cost follows the open
bills and what was said at the doors that have any.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import Session

from models.community.searching import chunks
from models.fees.dunning import PRESSING, PromiseState, promise_state
from models.fees.tables import Bill
from models.fees.tables_money import Dunning, Payment
from models.tables import table_of

_bill, _dunning, _payment = table_of(Bill), table_of(Dunning), table_of(Payment)


@dataclass(frozen=True, slots=True)
class Promise:
    """A household's latest promise: so much by a day, of which `paid_fen` has come since it was given."""

    id: UUID
    household_id: UUID
    at: datetime
    on: date
    fen: int
    paid_fen: int
    state: PromiseState

    @property
    def left_fen(self) -> int:
        """What of it has not come."""
        return max(0, self.fen - self.paid_fen)


@dataclass(frozen=True, slots=True)
class DuePromises:
    """How many promises come back: those of today, and those whose day has passed."""

    today: int = 0
    broken: int = 0


def is_open(compound_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on a bill that something is owed on, in the order of their index."""
    return (_bill.c.compound_id == compound_id, _bill.c.owed_fen > 0, _bill.c.archived.is_(False))


def owing(compound_id: UUID) -> Select[tuple[UUID]]:
    """Select the households that owe something."""
    return select(_bill.c.household_id).where(*is_open(compound_id)).distinct()


def promises_of(
    session: Session, compound_id: UUID, household_ids: Collection[UUID] | None = None, *, today: date
) -> dict[UUID, Promise]:
    """Return the latest promise of each household that gave one, whatever became of it; None asks for all that owe."""
    latest: dict[UUID, Any] = {}
    for chosen in _chosen(compound_id, household_ids):
        statement = (
            select(_dunning)
            .where(
                _dunning.c.compound_id == compound_id,
                chosen,
                _dunning.c.archived.is_(False),
                _dunning.c.promise_on.is_not(None),
            )
            .order_by(_dunning.c.household_id, _dunning.c.at, _dunning.c.id)
        )
        latest.update((row.household_id, row) for row in session.connection().execute(statement))
    paid = _paid_since(session, compound_id, latest.values())
    return {
        household_id: Promise(
            id=row.id,
            household_id=household_id,
            at=row.at,
            on=row.promise_on,
            fen=_wanted(row),
            paid_fen=paid[household_id],
            state=promise_state(
                wanted_fen=_wanted(row), paid_fen=paid[household_id], on=row.promise_on, today=today
            ),
        )
        for household_id, row in latest.items()
    }


def _chosen(compound_id: UUID, household_ids: Collection[UUID] | None) -> Iterator[ColumnElement[bool]]:
    if household_ids is None:
        yield _dunning.c.household_id.in_(owing(compound_id))
    else:
        for part in chunks(household_ids):
            yield _dunning.c.household_id.in_(part)


def _wanted(row: Any) -> int:
    """Return what was promised; a promise without a sum is of all that was owed then."""
    return int(row.owed_fen if row.promise_fen is None else row.promise_fen)


def _paid_since(session: Session, compound_id: UUID, promises: Iterable[Any]) -> defaultdict[UUID, int]:
    """Return what each household has paid since its promise; what was taken back has not come."""
    since = {row.household_id: row.at for row in promises}
    paid: defaultdict[UUID, int] = defaultdict(int)
    for part in chunks(since):
        statement = select(_payment.c.household_id, _payment.c.paid_at, _payment.c.amount_fen).where(
            _payment.c.compound_id == compound_id,
            _payment.c.household_id.in_(part),
            _payment.c.paid_at >= min(since[one] for one in part),
            _payment.c.reversed_on.is_(None),
            _payment.c.archived.is_(False),
        )
        for row in session.connection().execute(statement):
            if row.paid_at >= since[row.household_id]:
                paid[row.household_id] += row.amount_fen
    return paid


def due_promises(session: Session, compound_id: UUID, *, today: date) -> DuePromises:
    """Count the promises that somebody has to come back to."""
    states = [one.state for one in promises_of(session, compound_id, today=today).values()]
    return DuePromises(states.count(PromiseState.TODAY), states.count(PromiseState.BROKEN))


def pressing_promises(session: Session, compound_id: UUID, *, today: date) -> dict[UUID, Promise]:
    """Return the promises that are due today or broken, by household."""
    found = promises_of(session, compound_id, today=today)
    return {household_id: one for household_id, one in found.items() if one.state in PRESSING}
