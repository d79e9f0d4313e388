"""Orders to walk in: along the water each well comes before the one below it, and the shortest way is short."""

from __future__ import annotations

from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from models.inspection.ordering import along_flow, length, shortest_way

spots = st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=40, unique=True)
numbers = st.integers(0, 14)


def test_each_branch_comes_before_the_well_it_meets() -> None:
    pipes = {("W1", "W2"), ("W2", "W3"), ("B1", "B2"), ("B2", "W3"), ("W3", "OUT")}
    order = along_flow(["OUT", "L9", "W3", "B2", "B1", "W2", "W1"], sorted(pipes))
    assert order[-3:] == ["W3", "OUT", "L9"]
    assert {tuple(order[:2]), tuple(order[2:4])} == {("W1", "W2"), ("B1", "B2")}


def test_wells_that_are_on_no_route_still_join_those_that_are() -> None:
    assert along_flow(["C", "A"], [("A", "B"), ("B", "C")]) == ["A", "C"]


@given(st.permutations(range(15)), st.lists(st.tuples(numbers, numbers), max_size=25))
def test_sorting_along_the_flow_loses_and_doubles_nothing_and_runs_downwards(
    stops: list[int], pairs: list[tuple[int, int]]
) -> None:
    """Pipes from a lower to a higher number have no circles, so each may be checked."""
    pipes = [(upper, lower) for upper, lower in pairs if upper < lower]
    order = along_flow(stops, pipes)
    assert sorted(order) == sorted(stops)
    assert all(order.index(upper) < order.index(lower) for upper, lower in pipes)


@given(st.permutations(range(10)), st.lists(st.tuples(numbers, numbers), max_size=30))
def test_circles_do_not_hold_sorting_up(stops: list[int], pairs: list[tuple[int, int]]) -> None:
    assert sorted(along_flow(stops, pairs)) == sorted(stops)


def test_a_sewer_deeper_than_the_stack_is_sorted() -> None:
    wells = list(range(20_000))
    assert along_flow(wells[::-1], list(pairwise(wells))) == wells


@given(spots)
def test_the_way_keeps_every_stop_and_its_first_and_is_no_longer_than_going_to_the_nearest(
    places: list[tuple[float, float]],
) -> None:
    known = dict(enumerate(places))
    way = shortest_way(list(known), known)
    assert sorted(way) == sorted(known)
    assert way[0] == 0
    left, here, greedy = set(known) - {0}, 0, [0]
    while left:
        here = min(left, key=lambda stop: length([here, stop], known))
        left.remove(here)
        greedy.append(here)
    assert length(way, known) <= length(greedy, known) + 1e-6


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=12, unique=True))
def test_turning_no_piece_of_the_way_round_would_shorten_it(places: list[tuple[int, int]]) -> None:
    known = {number: (float(x), float(y)) for number, (x, y) in enumerate(places)}
    way = shortest_way(list(known), known)
    for start in range(1, len(way)):
        for end in range(start + 2, len(way) + 1):
            turned = [*way[:start], *way[start:end][::-1], *way[end:]]
            assert length(turned, known) >= length(way, known) - 1e-6


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=6, unique=True))
def test_of_few_stops_the_way_is_close_to_the_best_there_is(places: list[tuple[int, int]]) -> None:
    known = {number: (float(x), float(y)) for number, (x, y) in enumerate(places)}
    best = min(length([0, *rest], known) for rest in permutations(range(1, len(places))))
    assert length(shortest_way(list(known), known), known) <= best * 1.35 + 1e-6


def test_stops_without_a_place_come_last_in_their_order() -> None:
    places = {"A": (0.0, 0.0), "B": (50.0, 0.0), "C": (10.0, 0.0)}
    assert shortest_way(["x", "A", "B", "y", "C"], places) == ["A", "C", "B", "x", "y"]
