"""A committee makes December's roster: the computer makes it, they look at it, save it, change a place, publish it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from register_desk import page, press, said, until
from roster_desk import NOW, RosterDesk, day

from models.duty.solver import measured, solve
from models.duty.solver.problem import Phase, Problem, Progress, Roster
from tui import edge
from tui.screens.duty import generate_store
from tui.screens.duty.generate import Making
from tui.screens.duty.generate_result import RosterResult
from tui.screens.duty.roster import Roster as RosterRoom
from tui.screens.duty.roster_day import RosterDay

Tell = Callable[[Progress], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which the rest of November is published, and December not planned."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge, "clock", lambda: NOW)
        desk = RosterDesk(tmp_path_factory.mktemp("roster") / "store.db")
        desk.draft(NOW.date(), day(30, 11), publish=True)
    return desk.path


async def test_the_sheet_for_the_wall_and_a_spreadsheet_are_written(desk: RosterDesk, home: Path) -> None:
    async with desk.room() as (app, pilot):
        await press(pilot, "f5", "4")
        assert ".html" in said(app)
        await press(pilot, "f5", "6")
        assert ".xlsx" in said(app)
    assert endings(home) == {".html", ".xlsx"}


def endings(folder: Path) -> set[str]:
    return {path.suffix for path in folder.iterdir()}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of documents of the test's own."""
    from tui import duty_papers

    folder = tmp_path / "documents"
    folder.mkdir()
    monkeypatch.setattr(duty_papers, "documents", lambda: folder)
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RosterDesk:
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    return RosterDesk.again(made, tmp_path / "store.db")


async def test_december_is_made_looked_at_saved_and_taken_back(desk: RosterDesk) -> None:
    async with desk.room() as (app, pilot):
        await press(pilot, "f2")
        assert "2026-12-01" in page(app)  # the next month that has none
        assert "2026-12-31" in page(app)
        await press(pilot, "f2")
        await until(pilot, lambda: isinstance(app.screen, RosterResult))
        text = page(app)
        assert "√ 44 个班全部排满" in text
        assert "已证明没有更好的排法" in text
        assert "各人分担" in text
        assert desk.december() == []  # nothing is written before it is accepted
        await press(pilot, "f2")
        assert isinstance(app.screen, RosterRoom)
        assert "班表已存成草稿" in said(app)
        assert len(desk.december()) == 44
        assert {state for *_, state in desk.december()} == {"draft"}
        await press(pilot, "u")
        assert "已撤销" in said(app)
        assert desk.december() == []


async def test_esc_writes_nothing_and_what_was_made_can_be_looked_at_again(desk: RosterDesk) -> None:
    async with desk.room() as (app, pilot):
        await press(pilot, "f2", "f2")
        await until(pilot, lambda: isinstance(app.screen, RosterResult))
        await press(pilot, "escape")
        assert isinstance(app.screen, RosterRoom)
        assert desk.december() == []
        await press(pilot, "f2", "1")  # what took a minute to make is still there
        assert isinstance(app.screen, RosterResult)


async def test_a_search_is_stopped_with_the_best_so_far_while_the_screen_goes_on_drawing(
    desk: RosterDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(problem: Problem, *, seconds: float, progress: Tell, cancelled: Callable[[], bool]) -> Roster:
        progress(Progress(Phase.SPREAD, 100.0, 50.0, 1.0))
        while not cancelled():
            pass
        return solve(problem, seconds=seconds)

    monkeypatch.setattr(generate_store, "solve", slow)
    async with desk.room() as (app, pilot):
        await press(pilot, "f2")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, Making))
        await until(pilot, lambda: "不均最多还能少 50%" in page(app))
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, RosterResult))


async def test_leaving_ends_the_search(desk: RosterDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[bool] = []

    def slow(problem: Problem, *, seconds: float, progress: Tell, cancelled: Callable[[], bool]) -> Roster:
        del seconds, progress
        while not cancelled():
            pass
        ended.append(True)
        return measured(problem, frozenset())

    monkeypatch.setattr(generate_store, "solve", slow)
    async with desk.room() as (app, pilot):
        await press(pilot, "f2")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, Making))
        await pilot.press("escape")
        await until(pilot, lambda: ended)
        assert isinstance(app.screen, RosterRoom)


async def test_what_cannot_be_filled_is_named_with_the_smallest_relaxation(desk: RosterDesk) -> None:
    desk.needs_a_cook()
    async with desk.room() as (app, pilot):
        await press(pilot, "f2", "f2")
        await until(pilot, lambda: isinstance(app.screen, RosterResult))
        await until(pilot, lambda: "要全排满，最少要放宽" in page(app))
        text = page(app)
        assert "缺人的班" in text
        assert "放宽：12-05 周六 服务台 聚餐 这次不要求至少1人会炒菜" in text.replace("\n", "")


async def test_draft_becomes_everybodys_by_publishing_and_undo_withdraws_it(desk: RosterDesk) -> None:
    desk.draft(day(1), day(31))
    async with desk.room(month=day(1)) as (app, pilot):
        assert "草稿 44 项没发布" in page(app)
        await press(pilot, "f6")
        text = page(app)
        assert "发布 44 个班，告诉 7 个人。" in text
        assert "√ 今后的班都排满了。" in text
        assert "+ 服务台 早班 12-0" in text
        await press(pilot, "f2")
        assert "发布了 44 个班" in said(app)
        assert {state for *_, state in desk.december()} == {"published"}
        await press(pilot, "escape", "u")
        assert {state for *_, state in desk.december()} == {"draft"}


async def test_what_was_made_and_published_is_taken_back_step_by_step(desk: RosterDesk) -> None:
    async with desk.room() as (app, pilot):
        await press(pilot, "f2", "f2")
        await until(pilot, lambda: isinstance(app.screen, RosterResult))
        await press(pilot, "f2", "pagedown", "f6", "f2", "escape")
        assert {state for *_, state in desk.december()} == {"published"}
        await press(pilot, "u")
        assert {state for *_, state in desk.december()} == {"draft"}
        await press(pilot, "u")
        assert desk.december() == []


async def test_volunteers_see_nothing_of_a_draft(desk: RosterDesk) -> None:
    desk.draft(day(1), day(31))
    desk.sits("张三")
    async with desk.room(month=day(1)) as (app, pilot):
        text = page(app)
        assert "草稿" not in text
        assert "2/2" not in text.replace("3/3", "").split("12-01")[1]
        await press(pilot, "2", "enter")
        assert isinstance(app.screen, RosterDay)
        assert "这天没有班" in page(app)
        await press(pilot, "escape", "f2")
        assert "排班由委员会来做" in said(app)


async def test_the_chat_group_reads_what_is_published_with_names_masked(desk: RosterDesk) -> None:
    desk.draft(day(1), day(31))
    async with desk.room() as (app, pilot):
        await press(pilot, "f5", "1")
        text = page(app)
        assert "11-23" in text
        for name in desk.people:
            assert name not in text
        await press(pilot, "escape", "pagedown", "f5")
        assert "这个月的排班还没有发布" in page(app)
