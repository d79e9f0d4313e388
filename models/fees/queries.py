"""Bills, payments and receipts as rooms see them, and what one door owes. Money is integer fen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session

from models.community.tables import Household, Occupancy, Person
from models.fees.queries_asked import AskedLine, asked_lines
from models.fees.rules import Approval, Ruling
from models.fees.tables import Bill, ChargeItem, FeeRuling, Tariff
from models.fees.tables_money import Allocation, Payment, Receipt
from models.operations.roles import Role
from models.tables import table_of

_bill, _item, _tariff, _ruling = (table_of(one) for one in (Bill, ChargeItem, Tariff, FeeRuling))
_payment, _allocation, _receipt = (table_of(one) for one in (Payment, Allocation, Receipt))
_household, _occupancy, _person = (table_of(one) for one in (Household, Occupancy, Person))
#: Payments that a door's account shows.
NEWEST = 10


@dataclass(frozen=True, slots=True)
class BillLine:
    """A bill with the names of its door and item. `sums` is how it came (derivation.charge_of)."""

    id: UUID
    household_id: UUID
    door: str
    building_id: UUID
    item_id: UUID
    item: str
    kind: str
    since: date
    until: date
    gross_fen: int
    discount_fen: int
    amount_fen: int
    paid_fen: int
    owed_fen: int
    due_on: date
    booked_on: date
    settled_on: date | None
    tariff_id: UUID | None
    version: int | None
    run_id: UUID | None
    of_id: UUID | None
    sums: Mapping[str, Any]
    note: str
    reversed_on: date | None
    reversal_reason: str


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment with the names of its door and collector, and the number of the receipt that holds."""

    id: UUID
    household_id: UUID | None
    door: str
    amount_fen: int
    free_fen: int
    method: str
    paid_at: datetime
    booked_on: date
    collector_id: UUID | None
    collector: str
    payer: str
    reference: str
    row_id: UUID | None
    words: str
    reversed_on: date | None
    number: str


@dataclass(frozen=True, slots=True)
class AllocatedLine:
    """Some of a payment on a bill, all its lines together."""

    payment_id: UUID
    bill_id: UUID
    fen: int
    on: date


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody of a household, and as what."""

    person_id: UUID
    name: str
    relation: str
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoorAccount:
    """What a door owes and has: its open bills, the oldest first, its credit, and its newest payments."""

    household_id: UUID
    code: str
    archived: bool
    people: tuple[Resident, ...]
    bills: tuple[BillLine, ...]
    credit_fen: int
    payments: tuple[PaymentLine, ...]
    asked: tuple[AskedLine, ...]

    @property
    def owed_fen(self) -> int:
        """What is owed in all, credit not taken off: as long as anything is owed there is none."""
        return sum(bill.owed_fen for bill in self.bills)

    @property
    def owed_since(self) -> date | None:
        """The day on which the oldest open bill was due."""
        return min((bill.due_on for bill in self.bills), default=None)


def bill_lines(
    session: Session,
    compound_id: UUID,
    *conditions: ColumnElement[bool],
    order: Sequence[Any] = (),
    limit: int | None = None,
    offset: int = 0,
) -> tuple[BillLine, ...]:
    """Return the bills that meet conditions on columns of bill and household, in an order (by day where none is given)."""
    columns = [
        column for column in _bill.c if column.name not in {"compound_id", "rev", "archived", "stamps"}
    ]
    statement = (
        select(
            *columns,
            _household.c.code.label("door"),
            _household.c.building_id,
            _item.c.name.label("item"),
            _tariff.c.version,
        )
        .join_from(
            _bill,
            _household,
            (_household.c.compound_id == compound_id) & (_household.c.id == _bill.c.household_id),
        )
        .join(_item, (_item.c.compound_id == compound_id) & (_item.c.id == _bill.c.item_id))
        .outerjoin(_tariff, (_tariff.c.compound_id == compound_id) & (_tariff.c.id == _bill.c.tariff_id))
        .where(_bill.c.compound_id == compound_id, _bill.c.archived.is_(False), *conditions)
        .order_by(*(order or (_bill.c.since, _bill.c.due_on, _bill.c.id)))
    )
    rows = session.connection().execute(_paged(statement, limit, offset)).mappings()
    names = BillLine.__dataclass_fields__
    return tuple(BillLine(**{name: row[name] for name in names}) for row in rows)


def payment_lines(
    session: Session,
    compound_id: UUID,
    *conditions: ColumnElement[bool],
    order: Sequence[Any] = (),
    limit: int | None = None,
    offset: int = 0,
) -> tuple[PaymentLine, ...]:
    """Return the payments that meet conditions on columns of payment and household, the newest first where no order is given."""
    skipped = {"compound_id", "rev", "archived", "stamps", "recorder_id"}
    columns = [column for column in _payment.c if column.name not in skipped]
    statement = (
        select(*columns, _household.c.code, _person.c.name.label("collector"))
        .outerjoin_from(
            _payment,
            _household,
            (_household.c.compound_id == compound_id) & (_household.c.id == _payment.c.household_id),
        )
        .outerjoin(
            _person, (_person.c.compound_id == compound_id) & (_person.c.id == _payment.c.collector_id)
        )
        .where(_payment.c.compound_id == compound_id, _payment.c.archived.is_(False), *conditions)
        .order_by(*(order or (_payment.c.paid_at.desc(), _payment.c.id.desc())))
    )
    rows = list(session.connection().execute(_paged(statement, limit, offset)).mappings())
    numbers = receipt_numbers(session, compound_id, [row["id"] for row in rows])
    names = PaymentLine.__dataclass_fields__.keys() - {"door", "collector", "number"}
    return tuple(
        PaymentLine(
            **{name: row[name] for name in names},
            door=row["code"] or "",
            collector=row["collector"] or "",
            number=numbers.get(row["id"], ""),
        )
        for row in rows
    )


def _paged(statement: Select[Any], limit: int | None, offset: int) -> Select[Any]:
    return statement if limit is None else statement.limit(limit).offset(offset)


def receipt_numbers(session: Session, compound_id: UUID, payment_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the number of the receipt of each payment: the one that holds, else the last that was made void."""
    wanted, found = list(payment_ids), dict[UUID, str]()
    for start in range(0, len(wanted), 500):
        statement = (
            select(_receipt.c.payment_id, _receipt.c.number)
            .where(
                _receipt.c.compound_id == compound_id,
                _receipt.c.payment_id.in_(wanted[start : start + 500]),
            )
            # The last one written wins: void ones first.
            .order_by(_receipt.c.voided_at.is_(None), _receipt.c.issued_at, _receipt.c.id)
        )
        found.update((row[0], row[1]) for row in session.connection().execute(statement))
    return found


def allocated(
    session: Session,
    compound_id: UUID,
    *,
    payments: Iterable[UUID] = (),
    bills: Iterable[UUID] = (),
) -> tuple[AllocatedLine, ...]:
    """Return what lies of some payments on bills, or of payments on some bills, the oldest first; what was undone is left out."""
    by_payment, by_bill = list(payments), list(bills)
    # Added up here: asked to group, SQLite may walk every allocation along the other column's index.
    asked = _allocation.c.payment_id.in_(by_payment) if by_payment else _allocation.c.bill_id.in_(by_bill)
    statement = select(
        _allocation.c.payment_id, _allocation.c.bill_id, _allocation.c.fen, _allocation.c.booked_on
    ).where(_allocation.c.compound_id == compound_id, _allocation.c.bill_id.is_not(None), asked)
    sums: dict[tuple[UUID, UUID], tuple[int, date]] = {}
    for payment, bill, fen, on in session.connection().execute(statement):
        before, first = sums.get((payment, bill), (0, on))
        sums[payment, bill] = (before + fen, min(first, on))
    rows = [AllocatedLine(*key, fen, on) for key, (fen, on) in sums.items() if fen]
    return tuple(sorted(rows, key=lambda row: (row.on, row.payment_id.hex, row.bill_id.hex)))


def residents(
    session: Session, compound_id: UUID, household_ids: Iterable[UUID], today: date
) -> dict[UUID, tuple[Resident, ...]]:
    """Return who owns or lives in some households on a day, owners first."""
    wanted = list(household_ids)
    found: dict[UUID, list[Resident]] = defaultdict(list)
    for start in range(0, len(wanted), 500):
        statement = (
            select(
                _occupancy.c.household_id,
                _person.c.id,
                _person.c.name,
                _occupancy.c.relation,
                _person.c.phones,
            )
            .join_from(
                _occupancy,
                _person,
                (_person.c.compound_id == compound_id) & (_person.c.id == _occupancy.c.person_id),
            )
            .where(
                _occupancy.c.compound_id == compound_id,
                _occupancy.c.household_id.in_(wanted[start : start + 500]),
                _occupancy.c.archived.is_(False),
                (_occupancy.c.since.is_(None)) | (_occupancy.c.since <= today),
                (_occupancy.c.until.is_(None)) | (_occupancy.c.until > today),
            )
        )
        for household_id, person_id, name, relation, phones in session.connection().execute(statement):
            found[household_id].append(Resident(person_id, name, relation, tuple(phones)))
    return {
        household_id: tuple(
            sorted(people, key=lambda one: (one.relation != "owner", one.name, one.person_id.hex))
        )
        for household_id, people in found.items()
    }


def door_account(
    session: Session, compound_id: UUID, household_id: UUID, *, today: date
) -> DoorAccount | None:
    """Return what a door owes and has, or None where there is no such door."""
    door = (
        session.connection()
        .execute(
            select(_household.c.code, _household.c.archived).where(
                _household.c.compound_id == compound_id, _household.c.id == household_id
            )
        )
        .first()
    )
    if door is None:
        return None
    credit = select(func.coalesce(func.sum(_payment.c.free_fen), 0)).where(
        _payment.c.compound_id == compound_id,
        _payment.c.household_id == household_id,
        _payment.c.free_fen + 0 > 0,  # along the household's index, not along all that is free anywhere
        _payment.c.archived.is_(False),
    )
    own = _bill.c.household_id == household_id
    return DoorAccount(
        household_id=household_id,
        code=door.code,
        archived=door.archived,
        people=residents(session, compound_id, [household_id], today).get(household_id, ()),
        bills=bill_lines(session, compound_id, own, _bill.c.owed_fen + 0 > 0),
        credit_fen=int(session.connection().execute(credit).scalar_one()),
        payments=payment_lines(session, compound_id, _payment.c.household_id == household_id, limit=NEWEST),
        asked=asked_lines(session, compound_id, household_id),
    )


def ruling_of(session: Session, compound_id: UUID) -> Ruling:
    """Return what a compound has set for all its fees, else what is built in."""
    statement = select(_ruling).where(_ruling.c.compound_id == compound_id, _ruling.c.archived.is_(False))
    row = session.connection().execute(statement).mappings().first()
    if row is None:
        return Ruling()
    approvals = tuple(
        Approval(line["up_to_fen"], tuple(Role(role) for role in line["roles"]), line["hands"])
        for line in row["approvals"]
    )
    names = ("due_days", "target_ppm", "twice_ppm", "bulk_score", "payee", "pay_to")
    return Ruling(**{name: row[name] for name in names}, approvals=approvals or Ruling().approvals)
