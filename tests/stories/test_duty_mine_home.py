"""Home tells of duty: who is missing, what waits for whoever acts; each line leads to where it is dealt with."""

from __future__ import annotations

from pathlib import Path

import pytest
from neighbours import drawn, make_app, page, press, rest
from post_desk import NOW, add_shift, at, do, person, sits, station
from register_desk import rows

from tui import edge, i18n
from tui.app import ROOMS
from tui.screens.duty.desk import CheckInDesk
from tui.screens.duty.hub import DutyHub
from tui.screens.duty.my_shifts import MyShifts
from tui.screens.duty.swaps import Swaps
from tui.screens.home import _LEADS, HomeScreen
from tui.widgets.task_list import TaskList
from tui.widgets.tellings import Tellings
from tui.widgets.text import width


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    return station(tmp_path / "store.db")


def place(path: Path, shift: str, name: str) -> str:
    """Return the id of somebody's place on a shift."""
    [(row_id,)] = rows(
        path,
        "select a.id from assignment a join person p on p.id = a.person_id "  # noqa: S608
        f"where p.name = '{name}' and a.shift_id = '{shift.replace('-', '')}'",
    )
    return str(row_id)


async def test_who_is_missing_stands_first_and_a_click_leads_to_the_desk(store: Path) -> None:
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        assert "! 张三没来签到：服务台 早班，已过 22 分，另有 1 人" in drawn(app)[2]
        assert "! 2 人未签到" in page(app)
        await pilot.click("#tellings", offset=(4, 0))
        await rest(pilot, app)
        assert isinstance(app.screen, CheckInDesk)


async def test_whoever_came_is_on_duty_and_missed_no_more(store: Path) -> None:
    [(shift,)] = rows(store, "select id from shift where name = '早班'")
    for name in ("张三", "李四"):
        do(store, "duty.check_in", shift=str(shift), person=person(store, name), when=at(8, 40))
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        assert "没来签到" not in page(app)
        assert "● 在岗：张三、李四" in page(app)
        assert "● 2 人在岗" in page(app)


async def test_what_waits_for_whoever_acts_is_told_to_them_alone(store: Path) -> None:
    coming = add_shift(store, at(14, days=3), "李四", name="晚班")
    add_shift(store, at(8, 30, days=2), name="空班")
    do(store, "swap.ask", assignment=place(store, coming, "李四"), to=person(store, "赵六"))
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        assert "等您答复" not in page(app)
        assert "▲ 14 天内有 1 个班缺人" in page(app)
        # From the first task up to the tellings and down again, all by arrows.
        await press(pilot, app, ["up", "down", "enter"])
        assert isinstance(app.screen, Swaps)
        assert app.screen.view == "gaps"
    sits(store, "赵六")
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        assert "⇄ 1 个换班请求等您答复" in page(app)
        assert "◷ 您今天的班：服务台 晚班 14:00–17:00" in page(app)
        await press(pilot, app, ["up", "down", "down", "down", "enter"])
        assert isinstance(app.screen, MyShifts)
        await press(pilot, app, ["escape", "down"])
        assert isinstance(app.screen, HomeScreen)
        assert app.screen.focused is app.screen.query_one(TaskList)


async def test_what_is_ones_own_is_not_shown_to_the_next_who_acts(store: Path) -> None:
    sits(store, "赵六")
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        assert "您今天的班：服务台 晚班" in page(app)
        await press(pilot, app, ["f3", "enter"])
        assert "赵六，今天" not in page(app)
        assert "您今天的班：服务台 晚班" not in page(app)


async def test_the_rooms_of_duty_have_digits_and_what_waits_there(store: Path) -> None:
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        await press(pilot, app, ["3"])
        assert isinstance(app.screen, DutyHub)
        assert "! 2 人未到" in page(app)
        for digit in "34":
            await press(pilot, app, [digit])
            assert isinstance(app.screen, MyShifts if digit == "3" else Swaps)
            await press(pilot, app, ["escape"])
        tasks = app.screen.query_one(TaskList).tasks
        assert all(task.id in ROOMS or task.id == "rules" for task in tasks)


def test_each_telling_leads_to_a_room_that_there_is() -> None:
    assert {room for room, _ in _LEADS.values()} <= set(ROOMS)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_all_that_home_can_tell_at_once_leaves_room_for_the_tasks(store: Path, language: str) -> None:
    i18n.use(language, strict=True)
    coming = add_shift(store, at(14, days=3), "李四", name="晚班")
    add_shift(store, at(8, 30, days=2), name="空班")
    do(store, "swap.ask", assignment=place(store, coming, "李四"), to=person(store, "王德胜"))
    add_shift(store, at(9, days=4), "王德胜", name="[/b]")
    do(store, "duty.hand_over", to=person(store, "王德胜"), words="x", by="张三", when=at(8, 50))
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        shown = app.screen.query_one(Tellings)
        assert {one.id for one in shown.tellings} >= {
            "missing",
            "requests",
            "handovers",
            "gaps",
            "next_shift",
        }
        lines = drawn(app)
        assert all(width(line) <= 80 for line in lines)
        assert any(line.strip().startswith("0  ") for line in lines)
        assert "[/b]" in page(app)
