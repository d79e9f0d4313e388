from __future__ import annotations

import os
from pathlib import Path

import pytest
from register_desk import ODD, at, fill, found, page, press, rest, rows, said, settled
from textual import events

from tui import i18n
from tui.screens.register.files import completions, path_of, recent_files
from tui.screens.register.import_file import ImportScreen, PathBox
from tui.screens.register.import_preview import ImportPreview
from tui.widgets.long_list import LongList
from tui.widgets.text import PushButton

SHEET = """楼号,单元,房间,楼层,建筑面积,房屋状态,业主名称,性别,手机号,业主类型
1,1,101,1,92.50,自住,张三,男,13800000001,1001
1,1,102,1,100,自住,李四,,13800000002,1001
3,1,101,1,80,自住,周八,女,13600000000,1001
3,1,102,1,-5,自住,[/b]吴九,女,13600000001,1001
3,1,,1,80,自住,没房号,女,13600000002,1001
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    (folder / "Downloads").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("XDG_DOWNLOAD_DIR", raising=False)
    monkeypatch.chdir(folder)
    (folder / "Downloads" / "住户 表.csv").write_text(SHEET, "utf-8")
    (folder / "旧表.csv").write_text(SHEET, "utf-8")
    os.utime(folder / "旧表.csv", (1, 1))
    return folder


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return settled(tmp_path / "store.db")


@pytest.mark.usefixtures("home")
async def test_a_list_is_looked_at_imported_and_the_second_time_unchanged(register: Path) -> None:
    before = rows(register, "select count(*) from operation")
    async with at(register, "import") as (app, pilot):
        await press(pilot, "enter")
        assert isinstance(app.screen, ImportPreview)
        assert "还没有写入" in page(app)
        assert "> 1 新增 2" in page(app)
        assert "3-1-101" in page(app)
        await press(pilot, "2")
        assert "89.5 m² → 92.5 m²" in page(app)
        assert "（空） → 自住" in page(app)
        await press(pilot, "4")
        assert "第 6 行" in page(app)
        assert "没收进" in page(app)
        assert "第 5 行" in page(app)
        assert isinstance(app.focused, PushButton)
        assert app.focused.id == "leave"  # the safe one
        assert rows(register, "select count(*) from operation") == before
        await press(pilot, "right", "enter")
        assert "√ 导入完成：新增 2 户，改动 2 户" in page(app)
        await press(pilot, "enter")
        assert not isinstance(app.screen, ImportScreen)
    assert rows(register, "select area from household where code = '1-1-101'") == [(9250,)]
    assert rows(register, "select count(*) from household where code like '3-1-%'") == [(2,)]
    async with at(register, "import") as (app, pilot):
        await press(pilot, "enter")
        assert "没有要写入的" in page(app)
        assert "新增 0" in page(app)
        assert "没变 4" in page(app)
        assert len(app.screen.query(PushButton)) == 1


@pytest.mark.usefixtures("home")
async def test_leaving_a_preview_writes_nothing(register: Path) -> None:
    before = rows(register, "select count(*) from operation")
    async with at(register, "import") as (app, pilot):
        await press(pilot, "enter", "enter")
        assert isinstance(app.screen, ImportScreen)
        await press(pilot, "enter", "escape")
        assert isinstance(app.screen, ImportScreen)
    assert rows(register, "select count(*) from operation") == before


@pytest.mark.usefixtures("home")
async def test_arrows_move_the_list_while_the_button_has_the_focus(register: Path) -> None:
    async with at(register, "import") as (app, pilot):
        await press(pilot, "enter", "down")
        assert app.screen.query_one("#added", LongList).cursor == 1
        await pilot.click("#do")
        await rest(pilot)
        assert "导入完成" in page(app)


async def test_the_newest_file_comes_first_and_a_part_of_a_name_finds_one(register: Path, home: Path) -> None:
    assert [entry.path.name for entry in recent_files([home, home / "Downloads"])] == [
        "住户 表.csv",
        "旧表.csv",
    ]
    async with at(register, "import") as (app, pilot):
        files = app.screen.query_one(LongList)
        assert files.count == 2
        assert "> 住户 表.csv" in page(app)
        await press(pilot, "旧")
        assert files.count == 1
        await press(pilot, "enter")
        assert "旧表.csv：还没有写入" in page(app)


async def test_a_dropped_path_takes_the_place_of_what_was_typed(register: Path, home: Path) -> None:
    async with at(register, "import") as (app, pilot):
        await press(pilot, "x")
        app.screen.query_one(PathBox).post_message(events.Paste(f"'{home}/Downloads/住户 表.csv'\n"))
        await rest(pilot)
        assert app.screen.query_one(PathBox).value == f"{home}/Downloads/住户 表.csv"
        await press(pilot, "enter")
        assert "住户 表.csv：还没有写入" in page(app)


async def test_a_path_is_completed_folder_by_folder(register: Path, home: Path) -> None:
    async with at(register, "import") as (app, pilot):
        box = app.screen.query_one(PathBox)
        box.value = f"{home}/Dow"
        await rest(pilot)
        assert "> Downloads/" in page(app)
        await press(pilot, "enter")
        assert box.value == f"{home}/Downloads/"
        assert "> 住户 表.csv" in page(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, ImportPreview)


@pytest.mark.parametrize(
    ("dropped", "path"),
    [
        ("'/a b.xlsx'", "/a b.xlsx"),
        ('"/a b.xlsx" ', "/a b.xlsx"),
        ("/a\\ b.xlsx", "/a b.xlsx"),
        ("file:///a%20b.xlsx", "/a b.xlsx"),
        ("file:///C:/a%20b.xlsx", "C:/a b.xlsx"),
        ("C:\\表 格.xlsx", "C:\\表 格.xlsx"),
        ("“/表.csv”", "/表.csv"),
    ],
)
def test_every_way_a_terminal_drops_a_file(dropped: str, path: str) -> None:
    assert path_of(dropped) == path


def test_lock_files_and_other_files_are_not_offered(tmp_path: Path) -> None:
    for name in ("a.csv", "~$a.xlsx", ".~lock.a.csv#", "b.pdf"):
        (tmp_path / name).write_text("x")
    assert [entry.path.name for entry in completions(f"{tmp_path}/")] == ["a.csv"]
    assert completions(str(tmp_path / "nowhere" / "x")) == ()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.csv", b"", "空.csv"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100, "不是表格"),
        ("坏.xlsx", b"PK\x03\x04" + b"0" * 100, "坏.xlsx"),
        ("别的.csv", "日期,金额\n2026-01-01,5\n".encode(), "别的.csv"),
    ],
)
async def test_a_wrong_file_is_told_in_a_sentence(
    register: Path, home: Path, name: str, content: bytes, sentence: str
) -> None:
    (home / name).write_bytes(content)
    async with at(register, "import", size=(140, 40)) as (app, pilot):
        await press(pilot, name.partition(".")[0], "enter")
        assert isinstance(app.screen, ImportScreen)
        assert sentence in said(app)


@pytest.mark.usefixtures("home")
async def test_a_file_that_is_not_there_is_told(register: Path) -> None:
    async with at(register, "import") as (app, pilot):
        app.screen.query_one(PathBox).value = "/nowhere/x.csv"
        await rest(pilot)
        await press(pilot, "enter")
        assert "没有这个文件：/nowhere/x.csv" in said(app)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_odd_names_and_long_texts_stand_in_the_preview(
    register: Path, home: Path, language: str
) -> None:
    i18n.use(language)
    sheet = f"房号,姓名,状态,{ODD}\n4-1-101,{ODD},{'排' * 90},x\n4-1-[a],[/b],{'水' * 6000},x\n1-1-101,张三,[/b],x\n"
    (home / "[b]x[red].csv").write_text(sheet, "utf-8")
    async with at(register, "import") as (app, pilot):
        await press(pilot, "[b]", "enter")
        assert isinstance(app.screen, ImportPreview)
        assert "[b]x[red].csv" in page(app)
        for key in "1234":
            await press(pilot, key)
            page(app).encode()
        await press(pilot, "2")
        assert "[/b]" in page(app)
        await press(pilot, "right", "enter")
        assert app.screen.report is not None


@pytest.mark.usefixtures("home")
async def test_an_empty_compound_imports_from_the_register(tmp_path: Path) -> None:
    found(tmp_path / "s.db")
    async with at(tmp_path / "s.db") as (app, pilot):
        await press(pilot, "f6", "enter", "right", "enter")
        assert "导入完成：新增 4 户" in page(app)
        await press(pilot, "enter")
        assert "F2 住户 4" in page(app)
        await press(pilot, "enter", "1")
        await fill(pilot, "status", "空置")
        await press(pilot, "f2")
        assert "空置" in page(app)


async def test_a_committee_that_begins_with_nothing_gets_its_wells_and_pipes_from_lists(
    tmp_path: Path, home: Path
) -> None:
    path = tmp_path / "new.db"
    found(path)
    (home / "井.csv").write_text("编号,类型,井深\nW1,检查井,1.2m\nW[/b],检查井,1.5m\n,检查井,1m\n", "utf-8")
    (home / "管.csv").write_text("起点,终点,管径\nW1,W[/B],300\nW1,W9,300\n", "utf-8")
    async with at(path, "walk") as (app, pilot):
        await press(pilot, "f4")
        assert "还没有巡检点" in said(app)
    async with at(path, "import") as (app, pilot):
        await press(pilot, "井", "enter")
        assert "> 1 新增 2" in page(app)
        assert "检查井 · 井深 1200 毫米" in page(app)
        await press(pilot, "right", "enter")
        assert "√ 导入完成：新增 2 个" in page(app)
    async with at(path, "import") as (app, pilot):
        await press(pilot, "管", "enter")
        assert "W1-W[/B]" in page(app)
        assert "管径 300 毫米" in page(app)
        await press(pilot, "right", "enter")
    assert rows(path, "select count(*) from point") == [(2,)]
    assert rows(path, "select diameter_mm from pipe") == [(300,)]
    (home / "井.csv").write_text("编号,类型,井深\nW1,检查井,1.3m\n", "utf-8")
    async with at(path, "import") as (app, pilot):
        await press(pilot, "井", "enter", "2")
        assert "1200 毫米 → 1300 毫米" in page(app)


@pytest.mark.usefixtures("home")
async def test_what_another_program_wrote_is_told_in_chinese(register: Path, home: Path) -> None:
    (home / "乱.xlsx").write_bytes(bytes(range(256)) * 12)
    async with at(register, "import", size=(140, 40)) as (app, pilot):
        await press(pilot, "乱", "enter")
        assert "不是表格（是别的程序的文件）" in said(app)


async def test_of_many_problems_the_first_and_the_number_of_others_is_told(
    register: Path, home: Path
) -> None:
    (home / "无房.csv").write_text("房号,姓名\n一,张三\n二,李四\n三,王五\n", "utf-8")
    async with at(register, "import", size=(140, 40)) as (app, pilot):
        await press(pilot, "无房", "enter")
        assert "第 2 行" in said(app)
        assert "另有 2 处" in said(app)
