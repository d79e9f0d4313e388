from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tui.desk import Desk

from .conftest import Linli

WELLS = "编号,类型,x_m,y_m\nW1,检查井,0,0\nW2,检查井,20,0\nW3,检查井,40,0\nOUT,排出口,60,10\n"
PIPES = "起点,终点,管径\nW1,W2,300\nW2,W3,300\nW3,OUT,300\n"
SEEN = "编号,水位,备注\nW1,满,张三家说的\nW2,满,\nW3,干,\n"


@pytest.fixture
def drains(founded: Linli, tmp_path: Path) -> Linli:
    """A compound with four wells that have coordinates, and a walk that found a blockage."""
    for name, text in (("wells", WELLS), ("pipes", PIPES)):
        (tmp_path / name).write_text(text, "utf-8")
        founded("import", name, tmp_path / name)
    (tmp_path / "seen").write_text(SEEN, "utf-8")
    founded("import", "observations", tmp_path / "seen", "--walk", "三月")
    founded("do", "person.add", '{"name": "张三"}')
    return founded


def test_the_map_is_printed_as_text_unless_something_else_is_asked_for(drains: Linli) -> None:
    said = drains("map")
    assert said.status == 0
    assert "● W1═══>● W2╳━━>– W3───>≈ OUT" in said.out
    assert "Blocked between W2 → W3" in said.out


def test_the_ending_of_the_file_decides_what_is_written(drains: Linli, tmp_path: Path) -> None:
    for ending, begins in (("txt", "Drain"), ("svg", "<?xml"), ("html", "<!DOCTYPE"), ("HTM", "<!DOCTYPE")):
        path = tmp_path / f"map.{ending}"
        said = drains("map", "--out", path)
        assert (said.status, path.name in said.out) == (0, True)
        assert path.read_text("utf-8").startswith(begins)
    assert drains("map", "--out", tmp_path / "map.doc", "--format", "svg").status == 0
    ET.fromstring((tmp_path / "map.doc").read_text("utf-8"))  # noqa: S314  # ours


def test_a_plan_or_a_schematic_is_drawn_as_asked_and_a_plan_where_there_are_places(drains: Linli) -> None:
    assert drains("map", "--format", "svg", "--json").json["laid"] == "plan"
    schematic = drains("map", "--format", "svg", "--laid", "schematic", "--json").json
    assert schematic["laid"] == "schematic"
    assert drains("map", "--laid", "plan").status == 2


def test_json_tells_what_was_drawn_and_where_it_went(drains: Linli, tmp_path: Path) -> None:
    said = drains("map", "--out", tmp_path / "a.html", "--json").json
    assert said == {
        "walk": "三月",
        "laid": "plan",
        "format": "html",
        "wells": 4,
        "seen": 3,
        "blockages": [["W2", "W3"]],
        "path": str(tmp_path / "a.html"),
    }
    assert drains("map", "--json").json["map"].startswith("Drain blockage map")


def test_names_of_the_register_are_masked_in_notes_and_notes_can_be_left_out(drains: Linli) -> None:
    page = drains("map", "--format", "html").out
    assert "张*家说的" in page
    assert "张三" not in page
    assert "家说的" not in drains("map", "--format", "html", "--masked").out


def test_the_page_is_made_for_the_paper_that_is_asked_for(drains: Linli) -> None:
    assert "size:420mm 297mm" in drains("map", "--format", "html", "--paper", "a3").out
    assert "size:297mm 210mm" in drains("map", "--format", "html").out
    assert drains("map", "--paper", "a5").status == 2


def test_a_walk_that_is_named_is_the_one_that_is_drawn(drains: Linli) -> None:
    drains("do", "walk.start", '{"name": "四月"}')
    assert "Blocked" not in drains("map").out
    assert "Blocked" in drains("map", "--walk", "三月").out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--walk", "五月"), 4, "五月"),
        (("--out", "map.pdf"), 2, ".svg"),
        (("--out", "none/map.svg"), 4, "no such folder"),
        (("--format", "pdf"), 2, "pdf"),
    ],
)
def test_what_cannot_be_done_is_said(
    drains: Linli,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    words: tuple[str, ...],
    status: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = drains("map", *words)
    assert (outcome.status, outcome.out) == (status, "")
    assert said in outcome.err


def test_without_wells_and_without_places_the_reason_is_told(founded: Linli, tmp_path: Path) -> None:
    said = founded("map", "--json")
    assert (said.status, said.json["problems"][0]["code"]) == (4, "locate.no_wells")
    (tmp_path / "wells").write_text("编号\nW1\nW2\n", "utf-8")
    founded("import", "wells", tmp_path / "wells")
    said = founded("map", "--laid", "plan", "--format", "svg", "--json")
    assert (said.status, said.json["problems"][0]["code"]) == (4, "survey.no_places")
    assert founded("map").status == 0


def test_a_file_that_cannot_be_written_stays_as_it_was(drains: Linli, tmp_path: Path) -> None:
    (tmp_path / "map.svg").mkdir()
    said = drains("map", "--out", tmp_path / "map.svg", "--json")
    assert said.status == 4
    assert (tmp_path / "map.svg").is_dir()
    assert list(tmp_path.glob(".linli-*")) == []


def test_the_compounds_own_words_stand_above_and_below_text_and_page(drains: Linli, store_path: Path) -> None:
    desk = Desk(store_path)
    desk.open()
    compound = str(desk.seat.compound_id)
    desk.close()
    words = {"compound": compound, "new": {"print_head": "业委会值班室", "print_foot": "谢谢配合"}}
    assert drains("do", "compound.edit", json.dumps(words)).status == 0
    lines = drains("map").out.splitlines()
    assert (lines[0], lines[-1]) == ("业委会值班室", "谢谢配合")
    page = drains("map", "--format", "html").out
    assert page.index('<div class="head">业委会值班室') < page.index("<h1>") < page.index("谢谢配合")
