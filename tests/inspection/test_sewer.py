"""The sewer as a graph: what is built, what is traced, what is doubted."""

from __future__ import annotations

import random

from models.inspection.sewer import SEWER_PROBLEM_CODES, HouseConnection, Network, Pipe, Well


def network_of(text: str, *, outfalls: str = "O", connections: tuple[HouseConnection, ...] = ()) -> Network:
    """From `A-B B-O`; outfalls are named by codes joined by blanks."""
    links = [tuple(link.split("-")) for link in text.split()]
    codes = dict.fromkeys(code for link in links for code in link)
    wells = [Well(code, "outfall" if code in outfalls.split() else "well") for code in codes]
    return Network.build(wells, [Pipe(start, end) for start, end in links], connections)


def codes_of(network: Network) -> list[str]:
    return [problem.code for problem in network.problems]


def test_a_sound_network_has_no_problems() -> None:
    assert network_of("A-B B-C X-C C-O").problems == ()


def test_upstream_is_everything_whose_water_passes_and_downstream_everything_it_passes() -> None:
    network = network_of("A-B B-C X-C C-O Y-O")
    assert set(network.upstream("C")) == {"A", "B", "X"}
    assert network.downstream("A") == ("B", "C", "O")
    assert network.upstream("nowhere") == network.downstream("nowhere") == ()


def test_a_well_comes_after_all_wells_below_it() -> None:
    network = network_of("A-B B-C X-C C-O B-D D-O")
    order = network.down_first()
    assert all(order.index(pipe.end) < order.index(pipe.start) for pipe in network.pipes)


def test_wells_with_another_way_out_are_not_held() -> None:
    network = network_of("A-B B-C C-O B-D D-O Z-C")
    assert set(network.held_behind(network.number_of(("C", "O")))) == {"C", "Z"}
    assert set(network.held_behind(network.number_of(("A", "B")))) == {"A"}


def test_a_pipe_to_an_unknown_well_is_named_and_left_out() -> None:
    network = Network.build([Well("A"), Well("O", "outfall")], [Pipe("A", "Q"), Pipe("A", "O")])
    (problem,) = network.problems
    assert problem.code == "pipe.unknown_well"
    assert problem.params == {"start": "A", "end": "Q", "well": "Q"}
    assert [pipe.ends for pipe in network.pipes] == [("A", "O")]


def test_self_loops_duplicates_and_opposite_twins_are_named_and_left_out() -> None:
    network = network_of("A-A A-B A-B B-A B-O")
    assert sorted(codes_of(network)) == ["pipe.both_ways", "pipe.duplicate", "pipe.self_loop"]
    assert [pipe.ends for pipe in network.pipes] == [("A", "B"), ("B", "O")]


def test_a_circle_is_named_once_with_its_wells() -> None:
    network = network_of("A-B B-C C-A C-O X-A")
    (loop,) = [problem for problem in network.problems if problem.code == "pipe.loop"]
    assert sorted(str(loop.params["wells"]).split()) == ["A", "B", "C"]
    assert sorted(network.down_first()) == ["A", "B", "C", "O", "X"]


def test_stranded_water_is_named_once_at_the_well_where_it_ends() -> None:
    network = network_of("A-B B-C X-O")
    (problem,) = network.problems
    assert problem.code == "well.unreachable"
    assert problem.params == {"well": "C", "count": 3}


def test_a_well_without_pipes_is_unreachable() -> None:
    network = Network.build([Well("A"), Well("O", "outfall")], [])
    assert [problem.params for problem in network.problems] == [{"well": "A", "count": 1}]


def test_a_link_that_strands_wells_and_could_be_turned_is_possibly_reversed() -> None:
    # Truly A-B-C-O, with B-C typed the wrong way round: B became a dead end.
    network = network_of("A-B C-B C-O")
    assert "well.unreachable" in codes_of(network)
    (doubt,) = [problem for problem in network.problems if problem.code == "pipe.maybe_reversed"]
    assert doubt.params == {"start": "C", "end": "B"}


def test_an_invert_that_rises_is_possibly_reversed_and_a_flat_one_is_not() -> None:
    wells = [
        Well("A", ground_m=10.0, depth_mm=2000),
        Well("B", ground_m=10.0, depth_mm=1500),
        Well("C", ground_m=10.0, depth_mm=1520),
        Well("O", "outfall"),
    ]
    network = Network.build(wells, [Pipe("A", "B"), Pipe("B", "C"), Pipe("C", "O")])
    (doubt,) = network.problems
    assert doubt.code == "pipe.uphill"
    assert doubt.params == {"start": "A", "end": "B", "rise_mm": 500}


def test_a_depth_of_zero_or_none_is_no_height() -> None:
    assert Well("A", ground_m=10.0, depth_mm=0).invert_m is None
    assert Well("A", ground_m=None, depth_mm=900).invert_m is None


def test_a_repeated_well_keeps_its_first_row_and_an_outfall_that_flows_on_is_named() -> None:
    network = Network.build(
        [Well("A", ground_m=1.0), Well("A", ground_m=2.0), Well("O", "outfall"), Well("P", "outfall")],
        [Pipe("A", "O"), Pipe("O", "P")],
    )
    assert network.wells["A"].ground_m == 1.0
    assert sorted(codes_of(network)) == ["well.duplicate", "well.outfall_flows_on"]


def test_homes_are_found_once_in_the_order_of_the_wells() -> None:
    network = network_of(
        "A-B B-O",
        connections=(
            HouseConnection("A", "1", "1-1-101"),
            HouseConnection("B", "2", None),
            HouseConnection("B", "1", "1-1-101"),
            HouseConnection("Q", "9", None),
        ),
    )
    assert network.homes_of(["B", "A"]) == (("1-1-101",), ("2",))
    assert codes_of(network) == ["connection.unknown_well"]


def test_every_problem_of_a_random_muddle_is_in_the_closed_list_and_nothing_raises() -> None:
    for seed in range(200):
        rng = random.Random(seed)
        codes = [f"W{n}" for n in range(rng.randrange(1, 15))]
        wells = [
            Well(
                code,
                rng.choice(("well", "well", "well", "outfall")),
                rng.choice((None, rng.uniform(0, 9))),
                rng.choice((None, 0, 1500)),
            )
            for code in codes
        ]
        pipes = [Pipe(rng.choice([*codes, "?"]), rng.choice(codes)) for _ in range(rng.randrange(25))]
        network = Network.build(wells, pipes)
        assert {problem.code for problem in network.problems} <= set(SEWER_PROBLEM_CODES)
        assert sorted(network.down_first()) == sorted(network.wells)
        for number, pipe in enumerate(network.pipes):
            assert pipe.start in network.held_behind(number) or len(network.out_pipes[pipe.start]) > 1


def test_a_chain_of_ten_thousand_wells_is_built_without_recursion() -> None:
    wells = [Well(f"W{n}", "outfall" if n == 0 else "well") for n in range(10_001)]
    network = Network.build(wells, [Pipe(f"W{n}", f"W{n - 1}") for n in range(1, 10_001)])
    assert network.problems == ()
    assert len(network.upstream("W0")) == 10_000
