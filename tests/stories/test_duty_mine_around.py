"""What leads to somebody's duty from elsewhere: their card, and the palette."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from post_desk import NOW, person, station
from register_desk import at, page, press, rest, until
from sewer_desk import hit

from tui import edge
from tui.screens.duty.desk import CheckInDesk
from tui.screens.duty.my_shifts import MyShifts
from tui.screens.duty.roster import Roster
from tui.screens.register.person import PersonScreen
from tui.widgets.long_list import LongList


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(edge, "clock", lambda: NOW)
    return station(tmp_path / "store.db")


async def test_a_card_tells_of_the_next_shift_and_leads_to_all_of_them(store: Path) -> None:
    async with at(store, "my_shifts") as (app, pilot):
        app.push_screen(PersonScreen(UUID(person(store, "赵六"))))
        await rest(pilot)
        assert "下一班 03-12 周四 服务台 晚班，不欠班" in page(app)
        ties = app.screen.query_one(LongList)
        ties.move_to(0)
        await hit(pilot, "enter")
        assert isinstance(app.screen, MyShifts)
        assert app.screen.heading == "赵六的班"
        await press(pilot, "escape")
        await hit(pilot, "f4")
        assert isinstance(app.screen, MyShifts)


async def test_whoever_never_served_has_no_duty_on_their_card(store: Path) -> None:
    async with at(store, "my_shifts") as (app, pilot):
        app.push_screen(PersonScreen(UUID(person(store, "陈奶奶"))))
        await rest(pilot)
        assert "值班" not in page(app)


@pytest.mark.parametrize(
    ("typed", "room"), [("wdb", MyShifts), ("我的班", MyShifts), ("签到", CheckInDesk), ("排班", Roster)]
)
async def test_the_palette_leads_to_the_rooms_of_duty(store: Path, typed: str, room: type) -> None:
    async with at(store, "changes") as (app, pilot):
        await hit(pilot, "f9")
        await press(pilot, typed)
        await rest(pilot)
        await hit(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, room))
