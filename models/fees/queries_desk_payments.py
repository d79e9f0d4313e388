"""Payments as a room looks for them: by day, collector, method, and what somebody types; and one payment with all it went to."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session

from models.community.queries_households import households_where
from models.community.tables import Household, Person
from models.fees.money import fen_of
from models.fees.queries import BillLine, PaymentLine, allocated, bill_lines, payment_lines
from models.fees.queries_asked import AskedLine, asked_lines
from models.fees.receipt_code import parse_number
from models.fees.rules import Asked
from models.fees.tables import Bill
from models.fees.tables_money import Allocation, Payment, Receipt, Refund, Reversal
from models.operations.queries import zone_of
from models.tables import table_of

_payment, _receipt, _household = table_of(Payment), table_of(Receipt), table_of(Household)
_person, _bill, _reversal = table_of(Person), table_of(Bill), table_of(Reversal)
_allocation, _refund = table_of(Allocation), table_of(Refund)
#: Collectors of so many of the newest payments are offered to filter by.
_NEWEST = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which payments are asked for. Days are half-open and of the compound's zone; `suspense` are those without a door."""

    text: str = ""
    method: str = ""
    collector_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    suspense: bool = False


@dataclass(frozen=True, slots=True)
class Collector:
    """Somebody who took money of late."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class PaidBill:
    """How much of a payment lies on a bill."""

    bill: BillLine
    fen: int


@dataclass(frozen=True, slots=True)
class ReceiptOf:
    """A receipt of a payment."""

    id: UUID
    number: str
    copies: int
    voided: bool


@dataclass(frozen=True, slots=True)
class PaymentStory:
    """A payment, where each fen of it went, its receipts (the newest first), and what was asked and decided about it."""

    payment: PaymentLine
    bills: tuple[PaidBill, ...]
    refunded_fen: int
    receipts: tuple[ReceiptOf, ...]
    asked: AskedLine | None
    reason: str
    credit_fen: int


def payments_found(
    session: Session, compound_id: UUID, wanted: Wanted, *, today: date
) -> list[ColumnElement[bool]]:
    """Return the conditions on `payment` that stand for what is asked for."""
    conditions: list[ColumnElement[bool]] = []
    zone = zone_of(session, compound_id)
    if wanted.since is not None:
        conditions.append(_payment.c.paid_at >= _begin(wanted.since, zone))
    if wanted.until is not None:
        conditions.append(_payment.c.paid_at < _begin(wanted.until, zone))
    if wanted.method:
        conditions.append(_payment.c.method == wanted.method)
    if wanted.collector_id is not None:
        conditions.append(_payment.c.collector_id == wanted.collector_id)
    if wanted.suspense:
        conditions += [_payment.c.household_id.is_(None), _payment.c.free_fen > 0]
    if wanted.text:
        conditions.append(or_(*_meant(compound_id, wanted.text, today)))
    return conditions


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _meant(compound_id: UUID, text: str, today: date) -> list[ColumnElement[bool]]:
    """Return what a text may mean: a door or who lives there, a receipt, an amount, a payer, an order's number."""
    homes = households_where(compound_id, today, text=text, building=None, archived=True)
    meant: list[ColumnElement[bool]] = [
        _payment.c.household_id.in_(select(_household.c.id).where(*homes)),
        func.lower(_payment.c.payer).contains(text, autoescape=True),
        func.lower(_payment.c.reference).startswith(text, autoescape=True),
    ]
    with suppress(ValueError):
        numbered = select(_receipt.c.payment_id).where(
            _receipt.c.compound_id == compound_id, _receipt.c.number == parse_number(text)
        )
        meant.append(_payment.c.id.in_(numbered))
    with suppress(ValueError):
        meant.append(_payment.c.amount_fen == fen_of(text))
    return meant


def count_payments(session: Session, compound_id: UUID, wanted: Wanted, *, today: date) -> int:
    """Count what `page_payments` pages through."""
    statement = select(func.count()).where(
        _payment.c.compound_id == compound_id,
        _payment.c.archived.is_(False),
        *payments_found(session, compound_id, wanted, today=today),
    )
    return int(session.connection().execute(statement).scalar_one())


def sums_by_method(
    session: Session, compound_id: UUID, wanted: Wanted, *, today: date
) -> dict[str, tuple[int, int]]:
    """Return of each method how many of the payments asked for came by it, and their sum in fen; those taken back are left out."""
    statement = (
        select(_payment.c.method, func.count(), func.sum(_payment.c.amount_fen))
        .where(
            _payment.c.compound_id == compound_id,
            _payment.c.archived.is_(False),
            _payment.c.reversed_on.is_(None),
            *payments_found(session, compound_id, wanted, today=today),
        )
        .group_by(_payment.c.method)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in session.connection().execute(statement)}


def page_payments(
    session: Session, compound_id: UUID, wanted: Wanted, *, today: date, offset: int = 0, limit: int = 50
) -> tuple[PaymentLine, ...]:
    """Return payments, the newest first."""
    conditions = payments_found(session, compound_id, wanted, today=today)
    return payment_lines(session, compound_id, *conditions, offset=offset, limit=limit)


def payment_numbered(session: Session, compound_id: UUID, text: str) -> tuple[PaymentLine, ...]:
    """Return the payment of the receipt whose number a text is; a number was never given twice."""
    try:
        number = parse_number(text)
    except ValueError:
        return ()
    of = select(_receipt.c.payment_id).where(
        _receipt.c.compound_id == compound_id, _receipt.c.number == number
    )
    return payment_lines(session, compound_id, _payment.c.id.in_(of))


def collectors(session: Session, compound_id: UUID) -> tuple[Collector, ...]:
    """Return who took money of late, by name."""
    newest = (
        select(_payment.c.collector_id)
        .where(_payment.c.compound_id == compound_id, _payment.c.archived.is_(False))
        .order_by(_payment.c.paid_at.desc(), _payment.c.id.desc())
        .limit(_NEWEST)
        .subquery()
    )
    statement = (
        select(_person.c.id, _person.c.name)
        .where(_person.c.compound_id == compound_id, _person.c.id.in_(select(newest.c.collector_id)))
        .order_by(_person.c.name, _person.c.id)
    )
    return tuple(Collector(row.id, row.name) for row in session.connection().execute(statement))


def payment_story(session: Session, compound_id: UUID, payment_id: UUID) -> PaymentStory | None:
    """Return all about a payment, or None where there is none."""
    found = payment_lines(session, compound_id, _payment.c.id == payment_id)
    if not found:
        return None
    payment = found[0]
    lines = allocated(session, compound_id, payments=[payment_id])
    bills = {
        bill.id: bill
        for bill in bill_lines(session, compound_id, _bill.c.id.in_([line.bill_id for line in lines]))
    }
    on_bills = [PaidBill(bills[line.bill_id], line.fen) for line in lines if line.bill_id in bills]
    on_bills.sort(key=lambda one: (one.bill.since, one.bill.due_on, one.bill.id.hex))
    refunded = select(func.coalesce(func.sum(_allocation.c.fen), 0)).where(
        _allocation.c.compound_id == compound_id,
        _allocation.c.payment_id == payment_id,
        _allocation.c.refund_id.is_not(None),
    )
    credit = select(func.coalesce(func.sum(_payment.c.free_fen), 0)).where(
        _payment.c.compound_id == compound_id, _payment.c.household_id == payment.household_id
    )
    asked = asked_lines(session, compound_id, payment.household_id)
    return PaymentStory(
        payment,
        tuple(on_bills),
        _number(session, refunded),
        _receipts(session, compound_id, payment_id),
        next((one for one in asked if one.payment_id == payment_id), None),
        _reason(session, compound_id, payment_id),
        0 if payment.household_id is None else _number(session, credit),
    )


def _receipts(session: Session, compound_id: UUID, payment_id: UUID) -> tuple[ReceiptOf, ...]:
    statement = (
        select(_receipt.c.id, _receipt.c.number, _receipt.c.copies, _receipt.c.voided_at)
        .where(_receipt.c.compound_id == compound_id, _receipt.c.payment_id == payment_id)
        .order_by(_receipt.c.issued_at.desc(), _receipt.c.id.desc())
    )
    rows = session.connection().execute(statement)
    return tuple(ReceiptOf(row.id, row.number, row.copies, row.voided_at is not None) for row in rows)


def _reason(session: Session, compound_id: UUID, payment_id: UUID) -> str:
    """Return why a payment was taken back; empty where it was not."""
    statement = select(_reversal.c.reason).where(
        _reversal.c.compound_id == compound_id,
        _reversal.c.payment_id == payment_id,
        _reversal.c.state == Asked.DONE.value,
    )
    return session.connection().execute(statement).scalar() or ""


def _number(session: Session, statement: Any) -> int:
    return int(session.connection().execute(statement).scalar_one())
