"""The calendar's days and the rules of duty: what is known, what the compound sets, and what comes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from register_desk import ODD, at, fill, listed, page, press, rows, said, settled

from models.operations.envelope import Intent
from tui import edge
from tui.desk import Desk

MORNING = datetime(2026, 9, 10, 2, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(edge, "clock", lambda: MORNING)
    return settled(tmp_path / "store.db")


def sit_volunteer(path: Path) -> None:
    desk = Desk(path)
    desk.open()
    person = str(edge.new_id())
    term = {"id": str(edge.new_id()), "person": person, "role": "volunteer", "since": "2020-01-01"}
    desk.perform(Intent("person.add", {"id": person, "name": "赵志愿"}), Intent("role.grant", term))
    desk.act_as(UUID(person))
    desk.close()


async def test_a_years_days_are_shown_and_one_is_set_changed_and_put_back(store: Path) -> None:
    async with at(store, "calendar_days", size=(100, 30)) as (app, pilot):
        assert "已收录" in page(app)
        # The next of the days is in front.
        assert "> 2026-09-20" in page(app)
        await press(pilot, "1")
        await fill(pilot, "first", "2026-09-12")
        await fill(pilot, "last", "2026-09-13")
        await fill(pilot, "name", f"邻里节{ODD}")
        await press(pilot, "f2")
        assert "邻里节" in page(app)
        assert "小区设的，原为周末" in page(app)
        assert rows(store, "select count(*) from special_day where archived = 0") == [(2,)]
        await press(pilot, "u")
        assert "邻里节" not in page(app)
        # A day that is known is set otherwise by Enter, and by 2 it is as it was.
        await press(pilot, "enter")
        await fill(pilot, "kind", "weekend")
        await press(pilot, "f2")
        assert "小区设的，原为调休上班" in page(app)
        await press(pilot, "2")
        assert "小区设的" not in page(app)
        await press(pilot, "enter")
        await fill(pilot, "kind", "workday")
        await press(pilot, "f2", "u")
        assert "小区设的" not in page(app)  # what came back goes again by undo
        await press(pilot, "enter")
        await fill(pilot, "kind", "workday")
        await press(pilot, "f2")
    assert rows(store, "select day, kind from special_day where archived = 0") == [("2026-09-20", "workday")]


async def test_a_year_whose_plan_is_not_known_says_so(store: Path) -> None:
    async with at(store, "calendar_days") as (app, pilot):
        for _ in range(24):
            await press(pilot, "right")
        assert "2050" in page(app)
        assert "还没有收录" in page(app)
        assert any(name.startswith("2050-10-01") for name in listed(app))
        await press(pilot, "2")
        assert "不用恢复" in said(app)


async def test_days_end_where_the_calendar_ends_and_a_long_span_is_refused(store: Path) -> None:
    async with at(store, "calendar_days") as (app, pilot):
        await press(pilot, "1")
        await fill(pilot, "first", "2026-09-12")
        await fill(pilot, "last", "2026-09-11")
        await press(pilot, "f2")
        assert "早于第一天" in page(app)
        await fill(pilot, "last", "2027-09-11")
        await press(pilot, "f2")
        assert "最多 60 天" in page(app)
    assert rows(store, "select count(*) from special_day") == [(0,)]


async def test_what_a_rule_comes_to_stands_in_a_narrow_room_too(store: Path) -> None:
    async with at(store, "duty_rules", size=(80, 24)) as (app, _pilot):
        assert "8 小时折算 12 小时：" in page(app)
        assert "3 小时折算 3.75 小时" in page(app)


async def test_rules_are_changed_with_an_example_before_ones_eyes_and_put_back(store: Path) -> None:
    async with at(store, "duty_rules", size=(140, 40)) as (app, pilot):
        assert "8 小时折算 12 小时：" in page(app)
        await press(pilot, "enter")
        await fill(pilot, "night", "２００")
        assert "夜间 8 小时折算 16 小时" in page(app)
        await fill(pilot, "rest_minutes", "10")
        await press(pilot, "f2")
        assert "8 小时折算 16 小时" in page(app)
        assert "改过" in page(app)
        assert rows(store, "select night, rest_minutes, most_per_week from duty_ruling") == [(200, 600, 3)]
        await press(pilot, "u")
        assert "8 小时折算 12 小时" in page(app)
        await press(pilot, "2")
        assert "都是自带的" in said(app)


async def test_what_is_shown_in_hours_is_kept_to_the_minute_while_nobody_changes_it(store: Path) -> None:
    desk = Desk(store)
    desk.open()
    set_here = {"night": 150, "weekend": 125, "holiday": 200, "festival": 300, "rest_minutes": 450}
    desk.perform(Intent("duty.rule", {**set_here, "most_per_week": 0, "grace_minutes": 5, "no_show": 0}))
    desk.close()
    async with at(store, "duty_rules") as (app, pilot):
        assert "不限" in page(app)
        await press(pilot, "1")
        await fill(pilot, "grace_minutes", "20")
        await press(pilot, "f2")
    assert rows(store, "select rest_minutes, grace_minutes from duty_ruling") == [(450, 20)]


async def test_a_volunteer_may_look_and_is_told_who_sets_days_and_rules(store: Path) -> None:
    sit_volunteer(store)
    async with at(store, "duty_rules") as (app, pilot):
        for key in ("enter", "1", "2"):
            await press(pilot, key)
            assert "委员、主任" in said(app)
        await press(pilot, "escape")
        app.enter("calendar_days")
        await press(pilot, "enter")
        for key in ("enter", "1", "2"):
            await press(pilot, key)
            assert "委员、主任" in said(app)
