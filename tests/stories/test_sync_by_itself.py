"""Sync while the app is open: nobody clicks, nobody waits, and nothing under somebody's hands changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from neighbours import page
from register_desk import listed
from town import Other, Town, on, sees, settled_town, status_line, until

from tui import edge, syncing
from tui.screens.filling import SavingForm
from tui.screens.register.household import HouseholdScreen
from tui.widgets.form import Form
from tui.widgets.long_list import LongList
from tui.widgets.search import SearchBox

Place = tuple[Town, Other, Path]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(syncing, "SOON", 0.05)
    with settled_town(tmp_path) as settled:
        yield settled


def household(code: str) -> dict[str, str]:
    return {"id": str(edge.new_id()), "code": code}


async def test_a_change_is_sent_soon_after_without_anybody_asking(place: Place) -> None:
    town, other, station = place
    app = town.app(station)
    async with on(app) as pilot:
        await until(pilot, lambda: "已同步" in status_line(app))
        await pilot.press("5")
        await sees(pilot, "1-1-101")
        await pilot.press("f5")
        await pilot.pause(0.1)
        await pilot.press(*"3-1-101", "f2")
        await until(pilot, lambda: isinstance(app.screen, HouseholdScreen))
        await until(pilot, lambda: "/v1/push" in town.asked[-4:] or "/v1/push" in town.asked)
        await pilot.press("escape")
        await until(pilot, lambda: "已同步" in status_line(app) and "待发" not in status_line(app))
    await other.sync()
    assert other.find("household", "code", "3-1-101")


async def test_what_others_enter_appears_by_itself_where_one_is(place: Place) -> None:
    town, other, station = place
    app = town.app(station)
    async with on(app) as pilot:
        await until(pilot, lambda: "已同步" in status_line(app))
        assert "5 户" in page(app)
        await pilot.press("5")
        await until(pilot, lambda: listed(app) != [])
        await pilot.press("tab", "down", "down")
        chosen = app.screen.query_one("#households", LongList).highlighted
        assert chosen
        other.do("household.add", **household("1-1-100"))
        await other.sync()
        town.ring()
        await until(pilot, lambda: "1-1-100" in listed(app))
        # One row has come in above; the highlight stays on its household.
        assert app.screen.query_one("#households", LongList).highlighted == chosen
        await pilot.press("escape")
        await sees(pilot, "6 户")


async def test_what_is_being_typed_stays_when_news_comes(place: Place) -> None:
    town, other, station = place
    app = town.app(station)
    async with on(app) as pilot:
        await until(pilot, lambda: "已同步" in status_line(app))
        await pilot.press("5")
        await until(pilot, lambda: len(listed(app)) == 5)
        await pilot.press(*"1-1-10")
        await until(pilot, lambda: len(listed(app)) == 2)
        other.do("household.add", **household("1-1-109"))
        await other.sync()
        town.ring()
        await until(pilot, lambda: len(listed(app)) == 3)
        assert app.screen.query_one(SearchBox).value == "1-1-10"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HouseholdScreen))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, SavingForm))
        form = app.screen.query_one(Form)
        await pilot.press(*"138")
        typed = form.texts
        before = app.status
        other.do("household.add", **household("1-1-108"))
        await other.sync()
        town.ring()
        await until(pilot, lambda: app.status is not before and app._fresh >= 2)
        assert form.texts == typed
        assert app.screen.query_one(Form) is form


async def test_a_card_half_answered_is_left_alone_until_one_goes_on(place: Place) -> None:
    town, other, station = place
    for code in ("W01", "W02", "W03"):
        other.do("point.add", id=str(edge.new_id()), code=code)
    walk = str(edge.new_id())
    other.do("walk.start", id=walk, name="三月巡检")
    await other.sync()
    app = town.app(station)
    async with on(app) as pilot:
        await until(pilot, lambda: "进行中" in page(app))
        await pilot.press("1")
        await sees(pilot, "三月巡检")
        await pilot.press("enter")
        await until(pilot, lambda: type(app.screen).__name__ == "Safety")
        await pilot.press("enter")
        await sees(pilot, "0/3")
        await pilot.press("7", "3")  # mud, half a number
        shown = page(app)
        other.do(
            "walk.observe",
            id=str(edge.new_id()),
            walk=walk,
            point=other.find("point", "code", "W03"),
            level="full",
        )
        await other.sync()
        town.ring()
        fresh = app._fresh
        await until(pilot, lambda: app._fresh > fresh)
        await pilot.pause(0.1)
        assert page(app).splitlines()[1:-3] == shown.splitlines()[1:-3]
        await pilot.press("escape", "backspace", "down")
        await sees(pilot, "1/3")


async def test_without_a_network_the_line_says_what_waits_and_work_goes_on(place: Place) -> None:
    town, _other, station = place
    town.online = False
    app = town.app(station)
    async with on(app) as pilot:
        await until(pilot, lambda: "未联网" in status_line(app))
        await pilot.press("5")
        await sees(pilot, "1-1-101")
        await pilot.press("f5")
        await pilot.pause(0.1)
        await pilot.press(*"3-1-101", "f2")
        await pilot.pause(0.1)
        await pilot.press("escape")
        await until(pilot, lambda: "↑ 1 条待发 · ○ 未联网" in status_line(app))
        # Once there is a network the back-off ends by itself; here somebody asks.
        town.online = True
        await pilot.press("escape")
        app.context.sync_now()  # type: ignore[attr-defined]
        await until(pilot, lambda: "√ 已同步" in status_line(app))
    assert "/v1/push" in town.asked


async def test_leaving_does_not_wait_for_a_long_poll_and_a_change_still_lands(place: Place) -> None:
    town, other, station = place
    app = town.app(station)
    async with on(app) as pilot:
        await until(pilot, lambda: "已同步" in status_line(app))
        code = household("9-9-909")
        app.screen.tell(lambda desk: other_add(desk, code))  # type: ignore[attr-defined]
        began = time.monotonic()
    assert time.monotonic() - began < 1
    assert "/v1/wait" not in town.asked  # it hung to the end
    town.online = True
    with_rows = town.desk(station)
    with_rows.open()
    with with_rows.store.read() as session:
        found = session.connection().exec_driver_sql("SELECT code FROM household WHERE code = '9-9-909'")
        assert found.all() == [("9-9-909",)]
    with_rows.close()
    del other


def other_add(desk: object, payload: dict[str, str]) -> None:
    from models.operations.envelope import Intent

    desk.perform(Intent("household.add", payload))  # type: ignore[attr-defined]


async def test_two_windows_of_one_laptop_take_turns_and_both_see_what_came(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "_STEP", 0.1)
    town, other, station = place
    with_second = town.desk(station)
    with_second.open()
    heard: list[int] = []
    app = town.app(station)
    async with on(app) as pilot:
        await until(pilot, lambda: "已同步" in status_line(app))
        with_second.listen(lambda state: heard.append(state.fresh))
        await until(pilot, lambda: with_second.sync_state.rounds >= 1)
        before = app._fresh
        other.do("household.add", **household("1-1-100"))
        await other.sync()
        with_second.sync_now()
        await until(pilot, lambda: with_second.sync_state.fresh > 0)
        # The other window did the round, this one notices the rows all the same.
        await until(pilot, lambda: app._fresh > before)
        await sees(pilot, "6 户")
    with_second.close()
    assert heard


async def test_a_clock_that_is_hours_off_is_named(place: Place) -> None:
    from datetime import timedelta

    town, _other, station = place
    town.center.clock.offset = timedelta(hours=3, minutes=5)  # type: ignore[attr-defined]
    desk = town.desk(station)
    desk.open()
    with desk.store.write() as session:
        session.connection().exec_driver_sql("DELETE FROM setting WHERE key = 'clock'")
    desk.close()
    app = town.app(station)
    async with on(app, (100, 24)) as pilot:
        await until(pilot, lambda: "! 本机时钟慢了 3 小时 5 分" in status_line(app))
        app.enter("sync")
        await sees(pilot, "本机时钟慢了 3 小时 5 分。请把电脑的时间调准")
