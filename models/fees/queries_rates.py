"""Collection rates of a period by building, contact volunteer and item, and how they went from period to period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, String, case, func, select, type_coerce
from sqlmodel import Session

from models.community.tables import Building, Contact, Household, Person
from models.fees.periods import Cycle, Period, cycle_at
from models.fees.queries_promises import is_open
from models.fees.rates import Tally
from models.fees.rules import BillKind
from models.fees.tables import Bill, ChargeItem
from models.fees.tables_money import Allocation
from models.tables import table_of

_bill, _item, _allocation = table_of(Bill), table_of(ChargeItem), table_of(Allocation)
_household, _building = table_of(Household), table_of(Building)
_contact, _person = table_of(Contact), table_of(Person)
_CYCLES = {cycle.months: cycle for cycle in Cycle}


class By(StrEnum):
    """What a table of rates is broken down by."""

    BUILDING = "building"
    VOLUNTEER = "volunteer"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class RateLine:
    """One line of a table of rates: `key` is the row it is about, None for doors that nobody visits."""

    key: UUID | None
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of a period: of all of it, and broken down."""

    period: Period
    total: Tally
    lines: tuple[RateLine, ...]


@dataclass(frozen=True, slots=True)
class _Door:
    """What one door was billed for one item, or what it paid of older bills; ids as the store writes them.

    There are thousands of these for a few lines, and making a UUID takes longer than reading its row.
    """

    household: str
    building: str
    item: str
    billed: int = 0
    received: int = 0
    owed: int = 0
    recovered: int = 0
    old: int = 0


def latest_period(session: Session, compound_id: UUID, today: date) -> Period | None:
    """Return the period that was billed last, of the longest cycle that was; None where nothing was billed yet."""
    newest = select(func.max(_bill.c.since)).where(*_counting(compound_id), _bill.c.since <= today)
    since: date | None = session.connection().execute(newest).scalar()
    if since is None:
        return None
    cycle = usual_cycle(session, compound_id)
    return cycle_at(cycle, since)


def usual_cycle(session: Session, compound_id: UUID) -> Cycle:
    """Return the longest cycle of what is charged: shorter ones add up to it."""
    statement = select(_item.c.cycle).where(_item.c.compound_id == compound_id, _item.c.archived.is_(False))
    months = [Cycle(name).months for name in session.connection().execute(statement).scalars()]
    return _CYCLES[max(months, default=1)]


def rates(session: Session, compound_id: UUID, period: Period, *, by: By = By.BUILDING, today: date) -> Rates:
    """Return the rates of bills whose span begins within a period, as they stand now."""
    doors = _doors(session, compound_id, period)
    keys, names = _keys(session, compound_id, by, today)
    grouped: dict[str | None, list[_Door]] = defaultdict(list)
    for door in doors:
        grouped[keys(door)].append(door)
    lines = [
        RateLine(None if key is None else UUID(key), names.get(key, ""), _tally(rows))
        for key, rows in grouped.items()
    ]
    return Rates(period, _tally(doors), tuple(sorted(lines, key=_in_order)))


def _in_order(line: RateLine) -> tuple[bool, int, str]:
    """Sort buildings 2 before 10, and what has no name last."""
    return (line.key is None, int(line.name) if line.name.isdecimal() else 0, line.name)


def trend(session: Session, compound_id: UUID, last: Period, count: int) -> tuple[tuple[Period, Tally], ...]:
    """Return the rates of the `count` periods up to one, the oldest first; of periods without a bill nothing."""
    cycle = next(
        (one for one in Cycle if cycle_at(one, last.first) == last), usual_cycle(session, compound_id)
    )
    periods = [last]
    while len(periods) < count:
        periods.append(_before(cycle, periods[-1]))
    found = ((period, _billed_in(session, compound_id, period)) for period in reversed(periods))
    return tuple((period, tally) for period, tally in found if tally is not None)


def _billed_in(session: Session, compound_id: UUID, period: Period) -> Tally | None:
    """Return what was billed for a period and came of it, or None where nothing was; the database adds up door by door."""
    door = (
        select(
            func.sum(_bill.c.amount_fen).label("billed"),
            func.sum(_bill.c.paid_fen).label("received"),
            func.sum(_bill.c.owed_fen).label("owed"),
        )
        .where(*_counting(compound_id), *_begins_in(period))
        .group_by(_bill.c.household_id)
        .subquery("door")
    )
    charged = door.c.billed != 0
    sums = select(
        func.count(),
        func.sum(door.c.billed),
        func.sum(door.c.received),
        func.sum(case((charged, 1), else_=0)),
        func.sum(case((charged & (door.c.owed == 0), 1), else_=0)),
    ).select_from(door)
    rows, *found = session.connection().execute(sums).one()
    return Tally(*(int(one) for one in found)) if rows else None


def _before(cycle: Cycle, period: Period) -> Period:
    return cycle_at(cycle, date.fromordinal(period.first.toordinal() - 1))


def _counting(compound_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Return what makes a bill count for the rates: a charge that holds."""
    return (
        _bill.c.compound_id == compound_id,
        _bill.c.kind == BillKind.CHARGE.value,
        _bill.c.reversed_on.is_(None),
        _bill.c.archived.is_(False),
    )


def _begins_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    return (_bill.c.since >= period.first, _bill.c.since < period.end)


def _doors(session: Session, compound_id: UUID, period: Period) -> list[_Door]:
    connection = session.connection()
    at_home = (_household.c.compound_id == compound_id) & (_household.c.id == _bill.c.household_id)
    place = (_text(_bill.c.household_id), _text(_household.c.building_id), _text(_bill.c.item_id))
    billed = (
        select(*place, func.sum(_bill.c.amount_fen), func.sum(_bill.c.paid_fen), func.sum(_bill.c.owed_fen))
        .join_from(_bill, _household, at_home)
        .where(*_counting(compound_id), *_begins_in(period))
        .group_by(*place)
    )
    doors = [_Door(*row) for row in connection.execute(billed)]
    older = (
        _bill.c.compound_id == compound_id,
        _bill.c.since < period.first,
        _bill.c.reversed_on.is_(None),
        _bill.c.archived.is_(False),
    )
    left = (
        select(*place, func.sum(_bill.c.owed_fen))
        .join_from(_bill, _household, at_home)
        # Along what is open: asked for a day, SQLite would go through every bill before it.
        .where(
            *is_open(compound_id),
            _bill.c.reversed_on.is_(None),
            func.date(_bill.c.since, type_=Date) < period.first,
        )
        .group_by(*place)
    )
    doors += [_Door(home, building, item, old=fen) for home, building, item, fen in connection.execute(left)]
    within = _allocation.c.booked_on < period.end
    moved = (
        select(
            *place,
            func.sum(case((within, _allocation.c.fen), else_=0)),
            func.sum(case((within, 0), else_=_allocation.c.fen)),
        )
        .join_from(
            _allocation,
            _bill,
            (_bill.c.compound_id == compound_id) & (_bill.c.id == _allocation.c.bill_id),
        )
        .join(_household, at_home)
        .where(
            _allocation.c.compound_id == compound_id,
            _allocation.c.booked_on >= period.first,
            *older,
        )
        .group_by(*place)
    )
    # What came after the period was still open at its end.
    doors += [
        _Door(home, building, item, recovered=within_fen, old=after_fen)
        for home, building, item, within_fen, after_fen in connection.execute(moved)
    ]
    return doors


def _tally(doors: Iterable[_Door]) -> Tally:
    rows = list(doors)
    owed: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.billed:
            owed[row.household] += row.owed
    return Tally(
        billed_fen=sum(row.billed for row in rows),
        received_fen=sum(row.received for row in rows),
        doors=len(owed),
        doors_paid=sum(not fen for fen in owed.values()),
        recovered_fen=sum(row.recovered for row in rows),
        old_fen=sum(row.old for row in rows),
    )


def _text(column: ColumnElement[UUID]) -> ColumnElement[str]:
    return type_coerce(column, String)


def _keys(session: Session, compound_id: UUID, by: By, today: date) -> tuple[Any, Mapping[str | None, str]]:
    """Return what tells a door's line of the table, and the names of the lines."""
    connection = session.connection()
    if by is By.ITEM:
        rows = connection.execute(
            select(_text(_item.c.id).label("id"), _item.c.name).where(_item.c.compound_id == compound_id)
        )
        return (lambda door: door.item), {row.id: row.name for row in rows}
    if by is By.BUILDING:
        named = select(_text(_building.c.id).label("id"), _building.c.code).where(
            _building.c.compound_id == compound_id
        )
        return (lambda door: door.building), {row.id: row.code for row in connection.execute(named)}
    visits = (
        select(_text(_contact.c.household_id), _text(_contact.c.person_id), _person.c.name)
        .join_from(
            _contact, _person, (_person.c.compound_id == compound_id) & (_person.c.id == _contact.c.person_id)
        )
        .where(
            _contact.c.compound_id == compound_id,
            _contact.c.archived.is_(False),
            (_contact.c.since.is_(None)) | (_contact.c.since <= today),
            (_contact.c.until.is_(None)) | (_contact.c.until > today),
        )
        .order_by(_contact.c.since.desc(), _contact.c.id)
    )
    visitor: dict[str, str] = {}
    names: dict[str | None, str] = {}
    for household, person, name in connection.execute(visits):
        visitor[household] = person
        names[person] = name
    return (lambda door: visitor.get(door.household)), names
