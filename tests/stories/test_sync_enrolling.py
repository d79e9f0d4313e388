"""Connecting a laptop in the app: address and code, a look, then everything comes by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from neighbours import drawn, page, rows
from register_desk import fill, found, household, settled
from simulation.network import narrow
from textual.pilot import Pilot
from town import URL, Other, Town, a_town, on, sees, settled_town, status_line, until

from models.replication import devices
from tui import i18n, syncing
from tui.app import LinliApp
from tui.screens.choose import Choose
from tui.screens.first_run.room import FirstRunScreen
from tui.screens.home import HomeScreen
from tui.screens.sync.enrol import EnrolScreen
from tui.screens.sync.join import JoinScreen
from tui.widgets.form import Form
from tui.widgets.text import PushButton, width

Place = tuple[Town, Other, Path]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(syncing, "SOON", 0.05)
    with settled_town(tmp_path) as made:
        yield made


async def open_form(app: LinliApp, pilot: Pilot[None]) -> EnrolScreen:
    await until(pilot, lambda: app.status is not None and (app.status.compound or on_first_steps(app)))
    app.enter("enrol")
    await until(pilot, lambda: isinstance(app.screen, EnrolScreen))
    assert isinstance(app.screen, EnrolScreen)
    return app.screen


def on_first_steps(app: LinliApp) -> bool:
    return isinstance(app.screen, FirstRunScreen)


async def fill_in(pilot: Pilot[None], code: str, url: str = URL) -> None:
    await fill(pilot, "url", url)
    await fill(pilot, "code", code)


def shown_buttons(app: LinliApp) -> list[str]:
    return [str(button.label) for button in app.screen.query(PushButton) if not button.has_class("-gone")]


async def test_a_new_laptop_gets_everything_and_asks_who_is_there(place: Place, tmp_path: Path) -> None:
    town, _hall, _station = place
    path = tmp_path / "new.db"
    app = town.app(path)
    async with on(app) as pilot:
        await sees(pilot, "4  连接我们的服务器")
        await pilot.press("4")
        await until(pilot, lambda: isinstance(app.screen, EnrolScreen))
        # As people type: full-width, small letters, O for 0, no dash.
        code = town.code().replace("-", "").replace("0", "o").lower()
        wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
        await fill_in(pilot, wide)
        await fill(pilot, "name", "门卫电脑")
        await pilot.press("f2")
        await sees(pilot, "这个码打开的是耐火小区", "加入耐火小区", "先不加入")
        await pilot.press("enter")
        await sees(pilot, "耐火小区已经在这台电脑上了", "现在记在王德胜名下")
        assert shown_buttons(app) == ["选我是谁", "看今日的事"]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await sees(pilot, "5 户", "今天的事都在这里", "√ 已同步")
    assert rows(path, "SELECT count(*) FROM household") == [(5,)]
    assert rows(path, "SELECT value FROM setting WHERE key = 'device_name'") == [
        ('"\\u95e8\\u536b\\u7535\\u8111"',)
    ]


async def test_a_look_changes_nothing_and_may_be_left(place: Place, tmp_path: Path) -> None:
    town, _hall, _station = place
    path = tmp_path / "new.db"
    app = town.app(path)
    async with on(app) as pilot:
        await open_form(app, pilot)
        await fill_in(pilot, town.code())
        await pilot.press("f2")
        await sees(pilot, "先不加入")
        await pilot.press("escape")
        await until(pilot, lambda: on_first_steps(app))
        # What was typed is there when one comes back.
        await open_form(app, pilot)
        assert app.screen.query_one(Form).texts["url"] == URL
    assert rows(path, "SELECT count(*) FROM link") == [(0,)]
    assert "/v1/enrol" not in town.asked[-1:]


@pytest.mark.parametrize(
    ("code", "url", "online", "says"),
    [
        ("ABC", URL, True, "注册码是 10 位字母和数字"),
        ("7K3QM-9D2XA", URL, True, "没有这个注册码"),
        ("7K3QM-9D2XA", URL, False, "连不上服务器"),
        ("7K3QM-9D2XA", "ftp://x", True, "这不是服务器地址"),
        ("7K3QM-9D2XA", "[/b] [a栋]", True, "这不是服务器地址"),
    ],
)
async def test_what_is_wrong_with_address_or_code_is_said_and_stays_typed(
    tmp_path: Path, code: str, url: str, says: str, *, online: bool
) -> None:
    with a_town(tmp_path) as town:
        town.online = online
        app = town.app(tmp_path / "new.db")
        async with on(app) as pilot:
            await open_form(app, pilot)
            await fill_in(pilot, code, url)
            await pilot.press("f2")
            await sees(pilot, says)
            assert app.screen.query_one(Form).texts["code"] == code
            assert shown_buttons(app) == ["看看这个码"]


async def test_a_compound_founded_here_is_adopted_by_a_server_that_has_nothing(tmp_path: Path) -> None:
    path = settled(tmp_path / "own.db")
    with a_town(tmp_path) as town:
        app = town.app(path)
        async with on(app) as pilot:
            await open_form(app, pilot)
            await fill_in(pilot, town.code())
            await pilot.press("f2")
            await sees(pilot, "服务器上还没有内容：本机的耐火小区就成为这个小区")
            await pilot.press("enter")
            await sees(pilot, "本机的内容已送到服务器")
            await pilot.press("enter")
            await sees(pilot, "王德胜，今天的事都在这里", "√ 已同步")
        with town.center.store.read() as session:
            count = session.connection().exec_driver_sql("SELECT count(*) FROM household").scalar_one()
        assert count == 5


async def test_a_compound_of_ones_own_stays_and_is_carried_over_after_a_look(
    place: Place, tmp_path: Path
) -> None:
    town, hall, _station = place
    path = tmp_path / "own.db"
    found(path, household("7-1-701", "赵七"), household("1-1-101", "张三", "13800000001"), name="五一小区")
    app = town.app(path)
    async with on(app) as pilot:
        await open_form(app, pilot)
        await fill_in(pilot, town.code())
        await pilot.press("f2")
        await sees(pilot, "本机自己建的五一小区留在本机不动")
        await pilot.press("enter")
        await sees(pilot, "已经在这台电脑上了")
        await pilot.press("right", "enter")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await sees(pilot, "5 户")
        app.enter("sync")
        await sees(pilot, "这台电脑上还有自己建的“五一小区”，按 F7 可以搬过来")
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(app.screen, JoinScreen))
        await until(pilot, lambda: "搬过去 3 条" in page(app))
        await pilot.press("left", "right", "enter")
        await sees(pilot, "搬完了")
        await pilot.press("enter", "escape")
        await sees(pilot, "6 户")
        await until(pilot, lambda: "待发" not in status_line(app))
    await hall.sync()
    assert hall.find("household", "code", "7-1-701")


async def test_a_first_fetch_may_be_left_cut_off_and_begun_anew(place: Place, tmp_path: Path) -> None:
    town, hall, _station = place
    for floor in range(1, 41):
        hall.desk.perform(*[household(f"5-1-{floor:02}{flat:02}") for flat in range(1, 6)])
    await hall.sync()
    path = tmp_path / "new.db"
    asked = 0

    def cut(request: httpx.Request) -> None:
        nonlocal asked
        if request.url.path == "/v1/pull":
            asked += 1
            if asked > 2:
                town.online = False
                raise httpx.ReadError("cut off")

    town.before.append(cut)
    with narrow(rows=60):
        app = town.app(path)
        async with on(app) as pilot:
            await open_form(app, pilot)
            await fill_in(pilot, town.code())
            await pilot.press("f2")
            await sees(pilot, "加入耐火小区")
            await pilot.press("enter")
            await sees(pilot, "连不上服务器", "可以按 Esc 先做别的")
            await pilot.press("escape")
            await sees(pilot, "3  连到服务器", "◐ 正在取")
        town.before.clear()
        town.online = True
        before = len(town.asked)
        app = town.app(path)
        async with on(app) as pilot:
            await until(pilot, lambda: "205 户" in page(app))
            assert "/v1/enrol" not in town.asked[before:]
            await until(pilot, lambda: "√ 已同步" in status_line(app))


async def test_rows_that_come_are_counted_as_they_come(place: Place, tmp_path: Path) -> None:
    town, hall, _station = place
    for floor in range(1, 21):
        hall.desk.perform(*[household(f"5-1-{floor:02}{flat:02}") for flat in range(1, 6)])
    await hall.sync()
    seen: list[str] = []
    with narrow(rows=50):
        app = town.app(tmp_path / "new.db")
        async with on(app) as pilot:
            screen = await open_form(app, pilot)
            draw = screen._draw_course

            def watch() -> None:
                draw()
                if app.status is not None and app.status.sync is not None and app.status.sync.total:
                    seen.append(page(app))

            screen._draw_course = watch  # type: ignore[method-assign]
            town.before.append(_slowly)
            await fill_in(pilot, town.code())
            await pilot.press("f2")
            await sees(pilot, "加入耐火小区")
            await pilot.press("enter")
            await sees(pilot, "已经在这台电脑上了")
    assert any("正在取" in text for text in seen)


def _slowly(request: httpx.Request) -> None:
    if request.url.path == "/v1/pull":
        time.sleep(0.1)


async def test_a_laptop_that_was_shut_out_keeps_everything_and_comes_back_with_a_new_code(
    place: Place,
) -> None:
    town, hall, station = place
    with town.center.store.write() as session:
        known = {line.name: line.id for line in devices.devices(session)}
        devices.revoke(session, known["值班室电脑"], now=town.center.clock())
    app = town.app(station)
    async with on(app) as pilot:
        await until(pilot, lambda: "这台电脑已被停用" in status_line(app))
        app.screen.tell(lambda desk: desk.perform(household("9-1-901")))  # type: ignore[attr-defined]
        await until(pilot, lambda: "↑ 1 条待发" in status_line(app))
        app.enter("sync")
        await sees(pilot, "已被停用", "1 条没发出", "F4 连服务器")
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, EnrolScreen))
        assert app.screen.query_one(Form).texts["url"] == URL
        assert app.screen.query_one(Form).texts["name"] == "值班室电脑"
        await fill(pilot, "code", town.code())
        await pilot.press("f2")
        await sees(pilot, "这个码打开的是耐火小区")
        await pilot.press("enter")
        await sees(pilot, "已经在这台电脑上了")
        await until(pilot, lambda: "√ 已同步" in status_line(app))
    await hall.sync()
    assert hall.find("household", "code", "9-1-901")


async def test_a_compound_without_people_begins_with_the_first_one(tmp_path: Path) -> None:
    with a_town(tmp_path) as town:
        app = town.app(tmp_path / "new.db")
        async with on(app) as pilot:
            await open_form(app, pilot)
            await fill_in(pilot, town.code())
            await pilot.press("f2")
            await sees(pilot, "这个码打开的是耐火小区")
            await pilot.press("enter")
            await sees(pilot, "已经在这台电脑上了", "还没有人员：先登记第一位，就是主任")
            assert shown_buttons(app) == ["看今日的事"]
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
            await sees(pilot, "还没有人员", "0 户")


async def test_whoever_leaves_while_being_let_in_is_let_in_all_the_same(place: Place, tmp_path: Path) -> None:
    town, _hall, _station = place
    app = town.app(tmp_path / "new.db")
    asked, answer = threading.Event(), threading.Event()

    def hold(request: httpx.Request) -> None:
        if request.url.path == "/v1/enrol":
            asked.set()
            answer.wait(5)

    town.before.append(hold)
    async with on(app) as pilot:
        await open_form(app, pilot)
        await fill_in(pilot, town.code())
        await pilot.press("f2")
        await sees(pilot, "加入耐火小区")
        await pilot.press("enter")
        await until(pilot, asked.is_set)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        answer.set()
        await sees(pilot, "5 户", "√ 已同步")


async def test_the_room_for_sync_leads_to_the_form_where_there_is_no_compound(tmp_path: Path) -> None:
    with a_town(tmp_path) as town:
        app = town.app(tmp_path / "new.db")
        async with on(app) as pilot:
            app.enter("sync")
            await until(pilot, lambda: isinstance(app.screen, EnrolScreen))
            await pilot.press("escape")
            await until(pilot, lambda: on_first_steps(app))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_an_offer_with_odd_names_fits_every_size(tmp_path: Path, language: str) -> None:
    i18n.use(language, strict=True)
    with a_town(tmp_path) as town:
        odd = town.center.add("[/b] [a栋] {x}" + "很长的名字" * 12)
        for size in ((80, 24), (60, 20)):
            app = town.app(tmp_path / f"new{size[0]}.db")
            async with on(app, size) as pilot:
                await open_form(app, pilot)
                await fill_in(pilot, town.code(odd))
                await pilot.press("f2")
                await sees(pilot, "[/b] [a栋] {x}")
                for line in drawn(app):
                    assert width(line) <= size[0]
