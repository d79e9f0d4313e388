"""Handlers of payments: recorded as they came, placed, taken back by two people, given back. Money that came is never refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from models.community.doers import person_or_none
from models.community.tables import Household, Person
from models.fees import payloads_money as p
from models.fees.operations import TREASURERS
from models.fees.purse import Purse, book_day
from models.fees.rules import RowState
from models.fees.tables import Bill
from models.fees.tables_money import (
    MoneyRow,
    Payment,
    Placing,
    Receipt,
)
from models.operations.common import local_day
from models.operations.registry import Nature, register
from models.operations.roles import WORKERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of

_receipt = table_of(Receipt)


def _household(workspace: Workspace, household_id: UUID | None) -> Household | None:
    """Return the household that money is from; where it cannot be found the money goes into suspense."""
    if household_id is None:
        return None
    household = workspace.get(Household, household_id)
    if household is None:
        workspace.flag("fee.household_unknown", household=str(household_id))
    elif household.archived:
        workspace.flag("fee.household_archived", code=household.code)
    return household


def _chosen(chosen: Sequence[p.Chosen], printed: Sequence[p.PrintedLine]) -> list[tuple[UUID, int]]:
    """Return what goes to which bill: what the receipt says, else what the payer said."""
    said = [(line.bill, line.fen) for line in printed if line.bill is not None]
    return said or [(one.bill, one.fen) for one in chosen]


def _stands(workspace: Workspace, bill_id: UUID) -> bool:
    bill = workspace.get(Bill, bill_id)
    return bill is not None and bill.reversed_on is None and not bill.owed_fen


@register("payment.record", p.RecordPayment, nature=Nature.FACT, may=WORKERS)
def record(workspace: Workspace, given: p.RecordPayment) -> Verdict | None:
    """Keep that money came. What is more than what is owed is credit; what nobody is known for is suspense."""
    if workspace.get(Payment, given.id) is not None:
        return Merged(given.id)
    operation = workspace.operation
    row = None if given.row is None else workspace.get(MoneyRow, given.row)
    standing = None if row is None or row.payment_id is None else workspace.get(Payment, row.payment_id)
    if standing is not None and standing.reversed_on is None:
        # The bank's row is one payment, whoever found out first whose it was. A paper that was printed has its number.
        if given.receipt_no is not None:
            workspace.flag("payment.row_taken", number=given.receipt_no)
            write_receipt(workspace, given, standing, _household(workspace, given.household))
        said = None if given.household is None else workspace.get(Household, given.household)
        if said is not None and standing.household_id not in {None, said.id}:
            workspace.flag("payment.row_of_other", code=said.code)
        workspace.alias(Payment, given.id, standing.id)
        return Merged(standing.id)
    household = _household(workspace, given.household)
    payment = _payment(
        workspace,
        given,
        household,
        paid_at=operation.happened_at,
        collector=person_or_none(workspace, operation.doer_id),
        row_id=None if row is None else row.id,
    )
    chosen = _chosen(given.chosen, given.printed)
    if household is not None:
        missed = Purse(workspace, [household.id]).pay(payment, chosen, on=local_day(workspace))
        # A bill that was corrected meanwhile, or never came to stand, was not paid twice: its money went elsewhere.
        if missed and any(_stands(workspace, bill_id) for bill_id, _ in chosen):
            workspace.flag("payment.paid_twice", code=household.code, fen=missed)
    if row is not None:
        workspace.change(row, state=RowState.MATCHED.value, payment_id=payment.id, made=True)
    if given.receipt_no is not None:
        write_receipt(workspace, given, payment, household)
    return None


def _payment(
    workspace: Workspace,
    given: p.RecordPayment | p.PastPayment,
    household: Household | None,
    *,
    paid_at: datetime,
    collector: UUID | None,
    row_id: UUID | None,
) -> Payment:
    day = workspace.local_day(paid_at)
    booked = book_day(workspace, day)
    if booked != day:
        workspace.flag("fee.closed_period", day=day.isoformat(), booked=booked.isoformat())
    return workspace.add(
        Payment(
            compound_id=workspace.compound_id,
            id=given.id,
            household_id=None if household is None else household.id,
            amount_fen=given.fen,
            free_fen=given.fen,
            method=given.method.value,
            paid_at=paid_at,
            booked_on=booked,
            collector_id=collector,
            recorder_id=workspace.operation.recorder_id,
            payer=given.payer,
            reference=given.reference,
            row_id=row_id,
            words=given.words,
        )
    )


def write_receipt(
    workspace: Workspace, given: p.ReceiptFields, payment: Payment, household: Household | None
) -> None:
    """Keep a receipt as it was printed. A number that another receipt bears already is flagged, and stays."""
    if given.receipt_no is None or workspace.get(Receipt, given.receipt) is not None:
        return
    if workspace.rows(Receipt, _receipt.c.number == given.receipt_no):
        workspace.flag("receipt.number_twice", number=given.receipt_no)
    collector = None if payment.collector_id is None else workspace.get(Person, payment.collector_id)
    workspace.add(
        Receipt(
            compound_id=workspace.compound_id,
            id=given.receipt,
            number=given.receipt_no,
            payment_id=payment.id,
            household_id=payment.household_id,
            door="" if household is None else household.code,
            payer=payment.payer,
            collector="" if collector is None else collector.name,
            method=payment.method,
            amount_fen=payment.amount_fen,
            paid_at=payment.paid_at,
            issued_at=workspace.operation.happened_at,
            lines=[line.model_dump(mode="json") for line in given.printed],
            words=payment.words,
        )
    )


@register("payment.bring", p.BringPayments, nature=Nature.FACT, may=TREASURERS)
def bring(workspace: Workspace, given: p.BringPayments) -> Verdict | None:
    """Keep payments of the past. Those that are known already stay as they are."""
    workspace.preload(Payment, [row.id for row in given.rows])
    new = [row for row in given.rows if workspace.get(Payment, row.id) is None]
    if not new:
        return Merged(given.rows[0].id)
    workspace.preload(Household, [row.household for row in new if row.household is not None])
    homes = [None if row.household is None else workspace.get(Household, row.household) for row in new]
    unknown = sum(row.household is not None and home is None for row, home in zip(new, homes, strict=True))
    if unknown:
        workspace.flag("fee.households_unknown", n=unknown)
    purse = Purse(workspace, [home.id for home in homes if home is not None])
    late = 0
    for row, home in zip(new, homes, strict=True):
        day = workspace.local_day(row.paid_at)
        late += purse.day(day) != day
        payment = workspace.add(
            Payment(
                compound_id=workspace.compound_id,
                id=row.id,
                household_id=None if home is None else home.id,
                amount_fen=row.fen,
                free_fen=row.fen,
                method=row.method.value,
                paid_at=row.paid_at,
                booked_on=purse.day(day),
                collector_id=person_or_none(workspace, row.collector),
                recorder_id=workspace.operation.recorder_id,
                payer=row.payer,
                reference=row.reference,
                words=row.words,
            )
        )
        purse.pay(payment, [(one.bill, one.fen) for one in row.chosen], on=day)
    if late:
        workspace.flag("fee.closed_periods", n=late)
    return None


@register("payment.place", p.PlacePayment, may=WORKERS)
def place(workspace: Workspace, given: p.PlacePayment) -> Verdict | None:
    """Say whose a payment in suspense is."""
    payment = workspace.require(Payment, given.payment)
    household = workspace.require(Household, given.household)
    if payment.reversed_on is not None:
        raise Refusal("payment.reversed")
    if payment.household_id == household.id:
        return Merged(payment.id)
    if payment.household_id is not None:
        raise Refusal("payment.placed")
    day = local_day(workspace)
    purse = Purse(workspace, [household.id])
    workspace.add(
        Placing(
            compound_id=workspace.compound_id,
            id=workspace.new_id(Placing, str(payment.id)),
            payment_id=payment.id,
            household_id=household.id,
            fen=payment.amount_fen,
            booked_on=purse.day(day),
        )
    )
    workspace.change(payment, household_id=household.id)
    purse.pay(payment, [(one.bill, one.fen) for one in given.chosen], on=day)
    return None


# -- receipts ----------------------------------------------------------------------------


@register("payment.reprint", p.NameReceipt, nature=Nature.FACT, may=WORKERS)
def reprint(workspace: Workspace, given: p.NameReceipt) -> None:
    """Keep that a receipt was printed once more: each copy says that it is one."""
    row = workspace.get(Receipt, given.receipt)
    if row is None:
        workspace.flag("receipt.unknown", receipt=str(given.receipt))
        return
    workspace.change(row, copies=row.copies + 1)


@register("payment.void_receipt", p.VoidReceipt, may=TREASURERS)
def void_receipt(workspace: Workspace, given: p.VoidReceipt) -> Verdict | None:
    """Make a receipt void. It keeps its number and its lines; the payment stays."""
    row = workspace.require(Receipt, given.receipt)
    if row.voided_at is not None:
        return Merged(row.id)
    workspace.change(row, voided_at=workspace.operation.happened_at, void_reason=given.reason)
    return None


@register("payment.write_receipt", p.WriteReceipt, may=WORKERS)
def receipt_for(workspace: Workspace, given: p.WriteReceipt) -> Verdict | None:
    """Write a receipt for a payment that has none that holds."""
    payment = workspace.require(Payment, given.payment)
    if payment.reversed_on is not None:
        raise Refusal("payment.reversed")
    if given.receipt_no is None:
        raise Refusal("receipt.number_missing")
    if workspace.get(Receipt, given.receipt) is not None:
        return Merged(given.receipt)
    holding = workspace.rows(Receipt, _receipt.c.payment_id == payment.id, _receipt.c.voided_at.is_(None))
    if holding:
        raise Refusal("receipt.holds", number=holding[0].number)
    household = None if payment.household_id is None else workspace.get(Household, payment.household_id)
    write_receipt(workspace, given, payment, household)
    return None
