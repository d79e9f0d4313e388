"""What the rooms of fees cost: an index leads to what is shown, however many years of bills are stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from simulation.devices import Laptop
from simulation.plans import plans, read_whole
from sqlalchemy import UniqueConstraint
from sqlmodel import Session

from models.fees import queries, queries_rates
from models.fees.periods import period_of
from models.fees.queries_accounts_statement import statement
from models.fees.queries_arrears import ArrearsAsked, arrears_lines, find_doors
from models.fees.queries_asked import asked_lines
from models.fees.queries_billing import billing_ground
from models.fees.queries_home import home_fees
from models.fees.tables import Bill, Concession, MeterReading, ParkingSpace, Tariff
from models.fees.tables_money import (
    Allocation,
    Dunning,
    Expense,
    HandIn,
    MoneyRow,
    Payment,
    Placing,
    Receipt,
    Refund,
    Reversal,
)
from models.tables import Synced, table_of

Question = Callable[[Session, UUID], object]
TODAY = date(2026, 3, 2)
#: What there is more of every month. Items, tariffs and accounts stay few.
GROWING = ("bill", "payment", "allocation", "receipt", "money_row", "dunning", "placing")
DOOR = "3-1-502"


@pytest.fixture
def desk(laptop: Laptop) -> Laptop:
    """A door that was billed, paid, asked and promised for some months."""
    laptop.do("household.add", code=DOOR)
    laptop.do("fee.add_item", name="物业费", formula="fixed")
    for month in range(1, 10):
        span = {"since": f"2025-{month:02}-01", "until": f"2025-{month + 1:02}-01"}
        line = {"household": DOOR, "item": "物业费", "gross_fen": 1000, "amount_fen": 1000} | span
        laptop.do("fee.issue", rows=[line], **span)
        if month % 2:
            laptop.do("payment.record", household=DOOR, fen=900)
    laptop.do("fee.remind", household=DOOR, way="visit", answer="promised", promise_on="2026-03-02")
    return laptop


def questions(door: UUID) -> dict[str, Question]:
    month = period_of("2025-09")

    def owing(session: Session, compound: UUID) -> object:
        found = find_doors(session, compound, ArrearsAsked(TODAY))
        return arrears_lines(session, compound, found.doors(0, 50), today=TODAY)

    return {
        "Home": lambda s, c: home_fees(s, c, None, today=TODAY),
        "a door": lambda s, c: queries.door_account(s, c, door, today=TODAY),
        "what waits": asked_lines,
        "doors that owe": owing,
        "rates": lambda s, c: queries_rates.rates(s, c, month, today=TODAY),
        "trend": lambda s, c: queries_rates.trend(s, c, month, 3),
        "latest period": lambda s, c: queries_rates.latest_period(s, c, TODAY),
        "a run": lambda s, c: billing_ground(s, c, month, today=TODAY),
        "where a payment went": lambda s, c: queries.allocated(s, c, payments=[door]),
        "what paid a bill": lambda s, c: queries.allocated(s, c, bills=[door]),
    }


def test_no_room_reads_bills_payments_or_allocations_from_end_to_end(desk: Laptop) -> None:
    [(door,)] = desk.ask("SELECT id FROM household")
    found = {
        name: [step for plan in plans(desk, question) for step in read_whole(plan, GROWING)]
        for name, question in questions(UUID(door)).items()
    }
    assert {name: steps for name, steps in found.items() if steps} == {}


def test_where_bills_come_first_their_payments_are_found_by_the_bill(desk: Laptop) -> None:
    """Given an index of days that holds the bill as well, SQLite went through all days for each bill."""
    month = period_of("2025-09")
    asked: list[Question] = [
        lambda s, c: queries_rates.rates(s, c, month, today=TODAY),
        lambda s, c: statement(s, c, month.first, month.end),
    ]
    after_bills = 0
    for plan in (plan for question in asked for plan in plans(desk, question)):
        seen = False
        for step in plan.split(" | "):
            if step.startswith("SEARCH allocation") and seen:
                after_bills += 1
                assert "bill_id=?" in step
            seen = seen or step.startswith("SEARCH bill ")
            seen = seen and not step.startswith(("UNION", "LEFT-MOST"))
    assert after_bills


@pytest.mark.parametrize(
    "model",
    [
        *(
            Bill,
            Tariff,
            Concession,
            MeterReading,
            ParkingSpace,
            Payment,
            Allocation,
            Placing,
            Reversal,
            Refund,
        ),
        *(Receipt, HandIn, MoneyRow, Dunning, Expense),
    ],
)
def test_whatever_a_row_of_fees_grows_by_is_found_back_by_an_index(model: type[Synced]) -> None:
    """A pulled page takes the rows away that it brings anew, and for each the database looks for what refers to it."""
    table = table_of(model)
    keys = [index.columns for index in table.indexes]
    keys += [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    led = {tuple(column.name for column in key)[:2] for key in keys}
    missing = [
        tuple(one.column_keys)
        for one in table.foreign_key_constraints
        if tuple(one.column_keys) not in led and one.referred_table.name not in FEW
    ]
    assert missing == []


#: People and settings are few, and are not brought anew by the thousand.
FEW = ("person", "charge_item", "building", "account")
