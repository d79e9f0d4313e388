"""The page and the table of figures, and the sheet on the screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from browser import printed
from odd import ODD_TEXTS
from ticket_lines import NOON, SHANGHAI

from models.tickets.figures import Backlog, Figures, Part, Report, Week
from models.tickets.periods import monday_of
from models.tickets.rules import State
from tui.figures_out import as_json, figures_table
from tui.figures_words import hours_text
from tui.paper.ticket_charts import Pair, Share, bar, columns, shares
from tui.paper.ticket_figures import figures_page
from tui.screens.tickets.figures_sheet import Sheet, sheet_lines
from tui.widgets.sparkline import column_rows
from tui.widgets.text import width

MONDAY = date(2026, 3, 2)


def some(taken: int, done: int = 0, **more: object) -> Figures:
    plain = Figures(
        taken=taken, open=taken - done, answered=done, done=done, accept_hours=2.5, finish_hours=60.0
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def report(weeks: int = 3, *, categories: Sequence[str] = ("drain", "lamp"), odd: str = "") -> Report:
    mondays = [monday_of(MONDAY) + timedelta(weeks=n) for n in range(weeks)]
    total = some(4 * weeks, 3 * weeks, late=1, scores=(1, 0, 0, 2, 3), minutes=90, cost=1250, hands=4)
    return Report(
        since=MONDAY,
        until=MONDAY + timedelta(weeks=weeks),
        total=total,
        weeks=tuple(Week(day, day, day + timedelta(days=6), some(4, 3, late=1)) for day in mondays),
        categories=tuple(Part(code + odd, some(2 * weeks, weeks)) for code in categories),
        buildings=(Part(f"3{odd}", some(3 * weeks, 3 * weeks)), Part("", some(weeks))),
        backlog=Backlog({State.REPORTED: 2, State.WAITING: 1}, overdue=1, unrated=5),
    )


def page(counted: Report, compound: str = "耐火小区", **more: str) -> str:
    return figures_page(counted, compound, made_at=NOON.astimezone(SHANGHAI), **more)


def test_the_page_tells_all_figures_and_how_they_are_counted(each_language: str) -> None:
    text = page(report(), head="小桔灯驿站")
    for said in {
        "zh_CN": ("耐火小区 工单统计", "2026-03-02 至 2026-03-22", "第10周", "排水堵塞", "3栋", "不在楼里", "怎么数的", "2.5 小时", "2.5 天", "12.50 元"),
        "en": ("ticket figures", "2026-03-02 to 2026-03-22", "W10", "drain", "Building 3", "no building", "How this is", "2.5 h", "2.5 d", "¥12.50"),
    }[each_language]:  # fmt: skip
        assert said in text, said
    assert "小桔灯驿站" in text
    # A chart of weeks, what became of them, a bar in each row.
    assert text.count("<svg") == 2 + 3 + 2 + 2 + 5


def test_each_table_ends_in_the_same_total() -> None:
    rows = re.findall(r'<tr class="sum">(.*?)</tr>', page(report()))
    assert len(rows) == 3
    assert len(set(rows)) == 1
    assert "<td>合计</td>" in rows[0]


def test_what_there_is_nothing_of_has_no_part() -> None:
    empty = Report(MONDAY, MONDAY + timedelta(days=7), Figures(), report(1).weeks, (), (), Backlog())
    text = page(empty)
    assert "按类别" not in text
    assert "住户评分：" not in text
    assert "还没办完的" in text


@pytest.mark.parametrize("odd", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_makes_no_element_of_its_own(odd: str) -> None:
    def elements(text: str) -> int:
        return len(re.findall(r"<[a-z]", text))

    text = page(report(odd=odd), compound=f"x{odd}", head=f"h{odd}", foot=f"f{odd}")
    assert elements(text) == elements(page(report(odd="x"), head="h", foot="f"))
    ET.fromstring(text.partition("\n")[2])  # noqa: S314  # ours


def test_columns_are_as_high_as_what_they_stand_for() -> None:
    drawn = columns([Pair("第1周", 10, 5, 1), Pair("第2周", 0, 0)], height=46)
    heights = [float(found) for found in re.findall(r'<rect[^>]* height="([\d.]+)"', drawn)]
    assert heights == [35.0, 17.5, 3.5]


@pytest.mark.parametrize("word", ["第{}周", "W{}"])
def test_many_weeks_leave_labels_out_and_none_overlap(word: str) -> None:
    drawn = columns([Pair(word.format(n), n, n) for n in range(53)])
    labels = re.findall(r'<text x="([\d.]+)" [^>]*fill="#555"[^>]*>([^<]*)<', drawn)
    assert len(labels) > 10
    ends = [(float(x) - width(said) / 2 * 1.3, float(x) + width(said) / 2 * 1.3) for x, said in labels]
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))


def test_shares_fill_the_whole_bar_and_nothing_draws_nothing() -> None:
    drawn = shares([Share("a", 3, "#111"), Share("b", 1, "#222"), Share("c", 0, "#333")], width=100)
    wide = [float(w) for w in re.findall(r'<rect[^>]* y="0.5" width="([\d.]+)"', drawn)]
    assert wide == [75.0, 25.0]
    assert shares([Share("a", 0, "#111")]) == ""
    assert "<rect" not in bar(0, 5)


def test_hours_are_said_as_people_say_them() -> None:
    said = [hours_text(hours) for hours in (None, 0.0, 0.5, 1.0, 2.54, 47.9, 48.0, 250.0)]
    assert said == ["—", "0 分钟", "30 分钟", "1 小时", "2.5 小时", "47.9 小时", "2 天", "10.4 天"]


def test_the_table_and_the_json_hold_the_same_numbers() -> None:
    table, told = figures_table(report()), as_json(report())
    taken = table.header.index("接到")
    assert [row[taken] for row in table.rows] == [
        told["total"]["taken"],
        *(week["taken"] for week in told["weeks"]),
        *(part["taken"] for part in told["categories"]),
        *(part["taken"] for part in told["buildings"]),
    ]
    assert {len(row) for row in table.rows} == {len(table.header)}


@pytest.mark.parametrize("cells", [20, 40, 76, 98, 136])
@pytest.mark.parametrize("weeks", [1, 13, 53])
def test_the_sheet_stays_within_its_width(cells: int, weeks: int, each_language: str) -> None:
    assert each_language
    counted = report(weeks, categories=("drain", "电梯" * 40, "[/b]"))
    lines = [text.plain for text in sheet_lines(Sheet(counted, counted.weeks), cells)]
    assert max(map(width, lines)) <= max(cells, 40)
    assert any("[/b]" in text for text in lines) or cells < 40


def test_something_is_never_drawn_as_nothing_and_the_most_reaches_the_top() -> None:
    assert column_rows([0, 1, 500, 1000], 1000, 1, 2) == [[" ", " ", " ", "█"], [" ", "▁", "█", "█"]]
    assert column_rows([0], 0, 3, 1) == [["   "]]


@pytest.mark.browser
@pytest.mark.parametrize("weeks", [5, 53])
def test_the_page_prints_on_a4_and_asks_for_nothing(tmp_path: Path, each_language: str, weeks: int) -> None:
    assert each_language
    sizes, asked = printed(page(report(weeks, categories=("drain", "很长的类别" * 10))), tmp_path)
    assert set(sizes) == {(595, 842)}
    assert len(sizes) <= 5
    assert len(asked) == 1
