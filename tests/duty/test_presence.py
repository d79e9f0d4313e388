"""Who is there, and who is missed."""

from __future__ import annotations

from datetime import datetime

import pytest
from at_post import at, came, person, settle_post, shift, went
from simulation.devices import Laptop
from simulation.plans import plans

from models.duty.queries_presence import came_besides, checkin_of, missing_now, on_duty_now


@pytest.fixture
def post(laptop: Laptop) -> Laptop:
    settle_post(laptop)
    return laptop


def missed(laptop: Laptop, now: datetime) -> list[tuple[str, int]]:
    with laptop.store.read() as session:
        return [(one.name, one.minutes) for one in missing_now(session, laptop.compound_id, now=now)]


def there(laptop: Laptop, now: datetime) -> list[tuple[str, int]]:
    with laptop.store.read() as session:
        return [(one.name, one.late) for one in on_duty_now(session, laptop.compound_id, now=now)]


def test_somebody_is_missed_after_the_time_of_grace_until_they_come_or_their_shift_is_over(
    post: Laptop,
) -> None:
    early = shift(post, at(8, 30), "张三", "李四")
    came(post, at(8, 20), shift=early, person=person(post, "李四"))
    assert missed(post, at(8, 45)) == []
    assert missed(post, at(8, 46)) == [("张三", 16)]
    assert missed(post, at(11, 31)) == []
    came(post, at(8, 52), shift=early, person=person(post, "张三"))
    assert missed(post, at(9)) == []


def test_a_draft_a_shift_called_off_and_a_said_absence_miss_nobody(post: Laptop) -> None:
    shift(post, at(8, 30), "张三", published=False)
    off = shift(post, at(8), "李四", name="扫除")
    post.do("shift.cancel", shift=str(off))
    shift(post, at(8, 15), "赵六", name="巡逻")
    [(place,)] = post.ask("SELECT id FROM assignment WHERE person_id = ?", person(post, "赵六").hex)
    post.do("duty.mark_absent", assignment=place, absence="excused", words="住院")
    assert missed(post, at(9)) == []


def test_who_came_is_on_duty_until_they_go_or_have_surely_gone(post: Laptop) -> None:
    early = shift(post, at(8, 30), "张三")
    came(post, at(8, 40), shift=early, person=person(post, "张三"))
    helper = came(post, at(8, 50), guest="大学生小周")
    assert there(post, at(9)) == [("张三", 10), ("大学生小周", 0)]
    went(post, helper, at(9, 30))
    assert there(post, at(9, 31)) == [("张三", 10)]
    assert there(post, at(23)) == [("张三", 10)]
    assert there(post, at(23, 30)) == []


def test_a_check_in_that_was_taken_back_is_nobodys(post: Laptop) -> None:
    helper = came(post, at(8, 50), guest="[/b]")
    with post.store.read() as session:
        assert [one.name for one in came_besides(session, post.compound_id, at(0), at(23))] == ["[/b]"]
    post.do("checkin.archive", checkin=str(helper))
    with post.store.read() as session:
        assert came_besides(session, post.compound_id, at(0), at(23)) == ()
        assert checkin_of(session, post.compound_id, helper) is None
    assert there(post, at(9)) == []


def test_what_is_asked_now_is_found_by_time_and_not_among_what_was_long_ago(post: Laptop) -> None:
    early = shift(post, at(8, 30), "张三")
    came(post, at(8, 40), shift=early, person=person(post, "张三"))
    there = plans(post, lambda session, compound: on_duty_now(session, compound, now=at(9)))
    assert "ix_checkin_compound_id_came_at_id" in there[-1]
    missed = plans(post, lambda session, compound: missing_now(session, compound, now=at(9)))
    assert "SEARCH shift USING INDEX ix_shift_compound_id_s" in missed[0]
    assert not [plan for plan in (*there, *missed) if "SCAN" in plan]
