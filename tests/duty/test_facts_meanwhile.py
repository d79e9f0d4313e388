"""Check-ins as they come: late, twice, from two laptops, by nobody in the register; none of them is lost or takes another's place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from apart_station import Apart, make, put, shift
from simulation.pair import done, person, refusal
from test_roster_meanwhile import START

from models.store import Store


@pytest.fixture
def apart(open_here: Callable[..., Store]) -> Apart:
    return make(open_here)


def visits(apart: Apart) -> list[tuple[object, ...]]:
    return apart.ask(
        "SELECT substr(came_at, 12, 5), substr(left_at, 12, 5) FROM checkin WHERE NOT archived ORDER BY came_at"
    )


def test_a_visit_before_another_that_is_written_down_after_it_is_one_of_its_own(apart: Apart) -> None:
    one = shift(apart.a, "早班")
    put(apart.a, one, "张三")
    given = {"shift": one, "person": str(person(apart.a, "张三"))}
    hour = timedelta(hours=1)
    made_up = given | {"reason": "忘了", "witness_name": "老李"}
    done(apart.a, "duty.check_in", at=START + 2 * hour, id=str(apart.a.ids()), **made_up,
         left_at=(START + 3 * hour).isoformat())  # fmt: skip
    done(apart.a, "duty.check_in", at=START, id=str(apart.a.ids()), **made_up,
         left_at=(START + hour).isoformat())  # fmt: skip
    apart.meet()
    assert visits(apart) == [("00:00", "01:00"), ("02:00", "03:00")]


def test_taking_a_check_in_back_takes_nothing_from_another_laptop_that_saw_them_too(apart: Apart) -> None:
    one = shift(apart.a, "早班")
    put(apart.a, one, "张三")
    apart.meet()
    given = {"shift": one, "person": str(person(apart.a, "张三"))}
    first = done(apart.a, "duty.check_in", at=START, id=str(apart.a.ids()), **given)
    done(apart.b, "duty.check_in", at=START + timedelta(minutes=5), id=str(apart.b.ids()), **given)
    apart.meet(apart.a)
    assert refusal(apart.a.undo(first.group_id)) == "undo.changed_since"
    assert len(visits(apart)) == 1


def test_a_check_in_taken_back_while_another_laptop_saw_them_stays(apart: Apart) -> None:
    one = shift(apart.a, "早班")
    put(apart.a, one, "张三")
    given = {"shift": one, "person": str(person(apart.a, "张三"))}
    first = done(apart.a, "duty.check_in", at=START, id=str(apart.a.ids()), **given)
    apart.meet()
    assert refusal(apart.a.undo(first.group_id)) is None
    done(apart.b, "duty.check_in", at=START + timedelta(minutes=5), id=str(apart.b.ids()), **given)
    apart.meet(apart.b)
    assert len(visits(apart)) == 1


def test_who_checked_out_by_mistake_may_take_the_check_in_back_after_it(apart: Apart) -> None:
    one = shift(apart.a, "早班")
    put(apart.a, one, "张三")
    row = str(apart.a.ids())
    come = done(apart.a, "duty.check_in", at=START, id=row, shift=one, person=str(person(apart.a, "张三")))
    gone = done(apart.a, "duty.check_out", at=START + timedelta(hours=1), checkin=row)
    assert refusal(apart.a.undo(come.group_id)) == "undo.changed_since"
    assert refusal(apart.a.undo(gone.group_id)) is None
    assert refusal(apart.a.undo(come.group_id)) is None
    apart.meet()
    assert visits(apart) == []


def test_a_check_in_of_nobody_in_the_register_is_kept_and_flagged(apart: Apart) -> None:
    one = shift(apart.a, "早班")
    founder = apart.a.compound_id
    apart.a.person_id, director = founder, apart.a.person_id
    done(apart.a, "duty.check_in", at=START, id=str(apart.a.ids()), shift=one)
    apart.a.person_id = director
    apart.meet()
    assert len(visits(apart)) == 1
    assert ("duty.person_unknown",) in apart.ask("SELECT code FROM flag")
