"""Somebody asks who did what, when and on which laptop; and takes something back."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from register_desk import ODD, at, fill, found, household, listed, page, press, rest, said, settled
from town import on, sees, settled_town, until

from models.operations.envelope import Intent
from tui import edge, i18n
from tui.app import LinliApp
from tui.desk import Desk
from tui.screens.changes.detail import ChangeScreen
from tui.screens.changes.history import HistoryScreen, PartsScreen
from tui.screens.changes.room import ChangesScreen
from tui.screens.register.household import HouseholdScreen
from tui.widgets.deeds import Deeds
from tui.widgets.long_list import LongList
from tui.widgets.tabs import ViewTabs


def do(path: Path, *intents: Intent, person: str | None = None) -> None:
    """Do something at the laptop before the app is opened, each by itself."""
    desk = Desk(path, person=person)
    desk.open()
    for one in intents:
        outcome = desk.perform(one)
        assert outcome.refused is None, outcome.refused
    desk.close()


def find(path: Path, table: str, column: str, text: str) -> str:
    desk = Desk(path)
    desk.open()
    with desk.store.read() as session:
        row = session.connection().exec_driver_sql(f"SELECT id FROM {table} WHERE {column} = ?", (text,))  # noqa: S608
        found_id = str(UUID(str(row.scalar_one())))
    desk.close()
    return found_id


def note(path: Path, old: str, new: str, code: str = "1-1-101") -> Intent:
    payload = {"household": find(path, "household", "code", code), "old": {"note": old}, "new": {"note": new}}
    return Intent("household.edit", payload)


def shown(app: LinliApp) -> list[str]:
    """Return the sentences on screen."""
    one = next(one for one in app.screen.query(LongList) if one.display)
    return [str(row.cells[2]) for index in range(one.count or 0) if (row := one._row(index)) is not None]


def deed(app: LinliApp, action_id: str) -> Any:
    return next(view for view in app.screen.query_one(Deeds).keys if view.action_id == action_id)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = settled(tmp_path / "store.db")
    do(path, note(path, "独居\n耳背", "独居"))
    return path


async def test_what_was_done_stands_newest_first_and_an_import_is_one_line(path: Path) -> None:
    async with at(path, "changes") as (app, _):
        assert shown(app) == [
            "修改住户 1-1-101：备注",
            "新增住户 1-1-101：张三 + 另 4 项",
            "新建小区 耐火小区",
        ]
        assert "王德胜 · 修改住户 1-1-101：备注 · 本机 · √ 已存" in page(app)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1-1-102", ["新增住户 1-1-101：张三 + 另 4 项"]),
        ("wds", ["修改住户 1-1-101：备注", "新增住户 1-1-101：张三 + 另 4 项", "新建小区 耐火小区"]),
        ("xiugai", []),
        ("修改", ["修改住户 1-1-101：备注"]),
        ("修改 1-1-101", ["修改住户 1-1-101：备注"]),
        ("修改 1-1-102", []),
        ("[/b]", []),
    ],
)
async def test_typing_finds_by_person_row_and_work(path: Path, typed: str, found: list[str]) -> None:
    async with at(path, "changes") as (app, pilot):
        await press(pilot, typed)
        assert shown(app) == found
        if not found:
            assert "没有符合的" in page(app)
            await press(pilot, "f7")
            assert len(shown(app)) == 3


async def test_one_line_is_opened_undone_and_done_again(path: Path) -> None:
    async with at(path, "changes") as (app, pilot):
        await press(pilot, "enter")
        assert isinstance(app.screen, ChangeScreen)
        assert "独居" in page(app)
        assert "独居\n耳背" not in page(app)
        await press(pilot, "1")
        assert said(app) == "已撤销：修改住户 1-1-101：备注"
        assert "← 已撤销" in page(app)
        assert deed(app, "change.undo").reason.startswith("王德胜 在 ")
        await press(pilot, "1")
        assert "已撤销" in said(app)
        await press(pilot, "escape")
        assert shown(app)[:2] == ["撤销操作：修改住户 1-1-101：备注", "修改住户 1-1-101：备注"]
        await press(pilot, "up", "enter")
        assert "撤销的是" in page(app)
        await press(pilot, "1", "escape")
        assert len(shown(app)) == 5
        assert shown(app)[0] == "撤销操作：修改住户 1-1-101：备注"
        assert "← 已撤销" in page(app)
    assert find(path, "household", "note", "独居")


async def test_what_cannot_be_undone_says_who_changed_it_since(path: Path) -> None:
    do(path, note(path, "独居", "搬走了"))
    async with at(path, "changes") as (app, pilot):
        await press(pilot, "down", "enter")
        reason = deed(app, "change.undo").reason
        assert reason.startswith("王德胜 在 ")
        assert reason.endswith("又改过：修改住户")
        await press(pilot, "1")
        assert said(app) == reason
        assert "搬走了" not in page(app)


async def test_the_row_and_its_history_are_a_key_away(path: Path) -> None:
    async with at(path, "changes") as (app, pilot):
        await press(pilot, "enter", "2")
        assert isinstance(app.screen, HouseholdScreen)
        await press(pilot, "f7")
        assert isinstance(app.screen, HistoryScreen)
        assert app.screen.heading == "历史：住户 1-1-101"
        assert shown(app) == ["修改住户 1-1-101：备注", "新增住户 1-1-101：张三"]
        await press(pilot, "f4")
        assert listed(app)[-1] == "备注"
        assert "王德胜" in page(app)
        assert "新增时的" in page(app)
        await press(pilot, "f4", "enter", "3")
        assert isinstance(app.screen, HistoryScreen)
        await press(pilot, "escape", "escape", "escape", "escape", "escape")
        assert isinstance(app.screen, ChangesScreen)


async def test_what_was_done_together_opens_into_its_parts(path: Path) -> None:
    async with at(path, "changes") as (app, pilot):
        await press(pilot, "down", "enter")
        assert "共 5 项" in page(app)
        await press(pilot, "4")
        assert isinstance(app.screen, PartsScreen)
        assert len(shown(app)) == 5
        assert shown(app)[4] == "新增住户 2-1-501：张三"
        await press(pilot, "end", "enter")
        assert "2-1-501" in page(app)


async def test_filters_narrow_and_f7_shows_everything_again(path: Path) -> None:
    async with at(path, "changes") as (app, pilot):
        await press(pilot, "f3", "2")  # 住户登记
        assert "事：住户登记" in page(app)
        assert len(shown(app)) == 3
        await press(pilot, "f3", "3")
        assert shown(app) == []
        await press(pilot, "f7", "f4", "4")
        assert "状态：已撤销" in page(app)
        assert shown(app) == []
        await press(pilot, "f7", "f5", "3")
        assert "日期：昨天" in page(app)
        assert shown(app) == []
        await press(pilot, "f7", "f2", "2")
        assert "谁：王德胜" in page(app)
        assert len(shown(app)) == 3
        await press(pilot, "f6", "2")
        assert "电脑：" in page(app)
        assert len(shown(app)) == 3
        await press(pilot, "f7", "f7")
        assert said(app) == "已经是全部"


async def test_days_may_be_typed_and_must_be_in_order(path: Path) -> None:
    async with at(path, "changes") as (app, pilot):
        await press(pilot, "f5", "7")
        await fill(pilot, "since", "2026-03-02")
        await fill(pilot, "until", "2026-03-01")
        await press(pilot, "f2")
        assert "最后一天在第一天之前" in page(app)
        await fill(pilot, "until", "２０２６年3月2日")
        await press(pilot, "f2")
        assert "日期：2026-03-02" in page(app)
        assert shown(app) == []


async def test_a_filter_opens_by_mouse(path: Path) -> None:
    async with at(path, "changes") as (app, pilot):
        await pilot.click(ViewTabs, offset=(13, 0))
        await rest(pilot)
        assert "看哪方面的" in page(app)


async def test_another_laptops_work_comes_with_its_name(tmp_path: Path) -> None:
    with settled_town(tmp_path) as (town, hall, station):
        hall.do(
            "household.edit",
            household=hall.find("household", "code", "1-1-102"),
            old={},
            new={"note": "有狗"},
        )
        await hall.sync()
        app = town.app(station)
        async with on(app) as pilot:
            await until(
                pilot, lambda: app.status is not None and app.status.sync is not None and app.status.sync.at
            )
            app.enter("changes")
            await sees(pilot, "修改住户 1-1-102：备注", "居委会电", "√ 已确认")
            await press(pilot, "居委会 修改")
            assert shown(app) == ["修改住户 1-1-102：备注"]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (140, 40), (60, 20)])
async def test_odd_texts_harm_no_list_and_no_card(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    path = tmp_path / "odd.db"
    found(
        path, household("1-1-101", ODD), Intent("person.add", {"id": str(edge.new_id()), "name": "[a栋]{x}"})
    )
    do(path, note(path, "", f"{ODD} {{x}} " + "排水井堵塞" * 900))
    i18n.use(language, strict=True)
    async with at(path, "changes", size) as (app, pilot):
        assert any("[a栋]" in sentence for sentence in shown(app))
        await press(pilot, "enter")
        assert "[/b] [a栋]" in page(app)
        await press(pilot, "3", "f4", "end", "enter")
        assert isinstance(app.screen, ChangeScreen)


async def test_a_list_that_is_empty_says_so_and_opens_nothing(tmp_path: Path) -> None:
    async with at(settled(tmp_path / "store.db"), "changes") as (app, pilot):
        await press(pilot, "f3", "5", "enter")
        assert isinstance(app.screen, ChangesScreen)
        await app.screen.action_act("changes.open")
        assert said(app) == "先选一行"
