"""The lists of payments and of what they went to, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.tables import Household
from models.fees.queries import payment_lines
from models.fees.tables import Bill, ChargeItem
from models.fees.tables_money import Allocation, Payment
from models.listings import ListingRow, listing
from models.tables import table_of

_payment, _allocation, _bill = table_of(Payment), table_of(Allocation), table_of(Bill)
_item, _household = table_of(ChargeItem), table_of(Household)


@listing(
    "payments",
    "id",
    "number",
    "household",
    "household_id",
    "amount_fen",
    "free_fen",
    "method",
    "paid_at",
    "booked_on",
    "collector",
    "payer",
    "reference",
    "words",
    "reversed_on",
)
def list_payments(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield every payment, those taken back too, the oldest first. `free_fen` is credit, or lies in suspense without a household."""
    del today
    order = (_payment.c.paid_at, _payment.c.id)
    for line in payment_lines(session, compound_id, order=order):
        yield {
            "id": str(line.id),
            "number": line.number,
            "household": line.door,
            "household_id": None if line.household_id is None else str(line.household_id),
            "amount_fen": line.amount_fen,
            "free_fen": line.free_fen,
            "method": line.method,
            "paid_at": line.paid_at.isoformat(),
            "booked_on": line.booked_on.isoformat(),
            "collector": line.collector,
            "payer": line.payer,
            "reference": line.reference,
            "words": line.words,
            "reversed_on": _day(line.reversed_on),
        }


@listing(
    "allocations",
    "id",
    "payment_id",
    "bill_id",
    "refund_id",
    "household",
    "item",
    "since",
    "until",
    "fen",
    "booked_on",
)
def list_allocations(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield every line between a payment and a bill or a refund; one that took another back is negative."""
    del today
    statement = (
        select(
            _allocation,
            _bill.c.since,
            _bill.c.until,
            _item.c.name.label("item"),
            _household.c.code.label("household"),
        )
        .outerjoin_from(
            _allocation,
            _bill,
            (_bill.c.compound_id == compound_id) & (_bill.c.id == _allocation.c.bill_id),
        )
        .outerjoin(_item, (_item.c.compound_id == compound_id) & (_item.c.id == _bill.c.item_id))
        .outerjoin(
            _payment, (_payment.c.compound_id == compound_id) & (_payment.c.id == _allocation.c.payment_id)
        )
        .outerjoin(
            _household,
            (_household.c.compound_id == compound_id) & (_household.c.id == _payment.c.household_id),
        )
        .where(_allocation.c.compound_id == compound_id, _allocation.c.archived.is_(False))
        .order_by(_allocation.c.booked_on, _allocation.c.id)
    )
    for row in session.connection().execute(statement):
        yield {
            "id": str(row.id),
            "payment_id": str(row.payment_id),
            "bill_id": None if row.bill_id is None else str(row.bill_id),
            "refund_id": None if row.refund_id is None else str(row.refund_id),
            "household": row.household or "",
            "item": row.item or "",
            "since": _day(row.since),
            "until": _day(row.until),
            "fen": row.fen,
            "booked_on": row.booked_on.isoformat(),
        }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
