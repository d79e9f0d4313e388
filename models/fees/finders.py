"""How people name items, tariffs, bills, payments, receipts, meters, accounts and rows of a bank's file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select
from sqlmodel import Session

from models.community.tables import Household
from models.fees.periods import period_of
from models.fees.receipt_code import parse_number
from models.fees.tables import Bill, ChargeItem, Meter, Tariff
from models.fees.tables_money import Account, Expense, MoneyRow, Payment, Receipt
from models.operations.registry import finder
from models.tables import table_of
from models.text import normalise

_item, _tariff, _meter, _bill = (table_of(one) for one in (ChargeItem, Tariff, Meter, Bill))
_receipt, _payment, _row = (table_of(one) for one in (Receipt, Payment, MoneyRow))
_account, _expense, _household = (table_of(one) for one in (Account, Expense, Household))
_VERSION = re.compile(r"(.+?)\s*(?:v|第)?\s*(\d+)\s*版?")


def _rows(session: Session, table: Table, compound_id: UUID, *conditions: ColumnElement[bool]) -> list[UUID]:
    """Return the ids of the rows that are meant: the living ones, else those put away."""
    statement = (
        select(table.c.id, table.c.archived)
        .where(table.c.compound_id == compound_id, *conditions)
        .order_by(table.c.id)
    )
    return _living_first((row_id, archived) for row_id, archived in session.connection().execute(statement))


def _living_first(found: Iterable[tuple[UUID, bool]]) -> list[UUID]:
    rows = list(found)
    return [row_id for row_id, archived in rows if not archived] or [row_id for row_id, _ in rows]


@finder("charge_item")
def find_item(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find an item by its name."""
    return _rows(session, _item, compound_id, _item.c.name == normalise(text))


@finder("tariff")
def find_tariff(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a tariff by its item's name and its version (`物业费 2`)."""
    found = _VERSION.fullmatch(normalise(text))
    if found is None:
        return []
    items = find_item(session, compound_id, found[1])
    return _rows(
        session, _tariff, compound_id, _tariff.c.item_id.in_(items), _tariff.c.version == int(found[2])
    )


@finder("meter")
def find_meter(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a meter by its code."""
    return _rows(session, _meter, compound_id, _meter.c.code == normalise(text))


@finder("account")
def find_account(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find an account by its name."""
    return _rows(session, _account, compound_id, _account.c.name == normalise(text))


@finder("bill")
def find_bill(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a bill that holds by its door, its item and a period in it (`3-1-502 物业费 2026-11`)."""
    parts = normalise(text).split(" ")
    if len(parts) < 3:  # noqa: PLR2004  # door, item, period
        return []
    try:
        period = period_of(parts[-1])
    except ValueError:
        return []
    statement = (
        select(_bill.c.id, _bill.c.archived)
        .join_from(
            _bill,
            _household,
            (_household.c.compound_id == compound_id) & (_household.c.id == _bill.c.household_id),
        )
        .where(
            _bill.c.compound_id == compound_id,
            _household.c.code == parts[0],
            _bill.c.item_id.in_(find_item(session, compound_id, " ".join(parts[1:-1]))),
            _bill.c.since < period.end,
            _bill.c.until > period.first,
            _bill.c.reversed_on.is_(None),
        )
        .order_by(_bill.c.id)
    )
    return _living_first((row_id, archived) for row_id, archived in session.connection().execute(statement))


def _numbered(session: Session, column: Any, compound_id: UUID, text: str) -> list[UUID]:
    try:
        number = parse_number(text)
    except ValueError:
        return []
    statement = (
        select(column)
        .where(_receipt.c.compound_id == compound_id, _receipt.c.number == number)
        .order_by(_receipt.c.id)
    )
    return list(dict.fromkeys(session.connection().execute(statement).scalars()))


@finder("receipt")
def find_receipt(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a receipt by its number."""
    return _numbered(session, _receipt.c.id, compound_id, text)


@finder("payment")
def find_payment(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a payment by its receipt's number, else by the order number it came with."""
    found = _numbered(session, _receipt.c.payment_id, compound_id, text)
    return found or _rows(session, _payment, compound_id, _payment.c.reference == normalise(text))


@finder("money_row")
def find_row_of_file(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find a row of a bank's or a platform's file by its order number."""
    return _rows(session, _row, compound_id, _row.c.order_no == normalise(text))


@finder("expense")
def find_expense(session: Session, compound_id: UUID, text: str) -> Sequence[UUID]:
    """Find an expense by its voucher."""
    return _rows(session, _expense, compound_id, _expense.c.voucher == normalise(text))
