"""The kinds of job: leaders set deadlines and add kinds of their own; what is built in comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from register_desk import ODD, at, fill, listed, page, press, rows, said
from sewer_desk import on_top
from ticket_desk import TicketDesk

ROOM = "ticket_kinds"


@pytest.fixture
def desk(tmp_path: Path) -> TicketDesk:
    return TicketDesk(tmp_path / "store.db")


async def test_a_deadline_is_changed_and_put_back(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        assert "排水堵塞" in listed(app)[0]
        await press(pilot, "enter")
        await fill(pilot, "finish_hours", "７２")
        await press(pilot, "f2")
        assert "3 天" in page(app)
        assert "改过" in page(app)
        await press(pilot, "3")
        assert "已恢复成原来的" in said(app)
        assert "改过" not in page(app)
        # Set a third time, it is the same row that comes back.
        await press(pilot, "1")
        await fill(pilot, "accept_hours", "8")
        await press(pilot, "f2")
    found = rows(desk.path, "select accept_hours, archived from ticket_category where code = 'drain'")
    assert found == [(8, 0)]


async def test_a_kind_of_ones_own_is_added_whatever_it_is_called(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await press(pilot, "2")
        await fill(pilot, "name", f"家电 {ODD}")
        await fill(pilot, "accept_hours", "24")
        await fill(pilot, "finish_hours", "36")
        await press(pilot, "f2")
        assert "36 小时" in page(app) or "家电" in "".join(listed(app))
        await press(pilot, "end", "up", "3")
        assert "已撤下类别" in said(app)
        await press(pilot, "u")
        assert any("家电" in name for name in listed(app))


async def test_a_name_that_is_there_already_is_said_so(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await press(pilot, "2")
        await fill(pilot, "name", "排水堵塞")
        await fill(pilot, "accept_hours", "1")
        await fill(pilot, "finish_hours", "1")
        await press(pilot, "f2")
        assert on_top(app) == "SavingForm"
        assert "已经有" in page(app)


async def test_a_volunteer_sees_them_and_is_told_who_changes_them(desk: TicketDesk) -> None:
    desk.sits("李四")
    async with at(desk.path, ROOM) as (app, pilot):
        for key in ("enter", "1", "2", "3", "4"):
            await press(pilot, key)
            assert "委员、主任" in said(app)
