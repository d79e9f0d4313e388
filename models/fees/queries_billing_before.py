"""Reading what is billed already: what stands in a run's way, and what was billed last before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlmodel import Session

from models.fees.billing_ground import Billed, Item, Place
from models.fees.derivation import Formula, parts_of
from models.fees.rules import BillKind
from models.fees.tables import Bill
from models.tables import table_of

_bill = table_of(Bill)
#: What was billed last is looked for so far back; of what is metered however far.
BACK: Final = timedelta(days=400)
_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


def billed_before(
    session: Session,
    compound_id: UUID,
    items: Sequence[Item],
    chosen: Callable[[Any], list[ColumnElement[bool]]],
    *,
    first: date,
    leaving_out: UUID | None = None,
) -> dict[Place, tuple[Billed, ...]]:
    """Return what is billed from a day on, and of what ends before it the last bill of each place."""
    metered = [item.id for item in items if item.formula is Formula.METER]
    standing = [
        _bill.c.compound_id == compound_id,
        _bill.c.archived.is_(False),
        _bill.c.kind == BillKind.CHARGE.value,
        _bill.c.reversed_on.is_(None),
        _bill.c.item_id.in_([item.id for item in items]),
        *chosen(_bill.c.household_id),
    ]
    if leaving_out is not None:
        standing.append(_bill.c.id != leaving_out)
    # What was paid years ahead begins long before and still stands.
    near = or_(_bill.c.since >= first - BACK, _bill.c.until > first, _bill.c.item_id.in_(metered))
    last = (
        select(_bill.c.household_id, _bill.c.item_id, func.max(_bill.c.since).label("since"))
        .where(*standing, _bill.c.since < first, near)
        .group_by(_bill.c.household_id, _bill.c.item_id)
        .subquery()
    )
    columns = [
        _bill.c[name] for name in ("id", "household_id", "item_id", "since", "until", "amount_fen", "sums")
    ]
    before = select(*columns).join_from(
        _bill,
        last,
        and_(
            _bill.c.household_id == last.c.household_id,
            _bill.c.item_id == last.c.item_id,
            _bill.c.since == last.c.since,
        ),
    )
    rows = [
        *_rows(session, before.where(*standing)),
        *_rows(session, select(*columns).where(*standing, _bill.c.since >= first)),
    ]
    return grouped(
        sorted(rows, key=lambda row: (row.since, row.id.hex)),
        lambda row: Place(row.household_id, row.item_id),
        lambda row: Billed(
            row.id,
            row.since,
            row.until,
            row.amount_fen,
            *(_readings(row.sums) if row.item_id in metered else ()),
        ),
    )


def _rows(session: Session, statement: Select[Any]) -> Sequence[Row[Any]]:
    return session.connection().execute(statement).all()


def _readings(sums: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the last readings that a bill counted, and the first; one that was set by hand tells of none."""
    parts = parts_of(sums) if sums.get("parts") else ()
    read = [part.reading for part in parts if part.reading is not None]
    return tuple(one.after for one in read), tuple(one.before for one in read)


def grouped(
    rows: Iterable[Any], key: Callable[[Any], _Key], value: Callable[[Any], _Value]
) -> dict[_Key, tuple[_Value, ...]]:
    """Return the values of some rows by a key of theirs, in the order in which they come."""
    found: dict[_Key, list[_Value]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(value(row))
    return {one: tuple(values) for one, values in found.items()}
