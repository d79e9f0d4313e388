from __future__ import annotations

import pytest
from simulation.devices import Laptop
from street import id_of, lay, note

from models.inspection.rules import State
from models.inspection.survey.scene import Laid, Run, Scene, Spot
from models.inspection.survey.survey import names_to_hide, survey

WELLS = ("W1", "W2", "W3", "W4", "W5", "OUT")
BLOCKED = {"W1": "full", "W2": "full", "W3": "full", "W4": "dry", "W5": "dry", "OUT": "dry"}


@pytest.fixture
def street(laptop: Laptop) -> Laptop:
    """Five wells in a line, and an open walk."""
    lay(laptop, *WELLS)
    laptop.do("walk.start", name="三月")
    return laptop


def scene_of(laptop: Laptop, walk: str | None = None, laid: Laid | None = None) -> Scene:
    with laptop.store.read() as session:
        walk_id = None if walk is None else id_of(laptop, "walk", walk)
        return survey(session, laptop.compound_id, walk_id, laid=laid)


def spot(scene: Scene, code: str) -> Spot:
    return next(spot for spot in (*scene.spots, *scene.aside) if spot.code == code)


def run(scene: Scene, start: str) -> Run:
    return next(run for run in (*scene.runs, *scene.loose) if run.start == start)


def test_the_map_shows_what_the_walk_saw_and_where_it_is_blocked(street: Laptop) -> None:
    note(street, "三月", **BLOCKED)
    scene = scene_of(street)
    assert (scene.walk, scene.seen, scene.laid) == ("三月", 6, Laid.SCHEMATIC)
    assert [spot(scene, code).state for code in ("W1", "W4")] == [State.BAD, State.NORMAL]
    assert run(scene, "W3").blockage == 0
    assert run(scene, "W3").chance == scene.blockages[0].confidence > 0.5
    assert [run(scene, code).behind for code in ("W1", "W2", "W3", "W4")] == [True, True, False, False]
    assert [spot(scene, code).behind for code in WELLS] == [True, True, True, False, False, False]
    assert spot(scene, "OUT").outfall
    assert scene.problems == ()


def test_a_well_without_a_record_has_no_state_and_nothing_else(street: Laptop) -> None:
    note(street, "三月", W1="full")
    seen, unseen = spot(scene_of(street), "W1"), spot(scene_of(street), "W2")
    assert (seen.level, seen.at is not None) == ("full", True)
    assert (unseen.state, unseen.level, unseen.at, unseen.note) == (None, None, None, "")


def test_the_latest_word_counts_and_a_note_added_later_leaves_the_level(street: Laptop) -> None:
    note(street, "三月", W1="dry")
    wrong = street.do("walk.observe", walk="三月", point="W2", level="overflow")
    street.do("walk.observe", walk="三月", point="W1", level="full", mud_mm=120)
    street.do("walk.observe", walk="三月", point="W1", note="井盖松")
    street.undo(wrong.group_id)
    found = spot(scene_of(street), "W1")
    assert (found.level, found.mud_mm, found.silted, found.note) == ("full", 120, True, "井盖松")
    assert found.state is State.BAD
    assert spot(scene_of(street), "W2").state is None


def test_mud_is_judged_by_the_pipe_it_lies_in(street: Laptop) -> None:
    street.do("pipe.edit", pipe="W1-W2", new={"diameter_mm": 600})
    for code in ("W1", "W2"):
        street.do("walk.observe", walk="三月", point=code, level="dry", mud_mm=100)
    scene = scene_of(street)
    assert [spot(scene, code).silted for code in ("W1", "W2")] == [False, True]
    assert [spot(scene, code).state for code in ("W1", "W2")] == [State.NORMAL, State.WATCH]


def test_defects_and_checklists_make_a_calm_well_one_to_watch(street: Laptop) -> None:
    street.do("walk.observe", walk="三月", point="W1", level="dry", defects=[{"code": "silt"}])
    found = spot(scene_of(street), "W1")
    assert (found.defects, found.state) == (("silt",), State.WATCH)


def test_each_walk_has_a_map_of_its_own_and_the_last_one_is_taken(street: Laptop) -> None:
    note(street, "三月", **BLOCKED)
    street.do("walk.finish", walk="三月")
    street.do("walk.start", name="四月")
    note(street, "四月", W1="dry")
    assert (scene_of(street).walk, scene_of(street).blockages) == ("四月", ())
    march = scene_of(street, "三月")
    assert march.blockages[0].pipes[0] == ("W3", "W4")
    assert march.ended is not None


def test_without_a_walk_the_wells_are_drawn_all_the_same(laptop: Laptop) -> None:
    lay(laptop, *WELLS)
    scene = scene_of(laptop)
    assert (len(scene.spots), scene.walk_id, scene.began, scene.seen) == (6, None, None, 0)
    assert [problem.code for problem in scene.problems] == ["locate.no_walk"]


def test_without_wells_there_is_an_empty_map(laptop: Laptop) -> None:
    scene = scene_of(laptop)
    assert (scene.spots, scene.runs, scene.width, scene.height) == ((), (), 0, 0)
    assert "locate.no_wells" in [problem.code for problem in scene.problems]


def test_most_coordinates_make_a_plan_and_lost_wells_stand_beside_it(street: Laptop) -> None:
    for n, code in enumerate(WELLS[:3]):
        street.do("point.edit", point=code, new={"x_m": 500_000.0 + 10 * n, "y_m": 30.0})
    assert scene_of(street).laid is Laid.SCHEMATIC
    street.do("point.edit", point="W4", new={"x_m": 500_030.0, "y_m": 10.0})
    note(street, "三月", **BLOCKED)
    scene = scene_of(street)
    assert (scene.laid, scene.width, scene.height) == (Laid.PLAN, 30.0, 20.0)
    assert [(spot.code, spot.x, spot.y) for spot in scene.spots] == [
        ("W1", 0.0, 20.0),
        ("W2", 10.0, 20.0),
        ("W3", 20.0, 20.0),
        ("W4", 30.0, 0.0),
    ]
    assert sorted(scene.unplaced) == ["OUT", "W5"]
    assert sorted(spot.code for spot in scene.aside) == ["OUT", "W5"]
    assert sorted(run.start for run in scene.loose) == ["W4", "W5"]
    assert len(scene_of(street, laid=Laid.SCHEMATIC).spots) == 6


def test_wells_that_all_lie_in_one_place_make_no_plan(street: Laptop) -> None:
    for code in WELLS:
        street.do("point.edit", point=code, new={"x_m": 1.0, "y_m": 1.0})
    assert scene_of(street).laid is Laid.SCHEMATIC


def test_homes_are_counted_where_their_drain_enters(street: Laptop) -> None:
    for code in ("1-1-101", "1-1-201", "1-1-301", "2-1-101"):
        street.do("household.add", code=code)
    street.do("household.archive", household="1-1-301")
    street.do("connection.add", point="W1", building="1")
    street.do("connection.add", point="W4", household="1-1-201")  # drains elsewhere than its building
    street.do("connection.add", point="W4", household="2-1-101")
    scene = scene_of(street)
    assert [spot(scene, code).households for code in ("W1", "W2", "W4")] == [1, 0, 2]


def test_a_note_changes_no_place(street: Laptop) -> None:
    before = scene_of(street)
    street.do("walk.observe", walk="三月", point="W1", note="很长的备注" * 50)
    after = scene_of(street)
    assert [(spot.x, spot.y, spot.cells) for spot in before.spots] == [
        (spot.x, spot.y, spot.cells) for spot in after.spots
    ]
    assert [run.path for run in before.runs] == [run.path for run in after.runs]


def test_a_box_is_as_wide_as_its_symbol_and_code(laptop: Laptop) -> None:
    lay(laptop, "东门1", "W2")
    assert {spot.code: spot.cells for spot in scene_of(laptop).spots} == {"东门1": 7, "W2": 4}


def test_archived_wells_and_other_points_are_not_on_the_map(street: Laptop) -> None:
    street.do("point.add", code="L1", kind="lamp")
    street.do("point.archive", point="W5")
    assert {spot.code for spot in scene_of(street).spots} == {"W1", "W2", "W3", "W4", "OUT"}
    assert {run.start for run in scene_of(street).runs} == {"W1", "W2", "W3"}


def test_everybody_in_the_register_may_be_hidden(laptop: Laptop) -> None:
    laptop.do("person.add", name="张三丰")
    with laptop.store.read() as session:
        assert "张三丰" in names_to_hide(session, laptop.compound_id)
