from __future__ import annotations

from pathlib import Path

import pytest
from register_desk import ODD, at, found, household, listed, page, press, rest, said, settled, until
from textual.widgets import Input

from models.operations.envelope import Intent
from tui import edge, i18n
from tui.screens.help import Help
from tui.screens.register.household import HouseholdScreen
from tui.screens.register.person import PersonScreen
from tui.widgets.long_list import LongList
from tui.widgets.tabs import ViewTabs


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return settled(tmp_path / "store.db")


@pytest.mark.parametrize(
    ("typed", "found_codes"),
    [
        ("zs", ["1-1-101", "2-1-501"]),
        ("zhangsan", ["1-1-101", "2-1-501"]),
        ("赵六", ["1-2-302"]),
        ("1-1-10", ["1-1-101", "1-1-102"]),
        ("1栋1单元", ["1-1-101", "1-1-102"]),
        ("１-１-１０１", ["1-1-101"]),
        ("0004", ["1-2-302"]),
        ("/zs", ["1-1-101", "2-1-501"]),
        ("", ["1-1-101", "1-1-102", "1-2-302", "1-10-101", "2-1-501"]),
    ],
)
async def test_a_flat_is_found_by_name_pinyin_room_and_phone(
    register: Path, typed: str, found_codes: list[str]
) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, *typed)
        assert listed(app) == found_codes


async def test_three_keys_open_zhang_sans_flat(register: Path) -> None:
    async with at(register) as (app, pilot):
        await pilot.press("z", "s", "enter")  # as fast as a typist is
        await until(pilot, lambda: isinstance(app.screen, HouseholdScreen) and app.screen.view)
        shown = page(app)
        assert "住户 1-1-101" in shown
        assert "13800000001" in shown  # whole on the card
        assert "89.5 m²" in shown
        await press(pilot, "enter")
        assert isinstance(app.screen, PersonScreen)
        assert "人员 张三" in page(app)
        await press(pilot, "escape", "escape")
        # The search still stands, so that the next of the same name is one key away.
        assert listed(app) == ["1-1-101", "2-1-501"]
        await press(pilot, "escape")
        assert app.screen_stack[-1] is app.screen_stack[0]


async def test_phones_are_masked_in_lists(register: Path) -> None:
    async with at(register) as (app, pilot):
        assert "138****0001" in page(app)
        assert "13800000001" not in page(app)
        await press(pilot, "f3")
        assert "138****0001" in page(app)


async def test_views_change_by_f_key_by_digit_and_by_click(register: Path) -> None:
    async with at(register) as (app, pilot):
        assert "> F2 住户 5" in page(app)
        await press(pilot, "f3")
        assert "> F3 人员 6" in page(app)
        assert listed(app) == sorted(["张三", "张三", "李四", "王五", "赵六", "王德胜"])
        await press(pilot, "tab")
        assert isinstance(app.focused, LongList)
        await press(pilot, "3")
        assert listed(app) == ["1栋", "2栋"]
        await press(pilot, "1")
        assert listed(app)[0] == "1-1-101"
        await press(pilot, "/")
        assert isinstance(app.focused, Input)
        tabs = app.screen.query_one(ViewTabs)
        start = next(start for start, view, _ in tabs._placed() if view.id == "buildings")
        await pilot.click(tabs, offset=(start + 3, 0))
        await rest(pilot)
        assert listed(app) == ["1栋", "2栋"]


async def test_a_tab_is_found_as_it_was_left_while_the_same_is_sought(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "down", "down", "f3", "down", "f2")
        assert app.screen.query_one("#households", LongList).cursor == 2
        await press(pilot, "f3")
        assert app.screen.query_one("#people", LongList).cursor == 1
        await press(pilot, "z", "f2")
        assert listed(app)[app.screen.query_one("#households", LongList).cursor] == "1-1-101"
        await press(pilot, "backspace", "f7", "f3")
        assert app.screen.query_one("#people", LongList).cursor == 0


async def test_a_building_opens_its_households_and_the_search_line_says_so(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "f4", "down", "enter")
        assert listed(app) == ["2-1-501"]
        assert app.screen.query_one(Input).value == "2栋"
        await press(pilot, "backspace", "backspace")
        assert len(listed(app)) == 5
        await press(pilot, "1栋")
        assert listed(app) == ["1-1-101", "1-1-102", "1-2-302", "1-10-101"]


async def test_archived_ones_come_on_demand_with_a_word(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "enter")
        await press(pilot, "6")
        assert "1-1-101 已归档 · 按 U 撤销" in said(app)
        await press(pilot, "escape")
        assert "1-1-101" not in listed(app)
        await press(pilot, "f7")
        assert "1-1-101" in listed(app)
        assert "▣ 已归档" in page(app)
        await press(pilot, "f7")
        assert "1-1-101" not in listed(app)


async def test_an_empty_register_says_what_to_do(tmp_path: Path) -> None:
    found(tmp_path / "s.db")
    async with at(tmp_path / "s.db") as (app, pilot):
        assert "还没有住户。按 F5 新增一户，或按 F6 从表格导入" in page(app)
        await press(pilot, "f4")
        assert "新增住户时楼栋会自动建好" in page(app)
        await press(pilot, "f5")
        assert "请先按 F2 回到住户" in said(app)
        await press(pilot, "f2", "zzz")
        assert "没有找到“zzz”" in page(app)


async def test_two_clicks_open_a_household(register: Path) -> None:
    async with at(register) as (app, pilot):
        shown = app.screen.query_one("#households", LongList)
        await pilot.click(shown, offset=(4, 3))
        await rest(pilot)
        assert shown.cursor == 2
        await pilot.click(shown, offset=(4, 3))
        await rest(pilot)
        assert "住户 1-2-302" in page(app)


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40)])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_odd_text_stands_as_it_is_on_every_screen(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    i18n.use(language)
    long_note = ODD + "排水井堵塞" * 990
    person = str(edge.new_id())
    home = household("1-1-1", ODD, "13800000001", note=long_note, status=ODD[:20], kind=ODD, layout=ODD)
    found(
        tmp_path / "s.db",
        home,
        Intent("building.add", {"id": str(edge.new_id()), "code": "[a栋]", "name": ODD, "note": ODD}),
        Intent("person.add", {"id": person, "name": "[/b]张", "skills": [ODD], "note": long_note}),
        Intent(
            "responsibility.assign",
            {"id": str(edge.new_id()), "subject": "road", "place": ODD, "person": person, "note": ODD},
        ),
        name=ODD,
    )
    async with at(tmp_path / "s.db", size=size) as (app, pilot):
        assert "[/b] [a栋] 123" in page(app)
        await press(pilot, "f4")
        assert "[A栋]" in page(app)
        await press(pilot, "f3", ODD)
        await press(pilot, *["backspace"] * len(ODD), "[/b]张", "enter")
        assert isinstance(app.screen, PersonScreen)
        assert "[/b] [a栋] 123" in page(app)
        for key in ("1", "2", "4", "5", "6", "7", "8"):
            await press(pilot, key)
            assert app.screen is not app.screen_stack[-2]
            await press(pilot, "escape")
            assert isinstance(app.screen, PersonScreen), key
        await press(pilot, "escape", "f2", *["backspace"] * 5, "enter")
        assert isinstance(app.screen, HouseholdScreen)
        assert "[/b] [a栋]" in page(app)
        for key in ("1", "2", "3", "4", "5"):
            await press(pilot, key, "escape")
            assert isinstance(app.screen, HouseholdScreen), key
        for line in page(app).split("\n"):
            line.encode()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_help_says_what_each_screen_is_for(register: Path, language: str) -> None:
    i18n.use(language)
    async with at(register) as (app, pilot):
        for keys in ((), ("enter",), ("enter",), ("1",)):
            await press(pilot, *keys)
            await press(pilot, "f1")
            assert isinstance(app.screen, Help)
            assert len(app.screen.query(".key")) >= 3
            await press(pilot, "escape")
