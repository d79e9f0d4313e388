"""Whoever looks at a household, a person, a point or a building is one key from its tickets."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from register_desk import at, page, press, rest, said
from ticket_desk import TicketDesk

from tui.app import LinliApp
from tui.screens.base import LinliScreen
from tui.screens.points.card import PointScreen
from tui.screens.register.household import HouseholdScreen
from tui.screens.register.person import PersonScreen
from tui.screens.tickets.deeds import ROOMS
from tui.screens.tickets.page import TicketPage
from tui.screens.tickets.room import TicketsScreen


@pytest.fixture
def desk(tmp_path: Path) -> TicketDesk:
    """`KT27` is the household's, `KT28` the well's, `KT29` was asked by 李四."""
    desk = TicketDesk(tmp_path / "store.db")
    desk.report("KT28", "井盖响", point_id=desk.point)
    desk.report("KT29", "想理个发", requester_id=desk.people["李四"], place="门口")
    return desk


def codes(app: LinliApp) -> list[str]:
    assert isinstance(app.screen, TicketsScreen), app.screen
    listed = app.screen.shown
    found = [listed._row(index) for index in range(listed.count or 0)]
    return [str(row.cells[1]).rpartition(" ")[2] for row in found if row is not None]


def card_of(desk: TicketDesk, kind: str) -> LinliScreen:
    if kind == "household":
        return HouseholdScreen(UUID(desk.home))
    return PersonScreen(UUID(desk.people["李四"])) if kind == "person" else PointScreen(UUID(desk.point))


@pytest.mark.parametrize(
    ("kind", "code", "option"),
    [("household", "KT27", "household_id"), ("person", "KT29", "person_id"), ("point", "KT28", "point_id")],
)
async def test_a_card_tells_of_its_tickets_shows_them_and_takes_new_ones_in(
    desk: TicketDesk, kind: str, code: str, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at(desk.path, "register") as (app, pilot):
        card = card_of(desk, kind)
        await app.push_screen(card)
        await rest(pilot)
        assert "未结 1，共 1" in page(app)
        assert code in page(app)
        await press(pilot, "end", "enter")
        assert isinstance(app.screen, TicketPage)
        await press(pilot, "escape", "f3")
        assert codes(app) == [code]
        await press(pilot, "escape")
        assert app.screen is card
        entered: dict[str, Any] = {}
        monkeypatch.setattr(app, "enter", lambda name, **given: entered.update(given, room=name))
        await press(pilot, "f2")
        assert entered["room"] == "report_ticket"
        assert entered[option] == card.row_id  # type: ignore[attr-defined]  # every card has one


async def test_in_the_register_4_shows_the_tickets_of_the_row_in_front(desk: TicketDesk) -> None:
    async with at(desk.path, "register") as (app, pilot):
        await press(pilot, "3-1-502", "tab", "4")
        assert codes(app) == ["KT27"]
        assert "工单 · 3-1-502" in page(app).splitlines()[0]
        await press(pilot, "escape", "f4")
        await press(pilot, "/", *["backspace"] * 7, "3", "tab", "4")
        assert codes(app) == ["KT27"]
        assert "工单 · 3栋" in page(app).splitlines()[0]


@pytest.mark.parametrize(("typed", "code"), [("kt28", "KT28"), ("xiangligefa", "KT29"), ("3-1-502", "KT27")])
async def test_every_search_finds_a_ticket_by_code_words_and_place(
    desk: TicketDesk, typed: str, code: str
) -> None:
    async with at(desk.path, "register") as (app, pilot):
        await press(pilot, "f9", typed)
        assert f"工单 {code}" in page(app)
    async with at(desk.path, "register") as (app, pilot):
        await press(pilot, "f9", code.lower(), "enter")
        assert isinstance(app.screen, TicketPage)
        assert code in page(app)


@pytest.mark.parametrize("room", ROOMS)
async def test_the_menu_leads_to_every_room_of_tickets(desk: TicketDesk, room: str) -> None:
    async with at(desk.path, "tickets") as (app, pilot):
        await press(pilot, "f6", str(ROOMS.index(room) + 1))
        assert getattr(app.screen, "ROOM", "") == room, said(app)
