"""Ticket cards, the list of open jobs and the contact board, as pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from browser import printed
from odd import ODD_TEXTS
from ticket_lines import NOON, SHANGHAI, line

from models.tickets.figures import Figures
from models.tickets.queries_boards import BuildingHelp, Helper
from models.tickets.queries_categories import CategoryLine, Origin
from models.tickets.rules import CATEGORIES, State, Urgency
from tui.paper.contact_board import Board, contact_board
from tui.paper.ticket_card import Card, cards_page
from tui.paper.ticket_jobs import jobs_page

A4_POINTS = (595, 842)


def cards(*given: Card, head: str = "", foot: str = "") -> str:
    return cards_page(given, "耐火小区", zone=SHANGHAI, head=head, foot=foot)


def jobs(*tickets: object, names: tuple[str, ...] = ()) -> str:
    return jobs_page(tickets, "耐火小区", now=NOON.astimezone(SHANGHAI), names=names)  # type: ignore[arg-type]


def helper(name: str, phone: str = "13900000001", households: int = 0) -> Helper:
    return Helper(UUID(int=len(name)), name, (phone,), households)


def board(**more: object) -> Board:
    help_here = BuildingHelp(
        id=UUID(int=1),
        code="3",
        name="",
        leads=(helper("周满秀"),),
        answering=(),
        contacts=(helper("张三", "13900000003", 12), helper("赵敏", "13900000004", 5)),
        households=20,
        without=3,
    )
    kinds = tuple(
        CategoryLine(
            code=code,
            accept_hours=one.accept_hours,
            finish_hours=one.finish_hours,
            urgency=one.urgency,
            team_id=None,
            team="",
            skill="",
            position=0,
            origin=Origin.BUILT_IN,
            id=None,
        )
        for code, one in CATEGORIES.items()
    )
    figures = Figures(taken=8, done=7, scores=(0, 0, 0, 1, 3))
    plain = Board("耐火小区", help_here, kinds, date(2026, 2, 1), figures)
    return replace(plain, **more)  # type: ignore[arg-type]


def elements(text: str) -> int:
    return len(re.findall(r"<[a-z]", text))


# -- cards -----------------------------------------------------------------------------


def test_a_card_says_what_where_for_whom_and_until_when(each_language: str) -> None:
    card = Card(line(urgency=Urgency.EMERGENCY, number=1287, reopened=2), ("13800000002",), "第二天又返水")
    text = cards(card, head="小桔灯驿站\n第二行", foot="值班电话 010-1")
    for said in (
        "KT27",
        "1287",
        "3-1-502",
        "厨房下水堵了",
        "李小梅",
        "13800000002",
        "王德胜",
        "张三",
        "赵大勇",
    ):
        assert said in text
    for said in ("03-04 12:00", "03-02 12:00", "第二天又返水", "小桔灯驿站", "值班电话 010-1"):
        assert said in text
    assert "第二行" not in text
    assert {"zh_CN": "!! 特急", "en": "!! emergency"}[each_language] in text


def test_a_card_has_room_for_visits_a_result_a_score_and_a_signature(each_language: str) -> None:
    text = cards(Card(line()))
    # Three visits, each with day, time, work, parts and cost.
    assert text.count("<td></td>") == 15
    # Four results and five scores to tick, and lines to write on.
    assert text.count('class="box"') == 9
    assert text.count('class="blank') == 3
    assert {"zh_CN": "签字", "en": "Signed"}[each_language] in text


def test_a_usual_job_bears_no_mark_of_urgency() -> None:
    assert 'class="press"' not in cards(Card(line()))


def test_whoever_gave_no_name_leaves_room_for_it() -> None:
    text = cards(Card(line(requester="", phone="")))
    assert "没留姓名" in text
    assert re.search(r'<dt>电话</dt><dd class="phone"></dd>', text)


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_on_a_card_makes_no_element_of_its_own(odd: str) -> None:
    same = {"what": "x", "place": "x", "requester": "x", "category": "x", "holder": "x"}
    plain = cards(Card(line(reopened=1, **same), ("1",), "x"), head="x", foot="x")
    text = cards(Card(line(reopened=1, **dict.fromkeys(same, odd)), (odd,), odd), head=odd, foot=odd)
    assert elements(text) == elements(plain)
    text.encode()


# -- open jobs ---------------------------------------------------------------------------


def test_the_list_names_nobody_and_no_door() -> None:
    text = jobs(
        line(what="王秀英家 13812345678 又堵了，李小梅报的", place="王秀英家门口"),
        line("KT28", state=State.REPORTED, household="", place="找王秀英，13812345678", hands=()),
        names=("王秀英", "张三"),
    )
    for said in ("王秀英", "李小梅", "13812345678", "13800000002", "张三", "3-1-502", "王德胜"):
        assert said not in text
    for said in ("王**家", "138****5678", "李**报的", "3栋", "KT27", "KT28"):
        assert said in text


@pytest.mark.parametrize(
    ("written", "hung"),
    [
        ("3-1-502 又堵了", "*** 又堵了"),
        ("３-１-５０２又堵了", "***又堵了"),
        ("3栋1单元502室漏水", "3栋***漏水"),
        ("502室漏水", "***漏水"),
        ("三月 9-10 日来过，W12-W14 之间", "三月 9-10 日来过，W12-W14 之间"),
        ("堵" * 76 + "3-1-502", "堵" * 76 + "***"),
    ],
)
def test_a_door_that_somebody_wrote_does_not_hang_on_the_wall(written: str, hung: str) -> None:
    assert f">{hung}<" in jobs(line(what=written, place=""))


def test_what_nobody_has_claimed_comes_first_with_how_to_claim_it(each_language: str) -> None:
    text = jobs(line("KT1"), line("KT2", state=State.REPORTED, hands=()))
    assert text.index("KT2") < text.index("KT1")
    assert {"zh_CN": "请到驿站报工单号接单", "en": "tell the station"}[each_language] in text
    assert "0/2" in text


@pytest.mark.parametrize("category", ["dispute", "elder", "noise"])
def test_what_is_between_neighbours_is_not_told_on_a_wall(category: str) -> None:
    text = jobs(line(what="老人一个人在家", category=category))
    assert "一个人在家" not in text
    assert "问驿站" in text


def test_half_a_number_at_the_end_of_a_long_text_is_masked_too() -> None:
    text = jobs(line(what="堵" * 73 + "13812345678"))
    assert "1381234" not in text


def test_nothing_open_is_said() -> None:
    text = jobs()
    assert "现在没有没办完的事" in text
    assert "<table" not in text


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_in_the_list_makes_no_element_of_its_own(odd: str) -> None:
    same = {"what": "x", "place": "x", "requester": "x", "category": "x", "point": "x"}
    text = jobs(line(household="", **dict.fromkeys(same, odd)), names=(odd,))
    assert elements(text) == elements(jobs(line(household="", **same)))


# -- the contact board ---------------------------------------------------------------------


def test_the_board_says_whom_to_ask_with_what_and_how_soon(each_language: str) -> None:
    text = contact_board(board(), foot="驿站在 2 栋楼下，早八点到晚八点")
    assert {"zh_CN": "3栋", "en": "Building 3"}[each_language] in text
    for said in ("周满秀", "张三", "赵敏", "12", "驿站在 2 栋楼下"):
        assert said in text
    for said in {
        "zh_CN": ("排水堵塞", "2 天内", "联系 12 户", "还有 3 户", "2026 年 2 月", "评分（4 件）"),
        "en": (
            "drain",
            "in 2 d",
            "contact volunteer of 12 homes",
            "3 homes have no",
            "2026-2",
            "rating (of 4)",
        ),
    }[each_language]:
        assert said in text
    assert "4.8" in text


def test_phones_of_volunteers_are_printed_only_when_asked_for() -> None:
    phones = {"13900000001", "13900000003", "13900000004"}
    assert not any(phone in contact_board(board()) for phone in phones)
    assert all(phone in contact_board(board(), phones=True) for phone in phones)


def test_a_building_with_nobody_sends_people_to_the_station() -> None:
    empty = replace(board().building, leads=(), contacts=(), without=20)
    text = contact_board(board(building=empty))
    assert "本楼还没有联系人" in text
    assert "还有 20 户" not in text


def test_a_month_without_a_ticket_is_left_out() -> None:
    assert "本楼 2026" not in contact_board(board(figures=Figures()))


def test_of_many_volunteers_the_first_are_named_and_the_rest_counted() -> None:
    many = replace(board().building, contacts=tuple(helper(f"志愿者{n}") for n in range(20)))
    text = contact_board(board(building=many))
    assert "志愿者11" in text
    assert "志愿者12" not in text
    assert "另有 8 位" in text


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_on_the_board_makes_no_element_of_its_own(odd: str) -> None:
    def drawn(text: str) -> str:
        building = replace(board().building, leads=(helper(text, text),), name=f"名{text}")
        kinds = tuple(replace(one, code=f"k{text}") for one in board().kinds[:2])
        made = board(building=building, compound=text, kinds=kinds)
        return contact_board(made, phones=True, head=f"h{text}", foot=f"f{text}")

    assert elements(drawn(odd)) == elements(drawn("x"))


# -- in a browser ------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize(("number", "sheets"), [(1, 1), (2, 1), (3, 2), (6, 3)])
def test_two_cards_fill_a_sheet_whatever_is_written_on_them(
    tmp_path: Path, each_language: str, number: int, sheets: int
) -> None:
    assert each_language
    long = {"what": "很长的话" * 500, "place": "很远" * 100, "requester": "长" * 100, "holder": "长" * 60}
    given = [Card(line(f"KT{n}", reopened=1, number=n, **(long if n % 2 else {})), ("1" * 40,) * 2, "话" * 500) for n in range(number)]  # fmt: skip
    sizes, asked = printed(cards(*given, head="头" * 300, foot="尾" * 300), tmp_path)
    assert sizes == [A4_POINTS] * sheets
    assert len(asked) == 1


@pytest.mark.browser
def test_a_full_board_is_one_sheet(tmp_path: Path, each_language: str) -> None:
    assert each_language
    many = replace(
        board().building,
        name="望江楼",
        leads=(helper("欧阳慧敏"),),
        contacts=tuple(helper(f"志愿者{n}", households=12) for n in range(20)),
    )
    text = contact_board(
        board(building=many), phones=True, foot="驿站在 2 栋楼下\n早八点到晚八点\n电话 010-1234"
    )
    sizes, _ = printed(text, tmp_path)
    assert sizes == [A4_POINTS]


@pytest.mark.browser
def test_the_list_of_jobs_goes_on_over_as_many_sheets_as_it_takes(tmp_path: Path) -> None:
    tickets = [
        line(f"KT{n}", what=odd[:200] or "x", state=State.REPORTED) for n, odd in enumerate(ODD_TEXTS * 8)
    ]
    sizes, asked = printed(jobs(*tickets), tmp_path)
    assert set(sizes) == {A4_POINTS}
    assert 2 <= len(sizes) <= 8
    assert len(asked) == 1


def test_the_times_on_a_card_are_those_of_the_compound() -> None:
    text = cards(Card(line(due_at=NOON + timedelta(hours=13))))
    assert "03-03 01:00" in text
