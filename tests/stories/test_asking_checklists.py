"""Volunteers choose what is asked at lamps and extinguishers, and in what order."""

from __future__ import annotations

from pathlib import Path

import pytest
from neighbours import drawn, looking, make_app, new, page, press, rest, rows
from textual.pilot import Pilot

from models.inspection.checklists import EXAMPLES
from models.operations.envelope import Intent
from models.text import normalise
from tui import i18n
from tui.app import LinliApp
from tui.screens.checklists.kind import ChecklistScreen
from tui.screens.checklists.room import ChecklistsScreen
from tui.widgets.text import width

ODD = "[/b] [a栋] {x}"
LAMP = ["灯亮", "灯杆", "高度"]


def asked(path: Path, kind: str = "lamp") -> list[str]:
    return [
        text
        for (text,) in rows(
            path,
            "SELECT text FROM checklist_item WHERE point_kind = ? AND NOT archived ORDER BY position, id",
            kind,
        )
    ]


async def enter(pilot: Pilot[None], app: LinliApp) -> ChecklistsScreen:
    await rest(pilot, app)
    app.enter("checklists")
    await rest(pilot, app)
    assert isinstance(app.screen, ChecklistsScreen)
    return app.screen


async def open_lamps(pilot: Pilot[None], app: LinliApp) -> ChecklistScreen:
    await enter(pilot, app)
    await press(pilot, app, ["down", "down", "enter"])
    assert isinstance(app.screen, ChecklistScreen)
    assert app.screen.kind == "lamp"
    return app.screen


async def test_ready_questions_come_with_one_key_and_never_twice(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["1"])
        assert "没有现成的检查项" in drawn(app)[-2]
        await press(pilot, app, ["down", "down", "1"])
        assert "路灯：加了 5 题 · 按 U 撤销" in drawn(app)[-2]
        await press(pilot, app, ["1"])
        assert "现成的都已经有了" in drawn(app)[-2]
        assert len(asked(path)) == 3 + 5
        await press(pilot, app, ["u"])
        assert asked(path) == LAMP
        await press(pilot, app, ["１"])
        assert len(asked(path)) == 3 + 5
    assert rows(path, "SELECT count(*) FROM checklist_item WHERE point_kind = 'lamp'") == [(8,)]


@pytest.mark.parametrize("languages", [("zh_CN", "en"), ("en", "zh_CN")])
async def test_questions_that_stand_in_the_other_language_are_not_asked_again(
    path: Path, languages: tuple[str, str]
) -> None:
    for language in languages:
        i18n.use(language, strict=True)
        app = make_app(path)
        async with app.run_test(size=(80, 24)) as pilot:
            await enter(pilot, app)
            await press(pilot, app, ["down", "down", "1"])
    assert len(asked(path)) == 3 + 5


async def test_all_kinds_in_use_are_asked_about_with_one_key(path: Path) -> None:
    with looking(path) as desk:
        desk.perform(Intent("point.add", {"id": new(), "code": "F1", "kind": "extinguisher"}))
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot, app)
        await press(pilot, app, ["2"])
        assert "路灯、灭火器：加了 11 题" in drawn(app)[-2]
        assert "✓ 6 题" in page(app)
        await press(pilot, app, ["u"])
    assert asked(path, "extinguisher") == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_ready_question_can_be_stored_and_reads_like_no_other(language: str) -> None:
    i18n.use(language, strict=True)
    for kind, questions in EXAMPLES.items():
        texts = [i18n.t(f"checklist_example.{kind}.{question.code}") for question in questions]
        assert len(set(texts)) == len(texts)
        assert all(normalise(text) == text and width(text) <= 44 for text in texts), texts


async def test_a_question_is_written_and_asked_last(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_lamps(pilot, app)
        await press(pilot, app, ["1", *ODD, "enter", "３", "1", "f2"])
        assert f"已加：{ODD}" in drawn(app)[-2]
        assert ODD in page(app)
    assert asked(path) == [*LAMP, ODD]
    found = rows(path, "SELECT answer, required, position FROM checklist_item WHERE text = ?", ODD)
    assert found == [("number", 1, 4)]


async def test_a_question_taken_away_comes_back_when_it_is_written_again(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_lamps(pilot, app)
        await press(pilot, app, ["down", "5"])
        assert "已去掉：灯杆" in drawn(app)[-2]
        assert asked(path) == ["灯亮", "高度"]
        await press(pilot, app, ["1"])
        await pilot.press("x")
        field = app.screen.query_one("#field-text")
        field.value = "灯杆"  # type: ignore[attr-defined]
        await press(pilot, app, ["f2"])
        assert "找回了以前去掉的：灯杆（等级）" in drawn(app)[-2]
    assert asked(path) == ["灯亮", "高度", "灯杆"]


async def test_required_is_one_key_there_and_back(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_lamps(pilot, app)
        await press(pilot, app, ["3"])
        assert "可不答：灯亮" in drawn(app)[-2]
        await press(pilot, app, ["u"])
        assert "* 必答" in drawn(app)[3]
        await press(pilot, app, ["down", "3"])
        assert "必答：灯杆" in drawn(app)[-2]
    assert rows(path, "SELECT required FROM checklist_item WHERE point_kind = 'lamp' ORDER BY position") == [
        (1,), (1,), (0,),
    ]  # fmt: skip


async def test_a_question_is_reworded_but_not_into_another(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_lamps(pilot, app)
        await press(pilot, app, ["down", "4", *"abc", "f2"])
        assert "已改：灯杆abc" in drawn(app)[-2]
        await press(pilot, app, ["4", *["backspace"] * 10])
        app.screen.query_one("#field-text").value = "灯亮"  # type: ignore[attr-defined]
        await press(pilot, app, ["f2"])
        assert "灯亮" in page(app)
        assert not isinstance(app.screen, ChecklistScreen)  # the form stays open and says why
        await press(pilot, app, ["escape", "u"])
    assert asked(path) == LAMP


async def test_questions_change_places_by_keys_and_go_back(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_lamps(pilot, app)
        await press(pilot, app, ["alt+down"])
        assert asked(path) == ["灯杆", "灯亮", "高度"]
        await press(pilot, app, ["end", "space", "up", "up", "escape"])
        assert isinstance(app.screen, ChecklistScreen)
        assert asked(path) == ["灯杆", "灯亮", "高度"]
        await press(pilot, app, ["end", "space", "home", "space"])
        assert asked(path) == ["高度", "灯杆", "灯亮"]
        await press(pilot, app, ["u", "u"])
    assert asked(path) == LAMP


async def test_a_question_is_dragged_with_the_mouse(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_lamps(pilot, app)
        await pilot.mouse_down("#questions", offset=(12, 1))
        await pilot.hover("#questions", offset=(12, 3))
        await pilot.mouse_up("#questions", offset=(12, 3))
        await rest(pilot, app)
    assert asked(path) == ["灯杆", "高度", "灯亮"]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(60, 18), (80, 24), (140, 40)])
async def test_both_rooms_are_whole_in_every_size_with_odd_words(
    path: Path, size: tuple[int, int], language: str
) -> None:
    i18n.use(language, strict=True)
    with looking(path) as desk:
        for position, text in enumerate((ODD, "长" * 100, "$x[/]"), 4):
            payload = {
                "id": new(),
                "point_kind": "lamp",
                "text": text,
                "answer": "text",
                "position": position,
            }
            assert desk.perform(Intent("checklist.add", payload)).refused is None
    app = make_app(path)
    async with app.run_test(size=size) as pilot:
        await open_lamps(pilot, app)
        assert ODD in page(app)
        for keys in (["f1"], ["escape", "1"], ["escape", "end", "4"], ["escape", "escape"], ["end", "enter"]):
            await press(pilot, app, keys)
            assert {width(line) for line in drawn(app)} == {size[0]}
        assert i18n.t("checklists.heading", kind=i18n.t("point.custom")) in page(app)
        assert i18n.t("checklists.empty", kind=i18n.t("point.custom"))[:12] in page(app)


async def test_a_carried_question_goes_back_before_anything_else_is_done(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        lamps = await open_lamps(pilot, app)
        await press(pilot, app, ["space", "end", "3"])
        assert not lamps.arranged.held
        assert asked(path) == LAMP
