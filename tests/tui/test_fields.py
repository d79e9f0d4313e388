from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.fields import ChoiceField, DateField, Field, NumberField, TextField, Value, YesNoField, read
from tui.widgets.picker import Option, matching

MUD = NumberField(id="mud", label="积泥", unit="mm", minimum=0, maximum=2000)
AREA = NumberField(id="area", label="面积", decimals=2)


@pytest.mark.parametrize(
    ("made", "text", "value"),
    [
        (MUD, "１２3", 123),
        (MUD, " 35 mm ", 35),
        (MUD, "1,200", 1200),
        (MUD, "30.0", 30),
        (AREA, "88．5", Decimal("88.5")),
        (DateField(id="d", label="日期"), "2026-11-22", date(2026, 11, 22)),
        (DateField(id="d", label="日期"), "２０２６年１１月２日", date(2026, 11, 2)),
        (DateField(id="d", label="日期"), "20261122", date(2026, 11, 22)),
        (YesNoField(id="y", label="完好"), "yes", True),
        (YesNoField(id="y", label="完好"), "", None),
        (ChoiceField(id="c", label="水位", options=(("dry", "干"),)), "dry", "dry"),
        (TextField(id="t", label="备注"), " [/b] ", "[/b]"),
        (TextField(id="t", label="备注"), "", ""),
    ],
)
def test_typed_text_reads_as_its_value(made: Field, text: str, value: Value) -> None:
    assert read(made, text) == (value, None)


@pytest.mark.parametrize(
    ("made", "text", "sentence"),
    [
        (MUD, "abc", "请填数字，比如 35"),
        (MUD, "1e9", "请填数字，比如 35"),
        (MUD, "9" * 40, "请填数字，比如 35"),
        (MUD, "3.5", "请填整数，不带小数"),
        (MUD, "-1", "不能小于 0"),
        (MUD, "2001", "不能大于 2000"),
        (AREA, "1.234", "小数最多 2 位"),
        (DateField(id="d", label="日期"), "2026-02-30", "没有这一天，请核对月份和日子"),
        (DateField(id="d", label="日期"), "明天", "请按 2026-11-22 这样填日期"),
        (TextField(id="t", label="名", required=True), "  ", "这一项要填"),
        (TextField(id="t", label="名", longest=3), "四个字呢", "太长了，最多 3 个字"),
    ],
)
def test_what_will_not_do_is_said_in_a_sentence(made: Field, text: str, sentence: str) -> None:
    assert read(made, text)[1] == sentence


@given(st.text(max_size=30))
def test_no_text_breaks_a_number_or_a_date(text: str) -> None:
    read(MUD, text)
    read(AREA, text)
    read(DateField(id="d", label="日期"), text)


PEOPLE = (
    Option("li", "李四", "3栋", "lisi ls"),
    Option("zhang", "张三", "1栋", "zhangsan zs"),
    Option("zheng", "郑爽", "2栋", "zhengshuang zs"),
    Option("wang", "[/b]王", "", "wang w"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zs", ["zhang", "zheng"]),
        ("ＺＳ", ["zhang", "zheng"]),
        ("zs 2栋", ["zheng"]),
        ("三", ["zhang"]),
        ("zhang", ["zhang"]),
        ("s", ["li", "zhang", "zheng"]),
        ("[/b]", ["wang"]),
        ("nobody", []),
        ("", ["li", "zhang", "zheng", "wang"]),
    ],
)
def test_a_name_is_found_by_text_pinyin_or_initials(text: str, found: list[str]) -> None:
    assert [option.id for option in matching(PEOPLE, text)] == found
