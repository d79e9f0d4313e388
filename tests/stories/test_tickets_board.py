"""The board by state: columns of cards, as many as there is room for, and the same deeds as in the lists."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from neighbours import make_app
from register_desk import at, page, press, rest, said, until
from textual.pilot import Pilot
from ticket_desk import TicketDesk

from models.operations.envelope import Intent
from tui import edge, i18n
from tui.app import LinliApp
from tui.desk import Desk
from tui.screens.tickets import board as tickets_board
from tui.screens.tickets.board import TicketsBoard
from tui.screens.tickets.page import TicketPage
from tui.screens.tickets.room import TicketsScreen
from tui.widgets.card_columns import CardColumns
from tui.widgets.tabs import ViewTabs
from tui.widgets.text import width


@pytest.fixture
def desk(tmp_path: Path) -> TicketDesk:
    """`KT27` is reported, and in each further column stands one more: KT31 accepted to KT34 done."""
    desk = TicketDesk(tmp_path / "store.db")
    ways: Sequence[Sequence[str]] = (["accept"], ["start"], ["wait"], ["finish"])
    for number, (verb,) in enumerate(ways, 31):
        ticket = desk.report(f"KT{number}", f"第{number}件")
        more: dict[str, Any] = {"until": "2099-01-01"} if verb == "wait" else {}
        desk.do(verb, ticket=ticket, **more)
    return desk


def columns(app: LinliApp) -> CardColumns:
    assert isinstance(app.screen, TicketsBoard), app.screen
    return app.screen.query_one(CardColumns)


def in_front(app: LinliApp) -> str:
    """Return the code on the card in front."""
    assert isinstance(app.screen, TicketsBoard)
    return "" if app.screen.line is None else app.screen.line.code


async def test_f3_lays_the_tickets_out_by_state_and_f3_goes_back(desk: TicketDesk) -> None:
    async with at(desk.path, "tickets", size=(140, 40)) as (app, pilot):
        await press(pilot, "f3")
        text = page(app)
        for code in ("KT27", "KT31", "KT32", "KT33", "KT34"):
            assert code in text
        for title in ("○ 待接单 1", "◔ 已接单 1", "◑ 处理中 1", "◷ 等待中 1", "● 已办结 1"):
            assert title in text
        await press(pilot, "f3")
        assert isinstance(app.screen, TicketsScreen)


async def test_arrows_lead_to_every_column_at_80_and_the_line_above_names_them_all(desk: TicketDesk) -> None:
    async with at(desk.path, "tickets_board") as (app, pilot):
        assert "KT34" not in page(app)
        seen = [in_front(app)]
        for _ in range(4):
            await press(pilot, "right")
            seen.append(in_front(app))
        assert seen == ["KT27", "KT31", "KT32", "KT33", "KT34"]
        above = page(app).splitlines()[1]
        assert "> 已办结 1" in above
        assert "待接单 1" in above
        await press(pilot, "right")
        assert in_front(app) == "KT34"


async def test_enter_opens_the_card_in_front_and_1_claims_it(desk: TicketDesk) -> None:
    async with at(desk.path, "tickets_board") as (app, pilot):
        await press(pilot, "enter")
        assert isinstance(app.screen, TicketPage)
        await press(pilot, "escape", "1")
        assert desk.state() == "accepted"
        assert "KT27 归您办了" in said(app)
        assert "已接单 2" in page(app)
        await press(pilot, "u")
        assert desk.state() == "reported"


async def test_everything_is_done_with_the_mouse_as_well(desk: TicketDesk) -> None:
    async with at(desk.path, "tickets_board", size=(140, 40)) as (app, pilot):
        await _click_on(pilot, app, "KT32")
        assert in_front(app) == "KT32"
        await _click_on(pilot, app, "KT32")
        assert isinstance(app.screen, TicketPage)
        await press(pilot, "escape")
    async with at(desk.path, "tickets_board") as (app, pilot):
        line = page(app).splitlines()[1]
        await pilot.click(ViewTabs, offset=(width(line[: line.index("等待中")]), 0))
        await rest(pilot)
        assert in_front(app) == "KT33"


async def _click_on(pilot: Pilot[None], app: LinliApp, code: str) -> None:
    lines = page(app).splitlines()
    row = next(number for number, line in enumerate(lines) if code in line and number < 10)
    await pilot.click(offset=(width(lines[row][: lines[row].index(code)]), row))
    await rest(pilot)


async def test_a_long_column_is_read_in_parts_as_it_comes_into_view(
    desk: TicketDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets_board, "_PART", 10)
    other = Desk(desk.path)
    other.open()
    for number in range(40, 90):
        payload = {
            "id": str(edge.new_id()),
            "code": f"KT{number}",
            "what": f"第{number}件",
            "category": "drain",
        }
        assert other.perform(Intent("ticket.report", payload)).refused is None
    other.close()
    async with at(desk.path, "tickets_board") as (app, pilot):
        lane = columns(app).lane
        assert (lane.count, len(lane.cards)) == (51, 10)
        seen = [in_front(app)]
        for _ in range(50):
            await press(pilot, "down")
            seen.append(in_front(app))
        assert seen == ["KT27", *(f"KT{number}" for number in range(40, 90))]
        assert len(columns(app).lane.cards) == 10
        await press(pilot, "home")
        assert in_front(app) == "KT27"
        await press(pilot, "end")
        assert in_front(app) == "KT89"


async def test_a_change_elsewhere_leaves_the_card_in_front_where_it_is(desk: TicketDesk) -> None:
    desk.report("KT40", "后一件", urgency="normal")
    async with at(desk.path, "tickets_board") as (app, pilot):
        await press(pilot, "down")
        assert in_front(app) == "KT40"
        desk.report("KT41", "特急的", urgency="emergency")
        app.screen.news()  # type: ignore[attr-defined]  # every screen of ours hears news
        await rest(pilot)
        assert columns(app).lane.count == 3
        assert in_front(app) == "KT40"


async def test_the_filters_of_the_lists_hold_here_and_the_other_way_round(desk: TicketDesk) -> None:
    desk.report("KT40", "灯不亮", category="lamp")
    async with at(desk.path, "tickets") as (app, pilot):
        await press(pilot, "f4", "ldd", "enter", "f3")
        assert "楼道灯路灯" in page(app).splitlines()[0]
        assert in_front(app) == "KT40"
        assert columns(app).lane.count == 1
        await press(pilot, "f4", "quanbu", "enter")
        assert columns(app).lane.count == 2
        await press(pilot, "f3")
        assert "楼道灯路灯" not in page(app).splitlines()[0]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("size", [(60, 18), (80, 24), (100, 30), (140, 40)])
async def test_the_board_fills_every_size_with_whole_lines(
    desk: TicketDesk, language: str, size: tuple[int, int]
) -> None:
    i18n.use(language, strict=True)
    desk.report("KT40", "[/b] [a栋] {x} １２３" * 200, place="[/b]" * 20, requester_name="[x]")
    async with at(desk.path, "tickets_board", size=size) as (app, pilot):
        for key in ("down", "right", "right", "right", "right", "left", "up", "pagedown"):
            await press(pilot, key)
            assert {width(line) for line in page(app).splitlines()} == {size[0]}


async def test_a_board_without_a_ticket_rests(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a column does not have is not asked for again and again: the laptop would run hot over an empty board."""
    asked: list[object] = []
    real = CardColumns.Wanted.__init__

    def heard(self: CardColumns.Wanted, *given: object) -> None:
        asked.append(given)
        real(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(CardColumns.Wanted, "__init__", heard)
    app = make_app(path)
    async with app.run_test(size=(140, 40)) as pilot:
        await until(pilot, lambda: app.status is not None)
        app.enter("tickets_board")
        for _ in range(20):
            await pilot.pause(0.01)
    assert asked == []
