"""A treasurer bills a period: looks at what is odd, leaves a line out, issues the rest, and puts a wrong bill right."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile
from typing import Any
from uuid import UUID

import pytest
from register_desk import at, page, press, rest, rows, said, settled

from models.operations.envelope import Intent
from tui import edge
from tui.desk import Desk
from tui.screens.fees.billing import Billing

BILLS = (
    "select h.code, b.amount_fen, b.owed_fen, b.reversal_reason from bill b"
    " join household h on h.id = b.household_id order by h.code, b.rowid"
)


def do(path: Path, kind: str, **payload: Any) -> str:
    """Do one thing that must not be refused; return the id of what it made."""
    desk = Desk(path)
    desk.open()
    row_id = str(edge.new_id())
    made = (
        {"id": row_id} if kind.split(".")[1] in {"add_item", "set_tariff", "record", "add", "grant"} else {}
    )
    outcome = desk.perform(Intent(kind, {**made, **payload}))
    desk.close()
    assert outcome.refused is None, outcome.refused
    return row_id


def home(path: Path, code: str) -> str:
    return str(rows(path, f"select lower(id) from household where code = '{code}'")[0][0])  # noqa: S608


@pytest.fixture(scope="module")
def charged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of five doors, two with an area, and a charge of one yuan a square metre."""
    path = settled(tmp_path_factory.mktemp("billing") / "store.db")
    item = do(path, "fee.add_item", name="物业费 [/b]", formula="area")
    do(path, "fee.set_tariff", item=item, price=10_000, since="2020-01-01")
    return path


@pytest.fixture
def store(charged: Path, tmp_path: Path) -> Path:
    path = tmp_path / "store.db"
    copyfile(charged, path)
    return path


async def test_what_is_odd_is_seen_first_and_only_what_is_shown_is_issued(store: Path) -> None:
    async with at(store, "billing") as (app, pilot):
        shown = page(app)
        assert "没有面积 3" in shown
        assert "要出 2 笔，2 户，共 189.50 元" in shown
        await press(pilot, "2")
        assert "89.5 m² × 1.00 元/m²·月 × 1 个月 = 89.50" in page(app)
        await press(pilot, "enter")
        assert "要出 1 笔，1 户，共 100.00 元" in page(app)
        assert "− 这次不出" in page(app)
        await press(pilot, "f2")
        assert "100.00" in said(app)
        assert [row[:3] for row in rows(store, BILLS)] == [("1-1-102", 10_000, 10_000)]
        # What was left out is still there to be billed, and nothing else is.
        await press(pilot, "2")
        assert "要出 1 笔，1 户，共 89.50 元" in page(app)
        await press(pilot, "f2")
        assert [row[0] for row in rows(store, BILLS)] == ["1-1-101", "1-1-102"]
        await press(pilot, "f2")
        assert "没有要出的账" in said(app)
        await press(pilot, "u")
        assert [row[2] for row in rows(store, BILLS)] == [0, 10_000]


async def test_the_period_is_turned_and_who_is_billed_is_narrowed(store: Path) -> None:
    async with at(store, "billing", size=(140, 40)) as (app, pilot):
        await press(pilot, "f3", "2")
        assert "-Q" in page(app)
        assert "要出 6 笔，2 户" in page(app)
        await press(pilot, "left")
        await press(pilot, "f4", "2", "2")
        assert "2 栋" in page(app)
        assert "没有面积 3" in page(app)
        assert "还有 3 处资料不全" in page(app)
        await press(pilot, "f4", "1")
        assert "要出 6 笔，2 户" in page(app)


async def test_what_is_still_on_screen_is_not_issued_once_the_period_was_turned(store: Path) -> None:
    async with at(store, "billing") as (app, pilot):
        room = app.screen
        assert isinstance(room, Billing)
        assert room.why_not("billing.issue") is None
        room.do_later()
        assert room.why_not("billing.issue") is not None
        await rest(pilot)
        assert room.why_not("billing.issue") is None


async def test_from_what_is_odd_one_goes_where_it_is_put_right(store: Path) -> None:
    async with at(store, "billing") as (app, pilot):
        await press(pilot, "enter")
        assert type(app.screen).__name__ == "HouseholdScreen"
        await press(pilot, "escape")
        assert type(app.screen).__name__ == "Billing"


async def test_whoever_may_not_bill_sees_it_all_and_is_told_why_not(store: Path) -> None:
    helper = do(store, "person.add", name="小周")
    do(store, "role.grant", person=helper, role="volunteer", since="2020-01-01")
    desk = Desk(store, person="小周")
    desk.open()
    desk.act_as(desk.seat.person_id)  # type: ignore[arg-type]
    desk.close()
    async with at(store, "billing") as (app, pilot):
        assert "要出 2 笔" in page(app)
        await press(pilot, "f2")
        assert "财务" in said(app)
        assert rows(store, BILLS) == []


async def test_a_run_is_withdrawn_with_a_reason_and_what_was_paid_is_credit(store: Path) -> None:
    async with at(store, "billing") as (app, pilot):
        await press(pilot, "f2")
        do(
            store,
            "payment.record",
            household=home(store, "1-1-101"),
            fen=8950,
            method="cash",
            receipt=str(edge.new_id()),
        )
        await press(pilot, "3", "enter")
        assert "2 笔，189.50 元" in page(app)
        assert "1 笔，89.50 元" in page(app)
        await press(pilot, "1", "2", *"wrong", "f2")
        assert "已撤回" in said(app)
        assert [row[2:] for row in rows(store, BILLS)] == [(0, "wrong"), (0, "wrong")]
        assert rows(store, "select free_fen from payment") == [(8950,)]
        await press(pilot, "1")
        assert "都已撤回" in said(app)


async def test_a_wrong_bill_is_found_and_corrected_by_what_stands_now(store: Path) -> None:
    async with at(store, "billing") as (app, pilot):
        await press(pilot, "f2", "escape")
        do(store, "household.edit", household=home(store, "1-1-101"), old={"area": 8950}, new={"area": 9950})
        app.enter("bills")
        await press(pilot, *"1-1-101", "enter")
        assert "89.5 m² × 1.00" in page(app)
        await press(pilot, "1")
        assert "按现在的资料是 99.50" in page(app)
        await press(pilot, "tab", *"measured", "f2")
        assert "89.50 改为 99.50" in said(app)
        assert [row[1:] for row in rows(store, BILLS) if row[0] == "1-1-101"] == [
            (8950, 0, "measured"),
            (9950, 9950, ""),
        ]
        await press(pilot, "1")
        assert "已经冲销" in said(app)


async def test_a_bill_is_reversed_only_with_a_reason(store: Path) -> None:
    async with at(store, "billing") as (app, pilot):
        await press(pilot, "f2", "escape")
        app.enter("bills")
        await press(pilot, "f7")
        await press(pilot, "f6", "down", "enter", "2", "f2")
        assert rows(store, "select count(*) from bill where reversed_on is not null") == [(0,)]
        await press(pilot, *"twice", "f2")
        assert "已冲销 100.00 元" in said(app)
        await press(pilot, "escape", "f9")
        assert "× 已冲销" in page(app)


async def test_bills_are_narrowed_by_period_and_item(store: Path) -> None:
    async with at(store, "billing") as (app, pilot):
        await press(pilot, "f2", "escape")
        app.enter("bills")
        await press(pilot, "f3", *"nonsense", "f2")
        assert "不是周期" in page(app)
        await press(pilot, *("backspace",) * 8, *"2019", "f2")
        assert "没有待缴的账单" in page(app)
        await press(pilot, "f3", *("backspace",) * 4, "f2")
        assert "1-1-102" in page(app)
        await press(pilot, "f4", "2")
        assert "物业费 [/b]" in page(app)


async def test_one_door_may_be_shown_alone(store: Path) -> None:
    async with at(store, "billing") as (app, pilot):
        await press(pilot, "f2", "escape")
        app.enter("bills", household_id=UUID(home(store, "1-1-102")))
        await rest(pilot)
        assert "账单 · 1-1-102" in page(app)
        assert "1-1-101" not in page(app)


async def test_where_nothing_is_charged_yet_the_menu_and_billing_say_where_to_begin(tmp_path: Path) -> None:
    path = settled(tmp_path / "store.db")
    async with at(path, "fees") as (app, pilot):
        assert "→ 先设好项目" in page(app)
        await press(pilot, "6")
        assert "还没有收费项目：先到“收费设置”" in page(app)
        await press(pilot, "escape")
        do(path, "fee.add_item", name="物业费", formula="area")
        app.screen.news()  # type: ignore[attr-defined]  # every screen of ours hears news
        await rest(pilot)
        assert "先设好项目" not in page(app)
