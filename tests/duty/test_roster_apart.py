"""Two laptops without a network between them, and one roster: what each did stands, and whoever is concerned is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from apart_station import DAY, ZONE, Apart, choose, fill, make, place, publish, put, shift
from simulation.pair import done, person, refusal

from models.operations.envelope import Intent
from models.store import Store

START = datetime(DAY.year, DAY.month, DAY.day, 8, tzinfo=ZONE)


@pytest.fixture
def apart(open_here: Callable[..., Store]) -> Apart:
    return make(open_here)


# -- one person in two places, two people in one ---------------------------------------------


@pytest.mark.parametrize(("choice", "stays"), [("keep", "早班"), ("take", "巡逻")])
def test_somebody_put_in_two_places_at_once_is_told_of_and_either_may_stand(
    apart: Apart, choice: str, stays: str
) -> None:
    one, other = shift(apart.a, "早班"), shift(apart.a, "巡逻", hour=9)
    apart.meet()
    put(apart.a, one, "张三")
    put(apart.b, other, "张三")
    apart.meet(apart.a)
    assert apart.on("早班") == apart.on("巡逻") == ["张三"]
    assert apart.disputes() == [("assignment", "double", "open")]
    choose(apart, apart.b, choice)
    assert [name for name in ("早班", "巡逻") if apart.on(name)] == [stays]


def test_who_chose_one_place_may_choose_the_other_after_all(apart: Apart) -> None:
    one, other = shift(apart.a, "早班"), shift(apart.a, "巡逻", hour=9)
    apart.meet()
    put(apart.a, one, "张三")
    put(apart.b, other, "张三")
    apart.meet(apart.a)
    for choice, stays in (("keep", "早班"), ("take", "巡逻"), ("keep", "早班")):
        choose(apart, apart.b, choice)
        assert [name for name in ("早班", "巡逻") if apart.on(name)] == [stays]


def test_who_knows_where_somebody_is_cannot_put_them_elsewhere(apart: Apart) -> None:
    one, other = shift(apart.a, "早班"), shift(apart.a, "巡逻", hour=9)
    put(apart.a, one, "张三")
    apart.meet()
    payload = {"id": str(apart.b.ids()), "shift": other, "person": str(person(apart.b, "张三"))}
    assert refusal(apart.b.together(Intent("duty.assign", payload))) == "duty.double"


@pytest.mark.parametrize(("choice", "stays"), [("keep", "张三"), ("take", "李四")])
def test_one_place_taken_by_two_stands_for_both_until_one_steps_back(
    apart: Apart, choice: str, stays: str
) -> None:
    one = shift(apart.a, "早班")
    apart.meet()
    for laptop, name in ((apart.a, "张三"), (apart.b, "李四")):
        apart.seat(laptop, name)
        done(laptop, "duty.take", id=str(laptop.ids()), shift=one)
    apart.meet(apart.a)
    assert apart.on("早班") == ["张三", "李四"]
    assert apart.disputes() == [("assignment", "full", "open")]
    choose(apart, apart.a, choice)
    assert apart.on("早班") == [stays]


def test_one_person_put_on_one_shift_by_two_is_there_once(apart: Apart) -> None:
    one = shift(apart.a, "早班", hands=2)
    apart.meet()
    put(apart.a, one, "张三")
    put(apart.b, one, "张三")
    apart.meet()
    assert apart.on("早班") == ["张三"]
    assert apart.disputes() == []


# -- planning and publishing -------------------------------------------------------------------


def planned(apart: Apart, day: int) -> dict[str, object]:
    [(template,)] = apart.a.ask("SELECT id FROM shift_template")
    starts = START + timedelta(days=day)
    return {
        "template": str(UUID(template)),
        "day": starts.date().isoformat(),
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=3)).isoformat(),
    }


def test_planned_on_two_laptops_the_shifts_are_the_same_and_people_on_them_too(apart: Apart) -> None:
    for laptop, days in ((apart.a, (0, 1)), (apart.b, (1, 2))):
        done(laptop, "duty.plan", shifts=[planned(apart, day) for day in days])
        rows = laptop.ask("SELECT id FROM shift ORDER BY day")
        fill(laptop, *((str(UUID(row)), "张三") for (row,) in rows))
    apart.meet()
    assert apart.ask("SELECT count(*) FROM shift") == [(3,)]
    assert apart.on("早班") == ["张三"] * 3
    assert apart.disputes() == []


def test_what_was_put_on_a_draft_while_another_published_it_stays_a_draft(apart: Apart) -> None:
    one = shift(apart.a, "早班", hands=2, published=False)
    fill(apart.a, (one, "张三"))
    apart.meet()
    publish(apart.a)
    fill(apart.b, (one, "李四"))
    apart.meet(apart.a)
    assert apart.on("早班", more="AND a.state = 'published'") == ["张三"]
    assert apart.on("早班", more="AND a.state = 'draft'") == ["李四"]


def test_who_was_taken_off_a_draft_while_another_published_it_holds_until_the_next_is_published(
    apart: Apart,
) -> None:
    one = shift(apart.a, "早班", published=False)
    fill(apart.a, (one, "张三"))
    apart.meet()
    publish(apart.a)
    fill(apart.b, drop=[place(apart.b, "早班", "张三")])
    apart.meet(apart.a)
    assert apart.on("早班", more="AND a.leaving AND a.state = 'published'") == ["张三"]
    publish(apart.b)
    apart.meet()
    assert apart.on("早班") == []


def test_a_place_that_was_locked_meanwhile_is_not_dropped(apart: Apart) -> None:
    one = shift(apart.a, "早班", published=False)
    fill(apart.a, (one, "张三"))
    apart.meet()
    done(apart.a, "duty.lock", assignment=place(apart.a, "早班", "张三"), locked=True)
    fill(apart.b, drop=[place(apart.b, "早班", "张三")])
    apart.meet(apart.a)
    assert apart.on("早班") == ["张三"]


def test_a_shift_called_off_while_another_published_it_stays_called_off(apart: Apart) -> None:
    one = shift(apart.a, "早班", published=False)
    apart.meet()
    done(apart.a, "shift.cancel", shift=one)
    publish(apart.b)
    apart.meet(apart.a)
    assert apart.ask("SELECT archived FROM shift") == [(1,)]


# -- swaps ----------------------------------------------------------------------------------------


def cover(apart: Apart) -> str:
    """Let 张三 ask to be covered on the early shift; everybody knows."""
    one = shift(apart.a, "早班")
    mine = put(apart.a, one, "张三")
    swap = str(apart.a.ids())
    done(apart.a, "swap.ask", id=swap, assignment=mine)
    apart.meet()
    return swap


@pytest.mark.parametrize(("choice", "stays"), [("keep", "李四"), ("take", "王五")])
def test_of_two_who_accept_one_request_the_first_has_it_until_somebody_chooses(
    apart: Apart, choice: str, stays: str
) -> None:
    swap = cover(apart)
    for laptop, name in ((apart.a, "李四"), (apart.b, "王五")):
        apart.seat(laptop, name)
        done(laptop, "swap.accept", swap=swap)
    apart.meet(apart.a)
    assert apart.on("早班") == ["李四"]
    assert apart.disputes() == [("swap", "answered_by_id", "open")]
    choose(apart, apart.a, choice)
    assert apart.on("早班") == [stays]


def test_who_chose_of_two_may_choose_the_other_though_that_one_was_merged_since(apart: Apart) -> None:
    swap = cover(apart)
    for laptop, name in ((apart.a, "李四"), (apart.b, "王五")):
        apart.seat(laptop, name)
        done(laptop, "swap.accept", swap=swap)
    apart.meet(apart.a)
    [(director,)] = apart.a.ask("SELECT person_id FROM role_term WHERE role = 'director'")
    apart.a.person_id = UUID(director)
    done(
        apart.a,
        "person.merge",
        person=str(person(apart.a, "王五")),
        into=str(person(apart.a, "赵六")),
    )
    choose(apart, apart.a, "take")
    assert apart.on("早班") == ["赵六"]


def test_a_request_withdrawn_while_another_accepted_it_stands_as_it_was_answered_first(apart: Apart) -> None:
    swap = cover(apart)
    apart.seat(apart.a, "张三")
    apart.seat(apart.b, "李四")
    done(apart.a, "swap.withdraw", swap=swap)
    done(apart.b, "swap.accept", swap=swap)
    apart.meet(apart.a)
    assert apart.ask("SELECT state FROM swap") == [("withdrawn",)]
    assert apart.on("早班") == ["张三"]


def test_two_who_swap_sit_where_the_other_did_and_taking_it_back_puts_both_back(apart: Apart) -> None:
    one, other = shift(apart.a, "早班"), shift(apart.a, "午班", hour=14)
    mine, theirs = put(apart.a, one, "张三"), put(apart.a, other, "李四")
    done(apart.a, "swap.ask", id=str(apart.a.ids()), assignment=mine, against=theirs)
    apart.meet()
    apart.seat(apart.b, "李四")
    [(swap,)] = apart.b.ask("SELECT id FROM swap")
    accepted = done(apart.b, "swap.accept", swap=str(UUID(swap)))
    apart.meet()
    assert (apart.on("早班"), apart.on("午班")) == (["李四"], ["张三"])
    assert refusal(apart.b.undo(accepted.group_id)) is None
    apart.meet()
    assert (apart.on("早班"), apart.on("午班")) == (["张三"], ["李四"])
    assert apart.ask("SELECT state FROM swap") == [("open",)]


# -- taking back -----------------------------------------------------------------------------------


def test_a_filled_draft_is_taken_back(apart: Apart) -> None:
    one = shift(apart.a, "早班", hands=2, published=False)
    fill(apart.a, (one, "张三"))
    changed = fill(apart.a, (one, "李四"), drop=[place(apart.a, "早班", "张三")])
    apart.meet()
    assert apart.on("早班") == ["李四"]
    assert refusal(apart.a.undo(changed.group_id)) is None
    apart.meet()
    assert apart.on("早班") == ["张三"]


def test_a_filled_draft_that_was_published_since_is_not_taken_back(apart: Apart) -> None:
    one = shift(apart.a, "早班", published=False)
    filled = fill(apart.a, (one, "张三"))
    apart.meet()
    publish(apart.b)
    apart.meet()
    assert refusal(apart.a.undo(filled.group_id)) == "undo.changed_since"
    assert apart.on("早班") == ["张三"]


def test_taking_a_draft_back_takes_nobody_off_who_was_there_before(apart: Apart) -> None:
    one = shift(apart.a, "早班", hands=2, published=False)
    put(apart.a, one, "张三")
    filled = fill(apart.a, (one, "张三"), (one, "李四"))
    assert refusal(apart.a.undo(filled.group_id)) in {None, "undo.merged"}
    apart.meet()
    assert "张三" in apart.on("早班")


def test_taking_a_draft_back_puts_nobody_on_who_was_taken_off_by_hand_before(apart: Apart) -> None:
    one = shift(apart.a, "早班", published=False)
    fill(apart.a, (one, "张三"))
    apart.meet()
    there = place(apart.b, "早班", "张三")
    done(apart.a, "duty.unassign", assignment=there)
    dropped = fill(apart.b, drop=[there])
    apart.meet(apart.a)
    apart.b.undo(dropped.group_id)
    apart.meet()
    assert apart.on("早班") == []


def test_publishing_is_taken_back_but_not_once_somebody_has_taken_part(apart: Apart) -> None:
    one = shift(apart.a, "早班", hands=2, published=False)
    fill(apart.a, (one, "张三"))
    published = publish(apart.a)
    apart.meet()
    assert refusal(apart.a.undo(published.group_id)) is None
    assert apart.a.ask("SELECT state FROM shift UNION SELECT state FROM assignment") == [("draft",)]
    again = publish(apart.a)
    apart.meet()
    apart.seat(apart.b, "李四")
    done(apart.b, "duty.take", id=str(apart.b.ids()), shift=one)
    apart.meet()
    assert refusal(apart.a.undo(again.group_id)) == "undo.changed_since"
    assert apart.on("早班", more="AND s.state = 'published'") == ["张三", "李四"]


def test_who_was_taken_off_comes_back_unless_another_has_the_place(apart: Apart) -> None:
    one = shift(apart.a, "早班")
    put(apart.a, one, "张三")
    off = done(apart.a, "duty.unassign", assignment=place(apart.a, "早班", "张三"))
    assert refusal(apart.a.undo(off.group_id)) is None
    off = done(apart.a, "duty.unassign", assignment=place(apart.a, "早班", "张三"))
    apart.meet()
    put(apart.b, one, "李四")
    apart.meet()
    assert refusal(apart.a.undo(off.group_id)) == "undo.changed_since"
    assert apart.on("早班") == ["李四"]


def test_who_comes_back_while_another_was_given_the_place_is_told_of(apart: Apart) -> None:
    one = shift(apart.a, "早班")
    put(apart.a, one, "张三")
    off = done(apart.a, "duty.unassign", assignment=place(apart.a, "早班", "张三"))
    apart.meet()
    put(apart.b, one, "李四")
    assert refusal(apart.a.undo(off.group_id)) is None
    apart.meet(apart.b)
    assert apart.on("早班") == ["张三", "李四"]
    assert apart.disputes() == [("assignment", "full", "open")]


def test_a_swap_is_not_taken_back_once_its_places_have_moved_on(apart: Apart) -> None:
    swap = cover(apart)
    apart.seat(apart.b, "李四")
    accepted = done(apart.b, "swap.accept", swap=swap)
    apart.meet()
    done(apart.a, "duty.unassign", assignment=place(apart.a, "早班", "李四"))
    apart.meet()
    assert refusal(apart.b.undo(accepted.group_id)) == "undo.changed_since"


def test_a_swap_is_not_taken_back_once_the_asker_is_elsewhere_then(apart: Apart) -> None:
    swap = cover(apart)
    other = shift(apart.a, "巡逻", hour=9)
    apart.meet()
    apart.seat(apart.b, "李四")
    accepted = done(apart.b, "swap.accept", swap=swap)
    apart.meet()
    put(apart.a, other, "张三")
    apart.meet()
    assert refusal(apart.b.undo(accepted.group_id)) == "undo.changed_since"
    assert (apart.on("早班"), apart.on("巡逻")) == (["李四"], ["张三"])


def test_a_month_settled_is_taken_back_unless_it_was_settled_anew(apart: Apart) -> None:
    def settle(owed: int) -> UUID:
        line = {"person": str(person(apart.a, "张三")), "owed": owed}
        return done(apart.a, "duty.settle", month="2026-03-01", lines=[line]).group_id

    first = settle(100)
    apart.meet()
    assert refusal(apart.a.undo(first)) is None
    assert apart.a.ask("SELECT archived FROM duty_balance") == [(1,)]
    second = settle(200)
    settle(300)
    apart.meet()
    assert refusal(apart.a.undo(second)) == "undo.changed_since"
    assert apart.ask("SELECT owed FROM duty_balance WHERE NOT archived") == [(300,)]


# -- facts --------------------------------------------------------------------------------------------


def test_one_who_was_seen_coming_on_two_laptops_came_once_at_the_earlier_time(apart: Apart) -> None:
    one = shift(apart.a, "早班")
    put(apart.a, one, "张三")
    apart.meet()
    for laptop, minute in ((apart.a, 5), (apart.b, -3)):
        given = {"id": str(laptop.ids()), "shift": one, "person": str(person(laptop, "张三"))}
        done(laptop, "duty.check_in", at=START + timedelta(minutes=minute), **given)
    apart.meet()
    [(came,)] = apart.ask("SELECT came_at FROM checkin")
    assert str(came).startswith("2026-04-05 23:57")


def test_a_fact_that_comes_twice_is_one(apart: Apart) -> None:
    one = shift(apart.a, "早班")
    apart.meet()
    given = {"id": str(apart.a.ids()), "shift": one, "person": str(person(apart.a, "张三"))}
    left = {"id": str(apart.a.ids()), "checkin": given["id"], "words": "钥匙在抽屉", "cash": 1000}
    line = {"id": str(apart.a.ids()), "words": "抄了水表"}
    for laptop in (apart.a, apart.b):
        done(laptop, "duty.check_in", at=START, **given)
        done(laptop, "duty.hand_over", at=START + timedelta(hours=2), **left)
        done(laptop, "duty.confirm", at=START + timedelta(hours=4), handover=left["id"], cash=1000)
        done(laptop, "duty.note", at=START, **line)
        done(laptop, "duty.check_out", at=START + timedelta(hours=3), checkin=given["id"])
    apart.meet()
    counts = (
        "(SELECT count(*) FROM checkin), (SELECT count(*) FROM handover), (SELECT count(*) FROM log_entry)"
    )
    assert apart.ask(f"SELECT {counts}") == [(1, 1, 2)]
    [(left_at, confirmed_at)] = apart.ask("SELECT c.left_at, h.confirmed_at FROM checkin c JOIN handover h")
    assert left_at
    assert confirmed_at


def test_going_home_is_taken_back_but_not_if_it_was_somebody_elses_word(apart: Apart) -> None:
    given = {"id": str(apart.a.ids()), "person": str(person(apart.a, "张三"))}
    done(apart.a, "duty.check_in", at=START, **given)
    apart.meet()
    first = done(apart.a, "duty.check_out", at=START + timedelta(hours=3), checkin=given["id"])
    assert refusal(apart.a.undo(first.group_id)) is None
    apart.meet()
    assert apart.ask("SELECT left_at FROM checkin") == [(None,)]
    done(apart.a, "duty.check_out", at=START + timedelta(hours=3), checkin=given["id"])
    late = done(apart.b, "duty.check_out", at=START + timedelta(hours=4), checkin=given["id"])
    apart.meet(apart.a)
    assert refusal(apart.b.undo(late.group_id)) == "undo.changed_since"
    assert str(apart.ask("SELECT left_at FROM checkin")[0][0]).startswith("2026-04-06 03:00")


# -- people who were one ---------------------------------------------------------------------------------


def merged(apart: Apart, name: str, into: str) -> None:
    one, other = person(apart.a, name), person(apart.a, into)
    done(apart.a, "person.merge", person=str(one), into=str(other))
    apart.meet()


def test_of_one_who_stood_on_a_shift_twice_one_place_stays_published_and_locked(apart: Apart) -> None:
    one = shift(apart.a, "早班", hands=2, published=False)
    fill(apart.a, (one, "李四"))
    publish(apart.a)
    put(apart.a, one, "张三")
    merged(apart, "张三", "李四")
    assert apart.on("早班", more="AND a.state = 'published' AND a.locked") == ["李四"]


def test_a_place_is_not_lost_because_the_other_had_left_that_shift(apart: Apart) -> None:
    one = shift(apart.a, "早班")
    put(apart.a, one, "李四")
    done(apart.a, "duty.unassign", assignment=place(apart.a, "早班", "李四"))
    put(apart.a, one, "张三")
    merged(apart, "张三", "李四")
    assert apart.on("早班", more="AND a.state = 'published'") == ["李四"]


def test_what_two_owed_one_owes(apart: Apart) -> None:
    lines = [
        {"person": str(person(apart.a, name)), "before": 10, "fair": 300, "done": done_, "owed": 310 - done_}
        for name, done_ in (("张三", 200), ("李四", 400))
    ]
    done(apart.a, "duty.settle", month="2026-03-01", lines=lines)
    merged(apart, "张三", "李四")
    found = apart.ask(
        "SELECT p.name, b.before, b.fair, b.done, b.owed FROM duty_balance b JOIN person p ON p.id = b.person_id WHERE NOT b.archived"
    )
    assert found == [("李四", 20, 600, 600, 20)]


def test_whom_two_wanted_to_sit_with_one_wants_to_sit_with(apart: Apart) -> None:
    for name in ("张三", "李四"):
        apart.a.do("duty_pair.add", person=name, other="王五", together=True)
    apart.a.do("duty_pair.add", person="张三", other="李四", together=False)
    merged(apart, "张三", "李四")
    assert apart.ask("SELECT count(*), min(together) FROM duty_pair WHERE NOT archived") == [(1, 1)]
    apart.a.do("duty_pair.add", person="王五", other="李四", together=False)
    apart.meet()
    assert apart.ask("SELECT count(*), max(together) FROM duty_pair WHERE NOT archived") == [(1, 0)]


def test_a_pair_is_one_whoever_of_it_was_merged_into_whom(apart: Apart) -> None:
    for name in ("张三", "赵六"):
        apart.a.do("duty_pair.add", person=name, other="王五", together=True)
    merged(apart, "张三", "赵六")
    apart.a.do("duty_pair.add", person="王五", other="赵六", together=False)
    apart.meet()
    assert apart.ask("SELECT count(*), max(together) FROM duty_pair WHERE NOT archived") == [(1, 0)]
