from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from browser import printed
from map_scenes import chain, scene, town
from odd import ODD_TEXTS

from models.inspection.locator import Evidence
from models.inspection.survey.scene import Laid, Scene
from models.problems import Problem
from tui.paper.map_page import map_page
from tui.paper.page import A3, A4

A4_POINTS, A3_POINTS = (842, 595), (1191, 842)


def street() -> Scene:
    shown = scene(chain(6), blocked={("W3", "W4"): 0.77, ("W4", "W5"): 0.2}, behind=["W1", "W2", "W3"])
    blockage = replace(
        shown.blockages[0],
        households=("1-1-101", "1-1-102"),
        evidence=(Evidence("evidence.full_above_dry", {"upper": "W3", "lower": "W4"}),),
    )
    spots = (replace(shown.spots[0], note="张三丰家 13800000001", defects=("silt",)), *shown.spots[1:])
    return replace(
        shown,
        blockages=(blockage,),
        spots=spots,
        open_next=("W4",),
        problems=(Problem("well.unreachable", params={"well": "W9", "count": 2}),),
    )


def test_a_page_tells_everything_that_was_found(each_language: str) -> None:
    text = map_page(street())
    for said in {
        "zh_CN": ("很可能", "W3 满，W4 干", "下一步最值得打开的井", "影响 2 户：1-1：101、102", "井底积泥垃圾", "没有通向排出口的路"),
        "en": ("very likely", "W3 is full, W4 is dry", "Open these wells next", "1-1: 101, 102", "silt", "outfall"),
    }[each_language]:  # fmt: skip
        assert said in text
    for code in ("W1", "W6", "OUT"):
        assert f'<td class="k">{code}</td>' in text


def test_no_name_and_no_phone_number_is_on_the_page() -> None:
    text = map_page(street(), names=["张三丰"])
    assert "张**家 138****0001" in text
    assert "张三丰" not in text
    assert "13800000001" not in text
    assert "张" not in map_page(street(), masked=True)


def test_wells_without_coordinates_are_in_the_table_and_named() -> None:
    places = {f"W{n}": (10.0 * n, 0.0) for n in range(1, 6)}
    text = map_page(scene(chain(6), places=places))
    assert "没有坐标的井（图上没画）" in text
    assert '<td class="k">W6</td>' in text


def test_what_there_is_nothing_to_say_of_has_no_part() -> None:
    text = map_page(scene(chain(3)))
    assert "影响哪里" not in text
    assert "请再核对" not in text


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_makes_no_element_of_its_own(odd: str) -> None:
    shown = street()
    spots = (replace(shown.spots[0], name=odd, note=odd), *shown.spots[1:])
    text = map_page(replace(shown, spots=spots, compound=odd, walk=odd), head=odd, foot=odd)
    plain = map_page(shown, head="x", foot="x")
    assert len(re.findall(r"<[a-z]", text)) == len(re.findall(r"<[a-z]", plain))
    text.encode()


# -- in a browser ------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize(("sheet", "size"), [(A4, A4_POINTS), (A3, A3_POINTS)])
@pytest.mark.parametrize("laid", list(Laid))
def test_the_map_fills_one_landscape_sheet_and_the_rest_follows(
    tmp_path: Path, each_language: str, laid: Laid, sheet: object, size: tuple[int, int]
) -> None:
    assert each_language
    sizes, asked = printed(map_page(town(42, laid=laid), sheet=A4 if sheet is A4 else A3), tmp_path)
    assert set(sizes) == {size}
    # A sheet for the map, one on which the words begin, and at most two more for the table.
    assert 2 <= len(sizes) <= 4
    assert len(asked) == 1


@pytest.mark.browser
def test_a_printed_head_of_several_lines_still_leaves_the_map_on_one_sheet(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    shown = scene(chain(6))
    plain, _ = printed(map_page(shown), one)
    headed, _ = printed(
        map_page(shown, head="耐火小区业主委员会\n" + "很长的一行字" * 40 + "\n电话", foot="谢谢"), two
    )
    assert len(plain) == len(headed) == 2


@pytest.mark.browser
def test_a_page_that_could_ask_for_something_would_be_caught(tmp_path: Path) -> None:
    """The net is whole: an image from elsewhere is seen to be asked for."""
    page = '<!DOCTYPE html><img src="http://elsewhere.example/x.png">'
    _, asked = printed(page, tmp_path)
    assert "elsewhere.example/x.png" in asked


@pytest.mark.browser
def test_odd_text_neither_asks_for_anything_nor_breaks_the_sheet(tmp_path: Path) -> None:
    shown = scene(chain(len(ODD_TEXTS)))
    spots = tuple(replace(spot, note=odd) for spot, odd in zip(shown.spots, ODD_TEXTS, strict=False))
    odd = "".join(text for text in ODD_TEXTS if len(text) < 100)
    text = map_page(replace(shown, spots=spots, walk=odd, compound=odd), head=odd, foot=odd)
    sizes, asked = printed(text, tmp_path)
    assert (set(sizes), len(asked)) == ({A4_POINTS}, 1)
