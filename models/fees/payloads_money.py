"""What operations on payments, receipts, cash, bank rows and the books carry."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Self

from pydantic import AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from models.community.payloads import HouseholdRef, PersonRef
from models.fees.payload_fields import (
    MOST_LINES,
    MOST_ROWS,
    AccountRef,
    BillRef,
    ExpenseRef,
    Fen,
    FenOrNone,
    HandInRef,
    MoneyAccount,
    MoneyPlace,
    MoneyRowRef,
    MovementRef,
    PaymentRef,
    Reason,
    ReceiptNo,
    ReceiptRef,
    RefundRef,
    ReversalRef,
)
from models.fees.rules import Method, MovementKind, Side
from models.operations.fields import Line, Name, Note
from models.operations.registry import EditPayload, Payload, RowId
from models.tables import no_list, no_mapping

Counts = dict[str, Annotated[int, Field(ge=0, le=1_000_000)]]
Signed = Annotated[int, Field(ge=-10_000_000_000, le=10_000_000_000)]


class Chosen(Payload):
    """Some of a payment that the payer wants for a bill."""

    bill: BillRef
    fen: Fen


class PrintedLine(Payload):
    """A line of a receipt as it was printed: how much for what, over which span, and how that came."""

    bill: BillRef | None = None
    item: Line = ""
    since: date | None = None
    until: date | None = None
    fen: Fen
    billed_fen: FenOrNone = 0
    discount_fen: FenOrNone = 0
    left_fen: FenOrNone = 0
    sums: dict[str, Any] = Field(default_factory=no_mapping)
    note: Line = ""


class ReceiptFields(Payload):
    """A receipt: its number is given where it is made, in the payment's own transaction, as are its lines; None: no receipt."""

    receipt: RowId
    receipt_no: ReceiptNo | None = None
    printed: list[PrintedLine] = Field(default_factory=no_list, max_length=MOST_LINES)


class RecordPayment(ReceiptFields):
    """Money came in, when it happened. Where `chosen` leaves some, the oldest bills take it; the rest is credit."""

    id: RowId
    household: HouseholdRef | None = None
    fen: Fen
    method: Method = Method.CASH
    chosen: list[Chosen] = Field(default_factory=no_list, max_length=MOST_LINES)
    payer: Line = ""
    reference: Line = ""
    row: MoneyRowRef | None = None
    words: Note = ""

    @model_validator(mode="after")
    def _came(self) -> Self:
        if self.method is Method.OPENING:
            raise PydanticCustomError("method_invalid", "credit of the past is brought in, nobody takes it")
        return self


class PastPayment(Payload):
    """A payment of the past, out of a book or another program."""

    id: RowId
    household: HouseholdRef | None = None
    fen: Fen
    method: Method = Method.CASH
    paid_at: AwareDatetime
    chosen: list[Chosen] = Field(default_factory=no_list, max_length=MOST_LINES)
    collector: PersonRef | None = None
    payer: Line = ""
    reference: Line = ""
    words: Note = ""


class BringPayments(Payload):
    """Payments of the past. No receipt is made for them."""

    rows: list[PastPayment] = Field(min_length=1, max_length=MOST_ROWS)
    words: Note = ""


class PlacePayment(Payload):
    """Whose a payment in suspense is."""

    payment: PaymentRef
    household: HouseholdRef
    chosen: list[Chosen] = Field(default_factory=no_list, max_length=MOST_LINES)


class AskReversal(Payload):
    """A payment should be taken back, and why."""

    id: RowId
    payment: PaymentRef
    reason: Reason


class DecideReversal(Payload):
    """Names a request to take a payment back, with what is said to it."""

    reversal: ReversalRef
    words: Note = ""


class AskRefund(Payload):
    """Money should go back to a household, and why."""

    id: RowId
    household: HouseholdRef
    fen: Fen
    method: Method = Method.CASH
    reason: Reason


class DecideRefund(Payload):
    """Names a refund, with what is said to it."""

    refund: RefundRef
    words: Note = ""


class NameReceipt(Payload):
    """Names a receipt."""

    receipt: ReceiptRef


class VoidReceipt(Payload):
    """A receipt that does not hold, and why."""

    receipt: ReceiptRef
    reason: Reason


class WriteReceipt(ReceiptFields):
    """A receipt for a payment that has none, or whose receipt is void."""

    payment: PaymentRef


class HandInCash(Payload):
    """A collector hands cash in. `counts` tells how many of each note and coin, by its worth in fen."""

    id: RowId
    fen: Fen
    expected_fen: Signed = 0
    collector: PersonRef | None = None
    to: PersonRef | None = None
    counts: Counts = Field(default_factory=no_mapping)
    words: Note = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if any(not worth.isdecimal() for worth in self.counts):
            raise PydanticCustomError("count_invalid", "not the worth of a note or coin")
        if self.counts and sum(int(worth) * n for worth, n in self.counts.items()) != self.fen:
            raise PydanticCustomError("count_sum", "the notes and coins do not add up to the sum")
        return self


class ConfirmHandIn(Payload):
    """Who took the cash counted it."""

    hand_in: HandInRef
    fen: FenOrNone | None = None
    words: Note = ""


class FileRow(Payload):
    """A row of a bank's or a platform's file. `key` makes it the same row in every file it stands in."""

    key: Annotated[str, Field(min_length=1, max_length=300)]
    order_no: Annotated[str, Field(max_length=200)] = ""
    direction: Annotated[str, Field(pattern="^(in|out|none)$")]
    fen: FenOrNone
    at: AwareDatetime
    kind: Note = ""
    party: Note = ""
    account: Note = ""
    remark: Note = ""


class ImportRows(Payload):
    """Rows of a file; those known already stay as they are."""

    platform: Name
    file: Note = ""
    rows: list[FileRow] = Field(min_length=1, max_length=MOST_ROWS)


class MatchRow(Payload):
    """A row of a file is a payment that was recorded already."""

    row: MoneyRowRef
    payment: PaymentRef


class SetRowAside(Payload):
    """A row of a file is no fee, and why."""

    row: MoneyRowRef
    reason: Reason


class NameRow(Payload):
    """Names a row of a file."""

    row: MoneyRowRef


class AccountFields(Payload):
    """What may be changed of an account."""

    name: Name = ""
    position: int = Field(default=0, ge=0, le=10_000)
    note: Note = ""


class AddAccount(AccountFields):
    """An account: what is spent on, what else comes in, where else money lies."""

    id: RowId
    side: Side
    name: Name


class EditAccount(EditPayload):
    """An account, field by field."""

    target: ClassVar[str] = "account"
    table: ClassVar[str] = "account"

    account: AccountRef
    old: AccountFields
    new: AccountFields


class MoveMoney(Payload):
    """Money moved from one account into another without a bill; what was there at the beginning comes out of `equity:opening`."""

    id: RowId
    kind: MovementKind = MovementKind.TRANSFER
    out_of: MoneyAccount
    into: MoneyAccount
    fen: Fen
    moved_on: date | None = None
    voucher: Line = ""
    words: Note = ""

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.out_of == self.into:
            raise PydanticCustomError("movement_invalid", "from an account into itself")
        return self


class ReverseMovement(Payload):
    """A movement that was wrong, and why."""

    movement: MovementRef
    reason: Reason


class RecordExpense(Payload):
    """Something was or is to be spent, with its voucher."""

    id: RowId
    account: AccountRef
    fen: Fen
    spent_on: date | None = None
    payee: Line = ""
    voucher: Line = ""
    words: Note = ""


class DecideExpense(Payload):
    """Names an expense, with what is said to it."""

    expense: ExpenseRef
    words: Note = ""


class PayExpense(Payload):
    """An expense was paid, out of which account."""

    expense: ExpenseRef
    out_of: MoneyPlace
    voucher: Line = ""


class ReverseExpense(Payload):
    """An expense that was wrong, and why."""

    expense: ExpenseRef
    reason: Reason


class CloseBooks(Payload):
    """The books are closed before a day."""

    id: RowId
    until: date
    words: Note = ""


class PublishStatement(Payload):
    """The accounts of a span of days as they are made public."""

    id: RowId
    since: date
    until: date
    figures: dict[str, Any]
    words: Note = ""

    @model_validator(mode="after")
    def _span(self) -> Self:
        if self.until <= self.since:
            raise PydanticCustomError("span_invalid", "the end is not after the beginning")
        return self
