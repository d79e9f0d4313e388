"""A list leaves the app as a file or as text for the chat group."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from register_desk import at, fill, page, press, said, settled, until

from models.operations.envelope import Intent
from tui.desk import Desk
from tui.documents import file_name
from tui.screens.chat_text import ChatText
from tui.screens.confirm import Confirm
from tui.screens.register.room import RegisterScreen


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Documents").mkdir()
    return settled(tmp_path / "store.db")


async def test_the_register_is_saved_as_a_sheet_where_its_keeper_says(path: Path, tmp_path: Path) -> None:
    async with at(path) as (app, pilot):
        await press(pilot, "f12", "1")
        await until(pilot, lambda: "存文件" in page(app))
        await fill(pilot, "path", str(tmp_path / "all"))
        await press(pilot, "f2")
        assert "已写入 5 行" in said(app)
    first = CalamineWorkbook.from_path(str(tmp_path / "all.xlsx")).get_sheet_by_index(0).to_python()[1]
    assert [str(cell) for cell in first[:3]] == ["1", "1", "101"]
    assert "13800000001" in {str(cell) for cell in first}


async def test_a_file_that_is_there_is_replaced_only_by_saying_so(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.csv"
    target.write_text("mine")
    async with at(path) as (app, pilot):
        await press(pilot, "f3", "f12", "2")
        await fill(pilot, "path", str(target))
        await press(pilot, "f2")
        assert isinstance(app.screen, Confirm)
        await press(pilot, "enter")
        assert target.read_text() == "mine"
        await press(pilot, "f12", "2")
        await fill(pilot, "path", str(target))
        await press(pilot, "f2", "right", "enter")
        assert "王德胜" in target.read_text("utf-8-sig")


async def test_a_folder_that_takes_no_file_is_said_in_a_line(path: Path) -> None:
    async with at(path) as (app, pilot):
        await press(pilot, "f12", "1")
        await fill(pilot, "path", "/no/such/folder/all")
        await press(pilot, "f2")
        assert isinstance(app.screen, RegisterScreen)
        assert "没有这个文件夹" in said(app) or "×" in page(app).splitlines()[-2]


@pytest.mark.parametrize("odd", ["/", ".", "/" + "长" * 300, "~nobody/x", "/etc/passwd/x", "/" + "a/" * 400])
async def test_a_path_that_names_no_file_is_said_in_a_line(path: Path, odd: str) -> None:
    async with at(path) as (app, pilot):
        await press(pilot, "f12", "1")
        await fill(pilot, "path", odd)
        await press(pilot, "f2")
        assert isinstance(app.screen, RegisterScreen)
        assert "没有写入" in said(app)


@pytest.mark.parametrize("name", ["𠮷" * 100, "走" * 100, "..", "", "\ud800", "a/b\\c:*?[/b]"])
def test_whatever_a_walk_is_called_makes_the_name_of_a_file(name: str, tmp_path: Path) -> None:
    file = tmp_path / f"{file_name(name)}_2026-11-22_999.xlsx"
    file.write_text("x")
    assert file.parent == tmp_path
    assert not file.name.startswith(".")


async def test_the_chat_text_of_the_register_is_masked_and_framed(path: Path, tmp_path: Path) -> None:
    desk = Desk(path)
    desk.open()
    seat = desk.seat
    new = {"print_head": "【物管会】", "print_foot": "有事请到服务站"}
    assert (
        desk.perform(Intent("compound.edit", {"compound": str(seat.compound_id), "new": new})).refused is None
    )
    desk.close()
    async with at(path) as (app, pilot):
        await press(pilot, "f12", "4")
        assert isinstance(app.screen, ChatText)
        text = app.clipboard
        assert text.startswith("【物管会】\n")
        assert text.endswith("\n有事请到服务站")
        assert "1-1-101 张*" in text
        assert "张三" not in text
        assert "138" not in text
        await press(pilot, "tab")
        await pilot.click("#save")
        await press(pilot)
        assert "住户.txt" in said(app)
    assert (tmp_path / "Documents" / "住户.txt").read_text("utf-8").strip() == text


async def test_the_chat_group_gets_what_a_search_has_found(path: Path) -> None:
    async with at(path) as (app, pilot):
        await press(pilot, *"zs", "f12", "4")
        await until(pilot, lambda: isinstance(app.screen, ChatText))
        lines = app.clipboard.splitlines()
        assert lines[0] == "【耐火小区】住户 2 条"
        assert lines[1:] == ["1-1-101 张*", "2-1-501 张*"]
