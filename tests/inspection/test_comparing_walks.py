"""Two walks that are stored, beside each other."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from simulation.devices import Laptop
from sqlalchemy import event
from street import id_of, lay, note

from models.inspection.comparing import Comparison, compare_walks, walks_to_compare
from models.inspection.comparison import Turn
from models.inspection.draining import homes_at
from models.inspection.histories import histories, placed_wells

WELLS = ("W1", "W2", "W3", "OUT")


@pytest.fixture
def street(laptop: Laptop) -> Laptop:
    lay(laptop, *WELLS)
    laptop.do("route.add", name="排水井", stops=list(WELLS))
    return laptop


def walk(laptop: Laptop, name: str, *, days: int, route: str | None = "排水井", **levels: str) -> UUID:
    """Let some days pass, walk, and note levels."""
    laptop.clock.now += timedelta(days=days)
    laptop.do("walk.start", name=name, route=route)
    note(laptop, name, **levels)
    return id_of(laptop, "walk", name)


def compared(laptop: Laptop, now: UUID | None = None, then: UUID | None = None) -> Comparison:
    with laptop.store.read() as session:
        return compare_walks(session, laptop.compound_id, now, then)


def names(found: Comparison) -> tuple[str, str]:
    return (found.now.name if found.now else "", found.then.name if found.then else "")


def turns(found: Comparison) -> dict[str, str]:
    return {row.code: row.compared.turn.value for row in found.rows}


def test_what_got_worse_comes_first(street: Laptop) -> None:
    walk(street, "去年", days=0, W1="flowing", W2="full", W3="flowing", OUT="flowing")
    walk(street, "今年", days=365, W1="flowing", W2="flowing", W3="overflow")
    found = compared(street)
    assert names(found) == ("今年", "去年")
    assert list(turns(found).items()) == [
        ("W3", "worse"),
        ("W2", "better"),
        ("W1", "same"),
        ("OUT", "unseen"),
    ]
    assert list(found.counts.values()) == [1, 1, 1, 1]


def test_last_year_is_chosen_before_last_week(street: Laptop) -> None:
    walk(street, "前年", days=0, W1="dry")
    walk(street, "去年", days=365, W1="dry")
    walk(street, "上周", days=358, W1="dry")
    walk(street, "今天", days=7, W1="dry")
    assert names(compared(street)) == ("今天", "去年")


def test_without_a_walk_half_a_year_ago_the_one_before_is_chosen(street: Laptop) -> None:
    walk(street, "上上周", days=0, W1="dry")
    walk(street, "上周", days=7, W1="dry")
    walk(street, "今天", days=7, W1="dry")
    assert names(compared(street)) == ("今天", "上周")


def test_a_walk_over_the_same_route_is_chosen_before_another(street: Laptop) -> None:
    walk(street, "去年", days=0, W1="dry")
    walk(street, "随便走走", days=100, route=None, W1="dry")
    walk(street, "今天", days=10, W1="dry")
    assert names(compared(street)) == ("今天", "去年")


def test_walks_without_a_level_are_passed_over(street: Laptop) -> None:
    street.do("point.add", code="L1", kind="lamp")
    walk(street, "去年", days=0, W1="dry")
    walk(street, "今年", days=365, W1="full")
    street.clock.now += timedelta(days=1)
    street.do("walk.start", name="路灯")
    street.do("walk.observe", walk="路灯", point="L1")
    walk(street, "都打不开", days=1, W1="unopened")
    assert names(compared(street)) == ("今年", "去年")
    with street.store.read() as session:
        assert [line.name for line in walks_to_compare(session, street.compound_id)] == ["今年", "去年"]


def test_two_walks_can_be_named(street: Laptop) -> None:
    first = walk(street, "一", days=0, W1="dry")
    second = walk(street, "二", days=300, W1="full")
    walk(street, "三", days=300, W1="overflow")
    assert turns(compared(street, second, first))["W1"] == "worse"
    assert turns(compared(street, first, second))["W1"] == "better"
    assert compared(street, first, first).rows[0].compared.turn in {Turn.SAME, Turn.UNSEEN}


def test_one_walk_alone_has_nothing_beside_it(street: Laptop) -> None:
    assert names(compared(street)) == ("", "")
    walk(street, "一", days=0, W1="dry")
    assert (names(compared(street)), compared(street).rows) == (("一", ""), ())


def test_a_later_note_leaves_level_and_mud_as_they_were(street: Laptop) -> None:
    walk(street, "去年", days=0, W1="flowing")
    walk(street, "今年", days=365)
    street.do("walk.observe", walk="今年", point="W1", level="full", mud_mm=40)
    street.do("walk.observe", walk="今年", point="W1", note="再看了一眼")
    row = next(row for row in compared(street).rows if row.code == "W1")
    assert row.now is not None
    assert (row.now.level, row.now.mud_mm, row.now.note) == ("full", 40, "再看了一眼")
    assert row.compared.turn is Turn.WORSE


def test_what_was_withdrawn_and_archived_counts_no_more(street: Laptop) -> None:
    walk(street, "去年", days=0, W1="flowing", W2="flowing")
    walk(street, "今年", days=365, W1="flowing", W2="full")
    wrong = street.do("walk.observe", walk="今年", point="W1", level="full")
    assert turns(compared(street))["W1"] == "worse"
    street.undo(wrong.group_id)
    assert turns(compared(street))["W1"] == "same"
    street.do("point.archive", point="W2")
    assert "W2" not in turns(compared(street))


def test_the_history_of_a_well_goes_from_walk_to_walk(street: Laptop) -> None:
    for number, level in enumerate(("dry", "flowing", "half", "full")):
        walk(street, f"第{number}次", days=100, **({"W1": level} if number != 1 else {"W2": level}))
    w1 = id_of(street, "point", "W1")
    with street.store.read() as session:
        told = histories(session, street.compound_id, [w1])
        both = histories(session, street.compound_id, [w1, id_of(street, "point", "W2")])
        last = histories(session, street.compound_id, [w1], most=2)
    assert [line.name for line in told.walks] == ["第0次", "第2次", "第3次"]
    assert [said.level if said else None for said in told.seen[w1]] == ["dry", "half", "full"]
    assert [said.level if said else None for said in both.seen[w1]] == ["dry", None, "half", "full"]
    assert [line.name for line in last.walks] == ["第2次", "第3次"]


def test_homes_are_told_once_and_where_their_own_drain_is(street: Laptop) -> None:
    for code in ("1-1-101", "1-1-102", "1-1-201", "2-1-101"):
        street.do("household.add", code=code)
    street.do("connection.add", point="W1", building="1")
    street.do("connection.add", point="W1", household="2-1-101")
    street.do("connection.add", point="W2", household="1-1-102")
    with street.store.read() as session:
        assert homes_at(session, street.compound_id, id_of(street, "point", "W1")) == (
            "1-1-101",
            "1-1-201",
            "2-1-101",
        )
        assert homes_at(session, street.compound_id, id_of(street, "point", "W2")) == ("1-1-102",)
        assert homes_at(session, street.compound_id, id_of(street, "point", "W3")) == ()
        assert placed_wells(session, street.compound_id) == 0


def test_comparing_takes_the_same_number_of_statements_however_many_walks_there_are(street: Laptop) -> None:
    def statements() -> int:
        counted = 0

        def count(*_: object) -> None:
            nonlocal counted
            counted += 1

        with street.store.read() as session:
            engine = session.get_bind()
            event.listen(engine, "before_cursor_execute", count)
            try:
                compare_walks(session, street.compound_id)
            finally:
                event.remove(engine, "before_cursor_execute", count)
        return counted

    walk(street, "去年", days=0, W1="flowing")
    walk(street, "今年", days=365, W1="full")
    few = statements()
    for number in range(6):
        walk(street, f"又{number}", days=200, W1="half", W2="half", W3="half")
    assert statements() <= few <= 20
