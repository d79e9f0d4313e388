"""What somebody does to a roster while others have put a part of it away: the rest of it stands, and nothing goes with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from apart_station import DAY, ZONE, Apart, choose, fill, make, place, put, shift
from simulation.pair import done, person, refusal

from models.operations.envelope import Intent
from models.store import Store

START = datetime(DAY.year, DAY.month, DAY.day, 8, tzinfo=ZONE)


@pytest.fixture
def apart(open_here: Callable[..., Store]) -> Apart:
    return make(open_here)


def planned(apart: Apart, day: int) -> dict[str, object]:
    [(template,)] = apart.a.ask("SELECT id FROM shift_template")
    starts = START + timedelta(days=day)
    return {
        "template": str(UUID(template)),
        "day": starts.date().isoformat(),
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=3)).isoformat(),
    }


def test_a_draft_stands_but_for_the_shift_that_was_called_off_meanwhile(apart: Apart) -> None:
    early, late = shift(apart.a, "早班", published=False), shift(apart.a, "午班", hour=14, published=False)
    apart.meet()
    done(apart.a, "shift.cancel", shift=early)
    fill(apart.b, (early, "张三"), (late, "李四"))
    apart.meet(apart.a)
    assert (apart.on("早班"), apart.on("午班")) == ([], ["李四"])
    assert apart.b.ask("SELECT * FROM tray") == []


def test_a_draft_stands_but_for_who_was_put_away_meanwhile(apart: Apart) -> None:
    early, late = shift(apart.a, "早班", published=False), shift(apart.a, "午班", hour=14, published=False)
    apart.meet()
    done(apart.a, "person.archive", person=str(person(apart.a, "张三")))
    fill(apart.b, (early, "张三"), (late, "李四"))
    apart.meet(apart.a)
    assert (apart.on("早班"), apart.on("午班")) == ([], ["李四"])


def test_a_draft_stands_but_for_the_shifts_of_a_template_that_was_put_away_meanwhile(apart: Apart) -> None:
    late = shift(apart.a, "午班", hour=14, published=False)
    apart.meet()
    [(template,)] = apart.a.ask("SELECT id FROM shift_template")
    done(apart.a, "shift_template.archive", shift_template=str(UUID(template)))
    done(apart.b, "duty.plan", shifts=[planned(apart, 1)])
    [(early,)] = apart.b.ask("SELECT id FROM shift WHERE name = '早班'")
    fill(apart.b, (str(UUID(early)), "张三"), (late, "李四"))
    apart.meet(apart.a)
    assert (apart.on("早班"), apart.on("午班")) == ([], ["李四"])


def test_a_draft_stands_though_a_shift_was_moved_onto_another_of_its_person_meanwhile(apart: Apart) -> None:
    early, late = shift(apart.a, "早班", published=False), shift(apart.a, "午班", hour=14, published=False)
    apart.meet()
    starts = {"starts_at": START.isoformat(), "ends_at": (START + timedelta(hours=3)).isoformat()}
    apart.a.do("shift.edit", shift=late, new=starts)
    fill(apart.b, (early, "张三"), (late, "张三"))
    apart.meet(apart.a)
    assert (apart.on("早班"), apart.on("午班")) == (["张三"], ["张三"])
    assert apart.disputes() == [("assignment", "double", "open")]


def test_nobody_can_be_put_in_two_places_at_once_in_one_go(apart: Apart) -> None:
    one, other = shift(apart.a, "早班", published=False), shift(apart.a, "巡逻", hour=9, published=False)
    rows = [
        {"id": str(apart.a.ids()), "shift": at, "person": str(person(apart.a, "张三"))} for at in (one, other)
    ]
    assert refusal(apart.a.together(Intent("duty.fill", {"put": rows}))) == "duty.double"


@pytest.mark.parametrize("choice", ["keep", "take"])
def test_a_choice_of_a_place_that_is_given_up_meanwhile_takes_nobody_off_the_other(
    apart: Apart, choice: str
) -> None:
    one, other = shift(apart.a, "早班"), shift(apart.a, "巡逻", hour=9)
    apart.meet()
    put(apart.a, one, "张三")
    put(apart.b, other, "张三")
    apart.meet(apart.a)
    chosen, left = ("早班", "巡逻") if choice == "keep" else ("巡逻", "早班")
    done(apart.a, "duty.unassign", assignment=place(apart.a, chosen, "张三"))
    [(conflict,)] = apart.b.ask("SELECT id FROM conflict")
    apart.b.do("conflict.resolve", conflict=str(UUID(conflict)), choice=choice)
    apart.meet(apart.a)
    assert apart.on(left) == ["张三"]


def test_who_is_elsewhere_by_the_time_that_a_shift_is_moved_to_is_told_of(apart: Apart) -> None:
    one, other = shift(apart.a, "早班"), shift(apart.a, "午班", hour=14)
    put(apart.a, one, "张三")
    put(apart.a, other, "张三")
    starts = {"starts_at": START.isoformat(), "ends_at": (START + timedelta(hours=3)).isoformat()}
    apart.a.do("shift.edit", shift=other, new=starts)
    apart.meet()
    assert apart.disputes() == [("assignment", "double", "open")]


def test_who_is_put_elsewhere_while_their_shift_is_held_after_all_is_told_of(apart: Apart) -> None:
    one, other = shift(apart.a, "早班"), shift(apart.a, "巡逻", hour=9)
    put(apart.a, one, "张三")
    done(apart.a, "shift.cancel", shift=one)
    apart.meet()
    done(apart.a, "shift.restore", shift=one)
    put(apart.b, other, "张三")
    apart.meet(apart.a)
    assert apart.on("早班") == apart.on("巡逻") == ["张三"]
    assert apart.disputes() == [("assignment", "double", "open")]


def test_of_a_shift_held_after_all_those_are_told_who_were_put_elsewhere_meanwhile(apart: Apart) -> None:
    one, other = shift(apart.a, "早班"), shift(apart.a, "巡逻", hour=9)
    put(apart.a, one, "张三")
    done(apart.a, "shift.cancel", shift=one)
    apart.meet()
    put(apart.b, other, "张三")
    done(apart.a, "shift.restore", shift=one)
    apart.meet(apart.b)
    assert apart.on("早班") == apart.on("巡逻") == ["张三"]
    assert apart.disputes() == [("assignment", "double", "open")]


def test_an_absence_is_not_taken_back_once_another_has_said_more_of_it(apart: Apart) -> None:
    one = shift(apart.a, "早班")
    put(apart.a, one, "张三")
    apart.meet()
    there = place(apart.a, "早班", "张三")
    said = done(apart.a, "duty.mark_absent", assignment=there, absence="excused")
    apart.meet()
    done(apart.b, "duty.mark_absent", assignment=there, absence="excused", words="住院", before="excused")
    apart.meet()
    assert refusal(apart.a.undo(said.group_id)) == "undo.changed_since"
    assert apart.ask("SELECT absence, absence_words FROM assignment") == [("excused", "住院")]


def test_of_two_who_accepted_the_other_may_be_chosen_though_the_asker_is_elsewhere_by_now(
    apart: Apart,
) -> None:
    one, other = shift(apart.a, "早班"), shift(apart.a, "巡逻", hour=9)
    mine = put(apart.a, one, "张三")
    swap = str(apart.a.ids())
    done(apart.a, "swap.ask", id=swap, assignment=mine)
    apart.meet()
    director = apart.a.person_id
    for laptop, name in ((apart.a, "李四"), (apart.b, "王五")):
        apart.seat(laptop, name)
        done(laptop, "swap.accept", swap=swap)
    apart.meet(apart.a)
    apart.a.person_id = director
    put(apart.a, other, "张三")
    apart.meet()
    choose(apart, apart.a, "take")
    assert (apart.on("早班"), apart.on("巡逻")) == (["王五"], ["张三"])
