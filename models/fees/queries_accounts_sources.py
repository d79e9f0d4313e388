"""Where the entries of the books come from: each table whose rows are entries of one kind, and what decides their sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, and_, select, union_all

from models.community.tables import Household
from models.fees import journal
from models.fees.journal import Code, Sides
from models.fees.payees import public_payee
from models.fees.periods import Period
from models.fees.rules import Asked
from models.fees.tables import Bill, ChargeItem
from models.fees.tables_money import (
    Allocation,
    Expense,
    HandIn,
    Movement,
    Payment,
    Placing,
    Refund,
    Reversal,
)
from models.tables import table_of

_bill, _item, _payment, _allocation = (table_of(one) for one in (Bill, ChargeItem, Payment, Allocation))
_placing, _reversal, _refund, _hand_in = (table_of(one) for one in (Placing, Reversal, Refund, HandIn))
_movement, _expense, _household = (table_of(one) for one in (Movement, Expense, Household))


@dataclass(frozen=True)
class Source:
    """Rows that are entries of one kind. `sides` takes the `keys` of a row, `say` its `words`."""

    code: Code
    row: FromClause
    on: ColumnElement[date]
    fen: ColumnElement[int]
    keys: tuple[ColumnElement[Any], ...]
    sides: Callable[..., Sides]
    words: tuple[ColumnElement[Any], ...]
    say: Callable[..., str]
    where: tuple[ColumnElement[bool], ...] = ()
    #: What `on` and `keys` need beside the row itself.
    beside: tuple[tuple[FromClause, ColumnElement[bool]], ...] = ()
    #: What only `words` need.
    told: tuple[tuple[FromClause, ColumnElement[bool]], ...] = ()
    #: What else decides which rows these are, where a list of others in the compound does.
    among: Callable[[UUID], ColumnElement[bool]] | None = None

    def select(
        self, columns: Sequence[ColumnElement[Any]], compound_id: UUID, span: Span, *, told: bool = False
    ) -> Select[Any]:
        joined = self.row
        for other, on in (*self.beside, *(self.told if told else ())):
            joined = joined.outerjoin(other, on)
        conditions = [self.row.c.compound_id == compound_id, self.on < span.until, *self.where]
        if span.since is not None:
            conditions.append(self.on >= span.since)
        if self.among is not None:
            conditions.append(self.among(compound_id))
        return select(*columns).select_from(joined).where(*conditions)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `since` (None: from the beginning) up to but not including `until`."""

    since: date | None
    until: date


def _beside(row: FromClause, column: str, other: FromClause) -> tuple[FromClause, ColumnElement[bool]]:
    return other, and_(other.c.compound_id == row.c.compound_id, other.c.id == row.c[column])


def _said(*parts: object) -> str:
    return " ".join(str(part) for part in parts if part)


def _bill_words(door: str | None, item: str | None, since: date, until: date) -> str:
    return _said(door, item, Period(since, until).name)


def _spent_words(payee: str, voucher: str, words: str) -> str:
    return _said(public_payee(payee), voucher, words)


def _back(sides: Callable[..., Sides]) -> Callable[..., Sides]:
    return lambda *keys: sides(*keys).back


def _paid(method: str, collector_id: UUID | None) -> Sides:
    return journal.paid(method, collector_id, known=True)


def _paid_unknown(method: str, collector_id: UUID | None) -> Sides:
    return journal.paid(method, collector_id, known=False)


def _paid_back(method: str, collector_id: UUID | None, home: bool) -> Sides:  # noqa: FBT001 - a row's column
    return journal.paid(method, collector_id, known=home).back


def _placed_of(compound_id: UUID) -> Select[Any]:
    return select(_placing.c.payment_id).where(_placing.c.compound_id == compound_id)


def _known(compound_id: UUID) -> ColumnElement[bool]:
    """Return that a payment's household was known when it came."""
    return and_(_payment.c.household_id.is_not(None), _payment.c.id.not_in(_placed_of(compound_id)))


def _unknown(compound_id: UUID) -> ColumnElement[bool]:
    """Return that a payment came into suspense: it lies there, or was placed later. These are few, and looked up one by one."""
    lying = select(_payment.c.id).where(
        _payment.c.compound_id == compound_id, _payment.c.household_id.is_(None)
    )
    return _payment.c.id.in_(union_all(_placed_of(compound_id), lying))


_bill_keys = (_bill.c.kind, _bill.c.item_id)
_bill_told = (_beside(_bill, "household_id", _household), _beside(_bill, "item_id", _item))
_bill_said = (_household.c.code, _item.c.name, _bill.c.since, _bill.c.until)
_home = _payment.c.household_id.is_not(None).label("home")
_paid_keys = (_payment.c.method, _payment.c.collector_id)
_payment_home = _beside(_payment, "household_id", _household)
_spent_keys = (_expense.c.account_id, _expense.c.paid_from)
_spent_said = (_expense.c.payee, _expense.c.voucher, _expense.c.words)

SOURCES: Final = (
    Source(
        Code.BILL, _bill, _bill.c.booked_on, _bill.c.amount_fen, _bill_keys, journal.billed,
        _bill_said, _bill_words, (_bill.c.amount_fen != 0,), (), _bill_told,
    ),
    Source(
        Code.BILL_REVERSED, _bill, _bill.c.reversed_on, _bill.c.amount_fen, _bill_keys, _back(journal.billed),
        (*_bill_said, _bill.c.reversal_reason),
        lambda *said: _said(_bill_words(*said[:-1]), said[-1]), (_bill.c.amount_fen != 0,), (), _bill_told,
    ),
    Source(
        Code.PAYMENT, _payment, _payment.c.booked_on, _payment.c.amount_fen, _paid_keys, _paid,
        (_household.c.code, _payment.c.reference), _said, (), (), (_payment_home,), _known,
    ),
    Source(
        Code.PAYMENT, _payment, _payment.c.booked_on, _payment.c.amount_fen, _paid_keys, _paid_unknown,
        (_household.c.code, _payment.c.reference), _said, (), (), (_payment_home,), _unknown,
    ),
    Source(
        Code.PAYMENT_REVERSED, _reversal, _reversal.c.booked_on, _payment.c.amount_fen,
        (*_paid_keys, _home), _paid_back,
        (_household.c.code, _reversal.c.reason), _said, (_reversal.c.state == Asked.DONE.value,),
        (_beside(_reversal, "payment_id", _payment),), (_payment_home,),
    ),
    Source(
        Code.PLACED, _placing, _placing.c.booked_on, _placing.c.fen, (), journal.placed,
        (_household.c.code,), _said, (), (), (_beside(_placing, "household_id", _household),),
    ),
    Source(
        Code.ALLOCATED, _allocation, _allocation.c.booked_on, _allocation.c.fen, (), journal.allocated,
        _bill_said, _bill_words, (_allocation.c.bill_id.is_not(None), _allocation.c.fen != 0), (),
        (_beside(_allocation, "bill_id", _bill), *_bill_told),
    ),
    Source(
        Code.REFUND, _refund, _refund.c.booked_on, _refund.c.fen, (_refund.c.method,), journal.refunded,
        (_household.c.code, _refund.c.reason), _said, (_refund.c.state == Asked.DONE.value,), (),
        (_beside(_refund, "household_id", _household),),
    ),
    Source(
        Code.HAND_IN, _hand_in, _hand_in.c.booked_on, _hand_in.c.fen, (_hand_in.c.collector_id,),
        journal.handed_in, (_hand_in.c.words,), _said,
    ),
    Source(
        Code.MOVED, _movement, _movement.c.booked_on, _movement.c.fen,
        (_movement.c.into, _movement.c.out_of), Sides, (_movement.c.voucher, _movement.c.words), _said,
    ),
    Source(
        Code.MOVED_REVERSED, _movement, _movement.c.reversed_on, _movement.c.fen,
        (_movement.c.out_of, _movement.c.into), Sides,
        (_movement.c.voucher, _movement.c.words, _movement.c.reversal_reason), _said,
    ),
    Source(
        Code.EXPENSE, _expense, _expense.c.booked_on, _expense.c.fen, _spent_keys, journal.spent,
        _spent_said, _spent_words,
    ),
    Source(
        Code.EXPENSE_REVERSED, _expense, _expense.c.reversed_on, _expense.c.fen, _spent_keys,
        _back(journal.spent), (*_spent_said, _expense.c.reversal_reason),
        lambda *said: _said(_spent_words(*said[:-1]), said[-1]),
    ),
)  # fmt: skip
