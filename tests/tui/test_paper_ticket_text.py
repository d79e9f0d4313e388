"""Tickets as text for the chat group: nobody's whole name, nobody's whole number."""

from __future__ import annotations

from datetime import date

import pytest
from odd import ODD_TEXTS
from ticket_lines import SHANGHAI, line

from models.tickets.rules import State, Urgency
from tui.paper.ticket_text import jobs_text, ticket_text

NAMES = ("王秀英", "张三", "赵大勇", "李小梅")
PEOPLE = (*NAMES, "13800000002", "13812345678")


def test_one_ticket_tells_the_doer_what_where_and_until_when() -> None:
    text = ticket_text(
        line(what="王秀英家堵了\n电话 13812345678", urgency=Urgency.URGENT), zone=SHANGHAI, names=NAMES
    )
    assert text.splitlines() == [
        "工单 KT27 排水堵塞 !急",
        "王**家堵了",
        "电话 138****5678",
        "地点：3-1-502",
        "求助人：李** 138****0002",
        "进展：◔ 已接单，期限 03-04 12:00",
        "接单：张*、赵**",
    ]


def test_nobody_and_no_number_is_whole_in_any_text(each_language: str) -> None:
    assert each_language
    odd = line(what="王秀英、李小梅 13812345678", place="张三家旁边 138 1234 5678", household="")
    texts = (
        ticket_text(odd, zone=SHANGHAI, names=NAMES),
        jobs_text([odd, line("KT28")], "耐火小区", zone=SHANGHAI, names=NAMES),
    )
    for text in texts:
        assert not any(whole in text for whole in PEOPLE), text
        assert "138 1234 5678" not in text


def test_whoever_is_in_no_register_is_masked_all_the_same() -> None:
    text = jobs_text([line(what="李小梅家漏水")], "耐火小区", zone=SHANGHAI)
    assert "李**家漏水" in text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"state": State.WAITING, "wait_until": date(2026, 3, 9), "wait_for": "part"},
            "◷ 等待中，等配件，到 03-09",
        ),
        ({"state": State.ACCEPTED, "overdue": True}, "已接单，期限 03-04 12:00，已逾期"),
        ({"state": State.CLOSED}, "★ 已评单"),
    ],
)
def test_how_it_stands_is_told_with_what_comes_next(more: dict[str, object], said: str) -> None:
    assert said in ticket_text(line(**more), zone=SHANGHAI)


def test_a_list_has_a_line_for_each_job_and_says_who_is_still_wanted() -> None:
    free = line(
        "KT28", urgency=Urgency.EMERGENCY, hands=(), household="", place="大门口", requester="", what="灯坏了"
    )
    some = line("KT29", wanted_hands=4)
    assert jobs_text([free, some], "耐火小区", zone=SHANGHAI, names=NAMES).splitlines() == [
        "耐火小区 没办完的工单 2 件",
        "!!KT28 3栋 大门口 灯坏了 限03-04 12:00 等人接单",
        "KT29 3-1-502 厨房下水堵了 限03-04 12:00 张*、赵** 还要 2 人",
    ]


def test_of_many_jobs_the_first_are_told_and_the_rest_counted() -> None:
    text = jobs_text([line(f"KT{n}") for n in range(75)], "耐火小区", zone=SHANGHAI)
    assert len(text.splitlines()) == 62
    assert text.endswith("另有 15 件")


def test_a_character_that_nobody_sees_hides_no_name_from_the_mask() -> None:
    odd = line(what="找王\u200b秀英，138\u200b12345678", household="", place="张\u2060三家")
    for text in (
        ticket_text(odd, zone=SHANGHAI, names=NAMES),
        jobs_text([odd], "耐火小区", zone=SHANGHAI, names=NAMES),
    ):
        assert "王**" in text
        assert "138****5678" in text
        assert "张*家" in text


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_stays_on_the_line_of_its_job(odd: str) -> None:
    text = jobs_text([line(what=odd, place=odd, household="", requester=odd)], "耐火小区", zone=SHANGHAI)
    assert len(text.splitlines()) == 2
    assert len(text) < 400
