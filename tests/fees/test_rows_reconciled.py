"""From a platform's file to payments: rows stand once, are recognised with reasons, and become one payment each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from simulation.devices import Laptop
from simulation.pair import Pair, make_pair, person
from sqlalchemy import event

from models.fees.carrying import carry_out
from models.fees.queries_rows import Shelf, count_rows, page_rows, payments_near
from models.fees.reconciling import Compared, Proposed, bringing, compare, for_file, proposals, row_id
from models.fees.reconciling_taking import matching, setting_aside, taking, taking_all, taking_up
from models.files.money_files.reading import read_money_file
from models.operations.envelope import Intent
from models.store import Store

HEAD = "微信支付账单明细\n交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n"
TODAY = date(2026, 3, 2)
ZHANG = '2026-03-01 09:00:00,转账,张三,转账备注:3-1-502,收入,¥80.00,/,已收钱,"1001\t","/\t",/\n'
LI = '2026-03-01 10:00:00,转账,*四,/,收入,¥95.00,/,已收钱,"1002\t","/\t",/\n'
OUT = '2026-03-01 11:00:00,商户消费,五金店,灯泡,支出,¥30.00,零钱,支付成功,"1003\t","/\t",/\n'
STRANGER = '2026-03-01 12:00:00,转账,平安是福,/,收入,¥17.00,/,已收钱,"1004\t","/\t",/\n'
ALL = ZHANG + LI + OUT + STRANGER


def furnish(laptop: Laptop) -> None:
    for code, name in (("3-1-502", "张三"), ("3-1-503", "李四")):
        laptop.do("household.add", code=code)
        laptop.do("person.add", id=str(laptop.ids()), name=name)
        laptop.do("occupancy.start", household=code, person=name, relation="owner", since="2020-01-01")
    laptop.do("person.add", id=str(laptop.ids()), name="刘会计")
    laptop.do("role.grant", person="刘会计", role="treasurer", since="2020-01-01")
    laptop.do("fee.add_item", name="物业费", formula="area")
    rows = [
        {"household": door, "item": "物业费", "gross_fen": fen, "amount_fen": fen} | span
        for span in (
            {"since": "2026-01-01", "until": "2026-02-01"},
            {"since": "2026-02-01", "until": "2026-03-01"},
        )
        for door, fen in (("3-1-502", 8000), ("3-1-503", 9500))
    ]
    laptop.do("fee.issue", since="2026-01-01", until="2026-03-01", rows=rows)


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


def look(laptop: Laptop, text: str = ALL) -> Compared:
    file = read_money_file((HEAD + text).encode(), name="wx.csv")
    with laptop.store.read() as session:
        return compare(session, laptop.compound_id, file, "wx.csv")


def bring(laptop: Laptop, text: str = ALL) -> int:
    """Bring a file in; return how many rows were new."""
    carried = carry_out(laptop.store, bringing(look(laptop, text)), laptop.acting)
    assert carried.refused is None
    return carried.rows


def waiting(laptop: Laptop) -> tuple[Proposed, ...]:
    with laptop.store.read() as session:
        return proposals(session, laptop.compound_id, today=TODAY)[0]


def of(laptop: Laptop, order_no: str) -> Proposed:
    return next(one for one in waiting(laptop) if one.row.order_no == order_no)


def did(laptop: Laptop, *intents: Intent) -> None:
    outcome = laptop.together(*intents)
    assert outcome.refused is None, outcome.refused


def payments(laptop: Laptop) -> list[tuple[int, str]]:
    return list(
        laptop.ask("SELECT amount_fen, method FROM payment WHERE reversed_on IS NULL ORDER BY paid_at")
    )


def test_a_file_brought_in_again_adds_nothing(desk: Laptop) -> None:
    assert bring(desk, ZHANG + OUT) == 2
    assert bring(desk) == 2
    assert bring(desk) == 0
    found = look(desk)
    assert (len(found.new), len(found.old), found.problems) == (0, 4, ())
    assert desk.ask("SELECT count(*) FROM money_row") == [(4,)]


def test_rows_are_proposed_the_surest_first_and_money_that_went_out_is_never_a_payment(desk: Laptop) -> None:
    bring(desk)
    found = waiting(desk)
    assert [(one.row.order_no, one.code) for one in found] == [
        ("1001", "3-1-502"),
        ("1002", "3-1-503"),
        ("1004", ""),
    ]
    assert found[0].is_sure(85)
    assert {reason.code for reason in found[0].proposal.reasons} >= {
        "room.exact",
        "name.owner",
        "amount.bill",
    }
    assert [fen for _, fen in found[0].bills] == [8000]
    with desk.store.read() as session:
        counts = [count_rows(session, desk.compound_id, shelf) for shelf in Shelf]
        assert [line.row.order_no for line in page_rows(session, desk.compound_id, Shelf.OTHER)] == ["1003"]
    assert counts == [3, 0, 0, 1]


def test_a_row_taken_pays_at_its_own_time_without_a_receipt(desk: Laptop) -> None:
    bring(desk)
    did(desk, taking(of(desk, "1001")))
    assert desk.ask("SELECT method, paid_at, payer, reference FROM payment") == [
        ("wechat", "2026-03-01 01:00:00.000000", "张三", "1001")
    ]
    assert desk.ask("SELECT count(*) FROM receipt") == [(0,)]
    assert sorted(desk.ask("SELECT owed_fen FROM bill")) == [(0,), (8000,), (9500,), (9500,)]
    assert "1001" not in {one.row.order_no for one in waiting(desk)}
    with desk.store.read() as session:
        [line] = page_rows(session, desk.compound_id, Shelf.DONE, "502")
    assert (line.code, line.made) == ("3-1-502", True)


def test_two_rows_that_fit_the_same_bill_pay_two_bills_and_raise_no_flag(desk: Laptop) -> None:
    bring(desk, ZHANG + ZHANG.replace("09:00", "09:30").replace("1001", "1005"))
    did(desk, *taking_all(waiting(desk)))
    assert desk.ask("SELECT paid_fen FROM bill WHERE paid_fen > 0") == [(8000,), (8000,)]
    assert desk.ask("SELECT code FROM flag") == []


def test_what_was_written_down_by_hand_is_matched_and_can_be_parted_again(desk: Laptop) -> None:
    desk.do("payment.record", household="3-1-502", fen=8000, method="wechat", receipt_no=None)
    bring(desk, ZHANG.replace("03-01", "03-02"))
    one = of(desk, "1001")
    assert one.proposal.payment_id is not None
    assert one.is_sure(85)
    did(desk, taking(one))
    assert payments(desk) == [(8000, "wechat")]
    did(desk, taking_up(one.id))
    assert of(desk, "1001").proposal.payment_id == one.proposal.payment_id
    with desk.store.read() as session:
        near = payments_near(session, desk.compound_id, 8000, one.row.at)
    assert [line.door for line in near] == ["3-1-502"]
    did(desk, matching(one.id, near[0].id))
    assert payments(desk) == [(8000, "wechat")]


def test_a_row_set_aside_waits_again_when_it_is_taken_up(desk: Laptop) -> None:
    bring(desk)
    one = of(desk, "1004")
    did(desk, setting_aside(one.id, "还邻居的钱"))
    with desk.store.read() as session:
        assert [line.words for line in page_rows(session, desk.compound_id, Shelf.ASIDE)] == ["还邻居的钱"]
    did(desk, taking_up(one.id))
    assert of(desk, "1004").id == one.id


def test_a_payment_taken_back_leaves_its_row_to_be_taken_once_more(desk: Laptop) -> None:
    bring(desk)
    did(desk, taking(of(desk, "1001")))
    [(made,)] = desk.ask("SELECT id FROM payment")
    asked = str(desk.ids())
    desk.do("payment.ask_reversal", id=asked, payment=str(UUID(made)), reason="户号错了")
    desk.person_id = person(desk, "刘会计")
    desk.do("payment.reverse", reversal=asked)
    again = of(desk, "1001")
    assert again.taken_back == 1
    did(desk, taking(again))
    assert payments(desk) == [(8000, "wechat")]


def test_two_laptops_that_bring_the_same_file_and_take_the_same_row_have_one_payment(pair: Pair) -> None:
    for laptop in (pair.a, pair.b):
        bring(laptop)
        did(laptop, taking(of(laptop, "1001")))
    pair.meet(pair.b)
    assert pair.ask("SELECT count(*) FROM money_row") == [(4,)]
    assert pair.ask("SELECT amount_fen, free_fen FROM payment") == [(8000, 0)]
    assert pair.ask("SELECT code FROM flag") == []


def test_a_file_broken_off_between_groups_is_completed_by_bringing_it_in_again(desk: Laptop) -> None:
    lines = [
        ZHANG.replace("1001", str(5000 + n)).replace("09:00:00", f"{n // 60:02}:{n % 60:02}:00")
        for n in range(900)
    ]
    found = look(desk, "".join(lines))
    groups = bringing(found)
    assert [group.rows for group in groups] == [400, 400, 100]
    carried = carry_out(desk.store, groups, desk.acting, lambda _done, _of: False)
    assert (carried.rows, carried.stopped) == (400, True)
    assert bring(desk, "".join(lines)) == 500
    assert desk.ask("SELECT count(*) FROM money_row") == [(900,)]


def test_rows_are_compared_in_a_fixed_number_of_questions(desk: Laptop) -> None:
    bring(desk, ZHANG)
    few = _questions(desk)
    bring(desk)
    assert _questions(desk) == few


def _questions(laptop: Laptop) -> int:
    asked: list[str] = []
    with laptop.store.read() as session:
        connection = session.connection()

        def heard(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(connection, "before_cursor_execute", heard)
        proposals(session, laptop.compound_id, today=TODAY)
        event.remove(connection, "before_cursor_execute", heard)
    return len(asked)


def test_what_a_known_row_became_stands_in_place_of_a_proposal(desk: Laptop) -> None:
    bring(desk)
    did(desk, taking(of(desk, "1001")))
    found = look(desk)
    with desk.store.read() as session:
        told, _ = for_file(session, desk.compound_id, found, today=TODAY)
    assert (told[0].row.order_no, told[0].code, told[0].proposal.score) == ("1001", "3-1-502", 100)
    assert told[0].id == row_id(desk.compound_id, told[0].row.key)


def test_an_amount_beyond_all_fees_is_a_problem_of_its_line(desk: Laptop) -> None:
    found = look(desk, ZHANG.replace("¥80.00", "¥800000000.00") + LI)
    assert [(problem.code, problem.line) for problem in found.problems] == [("money.too_large", 3)]
    assert len(found.new) == 1
