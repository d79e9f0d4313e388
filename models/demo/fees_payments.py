"""The money of the demo's quarters: who pays how much, on which day, how and to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import select

from models.demo.asked import HELPER
from models.demo.fees_charges import Quarter
from models.demo.fees_payers import (
    ALWAYS,
    PAID,
    PROMISE_KEPT,
    TAKEN_BACK,
    TWICE,
    WRONGLY_BILLED,
    chance,
    clears,
    in_turn,
    payers,
)
from models.demo.homes import homes
from models.demo.scribe import Change, Scribe
from models.demo.volunteers import DEPUTY, TREASURER
from models.fees.payload_fields import MOST_ROWS
from models.fees.rules import Method
from models.fees.tables import Bill
from models.tables import table_of

_DAY: Final = timedelta(days=1)
_bill = table_of(Bill)
#: So long after a quarter begins its bills are issued; within so many days they are paid.
ISSUED, _PAID_WITHIN = 9 * _DAY, 74
#: Days ago: the book was typed in; from then on everything is written down as it comes.
TYPED_IN, BEGUN = 395, 394
#: What was paid since so many days ago was taken in Linli, one by one.
LATELY: Final = 21
#: The run of the bill that was issued again.
CORRECTED: Final = "corrected"
#: Those who take cash.
COLLECTORS: Final = (HELPER, DEPUTY)
_METHODS: Final = (*(Method.WECHAT,) * 5, *(Method.CASH,) * 3, Method.ALIPAY, Method.BANK)
#: One in so many pays a part only; one in so many rounds up.
_PART, _ROUND = 90, 25
_TEN_YUAN: Final = 1000


class Open(NamedTuple):
    """A bill that is still owed."""

    id: UUID
    run: UUID | None
    item: UUID
    fen: int


@dataclass
class Till:
    """Who pays what. `taken` is what came in a quarter by way and collector, in fen, for the books."""

    scribe: Scribe
    quarters: Sequence[Quarter]
    billed: Sequence[Sequence[Mapping[str, Any]]]
    taken: dict[tuple[int, Method, str], int] = field(default_factory=lambda: defaultdict(int))
    _payers: dict[int, frozenset[str]] = field(default_factory=dict)

    def window(self, quarter: Quarter) -> int:
        """Return within how many days of their issue a quarter's bills are paid, as far as it was typed in."""
        issued = quarter.period.first + ISSUED
        return min(_PAID_WITHIN, (self.scribe.day(LATELY) - issued).days)

    @cached_property
    def _codes(self) -> dict[UUID, str]:
        return {self.scribe.uuid("household", code): code for code in homes()}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(in_turn())}

    def open(self, code: str = "") -> dict[str, list[Open]]:
        """Return what is owed now, the oldest first: by all doors, or one."""
        asked = select(
            _bill.c.household_id, _bill.c.id, _bill.c.run_id, _bill.c.item_id, _bill.c.owed_fen
        ).where(
            _bill.c.compound_id == self.scribe.compound_id,
            _bill.c.owed_fen > 0,
            *((_bill.c.household_id == self.scribe.uuid("household", code),) if code else ()),
        )
        found: dict[str, list[Open]] = defaultdict(list)
        for household, *rest in self.scribe.session.connection().execute(
            asked.order_by(_bill.c.since, _bill.c.id)
        ):
            found[self._codes[household]].append(Open(*rest))
        return found

    def bill(self, quarter: Quarter, code: str, item: str) -> str:
        """Return the id of a door's open bill of a quarter's run for an item."""
        run = self.scribe.uuid("run", str(quarter.n))
        return next(str(one.id) for one in self.open(code)[code] if one.run == run and str(one.item) == item)

    def payers(self, quarter: Quarter) -> frozenset[str]:
        """Return who pays a quarter's bills, by what was billed."""
        if quarter.n not in self._payers:
            billed: dict[str, int] = defaultdict(int)
            for line in self.billed[quarter.n]:
                billed[self._codes[UUID(line["household"])]] += line["amount_fen"]
            self._payers[quarter.n] = payers(billed, PAID[quarter.n], in_turn())
        return self._payers[quarter.n]

    def lately(self) -> list[str]:
        """Return who pays the last quarter's bills in the last weeks."""
        told = {TWICE, TAKEN_BACK, WRONGLY_BILLED, PROMISE_KEPT}
        paying = self.payers(self.quarters[-1])
        return [
            code for code in in_turn() if code in paying and (code in told or chance(code, "lately", 7) == 0)
        ]

    def brought(self, quarters: Sequence[Quarter]) -> list[Change]:
        """Return the payments of some quarters' bills, typed in together."""
        owed = self.open()
        rows = [row for quarter in quarters for row in self._rows(quarter, owed)]
        # A home's payments together: so each home is looked up once.
        rows.sort(key=itemgetter("household"))
        return [
            ("payment.bring", {"rows": rows[start : start + MOST_ROWS]})
            for start in range(0, len(rows), MOST_ROWS)
        ]

    def _rows(self, quarter: Quarter, owed: dict[str, list[Open]]) -> Iterator[dict[str, Any]]:
        """Yield who paid in a quarter. While there was only a book, people came every other quarter."""
        following = self.quarters[quarter.n + 1 :]
        if quarter.was_over and quarter.n % 2 == 0 and following and following[0].was_over:
            return
        late = set(self.lately()) if not following else set()
        for code in in_turn():
            if code not in self.payers(quarter) or code in late or quarter.n < self._clears(code):
                continue
            row = self._row(quarter, code, owed)
            if row:
                yield row

    def _clears(self, code: str) -> int:
        """Return in which quarter a door began to pay its old debts, too; 0 for those that never had any."""
        return 0 if code in ALWAYS else clears(self._places[code]) or 0

    def meant(self, quarter: Quarter, code: str, owed: Sequence[Open]) -> list[Open]:
        """Return what a door pays by a quarter's end: what is left of the quarters that it pays at all."""
        runs = {
            self.scribe.uuid("run", str(one.n))
            for one in self.quarters[: quarter.n + 1]
            if code in self.payers(one)
        } | ({self.scribe.uuid("run", CORRECTED)} if quarter is self.quarters[-1] else set())
        return [one for one in owed if one.run in runs]

    def _row(self, quarter: Quarter, code: str, owed: dict[str, list[Open]]) -> dict[str, Any]:
        meant = self.meant(quarter, code, owed[code])
        fen = sum(one.fen for one in meant)
        if not fen:
            return {}
        owed[code] = [one for one in owed[code] if one not in meant]
        if not quarter.was_over:
            fen = self._much(quarter, code, fen)
        method, collector = self.way(code)
        self.taken[quarter.n, method, collector] += fen
        day = 1 + chance(code, f"day {quarter.n}", self.window(quarter))
        row: dict[str, Any] = {
            "id": self.scribe.fresh(),
            "household": self.scribe.ref("household", code),
            "fen": fen,
            "method": method.value,
            "paid_at": self._time(quarter, code, day).isoformat(),
            "collector": self.scribe.ref("person", collector),
        }
        if owed[code]:
            row["chosen"] = chosen(meant, fen)
        return row

    def _much(self, quarter: Quarter, code: str, fen: int) -> int:
        """Return how much is paid of what is asked for: one in so many has not all of it, or wants no change."""
        if chance(code, f"part {quarter.n}", _PART) == 0:
            return max(fen // 2 // 100 * 100, 100)
        if chance(code, f"round {quarter.n}", _ROUND) == 0:
            return fen + -fen % _TEN_YUAN
        return fen

    def way(self, code: str) -> tuple[Method, str]:
        """Return how a door pays, and to whom."""
        method = _METHODS[chance(code, "method", len(_METHODS))]
        return method, COLLECTORS[chance(code, "collector", 2)] if method is Method.CASH else TREASURER

    def _time(self, quarter: Quarter, code: str, day: int) -> datetime:
        on: date = quarter.period.first + ISSUED + day * _DAY
        minutes = chance(code, f"time {quarter.n}", 600)
        return datetime.combine(on, time(8 + minutes // 60, minutes % 60), self.scribe.now.tzinfo)


def chosen(bills: Sequence[Open], fen: int) -> list[dict[str, Any]]:
    """Return which bills a payer means, as far as the money goes."""
    named = []
    for one in bills:
        part = min(one.fen, fen)
        if part:
            named.append({"bill": str(one.id), "fen": part})
            fen -= part
    return named
