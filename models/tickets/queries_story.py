"""A ticket's whole story: its lines with who, when and why, who held the baton, and what it is linked with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlmodel import Session

from models.inspection.tables import Observation, Walk
from models.operations.naming import named
from models.tables import table_of
from models.tickets.queries import POINT, Asked, TicketLine, View, one_ticket, page_tickets
from models.tickets.rules import EventKind, State
from models.tickets.tables import Incident, TicketEvent, TicketLink

EVENT, LINK, INCIDENT = table_of(TicketEvent), table_of(TicketLink), table_of(Incident)
OBSERVATION, WALK = table_of(Observation), table_of(Walk)
#: What only an undo and a merge go by is JSON, and takes longer to read than the rest of a line.
_TOLD: Final = [column for column in EVENT.c if column.name not in {"before", "after", "stamps"}]


@dataclass(frozen=True, slots=True)
class EventLine:
    """A line of a story. `doer` did it, `recorder` typed it in; names are empty for whoever founds the compound.

    `kind` and states are codes of rules; a later version's stay text. Cost in fen.
    """

    id: UUID
    ticket_id: UUID | None
    ticket: str
    kind: str
    at: datetime
    doer_id: UUID
    doer: str
    recorder_id: UUID
    recorder: str
    words: str
    from_state: str
    to_state: str
    stood: bool
    person_id: UUID | None
    person: str
    other_id: UUID | None
    other: str
    channel: str
    score: int | None
    minutes: int
    cost: int
    parts: str
    until: date | None
    archived: bool


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A point, or something seen at one, that a ticket is about. `seen_at` None when it is the point alone."""

    id: UUID
    point_id: UUID | None
    point: str
    observation_id: UUID | None
    walk_id: UUID | None
    walk: str
    level: str | None
    note: str
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Baton:
    """Somebody's time with the baton; `until` None while they have it."""

    person_id: UUID
    name: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class TicketStory:
    """Everything about a ticket. `parts` are its duplicates and, of a case, its tickets; `taken_back` lines come apart.

    `incident_words` is what volunteers say when somebody asks.
    """

    ticket: TicketLine
    events: tuple[EventLine, ...]
    taken_back: tuple[EventLine, ...]
    batons: tuple[Baton, ...]
    links: tuple[LinkLine, ...]
    parent: TicketLine | None
    parts: tuple[TicketLine, ...]
    incident: str
    incident_words: str


def ticket_story(session: Session, compound_id: UUID, ticket_id: UUID, asked: Asked) -> TicketStory | None:
    """Return a ticket with its whole story, oldest line first; None when there is none."""
    line = one_ticket(session, compound_id, ticket_id, asked)
    if line is None:
        return None
    lines = event_lines(session, compound_id, EVENT.c.ticket_id == ticket_id)
    told = tuple(one for one in lines if not one.archived)
    incident, words = _incident(session, compound_id, line.incident_id)
    below = Asked(now=asked.now, today=asked.today, view=View.ALL, parent_id=ticket_id)
    return TicketStory(
        ticket=line,
        events=told,
        taken_back=tuple(one for one in lines if one.archived),
        batons=_batons(told, line),
        links=_links(session, compound_id, ticket_id),
        parent=None if line.parent_id is None else one_ticket(session, compound_id, line.parent_id, asked),
        parts=page_tickets(session, compound_id, below, limit=100),
        incident=incident,
        incident_words=words,
    )


def event_lines(session: Session, compound_id: UUID, *conditions: Any) -> tuple[EventLine, ...]:
    """Return lines of stories that meet conditions on their table, oldest first."""
    statement = _select_events(compound_id).where(*conditions)
    return _event_lines(session, compound_id, session.connection().execute(statement).all(), {})


def every_event(session: Session, compound_id: UUID) -> Iterator[EventLine]:
    """Yield the lines of all stories, oldest first, holding a few hundred at a time."""
    labels: dict[UUID, str] = {}
    for part in session.connection().execute(_select_events(compound_id)).partitions(500):
        yield from _event_lines(session, compound_id, part, labels)


def _select_events(compound_id: UUID) -> Select[Any]:
    return select(*_TOLD).where(EVENT.c.compound_id == compound_id).order_by(EVENT.c.at, EVENT.c.id)


def _event_lines(
    session: Session, compound_id: UUID, rows: Sequence[Any], labels: dict[UUID, str]
) -> tuple[EventLine, ...]:
    """Return rows as lines. `labels` keeps what people and tickets are called: the next rows name most of them again."""
    people = {getattr(row, name) for row in rows for name in ("doer_id", "recorder_id", "person_id")}
    tickets = {row.other_id for row in rows} | {row.ticket_id for row in rows}
    wanted = {"person": people - labels.keys() - {None}, "ticket": tickets - labels.keys() - {None}}
    found = named(session, compound_id, wanted)
    for row_id in wanted["person"] | wanted["ticket"]:
        labels[row_id] = found[row_id].label if row_id in found else ""
    return tuple(
        EventLine(
            id=row.id,
            ticket_id=row.ticket_id,
            ticket=labels.get(row.ticket_id, ""),
            kind=row.kind,
            at=row.at,
            doer_id=row.doer_id,
            doer=labels.get(row.doer_id, ""),
            recorder_id=row.recorder_id,
            recorder=labels.get(row.recorder_id, ""),
            words=row.words,
            from_state=row.from_state,
            to_state=row.to_state,
            stood=row.stood,
            person_id=row.person_id,
            person=labels.get(row.person_id, ""),
            other_id=row.other_id,
            other=labels.get(row.other_id, ""),
            channel=row.channel,
            score=row.score,
            minutes=row.minutes,
            cost=row.cost,
            parts=row.parts,
            until=row.until,
            archived=row.archived,
        )
        for row in rows
    )


#: Lines that name who has the baton from then on.
_HOLDING = frozenset({EventKind.REPORT, EventKind.TAKE, EventKind.SETTLE})


def _batons(events: tuple[EventLine, ...], line: TicketLine) -> tuple[Baton, ...]:
    """Return who held the baton, one after another, as the story tells it."""
    held: list[Baton] = []
    for event in events:
        if not event.stood or event.person_id is None or event.kind not in _HOLDING:
            continue
        if held:
            last = held[-1]
            held[-1] = Baton(last.person_id, last.name, last.since, event.at)
        held.append(Baton(event.person_id, event.person, event.at, None))
    answered = line.closed_at is not None and line.state is not State.DONE
    if held and answered:
        last = held[-1]
        held[-1] = Baton(last.person_id, last.name, last.since, line.closed_at)
    return tuple(held)


def _links(session: Session, compound_id: UUID, ticket_id: UUID) -> tuple[LinkLine, ...]:
    joined = (
        LINK.outerjoin(POINT, and_(POINT.c.compound_id == compound_id, POINT.c.id == LINK.c.point_id))
        .outerjoin(
            OBSERVATION,
            and_(OBSERVATION.c.compound_id == compound_id, OBSERVATION.c.id == LINK.c.observation_id),
        )
        .outerjoin(WALK, and_(WALK.c.compound_id == compound_id, WALK.c.id == OBSERVATION.c.walk_id))
    )
    statement = (
        select(
            LINK.c.id,
            LINK.c.point_id,
            POINT.c.code,
            LINK.c.observation_id,
            OBSERVATION.c.walk_id,
            WALK.c.name,
            OBSERVATION.c.level,
            OBSERVATION.c.note,
            OBSERVATION.c.at,
        )
        .select_from(joined)
        .where(LINK.c.compound_id == compound_id, LINK.c.ticket_id == ticket_id, LINK.c.archived.is_(False))
        .order_by(OBSERVATION.c.at.nulls_last(), POINT.c.code, LINK.c.id)
    )
    return tuple(
        LinkLine(
            id=row.id,
            point_id=row.point_id,
            point=row.code or "",
            observation_id=row.observation_id,
            walk_id=row.walk_id,
            walk=row.name or "",
            level=row.level,
            note=row.note or "",
            seen_at=row.at,
        )
        for row in session.connection().execute(statement)
    )


def _incident(session: Session, compound_id: UUID, incident_id: UUID | None) -> tuple[str, str]:
    """Return an incident's name and what is said of it now."""
    if incident_id is None:
        return "", ""
    statement = select(INCIDENT.c.name, INCIDENT.c.words, INCIDENT.c.ended_at, INCIDENT.c.ended_words).where(
        INCIDENT.c.compound_id == compound_id, INCIDENT.c.id == incident_id
    )
    row = session.connection().execute(statement).first()
    if row is None:
        return "", ""
    return row.name, row.words if row.ended_at is None else row.ended_words
