"""What tickets mean for a walk: which are open at a point, and which points ask for another look since a job was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlmodel import Session

from models.community.searching import chunks
from models.inspection.observed import OBSERVATION, rows_of
from models.tables import table_of
from models.tickets.queries import POINT, TICKET
from models.tickets.rules import OPEN, State
from models.tickets.tables import TicketLink

LINK = table_of(TicketLink)
#: Nobody goes to look whether a job held that was done longer ago.
STILL_ASKED: Final = timedelta(days=180)
_DONE: Final = (State.CLOSED.value, State.DONE.value)
_OPEN: Final = tuple(sorted(state.value for state in OPEN))


@dataclass(frozen=True, slots=True)
class Recheck:
    """A point that shall be looked at again, because a job there was done `since`."""

    ticket_id: UUID
    code: str
    what: str
    point_id: UUID
    point: str
    kind: str
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class PointTicket:
    """A ticket about a point that somebody still works at; `seen` are the observations that it is about."""

    id: UUID
    code: str
    what: str
    state: State
    seen: frozenset[UUID]


def rechecks(session: Session, compound_id: UUID, *, now: datetime) -> tuple[Recheck, ...]:
    """Return the points to look at again, in the order people count them: nobody has seen them since the job was done."""
    statement = (
        select(
            TICKET.c.id,
            TICKET.c.code,
            TICKET.c.what,
            TICKET.c.recheck_at,
            POINT.c.id.label("point_id"),
            POINT.c.code.label("point"),
            POINT.c.kind,
            POINT.c.name,
        )
        .join(POINT, and_(POINT.c.compound_id == compound_id, POINT.c.id == TICKET.c.point_id))
        .where(
            TICKET.c.compound_id == compound_id,
            TICKET.c.done_at >= now - STILL_ASKED,
            TICKET.c.recheck_at.is_not(None),
            TICKET.c.state.in_(_DONE),
            TICKET.c.archived.is_(False),
            POINT.c.archived.is_(False),
            ~_seen_since(compound_id),
        )
        .order_by(POINT.c.sort_key, POINT.c.id, TICKET.c.recheck_at)
    )
    return tuple(
        Recheck(row.id, row.code, row.what, row.point_id, row.point, row.kind, row.name, row.recheck_at)
        for row in rows_of(session, statement)
    )


def _seen_since(compound_id: UUID) -> ColumnElement[bool]:
    return exists(
        select(OBSERVATION.c.id).where(
            OBSERVATION.c.compound_id == compound_id,
            OBSERVATION.c.point_id == TICKET.c.point_id,
            OBSERVATION.c.archived.is_(False),
            OBSERVATION.c.at > TICKET.c.recheck_at,
        )
    )


def open_at(
    session: Session, compound_id: UUID, point_ids: Iterable[UUID]
) -> Mapping[UUID, tuple[PointTicket, ...]]:
    """Return the open tickets about each point, by place or by link, the oldest first."""
    wanted = list(point_ids)
    found: dict[UUID, dict[UUID, Any]] = defaultdict(dict)
    for part in chunks(wanted):
        linked = select(LINK.c.ticket_id, LINK.c.point_id).where(
            LINK.c.compound_id == compound_id, LINK.c.point_id.in_(part), LINK.c.archived.is_(False)
        )
        about: dict[UUID, set[UUID]] = defaultdict(set)
        for row in rows_of(session, linked):
            about[row.ticket_id].add(row.point_id)
        here = set(part)
        for some in [*chunks(about), []]:
            named = or_(TICKET.c.point_id.in_(part), TICKET.c.id.in_(some))
            tickets = select(
                TICKET.c.id, TICKET.c.code, TICKET.c.what, TICKET.c.state, TICKET.c.point_id
            ).where(
                TICKET.c.compound_id == compound_id,
                TICKET.c.state.in_(_OPEN),
                TICKET.c.archived.is_(False),
                named,
            )
            for row in rows_of(session, tickets.order_by(TICKET.c.opened_at, TICKET.c.id)):
                for point_id in about.get(row.id, set()) | ({row.point_id} & here):
                    found[point_id][row.id] = row
    seen = _seen(session, compound_id, {row_id for rows in found.values() for row_id in rows})
    return {
        point_id: tuple(
            PointTicket(row.id, row.code, row.what, State(row.state), frozenset(seen[row.id]))
            for row in rows.values()
        )
        for point_id, rows in found.items()
    }


def _seen(session: Session, compound_id: UUID, tickets: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Return the observations that tickets are linked with."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for part in chunks(tickets):
        statement = select(LINK.c.ticket_id, LINK.c.observation_id).where(
            LINK.c.compound_id == compound_id,
            LINK.c.ticket_id.in_(part),
            LINK.c.observation_id.is_not(None),
            LINK.c.archived.is_(False),
        )
        for row in rows_of(session, statement):
            found[row.ticket_id].add(row.observation_id)
    return found
