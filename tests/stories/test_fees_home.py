"""Home and the menu of fees say what is owed and what waits, and lead there."""

from __future__ import annotations

from pathlib import Path

from register_desk import at, page, press, rest
from till_desk import A_MONTH, do, home, owing, pay, sits

from tui import edge
from tui.screens.fees.arrears import Arrears
from tui.screens.fees.collect import CollectDesk
from tui.screens.fees.hub import FeesHub
from tui.widgets.task_list import TaskList


def promise(path: Path, code: str, day: str) -> None:
    """Let a household promise to pay on a day."""
    said = {"way": "phone", "answer": "promised", "promise_on": day}
    payload = {"id": str(edge.new_id()), "household": home(path, code), **said}
    assert do(path, "fee.remind", **payload).refused is None


async def test_home_tells_what_is_owed_by_how_many_doors_and_how_the_period_stands(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        assert "▲ 3 户欠费" in page(app)
        assert "欠 966.60 · 本期已收 0%" in page(app)
        pay(path, 3 * A_MONTH)
        app.screen.news()  # type: ignore[attr-defined]  # every screen of ours hears news
        await rest(pilot)
        assert "▲ 2 户欠费" in page(app)
        assert "欠 644.40 · 本期已收 33%" in page(app)


async def test_a_promise_comes_back_on_its_day_and_stays_until_it_is_kept(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "home") as (app, pilot):
        today = app.context.today().isoformat()
        promise(path, "3-1-502", today)
        promise(path, "3-1-501", "2026-01-01")
        app.screen.news()  # type: ignore[attr-defined]  # as above
        await rest(pilot)
        assert "◷ 2 户答应的日子到了" in page(app)  # one of them broke it long ago
        await press(pilot, "up", "enter")
        assert isinstance(app.screen, Arrears)
        await press(pilot, "escape")
        pay(path, 3 * A_MONTH)
        app.screen.news()
        await rest(pilot)
        assert "◷ 1 户答应的日子到了" in page(app)


async def test_a_request_is_told_only_to_those_who_may_be_the_second_person(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    asking = {"id": str(edge.new_id()), "payment": pay(path, A_MONTH), "reason": "重复"}
    do(path, "payment.ask_reversal", by="李敏", **asking)
    for name, told in (("王德胜", True), ("李敏", False), ("周收", False)):
        sits(path, name)
        async with at(path, "home") as (app, pilot):
            assert ("等第二人确认" in page(app)) is told, name
            await press(pilot, "6")
            assert ("1 件等确认" in page(app)) is told, name


async def test_every_digit_of_the_menu_of_fees_opens_something(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    async with at(path, "fees") as (app, pilot):
        assert isinstance(app.screen, FeesHub)
        tasks = app.screen.query_one(TaskList).tasks
        for digit in range(len(tasks)):
            await press(pilot, str((digit + 1) % 10))
            assert not isinstance(app.screen, FeesHub), tasks[digit].id
            while not isinstance(app.screen, FeesHub):
                await press(pilot, "escape")
        await pilot.click("#tasks", offset=(6, 1))
        await rest(pilot)
        assert isinstance(app.screen, CollectDesk)
