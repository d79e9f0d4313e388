"""The last weeks of the demo's fees: receipts by two collectors, what went wrong with some, who was asked to pay and what they said.

Days count backwards from the day the demo is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import func, select

from models.demo.asked import HELPER
from models.demo.fees_payers import (
    AWAY,
    HARDSHIP,
    PROMISE_BROKEN,
    PROMISE_KEPT,
    PROMISED_TODAY,
    REFUSED,
    TAKEN_BACK,
    TWICE,
    chance,
)
from models.demo.fees_payments import COLLECTORS, LATELY, Open, Till, chosen
from models.demo.homes import homes
from models.demo.scribe import Change, Entry, Scribe
from models.demo.volunteers import DEPUTY, DIRECTOR, ELECTRICIAN, TREASURER, VISITOR
from models.fees.receipt_code import number
from models.fees.receipts import lines_of
from models.fees.rules import Method
from models.fees.tables_money import Payment
from models.files.money_files.rows import CHINA, Direction, MoneyRow, Platform
from models.tables import table_of

_payment_table = table_of(Payment)
#: The series of the other laptop, on which the same bills were taken once more.
_OTHER_SERIES, _OTHER_NUMBER = "M4T", 17
#: Days ago: taken twice, taken for the wrong door, asked to take that back, cash handed in, the file read.
_TWICE, _WRONG, _ASKED_BACK, _HANDED_IN, _FILE = 4, 3, 2, 8, 2
#: Which of those who come clear all their old debts.
_CLEARING: Final = frozenset({7, 18})
#: The last receipts of all, before now.
_MINUTES_AGO: Final = (20, 45)
_KEPT: Final = 13
#: Who asks for less.
_ASKING: Final = "1-3-102"
#: What came by WeChat and nobody wrote down: days ago, whose it is, what they wrote.
_UNKNOWN: Final = (
    (9, "2-2-402", "2栋2单元402三个月物业费"),
    (7, "4-2-501", "物业费"),
    (5, "6-1-601", "六栋一单元601"),
)


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody asked a door to pay; `promise` is the day they said, in days ago."""

    day: int
    hour: int
    by: str
    code: str
    way: str
    answer: str
    words: str
    step: str = "talk"
    promise: int | None = None


_TALKS: Final = (
    Talk(33, 10, DEPUTY, REFUSED, "visit", "refused", "说没签过合同，不认物业费。"),
    Talk(31, 15, DEPUTY, AWAY, "phone", "away", "业主在长沙，门面空着，说租出去再交。"),
    Talk(26, 9, HELPER, HARDSHIP, "visit", "hardship", "下岗，孩子住院，商量缓交。"),
    Talk(25, 16, ELECTRICIAN, "1-1-101", "visit", "grievance", "下水堵一个月没修好，通了就交。"),
    Talk(24, 10, DEPUTY, REFUSED, "letter", "none", "放了催缴提示单。", "reminder"),
    Talk(22, 17, HELPER, PROMISE_KEPT, "phone", "promised", "说发了退休金就交。", promise=12),
    Talk(19, 18, HELPER, PROMISE_BROKEN, "visit", "promised", "答应月中一次交清。", promise=7),
    Talk(16, 10, DEPUTY, "3-2-502", "visit", "grievance", "楼上漏水的赔偿没谈好，先不交。"),
    Talk(15, 16, HELPER, "5-3-401", "visit", "grievance", "楼道灯修了又灭。"),
    Talk(13, 11, DEPUTY, AWAY, "letter", "none", "挂号信寄到业主户籍地址。", "notice"),
    Talk(10, 19, DEPUTY, PROMISED_TODAY, "phone", "promised", "出差在外，约好今天回来交。", promise=0),
    Talk(6, 9, HELPER, PROMISE_BROKEN, "phone", "none", "电话没人接。"),
    Talk(5, 16, DEPUTY, "6-2-602", "visit", "grievance", "阳台渗水，请先来看。"),
)  # fmt: skip


def entries(scribe: Scribe, till: Till) -> Iterator[Entry]:
    """Yield what happened to fees in the last weeks."""
    yield from _received(scribe, till)
    for talk in _TALKS:
        yield Entry(scribe.at(talk.day, talk.hour, 5), talk.by, partial(_talk, scribe, talk))
    yield from _concessions(scribe)
    yield from _twice(scribe, till)
    yield from _wrong_door(scribe, till)
    yield Entry(scribe.at(6, 15, 20), TREASURER, partial(_suspense, scribe))
    yield from _handed_in(scribe)
    yield Entry(scribe.at(_FILE, 20), TREASURER, partial(_file, scribe, till))


def _received(scribe: Scribe, till: Till) -> Iterator[Entry]:
    """Spread over the days who pays one by one. Two collectors take turns; the last came minutes ago."""
    paying = [code for code in till.lately() if code not in {TWICE, TAKEN_BACK}]
    for place, code in enumerate(paying):
        back = len(paying) - place
        day = 1 + back * (LATELY - 2) // len(paying)
        at = scribe.at(day, 9 + place * 5 % 8, 5 + chance(code, "minute", 50))
        if code == PROMISE_KEPT:
            at = scribe.at(_KEPT, 10, 15)
        elif back <= len(_MINUTES_AGO):
            at = scribe.now - timedelta(minutes=_MINUTES_AGO[back - 1])
        clearing = place in _CLEARING
        by = COLLECTORS[place % len(COLLECTORS)]
        # Both collectors have some cash, whoever comes.
        method = Method.CASH if place % 3 == 0 else till.way(code)[0]
        yield Entry(at, by, partial(_paid, scribe, till, code, method, clearing=clearing))


def _paid(scribe: Scribe, till: Till, code: str, method: Method, *, clearing: bool) -> list[Change]:
    """Return that a door pays: all it owes, or what it means to pay."""
    owed = till.open(code)[code]
    meant = owed if clearing else till.meant(till.quarters[-1], code, owed)
    return [_payment(scribe, code, method, meant, owed)]


def _payment(
    scribe: Scribe, code: str, method: Method, meant: Sequence[Open], owed: Sequence[Open]
) -> Change:
    fen = sum(one.fen for one in meant)
    payment: dict[str, Any] = {
        "id": scribe.name("payment", code),
        "household": scribe.ref("household", code),
        "fen": fen,
        "method": method.value,
        "payer": _owner(code),
        "receipt": scribe.name("receipt", code),
    }
    if len(meant) < len(owed):
        payment["chosen"] = chosen(meant, fen)
    return "payment.record", payment


def _owner(code: str) -> str:
    return next(one.name for one in homes()[code].residents if one.until is None)


def _twice(scribe: Scribe, till: Till) -> Iterator[Entry]:
    """The mother pays in the morning, the son an hour later at a laptop that does not know it yet."""
    taken = partial(_paid, scribe, till, TWICE, Method.CASH, clearing=True)

    def again() -> list[Change]:
        lines = lines_of(scribe.session, scribe.compound_id, scribe.uuid("payment", TWICE))
        payment = {
            "id": scribe.fresh(),
            "household": scribe.ref("household", TWICE),
            "fen": sum(line["fen"] for line in lines),
            "method": Method.CASH.value,
            "payer": _owner(TWICE),
            "receipt": scribe.fresh(),
            "receipt_no": number(scribe.day(_TWICE).year, _OTHER_SERIES, _OTHER_NUMBER),
            "printed": lines,
        }
        return [("payment.record", payment)]

    yield Entry(scribe.at(_TWICE, 9, 40), HELPER, taken)
    yield Entry(scribe.at(_TWICE, 10, 35), DEPUTY, again)


def _wrong_door(scribe: Scribe, till: Till) -> Iterator[Entry]:
    """Money is written down for the door below; who wrote it asks to take it back, and nobody has answered yet."""
    paid = partial(_paid, scribe, till, TAKEN_BACK, Method.WECHAT, clearing=True)

    def ask() -> list[Change]:
        asked = {
            "id": scribe.fresh(),
            "payment": scribe.ref("payment", TAKEN_BACK),
            "reason": "门牌记错，是对门6-2-202交的",
        }
        return [("payment.ask_reversal", asked)]

    yield Entry(scribe.at(_WRONG, 16, 10), HELPER, paid)
    yield Entry(scribe.at(_ASKED_BACK, 9, 20), HELPER, ask)


def _suspense(scribe: Scribe) -> list[Change]:
    """Return that money came by bank, and nobody knows whose it is."""
    payment = {
        "id": scribe.fresh(),
        "fen": 33_840,
        "method": Method.BANK.value,
        "payer": "李女士",
        "reference": f"{scribe.day(6):%y%m%d}0047713",
        "receipt": scribe.fresh(),
        "receipt_no": None,
        "words": "到账附言只有“物业费”，没写房号",
    }
    return [("payment.record", payment)]


def _talk(scribe: Scribe, talk: Talk) -> list[Change]:
    told = {
        "id": scribe.fresh(),
        "household": scribe.ref("household", talk.code),
        "way": talk.way,
        "step": talk.step,
        "answer": talk.answer,
        "promise_on": None if talk.promise is None else scribe.day(talk.promise).isoformat(),
        "words": talk.words,
    }
    return [("fee.remind", told)]


def _concessions(scribe: Scribe) -> Iterator[Entry]:
    """One who cannot pay may pay later; another's request for less waits."""
    later = {
        "id": scribe.name("concession", HARDSHIP),
        "household": scribe.ref("household", HARDSHIP),
        "kind": "deferral",
        "since": scribe.day(23).isoformat(),
        "defer_until": scribe.day(-60).isoformat(),
        "reason": "下岗，孩子住院",
    }
    granted = {"concession": later["id"], "words": "缓三个月，不算违约金。"}
    less = {
        "id": scribe.fresh(),
        "household": scribe.ref("household", _ASKING),
        "kind": "discount",
        "ppm": 200_000,
        "since": scribe.day(0).replace(day=1).isoformat(),
        "reason": "独居，腿脚不便，靠遗属补助过日子",
    }
    yield Entry(scribe.at(23, 15), DEPUTY, lambda: [("fee.ask_concession", later)])
    yield Entry(scribe.at(21, 19), DIRECTOR, lambda: [("fee.approve_concession", granted)])
    yield Entry(scribe.at(3, 17, 30), VISITOR, lambda: [("fee.ask_concession", less)])


def _cash(scribe: Scribe, name: str) -> int:
    """Return what a collector has taken in cash in these weeks."""
    asked = select(func.coalesce(func.sum(_payment_table.c.amount_fen), 0)).where(
        _payment_table.c.compound_id == scribe.compound_id,
        _payment_table.c.collector_id == scribe.uuid("person", name),
        _payment_table.c.method == Method.CASH.value,
        _payment_table.c.paid_at >= scribe.at(LATELY - 1, 0).astimezone(UTC),
    )
    return int(scribe.session.connection().execute(asked).scalar_one())


def _handed_in(scribe: Scribe) -> Iterator[Entry]:
    """One of the two hands in what she took; the other has hers still."""

    def hand_in() -> list[Change]:
        fen = _cash(scribe, HELPER)
        handed = {
            "id": scribe.name("hand_in", HELPER),
            "fen": fen,
            "expected_fen": fen,
            "to": scribe.ref("person", TREASURER),
        }
        return [("payment.hand_in", handed)]

    def count() -> list[Change]:
        return [("payment.confirm_hand_in", {"hand_in": scribe.ref("hand_in", HELPER)})]

    yield Entry(scribe.at(_HANDED_IN, 11, 10), HELPER, hand_in)
    yield Entry(scribe.at(_HANDED_IN, 11, 30), TREASURER, count)


def _file(scribe: Scribe, till: Till) -> list[Change]:
    """Return a WeChat bill's rows: what was written down by hand already, what was not, and what is no fee."""
    known = select(
        _payment_table.c.household_id, _payment_table.c.amount_fen, _payment_table.c.paid_at
    ).where(
        _payment_table.c.compound_id == scribe.compound_id,
        _payment_table.c.method == Method.WECHAT.value,
        _payment_table.c.paid_at >= scribe.at(12, 0).astimezone(UTC),
        _payment_table.c.reversed_on.is_(None),
    )
    rows = []
    codes = {scribe.uuid("household", code): code for code in homes()}
    found = scribe.session.connection().execute(known.order_by(_payment_table.c.paid_at, _payment_table.c.id))
    for household, fen, at in found:
        code = codes[household]
        rows.append(_row(at - timedelta(minutes=2), fen, _starred(_owner(code)), _spelt(code)))
    # Doors that owe, and have paid what the last quarter asks: one is clear, one says no door, one writes it in words.
    for day, code, remark in _UNKNOWN:
        fen = sum(
            one.fen
            for one in till.open(code)[code]
            if one.run == scribe.uuid("run", str(till.quarters[-1].n))
        )
        rows.append(_row(scribe.at(day, 20, 14), fen, _starred(_owner(code)), remark))
    rows.append(_row(scribe.at(4, 12, 31), 8_800, "跳*湖", "团购鸡蛋"))
    rows.append(_row(scribe.at(3, 9, 2), 4_560, "湘潭五金", "灯泡十只", direction=Direction.OUT))
    values = [
        {
            "key": row.key,
            "order_no": row.order_no,
            "direction": row.direction.value,
            "fen": row.fen,
            "at": row.at.isoformat(),
            "kind": row.kind,
            "party": row.party,
            "remark": row.remark,
        }
        for row in sorted(rows, key=attrgetter("at"))
    ]
    name = f"微信支付账单({scribe.day(12):%Y%m%d}-{scribe.day(_FILE):%Y%m%d}).csv"
    return [("payment.import", {"platform": Platform.WECHAT.value, "file": name, "rows": values})]


def _row(at: datetime, fen: int, party: str, remark: str, *, direction: Direction = Direction.IN) -> MoneyRow:
    local = at.astimezone(CHINA).replace(microsecond=0)
    order_no = f"10000{chance(f'{local}{party}', 'order', 10**23):023}"
    kind = "转账" if direction is Direction.IN else "商户消费"
    return MoneyRow(Platform.WECHAT, order_no, "", direction, fen, local, kind, party, "", remark)


def _starred(name: str) -> str:
    return f"{name[0]}*{name[2:]}"


def _spelt(code: str) -> str:
    """Return a door as people write it: each in their own way."""
    house, stair, flat = code.split("-")
    ways = (
        code,
        f"{house}栋{stair}单元{flat}物业费",
        f"{house}号楼{stair}单元{flat}室",
        f"{house}#{stair}-{flat} 物业",
    )
    return ways[chance(code, "spelt", len(ways))]
