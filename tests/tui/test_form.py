from __future__ import annotations

from typing import Any

import pytest
from harness import ODD_TEXTS, make_app
from test_shell import drawn, settle

from tui.screens.form import FormDialog
from tui.widgets.fields import (
    ChoiceField,
    DateField,
    NumberField,
    PickField,
    TextField,
    TicksField,
    Value,
    YesNoField,
)
from tui.widgets.form import Form
from tui.widgets.picker import Option
from tui.widgets.text import clean

FIELDS = (
    TextField(id="name", label="名称", required=True, hint="写在门牌上的"),
    NumberField(id="mud", label="积泥", unit="mm", minimum=0, maximum=2000),
    ChoiceField(id="level", label="水位", options=(("dry", "干"), ("half", "半"), ("full", "满"))),
    YesNoField(id="ok", label="井盖完好"),
    DateField(id="day", label="日期", value="2026-11-22"),
    PickField(
        id="who", label="记录人", options=[Option(f"p{n}", f"张三{n}", search="zs") for n in range(50)]
    ),
)


async def test_a_form_is_filled_from_the_keyboard_alone() -> None:
    saved: list[dict[str, Value] | None] = []
    app = make_app()
    async with app.run_test() as pilot:
        app.push_screen(FormDialog("新增 [/b]", FIELDS), saved.append)
        await settle(pilot)
        assert "新增 [/b]" in "\n".join(drawn(app))
        await pilot.press(*"W7", "enter", "１", "２", "enter", "３", "1", "enter", "enter")
        await settle(pilot)
        await pilot.press(*"zs", "enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert saved[0] is not None
        assert {key: str(value) for key, value in saved[0].items()} == {
            "name": "W7",
            "mud": "12",
            "level": "full",
            "ok": "True",
            "day": "2026-11-22",
            "who": "p0",
        }


async def test_a_mistake_is_told_beneath_its_field_and_mending_it_clears_it() -> None:
    saved: list[Any] = []
    app = make_app()
    async with app.run_test() as pilot:
        app.push_screen(FormDialog("新增", FIELDS), saved.append)
        await settle(pilot)
        await pilot.press("f2")
        await settle(pilot)
        assert "× 这一项要填" in "\n".join(drawn(app))
        assert saved == []
        await pilot.press("W")
        await settle(pilot)
        assert "× 这一项要填" not in "\n".join(drawn(app))
        assert "写在门牌上的" in "\n".join(drawn(app))
        await pilot.press("enter", *"12x", "enter")
        await settle(pilot)
        assert "× 请填数字" in "\n".join(drawn(app))
        await pilot.press("backspace", "ctrl+s")
        await settle(pilot)
        assert saved[0]["mud"] == 12


async def test_leaving_keeps_what_was_typed_and_saving_forgets_it() -> None:
    told: list[dict[str, str]] = []
    app = make_app()
    async with app.run_test() as pilot:
        for expected in ("", "半句话"):
            app.push_screen(FormDialog("新增", FIELDS, draft_name="new", drafts=told.append))
            await settle(pilot)
            assert app.screen.query_one(Form).texts["name"] == expected
            if not expected:
                await pilot.press(*"半句话", "escape")
                await settle(pilot)
        assert told[-1]["name"] == "半句话"
        assert "上次没保存的内容还在" in "\n".join(drawn(app))
        await pilot.press("f2")
        await settle(pilot)
        assert app.drafts == {}


async def test_values_that_do_not_go_together_are_refused_in_words() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        app.push_screen(FormDialog("新增", FIELDS[:1], refuse=lambda values: f"已经有 {values['name']} 了"))
        await settle(pilot)
        await pilot.press(*"W7", "f2")
        await settle(pilot)
        assert "已经有 W7 了" in "\n".join(drawn(app))


@pytest.mark.parametrize("text", ODD_TEXTS)
async def test_odd_text_survives_every_field(text: str) -> None:
    fields = (
        TextField(id="a", label=text or "x", value=text, hint=text, longest=10_000),
        ChoiceField(id="b", label="b", options=((text, text), ("y", "y")), value=text),
        PickField(id="c", label="c", options=[Option("1", text)], value="1"),
        NumberField(id="d", label="d", value=text, unit=text[:3]),
    )
    app = make_app()
    async with app.run_test(size=(140, 40)) as pilot:
        app.push_screen(FormDialog("x", fields))
        await settle(pilot)
        for line in drawn(app):
            line.encode()
        assert app.screen.query_one(Form).texts["a"] == clean(text)
        if text.startswith("["):
            assert "\n".join(drawn(app)).count(text) >= 4


async def test_enter_after_a_digit_does_not_skip_the_empty_line_that_the_digit_went_to() -> None:
    fields = (
        ChoiceField(id="tie", label="关系", options=(("owner", "业主"), ("tenant", "租户"))),
        TextField(id="phone", label="电话"),
        TextField(id="note", label="备注"),
    )
    saved: list[dict[str, Value] | None] = []
    app = make_app()
    async with app.run_test() as pilot:
        app.push_screen(FormDialog("新增", fields), saved.append)
        await settle(pilot)
        await pilot.press("2", "enter", *"138", "enter", *"x", "f2")
        await settle(pilot)
        assert saved == [{"tie": "tenant", "phone": "138", "note": "x"}]
        app.push_screen(FormDialog("新增", fields), saved.append)
        await settle(pilot)
        await pilot.press("2", "enter", "enter", *"x", "f2")
        await settle(pilot)
        assert saved[1] == {"tie": "tenant", "phone": "", "note": "x"}


async def test_the_key_bar_calls_f2_by_the_verb_of_the_button() -> None:
    app = make_app()
    async with app.run_test() as pilot:
        app.push_screen(FormDialog("搬走", FIELDS, save="记下"))
        await settle(pilot)
        assert "F2 记下" in "\n".join(drawn(app))


async def test_days_of_the_week_are_ticked_by_digits_by_space_and_by_the_mouse() -> None:
    saved: list[Any] = []
    app = make_app()
    days = tuple((str(n), f"周{word}") for n, word in enumerate("一二三四五六日", 1))
    fields = (
        TicksField(id="days", label="星期", value="2", options=days),
        TextField(id="note", label="备注"),
    )
    async with app.run_test() as pilot:
        app.push_screen(FormDialog("新增", fields), saved.append)
        await settle(pilot)
        assert "1☐周一" in "\n".join(drawn(app))
        await pilot.press("３", "1", "2", "right", "right", "right", "space")
        await settle(pilot)
        assert "1☑周一" in "\n".join(drawn(app))
        ticks = app.screen.query_one("#field-days")
        await pilot.click(ticks, offset=(12, 0))  # Tuesday again
        await pilot.press("enter", *"x", "f2")
        await settle(pilot)
    assert saved[0] == {"days": "1,2,3,5", "note": "x"}
