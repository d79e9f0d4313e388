"""What calendars are told of shifts: each keeps its id, counts its changes up, and is called off when it is no more."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from at_post import TODAY, at, came, person, settle_post, shift, went
from simulation.devices import Laptop
from simulation.plans import plans

from models.duty.queries_export import Dated, came_between, shifts_of_person, shifts_of_post

LONG_AGO = at(0) - timedelta(days=90)


@pytest.fixture
def post(laptop: Laptop) -> Laptop:
    settle_post(laptop)
    return laptop


def of_zhang(laptop: Laptop) -> list[Dated]:
    with laptop.store.read() as session:
        return list(shifts_of_person(session, laptop.compound_id, person(laptop, "张三"), since=LONG_AGO))


def of_desk(laptop: Laptop) -> list[Dated]:
    [(desk,)] = laptop.ask("SELECT id FROM post")
    with laptop.store.read() as session:
        return list(shifts_of_post(session, laptop.compound_id, UUID(desk), since=LONG_AGO))


def place(laptop: Laptop, shift_id: UUID, name: str) -> str:
    [(row_id,)] = laptop.ask(
        "SELECT a.id FROM assignment a JOIN person p ON p.id = a.person_id WHERE a.shift_id = ? AND p.name = ?",
        shift_id.hex,
        name,
    )
    return str(UUID(row_id))


def test_a_shift_is_told_with_whom_it_is_shared(post: Laptop) -> None:
    morning = shift(post, at(9), "张三", "李四")
    (mine,), (desks,) = of_zhang(post), of_desk(post)
    assert (mine.shift_id, mine.person_id, mine.post, mine.name) == (
        morning,
        person(post, "张三"),
        "服务台",
        "早班",
    )
    assert (mine.starts_at, mine.ends_at, mine.gone) == (at(9), at(12), False)
    assert (mine.others, desks.others, desks.person_id) == (("李四",), ("张三", "李四"), None)


def test_every_change_counts_up_whether_of_the_shift_or_of_who_is_on_it(post: Laptop) -> None:
    morning = shift(post, at(9), "张三")
    told = [of_zhang(post)[0].sequence]

    def changed() -> None:
        told.append(of_zhang(post)[0].sequence)

    later = {"starts_at": at(10).isoformat(), "ends_at": at(12).isoformat()}
    was = {"starts_at": at(9).isoformat(), "ends_at": at(12).isoformat()}
    post.do("shift.edit", shift=str(morning), old=was, new=later)
    changed()
    post.do("shift.edit", shift=str(morning), old={"hands": 1}, new={"hands": 2})
    post.do("duty.assign", id=str(post.ids()), shift=str(morning), person="李四")
    changed()
    post.do("duty.unassign", assignment=place(post, morning, "张三"))
    changed()
    post.do("shift.cancel", shift=str(morning))
    changed()
    assert told == sorted(set(told))
    assert [one.gone for one in of_zhang(post)] == [True]


def test_who_was_taken_off_is_told_so_and_the_post_goes_on(post: Laptop) -> None:
    morning = shift(post, at(9), "张三", "李四")
    post.do("duty.unassign", assignment=place(post, morning, "张三"))
    assert [(one.gone, one.others) for one in of_zhang(post)] == [(True, ("李四",))]
    assert [(one.gone, one.others) for one in of_desk(post)] == [(False, ("李四",))]
    post.do("shift.cancel", shift=str(morning))
    assert [one.gone for one in of_desk(post)] == [True]


def test_a_draft_is_told_to_nobody_nor_that_it_was_dropped(post: Laptop) -> None:
    morning = shift(post, at(9), published=False)
    row_id = str(post.ids())
    put = [{"id": row_id, "shift": str(morning), "person": str(person(post, "张三"))}]
    post.do("duty.fill", put=put)
    assert (of_zhang(post), of_desk(post)) == ([], [])
    post.do("duty.fill", drop=[row_id])
    assert (of_zhang(post), of_desk(post)) == ([], [])


def test_what_was_published_and_withdrawn_is_called_off(post: Laptop) -> None:
    morning = shift(post, at(9), published=False)
    row_id = str(post.ids())
    put = [{"id": row_id, "shift": str(morning), "person": str(person(post, "张三"))}]
    post.do("duty.fill", put=put)
    named = {"shifts": [str(morning)], "assignments": [row_id]}
    post.do("duty.publish", named)
    assert [one.gone for one in of_zhang(post)] == [False]
    post.do("duty.withdraw", named)
    assert [one.gone for one in of_zhang(post)] == [True]
    assert [one.gone for one in of_desk(post)] == [True]


def test_what_is_long_over_is_told_no_more(post: Laptop) -> None:
    shift(post, at(9, day=date(2025, 11, 1)), "张三")
    assert (of_zhang(post), of_desk(post)) == ([], [])


def test_it_is_found_by_index(post: Laptop) -> None:
    shift(post, at(9), "张三", "李四")
    zhang = person(post, "张三")
    for told in (
        plans(post, lambda session, compound: shifts_of_person(session, compound, zhang, since=LONG_AGO)),
        plans(post, lambda session, compound: came_between(session, compound, TODAY, TODAY)),
    ):
        assert not [step for step in told if "SCAN" in step], told


def test_everybody_who_came_is_listed_with_how_late_they_were(post: Laptop) -> None:
    morning = shift(post, at(9), "张三")
    went(post, came(post, at(9, 12), shift=morning, person=person(post, "张三")), at(12))
    [(desk,)] = post.ask("SELECT id FROM post")
    came(post, at(14), post=UUID(desk), guest="[/b]", reason="忘了", witness_name="陈奶奶")
    with post.store.read() as session:
        first, second = came_between(session, post.compound_id, TODAY, TODAY)
        assert (
            came_between(session, post.compound_id, TODAY + timedelta(days=1), TODAY + timedelta(days=2))
            == ()
        )
    assert (first.name, first.shift, first.late, first.left_at, first.guest) == (
        "张三",
        "早班",
        12,
        at(12),
        False,
    )
    assert (second.name, second.late, second.guest, second.made_up) == ("[/b]", None, True, True)
    assert (second.reason, second.witness, second.recorder) == ("忘了", "陈奶奶", "王德胜")
