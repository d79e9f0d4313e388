"""Money that might get lost, doubled or stuck: laptops apart, merged doors and people, odd input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from simulation.devices import Laptop
from simulation.pair import Pair, done, make_pair, person, refusal
from test_billing_drawn import ITEM, NOVEMBER, A, ground, item
from test_fee_operations import DOOR, OTHER_DOOR, bill, credit, flags, furnish, only, owed, pay, seat

from models.fees.billing import draw_up, drawn_again, prepay_lines
from models.fees.billing_ground import Billed, MeterLine, MeterRead, Place
from models.fees.derivation import Formula, charge_of
from models.fees.periods import Period, period_of
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.store import Store


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


def code(outcome: Any) -> str | None:
    assert isinstance(outcome, Outcome), outcome
    refused: str | None = refusal(outcome)
    return refused


def household(laptop: Laptop, door: str) -> str:
    [(row_id,)] = laptop.ask("SELECT id FROM household WHERE code = ?", door)
    return str(UUID(row_id))


def line(door: str, fen: int = 8000, **more: object) -> dict[str, object]:
    plain = {"household": door, "item": "物业费", "gross_fen": fen, "amount_fen": fen}
    return plain | {"since": "2026-01-01", "until": "2026-04-01"} | more


# -- a run taken back --------------------------------------------------------------------


def test_a_run_that_credit_paid_as_it_was_issued_can_be_taken_back(desk: Laptop) -> None:
    pay(desk, 3000)
    outcome = desk.do("fee.issue", since="2026-01-01", until="2026-04-01", rows=[line(DOOR)])
    assert (owed(desk), credit(desk)) == ([(3000, 5000)], 0)
    desk.undo(outcome.group_id)
    assert (owed(desk), credit(desk)) == ([(0, 0)], 3000)


def test_a_run_on_which_somebody_paid_later_is_not_taken_back(desk: Laptop) -> None:
    pay(desk, 3000)
    outcome = desk.do("fee.issue", since="2026-01-01", until="2026-04-01", rows=[line(DOOR)])
    pay(desk, 1000)
    assert code(desk.undo(outcome.group_id)) == "fee.paid_already"
    assert owed(desk) == [(4000, 4000)]


def test_taking_back_one_group_of_a_run_leaves_the_others(desk: Laptop) -> None:
    run = str(desk.ids())
    first = desk.do("fee.issue", run=run, since="2026-01-01", until="2026-04-01", rows=[line(DOOR)])
    second = desk.do("fee.issue", run=run, since="2026-01-01", until="2026-04-01", rows=[line(OTHER_DOOR)])
    desk.undo(second.group_id)
    assert sorted(owed(desk)) == [(0, 0), (0, 8000)]
    assert code(desk.undo(first.group_id)) is None


# -- doors and people that turn out to be one --------------------------------------------


def test_when_two_doors_become_one_the_credit_of_one_pays_what_the_other_owes(pair: Pair) -> None:
    pay(pair.a, 5000, OTHER_DOOR)
    bill(pair.a, 8000)
    pair.meet()
    pair.a.do("household.merge", household=OTHER_DOOR, into=DOOR)
    pay(pair.b, 1000, OTHER_DOOR)
    pair.meet()
    assert pair.ask("SELECT paid_fen, owed_fen FROM bill") == [(6000, 2000)]
    assert pair.ask("SELECT sum(free_fen) FROM payment") == [(0,)]


def test_doors_that_become_one_and_were_billed_alike_are_told_of(desk: Laptop) -> None:
    bill(desk, 8000)
    bill(desk, 8000, OTHER_DOOR)
    desk.do("household.merge", household=OTHER_DOOR, into=DOOR)
    assert flags(desk) == ["fee.billed_twice"]


def test_cash_moved_to_somebody_goes_with_them_when_two_people_become_one(desk: Laptop) -> None:
    desk.do("person.add", id=str(desk.ids()), name="张老三")
    twin, stays = person(desk, "张老三"), person(desk, "张三")
    moved = {"kind": "transfer", "out_of": "assets:box", "fen": 500}
    desk.do("fee.move", into=f"assets:cash:{twin.hex}", **moved)
    desk.do("person.merge", person=str(twin), into=str(stays))
    desk.do("fee.move", into=f"assets:cash:{twin.hex}", **moved)
    assert desk.ask('SELECT DISTINCT "into" FROM movement') == [(f"assets:cash:{stays.hex}",)]


def test_two_approvals_of_people_who_turn_out_to_be_one_are_one(desk: Laptop) -> None:
    for name in ("李委员甲", "李委员乙"):
        desk.do("person.add", id=str(desk.ids()), name=name)
        desk.do("role.grant", person=name, role="committee", since="2020-01-01")
    desk.do("expense.record", account="维修", fen=600_000, voucher="1")
    boss = desk.person_id
    seat(desk, "李委员甲")
    desk.do("expense.approve", expense="1")
    desk.person_id = boss
    one, other = person(desk, "李委员甲"), person(desk, "李委员乙")
    desk.do("fee.rule", approvals=[{"up_to_fen": None, "roles": ["committee"], "hands": 3}])
    desk.person_id = other
    desk.do("expense.approve", expense="1")
    desk.person_id = boss
    desk.do("person.merge", person=str(one), into=str(other))
    seat(desk, "李委员")
    desk.do("expense.approve", expense="1")
    assert desk.ask("SELECT state FROM expense") == [("asked",)]


# -- apart -------------------------------------------------------------------------------


def test_an_expense_paid_on_two_laptops_is_in_the_books_once_and_told_of(pair: Pair) -> None:
    pair.a.do("expense.record", account="维修", fen=100, voucher="1")
    pair.seat(pair.b, "刘会计")
    pair.meet()
    pair.b.do("expense.approve", expense="1")
    pair.meet()
    pair.a.do("expense.pay", expense="1", out_of="assets:box")
    pair.b.do("expense.pay", expense="1", out_of="assets:bank")
    pair.meet()
    assert pair.ask("SELECT state, paid_from FROM expense") == [("paid", "assets:box")]
    assert flags(pair.a) == ["expense.paid_twice"]


def test_cash_handed_in_on_two_laptops_is_told_of(pair: Pair) -> None:
    collector = str(person(pair.a, "张三"))
    pair.meet()
    for laptop in (pair.a, pair.b):
        laptop.do("payment.hand_in", id=str(laptop.ids()), fen=5000, collector=collector)
    pair.meet()
    assert flags(pair.a) == ["fee.handed_in_twice"]


@pytest.mark.parametrize("first", ["a", "b"])
def test_days_that_two_laptops_charge_late_are_charged_once(pair: Pair, first: str) -> None:
    bill(pair.a, 8000)
    pair.meet()
    of = only(pair.a, "bill")
    for laptop, until, fen in ((pair.a, "2026-03-01", 100), (pair.b, "2026-04-01", 250)):
        late = {"kind": "late", "of": of, "since": "2026-02-01", "until": until, "sums": {"already": 0}}
        laptop.do("fee.issue", since="2026-02-01", until=until, rows=[line(DOOR, fen, **late)])
    pair.meet(getattr(pair, first))
    assert len(pair.ask("SELECT id FROM bill WHERE kind = 'late'")) == 1


def test_a_bill_taken_back_takes_what_was_charged_for_paying_it_late_along(desk: Laptop) -> None:
    bill(desk, 8000)
    of = only(desk, "bill")
    late = {"kind": "late", "of": of, "since": "2026-02-01", "until": "2026-03-01"}
    desk.do("fee.issue", since="2026-02-01", until="2026-03-01", rows=[line(DOOR, 100, **late)])
    desk.do("fee.reverse", bills=[of], reason="面积错了")
    assert owed(desk) == [(0, 0), (0, 0)]


def test_a_bill_corrected_while_it_was_paid_elsewhere_was_not_paid_twice(pair: Pair) -> None:
    bill(pair.a, 8000)
    pair.meet()
    pay(pair.b, 8000)
    pair.a.do("fee.reverse", bills=[only(pair.a, "bill")], reason="面积错了")
    bill(pair.a, 7500)
    pair.meet(pair.a)
    assert flags(pair.a) == []
    assert pair.ask("SELECT sum(paid_fen), sum(owed_fen) FROM bill") == [(7500, 0)]
    assert pair.ask("SELECT free_fen FROM payment") == [(500,)]


def test_no_bill_is_paid_before_the_money_came(pair: Pair) -> None:
    """The bill was issued on the first of April there, the money came on the third here, and arrived first."""
    at = {
        name: datetime.fromisoformat(f"2026-04-{day}T03:00:00+00:00")
        for name, day in (("bill", "01"), ("money", "03"))
    }
    fields = {"household": household(pair.b, DOOR), "fen": 8000, "id": str(pair.b.ids())}
    done(pair.b, "payment.record", at=at["money"], receipt=str(pair.b.ids()), **fields)
    row = line(household(pair.a, DOOR), item=only(pair.a, "charge_item"))
    done(pair.a, "fee.issue", at=at["bill"], run=str(pair.a.ids()), since="2026-01-01", until="2026-04-01", rows=[row])  # fmt: skip
    pair.meet(pair.b)
    assert pair.ask("SELECT booked_on FROM allocation") == [("2026-04-03",)]


def test_a_row_of_the_bank_that_two_say_is_of_different_doors_is_told_of(pair: Pair) -> None:
    row = {"key": "wechat:1", "order_no": "1", "direction": "in", "fen": 80, "at": "2026-03-02T01:00:00Z"}
    pair.a.do("payment.import", platform="wechat", rows=[row])
    pair.meet()
    for laptop, door in ((pair.a, DOOR), (pair.b, OTHER_DOOR)):
        pay(laptop, 80, door, row="1", method="wechat", receipt_no=None)
    pair.meet(pair.a)
    assert pair.ask("SELECT amount_fen FROM payment") == [(80,)]
    assert flags(pair.a) == ["payment.row_of_other"]


# -- second persons ----------------------------------------------------------------------


def test_whoever_asked_cannot_write_the_answer_down_in_the_name_of_somebody_else(desk: Laptop) -> None:
    payment, request = pay(desk, 100), str(desk.ids())
    desk.do("payment.ask_reversal", id=request, payment=payment, reason="错")
    answer = Intent("payment.reverse", {"reversal": request}, doer_id=person(desk, "刘会计"))
    assert code(desk.together(answer)) == "fee.second_person"


# -- odd input ---------------------------------------------------------------------------


def test_a_door_that_pays_years_of_arrears_at_once_is_not_refused(desk: Laptop) -> None:
    rows = []
    for month in range(240):
        since, until = (date(2004 + one // 12, one % 12 + 1, 1) for one in (month, month + 1))
        rows.append(line(DOOR, 100, since=since.isoformat(), until=until.isoformat()))
    desk.do("fee.issue", since="2004-01-01", until="2024-01-01", rows=rows)
    pay(desk, 24_000)
    assert desk.ask("SELECT sum(owed_fen) FROM bill") == [(0,)]
    assert desk.ask("SELECT json_array_length(lines) FROM receipt") == [(240,)]


def test_money_written_as_a_text_of_digits_is_money(desk: Laptop) -> None:
    bill(desk, 8000)
    fields = {"id": str(desk.ids()), "receipt": str(desk.ids()), "household": household(desk, DOOR)}
    assert code(desk.together(Intent("payment.record", fields | {"fen": "8000"}))) is None
    assert owed(desk) == [(8000, 0)]


def test_credit_of_the_past_is_not_something_that_a_collector_takes(desk: Laptop) -> None:
    fields = {"id": str(desk.ids()), "receipt": str(desk.ids()), "fen": 100, "method": "opening"}
    assert code(desk.together(Intent("payment.record", fields))) == "payload.invalid"


def test_an_expense_is_paid_out_of_money(desk: Laptop) -> None:
    desk.do("expense.record", account="维修", fen=100, voucher="1")
    fields = {"expense": only(desk, "expense"), "out_of": "equity:opening"}
    assert code(desk.together(Intent("expense.pay", fields))) == "payload.invalid"


def test_more_said_than_paid_is_no_double_payment(desk: Laptop) -> None:
    bill(desk, 8000)
    pay(desk, 3000, chosen=[{"bill": only(desk, "bill"), "fen": 5000}], receipt_no=None, method="bank")
    assert (owed(desk), flags(desk)) == ([(3000, 5000)], [])


def test_a_series_used_up_by_a_number_given_by_hand_is_followed_by_another(desk: Laptop) -> None:
    pay(desk, 100)
    [(number,)] = desk.ask("SELECT number FROM receipt")
    pay(desk, 100, receipt_no=number[:-6] + "999999999")
    pay(desk, 100)
    *_, (last,) = desk.ask("SELECT number FROM receipt ORDER BY issued_at")
    assert last[-6:] == "000001"
    assert last[:-6] != number[:-6]


# -- what is charged ---------------------------------------------------------------------


def test_taking_away_one_of_two_versions_of_one_day_lets_only_the_other_go_on(desk: Laptop) -> None:
    desk.do("fee.set_tariff", item="物业费", price=4000, since="2026-04-01")
    outcome = desk.do("fee.set_tariff", item="物业费", price=5000, since="2026-04-01")
    desk.undo(outcome.group_id)
    assert desk.ask("SELECT version, until FROM tariff WHERE NOT archived ORDER BY version") == [
        (1, "2026-04-01"),
        (2, None),
    ]


def test_a_cost_of_a_cycle_that_was_split_already_is_refused_as_it_would_reach_no_bill(desk: Laptop) -> None:
    desk.do("fee.add_item", name="电梯", formula="shared_area", cycle="quarter")
    cost = {"item": "电梯", "since": "2026-01-10", "until": "2026-02-01", "fen": 8000}
    desk.do("fee.share_cost", **cost)
    desk.do("fee.issue", since="2026-01-01", until="2026-04-01", rows=[line(DOOR, item="电梯")])
    assert code(desk.attempt("fee.share_cost", **cost)) == "fee.cost_billed"
    assert code(desk.attempt("shared_cost.archive", shared_cost=only(desk, "shared_cost"))) == "fee.cost_billed"  # fmt: skip


def test_a_month_billed_after_the_next_one_does_not_charge_again_what_that_one_counted() -> None:
    readings = tuple(
        MeterRead(day, shown)
        for day, shown in (
            (date(2026, 10, 31), 100_000),
            (date(2026, 11, 30), 120_000),
            (date(2026, 12, 31), 150_000),
        )
    )
    metered = ground(item(Formula.METER), meters={Place(A, ITEM): (MeterLine("S-1", readings),)})
    december = period_of("2026-12")
    [first] = draw_up(metered, december).lines
    [part] = charge_of(first.sums).parts
    assert part.reading == (100_000, 150_000)
    stands = Billed(UUID(int=9), december.first, december.end, first.amount_fen, (150_000,), (100_000,))
    later = draw_up(replace(metered, billed={Place(A, ITEM): (stands,)}), NOVEMBER)
    assert (later.lines, [one.code for one in later.oddities]) == ((), ["no_reading"])


def test_who_was_billed_up_to_a_day_within_a_month_pays_ahead_from_the_next_month_on() -> None:
    past = Billed(UUID(int=9), date(2026, 10, 1), date(2026, 12, 15), 500)
    run = prepay_lines(ground(billed={Place(A, ITEM): (past,)}), A, ITEM, 2)
    assert [(line.since, line.until) for line in run.lines] == [(date(2027, 1, 1), date(2027, 3, 1))]


def test_a_bill_of_odd_days_that_is_longer_than_a_cycle_cannot_be_drawn_again() -> None:
    odd = Period(date(2026, 10, 5), date(2026, 12, 15))
    assert drawn_again(ground(), Place(A, ITEM), odd) is None
