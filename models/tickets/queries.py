"""Tickets as lists, the claim board, the search and the ticket page see them.

A list's cost follows the page that is shown: names and codes are looked up for
its rows only. What is open is found by index, however many are closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import Session

from models.community.searching import Found, chunks, found_by
from models.tables import table_of
from models.tickets.rules import OPEN, Ruling, State, Urgency, overdue
from models.tickets.selecting import (
    BUILDING,
    CATEGORY,
    HAND,
    HOUSEHOLD,
    PERSON,
    POINT,
    TEAM,
    TICKET,
    Asked,
    View,
    contains_column,
    ticket_order,
    tickets_where,
)
from models.tickets.tables import TicketRuling

RULING = table_of(TicketRuling)

__all__ = [
    "BUILDING",
    "CATEGORY",
    "HAND",
    "HOUSEHOLD",
    "PERSON",
    "POINT",
    "RULING",
    "TEAM",
    "TICKET",
    "Asked",
    "Found",
    "Hand",
    "TicketLine",
    "View",
    "contains_column",
    "count_tickets",
    "every_ticket",
    "find_tickets",
    "one_ticket",
    "page_tickets",
    "ruling",
    "ticket_lines",
    "tickets_of",
]


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody on a job."""

    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in a list. `requester` is a name from the register, or as somebody gave it."""

    id: UUID
    code: str
    number: int | None
    what: str
    category: str
    urgency: Urgency
    state: State
    state_at: datetime
    requester_id: UUID | None
    requester: str
    phone: str
    household_id: UUID | None
    household: str
    building_id: UUID | None
    building: str
    point_id: UUID | None
    point: str
    place: str
    team_id: UUID | None
    team: str
    opened_at: datetime
    accept_due_at: datetime
    due_at: datetime
    accepted_at: datetime | None
    done_at: datetime | None
    closed_at: datetime | None
    wait_until: date | None
    wait_for: str
    holder_id: UUID | None
    holder: str
    offered_to_id: UUID | None
    offered_to: str
    hands: tuple[Hand, ...]
    wanted_hands: int
    parent_id: UUID | None
    is_case: bool
    incident_id: UUID | None
    reopened: int
    score: int | None
    minutes: int
    cost: int
    visits: int
    recheck_at: datetime | None
    channel: str
    overdue: bool
    archived: bool

    @property
    def where(self) -> str:
        """The most exact place that is known, as people write it."""
        return self.household or self.point or self.place or self.building

    @property
    def too_many(self) -> bool:
        """Whether more have claimed it than it wants: two did so without knowing of each other."""
        return self.state in OPEN and len(self.hands) > self.wanted_hands


def ruling(session: Session, compound_id: UUID) -> Ruling:
    """Return what the compound has set for its tickets, or what holds where it has set nothing."""
    row = session.connection().execute(select(RULING).where(RULING.c.compound_id == compound_id)).first()
    return Ruling() if row is None else Ruling(row.repeats, row.repeat_days, row.low_score)


def count_tickets(session: Session, compound_id: UUID, asked: Asked) -> int:
    """Count what `page_tickets` pages through."""
    conditions = tickets_where(session, compound_id, asked)
    statement = select(func.count()).select_from(TICKET).where(*conditions)
    return int(session.connection().execute(statement).scalar_one())


def page_tickets(
    session: Session, compound_id: UUID, asked: Asked, *, offset: int = 0, limit: int = 50
) -> tuple[TicketLine, ...]:
    """Return a page of tickets: on the board and among what is open the most pressing first, else the newest first."""
    conditions = tickets_where(session, compound_id, asked)
    statement = select(TICKET).where(*conditions).order_by(*ticket_order(asked)).offset(offset).limit(limit)
    return ticket_lines(session, compound_id, session.connection().execute(statement).all(), asked)


def find_tickets(session: Session, compound_id: UUID, asked: Asked) -> Found:
    """Return the ids of what `page_tickets` pages through, in its order.

    A search looks at every ticket of its view. It does so once here, and not again for each page.
    """
    conditions = tickets_where(session, compound_id, asked)
    statement = select(TICKET.c.id).where(*conditions).order_by(*ticket_order(asked))
    return found_by(session, TICKET.c.id, statement)


def tickets_of(
    session: Session, compound_id: UUID, ids: Sequence[UUID], asked: Asked
) -> tuple[TicketLine, ...]:
    """Return the tickets with these ids, in their order."""
    statement = select(TICKET).where(TICKET.c.compound_id == compound_id, TICKET.c.id.in_(ids))
    rows = {row.id: row for row in session.connection().execute(statement)}
    return ticket_lines(session, compound_id, [rows[row_id] for row_id in ids if row_id in rows], asked)


def every_ticket(session: Session, compound_id: UUID, asked: Asked) -> Iterator[TicketLine]:
    """Yield all tickets of a list, oldest first, holding a few hundred at a time."""
    statement = (
        select(TICKET)
        .where(*tickets_where(session, compound_id, asked))
        .order_by(TICKET.c.opened_at, TICKET.c.id)
    )
    for part in session.connection().execute(statement).partitions(500):
        yield from ticket_lines(session, compound_id, part, asked)


def one_ticket(session: Session, compound_id: UUID, ticket_id: UUID, asked: Asked) -> TicketLine | None:
    """Return a ticket, archived or not; None when there is none."""
    statement = select(TICKET).where(TICKET.c.compound_id == compound_id, TICKET.c.id == ticket_id)
    lines = ticket_lines(session, compound_id, session.connection().execute(statement).all(), asked)
    return lines[0] if lines else None


def ticket_lines(
    session: Session, compound_id: UUID, rows: Sequence[Any], asked: Asked
) -> tuple[TicketLine, ...]:
    """Return rows of the ticket table with the names of what they refer to."""
    named = _Names(session, compound_id)
    people = named.of(PERSON, "name", rows, "requester_id", "holder_id", "offered_to_id")
    homes = named.of(HOUSEHOLD, "code", rows, "household_id")
    buildings = named.of(BUILDING, "code", rows, "building_id")
    points = named.of(POINT, "code", rows, "point_id")
    teams = named.of(TEAM, "name", rows, "team_id")
    hands = _hands(session, compound_id, [row.id for row in rows])
    return tuple(
        TicketLine(
            id=row.id,
            code=row.code,
            number=row.number,
            what=row.what,
            category=row.category,
            urgency=Urgency(row.urgency),
            state=State(row.state),
            state_at=row.state_at,
            requester_id=row.requester_id,
            requester=people.get(row.requester_id, row.requester_name),
            phone=row.requester_phone,
            household_id=row.household_id,
            household=homes.get(row.household_id, ""),
            building_id=row.building_id,
            building=buildings.get(row.building_id, ""),
            point_id=row.point_id,
            point=points.get(row.point_id, ""),
            place=row.place,
            team_id=row.team_id,
            team=teams.get(row.team_id, ""),
            opened_at=row.opened_at,
            accept_due_at=row.accept_due_at,
            due_at=row.due_at,
            accepted_at=row.accepted_at,
            done_at=row.done_at,
            closed_at=row.closed_at,
            wait_until=row.wait_until,
            wait_for=row.wait_for,
            holder_id=row.holder_id,
            holder=people.get(row.holder_id, ""),
            offered_to_id=row.offered_to_id,
            offered_to=people.get(row.offered_to_id, ""),
            hands=hands.get(row.id, ()),
            wanted_hands=row.wanted_hands,
            parent_id=row.parent_id,
            is_case=row.is_case,
            incident_id=row.incident_id,
            reopened=row.reopened,
            score=row.score,
            minutes=row.minutes,
            cost=row.cost,
            visits=row.visits,
            recheck_at=row.recheck_at,
            channel=row.channel,
            overdue=overdue(State(row.state), row.due_at, row.wait_until, now=asked.now, today=asked.today),
            archived=row.archived,
        )
        for row in rows
    )


class _Names:
    """Looks up names and codes for the rows of a page, each table once."""

    def __init__(self, session: Session, compound_id: UUID) -> None:
        self._session = session
        self._compound_id = compound_id

    def of(self, table: Any, column: str, rows: Sequence[Any], *fields: str) -> dict[UUID | None, str]:
        wanted = {getattr(row, field) for row in rows for field in fields} - {None}
        found: dict[UUID | None, str] = {}
        for part in chunks(sorted(wanted)):
            statement = select(table.c.id, table.c[column]).where(
                table.c.compound_id == self._compound_id, table.c.id.in_(part)
            )
            found.update((row[0], row[1]) for row in self._session.connection().execute(statement))
        return found


def _hands(session: Session, compound_id: UUID, ids: Sequence[UUID]) -> dict[UUID, tuple[Hand, ...]]:
    found: dict[UUID, tuple[Hand, ...]] = {}
    for part in chunks(ids):
        statement = (
            select(HAND.c.ticket_id, HAND.c.person_id, PERSON.c.name)
            .join(PERSON, and_(PERSON.c.compound_id == compound_id, PERSON.c.id == HAND.c.person_id))
            .where(HAND.c.compound_id == compound_id, HAND.c.ticket_id.in_(part), HAND.c.archived.is_(False))
            .order_by(HAND.c.since, HAND.c.id)
        )
        for row in session.connection().execute(statement):
            found[row.ticket_id] = (*found.get(row.ticket_id, ()), Hand(row.person_id, row.name))
    return found
