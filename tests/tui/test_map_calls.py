"""Where people ask for help, as the survey map draws it: a flag and how many, on screen and on paper."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from map_scenes import chain, marks_of, scene

from models.inspection.survey.scene import Scene
from tui import i18n
from tui.paper.map_page import map_page
from tui.paper.map_svg import map_svg
from tui.paper.map_text import map_text
from tui.widgets.map_paint import CALL_SIGN, Frame, draw
from tui.widgets.map_view import MapView
from tui.widgets.map_world import build

PLACES = {f"W{number}": (number * 30.0, 5.0) for number in range(1, 7)} | {"OUT": (210.0, 5.0)}


@pytest.fixture(autouse=True)
def _chinese() -> None:
    i18n.use("zh_CN", strict=True)


def called(made: Scene, **calls: tuple[int, bool]) -> Scene:
    """Lay calls on a map: how many, and whether again."""
    spots = tuple(
        replace(spot, calls=calls[spot.code][0], again=calls[spot.code][1]) if spot.code in calls else spot
        for spot in made.spots
    )
    return replace(made, spots=spots)


def screen(made: Scene, cells: int = 110, lines: int = 9) -> str:
    view = MapView(build(made), marks_of(made), cells, lines)
    view.begin()
    sheet = draw(view.tiles, Frame(view.left, view.top, cells, lines))
    return "\n".join("".join(text for text, _ in sheet.runs(row)) for row in range(lines))


@pytest.mark.parametrize("places", [None, PLACES])
def test_the_screen_shows_a_flag_at_each_such_well_and_how_many(
    places: dict[str, tuple[float, float]] | None,
) -> None:
    made = scene(chain(6), places=places)
    assert CALL_SIGN not in screen(made)
    shown = screen(called(made, W3=(2, False), W5=(0, True)))
    assert f"{CALL_SIGN}2" in shown
    assert shown.count(CALL_SIGN) >= 2


def test_a_box_of_the_text_map_is_no_wider_for_its_flag() -> None:
    made = scene(chain(6))
    plain, flagged = map_text(made).splitlines(), map_text(called(made, W3=(12, True))).splitlines()
    assert plain[3].replace(" W3", "⚑W3", 1) == flagged[3]
    assert "W3 ⚑12（反复报修）" in "\n".join(flagged)
    assert "⚑ 有工单" in "\n".join(flagged)
    assert "⚑" not in "\n".join(plain)


@pytest.mark.parametrize("places", [None, PLACES])
def test_the_drawing_has_a_flag_with_its_number_and_explains_it(
    places: dict[str, tuple[float, float]] | None,
) -> None:
    made = scene(chain(6), places=places)
    assert flags(made) == 0
    drawn = called(made, W3=(7, False), W5=(0, True))
    assert flags(drawn) == 3  # and the legend's
    texts = [node.text for node in ET.fromstring(map_svg(drawn)).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314 - our own
    assert "7" in texts
    assert "有工单" in texts
    assert {"W3", "W5"} <= set(texts)


def flags(made: Scene) -> int:
    uses = ET.fromstring(map_svg(made)).iter("{http://www.w3.org/2000/svg}use")  # noqa: S314 - our own
    return sum(node.get("href") == "#sign-calls" for node in uses)


def test_places_without_a_well_are_told_on_paper_as_people_wrote_them() -> None:
    made = replace(scene(chain(3)), called_elsewhere=(("大门口 </p>[/b]", 2),))
    assert "大门口 </p>[/b] ⚑2" in map_text(made)
    assert "大门口 &lt;/p&gt;[/b] ⚑2" in map_page(made)


def test_of_very_many_places_the_rest_is_counted() -> None:
    made = replace(scene(chain(3)), called_elsewhere=tuple((f"{n}-1-101", 1) for n in range(1, 101)))
    text = map_text(made)
    assert "60-1-101 ⚑1" in text.replace("\n  ", "")
    assert "61-1-101" not in text
    assert "100" in text
