"""A route gets its points and its order, by keys and by mouse; each step is saved and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from neighbours import looking
from register_desk import at, fill, listed, page, press, rows, said, until
from sewer_desk import hit, on_top, sewer, shown, stops, write
from textual import events
from textual.pilot import Pilot

from models.inspection.ordering import merged_order
from models.inspection.queries import points_page, route_view, routes
from models.operations.envelope import Intent
from tui.app import LinliApp
from tui.screens.base import LinliScreen
from tui.widgets.arrange_list import ArrangeList


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return sewer(tmp_path / "store.db")


async def open_route(pilot: Pilot[None]) -> None:
    await press(pilot, "enter")


def order(app: LinliApp) -> list[str]:
    shown_list = app.screen.query_one(ArrangeList)
    return [str(row.cells[1]) for n in range(shown_list.count or 0) if (row := shown_list._row(n))]


async def test_a_point_is_picked_up_carried_and_put_down(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        assert "全程约 90 米" in page(app)
        await pilot.press("space")
        assert "拿起了 W01" in said(app)
        await pilot.press("down")
        await pilot.press("down")
        assert order(app) == ["W02", "W03", "W01", "OUT"]
        assert stops(path) == ["W01", "W02", "W03", "OUT"]  # nothing is written on the way
        await press(pilot, "enter")
        assert said(app) == "W01 移到第 3 个 · 按 U 撤销"
        assert stops(path) == ["W02", "W03", "W01", "OUT"]
        await press(pilot, "u")
        assert order(app) == stops(path) == ["W01", "W02", "W03", "OUT"]


async def test_esc_puts_a_carried_point_back_and_stays(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        await hit(pilot, "space", "end", "escape")
        assert order(app) == ["W01", "W02", "W03", "OUT"]
        assert on_top(app) == "RouteScreen"
        await press(pilot, "escape")
        assert on_top(app) == "RoutesScreen"
    assert stops(path) == ["W01", "W02", "W03", "OUT"]


async def test_alt_and_an_arrow_moves_at_once_and_each_step_is_undone_by_itself(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        await pilot.press("alt+down")
        await pilot.press("alt+down")
        await press(pilot, "end", "home")
        assert stops(path) == ["W02", "W03", "W01", "OUT"]
        await hit(pilot, "ctrl+z")
        assert stops(path) == ["W02", "W01", "W03", "OUT"]
        await hit(pilot, "ctrl+z")
        assert order(app) == stops(path) == ["W01", "W02", "W03", "OUT"]


async def test_a_point_is_dragged_with_the_mouse(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        await pilot.mouse_down(ArrangeList, offset=(12, 4))  # a header, then the rows: the fourth is OUT
        await pilot.hover(ArrangeList, offset=(12, 2))
        await pilot.mouse_up(ArrangeList, offset=(12, 2))
        await shown(pilot, "OUT 移到第 2 个")
        assert stops(path) == ["W01", "OUT", "W02", "W03"]
        await pilot.click(ArrangeList, offset=(12, 3))
        assert order(app) == ["W01", "OUT", "W02", "W03"]
        assert app.screen.query_one(ArrangeList).cursor == 2


async def test_points_are_added_by_range_by_kind_and_all_that_are_left(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        await press(pilot, "f5", "1")
        await write(pilot, "w1-W3，W10、W77")
        await shown(pilot, "加 1 个，3 个已在路线上，没有登记：W77")
        await press(pilot, "enter")
        assert "加了 1 个点" in page(app)
        await press(pilot, "escape")
        assert order(app) == ["W01", "W02", "W03", "OUT", "W10"]
        await press(pilot, "f5")
        assert "全部路灯" in page(app)
        await press(pilot, "2")
        assert order(app)[-1] == "L01"
        await press(pilot, "f5")
        assert "每个点" in said(app) or "所有的点都在这条路线上" in said(app)
        await press(pilot, "u", "u")
    assert stops(path) == ["W01", "W02", "W03", "OUT"]


async def test_one_point_is_found_by_name_and_taken_out_again(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        await press(pilot, "down", "3")
        assert said(app) == "W02 已移出路线 · 按 U 撤销"
        await press(pilot, "f5", "1", "chepeng", "enter", "escape")
        assert order(app) == ["W01", "W03", "OUT", "W02"]


async def test_a_route_is_sorted_by_code_along_the_water_and_the_shortest_way(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        await press(pilot, "f5", "3", "f6", "4")  # the lamp is the second kind, the wells are the third
        assert order(app) == ["W10", "OUT", "W03", "W02", "W01"]
        await press(pilot, "f6", "1")
        assert order(app) == ["OUT", "W01", "W02", "W03", "W10"]
        await press(pilot, "f6", "2")
        assert order(app) == ["W01", "W10", "W02", "W03", "OUT"]
        await press(pilot, "f6", "4", "home", "f6", "3")
        assert "本来就是这个次序" in said(app) or order(app) == ["OUT", "W03", "W02", "W10", "W01"]
    assert stops(path)[0] == "OUT"


async def test_a_route_is_made_renamed_put_away_and_found_again(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await press(pilot, "f5")
        await fill(pilot, "name", "[/b] 西线")
        await press(pilot, "f2")
        assert on_top(app) == "RouteScreen"
        assert "还没有点" in page(app)
        await press(pilot, "2")
        await fill(pilot, "name", "东线")
        await press(pilot, "f2")
        assert "名称“东线”已被使用" in page(app)
        await fill(pilot, "name", "北线")
        await press(pilot, "f2", "4")
        assert "路线“北线”已归档" in said(app)
        await press(pilot, "escape")
        assert listed(app) == ["东线"]
        await press(pilot, "f7")
        assert listed(app) == ["北线"]
    assert rows(path, "select name from route where archived") == [("北线",)]


async def test_who_looks_for_a_point_picks_up_that_point_and_no_other(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        await hit(pilot, "slash", *"w03")
        assert order(app) == ["W03"]
        await hit(pilot, "tab", "space")
        assert "拿起了 W03" in said(app)
        assert order(app) == ["W01", "W02", "W03", "OUT"]  # among some of the points no place means anything
        assert not app.screen.query("#sieve")
        await hit(pilot, "up", "enter")
        await shown(pilot, "W03 移到第 2 个")
        assert stops(path) == ["W01", "W03", "W02", "OUT"]


async def test_a_point_that_was_looked_for_moves_at_once_too(path: Path) -> None:
    async with at(path, "routes") as (_, pilot):
        await open_route(pilot)
        await hit(pilot, "slash", *"out")
        await hit(pilot, "tab", "alt+up")
        await shown(pilot, "OUT 移到第 3 个")
        assert stops(path) == ["W01", "W02", "OUT", "W03"]


async def test_the_mouse_only_chooses_among_points_that_were_looked_for(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        await hit(pilot, "slash", *"w0")
        await pilot.mouse_down(ArrangeList, offset=(12, 3))
        await pilot.hover(ArrangeList, offset=(12, 1))
        await pilot.mouse_up(ArrangeList, offset=(12, 1))
        chosen = app.screen.query_one(ArrangeList).highlighted_row
        assert chosen is not None
        assert chosen.cells[1] == "W03"
    assert stops(path) == ["W01", "W02", "W03", "OUT"]


async def test_looking_for_a_point_puts_a_carried_one_back(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        await hit(pilot, "space", "down", "slash", *"w03", "escape")
        assert order(app) == ["W01", "W02", "W03", "OUT"]
        assert not app.screen.query_one(ArrangeList).held
    assert stops(path) == ["W01", "W02", "W03", "OUT"]


async def test_a_dialog_in_the_midst_of_dragging_lets_the_point_go_where_it_was(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        await pilot.mouse_down(ArrangeList, offset=(12, 4))
        await pilot.hover(ArrangeList, offset=(12, 2))
        await hit(pilot, "f1")
        await pilot.mouse_up(offset=(1, 1))
        await hit(pilot, "escape")
        await pilot.hover(ArrangeList, offset=(12, 1))
        assert order(app) == ["W01", "W02", "W03", "OUT"]
    assert stops(path) == ["W01", "W02", "W03", "OUT"]


async def test_undo_pressed_twice_at_once_takes_two_steps_back(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        await hit(pilot, "alt+down", "alt+down")
        assert stops(path) == ["W02", "W03", "W01", "OUT"]
        for _ in range(2):
            app.post_message(events.Key("u", "u"))
        await until(pilot, lambda: order(app) == ["W01", "W02", "W03", "OUT"])
        await shown(pilot, "已撤销")
    assert stops(path) == ["W01", "W02", "W03", "OUT"]


async def test_a_point_that_somebody_adds_while_another_is_carried_stays_on_the_route(path: Path) -> None:
    async with at(path, "routes") as (app, pilot):
        await open_route(pilot)
        await hit(pilot, "space", "down")
        with looking(path) as desk, desk.store.read() as session:
            (lamp,) = [one.id for one in points_page(session, desk.seat.compound_id, text="L01")]
            (route,) = routes(session, desk.seat.compound_id)
            view = route_view(session, desk.seat.compound_id, route.id)
            assert view is not None
            standing = [str(stop.point_id) for stop in view.stops]
            added = [*standing[:-2], str(lamp), standing[-1]]  # and W03 is taken out
            assert (
                desk.perform(Intent("route.arrange", {"route": str(route.id), "stops": added})).refused
                is None
            )
        assert isinstance(app.screen, LinliScreen)
        app.screen.news()
        await hit(pilot, "enter")
        await until(pilot, lambda: order(app) == ["W02", "L01", "W01", "OUT"])
        await press(pilot, "u")
        assert stops(path) == ["W01", "W02", "L01", "OUT"]


@pytest.mark.parametrize(("mine", "theirs", "merged"), [
    ("bac", "abc", "bac"), ("bac", "abcd", "bacd"), ("bac", "xabc", "xbac"), ("bac", "ac", "ac"),
    ("bac", "axyc", "axyc"), ("ac", "abcd", "acd"), ("bac", "", ""), ("", "abcd", "d"),
])  # fmt: skip
def test_two_orders_become_one_that_has_what_either_added_and_lacks_what_either_took_out(
    mine: str, theirs: str, merged: str
) -> None:
    assert "".join(merged_order("abc", mine, theirs)) == merged
