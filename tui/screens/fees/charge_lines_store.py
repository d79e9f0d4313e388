"""What the room of one item's doors reads: meters, parking spaces, shared costs, weights; and what changes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from models.fees.derivation import SHARED, Formula
from models.fees.operations import TREASURERS
from models.fees.queries_setup import (
    CostLine,
    ItemLine,
    MeterLine,
    ShareLine,
    SpaceLine,
    costs_of,
    items_of,
    meters_of,
    shares_of,
    spaces_of,
)
from models.operations.envelope import Intent
from models.operations.roles import KEEPERS, WORKERS
from tui import edge
from tui.desk import Desk

Row = MeterLine | SpaceLine | CostLine | ShareLine


@dataclass(frozen=True, slots=True)
class Lines:
    """An item and what hangs on it; `may` set it up, `may_read` its meters."""

    item: ItemLine
    rows: tuple[Row, ...]
    today: date
    may: bool
    may_read: bool

    def row(self, row_id: str | None) -> Row | None:
        return next((row for row in self.rows if str(row.id) == row_id), None)


def look(desk: Desk, item_id: UUID) -> Lines | None:
    """Return an item with its meters, spaces, or costs and weights, whichever it is charged by."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        item = next((one for one in items_of(session, compound_id) if one.id == item_id), None)
        if item is None:
            return None
        formula = Formula(item.formula)
        rows: tuple[Row, ...]
        if formula is Formula.METER:
            rows = meters_of(session, compound_id, item_id)
        elif formula is Formula.PARKING:
            rows = spaces_of(session, compound_id, item_id)
        elif formula in SHARED:
            rows = (*costs_of(session, compound_id, item_id), *shares_of(session, compound_id, item_id))
        else:
            rows = shares_of(session, compound_id, item_id)
    roles = KEEPERS if formula is Formula.METER else TREASURERS
    return Lines(item, rows, desk.today(), desk.may(roles), desk.may(WORKERS))


def making(kind: str, item: ItemLine, household: str | None, wanted: Mapping[str, Any]) -> list[Intent]:
    """Return what adds a meter, a space or a cost, or sets a weight."""
    payload: dict[str, Any] = {"item": str(item.id), **wanted}
    if kind != "fee.set_share":
        payload["id"] = str(edge.new_id())
    if household is not None:
        payload["household_id" if kind == "fee.add_meter" else "household"] = household
    return [Intent(kind, payload)]


def reading(meter: MeterLine, wanted: Mapping[str, Any]) -> list[Intent]:
    """Return what notes a reading."""
    return [Intent("fee.read_meter", {"id": str(edge.new_id()), "meter": str(meter.id), **wanted})]


def putting_away(row: Row, today: date) -> list[Intent]:
    """Return what ends a space, takes a weight back, or puts a meter or a cost away or brings it back."""
    if isinstance(row, SpaceLine):
        return [Intent("parking_space.end", {"parking_space": str(row.id), "until": today.isoformat()})]
    if isinstance(row, ShareLine):
        return []
    noun = "meter" if isinstance(row, MeterLine) else "shared_cost"
    return [Intent(f"{noun}.{'unarchive' if row.archived else 'archive'}", {noun: str(row.id)})]


def weighing_plainly(item: ItemLine, row: ShareLine) -> list[Intent]:
    """Return what lets a household take part as all do."""
    payload = {
        "item": str(item.id),
        "household": str(row.household_id),
        "weight": 1,
        "before": row.weight,
    }
    return [Intent("fee.set_share", payload)]
