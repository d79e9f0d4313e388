"""What the room of charge items reads, and what changes them, as intents; runs in worker threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from models.fees.derivation import Formula
from models.fees.operations import TREASURERS
from models.fees.periods import Cycle
from models.fees.queries_setup import ItemLine, TariffLine, items_of
from models.operations.envelope import Intent
from tui import edge
from tui.desk import Desk
from tui.i18n import t

#: What an old compound usually charges for: the name's key, formula, cycle.
USUAL: Final = (
    ("upkeep", Formula.AREA, Cycle.MONTH),
    ("parking", Formula.PARKING, Cycle.MONTH),
    ("light", Formula.SHARED_HOUSEHOLD, Cycle.QUARTER),
    ("water", Formula.METER, Cycle.MONTH),
)


@dataclass(frozen=True, slots=True)
class Charges:
    """Everything the room shows. Items that were put away are among them."""

    items: tuple[ItemLine, ...]
    today: date
    may: bool

    def item(self, item_id: UUID | None) -> ItemLine | None:
        return next((item for item in self.items if item.id == item_id), None)

    def tariff(self, tariff_id: UUID | None) -> tuple[ItemLine, TariffLine] | None:
        """Return a version with its item."""
        return next(((item, one) for item in self.items for one in item.tariffs if one.id == tariff_id), None)


def look(desk: Desk) -> Charges:
    """Return every item with its versions."""
    with desk.store.read() as session:
        items = items_of(session, desk.seat.compound_id)
    return Charges(items, desk.today(), desk.may(TREASURERS))


def adding(values: Mapping[str, Any]) -> list[Intent]:
    """Return what adds an item, with its first version where a price was given."""
    item = str(edge.new_id())
    made = [Intent("fee.add_item", {"id": item, **values["item"]})]
    if values.get("tariff"):
        made.append(Intent("fee.set_tariff", {"id": str(edge.new_id()), "item": item, **values["tariff"]}))
    return made


def editing(item: ItemLine, wanted: Mapping[str, Any]) -> list[Intent]:
    """Return what changes an item; nothing if it stands like that."""
    old = {
        "name": item.name,
        "cycle": item.cycle,
        "kinds": list(item.kinds),
        "buildings": list(item.buildings),
        "position": item.position,
        "note": item.note,
    }
    new = {name: value for name, value in wanted.items() if name in old and old[name] != value}
    if not new:
        return []
    payload = {"item": str(item.id), "old": {name: old[name] for name in new}, "new": new}
    return [Intent("fee.edit_item", payload)]


def setting(item: ItemLine, wanted: Mapping[str, Any]) -> list[Intent]:
    """Return what adds a version of what an item costs."""
    return [Intent("fee.set_tariff", {"id": str(edge.new_id()), "item": str(item.id), **wanted})]


def putting_away(item: ItemLine, tariff: TariffLine | None) -> list[Intent]:
    """Return what puts a version or an item away, or brings an item back."""
    if tariff is not None:
        return [Intent("tariff.archive", {"tariff": str(tariff.id)})]
    verb = "unarchive" if item.archived else "archive"
    return [Intent(f"charge_item.{verb}", {"charge_item": str(item.id)})]


def adding_usual(items: Sequence[ItemLine]) -> list[Intent]:
    """Return what adds the usual items that are not there yet."""
    known = {item.name for item in items}
    return [
        Intent(
            "fee.add_item",
            {
                "id": str(edge.new_id()),
                "name": name,
                "formula": formula.value,
                "cycle": cycle.value,
                "position": place,
            },
        )
        for place, (key, formula, cycle) in enumerate(USUAL, start=1)
        if (name := t(f"charges.usual.{key}")) not in known
    ]
