"""Handlers of cash, rows of a bank's files, accounts, expenses, closed periods and published statements."""

from __future__ import annotations

from typing import Any

from models.community.doers import hands_of, person_or_none
from models.community.tables import Person
from models.fees import payloads_money as p
from models.fees.operations import APPROVERS, TREASURERS
from models.fees.purse import book_day, open_from
from models.fees.rules import (
    APPROVALS,
    OPENING,
    Approval,
    ExpenseState,
    MovementKind,
    approval_for,
    approved,
    cash_of,
    collector_of,
    holds_money,
)
from models.fees.tables import FeeRuling
from models.fees.tables_money import (
    Account,
    Closing,
    Expense,
    ExpenseApproval,
    Movement,
    Statement,
)
from models.operations.common import archiving, local_day, met_again, register_archiving, swapping
from models.operations.merge import edit_row
from models.operations.registry import Nature, register
from models.operations.roles import KEEPERS, Role
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of

_approval = table_of(ExpenseApproval)


# -- accounts and movements --------------------------------------------------------------


@register("fee.add_account", p.AddAccount, may=TREASURERS, undo=archiving("account"))
def add_account(workspace: Workspace, given: p.AddAccount) -> Verdict | None:
    """Add an account; added twice under one name on one side it is one."""
    values: dict[str, Any] = given.model_dump(exclude={"id", "side"})
    standing = workspace.find(Account, side=given.side.value, name=given.name)
    if standing is not None:
        return met_again(workspace, standing, given.id, values)
    workspace.add(Account(compound_id=workspace.compound_id, id=given.id, side=given.side.value, **values))
    return None


@register("fee.edit_account", p.EditAccount, may=TREASURERS, undo=swapping("fee.edit_account", Account))
def edit_account(workspace: Workspace, given: p.EditAccount) -> None:
    """Change an account field by field."""
    row = workspace.require(Account, given.account)
    if "name" in given.new.model_fields_set:
        namesake = workspace.find(Account, side=row.side, name=given.new.name)
        if not given.new.name or (namesake is not None and namesake.id != row.id):
            raise Refusal("fee.name_taken", name=given.new.name)
    edit_row(workspace, row, old=given.old, new=given.new)


def account_today(workspace: Workspace, code: str) -> str:
    """Return an account's code as it stands today: whoever holds cash may have turned out to be somebody else."""
    holder = collector_of(code)
    person = None if holder is None else workspace.get(Person, holder)
    return code if person is None else cash_of(person.id)


@register("fee.move", p.MoveMoney, may=TREASURERS)
def move(workspace: Workspace, given: p.MoveMoney) -> Verdict | None:
    """Move money without a bill: what was there at the beginning, a transfer, other income."""
    if workspace.get(Movement, given.id) is not None:
        return Merged(given.id)
    opens = OPENING in {given.out_of, given.into}
    out_of, into = account_today(workspace, given.out_of), account_today(workspace, given.into)
    if not holds_money(into) and not (opens and holds_money(out_of)):
        raise Refusal("fee.no_money_account", account=into)
    if opens != (given.kind is MovementKind.OPENING):
        raise Refusal("fee.movement_kind", kind=given.kind.value)
    if (given.kind is MovementKind.TRANSFER) and not holds_money(given.out_of):
        raise Refusal("fee.movement_kind", kind=given.kind.value)
    if (given.kind is MovementKind.INCOME) and not given.out_of.startswith("income:"):
        raise Refusal("fee.movement_kind", kind=given.kind.value)
    day = given.moved_on or local_day(workspace)
    workspace.add(
        Movement(
            compound_id=workspace.compound_id,
            id=given.id,
            kind=given.kind.value,
            out_of=out_of,
            into=into,
            fen=given.fen,
            moved_on=day,
            booked_on=book_day(workspace, day),
            by_id=person_or_none(workspace, workspace.operation.doer_id),
            voucher=given.voucher,
            words=given.words,
        )
    )
    return None


@register("fee.reverse_move", p.ReverseMovement, may=TREASURERS)
def reverse_move(workspace: Workspace, given: p.ReverseMovement) -> Verdict | None:
    """Take a movement back; it stays in the books beside its reversal."""
    row = workspace.require(Movement, given.movement)
    if row.reversed_on is not None:
        return Merged(row.id)
    day = max(book_day(workspace, local_day(workspace)), row.booked_on)
    workspace.change(row, reversed_on=day, reversal_reason=given.reason)
    return None


# -- expenses ----------------------------------------------------------------------------


@register("expense.record", p.RecordExpense, may=KEEPERS)
def record_expense(workspace: Workspace, given: p.RecordExpense) -> Verdict | None:
    """Write an expense down with its voucher. It is paid once it is approved."""
    account = workspace.require(Account, given.account)
    if workspace.get(Expense, given.id) is not None:
        return Merged(given.id)
    if account.side != "expense":
        raise Refusal("expense.account", name=account.name)
    workspace.add(
        Expense(
            compound_id=workspace.compound_id,
            id=given.id,
            account_id=account.id,
            fen=given.fen,
            spent_on=given.spent_on or local_day(workspace),
            payee=given.payee,
            voucher=given.voucher,
            words=given.words,
            asked_by_id=person_or_none(workspace, workspace.operation.doer_id),
            asked_at=workspace.operation.happened_at,
        )
    )
    return None


def approvals_of(workspace: Workspace) -> tuple[Approval, ...]:
    """Return who approves what, as the compound has set it."""
    ruling = workspace.get(FeeRuling, workspace.shared_id(FeeRuling, ""))
    if ruling is None or not ruling.approvals:
        return APPROVALS
    return tuple(
        Approval(line["up_to_fen"], tuple(Role(role) for role in line["roles"]), line["hands"])
        for line in ruling.approvals
    )


@register("expense.approve", p.DecideExpense, may=APPROVERS | {Role.TREASURER})
def approve(workspace: Workspace, given: p.DecideExpense) -> Verdict | None:
    """Approve an expense that somebody else wrote down, with the roles one holds."""
    row = workspace.require(Expense, given.expense)
    if row.state not in {ExpenseState.ASKED, ExpenseState.APPROVED}:
        raise Refusal("fee.decided", state=row.state)
    person = person_or_none(workspace, workspace.operation.doer_id)
    if person is None:
        raise Refusal("fee.nobody")
    if row.asked_by_id in hands_of(workspace):
        raise Refusal("fee.second_person")
    roles = workspace.roles(person, local_day(workspace))
    needed = approval_for(row.fen, approvals_of(workspace))
    if not roles & set(needed.roles):
        raise Refusal("expense.roles", fen=row.fen, roles=" ".join(role.value for role in needed.roles))
    standing = workspace.find(ExpenseApproval, expense_id=row.id, person_id=person)
    if standing is not None:
        return Merged(standing.id)
    workspace.add(
        ExpenseApproval(
            compound_id=workspace.compound_id,
            id=workspace.shared_id(ExpenseApproval, f"{row.id}:{person}"),
            expense_id=row.id,
            person_id=person,
            roles=sorted(role.value for role in roles),
            at=workspace.operation.happened_at,
            words=given.words,
        )
    )
    # Two who turned out to be one have approved once.
    given_by = workspace.rows(
        ExpenseApproval, _approval.c.expense_id == row.id, _approval.c.archived.is_(False)
    )
    held = [frozenset(Role(role) for role in one.roles) for one in given_by]
    if approved(needed, held):
        workspace.change(row, state=ExpenseState.APPROVED.value)
    return None


@register("expense.decline", p.DecideExpense, may=APPROVERS | {Role.TREASURER})
def decline(workspace: Workspace, given: p.DecideExpense) -> Verdict | None:
    """Decline an expense that is not paid yet."""
    row = workspace.require(Expense, given.expense)
    if row.state == ExpenseState.DECLINED:
        return Merged(row.id)
    if row.state not in {ExpenseState.ASKED, ExpenseState.APPROVED}:
        raise Refusal("fee.decided", state=row.state)
    workspace.change(row, state=ExpenseState.DECLINED.value, decided_words=given.words)
    return None


@register("expense.pay", p.PayExpense, nature=Nature.FACT, may=TREASURERS)
def pay(workspace: Workspace, given: p.PayExpense) -> Verdict | None:
    """Keep that an expense was paid. Money that left without enough approvals is flagged."""
    row = workspace.get(Expense, given.expense)
    if row is None:
        workspace.flag("expense.unknown", expense=str(given.expense))
        return None
    if row.state in {ExpenseState.PAID, ExpenseState.REVERSED}:
        # On laptops apart the money may have left twice; the books hold one of them until somebody has looked.
        workspace.flag("expense.paid_twice", fen=row.fen)
        return Merged(row.id)
    if row.state != ExpenseState.APPROVED:
        workspace.flag("expense.not_approved", fen=row.fen)
    workspace.change(
        row,
        state=ExpenseState.PAID.value,
        paid_by_id=person_or_none(workspace, workspace.operation.doer_id),
        paid_from=account_today(workspace, given.out_of),
        voucher=given.voucher or row.voucher,
        booked_on=book_day(workspace, local_day(workspace)),
    )
    return None


@register("expense.reverse", p.ReverseExpense, may=APPROVERS)
def reverse_expense(workspace: Workspace, given: p.ReverseExpense) -> Verdict | None:
    """Take a paid expense back, as somebody other than who paid it; it stays in the books beside its reversal."""
    row = workspace.require(Expense, given.expense)
    if row.state == ExpenseState.REVERSED:
        return Merged(row.id)
    if row.state != ExpenseState.PAID:
        raise Refusal("expense.not_paid")
    if row.paid_by_id is not None and row.paid_by_id in hands_of(workspace):
        raise Refusal("fee.second_person")
    day = book_day(workspace, local_day(workspace))
    workspace.change(
        row,
        state=ExpenseState.REVERSED.value,
        reversed_on=day if row.booked_on is None else max(day, row.booked_on),
        reversal_reason=given.reason,
    )
    return None


# -- closing and publishing --------------------------------------------------------------


@register("fee.close", p.CloseBooks, may=TREASURERS, undo=archiving("closing"))
def close(workspace: Workspace, given: p.CloseBooks) -> Verdict | None:
    """Close the books before a day. What comes later for an earlier day is booked on that day, and flagged."""
    if workspace.get(Closing, given.id) is not None:
        return Merged(given.id)
    if given.until > local_day(workspace):
        raise Refusal("fee.close_ahead", day=given.until.isoformat())
    first = open_from(workspace)
    if first is not None and given.until <= first:
        raise Refusal("fee.closed_already", day=first.isoformat())
    workspace.add(
        Closing(
            compound_id=workspace.compound_id,
            id=given.id,
            until=given.until,
            by_id=person_or_none(workspace, workspace.operation.doer_id),
            words=given.words,
        )
    )
    return None


@register("fee.publish", p.PublishStatement, may=TREASURERS, undo=archiving("statement"))
def publish(workspace: Workspace, given: p.PublishStatement) -> Verdict | None:
    """Keep the accounts of a span of days as they were made public."""
    if workspace.get(Statement, given.id) is not None:
        return Merged(given.id)
    workspace.add(
        Statement(
            compound_id=workspace.compound_id,
            id=given.id,
            since=given.since,
            until=given.until,
            figures=given.figures,
            words=given.words,
            published_at=workspace.operation.happened_at,
            by_id=person_or_none(workspace, workspace.operation.doer_id),
        )
    )
    return None


register_archiving("account", Account, may=TREASURERS)
register_archiving("closing", Closing, may=APPROVERS)
register_archiving("statement", Statement, may=TREASURERS)
