"""The list of bills, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlmodel import Session

from models.community.tables import Household
from models.fees.billing_states import state_of
from models.fees.periods import Period
from models.fees.queries import bill_lines
from models.fees.tables import Bill
from models.listings import ListingRow, listing
from models.tables import table_of

_bill, _household = table_of(Bill), table_of(Household)


@listing(
    "bills",
    "id",
    "household",
    "household_id",
    "item",
    "item_id",
    "kind",
    "period",
    "since",
    "until",
    "gross_fen",
    "discount_fen",
    "amount_fen",
    "paid_fen",
    "owed_fen",
    "state",
    "due_on",
    "booked_on",
    "settled_on",
    "version",
    "run_id",
    "of_id",
    "note",
    "reversed_on",
    "reversal_reason",
)
def list_bills(session: Session, compound_id: UUID, today: date) -> Iterator[ListingRow]:
    """Yield every bill, those reversed too, door by door and the oldest first. `version` is of the tariff it was made by."""
    order = (_household.c.sort_key, _household.c.code, _bill.c.since, _bill.c.due_on, _bill.c.id)
    for line in bill_lines(session, compound_id, order=order):
        yield {
            "id": str(line.id),
            "household": line.door,
            "household_id": str(line.household_id),
            "item": line.item,
            "item_id": str(line.item_id),
            "kind": line.kind,
            "period": Period(line.since, line.until).name,
            "since": line.since.isoformat(),
            "until": line.until.isoformat(),
            "gross_fen": line.gross_fen,
            "discount_fen": line.discount_fen,
            "amount_fen": line.amount_fen,
            "paid_fen": line.paid_fen,
            "owed_fen": line.owed_fen,
            "state": state_of(line, today).value,
            "due_on": line.due_on.isoformat(),
            "booked_on": line.booked_on.isoformat(),
            "settled_on": _day(line.settled_on),
            "version": line.version,
            "run_id": None if line.run_id is None else str(line.run_id),
            "of_id": None if line.of_id is None else str(line.of_id),
            "note": line.note,
            "reversed_on": _day(line.reversed_on),
            "reversal_reason": line.reversal_reason,
        }


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
