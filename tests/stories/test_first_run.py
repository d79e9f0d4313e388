"""The first quarter of an hour on a laptop that knows nothing yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from register_desk import at, page, press, rest, rows, said, until
from textual.widgets import Input

from models.inspection.first_steps import first_steps
from tui import i18n
from tui.desk import Desk
from tui.screens.first_run.form import FoundForm, guessed_name
from tui.screens.first_run.room import FirstRunScreen
from tui.screens.home import HomeScreen
from tui.screens.register.import_preview import ImportPreview
from tui.widgets.text import width

LIST = "楼号,单元,房间,业主名称,手机号,业主类型\n1,1,101,张三,13800000001,业主\n1,1,102,李四,,业主\n"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LINLI_LANG", "zh_CN")
    return tmp_path / "new.db"


async def test_a_compound_is_set_up_with_two_names_and_what_comes_next_is_shown(path: Path) -> None:
    async with at(path, "first_run") as (app, pilot):
        await press(pilot, "1", *"Naihuo", "enter", *"Wang", "f2")
        await until(pilot, lambda: "编检查井" in page(app))
        assert "Naihuo建好了" in page(app)
        assert "还没有" in page(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, HomeScreen)
        assert "Wang，今天的事都在这里" in page(app)
    assert rows(path, "SELECT name, zone FROM compound") == [("Naihuo", "Asia/Shanghai")]


@pytest.mark.parametrize(("step", "room"), [
    ("1", "import"), ("2", "points"), ("3", "routes"), ("4", "schedules"), ("5", "register"), ("6", "settings"),
])  # fmt: skip
async def test_each_step_opens_its_room_and_comes_back_to_the_list(path: Path, step: str, room: str) -> None:
    desk = Desk(path)
    desk.open()
    desk.found("耐火小区", "王德胜")
    desk.close()
    async with at(path, "first_run") as (app, pilot):
        await press(pilot, step)
        assert getattr(app.screen, "ROOM", "") == room
        await press(pilot, "escape")
        assert isinstance(app.screen, FirstRunScreen)


async def test_a_list_founds_the_compound_it_speaks_of_and_comes_in(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "耐火小区住户表2026.csv"
    file.write_text(LIST, "utf-8")
    async with at(path, "first_run") as (app, pilot):
        await press(pilot, "2")
        app.screen.query_one("#path", Input).value = str(file)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, FoundForm))
        assert "耐火小区" in page(app)
        await press(pilot, "enter", *"Wang", "f2")
        await until(pilot, lambda: isinstance(app.screen, ImportPreview))
        assert "1-1-101" in page(app)
        await press(pilot, "right", "enter")
        await until(pilot, lambda: rows(path, "SELECT count(*) FROM household") == [(2,)])
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(app.screen, FirstRunScreen))
        await until(pilot, lambda: "√ 已有 2" in page(app))
    assert rows(path, "SELECT name FROM compound") == [("耐火小区",)]


@pytest.mark.parametrize(("stem", "name"), [
    ("耐火小区住户表2026", "耐火小区"), ("2026年3月 三元新村 业主名单(最新)", "三元新村"), ("住户信息登记表", ""),
    ("households_2026-03", ""), ("向阳里住户", "向阳里"), ("Naihuo households", "Naihuo"), ("表1", ""),
])  # fmt: skip
def test_a_compounds_name_is_guessed_from_the_name_of_its_list(stem: str, name: str) -> None:
    assert guessed_name(stem) == name


async def test_what_is_half_typed_outlives_the_app_and_is_forgotten_once_founded(path: Path) -> None:
    async with at(path, "first_run") as (_app, pilot):
        await press(pilot, "1", *"Naihuo")
    async with at(path, "first_run") as (app, pilot):
        await press(pilot, "1")
        assert "Naihuo" in page(app)
        assert "还在" in page(app) or "没存" in page(app)
        await press(pilot, "enter", *"Wang", "f2")
        await until(pilot, lambda: "编检查井" in page(app))
    assert rows(path, "SELECT count(*) FROM draft") == [(0,)]


async def test_nobody_knows_the_language_so_both_are_offered_in_their_own_words(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LINLI_LANG")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C.UTF-8")
    async with at(path, "first_run") as (app, pilot):
        assert "中文" in page(app)
        assert "English" in page(app)
        await press(pilot, "2")
        await until(pilot, lambda: "Set up my compound" in page(app))
        assert app.preferences.language == "en"
        await until(pilot, lambda: ">  1  Set up my compound" in page(app))  # not where the language stood
        await press(pilot, "escape")
        assert "中文" in page(app)
        await press(pilot, "1")
        await until(pilot, lambda: "建立我的小区" in page(app))


async def test_the_steps_are_wanted_until_all_are_done_or_somebody_sends_them_away(path: Path) -> None:
    desk = Desk(path)
    desk.open()
    desk.found("耐火小区", "王德胜")

    def wanted() -> bool:
        with desk.store.read() as session:
            return first_steps(session, desk.seat.compound_id, today=desk.today()).wanted

    assert wanted()
    async with at(path, "first_run") as (app, pilot):
        await press(pilot, "f6")
        assert isinstance(app.screen, HomeScreen)
        await until(pilot, lambda: not wanted())
        assert "在 9 设置里" in said(app)
        app.enter("first_run")
        await rest(pilot)
        assert "编检查井" in page(app)
    desk.close()


async def test_a_step_that_cannot_be_sent_away_yet_says_why(path: Path) -> None:
    async with at(path, "first_run") as (app, pilot):
        await press(pilot, "f6")
        assert "先建小区" in said(app)


async def test_a_step_opens_by_a_click(path: Path) -> None:
    async with at(path, "first_run") as (app, pilot):
        line = next(index for index, text in enumerate(page(app).splitlines()) if "建立我的小区" in text)
        await pilot.click(offset=(12, line))
        await rest(pilot)
        assert isinstance(app.screen, FoundForm)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("founded", [False, True])
async def test_the_steps_are_whole_on_a_small_screen(path: Path, language: str, *, founded: bool) -> None:
    if founded:
        desk = Desk(path)
        desk.open()
        desk.found("耐火小区", "王德胜")
        desk.close()
    i18n.use(language, strict=True)
    async with at(path, "first_run") as (app, _pilot):
        lines = page(app).splitlines()
        assert {width(line) for line in lines} == {80}
        assert not any("…" in line for line in lines)


async def test_help_breaks_chinese_between_characters_so_that_no_line_ends_early(path: Path) -> None:
    async with at(path, "first_run") as (app, pilot):
        await press(pilot, "f1")
        await until(pilot, lambda: "帮助：" in page(app))
        assert "做过的都已存好。按 Esc 先看今日的事，" in page(app)
