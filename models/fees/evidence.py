"""What a payment can be recognised by: who lives where, what is owed, what was written down already. Pure.

A `Ground` is built once and asked for each row of a bill: everything in it is found by its number, name or amount.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from models.fees.allocating import OpenBill
from models.fees.rooms_in_text import RoomIndex

#: A payment written down by hand may carry the day on which somebody got round to it.
NEAR: Final = timedelta(days=3)
_MONTHS = 12
_MOST_BILLS = 120
_LEAST_LATIN = 4
_MASK = re.compile(r"([^*]{0,2})\*+([^*]{0,2})")


class Home(NamedTuple):
    """A household. `usual_fen` are the amounts that it is billed for a month or a cycle."""

    id: UUID
    code: str
    owners: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    usual_fen: tuple[int, ...] = ()


class Recorded(NamedTuple):
    """A payment that is in the books already. `method`: cash, wechat, alipay, bank ...

    One with `has_row` came from a bill itself: only its order number can be met again.
    """

    id: UUID
    household_id: UUID | None
    method: str
    fen: int
    at: datetime
    order_no: str = ""
    has_row: bool = False


class Due(NamedTuple):
    """What an amount would pay of a home's bills: `all`, one `bill`, the `oldest` together, a `usual` amount or some `months` of it."""

    code: str
    bills: tuple[UUID, ...] = ()
    due_on: date | None = None
    number: int = 1


class Bearer(NamedTuple):
    """Somebody of a name: where, and whether as the owner."""

    home: UUID
    is_owner: bool


def folded_name(text: str) -> str:
    """A name as it is compared: without blanks and widths, 某 as the star it stands for."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(plain.split()).casefold().replace("某", "*")


class Names:
    """Everybody's names, whole, masked, or within a text."""

    def __init__(self, homes: Iterable[Home]) -> None:
        whole: defaultdict[str, dict[UUID, Bearer]] = defaultdict(dict)
        for home in homes:
            for is_owner, names in ((True, home.owners), (False, home.members)):
                for name in map(folded_name, names):
                    if len(name) > 1 and "*" not in name:
                        whole[name].setdefault(home.id, Bearer(home.id, is_owner))
        self._whole = {name: tuple(bearers.values()) for name, bearers in whole.items()}
        masked: defaultdict[tuple[str, str], dict[UUID, Bearer]] = defaultdict(dict)
        starts: defaultdict[str, list[str]] = defaultdict(list)
        for name, bearers in self._whole.items():
            for shape in _shapes(name):
                masked[shape].update((bearer.home, bearer) for bearer in bearers)
            if not name.isascii() or len(name) >= _LEAST_LATIN:
                starts[name[:2]].append(name)
        self._masked = {shape: tuple(found.values()) for shape, found in masked.items()}
        # The longest first: 王小明 is not 王小.
        self._starts = {start: sorted(names, key=len, reverse=True) for start, names in starts.items()}

    def whole(self, name: str) -> tuple[Bearer, ...]:
        """Return who is called so; `name` is folded."""
        return self._whole.get(name, ())

    def masked(self, name: str) -> tuple[Bearer, ...]:
        """Return who may be meant by `张*`, `*三`, `张*丰`."""
        found = _MASK.fullmatch(name) if "*" in name else None
        return self._masked.get((found[1], found[2]), ()) if found else ()

    def within(self, text: str) -> Iterator[tuple[str, tuple[Bearer, ...]]]:
        """Yield the names that stand in a folded text, and whose they are."""
        at = 0
        while at < len(text) - 1:
            name = next(
                (name for name in self._starts.get(text[at : at + 2], ()) if text.startswith(name, at)), ""
            )
            if name:
                yield name, self._whole[name]
            at += len(name) or 1


def _shapes(name: str) -> Iterator[tuple[str, str]]:
    """Yield what stays of a name when the rest is starred out: up to two letters on either side."""
    for before in range(3):
        for after in range(3):
            if 0 < before + after < len(name):
                yield name[:before], name[len(name) - after :]


@dataclass(frozen=True, slots=True)
class Ground:
    """All that rows are compared with; make it with `ground_of`."""

    homes: Mapping[UUID, Home]
    places: Mapping[UUID, int]
    rooms: RoomIndex
    names: Names
    dues: Mapping[UUID, Mapping[int, Due]]
    owed_fen: Mapping[UUID, int]
    by_fen: Mapping[int, tuple[UUID, ...]]
    by_order: Mapping[str, tuple[Recorded, ...]]
    by_sum: Mapping[tuple[str, int], tuple[Recorded, ...]]

    def recorded_near(self, method: str, fen: int, at: datetime) -> Iterator[Recorded]:
        """Yield the payments of a method and an amount that are near in time, the earliest first."""
        payments = self.by_sum.get((method, fen), ())
        first = bisect_left(payments, at - NEAR, key=lambda payment: payment.at)
        for payment in payments[first:]:
            if payment.at > at + NEAR:
                return
            yield payment


def ground_of(
    homes: Sequence[Home], bills: Mapping[UUID, Sequence[OpenBill]], payments: Iterable[Recorded]
) -> Ground:
    """Return what rows are compared with. Times are aware; of two homes that fit alike none is preferred."""
    dues = {home.id: _dues(home, bills.get(home.id, ())) for home in homes}
    by_fen: defaultdict[int, list[UUID]] = defaultdict(list)
    for home_id, amounts in dues.items():
        for fen, due in amounts.items():
            if due.code != "months":
                by_fen[fen].append(home_id)
    by_order: defaultdict[str, list[Recorded]] = defaultdict(list)
    by_sum: defaultdict[tuple[str, int], list[Recorded]] = defaultdict(list)
    for payment in sorted(payments, key=lambda payment: (payment.at, payment.id)):
        if order_no := payment.order_no.strip():
            by_order[order_no].append(payment)
        if not payment.has_row:
            by_sum[payment.method, payment.fen].append(payment)
    return Ground(
        homes={home.id: home for home in homes},
        places={home.id: place for place, home in enumerate(homes)},
        rooms=RoomIndex((home.id, home.code) for home in homes),
        names=Names(homes),
        dues=dues,
        owed_fen={home_id: sum(bill.owed_fen for bill in owed) for home_id, owed in bills.items()},
        by_fen={fen: tuple(found) for fen, found in by_fen.items()},
        by_order={order_no: tuple(found) for order_no, found in by_order.items()},
        by_sum={one: tuple(found) for one, found in by_sum.items()},
    )


def _dues(home: Home, bills: Sequence[OpenBill]) -> dict[int, Due]:
    """Return what each amount would pay; of several things the same amount pays, the one that says most."""
    found: dict[int, Due] = {}
    for usual in home.usual_fen:
        for months in range(_MONTHS, 0, -1):
            if usual > 0:
                found[usual * months] = Due("usual") if months == 1 else Due("months", number=months)
    open_bills = sorted(
        (bill for bill in bills if bill.owed_fen > 0),
        key=lambda bill: (bill.period_first, bill.due_on, bill.id),
    )[:_MOST_BILLS]
    oldest, sums = 0, []
    for count, bill in enumerate(open_bills, start=1):
        oldest += bill.owed_fen
        sums.append((oldest, Due("oldest", tuple(one.id for one in open_bills[:count]), bill.due_on, count)))
    found.update(sums)
    # Of equal bills the oldest is paid first.
    found.update((bill.owed_fen, Due("bill", (bill.id,), bill.due_on)) for bill in reversed(open_bills))
    if open_bills:
        found[oldest] = Due(
            "all", tuple(bill.id for bill in open_bills), open_bills[-1].due_on, len(open_bills)
        )
    return found
