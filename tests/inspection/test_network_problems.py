"""What is doubtful about a sewer is found, named with its wells, and cured where that is clear."""

from __future__ import annotations

from simulation.devices import Laptop
from street import id_of, lay

from models.inspection.link_plans import turn_round
from models.inspection.network_problems import Cure, NetworkProblem, network_problems


def found(laptop: Laptop) -> list[NetworkProblem]:
    with laptop.store.read() as session:
        return list(network_problems(session, laptop.compound_id))


def told(laptop: Laptop) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.problem.code, one.points) for one in found(laptop)]


def test_a_sound_sewer_has_no_problems(laptop: Laptop) -> None:
    lay(laptop, "W1", "W2", "OUT")
    laptop.do("point.add", code="L1", kind="lamp")
    assert told(laptop) == []


def test_wells_that_were_only_numbered_are_one_problem_and_not_many(laptop: Laptop) -> None:
    for code in ("W1", "W2", "W3"):
        laptop.do("point.add", code=code)
    assert told(laptop) == [("network.no_pipes", ())]
    assert found(laptop)[0].problem.params == {"count": 3}


def test_a_sewer_without_an_outfall_is_one_problem(laptop: Laptop) -> None:
    for code in ("W1", "W2", "W3"):
        laptop.do("point.add", code=code)
    laptop.do("pipe.add", start="W1", end="W2")
    assert told(laptop) == [("network.no_outfall", ()), ("well.isolated", ("W3",))]


def test_a_circle_names_its_wells(laptop: Laptop) -> None:
    lay(laptop, "W1", "W2", "W3", "OUT")
    laptop.do("pipe.add", start="W3", end="W1")
    problem = found(laptop)[0]
    assert problem.problem.code == "pipe.loop"
    assert set(problem.points) == {"W1", "W2", "W3"}
    assert problem.pipe_id is not None


def test_a_pipe_that_rises_is_doubted_and_turning_it_cures_that(laptop: Laptop) -> None:
    lay(laptop, "W1", "W2", "OUT")
    laptop.do("point.edit", point="W1", new={"ground_m": 40.0, "depth_mm": 2000})
    laptop.do("point.edit", point="W2", new={"ground_m": 40.0, "depth_mm": 1500})
    problem = found(laptop)[0]
    assert (problem.problem.code, problem.points, problem.cure) == ("pipe.uphill", ("W1", "W2"), Cure.TURN)
    assert problem.problem.params["rise_mm"] == 500
    assert problem.pipe_id is not None
    with laptop.store.read() as session:
        intents = turn_round(session, laptop.compound_id, problem.pipe_id, laptop.ids)
    assert laptop.together(*intents).refused is None
    assert "pipe.uphill" not in [code for code, _ in told(laptop)]


def test_rising_ground_is_doubted_only_where_depths_do_not_tell(laptop: Laptop) -> None:
    lay(laptop, "W1", "W2", "OUT")
    laptop.do("point.edit", point="W1", new={"ground_m": 40.0})
    laptop.do("point.edit", point="W2", new={"ground_m": 40.2})
    assert told(laptop) == []
    laptop.do("point.edit", point="W2", new={"ground_m": 40.5})
    assert told(laptop) == [("pipe.ground_uphill", ("W1", "W2"))]
    laptop.do("point.edit", point="W1", new={"depth_mm": 1000})
    laptop.do("point.edit", point="W2", new={"depth_mm": 1600})
    assert told(laptop) == []


def test_wells_without_a_way_out_and_wells_alone_are_told_apart(laptop: Laptop) -> None:
    lay(laptop, "W1", "OUT")
    for code in ("A1", "A2", "B1"):
        laptop.do("point.add", code=code)
    laptop.do("pipe.add", start="A1", end="A2")
    assert told(laptop) == [("well.unreachable", ("A2",)), ("well.isolated", ("B1",))]


def test_doubles_are_found_by_code_by_place_and_by_direction(laptop: Laptop) -> None:
    lay(laptop, "W07", "W05", "OUT")
    laptop.do("pipe.add", start="W05", end="W07")
    laptop.do("point.add", code="W7", x_m=10.0, y_m=20.0)
    laptop.do("point.edit", point="W05", new={"x_m": 10.01, "y_m": 20.0})
    problems = {one.problem.code: one for one in found(laptop)}
    assert problems["pipe.both_ways"].cure is Cure.DROP
    named, placed = problems["well.twice_named"], problems["well.same_place"]
    assert (named.points, named.cure) == (("W07", "W7"), Cure.MERGE)
    assert (named.point_id, named.other_id) == (id_of(laptop, "point", "W07"), id_of(laptop, "point", "W7"))
    assert set(placed.points) == {"W05", "W7"}


def test_more_mud_than_the_well_is_deep_is_told_until_it_is_withdrawn(laptop: Laptop) -> None:
    lay(laptop, "W1", "OUT")
    laptop.do("walk.start", name="三月")
    laptop.do("walk.observe", walk="三月", point="W1", mud_mm=1800)
    assert told(laptop) == []
    laptop.do("point.edit", point="W1", new={"depth_mm": 1500})
    assert told(laptop) == [("well.mud_deeper", ("W1",))]


def test_a_pipe_to_an_archived_well_is_told_with_its_cure(laptop: Laptop) -> None:
    lay(laptop, "W1", "W2", "OUT")
    laptop.do("point.archive", point="W2")
    doubts = [one for one in found(laptop) if one.problem.code == "pipe.unknown_well"]
    assert [one.cure for one in doubts] == [Cure.DROP, Cure.DROP]
    assert {one.pipe_id for one in doubts} == {
        id_of(laptop, "pipe", "W1>W2"),
        id_of(laptop, "pipe", "W2>OUT"),
    }
