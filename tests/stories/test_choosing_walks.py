from __future__ import annotations

from pathlib import Path

import pytest
from neighbours import code_here, drawn, enter_walks, make_app, observed, page, press, rest, rows, take_up

from tui import i18n
from tui.screens.chat_text import ChatText
from tui.screens.walk.cards import WalkCards
from tui.screens.walk.room import WalkScreen
from tui.screens.walk.summary import WalkSummary
from tui.widgets.long_list import LongList
from tui.widgets.text import width


async def test_a_new_walk_starts_with_route_name_and_enter(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter_walks(pilot, app)
        await press(pilot, app, ["home", "enter"])
        assert "走哪条路线" in page(app)
        place = next(line for line in drawn(app) if "排水井  " in line)
        digit = next(char for char in place if char.isdigit())
        await press(pilot, app, [digit])
        today = app.context.today().isoformat()
        assert f"排水井 {today}" in page(app)
        await press(pilot, app, ["enter", "enter"])
        assert isinstance(app.screen, WalkCards)
        assert code_here(app) == "W01"
        await press(pilot, app, ["escape"])
        assert f"排水井 {today}" in drawn(app)[3]
        await press(pilot, app, ["f4", digit])
        assert f"排水井 {today} (2)" in page(app)


async def test_a_walk_over_all_points_needs_no_route(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await enter_walks(pilot, app)
        await press(pilot, app, ["f4"])
        line = next(line for line in drawn(app) if "全部点" in line)
        await press(pilot, app, [next(char for char in line if char.isdigit()), "enter", "enter"])
        assert isinstance(app.screen, WalkCards)
        assert "/50" in page(app)


async def test_open_walks_stand_above_finished_ones_and_a_finished_one_reopens(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["enter", "f3", "4"])
        assert "这次巡检已结束" in drawn(app)[-2]
        await press(pilot, app, ["escape"])
        assert isinstance(app.screen, WalkCards)
        assert "检查井 · 第 2 个，共 42 个 · 已结束" in page(app)
        assert "(4 ● 满)" in page(app)
        await press(pilot, app, ["4"])
        assert "这次巡检已结束" in drawn(app)[-2]
        await press(pilot, app, ["u"])
        assert "这次巡检已结束" in drawn(app)[-2]
        await press(pilot, app, ["escape", "end"])
        assert "1/42 已结束" in drawn(app)[6]
        await press(pilot, app, ["enter"])
        assert isinstance(app.screen, WalkSummary)
        await press(pilot, app, ["escape", "end", "f6"])
        assert "已重开" in drawn(app)[-2]
        assert isinstance(app.screen, WalkScreen)
    assert observed(path) == [("W01", "flowing")]
    assert rows(path, "SELECT count(*) FROM walk WHERE finished_at IS NOT NULL") == [(0,)]


async def test_two_walks_started_apart_are_joined_after_a_question(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["enter", "7", "5", "escape", "escape"])
        await press(pilot, app, ["f4"])
        line = next(line for line in drawn(app) if "排水井  " in line)
        await press(pilot, app, [next(char for char in line if char.isdigit()), "enter", "enter"])
        await press(pilot, app, ["down", "enter", "escape"])
        await press(pilot, app, ["home", "down", "f5", "1"])
        assert "并入" in page(app)
        await press(pilot, app, ["enter"])
        assert "并入“" not in drawn(app)[-2]  # the safe button has the focus
        await press(pilot, app, ["f5", "1", "right", "enter"])
        assert "已并入" in drawn(app)[-2]
        chooser = app.screen
        assert isinstance(chooser, WalkScreen)
        assert [walk.progress.seen for walk in chooser._walks or ()][:1] == [2]
        await press(pilot, app, ["home", "down", "enter", "enter"])
        # The half-typed mud came along.
        assert code_here(app) == "W02"
        assert "✎ 积泥 5 毫米" in page(app)
        await press(pilot, app, ["escape", "f5"])
        assert "没有同一路线" in drawn(app)[-2]


async def test_the_summary_names_the_blocked_pipe_and_goes_to_a_well(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, [*["enter"] * 6, *["4", "enter"] * 4, "s", *["enter"] * 10, "f3"])
        shown = page(app)
        assert "堵在 W10 → W11" in shown or "堵在 W11 → W12" in shown
        assert "依据：" in shown
        assert "下一口该开：W11" in shown
        await press(pilot, app, ["1", "1"])
        assert isinstance(app.screen, WalkCards)
        assert code_here(app) == "W11"


async def test_the_text_for_the_chat_group_names_nobody(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["4", "0", *"zhangsan", "enter", *["enter"] * 5, "f3", "2"])
        assert isinstance(app.screen, ChatText)
        copied = app.clipboard
        assert "王**" in copied
        assert "王德胜" not in copied
        assert "zhangsan" not in copied
        assert copied.splitlines()[0] == "【耐火小区】排水井一次"
        await press(pilot, app, ["escape", "3"])
        assert "已存成文件" in drawn(app)[-2]
        await press(pilot, app, ["3"])
    texts = sorted(tmp_path.glob("*.txt"))  # noqa: ASYNC240 - the app has ended
    assert [file.name for file in texts] == ["排水井一次.txt", "排水井一次_2.txt"]
    assert texts[0].read_text("utf-8").strip() == copied


async def test_a_folder_that_cannot_be_written_is_told(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "nowhere")
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["f3", "3"])
        assert "没有存成" in drawn(app)[-2]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40)])
async def test_choosing_and_summary_are_whole_in_every_size(
    path: Path, size: tuple[int, int], language: str
) -> None:
    i18n.use(language, strict=True)
    app = make_app(path)
    async with app.run_test(size=size) as pilot:
        await enter_walks(pilot, app)
        assert "…" not in page(app)
        for keys in (
            ["f1"],
            ["escape", "f4"],
            ["escape", "home", "down", "enter"],
            ["f1"],
            ["escape", "enter"],
            ["f3"],
            ["2"],
        ):
            await press(pilot, app, keys)
            assert {width(line) for line in drawn(app)} == {size[0]}
            assert "…" not in drawn(app)[-1]


async def test_two_quick_enters_open_one_walk(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        chooser = await enter_walks(pilot, app)
        chooser.query_one(LongList).move_to(1)
        await pilot.press("enter", "enter")
        await rest(pilot, app)
        assert sum(isinstance(screen, WalkCards) for screen in app.screen_stack) == 1
