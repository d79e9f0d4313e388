"""Who can when: found by pinyin, days off, an illness and its end, wishes, shares, pairs and pools."""

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

ROOM = "duty_people"
MORNING = datetime(2026, 9, 10, 2, 30, tzinfo=UTC)
NAMES = ("罗铁生", "李桂英", "赵志愿")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three volunteers beside the director, and nothing said of anybody."""
    monkeypatch.setattr(edge, "clock", lambda: MORNING)
    path = settled(tmp_path / "store.db")
    intents = []
    for name in NAMES:
        person = str(edge.new_id())
        term = {"id": str(edge.new_id()), "person": person, "role": "volunteer", "since": "2020-01-01"}
        intents += [Intent("person.add", {"id": person, "name": name}), Intent("role.grant", term)]
    perform(path, *intents)
    return path


def perform(path: Path, *intents: Intent) -> None:
    desk = Desk(path)
    desk.open()
    outcome = desk.perform(*intents)
    desk.close()
    assert outcome.refused is None, outcome.refused


def person(path: Path, name: str) -> str:
    return str(UUID(str(rows(path, f"select id from person where name = '{name}'")[0][0])))  # noqa: S608


def at_later(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    monkeypatch.setattr(edge, "clock", lambda: MORNING.replace(day=day))


async def test_somebody_is_found_by_pinyin_and_is_off_for_some_days_in_few_keys(store: Path) -> None:
    async with at(store, ROOM) as (app, pilot):
        assert len(listed(app)) == 4
        await press(pilot, "lgy", "enter")
        assert on_top(app) == "DutyPerson"
        await press(pilot, "1")
        await fill(pilot, "first", "2026.9.12")
        await fill(pilot, "last", "20260914")
        await fill(pilot, "note", f"探亲 {ODD}")
        await press(pilot, "f2")
        assert "不能来" in page(app)
        assert "2026-09-12 至 2026-09-14" in page(app)
        assert "还没开始" in page(app) or "◇" in page(app)
        await press(pilot, "u")
        assert "探亲" not in page(app)
    assert rows(store, "select kind, since, until, archived from availability") == [
        ("cannot", "2026-09-12", "2026-09-15", 1)
    ]


async def test_whoever_is_ill_is_out_from_today_until_they_are_back(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at(store, ROOM) as (app, pilot):
        await press(pilot, "lgy", "enter", "2", "f2")
        assert "‖ 暂停中" in page(app)
        await press(pilot, "escape", "f3")
        assert listed(app) == ["李桂英"]
        at_later(monkeypatch, 20)
        await press(pilot, "enter", "8")
        assert "回来了" in said(app)
        assert "● 轮值" in page(app)
    # The days of illness stay: they are what spares the share of them.
    assert rows(store, "select kind, since, until, archived from availability") == [
        ("pause", "2026-09-10", "2026-09-20", 0)
    ]


async def test_whoever_is_away_while_on_duty_is_said_to_need_somebody_else(store: Path) -> None:
    post, shift = str(edge.new_id()), str(edge.new_id())
    times = {"starts_at": "2026-09-12T00:30:00Z", "ends_at": "2026-09-12T03:30:00Z", "day": "2026-09-12"}
    on = {"id": str(edge.new_id()), "shift": shift, "person": person(store, "李桂英")}
    perform(
        store,
        Intent("post.add", {"id": post, "name": "服务台"}),
        Intent("shift.add", {"id": shift, "post": post, "name": "早班", **times, "published": True}),
        Intent("duty.assign", on),
    )
    async with at(store, ROOM, size=(140, 40)) as (app, pilot):
        await press(pilot, "lgy", "enter")
        assert "服务台 早班 8:30–11:30" in page(app)
        await press(pilot, "1", "f2")
        assert "要换人" not in said(app)  # today alone
        await press(pilot, "2", "f2")
        assert "已有 1 班要换人" in said(app)


async def test_a_pause_noted_by_mistake_is_put_away_as_if_it_had_never_been(store: Path) -> None:
    async with at(store, ROOM) as (_app, pilot):
        await press(pilot, "lgy", "enter", "2", "f2", "8")
    assert rows(store, "select archived from availability") == [(1,)]


async def test_only_some_mornings_and_rather_not_in_the_evening_take_few_keys(store: Path) -> None:
    async with at(store, ROOM) as (app, pilot):
        # Only then: it is chosen already; Tuesdays and Thursdays, the morning.
        await press(pilot, "lts", "enter", "3", "enter", "2", "4", "enter", "2", "f2")
        assert "只有这时能来" in page(app)
        assert "周二、周四 0:00–12:00" in page(app)
        await press(pilot, "4", "enter", "enter", "4", "f2")
        assert "尽量不排" in page(app)
        await press(pilot, "4")
        await fill(pilot, "kind", "rather")
        await fill(pilot, "times", "9点至11点30分")
        await press(pilot, "f2")
        assert "9:00–11:30" in page(app)
        # What was said is put differently by Enter, in the form in which it was said.
        await press(pilot, "home", "enter")
        await fill(pilot, "part", "all")
        await press(pilot, "f2")
        assert "已修改" in said(app)
    found = rows(store, "select kind, weekdays, starts, ends from availability order by id")
    assert [(kind, json.loads(days), starts, ends) for kind, days, starts, ends in found] == [
        ("can", [2, 4], 0, 1440),
        ("rather_not", [], 1080, 1440),
        ("rather", [], 540, 690),
    ]


async def test_a_span_that_ends_before_it_begins_is_said_so_and_nothing_typed_is_lost(store: Path) -> None:
    async with at(store, ROOM) as (app, pilot):
        await press(pilot, "lgy", "enter", "1")
        await fill(pilot, "last", "2026-09-01")
        await press(pilot, "f2")
        assert "最后一天早于第一天" in page(app)
        await press(pilot, "escape", "1")
        assert "2026-09-01" in page(app)


async def test_a_share_its_limits_and_its_way_back(store: Path) -> None:
    async with at(store, ROOM) as (app, pilot):
        await press(pilot, "lgy", "enter", "5")
        await fill(pilot, "share", "50")
        await fill(pilot, "most_per_week", "1")
        await press(pilot, "f2")
        assert "50%、每周最多 1 班" in page(app)
        await press(pilot, "5")
        await fill(pilot, "share", "0")
        await press(pilot, "f2")
        assert "免值班" in page(app)
        await press(pilot, "u")
        assert "50%" in page(app)
    assert rows(store, "select share, most_per_week, most_per_month from duty_share") == [(50, 1, None)]


async def test_two_who_must_not_sit_together_are_agreed_on_and_each_card_says_so(store: Path) -> None:
    async with at(store, ROOM) as (app, pilot):
        await press(pilot, "lgy", "enter", "6", "lts", "enter", "2")
        assert "不一起值" in page(app)
        assert "罗铁生" in page(app)
        await press(pilot, "enter")
        assert "罗铁生 的值班" in page(app)
        assert "李桂英" in page(app)
        await press(pilot, "8")
        assert "不一起值" not in page(app)
        await press(pilot, "6", "lgy", "enter", "2")
        assert "不一起值" in page(app)
        await press(pilot, "6", "lts", "enter")
        assert "不同的人" in said(app)
    assert rows(store, "select together, archived from duty_pair") == [(0, 0)]


async def test_a_pool_is_set_up_people_join_and_leave_and_who_is_in_none_is_among_the_others(
    store: Path,
) -> None:
    async with at(store, ROOM) as (app, pilot):
        await press(pilot, "f6")
        assert "还没有队伍" in page(app)
        await press(pilot, "f5")
        await fill(pilot, "name", "服务台组")
        await press(pilot, "f2", "enter")
        assert on_top(app) == "DutyPool"
        await press(pilot, "1", "lgy", "enter", "1", "lts", "enter")
        assert sorted(listed(app)) == ["李桂英", "罗铁生"]
        team = str(UUID(str(rows(store, "select id from team")[0][0])))
        perform(store, Intent("post.add", {"id": str(edge.new_id()), "name": "服务台", "team_id": team}))
        await press(pilot, "escape", "f2")
        assert sorted(listed(app)) == ["李桂英", "罗铁生"]
        await press(pilot, "f4")
        assert sorted(listed(app)) == ["王德胜", "赵志愿"]
        # Somebody in no pool takes turns all the same, once they have a share.
        await press(pilot, "zzy", "f5")
        assert "参加轮值" in said(app)
        await press(pilot, "ctrl+u", "f2")
    assert rows(store, "select share, archived from duty_share") == [(100, 0)]


async def test_without_a_pool_a_share_leaves_the_others_in_turns_and_without_a_role_nobody_is_taken_in(
    store: Path,
) -> None:
    team = str(edge.new_id())
    member = {"id": str(edge.new_id()), "team": team, "person": person(store, "王五")}
    perform(store, Intent("team.add", {"id": team, "name": "水工"}), Intent("team.join", member))
    async with at(store, ROOM) as (app, pilot):
        await press(pilot, "lgy", "enter", "5")
        await fill(pilot, "share", "50")
        await press(pilot, "f2", "escape", "f4")
        for _ in "lgy":
            await press(pilot, "backspace")
        assert listed(app) == ["王五"]
        await press(pilot, "f5")
        assert "没有能值班的职务" in said(app)
        await press(pilot, "f2")
        assert len(listed(app)) == 4


async def test_whoever_leaves_a_pool_is_in_it_no_more_from_today(store: Path) -> None:
    team = str(edge.new_id())
    member = {
        "id": str(edge.new_id()),
        "team": team,
        "person": person(store, "李桂英"),
        "since": "2026-01-01",
    }
    perform(store, Intent("team.add", {"id": team, "name": ODD}), Intent("team.join", member))
    async with at(store, ROOM) as (app, pilot):
        await press(pilot, "lgy", "enter")
        assert "１２３" in page(app) or "123" in page(app)
        await press(pilot, "8")
        assert "退出" in said(app)
        await press(pilot, "u", "7", "1")
        assert "已经在队里" in page(app)
    assert rows(store, "select until from team_member") == [(None,)]


async def test_a_volunteer_notes_days_off_but_no_shares_and_a_supervisor_only_looks(store: Path) -> None:
    desk = Desk(store)
    desk.open()
    desk.act_as(UUID(person(store, "赵志愿")))
    desk.close()
    async with at(store, ROOM) as (app, pilot):
        await press(pilot, "lgy", "enter", "1", "f2")
        assert "不能来" in page(app)
        for key in ("5", "6", "7"):
            await press(pilot, key)
            assert "委员、主任" in said(app)
        await press(pilot, "escape", "f6", "f5")
        assert "委员、主任" in said(app)
