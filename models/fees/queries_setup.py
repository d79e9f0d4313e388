"""What bills are made by, as its rooms see it: items with their tariffs, meters, parking spaces, shared costs, weights, concessions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session

from models.community.tables import Household, Person
from models.fees.tables import (
    Bill,
    ChargeItem,
    ChargeShare,
    Concession,
    Meter,
    MeterReading,
    ParkingSpace,
    SharedCost,
    Tariff,
)
from models.tables import table_of

_item, _tariff, _share, _bill = (table_of(one) for one in (ChargeItem, Tariff, ChargeShare, Bill))
_meter, _reading, _cost = (table_of(one) for one in (Meter, MeterReading, SharedCost))
_space, _concession = table_of(ParkingSpace), table_of(Concession)
_household, _person = table_of(Household), table_of(Person)


@dataclass(frozen=True, slots=True)
class TariffLine:
    """One version of what an item costs; `used` tells that something was billed by it."""

    id: UUID
    version: int
    price: int
    since: date
    until: date | None
    prepay_months: int
    prepay_ppm: int
    late_ppm: int
    late_grace_days: int
    late_cap_ppm: int
    note: str
    used: bool


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A charge item with its tariffs, the newest first."""

    id: UUID
    name: str
    formula: str
    cycle: str
    kinds: tuple[str, ...]
    buildings: tuple[str, ...]
    position: int
    note: str
    archived: bool
    tariffs: tuple[TariffLine, ...]

    def in_force(self, today: date) -> TariffLine | None:
        """Return the version that holds on a day."""
        return next(
            (one for one in self.tariffs if one.since <= today and (one.until is None or today < one.until)),
            None,
        )


@dataclass(frozen=True, slots=True)
class MeterLine:
    """A meter with its last reading (1/1000 of its unit) and the one before."""

    id: UUID
    code: str
    household_id: UUID | None
    door: str
    place: str
    note: str
    archived: bool
    reading: int | None
    read_on: date | None
    before: int | None


@dataclass(frozen=True, slots=True)
class SpaceLine:
    """A parking space and whose it is over a half-open span of days."""

    id: UUID
    code: str
    household_id: UUID
    door: str
    since: date | None
    until: date | None
    note: str
    archived: bool


@dataclass(frozen=True, slots=True)
class CostLine:
    """A cost that is shared; `billed` tells that it was split already."""

    id: UUID
    since: date
    until: date
    fen: int
    words: str
    archived: bool
    billed: bool


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A household that takes part in an item by a weight of its own; 0 leaves it out."""

    id: UUID
    household_id: UUID
    door: str
    weight: int


@dataclass(frozen=True, slots=True)
class ConcessionLine:
    """What a household was granted, or what was asked for it."""

    id: UUID
    household_id: UUID
    door: str
    item: str
    kind: str
    ppm: int
    fen: int
    since: date
    until: date | None
    defer_until: date | None
    reason: str
    state: str
    asked_by_id: UUID | None
    asked_by: str
    decided_by: str
    decided_on: date | None
    words: str
    archived: bool


def items_of(session: Session, compound_id: UUID) -> tuple[ItemLine, ...]:
    """Return the charge items in their order, those put away last, with every version of what they cost."""
    connection = session.connection()
    used = set(
        connection.execute(
            select(_bill.c.tariff_id)
            .where(
                _bill.c.compound_id == compound_id,
                _bill.c.tariff_id.is_not(None),
                _bill.c.reversed_on.is_(None),
            )
            .distinct()
        ).scalars()
    )
    tariffs: dict[UUID, list[TariffLine]] = defaultdict(list)
    names = [name for name in TariffLine.__dataclass_fields__ if name != "used"]
    statement = (
        select(_tariff)
        .where(_tariff.c.compound_id == compound_id, _tariff.c.archived.is_(False))
        .order_by(_tariff.c.since.desc(), _tariff.c.version.desc())
    )
    for row in connection.execute(statement).mappings():
        values = {name: row[name] for name in names}
        tariffs[row["item_id"]].append(TariffLine(**values, used=row["id"] in used))
    rows = connection.execute(
        select(_item)
        .where(_item.c.compound_id == compound_id)
        .order_by(_item.c.archived, _item.c.position, _item.c.name)
    ).mappings()
    return tuple(
        ItemLine(
            id=row["id"],
            name=row["name"],
            formula=row["formula"],
            cycle=row["cycle"],
            kinds=tuple(row["kinds"]),
            buildings=tuple(row["buildings"]),
            position=row["position"],
            note=row["note"],
            archived=row["archived"],
            tariffs=tuple(tariffs.get(row["id"], ())),
        )
        for row in rows
    )


def _with_door(table: Any, compound_id: UUID, *conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*table.c, _household.c.code.label("door"))
        .outerjoin_from(
            table,
            _household,
            (_household.c.compound_id == compound_id) & (_household.c.id == table.c.household_id),
        )
        .where(table.c.compound_id == compound_id, *conditions)
    )


def meters_of(session: Session, compound_id: UUID, item_id: UUID) -> tuple[MeterLine, ...]:
    """Return the meters of an item by their codes, each with its last two readings; those put away last."""
    connection = session.connection()
    rows = list(
        connection.execute(
            _with_door(_meter, compound_id, _meter.c.item_id == item_id).order_by(
                _meter.c.archived, _meter.c.code
            )
        ).mappings()
    )
    place = (
        func.row_number()
        .over(partition_by=_reading.c.meter_id, order_by=(_reading.c.read_on.desc(), _reading.c.id.desc()))
        .label("place")
    )
    newest = (
        select(_reading.c.meter_id, _reading.c.reading, _reading.c.read_on, place)
        .join_from(
            _reading, _meter, (_meter.c.compound_id == compound_id) & (_meter.c.id == _reading.c.meter_id)
        )
        .where(
            _reading.c.compound_id == compound_id,
            _reading.c.archived.is_(False),
            _meter.c.item_id == item_id,
        )
        .subquery()
    )
    last: dict[UUID, list[tuple[int, date]]] = defaultdict(list)
    two = select(newest).where(newest.c.place <= 2).order_by(newest.c.place)  # noqa: PLR2004  # this one and the last
    for row in connection.execute(two):
        last[row.meter_id].append((row.reading, row.read_on))
    return tuple(
        MeterLine(
            id=row["id"],
            code=row["code"],
            household_id=row["household_id"],
            door=row["door"] or "",
            place=row["place"],
            note=row["note"],
            archived=row["archived"],
            reading=last[row["id"]][0][0] if last[row["id"]] else None,
            read_on=last[row["id"]][0][1] if last[row["id"]] else None,
            before=last[row["id"]][1][0] if len(last[row["id"]]) > 1 else None,
        )
        for row in rows
    )


def spaces_of(session: Session, compound_id: UUID, item_id: UUID) -> tuple[SpaceLine, ...]:
    """Return the parking spaces of an item: those held now or to come first, by their codes."""
    rows = session.connection().execute(
        _with_door(_space, compound_id, _space.c.item_id == item_id).order_by(
            _space.c.archived, _space.c.code, _space.c.since
        )
    )
    names = SpaceLine.__dataclass_fields__
    return tuple(SpaceLine(**{name: row[name] for name in names}) for row in rows.mappings())


def costs_of(session: Session, compound_id: UUID, item_id: UUID) -> tuple[CostLine, ...]:
    """Return the shared costs of an item, the newest first."""
    connection = session.connection()
    billed = set(
        connection.execute(
            select(_bill.c.since)
            .where(
                _bill.c.compound_id == compound_id,
                _bill.c.item_id == item_id,
                _bill.c.reversed_on.is_(None),
            )
            .distinct()
        ).scalars()
    )
    rows = connection.execute(
        select(_cost)
        .where(_cost.c.compound_id == compound_id, _cost.c.item_id == item_id)
        .order_by(_cost.c.archived, _cost.c.since.desc(), _cost.c.id)
    ).mappings()
    names = CostLine.__dataclass_fields__.keys() - {"billed"}
    return tuple(
        CostLine(**{name: row[name] for name in names}, billed=row["since"] in billed) for row in rows
    )


def shares_of(session: Session, compound_id: UUID, item_id: UUID) -> tuple[ShareLine, ...]:
    """Return the households that take part in an item by a weight of their own, by door."""
    rows = session.connection().execute(
        _with_door(_share, compound_id, _share.c.item_id == item_id, _share.c.archived.is_(False)).order_by(
            _household.c.sort_key, _household.c.code
        )
    )
    names = ShareLine.__dataclass_fields__
    return tuple(ShareLine(**{name: row[name] for name in names}) for row in rows.mappings())


def concessions_of(session: Session, compound_id: UUID) -> tuple[ConcessionLine, ...]:
    """Return every concession: those that wait for an answer first, then by door."""
    asker, decider = _person.alias("asker"), _person.alias("decider")
    statement = (
        _with_door(_concession, compound_id)
        .add_columns(
            asker.c.name.label("asked_by"), decider.c.name.label("decided_by"), _item.c.name.label("item")
        )
        .outerjoin(asker, (asker.c.compound_id == compound_id) & (asker.c.id == _concession.c.asked_by_id))
        .outerjoin(
            decider, (decider.c.compound_id == compound_id) & (decider.c.id == _concession.c.decided_by_id)
        )
        .outerjoin(_item, (_item.c.compound_id == compound_id) & (_item.c.id == _concession.c.item_id))
        .order_by(
            _concession.c.archived,
            _concession.c.state != "asked",
            _household.c.sort_key,
            _concession.c.since.desc(),
            _concession.c.id,
        )
    )
    return tuple(_conceded(row) for row in session.connection().execute(statement).mappings())


def _conceded(row: Any) -> ConcessionLine:
    values = {name: row[name] for name in ConcessionLine.__dataclass_fields__}
    return ConcessionLine(**values | {name: row[name] or "" for name in _WORDS})


_WORDS = {"door", "item", "asked_by", "decided_by"}
