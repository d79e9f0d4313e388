"""Numbering many points at once: what is new, what is there, pipes between them, a route over them."""

from __future__ import annotations

from typing import Any

from simulation.devices import Laptop
from street import id_of, lay, refused

from models.inspection import queries, queries_network
from models.inspection.number_plans import Chained, NumberPlan, plan_numbers


def plan(laptop: Laptop, text: str, **options: Any) -> NumberPlan:
    with laptop.store.read() as session:
        return plan_numbers(session, laptop.compound_id, text, **options)


def number(laptop: Laptop, text: str, **options: Any) -> None:
    intents = plan(laptop, text, **options).intents(laptop.ids)
    for start in range(0, len(intents), 200):
        outcome = laptop.together(*intents[start : start + 200])
        assert outcome.refused is None, outcome.refused


def pipes(laptop: Laptop) -> list[tuple[str, str]]:
    with laptop.store.read() as session:
        return [(one.start, one.end) for one in queries_network.pipes_page(session, laptop.compound_id)]


def stops(laptop: Laptop, route: str) -> list[str]:
    with laptop.store.read() as session:
        view = queries.route_view(session, laptop.compound_id, id_of(laptop, "route", route))
    assert view is not None
    return [stop.code for stop in view.stops]


def test_new_ones_are_told_from_those_that_are_there_archived_or_alike(laptop: Laptop) -> None:
    for code in ("W01", "W02", "W3"):
        laptop.do("point.add", code=code)
    laptop.do("point.archive", point="W02")
    asked = plan(laptop, "W01-W04")
    assert (asked.new, asked.there, asked.archived) == (("W03", "W04"), ("W01",), ("W02",))
    assert asked.alike == (("W03", "W3"),)
    number(laptop, "W01-W04")
    again = plan(laptop, "W01-W04")
    assert (again.new, again.does_something) == ((), False)


def test_a_chain_runs_down_or_up_and_joins_nothing_twice(laptop: Laptop) -> None:
    lay(laptop, "W2", "W1")
    number(laptop, "W1-W4", chained=Chained.UP)
    assert sorted(pipes(laptop)) == [("W2", "W1"), ("W3", "W2"), ("W4", "W3")]
    number(laptop, "A1-A3", chained=Chained.DOWN)
    assert {("A1", "A2"), ("A2", "A3")} < set(pipes(laptop))
    assert plan(laptop, "A1-A3", chained=Chained.UP).pipes == 0


def test_lamps_are_not_linked(laptop: Laptop) -> None:
    assert plan(laptop, "L1-L3", kind="lamp", chained=Chained.DOWN).pipes == 0


def test_four_hundred_wells_with_pipes_on_a_route(laptop: Laptop) -> None:
    laptop.do("point.add", code="W001")
    laptop.do("route.add", name="东线", stops=["W001"])
    number(laptop, "W001-W400", chained=Chained.DOWN, route_id=id_of(laptop, "route", "东线"))
    assert len(pipes(laptop)) == 399
    assert stops(laptop, "东线") == [f"W{n:03}" for n in range(1, 401)]


def test_a_route_too_full_is_refused_before_anything_is_done(laptop: Laptop) -> None:
    laptop.do("point.add", code="X1")
    laptop.do("route.add", name="东线", stops=["X1"])
    asked = plan(laptop, "W1-W2000", route_id=id_of(laptop, "route", "东线"))
    assert [problem.code for problem in asked.problems] == ["numbering.route_full"]
    assert not asked.does_something


# Another code for one point


def test_a_point_gets_another_code_and_is_found_and_sorted_by_it(laptop: Laptop) -> None:
    for code in ("W1", "W3"):
        laptop.do("point.add", code=code, name="车棚" if code == "W1" else "")
    laptop.do("point.rename", point="W1", code="ｗ１０", before="W1")
    with laptop.store.read() as session:
        found = [line.code for line in queries.points_page(session, laptop.compound_id)]
        by_code = queries.points_page(session, laptop.compound_id, text="w10")
        by_name = queries.points_page(session, laptop.compound_id, text="chepeng")
    assert found == ["W3", "W10"]
    assert [line.code for line in (*by_code, *by_name)] == ["W10", "W10"]


def test_a_code_that_is_taken_even_by_an_archived_point_is_refused(laptop: Laptop) -> None:
    for code in ("W1", "W2"):
        laptop.do("point.add", code=code)
    laptop.do("point.archive", point="W2")
    assert refused(laptop, "point.rename", point="W1", code="W2").code == "code.taken"


def test_renaming_is_undone_unless_it_was_renamed_again(laptop: Laptop) -> None:
    laptop.do("point.add", code="W1")
    first = laptop.do("point.rename", point="W1", code="W2", before="W1")
    second = laptop.do("point.rename", point="W2", code="W3", before="W2")
    undone = laptop.undo(first.group_id).refused
    assert undone is not None
    assert undone.code == "undo.changed_since"
    assert laptop.undo(second.group_id).refused is None
    assert laptop.undo(first.group_id).refused is None
    assert laptop.ask("select code, sort_key from point") == [("W1", "1W0000000000001")]


def test_who_renames_what_another_has_renamed_is_told(laptop: Laptop) -> None:
    laptop.do("point.add", code="W1")
    laptop.do("point.rename", point="W1", code="W2", before="W1")
    assert refused(laptop, "point.rename", point="W2", code="W9", before="W1").code == "code.changed_since"
    # The same wish twice is no quarrel.
    laptop.do("point.rename", point="W2", code="W2", before="W1")
