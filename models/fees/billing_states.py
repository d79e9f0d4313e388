"""How a bill stands. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Protocol


class BillState(StrEnum):
    """How a bill stands, the worst for whoever has to collect it last."""

    REVERSED = "reversed"
    PAID = "paid"
    OPEN = "open"
    PART = "part"
    OVERDUE = "overdue"


class Standing(Protocol):
    """What says how a bill stands."""

    @property
    def owed_fen(self) -> int: ...
    @property
    def paid_fen(self) -> int: ...
    @property
    def due_on(self) -> date: ...
    @property
    def reversed_on(self) -> date | None: ...


def state_of(bill: Standing, today: date) -> BillState:
    """Return how a bill stands on a day: one that is due that day is not overdue yet."""
    if bill.reversed_on is not None:
        return BillState.REVERSED
    if not bill.owed_fen:
        return BillState.PAID
    if bill.due_on < today:
        return BillState.OVERDUE
    return BillState.PART if bill.paid_fen else BillState.OPEN
