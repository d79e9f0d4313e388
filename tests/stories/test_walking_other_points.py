from __future__ import annotations

import json
from pathlib import Path

import pytest
from neighbours import (
    ODD,
    cards,
    code_here,
    drawn,
    looking,
    make_app,
    new,
    observed,
    page,
    press,
    take_up,
    walking,
)

from models.operations.envelope import Intent
from tui import i18n
from tui.blocked import by_unit
from tui.screens.walk.safety import Safety
from tui.screens.walk.summary import WalkSummary
from tui.widgets.text import width


async def test_a_lamp_that_is_fine_costs_one_enter_and_no_safety_card(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app, "路灯一次")
        assert not isinstance(app.screen, Safety)
        assert "Enter 都正常，下一个" in page(app)
        await press(pilot, app, ["enter", "enter", "enter"])
        assert isinstance(app.screen, WalkSummary)
    assert [row[0] for row in observed(path)] == ["L1", "L2", "L3"]
    assert all("true" in row[1] for row in observed(path, "answers"))


async def test_a_digit_says_which_question_is_not_well_and_numbers_are_typed(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["1"])
        assert "✎ × 灯亮 否" in page(app)
        await press(pilot, app, ["2", "2", "3", "４", "full_stop", "5", "enter", "enter"])
        assert code_here(app) == "L2"
        assert "! 有问题" in page(app) or walking(app).state(0) is not None
    with looking(path) as desk, desk.store.read() as session:
        from models.inspection.queries import checklist

        ids = {line.text: str(line.id) for line in checklist(session, desk.seat.compound_id)}
    answers = observed(path, "answers")[0][1]
    said = json.loads(answers)
    assert said[ids["灯亮"]] is False
    assert said[ids["灯杆"]] == 4
    assert said[ids["高度"]] == 4.5


async def test_trouble_is_one_digit_and_can_be_taken_back(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["8", "8", "8", "0", *"huai", "enter"])
        assert code_here(app) == "L2"
        await press(pilot, app, ["7"])
        assert "没有这一题" in drawn(app)[-2]
    [row] = observed(path, "note, defects")
    assert row[1] == "huai"
    assert "other" in row[2]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_codes_with_odd_text_and_no_links_are_drawn_verbatim(
    path: Path, size: tuple[int, int], language: str
) -> None:
    i18n.use(language, strict=True)
    app = make_app(path)
    async with app.run_test(size=size) as pilot:
        await take_up(pilot, app, "怪编号一次")
        for code in ODD:
            shown = page(app)
            assert code.upper() in shown
            assert f"备注{code}" in shown
            assert i18n.t("walk.no_links") in shown
            await press(pilot, app, ["/", "escape", "enter"])
        assert isinstance(app.screen, WalkSummary)
        assert {width(line) for line in drawn(app)} == {size[0]}
    assert len(observed(path)) == len(ODD)


async def test_a_route_without_points_says_so_and_esc_leaves(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app, "空路线一次")
        assert "这条路线上还没有点" in page(app)
        await press(pilot, app, ["enter", "4", "7", "0", "8", "9", "u", "s", "/", "down", "end"])
        assert "还没有点" in page(app)
        await press(pilot, app, ["f3"])
        assert isinstance(app.screen, WalkSummary)
        await press(pilot, app, ["1", "escape", "escape"])
        assert observed(path) == []


async def test_an_archived_point_leaves_the_walk_and_what_was_seen_there_stays(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["enter", "escape"])
        with looking(path) as desk, desk.store.read() as session:
            from sqlmodel import select

            from models.inspection.tables import Point

            ids = {
                point.code: str(point.id)
                for point in session.exec(select(Point))
                if point.code in {"W01", "W02"}
            }
        with looking(path) as desk:
            for code in ids.values():
                assert desk.perform(Intent("point.archive", {"point": code})).refused is None
        await take_up(pilot, app)
        assert code_here(app) == "W03"
        assert walking(app).progress.total == 40
        await press(pilot, app, ["end"])
        assert code_here(app) == "W01"
        assert "已归档" in page(app)


async def test_500_points_answer_at_once(path: Path) -> None:
    import time

    with looking(path) as desk:
        points = [new() for _ in range(500)]
        desk.perform_all(
            [Intent("point.add", {"id": row_id, "code": f"X{n:03}"}) for n, row_id in enumerate(points)]
        )
        route, walk = new(), new()
        desk.perform(Intent("route.add", {"id": route, "name": "长路线", "stops": points}))
        desk.perform(Intent("walk.start", {"id": walk, "name": "长路线一次", "route": route}))
    app = make_app(path)
    async with app.run_test(size=(140, 40)) as pilot:
        await take_up(pilot, app, "长路线一次")
        before = time.perf_counter()
        for _ in range(20):
            cards(app).do_normal()
        spent = (time.perf_counter() - before) / 20
        assert spent < 0.05, spent
        await press(pilot, app, ["end", "enter"])
        assert code_here(app) == "X020"
    assert [row[0] for row in observed(path)] == [f"X{n:03}" for n in (*range(20), 499)]


async def test_the_summary_says_which_lamp_wants_attention_and_why(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["1", "0", *"[/b]x", "enter", "enter", "enter"])
        assert isinstance(app.screen, WalkSummary)
        assert "L1：! 要留意 · × 灯亮 否 · 备注：[/b]x" in page(app)
        assert "L2：" not in page(app)
        assert "都看完了。按 4 结束" in drawn(app)[-2]
        await press(pilot, app, ["2"])
        assert "L1：! 要留意 · × 灯亮 否" in page(app)
        assert "[/b]x" not in "\n".join(app.screen._text.splitlines())  # type: ignore[attr-defined]


async def test_enter_and_undo_say_what_stands_at_the_point(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["enter"])
        assert "L1 已记：✓ 正常" in drawn(app)[-2]
        await press(pilot, app, ["u"])
        assert "L1 已撤销一步，现在：○ 还没看" in drawn(app)[-2]


def test_units_with_the_same_rooms_stand_together() -> None:
    codes = ["1-1-101", "1-1-102", "1-2-101", "1-2-102", "2-1-101", "门面1", "门面2"]
    assert list(by_unit(codes)) == ["门面1", "门面2", "1-1、1-2：101、102", "2-1：101"]
