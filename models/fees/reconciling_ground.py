"""What rows of a bill's file are compared with, read in a fixed number of statements, however many rows there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from models.community.tables import Household, Occupancy, Person
from models.fees.allocating import OpenBill
from models.fees.evidence import Ground, Home, Recorded, ground_of
from models.fees.rules import BillKind
from models.fees.tables import Bill
from models.fees.tables_money import Payment
from models.files.money_files.rows import CHINA, MoneyRow
from models.tables import table_of

_household, _occupancy, _person = (table_of(one) for one in (Household, Occupancy, Person))
_bill, _payment = table_of(Bill), table_of(Payment)
#: Payments are looked for so long before and after the rows: somebody may have written one down weeks later.
_AROUND = timedelta(days=45)
#: What a home is billed usually is what it was billed within this.
_USUAL = timedelta(days=400)
_MOST_USUAL = 4


@dataclass(frozen=True, slots=True)
class Footing:
    """What rows are compared with, and what taking one then needs: the open bills, and the codes of the doors."""

    ground: Ground
    bills: Mapping[UUID, tuple[OpenBill, ...]]

    def code(self, household_id: UUID | None) -> str:
        """Return a door's code, empty where there is no such door."""
        home = None if household_id is None else self.ground.homes.get(household_id)
        return "" if home is None else home.code


def footing(session: Session, compound_id: UUID, rows: Collection[MoneyRow], *, today: date) -> Footing:
    """Return what rows are compared with: four statements, and one for the payments made around their time."""
    bills = _open_bills(session, compound_id)
    homes = _homes(session, compound_id, today)
    payments = _payments(session, compound_id, rows)
    return Footing(ground_of(homes, bills, payments), bills)


def _homes(session: Session, compound_id: UUID, today: date) -> list[Home]:
    doors = session.connection().execute(
        select(_household.c.id, _household.c.code)
        .where(_household.c.compound_id == compound_id, _household.c.archived.is_(False))
        .order_by(_household.c.code)
    )
    names: dict[UUID, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for household_id, name, relation in session.connection().execute(
        select(_occupancy.c.household_id, _person.c.name, _occupancy.c.relation)
        .join_from(
            _occupancy,
            _person,
            (_person.c.compound_id == compound_id) & (_person.c.id == _occupancy.c.person_id),
        )
        .where(
            _occupancy.c.compound_id == compound_id,
            _occupancy.c.archived.is_(False),
            (_occupancy.c.since.is_(None)) | (_occupancy.c.since <= today),
            (_occupancy.c.until.is_(None)) | (_occupancy.c.until > today),
        )
        .order_by(_person.c.name, _person.c.id)
    ):
        names[household_id][relation != "owner"].append(name)
    usual = _usual(session, compound_id, today)
    homes = []
    for household_id, code in doors:
        owners, members = names[household_id]
        homes.append(Home(household_id, code, tuple(owners), tuple(members), usual.get(household_id, ())))
    return homes


def _usual(session: Session, compound_id: UUID, today: date) -> dict[UUID, tuple[int, ...]]:
    """Return what each home was billed for a span of late, by item and for all items together."""
    statement = (
        select(_bill.c.household_id, _bill.c.item_id, _bill.c.since, func.max(_bill.c.amount_fen))
        .where(
            _bill.c.compound_id == compound_id,
            _bill.c.since > today - _USUAL,
            _bill.c.kind == BillKind.CHARGE.value,
            _bill.c.reversed_on.is_(None),
            _bill.c.archived.is_(False),
        )
        .group_by(_bill.c.household_id, _bill.c.item_id, _bill.c.since)
        .order_by(_bill.c.since)
    )
    last: dict[UUID, dict[UUID, tuple[date, int]]] = defaultdict(dict)
    for household_id, item_id, since, fen in session.connection().execute(statement):
        last[household_id][item_id] = (since, fen)
    found = {}
    for household_id, items in last.items():
        amounts = [fen for _, fen in sorted(items.values(), reverse=True)]
        newest = max(since for since, _ in items.values())
        together = sum(fen for since, fen in items.values() if since == newest)
        found[household_id] = tuple(dict.fromkeys((together, *amounts)))[:_MOST_USUAL]
    return found


def _open_bills(session: Session, compound_id: UUID) -> dict[UUID, tuple[OpenBill, ...]]:
    statement = (
        select(_bill.c.household_id, _bill.c.id, _bill.c.due_on, _bill.c.since, _bill.c.owed_fen)
        .where(_bill.c.compound_id == compound_id, _bill.c.owed_fen > 0, _bill.c.archived.is_(False))
        .order_by(_bill.c.since, _bill.c.due_on, _bill.c.id)
    )
    found: dict[UUID, list[OpenBill]] = defaultdict(list)
    for household_id, *values in session.connection().execute(statement):
        found[household_id].append(OpenBill(*values))
    return {household_id: tuple(bills) for household_id, bills in found.items()}


def _payments(session: Session, compound_id: UUID, rows: Collection[MoneyRow]) -> list[Recorded]:
    if not rows:
        return []
    first, last = min(row.at for row in rows), max(row.at for row in rows)
    statement = select(
        _payment.c.id,
        _payment.c.household_id,
        _payment.c.method,
        _payment.c.amount_fen,
        _payment.c.paid_at,
        _payment.c.reference,
        _payment.c.row_id.is_not(None),
    ).where(
        _payment.c.compound_id == compound_id,
        _payment.c.paid_at.between(first - _AROUND, last + _AROUND),
        _payment.c.reversed_on.is_(None),
        _payment.c.archived.is_(False),
    )
    return [
        Recorded(row[0], row[1], row[2], row[3], row[4].astimezone(CHINA), row[5], bool(row[6]))
        for row in session.connection().execute(statement)
    ]
