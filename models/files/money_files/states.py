"""What the platforms say became of a payment, as far as it says whether money stayed where it went.

The words are those met in exports of several years; a new one is a problem of its row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from models.fees.money import MoneyTextError, fen_of
from models.files.money_files.rows import Direction

DIRECTIONS: Final = {
    "收入": Direction.IN,
    "收": Direction.IN,
    "支出": Direction.OUT,
    "支": Direction.OUT,
    "": Direction.NONE,
    "/": Direction.NONE,
    "-": Direction.NONE,
    "其他": Direction.NONE,
    "其它": Direction.NONE,
    "中性交易": Direction.NONE,
    "不计收支": Direction.NONE,
}


class Fate(Enum):
    """What became of the money."""

    STAYED = "stayed"
    #: Paid, and held by the platform until the buyer has the goods: gone from whoever paid, not there yet.
    HELD = "held"
    NEVER = "never"
    BACK = "back"
    PARTLY_BACK = "partly back"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A state in one word; `back_fen` is what was given back of a part."""

    fate: Fate
    back_fen: int = 0


def words_of(text: str) -> frozenset[str]:
    """Return the words of a table that is easier to read without quotation marks."""
    return frozenset(text.split())


_STAYED = words_of(
    "支付成功 付款成功 已支付 已付款 已转账 转账成功 已收钱 朋友已收钱 对方已收钱 已收款 收款成功 对方已收款 已存入零钱 "
    "已存入零钱通 已存入 已到账 到账成功 已入账 已领取 已全部领取 充值完成 充值成功 提现已到账 提现成功 还款成功 交易成功 "
    "交易完成 代付成功 缴费成功 转入成功 转出成功 购买成功 申购成功 赎回成功 解冻成功 冻结成功 放款成功 信用服务使用成功 "
    "提取成功 分账成功 已完成"
)
_HELD = words_of("等待确认收货 等待卖家发货 等待发货 等待对方发货 卖家已发货 交易处理中 担保中")
_NEVER = words_of(
    "交易关闭 已关闭 交易取消 已取消 已撤销 交易失败 支付失败 转账失败 提现失败 充值失败 失败 等待付款 等待对方付款 等待买家付款 "
    "待付款 待支付 待收款 待对方收款 待确认收款 等待收款 等待对方收款 等待确认 待领取 支付中 处理中 提现处理中 受理中 已过期 "
    "未支付 已冲正"
)
_BACK = words_of(
    "已全额退款 已全额退还 已全部退款 已退还 对方已退还 已退款 对方已退款 退款成功 已退回 退回成功 过期已退还 对方未收款已退还"
)
_KNOWN: Final = {
    state: Outcome(fate)
    for fate, states in ((Fate.STAYED, _STAYED), (Fate.HELD, _HELD), (Fate.NEVER, _NEVER), (Fate.BACK, _BACK))
    for state in states
}
_PARTLY = re.compile(r"(?:已|已部分|部分|对方已)退款\s*[(:]?\s*([¥]?\s*[\d,]+(?:\.\d{1,2})?)\s*元?\s*\)?")


@lru_cache(maxsize=1024)
def outcome_of(state: str) -> Outcome | None:
    """Return what a state (folded text) says, None when it is not known."""
    if state in _KNOWN:
        return _KNOWN[state]
    if found := _PARTLY.fullmatch(state):
        try:
            return Outcome(Fate.PARTLY_BACK, fen_of(found[1]))
        except MoneyTextError:
            return None
    return None


@dataclass(frozen=True, slots=True)
class Settled:
    """Which way how much went for good, and what was given back of it."""

    direction: Direction
    fen: int
    refunded_fen: int = 0


def settled(direction: Direction, fen: int, outcome: Outcome) -> Settled | None:
    """Return what a payment came to; None when more was given back than was paid."""
    if direction is Direction.NONE or outcome.fate is Fate.NEVER:
        return Settled(Direction.NONE, fen)
    if outcome.fate is Fate.HELD and direction is Direction.IN:
        return Settled(Direction.NONE, fen)
    if outcome.fate is Fate.BACK or (outcome.fate is Fate.PARTLY_BACK and outcome.back_fen == fen):
        return Settled(Direction.NONE, fen, fen)
    if outcome.back_fen > fen:
        return None
    return Settled(direction, fen - outcome.back_fen, outcome.back_fen)
