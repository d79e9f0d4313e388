"""WeChat's bill for oneself (微信支付账单明细): CSV until the middle of 2025, a workbook since."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from models.files.columns import Cursor, Field, Layout
from models.files.money_files import cells
from models.files.money_files.rows import Direction, MoneyRow, Platform
from models.files.values import bad

LAYOUT: Final = Layout(
    fields=(
        Field("at", ("time", "交易时间")),
        Field("kind", ("type", "交易类型")),
        Field("party", ("counterparty", "交易对方")),
        Field("goods", ("goods", "商品", "商品说明")),
        Field("direction", ("in/out", "收/支", "收支")),
        Field("fen", ("amount", "金额", "交易金额")),
        Field("way", ("paid by", "支付方式"), ignored=True),
        Field("state", ("current state", "当前状态")),
        Field("order_no", ("transaction no", "交易单号", "微信支付单号")),
        Field("merchant_no", ("merchant no", "商户单号")),
        Field("note", ("note", "备注")),
    ),
    needs=(("at", "kind", "direction", "fen", "state"),),
)
#: How the types of transaction begin, those that exist since 2017.
_KINDS = (
    "商户消费", "扫二维码付款", "二维码收款", "扫码付款", "收款码", "面对面", "转账", "微信转账", "微信红包", "群收款", "群红包",
    "赞赏", "分分捐", "零钱", "转入零钱通", "信用卡还款", "购买理财通", "理财通", "亲属卡", "其他", "其它", "充值", "提现",
    "商家转账", "商户转账", "企业付款", "企业微信", "经营", "手机充值", "生活缴费", "小程序", "微信支付", "微信收款", "收款",
    "付款", "消费", "退款", "公众号", "代扣", "自动扣款", "保险", "还款", "心意", "礼物", "捐", "数字人民币",
)  # fmt: skip
_FEE = re.compile(r"(?:服务费|手续费)\s*¥?\s*(\d+(?:\.\d{1,2})?)")


@lru_cache(maxsize=1024)
def _is_known(kind: str) -> bool:
    return kind.startswith(_KINDS) or kind.endswith("退款")


def read_row(cursor: Cursor) -> MoneyRow | None:
    """Return the row of one line; None after saying what is wrong with it."""
    money = cells.sum_of(cursor, LAYOUT, "at", "fen")
    kind = cursor.text("kind")
    direction = cells.direction_of(cursor)
    if not _is_known(kind):
        cursor.report(bad("money.kind", kind), "kind")
        return None
    # What comes back of a purchase of one's own is nobody's payment.
    if direction is Direction.IN and kind.endswith("退款"):
        direction = Direction.NONE
    if money is None or direction is None or (settled := cells.settle(cursor, direction, money.fen)) is None:
        return None
    remark = cells.words(cursor, ("goods", "note"))
    kept = _FEE.search(remark)
    return MoneyRow(
        Platform.WECHAT,
        cells.number(cursor, "order_no"),
        cells.number(cursor, "merchant_no"),
        settled.direction,
        settled.fen,
        money.at,
        kind=kind,
        party=cells.private(cells.word(cursor, "party")),
        remark=remark,
        state=cursor.text("state"),
        row=cursor.line,
        refunded_fen=settled.refunded_fen,
        fee_fen=cells.fee(kept[1]) if kept else 0,
    )
