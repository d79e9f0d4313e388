from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from harness import ODD_TEXTS
from hypothesis import given, settings
from hypothesis import strategies as st
from map_scenes import chain, marks_of, scene, town, world

from models.inspection.survey.scene import Laid, Scene
from tui.screens.survey.words import heading_text
from tui.widgets import map_tiles
from tui.widgets.map_lens import Detail, lenses, whole
from tui.widgets.map_paint import BLOCKED_SIGN, Frame, cell_of, draw
from tui.widgets.map_sheet import Look, Sheet
from tui.widgets.map_tiles import TILE_H, TILE_W, Tiles
from tui.widgets.map_view import MapView
from tui.widgets.map_world import DOWN, LEFT, RIGHT, UP, build
from tui.widgets.text import width

SIZES = [(80, 16), (100, 34), (20, 5), (3, 1)]
PLACES = {"W1": (0.0, 40.0), "W2": (30.0, 40.0), "W3": (30.0, 10.0), "OUT": (60.0, 0.0)}


def view_of(made: Scene, size: tuple[int, int] = (80, 16)) -> MapView:
    return MapView(build(made), marks_of(made), *size)


def lines(sheet: Sheet) -> list[str]:
    return ["".join(row) for row in sheet.chars]


def looks(sheet: Sheet, look: Look) -> str:
    return "".join(
        char
        for chars, marks in zip(sheet.chars, sheet.looks, strict=True)
        for char, mark in zip(chars, marks, strict=True)
        if mark is look
    )


# Sheets


@given(
    st.lists(
        st.tuples(
            st.integers(-4, 14), st.integers(-1, 3), st.text(st.sampled_from("aW井栋１ é[/]"), max_size=9)
        ),
        max_size=12,
    )
)
def test_whatever_is_written_each_line_stays_as_wide_as_the_sheet(
    written: list[tuple[int, int, str]],
) -> None:
    sheet = Sheet(10, 3)
    for x, y, text in written:
        sheet.write(x, y, text, Look.CODE)
    assert [width(line) for line in lines(sheet)] == [10, 10, 10]


def test_half_a_chinese_character_is_never_left_behind() -> None:
    sheet = Sheet(6, 1)
    sheet.write(0, 0, "检查井", Look.CODE)
    sheet.put(1, 0, "x", Look.BAD)
    sheet.put(4, 0, "y", Look.BAD)
    assert lines(sheet) == [" x查y "]


# Lenses


@pytest.mark.parametrize("laid", list(Laid))
@pytest.mark.parametrize("size", SIZES)
def test_a_place_is_found_again_where_a_lens_puts_it(laid: Laid, size: tuple[int, int]) -> None:
    made = build(town(60, laid=laid))
    for lens in lenses(made, *size):
        for spot in made.scene.spots:
            x, y = made.at(spot)
            back = lens.place(lens.cell((x, y)))
            assert back == (pytest.approx(x, abs=1e-6), pytest.approx(y, abs=1e-6))


@pytest.mark.parametrize("laid", list(Laid))
@pytest.mark.parametrize("size", [(80, 16), (100, 34)])
@pytest.mark.parametrize("count", [5, 60, 600])
def test_the_whole_map_is_on_the_screen_and_the_blockage_in_it(
    laid: Laid, size: tuple[int, int], count: int
) -> None:
    view = view_of(town(count, laid=laid), size)
    view.show_whole()
    sheet = draw(view.tiles, view.frame)
    for spot in view.world.scene.spots:
        x, y = cell_of(view.tiles, spot)
        assert 0 <= x - view.left < size[0]
        assert 0 <= y - view.top < size[1]
    assert BLOCKED_SIGN in looks(sheet, Look.BADGE)


@pytest.mark.parametrize("laid", list(Laid))
@pytest.mark.parametrize("end", [0, 1])
def test_choosing_the_well_at_the_blockage_does_not_hide_it(laid: Laid, end: int) -> None:
    view = view_of(town(2000, laid=laid), (100, 30))
    view.picked = view.world.scene.blockages[0].pipes[0][end]
    view.show_whole()
    sheet = draw(view.tiles, view.frame)
    assert BLOCKED_SIGN in looks(sheet, Look.BADGE)
    assert view.picked in looks(sheet, Look.PICKED)


@pytest.mark.parametrize("laid", list(Laid))
def test_each_lens_looks_closer_than_the_one_before(laid: Laid) -> None:
    found = lenses(build(town(300, laid=laid)), 80, 16)
    widths = [lens.width for lens in found]
    assert widths == sorted(set(widths))
    assert whole(found, 80, 16) == 0


def test_a_small_sewer_shows_every_code_at_once() -> None:
    view = view_of(scene(chain(9)))
    view.begin()
    text = "\n".join(lines(draw(view.tiles, view.frame)))
    assert all(f"W{number}" in text for number in range(1, 10))


# Tiles


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(list(Laid)),
    st.integers(0, 6),
    st.integers(-3, 60),
    st.integers(-3, 30),
    st.integers(3, 9),
)
def test_small_tiles_draw_what_one_large_one_would(
    laid: Laid, zoom: int, left: int, top: int, small: int
) -> None:
    made = town(80, laid=laid)
    found = lenses(build(made), 80, 16)

    def drawn(across: int, down: int) -> list[list[str]]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(map_tiles, "TILE_W", across)
            patch.setattr(map_tiles, "TILE_H", down)
            sheet = Sheet(40, 12)
            Tiles(build(made), marks_of(made), found[zoom % len(found)]).lay_on(sheet, left, top)
            return sheet.chars

    assert drawn(small, small - 1) == drawn(400, 200)


def test_only_tiles_on_the_screen_are_drawn() -> None:
    view = view_of(town(2000, laid=Laid.PLAN))
    for _ in range(20):
        view.zoom(1)
    draw(view.tiles, view.frame)
    assert len(view.tiles._kept) <= (80 // TILE_W + 2) * (16 // TILE_H + 2)


# What is told apart


def test_pipes_are_told_apart_without_colour() -> None:
    links = chain(4)
    view = view_of(scene(links, blocked={("W2", "W3"): 0.8, ("W3", "W4"): 0.15}, behind=("W1", "W2")))
    view.show_whole()
    text = "\n".join(lines(draw(view.tiles, view.frame)))
    assert "═" in text  # behind
    assert "━" in text  # blocked
    assert "─" in text  # free
    assert "▸" in text
    assert "?" in text


def test_the_chance_stands_at_the_blocked_pipe() -> None:
    view = view_of(scene(chain(4), places=None, blocked={("W2", "W3"): 0.8}))
    view.begin()
    assert "80%" in "\n".join(lines(draw(view.tiles, view.frame)))
    plan = view_of(
        scene([("W1", "W2"), ("W2", "W3"), ("W3", "OUT")], places=PLACES, blocked={("W1", "W2"): 0.8})
    )
    plan.show_whole()
    assert f"{BLOCKED_SIGN}80%" in looks(draw(plan.tiles, plan.frame), Look.BADGE).replace(" ", "")


def test_a_blockage_off_the_screen_is_pointed_at() -> None:
    view = view_of(scene(chain(60), blocked={("W55", "W56"): 0.9}), (60, 9))
    view.zoom(9)
    view.move_to(0, 0)
    assert f"{BLOCKED_SIGN}▸" in "\n".join(lines(draw(view.tiles, view.frame)))


def test_of_two_wells_in_one_cell_the_worse_is_drawn() -> None:
    places = {"W1": (0.0, 0.0), "W2": (0.01, 0.0), "W3": (100.0, 100.0)}
    made = scene(
        [("W1", "W2"), ("W2", "W3")],
        places=places,
        levels={"W1": "full", "W2": "flowing", "W3": "flowing"},
    )
    view = view_of(made)
    view.show_whole()
    assert "●" in looks(draw(view.tiles, view.frame), Look.BAD)


@pytest.mark.parametrize("text", ODD_TEXTS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("placed", [True, False])
def test_odd_codes_are_drawn_within_their_lines(text: str, size: tuple[int, int], placed: bool) -> None:  # noqa: FBT001
    places = {text: (0.0, 0.0), "W2": (9.0, 5.0), "OUT": (20.0, 9.0)} if placed else None
    made = scene(
        [(text, "W2"), ("W2", "OUT")], levels={text: "full"}, places=places, blocked={(text, "W2"): 0.5}
    )
    view = view_of(made, size)
    view.picked = text
    for _ in range(4):
        view.follow()
        sheet = draw(view.tiles, view.frame)
        assert all(width(line) == size[0] for line in lines(sheet))
        assert "\x1b" not in "".join(lines(sheet))
        view.zoom(1)


def test_nothing_is_drawn_without_room() -> None:
    view = view_of(scene(chain(3)))
    assert draw(view.tiles, Frame(0, 0, 0, 0)).chars == []
    assert view_of(scene([]), (5, 2)).world.scene.spots == ()


def test_the_code_of_the_chosen_well_is_always_shown() -> None:
    made = town(400, laid=Laid.PLAN)
    view = view_of(made)
    for number in range(0, 400, 23):
        view.picked = made.spots[number].code
        view.show_whole()
        assert made.spots[number].code in looks(draw(view.tiles, view.frame), Look.PICKED)


# Arrows


def test_right_runs_with_the_water_and_left_against_it() -> None:
    made = world(chain(5))
    assert made.next_to("W2", RIGHT) == "W3"
    assert made.next_to("W2", LEFT) == "W1"


def test_an_arrow_in_a_plan_leads_where_it_points() -> None:
    made = world([("W1", "W2"), ("W2", "W3"), ("W3", "OUT")], places=PLACES)
    assert made.next_to("W1", RIGHT) == "W2"
    assert made.next_to("W2", LEFT) == "W1"
    assert made.next_to("W2", DOWN) == "W3"
    assert made.next_to("W3", UP) == "W2"


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 80), st.integers(0, 9), st.sampled_from(list(Laid)))
def test_arrows_reach_every_well(count: int, seed: int, laid: Laid) -> None:
    made = build(town(count, laid=laid, seed=seed))
    reached = {made.scene.spots[0].code}
    waiting = list(reached)
    while waiting:
        code = waiting.pop()
        for way in (LEFT, RIGHT, UP, DOWN):
            found = made.next_to(code, way)
            if found is not None and found not in reached:
                reached.add(found)
                waiting.append(found)
    assert len(reached) == count


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 120), st.integers(0, 5), st.sampled_from(list(Laid)))
def test_the_nearest_well_is_the_one_somebody_points_at(count: int, seed: int, laid: Laid) -> None:
    made = build(town(count, laid=laid, seed=seed))
    for spot in made.scene.spots[::7]:
        assert made.nearest(*made.at(spot), 3.0) == spot.code


def test_no_two_codes_touch() -> None:
    for detail in (Detail.LINES, Detail.SYMBOLS):
        made = town(200, laid=Laid.PLAN if detail is Detail.LINES else Laid.SCHEMATIC)
        view = view_of(made, (100, 34))
        view.show_whole()
        text = lines(draw(view.tiles, view.frame))
        assert any("W00" in line for line in text)
        assert not any(re.search(r"\dW|W\d{6}", line) for line in text)


@pytest.mark.parametrize(
    ("name", "said"), [("三月巡检", ["三月巡检", "2026-03-12"]), ("巡检 2026-03-12", ["巡检 2026-03-12"])]
)
def test_the_heading_says_the_day_once(name: str, said: list[str]) -> None:
    made = replace(scene(chain(3)), walk_id=UUID(int=1), walk=name, began=datetime(2026, 3, 12, tzinfo=UTC))
    assert heading_text(made).split(" · ")[:-2] == said
