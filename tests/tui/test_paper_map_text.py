from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from map_scenes import chain, scene, town
from odd import ODD_TEXTS
from rich.cells import cell_len

from models.inspection.survey.scene import Laid, Scene
from tui.paper import findings
from tui.paper.bands import bands_of, narrowest
from tui.paper.map_text import WIDTH, map_text

BLOCKED = {("W3", "W4"): 0.77, ("W4", "W5"): 0.2}
TREE = [("A1", "A2"), ("A2", "A3"), ("A3", "OUT"), ("B2", "A2"), ("C1", "A3")]


def street(**options: object) -> Scene:
    return scene(chain(6), blocked=BLOCKED, behind=["W1", "W2", "W3"], **options)  # type: ignore[arg-type]


def picture(text: str) -> list[str]:
    """Return the lines of the drawing alone."""
    lines = text.splitlines()[3:]
    return lines[: next(n for n, line in enumerate(lines) if line.startswith("✓ 畅"))]


def test_a_tree_is_drawn_as_an_engineer_would_sketch_it() -> None:
    assert picture(map_text(scene(TREE)))[:-1] == [
        "○ A1─┬─>○ A2─┬─>○ A3───>≈ OUT",
        "○ B2─┘  ○ C1─┘",
    ]


def test_the_blocked_pipe_is_crossed_and_what_lies_behind_is_double() -> None:
    text = map_text(street())
    assert "○ W1═══>○ W2═══>○ W3╳━━>○ W4?──>○ W5───>○ W6───>≈ OUT" in text
    assert "堵在 W3 → W4 之间，把握 77%" in text


def test_a_wide_map_is_cut_into_bands_that_name_where_they_go_on() -> None:
    text = map_text(scene(chain(40)))
    lines = picture(text)
    assert max(map(cell_len, lines)) <= WIDTH
    out = re.findall(r">([A-Z]+)$", "\n".join(lines), re.MULTILINE)
    back = re.findall(r"^\s*([A-Z]+)>", "\n".join(lines), re.MULTILINE)
    assert out == back == ["A", "B", "C"]
    assert "同一个字母" in text


@pytest.mark.parametrize("width", [40, 80, 100])
@pytest.mark.parametrize("n", [12, 120, 600])
def test_every_well_is_drawn_once_and_no_line_is_too_long(n: int, width: int) -> None:
    shown = town(n, laid=Laid.SCHEMATIC)
    text = map_text(shown, width=width)
    assert max(map(cell_len, text.splitlines())) <= width
    drawn = Counter(re.findall(r"W\d{5}", "\n".join(picture(text))))
    assert drawn == Counter(spot.code for spot in shown.spots)


@given(st.integers(1, 60), st.integers(30, 200), st.integers(0, 10**6))
@settings(deadline=None, max_examples=60)
def test_bands_take_in_every_well_once_and_letters_come_in_pairs(n: int, width: int, seed: int) -> None:
    shown = town(n, laid=Laid.SCHEMATIC, seed=seed) if n > 3 else scene(chain(n))
    bands = bands_of(shown, width)
    assert Counter(spot.code for band in bands for spot in band.spots) == Counter(
        spot.code for spot in shown.spots
    )
    out = [cut.letter for band in bands for cut in band.goes_on]
    assert out == [cut.letter for band in bands for cut in band.comes_in]
    assert len(set(out)) == len(out)
    assert all(band.width <= max(width, narrowest(shown)) for band in bands)


def test_pipes_that_only_cross_are_drawn_one_over_the_other() -> None:
    """A crossing is not a place where four pipes meet."""
    links = [
        ("A", "B"),
        ("B", "C"),
        ("C", "D"),
        ("D", "E"),
        ("X", "B"),
        ("X", "D"),
        ("Y", "C"),
        ("Z", "D"),
        ("A", "D"),
    ]
    for line in picture(map_text(scene(links))):
        assert "┼" not in line or "│" not in line


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_can_be_printed_and_breaks_no_line(odd: str) -> None:
    plain = street()
    spots = (replace(plain.spots[0], name=odd, note=odd), *plain.spots[1:])
    text = map_text(replace(plain, spots=spots, compound=odd, walk=odd), head=odd, foot=odd)
    text.encode()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)
    assert max(map(cell_len, text.splitlines())) <= WIDTH


def test_words_above_and_below_are_the_compounds_own() -> None:
    lines = map_text(street(), head="业委会\n值班室", foot="谢谢").splitlines()
    assert (lines[:2], lines[-1]) == (["业委会", "值班室"], "谢谢")


def test_homes_are_told_by_their_numbers_and_notes_are_left_out() -> None:
    plain = street()
    blockage = replace(plain.blockages[0], households=("1-1-101", "1-1-102", "1-2-101", "1-2-102"))
    spots = (replace(plain.spots[0], note="张三家 13800000001"), *plain.spots[1:])
    text = map_text(replace(plain, blockages=(blockage,), spots=spots))
    assert "影响 4 户：1-1、1-2：101、102" in text
    assert "张三" not in text
    assert "13800000001" not in text


def test_a_sentence_is_broken_between_words_and_never_before_a_comma(each_language: str) -> None:
    assert each_language
    blockage = replace(street().blockages[0], wells=tuple(f"W{n:05}" for n in range(60)))
    text = map_text(replace(street(), blockages=(blockage,)), width=60)
    assert not re.search(r"^ *[，、；。]", text, re.MULTILINE)
    assert set(re.findall(r"W\d+", text)) >= set(blockage.wells)


def test_a_map_without_a_walk_says_so() -> None:
    assert "还没有巡检" in map_text(scene(chain(3)))


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("电话 13800000001 找他", "电话 138****0001 找他"),
        ("138 0000 0001", "138****0001"),
        ("0731-5551234", "073****1234"),
        ("１３８００００００００", "１３８****００００"),
        ("深 1200 毫米，2026-03", "深 1200 毫米，2026-03"),
        ("2026-03-09 再来", "2026-03-09 再来"),
        ("2026-13-09", "****1309"),
        ("张三丰家门口", "张**家门口"),
        ("欧阳娜娜说", "欧阳**说"),
    ],
)
def test_a_note_in_public_hides_phones_and_the_names_of_the_register(note: str, shown: str) -> None:
    names = {"张三丰", "欧阳娜娜", "张三", "李"}
    assert findings.public_note(note, names) == shown
