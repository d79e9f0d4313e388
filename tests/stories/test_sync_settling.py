"""What waits for a person: two values of one field, what the server refused, what looks odd."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from neighbours import drawn, page
from register_desk import fill, listed, said
from textual.pilot import Pilot
from town import ODD, URL, Other, Town, on, quarrel, sees, settled_town, status_line, until

from tui import i18n, syncing
from tui.app import LinliApp
from tui.screens.confirm import Confirm
from tui.screens.form import FormDialog
from tui.screens.home import HomeScreen
from tui.screens.sync.conflict import ConflictScreen
from tui.screens.sync.refused import RefusedScreen
from tui.screens.sync.room import SyncScreen
from tui.widgets.bars import KeyBar
from tui.widgets.tabs import ViewTabs
from tui.widgets.text import width
from tui.widgets.versus import Versus

Place = tuple[Town, Other, Path]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(syncing, "SOON", 0.05)
    with settled_town(tmp_path) as settled:
        yield settled


async def enter(app: LinliApp, pilot: Pilot[None]) -> SyncScreen:
    await until(pilot, lambda: app.status is not None and app.status.sync is not None)
    app.enter("sync")
    await until(pilot, lambda: isinstance(app.screen, SyncScreen) and app.screen._chosen)
    screen = app.screen
    assert isinstance(screen, SyncScreen)
    await until(pilot, lambda: screen.shown.count is not None)
    return screen


def value(place: Place, table: str, column: str, code: str) -> object:
    with place[1].desk.store.read() as session:
        label = "code" if table == "household" else "name"
        row = session.connection().exec_driver_sql(
            f"SELECT {column} FROM {table} WHERE {label} = ?",  # noqa: S608
            (code,),
        )
        return row.scalar_one()


async def test_home_counts_what_waits_and_a_digit_leads_there(place: Place) -> None:
    town, hall, station = place
    await quarrel(town, hall, station)
    app = town.app(station)
    async with on(app) as pilot:
        await sees(pilot, "8  同步", "! 6 件要定")
        assert "3 处冲突待选 · 1 条被退回" in status_line(app)
        await pilot.press("８")
        await until(pilot, lambda: isinstance(app.screen, SyncScreen))
        await sees(pilot, "1 冲突 3", "2 退回 1", "3 待看 2", "5 电脑 2")
        # The first list in which something waits is open.
        await until(pilot, lambda: len(listed(app)) == 3)
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_of_two_values_one_key_keeps_and_one_takes_and_the_next_follows(place: Place) -> None:
    town, hall, station = place
    await quarrel(town, hall, station)
    app = town.app(station)
    async with on(app) as pilot:
        await enter(app, pilot)
        await pilot.press("enter")
        await sees(pilot, "第 1 处，共 3 处", "1 保留现在用的", "2 改用这个")
        assert isinstance(app.screen, ConflictScreen)
        await sees(pilot, "搬来了女儿", "王德胜")
        await pilot.press("２")
        await until(pilot, lambda: "1-1-101 改用了 搬来了女儿" in said(app))
        await sees(pilot, "人员 李四 · 电话（第 1 处，共 2 处）", "13700002222、0731-5551234", "13900001111")
        # Who wrote which, and on which laptop.
        assert "居委会电脑" in page(app)
        assert "这台电脑" in page(app)
        await pilot.press("enter")
        await until(pilot, lambda: "李四 保留了 13700002222" in said(app))
        # In square metres, as the forms show an area.
        await sees(pilot, "88 m²", "90.12 m²", "（第 1 处，共 1 处）")
        await pilot.press("2")
        await sees(pilot, "没有要选的了")
        await pilot.press("1")
        assert "没有要选的了" in said(app)
        await pilot.press("escape")
        await sees(pilot, "没有要选的：没有两个人改得不一样")
        await until(pilot, lambda: "待发" not in status_line(app) and "冲突" not in status_line(app))
    await hall.sync()
    assert value(place, "household", "note", "1-1-101") == "搬来了女儿"
    assert value(place, "household", "area", "1-1-101") == 9012


async def test_a_choice_is_taken_back_by_choosing_again(place: Place) -> None:
    town, hall, station = place
    await quarrel(town, hall, station)
    app = town.app(station)
    async with on(app) as pilot:
        await enter(app, pilot)
        await pilot.press("enter")
        await sees(pilot, "第 1 处，共 3 处")
        await pilot.press("2")
        await sees(pilot, "第 1 处，共 2 处")
        await pilot.press("u")
        await sees(pilot, "刚才选的是改用右边", "搬来了女儿")
        await pilot.press("1")
        await until(pilot, lambda: "保留了 独居" in said(app))
        await until(pilot, lambda: "待发" not in status_line(app))
    await hall.sync()
    assert value(place, "household", "note", "1-1-101") == "独居，耳背"


async def test_the_mouse_takes_a_side_and_arrows_leave_one_for_later(place: Place) -> None:
    town, hall, station = place
    await quarrel(town, hall, station)
    app = town.app(station)
    async with on(app) as pilot:
        await enter(app, pilot)
        await pilot.press("enter")
        await sees(pilot, "第 1 处，共 3 处")
        await pilot.press("right")
        await sees(pilot, "第 2 处，共 3 处", "李四")
        await pilot.press("3")
        await sees(pilot, "第 3 处，共 3 处")
        await pilot.press("left")
        await sees(pilot, "第 2 处，共 3 处")
        await pilot.click(Versus, offset=(60, 2))
        await until(pilot, lambda: "李四 改用了 13900001111" in said(app))


async def test_who_may_not_choose_is_told_why_and_nothing_is_lost(place: Place) -> None:
    town, hall, station = place
    await quarrel(town, hall, station)
    desk = town.desk(station, person="罗铁生")
    app = LinliApp(desk, survives=False)
    async with on(app) as pilot:
        await enter(app, pilot)
        await pilot.press("enter")
        await sees(pilot, "第 1 处，共 3 处")
        await pilot.press("2")
        await until(pilot, lambda: "没有这个权限" in said(app))
        assert "第 1 处，共 3 处" in page(app)


async def test_a_refused_entry_says_why_and_goes_up_again_when_somebody_may(place: Place) -> None:
    town, hall, station = place
    await quarrel(town, hall, station)
    app = town.app(station)
    async with on(app) as pilot:
        await enter(app, pilot)
        await pilot.press("2")
        await sees(pilot, "没有收下：当前人员没有这个权限", "修改住户", "罗铁生")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RefusedScreen))
        await sees(pilot, "1-1-102", "独居，耳背", "1 再提交一次")
        # The director does it this time.
        await pilot.press("１")
        await until(pilot, lambda: "已再提交" in said(app))
        await sees(pilot, "没有被退回的了")
        await until(pilot, lambda: "待发" not in status_line(app) and "退回" not in status_line(app))
    await hall.sync()
    assert value(place, "household", "note", "1-1-102") == "独居，耳背"


async def test_submitting_again_what_still_may_not_be_says_so(place: Place) -> None:
    town, hall, station = place
    await quarrel(town, hall, station)
    app = LinliApp(town.desk(station, person="罗铁生"), survives=False)
    async with on(app) as pilot:
        await enter(app, pilot)
        await pilot.press("2", "enter")
        await until(pilot, lambda: isinstance(app.screen, RefusedScreen) and "1-1-102" in page(app))
        await pilot.press("1")
        await until(pilot, lambda: "还是不行：" in said(app))
        assert "1-1-102" in page(app)


async def test_letting_go_asks_first_and_then_the_list_is_empty(place: Place) -> None:
    town, hall, station = place
    await quarrel(town, hall, station)
    app = town.app(station)
    async with on(app) as pilot:
        await enter(app, pilot)
        await pilot.press("2", "enter")
        await until(pilot, lambda: isinstance(app.screen, RefusedScreen) and "1-1-102" in page(app))
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("enter")  # the safe button
        await until(pilot, lambda: isinstance(app.screen, RefusedScreen))
        assert "1-1-102" in page(app)
        await pilot.press("2", "right", "enter")
        await until(pilot, lambda: "已放下" in said(app))
        await pilot.press("escape")
        await sees(pilot, "没有被退回的")


async def test_an_odd_fact_is_marked_as_seen_by_enter_and_comes_back_by_u(place: Place) -> None:
    town, hall, station = place
    await quarrel(town, hall, station)
    app = town.app(station)
    async with on(app) as pilot:
        screen = await enter(app, pilot)
        await pilot.press("3")
        await sees(pilot, "记录人没有这个权限", "结束之后才有的记录")
        await pilot.press("enter")
        await until(pilot, lambda: screen.shown.count == 1)
        await sees(pilot, "标为看过了", "3 待看 1")
        await pilot.press("u")
        await until(pilot, lambda: screen.shown.count == 2)
        await pilot.press("u")
        assert "没有可撤销的" in said(app)


async def test_what_waits_for_the_server_says_that_nothing_need_be_done(place: Place) -> None:
    town, hall, station = place
    town.online = False
    app = town.app(station)
    async with on(app) as pilot:
        app.screen.tell(  # type: ignore[attr-defined]
            lambda desk: desk.perform(*_twenty())
        )
        screen = await enter(app, pilot)
        await until(pilot, lambda: "20" in status_line(app))
        await sees(pilot, "连不上服务器")
        await pilot.press("4")
        await until(pilot, lambda: screen.shown.count == 20)
        await sees(pilot, "新增住户", "联网后自动发出，不用做什么")
        await pilot.press("enter")
        assert "会自动发出" in said(app)
        town.online = True
        await pilot.press("f5")
        await until(pilot, lambda: screen.shown.count == 0)
        await sees(pilot, "一切正常", "没有要发的")
    del hall


def _twenty() -> list[object]:
    from register_desk import household

    return [household(f"8-1-{number}") for number in range(101, 121)]


async def test_this_laptop_is_named_and_the_name_of_the_server_is_told_apart(place: Place) -> None:
    town, _hall, station = place
    app = town.app(station)
    async with on(app, (100, 30)) as pilot:
        await enter(app, pilot)
        await sees(pilot, "值班室电脑", URL, "一切正常")
        await pilot.press("5")
        await until(pilot, lambda: listed(app) == ["居委会电脑", "值班室电脑"])
        await pilot.press("enter")
        assert "要到那台电脑上改名" in said(app)
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, FormDialog))
        await fill(pilot, "name", ODD)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, SyncScreen))
        await sees(pilot, "[/b] [a栋] {x} １２（服务器上叫 值班室电脑）")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (140, 40), (50, 20)])
async def test_odd_and_endless_texts_are_shown_and_break_nothing(
    place: Place, language: str, size: tuple[int, int]
) -> None:
    i18n.use(language, strict=True)
    town, hall, station = place
    await quarrel(town, hall, station, text=f"{ODD} {'排水井堵塞' * 900}")
    app = town.app(station)

    async def whole() -> None:
        await pilot.pause(0.05)
        for line in drawn(app):
            assert width(line) <= size[0]
        assert len(app.screen.query_one(KeyBar).keys) <= 6

    async with on(app, size) as pilot:
        screen = await enter(app, pilot)
        for key in "12345":
            await pilot.press(key)
            await until(pilot, lambda: screen.shown.count is not None)
            await whole()
        await pilot.press("1")
        await until(pilot, lambda: screen.shown.count == 3)
        assert "[/b] [a栋]" in page(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ConflictScreen) and app.screen._read)
        await whole()
        assert "[/b] [a栋]" in page(app)
        await pilot.press("enter")
        await until(pilot, lambda: len(app.screen._views) == 2)  # type: ignore[attr-defined]
        await whole()
        await pilot.press("escape", "2")
        await until(pilot, lambda: screen.shown.count == 1)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RefusedScreen) and app.screen._here is not None)
        await whole()
        await pilot.press("escape")


async def test_clicks_switch_lists_and_open_what_is_there(place: Place) -> None:
    town, hall, station = place
    await quarrel(town, hall, station)
    app = town.app(station)
    async with on(app) as pilot:
        screen = await enter(app, pilot)
        await pilot.click(ViewTabs, offset=(width("> 1 冲突 3    2 "), 0))
        await until(pilot, lambda: screen.view == "refused" and screen.shown.count == 1)
        await pilot.click("#refused", offset=(5, 1))
        await until(pilot, lambda: isinstance(app.screen, RefusedScreen))
        await until(pilot, lambda: "1-1-102" in page(app))


async def test_a_compound_on_this_laptop_alone_has_the_room_too(tmp_path: Path) -> None:
    from register_desk import settled
    from town import a_town

    path = settled(tmp_path / "alone.db")
    with a_town(tmp_path) as town:
        app = town.app(path)
        async with on(app) as pilot:
            assert "本机 · 未连服务器" in status_line(app)
            await enter(app, pilot)
            await sees(pilot, "只在这台电脑上", "F4 连服务器")
            await pilot.press("4")
            await sees(pilot, "没有要发的")
            await pilot.press("f5")
            assert "还没有连服务器" in said(app)
        assert town.asked == []


async def test_the_palette_finds_the_room_by_pinyin(place: Place) -> None:
    town, _hall, station = place
    app = town.app(station)
    async with on(app) as pilot:
        await until(pilot, lambda: app.status is not None)
        await pilot.press("f9")
        await pilot.pause(0.1)
        await pilot.press(*"tongbu")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SyncScreen))
