"""Expenses as rooms see them: what was asked for, who approved it, who is still needed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session

from models.community.tables import Person
from models.fees.queries import ruling_of
from models.fees.rules import Approval, ExpenseState, approval_for
from models.fees.tables_money import Account, Expense, ExpenseApproval
from models.operations.roles import Role
from models.tables import table_of

_expense, _account, _person = table_of(Expense), table_of(Account), table_of(Person)
_approval = table_of(ExpenseApproval)


@dataclass(frozen=True, slots=True)
class ExpenseLine:
    """An expense as a list shows it."""

    id: UUID
    account: str
    fen: int
    spent_on: date
    payee: str
    voucher: str
    words: str
    state: ExpenseState
    asked_by_id: UUID | None
    asked_by: str
    paid_by_id: UUID | None
    paid_from: str
    booked_on: date | None
    reversed_on: date | None
    reason: str
    decided_words: str


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """Somebody who approved, with the roles they held then."""

    person_id: UUID
    person: str
    roles: tuple[Role, ...]
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class ExpenseCard:
    """An expense with who approved it and what it needs."""

    line: ExpenseLine
    paid_by: str
    given: tuple[ApprovalLine, ...]
    needed: Approval

    @property
    def counted(self) -> int:
        """How many of those who approved count for an expense of this size."""
        return sum(bool(set(one.roles) & set(self.needed.roles)) for one in self.given)


def _chosen(compound_id: UUID, states: Collection[ExpenseState], text: str) -> list[ColumnElement[bool]]:
    found = [
        _expense.c.compound_id == compound_id,
        _expense.c.state.in_([state.value for state in states]),
    ]
    for word in text.split():
        columns = (_expense.c.payee, _expense.c.voucher, _expense.c.words, _account.c.name)
        found.append(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return found


def _lines(compound_id: UUID) -> Select[Any]:
    account = and_(_account.c.compound_id == compound_id, _account.c.id == _expense.c.account_id)
    asker = and_(_person.c.compound_id == compound_id, _person.c.id == _expense.c.asked_by_id)
    return select(_expense, _account.c.name.label("account"), _person.c.name.label("asked_by")).select_from(
        _expense.outerjoin(_account, account).outerjoin(_person, asker)
    )


def _line(row: Any) -> ExpenseLine:
    return ExpenseLine(
        row.id, row.account or "", row.fen, row.spent_on, row.payee, row.voucher, row.words,
        ExpenseState(row.state), row.asked_by_id, row.asked_by or "", row.paid_by_id, row.paid_from,
        row.booked_on, row.reversed_on, row.reversal_reason, row.decided_words,
    )  # fmt: skip


def count_expenses(
    session: Session, compound_id: UUID, states: Collection[ExpenseState], text: str = ""
) -> int:
    """Return how many expenses in some states hold every word of a text."""
    chosen = _lines(compound_id).where(*_chosen(compound_id, states, text)).subquery()
    return int(session.connection().execute(select(func.count()).select_from(chosen)).scalar_one())


def page_expenses(
    session: Session,
    compound_id: UUID,
    states: Collection[ExpenseState],
    text: str = "",
    *,
    offset: int,
    limit: int,
) -> tuple[ExpenseLine, ...]:
    """Return a page of the expenses in some states that hold every word of a text, newest first."""
    chosen = (
        _lines(compound_id)
        .where(*_chosen(compound_id, states, text))
        .order_by(_expense.c.spent_on.desc(), _expense.c.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return tuple(_line(row) for row in session.connection().execute(chosen))


def expense_card(session: Session, compound_id: UUID, expense_id: UUID) -> ExpenseCard | None:
    """Return an expense with everything that was said to it."""
    chosen = _lines(compound_id).where(_expense.c.compound_id == compound_id, _expense.c.id == expense_id)
    row = session.connection().execute(chosen).first()
    if row is None:
        return None
    line = _line(row)
    person = and_(_person.c.compound_id == compound_id, _person.c.id == _approval.c.person_id)
    approvals = (
        select(_approval, _person.c.name.label("person"))
        .select_from(_approval.outerjoin(_person, person))
        .where(_approval.c.compound_id == compound_id, _approval.c.expense_id == expense_id)
        .order_by(_approval.c.at, _approval.c.id)
    )
    given = tuple(
        ApprovalLine(one.person_id, one.person or "", tuple(Role(role) for role in one.roles), one.at, one.words)
        for one in session.connection().execute(approvals)
    )  # fmt: skip
    needed = approval_for(line.fen, ruling_of(session, compound_id).approvals)
    return ExpenseCard(line, _name(session, compound_id, line.paid_by_id), given, needed)


def _name(session: Session, compound_id: UUID, person_id: UUID | None) -> str:
    chosen = select(_person.c.name).where(_person.c.compound_id == compound_id, _person.c.id == person_id)
    return session.connection().execute(chosen).scalar() or ""
