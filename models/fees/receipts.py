"""The number and the lines of a receipt: given once, in the transaction in which the payment is recorded.

A laptop numbers its receipts in a series of its own, three characters that it chooses by chance and changes when its
store turns out to be a copy; the counter lies in the store and is written together with the payment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import select
from sqlmodel import Session

from models.fees.allocating import OpenBill, allocate
from models.fees.receipt_code import number, series_from
from models.fees.tables import Bill, ChargeItem
from models.fees.tables_money import Allocation, Payment, Receipt
from models.operations import log
from models.operations.envelope import Acting
from models.operations.queries import zone_of
from models.operations.registry import filler
from models.operations.tables import Alias, Setting
from models.tables import table_of

_bill, _item, _receipt = table_of(Bill), table_of(ChargeItem), table_of(Receipt)
_allocation, _payment = table_of(Allocation), table_of(Payment)
_SERIES = "receipt_series"
#: The last number of a series in a year: six digits, so that numbers sort as they were given.
_MOST = 999_999
#: How often a laptop looks for a series that nobody uses.
_TRIES = 20


@filler("payment.record")
def fill_payment(session: Session, payload: Mapping[str, Any], acting: Acting) -> dict[str, Any]:
    """Return what a payment's payload leaves to its own transaction: the lines of its receipt, and the number."""
    if payload.get("receipt_no", "") is None:
        return {}
    filled: dict[str, Any] = {}
    if not payload.get("printed"):
        household = payload.get("household")
        chosen = [(UUID(str(one["bill"])), int(one["fen"])) for one in payload.get("chosen", ())]
        filled["printed"] = _lines_to_come(
            session,
            acting.compound_id,
            None if household is None else UUID(str(household)),
            int(payload["fen"]),
            chosen,
        )
    return filled | _numbered(session, payload, acting)


@filler("payment.write_receipt")
def fill_receipt(session: Session, payload: Mapping[str, Any], acting: Acting) -> dict[str, Any]:
    """Return the number and the lines of a receipt for a payment that was recorded before."""
    filled: dict[str, Any] = {}
    if not payload.get("printed"):
        filled["printed"] = lines_of(session, acting.compound_id, UUID(str(payload["payment"])))
    return filled | _numbered(session, payload, acting)


def lines_of(session: Session, compound_id: UUID, payment_id: UUID) -> list[dict[str, Any]]:
    """Return what a payment went to, as lines of a receipt; what no bill took is the last, were it given back since."""
    statement = (
        select(*_bill.c, _item.c.name.label("item"), _allocation.c.fen)
        .join_from(
            _allocation,
            _bill,
            (_bill.c.compound_id == compound_id) & (_bill.c.id == _allocation.c.bill_id),
        )
        .join(_item, (_item.c.compound_id == compound_id) & (_item.c.id == _bill.c.item_id))
        .where(_allocation.c.compound_id == compound_id, _allocation.c.payment_id == payment_id)
    )
    paid: dict[UUID, int] = {}
    bills: dict[UUID, Any] = {}
    for row in session.connection().execute(statement).mappings():
        paid[row["id"]] = paid.get(row["id"], 0) + row["fen"]
        bills[row["id"]] = row
    in_order = sorted(
        bills, key=lambda bill_id: (bills[bill_id]["since"], bills[bill_id]["due_on"], bill_id.hex)
    )
    lines = [_line(bills[one], paid[one], bills[one]["owed_fen"]) for one in in_order if paid[one] > 0]
    amount = (
        session.connection()
        .execute(
            select(_payment.c.amount_fen).where(
                _payment.c.compound_id == compound_id, _payment.c.id == payment_id
            )
        )
        .scalar()
    )
    rest = (amount or 0) - sum(line["fen"] for line in lines)
    return [*lines, *([{"fen": rest}] if rest > 0 else [])]


def _lines_to_come(
    session: Session, compound_id: UUID, household_id: UUID | None, fen: int, chosen: list[tuple[UUID, int]]
) -> list[dict[str, Any]]:
    """Return what a payment is about to go to, as lines of its receipt."""
    bills: dict[UUID, Any] = {}
    if household_id is not None:
        statement = (
            select(*_bill.c, _item.c.name.label("item"))
            .join_from(_bill, _item, (_item.c.compound_id == compound_id) & (_item.c.id == _bill.c.item_id))
            .where(
                _bill.c.compound_id == compound_id,
                _bill.c.household_id == standing_id(session, compound_id, household_id),
                _bill.c.owed_fen + 0 > 0,
                _bill.c.archived.is_(False),
            )
        )
        bills = {row["id"]: row for row in session.connection().execute(statement).mappings()}
    found = allocate(
        fen,
        [OpenBill(row["id"], row["due_on"], row["since"], row["owed_fen"]) for row in bills.values()],
        [(bill_id, part) for bill_id, part in chosen if bill_id in bills],
    )
    lines = [_line(bills[bill_id], part, bills[bill_id]["owed_fen"] - part) for bill_id, part in found.lines]
    return [*lines, *([{"fen": found.rest_fen}] if found.rest_fen else [])]


def _line(bill: Mapping[str, Any], fen: int, left: int) -> dict[str, Any]:
    return {
        "bill": str(bill["id"]),
        "item": bill["item"],
        "since": bill["since"].isoformat(),
        "until": bill["until"].isoformat(),
        "fen": fen,
        "billed_fen": bill["gross_fen"],
        "discount_fen": bill["discount_fen"],
        "left_fen": left,
        "sums": bill["sums"],
        "note": bill["note"],
    }


def standing_id(session: Session, compound_id: UUID, row_id: UUID) -> UUID:
    """Return the id of the row that stands for one today, however often it was merged."""
    alias, passed = table_of(Alias), set()
    while row_id not in passed:
        passed.add(row_id)
        statement = select(alias.c.to_id).where(
            alias.c.compound_id == compound_id, alias.c.id == row_id, alias.c.archived.is_(False)
        )
        row_id = session.connection().execute(statement).scalar() or row_id
    return row_id


def _numbered(session: Session, payload: Mapping[str, Any], acting: Acting) -> dict[str, Any]:
    """Return the next number of this laptop's series, unless the payload brings one."""
    if "receipt_no" in payload:
        return {}
    year = acting.clock().astimezone(zone_of(session, acting.compound_id)).year % 100
    series, last = _series(session, acting, year)
    n = _next(session, acting, year, series, last)
    if n > _MOST:  # a number that was given by hand may have used a series up
        series, last = _unused(session, acting, year), {}
        n = _next(session, acting, year, series, last)
    last[str(year)] = n
    kept = {"device": log.device_id(session).hex, "series": series, "last": last}
    session.merge(Setting(key=f"{_SERIES}:{acting.compound_id.hex}", value=to_json(kept).decode()))
    session.flush()
    return {"receipt_no": number(year, series, n)}


def _next(session: Session, acting: Acting, year: int, series: str, last: Mapping[str, int]) -> int:
    return max(last.get(str(year), 0), _highest(session, acting.compound_id, year, series)) + 1


def _series(session: Session, acting: Acting, year: int) -> tuple[str, dict[str, int]]:
    """Return this laptop's series and how far it has counted in each year; a copied store begins another."""
    kept = session.get(Setting, f"{_SERIES}:{acting.compound_id.hex}")
    if kept is not None:
        known = from_json(kept.value)
        if known["device"] == log.device_id(session).hex:
            return known["series"], dict(known["last"])
    return _unused(session, acting, year), {}


def _unused(session: Session, acting: Acting, year: int) -> str:
    """Return a series by chance, if possible one that no receipt in this store bears in a year."""
    series = series_from(acting.new_id().bytes[-8:])
    for _ in range(_TRIES):
        if not _highest(session, acting.compound_id, year, series):
            break
        series = series_from(acting.new_id().bytes[-8:])
    return series


def _highest(session: Session, compound_id: UUID, year: int, series: str) -> int:
    """Return the highest number that any receipt of the store bears in a series."""
    head = number(year, series, 0).rpartition("-")[0] + "-"
    statement = (
        select(_receipt.c.number)
        .where(
            _receipt.c.compound_id == compound_id, _receipt.c.number >= head, _receipt.c.number < head + "~"
        )
        .order_by(_receipt.c.number.desc())
        .limit(1)
    )
    found = session.connection().execute(statement).scalar()
    return 0 if found is None else int(found.rpartition("-")[2])
