"""A morning at the station: people come one after the other and check in at the laptop on the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from post_desk import NOW, checkins, do, person, sits, station
from post_desk import at as moment
from register_desk import ODD, at, fill, found, listed, page, press, rest, rows, said
from sewer_desk import hit, write

from tui import edge
from tui.widgets.long_list import LongList

ABSENT = "select p.name, a.absence, a.absence_words from assignment a join person p on p.id = a.person_id where a.absence <> ''"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    return station(tmp_path / "store.db")


async def test_two_check_in_by_one_key_and_by_pinyin_and_the_laptop_is_theirs(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        assert "未签到 2 人" in page(app)
        await press(pilot, "1")
        assert "张三 8:52 签到 迟到22分，现在由张三操作本机" in said(app)
        assert app.context.status().person == "张三"
        await press(pilot, "ls", "enter")
        assert "李四 8:52 签到 迟到22分" in said(app)
        assert app.context.status().person == "李四"
        assert "未签到" not in page(app).split("\n")[1]
        await hit(pilot, "ctrl+z")
        assert "已撤销" in said(app)
        assert app.context.status().person == "张三"
    assert checkins(store) == [("张三", "00:52", None, 0, "")]
    recorders = rows(
        store, "select recorder_id, doer_id from operation where kind = 'duty.check_in' order by n"
    )
    assert all(recorder == doer for recorder, doer in recorders)


async def test_a_full_width_digit_is_a_digit_and_one_too_many_says_so(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "9")
        assert "没有第 9 个" in said(app)
        await press(pilot, "２")
        assert "李四 8:52 签到" in said(app)
    assert [name for name, *_ in checkins(store)] == ["李四"]


async def test_whoever_comes_long_before_their_shift_is_asked_where_they_help(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "3")
        assert "赵六在哪里帮忙" in page(app)
        await press(pilot, "1")
        assert "赵六 8:52 签到" in said(app)
        assert "帮忙" in page(app)
    assert rows(store, "select s.name from checkin c join shift s on s.id = c.shift_id") == [("早班",)]


async def test_a_guest_comes_by_name_and_a_helper_without_a_role_does_not_act(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        await write(pilot, ODD)
        assert "来客" in page(app)
        await press(pilot, "enter")
        assert "8:52 签到" in said(app)
        await press(pilot, "cnn", "enter")
        assert "陈奶奶 8:52 签到" in said(app)
        assert "迟到" not in said(app)  # nobody awaited her
        assert "操作本机" not in said(app)
        assert app.context.status().person == "王德胜"
        await press(pilot, "down", "down", "down")
        assert listed(app)
    assert [name for name, *_ in checkins(store)] == ["[/b] [a栋] 123", "陈奶奶"]
    assert rows(store, "select code from flag") == []


async def test_a_forgotten_check_in_is_made_up_with_reason_and_witness(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "f2")
        await fill(pilot, "came", "０８３５")
        await fill(pilot, "reason", "忙着开门")
        await press(pilot, "f2")
        assert "补签要有证明人" in page(app)
        await fill(pilot, "witness_name", "门卫老周")
        await fill(pilot, "came", "2359")
        await press(pilot, "f2")
        assert "不像是这一班的时间" in page(app)
        await fill(pilot, "came", "９点")
        await press(pilot, "f2")
        assert "时间还没到" in page(app)
        await fill(pilot, "came", "08:3５")
        await press(pilot, "f2")
        assert "补签 张三" in said(app)
        assert "8:35 迟到5分 补" in page(app)
    assert checkins(store) == [("张三", "00:35", None, 1, "忙着开门")]
    assert rows(store, "select witness from checkin") == [("门卫老周",)]


async def test_a_half_typed_form_outlives_the_app(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "f2")
        await fill(pilot, "reason", "忘了")
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "f2")
        assert "忘了" in page(app)


async def test_who_did_not_come_is_marked_with_a_reason_where_they_gave_one(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "f3", "2")
        await press(pilot, "f2")
        assert "请假要写原因" in page(app)
        await fill(pilot, "words", "发烧")
        await press(pilot, "f2")
        assert "登记张三请假" in said(app)
        assert "− 请假" in page(app)
        assert "发烧" in page(app)
        await press(pilot, "f3", "3", "f2")
        assert "取消张三的缺勤登记" in said(app)
    assert rows(store, ABSENT) == []


async def test_another_comes_instead_and_the_shift_is_theirs_until_undone(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "f4", "zl", "enter")
        assert "替下张三" in said(app)
        held = "select p.name from assignment a join person p on p.id = a.person_id join shift s on s.id = a.shift_id"
        living = f"{held} where s.name = '早班' and not a.archived order by p.name"
        assert rows(store, living) == [("李四",), ("赵六",)]
        assert [name for name, *_ in checkins(store)] == ["赵六"]
        await hit(pilot, "ctrl+z")
        assert "已撤销" in said(app)
    assert rows(store, living) == [("张三",), ("李四",)]
    assert checkins(store) == []


async def test_a_volunteer_who_sits_there_may_replace_and_undo_as_well(store: Path) -> None:
    sits(store, "李四")
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "f4", "zl", "enter")
        assert "替下张三" in said(app)
        await hit(pilot, "ctrl+z")
        assert "已撤销" in said(app), said(app)


async def test_somebody_who_came_checks_out_from_their_row(store: Path) -> None:
    [(shift,)] = rows(store, "select id from shift where name = '早班'")
    do(store, "duty.check_in", when=moment(8, 28), shift=str(shift), guest="小周")
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "down", "down", "f5")
        assert "小周签退" in said(app)
    assert checkins(store) == [("小周", "00:28", "00:52", 0, "")]


async def test_a_click_on_the_highlighted_name_checks_in_and_one_on_a_deed_does_it(store: Path) -> None:
    async with at(store, "duty_desk", size=(120, 40)) as (app, pilot):
        await pilot.click(LongList, offset=(10, 2))
        await rest(pilot)
        await pilot.click(LongList, offset=(10, 2))
        await rest(pilot)
        assert "李四 8:52 签到" in said(app)
        await pilot.click("Deeds", offset=(2, 0))
        await rest(pilot)
        assert "先选还没签到的人" in said(app)


async def test_without_a_post_and_without_a_person_the_desk_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    found(tmp_path / "empty.db")
    async with at(tmp_path / "empty.db", "duty_desk") as (app, pilot):
        assert "还没有岗位" in page(app)
        await press(pilot, "enter")
        assert "先选一个人" in said(app)
        await press(pilot, "wds", "enter")
        assert "王德胜 8:52 签到" in said(app)
    assert person(tmp_path / "empty.db", "王德胜")


async def test_the_founder_without_a_person_checks_guests_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.desk import Desk

    monkeypatch.setattr(edge, "clock", lambda: NOW)
    desk = Desk(tmp_path / "bare.db")
    desk.open()
    assert desk.found("新小区").refused is None
    desk.close()
    async with at(tmp_path / "bare.db", "duty_desk") as (app, pilot):
        assert "还没人操作本机" in page(app)
        await write(pilot, "小周")
        await press(pilot, "enter")
        assert "小周 8:52 签到" in said(app)
        await press(pilot, "f6")
        assert "没有等人接班" in said(app)
    assert [name for name, *_ in checkins(tmp_path / "bare.db")] == ["小周"]
