"""What the desk is about to take: how much, for which bills, what is left of it. Pure; draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from models.fees.allocating import Allocation, OpenBill, allocate
from models.fees.money import MoneyTextError, fen_of
from models.fees.queries import BillLine
from models.fees.rules import MOST_FEN, Method

#: The ways money comes in at a desk, in the order in which one key goes through them.
METHODS = (Method.CASH, Method.WECHAT, Method.ALIPAY, Method.BANK, Method.OTHER)
#: More credit than this, in fen, and more than is owed, is rather a slip of the finger: it is asked about.
MUCH = 10_000


@dataclass(frozen=True, slots=True)
class Typed:
    """An amount as it was typed: in fen, or why it is none (`wrong`, a code of money.*). Empty is neither."""

    fen: int | None = None
    wrong: str = ""


def typed_fen(text: str) -> Typed:
    """Read an amount that must be more than nothing."""
    if not text.strip():
        return Typed()
    try:
        fen = fen_of(text)
    except MoneyTextError as error:
        return Typed(wrong=error.code)
    if fen <= 0:
        return Typed(wrong="money.nothing")
    return Typed(wrong="money.too_large") if fen > MOST_FEN else Typed(fen)


@dataclass(frozen=True, slots=True)
class Plan:
    """An amount against what a door owes. `left_out` are the bills that the payer does not want to pay now."""

    bills: tuple[BillLine, ...]
    left_out: frozenset[UUID] = frozenset()
    amount: Typed = field(default_factory=Typed)
    given: Typed = field(default_factory=Typed)
    method: Method = Method.CASH

    @property
    def wanted(self) -> tuple[BillLine, ...]:
        """The bills that are meant to be paid."""
        return tuple(bill for bill in self.bills if bill.id not in self.left_out)

    @property
    def asked_fen(self) -> int:
        """All that the bills that are meant still ask for."""
        return sum(bill.owed_fen for bill in self.wanted)

    @property
    def chosen(self) -> tuple[tuple[UUID, int], ...]:
        """What the payer named: nothing, as long as every bill is meant."""
        if len(self.wanted) == len(self.bills):
            return ()
        return tuple((bill.id, bill.owed_fen) for bill in self.wanted)

    @property
    def allocation(self) -> Allocation:
        """What the amount would pay, as the store will do it."""
        open_bills = [OpenBill(bill.id, bill.due_on, bill.since, bill.owed_fen) for bill in self.bills]
        return allocate(self.amount.fen or 0, open_bills, self.chosen)

    @property
    def change_fen(self) -> int | None:
        """The change of what was given; negative where it is not enough, None where nothing was typed."""
        if self.method is not Method.CASH or self.given.fen is None or self.amount.fen is None:
            return None
        return self.given.fen - self.amount.fen

    @property
    def is_odd(self) -> bool:
        """Whether so much would be credit that somebody should look at the amount again."""
        return self.allocation.rest_fen > max(MUCH, self.asked_fen)


def chosen_payload(chosen: Sequence[tuple[UUID, int]]) -> list[dict[str, object]]:
    """Return what the payer named, as a payment carries it."""
    return [{"bill": str(bill_id), "fen": fen} for bill_id, fen in chosen]
