"""The fees of the demo compound: three years of bills, ever more of them paid.

What lies before the committee had Linli was typed in from its book one evening; since then each quarter's bills are
issued in it, payments are typed in at its end, and those of the last three weeks are taken one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from models.demo import fees_books, fees_lately
from models.demo.fees_charges import Lines, Quarter, Tariffs, item_changes, metered_changes, place_changes
from models.demo.fees_payers import GRANTED, PAID, WRONGLY_BILLED
from models.demo.fees_payments import BEGUN, CORRECTED, ISSUED, TYPED_IN, Till
from models.demo.homes import homes
from models.demo.scribe import Change, Entry, Scribe
from models.demo.volunteers import DIRECTOR, TREASURER, VISITOR
from models.fees.periods import Cycle, cycle_at, months_later
from models.fees.tariffs import Discount
from models.operations.envelope import Intent

_DAY: Final = timedelta(days=1)
_DUE: Final = 30 * _DAY
#: Days ago: fees were set up.
_SET_UP: Final = 397
#: The last quarter that is billed began so many days ago at least.
_BILLED: Final = 50
#: From which quarter on the upkeep costs more, and from which on a door has a discount.
_RAISED, _GRANTED = 7, 10
_LESS_PPM: Final = 300_000
_LESS_WHY: Final = "低保户，独居，看病花销大"
#: By how much somebody misread a flat's area, in 1/100 m².
_MISREAD: Final = 900


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the years of bills are made from."""

    scribe: Scribe
    quarters: tuple[Quarter, ...]
    lines: Lines
    billed: tuple[list[dict[str, Any]], ...]
    till: Till

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return a time of a day."""
        return datetime.combine(day, time(hour, minute), self.scribe.now.tzinfo)

    def issued(self, quarter: Quarter) -> datetime:
        """Return when a quarter's bills were issued."""
        return self.at(quarter.period.first + ISSUED, 19)


def plan(scribe: Scribe) -> None:
    """Put three years of fees into the diary."""
    quarters = _quarters(scribe)
    later = next(quarter.period.first for quarter in quarters if quarter.ordinal == 0)
    tariffs = Tariffs(quarters[0].period.first, quarters[_RAISED].period.first, later)
    lines = Lines(scribe, tariffs)
    billed = tuple(_lines(scribe, lines, quarters, quarter) for quarter in quarters)
    made = _Plan(scribe, quarters, lines, billed, Till(scribe, quarters, billed))
    scribe.plan(_set_up(scribe, tariffs))
    scribe.plan(_granted(made))
    scribe.plan(_typed_in(made, [quarter for quarter in quarters if quarter.typed_in]))
    for quarter in quarters:
        if not quarter.was_over:
            scribe.plan(_billed(made, quarter))
    scribe.plan(_corrected(made))
    scribe.plan(fees_books.entries(scribe, quarters, made.till))
    scribe.plan(fees_lately.entries(scribe, made.till))


def _quarters(scribe: Scribe) -> tuple[Quarter, ...]:
    last = cycle_at(Cycle.QUARTER, scribe.day(_BILLED))
    periods = [
        cycle_at(Cycle.QUARTER, months_later(last.first, -3 * back)) for back in reversed(range(len(PAID)))
    ]
    typed_in = [period.first + ISSUED <= scribe.day(TYPED_IN) for period in periods]
    return tuple(
        Quarter(n, period, typed, period.end <= scribe.day(TYPED_IN), n - sum(typed_in))
        for n, (period, typed) in enumerate(zip(periods, typed_in, strict=True))
    )


def _lines(
    scribe: Scribe, lines: Lines, quarters: Sequence[Quarter], quarter: Quarter
) -> list[dict[str, Any]]:
    """Return the lines of a quarter's bills; the last has an area that was read wrongly."""
    granted = Discount(
        UUID(scribe.name("concession", GRANTED)),
        quarters[_GRANTED].period.first,
        ppm=_LESS_PPM,
        words=_LESS_WHY,
    )
    less = {GRANTED: (granted,)} if quarter.n >= _GRANTED else {}
    misread = {WRONGLY_BILLED: _MISREAD} if quarter is quarters[-1] else {}
    found = [
        lines.upkeep(home, quarter.period, home.area + misread.get(home.code, 0), less.get(home.code, ()))
        for home in homes().values()
    ]
    if quarter.ordinal >= 0:
        found += lines.parking(quarter.period)
    if quarter.ordinal > 0:
        found += lines.metered(quarters[quarter.n - 1], quarter.period.first + _DUE)
    return found


def _set_up(scribe: Scribe, tariffs: Tariffs) -> Iterator[Entry]:
    ruling = {
        "due_days": _DUE.days,
        "payee": "耐火小区物业管理委员会",
        "pay_to": "党群服务站（每天上午9点到11点半），或微信、支付宝转账，请写清房号。",
    }
    yield Entry(scribe.at(_SET_UP, 19), DIRECTOR, lambda: [("fee.rule", ruling)])
    yield Entry(scribe.at(_SET_UP, 20), TREASURER, lambda: list(item_changes(scribe, tariffs)))
    yield Entry(scribe.at(_SET_UP, 20, 30), TREASURER, lambda: list(place_changes(scribe, tariffs.later)))


def _granted(made: _Plan) -> Iterator[Entry]:
    scribe, since = made.scribe, made.quarters[_GRANTED].period.first
    asked = {
        "id": scribe.name("concession", GRANTED),
        "household": scribe.ref("household", GRANTED),
        "kind": "discount",
        "ppm": _LESS_PPM,
        "since": since.isoformat(),
        "reason": _LESS_WHY,
    }
    approved = {"concession": asked["id"], "words": "物管会议定，减三成。"}
    yield Entry(made.at(since - 9 * _DAY, 16), VISITOR, lambda: [("fee.ask_concession", asked)])
    yield Entry(made.at(since - 6 * _DAY, 10), DIRECTOR, lambda: [("fee.approve_concession", approved)])


def _issue(made: _Plan, quarter: Quarter) -> Iterator[Change]:
    rows = made.billed[quarter.n]
    run = {
        "run": made.scribe.name("run", str(quarter.n)),
        "since": quarter.period.first.isoformat(),
        "until": quarter.period.end.isoformat(),
    }
    for start in range(0, len(rows), 400):
        yield "fee.issue", run | {"rows": rows[start : start + 400]}


def _billed(made: _Plan, quarter: Quarter) -> Iterator[Entry]:
    """Issue a quarter's bills in its second week, after the meters were read; type in later who paid."""

    def issue() -> list[Change]:
        metered = metered_changes(made.scribe, made.quarters[quarter.n - 1]) if quarter.ordinal > 0 else ()
        return [*metered, *_issue(made, quarter)]

    if not quarter.typed_in:
        yield Entry(made.issued(quarter), TREASURER, issue)
    last = made.at(quarter.period.first + ISSUED, 20, 30) + made.till.window(quarter) * _DAY
    at = max(last, made.scribe.at(BEGUN, 8))
    yield Entry(at, TREASURER, partial(made.till.brought, [quarter]))


def _typed_in(made: _Plan, quarters: Sequence[Quarter]) -> Iterator[Entry]:
    """Type the book in: each quarter's bills as of the day they were issued, and who paid them when."""

    def issue() -> list[Intent]:
        return [
            Intent(kind, payload, happened_at=made.issued(quarter))
            for quarter in quarters
            for kind, payload in _issue(made, quarter)
        ]

    at, over = made.scribe.at(TYPED_IN, 18), [quarter for quarter in quarters if quarter.was_over]
    yield Entry(at, TREASURER, issue)
    yield Entry(at + timedelta(minutes=50), TREASURER, partial(made.till.brought, over))


def _corrected(made: _Plan) -> Iterator[Entry]:
    """Twelve days later somebody complains that their flat is not that large."""
    scribe, quarter = made.scribe, made.quarters[-1]

    def correct() -> list[Change]:
        home = homes()[WRONGLY_BILLED]
        right = made.lines.upkeep(home, quarter.period, home.area) | {"note": "面积抄错，更正重开"}
        wrong = made.till.bill(quarter, WRONGLY_BILLED, str(right["item"]))
        again = {
            "run": scribe.name("run", CORRECTED),
            "since": quarter.period.first.isoformat(),
            "until": quarter.period.end.isoformat(),
            "rows": [right],
        }
        return [("fee.reverse", {"bills": [wrong], "reason": "建筑面积抄错"}), ("fee.issue", again)]

    yield Entry(made.issued(quarter) + 12 * _DAY, TREASURER, correct)
