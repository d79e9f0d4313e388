from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from harness import ODD_TEXTS

from tui.screens.register.fields import (
    area_of,
    check_phones,
    code_of,
    differing,
    filled,
    note_from_line,
    note_to_line,
    phones_of,
    skills_of,
)
from tui.screens.register.words import area_text, masked, span_mark, span_text
from tui.widgets.facts import Fact, Facts, folded_lines
from tui.widgets.tabs import View, ViewTabs
from tui.widgets.text import width


@pytest.mark.parametrize(
    ("area", "text"),
    [(None, ""), (8950, "89.5"), (10_000, "100"), (12_029, "120.29"), (1, "0.01"), (7, "0.07")],
)
def test_an_area_reads_as_square_metres_and_back(area: int | None, text: str) -> None:
    assert area_text(area) == text
    assert area_of(Decimal(text) if text else None) == area


def test_several_numbers_are_told_apart_by_any_comma() -> None:
    assert phones_of("13800000001、１３８００００００02，0732-5551234") == [
        "13800000001",
        "13800000002",
        "0732-5551234",
    ]
    assert phones_of(" ") == []
    assert phones_of("+86 138 0000 0001") == ["13800000001"]
    assert check_phones("138x") is not None
    assert check_phones("、".join(f"1380000{n:04}" for n in range(11))) == "最多 10 个号码"


def test_a_skill_may_hold_a_space() -> None:
    assert skills_of("tree cutting、电工;理发") == ["tree cutting", "电工", "理发"]


@pytest.mark.parametrize("note", ["", "一行", "两\n行\n", *ODD_TEXTS])
def test_a_note_goes_through_a_line_and_comes_back(note: str) -> None:
    assert note_from_line(note_to_line(note)) == note


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("１栋１单元１００１", "1-1-1001"),
        ("1－1－1001", "1-1-1001"),
        ("2-0-5", "2-0-5"),
        ("1001", None),
        ("", None),
    ],
)
def test_a_code_in_any_spelling(text: str, code: str | None) -> None:
    assert code_of(text) == code


def test_only_what_differs_is_edited() -> None:
    assert differing({"a": 1, "b": [], "c": ""}, {"a": 1, "b": ["x"], "c": ""}) == ({"b": []}, {"b": ["x"]})
    assert filled({"a": None, "b": "", "c": [], "d": 0}) == {"d": 0}


def test_a_span_in_words() -> None:
    first, last = date(2019, 3, 1), date(2024, 5, 31)
    assert span_text(first, last) == "2019-03-01 - 2024-05-31"
    assert span_text(first, None) == "2019-03-01 起"
    assert span_text(None, last) == "到 2024-05-31"
    assert span_text(None, None) == ""
    assert str(span_mark(since=first, current=True, today=last)) == "● 现在"
    assert str(span_mark(since=last, current=False, today=first)) == "◇ 未到"
    assert str(span_mark(since=first, current=False, today=last)) == "○ 以前"
    assert masked(("13800000001",)) == "138****0001"
    assert masked(()) == ""


@pytest.mark.parametrize("cells", [20, 36, 72, 110, 200])
@pytest.mark.parametrize("text", ODD_TEXTS)
def test_facts_never_stand_over_the_edge(text: str, cells: int) -> None:
    facts = Facts()
    facts.set_reactive(Facts.facts, (Fact("备注", text), Fact("楼层", "1"), Fact("x", "两\n行")))
    lines = facts._lines(cells)
    assert max(line.cell_length for line in lines) <= cells
    assert (
        "".join("".join(folded_lines(text, 10)).split())
        in "".join("".join(line.plain for line in lines).split())
        or len(text) < 40
    )


def test_facts_stand_beside_each_other_where_there_is_room() -> None:
    facts = Facts()
    facts.set_reactive(Facts.facts, tuple(Fact(f"项{n}", str(n)) for n in range(6)))
    assert [len(facts._lines(cells)) for cells in (30, 72, 110)] == [6, 3, 2]
    assert Fact("空", "").value == ""


def test_tabs_give_up_counts_before_names() -> None:
    views = [
        View("a", "F2", "住户", "10000"),
        View("b", "F3", "人员", "20000"),
        View("c", "F4", "楼栋", "50"),
    ]
    tabs = ViewTabs(views, "a")
    assert tabs._length([f"{view.label} {view.count}" for view in views]) > 40
    assert width("".join(text for _, _, text in tabs._placed())) == 12
