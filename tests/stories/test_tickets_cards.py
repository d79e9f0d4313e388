"""A pile of filled cards lies on the table, and a volunteer types them in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from register_desk import ODD, at, page, press, rest, rows, said, until
from reporting_desk import Hands, do, settled

from tui import edge
from tui.screens.tickets.cards import TicketCards
from tui.screens.tickets.page import TicketPage

STORY = (
    "SELECT e.kind, e.minutes, e.cost, e.parts, e.words, p.name FROM ticket_event e JOIN ticket t ON t.id = e.ticket_id"
    " LEFT JOIN person p ON p.id = e.doer_id WHERE NOT e.archived AND t.code = 'KT1' AND e.kind <> 'report' ORDER BY e.at, e.id"
)
TICKET = "SELECT state, minutes, cost, visits, score FROM ticket WHERE code = 'KT1'"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """KT1 and KT2 are open; 罗铁生 has claimed KT1."""
    path = settled(tmp_path / "store.db")
    do(path, "ticket.report", what="厨房下水堵了", category="drain", household_id="1-1-101", code="KT1")
    do(path, "ticket.report", what="车棚灯不亮", category="lamp", point_id="L1", code="KT2")
    do(path, "ticket.accept", ticket="KT1", doer="罗铁生")
    return path


def cards(app: object) -> TicketCards:
    screen = getattr(app, "screen")  # noqa: B009
    assert isinstance(screen, TicketCards), screen
    return screen


async def test_a_card_is_typed_from_top_to_bottom_with_enter(store: Path) -> None:
    async with at(store, "ticket_cards") as (app, pilot):
        hands = Hands(pilot)
        await hands.words("kt1")
        await hands.press("enter", "enter")
        await hands.words("1.5")
        await hands.press("enter")
        await hands.words("疏通了")
        await hands.press("enter")
        await hands.words("竹片")
        await hands.press("enter")
        await hands.words("12.50")
        await hands.press("enter", "1", "5")
        await hands.words("谢谢")
        await hands.press("enter")
        await until(pilot, lambda: "KT1：" in said(app))
        assert cards(app).ticket is None
        assert "这次录了 1 张" in page(app)
        assert "12.50 元" in page(app)
        assert len(hands.keys) == 9
    assert rows(store, TICKET) == [("closed", 90, 1250, 1, 5)]
    story = rows(store, STORY)
    assert story[1] == ("finish", 90, 1250, "竹片", "疏通了", "罗铁生")
    assert story[2][0] == "rate"
    assert story[2][4:] == ("谢谢", "王德胜")
    assert (
        len({group for (group,) in rows(store, "SELECT group_id FROM operation ORDER BY n DESC LIMIT 2")})
        == 1
    )


async def test_several_visits_of_one_card_are_one_group_and_one_undo(store: Path) -> None:
    async with at(store, "ticket_cards") as (app, pilot):
        hands = Hands(pilot)
        await hands.words("KT1")
        await hands.press("enter", "enter")
        await hands.words("30分")
        await hands.press("enter", "enter", "enter")
        await hands.words("5")
        await hands.press("enter", "4")
        assert "第 2 次上门" in page(app)
        await hands.press("enter")
        await hands.words("1:00")
        await hands.press("enter", "enter", "enter", "enter", "3")
        await until(pilot, lambda: "这次录了 1 张" in page(app))
        assert rows(store, TICKET) == [("accepted", 90, 500, 2, None)]
        await press(pilot, "f6")
        await until(pilot, lambda: "这次录了 0 张" in page(app))
    assert rows(store, TICKET) == [("accepted", 0, 0, 0, None)]


async def test_a_job_that_waits_waits_until_the_day_on_the_card(store: Path) -> None:
    async with at(store, "ticket_cards") as (app, pilot):
        hands = Hands(pilot)
        await hands.words("KT1")
        await hands.press("enter", "enter", "enter", "enter", "enter", "enter", "2")
        assert "等到哪天" in page(app)
        assert "住户打分" not in page(app)
        await hands.press("enter", "enter")  # the first is one too many: the digit has gone on by itself
        await hands.words("等配件")
        await hands.press("enter")
        await until(pilot, lambda: "这次录了 1 张" in page(app))
    [(state, until_day)] = rows(store, "SELECT state, wait_until FROM ticket WHERE code = 'KT1'")
    week = (edge.clock() + timedelta(hours=8)).date() + timedelta(days=7)
    assert (state, until_day) == ("waiting", week.isoformat())
    assert [row[0] for row in rows(store, STORY)][1:] == ["log", "wait"]


async def test_a_card_of_a_point_may_ask_for_another_look(store: Path) -> None:
    async with at(store, "ticket_cards") as (app, pilot):
        hands = Hands(pilot)
        await hands.words("车棚")
        await hands.press("enter")
        assert cards(app).subject.code == "KT2"
        await hands.press("enter", "enter", "enter", "enter", "enter", "1")
        assert "过后复查" in page(app)
        await hands.press("1", "f2")
        await until(pilot, lambda: "这次录了 1 张" in page(app))
    assert rows(store, "SELECT recheck_at IS NOT NULL FROM ticket WHERE code = 'KT2'") == [(1,)]


async def test_what_cannot_be_read_is_said_beside_its_line_and_nothing_is_lost(store: Path) -> None:
    async with at(store, "ticket_cards") as (app, pilot):
        hands = Hands(pilot)
        await hands.words("KT1")
        await hands.press("enter")
        for wrong, told in (("很久以前", "看不懂这个日期"), ("2020-01-01", "还早")):
            await hands.words(wrong)
            await hands.press("enter")
            assert told in page(app)
            assert wrong in page(app)
            for _ in wrong:
                await press(pilot, "backspace")
        await hands.press("enter")
        await hands.words("一上午")
        await hands.press("enter")
        assert "写 1.5" in page(app)
        for _ in "一上午":
            await press(pilot, "backspace")
        await hands.press("enter", "enter", "enter")
        await hands.words("1.005")
        await hands.press("f2")
        assert "1.005" in page(app)
        assert cards(app).ticket is not None
    assert rows(store, TICKET) == [("accepted", 0, 0, 0, None)]


async def test_a_half_typed_card_outlives_the_app(store: Path) -> None:
    async with at(store, "ticket_cards") as (app, pilot):
        hands = Hands(pilot)
        await hands.words("KT1")
        await hands.press("enter", "enter", "enter")
        await hands.words("疏通了一半")
        await hands.press("enter", "enter", "enter", "4", "enter")
        await hands.words("20分")
    async with at(store, "ticket_cards") as (app, pilot):
        await until(pilot, lambda: "20分" in page(app))
        assert [visit.words for visit in cards(app).visits] == ["疏通了一半"]
        await press(pilot, "f4")
        assert cards(app).ticket is None
    async with at(store, "ticket_cards") as (app, pilot):
        assert cards(app).ticket is None
    assert rows(store, TICKET) == [("accepted", 0, 0, 0, None)]


async def test_a_ticket_that_is_done_already_gets_the_work_and_the_score_of_its_card(store: Path) -> None:
    do(store, "ticket.finish", ticket="KT1")
    async with at(store, "ticket_cards") as (app, pilot):
        hands = Hands(pilot)
        await hands.words("KT1")
        await hands.press("enter", "enter")
        await hands.words("45分")
        await hands.press("enter", "enter", "enter", "enter", "1", "4", "f2")
        await until(pilot, lambda: "这次录了 1 张" in page(app))
    assert rows(store, TICKET) == [("closed", 45, 0, 1, 4)]


async def test_the_highlighted_card_is_taken_back_and_the_other_stays(store: Path) -> None:
    async with at(store, "ticket_cards") as (app, pilot):
        for code in ("KT1", "KT2"):
            await press(pilot, code, "enter", "enter", "10", "f2")
            await press(pilot, "enter", "enter", "enter", "enter", "3")
            await rest(pilot)
        await until(pilot, lambda: "这次录了 2 张" in page(app))
        await press(pilot, "down", "f6")
        await until(pilot, lambda: "这次录了 1 张" in page(app))
    assert rows(store, "SELECT code, minutes FROM ticket ORDER BY code") == [("KT1", 0), ("KT2", 600)]


async def test_a_card_that_was_typed_leads_to_its_ticket(store: Path) -> None:
    async with at(store, "ticket_cards") as (app, pilot):
        await press(pilot, "KT1", "enter", "enter", "1", "enter", "enter", "enter", "enter", "3")
        await until(pilot, lambda: "这次录了 1 张" in page(app))
        await press(pilot, "enter")
        assert isinstance(app.screen, TicketPage)


async def test_odd_words_on_a_card_stay_as_they_are(store: Path) -> None:
    async with at(store, "ticket_cards") as (app, pilot):
        hands = Hands(pilot)
        await hands.words("ＫＴ１")
        await hands.press("enter", "enter")
        await hands.words("１：３０")
        await hands.press("enter")
        await hands.words(ODD)
        await hands.press("enter", "enter", "enter", "3")
        await until(pilot, lambda: "这次录了 1 张" in page(app))
    [(words, minutes)] = rows(store, "SELECT words, minutes FROM ticket_event WHERE kind = 'log'")
    assert words.startswith("[/b] [a栋]")
    assert minutes == 90


async def test_an_unknown_code_finds_nothing_and_says_so(store: Path) -> None:
    async with at(store, "ticket_cards") as (app, pilot):
        await press(pilot, "ZZ99", "enter")
        assert "没有这样的工单" in page(app)
        await press(pilot, "f2")
        assert "先打工单号" in said(app)
