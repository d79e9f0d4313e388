"""Wells are found by code, name, pinyin and kind; a card shows what hangs on one, and changes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from register_desk import at, fill, listed, page, press, rows, said
from sewer_desk import on_top, pipes, points, sewer, shown, stops

from tui.screens.filling import SavingForm
from tui.screens.points.card import PointScreen
from tui.widgets.long_list import LongList


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return sewer(tmp_path / "store.db")


async def open_well(pilot: object, code: str) -> None:
    await press(pilot, code, "enter")  # type: ignore[arg-type]


async def test_points_are_found_by_code_name_pinyin_and_kind(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        assert listed(app) == ["OUT", "W01", "W02", "W03", "W10"]
        for text, codes in (("w1", ["W10"]), ("cp", ["W02"]), ("车棚", ["W02"]), ("pck", ["OUT"])):
            await press(pilot, *["backspace"] * 8, text)
            assert (text, listed(app)) == (text, codes)
        await press(pilot, *["backspace"] * 8, "f3", "ld")
        assert listed(app) == ["L01"]


async def test_a_card_tells_what_flows_in_and_out_and_leads_from_well_to_well(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        await open_well(pilot, "w02")
        shown_now = page(app)
        assert "检查井 W02 车棚旁" in shown_now
        assert "1200 mm" in shown_now
        assert "东线" in shown_now
        assert listed(app) == ["来自", "来自", "流向", "路线"]
        await press(pilot, "end", "enter")
        assert "路线：东线" in page(app)
        await press(pilot, "escape", "home")
        await press(pilot, "down", "down", "enter")
        assert "检查井 W03" in page(app)
        # The pipe that led here is chosen; back over it, Esc need not lead through all wells again.
        await press(pilot, "enter")
        assert "检查井 W02" in page(app)
        await press(pilot, "escape")
        assert on_top(app) == "PointsScreen"


async def test_fields_and_code_are_edited_in_one_form_and_undone_in_one_key(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        await open_well(pilot, "w02")
        await press(pilot, "1")
        await fill(pilot, "code", "w０２a")
        await fill(pilot, "depth_mm", "１５００")
        await fill(pilot, "ground_m", "42.125")
        await press(pilot, "f2")
        assert "检查井 W02A 车棚旁" in page(app)
        assert "42.125 m" in page(app)
        await press(pilot, "u")
        assert "检查井 W02 车棚旁" in page(app)
        assert "1200 mm" in page(app)


async def test_a_code_that_is_taken_keeps_the_form_open(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        await open_well(pilot, "w02")
        await press(pilot, "1")
        await fill(pilot, "code", "W03")
        await press(pilot, "f2")
        assert isinstance(app.screen, SavingForm)
        assert "编号“W03”已经有了" in page(app)


async def test_a_pipe_is_measured_turned_and_put_away(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        await open_well(pilot, "w03")
        await press(pilot, "4")
        await fill(pilot, "length_m", "12.5")
        await fill(pilot, "material", "HDPE")
        await fill(pilot, "system", "foul")
        await press(pilot, "f2")
        assert "DN300 · 12.5 m · HDPE · 污水" in page(app)
        await press(pilot, "5")
        assert said(app) == "管段已掉头：W03→W02 · 按 U 撤销"
        assert ("W03", "W02", 300) in pipes(path)
        assert "DN300 · 12.5 m · HDPE · 污水" in page(app)
        await press(pilot, "u")
        assert ("W02", "W03", 300) in pipes(path)
        await press(pilot, "6")
        assert ("W02", "W03", 300) not in pipes(path)
        await press(pilot, "u")
        assert ("W02", "W03", 300) in pipes(path)


async def test_a_point_goes_with_its_pipes_and_comes_back_with_them(path: Path) -> None:
    before = pipes(path)
    async with at(path, "points") as (app, pilot):
        await open_well(pilot, "w02")
        await press(pilot, "7")
        assert said(app) == "W02 和它的管段已归档 · 按 U 撤销"
        assert pipes(path) == [("W03", "OUT", 300)]
        assert stops(path) == ["W01", "W02", "W03", "OUT"]
        await press(pilot, "1")
        assert "先按 7 恢复" in said(app)
        await press(pilot, "u")
        assert pipes(path) == before
    assert "W02" in points(path)


async def test_homes_are_connected_by_number_and_name_and_taken_off_again(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        await open_well(pilot, "w01")
        await press(pilot, "3", "3", "enter")
        assert said(app) == "3 栋已接到 W01 · 按 U 撤销".replace("3 栋", "3栋") or "已接到 W01" in said(app)
        await press(pilot, "3", "zs", "enter")
        assert "3-1-502已接到 W01" in said(app).replace(" 已", "已")
        assert listed(app).count("接户") == 2
        connected = rows(path, "select count(*) from house_connection where not archived")
        assert connected == [(2,)]
        ties = app.screen.query_one(LongList)
        ties.move_to(listed(app).index("接户"))
        await press(pilot, "6")
        assert listed(app).count("接户") == 1


async def test_a_lamp_has_no_pipes(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        await press(pilot, "f3", "enter")
        assert isinstance(app.screen, PointScreen)
        assert "掉头" not in page(app)
        await press(pilot, "5")
        assert "只有井和排出口才有管段" in said(app)


async def test_archived_points_are_listed_apart_and_come_back(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        await open_well(pilot, "w10")
        await press(pilot, "7", "escape", *["backspace"] * 3, "f7")
        assert listed(app) == ["W10"]
        await press(pilot, "enter", "7")
        assert "W10 已恢复" in said(app)
        await shown(pilot, "检查井 W10")


async def test_odd_texts_do_no_harm(path: Path) -> None:
    async with at(path, "points") as (app, pilot):
        await open_well(pilot, "w01")
        await press(pilot, "1")
        await fill(pilot, "name", "[/b] [a栋] {x} $t １２３")
        await fill(pilot, "note", "堵" * 4_000)
        await press(pilot, "f2")
        assert "[/b] [a栋] {x} $t" in page(app)
        await press(pilot, "escape")
        assert "[/b]" in page(app)
