"""Locating on what is stored: the latest word counts, systems stay apart, households are named."""

from __future__ import annotations

import pytest
from simulation.devices import Laptop
from street import id_of, lay, note

from models.inspection import locating
from models.inspection.locating import LocatedFindings, locate_walk
from models.inspection.sewer import Pipe, Well

WELLS = ("W1", "W2", "W3", "W4", "W5", "OUT")


@pytest.fixture
def street(laptop: Laptop) -> Laptop:
    """Five wells in a line, and an open walk."""
    lay(laptop, *WELLS)
    laptop.do("walk.start", name="三月")
    return laptop


def _locate(laptop: Laptop, walk: str | None = None) -> LocatedFindings:
    with laptop.store.read() as session:
        walk_id = None if walk is None else id_of(laptop, "walk", walk)
        return locate_walk(session, laptop.compound_id, walk_id)


def _pipes(found: LocatedFindings) -> list[tuple[str, str]]:
    return [blockage.pipes[0] for blockage in found.blockages]


def _codes(found: LocatedFindings) -> list[str]:
    return [problem.code for problem in found.problems]


BLOCKED = {"W1": "full", "W2": "full", "W3": "full", "W4": "dry", "W5": "dry", "OUT": "dry"}


def test_the_pipe_between_full_and_dry_is_named(street: Laptop) -> None:
    note(street, "三月", **BLOCKED)
    found = _locate(street)
    assert (_pipes(found), found.walk, found.wells, found.read) == ([("W3", "W4")], "三月", 6, 6)
    assert (found.open_next, found.problems) == ((), ())
    assert found.blockages[0].wells == ("W3", "W2", "W1")


def test_the_latest_look_wins_over_an_earlier_one(street: Laptop) -> None:
    note(street, "三月", **dict.fromkeys(BLOCKED, "full"))
    note(street, "三月", **BLOCKED)
    assert _pipes(_locate(street)) == [("W3", "W4")]


def test_a_withdrawn_look_counts_no_more(street: Laptop) -> None:
    note(street, "三月", **BLOCKED)
    wrong = street.do("walk.observe", walk="三月", point="W4", level="full")
    assert _pipes(_locate(street)) == [("W4", "W5")]
    street.undo(wrong.group_id)
    assert _pipes(_locate(street)) == [("W3", "W4")]


def test_a_note_added_later_leaves_the_level_as_it_was(street: Laptop) -> None:
    note(street, "三月", **BLOCKED)
    street.do("walk.observe", walk="三月", point="W3", note="井盖松")
    found = _locate(street)
    assert (_pipes(found), found.read) == ([("W3", "W4")], 6)


def test_the_walk_that_started_last_is_taken_unless_one_is_named(street: Laptop) -> None:
    note(street, "三月", **BLOCKED)
    street.do("walk.finish", walk="三月")
    street.do("walk.start", name="四月")
    note(street, "四月", **dict.fromkeys(BLOCKED, "flowing"))
    assert (_locate(street).walk, _locate(street).blockages) == ("四月", ())
    assert _pipes(_locate(street, "三月")) == [("W3", "W4")]
    street.do("walk.archive", walk="四月")
    assert _locate(street).walk == "三月"


def test_no_walk_no_wells_and_no_reading_are_each_said(laptop: Laptop) -> None:
    assert _codes(_locate(laptop)) == ["locate.no_walk", "locate.no_wells"]
    lay(laptop, *WELLS)
    assert _codes(_locate(laptop)) == ["locate.no_walk"]
    laptop.do("walk.start", name="三月")
    note(laptop, "三月", W1="unopened")
    laptop.do("walk.observe", walk="三月", point="W2", note="积水")
    found = _locate(laptop)
    assert _codes(found) == ["locate.no_levels"]
    assert (found.blockages, found.read, found.problems[0].params["walk"]) == ((), 0, "三月")
    assert found.open_next


def test_an_archived_well_and_pipe_are_out_of_the_network(street: Laptop) -> None:
    note(street, "三月", **BLOCKED)
    street.do("pipe.archive", pipe="W3-W4")
    street.do("pipe.add", start="W3", end="W5")
    street.do("point.archive", point="W4")
    found = _locate(street)
    assert _pipes(found) == [("W3", "W5")]
    assert "reading.unknown_well" in _codes(found)


def test_points_that_are_no_wells_say_nothing_of_water(street: Laptop) -> None:
    street.do("point.add", code="L1", kind="lamp")
    street.do("walk.observe", walk="三月", point="L1", level="full")
    note(street, "三月", **BLOCKED)
    found = _locate(street)
    assert (_pipes(found), found.problems, found.wells) == ([("W3", "W4")], (), 6)


def test_households_of_a_connected_building_are_held_up_with_it(street: Laptop) -> None:
    for code in ("1-1-1002", "1-1-201", "1-1-301", "2-1-101", "3-1-101"):
        street.do("household.add", code=code)
    street.do("household.archive", household="1-1-301")
    street.do("connection.add", point="W2", building="1")
    street.do("connection.add", point="W5", household="1-1-201")  # drains elsewhere than its building
    street.do("connection.add", point="W1", household="2-1-101")
    street.do("connection.add", point="W5", building="3")
    note(street, "三月", **BLOCKED)
    blockage = _locate(street).blockages[0]
    assert blockage.households == ("1-1-1002", "2-1-101")
    assert blockage.buildings == ("1",)


def test_rain_and_foul_sewers_that_share_an_outfall_are_located_apart(street: Laptop) -> None:
    """A rain sewer is dry in dry weather: read as one with the foul one, its dry wells would mean trouble."""
    lay(street, "R1", "R2", "R3", system="rain", outfall=False)
    street.do("pipe.add", start="R3", end="OUT", system="rain")
    note(street, "三月", **BLOCKED)
    alone = _locate(street)
    assert (_pipes(alone), alone.open_next) == ([("W3", "W4")], ())
    note(street, "三月", R1="full", R2="dry", R3="dry")
    found = _locate(street)
    assert sorted(_pipes(found)) == [("R1", "R2"), ("W3", "W4")]
    assert found.problems == ()


@pytest.mark.parametrize("mistyped", ["W1-W2", None])
def test_a_foul_walk_sends_nobody_to_the_rain_sewer(street: Laptop, mistyped: str | None) -> None:
    lay(street, "R1", "R2", "ROUT", system="rain")
    if mistyped is not None:
        street.do("pipe.edit", pipe=mistyped, new={"system": "rain"})
    note(street, "三月", W1="full", W2="full", W5="dry", OUT="dry")
    found = _locate(street)
    assert found.open_next
    assert not any(code.startswith("R") for code in found.open_next)


def test_one_mistyped_pipe_does_not_cut_a_sewer_in_two(street: Laptop) -> None:
    street.do("pipe.edit", pipe="W3-W4", new={"system": "rain"})
    note(street, "三月", **BLOCKED)
    found = _locate(street)
    assert (_pipes(found), found.problems) == ([("W3", "W4")], ())


def test_only_a_part_that_speaks_of_nothing_but_rain_is_a_rain_sewer() -> None:
    pipes = [
        Pipe("W1", "W2", system="foul"),
        Pipe("W2", "OUT", system="rain"),  # mistyped, or rain led into the foul sewer
        Pipe("R1", "R2", system="rain"),
        Pipe("R2", "OUT"),
        Pipe("U1", "OUT"),
    ]
    wells = [Well(code) for code in ("W1", "W2", "R1", "R2", "U1", "alone")] + [Well("OUT", kind="outfall")]
    foul, rain = locating._networks(wells, pipes, [])
    assert set(foul.wells) == {"W1", "W2", "U1", "alone", "OUT"}
    assert set(rain.wells) == {"R1", "R2", "OUT"}


def test_a_rain_sewer_alone_is_located_too(laptop: Laptop) -> None:
    lay(laptop, *WELLS, system="rain")
    laptop.do("walk.start", name="三月")
    note(laptop, "三月", **BLOCKED)
    found = _locate(laptop)
    assert (_pipes(found), found.problems) == ([("W3", "W4")], ())


def test_doubts_about_the_network_come_with_the_findings(street: Laptop) -> None:
    street.do("point.add", code="W9")
    note(street, "三月", **BLOCKED)
    found = _locate(street)
    assert (_pipes(found), _codes(found)) == ([("W3", "W4")], ["well.unreachable"])


def test_a_joined_walk_is_located_under_its_old_id(street: Laptop) -> None:
    street.do("walk.start", name="下午")
    old = id_of(street, "walk", "下午")
    note(street, "下午", **BLOCKED)
    street.do("walk.join", walk="下午", into="三月")
    with street.store.read() as session:
        found = locate_walk(session, street.compound_id, old)
    assert (_pipes(found), found.walk) == ([("W3", "W4")], "三月")
