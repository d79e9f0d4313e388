"""What the demo compound charges for: its items, tariffs, parking spaces and meters, and the lines of each quarter's bills.

Every line comes of the same sums that users' bills come of (models.fees.tariffs).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from models.demo.homes import Home, homes
from models.demo.scribe import Change, Scribe
from models.fees.derivation import Charge, Formula, Reading
from models.fees.periods import Cycle, Period, cycles_over
from models.fees.sharing import Share, shares
from models.fees.tariffs import Discount, Rule, charge

FLAT, SHOP = "住宅", "商铺"
UPKEEP, SHOP_UPKEEP = "物业费", "门面物业费"
CARS, SCOOTERS, STAIRS, WATER = "机动车位费", "电动车棚费", "楼道灯电费", "门面水费"
#: The first price of the upkeep, and what the owners' assembly raised it to.
OLD_PRICE, NEW_PRICE = 4500, 6000


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is charged for. Prices in 1/10,000 yuan; `old` is what it cost before."""

    name: str
    formula: Formula
    cycle: Cycle
    kinds: tuple[str, ...]
    price: int = 0
    old: int = 0
    note: str = ""
    buildings: tuple[str, ...] = ()


ITEMS: Final = (
    Item(
        UPKEEP, Formula.AREA, Cycle.QUARTER, (FLAT,), NEW_PRICE, OLD_PRICE, "业主大会表决通过，按建筑面积。"
    ),
    Item(SHOP_UPKEEP, Formula.AREA, Cycle.QUARTER, (SHOP,), 18000, note="门面含门前清扫。"),
    Item(CARS, Formula.PARKING, Cycle.MONTH, (), 1_200_000, note="主路东侧划线车位。"),
    Item(SCOOTERS, Formula.PARKING, Cycle.QUARTER, (), 200_000, note="自行车棚带插座的位子。"),
    Item(
        STAIRS,
        Formula.SHARED_HOUSEHOLD,
        Cycle.QUARTER,
        (FLAT,),
        note="1栋楼道灯单独一块电表，供电局的单子按户平摊。",
        buildings=("1",),
    ),
    Item(WATER, Formula.METER, Cycle.QUARTER, (SHOP,), 38500, note="门面分表，按表读数。"),
)
#: Those that have been charged only since the committee keeps its books in Linli.
LATER: Final = frozenset({CARS, SCOOTERS, STAIRS, WATER})

CAR_SPACES: Final = {
    f"A{n:02}": code
    for n, code in enumerate(
        ("1-2-201", "1-3-401", "2-1-302", "2-3-401", "3-1-502", "4-2-502", "5-1-601", "5-2-302", "6-1-302", "6-2-501"),
        start=1,
    )
}  # fmt: skip
SCOOTER_SPACES: Final = {
    f"C{n:02}": code
    for n, code in enumerate(
        ("1-1-302", "1-2-402", "1-3-601", "2-1-502", "2-2-201", "3-1-202", "3-2-601", "4-1-301", "4-2-302", "5-1-301", "5-3-201", "6-1-101"),
        start=1,
    )
}  # fmt: skip
#: What the shops' meters count in a quarter, in 1/1000 m³, more or less.
_METERS: Final = {"2-0-1": 9_000, "2-0-2": 41_000, "2-0-3": 163_000, "2-0-4": 4_000, "2-0-5": 6_000}
#: The stair lamps' electricity of a quarter, in fen, by season.
_LAMPS: Final = (12_642, 9_275, 8_830, 11_918)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of the demo: its place in the row, and whether its bills were typed in from the book later.

    `was_over` tells that it had ended by then, so that its payments were typed in as well. `ordinal` counts those in
    which all items are charged, from 0; before them it is below 0.
    """

    n: int
    period: Period
    typed_in: bool
    was_over: bool
    ordinal: int


@dataclass(frozen=True, slots=True)
class Tariffs:
    """When the tariffs hold: since the first quarter, and since when the upkeep costs more."""

    since: date
    raised: date
    later: date


def item_changes(scribe: Scribe, tariffs: Tariffs) -> Iterator[Change]:
    """Yield the items and what they cost."""
    for position, item in enumerate(ITEMS, start=1):
        added = {
            "id": scribe.name("charge_item", item.name),
            "name": item.name,
            "formula": item.formula.value,
            "cycle": item.cycle.value,
            "kinds": list(item.kinds),
            "buildings": list(item.buildings),
            "position": position,
            "note": item.note,
        }
        yield "fee.add_item", added
        for rule in rules_of(scribe, item, tariffs):
            set_to = {
                "id": str(rule.tariff_id),
                "item": scribe.ref("charge_item", item.name),
                "price": rule.price,
                "since": rule.since.isoformat(),
            }
            yield "fee.set_tariff", set_to


def rules_of(scribe: Scribe, item: Item, tariffs: Tariffs) -> tuple[Rule, ...]:
    """Return the versions of what an item costs."""
    since = tariffs.later if item.name in LATER else tariffs.since
    prices = [(item.old, since, tariffs.raised), (item.price, tariffs.raised, None)] if item.old else []
    return tuple(
        Rule(
            UUID(scribe.name("tariff", f"{item.name} {version}")),
            version,
            item.formula,
            price,
            first,
            until,
        )
        for version, (price, first, until) in enumerate(prices or [(item.price, since, None)], start=1)
    )


def place_changes(scribe: Scribe, since: date) -> Iterator[Change]:
    """Yield who has a parking space, and the shops' meters with what they first showed."""
    for name, spaces in ((CARS, CAR_SPACES), (SCOOTERS, SCOOTER_SPACES)):
        for space, code in spaces.items():
            parked = {
                "id": scribe.fresh(),
                "item": scribe.ref("charge_item", name),
                "household": scribe.ref("household", code),
                "code": space,
                "since": since.isoformat(),
            }
            yield "fee.park", parked
    for code in _METERS:
        meter = {
            "id": scribe.name("meter", code),
            "item": scribe.ref("charge_item", WATER),
            "code": f"S{code}",
            "household_id": scribe.ref("household", code),
            "place": "门前水表井",
        }
        yield "fee.add_meter", meter
        yield _read(scribe, code, 0, since)


def _read(scribe: Scribe, code: str, quarters: int, day: date) -> Change:
    shown = {
        "id": scribe.fresh(),
        "meter": scribe.ref("meter", code),
        "reading": _reading(code, quarters),
        "read_on": day.isoformat(),
    }
    return "fee.read_meter", shown


def _reading(code: str, quarters: int) -> int:
    """Return what a meter shows after so many quarters."""
    usage = _METERS[code]
    return 1_287_450 + sum(usage + usage * ((3 * n + len(code)) % 5) // 10 for n in range(quarters))


def metered_changes(scribe: Scribe, quarter: Quarter) -> Iterator[Change]:
    """Yield what the bills for a quarter's water and lamps rest on, once it is over."""
    for code in _METERS:
        yield _read(scribe, code, quarter.ordinal + 1, quarter.period.end)
    cost = {
        "id": scribe.fresh(),
        "item": scribe.ref("charge_item", STAIRS),
        "since": quarter.period.first.isoformat(),
        "until": quarter.period.end.isoformat(),
        "fen": _lamps(quarter.period),
        "words": "供电局当季账单",
    }
    yield "fee.share_cost", cost


def _lamps(period: Period) -> int:
    return _LAMPS[(period.first.month - 1) // 3]


@dataclass(frozen=True, slots=True)
class Lines:
    """What makes the lines of bills. Charges are kept: many flats have the same area."""

    scribe: Scribe
    tariffs: Tariffs
    _kept: dict[tuple[str, Period, int], tuple[UUID, Charge]] = field(default_factory=dict)

    def upkeep(
        self, home: Home, period: Period, area: int, discounts: Sequence[Discount] = ()
    ) -> dict[str, Any]:
        """Return what a home pays for its upkeep."""
        item = ITEMS[1] if home.kind == SHOP else ITEMS[0]
        key = (item.name, period, area)
        made = self._kept.get(key)
        if made is None or discounts:
            rules = rules_of(self.scribe, item, self.tariffs)
            made = _ruling(rules, period), charge(rules, period, quantity=area, discounts=discounts)
            if not discounts:
                self._kept[key] = made
        return self._line(item, home.code, period, made)

    def parking(self, period: Period) -> Iterator[dict[str, Any]]:
        """Yield what the parking spaces cost in a quarter: cars by the month."""
        for item, spaces in ((ITEMS[2], CAR_SPACES), (ITEMS[3], SCOOTER_SPACES)):
            rules = rules_of(self.scribe, item, self.tariffs)
            for turn in cycles_over(item.cycle, period):
                made = _ruling(rules, turn), charge(rules, turn, spaces=1)
                for code in spaces.values():
                    yield self._line(item, code, turn, made)

    def metered(self, quarter: Quarter, due_on: date) -> Iterator[dict[str, Any]]:
        """Yield what a quarter's stair lamps and water come to, once it is over."""
        rules = rules_of(self.scribe, ITEMS[4], self.tariffs)
        flats = [
            home.code for home in homes().values() if home.kind == FLAT and home.code[0] in ITEMS[4].buildings
        ]
        made: dict[Share, tuple[UUID, Charge]] = {}
        for code, one in zip(flats, shares(_lamps(quarter.period), [1] * len(flats)), strict=True):
            if one not in made:
                made[one] = _ruling(rules, quarter.period), charge(rules, quarter.period, share=one)
            yield self._line(ITEMS[4], code, quarter.period, made[one], due_on)
        rules = rules_of(self.scribe, ITEMS[5], self.tariffs)
        for code in _METERS:
            used = Reading(_reading(code, quarter.ordinal), _reading(code, quarter.ordinal + 1))
            charged = _ruling(rules, quarter.period), charge(rules, quarter.period, readings=[used])
            yield self._line(ITEMS[5], code, quarter.period, charged, due_on)

    def _line(
        self, item: Item, code: str, period: Period, made: tuple[UUID, Charge], due_on: date | None = None
    ) -> dict[str, Any]:
        tariff, charged = made
        return {
            "household": self.scribe.ref("household", code),
            "item": self.scribe.name("charge_item", item.name),
            "tariff": str(tariff),
            "since": period.first.isoformat(),
            "until": period.end.isoformat(),
            "gross_fen": charged.gross_fen,
            "discount_fen": charged.discount_fen,
            "amount_fen": charged.amount_fen,
            "due_on": None if due_on is None else due_on.isoformat(),
            "sums": charged.sums(),
        }


def _ruling(rules: Sequence[Rule], period: Period) -> UUID:
    """Return the tariff in force when a period begins."""
    return next(rule.tariff_id for rule in rules if rule.holds_on(period.first))
