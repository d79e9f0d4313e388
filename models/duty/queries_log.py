"""The station's log book: its lines newest first, in pages, found by words, pinyin, person, post and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session

from models.community.searching import Found, Throughout, chunks, contains, found_by
from models.duty.queries import PERSON, POST
from models.duty.rules import LogKind
from models.duty.tables import LogEntry
from models.tables import table_of

LOG = table_of(LogEntry)


@dataclass(frozen=True, slots=True)
class LogAsked:
    """What of the book is asked for: words that a line or its writer's name holds, a post, who wrote it, from when until when."""

    text: str = ""
    post_id: UUID | None = None
    person_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the book."""

    id: UUID
    at: datetime
    post_id: UUID | None
    post: str
    person_id: UUID | None
    person: str
    words: str
    handover_id: UUID | None

    @property
    def is_handover(self) -> bool:
        """Whether it was left at a hand-over, which says more."""
        return self.handover_id is not None


def count_log(session: Session, compound_id: UUID, sought: LogAsked) -> int:
    """Count what `page_log` pages through."""
    statement = select(func.count()).select_from(LOG).where(*_where(compound_id, sought))
    return int(session.connection().execute(statement).scalar_one())


def page_log(
    session: Session, compound_id: UUID, sought: LogAsked, *, offset: int = 0, limit: int = 50
) -> tuple[LogLine, ...]:
    """Return a page of the book, newest first."""
    ids = select(LOG.c.id).where(*_where(compound_id, sought)).order_by(*_ORDER).offset(offset).limit(limit)
    return _lines(session, compound_id, list(session.connection().execute(ids).scalars()))


def find_log(session: Session, compound_id: UUID, sought: LogAsked) -> Found:
    """Return the ids of what `page_log` pages through, in its order: a search looks once, and not again for each page."""
    statement: Select[Any] = select(LOG.c.id).where(*_where(compound_id, sought)).order_by(*_ORDER)
    return found_by(session, LOG.c.id, statement)


def log_of(session: Session, compound_id: UUID, ids: list[UUID]) -> tuple[LogLine, ...]:
    """Return the lines with these ids, in their order."""
    return _lines(session, compound_id, ids)


def span_of_log(
    session: Session, compound_id: UUID, since: datetime, until: datetime, *, post_id: UUID | None = None
) -> tuple[LogLine, ...]:
    """Return the lines of a span of time, oldest first."""
    sought = LogAsked(post_id=post_id, since=since, until=until)
    ids = select(LOG.c.id).where(*_where(compound_id, sought)).order_by(LOG.c.at, LOG.c.id)
    return _lines(session, compound_id, list(session.connection().execute(ids).scalars()))


_ORDER = (LOG.c.at.desc(), LOG.c.id.desc())


def _where(compound_id: UUID, sought: LogAsked) -> list[ColumnElement[bool]]:
    conditions = [LOG.c.compound_id == compound_id, LOG.c.archived.is_(False)]
    if sought.post_id is not None:
        conditions.append(LOG.c.post_id == sought.post_id)
    if sought.person_id is not None:
        conditions.append(LOG.c.person_id == sought.person_id)
    if sought.since is not None:
        conditions.append(LOG.c.at >= sought.since)
    if sought.until is not None:
        conditions.append(LOG.c.at < sought.until)
    for word in sought.text.split():
        writers = select(PERSON.c.id).where(
            PERSON.c.compound_id == compound_id, contains(Throughout(PERSON.c.search), word)
        )
        conditions.append(or_(contains(LOG.c.search, word), LOG.c.person_id.in_(writers)))
    return conditions


def _lines(session: Session, compound_id: UUID, ids: list[UUID]) -> tuple[LogLine, ...]:
    found: dict[UUID, LogLine] = {}
    for part in chunks(ids):
        statement = (
            select(LOG, POST.c.name.label("post"), PERSON.c.name.label("person"))
            .select_from(
                LOG.outerjoin(
                    POST, and_(POST.c.compound_id == compound_id, POST.c.id == LOG.c.post_id)
                ).outerjoin(PERSON, and_(PERSON.c.compound_id == compound_id, PERSON.c.id == LOG.c.person_id))
            )
            .where(LOG.c.compound_id == compound_id, LOG.c.id.in_(part))
        )
        for row in session.connection().execute(statement):
            found[row.id] = LogLine(
                id=row.id,
                at=row.at,
                post_id=row.post_id,
                post=row.post or "",
                person_id=row.person_id,
                person=row.person or "",
                words=row.words,
                handover_id=row.handover_id if row.kind == LogKind.HANDOVER else None,
            )
    return tuple(found[row_id] for row_id in ids if row_id in found)
