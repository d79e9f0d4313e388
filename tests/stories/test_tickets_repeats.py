"""A fault that comes again is told with the ground under it; one key opens a case, another walks the wells."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from register_desk import ODD, at, fill, page, press, rest, rows, said
from sewer_desk import hit, on_top
from ticket_desk import TicketDesk

from models.operations.envelope import Intent
from tui import edge
from tui.screens.survey.room import SurveyMap
from tui.screens.walk.cards import WalkCards
from tui.widgets.map_canvas import MapCanvas

ROOM = "ticket_repeats"


@pytest.fixture
def desk(tmp_path: Path) -> TicketDesk:
    """3-1-502 drains into W02 and reported it three times; the walk saw W02 full and W03 dry."""
    made = TicketDesk(tmp_path / "store.db", what=f"厨房下水堵了 {ODD}")
    walk = str(edge.new_id())
    points = dict(rows(made.path, "select code, id from point"))
    made.perform(
        Intent("connection.add", {"id": str(edge.new_id()), "point": made.point, "household": made.home}),
        Intent("walk.start", {"id": walk, "name": "三月"}),
    )
    for code, level in {"W01": "full", "W10": "full", "W02": "full", "W03": "dry"}.items():
        payload = {"id": str(edge.new_id()), "walk": walk, "point": points[code], "level": level}
        made.perform(Intent("walk.observe", payload))
    for code, days in (("KT25", 20), ("KT26", 9)):
        payload = {"id": str(edge.new_id()), "code": code, "what": "又堵了", "category": "drain"}
        then = edge.clock() - timedelta(days=days)
        made.perform(Intent("ticket.report", payload | {"household_id": made.home}, happened_at=then))
    return made


def cases(desk: TicketDesk) -> list[tuple[object, ...]]:
    return rows(desk.path, "select what, archived from ticket where is_case")


async def test_the_room_says_what_is_the_same_and_which_pipe_is_blocked(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, _):
        shown = page(app)
        assert "1 处反复报修" in shown
        assert "3 次" in shown
        assert "3-1-502 排入 W02" in shown
        assert "W02→W03 最可能堵塞" in shown
        assert all(code in shown for code in ("KT25", "KT26", "KT27"))
        assert "出事后都看过了" not in shown  # OUT has not been looked at


async def test_enter_opens_one_of_its_tickets(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await press(pilot, "enter")
        assert on_top(app) == "Choose"
        await press(pilot, "1")
        assert on_top(app) == "TicketPage"


async def test_a_case_is_opened_over_those_that_are_ticked_and_taken_back_by_one_key(
    desk: TicketDesk,
) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await press(pilot, "1", "3")  # the oldest is left out
        await press(pilot, "f2")
        await fill(pilot, "what", f"5层管子 {ODD}")
        await press(pilot, "f2")
        assert "已立案" in said(app)
        assert "在案 " in page(app)
        assert "没有要处理的反复报修" in page(app)
        assert cases(desk) == [(f"5层管子 {ODD}", 0)]
        parts = rows(desk.path, "select count(*) from ticket where parent_id is not null")
        assert parts == [(2,)]
        await press(pilot, "u")
        assert "1 处反复报修" in page(app)
        assert cases(desk) == [(f"5层管子 {ODD}", 1)]


async def test_what_comes_after_a_case_was_opened_joins_it_by_one_choice(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await press(pilot, "1", "f2", "f2")
        assert "在案 " in page(app)
        desk.report("KT40", "又堵了", household_id=desk.home)
        app.screen.news()
        await rest(pilot)
        assert "后又报" in page(app)
        await press(pilot, "1")
        assert "并入案件" in page(app)
        await press(pilot, "1")
        assert "在案 " in page(app)
        assert desk.state("KT40") == "duplicate"
        await press(pilot, "u")
        assert desk.state("KT40") == "reported"


async def test_nothing_ticked_opens_no_case(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await press(pilot, "1", "f3", "f2")
        assert on_top(app) == "Tick"
        assert "请至少勾选一个" in page(app)
        await hit(pilot, "space")
        await press(pilot, "escape")
        assert cases(desk) == []


async def test_the_wells_between_are_walked_on_a_route_of_their_own(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await press(pilot, "2")
        assert any(isinstance(screen, WalkCards) for screen in app.screen_stack)
    stops = rows(
        desk.path,
        "select p.code from route_stop s join route r on r.id = s.route_id join point p on p.id = s.point_id "
        "where r.name like '复查 3-1-502%' order by s.position",
    )
    assert [code for (code,) in stops] == ["W02", "W03", "OUT"]


async def test_a_volunteer_walks_without_a_route_and_sets_no_thresholds(desk: TicketDesk) -> None:
    desk.sits("李四")
    async with at(desk.path, ROOM) as (app, pilot):
        await press(pilot, "4")
        assert "由委员、主任" in said(app)
        await press(pilot, "2")
        assert any(isinstance(screen, WalkCards) for screen in app.screen_stack)
    assert rows(desk.path, "select route_id from walk where name like '复查%'") == [(None,)]


async def test_the_map_begins_at_the_well_it_drains_into_and_marks_it(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM, size=(120, 36)) as (app, pilot):
        await press(pilot, "3")
        assert isinstance(app.screen, SurveyMap)
        assert app.screen.query_one(MapCanvas).picked == "W02"
        assert "W02⚑" in page(app) or "⚑W02" in page(app)
        assert "⚑ KT27" in page(app)
        await press(pilot, "f7")
        assert "⚑ KT27" not in page(app)
        await press(pilot, "f7", "f8")
        assert on_top(app) == "Choose"
        await press(pilot, "1")
        assert on_top(app) == "TicketPage"


async def test_enter_on_a_wells_card_opens_its_ticket(desk: TicketDesk) -> None:
    async with at(desk.path, "map", code="W02") as (app, pilot):
        await press(pilot, "enter")
        assert on_top(app) == "WellCard"
        assert "工单（3）" in page(app)
        await press(pilot, "enter", "1")
        assert on_top(app) == "TicketPage"


async def test_thresholds_are_set_here_and_what_they_leave_alone_alarms_no_more(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await press(pilot, "4")
        await fill(pilot, "repeats", "４")
        await press(pilot, "f2")
        assert "没有反复报修的" in page(app)
        await press(pilot, "u")
        assert "1 处反复报修" in page(app)
