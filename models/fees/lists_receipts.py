"""The list of receipts, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from models.fees.queries_receipts import ReceiptSheet, every_receipt
from models.listings import ListingRow, listing

_COLUMNS: Final = (
    *("id", "number", "household", "household_id", "payer", "method", "amount_fen", "paid_on", "paid_at"),
    *("issued_at", "collector", "payment_id", "copies", "voided_at", "void_reason", "digest"),
)


@listing("receipts", *_COLUMNS)
def list_receipts(session: Session, compound_id: UUID, _today: date) -> Iterator[ListingRow]:
    """Yield receipts in the order of their numbers. `copies` is how often one was printed; a void one keeps its number."""
    for sheet in every_receipt(session, compound_id):
        yield row_of(sheet)


def row_of(sheet: ReceiptSheet) -> ListingRow:
    """Return a receipt as plain values, without its lines."""
    line = sheet.line
    return {
        "id": str(line.id),
        "number": line.number,
        "household": line.door,
        "household_id": None if line.household_id is None else str(line.household_id),
        "payer": line.payer,
        "method": line.method,
        "amount_fen": line.amount_fen,
        "paid_on": sheet.paid_on.isoformat(),
        "paid_at": _moment(line.paid_at),
        "issued_at": _moment(line.issued_at),
        "collector": line.collector,
        "payment_id": str(line.payment_id),
        "copies": line.copies,
        "voided_at": _moment(line.voided_at),
        "void_reason": line.void_reason,
        "digest": sheet.digest,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")
