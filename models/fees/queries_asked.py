"""Reversals and refunds that wait for a second person. Money is integer fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.tables import Person
from models.fees.rules import Asked
from models.fees.tables_money import Payment, Refund, Reversal
from models.tables import table_of

_payment, _reversal, _refund, _person = (table_of(one) for one in (Payment, Reversal, Refund, Person))


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A reversal or a refund that waits for a second person."""

    id: UUID
    refund: bool
    payment_id: UUID | None
    household_id: UUID | None
    fen: int
    reason: str
    asked_by_id: UUID | None
    asked_by: str
    asked_at: datetime


def asked_lines(
    session: Session, compound_id: UUID, household_id: UUID | None = None
) -> tuple[AskedLine, ...]:
    """Return the reversals and refunds that wait for a second person, of one household or of all, the oldest first."""
    back = (
        select(
            _reversal.c.id,
            _reversal.c.payment_id,
            _payment.c.household_id,
            _payment.c.amount_fen.label("fen"),
            _reversal.c.reason,
            _reversal.c.asked_by_id,
            _person.c.name,
            _reversal.c.asked_at,
        )
        .join_from(
            _reversal,
            _payment,
            (_payment.c.compound_id == compound_id) & (_payment.c.id == _reversal.c.payment_id),
        )
        .outerjoin(
            _person, (_person.c.compound_id == compound_id) & (_person.c.id == _reversal.c.asked_by_id)
        )
        .where(
            _reversal.c.compound_id == compound_id,
            _reversal.c.state == Asked.ASKED.value,
            _reversal.c.archived.is_(False),
        )
    )
    out = (
        select(
            _refund.c.id,
            _refund.c.household_id,
            _refund.c.fen,
            _refund.c.reason,
            _refund.c.asked_by_id,
            _person.c.name,
            _refund.c.asked_at,
        )
        .outerjoin_from(
            _refund, _person, (_person.c.compound_id == compound_id) & (_person.c.id == _refund.c.asked_by_id)
        )
        .where(
            _refund.c.compound_id == compound_id,
            _refund.c.state == Asked.ASKED.value,
            _refund.c.archived.is_(False),
        )
    )
    if household_id is not None:
        back, out = (
            back.where(_payment.c.household_id == household_id),
            out.where(_refund.c.household_id == household_id),
        )
    connection = session.connection()
    rows = [AskedLine(refund=False, **_asked(row)) for row in connection.execute(back).mappings()]
    rows += [AskedLine(refund=True, **_asked(row)) for row in connection.execute(out).mappings()]
    return tuple(sorted(rows, key=lambda row: (row.asked_at, row.id.hex)))


def _asked(row: Any) -> dict[str, Any]:
    values = {name: row[name] for name in ("id", "household_id", "fen", "reason", "asked_by_id", "asked_at")}
    return values | {"payment_id": row.get("payment_id"), "asked_by": row["name"] or ""}
