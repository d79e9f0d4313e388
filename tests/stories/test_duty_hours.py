"""Who gave how many hours, who owes how much duty, and how that came."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from post_desk import NOW, do, person, sits, station
from post_desk import at as moment
from register_desk import at, page, press, rows, said

from tui import edge


def serve(path: Path, starts: datetime, *people: str) -> str:
    """Add a shift of three hours at the desk that weighs as much."""
    [(post,)] = rows(path, "select id from post")
    shift = do(
        path,
        "shift.add",
        post=str(UUID(str(post))),
        name="早班",
        day=(starts + timedelta(hours=8)).date().isoformat(),
        starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(hours=3)).isoformat(),
        hands=len(people),
        points=300,
        published=True,
    )
    for one in people:
        do(path, "duty.assign", shift=shift, person=person(path, one))
    return shift


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A station a month on: 张三 served three hours in March, 李四 did not come, a guest helped for one."""
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    path = station(tmp_path / "store.db")
    shift = serve(path, moment(8, 30, days=-1), "张三", "李四")
    came = {"shift": shift, "person": person(path, "张三"), "left_at": moment(11, 30, days=-1).isoformat()}
    do(path, "duty.check_in", when=moment(8, 30, days=-1), **came)
    helped = {"shift": shift, "guest": "[/b] 小周", "left_at": moment(11, days=-1).isoformat()}
    do(path, "duty.check_in", when=moment(10, days=-1), **helped)
    monkeypatch.setattr(edge, "clock", lambda: NOW + timedelta(days=25))
    monkeypatch.setenv("HOME", str(path.parent))
    return path


async def test_hours_add_up_and_each_line_is_seen(store: Path) -> None:
    async with at(store, "hours") as (app, pilot):
        await press(pilot, "left")
        assert "2026-03-01 至 2026-03-31" in page(app)
        assert "2 人" not in page(app)
        assert "4:00" in page(app)
        assert "[/b] 小周（" in page(app)
        await press(pilot, "enter")
        assert "张三 的时长明细" in page(app)
        assert "值班 服务台 早班" in page(app)
        await press(pilot, "f5")
        assert "已存成文件" in said(app)
        [paper] = store.parent.glob("志愿服务时长证明*.html")
        assert "3 小时 0 分" in paper.read_text("utf-8")
        await press(pilot, "escape", "2")
        assert "不属某一队" in page(app)
        await press(pilot, "3", "enter")
        assert app.screen.view == "people"  # type: ignore[attr-defined]


async def test_the_sum_has_nothing_behind_it_and_a_guest_no_certificate(store: Path) -> None:
    async with at(store, "hours") as (app, pilot):
        await press(pilot, "left", "end", "enter")
        assert "先用上下键选一行" in said(app)
        await press(pilot, "up", "enter")
        assert "[/b] 小周" in page(app)
        await press(pilot, "f5")
        assert "证明只开给登记过的人" in said(app)


async def test_everybody_sees_who_owes_and_the_lines_that_add_up_to_it(store: Path) -> None:
    sits(store, "李四")
    async with at(store, "hours") as (app, pilot):
        await press(pilot, "4")
        assert "正数=欠班，负数=多值" in page(app)
        assert "+ 欠" in page(app)
        await press(pilot, "enter")
        assert "应值：全体" in page(app)
        assert "现在" in page(app)
        await press(pilot, "enter")
        assert "应值：全体" in said(app)
        await press(pilot, "escape", "5")
        assert "只有委员会成员能结转" in said(app)
        await press(pilot, "right")
        assert "总是到现在为止" in said(app)


async def test_the_committee_settles_a_month_and_takes_it_back(store: Path) -> None:
    serve(store, moment(8, 30, days=24), "张三")
    settled = "select count(*) from duty_balance where not archived"
    async with at(store, "hours", view="balances") as (app, pilot):
        await press(pilot, "5")
        assert "2026-04" in page(app)
        await press(pilot, "up", "enter")
        assert rows(store, settled) == [(0,)]
        await press(pilot, "down", "enter")
        assert "2026-03 已结转" in said(app)
        assert rows(store, settled)[0][0] > 0
        await press(pilot, "u")
        assert "已撤销" in said(app)
    assert rows(store, settled) == [(0,)]
