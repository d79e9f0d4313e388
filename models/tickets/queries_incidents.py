"""Incidents as their room sees them: what lasts, what is over, whom each strikes, and the tickets that may be its."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, select
from sqlmodel import Session

from models.community.rules import natural_sort_key
from models.community.searching import chunks, contains
from models.inspection.observed import rows_of, words, zone_of
from models.tables import table_of
from models.tickets.queries import BUILDING, TICKET, Asked, TicketLine, ticket_lines
from models.tickets.rules import OPEN
from models.tickets.tables import Incident, IncidentBuilding

INCIDENT, STRUCK = table_of(Incident), table_of(IncidentBuilding)
_OPEN: Final = tuple(sorted(state.value for state in OPEN))
#: More than anybody ticks one by one; the list of tickets itself has them all.
MOST_SUGGESTED: Final = 100


@dataclass(frozen=True, slots=True)
class StruckBuilding:
    """A building that an incident strikes."""

    id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident; times are in the compound's zone. Without `buildings` it strikes the whole compound.

    `words` are what volunteers say while it lasts, `ended_words` since it is over.
    `tickets` counts those attached, `open_tickets` those of them that are not done.
    """

    id: UUID
    name: str
    words: str
    category: str
    started_at: datetime
    expected_at: datetime | None
    ended_at: datetime | None
    ended_words: str
    buildings: tuple[StruckBuilding, ...]
    tickets: int
    open_tickets: int
    archived: bool

    @property
    def lasts(self) -> bool:
        return self.ended_at is None


def count_incidents(
    session: Session, compound_id: UUID, *, text: str = "", ended: bool = False, archived: bool = False
) -> int:
    """Count what `page_incidents` pages through."""
    conditions = _where(compound_id, text, ended=ended, archived=archived)
    return int(rows_of(session, select(func.count()).select_from(INCIDENT).where(*conditions))[0][0])


def page_incidents(
    session: Session,
    compound_id: UUID,
    *,
    text: str = "",
    ended: bool = False,
    archived: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> tuple[IncidentLine, ...]:
    """Return incidents that last, or those that are over, the newest first."""
    statement = (
        select(INCIDENT)
        .where(*_where(compound_id, text, ended=ended, archived=archived))
        .order_by(INCIDENT.c.started_at.desc(), INCIDENT.c.id.desc())
        .offset(offset or None)
        .limit(limit)
    )
    return _lines(session, compound_id, rows_of(session, statement))


def one_incident(session: Session, compound_id: UUID, incident_id: UUID) -> IncidentLine | None:
    """Return an incident, archived or not; None when there is none."""
    statement = select(INCIDENT).where(INCIDENT.c.compound_id == compound_id, INCIDENT.c.id == incident_id)
    lines = _lines(session, compound_id, rows_of(session, statement))
    return lines[0] if lines else None


def tickets_of_incident(
    session: Session, compound_id: UUID, incident_id: UUID, asked: Asked, *, only_open: bool = False
) -> tuple[TicketLine, ...]:
    """Return the tickets that are attached to an incident, the open ones first, and of them the oldest."""
    conditions = [TICKET.c.incident_id == incident_id, TICKET.c.archived.is_(False)]
    if only_open:
        conditions.append(TICKET.c.state.in_(_OPEN))
    is_open = case((TICKET.c.state.in_(_OPEN), 0), else_=1)
    statement = (
        select(TICKET)
        .where(TICKET.c.compound_id == compound_id, *conditions)
        .order_by(is_open, TICKET.c.opened_at, TICKET.c.id)
    )
    return ticket_lines(session, compound_id, rows_of(session, statement), asked)


def suggested_tickets(
    session: Session, compound_id: UUID, incident_id: UUID, asked: Asked
) -> tuple[TicketLine, ...]:
    """Return open tickets that an incident may explain: of its kind, from where it strikes, in no incident yet.

    They came before the notice, or stood alone. One that strikes the whole
    compound and has no kind could explain everything, and so suggests nothing.
    """
    line = one_incident(session, compound_id, incident_id)
    if line is None or not (line.buildings or line.category):
        return ()
    statement = (
        select(TICKET)
        .where(
            TICKET.c.compound_id == compound_id,
            TICKET.c.state.in_(_OPEN),
            TICKET.c.archived.is_(False),
            TICKET.c.incident_id.is_(None),
            *_explained_by(line),
        )
        .order_by(TICKET.c.opened_at.desc(), TICKET.c.id.desc())
        .limit(MOST_SUGGESTED)
    )
    return ticket_lines(session, compound_id, rows_of(session, statement), asked)


def _explained_by(line: IncidentLine) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if line.category:
        conditions.append(TICKET.c.category == line.category)
    if line.buildings:
        conditions.append(TICKET.c.building_id.in_([building.id for building in line.buildings]))
    return conditions or [false()]


def _where(compound_id: UUID, text: str, *, ended: bool, archived: bool) -> list[ColumnElement[bool]]:
    over = INCIDENT.c.ended_at.is_not(None) if ended else INCIDENT.c.ended_at.is_(None)
    return [
        INCIDENT.c.compound_id == compound_id,
        INCIDENT.c.archived.is_(archived),
        over,
        *(contains(INCIDENT.c.search, word) for word in words(text)),
    ]


def _lines(session: Session, compound_id: UUID, rows: Sequence[Any]) -> tuple[IncidentLine, ...]:
    ids = [row.id for row in rows]
    struck, counted = _struck(session, compound_id, ids), _counted(session, compound_id, ids)
    zone = zone_of(session, compound_id)

    def local(at: datetime | None) -> datetime | None:
        return None if at is None else at.astimezone(zone)

    return tuple(
        IncidentLine(
            id=row.id,
            name=row.name,
            words=row.words,
            category=row.category,
            started_at=row.started_at.astimezone(zone),
            expected_at=local(row.expected_at),
            ended_at=local(row.ended_at),
            ended_words=row.ended_words,
            buildings=struck.get(row.id, ()),
            tickets=counted.get(row.id, (0, 0))[0],
            open_tickets=counted.get(row.id, (0, 0))[1],
            archived=row.archived,
        )
        for row in rows
    )


def _struck(
    session: Session, compound_id: UUID, ids: Iterable[UUID]
) -> dict[UUID, tuple[StruckBuilding, ...]]:
    found: dict[UUID, tuple[StruckBuilding, ...]] = {}
    joined = STRUCK.join(
        BUILDING, and_(BUILDING.c.compound_id == compound_id, BUILDING.c.id == STRUCK.c.building_id)
    )
    for part in chunks(ids):
        statement = (
            select(STRUCK.c.incident_id, BUILDING.c.id, BUILDING.c.code)
            .select_from(joined)
            .where(
                STRUCK.c.compound_id == compound_id,
                STRUCK.c.archived.is_(False),
                STRUCK.c.incident_id.in_(part),
            )
        )
        # As people count them: 2 before 10.
        for row in sorted(rows_of(session, statement), key=lambda row: natural_sort_key(row.code)):
            found[row.incident_id] = (*found.get(row.incident_id, ()), StruckBuilding(row.id, row.code))
    return found


def _counted(session: Session, compound_id: UUID, ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    found: dict[UUID, tuple[int, int]] = {}
    still_open = func.sum(case((TICKET.c.state.in_(_OPEN), 1), else_=0))
    for part in chunks(ids):
        statement = (
            select(TICKET.c.incident_id, func.count().label("every"), still_open.label("open"))
            .where(
                TICKET.c.compound_id == compound_id,
                TICKET.c.archived.is_(False),
                TICKET.c.incident_id.in_(part),
            )
            .group_by(TICKET.c.incident_id)
        )
        found.update(
            (row.incident_id, (int(row.every), int(row.open))) for row in rows_of(session, statement)
        )
    return found
