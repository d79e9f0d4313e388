"""Tables of what is charged: items, tariffs, what households are charged by, bills. Money is integer fen.

Unit prices are 1/10,000 yuan, rates parts of a million, readings 1/1000 of a meter's unit, spans of days half-open.
`booked_on` is the day in the books: the day it happened, or the first day that was still open when it came.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from models.tables import Synced, no_list, no_mapping, refers


class ChargeItem(Synced, table=True):
    """Something that is charged for: 物业费, parking, water. `formula` and `cycle` say by what and how often.

    `kinds` (of household) and `buildings` (codes) say who is charged; empty means everybody.
    """

    __tablename__ = "charge_item"
    __table_args__ = (UniqueConstraint("compound_id", "name"),)
    __natural_key__: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    formula: str
    cycle: str = "month"
    kinds: list[str] = Field(default_factory=no_list, sa_type=JSON)
    buildings: list[str] = Field(default_factory=no_list, sa_type=JSON)
    position: int = 0
    note: str = ""


class Tariff(Synced, table=True):
    """One version of what an item costs, over a half-open span of days. It is never changed, only followed by another.

    `price` is per unit and month, for meters per unit. A late charge is off while `late_ppm` (a day) is 0.
    """

    __tablename__ = "tariff"
    __table_args__ = (refers("item_id", "charge_item"), Index(None, "compound_id", "item_id", "since"))

    item_id: UUID
    version: int
    price: int = Field(default=0, sa_type=BigInteger)
    since: date
    until: date | None = None
    prepay_months: int = 0
    prepay_ppm: int = 0
    late_ppm: int = 0
    late_grace_days: int = 0
    late_cap_ppm: int = 0
    note: str = ""


class ChargeShare(Synced, table=True):
    """How a household takes part in an item: its weight where a cost is split by weights; 0 leaves it out."""

    __tablename__ = "charge_share"
    __table_args__ = (
        refers("item_id", "charge_item"),
        refers("household_id", "household"),
        UniqueConstraint("compound_id", "item_id", "household_id"),
        Index(None, "compound_id", "household_id"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("item_id", "household_id")

    item_id: UUID
    household_id: UUID
    weight: int = 1


class Concession(Synced, table=True):
    """What a household was granted, with the reason and who approved: a discount, or to pay later (`defer_until`).

    A discount is `ppm` of the charge or `fen` a month; `item_id` None means every item.
    """

    __tablename__ = "concession"
    __table_args__ = (
        refers("household_id", "household"),
        refers("item_id", "charge_item"),
        refers("asked_by_id", "person"),
        refers("decided_by_id", "person"),
        Index(None, "compound_id", "household_id"),
        Index(None, "compound_id", "state"),
    )

    household_id: UUID
    item_id: UUID | None = None
    kind: str
    ppm: int = 0
    fen: int = Field(default=0, sa_type=BigInteger)
    since: date
    until: date | None = None
    defer_until: date | None = None
    reason: str
    state: str = "asked"
    asked_by_id: UUID | None = None
    decided_by_id: UUID | None = None
    decided_on: date | None = None
    words: str = ""


class Meter(Synced, table=True):
    """A meter of a household, or one that several share (`household_id` None)."""

    __tablename__ = "meter"
    __table_args__ = (
        refers("item_id", "charge_item"),
        refers("household_id", "household"),
        UniqueConstraint("compound_id", "code"),
        Index(None, "compound_id", "household_id"),
        Index(None, "compound_id", "item_id"),
    )
    __natural_key__: ClassVar[tuple[str, ...]] = ("code",)

    code: str
    item_id: UUID
    household_id: UUID | None = None
    place: str = ""
    note: str = ""


class MeterReading(Synced, table=True):
    """What a meter showed on a day, in 1/1000 of its unit. `restarted` when the meter was changed and counts anew."""

    __tablename__ = "meter_reading"
    __table_args__ = (
        refers("meter_id", "meter"),
        refers("reader_id", "person"),
        Index(None, "compound_id", "meter_id", "read_on"),
    )

    meter_id: UUID
    reading: int = Field(sa_type=BigInteger)
    read_on: date
    restarted: bool = False
    reader_id: UUID | None = None
    words: str = ""


class SharedCost(Synced, table=True):
    """A cost of a period that the households of an item share (公摊)."""

    __tablename__ = "shared_cost"
    __table_args__ = (refers("item_id", "charge_item"), Index(None, "compound_id", "item_id", "since"))

    item_id: UUID
    since: date
    until: date
    fen: int = Field(sa_type=BigInteger)
    words: str = ""


class ParkingSpace(Synced, table=True):
    """A parking space that a household has over a span of days; `item_id` says what it costs."""

    __tablename__ = "parking_space"
    __table_args__ = (
        refers("item_id", "charge_item"),
        refers("household_id", "household"),
        Index(None, "compound_id", "household_id"),
        Index(None, "compound_id", "item_id"),
        Index(None, "compound_id", "code"),
    )
    __span_key__: ClassVar[tuple[str, ...]] = ("code", "item_id", "household_id")

    code: str
    item_id: UUID
    household_id: UUID
    since: date | None = None
    until: date | None = None
    note: str = ""


class BillRun(Synced, table=True):
    """Bills that were issued together, once somebody had looked at every line."""

    __tablename__ = "bill_run"
    __table_args__ = (refers("by_id", "person"), Index(None, "compound_id", "since"))

    since: date
    until: date
    by_id: UUID | None = None
    issued_on: date
    bills: int = 0
    fen: int = Field(default=0, sa_type=BigInteger)
    words: str = ""


class Bill(Synced, table=True):
    """What a household owes for an item over a period, and how that came (`sums`). Its amount never changes.

    A bill that was wrong is reversed and another one issued. `paid_fen` is the sum of its allocations and `owed_fen`
    what is left, 0 once it is reversed; only handlers of payments and bills write them. Its id is derived from
    what it is for, so that a run made twice, or on two laptops, makes one bill.
    """

    __tablename__ = "bill"
    __table_args__ = (
        refers("household_id", "household"),
        refers("item_id", "charge_item"),
        refers("tariff_id", "tariff"),
        refers("run_id", "bill_run"),
        refers("of_id", "bill"),
        refers("reversed_by_id", "person"),
        Index(None, "compound_id", "household_id", "since"),
        Index(None, "compound_id", "since", "item_id", "household_id"),
        Index(None, "compound_id", "owed_fen", "household_id", "since"),
        # What was billed is added up along this index alone, in its order.
        Index(None, "compound_id", "booked_on", "kind", "item_id", "amount_fen"),
        Index(None, "compound_id", "reversed_on"),
        Index(None, "compound_id", "run_id"),
        Index(None, "compound_id", "of_id"),
        Index(None, "compound_id", "tariff_id"),
    )

    household_id: UUID
    item_id: UUID
    tariff_id: UUID | None = None
    run_id: UUID | None = None
    kind: str = "charge"
    of_id: UUID | None = None
    since: date
    until: date
    gross_fen: int = Field(sa_type=BigInteger)
    discount_fen: int = Field(default=0, sa_type=BigInteger)
    amount_fen: int = Field(sa_type=BigInteger)
    paid_fen: int = Field(default=0, sa_type=BigInteger)
    owed_fen: int = Field(default=0, sa_type=BigInteger)
    due_on: date
    booked_on: date
    settled_on: date | None = None
    sums: dict[str, Any] = Field(default_factory=no_mapping, sa_type=JSON)
    note: str = ""
    reversed_on: date | None = None
    reversed_by_id: UUID | None = None
    reversal_reason: str = ""


class FeeRuling(Synced, table=True):
    """What a compound has set for all its fees (rules.Ruling); there is at most one."""

    __tablename__ = "fee_ruling"

    due_days: int
    target_ppm: int
    twice_ppm: int
    bulk_score: int
    payee: str = ""
    pay_to: str = ""
    approvals: list[Any] = Field(default_factory=no_list, sa_type=JSON)
