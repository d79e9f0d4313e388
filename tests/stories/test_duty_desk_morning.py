"""A morning at the station: people come one after the other and check in at the laptop on the desk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from post_desk import NOW, checkins, person, station
from register_desk import ODD, at, fill, found, page, press, rest, rows, said
from sewer_desk import write

from tui import edge


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    return station(tmp_path / "store.db")


async def test_two_check_in_by_one_key_and_by_pinyin_and_the_laptop_is_theirs(store: Path) -> None:
    async with at(store, "duty_desk") as (app, pilot):
        assert "未签到 2 人" in page(app)
        await press(pilot, "1")
        assert "8:52 签到 迟到22分" in said(app)
        assert app.context.status().person in {"张三", "李四"}
        await press(pilot, "zl")
        await press(pilot, "enter")
        assert "赵六 8:52 签到 早到308分" in said(app)
        assert app.context.status().person == "赵六"
        await press(pilot, "f1", "escape")
        await pilot.press("ctrl+z")
        await rest(pilot)
        assert "已撤销" in said(app)
        assert app.context.status().person != "赵六"
    assert len(checkins(store)) == 1
