"""Reading what the public accounts of a span are made of. Every figure is a sum taken in the database."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, func, or_, select, union_all
from sqlmodel import Session

from models.community.tables import Building, Household
from models.fees.payees import public_payee
from models.fees.queries_accounts import balances, flows
from models.fees.queries_accounts_names import added_accounts
from models.fees.rules import BillKind, Side, account_code
from models.fees.statement import (
    BuildingLine,
    Ground,
    ItemLine,
    Spent,
    Statement,
    figures_of,
    made,
)
from models.fees.tables import Bill, ChargeItem
from models.fees.tables_money import Account, Allocation, Expense
from models.tables import table_of

_bill, _item, _allocation = table_of(Bill), table_of(ChargeItem), table_of(Allocation)
_expense, _account = table_of(Expense), table_of(Account)
_household, _building = table_of(Household), table_of(Building)


def statement(session: Session, compound_id: UUID, since: date, until: date) -> Statement:
    """Return the public accounts from `since` up to but not including `until`, as the books say them now."""
    ground = Ground(
        since=since,
        until=until,
        before=balances(session, compound_id, since),
        after=balances(session, compound_id, until),
        flows=flows(session, compound_id, since=since, until=until),
        items=_items(session, compound_id, since, until),
        spent=_spent(session, compound_id, since, until),
        buildings=_buildings(session, compound_id, until),
        names={one.code: one.name for one in added_accounts(session, compound_id, archived=True)},
    )
    return made(ground)


def statement_figures(session: Session, compound_id: UUID, since: date, until: date) -> dict[str, Any]:
    """Return the public accounts as plain JSON: the `figures` of `fee.publish`."""
    return figures_of(statement(session, compound_id, since, until))


def _standing(until: date) -> ColumnElement[bool]:
    """Return that a bill stood at the end of the day before `until`."""
    return and_(_bill.c.booked_on < until, or_(_bill.c.reversed_on.is_(None), _bill.c.reversed_on >= until))


def _allocated() -> Any:
    bill = and_(_bill.c.compound_id == _allocation.c.compound_id, _bill.c.id == _allocation.c.bill_id)
    return _allocation.join(_bill, bill)


def _items(session: Session, compound_id: UUID, since: date, until: date) -> tuple[ItemLine, ...]:
    """Return what came for each item, whatever bills it paid; and how far the bills for days of the span are paid."""
    within = (
        _bill.c.compound_id == compound_id,
        _bill.c.kind == BillKind.CHARGE.value,
        _bill.c.since >= since,
        _bill.c.since < until,
    )
    received = (
        select(_bill.c.item_id, func.sum(_allocation.c.fen))
        .select_from(_allocated())
        .where(
            _allocation.c.compound_id == compound_id,
            _allocation.c.booked_on >= since,
            _allocation.c.booked_on < until,
        )
    )
    billed = select(_bill.c.item_id, func.sum(_bill.c.amount_fen)).where(*within, _standing(until))
    paid = (
        select(_bill.c.item_id, func.sum(_allocation.c.fen))
        .select_from(_allocated())
        # Begun from the bills of the span: asked for a day, SQLite would go through every payment before it.
        .where(*within, _standing(until), func.date(_allocation.c.booked_on, type_=Date) < until)
    )
    sums = [_by_item(session, one) for one in (received, billed, paid)]
    chosen = (
        select(_item.c.id, _item.c.name)
        .where(_item.c.compound_id == compound_id)
        .order_by(_item.c.position, _item.c.name, _item.c.id)
    )
    return tuple(
        ItemLine(row.name, *(found.get(row.id, 0) for found in sums))
        for row in session.connection().execute(chosen)
        if any(row.id in found for found in sums)
    )


def _by_item(session: Session, chosen: Select[Any]) -> dict[UUID, int]:
    rows = session.connection().execute(chosen.group_by(_bill.c.item_id))
    return {item_id: int(fen) for item_id, fen in rows}


def _buildings(session: Session, compound_id: UUID, until: date) -> tuple[BuildingLine, ...]:
    """Return what households of each building owe when a day begins, as the books say.

    It is what is open now without what happened since: years that are paid are not read.
    """
    at_home, bill_of = _bill.c.household_id, _bill.c.compound_id == compound_id
    now = select(at_home, _bill.c.owed_fen.label("fen")).where(bill_of, _bill.c.owed_fen > 0)
    billed_since = select(at_home, (-_bill.c.amount_fen).label("fen")).where(
        bill_of, _bill.c.booked_on >= until, _bill.c.reversed_on.is_(None)
    )
    reversed_since = select(at_home, _bill.c.amount_fen.label("fen")).where(
        bill_of, _bill.c.reversed_on >= until, _bill.c.booked_on < until
    )
    paid_since = (
        select(at_home, _allocation.c.fen.label("fen"))
        .select_from(_allocated())
        .where(_allocation.c.compound_id == compound_id, _allocation.c.booked_on >= until)
    )
    both = union_all(now, billed_since, reversed_since, paid_since).subquery("both")
    owed = (
        select(both.c.household_id, func.sum(both.c.fen).label("fen"))
        .group_by(both.c.household_id)
        .having(func.sum(both.c.fen) != 0)
        .subquery("owed")
    )
    home = and_(_household.c.compound_id == compound_id, _household.c.id == owed.c.household_id)
    building = and_(_building.c.compound_id == compound_id, _building.c.id == _household.c.building_id)
    chosen = (
        select(_building.c.code, func.count(), func.sum(owed.c.fen))
        .select_from(owed.join(_household, home).join(_building, building))
        .group_by(_building.c.id, _building.c.code)
    )
    rows = [(code, int(doors), int(fen)) for code, doors, fen in session.connection().execute(chosen)]
    return tuple(BuildingLine(*row) for row in sorted(rows, key=lambda row: _natural(row[0])))


def _natural(code: str) -> tuple[int, int, str]:
    return (0, int(code[:_LONGEST]), code) if code.isascii() and code.isdigit() else (1, 0, code)


_LONGEST: Final = 9


def _spent(session: Session, compound_id: UUID, since: date, until: date) -> tuple[Spent, ...]:
    """Return the expenses that were paid in the span, and those that were taken back in it, in order of their days."""
    found: list[tuple[date, Spent]] = []
    for on, sign in ((_expense.c.booked_on, 1), (_expense.c.reversed_on, -1)):
        account = and_(_account.c.compound_id == compound_id, _account.c.id == _expense.c.account_id)
        chosen = (
            select(_expense, on.label("on"), _account.c.name.label("name"))
            .select_from(_expense.outerjoin(_account, account))
            .where(_expense.c.compound_id == compound_id, on >= since, on < until)
        )
        for row in session.connection().execute(chosen):
            code, payee = account_code(Side.EXPENSE, row.account_id), public_payee(row.payee)
            line = Spent(row.on.isoformat(), code, row.name or "", row.voucher, payee, sign * row.fen)
            found.append((row.on, line))
    return tuple(line for _, line in sorted(found, key=lambda one: (one[0], one[1].voucher, -one[1].fen)))
