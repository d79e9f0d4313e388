from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from map_scenes import chain, scene, town
from odd import ODD_TEXTS

from models.inspection.survey.scene import Laid, Scene
from tui.paper import glyphs, signs
from tui.paper.labels import Box
from tui.paper.map_plan import Plan, Window
from tui.paper.map_schematic import SMALLEST, schematics
from tui.paper.map_svg import WHOLE_A4, Frame, map_sheets, map_svg

SVG = "{http://www.w3.org/2000/svg}"
BLOCKED = {("W3", "W4"): 0.77, ("W4", "W5"): 0.2}
A4_ROOM = Box(0.0, 0.0, 2770.0, 1500.0)


def street(**options: object) -> Scene:
    return scene(chain(6), blocked=BLOCKED, behind=["W1", "W2", "W3"], **options)  # type: ignore[arg-type]


def drawn(text: str) -> ET.Element:
    return ET.fromstring(text.partition("\n")[2] if text.startswith("<?xml") else text)  # noqa: S314  # ours


def said(element: ET.Element) -> list[str]:
    return [text.text or "" for text in element.iter(f"{SVG}text")]


def places(count: int = 7) -> dict[str, tuple[float, float]]:
    codes = [f"W{n}" for n in range(1, count)] + ["OUT"]
    return {code: (20.0 * n, 5.0 * (n % 3)) for n, code in enumerate(codes)}


def test_a_drawing_tells_what_it_is_to_whoever_cannot_see_it() -> None:
    picture = drawn(map_svg(street()))
    assert picture.get("role") == "img"
    assert "耐火小区" in (picture.findtext(f"{SVG}title") or "")
    assert "W3 → W4" in (picture.findtext(f"{SVG}desc") or "")


@pytest.mark.parametrize("laid", list(Laid))
def test_every_well_is_on_the_drawing_with_its_sign(laid: Laid) -> None:
    shown = town(60, laid=laid)
    texts = said(drawn(map_svg(shown)))
    assert {spot.code for spot in shown.spots} <= set(texts)


def test_signs_tell_states_apart_without_colour() -> None:
    shapes = {sign: str(list(glyphs._pieces(sign))) for sign in signs.Sign}
    assert len(set(shapes.values())) == len(signs.Sign)
    assert not any("#c0" in shape or "#1b" in shape for shape in shapes.values())


def test_the_blocked_pipe_is_thick_red_dashed_crossed_and_has_its_chance() -> None:
    for laid in (street(), street(places=places())):
        text = map_svg(laid)
        picture = drawn(text)
        red = [line for line in picture.iter(f"{SVG}polyline") if line.get("stroke") == glyphs.RED]
        plain = [line for line in picture.iter(f"{SVG}polyline") if line.get("stroke") == glyphs.PIPE]
        assert red
        assert all(line.get("stroke-dasharray") for line in red)
        assert min(float(line.get("stroke-width", 0)) for line in red) > 2 * max(
            float(line.get("stroke-width", 0)) for line in plain
        )
        assert {"77%", "20%"} <= set(said(picture))


def test_pipes_behind_a_blockage_lie_on_a_broad_band() -> None:
    def bands(of: Scene) -> int:
        lines = drawn(map_svg(of)).iter(f"{SVG}polyline")
        return sum(line.get("stroke") == glyphs.BEHIND for line in lines)

    assert bands(street()) == bands(scene(chain(6))) + 2 + 1  # two pipes, and the legend's sample


def test_a_plan_has_a_scale_and_a_north_and_a_schematic_has_neither() -> None:
    texts = said(drawn(map_svg(street(places=places()))))
    assert {"北", "10 米"} <= set(texts), texts
    assert "北" not in said(drawn(map_svg(street())))


def test_only_lines_that_are_on_the_map_are_explained() -> None:
    assert "最可能堵在这段" in said(drawn(map_svg(street())))
    calm = said(drawn(map_svg(scene(chain(3)))))
    assert "最可能堵在这段" not in calm
    assert "水流方向" in calm


def test_wells_without_coordinates_stand_beside_the_plan() -> None:
    known = places()
    del known["W2"]
    shown = street(places=known)
    texts = said(drawn(map_svg(shown)))
    assert "没有坐标的 1 口井" in texts
    assert "W2" in texts


def test_more_lost_wells_than_there_is_room_for_are_counted() -> None:
    lone = [f"L{n}" for n in range(900)]
    shown = scene(chain(6), places=places(), lone=lone)
    texts = said(drawn(map_svg(shown)))
    left = next(text for text in texts if text.startswith("另有"))
    listed = sum(text.startswith("L") for text in texts)
    assert listed + int("".join(c for c in left if c.isdigit())) == 900


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
@pytest.mark.parametrize("laid", list(Laid))
def test_odd_text_leaves_the_drawing_well_formed(odd: str, laid: Laid) -> None:
    plain = street(places=places() if laid is Laid.PLAN else None)
    spots = (replace(plain.spots[0], code=odd, name=odd, note=odd), *plain.spots[1:])
    odd_one = replace(plain, spots=spots, aside=(spots[0],), compound=odd, walk=odd)
    picture = drawn(map_svg(odd_one))
    assert {element.tag for element in picture.iter()} == {
        element.tag for element in drawn(map_svg(replace(plain, aside=(spots[1],)))).iter()
    }
    map_svg(odd_one).encode()


@pytest.mark.parametrize("seed", range(4))
def test_labels_of_a_plan_do_not_overlap(seed: int) -> None:
    labels = Plan(town(200, laid=Laid.PLAN, seed=seed), A4_ROOM).labels
    assert len(labels.left_out) < 5
    for one, other in combinations(labels.placed, 2):
        assert not one.box.meets(other.box)


def test_forty_two_wells_can_be_read_on_a4() -> None:
    """Letters of at least 2.2 mm, about 6 points."""
    assert Plan(town(42, laid=Laid.PLAN), A4_ROOM).labels.size >= 22
    (sheet,) = schematics(town(42, laid=Laid.SCHEMATIC), A4_ROOM, several=True)
    assert sheet.size >= 22


def test_what_cannot_be_read_on_one_sheet_goes_on_on_others() -> None:
    frame = Frame(277.0, 160.0, titled=False)
    for laid in Laid:
        large = town(1500, laid=laid)
        sheets = map_sheets(large, frame)
        assert len(sheets) > 1
        texts = {text for sheet in sheets for text in said(drawn(sheet))}
        assert {spot.code for spot in large.spots} <= texts
        assert all(sheet.size >= SMALLEST for sheet in schematics(large, A4_ROOM, several=True))
        assert len(map_sheets(town(60, laid=laid), frame)) == 1


def test_a_part_of_a_plan_shows_what_lies_in_it() -> None:
    whole = town(80, laid=Laid.PLAN)
    parts = [Plan(whole, A4_ROOM, window) for window in Window.whole(whole).split(2)]
    labelled = [{label.wanted.text for label in part.labels.placed} for part in parts]
    assert {spot.code for spot in whole.spots} <= set().union(*labelled)


def test_a_map_without_extent_and_one_without_wells_are_drawn() -> None:
    one = scene([], lone=["W1"], places={"W1": (3.0, 4.0)})
    assert "W1" in said(drawn(map_svg(one)))
    line = scene([("W1", "W2")], places={"W1": (0.0, 0.0), "W2": (50.0, 0.0)})
    assert {"W1", "W2"} <= set(said(drawn(map_svg(line))))
    empty = drawn(map_svg(scene([])))
    assert empty.get("viewBox") == f"-40 -40 {WHOLE_A4.width + 80:g} {WHOLE_A4.height + 80:g}"


def test_a_long_code_is_squeezed_into_its_box() -> None:
    shown = scene([("W" * 20, "W2"), ("W2", "OUT")])
    texts = [text for text in drawn(map_svg(shown)).iter(f"{SVG}text") if text.text == "W" * 20]
    assert texts[0].get("textLength")
