"""The treasurer keeps the books: where the money lies, what moved, what is public, what is closed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from book_desk import NOVEMBER, do, kept, pick, sits
from register_desk import at, fill, page, press, rest, rows, said

from models.fees.statement import statement_of
from tui import edge
from tui.screens.fees.account_sheet import AccountSheet
from tui.screens.fees.statement import StatementPage


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "clock", lambda: NOVEMBER)


@pytest.fixture
def books(tmp_path: Path) -> Path:
    return sits(kept(tmp_path / "store.db"), "李敏")


async def test_all_money_is_told_with_each_place_and_what_households_owe(books: Path) -> None:
    async with at(books, "accounts") as (app, pilot):
        shown = page(app)
        assert "现在一共 5,130.00 元" in shown
        for told in (
            "现金箱",
            "4,880.00",
            "微信",
            "250.00",
            "应收账款",
            "240.00",
            "预收账款",
            "10.00",
            "维修[/b]",
        ):
            assert told in shown
        await press(pilot, "enter")
        assert isinstance(app.screen, AccountSheet)
        await press(pilot, "left")
        assert "期初 5,000.00   期末 4,880.00" in page(app)
        assert "张**" in page(app)


async def test_the_journal_leads_from_an_entry_to_both_of_its_accounts(books: Path) -> None:
    async with at(books, "accounts", view="journal") as (app, pilot):
        assert "这段时间没有分录" in page(app)
        await press(pilot, "left")
        shown = page(app)
        assert "2026年第3季度" in shown
        assert "1-1-101 物业费 2026-Q3" in shown
        await press(pilot, "enter", "1")
        assert isinstance(app.screen, AccountSheet)


async def test_a_transfer_is_typed_shown_taken_back_and_stays_beside_its_reversal(books: Path) -> None:
    async with at(books, "accounts", view="movements") as (app, pilot):
        await press(pilot, "f2", "2")
        await pick(pilot, "out_of", "assets:box")
        await pick(pilot, "into", "assets:box")
        await fill(pilot, "fen", "￥1，000.5")
        await press(pilot, "f2")
        assert "从一处转到同一处" in page(app)
        await pick(pilot, "into", "assets:bank")
        await press(pilot, "f2")
        assert "已登记内部转账 1,000.50" in said(app)
        assert "1,000.50" in page(app)
        await press(pilot, "enter")
        await fill(pilot, "reason", "记错了")
        await press(pilot, "f2")
        assert "已冲销" in page(app)
        await press(pilot, "enter")
        assert "已经冲销" in said(app)
    assert rows(books, "select reversal_reason from movement where kind = 'transfer'") == [("记错了",)]


async def test_a_quarter_is_published_before_it_is_closed_and_keeps_its_figures(books: Path) -> None:
    async with at(books, "accounts", view="public") as (app, pilot):
        assert "未公示" in page(app)
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, StatementPage)
        shown = page(app)
        for told in (
            "期初结余",
            "5,000.00",
            "物业费",
            "240.00",
            "预存",
            "维修[/b]",
            "120.00",
            "期末结余",
            "5,130.00",
        ):
            assert told in shown
        await press(pilot, "2")
        assert "先公示，再结账" in said(app)
        await press(pilot, "1")
        assert "已公示" in said(app)
        await press(pilot, "1")
        assert "账没有变" in said(app)
        await press(pilot, "2")
        assert "已结账" in said(app)
        assert "■ 已结账" in page(app)
    [(figures,)] = rows(books, "select figures from statement where archived = 0")
    found = statement_of(json.loads(figures))
    assert found is not None
    assert (found.opening_fen, found.came_fen, found.went_fen, found.closing_fen) == (
        500_000,
        25_000,
        12_000,
        513_000,
    )
    assert rows(books, "select until from closing") == [("2026-10-01",)]


async def test_what_changes_after_publication_is_told_and_both_figures_can_be_seen(books: Path) -> None:
    async with at(books, "accounts", view="public") as (app, pilot):
        await press(pilot, "down", "enter", "1")
        moved = {
            "id": str(edge.new_id()),
            "kind": "opening",
            "out_of": "equity:opening",
            "into": "assets:bank",
        }
        assert do(books, "fee.move", **moved, fen=100, moved_on="2026-09-01").refused is None
        app.screen.news()
        await rest(pilot)
        await press(pilot, "f3")
        assert "现在账上的数，和公示的不同" in page(app)
        assert "5,131.00" in page(app)
        await press(pilot, "f3")
        assert "5,131.00" not in page(app)
        await press(pilot, "1")
    assert rows(books, "select archived from statement order by published_at, id") in (
        [(1,), (0,)],
        [(0,), (1,)],
    )


async def test_closed_books_are_opened_by_the_committee_only(books: Path) -> None:
    async with at(books, "accounts", view="closing") as (app, pilot):
        await press(pilot, "f2")
        await fill(pilot, "last", "2026-11-22")
        await press(pilot, "f2")
        assert "要等这天过完" in page(app)
        await fill(pilot, "last", "2026-09-30")
        await press(pilot, "f2")
        assert "2026-10-01 以前已结账" in page(app)
        await press(pilot, "enter")
        assert "反结账要由委员或主任来做" in said(app)
    async with at(sits(books, "何委"), "accounts", view="closing") as (app, pilot):
        await press(pilot, "enter", "1")
        assert "已反结账" in said(app)
        assert "还没结过账" in page(app)


async def test_a_supervisor_reads_everything_and_is_told_why_nothing_can_be_changed(books: Path) -> None:
    async with at(sits(books, "郑监"), "accounts") as (app, pilot):
        assert "5,130.00" in page(app)
        await press(pilot, "f2")
        assert "只有财务、委员、主任和社区工作人员能记账" in said(app)
        await press(pilot, "4", "down", "enter", "1")
        assert "只有财务" in said(app)


async def test_a_first_income_asks_for_its_account_and_goes_on(books: Path) -> None:
    async with at(books, "accounts") as (app, pilot):
        await press(pilot, "f2", "3")
        await fill(pilot, "name", "广告费")
        await press(pilot, "f2")
        assert "收入科目" in page(app)
        await press(pilot, "escape")
        assert "广告费" in page(app)


async def test_the_poster_and_the_journal_are_saved_from_the_room(
    books: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with at(books, "accounts") as (app, pilot):
        for digit in ("1", "3", "4", "5"):
            await press(pilot, "f5", digit)
            assert "已存成文件" in said(app)
    assert saved(tmp_path) == [".beancount", ".html", ".journal", ".xlsx"]


def saved(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.glob("*小区*"))
