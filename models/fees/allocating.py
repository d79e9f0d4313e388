"""What a payment pays: what the payer names first, the rest the oldest first, and what is left is credit. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID


class OpenBill(NamedTuple):
    """A bill that still asks for `owed_fen`."""

    id: UUID
    due_on: date
    period_first: date
    owed_fen: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """How much goes to which bill, one line for each, and the fen that no bill asks for."""

    lines: tuple[tuple[UUID, int], ...]
    rest_fen: int

    @property
    def spent_fen(self) -> int:
        """How much goes to bills."""
        return sum(fen for _, fen in self.lines)


def allocate(
    amount_fen: int, open_bills: Sequence[OpenBill], chosen: Sequence[tuple[UUID, int]] = ()
) -> Allocation:
    """Return what an amount pays. A bill never gets more than it owes, and all lines together never more than there is.

    `chosen` is met in its order, as far as those bills still ask for it; what is chosen of a bill that is not open
    goes the way of the rest: by period, then the day it was due, then id, so that every laptop comes to the same.
    Raises ValueError for an amount below 0.
    """
    if amount_fen < 0:
        raise ValueError("an amount below zero pays nothing")
    owed = {bill.id: bill.owed_fen for bill in open_bills if bill.owed_fen > 0}
    paid: dict[UUID, int] = {}
    rest = amount_fen
    in_order = sorted(open_bills, key=lambda bill: (bill.period_first, bill.due_on, bill.id))
    for bill_id, wanted in [*chosen, *((bill.id, bill.owed_fen) for bill in in_order)]:
        fen = min(wanted, owed.get(bill_id, 0) - paid.get(bill_id, 0), rest)
        if fen > 0:
            paid[bill_id] = paid.get(bill_id, 0) + fen
            rest -= fen
    return Allocation(tuple(paid.items()), rest)
