"""What taking rows of a bill's file means, as intents.

The id of a payment that is made from a row is derived from the row: two laptops that take the same one make one payment.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from models.fees.matching import METHODS
from models.fees.reconciling import Proposed
from models.fees.tables_money import Payment
from models.ids import derived_id
from models.operations.envelope import Intent
from models.operations.fields import LONGEST_NAME


def payment_id(one: Proposed) -> UUID:
    """Return the id of the payment that a row is, the same on every laptop until that payment is taken back."""
    return derived_id(one.id, str(Payment.__tablename__), str(one.taken_back))


def taking(one: Proposed, *, with_bills: bool = True) -> Intent:
    """Return what takes a row as it is proposed: as the payment recorded already, else as a payment of the door.

    Without a door its money goes into suspense. `with_bills` is off where another row of the same file pays them.
    """
    if one.proposal.payment_id is not None:
        return Intent("payment.match", {"row": str(one.id), "payment": str(one.proposal.payment_id)})
    made = payment_id(one)
    household = one.proposal.household_id
    payload = {
        "id": str(made),
        "household": None if household is None else str(household),
        "fen": one.row.fen,
        "method": METHODS[one.row.platform],
        "chosen": [{"bill": str(bill), "fen": fen} for bill, fen in one.bills] if with_bills else [],
        "payer": one.row.party[:LONGEST_NAME],
        "reference": one.row.order_no[:LONGEST_NAME],
        "row": str(one.id),
        "receipt": str(derived_id(made, "receipt", "")),
        "receipt_no": None,
    }
    return Intent("payment.record", payload, happened_at=one.row.at)


def taking_all(every: Sequence[Proposed]) -> tuple[Intent, ...]:
    """Return what takes many rows, the earliest first; a bill that one of them pays is not chosen for another."""
    chosen: set[UUID] = set()
    intents = []
    for one in sorted(every, key=lambda one: (one.row.at, one.id.hex)):
        bills = {bill for bill, _ in one.bills}
        intents.append(taking(one, with_bills=chosen.isdisjoint(bills)))
        chosen |= bills
    return tuple(intents)


def matching(stored: UUID, payment: UUID) -> Intent:
    """Return what says that a row is a payment recorded already."""
    return Intent("payment.match", {"row": str(stored), "payment": str(payment)})


def setting_aside(stored: UUID, reason: str) -> Intent:
    """Return what says that a row is no fee."""
    return Intent("payment.set_aside", {"row": str(stored), "reason": reason})


def taking_up(stored: UUID) -> Intent:
    """Return what lets a row wait again that was set aside or matched by hand."""
    return Intent("payment.take_up", {"row": str(stored)})
