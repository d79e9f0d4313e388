"""How people name tickets, incidents and kinds of job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select
from sqlmodel import Session

from models.community.searching import Throughout
from models.operations.registry import finder
from models.tables import table_of
from models.text import fold, normalise
from models.tickets.codes import spelled
from models.tickets.tables import Incident, Ticket, TicketCategory

_category, _incident, _ticket = table_of(TicketCategory), table_of(Incident), table_of(Ticket)
_LONGEST_NUMBER = 9


@finder("ticket")
def find_ticket(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a ticket by its short code, or by the server's number (`1287`, `#1287`, `1287号`)."""
    code = spelled(text)
    meant: list[ColumnElement[bool]] = [_ticket.c.code == code]
    digits = code.removeprefix("#").removesuffix("号")
    if digits.isdigit() and len(digits) <= _LONGEST_NUMBER:
        meant.append(_ticket.c.number == int(digits))
    # Each on its own: of two that are joined by "or" SQLite would find neither by its index.
    rows = [row for way in meant for row in _rows(session, _ticket, compound_id, way)] if code else []
    found = _living_first(sorted({row.id: row for row in rows}.values(), key=lambda row: row.id))
    # A code that two laptops had given out stands in one of them with a tail.
    return found or (
        _choose(session, _ticket, compound_id, _ticket.c.code > f"{code}-", _ticket.c.code < f"{code}.")
        if code
        else []
    )


@finder("incident")
def find_incident(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find an incident by its name; of several of one name, those that last."""
    found = _choose(session, _incident, compound_id, _incident.c.name == normalise(text))
    if len(found) > 1:
        lasting = _choose(
            session, _incident, compound_id, _incident.c.id.in_(found), _incident.c.ended_at.is_(None)
        )
        return lasting or found
    return found


@finder("ticket_category")
def find_category(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find what is set for a kind of job, by its code or name."""
    wanted = normalise(text)
    return _choose(session, _category, compound_id, _category.c.code.in_([wanted, fold(text)]))


def _choose(
    session: Session, table: Table, compound_id: UUID, *conditions: ColumnElement[bool]
) -> list[UUID]:
    return _living_first(_rows(session, table, compound_id, *conditions))


def _rows(
    session: Session, table: Table, compound_id: UUID, *conditions: ColumnElement[bool]
) -> Sequence[Any]:
    # By the index of its order the one row would be looked for among all.
    statement = (
        select(table.c.id, table.c.archived)
        .where(table.c.compound_id == compound_id, *conditions)
        .order_by(Throughout(table.c.id))
        .limit(50)
    )
    return session.connection().execute(statement).all()


def _living_first(found: Sequence[Any]) -> list[UUID]:
    return [row.id for row in found if not row.archived] or [row.id for row in found]
