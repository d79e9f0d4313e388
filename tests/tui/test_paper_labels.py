from __future__ import annotations

from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.paper.glyphs import width_of
from tui.paper.labels import Box, Labels, Wanted, place

ROOM = Box(0.0, 0.0, 2770.0, 1500.0)

points = st.tuples(st.floats(60, 2700), st.floats(30, 1470))
texts = st.sampled_from(["W1", "W17", "OUT1", "检查井12", "耐火小区东门口三号井"])
wanted = st.lists(st.builds(Wanted, texts, points, st.floats(0, 16)), max_size=60)


def laid(labels: list[Wanted], smallest: float = 17.0) -> Labels:
    ordered = [label.at for label in labels]
    lines = list(pairwise(ordered))
    return place(labels, lines, ROOM, width_of=width_of, largest=30.0, smallest=smallest)


def around(label: Wanted) -> Box:
    (x, y), reach = label.at, label.reach
    return Box(x - reach, y - reach, x + reach, y + reach)


def check(labels: list[Wanted]) -> Labels:
    found = laid(labels)
    for one, other in combinations(found.placed, 2):
        assert not one.box.meets(other.box), (one, other)
    for label in found.placed:
        assert ROOM.holds(label.box)
        assert not any(label.box.meets(around(other)) for other in labels if other.reach)
    assert len(found.placed) + len(found.left_out) == len(labels)
    return found


@given(wanted)
@settings(deadline=None)
def test_labels_cover_neither_each_other_nor_a_well(labels: list[Wanted]) -> None:
    check(labels)


@pytest.mark.parametrize("seed", range(5))
def test_three_hundred_wells_at_random_all_get_a_label_on_a4(seed: int) -> None:
    random = Random(seed)
    labels = [Wanted(f"W{n}", (random.uniform(60, 2700), random.uniform(40, 1460)), 8.0) for n in range(300)]
    assert check(labels).left_out == ()


def test_two_thousand_wells_are_labelled_as_far_as_there_is_room_and_the_rest_named() -> None:
    random = Random(9)
    labels = [Wanted(f"W{n}", (random.uniform(60, 2700), random.uniform(40, 1460)), 6.0) for n in range(2000)]
    found = laid(labels)
    assert found.left_out
    assert {label.text for label in found.left_out} | {p.wanted.text for p in found.placed} == {
        label.text for label in labels
    }


def test_a_crowd_is_labelled_at_the_end_of_lead_lines_that_cross_no_label() -> None:
    crowd = [Wanted(f"W{n:02}", (1000.0 + 14 * (n % 4), 700.0 + 14 * (n // 4)), 7.0) for n in range(16)]
    found = check(crowd)
    led = [label for label in found.placed if label.lead is not None]
    assert led
    for label in led:
        (x, y), (to_x, to_y) = label.wanted.at, label.lead or (0.0, 0.0)
        for n in range(40, 100):  # past its own surroundings
            at = (x + (to_x - x) * n / 100, y + (to_y - y) * n / 100)
            dot = Box(at[0], at[1], at[0], at[1])
            assert not any(dot.meets(other.box) for other in found.placed if other is not label)


def test_letters_are_large_where_there_is_room_and_small_where_there_is_not() -> None:
    sparse = laid([Wanted("W1", (500.0, 500.0), 8.0), Wanted("W2", (900.0, 500.0), 8.0)])
    random = Random(2)
    dense = laid(
        [Wanted(f"W{n}", (random.uniform(60, 2700), random.uniform(40, 1460)), 6.0) for n in range(700)]
    )
    assert sparse.size == 30.0
    assert dense.size < 25.0


def test_a_label_stands_right_of_its_well_unless_a_pipe_runs_there() -> None:
    alone = Wanted("W1", (500.0, 500.0), 8.0)
    free = place([alone], [], ROOM, width_of=width_of, largest=30.0, smallest=17.0)
    pipe = [((500.0, 500.0), (700.0, 500.0))]
    crossed = place([alone], pipe, ROOM, width_of=width_of, largest=30.0, smallest=17.0)
    assert free.placed[0].box.left > 500.0
    assert crossed.placed[0].box.right < 500.0


def test_a_label_goes_to_a_corner_where_pipes_leave_to_all_four_sides() -> None:
    alone = Wanted("W1", (500.0, 500.0), 8.0)
    cross = [((300.0, 500.0), (700.0, 500.0)), ((500.0, 300.0), (500.0, 700.0))]
    found = place([alone], cross, ROOM, width_of=width_of, largest=30.0, smallest=17.0)
    box = found.placed[0].box
    assert box.left > 500.0
    assert box.bottom < 500.0 or box.top > 500.0
