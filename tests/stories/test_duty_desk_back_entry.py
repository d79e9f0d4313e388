"""The week's paper sheet lies on the table, and somebody types it in."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from post_desk import NOW, checkins, station
from post_desk import at as moment
from register_desk import at, page, press, rows, said
from sewer_desk import write

from tui import edge

PLACES = (
    "select p.name from assignment a join person p on p.id = a.person_id join shift s on s.id = a.shift_id"
    " where not a.archived and s.name = '早班' order by p.name"
)
EVENING = NOW + timedelta(hours=9)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(edge, "clock", lambda: EVENING)
    return station(tmp_path / "store.db")


async def test_a_sheet_is_typed_in_with_enter_times_and_digits_and_kept_as_one_change(store: Path) -> None:
    async with at(store, "back_entry") as (app, pilot):
        assert "3 行，已录 0" in page(app)
        await press(pilot, "enter", "1")
        await write(pilot, "０８５１ 1120")
        await press(pilot, "enter")
        assert "✓ 8:51–11:20 迟到21分" in page(app)
        await press(pilot, "3", "enter")
        assert "请假要写原因" in said(app)
        await write(pilot, "[/b] 发烧")
        await press(pilot, "enter")
        assert "− 请假：[/b] 发烧" in page(app)
        await press(pilot, "5")
        await write(pilot, "大学生小周")
        await press(pilot, "f5")
        assert "+ 多来" in page(app)
        assert "待存 4 行" in page(app)
        await press(pilot, "f2")
        assert "补录 4 行" in said(app)
        assert "已录 2" in page(app)
        kept = checkins(store)
        absent = "select absence_words from assignment where absence = 'excused'"
        assert rows(store, absent) == [("[/b] 发烧",)]
        await pilot.press("u")
        await press(pilot)
        assert "已撤销" in said(app)
    assert kept == [
        ("张三", "00:30", "03:30", 0, ""),
        ("李四", "00:51", "03:20", 0, ""),
        ("大学生小周", "06:00", "09:00", 0, ""),
    ]
    assert checkins(store) == []


async def test_another_who_came_has_the_shift_until_it_is_undone(store: Path) -> None:
    async with at(store, "back_entry") as (app, pilot):
        assert f"{NOW:%Y-%m-%d} 周" in page(app)
        await press(pilot, "4", "zl", "enter")
        assert "⇄ 赵六来的" in page(app)
        await press(pilot, "f2")
        assert "补录 1 行" in said(app)
        assert rows(store, PLACES) == [("李四",), ("赵六",)]
        await press(pilot, "u")
        assert "已撤销" in said(app)
    assert rows(store, PLACES) == [("张三",), ("李四",)]
    assert rows(store, "select state from swap") == [("withdrawn",)]


async def test_who_never_checked_out_is_checked_out_by_the_sheet(store: Path) -> None:
    from uuid import UUID

    from post_desk import do

    [(shift,)] = rows(store, "select id from shift where name = '早班'")
    do(store, "duty.check_in", by="张三", when=moment(8, 28), shift=str(UUID(str(shift))))
    async with at(store, "back_entry") as (app, pilot):
        assert "没签退" in page(app)
        await press(pilot, "enter")
        assert "补上签退 11:30" in page(app)
        await press(pilot, "f2")
    assert checkins(store) == [("张三", "00:28", "03:30", 0, "")]


async def test_what_is_to_come_is_not_typed_in_and_what_was_typed_outlives_the_app(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    async with at(store, "back_entry") as (app, pilot):
        await press(pilot, "down", "down", "enter")
        assert "这一班还没开始" in said(app)
        await press(pilot, "up", "2", "right")
        assert "先用 F2 存好这张" in said(app)
    async with at(store, "back_entry", day=date(2026, 3, 1)) as (app, pilot):
        assert "× 缺勤" in page(app)
        await press(pilot, "f4", "left")
        assert "没有已发布的班次" in page(app)
        await press(pilot, "f3")
        assert "03-09 周一 – 03-15 周日" in page(app)
        assert "3 行" in page(app)
