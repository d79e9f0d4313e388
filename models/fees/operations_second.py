"""Handlers of what two people have to agree on: a payment taken back, money given back. Nothing moves until the second says so."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from models.community.doers import hands_of, person_or_none
from models.community.tables import Household
from models.fees import payloads_money as p
from models.fees.operations import APPROVERS
from models.fees.purse import Purse
from models.fees.rules import Asked, Method, RowState
from models.fees.tables_money import Allocation, MoneyRow, Payment, Receipt, Refund, Reversal
from models.operations.common import local_day
from models.operations.registry import register
from models.operations.roles import WORKERS, Role
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of

#: Those who may be the second person where a payment is taken back or money goes out.
SECONDS = APPROVERS | {Role.TREASURER}
_allocation, _receipt, _reversal = table_of(Allocation), table_of(Receipt), table_of(Reversal)


# -- taking back -------------------------------------------------------------------------


@register("payment.ask_reversal", p.AskReversal, may=WORKERS)
def ask_reversal(workspace: Workspace, given: p.AskReversal) -> Verdict | None:
    """Ask that a payment is taken back. Nothing moves until a second person agrees."""
    payment = workspace.require(Payment, given.payment)
    if payment.reversed_on is not None:
        raise Refusal("payment.reversed")
    asked = workspace.rows(
        Reversal, _reversal.c.payment_id == payment.id, _reversal.c.state == Asked.ASKED.value
    )
    if asked:
        workspace.alias(Reversal, given.id, asked[0].id)
        return Merged(asked[0].id)
    workspace.add(
        Reversal(
            compound_id=workspace.compound_id,
            id=given.id,
            payment_id=payment.id,
            reason=given.reason,
            asked_by_id=person_or_none(workspace, workspace.operation.doer_id),
            asked_at=workspace.operation.happened_at,
        )
    )
    return None


def _second(workspace: Workspace, asked_by: UUID | None) -> UUID | None:
    """Return who decides; whoever asked may not, nor write it down in somebody's name, as soon as the compound has people."""
    if asked_by is not None and asked_by in hands_of(workspace):
        raise Refusal("fee.second_person")
    return person_or_none(workspace, workspace.operation.doer_id)


def _met(request: Reversal | Refund, wanted: Asked) -> Verdict | None:
    """Return that a request was answered like this already, or None while it waits; answered otherwise, it stays so."""
    if request.state == wanted.value:
        return Merged(request.id)
    if request.state != Asked.ASKED.value:
        raise Refusal("fee.decided", state=request.state)
    return None


def _answer(
    workspace: Workspace,
    request: Reversal | Refund,
    state: Asked,
    words: str,
    *,
    by: UUID | None,
    booked_on: date | None = None,
) -> None:
    """Write down what became of a request, who said so and when."""
    workspace.change(
        request,
        state=state.value,
        decided_by_id=by,
        decided_at=workspace.operation.happened_at,
        booked_on=booked_on,
        words=words,
    )


def _declined(workspace: Workspace, request: Reversal | Refund, words: str) -> Verdict | None:
    met = _met(request, Asked.DECLINED)
    if met is None:
        by = person_or_none(workspace, workspace.operation.doer_id)
        _answer(workspace, request, Asked.DECLINED, words, by=by)
    return met


@register("payment.reverse", p.DecideReversal, may=SECONDS)
def reverse(workspace: Workspace, given: p.DecideReversal) -> Verdict | None:
    """Take a payment back, as a second person. Its bills are owed again; its receipts are void and keep their numbers."""
    request = workspace.require(Reversal, given.reversal)
    met = _met(request, Asked.DONE)
    if met is not None:
        return met
    payment = workspace.require(Payment, request.payment_id)
    if payment.reversed_on is not None:
        raise Refusal("payment.reversed")
    refunded = workspace.rows(
        Allocation, _allocation.c.payment_id == payment.id, _allocation.c.refund_id.is_not(None)
    )
    if sum(line.fen for line in refunded):
        raise Refusal("payment.refunded", given_fen=sum(line.fen for line in refunded))
    person, day = _second(workspace, request.asked_by_id), local_day(workspace)
    purse = Purse(workspace, [] if payment.household_id is None else [payment.household_id])
    purse.take_out(payment, day)
    booked = max(purse.day(day), payment.booked_on)
    workspace.change(payment, reversed_on=booked, free_fen=0)
    _answer(workspace, request, Asked.DONE, given.words, by=person, booked_on=booked)
    for receipt in workspace.rows(
        Receipt, _receipt.c.payment_id == payment.id, _receipt.c.voided_at.is_(None)
    ):
        workspace.change(receipt, voided_at=workspace.operation.happened_at, void_reason=request.reason)
    if payment.row_id is not None:
        row = workspace.get(MoneyRow, payment.row_id)
        if row is not None and row.payment_id == payment.id:
            workspace.change(row, state=RowState.OPEN.value, payment_id=None, made=False)
    if payment.household_id is not None:
        purse.settle(payment.household_id, on=day)
    return None


@register("payment.keep", p.DecideReversal, may=SECONDS)
def keep(workspace: Workspace, given: p.DecideReversal) -> Verdict | None:
    """Decline to take a payment back; whoever asked may withdraw it like that, too."""
    return _declined(workspace, workspace.require(Reversal, given.reversal), given.words)


@register("payment.ask_refund", p.AskRefund, may=WORKERS)
def ask_refund(workspace: Workspace, given: p.AskRefund) -> Verdict | None:
    """Ask that money goes back to a household out of its credit."""
    household = workspace.require(Household, given.household)
    if given.method is Method.OPENING:
        raise Refusal("payment.method", method=given.method.value)
    credit = Purse(workspace, [household.id]).credit(household.id)
    if given.fen > credit:
        raise Refusal("payment.over_credit", fen=credit)
    workspace.add(
        Refund(
            compound_id=workspace.compound_id,
            id=given.id,
            household_id=household.id,
            fen=given.fen,
            method=given.method.value,
            reason=given.reason,
            asked_by_id=person_or_none(workspace, workspace.operation.doer_id),
            asked_at=workspace.operation.happened_at,
        )
    )
    return None


@register("payment.refund", p.DecideRefund, may=SECONDS)
def refund(workspace: Workspace, given: p.DecideRefund) -> Verdict | None:
    """Give money back, as a second person; only what the household has to its credit."""
    request = workspace.require(Refund, given.refund)
    met = _met(request, Asked.DONE)
    if met is not None:
        return met
    person, day = _second(workspace, request.asked_by_id), local_day(workspace)
    purse = Purse(workspace, [request.household_id])
    credit = purse.credit(request.household_id)
    if request.fen > credit:
        raise Refusal("payment.over_credit", fen=credit)
    _answer(workspace, request, Asked.DONE, given.words, by=person, booked_on=purse.day(day))
    purse.give_back(request.household_id, request.id, request.fen, day)
    return None


@register("payment.keep_credit", p.DecideRefund, may=SECONDS)
def keep_credit(workspace: Workspace, given: p.DecideRefund) -> Verdict | None:
    """Decline to give money back; it stays the household's credit."""
    return _declined(workspace, workspace.require(Refund, given.refund), given.words)
