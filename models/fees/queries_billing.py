"""Reading what a billing run stands on, in a fixed number of statements: its cost follows the households of the run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, and_, func, or_, select
from sqlmodel import Session

from models.community.rules import Relation
from models.community.searching import holding
from models.community.tables import Building, Household, Occupancy
from models.fees.billing_ground import (
    Cost,
    Deferral,
    Door,
    Granted,
    Ground,
    Item,
    MeterLine,
    MeterRead,
    Place,
    Space,
)
from models.fees.derivation import SHARED, Formula
from models.fees.periods import Cycle, Period, cycles_over
from models.fees.queries import ruling_of
from models.fees.queries_billing_before import BACK, billed_before, grouped
from models.fees.queries_billing_late import overdue
from models.fees.rules import Asked, ConcessionKind
from models.fees.tables import (
    ChargeItem,
    ChargeShare,
    Concession,
    Meter,
    MeterReading,
    ParkingSpace,
    SharedCost,
    Tariff,
)
from models.fees.tariffs import Discount, Rule
from models.tables import table_of

_household, _building, _occupancy = (table_of(one) for one in (Household, Building, Occupancy))
_item, _tariff, _share, _concession = (table_of(one) for one in (ChargeItem, Tariff, ChargeShare, Concession))
_meter, _reading, _cost, _space = (table_of(one) for one in (Meter, MeterReading, SharedCost, ParkingSpace))


def billing_ground(
    session: Session,
    compound_id: UUID,
    period: Period,
    *,
    today: date,
    buildings: Collection[UUID] = (),
    items: Collection[UUID] = (),
    households: Collection[UUID] = (),
    leaving_out: UUID | None = None,
) -> Ground:
    """Read what bills of a period are drawn up from, of some buildings, items and households; of all where none are given.

    `leaving_out` is a bill that is taken as never issued: what would stand in its place is drawn up.
    """
    reader = _Reader(session, compound_id, today, buildings, households)
    ruling = ruling_of(session, compound_id)
    found = reader.items(items)
    first = min((cycles_over(item.cycle, period)[0].first for item in found), default=period.first)
    last = max((cycles_over(item.cycle, period)[-1].end for item in found), default=period.end)
    formulas = {item.formula for item in found}
    doors = reader.doors()
    granted, deferrals = reader.concessions(first)
    return Ground(
        today=today,
        due_days=ruling.due_days,
        twice_ppm=ruling.twice_ppm,
        doors=doors,
        items=found,
        bearers=reader.bearers() if formulas & SHARED else (),
        weights=reader.weights(found),
        granted=granted,
        deferrals=deferrals,
        meters=reader.meters(found, first) if Formula.METER in formulas else {},
        spaces=reader.spaces(found, first) if Formula.PARKING in formulas else {},
        costs=reader.costs(found, first, last) if formulas & SHARED else {},
        billed=billed_before(
            session, compound_id, found, reader.chosen, first=first, leaving_out=leaving_out
        ),
        overdue=overdue(
            session, compound_id, found, reader.chosen, until=min(period.first, today.replace(day=1))
        ),
    )


class _Reader:
    """Statements on the households of one run."""

    def __init__(
        self,
        session: Session,
        compound_id: UUID,
        today: date,
        buildings: Collection[UUID],
        households: Collection[UUID],
    ) -> None:
        self._session = session
        self._compound_id = compound_id
        self._today = today
        conditions = [_household.c.compound_id == compound_id, _household.c.archived.is_(False)]
        narrowed = list(conditions)
        if buildings:
            narrowed.append(_household.c.building_id.in_(buildings))
        if households:
            narrowed.append(_household.c.id.in_(households))
        self._everybody, self._conditions = conditions, narrowed
        self._all = len(narrowed) == len(conditions)

    def chosen(self, column: Any) -> list[ColumnElement[bool]]:
        """Return the condition that a column names a household of the run; none where all are of it."""
        return [] if self._all else [column.in_(select(_household.c.id).where(*self._conditions))]

    def _rows(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        return self._session.connection().execute(statement).all()

    def _of(self, table: Table, *conditions: ColumnElement[bool]) -> list[ColumnElement[bool]]:
        return [table.c.compound_id == self._compound_id, table.c.archived.is_(False), *conditions]

    def items(self, wanted: Collection[UUID]) -> tuple[Item, ...]:
        """Return items in their order with all versions of their tariffs."""
        chosen = [_item.c.id.in_(wanted)] if wanted else []
        statement = select(_item).where(*self._of(_item, *chosen))
        rows = self._rows(statement.order_by(_item.c.position, _item.c.name, _item.c.id))
        formulas = {row.id: Formula(row.formula) for row in rows}
        tariffs = select(_tariff).where(*self._of(_tariff, _tariff.c.item_id.in_(formulas)))
        rules = grouped(
            self._rows(tariffs.order_by(_tariff.c.version)),
            lambda row: row.item_id,
            lambda row: rule_of(row, formulas[row.item_id]),
        )
        return tuple(
            Item(
                row.id,
                row.name,
                formulas[row.id],
                Cycle(row.cycle),
                frozenset(row.kinds),
                frozenset(row.buildings),
                rules.get(row.id, ()),
            )
            for row in rows
        )

    def doors(self) -> tuple[Door, ...]:
        """Return the households of the run, as people list them, and whether somebody owns them today."""
        owned = select(_occupancy.c.household_id).where(
            _occupancy.c.compound_id == self._compound_id,
            _occupancy.c.relation == Relation.OWNER.value,
            holding(_occupancy, self._today),
            *self.chosen(_occupancy.c.household_id),
        )
        owners = {row.household_id for row in self._rows(owned)}
        return self._read_doors(self._conditions, owners)

    def bearers(self) -> tuple[Door, ...]:
        """Return every household: a cost is shared with those that are not billed in this run, too."""
        return self._read_doors(self._everybody, None)

    def _read_doors(
        self, conditions: Sequence[ColumnElement[bool]], owners: Collection[UUID] | None
    ) -> tuple[Door, ...]:
        columns = ("id", "code", "kind", "area", "indoor_area")
        statement = (
            select(*(_household.c[name] for name in columns), _building.c.code.label("building"))
            .join_from(
                _household,
                _building,
                and_(
                    _building.c.compound_id == self._compound_id, _building.c.id == _household.c.building_id
                ),
            )
            .where(*conditions)
            .order_by(_household.c.sort_key, _household.c.code)
        )
        return tuple(
            Door(
                row.id,
                row.code,
                row.building,
                row.kind,
                row.area,
                row.indoor_area,
                owners is None or row.id in owners,
            )
            for row in self._rows(statement)
        )

    def weights(self, items: Sequence[Item]) -> dict[Place, int]:
        """Return the weights that were set. Those of a shared cost are everybody's, as its bearers are."""
        shared = [item.id for item in items if item.formula in SHARED]
        chosen = self.chosen(_share.c.household_id)
        own = [or_(_share.c.item_id.in_(shared), *chosen)] if chosen else []
        statement = select(_share.c.household_id, _share.c.item_id, _share.c.weight).where(
            *self._of(_share, _share.c.item_id.in_([item.id for item in items]), *own)
        )
        return {Place(row.household_id, row.item_id): row.weight for row in self._rows(statement)}

    def concessions(
        self, first: date
    ) -> tuple[dict[UUID, tuple[Granted, ...]], dict[UUID, tuple[Deferral, ...]]]:
        """Return the discounts that hold after a day, and every deferral: late charges of older bills ask for those."""
        statement = select(_concession).where(
            *self._of(
                _concession,
                _concession.c.state == Asked.DONE.value,
                or_(
                    _concession.c.kind == ConcessionKind.DEFERRAL.value,
                    _concession.c.until.is_(None),
                    _concession.c.until > first,
                ),
                *self.chosen(_concession.c.household_id),
            )
        )
        rows = self._rows(statement.order_by(_concession.c.since, _concession.c.id))
        discounts = [row for row in rows if row.kind == ConcessionKind.DISCOUNT.value]
        deferrals = [row for row in rows if row.defer_until is not None and row not in discounts]
        return (
            grouped(discounts, lambda row: row.household_id, _granted),
            grouped(
                deferrals,
                lambda row: row.household_id,
                lambda row: Deferral(row.item_id, row.since, row.until, row.defer_until),
            ),
        )

    def meters(self, items: Sequence[Item], first: date) -> dict[Place, tuple[MeterLine, ...]]:
        """Return meters with their readings from the last one on that is older than what can have been billed last."""
        older = _reading.alias("older")
        since = (
            select(func.max(older.c.read_on))
            .where(
                older.c.compound_id == self._compound_id,
                older.c.meter_id == _meter.c.id,
                older.c.archived.is_(False),
                older.c.read_on <= first - BACK,
            )
            .scalar_subquery()
        )
        statement = (
            select(
                _meter.c.household_id,
                _meter.c.item_id,
                _meter.c.code,
                _reading.c.read_on,
                _reading.c.reading,
                _reading.c.restarted,
            )
            .outerjoin_from(
                _meter,
                _reading,
                and_(
                    _reading.c.compound_id == self._compound_id,
                    _reading.c.meter_id == _meter.c.id,
                    _reading.c.archived.is_(False),
                    or_(since.is_(None), _reading.c.read_on >= since),
                ),
            )
            .where(
                *self._of(
                    _meter,
                    _meter.c.item_id.in_([item.id for item in items]),
                    _meter.c.household_id.is_not(None),
                    *self.chosen(_meter.c.household_id),
                )
            )
            .order_by(_meter.c.code, _reading.c.read_on, _reading.c.id)
        )
        found: dict[tuple[Place, str], list[MeterRead]] = {}
        for row in self._rows(statement):
            readings = found.setdefault((Place(row.household_id, row.item_id), row.code), [])
            if row.read_on is not None:
                readings.append(MeterRead(row.read_on, row.reading, row.restarted))
        return grouped(found.items(), lambda one: one[0][0], lambda one: MeterLine(one[0][1], tuple(one[1])))

    def spaces(self, items: Sequence[Item], first: date) -> dict[Place, tuple[Space, ...]]:
        """Return the parking spaces that households have after a day."""
        statement = select(_space).where(
            *self._of(
                _space,
                _space.c.item_id.in_([item.id for item in items]),
                or_(_space.c.until.is_(None), _space.c.until > first),
                *self.chosen(_space.c.household_id),
            )
        )
        return grouped(
            self._rows(statement.order_by(_space.c.code, _space.c.id)),
            lambda row: Place(row.household_id, row.item_id),
            lambda row: Space(row.code, row.since, row.until),
        )

    def costs(self, items: Sequence[Item], first: date, last: date) -> dict[UUID, tuple[Cost, ...]]:
        """Return the costs of some items that begin between two days."""
        statement = select(_cost.c.item_id, _cost.c.since, _cost.c.fen).where(
            *self._of(
                _cost,
                _cost.c.item_id.in_([item.id for item in items]),
                _cost.c.since >= first,
                _cost.c.since < last,
            )
        )
        return grouped(
            self._rows(statement.order_by(_cost.c.since, _cost.c.id)),
            lambda row: row.item_id,
            lambda row: Cost(row.since, row.fen),
        )


def rule_of(row: Any, formula: Formula) -> Rule:
    """Return a row of `tariff` as the sums take it."""
    return Rule(
        row.id,
        row.version,
        formula,
        row.price,
        row.since,
        row.until,
        row.prepay_months,
        row.prepay_ppm,
        row.late_ppm,
        row.late_grace_days,
        row.late_cap_ppm,
    )


def _granted(row: Any) -> Granted:
    return Granted(row.item_id, Discount(row.id, row.since, row.until, row.ppm, row.fen, row.reason))
