"""Tables of money that came, went or moved, and of what stands behind the public accounts. Money is integer fen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from models.tables import Synced, no_list, no_mapping, refers


class Payment(Synced, table=True):
    """Money that came in. `household_id` None means nobody knows yet whose it is: it lies in suspense.

    `free_fen` is what no bill has taken yet, the household's credit; `reversed_on` tells that the payment
    was taken back by two people. `row_id` is the row of a bank's file that it came of or was found in.
    """

    __tablename__ = "payment"
    __table_args__ = (
        refers("household_id", "household"),
        refers("collector_id", "person"),
        # A door's newest payments are read along this index, whatever else there is.
        Index(None, "compound_id", "household_id", "paid_at", "id"),
        Index(None, "compound_id", "free_fen", "household_id"),
        Index(None, "compound_id", "paid_at", "id"),
        # What came in is added up along this index alone, in its order.
        Index(None, "compound_id", "booked_on", "method", "collector_id", "household_id", "id", "amount_fen"),
        Index(None, "compound_id", "collector_id", "paid_at"),
        Index(None, "compound_id", "row_id"),
    )

    household_id: UUID | None = None
    amount_fen: int = Field(sa_type=BigInteger)
    free_fen: int = Field(default=0, sa_type=BigInteger)
    method: str
    paid_at: datetime
    booked_on: date
    collector_id: UUID | None = None
    recorder_id: UUID | None = None
    payer: str = ""
    reference: str = ""
    row_id: UUID | None = None
    words: str = ""
    reversed_on: date | None = None


class Allocation(Synced, table=True):
    """Some of a payment that went to a bill, or back to the household (`refund_id`); negative when that was undone.

    Lines are only ever added. Their sum over a payment, with what is free of it, is the payment.
    """

    __tablename__ = "allocation"
    __table_args__ = (
        refers("payment_id", "payment"),
        refers("bill_id", "bill"),
        refers("refund_id", "refund"),
        Index(None, "compound_id", "payment_id"),
        Index(None, "compound_id", "bill_id", "booked_on"),
        Index(None, "compound_id", "refund_id"),
        # No more than the day: holding the bill as well, SQLite looks for a bill's lines by going through all days.
        Index(None, "compound_id", "booked_on"),
    )

    payment_id: UUID
    bill_id: UUID | None = None
    refund_id: UUID | None = None
    fen: int = Field(sa_type=BigInteger)
    booked_on: date


class Placing(Synced, table=True):
    """A payment in suspense that somebody found the household of."""

    __tablename__ = "placing"
    __table_args__ = (
        refers("payment_id", "payment"),
        refers("household_id", "household"),
        Index(None, "compound_id", "payment_id"),
        Index(None, "compound_id", "household_id"),
        Index(None, "compound_id", "booked_on"),
    )

    payment_id: UUID
    household_id: UUID
    fen: int = Field(sa_type=BigInteger)
    booked_on: date


class Reversal(Synced, table=True):
    """A request to take a payment back, and what a second person said to it."""

    __tablename__ = "reversal"
    __table_args__ = (
        refers("payment_id", "payment"),
        refers("asked_by_id", "person"),
        refers("decided_by_id", "person"),
        Index(None, "compound_id", "payment_id"),
        Index(None, "compound_id", "state"),
        Index(None, "compound_id", "booked_on"),
    )

    payment_id: UUID
    reason: str
    state: str = "asked"
    asked_by_id: UUID | None = None
    asked_at: datetime
    decided_by_id: UUID | None = None
    decided_at: datetime | None = None
    booked_on: date | None = None
    words: str = ""


class Refund(Synced, table=True):
    """Money that goes back to a household out of its credit, once a second person agreed."""

    __tablename__ = "refund"
    __table_args__ = (
        refers("household_id", "household"),
        refers("asked_by_id", "person"),
        refers("decided_by_id", "person"),
        Index(None, "compound_id", "household_id"),
        Index(None, "compound_id", "state"),
        Index(None, "compound_id", "booked_on"),
    )

    household_id: UUID
    fen: int = Field(sa_type=BigInteger)
    method: str
    reason: str
    state: str = "asked"
    asked_by_id: UUID | None = None
    asked_at: datetime
    decided_by_id: UUID | None = None
    decided_at: datetime | None = None
    booked_on: date | None = None
    words: str = ""


class Receipt(Synced, table=True):
    """A receipt as it was printed. Nothing of it ever changes but that it was copied or is void; a void one keeps its number."""

    __tablename__ = "receipt"
    __table_args__ = (
        refers("payment_id", "payment"),
        refers("household_id", "household"),
        Index(None, "compound_id", "number"),
        Index(None, "compound_id", "payment_id"),
        Index(None, "compound_id", "household_id"),
        Index(None, "compound_id", "issued_at", "id"),
    )

    number: str
    payment_id: UUID
    household_id: UUID | None = None
    door: str = ""
    payer: str = ""
    collector: str = ""
    method: str
    amount_fen: int = Field(sa_type=BigInteger)
    paid_at: datetime
    issued_at: datetime
    lines: list[Any] = Field(default_factory=no_list, sa_type=JSON)
    words: str = ""
    copies: int = 0
    voided_at: datetime | None = None
    void_reason: str = ""


class HandIn(Synced, table=True):
    """Cash that a collector handed in: what should be there, what was counted, who took it."""

    __tablename__ = "hand_in"
    __table_args__ = (
        refers("collector_id", "person"),
        refers("to_id", "person"),
        refers("confirmed_by_id", "person"),
        Index(None, "compound_id", "collector_id", "handed_at"),
        Index(None, "compound_id", "handed_at"),
        Index(None, "compound_id", "booked_on"),
    )

    collector_id: UUID | None = None
    fen: int = Field(sa_type=BigInteger)
    expected_fen: int = Field(default=0, sa_type=BigInteger)
    counts: dict[str, Any] = Field(default_factory=no_mapping, sa_type=JSON)
    to_id: UUID | None = None
    handed_at: datetime
    booked_on: date
    words: str = ""
    confirmed_at: datetime | None = None
    confirmed_by_id: UUID | None = None
    confirmed_fen: int | None = Field(default=None, sa_type=BigInteger)


class MoneyRow(Synced, table=True):
    """A row of a bank's or a platform's file. `key` is what makes it the same row in every file it stands in.

    `made` tells that its payment came of it, rather than was recorded by hand before.
    """

    __tablename__ = "money_row"
    __table_args__ = (
        refers("payment_id", "payment"),
        Index(None, "compound_id", "key"),
        Index(None, "compound_id", "state", "at", "id"),
        Index(None, "compound_id", "at"),
        Index(None, "compound_id", "order_no"),
        Index(None, "compound_id", "payment_id"),
    )

    platform: str
    key: str
    order_no: str = ""
    direction: str
    fen: int = Field(sa_type=BigInteger)
    at: datetime
    kind: str = ""
    party: str = ""
    account: str = ""
    remark: str = ""
    file: str = ""
    state: str = "open"
    payment_id: UUID | None = None
    made: bool = False
    words: str = ""


class Dunning(Synced, table=True):
    """Somebody asked a household to pay, and what it said. `owed_fen` is what it owed then."""

    __tablename__ = "dunning"
    __table_args__ = (
        refers("household_id", "household"),
        refers("by_id", "person"),
        Index(None, "compound_id", "household_id", "at", "id"),
        Index(None, "compound_id", "promise_on", "household_id"),
        Index(None, "compound_id", "at"),
    )

    household_id: UUID
    at: datetime
    way: str
    step: str
    answer: str = "none"
    by_id: UUID | None = None
    owed_fen: int = Field(default=0, sa_type=BigInteger)
    promise_on: date | None = None
    promise_fen: int | None = Field(default=None, sa_type=BigInteger)
    words: str = ""


class LetterText(Synced, table=True):
    """What a compound writes in a step of dunning, in place of what is built in."""

    __tablename__ = "letter_text"
    __table_args__ = (UniqueConstraint("compound_id", "step"),)
    __natural_key__: ClassVar[tuple[str, ...]] = ("step",)

    step: str
    title: str = ""
    body: str = ""


class Account(Synced, table=True):
    """An account that a compound added: what is spent on, what else comes in, where else money lies (rules.Side)."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("compound_id", "side", "name"),)
    __natural_key__: ClassVar[tuple[str, ...]] = ("side", "name")

    side: str
    name: str
    position: int = 0
    note: str = ""


class Movement(Synced, table=True):
    """Money that moved without a bill (rules.MovementKind), out of one account into another, by their codes."""

    __tablename__ = "movement"
    __table_args__ = (
        refers("by_id", "person"),
        Index(None, "compound_id", "moved_on"),
        Index(None, "compound_id", "booked_on"),
        Index(None, "compound_id", "reversed_on"),
    )

    kind: str
    out_of: str
    into: str
    fen: int = Field(sa_type=BigInteger)
    moved_on: date
    booked_on: date
    by_id: UUID | None = None
    voucher: str = ""
    words: str = ""
    reversed_on: date | None = None
    reversal_reason: str = ""


class Expense(Synced, table=True):
    """What the compound spends: on what, to whom, by which voucher, who asked and who paid."""

    __tablename__ = "expense"
    __table_args__ = (
        refers("account_id", "account"),
        refers("asked_by_id", "person"),
        refers("paid_by_id", "person"),
        Index(None, "compound_id", "state", "spent_on"),
        Index(None, "compound_id", "spent_on", "id"),
        Index(None, "compound_id", "account_id"),
        Index(None, "compound_id", "booked_on"),
        Index(None, "compound_id", "reversed_on"),
    )

    account_id: UUID
    fen: int = Field(sa_type=BigInteger)
    spent_on: date
    payee: str = ""
    voucher: str = ""
    words: str = ""
    state: str = "asked"
    asked_by_id: UUID | None = None
    asked_at: datetime
    decided_words: str = ""
    paid_by_id: UUID | None = None
    paid_from: str = ""
    booked_on: date | None = None
    reversed_on: date | None = None
    reversal_reason: str = ""


class ExpenseApproval(Synced, table=True):
    """Somebody who approved an expense, with the roles they held then."""

    __tablename__ = "expense_approval"
    __table_args__ = (
        refers("expense_id", "expense"),
        refers("person_id", "person"),
        UniqueConstraint("compound_id", "expense_id", "person_id"),
        Index(None, "compound_id", "person_id"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("expense_id", "person_id")

    expense_id: UUID
    person_id: UUID
    roles: list[str] = Field(default_factory=no_list, sa_type=JSON)
    at: datetime
    words: str = ""


class Closing(Synced, table=True):
    """The books are closed before a day: what comes later for an earlier day is booked on that day."""

    __tablename__ = "closing"
    __table_args__ = (refers("by_id", "person"), Index(None, "compound_id", "until"))

    until: date
    by_id: UUID | None = None
    words: str = ""


class Statement(Synced, table=True):
    """The accounts of a span of days as they were made public, with every figure as it was then."""

    __tablename__ = "statement"
    __table_args__ = (refers("by_id", "person"), Index(None, "compound_id", "since"))

    since: date
    until: date
    published_at: datetime
    by_id: UUID | None = None
    figures: dict[str, Any] = Field(default_factory=no_mapping, sa_type=JSON)
    words: str = ""
