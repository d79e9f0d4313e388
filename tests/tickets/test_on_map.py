"""Tickets on the survey map: at which well each stands, and which stand at none."""

from __future__ import annotations

import pytest
from inspection.street import id_of, lay
from repeating import HOUR, NOW, TODAY, report
from simulation.devices import Laptop

from models.inspection.survey.scene import Scene
from models.inspection.survey.survey import survey
from models.tickets.on_map import Calls, calls_on_map


@pytest.fixture
def street(laptop: Laptop) -> Laptop:
    """A line of wells and a lamp; 3栋 drains into W2, 5栋 nowhere that anybody has said."""
    lay(laptop, "W1", "W2", "W3", "OUT")
    laptop.do("point.add", code="L1", kind="lamp")
    laptop.clock.now = NOW
    for code in ("3-1-502", "5-1-101"):
        laptop.do("household.add", code=code)
    laptop.do("connection.add", point="W2", building="3")
    return laptop


def calls(laptop: Laptop) -> Calls:
    with laptop.store.read() as session:
        return calls_on_map(session, laptop.compound_id, now=NOW + HOUR, today=TODAY)


def marked(laptop: Laptop) -> dict[str, tuple[int, bool]]:
    """Return the wells with a flag: how many calls, and whether again."""
    with laptop.store.read() as session:
        scene: Scene = calls(laptop).laid_on(survey(session, laptop.compound_id))
    return {spot.code: (spot.calls, spot.again) for spot in scene.called}


def test_a_ticket_stands_at_its_own_well_else_where_its_household_or_building_drains(street: Laptop) -> None:
    report(street, 3)
    report(street, 2, household_id=None, building_id="3", place="地下室")
    report(street, 1, household_id="5-1-101", point_id="W3")
    assert marked(street) == {"W2": (2, False), "W3": (1, False)}


def test_a_ticket_that_is_linked_with_a_well_stands_there_too(street: Laptop) -> None:
    code = report(street, 1, household_id=None, place="路口")
    street.do("ticket.link", ticket=code, point="W1")
    assert marked(street) == {"W1": (1, False)}


def test_what_is_done_leaves_the_map_unless_it_came_again(street: Laptop) -> None:
    codes = [report(street, ago) for ago in (20, 9, 2)]
    for code in codes[:2]:
        street.do("ticket.finish", ticket=code)
    assert marked(street) == {"W2": (1, True)}
    street.do("ticket.finish", ticket=codes[2])
    assert marked(street) == {"W2": (0, True)}
    here = calls(street).at[id_of(street, "point", "W2")]
    assert [ticket.code for ticket in here] == [*reversed(codes)]


def test_what_has_nothing_to_do_with_water_is_marked_only_where_it_is_about_a_well(street: Laptop) -> None:
    report(street, 2, category="noise")
    report(street, 2)  # the same home's drain, which is marked
    report(street, 1, category="safety", household_id=None, point_id="W1", what="井盖破了")
    report(street, 1, category="lamp", household_id=None, point_id="L1", what="灯不亮")
    assert marked(street) == {"W1": (1, False), "W2": (1, False)}


def test_a_place_that_no_well_stands_for_is_told_beside_the_map(street: Laptop) -> None:
    report(street, 3, household_id="5-1-101")
    report(street, 2, household_id="5-1-101")
    report(street, 1, household_id=None, place="大门口 [/b]")
    assert calls(street).elsewhere == (("5-1-101", 2), ("大门口 [/b]", 1))
    assert marked(street) == {}


def test_nothing_is_marked_where_nobody_asks(street: Laptop) -> None:
    assert calls(street) == Calls({}, ())
