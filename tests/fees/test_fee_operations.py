"""What bills, payments and second persons do to each other, on one laptop and on two that meet later."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from simulation.devices import Laptop
from simulation.pair import Pair, done, make_pair, person, refusal

from models.operations.envelope import Intent
from models.store import Store

DOOR, OTHER_DOOR = "3-1-502", "3-1-503"
QUARTER = {"since": "2026-01-01", "until": "2026-04-01"}


@pytest.fixture
def pair(open_here: Callable[..., Store]) -> Pair:
    made = make_pair(open_here)
    furnish(made.a)
    made.meet()
    return made


@pytest.fixture
def desk(laptop: Laptop) -> Laptop:
    furnish(laptop)
    return laptop


def furnish(laptop: Laptop) -> None:
    laptop.do("household.add", code=DOOR, area=8000)
    laptop.do("household.add", code=OTHER_DOOR, area=9000)
    for name, role in (("刘会计", "treasurer"), ("张三", "volunteer"), ("李委员", "committee")):
        laptop.do("person.add", id=str(laptop.ids()), name=name)
        laptop.do("role.grant", person=name, role=role, since="2020-01-01")
    laptop.do("fee.add_item", name="物业费", formula="area", cycle="quarter")
    laptop.do("fee.set_tariff", item="物业费", price=3333, since="2020-01-01")
    laptop.do("fee.add_account", side="expense", name="维修")


def bill(laptop: Laptop, fen: int = 8000, door: str = DOOR, **span: str) -> None:
    line = {"household": door, "item": "物业费", "gross_fen": fen, "amount_fen": fen} | QUARTER | span
    laptop.do("fee.issue", since=line["since"], until=line["until"], rows=[line])


def pay(laptop: Laptop, fen: int, door: str | None = DOOR, **more: object) -> str:
    """Record a payment and return its id."""
    row_id = str(laptop.ids())
    laptop.do("payment.record", id=row_id, household=door, fen=fen, **more)
    return row_id


def seat(laptop: Laptop, name: str) -> None:
    laptop.person_id = person(laptop, name)


def owed(laptop: Laptop) -> list[tuple[int, int]]:
    """Return what of each bill is paid and owed, in the order of their days."""
    return [
        (paid, left) for paid, left in laptop.ask("SELECT paid_fen, owed_fen FROM bill ORDER BY since, id")
    ]


def credit(laptop: Laptop) -> int:
    [(fen,)] = laptop.ask("SELECT coalesce(sum(free_fen), 0) FROM payment WHERE household_id IS NOT NULL")
    return int(fen)


def flags(laptop: Laptop) -> list[str]:
    return [str(code) for (code,) in laptop.ask("SELECT code FROM flag ORDER BY code")]


def only(laptop: Laptop, table: str) -> str:
    [(row_id,)] = laptop.ask(f"SELECT id FROM {table}")  # noqa: S608
    return str(UUID(row_id))


# -- what a payment pays -----------------------------------------------------------------


def test_a_payment_pays_the_oldest_bill_first_and_what_is_left_waits_for_the_next_bill(desk: Laptop) -> None:
    bill(desk, 8000)
    bill(desk, 8000, since="2026-04-01", until="2026-07-01")
    pay(desk, 10000)
    assert owed(desk) == [(8000, 0), (2000, 6000)]
    pay(desk, 7000)
    assert owed(desk) == [(8000, 0), (8000, 0)]
    assert credit(desk) == 1000
    bill(desk, 500, since="2026-07-01", until="2026-10-01")
    assert (owed(desk)[2], credit(desk)) == ((500, 0), 500)


def test_what_the_payer_says_goes_before_what_is_older(desk: Laptop) -> None:
    bill(desk, 8000)
    bill(desk, 8000, since="2026-04-01", until="2026-07-01")
    pay(desk, 3000, chosen=[{"bill": f"{DOOR} 物业费 2026-05", "fen": 3000}])
    assert owed(desk) == [(0, 8000), (3000, 5000)]


def test_a_span_is_billed_once_however_often_the_run_is_made(desk: Laptop) -> None:
    bill(desk, 8000)
    bill(desk, 8000)
    bill(desk, 2700, since="2026-02-01", until="2026-03-01")  # within the quarter that is billed already
    assert owed(desk) == [(0, 8000)]


def test_a_corrected_bill_is_another_one_and_what_was_paid_pays_it(desk: Laptop) -> None:
    bill(desk, 8000)
    pay(desk, 8000)
    wrong = only(desk, "bill")
    desk.do("fee.reverse", bills=[wrong], reason="面积错了")
    assert (owed(desk), credit(desk)) == ([(0, 0)], 8000)
    bill(desk, 7500)
    assert sorted(owed(desk)) == [(0, 0), (7500, 0)]
    assert credit(desk) == 500


# -- a second person ---------------------------------------------------------------------


def test_a_payment_is_taken_back_by_a_second_person_only_and_its_receipt_keeps_its_number(
    desk: Laptop,
) -> None:
    bill(desk, 8000)
    payment = pay(desk, 8000)
    [(number,)] = desk.ask("SELECT number FROM receipt")
    request = str(desk.ids())
    desk.do("payment.ask_reversal", id=request, payment=payment, reason="收错人")
    alone = desk.attempt("payment.reverse", reversal=request)
    assert refusal(alone) == "fee.second_person"  # type: ignore[arg-type]
    assert owed(desk) == [(8000, 0)]
    seat(desk, "刘会计")
    desk.do("payment.reverse", reversal=request)
    assert (owed(desk), credit(desk)) == ([(0, 8000)], 0)
    assert desk.ask("SELECT number, voided_at IS NULL FROM receipt") == [(number, 0)]
    assert desk.ask("SELECT sum(fen) FROM allocation") == [(0,)]


def test_a_volunteer_cannot_be_the_second_person(desk: Laptop) -> None:
    payment = pay(desk, 100)
    request = str(desk.ids())
    desk.do("payment.ask_reversal", id=request, payment=payment, reason="错")
    seat(desk, "张三")
    assert refusal(desk.attempt("payment.reverse", reversal=request)) == "role.missing"  # type: ignore[arg-type]


def test_a_refund_goes_out_of_credit_and_never_beyond_it(desk: Laptop) -> None:
    pay(desk, 3000)
    refused = desk.attempt("payment.ask_refund", household=DOOR, fen=3001, reason="搬走")
    assert refusal(refused) == "payment.over_credit"  # type: ignore[arg-type]
    request = str(desk.ids())
    desk.do("payment.ask_refund", id=request, household=DOOR, fen=2000, reason="搬走")
    seat(desk, "刘会计")
    desk.do("payment.refund", refund=request)
    assert credit(desk) == 1000
    late = desk.attempt("payment.refund", refund=request)
    assert refusal(late) is None, "agreeing twice is agreeing once"  # type: ignore[arg-type]
    assert credit(desk) == 1000


def test_an_expense_is_approved_by_its_amount_and_by_somebody_else(desk: Laptop) -> None:
    desk.do("expense.record", account="维修", fen=600_000, voucher="1")
    assert refusal(desk.attempt("expense.approve", expense="1")) == "fee.second_person"  # type: ignore[arg-type]
    seat(desk, "刘会计")
    assert refusal(desk.attempt("expense.approve", expense="1")) == "expense.roles"  # type: ignore[arg-type]
    seat(desk, "李委员")
    desk.do("expense.approve", expense="1")
    assert desk.ask("SELECT state FROM expense") == [("asked",)], "above 5,000 yuan it takes two"
    desk.do("expense.approve", expense="1")
    assert desk.ask("SELECT state FROM expense") == [("asked",)], "approving twice is approving once"


def test_money_that_left_without_approval_is_kept_and_flagged(desk: Laptop) -> None:
    desk.do("expense.record", account="维修", fen=100, voucher="1")
    desk.do("expense.pay", expense="1", out_of="assets:box")
    assert desk.ask("SELECT state FROM expense") == [("paid",)]
    assert flags(desk) == ["expense.not_approved"]


# -- suspense, bank rows, closed books ---------------------------------------------------


def test_money_nobody_is_known_for_waits_until_somebody_finds_out(desk: Laptop) -> None:
    bill(desk, 8000)
    payment = pay(desk, 8000, None, method="bank", receipt_no=None)
    assert owed(desk) == [(0, 8000)]
    desk.do("payment.place", payment=payment, household=DOOR)
    assert owed(desk) == [(8000, 0)]
    again = desk.attempt("payment.place", payment=payment, household=OTHER_DOOR)
    assert refusal(again) == "payment.placed"  # type: ignore[arg-type]


def bank_row(laptop: Laptop) -> str:
    row = {"key": "wechat:1", "order_no": "1", "direction": "in", "fen": 8000, "at": "2026-03-02T01:00:00Z"}
    laptop.do("payment.import", platform="wechat", rows=[row])
    laptop.do("payment.import", platform="wechat", rows=[row])
    return only(laptop, "money_row")


def test_a_row_of_a_bank_file_is_one_payment_whoever_takes_it(pair: Pair) -> None:
    bill(pair.a, 8000)
    bank_row(pair.a)
    bank_row(pair.b)
    pair.meet()
    for laptop in (pair.a, pair.b):
        pay(laptop, 8000, row="1", method="wechat", receipt_no=None)
    pair.meet()
    assert pair.ask("SELECT amount_fen, free_fen FROM payment") == [(8000, 0)]
    assert pair.ask("SELECT state, made FROM money_row") == [("matched", 1)]
    assert flags(pair.a) == []


def test_what_comes_after_the_books_were_closed_is_booked_on_the_first_open_day(desk: Laptop) -> None:
    desk.do("fee.close", until="2026-03-01")
    early = datetime.fromisoformat("2026-02-10T03:00:00+00:00")
    fields = {"id": str(desk.ids()), "fen": 500, "receipt": str(desk.ids())}
    done(desk, "payment.record", at=early, **fields)
    assert desk.ask("SELECT booked_on FROM payment") == [("2026-03-01",)]
    assert flags(desk) == ["fee.closed_period"]
    assert refusal(desk.attempt("fee.close", until="2026-02-01")) == "fee.closed_already"  # type: ignore[arg-type]


# -- tariffs -----------------------------------------------------------------------------


def test_a_new_version_ends_the_one_before_and_taken_away_lets_it_go_on(desk: Laptop) -> None:
    outcome = desk.do("fee.set_tariff", item="物业费", price=4000, since="2026-04-01")
    versions = "SELECT version, price, since, until FROM tariff WHERE NOT archived ORDER BY version"
    assert desk.ask(versions) == [
        (1, 3333, "2020-01-01", "2026-04-01"),
        (2, 4000, "2026-04-01", None),
    ]
    desk.undo(outcome.group_id)
    assert desk.ask(versions) == [(1, 3333, "2020-01-01", None)]


def test_a_version_that_was_billed_by_stays(desk: Laptop) -> None:
    [(tariff,)] = desk.ask("SELECT id FROM tariff")
    bill(desk, 8000, tariff=str(UUID(tariff)))
    assert refusal(desk.attempt("tariff.archive", tariff=str(UUID(tariff)))) == "fee.tariff_used"  # type: ignore[arg-type]


# -- apart -------------------------------------------------------------------------------


def test_one_bill_collected_on_two_laptops_is_two_payments_and_the_second_is_credit(pair: Pair) -> None:
    bill(pair.a, 8000)
    pair.meet()
    pay(pair.a, 8000)
    pay(pair.b, 8000)
    assert flags(pair.b) == []
    pair.meet(pair.a)
    assert pair.ask("SELECT sum(amount_fen), sum(free_fen) FROM payment") == [(16000, 8000)]
    assert pair.ask("SELECT code, params FROM flag") == [
        ("payment.paid_twice", '{"code":"3-1-502","fen":8000}')
    ]
    numbers = [number for (number,) in pair.ask("SELECT number FROM receipt")]
    assert len(set(numbers)) == 2, "each laptop numbers its receipts in a series of its own"
    printed = {str(lines) for (lines,) in pair.ask("SELECT lines FROM receipt")}
    assert all('"fen":8000' in lines for lines in printed), "a receipt stays as it was printed"


def test_bills_of_one_run_made_on_two_laptops_are_one_set(pair: Pair) -> None:
    for laptop in (pair.a, pair.b):
        bill(laptop, 8000)
        bill(laptop, 9000, OTHER_DOOR)
    pair.meet()
    assert pair.ask("SELECT amount_fen FROM bill ORDER BY 1") == [(8000,), (9000,)]


def test_a_bill_paid_here_and_reversed_there_leaves_the_money_as_credit(pair: Pair) -> None:
    bill(pair.a, 8000)
    pair.meet()
    pay(pair.a, 8000)
    pair.b.do("fee.reverse", bills=[only(pair.b, "bill")], reason="重复")
    pair.meet(pair.b)
    assert pair.ask("SELECT owed_fen, paid_fen FROM bill") == [(0, 0)]
    assert pair.ask("SELECT free_fen FROM payment") == [(8000,)]


# -- receipts ----------------------------------------------------------------------------


def test_receipts_are_numbered_without_a_gap_and_a_refused_group_gives_its_number_back(desk: Laptop) -> None:
    pay(desk, 100)
    bad = desk.together(
        Intent("payment.record", {"id": str(desk.ids()), "fen": 5, "receipt": str(desk.ids())}),
        Intent("team.add", {"id": str(desk.ids()), "name": ""}),
    )
    assert bad.refused is not None
    pay(desk, 200)
    numbers = [number for (number,) in desk.ask("SELECT number FROM receipt ORDER BY number")]
    assert [number[-6:] for number in numbers] == ["000001", "000002"]
    assert numbers[0][:-6] == numbers[1][:-6]


def test_two_payments_of_one_door_in_one_go_have_receipts_that_say_what_each_paid(desk: Laptop) -> None:
    bill(desk, 8000)
    [(household,)] = desk.ask("SELECT id FROM household WHERE code = ?", DOOR)
    halves = [
        {"id": str(desk.ids()), "household": str(UUID(household)), "fen": fen, "receipt": str(desk.ids())}
        for fen in (5000, 4000)
    ]
    assert desk.together(*(Intent("payment.record", half) for half in halves)).refused is None
    lines = [
        [(line["bill"] is not None, line["fen"], line["left_fen"]) for line in one]
        for one in (json.loads(row) for (row,) in desk.ask("SELECT lines FROM receipt ORDER BY number"))
    ]
    assert lines == [[(True, 5000, 3000)], [(True, 3000, 0), (False, 1000, 0)]]
    assert flags(desk) == []


def test_no_letter_threatens_to_cut_water_or_power_whoever_writes_it(desk: Laptop) -> None:
    refused = desk.attempt("fee.set_letter", step="notice", title="通知", body="再不缴就停水停电")
    assert refusal(refused) == "letter.cutting"  # type: ignore[arg-type]
    assert refusal(desk.attempt("fee.set_letter", step="notice", body="{什么}")) == "letter.place"  # type: ignore[arg-type]
    desk.do("fee.set_letter", step="notice", title="通知", body="{door} 您好")
