"""The kinds of value that operations on fees carry, each checked once, where it enters."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from models.fees.receipt_code import parse_number
from models.fees.rules import BOX, MONEY, MOST_FEN, OPENING, WHOLE, Side, account_code, cash_of, holds_money
from models.operations.fields import Note
from models.operations.registry import Ref

#: So many rows go in one operation.
MOST_ROWS = 400
#: So many bills one payment pays at most: decades of them, each with a line on its receipt.
MOST_LINES = 5_000
_FIXED = {BOX, OPENING, *MONEY.values()}
_ADDED = (*(account_code(side, UUID(int=0))[:-32] for side in Side), cash_of(UUID(int=0))[:-32])

ItemRef = Annotated[UUID, Ref("charge_item")]
TariffRef = Annotated[UUID, Ref("tariff")]
ConcessionRef = Annotated[UUID, Ref("concession")]
MeterRef = Annotated[UUID, Ref("meter")]
BillRef = Annotated[UUID, Ref("bill")]
PaymentRef = Annotated[UUID, Ref("payment")]
ReversalRef = Annotated[UUID, Ref("reversal")]
RefundRef = Annotated[UUID, Ref("refund")]
ReceiptRef = Annotated[UUID, Ref("receipt")]
HandInRef = Annotated[UUID, Ref("hand_in")]
MoneyRowRef = Annotated[UUID, Ref("money_row")]
AccountRef = Annotated[UUID, Ref("account")]
MovementRef = Annotated[UUID, Ref("movement")]
ExpenseRef = Annotated[UUID, Ref("expense")]


def _number(value: object) -> object:
    """Read a receipt's number however it was typed."""
    if not isinstance(value, str):
        return value
    try:
        return parse_number(value)
    except ValueError as error:
        raise PydanticCustomError("receipt_number_invalid", "not a receipt's number") from error


def _account(value: str) -> str:
    """Let a code pass that can be an account where money lies or comes from."""
    if value in _FIXED or value == cash_of(None):
        return value
    for head in _ADDED:
        if value.startswith(head):
            try:
                return head + UUID(value.removeprefix(head)).hex
            except ValueError:
                break
    raise PydanticCustomError("account_invalid", "not an account")


def _place(value: str) -> str:
    """Let the code of an account pass where money lies."""
    if holds_money(value):
        return value
    raise PydanticCustomError("account_invalid", "no money lies in that account")


#: Money that came or went: more than nothing.
Fen = Annotated[int, Field(gt=0, le=MOST_FEN)]
#: Money that may be nothing.
FenOrNone = Annotated[int, Field(ge=0, le=MOST_FEN)]
#: A unit price in 1/10,000 yuan, at most ten thousand yuan.
Price = Annotated[int, Field(ge=0, le=100_000_000)]
Rate = Annotated[int, Field(ge=0, le=WHOLE)]
Reading = Annotated[int, Field(ge=0, le=10**13)]
Weight = Annotated[int, Field(ge=0, le=1_000_000)]
Reason = Annotated[Note, Field(min_length=1)]
ReceiptNo = Annotated[str, BeforeValidator(_number)]
#: The code of an account where money lies or comes from.
MoneyAccount = Annotated[str, AfterValidator(_account)]
#: The code of an account where money lies.
MoneyPlace = Annotated[str, AfterValidator(_account), AfterValidator(_place)]
