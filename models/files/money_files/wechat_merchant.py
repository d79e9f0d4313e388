"""What WeChat gives a merchant for a day or a month (交易账单): all orders, paid ones or refunds."""

from __future__ import annotations

from typing import Final

from models.files.columns import Cursor, Field, Layout
from models.files.money_files import cells
from models.files.money_files.rows import Direction, MoneyRow, Platform
from models.files.values import bad

LAYOUT: Final = Layout(
    fields=(
        Field("at", ("time", "交易时间")),
        Field("app", ("app id", "公众账号ID"), ignored=True),
        Field("merchant", ("merchant", "商户号"), ignored=True),
        Field("sub_merchant", ("sub merchant", "特约商户号", "子商户号"), ignored=True),
        Field("device", ("device", "设备号"), ignored=True),
        Field("order_no", ("wechat order no", "微信订单号", "微信支付订单号")),
        Field("merchant_no", ("merchant order no", "商户订单号")),
        Field("account", ("payer id", "用户标识")),
        Field("kind", ("type", "交易类型")),
        Field("state", ("state", "交易状态")),
        Field("bank", ("paid by", "付款银行"), ignored=True),
        Field("currency", ("currency", "货币种类"), ignored=True),
        Field("fen", ("settled", "应结订单金额")),
        Field("total", ("total", "订单金额", "总金额")),
        Field("coupon", ("coupon", "代金券金额", "代金券或立减优惠金额", "企业红包金额"), ignored=True),
        Field("refund_no", ("wechat refund no", "微信退款单号", "微信支付退款单号")),
        Field("merchant_refund_no", ("merchant refund no", "商户退款单号")),
        Field("refund", ("refund", "退款金额")),
        Field("refund_asked", ("refund asked", "申请退款金额")),
        Field("coupon_refund", ("coupon refund", "充值券退款金额", "代金券或立减优惠退款金额", "企业红包退款金额"), ignored=True),
        Field("refund_kind", ("refund type", "退款类型"), ignored=True),
        Field("refund_state", ("refund state", "退款状态")),
        Field("goods", ("goods", "商品名称")),
        Field("data", ("data", "商户数据包")),
        Field("fee", ("fee", "手续费")),
        Field("rate", ("rate", "费率"), ignored=True),
        Field("rate_note", ("rate note", "费率备注"), ignored=True),
    ),
    needs=(("at", "order_no", "kind", "state", "fen"), ("at", "order_no", "kind", "state", "total")),
)  # fmt: skip
_KINDS = frozenset(
    {"JSAPI", "NATIVE", "APP", "MICROPAY", "MWEB", "H5", "FACEPAY", "AUTH", "MINIPROGRAM", "PAP", "PC"}
)
_PAID, _REVERSED = "SUCCESS", frozenset({"REFUND", "REVOKED"})
#: Of refunds: one that failed or still runs has moved nothing.
_REFUNDED, _NOT_REFUNDED = "SUCCESS", frozenset({"PROCESSING", "FAIL", "FAILED", "CHANGE", "CHANGED", "REFUNDCLOSE", "CLOSED"})  # fmt: skip


def read_row(cursor: Cursor) -> MoneyRow | None:
    """Return the row of one line; None after saying what is wrong with it.

    A refund is a row of its own, under its own number, with the order it gives back as the merchant's number.
    """
    state, kind = cursor.text("state").upper(), cursor.text("kind").upper()
    refund_state = cursor.text("refund_state").upper()
    if kind not in _KINDS:
        cursor.report(bad("money.kind", kind), "kind")
        return None
    if state in _REVERSED:
        direction = Direction.OUT
        if refund_state in _NOT_REFUNDED:
            direction = Direction.NONE
        elif refund_state not in {_REFUNDED, *cells.NOTHING}:
            cursor.report(bad("money.state", refund_state), "refund_state")
            return None
        column = _filled(cursor, ("refund", "refund_asked", "fen", "total"))
    elif state == _PAID:
        direction, column = Direction.IN, _filled(cursor, ("fen", "total"))
    else:
        cursor.report(bad("money.state", state), "state")
        return None
    money = cells.sum_of(cursor, LAYOUT, "at", column)
    if money is None:
        return None
    if money.fen < 0:
        cursor.report(bad("money.amount", cursor.text(column)), column)
        return None
    refund_no = cells.number(cursor, "refund_no") if state in _REVERSED else ""
    return MoneyRow(
        Platform.WECHAT_MERCHANT,
        refund_no or cells.number(cursor, "order_no"),
        cells.number(cursor, "merchant_no"),
        direction if money.fen else Direction.NONE,
        money.fen,
        money.at,
        kind=kind,
        account=cells.word(cursor, "account"),
        remark=cells.words(cursor, ("goods", "data")),
        state=state,
        row=cursor.line,
        fee_fen=cells.fee(cells.word(cursor, "fee") or "0"),
    )


def _filled(cursor: Cursor, names: tuple[str, ...]) -> str:
    """Return the first of several columns that holds an amount other than nothing, else the first that is there."""
    for name in names:
        text = cells.word(cursor, name)
        if text and text.strip("0.") not in {"", "¥"}:
            return name
    return next((name for name in names if name in cursor.columns), names[0])
