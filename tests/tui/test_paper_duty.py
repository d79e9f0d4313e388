"""The roster for the wall, the certificate of hours, the page of hours, and what the chat group reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from browser import printed
from duty_lines import MONDAY, SHANGHAI, WANG, at, given, on, shift
from odd import ODD_TEXTS

from models.duty.hours import Hours, draw_up
from models.duty.queries import ShiftLine
from models.duty.rules import Absence, Need, NeedKind, Presence, ShiftState
from tui.duty_tables import hours_json, hours_table, places_table, roster_table
from tui.hours_words import decimal_text, hm_text
from tui.paper.duty_certificate import Certificate, certificate_page
from tui.paper.duty_hours import hours_page
from tui.paper.duty_roster import RosterSheet, SheetDay, roster_page
from tui.paper.duty_text import gaps_text, roster_text, today_text

LYING, STANDING = (842, 595), (595, 842)
POSTS = tuple(UUID(int=n) for n in range(1, 7))


def days(number: int = 7) -> tuple[SheetDay, ...]:
    every = [MONDAY + timedelta(days=n) for n in range(number)]
    return tuple(SheetDay(day, free=day.isoweekday() > 5) for day in every)


def sheet(*lines: ShiftLine, number: int = 7, **more: object) -> RosterSheet:
    plain = RosterSheet("耐火小区", days(number), tuple(lines), POSTS, SHANGHAI, at(20))
    return replace(plain, **more)  # type: ignore[arg-type]


def elements(text: str) -> int:
    return len(re.findall(r"<[a-z]", text))


def words_of(text: str) -> str:
    return re.sub(r"<[^>]*>", " ", text.partition("</style>")[2])


# -- the roster ----------------------------------------------------------------------------


def test_the_sheet_has_names_with_boxes_to_write_in_and_lines_where_somebody_is_missing(
    each_language: str,
) -> None:
    text = roster_page(sheet(shift(on("王德胜"), on("张三"))), head="小桔灯驿站")
    told = words_of(text)
    for said in ("王德胜", "张三", "岗位1 · 东门", "8点班", "8:00–11:00", "小桔灯驿站"):
        assert said in told
    # Two people and one free place, each with three boxes.
    assert text.count('class="box"') == 6
    assert text.count('class="box wide"') == 3
    assert text.count('class="blank"') == 1
    assert {"zh_CN": "还缺 1 人次", "en": "1 place is free"}[each_language] in told


def test_what_is_known_already_stands_in_the_boxes() -> None:
    came = on("王德胜", came_at=at(8, 3), left_at=at(11, 1), presence=Presence.SERVED)
    ill = on("张三", absence=Absence.EXCUSED, absence_words="[/b]", presence=Presence.EXCUSED)
    told = words_of(roster_page(sheet(shift(came, ill))))
    assert re.search(r"到\s+08:03\s+离\s+11:01", told)
    # Why somebody did not come is not for the wall.
    assert "缺席" in told
    assert "请假" not in told
    assert "[/b]" not in told


def test_the_sheet_is_read_by_time_then_post_then_name() -> None:
    lines = [
        shift(on("甲"), on("乙"), hour=8, post=1),
        shift(on("丙"), hour=8, post=2),
        shift(on("丁"), hour=14, post=2),
        shift(on("戊"), hour=14, post=3),
        shift(on("己"), hour=19, post=1),
        shift(on("庚"), day=MONDAY + timedelta(days=1), post=2),
    ]
    told = words_of(roster_page(sheet(*lines)))
    places = [told.index(f" {name} ") for name in "甲乙丙丁戊己庚"]
    assert places == sorted(places)


def test_who_leaves_by_a_draft_is_not_on_it_and_a_draft_says_so() -> None:
    told = words_of(
        roster_page(sheet(shift(on("王德胜", leaving=True), on("张三"), state=ShiftState.DRAFT), drafts=True))
    )
    assert "王德胜" not in told
    assert "草稿，未发布" in told
    assert "◌ 8点班" in told
    assert "草稿" not in words_of(roster_page(sheet(shift(on("张三")))))


def test_elsewhere_names_are_masked() -> None:
    told = words_of(roster_page(sheet(shift(on("王德胜"), on("欧阳建平")), masked=True)))
    assert "王**" in told
    assert "欧阳**" in told
    assert "德胜" not in told


def test_a_day_without_a_shift_says_so_and_a_holiday_has_its_name() -> None:
    marked = (SheetDay(MONDAY, "清明", free=True), *days()[1:])
    told = words_of(roster_page(sheet(shift(on("王德胜"), day=MONDAY + timedelta(days=1)), days=marked)))
    assert "清明" in told
    assert told.count("没有班") == 6


def test_a_need_that_nobody_meets_stands_beneath() -> None:
    lacks = shift(on("王德胜"), unmet=((Need(NeedKind.ROLE, "committee"), 1),))
    assert "▲ 至少1名委员" in words_of(roster_page(sheet(lacks)))


def test_more_posts_than_three_take_further_tables() -> None:
    lines = [shift(on(f"人{n}"), post=n) for n in range(1, 6)]
    text = roster_page(sheet(*lines))
    assert text.count('class="roster"') == 2
    assert text.count("<thead>") == 3  # and that of the blank lines for whoever helps out


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_on_the_sheet_makes_no_element_of_its_own(odd: str) -> None:
    def drawn(text: str) -> str:
        line = shift(on(f"n{text}"), name=f"s{text}", post=1)
        line = replace(
            line, post=f"p{text}", place=f"o{text}", unmet=((Need(NeedKind.SKILL, f"k{text}"), 1),)
        )
        named = (SheetDay(MONDAY, f"d{text}"), *days()[1:])
        return roster_page(sheet(line, days=named, compound=f"c{text}"), head=f"h{text}", foot=f"f{text}")

    text = drawn(odd)
    assert elements(text) == elements(drawn("x"))
    ET.fromstring(text.partition("\n")[2])  # noqa: S314  # ours
    assert "style=" not in text, "the page's own policy would not let a browser use it"


# -- hours -----------------------------------------------------------------------------------


def certificate(hours: Hours, person: str = "王德胜", **more: str) -> str:
    return certificate_page(Certificate("耐火小区", person, hours, date(2026, 6, 1)), **more)


def of_one(months: int = 3) -> Hours:
    whole = given(months)
    own = [entry for entry in whole.entries if entry.deed.person_id == WANG]
    return draw_up(own, [], first=whole.first, last=whole.last, names={WANG: "王德胜"}, teams={})


def times(text: str) -> list[int]:
    return [int(hours) * 60 + int(minutes) for hours, minutes in re.findall(r">(\d+):(\d\d)<", text)]


def test_the_certificate_says_who_how_long_and_leaves_room_to_sign(each_language: str) -> None:
    text = certificate(of_one(), head="小桔灯驿站", foot="电话 010-1")
    told = words_of(text)
    for said in ("王德胜", "耐火小区", "15:00", "15.00", "小桔灯驿站", "电话 010-1", "2026-03", "2026-05"):
        assert said in told
    for said in {
        "zh_CN": ("志愿服务时长证明", "15 小时 0 分", "2026年3月1日", "盖章处", "负责人", "编号", "3 班"),
        "en": ("Certificate of volunteer hours", "15 h 0 min", "2026-03-01", "Stamp", "In charge", "No.", "3 shifts"),
    }[each_language]:  # fmt: skip
        assert said in told, said


def test_every_sum_on_the_certificate_is_that_of_what_stands_above_it() -> None:
    kinds, months = re.findall(r"<table>(.*?)</table>", certificate(of_one(5)))
    *parts, total = times(kinds)
    assert sum(parts) == total == 5 * 300
    rows = [times(row) for row in re.findall(r"<tr.*?</tr>", months)]
    *above, below = [row for row in rows if row]
    assert [sum(column) for column in zip(*above, strict=True)] == below
    assert all(sum(row[:-1]) == row[-1] for row in [*above, below])


def test_decimals_are_those_of_the_whole() -> None:
    assert [decimal_text(n) for n in (0, 1, 20, 59, 60, 100, 1000)] == [
        *("0.00", "0.02", "0.33", "0.98", "1.00", "1.67", "16.67"),
    ]
    assert [hm_text(n) for n in (0, 59, 60, 6001)] == ["0:00", "0:59", "1:00", "100:01"]


def test_each_table_of_hours_ends_in_the_same_total(each_language: str) -> None:
    assert each_language
    text = hours_page(given(), "耐火小区", made_at=at(20))
    sums = re.findall(r'<tr class="sum">(.*?)</tr>', text)
    assert len(sums) == 3
    assert len(set(sums)) == 1
    assert "22:30" in sums[0]


def test_the_tables_and_the_json_hold_the_same_hours() -> None:
    hours = given()
    table, told = hours_table(hours), hours_json(hours)
    minutes = table.header.index("分钟")
    assert [row[minutes] for row in table.rows] == [
        told["total"]["minutes"],
        *(one["minutes"] for name in ("people", "guests", "teams", "months") for one in told[name]),
    ]
    assert sum(entry["minutes"] for entry in told["entries"]) == told["total"]["minutes"] == 1350
    assert {len(row) for row in table.rows} == {len(table.header)}


def test_masked_hours_show_surnames_only() -> None:
    hours = given()
    page = hours_page(hours, "耐火小区", made_at=at(20), masked=True)
    masked = [page, str(hours_table(hours, masked=True)), str(hours_json(hours, masked=True)["people"])]
    assert all("王**" in text and "德胜" not in text for text in masked)


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_among_hours_makes_no_element_of_its_own(odd: str) -> None:
    def drawn(text: str) -> Sequence[str]:
        hours = given(name=f"n{text}", guest=f"g{text}", team=f"t{text}")
        return (
            hours_page(hours, f"c{text}", made_at=at(20), head=f"h{text}", foot=f"f{text}"),
            certificate(hours, person=f"n{text}", head=f"h{text}", foot=f"f{text}"),
        )

    for text, plain in zip(drawn(odd), drawn("x"), strict=True):
        assert elements(text) == elements(plain)
        ET.fromstring(text.partition("\n")[2])  # noqa: S314  # ours


# -- tables ------------------------------------------------------------------------------------


def test_the_roster_as_a_table_has_a_column_for_each_post_and_a_row_for_each_time() -> None:
    lines = [
        shift(on("王德胜"), on("张三"), hands=2, post=1),
        shift(on("李四"), post=2),
        shift(on("赵六"), hour=14, hands=1, post=2),
    ]
    named = [(post, f"岗位{n}") for n, post in enumerate(POSTS, start=1)]
    table = roster_table(days(2), lines, named, zone=SHANGHAI)
    assert table.header == ("日期", "星期", "日子", "岗位1", "岗位2")
    assert [row[3:] for row in table.rows] == [
        ("8点班 8:00–11:00：王德胜、张三", "8点班 8:00–11:00：李四 ▲缺1人"),
        ("", "14点班 14:00–17:00：赵六"),
        ("", ""),
    ]
    places = places_table(lines, zone=SHANGHAI)
    person = places.header.index("姓名")
    assert [row[person] for row in places.rows] == ["王德胜", "张三", "李四", "", "赵六"]
    assert {len(row) for row in places.rows} == {len(places.header)}


# -- the chat group ------------------------------------------------------------------------------


def test_what_the_chat_group_reads_shows_surnames_only(each_language: str) -> None:
    ill = on("张三丰", absence=Absence.EXCUSED)
    away = on("李小四", absence=Absence.NO_SHOW)
    lines = [
        shift(on("王德胜", presence=Presence.ON_DUTY, came_at=at(8)), ill, away),
        shift(on("赵敏"), hour=14),
    ]
    texts = [
        roster_text(lines, "耐火小区", MONDAY, MONDAY, zone=SHANGHAI),
        gaps_text(lines, "耐火小区", zone=SHANGHAI),
        today_text(lines, "耐火小区", MONDAY, zone=SHANGHAI),
    ]
    assert not any(name in text for text in texts for name in ("德胜", "三丰", "小四", "赵敏"))
    assert {"zh_CN": "张**（不来）", "en": "张** (not coming)"}[each_language] in texts[0]
    assert {"zh_CN": "、李**", "en": ", 李**"}[each_language] in texts[0]
    assert "王**●" in texts[2]
    assert texts[1].count("▲") == 2
    assert {"zh_CN": "还缺 2 人次", "en": "2 places are free"}[each_language] in texts[0]


def test_of_many_shifts_the_chat_group_reads_the_first() -> None:
    lines = [shift(on("王德胜"), day=MONDAY + timedelta(days=n)) for n in range(100)]
    text = roster_text(lines, "耐火小区", MONDAY, MONDAY, zone=SHANGHAI)
    assert "另有 20 个班" in text
    assert text.count("王**") == 80


# -- in a browser ----------------------------------------------------------------------------------


def month(posts: int, *, name: str = "欧阳建平") -> list[ShiftLine]:
    return [
        shift(on(name), on(f"{name}二"), day=MONDAY + timedelta(days=n), hour=hour, post=post)
        for n in range(31)
        for hour in (8, 14)
        for post in range(1, posts + 1)
    ]


@pytest.mark.browser
@pytest.mark.parametrize("name", ["欧阳建平", "Ngawang Tenzin " * 20])
def test_a_full_month_of_three_posts_flows_over_sheets_lying_on_their_side(
    tmp_path: Path, each_language: str, name: str
) -> None:
    assert each_language
    sizes, asked = printed(roster_page(sheet(*month(3, name=name), number=31)), tmp_path)
    assert set(sizes) == {LYING}
    assert 10 <= len(sizes) <= 24
    assert len(asked) == 1


@pytest.mark.browser
def test_a_certificate_of_a_year_is_one_sheet(tmp_path: Path, each_language: str) -> None:
    assert each_language
    sizes, asked = printed(certificate(of_one(12), head="小桔灯驿站\n石泉县", foot="电话 010-1"), tmp_path)
    assert sizes == [STANDING]
    assert len(asked) == 1
