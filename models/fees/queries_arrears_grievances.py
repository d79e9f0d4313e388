"""What a household has asked for and not got yet: its open tickets, those done that it was not asked about, its last rating."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, and_, or_, select, union
from sqlmodel import Session

from models.community.searching import chunks
from models.tables import table_of
from models.tickets.rules import OPEN, State
from models.tickets.tables import Ticket

_ticket = table_of(Ticket)
_parent = _ticket.alias("parent")
_OPEN: Final = tuple(sorted(state.value for state in OPEN))
_DONE: Final = State.DONE.value
#: What belongs to another ticket stands as that one does.
_CARRIED: Final = (_DONE, State.DUPLICATE.value)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A ticket of a household that is not answered yet."""

    id: UUID
    code: str
    what: str
    category: str
    state: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Grievance:
    """What a household waits for: `open` is to be done, `unrated` done, and nobody has asked how it was.

    `rating` (1 to 5) is the last that it gave.
    """

    open: tuple[Complaint, ...] = ()
    unrated: tuple[Complaint, ...] = ()
    rating: int | None = None
    rated_at: datetime | None = None

    @property
    def fix_first(self) -> bool:
        """Whether something has to be put right, or asked about, before this household is asked to pay."""
        return bool(self.open or self.unrated)


NO_GRIEVANCE: Final = Grievance()


def _carried() -> ColumnElement[bool]:
    """Tell whether a ticket was joined with one, or is part of a case, that is not answered yet."""
    return and_(
        _ticket.c.state.in_(_CARRIED),
        _parent.c.state.in_((*_OPEN, _DONE)),
        _parent.c.archived.is_(False),
    )


def grieving(compound_id: UUID) -> CompoundSelect[Any]:
    """Select the households that wait for something; the cost follows the tickets that are open or done."""
    at_home = (
        _ticket.c.compound_id == compound_id,
        _ticket.c.archived.is_(False),
        _ticket.c.household_id.is_not(None),
    )
    own = select(_ticket.c.household_id).where(
        *at_home,
        _ticket.c.state.in_((*_OPEN, _DONE)),
        or_(_ticket.c.state != _DONE, _ticket.c.parent_id.is_(None)),
    )
    carried = (
        select(_ticket.c.household_id)
        .join_from(
            _parent, _ticket, (_ticket.c.compound_id == compound_id) & (_ticket.c.parent_id == _parent.c.id)
        )
        .where(_parent.c.compound_id == compound_id, *at_home, _carried())
    )
    return union(own, carried)


def grievances_of(
    session: Session, compound_id: UUID, household_ids: Collection[UUID]
) -> dict[UUID, Grievance]:
    """Return what each of some households waits for; one that never asked for anything is not in it."""
    found: dict[UUID, Grievance] = {}
    for part in chunks(household_ids):
        statement = (
            select(_ticket, _parent.c.state.label("carried_by"))
            .outerjoin(
                _parent,
                (_parent.c.compound_id == compound_id)
                & (_parent.c.id == _ticket.c.parent_id)
                & _parent.c.archived.is_(False),
            )
            .where(
                _ticket.c.compound_id == compound_id,
                _ticket.c.household_id.in_(part),
                _ticket.c.archived.is_(False),
            )
            .order_by(_ticket.c.opened_at, _ticket.c.id)
        )
        for row in session.connection().execute(statement):
            found[row.household_id] = _with(found.get(row.household_id, NO_GRIEVANCE), row)
    return found


def _with(known: Grievance, row: Any) -> Grievance:
    """Return what is known of a household with one more of its tickets."""
    one = Complaint(row.id, row.code, row.what, row.category, row.state, row.opened_at)
    stands = row.carried_by if row.state in _CARRIED and row.parent_id is not None else row.state
    waits = (*known.open, one) if stands in _OPEN else known.open
    unrated = (*known.unrated, one) if stands == _DONE else known.unrated
    rating, rated_at = known.rating, known.rated_at
    moment = row.closed_at or row.state_at
    if row.score is not None and (rated_at is None or moment >= rated_at):
        rating, rated_at = row.score, moment
    return Grievance(waits, unrated, rating, rated_at)
