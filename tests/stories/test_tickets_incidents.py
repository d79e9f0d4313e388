"""What strikes many households is said once; reports attach themselves, and end with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from register_desk import ODD, at, fill, listed, page, press, rest, rows, said
from sewer_desk import hit, on_top
from textual.pilot import Pilot
from ticket_desk import TicketDesk

from tui.widgets.form import Form

ROOM = "incidents"


@pytest.fixture
def desk(tmp_path: Path) -> TicketDesk:
    return TicketDesk(tmp_path / "store.db", what=f"没水了 {ODD}", category="water")


async def open_one(pilot: Pilot[None], name: str = "3栋停水", expected: str = "下午4点") -> None:
    """Open an incident over 3栋, the first in the list."""
    await press(pilot, "f5")
    assert "3栋" in page(pilot.app)
    number = next(n for n, row in enumerate(listed_names(pilot), 1) if row == "3栋")
    await press(pilot, str(number), "f2")
    await fill(pilot, "name", name)
    await fill(pilot, "words", "水泵坏了，找罗铁生 13800000001")
    pilot.app.screen.query_one(Form).row("category").control._picked("water")  # type: ignore[union-attr]
    await fill(pilot, "expected", expected)
    await press(pilot, "f2")


def listed_names(pilot: Pilot[None]) -> list[str]:
    from tui.widgets.long_list import LongList

    shown = pilot.app.screen.query_one(LongList)
    found = [shown._row(index) for index in range(shown.count or 0)]
    return [str(row.cells[1]) for row in found if row is not None]


def attached(desk: TicketDesk) -> list[str]:
    return [
        code
        for (code,) in rows(desk.path, "select code from ticket where incident_id is not null order by code")
    ]


async def test_an_incident_is_opened_and_new_reports_from_there_attach_themselves(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        assert "眼下没有公共事件" in page(app)
        await open_one(pilot)
        assert "已发布：3栋停水" in said(app)
        assert listed(app) == ["3栋停水"]
        assert "16:00" in page(app)
    desk.report("KT30", "没水", household_id=desk.home, category="water")
    assert attached(desk) == ["KT30"]


async def test_a_time_that_is_none_keeps_the_form_open(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await open_one(pilot, expected="过一会儿")
        assert "请写时间" in page(app)
        assert rows(desk.path, "select count(*) from incident") == [(0,)]


async def test_open_tickets_from_before_are_attached_by_one_tick_list(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await open_one(pilot)
        await press(pilot, "enter")
        assert "先前的工单" in said(app)
        await press(pilot, "3", "f2")
        assert attached(desk) == ["KT27"]
        await press(pilot, "4")
        assert attached(desk) == []
        await press(pilot, "u", "enter")
        assert on_top(app) == "TicketPage"


async def test_the_notice_for_the_chat_group_masks_whom_it_names(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await open_one(pilot)
        await press(pilot, "enter", "1")
        assert "【通知】3栋停水" in page(app)
        assert "13800000001" not in app.clipboard
        assert "水泵坏了，找罗** 138" in app.clipboard
        assert "预计恢复" in app.clipboard


async def test_ending_it_offers_to_finish_its_tickets_in_one_go(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await open_one(pilot)
        await press(pilot, "enter", "3", "f2")
        desk.report("KT30", "也没水", household_id=desk.home, category="water")
        await press(pilot, "6")
        await fill(pilot, "words", "来水了 [/b]")
        await press(pilot, "f2")
        assert on_top(app) == "Tick"
        await press(pilot, "f2", "f2")
        assert "已办完 2 张工单" in said(app)
        told = rows(desk.path, "select state, (select words from ticket_event e where e.ticket_id = t.id "
                    "and e.kind = 'finish') from ticket t")  # fmt: skip
        assert told == [("done", "来水了 [/b]")] * 2
        await press(pilot, "u")
        assert desk.state("KT30") == "reported"
        await press(pilot, "6")
        assert rows(desk.path, "select ended_at from incident") == [(None,)]


async def test_what_is_over_is_found_by_pinyin_in_the_second_list(desk: TicketDesk) -> None:
    async with at(desk.path, ROOM) as (app, pilot):
        await open_one(pilot, name=f"停水 {ODD}")
        await press(pilot, "enter", "6", "f2", "escape", "f4")
        await rest(pilot)
        assert listed(app)[0].startswith("停水")
        await hit(pilot, "t", "s")
        assert len(listed(app)) == 1


async def test_it_strikes_other_buildings_by_one_tick_list(desk: TicketDesk) -> None:
    def struck() -> list[tuple[object, ...]]:
        return rows(
            desk.path,
            "select b.code from incident_building i join building b on b.id = i.building_id where not i.archived",
        )

    async with at(desk.path, ROOM) as (app, pilot):
        await open_one(pilot)
        await press(pilot, "enter", "7")
        assert "就是整个小区" in page(app)
        number = next(n for n, row in enumerate(listed_names(pilot), 1) if row == "3栋")
        await press(pilot, str(number), "f2")
        assert "影响的楼栋改好了" in said(app)
        assert struck() == []
        await press(pilot, "u")
        assert struck() == [("3",)]
