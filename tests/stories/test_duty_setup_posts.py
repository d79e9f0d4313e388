"""A committee sets its posts up: ready ones, shifts in plain words, days on which one is not held."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from register_desk import ODD, at, fill, listed, page, press, rows, said, settled
from sewer_desk import on_top

from models.operations.envelope import Intent
from tui import edge
from tui.desk import Desk

ROOM = "posts"
#: A Thursday before National Day, whose plan is known.
MORNING = datetime(2026, 9, 10, 2, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(edge, "clock", lambda: MORNING)
    return settled(tmp_path / "store.db")


def perform(path: Path, *intents: Intent) -> None:
    desk = Desk(path)
    desk.open()
    outcome = desk.perform(*intents)
    desk.close()
    assert outcome.refused is None, outcome.refused


def with_night_shift(path: Path) -> Path:
    """Put a post with one shift, each night, into the store."""
    post = str(edge.new_id())
    template = {"id": str(edge.new_id()), "post": post, "name": "夜班", "starts": 1320, "minutes": 480}
    perform(path, Intent("post.add", {"id": post, "name": "站房"}), Intent("shift_template.add", template))
    return path


def sit(path: Path, name: str, role: str) -> None:
    """Let a new neighbour with a role act at this laptop."""
    person = str(edge.new_id())
    term = {"id": str(edge.new_id()), "person": person, "role": role, "since": "2020-01-01"}
    perform(path, Intent("person.add", {"id": person, "name": name}), Intent("role.grant", term))
    desk = Desk(path)
    desk.open()
    desk.act_as(UUID(person))
    desk.close()


async def test_a_compound_without_posts_begins_with_ready_ones_in_one_key_and_takes_them_back(
    store: Path,
) -> None:
    async with at(store, ROOM) as (app, pilot):
        assert "按 6" in page(app)
        await press(pilot, "6")
        assert [name.strip(" ■") for name in listed(app)] == [
            *("服务台", "上午班", "下午班"),
            *("晚间巡逻", "晚班"),
            *("清洁日", "大扫除"),
        ]
        assert "18 次" in page(app)  # the working days of October
        await press(pilot, "6")
        assert "已经有了" in said(app)
        await press(pilot, "u")
        assert listed(app) == []
    assert rows(store, "select count(*) from shift_template where archived = 0") == [(0,)]


async def test_a_shift_is_told_in_one_sentence_with_the_days_it_falls_on(store: Path) -> None:
    async with at(store, ROOM, size=(100, 30)) as (app, pilot):
        await press(pilot, "3")
        await fill(pilot, "name", "服务台")
        await fill(pilot, "keys", "站门 2 把")
        await press(pilot, "f2", "2")
        await fill(pilot, "name", "上午班")
        await fill(pilot, "starts", "０８３０")
        await fill(pilot, "ends", "3小时")
        for day in "12345":
            await fill(pilot, "weekdays", day)
        await fill(pilot, "weeks", "odd")
        await fill(pilot, "committee", "1")
        await fill(pilot, "skills", "急救 2、电工")
        # While it is typed, the form tells what would come of it.
        assert "往后六周" in page(app)
        assert "09-21 周一" in page(app)
        await press(pilot, "f2", "down")
        assert "周一至周五、单周，8:30–11:30，2 人，至少1名委员" in page(app)
    found = rows(store, "select starts, minutes, weekdays, weeks, needs from shift_template")
    starts, minutes, weekdays, weeks, needs = found[0]
    assert (starts, minutes, json.loads(weekdays), weeks) == (510, 180, [1, 2, 3, 4, 5], "odd")
    assert json.loads(needs) == ["role:committee:1", "skill:急救:2", "skill:电工:1"]


async def test_a_pattern_that_can_never_fall_is_named_and_not_kept(store: Path) -> None:
    async with at(with_night_shift(store), ROOM) as (app, pilot):
        await press(pilot, "2")
        await fill(pilot, "name", "元旦班")
        await fill(pilot, "starts", "8")
        await fill(pilot, "ends", "12")
        await fill(pilot, "month_days", "31")
        await fill(pilot, "since", "2026-11-01")
        await fill(pilot, "last", "2026-11-30")
        await press(pilot, "f2")
        assert on_top(app) == "PreviewForm"
        assert "永远排不出来" in page(app)
        await fill(pilot, "month_days", "月末")
        await fill(pilot, "committee", "3")
        await press(pilot, "f2")
        assert "要求 3 人，可这个班只要 2 人" in page(app)
        await fill(pilot, "committee", "0")
        await press(pilot, "f2")
        assert "已加班次" in said(app)
    assert rows(store, "select month_days, until from shift_template where name = '元旦班'") == [
        ("[-1]", "2026-12-01")
    ]


async def test_what_was_half_typed_is_back_and_said_to_be_until_the_next_key(store: Path) -> None:
    async with at(with_night_shift(store), ROOM) as (app, pilot):
        await press(pilot, "2")
        await fill(pilot, "name", "早班")
        await press(pilot, "escape", "2")
        assert "上次没保存的内容还在" in page(app)
        await fill(pilot, "month_days", "1")
        assert "往后六周" in page(app)


async def test_an_edit_changes_nothing_that_was_not_touched(store: Path) -> None:
    with_night_shift(store)
    template = str(rows(store, "select id from shift_template")[0][0])
    kept = {"needs": ["role:volunteer:1", "team:water:1"], "month_days": [-2, 5]}
    perform(
        store,
        Intent(
            "shift_template.edit", {"template": template, "old": {"needs": [], "month_days": []}, "new": kept}
        ),
    )
    before = rows(store, "select * from shift_template")
    async with at(store, ROOM) as (app, pilot):
        await press(pilot, "down", "1", "f2")
        assert "没有" in said(app)
        assert rows(store, "select * from shift_template") == before
        await press(pilot, "1")
        await fill(pilot, "hands", "4")
        await press(pilot, "f2")
    assert rows(
        store, "select hands, json(needs), json(month_days), starts, minutes from shift_template"
    ) == [(4, '["role:volunteer:1","team:water:1"]', "[-2,5]", 1320, 480)]


async def test_a_whole_holiday_is_taken_off_in_four_keys_and_put_back(store: Path) -> None:
    async with at(with_night_shift(store), ROOM) as (app, pilot):
        await press(pilot, "down", "enter")
        assert on_top(app) == "ShiftPattern"
        assert "次日6:00" in page(app)
        await press(pilot, "3")
        assert "国庆" in page(app)
        await press(pilot, "3")  # behind days of one's own, and Mid-Autumn
        assert "不设：国庆" in said(app)
        off = rows(store, "select day from shift_exception where archived = 0 and held = 0 order by day")
        assert (off[0][0], off[-1][0], len(off)) == ("2026-10-01", "2026-10-07", 7)
        await press(pilot, "u")
        assert rows(store, "select count(*) from shift_exception where archived = 0") == [(0,)]


async def test_one_day_is_taken_off_and_held_again_and_another_held_besides(store: Path) -> None:
    with_night_shift(store)
    template = str(rows(store, "select id from shift_template")[0][0])
    perform(
        store,
        Intent(
            "shift_template.edit", {"template": template, "old": {"weekdays": []}, "new": {"weekdays": [1]}}
        ),
    )
    async with at(store, ROOM) as (app, pilot):
        await press(pilot, "down", "4")
        assert listed(app)[0].startswith("09-14")
        await press(pilot, "2")
        assert "× 不设" in page(app)
        await press(pilot, "2")
        assert "× 不设" not in page(app)
        await press(pilot, "2")  # once more: the same row comes back
        await press(pilot, "4")
        await fill(pilot, "day", "2026-09-21")
        await press(pilot, "f2")
        assert "那天本来就设" in page(app)
        await fill(pilot, "day", "2026-09-23")
        await fill(pilot, "note", ODD)
        await press(pilot, "f2")
        assert "+ 加设" in page(app)
        # Enter asks before it takes a day off; what was said of a day is taken back by its digit.
        await press(pilot, "home", "enter")
        assert "按 2" in said(app)
    assert rows(store, "select day, held, archived from shift_exception order by day") == [
        ("2026-09-14", 0, 0),
        ("2026-09-23", 1, 0),
    ]


async def test_what_is_put_away_is_brought_back_under_its_old_name(store: Path) -> None:
    async with at(with_night_shift(store), ROOM) as (app, pilot):
        await press(pilot, "5")
        assert listed(app) == []
        await press(pilot, "3")
        await fill(pilot, "name", "站房")
        await fill(pilot, "place", "东门")
        await press(pilot, "f2")
        assert [name.strip(" ■") for name in listed(app)] == ["站房", "夜班"]
    assert rows(store, "select name, place, archived from post") == [("站房", "东门", 0)]


async def test_odd_names_and_long_notes_stand_as_they_are(store: Path) -> None:
    async with at(store, ROOM) as (app, pilot):
        await press(pilot, "3")
        await fill(pilot, "name", ODD)
        await fill(pilot, "note", "[/b]" + "很长" * 2400)
        await press(pilot, "f2", "2")
        await fill(pilot, "name", "[a栋]")
        await fill(pilot, "starts", "２２：００")
        await fill(pilot, "ends", "6:00")
        await press(pilot, "f2")
        assert any("[a栋]" in name for name in listed(app))
        await press(pilot, "down", "enter")
        assert "[a栋]" in page(app)


async def test_a_volunteer_may_look_and_is_told_who_changes_them(store: Path) -> None:
    sit(with_night_shift(store), "赵志愿", "volunteer")
    async with at(store, ROOM) as (app, pilot):
        for key in ("1", "2", "3", "5", "6"):
            await press(pilot, key)
            assert "委员、主任" in said(app)
        await press(pilot, "down", "enter")
        assert on_top(app) == "ShiftPattern"
        for key in ("1", "2", "3", "4", "5", "enter"):
            await press(pilot, key)
            assert "委员、主任" in said(app)
