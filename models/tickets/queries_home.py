"""What Home says of tickets: what waits on the board, what is late, and what is in somebody's hands; and whose buildings are whose.

Each figure is found by index among what is open, however many are closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, union
from sqlmodel import Session

from models.community.searching import chunks, holding
from models.community.tables import Building, Household, Occupancy
from models.operations.roles import Role, RoleTerm
from models.tables import table_of
from models.tickets.queries import HAND, TICKET, Asked, View, count_tickets
from models.tickets.rules import OPEN, UNANSWERED, State
from models.tickets.rules import overdue as overdue_now
from models.tickets.selecting import unanswered

BUILDING, HOUSEHOLD, OCCUPANCY = table_of(Building), table_of(Household), table_of(Occupancy)
TERM = table_of(RoleTerm)

_OPEN = tuple(sorted(state.value for state in OPEN))
_UNANSWERED = tuple(sorted(state.value for state in UNANSWERED))


@dataclass(frozen=True, slots=True)
class HomeTickets:
    """What there is of tickets, and of them what is one's own.

    `board` want hands, `overdue` are late. `batons` of the one who asks are not
    answered yet, `offered` are handed to them and wait for their yes, `jobs` they
    do; `late` of theirs are overdue. `clashes` are jobs of theirs that too many have claimed.
    """

    board: int = 0
    overdue: int = 0
    batons: int = 0
    offered: int = 0
    jobs: int = 0
    late: int = 0
    clashes: int = 0

    @property
    def calls(self) -> bool:
        """Whether something waits for this very person to say yes, or to step back."""
        return bool(self.offered or self.clashes)


@dataclass(frozen=True, slots=True)
class OwnBuilding:
    """A building that somebody leads or lives in."""

    id: UUID
    code: str


def home_tickets(
    session: Session, compound_id: UUID, person_id: UUID | None, *, now: datetime, today: date
) -> HomeTickets:
    """Return what Home says to whoever acts; nothing is anybody's own before there is somebody."""

    def count(view: View) -> int:
        return count_tickets(session, compound_id, Asked(now=now, today=today, view=view))

    board, overdue = count(View.BOARD), count(View.OVERDUE)
    if person_id is None:
        return HomeTickets(board, overdue)
    mine = TICKET.c.holder_id == person_id
    held = _own(session, compound_id, mine, or_(TICKET.c.state.in_(_OPEN), unanswered()))
    offered = _own(session, compound_id, TICKET.c.offered_to_id == person_id, TICKET.c.state.in_(_UNANSWERED))
    doing = select(HAND.c.ticket_id).where(
        HAND.c.compound_id == compound_id, HAND.c.person_id == person_id, HAND.c.archived.is_(False)
    )
    jobs = _own(session, compound_id, TICKET.c.state.in_(_OPEN), TICKET.c.id.in_(doing))
    late = {
        row.id
        for row in (*held, *jobs)
        if overdue_now(State(row.state), row.due_at, row.wait_until, now=now, today=today)
    }
    return HomeTickets(
        board=board,
        overdue=overdue,
        batons=len(held),
        offered=len(offered),
        jobs=len(jobs),
        late=len(late),
        clashes=_clashes(session, compound_id, {row.id: row.wanted_hands for row in jobs}),
    )


def _own(session: Session, compound_id: UUID, *conditions: ColumnElement[bool]) -> Sequence[Any]:
    """Return what of the tickets in somebody's hands tells whether they are late; they are few."""
    columns = (TICKET.c.id, TICKET.c.state, TICKET.c.due_at, TICKET.c.wait_until, TICKET.c.wanted_hands)
    statement = select(*columns).where(
        TICKET.c.compound_id == compound_id, TICKET.c.archived.is_(False), *conditions
    )
    return session.connection().execute(statement).all()


def _clashes(session: Session, compound_id: UUID, wanted: dict[UUID, int]) -> int:
    """Count those of some jobs that more are on than they want."""
    n = 0
    for part in chunks(wanted):
        statement = (
            select(HAND.c.ticket_id, func.count())
            .where(HAND.c.compound_id == compound_id, HAND.c.ticket_id.in_(part), HAND.c.archived.is_(False))
            .group_by(HAND.c.ticket_id)
        )
        n += sum(hands > wanted[ticket_id] for ticket_id, hands in session.connection().execute(statement))
    return n


def own_buildings(
    session: Session, compound_id: UUID, person_id: UUID, *, today: date
) -> tuple[OwnBuilding, ...]:
    """Return the buildings that somebody leads, owns a flat of or lives in, by code."""
    led = select(TERM.c.building_id).where(
        TERM.c.compound_id == compound_id,
        TERM.c.person_id == person_id,
        TERM.c.role == Role.BUILDING_LEAD.value,
        holding(TERM, today),
    )
    homes = (
        select(HOUSEHOLD.c.building_id)
        .join(
            OCCUPANCY,
            and_(OCCUPANCY.c.compound_id == compound_id, OCCUPANCY.c.household_id == HOUSEHOLD.c.id),
        )
        .where(
            HOUSEHOLD.c.compound_id == compound_id,
            OCCUPANCY.c.person_id == person_id,
            holding(OCCUPANCY, today),
        )
    )
    statement = (
        select(BUILDING.c.id, BUILDING.c.code)
        .where(BUILDING.c.compound_id == compound_id, BUILDING.c.id.in_(union(led, homes)))
        .order_by(func.length(BUILDING.c.code), BUILDING.c.code)
    )
    return tuple(OwnBuilding(row.id, row.code) for row in session.connection().execute(statement))
