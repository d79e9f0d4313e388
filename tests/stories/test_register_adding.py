from __future__ import annotations

from pathlib import Path

import pytest
from register_desk import at, fill, listed, page, press, rest, rows, said, settled

from tui.screens.choose import Choose
from tui.screens.filling import AddingForm
from tui.screens.register.household import HouseholdScreen
from tui.screens.register.person import PersonScreen
from tui.widgets.form import Form


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return settled(tmp_path / "store.db")


@pytest.mark.parametrize("code", ["3-1-101", "3栋1单元101", "３－１－１０１", "3号楼1单元101室"])
async def test_a_household_is_added_by_any_spelling_of_its_code(register: Path, code: str) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "f5")
        await fill(pilot, "code", code)
        await fill(pilot, "owner", "周八")
        await fill(pilot, "owner_phone", "13600000000")
        await fill(pilot, "area", "75.5")
        await press(pilot, "f2")
        assert isinstance(app.screen, HouseholdScreen)
        assert "住户 3-1-101" in page(app)
        assert "周八" in page(app)
        assert "75.5 m²" in page(app)
        assert "3-1-101 已新增 · 按 Ctrl+Z 撤销" in said(app)
        await press(pilot, "u")
        assert "▣ 已归档" in page(app)


async def test_a_household_that_exists_is_told_at_once_and_opened(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "f5", "1-1-101")
        assert "已有这一户：1-1-101 张三。按 F3 打开它" in page(app)
        await press(pilot, "f2")
        assert isinstance(app.screen, AddingForm)  # it is not added a second time
        await press(pilot, "f3")
        assert isinstance(app.screen, HouseholdScreen)
        assert "住户 1-1-101" in page(app)
        await press(pilot, "escape", "f5")
        assert app.screen.query_one(Form).texts["code"] == "1-1-101"  # nothing typed is lost


async def test_what_is_no_code_is_told_in_words(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "f5", "12", "f2")
        assert "× 房号写成 1-1-1001 或 1栋1单元1001" in page(app)


async def test_a_code_that_was_searched_for_stands_in_the_form(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "9-1-901", "f5")
        assert app.screen.query_one(Form).texts["code"] == "9-1-901"


async def test_a_person_of_the_same_name_or_number_is_shown_first(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "f3", "f5", "张三")
        assert "可能已登记（2 人）：张三 " in page(app)
        assert "1-1-101" in page(app)
        await press(pilot, "f3")
        assert isinstance(app.screen, Choose)
        await press(pilot, "escape")
        await fill(pilot, "name", "新来的")
        assert "可能已登记" not in page(app)
        await fill(pilot, "phones", "13800000004")
        assert "可能已登记（1 人）：赵六" in page(app)
        await press(pilot, "f3")
        assert isinstance(app.screen, PersonScreen)
        assert "人员 赵六" in page(app)


async def test_a_namesake_can_be_added_all_the_same(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "f3", "f5", "赵六", "f2")
        assert isinstance(app.screen, PersonScreen)
        assert "赵六已新增" in said(app)
    assert rows(register, "select count(*) from person where name = '赵六'") == [(2,)]


async def test_a_fast_typist_is_warned_as_well(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "f3", "f5")
        await pilot.press("赵", "六", "f2")
        await rest(pilot)
        if isinstance(app.screen, AddingForm):
            assert "可能已登记（1 人）：赵六" in page(app)
            await press(pilot, "f2")
        assert isinstance(app.screen, PersonScreen)


async def test_an_archived_household_is_opened_rather_than_added_again(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "enter", "6", "escape", "f5", "1-1-101")
        assert "已有这一户：1-1-101 ▣ 已归档" in page(app)
        await press(pilot, "f3", "6", "escape")
        assert listed(app)[0] == "1-1-101"
