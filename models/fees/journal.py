"""From rows to entries: which account every movement of money is in, and out of which. Pure.

Each row that moves money is one entry with two sides: what is debited, what is credited. This is the one place that
says which; sums by account, the public accounts and the exported journal all stand on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from models.fees.entries import Entry, Posting
from models.fees.rules import (
    ADVANCE,
    BOX,
    OPENING,
    RECEIVABLE,
    SUSPENSE,
    BillKind,
    Method,
    Side,
    account_code,
    cash_of,
    income_of,
    money_account,
)


class Code(StrEnum):
    """Of what kind an entry is; those that end in `reversed` mirror an earlier one."""

    BILL = "bill"
    BILL_REVERSED = "bill.reversed"
    PAYMENT = "payment"
    PAYMENT_REVERSED = "payment.reversed"
    PLACED = "payment.placed"
    ALLOCATED = "payment.allocated"
    REFUND = "payment.refund"
    HAND_IN = "payment.hand_in"
    MOVED = "movement"
    MOVED_REVERSED = "movement.reversed"
    EXPENSE = "expense"
    EXPENSE_REVERSED = "expense.reversed"
    CARRIED = "carried"


class Sides(NamedTuple):
    """The account that gains and the account that gives."""

    debit: str
    credit: str

    @property
    def back(self) -> Sides:
        """The same the other way round: what reverses it."""
        return Sides(self.credit, self.debit)


class Flow(NamedTuple):
    """A sum that entries of one kind moved between the same two accounts, in fen."""

    code: Code
    sides: Sides
    fen: int


def billed(kind: str, item_id: UUID) -> Sides:
    """Return the sides of a bill: a claim, and income; what was owed before there were books was earned before."""
    return Sides(RECEIVABLE, OPENING if kind == BillKind.OPENING else income_of(item_id))


def paid(method: str, collector_id: UUID | None, *, known: bool) -> Sides:
    """Return the sides of a payment: money, and what is owed to the household, or to nobody knows whom yet."""
    return Sides(money_account(Method(method), collector_id), ADVANCE if known else SUSPENSE)


def placed() -> Sides:
    """Return the sides of finding out whose a payment is."""
    return Sides(SUSPENSE, ADVANCE)


def allocated() -> Sides:
    """Return the sides of a payment that goes to a bill."""
    return Sides(ADVANCE, RECEIVABLE)


def refunded(method: str) -> Sides:
    """Return the sides of money given back; cash comes out of the compound's box."""
    return Sides(ADVANCE, BOX if method == Method.CASH else money_account(Method(method), None))


def handed_in(collector_id: UUID | None) -> Sides:
    """Return the sides of cash that a collector hands in."""
    return Sides(BOX, cash_of(collector_id))


def spent(account_id: UUID, paid_from: str) -> Sides:
    """Return the sides of an expense."""
    return Sides(account_code(Side.EXPENSE, account_id), paid_from)


def entry(row_id: UUID, on: date, flow: Flow, words: str) -> Entry:
    """Return the entry of a row. An amount below 0 (an allocation taken back) goes the other way."""
    code, sides, fen = flow
    if fen < 0:
        sides, fen = sides.back, -fen
    postings = (Posting(sides.debit, fen), Posting(sides.credit, -fen))
    return Entry(on, f"{code}:{row_id.hex}", code.value, words, postings)


@dataclass(frozen=True, slots=True)
class Moved:
    """What an account gained and gave over a span, in fen; both at least 0 unless only reversals came."""

    debit_fen: int = 0
    credit_fen: int = 0

    @property
    def fen(self) -> int:
        return self.debit_fen - self.credit_fen


def moved(flows: Iterable[Flow]) -> dict[str, Moved]:
    """Return what each account gained and gave."""
    found: dict[str, Moved] = {}
    for _, sides, fen in flows:
        gaining, giving = (sides.debit, sides.credit) if fen >= 0 else (sides.credit, sides.debit)
        here, there = found.get(gaining, _NOTHING), found.get(giving, _NOTHING)
        found[gaining] = Moved(here.debit_fen + abs(fen), here.credit_fen)
        found[giving] = Moved(there.debit_fen, there.credit_fen + abs(fen))
    return found


_NOTHING: Final = Moved()


def carried(balances: dict[str, int], on: date) -> Entry | None:
    """Return the entry that brings balances forward to a day; None where there are none. They add up to nothing."""
    postings = tuple(Posting(account, fen) for account, fen in sorted(balances.items()) if fen)
    return (
        Entry(on, f"{Code.CARRIED}:{on.isoformat()}", Code.CARRIED.value, "", postings) if postings else None
    )
