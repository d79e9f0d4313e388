"""Statements of banks, which have no one layout: columns are found by what their headers may be called.

A bank that gives no number of its own to a row gets a mark made of what the row says and of which of equal rows it is,
so that the same row has the same key in every export that holds it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import datetime
from typing import Final

from models.files import values
from models.files.columns import Cursor, Field, Layout
from models.files.money_files import cells
from models.files.money_files.rows import Direction, MoneyRow, Platform
from models.files.money_files.states import Fate, outcome_of, words_of
from models.problems import Problem

LAYOUT: Final = Layout(
    fields=(
        Field("day", ("date", "交易日期", "交易日", "日期", "发生日期", "业务日期", "交易日期时间", "transaction date")),
        # Often the time of day beside the day; where it is the only one, or holds the day as well, it is the moment.
        Field("clock", ("time", "交易时间", "时间", "交易时刻", "交易时分秒", "发生时间", "transaction time")),
        Field("booked", ("booked", "记账日期", "记账时间", "记账日", "入账日期", "入账时间", "会计日期", "booking date")),
        Field("in", ("income", "收入", "收入金额", "贷方发生额", "贷方金额", "贷方", "贷方发生金额", "贷方交易金额", "存入金额", "存入",
                     "转入金额", "转入", "入账金额", "收款金额", "credit", "deposit")),
        Field("out", ("expense", "支出", "支出金额", "借方发生额", "借方金额", "借方", "借方发生金额", "借方交易金额", "支取金额", "支取",
                      "转出金额", "转出", "付款金额", "取款金额", "debit", "withdrawal")),
        Field("fen", ("amount", "交易金额", "金额", "发生额", "发生金额", "交易额", "transaction amount")),
        Field("direction", ("debit/credit", "借贷标志", "借贷", "借/贷", "借贷方向", "收支标志", "收/支", "收支", "收支方向", "收付标志",
                            "进出标志", "交易方向", "资金方向", "dc", "cd")),
        Field("party", ("counterparty", "对方户名", "对方名称", "对方姓名", "对方账户名称", "对方账户名", "对方账号名称", "对方单位", "对方单位名称",
                        "对手户名", "交易对手", "交易对手名称", "交易对方", "对方", "付款人", "付款人名称", "付款方名称", "付款方户名",
                        "收/付方名称", "收付款人名称", "对方信息", "对方账户户名", "对手信息", "对手名称")),
        Field("account", ("counterparty account", "对方账号", "对方账户", "对方卡号", "对方帐号", "对方帐户", "对手账号", "交易对手账号", "付款人账号",
                          "付款方账号", "收/付方账号", "对方账号/卡号", "对方卡号/账号", "对方账户账号", "对方帐户账号")),
        Field("summary", ("summary", "摘要", "交易摘要", "摘要说明", "交易说明", "业务摘要", "摘要描述", "交易描述", "description")),
        Field("postscript", ("postscript", "附言", "交易附言", "客户附言", "汇款附言", "留言", "转账附言", "交易地点/附言")),
        Field("purpose", ("purpose", "用途", "交易用途", "资金用途", "款项用途")),
        Field("note", ("note", "备注", "交易备注", "备注信息", "个性化信息", "说明", "remark", "remarks", "memo")),
        Field("kind", ("type", "交易类型", "交易种类", "业务类型", "交易名称", "业务种类", "交易方式")),
        Field("state", ("state", "交易状态", "状态")),
        Field("balance", ("balance", "余额", "账户余额", "交易后余额", "本次余额", "联机余额", "账面余额", "可用余额")),
        Field("order_no", ("serial no", "流水号", "交易流水号", "交易流水", "银行流水号", "核心流水号", "业务流水号", "账户流水号", "交易编号",
                           "交易序号", "全局流水号", "核心交易流水号", "日志号", "账务流水号", "reference")),
        # A voucher's number may stand on many rows, so it is no more than one of the things a row says.
        Field("voucher", ("voucher no", "凭证号", "凭证号码", "凭证编号", "传票号", "柜员流水号")),
    ),
    needs=tuple(
        (time, *amount)
        for time in ("day", "clock", "booked")
        for amount in (("in",), ("out",), ("fen", "direction"), ("fen", "balance"), ("fen", "party"))
    ),
)  # fmt: skip
_HAS_DAY = re.compile(r"\d{4}[-/.年]\d|\d{8}")
_CLOCK_DIGITS = (5, 6)
_IN = words_of("贷 贷方 c cr credit 收 收入 入 入账 转入 存入 存 来账 进 进账 + in 收款 贷记")
_OUT = words_of("借 借方 d dr debit 支 支出 出 出账 转出 支取 取 往账 付 - out 付款 借记")


class Bank:
    """Reads the lines of one statement, which have to come in the file's order."""

    def __init__(self) -> None:
        self._same: Counter[str] = Counter()

    def read_row(self, cursor: Cursor) -> MoneyRow | None:
        """Return the row of one line; None after saying what is wrong with it."""
        column, direction = _which(cursor)
        when = _when(cursor)
        much = None if column is None else cursor.read(column, cells.amount)
        if column is None or when is None or much is None:
            return None
        if direction is None:
            direction = Direction.OUT if much < 0 else Direction.IN
        elif much < 0 and column == "in":
            direction = Direction.OUT  # an entry taken back in red
        if (state := cursor.text("state")) and (outcome := outcome_of(state)) and outcome.fate is Fate.NEVER:
            direction = Direction.NONE
        order_no = cells.number(cursor, "order_no")
        party = cells.private(cells.word(cursor, "party"))
        remark = cells.words(cursor, ("summary", "postscript", "purpose", "note"))
        mark = (
            ""
            if order_no
            else self._mark(cursor, when.isoformat(), str(direction), str(abs(much)), party, remark)
        )
        return MoneyRow(
            Platform.BANK,
            order_no,
            cells.number(cursor, "voucher"),
            direction if much else Direction.NONE,
            abs(much),
            when,
            kind=cursor.text("kind"),
            party=party,
            account=cells.word(cursor, "account").replace(" ", ""),
            remark=remark,
            state=state,
            row=cursor.line,
            mark=mark,
        )

    def _mark(self, cursor: Cursor, *said: str) -> str:
        balance = cells.amount(cursor.text("balance") or "0")
        more = ("" if isinstance(balance, Problem) else str(balance), cells.word(cursor, "voucher"))
        # A workbook and a text file of the same statement may differ in blanks.
        plain = "\x1f".join("".join(text.split()) for text in (*said, *more))
        digest = hashlib.sha256(plain.encode()).hexdigest()[:20]
        self._same[digest] += 1
        return f"~{digest}.{self._same[digest]}"


def _which(cursor: Cursor) -> tuple[str | None, Direction | None]:
    """Return the column that holds the amount, and the direction; None where the amount's sign tells it.

    No column at all comes after saying why.
    """
    filled = [name for name in ("in", "out") if _is_amount(cells.word(cursor, name))]
    if len(filled) == 1:
        return filled[0], Direction.IN if filled[0] == "in" else Direction.OUT
    if filled:
        cursor.report(values.bad("money.direction", " / ".join(cursor.text(name) for name in filled)), "out")
        return None, None
    if "fen" not in cursor.columns:
        # Nothing on either side moves nothing, but an empty row of a statement is worth a word.
        zero = next((name for name in ("in", "out") if cells.word(cursor, name)), None)
        if zero is None:
            cells.missing(cursor, LAYOUT, tuple(name for name in ("in", "out") if name in cursor.columns))
        return zero, None
    cells.missing(cursor, LAYOUT, ("fen",))
    written = cursor.text("direction")
    sign = written.casefold()
    if sign in _IN or sign in _OUT:
        return "fen", Direction.IN if sign in _IN else Direction.OUT
    if sign in cells.NOTHING:
        return "fen", None
    cursor.report(values.bad("money.direction", written), "direction")
    return None, None


def _is_amount(text: str) -> bool:
    return bool(text) and text.strip("¥+-0.,") != ""


def _when(cursor: Cursor) -> datetime | None:
    """Return the moment as exactly as the row tells it; None after saying why there is none."""
    clock = cells.word(cursor, "clock")
    if _HAS_DAY.match(clock):
        return cursor.read("clock", cells.moment)
    name = next((name for name in ("day", "booked") if cells.word(cursor, name)), None)
    if name is None:
        cells.missing(
            cursor, LAYOUT, tuple(name for name in ("day", "clock", "booked") if name in cursor.columns)
        )
        return None
    # 9:05:00 comes as 90500 where a spreadsheet program took it for a number.
    if clock.isdigit() and len(clock) in _CLOCK_DIGITS:
        clock = clock.zfill(6)
        clock = f"{clock[:2]}:{clock[2:4]}:{clock[4:]}"
    return cursor.read(name, lambda day: cells.moment(f"{day} {clock}" if clock and ":" not in day else day))
