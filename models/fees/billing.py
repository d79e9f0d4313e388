"""What a billing run comes to: every line with its derivation, and everything about it that is odd. Pure.

A period bills every cycle that overlaps it. What is billed stays as it is, so drawing up again adds only what is
missing: where some months of a cycle were paid ahead, the months that are left. `households` narrows a run; costs are shared among all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from models.fees.billing_amounts import Lacking, borne_by, counted, last_billed
from models.fees.billing_ground import Door, Ground, Item, Overdue, Place
from models.fees.derivation import ONCE, SHARED, Charge
from models.fees.late import late_charge
from models.fees.periods import Period, cycle_at, cycles_over, months_in, months_later
from models.fees.rules import MOST_FEN, WHOLE, BillKind
from models.fees.sharing import Share
from models.fees.tariffs import charge

#: What keeps a line from being drawn up; everything else odd about a run is only to be looked at.
HINDERS: Final = frozenset(
    {
        "no_area",
        "no_indoor_area",
        "no_tariff",
        "no_cost",
        "no_bearer",
        "no_reading",
        "reading_falls",
        "too_large",
        "not_ahead",
    }
)


@dataclass(frozen=True, slots=True)
class RunLine:
    """A bill as it would be issued. `odd` are the codes of what is odd about it; `sums` tells how the amount came."""

    place: Place
    door: str
    building: str
    item: str
    since: date
    until: date
    gross_fen: int
    discount_fen: int
    amount_fen: int
    due_on: date
    tariff_id: UUID | None = None
    kind: BillKind = BillKind.CHARGE
    of_id: UUID | None = None
    sums: Mapping[str, Any] = field(default_factory=dict)
    odd: tuple[str, ...] = ()
    note: str = ""

    @property
    def key(self) -> str:
        """What tells it from every other line of a run."""
        return f"{self.place.household_id.hex}:{self.place.item_id.hex}:{self.kind.value}:{self.of_id}:{self.since}"


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something about a run to be looked at. Without a door it is about the whole of an item's cycle."""

    code: str
    item: str
    since: date
    until: date
    item_id: UUID
    door: str = ""
    household_id: UUID | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def hinders(self) -> bool:
        """Whether something was not drawn up for it."""
        return self.code in HINDERS


@dataclass(frozen=True, slots=True)
class Run:
    """A billing run as drawn up: nothing of it is issued yet. `billed` lines stand already."""

    period: Period
    lines: tuple[RunLine, ...]
    oddities: tuple[Oddity, ...]
    billed: int = 0

    @property
    def amount_fen(self) -> int:
        """What all its lines come to."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def discount_fen(self) -> int:
        """What all its lines are let off."""
        return sum(line.discount_fen for line in self.lines)

    @property
    def doors(self) -> int:
        """How many households it bills."""
        return len({line.place.household_id for line in self.lines})


def draw_up(
    ground: Ground, period: Period, households: Collection[UUID] | None = None, *, late: bool = True
) -> Run:
    """Return everything that is to be billed for a period and is not billed yet; with charges for paying late if `late`."""
    draft = _Draft(ground, households)
    for item in ground.items:
        for span in cycles_over(item.cycle, period):
            draft.cycle(item, span)
    if late:
        # Not up to today: two laptops that run on different days would charge the same days twice.
        until = min(period.first, ground.today.replace(day=1))
        for overdue in ground.overdue:
            draft.late(overdue, until)
    return draft.run(period)


def prepay_lines(ground: Ground, household_id: UUID, item_id: UUID, months: int) -> Run:
    """Return a run that bills a household so many months of an item ahead, with the discount its rule has for that.

    It begins where the last bill ends, at the earliest with the present cycle. What is read off meters or shared
    cannot be known ahead: then there is no line, and `not_ahead` says so.
    """
    item = next(one for one in ground.items if one.id == item_id)
    present = cycle_at(item.cycle, ground.today).first
    ends = (one.until for one in ground.billed.get(Place(household_id, item_id), ()))
    first = _month_after(max(present, *ends, present))
    span = Period(first, months_later(first, months))
    draft = _Draft(ground, {household_id})
    draft.cycle(item, span, prepaid=True)
    return draft.run(span)


def drawn_again(ground: Ground, place: Place, span: Period) -> RunLine | None:
    """Return what a household would be charged for an item over the days of one bill, or None where that cannot be worked out.

    `ground` leaves that bill out. What was paid ahead is longer than a cycle and is drawn up as a whole.
    """
    item = next((one for one in ground.items if one.id == place.item_id), None)
    if item is None:
        return None
    draft = _Draft(ground, {place.household_id})
    ahead = span.end > cycle_at(item.cycle, span.first).end
    if ahead and not span.is_whole_months:  # a bill of the past may be of any days
        return None
    for part in (span,) if ahead else cycles_over(item.cycle, span):
        draft.cycle(item, part, prepaid=ahead)
    lines = draft.run(span).lines
    return next((line for line in lines if (line.since, line.until) == (span.first, span.end)), None)


class _Draft:
    """A run while it is drawn up."""

    def __init__(self, ground: Ground, households: Collection[UUID] | None) -> None:
        self._ground = ground
        self._doors = [door for door in ground.doors if households is None or door.id in households]
        self._by_id = {door.id: door for door in self._doors}
        self._items = {item.id: item for item in ground.items}
        self._lines: list[RunLine] = []
        self._odd: list[Oddity] = []
        self._unowned: set[UUID] = set()
        self._billed = 0

    def run(self, period: Period) -> Run:
        doors = {door.id: place for place, door in enumerate(self._doors)}
        items = {item_id: place for place, item_id in enumerate(self._items)}
        lines = sorted(
            self._lines,
            key=lambda line: (doors[line.place.household_id], items[line.place.item_id], line.since),
        )
        return Run(period, tuple(lines), tuple(self._odd), self._billed)

    # Charges

    def cycle(self, item: Item, span: Period, *, prepaid: bool = False) -> None:
        """Draw up one cycle of an item."""
        if prepaid and item.formula in ONCE:
            self._note(item, span, "not_ahead")
            return
        try:
            self._look_at_rules(item, span)
            borne = borne_by(self._ground, item, span) if item.formula in SHARED else {}
        except Lacking as lacking:
            self._note(item, span, lacking.code, **lacking.params)
            return
        met = sum(self._door(item, span, door, borne, prepaid=prepaid) for door in self._doors)
        self._billed += met
        if met:
            self._note(item, span, "billed", n=met)

    def _look_at_rules(self, item: Item, span: Period) -> None:
        months = months_in(span)
        without = sum(not any(rule.holds_on(month.first) for rule in item.rules) for month in months)
        if without == len(months):
            raise Lacking("no_tariff")
        if without and item.formula not in ONCE:
            self._note(item, span, "tariff_gap", n=without)

    def _door(
        self, item: Item, span: Period, door: Door, borne: Mapping[UUID, Share], *, prepaid: bool
    ) -> int:
        """Draw up what one household is charged; return how much of it is billed already."""
        place = Place(door.id, item.id)
        if not item.charges(door) or not self._ground.weight(place):
            return 0
        billed = self._is_billed(place, span)
        free = self._free(item, place, span) if billed else [span]
        try:
            parts = [part for stretch in free for part in counted(self._ground, item, door, stretch, borne)]
        except Lacking as lacking:
            self._note(item, span, lacking.code, door, **lacking.params)
            return 0
        discounts = self._ground.discounts(place)
        for part in parts:
            found = charge(item.rules, part.span, discounts=discounts, prepaid=prepaid, **part.given)
            self._charge(item, door, part.span, found)
        return int(billed)

    def _free(self, item: Item, place: Place, span: Period) -> list[Period]:
        """Return what of a cycle is not billed: months may be left of one that was paid ahead in part."""
        if item.formula in ONCE:
            return []
        months = [month for month in months_in(span) if not self._is_billed(place, month)]
        stretches: list[Period] = []
        for month in months:
            if stretches and stretches[-1].end == month.first:
                stretches[-1] = Period(stretches[-1].first, month.end)
            else:
                stretches.append(month)
        return stretches

    def _is_billed(self, place: Place, span: Period) -> bool:
        return any(span.overlaps(one.since, one.until) for one in self._ground.billed.get(place, ()))

    def _charge(self, item: Item, door: Door, span: Period, found: Charge) -> None:
        if not found.parts:  # in none of its months a tariff is in force, which is told of the whole cycle
            return
        if found.gross_fen > MOST_FEN:
            self._note(item, span, "too_large", door, fen=found.gross_fen)
            return
        place = Place(door.id, item.id)
        due_on, deferred = self._due_on(place, span.first)
        odd = dict(self._odd_amount(place, span, found))
        if deferred:
            odd["deferral"] = {"due_on": due_on}
        if not door.owned:
            odd["no_owner"] = {}
        for code, params in odd.items():
            # A household without an owner is told once, however much it is billed.
            if code != "no_owner" or door.id not in self._unowned:
                self._note(item, span, code, door, **params)
        if not door.owned:
            self._unowned.add(door.id)
        self._lines.append(
            RunLine(
                place, door.code, door.building, item.name, span.first, span.end,
                found.gross_fen, found.discount_fen, found.amount_fen, due_on,
                tariff_id=found.parts[-1].tariff_id, sums=found.sums(), odd=tuple(odd),
            )
        )  # fmt: skip

    def _due_on(self, place: Place, since: date) -> tuple[date, bool]:
        """Return when what begins on a day is due, and whether that is later than usual by what was granted."""
        usual = since + timedelta(days=self._ground.due_days)
        deferred = self._ground.deferred(place, since)
        return (usual, False) if deferred is None or deferred <= usual else (deferred, True)

    def _odd_amount(self, place: Place, span: Period, found: Charge) -> Iterator[tuple[str, dict[str, Any]]]:
        if not found.amount_fen:
            yield "zero", {}
        last = last_billed(self._ground.billed.get(place, ()), span.first)
        if last is None or not last.amount_fen:
            return
        now = found.amount_fen * _months(last.since, last.until) * WHOLE
        if now >= self._ground.twice_ppm * last.amount_fen * _months(span.first, span.end):
            yield "twice", {"fen": found.amount_fen, "last": last.amount_fen}

    # Paying late

    def late(self, overdue: Overdue, until: date) -> None:
        """Charge for what was paid late up to a day, less what was charged for it before."""
        door = self._by_id.get(overdue.place.household_id)
        item = self._items.get(overdue.place.item_id)
        if door is None or item is None:
            return
        deferred = self._ground.deferred(overdue.place, overdue.since)
        found = late_charge(
            overdue.rule,
            overdue.steps,
            due_on=max(overdue.due_on, deferred or overdue.due_on),
            today=until,
            already_fen=overdue.already_fen,
        )
        if not found.amount_fen:
            return
        due_on, _ = self._due_on(overdue.place, until)
        self._lines.append(
            RunLine(
                overdue.place, door.code, door.building, item.name, found.stretches[0].since, until,
                found.amount_fen, 0, found.amount_fen, due_on,
                tariff_id=overdue.rule.tariff_id, kind=BillKind.LATE, of_id=overdue.bill_id, sums=found.sums(),
            )
        )  # fmt: skip

    def _note(self, item: Item, span: Period, code: str, door: Door | None = None, **params: Any) -> None:
        self._odd.append(
            Oddity(
                code, item.name, span.first, span.end, item.id,
                "" if door is None else door.code, None if door is None else door.id, params,
            )
        )  # fmt: skip


def _months(since: date, until: date) -> int:
    """Return how many months a bill is about, at least one."""
    return max(1, (until.year - since.year) * 12 + until.month - since.month)


def _month_after(day: date) -> date:
    """Return the first day of a month from a day on: a bill of the past may end within one."""
    return day if day.day == 1 else months_later(day, 1)


def told(oddities: Iterable[Oddity]) -> Counter[str]:
    """Return how often each code occurs among what is odd; what is billed already counts by lines."""
    counts: Counter[str] = Counter()
    for one in oddities:
        counts[one.code] += one.params["n"] if one.code == "billed" else 1
    return counts
