"""Which tickets are near to what is being asked, and which incidents strike there: looked up before a report is saved.

Only what is open, or was done in the last days, is looked at, and of that only
what shares the household, the point or the building, or holds the most of the
words: the database counts these, so that few rows are read however many are open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, case, literal, or_, select
from sqlmodel import Session

from models.community.searching import chunks, contains
from models.inspection.observed import rows_of
from models.tables import table_of
from models.text import fold
from models.tickets.near import STILL_NEAR, Matter, Nearness, Why, matter, nearness
from models.tickets.queries import HOUSEHOLD, POINT, TICKET, Asked, TicketLine, ticket_lines
from models.tickets.rules import OPEN, State
from models.tickets.tables import Incident, IncidentBuilding, TicketLink

INCIDENT, STRUCK, LINK = table_of(Incident), table_of(IncidentBuilding), table_of(TicketLink)
_OPEN: Final = tuple(sorted(state.value for state in OPEN))
_DONE: Final = (State.CLOSED.value, State.DONE.value)
#: So many pairs of what is asked the database looks for, and so many of the tickets that hold the most are compared.
_MOST_PAIRS: Final = 60
_LIKEST: Final = 40
_LEAST_PAIRS: Final = 2
_COLUMNS: Final = (
    TICKET.c.id,
    TICKET.c.what,
    TICKET.c.place,
    TICKET.c.category,
    TICKET.c.household_id,
    TICKET.c.building_id,
    TICKET.c.point_id,
    TICKET.c.opened_at,
)


@dataclass(frozen=True, slots=True)
class NearTicket:
    """A ticket that may be about the same, and why; a higher score is nearer."""

    ticket: TicketLine
    why: tuple[Why, ...]
    score: float


@dataclass(frozen=True, slots=True)
class IncidentThere:
    """An incident that lasts and strikes a place; `words` are what volunteers say.

    `attaches` tells whether a report from there becomes one of it by itself.
    """

    id: UUID
    name: str
    words: str
    category: str
    expected_at: datetime | None
    attaches: bool


def near(
    session: Session,
    compound_id: UUID,
    *,
    now: datetime,
    today: date,
    text: str = "",
    category: str = "",
    household_id: UUID | None = None,
    building_id: UUID | None = None,
    point_id: UUID | None = None,
    place: str = "",
    limit: int = 5,
) -> tuple[NearTicket, ...]:
    """Return tickets that may ask the same, the nearest first; of equally near ones the newest."""
    asked = matter(
        fold(text),
        fold(place),
        category=category,
        household_id=household_id,
        building_id=building_id or building_of(session, compound_id, household_id, point_id),
        points=frozenset() if point_id is None else frozenset({point_id}),
    )
    found = []
    for row, points in _candidates(session, compound_id, asked, now):
        standing = matter(
            fold(row.what),
            fold(row.place),
            category=row.category,
            household_id=row.household_id,
            building_id=row.building_id,
            points=points,
        )
        how = nearness(asked, standing)
        if how is not None:
            found.append((how, row))
    found.sort(key=lambda one: (one[0].score, one[1].opened_at, one[1].id), reverse=True)
    best = {row.id: how for how, row in found[:limit]}
    return _lines(session, compound_id, best, Asked(now=now, today=today))


def incidents_there(
    session: Session,
    compound_id: UUID,
    *,
    now: datetime,
    category: str = "",
    household_id: UUID | None = None,
    building_id: UUID | None = None,
    point_id: UUID | None = None,
) -> tuple[IncidentThere, ...]:
    """Return the incidents that strike a place now, those that take a report in by themselves first.

    Without a category those of every kind are returned. One that strikes the
    whole compound is there everywhere; it takes in only what is of its kind.
    """
    building = building_id or building_of(session, compound_id, household_id, point_id)
    statement = (
        select(INCIDENT)
        .where(
            INCIDENT.c.compound_id == compound_id,
            or_(INCIDENT.c.ended_at.is_(None), INCIDENT.c.ended_at > now),
            INCIDENT.c.archived.is_(False),
            INCIDENT.c.started_at <= now,
        )
        .order_by(INCIDENT.c.started_at.desc(), INCIDENT.c.id)
    )
    if category:
        statement = statement.where(INCIDENT.c.category.in_(["", category]))
    lasting = rows_of(session, statement)
    struck = _struck(session, compound_id, [row.id for row in lasting])
    found = [
        IncidentThere(
            id=row.id,
            name=row.name,
            words=row.words,
            category=row.category,
            expected_at=row.expected_at,
            attaches=bool(row.category in {"", category} and (row.id in struck or row.category)),
        )
        for row in lasting
        if row.id not in struck or building in struck[row.id]
    ]
    return tuple(sorted(found, key=lambda one: not one.attaches))


def building_of(
    session: Session, compound_id: UUID, household_id: UUID | None, point_id: UUID | None
) -> UUID | None:
    """Return the building that a report from a household, or about a point, is told of: as the report itself does."""
    table, row_id = (HOUSEHOLD, household_id) if household_id is not None else (POINT, point_id)
    if row_id is None:
        return None
    statement = select(table.c.building_id).where(table.c.compound_id == compound_id, table.c.id == row_id)
    found: UUID | None = session.connection().execute(statement).scalar()
    return found


def _candidates(
    session: Session, compound_id: UUID, asked: Matter, now: datetime
) -> Iterator[tuple[Row[Any], frozenset[UUID]]]:
    """Yield the tickets to compare with, each once, with the points each is about."""
    here = [TICKET.c.compound_id == compound_id, TICKET.c.archived.is_(False)]
    still_open = [*here, TICKET.c.state.in_(_OPEN)]
    statements = [
        select(*_COLUMNS).where(*still_open, condition) for condition in _places(compound_id, asked)
    ]
    done = [TICKET.c.done_at >= now - STILL_NEAR, TICKET.c.state.in_(_DONE)]
    statements.append(select(*_COLUMNS).where(*here, *done))
    pairs = sorted(asked.words.pairs)[:_MOST_PAIRS]
    if len(pairs) >= _LEAST_PAIRS:
        held = sum((case((contains(TICKET.c.search, pair), 1), else_=0) for pair in pairs), literal(0))
        statements.append(
            select(*_COLUMNS)
            .where(*still_open, held >= _LEAST_PAIRS)
            .order_by(held.desc(), TICKET.c.id)
            .limit(_LIKEST)
        )
    rows = {row.id: row for statement in statements for row in rows_of(session, statement)}
    points = {row.id: {row.point_id} - {None} for row in rows.values()}
    for part in chunks(points):
        links = select(LINK.c.ticket_id, LINK.c.point_id).where(
            LINK.c.compound_id == compound_id,
            LINK.c.ticket_id.in_(part),
            LINK.c.archived.is_(False),
            LINK.c.point_id.is_not(None),
        )
        for link in rows_of(session, links):
            points[link.ticket_id].add(link.point_id)
    for row_id, row in rows.items():
        yield row, frozenset(points[row_id])


def _places(compound_id: UUID, asked: Matter) -> Iterator[ColumnElement[bool]]:
    if asked.household_id is not None:
        yield TICKET.c.household_id == asked.household_id
    if asked.building_id is not None:
        yield TICKET.c.building_id == asked.building_id
    if asked.points:
        linked = select(LINK.c.ticket_id).where(
            LINK.c.compound_id == compound_id, LINK.c.point_id.in_(asked.points), LINK.c.archived.is_(False)
        )
        yield TICKET.c.point_id.in_(asked.points)
        yield TICKET.c.id.in_(linked)


def _lines(
    session: Session, compound_id: UUID, best: dict[UUID, Nearness], asked: Asked
) -> tuple[NearTicket, ...]:
    rows = rows_of(session, select(TICKET).where(TICKET.c.compound_id == compound_id, TICKET.c.id.in_(best)))
    lines = {line.id: line for line in ticket_lines(session, compound_id, rows, asked)}
    return tuple(NearTicket(lines[row_id], how.why, how.score) for row_id, how in best.items())


def _struck(session: Session, compound_id: UUID, incidents: list[UUID]) -> dict[UUID, set[UUID]]:
    """Return the buildings that incidents strike; one that strikes the whole compound is not among them."""
    found: dict[UUID, set[UUID]] = {}
    statement = select(STRUCK.c.incident_id, STRUCK.c.building_id).where(
        STRUCK.c.compound_id == compound_id,
        STRUCK.c.incident_id.in_(incidents),
        STRUCK.c.archived.is_(False),
    )
    for row in rows_of(session, statement):
        found.setdefault(row.incident_id, set()).add(row.building_id)
    return found
