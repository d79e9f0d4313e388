"""Doors that owe: which are asked, in which order, and why asking waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from arrears_street import TODAY, bill, complain, defer, id_of, owes, pay, settle, talk
from simulation.devices import Laptop
from sqlalchemy import event

from models.fees.dunning import Pause, PromiseState
from models.fees.queries_arrears import (
    ArrearsAsked,
    ArrearsLine,
    ArrearsOrder,
    ArrearsView,
    arrears_lines,
    find_doors,
    grievances_of,
    one_door,
)
from models.fees.queries_arrears_talks import steps_of, talks_of
from models.fees.queries_arrears_totals import arrears_totals, count_of
from models.fees.queries_promises import due_promises
from models.fees.rules import Step
from models.listings import list_rows

ASKED = ArrearsAsked(TODAY)
ALL = replace(ASKED, view=ArrearsView.ALL)


@pytest.fixture
def street(laptop: Laptop) -> Laptop:
    settle(laptop)
    return laptop


def lines(laptop: Laptop, asked: ArrearsAsked = ASKED) -> list[ArrearsLine]:
    with laptop.store.read() as session:
        found = find_doors(session, laptop.compound_id, asked)
        return list(arrears_lines(session, laptop.compound_id, found.doors(), today=asked.today))


def codes(laptop: Laptop, asked: ArrearsAsked = ASKED) -> list[str]:
    return [line.code for line in lines(laptop, asked)]


def one(laptop: Laptop, code: str, today: date = TODAY) -> ArrearsLine:
    with laptop.store.read() as session:
        found = one_door(session, laptop.compound_id, id_of(laptop, "household", code), today=today)
    assert found is not None
    return found


def test_a_door_owes_what_is_open_and_is_asked_only_for_what_is_past_its_day(street: Laptop) -> None:
    assert codes(street, ALL) == []
    owes(street, "1-1-101", 30_000, 1)
    owes(street, "1-1-101", 20_000, 4)
    owes(street, "2-1-501", 10_000, 4)
    [line] = lines(street)
    door = line.door
    assert (line.code, line.building, line.contact) == ("1-1-101", "1", "张三")
    assert (door.owed_fen, door.bills, door.due_fen, door.due_bills) == (50_000, 2, 30_000, 1)
    assert (door.since, door.due_on) == (date(2026, 1, 1), date(2026, 1, 28))
    assert codes(street, ALL) == ["1-1-101", "2-1-501"]
    assert codes(street, replace(ASKED, view=ArrearsView.LATER)) == ["2-1-501"]
    assert one(street, "2-1-501").pause is Pause.NOT_DUE
    # On its day a bill can still be paid; the day after it is late.
    assert one(street, "2-1-501", date(2026, 12, 31)).door.due_fen == 0
    assert one(street, "2-1-501", date(2027, 1, 1)).door.due_fen == 10_000
    pay(street, "1-1-101", 30_000)
    assert codes(street) == []
    assert one(street, "1-1-101").door.owed_fen == 20_000


def test_what_is_to_be_fixed_comes_first_and_waits_until_it_is_rated(street: Laptop) -> None:
    for code in ("1-1-101", "1-2-301", "2-1-502"):
        owes(street, code)
    ticket = complain(street, "2-1-502")
    assert codes(street) == ["2-1-502", "1-1-101", "1-2-301"]
    assert codes(street, replace(ASKED, view=ArrearsView.FIX_FIRST)) == ["2-1-502"]
    line = one(street, "2-1-502")
    assert line.door.fix_first
    assert line.pause is Pause.GRIEVANCE
    assert [one.code for one in line.grievance.open] == [ticket]
    for move, more in (("accept", {}), ("finish", {"words": "疏通了"})):
        street.do(f"ticket.{move}", {"ticket": ticket, **more})
    line = one(street, "2-1-502")
    assert line.door.fix_first
    assert line.pause is Pause.UNRATED
    assert not line.grievance.open
    assert [one.code for one in line.grievance.unrated] == [ticket]
    street.do("ticket.rate", ticket=ticket, score=4)
    line = one(street, "2-1-502")
    assert (line.door.fix_first, line.pause, line.grievance.rating) == (False, None, 4)
    assert codes(street) == ["1-1-101", "1-2-301", "2-1-502"]


def test_a_complaint_that_was_joined_with_another_waits_for_that_one(street: Laptop) -> None:
    owes(street, "1-1-101")
    mine, other = complain(street, "1-1-101"), complain(street, "2-1-501")
    street.do("ticket.join", ticket=mine, into=other)
    assert one(street, "1-1-101").pause is Pause.GRIEVANCE
    assert codes(street, replace(ASKED, view=ArrearsView.FIX_FIRST)) == ["1-1-101"]
    street.do("ticket.accept", ticket=other)
    street.do("ticket.finish", ticket=other, words="疏通了")
    assert one(street, "1-1-101").pause is Pause.UNRATED
    street.do("ticket.rate", ticket=other, score=5)
    line = one(street, "1-1-101")
    assert (line.pause, line.door.fix_first) == (None, False)


def test_a_household_that_may_pay_later_is_not_asked_until_then(street: Laptop) -> None:
    owes(street, "1-1-101")
    owes(street, "1-1-102")
    bill(street, "1-1-102", 5_000, "2026-06-01", "2026-07-01", due="2026-06-30", item="停车费")
    defer(street, "1-1-101", "2026-12-31")
    defer(street, "1-1-102", "2026-12-31", item="物业费")
    assert codes(street) == ["1-1-102"]
    line = one(street, "1-1-101")
    assert (line.pause, line.door.due_fen, line.deferred_until) == (Pause.DEFERRED, 0, date(2026, 12, 31))
    # Only one item was put off: the other is asked for.
    assert one(street, "1-1-102").door.due_fen == 5_000
    assert one(street, "1-1-101", date(2026, 12, 31)).pause is Pause.DEFERRED  # that day it can still pay
    assert one(street, "1-1-101", date(2027, 1, 1)).pause is None
    ended = defer(street, "2-1-501", "2026-12-31")
    owes(street, "2-1-501")
    assert one(street, "2-1-501").pause is Pause.DEFERRED
    street.do("concession.archive", {"concession": ended})
    assert one(street, "2-1-501").pause is None


def test_bills_of_a_time_that_was_put_off_wait_even_when_that_time_is_over(street: Laptop) -> None:
    """What is late is what billing calls late: a half year that may be paid at the end of the year."""
    owes(street, "1-1-101", 30_000, 2)
    owes(street, "1-1-101", 20_000, 3)
    concession = defer(street, "1-1-101", "2026-12-31")
    assert one(street, "1-1-101").pause is Pause.DEFERRED
    street.do("concession.end", {"concession": concession, "until": "2026-06-30"})
    line = one(street, "1-1-101")
    assert (line.door.due_fen, line.door.owed_fen, line.pause) == (20_000, 50_000, None)
    assert [
        one.covers(UUID(int=0), date(2026, month, 1), today=TODAY)
        for one in line.deferrals
        for month in (4, 7)
    ] == [
        True,
        False,
    ]
    assert one(street, "1-1-101", date(2027, 1, 1)).door.due_fen == 50_000


def test_what_was_only_asked_for_puts_nothing_off(street: Laptop) -> None:
    owes(street, "1-1-101")
    given = {"household": "1-1-101", "kind": "deferral", "since": "2026-01-01", "defer_until": "2026-12-31"}
    street.do("fee.ask_concession", {**given, "reason": "住院"})
    assert codes(street) == ["1-1-101"]


def test_a_promise_is_kept_due_or_broken_by_the_payments_since(street: Laptop) -> None:
    owes(street, "1-1-101", 30_000)
    pay(street, "1-1-101", 5_000)  # before the promise: does not count for it
    talk(street, "1-1-101", answer="promised", promise_on="2026-11-25", promise_fen=20_000)

    def state(day: int) -> PromiseState:
        promise = one(street, "1-1-101", date(2026, 11, day)).promise
        assert promise is not None
        return promise.state

    assert [state(day) for day in (24, 25, 26)] == [
        PromiseState.OPEN,
        PromiseState.TODAY,
        PromiseState.BROKEN,
    ]
    assert one(street, "1-1-101", date(2026, 11, 24)).pause is Pause.PROMISED
    assert one(street, "1-1-101", date(2026, 11, 26)).pause is None
    asked = replace(ASKED, view=ArrearsView.PROMISES)
    assert codes(street, asked) == []
    assert codes(street, replace(asked, today=date(2026, 11, 25))) == ["1-1-101"]
    pay(street, "1-1-101", 19_999, datetime(2026, 11, 24, 2, tzinfo=UTC))
    assert state(26) is PromiseState.BROKEN
    promise = one(street, "1-1-101").promise
    assert promise is not None
    assert promise.left_fen == 1
    pay(street, "1-1-101", 1, datetime(2026, 11, 28, 2, tzinfo=UTC))
    assert state(30) is PromiseState.KEPT  # late, but kept


def test_the_latest_promise_counts_and_a_promise_without_a_sum_is_of_everything(street: Laptop) -> None:
    owes(street, "1-1-101", 30_000)
    talk(street, "1-1-101", answer="promised", promise_on="2026-11-10")
    with street.store.read() as session:
        due = due_promises(session, street.compound_id, today=TODAY)
    assert (due.today, due.broken) == (0, 1)
    talk(street, "1-1-101", answer="promised", promise_on="2026-11-22")
    talk(street, "1-1-101", answer="away")  # a later talk without one takes none away
    line = one(street, "1-1-101")
    assert line.promise is not None
    assert line.promise.fen == 30_000
    assert line.talk is not None
    assert (line.talk.answer, line.talks) == ("away", 3)
    with street.store.read() as session:
        due = due_promises(session, street.compound_id, today=TODAY)
    assert (due.today, due.broken) == (1, 0)
    pay(street, "1-1-101", 30_000)
    with street.store.read() as session:
        due = due_promises(session, street.compound_id, today=TODAY)
    assert (due.today, due.broken) == (0, 0)


def test_each_promise_is_measured_by_what_came_after_it(street: Laptop) -> None:
    """Doors are read together: what one paid before its own promise must not count because another promised earlier."""
    owes(street, "1-1-101", 30_000)
    owes(street, "1-1-102", 30_000)
    talk(street, "1-1-102", answer="promised", promise_on="2026-12-01", promise_fen=500)
    pay(street, "1-1-101", 10_000)
    talk(street, "1-1-101", answer="promised", promise_on="2026-12-01", promise_fen=10_000)
    found = {line.code: line.promise for line in lines(street)}
    assert {code: one and one.paid_fen for code, one in found.items()} == {"1-1-101": 0, "1-1-102": 0}


def test_a_promise_that_was_noted_by_mistake_binds_nobody(street: Laptop) -> None:
    owes(street, "1-1-101", 30_000)
    given = {"household": "1-1-101", "way": "visit", "answer": "promised", "promise_on": "2026-11-20"}
    outcome = street.do("fee.remind", given)
    assert one(street, "1-1-101").promise is not None
    street.undo(outcome.group_id)
    assert one(street, "1-1-101").promise is None


def test_the_latest_rating_is_the_one_that_is_told(street: Laptop) -> None:
    for score in (2, 5, 3):
        ticket = complain(street, "1-1-101")
        street.do("ticket.accept", ticket=ticket)
        street.do("ticket.finish", ticket=ticket, words="修好了")
        street.do("ticket.rate", ticket=ticket, score=score)
    assert one(street, "1-1-101").grievance.rating == 3


def test_steps_that_were_taken_for_an_older_debt_count_for_nothing(street: Laptop) -> None:
    talk(street, "1-1-101", way="letter", step="demand")
    street.clock.now += timedelta(days=90)
    owes(street, "1-1-101", 30_000, 4)
    talk(street, "1-1-101", way="letter", step="reminder")
    household_id = id_of(street, "household", "1-1-101")
    zone = ZoneInfo("Asia/Shanghai")
    with street.store.read() as session:
        since = {household_id: date(2026, 12, 31)}
        of_debt = steps_of(session, street.compound_id, since, zone=zone)[household_id]
        every = steps_of(session, street.compound_id, {household_id: None}, zone=zone)[household_id]
    assert of_debt == {Step.REMINDER: date(2027, 2, 20)}
    assert every == {Step.REMINDER: date(2027, 2, 20), Step.DEMAND: TODAY}


def test_a_payment_that_was_taken_back_keeps_no_promise(street: Laptop) -> None:
    owes(street, "1-1-101", 30_000)
    talk(street, "1-1-101", answer="promised", promise_on="2026-11-22")
    outcome = street.do("payment.record", household="1-1-101", fen=30_000, method="cash", receipt_no=None)
    payment = str(outcome.operations[0].payload["id"])
    assert one(street, "1-1-101").promise is None  # owes nothing any more
    reversal = street.do("payment.ask_reversal", {"payment": payment, "reason": "记错户"})
    street.do("role.grant", person="张三", role="treasurer")
    street.person_id = id_of(street, "person", "张三")
    street.do("payment.reverse", {"reversal": str(reversal.operations[0].payload["id"])})
    promise = one(street, "1-1-101").promise
    assert promise is not None
    assert promise.state is PromiseState.TODAY


def test_doors_come_in_the_order_asked_for(street: Laptop) -> None:
    owes(street, "1-1-101", 10_000, 3)
    owes(street, "1-1-102", 30_000, 2)
    owes(street, "2-1-501", 20_000, 1)
    talk(street, "1-1-101")
    street.clock.now += timedelta(days=1)
    talk(street, "1-1-102")
    got = {order: codes(street, replace(ASKED, order=order)) for order in ArrearsOrder}
    assert got[ArrearsOrder.DOOR] == ["1-1-101", "1-1-102", "2-1-501"]
    assert got[ArrearsOrder.OWED] == ["1-1-102", "2-1-501", "1-1-101"]
    assert got[ArrearsOrder.SINCE] == ["2-1-501", "1-1-102", "1-1-101"]
    assert got[ArrearsOrder.TALKED] == ["2-1-501", "1-1-101", "1-1-102"]


def test_a_list_is_narrowed_by_building_volunteer_and_words(street: Laptop) -> None:
    for code in ("1-1-101", "1-2-301", "2-1-501", "2-1-502"):
        owes(street, code)
    building = id_of(street, "building", "2")
    assert codes(street, replace(ASKED, building_id=building)) == ["2-1-501", "2-1-502"]
    assert codes(street, replace(ASKED, volunteer_id=id_of(street, "person", "李四"))) == ["2-1-501"]
    assert codes(street, replace(ASKED, unvisited=True)) == ["2-1-502"]
    assert codes(street, replace(ASKED, text="1-2")) == ["1-2-301"]


def test_sums_by_building_and_by_volunteer_are_of_the_same_doors(street: Laptop) -> None:
    owes(street, "1-1-101", 10_000)
    owes(street, "1-2-301", 20_000)
    owes(street, "2-1-501", 5_000)
    owes(street, "2-1-502", 7_000, 4)
    complain(street, "2-1-501")
    with street.store.read() as session:
        totals = arrears_totals(session, street.compound_id, ALL)
    assert [(one.name, one.doors, one.owed_fen, one.due_fen) for one in totals.buildings] == [
        ("1", 2, 30_000, 30_000),
        ("2", 2, 12_000, 5_000),
    ]
    assert [(one.name, one.owed_fen, one.fix_first) for one in totals.volunteers] == [
        ("张三", 30_000, 0),
        ("李四", 5_000, 1),
        ("", 7_000, 0),
    ]
    for parts in (totals.buildings, totals.volunteers):
        assert sum(one.owed_fen for one in parts) == totals.whole.owed_fen == 42_000


def test_the_tabs_count_what_their_lists_show(street: Laptop) -> None:
    for code, quarter in (("1-1-101", 2), ("1-2-301", 2), ("2-1-501", 2), ("2-1-502", 4)):
        owes(street, code, 10_000, quarter)
    complain(street, "2-1-501")
    talk(street, "1-2-301", answer="promised", promise_on=TODAY.isoformat())
    with street.store.read() as session:
        doors = find_doors(session, street.compound_id, ALL).doors()
        counts = count_of(session, street.compound_id, doors, today=TODAY)
    assert counts == {view: len(codes(street, replace(ASKED, view=view))) for view in ArrearsView}
    assert [counts[view] for view in ArrearsView] == [3, 1, 1, 1, 4]


def test_bills_are_found_by_what_is_owed_and_not_among_all_that_are_stored(street: Laptop) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    with street.store.read() as session:
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        for view in ArrearsView:
            find_doors(session, street.compound_id, replace(ASKED, view=view))
        due_promises(session, street.compound_id, today=TODAY)
        event.remove(engine, "before_cursor_execute", note)
        plans = [
            str(row[-1])
            for statement, parameters in asked
            for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    of_bills = [step for step in plans if " bill " in step]
    assert of_bills
    assert all("owed_fen>?" in step for step in of_bills), of_bills
    assert not [step for step in plans if step.startswith("SCAN") and "concession" in step]


def test_grievances_are_told_of_the_doors_that_have_some(street: Laptop) -> None:
    ticket = complain(street, "1-1-101")
    ids = [id_of(street, "household", code) for code in ("1-1-101", "1-1-102")]
    with street.store.read() as session:
        found = grievances_of(session, street.compound_id, ids)
    assert list(found) == ids[:1]
    assert found[ids[0]].fix_first
    assert [one.code for one in found[ids[0]].open] == [ticket]


def test_the_log_of_a_door_is_told_newest_first_and_without_what_was_taken_away(street: Laptop) -> None:
    owes(street, "1-1-101", 30_000)
    talk(street, "1-1-101", words="第一次")
    outcome = street.do("fee.remind", household="1-1-101", way="phone", words="打错了")
    talk(street, "1-1-101", way="phone", words="第二次")
    street.undo(outcome.group_id)
    with street.store.read() as session:
        log = talks_of(session, street.compound_id, id_of(street, "household", "1-1-101"))
    assert [(one.words, one.by, one.owed_fen) for one in log] == [
        ("第二次", "王德胜", 30_000),
        ("第一次", "王德胜", 30_000),
    ]


def test_the_list_for_the_command_line_tells_what_a_committee_asks(street: Laptop) -> None:
    owes(street, "1-1-101", 30_000)
    owes(street, "2-1-502", 10_000, 4)
    ticket = complain(street, "1-1-101")
    talk(street, "1-1-101", answer="promised", promise_on="2026-11-20", promise_fen=100, words="发工资后")
    with street.store.read() as session:
        found = list_rows(session, street.compound_id, "arrears", today=TODAY)
        rows = {str(row["household"]): row for row in found}  # type: ignore[union-attr]
    assert list(rows) == ["1-1-101", "2-1-502"]
    told = rows["1-1-101"]
    assert (told["owed_fen"], told["due_fen"], told["bills"], told["since"]) == (
        30_000,
        30_000,
        1,
        "2026-04-01",
    )
    assert (told["fix_first"], told["pause"], told["open_tickets"]) == (True, "grievance", [ticket])
    assert (told["promise"], told["promise_on"], told["promise_fen"]) == ("broken", "2026-11-20", 100)
    assert (told["contact"], told["last_answer"], told["last_words"]) == ("张三", "promised", "发工资后")
    assert (rows["2-1-502"]["pause"], rows["2-1-502"]["contact"]) == ("not_due", "")
