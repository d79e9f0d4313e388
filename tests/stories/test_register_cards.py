from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from register_desk import at, fill, listed, page, press, rest, rows, said, settled

from models.operations.envelope import Intent
from tui.desk import Desk
from tui.screens.confirm import Confirm
from tui.screens.filling import SavingForm
from tui.screens.picking import Pick
from tui.screens.register.household import HouseholdScreen
from tui.screens.register.person import PersonScreen
from tui.widgets.deeds import Deeds
from tui.widgets.form import Form
from tui.widgets.text import PushButton


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return settled(tmp_path / "store.db")


def last_payload(path: Path) -> Any:
    import json

    return json.loads(rows(path, "select payload from operation order by n desc limit 1")[0][0])


async def test_a_phone_is_changed_in_four_keys_and_the_number(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "1-1-102", "enter", "1", "１３９００００００００", "f2")
        assert said(app) == "1-1-102 的资料已存 · 按 U 撤销"
        assert "13900000000" in page(app)
    edit = last_payload(register)
    # Only what was changed travels, with the value it replaces.
    assert edit["new"] == {"phones": ["13900000000"]}
    assert edit["old"] == {"phones": []}


async def test_an_area_is_kept_to_the_hundredth_and_full_width_digits_count(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "1-1-101", "enter", "1")
        await fill(pilot, "area", "１２０．２９")
        await fill(pilot, "floor", "-1")
        await press(pilot, "f2")
        assert "120.29 m²" in page(app)
    assert last_payload(register)["new"] == {"area": 12_029, "floor": -1}


async def test_a_mistake_is_told_beneath_its_field_and_nothing_typed_is_lost(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "enter", "1")
        await fill(pilot, "phones", "138x")
        await fill(pilot, "area", "89.555")
        await press(pilot, "f2")
        assert "× 这不是电话号码" in page(app)
        assert isinstance(app.screen, SavingForm)
        assert app.screen.query_one(Form).texts["area"] == "89.555"
        await fill(pilot, "phones", "13800000005、0732-5551234")
        await fill(pilot, "area", "89.55")
        await press(pilot, "f2")
        assert "13800000005、0732-5551234" in page(app)


async def test_a_note_of_several_lines_survives_an_edit_of_another_field(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "enter", "1")
        assert app.screen.query_one(Form).texts["note"] == "独居⏎耳背"
        await fill(pilot, "status", "出租")
        await press(pilot, "f2")
        assert "出租" in page(app)
    assert last_payload(register)["new"] == {"status": "出租"}


async def test_u_takes_back_the_last_change_and_then_the_one_before(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "enter")
        await press(pilot, "u")
        assert "没有可撤销的" in said(app)
        for status in ("出租", "空置"):
            await press(pilot, "1")
            await fill(pilot, "status", status)
            await press(pilot, "f2")
        await press(pilot, "u")
        assert said(app) == "已撤销这一步：1-1-101 的资料已存"
        assert "出租" in page(app)
        await press(pilot, "u")
        assert "自住" in page(app)


async def test_a_tenant_who_is_new_moves_in_and_out_again(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "1-2-302", "enter", "2")
        assert isinstance(app.screen, Pick)
        await press(pilot, "孙七")
        assert "按 F5 新增这个人" in page(app)
        # The name that was searched for stands in the form already.
        await press(pilot, "f5", "enter", "3", "13700000000", "f2")
        assert said(app) == "孙七已登记到 1-2-302 · 按 U 撤销"
        assert listed(app) == ["业主", "租户"]
        assert "13700000000" in page(app)
        await press(pilot, "down", "3")
        assert "孙七搬出 1-2-302" in page(app)
        await fill(pilot, "until", "2020-01-01")
        await press(pilot, "f2")
        assert isinstance(app.screen, SavingForm)  # refused: it would end before it began
        assert "不能早于开始日期" in page(app)
        assert app.screen.query_one(Form).texts["until"] == "2020-01-01"
        await fill(pilot, "until", "２０９９年1月2日")
        await press(pilot, "f2")
        assert "2099-01-02" in page(app)
        await press(pilot, "u")
        assert "2099-01-02" not in page(app)
        await press(pilot, "u")
        assert listed(app) == ["业主"]


async def test_somebody_known_buys_a_flat_and_the_former_owner_is_kept_as_past(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "1-1-102", "enter", "3")
        assert "李四不再是 1-1-102 的业主" in page(app)
        await press(pilot, "f2")
        assert "○ 以前" in page(app)
        await press(pilot, "2", "ww", "enter")
        assert "王五住进 1-1-102" in page(app)
        await press(pilot, "f2")
        assert "● 现在" in page(app)
        assert "○ 以前" in page(app)
        assert [line for line in page(app).split("\n") if "王五" in line and "业主" in line]
        # What has ended cannot end again, which is said.
        await press(pilot, "down", "3")
        assert "已经写了结束日期" in said(app)


async def test_a_volunteer_becomes_contact_and_is_replaced(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "enter", "4", "1")
        assert "1-1-101 由王德胜联系" in said(app)
        assert "王德胜" in page(app)
        await press(pilot, "escape")
        assert "王德胜" in page(app)  # a column of the list
        await press(pilot, "f3", "王德胜", "enter")
        assert "联系" in listed(app)


async def test_a_household_entered_twice_is_merged_after_a_question_that_says_what_moves(
    register: Path,
) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "2-1-501", "enter", "5", "1-1-101", "enter")
        assert isinstance(app.screen, Confirm)
        assert "的住户（张三）" in page(app)
        assert isinstance(app.focused, PushButton)
        assert app.focused.id == "safe"
        await press(pilot, "enter")
        assert "住户 2-1-501" in page(app)
        await press(pilot, "5", "1-1-101", "enter", "right", "enter")
        assert "2-1-501 已并入 1-1-101" in said(app)
        assert "住户 1-1-101" in page(app)
        assert listed(app) == ["业主", "业主"]
        await press(pilot, "u")
        assert "没有撤销" in said(app)
        await press(pilot, "5", "1-1-101", "enter")
        assert "选的是它自己" in said(app)


async def test_archiving_can_be_taken_back_and_shuts_other_actions_meanwhile(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "enter", "6")
        assert "▣ 已归档" in page(app)
        assert "(1 改资料)" in page(app)  # shut, by brackets and not by colour alone
        await press(pilot, "1")
        assert said(app) == "已归档，先恢复再改"
        await press(pilot, "6")
        assert "1-1-101 已恢复" in said(app)


async def test_the_digits_can_be_clicked(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "enter")
        await pilot.click(Deeds, offset=(3, 0))
        await rest(pilot)
        assert isinstance(app.screen, SavingForm)


async def test_a_half_typed_form_outlives_esc_and_the_app(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "enter", "1")
        assert "上次没保存" not in page(app)
        await press(pilot, "escape", "1")
        assert "上次没保存" not in page(app)  # nothing was typed
        await fill(pilot, "status", "半句话")
        await press(pilot, "escape", "1")
        assert "上次没保存的内容还在" in page(app)
        assert app.screen.query_one(Form).texts["status"] == "半句话"
    async with at(register) as (app, pilot):
        await press(pilot, "enter", "1")
        assert app.screen.query_one(Form).texts["status"] == "半句话"
        await press(pilot, "f4")
        assert app.screen.query_one(Form).texts["status"] == "自住"
        await press(pilot, "escape", "1")
        assert "上次没保存" not in page(app)
    assert rows(register, "select count(*) from draft") == [(0,)]


async def test_saving_forgets_the_draft(register: Path) -> None:
    async with at(register) as (_app, pilot):
        await press(pilot, "enter", "1")
        await fill(pilot, "status", "出租")
        await press(pilot, "f2")
    assert rows(register, "select count(*) from draft") == [(0,)]


async def test_f2_pressed_twice_does_it_once(register: Path) -> None:
    async with at(register) as (_app, pilot):
        await press(pilot, "enter", "2", "孙七", "f5")
        await pilot.press("f2", "f2")
        await rest(pilot)
    assert rows(register, "select count(*) from person where name = '孙七'") == [(1,)]


async def test_saving_what_was_not_changed_says_so(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "enter", "1", "f2")
        assert said(app) == "没有改动"


# People


async def open_person(pilot: Any, name: str) -> None:
    await press(pilot, "f3", name, "enter")
    assert isinstance(pilot.app.screen, PersonScreen)


async def test_a_persons_fields_are_edited(register: Path) -> None:
    async with at(register) as (app, pilot):
        await open_person(pilot, "赵六")
        await press(pilot, "1")
        await fill(pilot, "skills", "电工、理发")
        await fill(pilot, "sex", "female")
        await press(pilot, "f2")
        assert "电工、理发" in page(app)
        assert "女" in page(app)
    assert last_payload(register)["new"] == {"sex": "female", "skills": ["电工", "理发"]}


async def test_a_role_is_granted_with_a_term_and_ended(register: Path) -> None:
    async with at(register) as (app, pilot):
        await open_person(pilot, "赵六")
        await press(pilot, "4", "2", "enter")  # 楼栋长, then the building's chooser
        await press(pilot, "1", "f2")
        assert "赵六担任楼栋长" in said(app)
        assert "1栋" in page(app)
        row = listed(app).index("职务")
        await press(pilot, *["down"] * row, "3")
        assert "赵六卸任楼栋长" in page(app)
        await press(pilot, "f2")
        assert "○ 以前" in page(app)


async def test_the_last_director_cannot_step_down_and_the_form_says_why(register: Path) -> None:
    async with at(register) as (app, pilot):
        await open_person(pilot, "王德胜")
        await press(pilot, "3", "f2")
        assert isinstance(app.screen, SavingForm)
        assert "小区至少要有一位主任" in page(app)


async def test_a_team_is_made_joined_and_left(register: Path) -> None:
    async with at(register) as (app, pilot):
        await open_person(pilot, "赵六")
        await press(pilot, "5", "1", "维修队", "f2")
        assert "赵六加入维修队" in said(app)
        await press(pilot, "5", "1")
        assert "已经在队里" in page(app)
        await press(pilot, "escape")
        await press(pilot, *["down"] * listed(app).index("队伍"), "3", "f2")
        assert "○ 以前" in page(app)


async def test_duties_for_a_building_and_for_a_road(register: Path) -> None:
    async with at(register) as (app, pilot):
        await open_person(pilot, "赵六")
        await press(pilot, "7", "enter", "enter")
        await press(pilot, "1", "f2")
        assert "赵六负责1栋" in said(app)
        await press(pilot, "7", "3")
        await fill(pilot, "place", "东门路")
        await press(pilot, "f2")
        assert "赵六负责东门路" in said(app)
        await press(pilot, "7", "2", "f2")
        assert isinstance(app.screen, SavingForm)  # a facility without a place is refused, in words
        assert "楼栋要选楼号，其他要写地点" in page(app)
        await press(pilot, "escape", "escape", "f2", *["backspace"] * 2, "1-1-101", "enter")
        assert [line for line in page(app).split("\n") if "楼栋长" in line and "赵六" in line]


async def test_a_person_moves_in_and_visits_from_their_own_card(register: Path) -> None:
    async with at(register) as (app, pilot):
        await open_person(pilot, "赵六")
        await press(pilot, "2", "1-1-102", "enter", "3", "f2")
        assert "赵六已登记到 1-1-102" in said(app)
        await press(pilot, "6", "1-1-101", "enter")
        assert "1-1-101 由赵六联系" in said(app)
        assert "租户" in page(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, HouseholdScreen)


async def test_two_of_one_person_are_merged(register: Path) -> None:
    async with at(register) as (app, pilot):
        await open_person(pilot, "张三")
        assert listed(app) == ["住房"]
        await press(pilot, "8", "zs", "enter")
        if "选的是它自己" in said(app):
            await press(pilot, "8", "zs", "down", "enter")
        await press(pilot, "right", "enter")
        assert "张三 已并入 张三" in said(app)
        assert listed(app) == ["住房", "住房"]


async def test_a_person_is_archived_and_brought_back(register: Path) -> None:
    async with at(register) as (app, pilot):
        await open_person(pilot, "赵六")
        await press(pilot, "9")
        assert "▣ 已归档" in page(app)
        await press(pilot, "9")
        assert "赵六 已恢复" in said(app)


async def test_who_may_not_change_the_register_is_told_why(register: Path) -> None:
    desk = Desk(register)
    desk.open()
    helper = "019aa000-0000-7000-8000-000000000001"
    desk.perform(
        Intent("person.add", {"id": helper, "name": "帮手"}),
        Intent("role.grant", {"id": helper[:-1] + "2", "person": helper, "role": "volunteer"}),
    )
    from uuid import UUID

    desk.act_as(UUID(helper))
    desk.close()
    async with at(register) as (app, pilot):
        await press(pilot, "enter", "1")
        await fill(pilot, "status", "出租")
        await press(pilot, "f2")
        assert "当前人员没有这个权限" in page(app)
        assert app.screen.query_one(Form).texts["status"] == "出租"
        await press(pilot, "escape", "6")
        assert "当前人员没有这个权限" in said(app)


async def test_cards_opened_in_a_circle_take_one_esc_each(register: Path) -> None:
    async with at(register) as (app, pilot):
        await press(pilot, "enter", "enter", "enter", "enter", "enter")
        assert len(app.screen_stack) <= 4
