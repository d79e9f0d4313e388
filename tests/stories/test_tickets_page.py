"""The page of a ticket tells what was asked, where it stands, everything that happened, and who wants what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from register_desk import page, press, rest, said
from sewer_desk import hit, on_top
from ticket_desk import TicketDesk
from town import Other, Town, at_station, on, sees, settled_town, until

from models.operations.envelope import Intent
from tui import edge, syncing
from tui.screens.sync.conflict import ConflictScreen
from tui.screens.tickets.page import TicketPage
from tui.widgets.story import Story

Place = tuple[Town, Other, Path]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(syncing, "SOON", 0.05)
    with settled_town(tmp_path) as settled:
        yield settled


@pytest.fixture
def desk(tmp_path: Path) -> TicketDesk:
    return TicketDesk(tmp_path / "store.db")


def busy(desk: TicketDesk) -> None:
    """Let a lot happen to the ticket."""
    desk.do("accept", by="李四", hours_ago=72, words="下午去")
    desk.do("log", by="李四", hours_ago=49, words="通了两米", minutes=80, cost=3500, parts="疏通弹簧")
    until_day = str((edge.clock() + timedelta(days=2)).date())
    desk.do("wait", hours_ago=48, until=until_day, wait_for="part", words="等接头")
    desk.do("handover", to=desk.people["罗铁生"], words="要出门")
    desk.do("take", by="罗铁生")
    desk.do("comment", words="住户催了一次")


async def test_the_page_tells_what_was_asked_where_it_stands_and_what_happened(desk: TicketDesk) -> None:
    busy(desk)
    async with desk.page((140, 40)) as (app, _):
        shown = page(app)
        for words in ("KT27", "◷ 等待中", "! 急", "排水堵塞", "厨房下水堵了", "3-1-502", "等到", "上门 1 次"):
            assert words in shown, words
        # Who did it, who typed it in, what it took; and who held the baton since when.
        for words in (
            "李四（王德胜 代记）",
            "1 小时 20 分 · 疏通弹簧 · 35 元",
            "等接头",
            "王德胜（",
            "罗铁生（",
        ):
            assert words in shown, words
        # The newest line is told first.
        assert shown.index("住户催了一次") < shown.index("下午去")


async def test_wide_facts_and_story_stand_side_by_side_and_narrow_one_page_scrolls(desk: TicketDesk) -> None:
    busy(desk)
    async with desk.page((140, 40)) as (app, _):
        line = next(line for line in page(app).splitlines() if "经过" in line)
        assert "厨房下水堵了" in line
    async with desk.page((80, 24)) as (app, pilot):
        assert "已接单" not in page(app)
        assert "1 接着办" in page(app)
        await press(pilot, "end")
        assert "接到" in page(app)
        # The deeds stay in sight however far one reads.
        assert "1 接着办" in page(app)


async def test_odd_and_long_texts_do_no_harm(tmp_path: Path) -> None:
    odd = "[/b] [a栋] {x} $t １２３\x1b[31m"
    desk = TicketDesk(tmp_path / "store.db", what=odd + "堵" * 3_900, requester_name=odd, place=odd)
    desk.do("comment", words=odd)
    async with desk.page((80, 24)) as (app, pilot):
        assert "[/b] [a栋] {x} $t １２３" in page(app)
        await press(pilot, "end")
        assert "[/b] [a栋] {x} $t １２３" in page(app)
        await press(pilot, "7", "1", "escape", "0", "escape")
        assert on_top(app) == "TicketPage"


async def test_it_speaks_another_language_at_once_and_loses_nothing(desk: TicketDesk) -> None:
    busy(desk)
    async with desk.page() as (app, pilot):
        await app.speak("en")
        await rest(pilot)
        shown = page(app)
        for words in ("Ticket KT27", "waiting", "厨房下水堵了", "asked by", "1 Go on"):
            assert words in shown, words
        await press(pilot, "1")
        assert desk.state() == "in_progress"
        await app.speak("zh_CN")


async def test_a_long_question_leaves_room_for_the_facts_until_it_is_asked_for(tmp_path: Path) -> None:
    desk = TicketDesk(tmp_path / "store.db", what="堵了。" * 300 + "最后一句")
    async with desk.page() as (app, pilot):
        assert "3-1-502" in page(app)
        assert "最后一句" not in page(app)
        assert "按 F3 看全文" in page(app)
        await hit(pilot, "f3")
        await press(pilot, "pagedown", "pagedown")
        assert "最后一句" in page(app)
        await hit(pilot, "f3")
        await press(pilot, "home")
        assert "3-1-502" in page(app)


async def test_what_was_taken_back_is_shown_when_asked_for(desk: TicketDesk) -> None:
    async with desk.page((140, 40)) as (app, pilot):
        await hit(pilot, "f4")
        assert "没有撤销过" in said(app)
        await press(pilot, "1", "u")
        assert "接单" not in str([one.what.word for one in app.screen.query_one(Story).lines])
        await hit(pilot, "f4")
        assert "已撤销" in page(app)
        await hit(pilot, "f4")
        assert "已撤销" not in page(app)


async def test_enter_opens_who_and_where_it_is_about_and_esc_comes_back(desk: TicketDesk) -> None:
    async with desk.page() as (app, pilot):
        await press(pilot, "enter")
        assert on_top(app) == "HouseholdScreen"
        await press(pilot, "escape")
        desk.do("link", point=desk.point)
        app.screen.news()  # type: ignore[attr-defined]
        await rest(pilot)
        await press(pilot, "enter", "2")
        assert on_top(app) == "PointScreen"
        await press(pilot, "escape")
        await hit(pilot, "f7")
        assert on_top(app) == "HistoryScreen"


async def test_its_history_tells_each_change_and_leads_back_to_it(desk: TicketDesk) -> None:
    busy(desk)
    async with desk.page() as (app, pilot):
        await hit(pilot, "f7")
        assert "工单 KT27" in page(app)
        row = next(index for index, words in enumerate(page(app).splitlines()) if "上门" in words)
        assert row
        await press(pilot, *["down"] * 4, "enter")
        shown = page(app)
        for words in ("用时（分）", "80", "35 元", "疏通弹簧"):
            assert words in shown, words
        await press(pilot, "2")
        assert on_top(app) == "TicketPage"


async def test_it_goes_to_the_chat_group_masked_and_onto_paper(
    desk: TicketDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    desk.do("comment", words="住户催了一次")
    async with desk.page() as (app, pilot):
        await hit(pilot, "f5", "1")
        assert on_top(app) == "ChatText"
        assert "KT27" in page(app)
        await press(pilot, "escape")
        await hit(pilot, "f5", "2")
        assert "KT27" in said(app)
    assert drawn_on(tmp_path)


def drawn_on(folder: Path) -> list[Path]:
    return list(folder.glob("**/*KT27*.html"))


async def test_a_ticket_that_is_gone_is_said_to_be_gone(desk: TicketDesk) -> None:
    async with desk.page(ticket=str(edge.new_id())) as (app, pilot):
        assert "找不到" in said(app)
        await press(pilot, "1", "0", "enter")
        assert on_top(app) == "TicketPage"


async def test_too_many_hands_are_named_and_one_steps_back_or_both_stay(tmp_path: Path) -> None:
    desk = TicketDesk(tmp_path / "store.db", wanted_hands=2)
    desk.do("accept", by="李四")
    desk.do("accept")
    edit = {"ticket": desk.id, "old": {"wanted_hands": 2}, "new": {"wanted_hands": 1}}
    desk.perform(Intent("ticket.edit", edit))
    async with desk.page() as (app, pilot):
        assert "李四、王德胜 都接了这一单，只要 1 个人" in page(app)
        await press(pilot, "1", "2")
        assert desk.ticket("wanted_hands") == (2,)
        assert "都接了这一单" not in page(app)
        await press(pilot, "u", "1", "1")
        assert desk.hands() == ["李四"]
        await press(pilot, "u", "1", "3")
        assert desk.hands() == ["王德胜"]


async def test_two_who_claimed_apart_are_both_told_and_settle_it_here(place: Place) -> None:
    town, hall, station = place
    ticket = await apart(town, hall, station)
    here = at_station(town, station)
    hall.do("ticket.accept", id=str(edge.new_id()), ticket=ticket)
    here.desk.act_as(UUID(hall.find("person", "name", "罗铁生")))
    here.do("ticket.accept", id=str(edge.new_id()), ticket=ticket)
    await hall.sync()
    await here.sync()
    await hall.sync()
    app = town.app(station)
    async with on(app) as pilot:
        await until(pilot, lambda: app.status is not None and app.status.sync is not None)
        app.push_screen(TicketPage(UUID(ticket)))
        await sees(pilot, "都接了这一单", "王德胜", "罗铁生", "1 定夺")
        assert app.status is not None
        assert app.status.waits is not None
        assert app.status.waits.conflicts == 1
        await pilot.press("1")
        await sees(pilot, "我退出", "一起干，要 2 个人")
        await pilot.press("2")
        await sees(pilot, "改成要 2 个人")
        await until(pilot, lambda: app.status.waits.conflicts == 0)  # type: ignore[union-attr]


async def test_a_volunteer_who_saw_both_may_choose_who_does_it(place: Place) -> None:
    town, hall, station = place
    ticket = await apart(town, hall, station)
    here = at_station(town, station)
    watcher = str(edge.new_id())
    here.do("person.add", id=watcher, name="李大姐")
    here.do("role.grant", id=str(edge.new_id()), person=watcher, role="volunteer", since="2020-01-01")
    hall.do("ticket.accept", id=str(edge.new_id()), ticket=ticket)
    here.desk.act_as(UUID(hall.find("person", "name", "罗铁生")))
    here.do("ticket.accept", id=str(edge.new_id()), ticket=ticket)
    await hall.sync()
    await here.sync()
    await hall.sync()
    here.desk.act_as(UUID(watcher))
    app = town.app(station)
    async with on(app) as pilot:
        await until(pilot, lambda: app.status is not None and app.status.sync is not None)
        app.push_screen(TicketPage(UUID(ticket)))
        await sees(pilot, "都接了这一单", "1 定夺")
        await pilot.press("1")
        await sees(pilot, "一起干，要 2 个人", "王德胜 退出", "罗铁生 退出")
        await pilot.press("2")
        await sees(pilot, "王德胜 退出了")
        await until(pilot, lambda: "都接了这一单" not in page(app) and "接单人    罗铁生" in page(app))


async def test_two_moves_that_do_not_go_together_name_both_and_lead_to_the_choice(place: Place) -> None:
    town, hall, station = place
    ticket = await apart(town, hall, station)
    here = at_station(town, station)
    hall.do("ticket.reject", id=str(edge.new_id()), ticket=ticket, words="不归我们管")
    here.desk.act_as(UUID(hall.find("person", "name", "罗铁生")))
    here.do("ticket.finish", id=str(edge.new_id()), ticket=ticket, words="修好了")
    await hall.sync()
    await here.sync()
    await hall.sync()
    app = town.app(station)
    async with on(app) as pilot:
        await until(pilot, lambda: app.status is not None and app.status.sync is not None)
        app.push_screen(TicketPage(UUID(ticket)))
        await sees(pilot, "王德胜 定的是“不予受理”", "罗铁生 定的是“已办结”", "没有生效：别人先动了")
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, ConflictScreen))
        await sees(pilot, "选哪一步算数", "不予受理", "已办结")
        await pilot.press("2")
        await sees(pilot, "改用了 已办结")
        await pilot.press("escape")
        await sees(pilot, "● 已办结")


async def apart(town: Town, hall: Other, station: Path) -> str:
    """Make a ticket and a volunteer whom both laptops know."""
    ticket, person = str(edge.new_id()), str(edge.new_id())
    hall.do("person.add", id=person, name="罗铁生")
    hall.do("role.grant", id=str(edge.new_id()), person=person, role="volunteer", since="2020-01-01")
    hall.do("ticket.report", id=ticket, code="KT27", what="厨房下水堵了", category="drain")
    await hall.sync()
    await at_station(town, station).sync()
    return ticket
