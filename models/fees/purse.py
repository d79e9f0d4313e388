"""What households owe and have to their credit, under the hands of a handler: where money goes from, and where to.

A purse holds the open bills and the free payments of some households and moves money between them. Every move is a
line of `allocation`, which is only ever added to; `bill.paid_fen`, `bill.owed_fen` and `payment.free_fen` are the sums
of these lines, kept as they are made. So what a household owes never rests on the order in which facts came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from models.fees.allocating import OpenBill, allocate
from models.fees.tables import Bill
from models.fees.tables_money import Allocation, Closing, Payment
from models.operations.workspace import Workspace
from models.tables import table_of

_bill, _payment, _allocation, _closing = (table_of(one) for one in (Bill, Payment, Allocation, Closing))
_AT_ONCE = 400


def _some(column: ColumnElement[int]) -> ColumnElement[bool]:
    """Tell that there is some of a sum. Added to 0, it tempts SQLite not to read along all that is open anywhere."""
    return column + 0 > 0


def open_from(workspace: Workspace) -> date | None:
    """Return the first day on which the books are still open, or None where they never were closed."""
    workspace.flush()
    statement = select(func.max(_closing.c.until)).where(
        _closing.c.compound_id == workspace.compound_id, _closing.c.archived.is_(False)
    )
    found: date | None = workspace.session.connection().execute(statement).scalar()
    return found


def book_day(workspace: Workspace, day: date) -> date:
    """Return the day in the books for what happened on a day: closed periods take nothing."""
    first = open_from(workspace)
    return day if first is None or day >= first else first


class Purse:
    """The open bills and free payments of households."""

    def __init__(
        self, workspace: Workspace, households: Iterable[UUID], *, with_credit_only: bool = False
    ) -> None:
        """Take up what households owe and have free; `with_credit_only` leaves those alone that have no credit.

        What a household owes is of no use where it has nothing to pay it with, and may be years of bills.
        """
        self._workspace = workspace
        self._bills: dict[UUID, list[Bill]] = defaultdict(list)
        self._free: dict[UUID, list[Payment]] = defaultdict(list)
        self._first_open = open_from(workspace)
        self._lines: dict[tuple[UUID, UUID | None, UUID | None], Allocation] = {}
        wanted = list(dict.fromkeys(households))
        for start in range(0, len(wanted), _AT_ONCE):
            for payment in workspace.rows(
                Payment,
                _payment.c.household_id.in_(wanted[start : start + _AT_ONCE]),
                _some(_payment.c.free_fen),
                _payment.c.archived.is_(False),
            ):
                if payment.household_id is not None:
                    self._free[payment.household_id].append(payment)
        if with_credit_only:
            wanted = [household_id for household_id in wanted if household_id in self._free]
        for start in range(0, len(wanted), _AT_ONCE):
            for bill in workspace.rows(
                Bill,
                _bill.c.household_id.in_(wanted[start : start + _AT_ONCE]),
                _some(_bill.c.owed_fen),
                _bill.c.archived.is_(False),
            ):
                self._bills[bill.household_id].append(bill)

    def day(self, day: date) -> date:
        """Return the day in the books for what happened on a day."""
        return day if self._first_open is None or day >= self._first_open else self._first_open

    def credit(self, household_id: UUID) -> int:
        """Return what a household has to its credit, in fen."""
        return sum(payment.free_fen for payment in self._free[household_id])

    def bill(self, bill: Bill) -> None:
        """Take up a bill that was issued just now."""
        self._bills[bill.household_id].append(bill)

    def pay(self, payment: Payment, chosen: Sequence[tuple[UUID, int]] = (), *, on: date) -> int:
        """Let a payment go to its household's bills; what is left is free. Return how much of what was chosen found no place."""
        household = payment.household_id
        if household is None or not payment.free_fen:
            return 0
        bills = {bill.id: bill for bill in self._bills[household] if bill.owed_fen > 0}
        wanted = min(sum(fen for _, fen in chosen), payment.free_fen)
        found = allocate(
            payment.free_fen,
            [OpenBill(one.id, one.due_on, one.since, one.owed_fen) for one in bills.values()],
            [(bill_id, fen) for bill_id, fen in chosen if bill_id in bills],
        )
        for bill_id, fen in found.lines:
            self.move(payment, bills[bill_id], fen, on)
        if payment.free_fen and payment not in self._free[household]:
            self._free[household].append(payment)
        asked: dict[UUID, int] = defaultdict(int)
        for bill_id, fen in chosen:
            asked[bill_id] += fen
        met = sum(min(asked.get(bill_id, 0), fen) for bill_id, fen in found.lines)
        return max(wanted - met, 0)

    def settle(self, household_id: UUID, *, on: date) -> None:
        """Let what a household has to its credit pay what it owes, the oldest first."""
        if not any(bill.owed_fen for bill in self._bills[household_id]):
            return
        for payment in sorted(self._free[household_id], key=lambda one: (one.paid_at, one.id.hex)):
            if payment.reversed_on is None:
                self.pay(payment, on=on)

    def move(self, payment: Payment, bill: Bill, fen: int, on: date) -> None:
        """Move some of a payment to a bill, or back where `fen` is negative.

        Laptops that were apart tell of a bill and a payment in any order: in the books none pays before both are there.
        """
        self._write(payment, bill.id, None, fen, max(self.day(on), payment.booked_on, bill.booked_on))
        paid = bill.paid_fen + fen
        owed = 0 if bill.reversed_on is not None else bill.amount_fen - paid
        settled = None if owed else bill.settled_on or on
        self._workspace.change(bill, paid_fen=paid, owed_fen=owed, settled_on=settled)
        self._workspace.change(payment, free_fen=payment.free_fen - fen)

    def give_back(self, household_id: UUID, refund_id: UUID, fen: int, on: date) -> int:
        """Take a refund out of a household's credit, the newest first; return what the credit did not hold."""
        left = fen
        free = sorted(self._free[household_id], key=lambda one: (one.paid_at, one.id.hex), reverse=True)
        for payment in free:
            part = min(left, payment.free_fen)
            if part:
                self._write(payment, None, refund_id, part, self.day(on))
                self._workspace.change(payment, free_fen=payment.free_fen - part)
                left -= part
        return left

    def take_out(self, payment: Payment, on: date) -> None:
        """Take a payment off every bill it went to; all of it is free then."""
        for bill_id, fen in sorted(self.on_bills(payment.id).items(), key=lambda one: one[0].hex):
            bill = self._workspace.get(Bill, bill_id)
            if bill is not None and fen:
                self.move(payment, bill, -fen, on)
                if bill not in self._bills[bill.household_id]:
                    self._bills[bill.household_id].append(bill)

    def free(self, bill: Bill, on: date) -> None:
        """Take every payment off a bill; what it had taken is its household's credit again."""
        rows = self._workspace.rows(Allocation, _allocation.c.bill_id == bill.id)
        by_payment: dict[UUID, int] = defaultdict(int)
        for row in rows:
            by_payment[row.payment_id] += row.fen
        for payment_id, fen in sorted(by_payment.items(), key=lambda one: one[0].hex):
            payment = self._workspace.get(Payment, payment_id)
            if payment is None or not fen:
                continue
            self.move(payment, bill, -fen, on)
            if payment.household_id is not None and payment not in self._free[payment.household_id]:
                self._free[payment.household_id].append(payment)

    def on_bills(self, payment_id: UUID) -> dict[UUID, int]:
        """Return how much of a payment lies on which bill."""
        sums: dict[UUID, int] = defaultdict(int)
        for row in self._workspace.rows(Allocation, _allocation.c.payment_id == payment_id):
            if row.bill_id is not None:
                sums[row.bill_id] += row.fen
        return dict(sums)

    def _write(
        self, payment: Payment, bill_id: UUID | None, refund_id: UUID | None, fen: int, on: date
    ) -> None:
        """Add a line, on a day in the books; what one operation moves to and fro between the same two is one line."""
        key = (payment.id, bill_id, refund_id)
        line = self._lines.get(key)
        if line is not None:
            self._workspace.change(line, fen=line.fen + fen)
            return
        natural = f"{payment.id}:{bill_id or refund_id}"
        line = Allocation(
            compound_id=self._workspace.compound_id,
            id=self._workspace.new_id(Allocation, natural),
            payment_id=payment.id,
            bill_id=bill_id,
            refund_id=refund_id,
            fen=fen,
            booked_on=on,
        )
        self._lines[key] = self._workspace.add(line)
