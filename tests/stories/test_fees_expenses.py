"""Money is spent: written down with its voucher, approved by somebody else, paid, and taken back by a second person."""

from __future__ import annotations

from pathlib import Path

import pytest
from book_desk import NOVEMBER, kept, pick, sits
from register_desk import at, fill, listed, page, press, rows, said

from tui import edge
from tui.screens.fees.expense_page import ExpensePage


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "clock", lambda: NOVEMBER)


@pytest.fixture
def books(tmp_path: Path) -> Path:
    return sits(kept(tmp_path / "store.db"), "李敏")


def states(path: Path) -> list[str]:
    return [state for (state,) in rows(path, "select state from expense order by spent_on")]


async def test_an_expense_goes_from_voucher_to_payment_through_other_hands(books: Path) -> None:
    async with at(books, "expenses") as (app, pilot):
        assert "没有待审批、待付的支出" in page(app)
        await press(pilot, "f2")
        await fill(pilot, "fen", "300")
        await fill(pilot, "payee", "利民五金[/b]")
        await fill(pilot, "voucher", "发票 88")
        await press(pilot, "f2")
        assert "已登记支出 300.00，等别人审批" in said(app)
        assert listed(app) == ["2026-11-22"]
        await press(pilot, "enter")
        assert isinstance(app.screen, ExpensePage)
        await press(pilot, "1")
        assert "自己登记的要别人批" in said(app)
        await press(pilot, "3")
        assert "还没批够" in said(app)
    async with at(sits(books, "何委"), "expenses") as (app, pilot):
        await press(pilot, "enter", "1")
        assert "已批准" in said(app)
        assert "何委" in page(app)
    async with at(sits(books, "李敏"), "expenses") as (app, pilot):
        await press(pilot, "enter", "3")
        await pick(pilot, "out_of", "assets:box")
        await press(pilot, "f2")
        assert "已付款" in said(app)
        await press(pilot, "4")
        assert "冲销要由委员或主任来做" in said(app)
    assert states(books) == ["paid", "paid"]


async def test_a_large_expense_takes_two_of_the_committee(books: Path) -> None:
    async with at(books, "expenses") as (app, pilot):
        await press(pilot, "f2")
        await fill(pilot, "fen", "6,000")
        await press(pilot, "f2")
    async with at(sits(books, "何委"), "expenses") as (app, pilot):
        await press(pilot, "enter")
        assert "委员、主任中 2 人（已批 0 人）" in page(app)
        await press(pilot, "1", "1")
        assert "你已经批过，还差别人" in said(app)
        assert states(books) == ["paid", "asked"]
    async with at(sits(books, "王德胜"), "expenses") as (app, pilot):
        await press(pilot, "enter", "1")
        assert "已批 2 人" in page(app)
    assert states(books) == ["paid", "approved"]


async def test_a_payment_is_reversed_by_a_second_person_with_a_reason(books: Path) -> None:
    async with at(sits(books, "何委"), "expenses", view="done") as (app, pilot):
        await press(pilot, "enter", "4", "f2")
        assert states(books) == ["paid"]
        await fill(pilot, "reason", "退货")
        await press(pilot, "f2")
        assert "已冲销" in said(app)
        assert "退货" in page(app)
    assert states(books) == ["reversed"]


async def test_a_declined_expense_keeps_the_reason(books: Path) -> None:
    async with at(books, "expenses") as (app, pilot):
        await press(pilot, "f2")
        await fill(pilot, "fen", "99")
        await press(pilot, "f2")
    async with at(sits(books, "王德胜"), "expenses") as (app, pilot):
        await press(pilot, "enter", "2")
        await fill(pilot, "words", "没有发票")
        await press(pilot, "f2")
        assert "没有发票" in page(app)
        await press(pilot, "escape", "f4")
        assert "已驳回" in page(app)


async def test_who_may_not_write_expenses_down_is_told_so(books: Path) -> None:
    async with at(sits(books, "周收"), "expenses") as (app, pilot):
        await press(pilot, "f2")
        assert "登记支出要楼栋长、委员、主任、财务或社区工作人员" in said(app)


async def test_expenses_are_found_by_payee_voucher_and_words(books: Path) -> None:
    async with at(books, "expenses", view="done") as (app, pilot):
        for text in ("三丰", "2026-8", "[a栋]", "维修[/b]"):
            await press(pilot, *text)
            assert listed(app) == ["2026-08-20"], text
            await press(pilot, *["backspace"] * len(text))
        await press(pilot, *"没有的")
        assert "没有“没有的”" in page(app)
