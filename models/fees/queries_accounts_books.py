"""Movements without a bill, closed periods and published accounts, as rooms see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session

from models.community.tables import Person
from models.fees.tables_money import Closing, Movement, Statement
from models.tables import table_of

_movement, _closing, _statement, _person = (table_of(one) for one in (Movement, Closing, Statement, Person))


@dataclass(frozen=True, slots=True)
class MovementLine:
    """Money that moved without a bill. `reversed_on` tells that it was taken back, and when."""

    id: UUID
    kind: str
    on: date
    out_of: str
    into: str
    fen: int
    voucher: str
    words: str
    by: str
    reversed_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """The books are closed before `until`."""

    id: UUID
    until: date
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """The accounts of a span as they were made public; `figures` as statement.statement_of reads them."""

    id: UUID
    since: date
    until: date
    published_at: datetime
    by: str
    figures: Mapping[str, Any]


def _by(compound_id: UUID, row: Any) -> ColumnElement[bool]:
    return and_(_person.c.compound_id == compound_id, _person.c.id == row.c.by_id)


def count_movements(session: Session, compound_id: UUID, since: date, until: date) -> int:
    """Return how many movements there were in a half-open span, those taken back too."""
    chosen = select(func.count()).where(*_moved_between(compound_id, since, until))
    return int(session.connection().execute(chosen).scalar_one())


def page_movements(
    session: Session, compound_id: UUID, since: date, until: date, *, offset: int, limit: int
) -> tuple[MovementLine, ...]:
    """Return a page of the movements of a half-open span, newest first."""
    chosen = (
        select(_movement, _person.c.name.label("by"))
        .select_from(_movement.outerjoin(_person, _by(compound_id, _movement)))
        .where(*_moved_between(compound_id, since, until))
        .order_by(_movement.c.booked_on.desc(), _movement.c.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return tuple(
        MovementLine(
            row.id, row.kind, row.booked_on, row.out_of, row.into, row.fen, row.voucher, row.words, row.by or "",
            row.reversed_on, row.reversal_reason,
        )
        for row in session.connection().execute(chosen)
    )  # fmt: skip


def _moved_between(compound_id: UUID, since: date, until: date) -> tuple[ColumnElement[bool], ...]:
    return (
        _movement.c.compound_id == compound_id,
        _movement.c.booked_on >= since,
        _movement.c.booked_on < until,
    )


def closings(session: Session, compound_id: UUID) -> tuple[ClosingLine, ...]:
    """Return the closings that hold, the latest first."""
    chosen = (
        select(_closing, _person.c.name.label("by"))
        .select_from(_closing.outerjoin(_person, _by(compound_id, _closing)))
        .where(_closing.c.compound_id == compound_id, _closing.c.archived.is_(False))
        .order_by(_closing.c.until.desc(), _closing.c.id.desc())
    )
    return tuple(
        ClosingLine(row.id, row.until, row.by or "", row.words)
        for row in session.connection().execute(chosen)
    )


def open_since(session: Session, compound_id: UUID) -> date | None:
    """Return the first day on which the books are still open, or None where they never were closed."""
    chosen = select(func.max(_closing.c.until)).where(
        _closing.c.compound_id == compound_id, _closing.c.archived.is_(False)
    )
    found: date | None = session.connection().execute(chosen).scalar()
    return found


def published(session: Session, compound_id: UUID) -> tuple[PublishedLine, ...]:
    """Return the accounts that are public, those published last first."""
    chosen = (
        select(_statement, _person.c.name.label("by"))
        .select_from(_statement.outerjoin(_person, _by(compound_id, _statement)))
        .where(_statement.c.compound_id == compound_id, _statement.c.archived.is_(False))
        .order_by(_statement.c.published_at.desc(), _statement.c.id.desc())
    )
    return tuple(
        PublishedLine(row.id, row.since, row.until, row.published_at, row.by or "", row.figures)
        for row in session.connection().execute(chosen)
    )
