"""Alipay's bills: the app's (支付宝交易明细, 电子客户回单) and the older one of its web site."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from models.files import values
from models.files.columns import Cursor, Field, Layout
from models.files.money_files import cells
from models.files.money_files.rows import Direction, MoneyRow, Platform

LAYOUT: Final = Layout(
    fields=(
        Field("at", ("time", "交易时间", "付款时间")),
        Field("created", ("created", "交易创建时间")),
        Field("modified", ("modified", "最近修改时间"), ignored=True),
        Field("source", ("source", "交易来源地"), ignored=True),
        Field("kind", ("type", "交易分类", "类型")),
        Field("party", ("counterparty", "交易对方")),
        Field("account", ("counterparty account", "对方账号", "交易对方账号")),
        Field("goods", ("goods", "商品说明", "商品名称")),
        Field("direction", ("in/out", "收/支", "收支")),
        Field("fen", ("amount", "金额", "交易金额")),
        Field("way", ("paid by", "收/付款方式", "支付方式"), ignored=True),
        Field("state", ("state", "交易状态")),
        Field("order_no", ("order no", "交易订单号", "交易号", "支付宝交易号")),
        Field("merchant_no", ("merchant order no", "商家订单号", "商户订单号")),
        Field("fee", ("fee", "服务费", "手续费")),
        Field("refunded", ("refunded", "成功退款")),
        Field("funds", ("funds", "资金状态"), ignored=True),
        Field("note", ("note", "备注")),
    ),
    needs=(("at", "direction", "fen", "state"), ("created", "direction", "fen", "state")),
)


def read_row(cursor: Cursor) -> MoneyRow | None:
    """Return the row of one line; None after saying what is wrong with it."""
    # What was never paid has no time of payment, only one at which it was made.
    at = "at" if cursor.text("at") or "created" not in cursor.columns else "created"
    money = cells.sum_of(cursor, LAYOUT, at, "fen")
    direction = cells.direction_of(cursor)
    if money is None or direction is None or (settled := cells.settle(cursor, direction, money.fen)) is None:
        return None
    refunded = cursor.read("refunded", cells.amount) or 0
    if refunded and settled.direction is not Direction.NONE and not settled.refunded_fen:
        if not 0 <= refunded <= settled.fen:
            cursor.report(values.bad("money.refund", cursor.text("refunded")), "refunded")
            return None
        whole = refunded == settled.fen
        settled = replace(
            settled,
            direction=Direction.NONE if whole else settled.direction,
            fen=settled.fen if whole else settled.fen - refunded,
            refunded_fen=refunded,
        )
    return MoneyRow(
        Platform.ALIPAY,
        cells.number(cursor, "order_no"),
        cells.number(cursor, "merchant_no"),
        settled.direction,
        settled.fen,
        money.at,
        kind=cursor.text("kind"),
        party=cells.private(cells.word(cursor, "party")),
        account=cells.private(cells.word(cursor, "account")),
        remark=cells.words(cursor, ("goods", "note")),
        state=cursor.text("state"),
        row=cursor.line,
        refunded_fen=settled.refunded_fen,
        fee_fen=cells.fee(cells.word(cursor, "fee") or "0"),
    )
