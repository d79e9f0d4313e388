"""Reading which bills are or were paid late under a rule that charges for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session

from models.fees.billing_ground import Item, Overdue, Place
from models.fees.rules import BillKind
from models.fees.tables import Bill
from models.fees.tables_money import Allocation
from models.tables import table_of

_bill, _allocation = table_of(Bill), table_of(Allocation)


def overdue(
    session: Session,
    compound_id: UUID,
    items: Sequence[Item],
    chosen: Callable[[Any], list[ColumnElement[bool]]],
    *,
    until: date,
) -> tuple[Overdue, ...]:
    """Return the charges that were not paid when they were due, before a day, with how much was outstanding when.

    Only those whose own rule charges for it; where no rule does nothing is read.
    """
    rules = {rule.tariff_id: rule for item in items for rule in item.rules if rule.late_ppm}
    if not rules:
        return ()
    late = (
        select(
            _bill.c.id,
            _bill.c.household_id,
            _bill.c.item_id,
            _bill.c.tariff_id,
            _bill.c.since,
            _bill.c.due_on,
            _bill.c.amount_fen,
        )
        .where(
            _bill.c.compound_id == compound_id,
            _bill.c.archived.is_(False),
            _bill.c.kind == BillKind.CHARGE.value,
            _bill.c.reversed_on.is_(None),
            _bill.c.tariff_id.in_(rules),
            _bill.c.due_on < until,
            or_(_bill.c.owed_fen > 0, _bill.c.settled_on > _bill.c.due_on),
            *chosen(_bill.c.household_id),
        )
        .order_by(_bill.c.since, _bill.c.id)
    )
    ids = late.with_only_columns(_bill.c.id).order_by(None)
    connection = session.connection()
    paid: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
    lines = (
        select(_allocation.c.bill_id, _allocation.c.booked_on, func.sum(_allocation.c.fen))
        .where(_allocation.c.compound_id == compound_id, _allocation.c.bill_id.in_(ids))
        .group_by(_allocation.c.bill_id, _allocation.c.booked_on)
        .order_by(_allocation.c.booked_on)
    )
    for bill_id, day, fen in connection.execute(lines):
        paid[bill_id].append((day, fen))
    charged = (
        select(_bill.c.of_id, func.sum(_bill.c.amount_fen))
        .where(
            _bill.c.compound_id == compound_id,
            _bill.c.archived.is_(False),
            _bill.c.kind == BillKind.LATE.value,
            _bill.c.reversed_on.is_(None),
            _bill.c.of_id.in_(ids),
        )
        .group_by(_bill.c.of_id)
    )
    already = {of_id: int(fen) for of_id, fen in connection.execute(charged)}
    return tuple(
        Overdue(
            row.id,
            Place(row.household_id, row.item_id),
            rules[row.tariff_id],
            row.since,
            row.due_on,
            _outstanding(row.since, row.amount_fen, paid[row.id]),
            already.get(row.id, 0),
        )
        for row in connection.execute(late)
    )


def _outstanding(since: date, fen: int, paid: Sequence[tuple[date, int]]) -> tuple[tuple[date, int], ...]:
    """Return from which day on how much of a bill was outstanding."""
    steps = [(since, fen)]
    for day, part in paid:
        fen -= part
        steps.append((max(day, since), fen))
    return tuple(steps)
