"""Something is wrong with a point on the walk: one key reports it, and what was seen goes with it."""

from __future__ import annotations

from pathlib import Path

from neighbours import cards, code_here, make_app, page, press, rest, rows, take_up, walking
from register_desk import said
from reporting_desk import do

from tui.screens.points.card import PointScreen
from tui.screens.tickets.report import ReportTicket
from tui.screens.walk.cards import WalkCards
from tui.screens.walk.room import WalkScreen
from tui.screens.walk.summary import WalkSummary
from tui.widgets.long_list import LongList

TICKETS = (
    "SELECT p.code, t.what, t.category, t.channel, t.state FROM ticket t JOIN point p ON p.id = t.point_id"
    " WHERE NOT t.archived ORDER BY t.opened_at"
)
LINKS = (
    "SELECT t.code, o.level, o.mud_mm FROM ticket_link l JOIN ticket t ON t.id = l.ticket_id"
    " JOIN observation o ON o.id = l.observation_id WHERE NOT l.archived ORDER BY o.at"
)
GROUPS = "SELECT kind, group_id FROM operation WHERE kind IN ('walk.observe', 'ticket.report') ORDER BY n DESC LIMIT 2"


async def test_one_key_records_what_is_on_the_card_and_reports_it_as_one_group(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["4", "7", "1", "2", "0", "f6"])
        assert "已报修" in said(app)
        assert code_here(app) == "W01"
        assert "工单" in page(app)
    assert rows(path, TICKETS) == [
        ("W01", "检查井 W01：满、积泥 120 毫米", "drain", "inspection", "reported")
    ]
    assert [row[1:] for row in rows(path, LINKS)] == [("full", 120)]
    groups = rows(path, GROUPS)
    assert {kind for kind, _ in groups} == {"walk.observe", "ticket.report"}
    assert len({group for _, group in groups}) == 1


async def test_undo_takes_both_back_together(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["4", "7", "9", "f6", "u"])
        assert walking(app).said[0] is not None  # the level stands, which was recorded before
        assert walking(app).standing(0).mud_mm is None
        assert "待接单" not in page(app)
    assert rows(path, TICKETS) == []


async def test_what_is_recorded_already_is_reported_as_it_stands_and_undone_alone(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["5", "f6"])
        assert len(rows(path, LINKS)) == 1
        await press(pilot, app, ["u"])
        assert walking(app).standing(0).level == "overflow"
    assert rows(path, TICKETS) == []


async def test_a_key_pressed_twice_raises_one_ticket_and_then_shows_what_there_is(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["5", "f6"])
        await press(pilot, app, ["f6"])
        assert isinstance(app.screen, ReportTicket)
        assert app.screen.slip.point == "W01"
    assert len(rows(path, TICKETS)) == 1


async def test_where_a_ticket_stands_what_is_seen_is_added_to_it(path: Path) -> None:
    do(path, "ticket.report", what="车棚旁的井老是满", category="drain", point_id="W01", code="KT9")
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        assert "KT9 待接单" in page(app)
        await press(pilot, app, ["4", "f6"])
        assert "已有工单 KT9" in said(app)
        assert rows(path, LINKS) == [("KT9", "full", None)]
        assert len(rows(path, TICKETS)) == 1
        await press(pilot, app, ["u"])
        assert walking(app).standing(0).level == "full"
    assert rows(path, LINKS) == []


async def test_a_lamp_of_which_nothing_is_said_is_reported_as_in_trouble(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app, "路灯一次")
        await press(pilot, app, ["f6"])
        assert "已报修" in said(app)
    [(code, what, category, channel, _)] = rows(path, TICKETS)
    assert (code, category, channel) == ("L1", "lamp", "inspection")
    assert what.startswith("路灯 L1")


async def test_a_well_wants_its_level_first_and_nothing_typed_is_lost(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["f6"])
        assert rows(path, TICKETS) == []
        await press(pilot, app, ["0", "x", "y", "f6"])
        assert walking(app).edit.note == "xy"
        await press(pilot, app, ["4", "0", "z", "f6"])
    [(_, what, *_)] = rows(path, TICKETS)
    assert "xyz" in what


async def test_a_point_whose_job_was_done_is_walked_again_and_its_card_says_why(path: Path) -> None:
    for code, point in (("KT1", "W07"), ("KT2", "L2")):
        do(path, "ticket.report", what="坏了", point_id=point, code=code)
        do(path, "ticket.finish", ticket=code, recheck=True)
    app = make_app(path)
    async with app.run_test() as pilot:
        await rest(pilot, app)
        app.enter("walk")
        await rest(pilot, app)
        assert "复查 2 个点" in page(app)
        assert isinstance(app.screen, WalkScreen)
        app.screen.query_one("#walks").move_to(1)  # type: ignore[attr-defined]
        await press(pilot, app, ["enter"])
        if not isinstance(app.screen, WalkCards):
            await press(pilot, app, ["enter"])
        assert [card.code for card in walking(app).cards] == ["L2", "W07"]
        assert "工单 KT2 办结后请复查" in page(app) or "工单 KT1 办结后请复查" in page(app)
        await press(pilot, app, ["enter", "enter"])
        assert isinstance(app.screen, WalkSummary)
        await press(pilot, app, ["escape", "escape"])
        assert "复查 2 个点" not in page(app)


async def test_the_summary_reports_a_point_too(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["4", "f3", "5", "1"])
        assert isinstance(app.screen, ReportTicket)
        assert (app.screen.slip.point, app.screen.slip.category) == ("W01", "drain")
        await press(pilot, app, ["f2"])
        await rest(pilot, app)
        assert len(app.errors) == 0
    assert [row[0] for row in rows(path, TICKETS)] == ["W01"]
    assert [row[1] for row in rows(path, LINKS)] == ["full"]


async def test_a_points_card_reports_what_was_seen_there(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app)
        await press(pilot, app, ["5"])
        card = walking(app).card
        assert card is not None
        app.push_screen(PointScreen(card.point_id))
        await rest(pilot, app)
        listed = app.screen.query_one("#ties", LongList)
        listed.move_to(next(at for at in range(listed.count or 0) if str(listed._row(at)).find("seen:") >= 0))
        await press(pilot, app, ["f2"])
        assert isinstance(app.screen, ReportTicket)
        assert app.screen.slip.observation_id is not None
        assert app.screen.slip.channel == "inspection"


async def test_an_odd_point_is_reported_under_its_odd_name(path: Path) -> None:
    app = make_app(path)
    async with app.run_test() as pilot:
        await take_up(pilot, app, "怪编号一次")
        await press(pilot, app, ["4", "f6"])
        assert "已报修" in said(app)
        assert cards(app).writing == 0
    assert rows(path, TICKETS)[0][0] in {"[/b]", "[A栋]", "{X}", "$T", "[/B]"}
