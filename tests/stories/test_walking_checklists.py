"""Checklists answered on a walk: one by one, by what each answer is, and nobody is held up by what is required."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest
from neighbours import (
    cards,
    code_here,
    drawn,
    enter_walks,
    looking,
    make_app,
    new,
    observed,
    page,
    press,
    rows,
    take_up,
)

from models.operations.envelope import Intent
from tui import i18n
from tui.screens.walk.room import WalkScreen
from tui.screens.walk.summary import WalkSummary
from tui.widgets.text import width


def said(path: Path, place: int = 0) -> dict[str, object]:
    """Return the answers of an observation by the words of the questions."""
    texts = {str(UUID(row_id)): text for row_id, text in rows(path, "SELECT id, text FROM checklist_item")}
    return {texts[key]: value for key, value in json.loads(observed(path, "answers")[place][1]).items()}


def item(path: Path, text: str) -> str:
    return str(UUID(rows(path, "SELECT id FROM checklist_item WHERE text = ?", text)[0][0]))


def require(path: Path, *texts: str) -> None:
    items = [item(path, text) for text in texts]
    with looking(path) as desk:
        for one in items:
            change = {"item": one, "old": {"required": False}, "new": {"required": True}}
            assert desk.perform(Intent("checklist.edit", change)).refused is None


async def test_questions_are_answered_one_by_one_each_in_its_way(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["9"])
        assert "1 是 2 否，等级按 1–4" in page(app)
        assert "1 是   2 否" in page(app)
        await press(pilot, app, ["７"])
        assert "按 1 是、2 否" in drawn(app)[-2]
        await press(pilot, app, ["2", "５"])
        assert "按 1 到 4" in drawn(app)[-2]
        await press(pilot, app, ["４", "２", "full_stop", "5", "enter"])
        assert cards(app).panel == "checklist"
        await press(pilot, app, ["enter"])
        assert code_here(app) == "L2"
        assert "× 灯亮 否 · × 灯杆 4 级 · 高度 2.5" in drawn(app)[-2]
    assert said(path) == {"灯亮": False, "灯杆": 4, "高度": 2.5}


async def test_a_digit_says_that_its_question_is_not_well_and_more_of_it_another_grade(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["2"])
        assert "✎ × 灯杆 3 级" in page(app)
        await press(pilot, app, ["2"])
        assert "✎ × 灯杆 4 级" in page(app)
        await press(pilot, app, ["2"])
        assert "灯杆 4 级" not in page(app)


async def test_arrows_choose_the_question_and_esc_keeps_what_was_answered(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["9", "down", "3", "up", "up", "1", "escape"])
        assert "没存的留着" in drawn(app)[-2]
        await press(pilot, app, ["escape"])
        assert isinstance(app.screen, WalkScreen)
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await take_up(pilot, app, "路灯一次")
        assert "✎ × 灯杆 3 级 · 灯亮 是" in page(app)


async def test_enter_asks_once_for_a_required_number_and_takes_it(path: Path) -> None:
    require(path, "高度")
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["enter"])
        assert "“高度”必答" in drawn(app)[-2]
        await press(pilot, app, ["４", "enter"])
        assert code_here(app) == "L2"
    assert said(path) == {"灯亮": True, "灯杆": 1, "高度": 4.0}


async def test_what_is_required_holds_nobody_up_and_is_told(path: Path) -> None:
    require(path, "高度")
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["enter", "enter"])
        assert code_here(app) == "L2"
        assert "1 道必答题没答" in drawn(app)[-2]
        await press(pilot, app, ["up"])
        assert "必答题没答 1" in page(app)
        await press(pilot, app, ["down"])
        assert "L1 还有 1 道必答题没答" in drawn(app)[-2]
        await press(pilot, app, ["enter", "enter", "enter", "enter"])
        assert isinstance(app.screen, WalkSummary)
        assert "必答题没答全 3 个点：L1、L2、L3" in page(app)
    assert len(observed(path)) == 3


async def test_a_required_number_that_is_none_is_asked_again_and_may_be_left(path: Path) -> None:
    require(path, "高度")
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["enter", *"abc", "enter"])
        assert "数字" in drawn(app)[-2]
        await press(pilot, app, [*["backspace"] * 3, "enter"])
        assert code_here(app) == "L2"
    assert "高度" not in said(path)


async def test_esc_on_the_prompt_keeps_the_card_and_later_typing_is_no_prompt(path: Path) -> None:
    require(path, "高度")
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["enter", "escape", "3", "7", "enter"])
        assert code_here(app) == "L1"
        assert observed(path) == []
        await press(pilot, app, ["enter"])
        assert code_here(app) == "L2"
    assert said(path)["高度"] == 7.0


async def test_a_well_tells_of_required_questions_unless_it_would_not_open(path: Path) -> None:
    require(path, "盖子平")
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["enter"])
        assert "W01 已记：✓ 畅 · 1 道必答题没答" in drawn(app)[-2]
        await press(pilot, app, ["6", "enter"])
        assert code_here(app) == "W03"
        assert "必答" not in drawn(app)[-2]
        await press(pilot, app, ["9", "1", "enter"])
        assert code_here(app) == "W03"  # how high the water stands is still to be said
        await press(pilot, app, ["2", "enter"])
        assert code_here(app) == "W04"
        assert "必答" not in drawn(app)[-2]


async def test_the_summary_counts_what_failed_and_so_does_the_text_for_the_group(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["1", "enter", "1", "2", "enter", "enter"])
        assert isinstance(app.screen, WalkSummary)
        assert "不合格：灯亮 2、灯杆 1" in page(app)
        await press(pilot, app, ["2"])
        assert "不合格：灯亮 2、灯杆 1" in app.clipboard


async def test_choices_are_clicked(path: Path) -> None:
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await take_up(pilot, app, "路灯一次")
        line = next(n for n, text in enumerate(drawn(app)) if "逐题答" in text)
        await pilot.click(offset=(width(drawn(app)[line].partition("逐题答")[0]), line))
        await press(pilot, app, [])
        assert cards(app).panel == "checklist"
        line = next(n for n, text in enumerate(drawn(app)) if "1 是   2 否" in text)
        await pilot.click(offset=(width(drawn(app)[line].partition("2 否")[0]) + 1, line))
        await press(pilot, app, ["enter"])
        assert code_here(app) == "L2"
    assert said(path)["灯亮"] is False


async def test_the_route_that_is_due_comes_first_when_a_walk_is_begun(path: Path) -> None:
    with looking(path) as desk:
        today = desk.today().isoformat()
    route = str(UUID(rows(path, "SELECT id FROM route WHERE name = '路灯'")[0][0]))
    with looking(path) as desk:
        made = {"id": new(), "route": route, "every": "week", "since": today}
        assert desk.perform(Intent("schedule.add", made)).refused is None
    app = make_app(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter_walks(pilot, app)
        await press(pilot, app, ["f4"])
        first = next(line for line in drawn(app) if "> 1" in line)
        assert "路灯" in first
        assert "◐ 该走了，正在走 0/3" in first


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(60, 18), (80, 24), (140, 40)])
async def test_a_long_checklist_with_odd_words_is_whole(
    path: Path, size: tuple[int, int], language: str
) -> None:
    i18n.use(language, strict=True)
    with looking(path) as desk:
        for position, (text, answer) in enumerate(
            [("[/b] [a栋] {x}", "yes_no"), ("长" * 100, "grade"), *((f"题{n}", "number") for n in range(9))],
            4,
        ):
            payload = {
                "id": new(),
                "point_kind": "lamp",
                "text": text,
                "answer": answer,
                "position": position,
            }
            payload["required"] = True
            assert desk.perform(Intent("checklist.add", payload)).refused is None
    app = make_app(path)
    async with app.run_test(size=size) as pilot:
        await take_up(pilot, app, "路灯一次")
        for keys in (
            [],
            ["9"],
            ["1", "1"],
            ["3", "enter"],
            ["down"] * 9,
            ["2", "enter"],
            ["escape", "enter"],
            ["f3"],
        ):
            await press(pilot, app, keys)
            assert {width(line) for line in drawn(app)} == {size[0]}
