"""Links as people say them, and what saying them would do to a sewer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulation.devices import Laptop
from street import id_of, lay

from models.inspection import queries_network
from models.inspection.link_plans import Effect, LinkPlan, plan_links, turn_round
from models.inspection.linking import Drain, Link, read_links


@pytest.mark.parametrize(
    "text",
    [
        *("W07 > W05", "W07->W05", "W07→W05", "w07 流向 W05", "W07 flows to W05", "W07 drains into w05"),
        *("Ｗ０７＞Ｗ０５", "W07 到 W05", "W05 < W07", "W05←W07", "W07 to W05", "W07 ⇒ W05"),
    ],
)
def test_a_link_is_understood_in_many_words(text: str) -> None:
    said = read_links(text)
    assert (said.links, said.drains, said.problems) == ((Link("W07", "W05"),), (), ())


@pytest.mark.parametrize(
    "text",
    [
        "W07>W05 300",
        "W07>W05 d300",
        "W07>W05 DN300",
        "W07>W05dn300",
        "W07 > W05 300 mm",
        "W07 φ300 > W05",
        "W05<W07 300毫米",
    ],
)
def test_a_diameter_stands_behind(text: str) -> None:
    assert read_links(text).links == (Link("W07", "W05", 300),)


def test_a_chain_says_several_pipes_and_its_last_diameter_is_that_of_all() -> None:
    assert read_links("W01>W02>W03 300").links == (Link("W01", "W02", 300), Link("W02", "W03", 300))
    assert read_links("W01>W02 200>W03 300").links == (Link("W01", "W02", 200), Link("W02", "W03", 300))
    assert read_links("W3<W2<W1").links == (Link("W1", "W2"), Link("W2", "W3"))


@pytest.mark.parametrize(
    ("text", "drain"),
    [
        ("3栋 > W07", Drain("W07", building="3")),
        ("building 3 > W07", Drain("W07", building="3")),
        ("３号楼流向W07", Drain("W07", building="3")),
        ("3-1-502 > W07", Drain("W07", household="3-1-502")),
        ("3栋1单元502 → W07", Drain("W07", household="3-1-502")),
    ],
)
def test_a_home_drains_into_a_well(text: str, drain: Drain) -> None:
    said = read_links(text)
    assert (said.drains, said.links, said.problems) == ((drain,), (), ())


def test_a_well_with_two_dashes_is_no_household() -> None:
    assert read_links("A-1-2 > A-1-3").links == (Link("A-1-2", "A-1-3"),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("W07", "link.no_arrow"),
        ("W07 >", "link.end_missing"),
        ("> W07", "link.end_missing"),
        ("W1>w1", "link.to_itself"),
        ("W1 > 3栋", "link.into_home"),
        ("W1 > W2 < W3", "link.both_directions"),
        ("W1 > W2 0", "link.diameter"),
        ("W1 > W2 99999", "link.diameter"),
        ("W1 > " + "车" * 40, "link.not_a_code"),
    ],
)
def test_what_is_not_understood_is_named_and_the_rest_stands(text: str, code: str) -> None:
    said = read_links(f"A1>A2; {text}")
    assert [problem.code for problem in said.problems] == [code]
    assert said.links == (Link("A1", "A2"),)


@pytest.mark.parametrize("text", ["W1 > W2 300, W1 > W2", "W1 > W2, W1 > W2 300"])
def test_a_pipe_said_again_without_its_diameter_keeps_it(text: str) -> None:
    assert read_links(text).links == (Link("W1", "W2", 300),)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    said = read_links(text)
    assert len(set(said.links)) == len(said.links)
    assert all(link.start != link.end for link in said.links)


# What a line would do


def plan(laptop: Laptop, text: str) -> LinkPlan:
    with laptop.store.read() as session:
        return plan_links(session, laptop.compound_id, text)


def carry_out(laptop: Laptop, text: str, *, add_wells: bool = False) -> None:
    outcome = laptop.together(*plan(laptop, text).intents(laptop.ids, add_wells=add_wells))
    assert outcome.refused is None, outcome.refused


def pipes(laptop: Laptop) -> list[tuple[str, str, int | None]]:
    with laptop.store.read() as session:
        lines = queries_network.pipes_page(session, laptop.compound_id)
    return [(line.start, line.end, line.diameter_mm) for line in lines]


def effects(laptop: Laptop, text: str) -> list[Effect]:
    return [line.effect for line in plan(laptop, text).lines]


def test_w7_is_w07_where_there_is_no_w7(laptop: Laptop) -> None:
    lay(laptop, "W05", "OUT")
    laptop.do("point.add", code="W07")
    carry_out(laptop, "w7 > w5 200, W07 > W05")
    assert ("W07", "W05", 200) in pipes(laptop)
    laptop.do("point.add", code="W7")
    assert [(line.start, line.effect) for line in plan(laptop, "W7>W5").lines] == [("W7", Effect.ADD)]


def test_a_line_knows_what_is_there_what_is_turned_and_what_is_resized(laptop: Laptop) -> None:
    lay(laptop, "W1", "W2", "OUT")
    text = "W1>W2, W2>W1, OUT>W2, W1>W2 400, W1>OUT"
    assert effects(laptop, "W1>W2") == [Effect.KEEP]
    assert effects(laptop, "W2>W1") == [Effect.TURN]
    assert effects(laptop, "W1>W2 400") == [Effect.RESIZE]
    assert effects(laptop, "W1>OUT") == [Effect.ADD]
    assert [problem.code for problem in plan(laptop, text).problems] == ["link.said_both_ways"]


def test_turning_a_pipe_keeps_what_is_known_of_it_and_is_undone_at_once(laptop: Laptop) -> None:
    lay(laptop, "W1", "W2", "OUT")
    outcome = laptop.together(*plan(laptop, "W2>W1").intents(laptop.ids))
    assert pipes(laptop) == [("W2", "OUT", 300), ("W2", "W1", 300)]
    laptop.undo(outcome.group_id)
    assert pipes(laptop) == [("W1", "W2", 300), ("W2", "OUT", 300)]


def test_a_pipe_turned_twice_is_as_it_was(laptop: Laptop) -> None:
    lay(laptop, "W1", "OUT")
    for ends in ("W1>OUT", "OUT>W1"):
        pipe = id_of(laptop, "pipe", ends)
        with laptop.store.read() as session:
            intents = turn_round(session, laptop.compound_id, pipe, laptop.ids)
        assert laptop.together(*intents).refused is None
    assert pipes(laptop) == [("W1", "OUT", 300)]


def test_unknown_wells_are_added_only_when_asked_for_and_archived_ones_come_back(laptop: Laptop) -> None:
    lay(laptop, "W1", "OUT")
    laptop.do("point.add", code="W2")
    laptop.do("point.archive", point="W2")
    asked = plan(laptop, "W3>W2>W1")
    assert (asked.missing, asked.does_something, asked.intents(laptop.ids)) == (("W3", "W2"), False, [])
    carry_out(laptop, "W3>W2>W1", add_wells=True)
    assert pipes(laptop) == [("W1", "OUT", 300), ("W2", "W1", None), ("W3", "W2", None)]


@pytest.mark.parametrize("slip", ["3栋3单元", "W06W05", "W06-W05"])
def test_what_nobody_would_call_a_well_is_doubted_and_not_added(laptop: Laptop, slip: str) -> None:
    lay(laptop, "W1", "OUT")
    asked = plan(laptop, f"{slip}>W1, W2>W1")
    assert (asked.missing, [line.start for line in asked.lines]) == (("W2",), ["W2"])
    assert [problem.code for problem in asked.problems] == ["link.not_a_well"]


def test_a_well_that_is_called_so_all_the_same_is_linked(laptop: Laptop) -> None:
    lay(laptop, "W1", "OUT")
    laptop.do("point.add", code="W06W05")
    assert plan(laptop, "W06W05>W1").problems == ()


def test_an_archived_pipe_comes_back_with_the_diameter_that_was_said(laptop: Laptop) -> None:
    lay(laptop, "W1", "OUT")
    laptop.do("pipe.archive", pipe="W1>OUT")
    assert effects(laptop, "W1>OUT") == [Effect.RESTORE]
    carry_out(laptop, "W1>OUT 400")
    assert pipes(laptop) == [("W1", "OUT", 400)]


def test_homes_are_connected_once_and_unknown_ones_named(laptop: Laptop) -> None:
    laptop.do("point.add", code="W1")
    laptop.do("household.add", code="3-1-502")
    text = "3栋>W1, 3-1-502>W1, 4栋>W1"
    assert effects(laptop, text) == [Effect.ADD, Effect.ADD, Effect.NOWHERE]
    carry_out(laptop, text)
    assert effects(laptop, text) == [Effect.KEEP, Effect.KEEP, Effect.NOWHERE]
    with laptop.store.read() as session:
        lines = queries_network.connections(session, laptop.compound_id)
    assert [(line.building, line.household) for line in lines] == [("", "3-1-502"), ("3", "")]
