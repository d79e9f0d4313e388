"""Reads what a report counts: the tickets of its span only, found by index, and of them only what is counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import Session

from models.inspection.observed import rows_of, zone_of
from models.tickets.figures import Backlog, Job, Report, draw_up
from models.tickets.periods import start_of
from models.tickets.queries import BUILDING, HAND, TICKET, Asked, View, count_tickets
from models.tickets.rules import OPEN, State

_OPEN: Final = tuple(sorted(state.value for state in OPEN))


def report(
    session: Session,
    compound_id: UUID,
    asked: Asked,
    since: date,
    until: date,
    *,
    building_id: UUID | None = None,
) -> Report:
    """Count the tickets of the days from `since` up to but not including `until`, in the compound's zone.

    `figures` says what is counted. `building_id` keeps those of one building; of `asked` only the moment counts.
    """
    zone = zone_of(session, compound_id)
    return draw_up(
        _jobs(session, _here(compound_id, building_id), start_of(since, zone), start_of(until, zone)),
        since=since,
        until=until,
        zone=zone,
        now=asked.now,
        backlog=backlog(session, compound_id, asked, building_id=building_id),
    )


def backlog(session: Session, compound_id: UUID, asked: Asked, *, building_id: UUID | None = None) -> Backlog:
    """Count what stands open now, by state; the lists of what is open, late and to be called about count alike."""
    here = _here(compound_id, building_id)
    statement = (
        select(TICKET.c.state, func.count().label("n"))
        .where(*here, TICKET.c.state.in_((*_OPEN, State.DONE.value)))
        .group_by(TICKET.c.state)
    )
    found = {State(row.state): int(row.n) for row in rows_of(session, statement)}
    late = Asked(now=asked.now, today=asked.today, view=View.OVERDUE, building_id=building_id)
    return Backlog(
        states={state: found[state] for state in State if state in OPEN and state in found},
        overdue=count_tickets(session, compound_id, late),
        unrated=found.get(State.DONE, 0),
    )


def _here(compound_id: UUID, building_id: UUID | None) -> list[ColumnElement[bool]]:
    conditions = [TICKET.c.compound_id == compound_id, TICKET.c.archived.is_(False)]
    return conditions if building_id is None else [*conditions, TICKET.c.building_id == building_id]


def _jobs(session: Session, here: list[ColumnElement[bool]], start: object, end: object) -> Iterator[Job]:
    """Yield what was opened in the span, then what was only done in it: two questions, each with its index."""
    opened = [TICKET.c.opened_at >= start, TICKET.c.opened_at < end]
    done = [TICKET.c.done_at >= start, TICKET.c.done_at < end]
    on_it = (
        select(func.count())
        .select_from(HAND)
        .where(
            HAND.c.compound_id == TICKET.c.compound_id,
            HAND.c.ticket_id == TICKET.c.id,
            HAND.c.archived.is_(False),
        )
        .correlate(TICKET)
        .scalar_subquery()
    )
    # Only of what is done does anybody ask how many hands it took.
    hands = case((TICKET.c.done_at.is_not(None), on_it), else_=0)
    named = {"building": func.coalesce(BUILDING.c.code, ""), "hands": hands}
    columns = [named[name] if name in named else TICKET.c[name] for name in Job._fields]
    joined = TICKET.outerjoin(
        BUILDING,
        and_(BUILDING.c.compound_id == TICKET.c.compound_id, BUILDING.c.id == TICKET.c.building_id),
    )
    for span in (opened, [*done, or_(TICKET.c.opened_at < start, TICKET.c.opened_at >= end)]):
        for row in rows_of(session, select(*columns).select_from(joined).where(*here, *span)):
            yield Job._make(row)
