"""The treasurer brings a bill of WeChat in: told what it is, takes what is sure together, and looks at the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from register_desk import at, fill, listed, page, press, rest, rows, said
from till_desk import A_MONTH, owed, owing, pay, payments, sits

from tui import edge
from tui.screens.confirm import Confirm
from tui.screens.fees.import_history import FeeHistory, HistoryPreview
from tui.screens.fees.reconcile import Reconcile
from tui.screens.fees.reconcile_file import BillFile, BillPreview
from tui.screens.form import FormDialog
from tui.screens.picking import Pick

YUAN = f"{A_MONTH // 100}.{A_MONTH % 100:02}"
BILL = (
    "微信支付账单明细\n交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n"
    f'2026-11-20 09:00:00,转账,张三,转账备注:3栋1单元502,收入,¥{YUAN},/,已收钱,"1001\t","/\t",/\n'
    '2026-11-20 10:00:00,转账,[/b]平安,/,收入,¥17.00,/,已收钱,"1002\t","/\t",/\n'
    '2026-11-20 11:00:00,商户消费,五金店,灯泡,支出,¥30.00,零钱,支付成功,"1003\t","/\t",/\n'
    '2026-11-20 12:00:00,转账,李四,/,收入,¥3x.00,/,已收钱,"1004\t","/\t",/\n'
)
PAST = (
    "房屋,收费项目,缴费周期,开始时间,结束时间,缴费时间,应缴金额,实缴金额,收银员,备注\n"
    "3-1-502,物业费,月,2025-01-01,2025-02-01,2025-01-15,107.40,107.40,李敏,\n"
    "1-2-302,卫生费,月,2025-01-01,2025-02-01,,20,,,\n"
    "9-9-901,物业费,月,2025-01-01,2025-02-01,,107.40,,,\n"
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A compound that owes, and a computer with two files on it."""
    folder = tmp_path / "home" / "Downloads"
    folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.delenv("XDG_DOWNLOAD_DIR", raising=False)
    monkeypatch.chdir(folder.parent)
    (folder / "微信账单.csv").write_text(BILL, "utf-8-sig")
    (folder / "旧收费.csv").write_text(PAST, "gb18030")
    (folder / "图.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    return owing(tmp_path / "store.db")


BRING = ("f2", "微信", "enter", "right", "enter", "enter")


async def test_a_bill_is_looked_at_brought_in_and_the_second_time_all_known(store: Path) -> None:
    async with at(store, "reconcile") as (app, pilot):
        assert "没有待处理的流水" in page(app)
        await press(pilot, "f2", "微信", "enter")
        assert isinstance(app.screen, BillPreview)
        shown = page(app)
        assert "微信个人账单：新流水 3 行，已有 0 行，看不懂 1 行；还没有写入" in shown
        assert "√ 100" in shown
        assert "3-1-502" in shown
        await press(pilot, "3")
        assert "第 6 行" in page(app)
        assert rows(store, "select count(*) from money_row") == [(0,)]
        await press(pilot, "right", "enter")
        assert "√ 写入 3 行" in page(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, Reconcile)
        assert "待处理 2" in page(app)
        await press(pilot, "f2", "微信", "enter")
        assert "3 行都已有，没有要写入的" in page(app)
    assert rows(store, "select count(*) from money_row") == [(3,)]


async def test_what_is_sure_is_taken_with_one_key_and_one_question(store: Path) -> None:
    async with at(store, "reconcile") as (app, pilot):
        await press(pilot, *BRING)
        assert f"分数线 85：够线 1 行 {YUAN}，其余 1 行要看" in page(app)
        await press(pilot, "f6")
        assert isinstance(app.screen, Confirm)
        await press(pilot, "enter")  # the safe one
        assert payments(store) == []
        await press(pilot, "f6", "right", "enter")
        assert "1 行已入账" in said(app)
        assert listed(app) == ["· 0"]
        await press(pilot, "d")
        assert listed(app) == ["3-1-502"]
        await press(pilot, "6")
        assert "申请冲销" in said(app)
    assert payments(store) == [(A_MONTH, 0, "wechat")]
    assert owed(store) == 2 * A_MONTH


async def test_a_row_that_says_nothing_is_given_to_a_door_by_hand(store: Path) -> None:
    async with at(store, "reconcile") as (app, pilot):
        await press(pilot, *BRING, "down", "1")
        assert "没猜出是哪一户" in said(app)
        assert "[/b]平安" in page(app)
        await press(pilot, "2")
        assert isinstance(app.screen, Pick)
        await press(pilot, "502", "enter", "right", "enter")
        assert "3-1-502 收款 17.00 已入账" in said(app)
    assert payments(store) == [(1700, 0, "wechat")]


async def test_money_of_nobody_waits_in_suspense(store: Path) -> None:
    async with at(store, "reconcile") as (app, pilot):
        await press(pilot, *BRING, "down", "4", "right", "enter")
        assert "已挂账" in said(app)
    assert rows(store, "select household_id, free_fen from payment") == [(None, 1700)]


async def test_a_row_set_aside_comes_back_by_undo_and_by_looking_again(store: Path) -> None:
    async with at(store, "reconcile") as (app, pilot):
        await press(pilot, *BRING, "down", "5")
        assert isinstance(app.screen, FormDialog)
        await fill(pilot, "reason", "还邻居的钱")
        await press(pilot, "f2")
        assert "搁置 1" in page(app)
        await press(pilot, "u")
        assert "待处理 2" in page(app)
        await press(pilot, "down", "5")
        await fill(pilot, "reason", "还邻居的钱")
        await press(pilot, "f2", "a")
        assert "还邻居的钱" in page(app)
        await press(pilot, "6")
        assert "待处理 2   已入账 0 > 搁置 0" in page(app)


async def test_a_payment_written_down_before_is_found_and_not_counted_twice(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_that_time = edge.clock().replace(year=2026, month=11, day=20, hour=1, minute=3)
    with monkeypatch.context() as patch:
        patch.setattr(edge, "clock", lambda: at_that_time)
        made = pay(store, A_MONTH, method="wechat")
    async with at(store, "reconcile") as (app, pilot):
        await press(pilot, *BRING)
        assert "= 100" in page(app)
        await press(pilot, "f6")
        assert isinstance(app.screen, Confirm)
        assert "其中 1 行早已手工记过" in app.screen.heading
        await press(pilot, "escape", "1")
        assert "对上 3-1-502 已记的收款" in said(app)
        await press(pilot, "u")
        assert "待处理 2" in page(app)
        await press(pilot, "3", "enter")
        assert "待处理 1" in page(app)
    assert rows(store, "select made from money_row where payment_id is not null") == [(0,)]
    assert len(payments(store)) == 1
    assert made


async def test_money_that_went_out_has_a_tab_of_its_own_and_is_never_taken(store: Path) -> None:
    async with at(store, "reconcile") as (app, pilot):
        await press(pilot, *BRING, "o")
        assert listed(app) == ["支出"]
        for deed in "123456":
            await press(pilot, deed)
            assert "不会成为收款" in said(app)
    async with at(store, "fees") as (app, _):
        assert "● 2 行没对上" in page(app)  # not the one that went out
    assert payments(store) == []


async def test_a_text_of_what_waits_names_nobody(store: Path) -> None:
    async with at(store, "reconcile") as (app, pilot):
        await press(pilot, *BRING, "f5")
        assert "张*" in app.clipboard
        assert "张三" not in app.clipboard


async def test_a_supervisor_looks_and_is_told_why_nothing_can_be_taken(store: Path) -> None:
    async with at(store, "reconcile") as (_app, pilot):
        await press(pilot, *BRING)
    sits(store, "郑监")
    async with at(store, "reconcile") as (app, pilot):
        await press(pilot, "f6")
        assert "监督委员只看账" in said(app)
        await press(pilot, "1")
        assert payments(store) == []


async def test_a_picture_says_that_it_is_one(store: Path) -> None:
    async with at(store, "reconcile") as (app, pilot):
        await press(pilot, "f2", "图", "enter")
        assert isinstance(app.screen, BillFile)
        assert "不是表格（图片）" in said(app)
        await press(pilot, "escape", "f2", "旧收费", "enter")
        assert isinstance(app.screen, BillFile)
        assert "旧收费.csv" in said(app)


async def test_past_bills_are_looked_at_and_brought_in_once(store: Path) -> None:
    async with at(store, "fee_history") as (app, pilot):
        await press(pilot, "旧", "enter")
        assert isinstance(app.screen, HistoryPreview)
        assert "新增 2 行：账单 2 笔、缴费 1 笔；欠 20.00，预存 0.00。还没有写入" in page(app)
        await press(pilot, "3")
        assert "没有“9-9-901”" in page(app)
        await press(pilot, "4")
        assert "卫生费" in page(app)
        await press(pilot, "right", "enter")
        assert "收进 2 行" in page(app)
        await press(pilot, "enter")
        assert not isinstance(app.screen, FeeHistory)
    assert owed(store) == 3 * A_MONTH
    assert rows(store, "select sum(owed_fen) from bill where since < '2026-01-01'") == [(2000,)]
    async with at(store, "fee_history") as (app, pilot):
        await press(pilot, "旧", "enter")
        assert "2 行都已有，没有要写入的" in page(app)


async def test_a_volunteer_may_look_at_past_bills_but_not_bring_them(store: Path) -> None:
    sits(store, "周收")
    async with at(store, "fee_history") as (app, pilot):
        await press(pilot, "旧", "enter")
        assert "只有财务和委员会" in page(app)
        await press(pilot, "right", "enter")
        await rest(pilot)
    assert rows(store, "select count(*) from bill where since < '2026-01-01'") == [(0,)]
