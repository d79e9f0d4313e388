"""What a billing run stands on, as values: doors, items with their rules, what was granted, read and billed before. Pure.

`Ground` is read once for a run (queries_billing.billing_ground) and asked for each line. Areas are 1/100 m², readings
1/1000 of a meter's unit, money fen, spans half-open; an open end is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from models.fees.derivation import Formula
from models.fees.periods import Cycle
from models.fees.tariffs import Discount, Rule


class Place(NamedTuple):
    """A household's part in an item: what everything that is charged hangs on."""

    household_id: UUID
    item_id: UUID


@dataclass(frozen=True, slots=True)
class Door:
    """A household as a run sees it. `owned`: somebody is written down as its owner today."""

    id: UUID
    code: str
    building: str = ""
    kind: str = ""
    area: int | None = None
    indoor_area: int | None = None
    owned: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """A charge item with the versions of its tariff. Empty `kinds` and `buildings` mean everybody."""

    id: UUID
    name: str
    formula: Formula
    cycle: Cycle = Cycle.MONTH
    kinds: frozenset[str] = frozenset()
    buildings: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()

    def charges(self, door: Door) -> bool:
        """Tell whether a household of that kind and building is charged for it at all."""
        return (not self.kinds or door.kind in self.kinds) and (
            not self.buildings or door.building in self.buildings
        )


@dataclass(frozen=True, slots=True)
class Granted:
    """A discount that was approved; `item_id` None means every item."""

    item_id: UUID | None
    discount: Discount


@dataclass(frozen=True, slots=True)
class Deferral:
    """Leave to pay later, approved: bills that begin in its span are not due before `defer_until`."""

    item_id: UUID | None
    since: date
    until: date | None
    defer_until: date


@dataclass(frozen=True, slots=True)
class MeterRead:
    """What a meter showed on a day; `restarted`: it is another one, or counts anew, from this on."""

    read_on: date
    reading: int
    restarted: bool = False


@dataclass(frozen=True, slots=True)
class MeterLine:
    """A household's meter with its readings, the earliest first."""

    code: str
    readings: tuple[MeterRead, ...]


@dataclass(frozen=True, slots=True)
class Space:
    """A parking space that a household has over a span; no beginning means longer than anybody wrote down."""

    code: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost that is shared; it belongs to the cycle it begins in."""

    since: date
    fen: int


@dataclass(frozen=True, slots=True)
class Billed:
    """A charge that is billed already and holds. `readings` are the last ones it counted, one of each meter's stretch, `began` the first."""

    id: UUID
    since: date
    until: date
    amount_fen: int
    readings: tuple[int, ...] = ()
    began: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Overdue:
    """A charge that is or was paid late under a rule that charges for it: from which day on how much was outstanding."""

    bill_id: UUID
    place: Place
    rule: Rule
    since: date
    due_on: date
    steps: tuple[tuple[date, int], ...]
    already_fen: int = 0


@dataclass(frozen=True, slots=True)
class Ground:
    """All that a run is drawn up from.

    `doors` are the households that may be billed, in the order people expect. `bearers` are all that share costs with
    them, whether they are billed in this run or not; they are given where an item shares a cost. `weights` holds what differs
    from 1; 0 leaves a household out of an item.
    """

    today: date
    due_days: int
    twice_ppm: int
    doors: tuple[Door, ...]
    items: tuple[Item, ...]
    bearers: tuple[Door, ...] = ()
    weights: Mapping[Place, int] = field(default_factory=dict)
    granted: Mapping[UUID, tuple[Granted, ...]] = field(default_factory=dict)
    deferrals: Mapping[UUID, tuple[Deferral, ...]] = field(default_factory=dict)
    meters: Mapping[Place, tuple[MeterLine, ...]] = field(default_factory=dict)
    spaces: Mapping[Place, tuple[Space, ...]] = field(default_factory=dict)
    costs: Mapping[UUID, tuple[Cost, ...]] = field(default_factory=dict)
    billed: Mapping[Place, tuple[Billed, ...]] = field(default_factory=dict)
    overdue: tuple[Overdue, ...] = ()

    def weight(self, place: Place) -> int:
        """Return a household's weight in an item."""
        return self.weights.get(place, 1)

    def discounts(self, place: Place) -> tuple[Discount, ...]:
        """Return what a household is let off of an item, whenever."""
        return tuple(
            one.discount
            for one in self.granted.get(place.household_id, ())
            if one.item_id in {None, place.item_id}
        )

    def deferred(self, place: Place, day: date) -> date | None:
        """Return until when what begins on a day need not be paid, or None."""
        return max(
            (
                one.defer_until
                for one in self.deferrals.get(place.household_id, ())
                if one.item_id in {None, place.item_id}
                and one.since <= day
                and (one.until is None or day < one.until)
            ),
            default=None,
        )
