from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from neighbours import drawn, looking, make_app, page, press, rest, rows
from ticket_desk import TicketDesk

from models.inspection import queries
from models.inspection.queries_walks import walks_page
from models.operations.envelope import Intent
from tui import edge, i18n
from tui.desk import Desk
from tui.screens.choose import Choose
from tui.screens.first_run.room import FirstRunScreen
from tui.screens.home import HomeScreen
from tui.screens.inspection import InspectionScreen
from tui.screens.register.import_file import ImportScreen
from tui.screens.routes.room import RoutesScreen
from tui.screens.tickets.room import TicketsScreen
from tui.screens.walk.room import WalkScreen
from tui.widgets.text import width


async def test_home_counts_what_there_is_and_names_who_acts(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        text = page(app)
        assert "王德胜，今天的事都在这里" in text
        assert "进行中 0/4" in text
        assert "0 户" in text
        assert "4 人" in text
        assert "本机 · 未连服务器" in drawn(app)[-2]


async def test_a_digit_opens_a_task_and_esc_comes_back(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await rest(pilot, app)
        await press(pilot, app, ["１"])
        assert isinstance(app.screen, WalkScreen)
        await press(pilot, app, ["escape"])
        assert isinstance(app.screen, HomeScreen)


async def test_a_digit_pressed_before_the_tasks_are_there_opens_its_task(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        assert "王德胜" not in page(app)
        await pilot.press("1")
        await rest(pilot, app)
        assert isinstance(app.screen, WalkScreen)


async def test_whoever_is_here_is_found_by_pinyin_and_remembered(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await rest(pilot, app)
        await press(pilot, app, ["f3", "z", "s"])
        assert isinstance(app.screen, Choose)
        await press(pilot, app, ["enter"])
        assert "张三，今天的事都在这里" in page(app)
    with looking(path) as desk:
        assert desk.seat.person == "张三"


async def test_an_empty_laptop_is_shown_the_first_steps_and_reminded_of_what_is_open(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        assert isinstance(app.screen, FirstRunScreen)
        await press(pilot, app, ["escape"])
        assert "这台电脑上还没有小区" in page(app)
        await press(pilot, app, ["f3"])
        assert "先新建小区" in page(app)
        await press(pilot, app, ["1", "1", *"[a", "enter", *"wang", "f2", "escape"])
        assert "wang，今天的事都在这里。还有几步没做完，按 F6 接着做" in page(app)
        assert "[a" in drawn(app)[0]
        await press(pilot, app, ["f6", "f6"])
        assert isinstance(app.screen, HomeScreen)
        assert "几步" not in page(app)
    assert rows(path, "SELECT name FROM compound") == [("[a",)]
    assert rows(path, "SELECT role FROM role_term") == [("director",)]


async def test_an_empty_laptop_can_look_at_the_demo_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "data_folder", lambda: tmp_path / "data")
    monkeypatch.delenv("LINLI_STORE", raising=False)
    app = make_app(tmp_path / "new.db")
    async with app.run_test() as pilot:
        await rest(pilot, app)
        await press(pilot, app, ["3"])
        for _ in range(100):
            await rest(pilot, app)
            if "180 户" in page(app):
                break
        assert "180 户" in page(app)
    assert (tmp_path / "data" / "demo.db").exists()
    assert not rows(tmp_path / "new.db", "SELECT 1 FROM compound")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_home_is_whole_at_every_size(path: Path, language: str, size: tuple[int, int]) -> None:
    i18n.use(language, strict=True)
    app = make_app(path)
    async with app.run_test(size=size) as pilot:
        await rest(pilot, app)
        for line in drawn(app):
            assert width(line) <= size[0]
        assert not any("…" in line for line in drawn(app)[:-1])


async def test_a_store_of_a_later_version_is_named_on_screen(path: Path) -> None:
    desk = Desk(path)
    desk.open()
    with desk.store.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    desk.close()
    app = make_app(path)
    async with app.run_test() as pilot:
        await pilot.pause(0.5)
        assert "9999" in page(app)


async def test_what_the_walks_stand_on_is_one_digit_away_with_its_counts(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        await press(pilot, app, ["4"])
        assert isinstance(app.screen, InspectionScreen)
        text = page(app)
        assert "50 个点" in text
        assert "42 段管" in text
        assert "4 条路线" in text
        assert "4 个问题" in text
        assert "4 次巡检" in text
        await press(pilot, app, ["3"])
        assert isinstance(app.screen, RoutesScreen)
        await press(pilot, app, ["escape", "escape"])
        assert isinstance(app.screen, HomeScreen)


@pytest.mark.parametrize("digit", "1234567890")
async def test_every_digit_of_home_opens_something(path: Path, digit: str) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        await press(pilot, app, [digit])
        assert not isinstance(app.screen, HomeScreen)
        assert not app.errors


async def test_home_says_which_route_is_due(path: Path) -> None:
    with looking(path) as desk:
        long_ago = (desk.today() - timedelta(days=40)).isoformat()
        with desk.store.read() as session:
            (lamps,) = (
                line.id for line in queries.routes(session, desk.seat.compound_id) if line.name == "路灯"
            )
            open_walks = [line.id for line in walks_page(session, desk.seat.compound_id, unfinished=True)]
        add = {"id": str(edge.new_id()), "route": str(lamps), "every": "month", "since": long_ago}
        assert desk.perform(Intent("schedule.add", add)).refused is None
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        assert "另有 1 条到期" in page(app)
    with looking(path) as desk:
        for walk in open_walks:
            assert desk.perform(Intent("walk.archive", {"walk": str(walk)})).refused is None
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        assert "路灯" in page(app)
        assert "■ " in page(app)


async def test_home_says_what_is_in_ones_own_hands_and_leads_there(tmp_path: Path) -> None:
    tickets = TicketDesk(tmp_path / "store.db")
    long_ago = (edge.clock() - timedelta(days=3)).isoformat()
    late = tickets.report("KT28", "晚了的", accept_due_at=long_ago, due_at=long_ago)
    tickets.report("KT29", "等人接的")
    tickets.do("handover", to=tickets.people["李四"])
    tickets.do("assign", ticket=late, person=tickets.people["李四"])
    app = make_app(tickets.path)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        assert "首问责任 3 件在您手里" in page(app)
        assert "■ 逾期 1 单" in page(app)
        assert "待接 2 单" in page(app)
        await press(pilot, app, ["2"])
        assert isinstance(app.screen, TicketsScreen)
        assert app.screen.view == "board"
    tickets.sits("李四")
    app = make_app(tickets.path)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        own = next(line for line in drawn(app) if "请您接手" in line)
        assert "■ 您有 1 件逾期，1 件请您接手" in own
        assert "在办 1 件" in own
        await press(pilot, app, ["2"])
        assert isinstance(app.screen, TicketsScreen)
        assert app.screen.view == "mine"
        assert app.screen.line is not None
        assert app.screen.line.code == "KT27"
        await press(pilot, app, ["escape"])
        await pilot.click("#tellings", offset=(6, 0))
        await rest(pilot, app)
        assert isinstance(app.screen, TicketsScreen)


async def test_home_hears_of_a_ticket_that_comes_from_elsewhere(tmp_path: Path) -> None:
    tickets = TicketDesk(tmp_path / "store.db")
    app = make_app(tickets.path)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        assert "待接 1 单" in page(app)
        tickets.report("KT28")
        app.screen.news()  # type: ignore[attr-defined]  # every screen of ours hears news
        await rest(pilot, app)
        assert "待接 2 单" in page(app)


async def test_a_spreadsheet_is_imported_from_where_its_rows_will_stand(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        assert "按 F6 从表格导入" in page(app)
        await press(pilot, app, ["5", "f6"])
        assert isinstance(app.screen, ImportScreen)
        await press(pilot, app, ["escape", "escape", "4", "7"])
        assert isinstance(app.screen, ImportScreen)


async def test_home_tells_of_a_fault_that_comes_again_and_again(tmp_path: Path) -> None:
    tickets = TicketDesk(tmp_path / "store.db", what="下水堵", category="drain")
    app = make_app(tickets.path)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot, app)
        assert "反复报修" not in page(app)
        for code in ("KT28", "KT29"):
            tickets.report(code, "又堵了", household_id=tickets.home, category="drain")
        app.screen.news()  # type: ignore[attr-defined]  # every screen of ours hears news
        await rest(pilot, app)
        assert "▲ 1 处反复报修" in page(app)
