"""What the room of paper cards asks of the store and changes in it; runs in worker threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from models.operations.drafts import drop_draft, load_draft
from models.operations.envelope import Intent
from models.operations.perform import Outcome, perform
from models.tickets.codes import spelled
from models.tickets.queries import TICKET, Asked, TicketLine, View, one_ticket, page_tickets, ticket_lines
from tui import edge
from tui.desk import Desk

#: What the draft of this room is called: one card lies on the table at a time.
DRAFT: Final = "ticket_cards:"
_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Begun:
    """The room as it is taken up: the card that was left half-typed, if one was."""

    draft: Mapping[str, Any]
    ticket: TicketLine | None
    recorder_id: UUID
    recorder: str
    zone: ZoneInfo
    today: date


def _asked(desk: Desk, **more: Any) -> Asked:
    return Asked(now=edge.clock(), today=desk.today(), **more)


def begin(desk: Desk) -> Begun:
    """Return what was left half-typed, and who types."""
    seat = desk.seat
    with desk.store.read() as session:
        draft = load_draft(session, seat.compound_id, DRAFT) or {}
        named = draft.get("ticket")
        ticket = None
        if named is not None:
            ticket = one_ticket(session, seat.compound_id, UUID(str(named)), _asked(desk))
    return Begun(
        {} if ticket is None else draft,
        ticket,
        seat.person_id or seat.compound_id,
        seat.person,
        ZoneInfo(seat.zone),
        desk.today(),
    )


def suggest(desk: Desk, text: str) -> tuple[TicketLine, ...]:
    """Return the tickets that a code, its beginning or some words may mean: the one called so first."""
    compound_id, code = desk.seat.compound_id, spelled(text)
    asked = _asked(desk, view=View.OPEN, text=text)
    with desk.store.read() as session:
        begins = (
            select(TICKET)
            .where(
                TICKET.c.compound_id == compound_id,
                TICKET.c.archived.is_(False),
                TICKET.c.code >= code,
                TICKET.c.code < code + _LAST,
            )
            .order_by(func.length(TICKET.c.code), TICKET.c.code)
            .limit(_MOST)
        )
        rows = session.connection().execute(begins).all() if code else []
        found = ticket_lines(session, compound_id, rows, asked)
        worded = page_tickets(session, compound_id, asked, limit=_MOST)
    return tuple({line.id: line for line in (*found, *worded)}.values())[:_MOST]


#: Behind every character that a code may hold.
_LAST: Final = "\U0010ffff"


def ticket_now(desk: Desk, ticket_id: UUID) -> TicketLine | None:
    """Return a ticket as it stands now."""
    with desk.store.read() as session:
        return one_ticket(session, desk.seat.compound_id, ticket_id, _asked(desk))


def save(desk: Desk, intents: Sequence[Intent]) -> Outcome:
    """Perform a card as one group and forget its draft, in one transaction."""
    with desk.store.write() as session:
        outcome = perform(session, intents, desk.acting())
        if outcome.refused is None:
            drop_draft(session, desk.seat.compound_id, DRAFT)
    return outcome
