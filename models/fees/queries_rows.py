"""Rows of bills' files as rooms see them: by what became of them, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import Session

from models.community.tables import Household
from models.fees.queries import PaymentLine, payment_lines
from models.fees.reconciling import as_file_row
from models.fees.rules import RowState
from models.fees.tables_money import MoneyRow as Stored
from models.fees.tables_money import Payment
from models.files.money_files.rows import Direction, MoneyRow
from models.tables import table_of

_row, _payment, _household = (table_of(one) for one in (Stored, Payment, Household))
#: A payment that may be a row's is looked for so long before and after it.
_AROUND = timedelta(days=62)
_FEW = 40


class Shelf(StrEnum):
    """Where a row lies: it waits, is a payment, was set aside, or never was money that came in."""

    WAITING = "waiting"
    DONE = "done"
    ASIDE = "aside"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row with what became of it. `made` tells that its payment came of it; `words` is why it was set aside."""

    id: UUID
    row: MoneyRow
    state: str
    made: bool
    words: str
    payment_id: UUID | None
    household_id: UUID | None
    code: str


def _on(shelf: Shelf) -> list[ColumnElement[bool]]:
    came = _row.c.direction == Direction.IN.value
    match shelf:
        case Shelf.OTHER:
            return [~came]
        case Shelf.WAITING:
            return [_row.c.state == RowState.OPEN.value, came]
        case Shelf.DONE:
            return [_row.c.state == RowState.MATCHED.value, came]
        case Shelf.ASIDE:
            return [_row.c.state == RowState.ASIDE.value, came]


def _sought(text: str) -> list[ColumnElement[bool]]:
    """Return what finds a text in what a row says, or in the number of the door it belongs to."""
    if not text:
        return []
    columns: tuple[Any, ...] = (
        _row.c.party,
        _row.c.remark,
        _row.c.order_no,
        _row.c.kind,
        _household.c.code,
    )
    return [or_(*(func.lower(column).contains(text, autoescape=True) for column in columns))]


def _joined(statement: Select[Any], compound_id: UUID) -> Select[Any]:
    return (
        statement.select_from(_row)
        .outerjoin(_payment, (_payment.c.compound_id == compound_id) & (_payment.c.id == _row.c.payment_id))
        .outerjoin(
            _household,
            (_household.c.compound_id == compound_id) & (_household.c.id == _payment.c.household_id),
        )
        .where(_row.c.compound_id == compound_id, _row.c.archived.is_(False))
    )


def count_rows(session: Session, compound_id: UUID, shelf: Shelf, text: str = "") -> int:
    """Return how many rows lie on a shelf; with `text`, folded, those that say it."""
    statement = _joined(select(func.count()), compound_id).where(*_on(shelf), *_sought(text))
    return int(session.connection().execute(statement).scalar_one())


def page_rows(
    session: Session, compound_id: UUID, shelf: Shelf, text: str = "", *, offset: int = 0, limit: int = 100
) -> tuple[RowLine, ...]:
    """Return rows of a shelf, the newest first."""
    statement = (
        _joined(select(_row, _payment.c.household_id, _household.c.code), compound_id)
        .where(*_on(shelf), *_sought(text))
        .order_by(_row.c.at.desc(), _row.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return tuple(
        RowLine(
            id=found["id"],
            row=as_file_row(found),
            state=found["state"],
            made=found["made"],
            words=found["words"],
            payment_id=found["payment_id"],
            household_id=found["household_id"],
            code=found["code"] or "",
        )
        for found in session.connection().execute(statement).mappings()
    )


def payments_near(session: Session, compound_id: UUID, fen: int, at: datetime) -> tuple[PaymentLine, ...]:
    """Return the payments that a row may be: of no row yet, around its time; those of the same amount first, then the nearest."""
    found = payment_lines(
        session,
        compound_id,
        _payment.c.row_id.is_(None),
        _payment.c.reversed_on.is_(None),
        _payment.c.paid_at.between(at - _AROUND, at + _AROUND),
        order=(_payment.c.amount_fen != fen, _payment.c.paid_at.desc(), _payment.c.id),
        limit=_FEW * 5,
    )
    nearest = sorted(found, key=lambda line: (line.amount_fen != fen, abs(line.paid_at - at), line.id.hex))
    return tuple(nearest[:_FEW])
