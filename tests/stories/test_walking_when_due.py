"""Volunteers see what is due, schedule a route, note rain and walk."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from neighbours import code_here, drawn, looking, make_app, new, page, press, rest, rows
from textual.pilot import Pilot

from models.operations.envelope import Intent
from tui import i18n
from tui.app import LinliApp
from tui.screens.schedules.room import SchedulesScreen
from tui.screens.walk.cards import WalkCards
from tui.widgets.long_list import LongList
from tui.widgets.text import width

DAY = timedelta(days=1)
ODD = "[/b] [a栋] {x} １２"
ODD_STORED = "[/b] [a栋] {x} 12"


def today(path: Path) -> date:
    with looking(path) as desk:
        return desk.today()


def do(path: Path, *changes: tuple[str, dict[str, object]]) -> None:
    with looking(path) as desk:
        outcome = desk.perform(*(Intent(kind, payload) for kind, payload in changes))
        assert outcome.refused is None, outcome.refused


def route(path: Path, name: str) -> str:
    return str(UUID(rows(path, "SELECT id FROM route WHERE name = ?", name)[0][0]))


def plan(path: Path, name: str, every: str, since: date) -> None:
    made = {"id": new(), "route": route(path, name), "every": every, "since": since.isoformat()}
    do(path, ("schedule.add", made))


@pytest.fixture(autouse=True)
def _nobody_is_on_a_walk(path: Path) -> None:
    walks = rows(path, "SELECT id FROM walk")
    do(path, *(("walk.archive", {"walk": str(UUID(walk))}) for (walk,) in walks))


async def enter(pilot: Pilot[None], app: LinliApp) -> SchedulesScreen:
    await rest(pilot, app)
    app.enter("schedules")
    await rest(pilot, app)
    assert isinstance(app.screen, SchedulesScreen)
    return app.screen


def digit_of(app: LinliApp, text: str) -> str:
    """Return the digit of an option of the dialog on top."""
    line = next(line for line in drawn(app) if text in line and "│" in line).partition("│")[2]
    return next(char for char in line if char.isdigit())


async def test_a_route_is_scheduled_in_two_digits_and_enters(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot, app)
        assert "还没有计划。按 2" in page(app)
        await press(pilot, app, ["enter", "1"])
        assert "先按 2 加一条" in drawn(app)[-2]
        await press(pilot, app, ["2"])
        await press(pilot, app, [digit_of(app, "路灯  ")])
        await press(pilot, app, ["２", "enter", "enter", "enter"])
        assert "已定：路灯 每月 · 按 U 撤销" in drawn(app)[-2]
        assert "● 该走了" in page(app)
        assert "今天" in page(app)
        await press(pilot, app, ["u"])
        assert "还没有计划。按 2" in page(app)
    assert rows(path, "SELECT every, within_days, archived FROM schedule") == [("month", 2, 1)]


async def test_a_schedule_that_was_removed_comes_back_as_it_is_wanted_now(path: Path) -> None:
    plan(path, "路灯", "week", today(path) - 3 * DAY)
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot, app)
        assert "■ 过期了" in page(app)
        await press(pilot, app, ["5"])
        assert "已去掉：路灯 每周" in drawn(app)[-2]
        await press(pilot, app, ["f5"])
        await press(pilot, app, [digit_of(app, "路灯  ")])
        await press(pilot, app, ["1", "f2"])
        assert "● 该走了" in page(app)
        await press(pilot, app, ["f5"])
        await press(pilot, app, [digit_of(app, "路灯  "), "1"])
        assert "已有这个计划" in page(app)
    assert rows(path, "SELECT since FROM schedule") == [(today(path).isoformat(),)]


async def test_enter_walks_what_is_due_and_goes_on_where_it_was_left(path: Path) -> None:
    plan(path, "路灯", "month", today(path))
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["enter"])
        assert isinstance(app.screen, WalkCards)
        assert code_here(app) == "L1"
        await press(pilot, app, ["enter", "escape"])
        assert "◐ 该走了，正在走 1/3" in page(app)
        await press(pilot, app, ["enter"])
        assert code_here(app) == "L2"
        await press(pilot, app, ["enter", "enter", "4", "escape", "escape"])
        assert isinstance(app.screen, SchedulesScreen)
        assert "· 还早" in page(app)
        await press(pilot, app, ["enter"])
        assert "才该走。想现在走按 1" in drawn(app)[-2]
        await press(pilot, app, ["1"])
        assert isinstance(app.screen, WalkCards)
    names = [
        name for (name,) in rows(path, "SELECT name FROM walk WHERE NOT archived AND name LIKE '路灯 %'")
    ]
    assert sorted(names) == [f"路灯 {today(path)}", f"路灯 {today(path)} (2)"]


async def test_two_quick_enters_start_one_walk(path: Path) -> None:
    plan(path, "路灯", "month", today(path))
    app = make_app(path)
    async with app.run_test() as pilot:
        screen = await enter(pilot, app)
        screen.do_walk()
        screen.do_walk()
        await rest(pilot, app)
        assert sum(isinstance(screen, WalkCards) for screen in app.screen_stack) == 1
    assert rows(path, "SELECT count(*) FROM walk WHERE name LIKE '路灯 %'") == [(1,)]


async def test_it_rained_yesterday_and_the_drains_are_due(path: Path) -> None:
    plan(path, "排水井", "rain", today(path) - 9 * DAY)
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot, app)
        assert "· 没下雨" in page(app)
        await press(pilot, app, ["enter"])
        assert "没下大雨" in drawn(app)[-2]
        await press(pilot, app, ["3", "2"])
        assert "1 条路线该走" in drawn(app)[-2]
        assert "● 该走了" in page(app)
        assert "下大雨：昨天" in page(app)
        await press(pilot, app, ["3", "2"])
        assert "已记过" in page(app)
        await press(pilot, app, ["escape", "u"])
        assert "· 没下雨" in page(app)
        assert "还没有记过下大雨" in page(app)
        await press(pilot, app, ["3", "2"])
        assert "下大雨：昨天" in page(app)
    assert rows(path, "SELECT day, archived FROM rain") == [((today(path) - DAY).isoformat(), 0)]


async def test_rain_of_another_day_is_typed_and_taken_back(path: Path) -> None:
    app = make_app(path)
    coming = today(path) + DAY
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["3", "3", *coming.isoformat().replace("-", "/"), "enter"])
        assert "还没到" in page(app)
        await press(pilot, app, ["home", *["delete"] * 10, *"2026.03.05", "f2"])
        assert "还没有“雨后”要走的路线" in drawn(app)[-2]
        await press(pilot, app, ["3", "4"])
        assert "已去掉 2026-03-05 的雨" in drawn(app)[-2]
        assert "还没有记过下大雨" in page(app)


async def test_a_schedule_is_changed_and_the_change_undone(path: Path) -> None:
    plan(path, "路灯", "month", today(path) - 4 * DAY)
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot, app)
        assert "■ 过期了" in page(app)
        await press(pilot, app, ["4", "enter", "backspace", "９", "f2"])
        assert "已改：路灯 每月" in drawn(app)[-2]
        assert "过期了" not in page(app)
        await press(pilot, app, ["4", "f2"])
        assert i18n.t("register.nothing_changed") in drawn(app)[-2]
        await press(pilot, app, ["u"])
        assert "过期了" in page(app)


async def test_everything_works_by_mouse(path: Path) -> None:
    plan(path, "路灯", "month", today(path) - 4 * DAY)
    plan(path, "排水井", "year", today(path) + 40 * DAY)
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await enter(pilot, app)
        listed = screen.query_one(LongList)
        await pilot.click(LongList, offset=(5, 2))
        await rest(pilot, app)
        assert listed.cursor == 1
        line = next(n for n, text in enumerate(drawn(app)) if "5 去掉" in text)
        await pilot.click(offset=(drawn_at(app, line, "5 去掉"), line))
        await rest(pilot, app)
        assert "已去掉：排水井 每年" in drawn(app)[-2]


def drawn_at(app: LinliApp, line: int, text: str) -> int:
    return width(drawn(app)[line].partition(text)[0])


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(60, 18), (80, 24), (140, 40)])
async def test_the_room_is_whole_in_every_size_with_odd_names(
    path: Path, size: tuple[int, int], language: str
) -> None:
    i18n.use(language, strict=True)
    odd = new()
    do(path, ("route.add", {"id": odd, "name": ODD, "stops": []}))
    do(path, ("route.add", {"id": new(), "name": "长" * 100, "stops": []}))
    for number, (name, every) in enumerate(
        (("排水井", "quarter"), ("路灯", "rain"), (ODD_STORED, "week"), ("长" * 100, "year"))
    ):
        plan(path, name, every, today(path) - (number * 5 - 3) * DAY)
    do(path, ("rain.add", {"id": new(), "day": (today(path) - DAY).isoformat(), "note": ODD}))
    app = make_app(path)
    async with app.run_test(size=size) as pilot:
        await enter(pilot, app)
        if size[0] >= 140:
            assert ODD_STORED in page(app)
            assert "…" not in "".join(line for line in drawn(app) if "长" not in line)
        for keys in (
            ["f1"],
            ["escape", "2"],
            ["1"],
            ["escape", "3"],
            ["3"],
            ["escape", "4"],
            ["escape", "u"],
        ):
            await press(pilot, app, keys)
            assert {width(line) for line in drawn(app)} == {size[0]}
