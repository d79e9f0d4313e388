"""What was taken is found again; a mistake is taken back by two people; money nobody knew the door of is placed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from register_desk import at, fill, listed, page, press, rest, rows, said
from till_desk import A_MONTH, do, home, owed, owing, pay, payments, sits

from models.fees.operations_second import SECONDS
from models.fees.queries_home import MAY_DECIDE
from tui import edge
from tui.screens.confirm import Confirm
from tui.screens.fees.collect_door import DoorTill
from tui.screens.fees.payment_page import PaymentPage
from tui.screens.fees.payments import Payments
from tui.screens.home import HomeScreen
from tui.widgets.rows import RowView
from tui.widgets.search import Entry


def doors(app: object) -> list[str]:
    """Return the doors of the list on screen."""
    shown = app.screen.shown  # type: ignore[attr-defined]
    lines: list[RowView | None] = [shown._row(index) for index in range(shown.count or 0)]
    return [str(line.cells[1]) for line in lines if line is not None]


def into_suspense(path: Path, **more: Any) -> str:
    """Record money from the bank that says nothing of a door."""
    payment = str(edge.new_id())
    payload: dict[str, Any] = {
        "id": payment,
        "fen": 3 * A_MONTH,
        "method": "bank",
        "receipt": str(edge.new_id()),
    } | more
    assert do(path, "payment.record", receipt_no=None, **payload).refused is None
    return payment


def test_home_says_the_same_as_the_operations_about_who_may_be_the_second_person() -> None:
    assert MAY_DECIDE == SECONDS


async def test_a_payment_is_found_by_door_name_amount_receipt_and_payer(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    pay(path, 15_000, by="周收", payer="[/b]儿子")
    pay(path, 50_000, "1-2-302", by="李敏", method="wechat")
    into_suspense(path, reference="4200001234")
    [(number,)] = rows(path, "select number from receipt where amount_fen = 15000")
    async with at(path, "payments") as (app, pilot):
        assert doors(app) == ["—", "1-2-302", "3-1-502"]
        box = app.screen.query_one(Entry)
        for typed, found in {
            "3栋1单元502": ["3-1-502"],
            "zs": ["3-1-502"],
            "150.00": ["3-1-502"],
            "５００": ["1-2-302"],
            number.lower().replace("-", " "): ["3-1-502"],
            "[/b]儿": ["3-1-502"],
            "42000": ["—"],
            "%": [],
        }.items():
            box.value = typed
            await rest(pilot)
            assert doors(app) == found, typed


async def test_payments_are_narrowed_by_day_method_and_collector(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    pay(path, 15_000, by="周收")
    pay(path, 50_000, "1-2-302", by="李敏", method="wechat")
    async with at(path, "payments") as (app, pilot):
        assert isinstance(app.screen, Payments)
        room = app.screen
        for chosen, found in (
            ("day:today", ["1-2-302", "3-1-502"]),
            ("method:wechat", ["1-2-302"]),
            ("all", ["1-2-302", "3-1-502"]),
        ):
            room._narrow(chosen)
            await rest(pilot)
            assert doors(app) == found
        await press(pilot, "f5")
        assert "全部：2 笔，共 650.00 元" in page(app)
        assert "微信 1 笔 500.00 元" in page(app)
        assert "3-1-502" not in page(app)
        await press(pilot, "escape", "f4", "周收", "enter")
        assert doors(app) == ["3-1-502"]
        assert "周收：1 笔，共 150.00" in said(app)


async def test_a_payment_taken_by_mistake_is_taken_back_by_a_second_person_only(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    pay(path, 3 * A_MONTH, by="周收")
    sits(path, "周收")
    async with at(path, "payments") as (app, pilot):
        await press(pilot, "enter")
        assert isinstance(app.screen, PaymentPage)
        assert "2026-09 物业费" in page(app)
        await press(pilot, "4")
        assert "没有人申请冲销" in said(app)
        await press(pilot, "3")
        await fill(pilot, "reason", "[/b]收错户了")
        await press(pilot, "f2")
        assert "周收申请冲销：[/b]收错户了" in page(app)
        await press(pilot, "4")
        assert "要财务、委员或主任来确认" in said(app)
    assert owed(path) == 0
    sits(path, "李敏")
    async with at(path, "home") as (app, pilot):
        assert isinstance(app.screen, HomeScreen)
        assert "1 件冲销或退款等第二人确认" in page(app)
        await press(pilot, "up", "enter")
        assert isinstance(app.screen, Payments)
        assert listed(app) == ["冲销"]
        await press(pilot, "enter", "4")
        assert isinstance(app.screen, Confirm)
        await press(pilot, "right", "enter")
        assert "已冲销" in page(app)
        assert "（作废）" in page(app)
    assert owed(path) == 3 * A_MONTH
    assert rows(path, "select voided_at is null from receipt") == [(0,)]


async def test_whoever_asked_for_a_reversal_cannot_agree_to_it_and_a_declined_one_moves_nothing(
    tmp_path: Path,
) -> None:
    path = owing(tmp_path / "store.db")
    payment = pay(path, 3 * A_MONTH)
    asking = {"id": str(edge.new_id()), "payment": payment, "reason": "重复"}
    do(path, "payment.ask_reversal", by="李敏", **asking)
    sits(path, "李敏")
    async with at(path, "payments", view="requests") as (app, pilot):
        await press(pilot, "enter", "4")
        assert "申请人自己不能确认" in said(app)
        await press(pilot, "5")
        assert "已驳回" in said(app)
    assert payments(path) == [(3 * A_MONTH, 0, "cash")]
    assert owed(path) == 0


async def test_credit_is_given_back_once_a_second_person_agrees(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    pay(path, 3 * A_MONTH + 10_000, by="周收")
    sits(path, "周收")
    async with at(path, "payments") as (app, pilot):
        await press(pilot, "enter", "6")
        await fill(pilot, "sum", "１００．０１")
        await fill(pilot, "reason", "多缴")
        await press(pilot, "f2")
        assert "余额只有 100.00" in page(app)
        await fill(pilot, "sum", "60")
        await press(pilot, "f2")
        assert "已申请退款" in said(app)
    sits(path, "李敏")
    async with at(path, "payments", view="requests") as (app, pilot):
        await press(pilot, "enter", "1")
        assert "已退款" in said(app)
        await press(pilot, "f2", "enter")
        assert "已退还" in page(app)
    assert payments(path) == [(3 * A_MONTH + 10_000, 4_000, "cash")]


async def test_money_in_suspense_is_placed_and_gets_the_receipt_it_lacks(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    into_suspense(path)
    async with at(path, "payments", view="suspense") as (app, pilot):
        await press(pilot, "enter", "9")
        assert "先按 7 认领" in said(app)
        await press(pilot, "7", "3-1-502", "enter")
        assert "3-1-502" in page(app)
        assert owed(path) == 0
        await press(pilot, "8")
        [(number,)] = rows(path, "select number from receipt")
        assert number in page(app)
        await press(pilot, "8")
        assert f"收据 {number} 有效" in said(app)
        await press(pilot, "9")
        assert isinstance(app.screen, DoorTill)
        assert app.screen.household_id == UUID(home(path))


async def test_a_supervisor_reads_payments_and_moves_none(tmp_path: Path) -> None:
    path = owing(tmp_path / "store.db")
    pay(path, A_MONTH)
    sits(path, "郑监")
    async with at(path, "payments") as (app, pilot):
        await press(pilot, "enter")
        for key in ("1", "3", "6", "7", "8", "u"):
            await press(pilot, key)
            assert said(app), key
        assert isinstance(app.screen, PaymentPage)
    assert rows(path, "select count(*) from reversal") == [(0,)]


async def test_the_palette_knows_a_receipts_number_and_a_households_card_leads_to_its_till(
    tmp_path: Path,
) -> None:
    path = owing(tmp_path / "store.db")
    pay(path, A_MONTH)
    [(number,)] = rows(path, "select number from receipt")
    async with at(path, "home") as (app, pilot):
        await press(pilot, "f9", number.lower().replace("-", ""), "enter")
        assert isinstance(app.screen, PaymentPage)
        await press(pilot, "escape", "5", "3-1-502", "enter")
        assert "▲ 欠 214.80（2 笔）" in page(app)
        await press(pilot, "7")
        assert isinstance(app.screen, DoorTill)
