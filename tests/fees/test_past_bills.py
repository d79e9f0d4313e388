"""Bills of the past out of a property office's list: whole, with what was paid on them, once on every laptop."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from simulation.devices import Laptop
from simulation.pair import Pair, make_pair, person

from models.fees.carrying import Carried, carry_out
from models.fees.past import PastPlan, plan_past
from models.files.fee_history import read_fee_history
from models.store import Store

HEAD = "房屋,收费项目,缴费周期,开始时间,结束时间,缴费时间,应缴金额,实缴金额,收银员,备注\n"
WHOLE = "3-1-502,物业费,季度,2025-01-01,2025-04-01,2025-01-15 10:20:30,300.00,300.00,王德胜,\n"
PART = "3栋1单元502,物业费,季度,2025-04-01,2025-07-01,2025-05-02,300.00,120.00,老李,说下月补\n"
OVER = "３-１-５０３,停车费,1,45748,45778,45750.5,100,130,,\n"
UNPAID = "3-1-503,物业费,季度,2025-01-01,2025-04-01,,350,,,\n"
ALL = WHOLE + PART + OVER + UNPAID


def furnish(laptop: Laptop) -> None:
    for code in ("3-1-502", "3-1-503"):
        laptop.do("household.add", code=code)
    laptop.do("fee.add_item", name="物业费", formula="area", cycle="quarter")


@pytest.fixture
def desk(laptop: Laptop) -> Laptop:
    furnish(laptop)
    return laptop


@pytest.fixture
def pair(open_here: Callable[..., Store]) -> Pair:
    made = make_pair(open_here)
    furnish(made.a)
    made.meet()
    return made


def look(laptop: Laptop, text: str = ALL) -> PastPlan:
    said = read_fee_history((HEAD + text).encode("gb18030"), name="past.csv")
    with laptop.store.read() as session:
        return plan_past(session, laptop.compound_id, said.rows, said.problems, acting=laptop.acting)


def bring(laptop: Laptop, text: str = ALL) -> Carried:
    carried = carry_out(laptop.store, look(laptop, text).groups, laptop.acting)
    assert carried.refused is None, carried.refused
    return carried


def codes(plan: PastPlan) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in plan.problems]


def bills(laptop: Laptop) -> list[tuple[object, ...]]:
    return laptop.ask(
        "SELECT h.code, b.since, b.amount_fen, b.paid_fen, b.owed_fen, b.booked_on FROM bill b"
        " JOIN household h ON h.id = b.household_id ORDER BY h.code, b.since, b.amount_fen"
    )


def test_bills_come_whole_with_what_was_paid_and_stand_on_their_own_day_in_the_books(desk: Laptop) -> None:
    plan = look(desk)
    assert (plan.added, plan.bills, plan.payments, plan.owed_fen, plan.credit_fen) == (4, 4, 3, 53_000, 3_000)
    assert [item.name for item in plan.items] == ["停车费"]
    assert codes(plan) == []
    bring(desk)
    assert bills(desk) == [
        ("3-1-502", "2025-01-01", 30_000, 30_000, 0, "2025-01-01"),
        ("3-1-502", "2025-04-01", 30_000, 12_000, 18_000, "2025-04-01"),
        # What 停车费 was paid too much is credit, which pays what else is owed.
        ("3-1-503", "2025-01-01", 35_000, 3_000, 32_000, "2025-01-01"),
        ("3-1-503", "2025-04-01", 10_000, 10_000, 0, "2025-04-01"),
    ]
    assert desk.ask("SELECT DISTINCT method FROM payment") == [("opening",)]
    assert desk.ask("SELECT name, formula, cycle FROM charge_item WHERE name = '停车费'") == [
        ("停车费", "fixed", "month")
    ]


def test_who_took_the_money_is_known_by_name_or_kept_in_words(desk: Laptop) -> None:
    bring(desk)
    said = desk.ask(
        "SELECT collector_id IS NOT NULL, words FROM payment WHERE amount_fen <> 13000 ORDER BY paid_at"
    )
    assert said == [(1, ""), (0, "老李\n说下月补")]


def test_the_same_list_again_adds_nothing_and_a_longer_one_only_what_is_new(desk: Laptop) -> None:
    bring(desk, WHOLE + UNPAID)
    plan = look(desk)
    assert (plan.added, plan.unchanged, plan.bills) == (2, 2, 2)
    bring(desk)
    again = look(desk)
    assert (again.added, again.unchanged, again.groups) == (0, 4, ())
    later = look(desk, ALL + UNPAID.replace(",,350,,,", ",2025-06-01,350,320,,"))
    assert (later.added, later.bills, later.payments, codes(later)) == (1, 0, 1, [])


def test_two_laptops_that_bring_the_same_list_have_it_once(pair: Pair) -> None:
    for laptop in (pair.a, pair.b):
        bring(laptop)
    pair.meet(pair.b)
    assert pair.ask("SELECT count(*), sum(amount_fen), sum(paid_fen) FROM bill") == [(4, 105_000, 55_000)]
    assert pair.ask("SELECT count(*), sum(amount_fen) FROM payment") == [(3, 55_000)]
    assert pair.ask("SELECT count(*) FROM charge_item") == [(2,)]
    assert pair.ask("SELECT code FROM flag") == []


def test_a_list_broken_off_between_groups_is_completed_by_bringing_it_in_again(desk: Laptop) -> None:
    stopped = carry_out(desk.store, look(desk).groups, desk.acting, lambda done, _of: done < 2)
    assert (stopped.stopped, stopped.rows) == (True, 2)
    assert len(bills(desk)) == 2
    bring(desk)
    assert sum(int(str(row[3])) for row in bills(desk)) == 55_000
    assert look(desk).added == 0


def test_a_second_payment_on_a_bill_is_no_second_bill(desk: Laptop) -> None:
    text = PART + "3-1-502,物业费,季度,2025-04-01,2025-07-01,2025-06-09,180.00,180.00,,\n"
    assert codes(look(desk, text)) == [("past.due_differs", 3)]
    bring(desk, text)
    assert [row[2:5] for row in bills(desk)] == [(30_000, 30_000, 0)]


def test_lines_that_cannot_be_brought_in_are_named_with_their_line(desk: Laptop) -> None:
    text = (
        "9-9-901,物业费,季度,2025-01-01,2025-04-01,,300,,,\n"  # no such door
        + WHOLE
        + "3-1-502,物业费,月,2025-02-01,2025-03-01,,100,,,\n"  # within what line 3 says
        + "3-1-502,物业费,月,2026-02-01,2026-01-01,,100,,,\n"
        + WHOLE
        + "3-1-503,物业费,每周,2025-07-01,2025-08-01,,100,50,,\n"
    )
    plan = look(desk, text)
    assert codes(plan) == [
        ("past.door_unknown", 2),
        ("past.overlap", 4),
        ("past.span", 5),
        ("past.twice", 6),
        ("past.cycle", 7),
        ("past.no_day", 7),
    ]
    assert plan.added == 2


def test_what_was_billed_here_is_not_billed_again_by_a_list(desk: Laptop) -> None:
    line = {"household": "3-1-502", "item": "物业费", "gross_fen": 29_000, "amount_fen": 29_000}
    spans = ({"since": "2025-01-01", "until": "2025-04-01"}, {"since": "2025-04-01", "until": "2025-05-01"})
    desk.do("fee.issue", since="2025-01-01", until="2025-05-01", rows=[line | span for span in spans])
    plan = look(desk)
    assert codes(plan) == [("past.billed_otherwise", 2), ("past.billed_over", 3)]
    bring(desk)
    assert [row[2:4] for row in bills(desk) if row[0] == "3-1-502"] == [(29_000, 29_000), (29_000, 1_000)]


def test_a_run_over_a_span_that_was_brought_in_bills_nothing_again(desk: Laptop) -> None:
    bring(desk)
    line = {"household": "3-1-502", "item": "物业费", "gross_fen": 100, "amount_fen": 100}
    desk.do(
        "fee.issue",
        since="2025-02-01",
        until="2025-03-01",
        rows=[line | {"since": "2025-02-01", "until": "2025-03-01"}],
    )
    assert len(bills(desk)) == 4


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "file.not_a_table"),
        ("楼号,单元,房间,建筑面积,业主名称\n3,1,502,89.5,张三\n".encode(), "columns.missing"),
        ("甲,乙\n1,2\n".encode(), "header.missing"),
        (HEAD.encode(), "file.no_rows"),
    ],
)
def test_a_file_that_is_no_such_list_says_what_it_is(content: bytes, code: str) -> None:
    said = read_fee_history(content, name="x.csv")
    assert (said.rows, [problem.code for problem in said.problems][:1]) == ((), [code])


def test_a_bill_that_was_reversed_comes_in_once_more_and_its_payment_pays_it(desk: Laptop) -> None:
    bring(desk, WHOLE)
    [(wrong,)] = desk.ask("SELECT id FROM bill")
    desk.do("fee.reverse", bills=[str(UUID(wrong))], reason="录错")
    plan = look(desk, WHOLE)
    assert (plan.added, plan.bills, plan.payments) == (1, 1, 0)
    bring(desk, WHOLE)
    assert sorted(desk.ask("SELECT paid_fen, owed_fen, reversed_on IS NULL FROM bill")) == [
        (0, 0, 0),
        (30_000, 0, 1),
    ]
    assert look(desk, WHOLE).added == 0


def test_books_closed_before_the_list_came_take_it_on_their_first_open_day(desk: Laptop) -> None:
    desk.do("fee.close", until="2026-02-01")
    assert bring(desk).refused is None
    assert desk.ask("SELECT DISTINCT booked_on FROM bill") == [("2026-02-01",)]
    assert desk.ask("SELECT DISTINCT booked_on FROM payment") == [("2026-02-01",)]


def test_whoever_may_not_bring_bills_brings_nothing(desk: Laptop) -> None:
    desk.do("person.add", id=str(desk.ids()), name="周收")
    desk.do("role.grant", person="周收", role="volunteer", since="2020-01-01")
    desk.person_id = person(desk, "周收")
    carried = carry_out(desk.store, look(desk).groups, desk.acting)
    assert carried.refused is not None
    assert carried.refused.code == "role.missing"
    assert bills(desk) == []
