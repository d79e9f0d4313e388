"""Lists of tickets, of the lines of their stories and of incidents, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.inspection.observed import rows_of, zone_of
from models.listings import ListingRow, listing
from models.tickets.periods import start_of
from models.tickets.queries import TICKET, Asked, TicketLine, View, every_ticket
from models.tickets.queries_incidents import INCIDENT, IncidentLine, page_incidents
from models.tickets.queries_story import every_event

_PAGE: Final = 200


@listing(
    "tickets",
    "id",
    "code",
    "number",
    "state",
    "holder",
    "holder_id",
    "category",
    "urgency",
    "channel",
    "requester",
    "requester_id",
    "phone",
    "household",
    "household_id",
    "building",
    "point",
    "place",
    "team",
    "what",
    "opened_at",
    "accept_due_at",
    "due_at",
    "overdue",
    "accepted_at",
    "done_at",
    "closed_at",
    "wait_until",
    "wait_for",
    "hands",
    "wanted_hands",
    "visits",
    "minutes",
    "cost_fen",
    "reopened",
    "rating",
    "parent",
    "incident",
    "archived",
    timed=True,
)
def list_tickets(
    session: Session, compound_id: UUID, today: date, *, now: datetime | None = None
) -> Iterator[ListingRow]:
    """Yield tickets, oldest first, the archived ones last. Costs are in fen, work in minutes."""
    moment = now or start_of(today + timedelta(days=1), zone_of(session, compound_id))
    named = _codes(session, compound_id)
    for archived in (False, True):
        asked = Asked(now=moment, today=today, view=View.ALL, archived=archived)
        for line in every_ticket(session, compound_id, asked):
            yield _ticket(line, named)


@listing(
    "ticket-events",
    "id",
    "code",
    "ticket_id",
    "at",
    "kind",
    "from",
    "to",
    "doer",
    "doer_id",
    "recorder",
    "recorder_id",
    "person",
    "person_id",
    "other",
    "words",
    "channel",
    "until",
    "minutes",
    "cost_fen",
    "parts",
    "score",
    "stood",
    "taken_back",
)
def list_events(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield the lines of all stories, oldest first, those that were taken back, too.

    `stood` is false of a move that somebody else had overtaken; `other` is the ticket it was joined with.
    """
    for line in every_event(session, compound_id):
        yield {
            "id": str(line.id),
            "code": line.ticket,
            "ticket_id": _id(line.ticket_id),
            "at": _time(line.at),
            "kind": line.kind,
            "from": line.from_state,
            "to": line.to_state,
            "doer": line.doer,
            "doer_id": str(line.doer_id),
            "recorder": line.recorder,
            "recorder_id": str(line.recorder_id),
            "person": line.person,
            "person_id": _id(line.person_id),
            "other": line.other,
            "words": line.words,
            "channel": line.channel,
            "until": None if line.until is None else line.until.isoformat(),
            "minutes": line.minutes,
            "cost_fen": line.cost,
            "parts": line.parts,
            "score": line.score,
            "stood": line.stood,
            "taken_back": line.archived,
        }


@listing(
    "incidents",
    "id",
    "name",
    "buildings",
    "category",
    "started_at",
    "expected_at",
    "ended_at",
    "words",
    "ended_words",
    "tickets",
    "archived",
)
def list_incidents(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield incidents, those that last first, the archived ones last, the newest first of each.

    One without buildings strikes the whole compound; `tickets` counts those that belong to it.
    """
    for archived in (False, True):
        for ended in (False, True):
            for line in _incidents(session, compound_id, ended=ended, archived=archived):
                yield {
                    "id": str(line.id),
                    "name": line.name,
                    "buildings": [building.code for building in line.buildings],
                    "category": line.category,
                    "started_at": _time(line.started_at),
                    "expected_at": _time(line.expected_at),
                    "ended_at": _time(line.ended_at),
                    "words": line.words,
                    "ended_words": line.ended_words,
                    "tickets": line.tickets,
                    "archived": line.archived,
                }


def _incidents(session: Session, compound_id: UUID, *, ended: bool, archived: bool) -> Iterator[IncidentLine]:
    for offset in count(0, _PAGE):
        page = page_incidents(
            session, compound_id, ended=ended, archived=archived, offset=offset, limit=_PAGE
        )
        yield from page
        if len(page) < _PAGE:
            return


def _ticket(line: TicketLine, named: dict[UUID, str]) -> ListingRow:
    return {
        "id": str(line.id),
        "code": line.code,
        "number": line.number,
        "state": line.state.value,
        "holder": line.holder,
        "holder_id": _id(line.holder_id),
        "category": line.category,
        "urgency": line.urgency.value,
        "channel": line.channel,
        "requester": line.requester,
        "requester_id": _id(line.requester_id),
        "phone": line.phone,
        "household": line.household,
        "household_id": _id(line.household_id),
        "building": line.building,
        "point": line.point,
        "place": line.place,
        "team": line.team,
        "what": line.what,
        "opened_at": _time(line.opened_at),
        "accept_due_at": _time(line.accept_due_at),
        "due_at": _time(line.due_at),
        "overdue": line.overdue,
        "accepted_at": _time(line.accepted_at),
        "done_at": _time(line.done_at),
        "closed_at": _time(line.closed_at),
        "wait_until": None if line.wait_until is None else line.wait_until.isoformat(),
        "wait_for": line.wait_for,
        "hands": [hand.name for hand in line.hands],
        "wanted_hands": line.wanted_hands,
        "visits": line.visits,
        "minutes": line.minutes,
        "cost_fen": line.cost,
        "reopened": line.reopened,
        "rating": line.score,
        "parent": "" if line.parent_id is None else named.get(line.parent_id, ""),
        "incident": "" if line.incident_id is None else named.get(line.incident_id, ""),
        "archived": line.archived,
    }


def _codes(session: Session, compound_id: UUID) -> dict[UUID, str]:
    """Return what tickets that others belong to, and incidents, are called."""
    parents = select(TICKET.c.parent_id).where(
        TICKET.c.compound_id == compound_id, TICKET.c.parent_id.is_not(None)
    )
    codes = select(TICKET.c.id, TICKET.c.code).where(
        TICKET.c.compound_id == compound_id, TICKET.c.id.in_(parents)
    )
    names = select(INCIDENT.c.id, INCIDENT.c.name).where(INCIDENT.c.compound_id == compound_id)
    return {row.id: row.code for row in rows_of(session, codes)} | {
        row.id: row.name for row in rows_of(session, names)
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")


def _id(row_id: UUID | None) -> str | None:
    return None if row_id is None else str(row_id)
