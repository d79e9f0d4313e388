"""The three rates, what is missing to the target, and how they are broken down."""

from __future__ import annotations

from datetime import date

import pytest
from simulation.devices import Laptop

from models.fees.periods import Period, period_of
from models.fees.queries_rates import By, Rates, latest_period, rates, trend
from models.fees.rates import Tally

FIRST, SECOND = period_of("2026-Q1"), period_of("2026-Q2")
TODAY = date(2026, 5, 20)


def test_a_rate_is_never_told_higher_than_it_is() -> None:
    nearly = Tally(billed_fen=3_000_000, received_fen=2_999_999, doors=3, doors_paid=2)
    assert (nearly.rate, nearly.household_rate) == (999_999, 666_666)
    assert Tally(billed_fen=10, received_fen=10).rate == 1_000_000


def test_of_nothing_there_is_no_rate() -> None:
    assert (Tally().rate, Tally().household_rate, Tally().clearance_rate) == (None, None, None)


def test_what_is_missing_is_enough_to_reach_the_target_and_not_a_fen_less() -> None:
    tally = Tally(billed_fen=1001, received_fen=500, doors=7, doors_paid=3)
    fen, doors = tally.missing(950_000)
    assert (fen, doors) == (451, 4)
    assert Tally(1001, 500 + fen, 7, 3 + doors).missing(950_000) == (0, 0)
    assert Tally(1001, 500 + fen - 1, 7, 3).missing(950_000)[0] == 1
    assert Tally(1001, 1001, 7, 7).missing(950_000) == (0, 0)


@pytest.fixture
def desk(laptop: Laptop) -> Laptop:
    """Three doors of two buildings, billed for two quarters, with a volunteer who visits one of them."""
    for code in ("1-1-101", "1-1-102", "10-1-101"):
        laptop.do("household.add", code=code)
    laptop.do("person.add", id=str(laptop.ids()), name="张三")
    laptop.do("contact.assign", household="1-1-101", person="张三", since="2025-01-01")
    laptop.do("fee.add_item", name="物业费", formula="fixed", cycle="quarter")
    laptop.do("fee.add_item", name="车位费", formula="parking")
    for since, until in (("2026-01-01", "2026-04-01"), ("2026-04-01", "2026-07-01")):
        rows = [
            {
                "household": code,
                "item": "物业费",
                "gross_fen": 1000,
                "amount_fen": 1000,
                "since": since,
                "until": until,
            }
            for code in ("1-1-101", "1-1-102", "10-1-101")
        ]
        laptop.do("fee.issue", since=since, until=until, rows=rows)
    parked = {"household": "1-1-101", "item": "车位费", "since": "2026-04-01", "until": "2026-05-01"}
    laptop.do(
        "fee.issue",
        since="2026-04-01",
        until="2026-05-01",
        rows=[parked | {"gross_fen": 500, "amount_fen": 500}],
    )
    return laptop


def asked(desk: Laptop, period: Period, by: By = By.BUILDING) -> Rates:
    with desk.store.read() as session:
        return rates(session, desk.compound_id, period, by=by, today=TODAY)


def test_a_door_has_paid_once_it_has_paid_all_of_the_period(desk: Laptop) -> None:
    desk.do("payment.record", household="1-1-101", fen=2000)  # both quarters, not the parking space
    desk.do("payment.record", household="1-1-102", fen=2000)
    total = asked(desk, SECOND).total
    assert (total.billed_fen, total.received_fen, total.doors, total.doors_paid) == (3500, 2000, 3, 1)


def test_old_arrears_that_came_in_within_the_period_are_recovered(desk: Laptop) -> None:
    desk.do("payment.record", household="1-1-101", fen=600)
    # The laptop's clock stands in the first quarter; seen from there the quarter before it had nothing open.
    before = asked(desk, FIRST).total
    assert (before.recovered_fen, before.old_fen, before.clearance_rate) == (0, 0, None)
    desk.clock.now = desk.clock.now.replace(month=5)
    desk.do("payment.record", household="1-1-102", fen=1000)
    total = asked(desk, SECOND).total
    assert (total.recovered_fen, total.old_fen, total.clearance_rate) == (1000, 1400, 416_666)


def test_every_breakdown_adds_up_to_the_same_sums(desk: Laptop) -> None:
    desk.do("payment.record", household="1-1-101", fen=1300)
    desk.do("payment.record", household="10-1-101", fen=1999)
    for period in (FIRST, SECOND):
        total = asked(desk, period).total
        for by in By:
            lines = [line.tally for line in asked(desk, period, by).lines]
            for name in ("billed_fen", "received_fen", "recovered_fen", "old_fen"):
                assert sum(getattr(line, name) for line in lines) == getattr(total, name), (by, name)


def test_buildings_stand_in_their_order_and_doors_nobody_visits_last(desk: Laptop) -> None:
    assert [line.name for line in asked(desk, SECOND).lines] == ["1", "10"]
    assert [line.name for line in asked(desk, SECOND, By.VOLUNTEER).lines] == ["张三", ""]


def test_a_reversed_bill_and_a_late_charge_count_for_nothing(desk: Laptop) -> None:
    desk.do("fee.reverse", bills=["1-1-101 车位费 2026-04"], reason="没有车位")
    assert asked(desk, SECOND).total.billed_fen == 3000


def test_the_trend_tells_periods_with_bills_in_order(desk: Laptop) -> None:
    desk.do("payment.record", household="1-1-101", fen=1000)
    with desk.store.read() as session:
        last = latest_period(session, desk.compound_id, TODAY)
        assert last == SECOND
        told = trend(session, desk.compound_id, last, 8)
    assert [(period.name, tally.rate) for period, tally in told] == [("2026-Q1", 333_333), ("2026-Q2", 0)]
