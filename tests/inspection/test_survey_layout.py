from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import Sewer, cells_along, edges_along, forest, with_loops, with_splits

from models.inspection.survey.layout import Layout, plan, schematic

SEEDS = st.integers(0, 10**6)
SIZES = st.integers(1, 60)
MORE = st.integers(0, 25)

forests = st.builds(lambda seed, n, reach: forest(seed, n, reach=reach, roots=0.1), SEEDS, SIZES, SIZES)
splits = st.builds(
    lambda seed, n, extra, reach: with_splits(seed, n, extra=extra, reach=reach), SEEDS, SIZES, MORE, SIZES
)
loops = st.builds(
    lambda seed, n, extra, back, reach: with_loops(seed, n, extra=extra, loops=back, reach=reach),
    SEEDS, SIZES, MORE, MORE, SIZES,
)  # fmt: skip
sewers = forests | splits | loops

LARGE = {
    "one long street": lambda: forest(1, 2000, reach=1, roots=0),
    "a comb": lambda: forest(2, 2000, reach=2, roots=0),
    "a bush": lambda: forest(3, 1000, reach=1000, roots=0),
    "a town": lambda: forest(4, 2000, reach=40),
    "crumbs": lambda: forest(5, 2000, reach=5, roots=0.4),
    "a town that splits": lambda: with_splits(6, 2000, extra=200, reach=40),
    "a net": lambda: with_loops(7, 2000, extra=150, loops=50, reach=20),
}
large = pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)


def boxes_lie_apart(sewer: Sewer, layout: Layout) -> None:
    taken: set[tuple[int, int]] = set()
    for code in sewer.cells:
        first, last, row = sewer.box(layout, code)
        assert first >= 0
        assert row >= 0
        assert last < layout.width
        assert row < layout.height
        box = {(x, row) for x in range(first, last + 1)}
        assert taken.isdisjoint(box), code
        taken |= box


def no_pipe_runs_through_a_box(sewer: Sewer, layout: Layout) -> None:
    boxes = {}
    for code in sewer.cells:
        first, last, row = sewer.box(layout, code)
        boxes.update(dict.fromkeys(((x, row) for x in range(first, last + 1)), code))
    for link, path in zip(sewer.links, layout.paths, strict=True):
        for cell in cells_along(path):
            assert cell not in boxes, (link, boxes.get(cell))
            assert 0 <= cell[0] < layout.width
            assert 0 <= cell[1] < layout.height


def pipes_lead_from_box_to_box(sewer: Sewer, layout: Layout) -> None:
    for (start, end), path in zip(sewer.links, layout.paths, strict=True):
        _, last, row = sewer.box(layout, start)
        first, _, to_row = sewer.box(layout, end)
        assert (path[0], path[-1]) == ((last + 1, row), (first - 1, to_row))


def water_runs_to_the_right(sewer: Sewer, layout: Layout) -> None:
    for number, ((start, end), path) in enumerate(zip(sewer.links, layout.paths, strict=True)):
        left, right = sewer.box(layout, start), sewer.box(layout, end)
        if number in layout.backwards:
            assert right[0] <= left[1]
        else:
            assert left[1] < right[0]
            xs = [x for x, _ in path]
            assert xs == sorted(xs), (start, end)


def only_what_shares_an_end_shares_a_line(sewer: Sewer, layout: Layout) -> None:
    starts: dict[frozenset[tuple[int, int]], set[str]] = {}
    ends: dict[frozenset[tuple[int, int]], set[str]] = {}
    for (start, end), path in zip(sewer.links, layout.paths, strict=True):
        for edge in edges_along(path):
            starts.setdefault(edge, set()).add(start)
            ends.setdefault(edge, set()).add(end)
    for edge, begun in starts.items():
        assert len(begun) == 1 or len(ends[edge]) == 1, (edge, begun, ends[edge])


def branches_meet_once_and_never_cross(sewer: Sewer, layout: Layout) -> None:
    """On a forest: pipes share a cell only from where they meet to the well they both lead to."""
    onward: dict[tuple[int, int], tuple[str, tuple[int, int] | None]] = {}
    for (_, end), path in zip(sewer.links, layout.paths, strict=True):
        cells = cells_along(path)
        for cell, after in zip(cells, [*cells[1:], None], strict=True):
            assert onward.setdefault(cell, (end, after)) == (end, after), (end, onward[cell])


def holds(sewer: Sewer) -> None:
    layout = sewer.drawn()
    boxes_lie_apart(sewer, layout)
    pipes_lead_from_box_to_box(sewer, layout)
    no_pipe_runs_through_a_box(sewer, layout)
    water_runs_to_the_right(sewer, layout)
    only_what_shares_an_end_shares_a_line(sewer, layout)


@given(sewers)
@settings(deadline=None, max_examples=300)
def test_a_schematic_can_be_read(sewer: Sewer) -> None:
    holds(sewer)


@given(forests)
@settings(deadline=None, max_examples=200)
def test_branches_of_a_tree_never_cross(sewer: Sewer) -> None:
    layout = sewer.drawn()
    assert not layout.backwards
    branches_meet_once_and_never_cross(sewer, layout)


@large
def test_two_thousand_wells_can_be_read(make: Callable[[], Sewer]) -> None:
    holds(make())


@pytest.mark.parametrize("name", ["one long street", "a comb", "a bush", "a town", "crumbs"])
def test_branches_of_two_thousand_wells_never_cross(name: str) -> None:
    sewer = LARGE[name]()
    branches_meet_once_and_never_cross(sewer, sewer.drawn())


@given(splits)
@settings(deadline=None)
def test_no_pipe_runs_backwards_where_there_is_no_loop(sewer: Sewer) -> None:
    assert not sewer.drawn().backwards


@given(loops)
@settings(deadline=None)
def test_without_the_pipes_that_run_backwards_no_loop_is_left(sewer: Sewer) -> None:
    backwards = sewer.drawn().backwards
    kept = [link for number, link in enumerate(sewer.links) if number not in backwards]
    assert not schematic(sewer.cells, kept).backwards


@given(sewers)
@settings(deadline=None)
def test_the_same_sewer_is_always_drawn_alike(sewer: Sewer) -> None:
    assert sewer.drawn() == sewer.drawn()


@given(forests)
@settings(deadline=None, max_examples=200)
def test_a_tree_takes_no_more_room_than_its_tips_and_its_longest_way(sewer: Sewer) -> None:
    layout = sewer.drawn()
    tips = len(sewer.cells.keys() - {end for _, end in sewer.links})
    trees = len(sewer.cells.keys() - {start for start, _ in sewer.links})
    assert layout.height <= tips + trees
    depth: dict[str, int] = {}
    onto = dict(sewer.links)

    def down(code: str) -> int:
        if code not in depth:
            depth[code] = down(onto[code]) + 1 if code in onto else 0
        return depth[code]

    longest = max(map(down, sewer.cells)) + 1
    assert layout.width <= max(longest * (max(sewer.cells.values()) + 4), 76 + max(sewer.cells.values()))


@pytest.mark.parametrize(("name", "most"), [("a town", 0.4), ("a comb", 0.01)])
def test_branches_are_packed(name: str, most: float) -> None:
    """Rows stand for tips; a drawing that gave each tip its own row would have a height of 1."""
    sewer = LARGE[name]()
    layout = sewer.drawn()
    tips = len(sewer.cells.keys() - {end for _, end in sewer.links})
    assert layout.height <= most * tips


def test_the_main_run_is_straight_and_the_outfall_stands_at_its_end() -> None:
    links = [("A", "B"), ("B", "C"), ("C", "OUT"), ("X", "B"), ("Y", "C"), ("Z", "Y")]
    layout = schematic(dict.fromkeys("ABCXYZ", 3) | {"OUT": 5}, links, {"OUT"})
    rows = {code: y for code, (_, y) in layout.places.items()}
    assert rows["A"] == rows["B"] == rows["C"] == rows["OUT"]
    assert {rows["X"], rows["Y"]} == {rows["C"] - 1, rows["C"] + 1}
    assert layout.places["OUT"][0] == layout.width - 5
    assert layout.paths[0] == ((3, rows["A"]), (6, rows["A"]))


def test_a_pipe_that_leads_away_from_the_outfall_closes_the_loop() -> None:
    links = [("OUT", "A"), ("A", "B"), ("B", "OUT")]
    layout = schematic({"A": 3, "B": 3, "OUT": 5}, links, {"OUT"})
    assert layout.backwards == {0}
    assert layout.places["OUT"][0] > layout.places["B"][0] > layout.places["A"][0]


def test_sewers_apart_lie_below_each_other_and_lone_wells_fill_rows_at_the_bottom() -> None:
    lone = [f"L{n}" for n in range(30)]
    links = [("A", "B"), ("B", "C"), ("D", "E")]
    layout = schematic(dict.fromkeys([*"ABCDE", *lone], 5), links)
    assert [layout.places[code][1] for code in "ABCDE"] == [0, 0, 0, 2, 2]
    assert {layout.places[code][1] for code in lone} == {4, 5, 6}
    assert layout.width <= 80
    assert layout.height == 7


def test_two_ways_to_one_outfall_come_together_again() -> None:
    """A split: the longer way is the main run, the shorter one a pipe beside it."""
    links = [("A", "B"), ("B", "C"), ("C", "OUT"), ("A", "OUT")]
    sewer = Sewer(dict.fromkeys("ABC", 3) | {"OUT": 5}, links)
    layout = sewer.drawn()
    assert len({layout.places[code][1] for code in sewer.cells}) == 1
    assert layout.height == 2
    holds(sewer)


def test_nothing_to_draw_is_drawn() -> None:
    assert schematic({}, []) == Layout({}, (), frozenset(), 0, 0)
    assert plan({}, []) == Layout({}, (), frozenset(), 0.0, 0.0)


def test_a_plan_begins_at_nought_and_keeps_wells_without_a_place_out() -> None:
    spots = {"A": (500_100.0, 40.0), "B": (500_150.0, 20.0), "C": None, "D": (float("nan"), 1.0)}
    layout = plan(spots, [("A", "B"), ("B", "C")])
    assert layout.places == {"A": (0.0, 20.0), "B": (50.0, 0.0)}
    assert layout.paths == (((0.0, 20.0), (50.0, 0.0)), ())
    assert (layout.width, layout.height) == (50.0, 20.0)
