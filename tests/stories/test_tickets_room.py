"""The lists of tickets: one key claims the one in front, and whatever is looked for is near."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from register_desk import at, page, press, rest, said
from ticket_desk import TicketDesk

from models.operations.envelope import Intent
from tui import edge, i18n
from tui.app import LinliApp
from tui.desk import Desk
from tui.screens.choose import Choose
from tui.screens.tickets.page import TicketPage
from tui.screens.tickets.room import TicketsScreen
from tui.widgets.long_list import LongList
from tui.widgets.map_panel import MapPanel
from tui.widgets.tabs import ViewTabs
from tui.widgets.text import width

ODD = "[/b] [a栋] {x} $t １２３"


@pytest.fixture
def desk(tmp_path: Path) -> TicketDesk:
    return TicketDesk(tmp_path / "store.db")


def shown(app: LinliApp) -> list[str]:
    """Return the codes in the list on screen."""
    assert isinstance(app.screen, TicketsScreen), app.screen
    listed = app.screen.shown
    found = [listed._row(index) for index in range(listed.count or 0)]
    return [str(row.cells[1]).rpartition(" ")[2] for row in found if row is not None]


def cells(app: LinliApp, code: str) -> list[str]:
    """Return what the row of a ticket says."""
    assert isinstance(app.screen, TicketsScreen)
    listed = app.screen.shown
    found = [listed._row(index) for index in range(listed.count or 0)]
    return next([str(cell) for cell in row.cells] for row in found if row and code in str(row.cells[1]))


def claimed_twice(desk: TicketDesk, code: str = "KT27") -> None:
    """Let 王德胜 be on a job that 李四 has, as when both claimed it apart."""
    desk.do("assign", person=desk.people["李四"])
    other = Desk(desk.path)
    other.open()
    with other.store.write() as session:
        connection = session.connection()
        row: dict[str, Any] = dict(
            connection.exec_driver_sql("select h.* from ticket_hand h join ticket t on t.id = h.ticket_id "
            "where t.code = ?", (code,)).mappings().one()
        )  # fmt: skip
        [(me,)] = connection.exec_driver_sql("select id from person where name = '王德胜'").all()
        row |= {"id": edge.new_id().hex, "person_id": me}
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        connection.exec_driver_sql(
            f"insert into ticket_hand ({names}) values ({marks})",  # noqa: S608
            tuple(row.values()),
        )
    other.close()


async def test_one_key_claims_the_ticket_in_front_says_what_comes_next_and_u_gives_it_back(
    desk: TicketDesk,
) -> None:
    async with at(desk.path, "tickets") as (app, pilot):
        assert shown(app) == ["KT27"]
        await press(pilot, "1")
        assert desk.state() == "accepted"
        assert desk.hands() == ["王德胜"]
        assert said(app) == "KT27 归您办了 · 回车打开写进展 · 按 U 撤销"
        assert shown(app) == []
        await press(pilot, "u")
        assert said(app).endswith("：KT27 归您办了")
        assert desk.hands() == []
        assert shown(app) == ["KT27"]


async def test_what_is_pressed_in_full_width_claims_as_well(desk: TicketDesk) -> None:
    async with at(desk.path, "tickets") as (_, pilot):
        await press(pilot, "１")
        assert desk.hands() == ["王德胜"]


async def test_a_job_for_several_stays_on_the_board_and_says_how_many_lack(desk: TicketDesk) -> None:
    desk.report("KT28", "搬东西", wanted_hands=3)
    async with at(desk.path, "tickets") as (app, pilot):
        assert cells(app, "KT28")[5] == "缺 3 人"
        await press(pilot, "down", "1")
        assert "还缺 2 人" in said(app)
        assert cells(app, "KT28")[5] == "1/3 王德胜"
        await press(pilot, "1")
        assert "您已经接了" in said(app)


async def test_a_job_is_given_back_and_stands_on_the_board_again(desk: TicketDesk) -> None:
    desk.do("accept")
    async with at(desk.path, "tickets", view="mine") as (app, pilot):
        assert shown(app) == ["KT27"]
        await press(pilot, "2")
        assert desk.state() == "reported"
        await press(pilot, "left")
        assert shown(app) == ["KT27"]


async def test_a_job_is_assigned_by_pinyin(desk: TicketDesk) -> None:
    async with at(desk.path, "tickets") as (app, pilot):
        await press(pilot, "3")
        assert isinstance(app.screen, Choose)
        order = [option.text for option in app.screen._options]
        await press(pilot, str(order.index("李四") + 1))
        assert desk.hands() == ["李四"]
        assert "派给 李四" in said(app)


async def test_the_baton_that_is_offered_is_taken_from_the_list(desk: TicketDesk) -> None:
    desk.do("handover", to=desk.people["李四"])
    desk.sits("李四")
    async with at(desk.path, "tickets", view="mine") as (app, pilot):
        assert cells(app, "KT27")[5] == "→ 请您接手"
        await press(pilot, "4")
        assert desk.ticket("offered_to_id") == (None,)
        assert "到您手里" in said(app)
        assert cells(app, "KT27")[5] == "⚑ 首问"


@pytest.mark.parametrize(
    ("key", "why"),
    [("2", "不在您手里"), ("4", "没有人请您接手"), ("1", "李四已经接了"), ("3", "李四已经接了")],
)
async def test_a_key_that_cannot_act_says_why(desk: TicketDesk, key: str, why: str) -> None:
    desk.do("assign", person=desk.people["李四"])
    async with at(desk.path, "tickets", view="open") as (app, pilot):
        await press(pilot, key)
        assert why in said(app)
        assert desk.hands() == ["李四"]


async def test_two_who_claimed_one_job_are_marked_and_named_until_one_steps_back(desk: TicketDesk) -> None:
    claimed_twice(desk)
    async with at(desk.path, "tickets", view="open") as (app, pilot):
        assert cells(app, "KT27")[5] == "! 2 人接了"
        assert "您和李四都接了" in page(app)
        await press(pilot, "2")
        assert desk.hands() == ["李四"]
        assert cells(app, "KT27")[5] == "李四"


async def test_enter_opens_the_page_and_esc_comes_back_to_the_same_row(desk: TicketDesk) -> None:
    desk.report("KT28", "楼道灯不亮", urgency="normal")
    async with at(desk.path, "tickets") as (app, pilot):
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, TicketPage)
        await press(pilot, "escape")
        assert isinstance(app.screen, TicketsScreen)
        assert app.screen.line is not None
        assert app.screen.line.code == "KT28"


async def test_several_words_and_pinyin_find_in_whatever_list_is_shown(desk: TicketDesk) -> None:
    desk.report("KT28", "楼道灯不亮", place="北门")
    async with at(desk.path, "tickets", view="all") as (app, pilot):
        await press(pilot, "/", "ldd bei")
        assert shown(app) == ["KT28"]
        await press(pilot, *["backspace"] * 7, "kt２７")
        assert shown(app) == ["KT27"]
        await press(pilot, "zzz")
        assert "没有找到“kt27zzz”" in page(app)


async def test_a_code_typed_in_the_wrong_list_is_found_by_enter_and_nothing_is_told_of_what_is_not_there(
    desk: TicketDesk,
) -> None:
    lamp = desk.report("KT28", "楼道灯不亮")
    desk.do("cancel", ticket=lamp, words="修好了")
    async with at(desk.path, "tickets") as (app, pilot):
        assert "厨房" in page(app)
        await press(pilot, "/", "kt28")
        assert "按回车到" in page(app)
        assert app.screen.query_one(MapPanel).view is None
        assert "厨房" not in page(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, TicketsScreen)
        assert app.screen.view == "all"
        assert shown(app) == ["KT28"]
        await press(pilot, "enter")
        assert isinstance(app.screen, TicketPage)


async def test_arrows_letters_and_clicks_go_from_list_to_list(desk: TicketDesk) -> None:
    async with at(desk.path, "tickets") as (app, pilot):
        assert "> 接单板 1" in page(app)
        await press(pilot, "right")
        assert "> 我的 1" in page(app)
        await press(pilot, "left", "left")
        assert "> 全部" in page(app)
        await press(pilot, "d")
        assert "没有逾期的" in page(app)
        place = page(app).splitlines()[1].index("未结")
        await pilot.click(ViewTabs, offset=(width(page(app).splitlines()[1][:place]), 0))
        await rest(pilot)
        assert "> 未结" in page(app)


async def test_filters_are_chosen_by_pinyin_stand_in_the_title_and_go_again(desk: TicketDesk) -> None:
    desk.report("KT28", "楼道灯不亮", category="lamp", place="北门")
    async with at(desk.path, "tickets") as (app, pilot):
        await press(pilot, "o", "b", "f4", "psds", "enter")
        assert shown(app) == ["KT27"]
        await press(pilot, "o")  # a list that was looked at before is narrowed as well
        assert shown(app) == ["KT27"]
        await press(pilot, "b")
        assert "工单 · 排水堵塞" in page(app).splitlines()[0]
        await press(pilot, "f4", "ldd", "enter")
        assert shown(app) == ["KT28"]
        await press(pilot, "f4", "3", "enter")
        assert shown(app) == []
        assert "3栋" in page(app).splitlines()[0]
        await press(pilot, "f4", "quanbu", "enter")
        assert shown(app) == ["KT27", "KT28"]


async def test_ones_own_are_kept_of_any_list(desk: TicketDesk) -> None:
    desk.report("KT28", "李四的", holder=desk.people["李四"])
    desk.sits("李四")
    async with at(desk.path, "tickets", view="open") as (app, pilot):
        assert set(shown(app)) == {"KT27", "KT28"}
        await press(pilot, "f4", "wode", "enter")
        assert shown(app) == ["KT28"]


async def test_a_list_says_how_long_is_left_and_by_how_much_something_is_late(desk: TicketDesk) -> None:
    now = edge.clock()
    desk.report(
        "KT28",
        "晚了",
        accept_due_at=(now - timedelta(days=4)).isoformat(),
        due_at=(now - timedelta(days=2, hours=1)).isoformat(),
    )
    desk.report(
        "KT29",
        "还早",
        accept_due_at=(now + timedelta(hours=3, minutes=5)).isoformat(),
        due_at=(now + timedelta(days=3)).isoformat(),
    )
    async with at(desk.path, "tickets", view="open") as (app, _):
        assert cells(app, "KT28")[4] == "逾期 2 天"
        assert cells(app, "KT29")[4] == "剩 3 小时"


async def test_the_panel_tells_the_end_of_the_story_where_there_is_room_for_it(desk: TicketDesk) -> None:
    desk.do("comment", words="敲门没人应")
    async with at(desk.path, "tickets", size=(100, 30)) as (app, _):
        beside = app.screen.query_one("#beside", MapPanel)
        assert beside.display
        assert not app.screen.query_one("#beneath", MapPanel).display
        assert "敲门没人应" in page(app)
        assert "3-1-502" in page(app)


async def test_what_somebody_wrote_is_harmless_and_phones_are_masked(desk: TicketDesk) -> None:
    desk.report("KT28", ODD * 150, requester_name=ODD, requester_phone="13912345678", place=ODD)
    for size in ((80, 24), (140, 40)):
        async with at(desk.path, "tickets", size=size, view="all") as (app, pilot):
            for key in ("home", "right", "left", "f4", "escape", "f3", "right"):
                await press(pilot, key)
                assert {width(line) for line in page(app).splitlines()} == {size[0]}
            await press(pilot, "f3")
            assert "139****5678" in page(app)
            assert "13912345678" not in page(app)


async def test_a_room_opened_for_a_household_shows_all_its_tickets_and_reports_for_it(
    desk: TicketDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.report("KT28", "别处的")
    desk.do("reject", words="不归我们管")
    entered: dict[str, Any] = {}
    options: dict[str, Any] = {"household_id": UUID(desk.home), "title": "3-1-502"}
    async with at(desk.path, "tickets", **options) as (app, pilot):
        assert "工单 · 3-1-502" in page(app).splitlines()[0]
        assert shown(app) == ["KT27"]
        monkeypatch.setattr(app, "enter", lambda name, **given: entered.update(given, room=name))
        await press(pilot, "f2")
    assert entered["room"] == "report_ticket"
    assert entered["household_id"] == UUID(desk.home)


async def test_the_list_goes_to_the_chat_group_with_names_masked(desk: TicketDesk) -> None:
    desk.report("KT28", "请打电话 13912345678 给李四", requester_name="周桂芬")
    async with at(desk.path, "tickets") as (app, pilot):
        await press(pilot, "f5", "1")
        copied = app.clipboard
        assert "KT27" in copied
        assert "KT28" in copied
        assert "13912345678" not in copied
        assert "李四" not in copied


async def test_the_list_is_saved_as_a_spreadsheet(
    desk: TicketDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(Path, "home", lambda: home)
    async with at(desk.path, "tickets") as (app, pilot):
        await press(pilot, "f5", "5", "f2")
        assert "1 行" in said(app)
        [file] = home.iterdir()
        assert file.name.startswith("工单_接单板")
        assert file.suffix == ".xlsx"


async def test_news_are_shown_and_the_highlight_stays(desk: TicketDesk) -> None:
    desk.report("KT28", "第二件", urgency="normal")
    async with at(desk.path, "tickets") as (app, pilot):
        await press(pilot, "down")
        desk.report("KT29", "第三件", urgency="emergency")
        app.screen.news()  # type: ignore[attr-defined]  # every screen of ours hears news
        await rest(pilot)
        assert shown(app)[0] == "KT29"
        assert isinstance(app.screen, TicketsScreen)
        assert app.screen.line is not None
        assert app.screen.line.code == "KT28"


async def test_what_comes_again_stands_together(desk: TicketDesk) -> None:
    for number in (28, 29):
        desk.report(f"KT{number}", "又堵了", household_id=desk.home)
    desk.report("KT30", "别的事", category="lamp")
    async with at(desk.path, "tickets") as (app, pilot):
        await press(pilot, "r")
        assert sorted(shown(app)) == ["KT27", "KT28", "KT29"]
        assert "重复 3" in page(app)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
async def test_the_list_has_its_keys_and_its_columns_uncut(desk: TicketDesk, language: str) -> None:
    i18n.use(language, strict=True)
    desk.do("comment", words="x")
    async with at(desk.path, "tickets") as (app, _):
        assert app.screen.query_one(f"#{app.screen.view}", LongList).has_focus  # type: ignore[attr-defined]
        lines = page(app).splitlines()
        for key in ("F2", "F3", "F4", "F5", "F6", "Esc"):
            assert any(key in line for line in lines[-4:])
        assert "…" not in lines[-1]
        assert "…" not in lines[3]


async def test_what_was_claimed_meanwhile_is_refused_in_words(desk: TicketDesk) -> None:
    """The board on screen may be older than the store: the refusal says who was faster."""
    async with at(desk.path, "tickets") as (app, pilot):
        desk.perform(
            Intent(
                "ticket.assign", {"id": str(edge.new_id()), "ticket": desk.id, "person": desk.people["李四"]}
            )
        )
        await press(pilot, "1")
        assert "已经有人接了" in said(app)
        assert desk.hands() == ["李四"]
