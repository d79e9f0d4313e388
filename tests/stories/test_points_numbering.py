"""A compound without points gets its wells in one line; what would happen is told before it does."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from register_desk import at, fill, listed, page, press, rest, rows, said
from sewer_desk import empty, hit, on_top, pipes, points, sewer, shown, stops

from tui.app import LinliApp
from tui.widgets.form import Form, PickLine


def pick(app: LinliApp, field: str, option_id: str) -> None:
    """Choose an option as the chooser would."""
    line = app.screen.query_one(Form).row(field).control
    assert isinstance(line, PickLine)
    line.value = option_id


async def test_forty_two_wells_are_numbered_in_one_line(tmp_path: Path) -> None:
    path = empty(tmp_path / "store.db")
    async with at(path, "points") as (app, pilot):
        assert "按 F5，写 W01-W42" in page(app)
        await press(pilot, "f5")
        await fill(pilot, "codes", "Ｗ０１－Ｗ４２")
        await shown(pilot, "新增 42 个：W01-W42")
        await fill(pilot, "chained", "down")
        await press(pilot, "f2")
        assert said(app) == "新增 42 个：W01-W42，接好 41 段管 · 按 Ctrl+Z 撤销"
        assert listed(app)[:2] == ["W01", "W02"]
        assert len(pipes(path)) == 41
        await hit(pilot, "ctrl+z")
        assert "按 F5，写 W01-W42" in page(app)
    assert points(path) == []


async def test_four_hundred_wells_are_taken_back_by_one_key(tmp_path: Path) -> None:
    path = empty(tmp_path / "store.db")
    async with at(path, "points") as (app, pilot):
        await press(pilot, "f5")
        await fill(pilot, "codes", "W001-W400")
        await fill(pilot, "chained", "down")
        await press(pilot, "f2")
        assert len(points(path)) == 400
        await hit(pilot, "ctrl+z")
        assert said(app).startswith("已撤销这一步")
    assert points(path) == []
    assert pipes(path) == []


async def test_what_is_there_is_told_and_only_the_rest_is_added(tmp_path: Path) -> None:
    path = sewer(tmp_path / "store.db")
    async with at(path, "points") as (app, pilot):
        await press(pilot, "f5")
        await fill(pilot, "codes", "W01-W05")
        await shown(pilot, "新增 2 个：W04、W05，已有 3 个：W01-W03")
        route_id = rows(path, "select id from route")[0][0]
        pick(app, "route", str(UUID(route_id)))
        await press(pilot, "f2")
        assert said(app) == "新增 2 个：W04、W05，放进路线 2 个 · 按 Ctrl+Z 撤销"
    assert stops(path) == ["W01", "W02", "W03", "OUT", "W04", "W05"]


async def test_nonsense_and_too_many_are_told_and_nothing_typed_is_lost(tmp_path: Path) -> None:
    path = sewer(tmp_path / "store.db")
    async with at(path, "points") as (app, pilot):
        await press(pilot, "f5")
        await fill(pilot, "codes", "[/b]")
        await shown(pilot, "“[/b]”里没有数字")
        await fill(pilot, "codes", "W1-W9999")
        await shown(pilot, "一次有 9999 个，太多了，最多 2000 个")
        await press(pilot, "f2")
        assert on_top(app) == "NumberPoints"
        await press(pilot, "escape", "f5")
        assert app.screen.query_one(Form).texts["codes"] == "W1-W9999"
    assert len(points(path)) == 6


async def test_a_code_that_differs_in_zeros_is_warned_of(tmp_path: Path) -> None:
    path = sewer(tmp_path / "store.db")
    async with at(path, "points") as (_app, pilot):
        await press(pilot, "f5")
        await fill(pilot, "codes", "W2")
        await shown(pilot, "W2 和已有的 W02 只差 0")
        await rest(pilot)


async def test_home_leads_to_numbering_while_there_are_no_points(tmp_path: Path) -> None:
    path = empty(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        await shown(pilot, "还没有点")
        await press(pilot, "1")
        assert on_top(app) == "PointsScreen"
        await press(pilot, "f5")
        await fill(pilot, "codes", "OUT")
        await shown(pilot, "“OUT”里没有数字")
        pick(app, "kind", "outfall")
        await press(pilot, "f2")
    assert points(path) == ["OUT"]
