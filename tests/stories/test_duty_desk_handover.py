"""At half past eleven the morning's shift goes, and the next one comes: 交接班."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from post_desk import NOW, add_shift, checkins, do, person, sits, station
from post_desk import at as moment
from register_desk import ODD, at, fill, page, press, rest, rows, said
from sewer_desk import hit, on_top

from tui import edge
from tui.screens.duty.handover import HandOverPage

BATONS = (
    "select t.code, h.name, o.name from ticket t join person h on h.id = t.holder_id"
    " left join person o on o.id = t.offered_to_id order by t.code"
)
LEFT = (
    "select h.words, h.keys, h.cash, p.name, h.archived from handover h left join person p on p.id = h.to_id"
)
FOUND = "select confirmed_keys, confirmed_cash, confirmed_words from handover"
FLAGS = "select code from flag order by code"
LATER = NOW + timedelta(hours=2, minutes=40)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """张三 came at 8:28, and took two questions in; it is 11:32."""
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    path = station(tmp_path / "store.db")
    [(shift,)] = rows(path, "select id from shift where name = '早班'")
    do(path, "duty.check_in", by="张三", when=moment(8, 28), shift=str(UUID(str(shift))))
    sits(path, "张三")
    do(path, "ticket.report", code="KT1", what="厨房下水堵了", category="drain", place="南大门")
    do(path, "ticket.report", code="KT2", what=ODD, place="车棚")
    monkeypatch.setattr(edge, "clock", lambda: LATER)
    return path


async def test_nobody_checks_out_silently_over_two_batons(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "f5")
        assert isinstance(app.screen, HandOverPage)
        assert "下一班：赵六" in page(app)
        assert "今天 2 张" in page(app)
        await press(pilot, "f2")
        assert "还有 2 件首问没交代：KT1、KT2" in said(app)
        await press(pilot, "f3", "down", "f6")
        await fill(pilot, "words", "配件没到")
        await press(pilot, "f2")
        assert "→ 赵六" in page(app)
        assert "■ 留：配件没到" in page(app)
        await fill(pilot, "words", "三单元阿婆来问过退休证")
        await fill(pilot, "cash", "１２０．５０")
        await press(pilot, "f2")
        assert on_top(app) == "CheckInDesk"
        assert "张三已签退，交出 1 件，留 1 件" in said(app)
        assert "待接班 1 份" in page(app)
    assert rows(store, BATONS) == [("KT1", "张三", "赵六"), ("KT2", "张三", None)]
    assert rows(store, LEFT) == [("三单元阿婆来问过退休证", "大门 2 把", 12050, "赵六", 0)]
    assert checkins(store)[0][2] == "03:32"
    groups = rows(
        store,
        "select count(distinct group_id), count(*) from operation where n > (select max(n) - 4 from operation)",
    )
    assert groups == [(1, 4)]
    assert rows(store, FLAGS) == []


async def test_one_undo_takes_all_of_a_check_out_back(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "f5", "f3", "f2")
        assert "交出 2 件" in said(app)
        await hit(pilot, "ctrl+z")
        assert "已撤销" in said(app), said(app)
    assert [offered for *_, offered in rows(store, BATONS)] == [None, None]
    assert checkins(store)[0][2] is None
    assert [archived for *_, archived in rows(store, LEFT)] == [1]


async def test_leaving_the_page_keeps_what_was_typed_and_so_does_a_power_cut(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "f5", "f3")
        await fill(pilot, "words", "水表井盖松了")
        await press(pilot, "escape")
        assert checkins(store)[0][2] is None
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "f5")
        assert "→ 赵六" in page(app)
        assert "水表井盖松了" in page(app)
        await press(pilot, "f4")
        assert "没交代" in page(app)
        assert "水表井盖松了" not in page(app)


async def test_the_next_sees_at_once_that_cash_and_keys_differ_and_takes_the_batons(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "f5", "f3")
        await fill(pilot, "cash", "120")
        await press(pilot, "f2", "f6", "1")
        assert "这是张三自己交的班" in said(app)
        await press(pilot, "escape", "zl", "enter")
        assert "赵六 11:32 签到" in said(app) or "在哪里帮忙" in page(app)
        await press(pilot, "1") if "在哪里帮忙" in page(app) else None
        await press(pilot, "f6", "1")
        await fill(pilot, "cash", "116.5")
        assert "现金少 3.50 元" in page(app)
        await fill(pilot, "keys", "大门 1 把")
        assert "钥匙不符" in page(app)
        await press(pilot, "f2")
        assert "接了张三的班，接手 2 件" in said(app)
        assert "有出入" in page(app)
        await press(pilot, "escape")
        assert "待接班" not in page(app)
    assert rows(store, BATONS) == [("KT1", "赵六", None), ("KT2", "赵六", None)]
    assert rows(store, FOUND) == [("大门 1 把", 11650, "")]
    assert rows(store, FLAGS) == [("duty.cash_differs",)]


async def test_who_holds_nothing_and_says_nothing_only_checks_out(store: Path) -> None:
    [(shift,)] = rows(store, "select id from shift where name = '早班'")
    do(store, "duty.check_in", by="李四", when=moment(8, 30), shift=str(UUID(str(shift))))
    async with at(store, "duty_desk") as (app, pilot):
        await press(pilot, "ls", "f5")
        await fill(pilot, "keys", "")
        await press(pilot, "f2")
        assert "李四已签退" in said(app)
    assert rows(store, LEFT) == []
    assert rows(store, FLAGS) == []


async def test_who_forgot_to_check_out_last_night_is_still_there_and_went_when_the_shift_ended(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sits(store, "王德胜")
    shift = add_shift(store, moment(18, days=-1), "李四", name="夜班")
    do(store, "duty.check_in", by="李四", when=moment(18, days=-1), shift=shift)
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    async with at(store, "duty_desk") as (app, pilot):
        assert "服务台 夜班" in page(app)
        assert "! 没签退" in page(app)
        await press(pilot, "ls", "down", "f5")
        assert "几点走的" in page(app)
        await press(pilot, "f2")
        assert "李四已签退" in said(app)
    assert ("李四", "10:00", "13:00", 0, "") in checkins(store)


async def test_hand_overs_are_listed_with_those_that_wait_first_and_copied_masked(store: Path) -> None:
    do(store, "duty.hand_over", by="张三", when=moment(10), words="先前的", keys="甲")
    [(first,)] = rows(store, "select id from handover")
    do(store, "duty.confirm", by="李四", when=moment(10, 5), handover=str(UUID(str(first))), keys="甲")
    do(store, "duty.hand_over", by="张三", when=moment(9), words=ODD, to=person(store, "李四"))
    async with at(store, "handovers") as (app, pilot):
        text = page(app)
        assert text.index("◷ 待接班") < text.index("✓ 已接班")
        await press(pilot, "enter", "f5")
        shown = page(app)
        assert "张* → 李*" in shown
        assert "李四" not in shown.split("交接班")[-1]


async def test_a_line_is_written_found_by_pinyin_and_copied_with_its_day(store: Path) -> None:
    do(store, "duty.hand_over", by="李四", when=moment(10, days=-1), words="钥匙在抽屉")
    async with at(store, "log_book") as (app, pilot):
        await press(pilot, "f2")
        await fill(pilot, "words", "消防通道停了车\n已劝离")
        await press(pilot, "f2")
        assert "写进日志" in said(app)
        assert "消防通道停了车" in page(app)
        await press(pilot, "xftd")
        await rest(pilot)
        assert "钥匙在抽屉" not in page(app)
        await press(pilot, "f5")
        assert "张*：消防通道停了车" in page(app)
        await press(pilot, "escape", *["backspace"] * 4)
        await press(pilot, "ls")
        assert "钥匙在抽屉" in page(app)
        await press(pilot, "enter")
        assert on_top(app) == "HandOverCard"
        await press(pilot, "escape", "f6")
        assert "交接班不能在这里撤下" in said(app)


async def test_the_book_is_narrowed_by_person_and_days(store: Path) -> None:
    do(store, "duty.note", by="李四", when=moment(10, days=-3), words="三天前的事")
    do(store, "duty.note", by="张三", when=moment(10), words=ODD)
    async with at(store, "log_book") as (app, pilot):
        assert "[/b] [a栋]" in page(app)
        await press(pilot, "f4")
        await fill(pilot, "first", "2026-03-09")
        await fill(pilot, "last", "20260309")
        await press(pilot, "f2")
        assert "三天前的事" in page(app)
        assert "[a栋]" not in page(app)
        assert "2026-03-09" in page(app).split("\n")[0]
