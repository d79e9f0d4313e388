"""The books of the demo compound: cash that collectors hand in, what is spent and who approved it, one quarter made public."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from models.demo.fees_charges import Quarter
from models.demo.fees_payments import BEGUN, COLLECTORS, LATELY, TYPED_IN, Till
from models.demo.scribe import Change, Entry, Scribe
from models.demo.volunteers import DEPUTY, DIRECTOR, ELECTRICIAN, TREASURER
from models.fees.queries_accounts_statement import statement_figures
from models.fees.rules import BOX, MONEY, OPENING, Method, Side, account_code
from models.operations.envelope import Intent

_DAY: Final = timedelta(days=1)
CLEANING, GATE, POWER, REPAIRS, RUBBISH, OFFICE = "保洁", "门卫", "公共电费", "维修", "垃圾清运", "办公"
GRANT, RENT = "街道补助", "公共收益"
#: What lay in the bank and in the box before the first quarter, in fen.
_AT_FIRST: Final = {MONEY[Method.BANK]: 863_240, BOX: 41_250}
#: Days ago: the accounts were opened.
_OPENED: Final = 397
#: So long before a quarter ends its expenses are written down; two days later they are approved, then paid.
_BEFORE_END: Final = 6 * _DAY
#: So long after a quarter ends it is made public and closed.
_PUBLISHED: Final = 20 * _DAY
#: Every fourth voucher is paid in cash.
_SMALL_FEN: Final = 20_000


class Spent(NamedTuple):
    """An expense of a quarter, in fen."""

    account: str
    fen: int
    payee: str
    words: str = ""


#: What was out of the ordinary, by quarter.
_WORKS: Final = {
    2: Spent(REPAIRS, 86_000, "五金水暖店", "3栋总阀更换"),
    5: Spent(REPAIRS, 143_500, "湘建疏通队", "西便道雨水管清淤"),
    7: Spent(REPAIRS, 218_000, "湘建疏通队", "4栋屋后污水管换一段"),
    8: Spent(REPAIRS, 96_400, "金盾门业", "5栋单元门闭门器和门禁"),
    9: Spent(REPAIRS, 528_000, "城南防水工程队", "6栋屋面局部翻修，质保五年"),
    10: Spent(REPAIRS, 187_600, "湘建疏通队", "1栋屋后树根清除"),
}


@dataclass(frozen=True, slots=True)
class _Books:
    scribe: Scribe
    quarters: Sequence[Quarter]
    till: Till

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.scribe.now.tzinfo)

    def move(self, kind: str, out_of: str, into: str, fen: int, words: str) -> Change:
        """Return a movement of money."""
        moved = {
            "id": self.scribe.fresh(),
            "kind": kind,
            "out_of": out_of,
            "into": into,
            "fen": fen,
            "words": words,
        }
        return "fee.move", moved

    def income(self, name: str) -> str:
        return account_code(Side.INCOME, UUID(self.scribe.name("account", name)))


def entries(scribe: Scribe, quarters: Sequence[Quarter], till: Till) -> Iterator[Entry]:
    """Yield what is written in the books beside bills and payments."""
    books = _Books(scribe, quarters, till)
    yield Entry(scribe.at(_OPENED, 20, 10), TREASURER, partial(_accounts, books))
    typed_in = [quarter for quarter in quarters if quarter.was_over]
    yield from _old(books, typed_in)
    for quarter in quarters:
        if not quarter.was_over:
            yield from _kept(books, quarter)
    yield from _lately(books)
    published = quarters[-2].period
    yield Entry(books.at(published.end + _PUBLISHED, 20), TREASURER, partial(_published, books))


def _accounts(books: _Books) -> list[Change]:
    sides = {Side.EXPENSE: (CLEANING, GATE, POWER, REPAIRS, RUBBISH, OFFICE), Side.INCOME: (GRANT, RENT)}
    return [
        (
            "fee.add_account",
            {"id": books.scribe.name("account", name), "side": side.value, "name": name, "position": n},
        )
        for side, names in sides.items()
        for n, name in enumerate(names, start=1)
    ]


def spent_in(quarter: Quarter) -> tuple[Spent, ...]:
    """Return what the compound spent in a quarter: more as more came in. The book has a line for each kind only."""
    n = quarter.n
    if quarter.was_over:
        return (
            Spent(CLEANING, 420_000 + 20_000 * (n // 4), "保洁员", "三个月工资"),
            Spent(POWER, 158_430 + 1_270 * (n * 5 % 7), "供电、环卫", "路灯电费和垃圾清运"),
            *((_WORKS[n],) if n in _WORKS else ()),
        )
    usual = (
        Spent(CLEANING, 420_000 + 20_000 * (n // 4), "保洁员", "三个月工资"),
        Spent(POWER, 68_430 + 1_270 * (n * 5 % 7), "国网湘潭供电", "路灯和服务站"),
        Spent(RUBBISH, 90_000, "环卫公司", "三个月清运"),
        Spent(OFFICE, 4_860 + 310 * (n * 3 % 5), "文印店", "公示打印、收据纸"),
    )
    gate = Spent(GATE, 480_000, "门卫", "三个月补贴")
    return (*usual, gate, *((_WORKS[n],) if n in _WORKS else ()))


def _recorded(books: _Books, quarter: Quarter) -> Iterator[tuple[str, Change]]:
    """Yield a quarter's expenses as they are written down, each with its id."""
    for n, spent in enumerate(spent_in(quarter), start=1):
        name = f"{quarter.period.name}-{n:02}"
        expense = {
            "id": books.scribe.name("expense", name),
            "account": books.scribe.ref("account", spent.account),
            "fen": spent.fen,
            "payee": spent.payee,
            "voucher": name,
            "words": spent.words,
        }
        yield str(expense["id"]), ("expense.record", expense)


def _approved(books: _Books, quarter: Quarter) -> list[Change]:
    return [("expense.approve", {"expense": one}) for one, _ in _recorded(books, quarter)]


def _paid(books: _Books, quarter: Quarter) -> list[Change]:
    """Return that a quarter's expenses were paid: what is small out of the box."""
    return [
        ("expense.pay", {"expense": one, "out_of": BOX if spent.fen < _SMALL_FEN else MONEY[Method.BANK]})
        for (one, _), spent in zip(_recorded(books, quarter), spent_in(quarter), strict=True)
    ]


def _more_hands(books: _Books, quarter: Quarter) -> list[Change]:
    """Return that a second of the committee approves what is beyond five thousand."""
    return [
        ("expense.approve", {"expense": one, "words": "三家比价，单子齐全。"})
        for (one, _), spent in zip(_recorded(books, quarter), spent_in(quarter), strict=True)
        if spent.fen > 500_000  # noqa: PLR2004  # rules.APPROVALS
    ]


def _came(books: _Books, quarter: Quarter) -> list[Change]:
    """Return where a quarter's money went: cash into the box and on into the bank, the rest into the bank."""
    taken = {
        (method, name): fen for (n, method, name), fen in books.till.taken.items() if n == quarter.n and fen
    }
    found: list[Change] = []
    for name in COLLECTORS:
        fen = taken.get((Method.CASH, name), 0)
        if fen:
            handed: dict[str, Any] = {
                "id": books.scribe.fresh(),
                "fen": fen,
                "expected_fen": fen,
                "collector": books.scribe.ref("person", name),
                "to": books.scribe.ref("person", TREASURER),
            }
            found += [("payment.hand_in", handed), ("payment.confirm_hand_in", {"hand_in": handed["id"]})]
    cash = sum(fen for (method, _), fen in taken.items() if method is Method.CASH)
    bank = MONEY[Method.BANK]
    if cash > 2 * _SMALL_FEN:
        found.append(books.move("transfer", BOX, bank, (cash - _SMALL_FEN) // 10_000 * 10_000, "存现"))
    for method in (Method.WECHAT, Method.ALIPAY):
        fen = sum(fen for (way, _), fen in taken.items() if way is method)
        if fen:
            found.append(books.move("transfer", MONEY[method], bank, fen, "提现"))
    return found


def _granted(books: _Books, quarter: Quarter) -> list[Change]:
    """Return what came in a quarter beside the fees."""
    bank, rent = MONEY[Method.BANK], 60_000 + 15_000 * (quarter.n // 3)
    return [
        books.move("income", books.income(GRANT), bank, 300_000, "街道物业补助"),
        books.move("income", books.income(RENT), bank, rent, "快递柜场地费"),
    ]


def _kept(books: _Books, quarter: Quarter) -> Iterator[Entry]:
    """Yield a quarter's books as they are kept: written down, approved by somebody else, paid."""
    day = max(quarter.period.end - _BEFORE_END, books.scribe.day(BEGUN))
    yield Entry(books.at(day, 18), TREASURER, lambda: [change for _, change in _recorded(books, quarter)])
    yield Entry(books.at(day + _DAY, 20), DIRECTOR, partial(_approved, books, quarter))
    if any(spent.fen > 500_000 for spent in spent_in(quarter)):  # noqa: PLR2004  # as above
        yield Entry(books.at(day + _DAY, 20, 30), DEPUTY, partial(_more_hands, books, quarter))
    yield Entry(
        books.at(day + 2 * _DAY, 10), TREASURER, lambda: [*_paid(books, quarter), *_granted(books, quarter)]
    )
    last = quarter is books.quarters[-1]
    at = books.scribe.at(LATELY - 1, 10) if last else books.at(day + 2 * _DAY, 16)
    yield Entry(at, TREASURER, partial(_came, books, quarter))


def _old(books: _Books, quarters: Sequence[Quarter]) -> Iterator[Entry]:
    """Yield the books of the quarters that were typed in: each thing on its own day, approved once the committee saw it all."""

    def on(quarter: Quarter, changes: Sequence[Change]) -> Iterator[Intent]:
        happened = books.at(quarter.period.end - _BEFORE_END + 2 * _DAY, 10)
        return (Intent(kind, payload, happened_at=happened) for kind, payload in changes)

    def written() -> list[Intent]:
        first = books.at(quarters[0].period.first, 9)
        opening = [
            Intent(*books.move("opening", OPENING, account, fen, "账本第一页"), happened_at=first)
            for account, fen in _AT_FIRST.items()
        ]
        recorded = [(quarter, [change for _, change in _recorded(books, quarter)]) for quarter in quarters]
        return [*opening, *(one for quarter, changes in recorded for one in on(quarter, changes))]

    def approved() -> list[Change]:
        return [change for quarter in quarters for change in _approved(books, quarter)]

    def paid() -> list[Intent]:
        return [
            one
            for quarter in quarters
            for one in on(
                quarter, [*_paid(books, quarter), *_granted(books, quarter), *_came(books, quarter)]
            )
        ]

    yield Entry(books.scribe.at(TYPED_IN, 20), TREASURER, written)
    yield Entry(books.scribe.at(TYPED_IN, 20, 40), DIRECTOR, approved)
    yield Entry(books.scribe.at(TYPED_IN, 21, 10), TREASURER, paid)


def _lately(books: _Books) -> Iterator[Entry]:
    """Yield what is approved and waits to be paid, and what waits for a second person."""
    scribe = books.scribe

    def asked(name: str, spent: Spent) -> list[Change]:
        expense = {
            "id": scribe.name("expense", name),
            "account": scribe.ref("account", spent.account),
            "fen": spent.fen,
            "payee": spent.payee,
            "voucher": name,
            "words": spent.words,
        }
        return [("expense.record", expense)]

    year = scribe.day(7).year
    lamps = Spent(REPAIRS, 45_600, "五金水暖店", "楼道灯二十只、灯座")
    door = Spent(REPAIRS, 286_000, "金盾门业", "2栋1单元防盗门")
    yield Entry(scribe.at(7, 17), TREASURER, partial(asked, f"{year}-拟付-01", lamps))
    yield Entry(
        scribe.at(6, 9),
        DIRECTOR,
        lambda: [("expense.approve", {"expense": scribe.ref("expense", f"{year}-拟付-01")})],
    )
    yield Entry(scribe.at(2, 16), ELECTRICIAN, partial(asked, f"{year}-拟付-02", door))


def _published(books: _Books) -> list[Change]:
    """Return that a quarter's accounts are made public, and its books closed."""
    scribe, period = books.scribe, books.quarters[-2].period
    figures = statement_figures(scribe.session, scribe.compound_id, period.first, period.end)
    statement = {
        "id": scribe.fresh(),
        "since": period.first.isoformat(),
        "until": period.end.isoformat(),
        "figures": figures,
    }
    closing = {"id": scribe.fresh(), "until": period.end.isoformat(), "words": "公示后结账"}
    return [("fee.publish", statement), ("fee.close", closing)]
