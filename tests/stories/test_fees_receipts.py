"""Receipts are found again, printed together, checked, made void and written anew; cash is counted and handed in."""

from __future__ import annotations

from pathlib import Path

import pytest
from register_desk import at, fill, listed, page, press, rest, rows, said
from textual.pilot import Pilot
from till_desk import A_MONTH, do, owing, pay, person, sits

from models.fees.operations import TREASURERS
from tui import edge
from tui.app import LinliApp
from tui.cash_words import WORTHS
from tui.screens.confirm import Confirm
from tui.screens.fees.cash import CashBoxes
from tui.screens.fees.cash_card import HandInCard, HeldCard
from tui.screens.fees.cash_count import HandIn, TakeIn
from tui.screens.fees.receipts import Receipts
from tui.screens.fees.receipts_card import ReceiptCard
from tui.screens.fees.receipts_check import CheckReceipt
from tui.widgets.form import Form, PickLine
from tui.widgets.search import Entry


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a person looks for what was printed."""
    folder = tmp_path / "Documents"
    folder.mkdir()
    monkeypatch.setattr("tui.fee_papers.documents", lambda: folder)
    return folder


def three(path: Path) -> Path:
    """Put a compound at `path` in which three doors have paid."""
    owing(path)
    pay(path, A_MONTH, by="周收", payer="[/b]儿子")
    pay(path, 2 * A_MONTH, "3-1-501", by="周收")
    pay(path, 3 * A_MONTH + 80, "1-2-302", by="李敏", method="wechat")
    return path


def written(papers: Path) -> list[str]:
    return [file.read_text("utf-8") for file in papers.iterdir()]


def numbers(path: Path) -> list[str]:
    return [str(number) for (number,) in rows(path, "select number from receipt order by number")]


def copies(path: Path) -> list[int]:
    return [int(n) for (n,) in rows(path, "select copies from receipt order by number")]


async def give_to(app: LinliApp, pilot: Pilot[None], person_id: str) -> None:
    """Choose who takes the cash: they come first who keep the books."""
    control = app.screen.query_one(Form).row("to").control
    assert isinstance(control, PickLine)
    control.focus()
    await press(pilot, "enter", "李敏", "enter")
    assert control.value == person_id


def shown_numbers(app: LinliApp) -> list[str]:
    return [cell[2:] for cell in listed(app)]


async def test_a_receipt_is_found_by_number_in_any_spelling_by_door_payer_and_collector(
    tmp_path: Path,
) -> None:
    path = three(tmp_path / "store.db")
    first, second, third = numbers(path)
    async with at(path, "receipts") as (app, pilot):
        assert isinstance(app.screen, Receipts)
        assert shown_numbers(app) == [third, second, first]
        box = app.screen.query_one(Entry)
        for typed, found in {
            second.lower().replace("-", " "): [second],
            "３栋１单元５０１": [second],
            "[/b]": [first],
            "zs": [second, first],
            "没有": [],
        }.items():
            box.value = typed
            await rest(pilot)
            assert shown_numbers(app) == found, typed
        assert "没有找到收据" in page(app)


async def test_marked_receipts_are_printed_together_and_the_next_print_is_a_copy(
    tmp_path: Path, papers: Path
) -> None:
    path = three(tmp_path / "store.db")
    async with at(path, "receipts") as (app, pilot):
        await press(pilot, "f3", "f3")
        assert "勾选 2 张" in page(app)
        await press(pilot, "f5", "1")
        assert "已存成文件" in said(app)
        assert "勾选" not in page(app).splitlines()[0]
        assert copies(path) == [0, 1, 1]
        await press(pilot, "f5", "2")
    assert copies(path) == [1, 2, 2]
    both, every = sorted(written(papers), key=len)
    assert (both.count("<article"), "副本" in both) == (2, False)
    assert every.count("副本 第 1 份") == 2


async def test_the_card_derives_each_line_and_offers_the_text_with_names_masked(tmp_path: Path) -> None:
    path = three(tmp_path / "store.db")
    async with at(path, "receipts") as (app, pilot):
        await press(pilot, "enter")
        assert isinstance(app.screen, ReceiptCard)
        shown = page(app)
        assert "89.5 m² × 1.20 元/m²·月 × 1 个月 = 107.40（第 1 版标准）" in shown
        assert "叁佰贰拾叁元整" in shown
        assert "欧阳建平" in shown  # the owner on the day
        await press(pilot, "end")
        assert "多缴的部分" in page(app)
        await press(pilot, "2")
        text = app.clipboard
        assert "经办人：李*" in text
        assert "李敏" not in text


async def test_a_wrong_receipt_is_made_void_and_another_written_while_its_number_stays(
    tmp_path: Path,
) -> None:
    path = three(tmp_path / "store.db")
    third = numbers(path)[2]
    async with at(path, "receipts") as (app, pilot):
        await press(pilot, "enter", "4")
        assert "先作废才能补开" in said(app)
        await press(pilot, "3")
        await fill(pilot, "reason", "[/b]金额写错")
        await press(pilot, "f2")
        assert f"作废收据 {third}" in said(app)
        await press(pilot, "3")
        assert "已经作废" in said(app)
        await press(pilot, "4")
        assert isinstance(app.screen, ReceiptCard)
        assert app.screen.heading != f"收据 {third}"
        assert f"{third}（作废）" in page(app)
        await press(pilot, "escape", "4")
        assert "已补开" in said(app)
    kept = rows(path, "select number, void_reason from receipt order by number")
    assert kept[2] == (third, "[/b]金额写错")
    assert [reason for _, reason in kept] == ["", "", "[/b]金额写错", ""]


async def test_a_receipt_that_somebody_brings_is_checked_part_by_part(tmp_path: Path) -> None:
    path = three(tmp_path / "store.db")
    async with at(path, "receipts") as (app, pilot):
        await press(pilot, "enter")
        assert isinstance(app.screen, ReceiptCard)
        view = app.screen._view
        assert view is not None
        await press(pilot, "escape", "f2", "enter")
        assert isinstance(app.screen, CheckReceipt)
        assert "先粘贴或输入" in page(app)
        entry = app.screen.query_one(Entry)
        for text, found in (
            (view.sheet.qr, "与账上相符，有效"),
            (view.sheet.qr.replace("/323.00/", "/332.00/"), "金额不符：收据上是 332.00，账上是 323.00"),
            (view.sheet.qr.replace("/1-2-302/", "/1-2-303/"), "房屋不符"),
            (view.sheet.line.number, "请核对纸上的校验码"),
            ("26-ZZZ-000001", "账上没有单号 26-ZZZ-000001"),
            ("[/b]", "这不是收据二维码里的文字"),
            ("[b]", "不像收据单号"),
        ):
            entry.value = text
            await press(pilot, "enter")
            assert found in page(app), text


async def test_who_only_reads_is_told_why_before_anything_is_refused(tmp_path: Path) -> None:
    path = three(tmp_path / "store.db")
    sits(path, "郑监")
    async with at(path, "receipts") as (app, pilot):
        await press(pilot, "f5", "1")
        assert "监督委员只看不动" in page(app)
        await press(pilot, "escape", "enter", "1")
        assert "监督委员只看不动" in said(app)
        await press(pilot, "3")
        assert "作废要由财务" in said(app)
        app.enter("cash")
        await rest(pilot)
        await press(pilot, "f2")
        assert "监督委员只看不动" in said(app)
    assert copies(path) == [0, 0, 0]


async def test_void_is_for_those_who_keep_the_books(tmp_path: Path) -> None:
    path = three(tmp_path / "store.db")
    sits(path, "周收")
    async with at(path, "receipts") as (app, pilot):
        await press(pilot, "enter", "3")
        assert "作废要由财务" in said(app)
    assert TREASURERS


# -- cash ------------------------------------------------------------------------------------


async def test_cash_is_counted_said_to_differ_before_it_is_kept_and_counted_again(
    tmp_path: Path, papers: Path
) -> None:
    """322.20 in hand, 322.00 handed in; the treasurer finds 320.00."""
    path = three(tmp_path / "store.db")
    sits(path, "周收")
    async with at(path, "cash") as (app, pilot):
        assert isinstance(app.screen, CashBoxes)
        assert "手里应有 322.20" in page(app)
        await press(pilot, "f2")
        assert isinstance(app.screen, HandIn)
        await press(pilot, "f2")
        assert "还没有点钱" in said(app)
        await fill(pilot, "10000", "３")
        await fill(pilot, "1000", "2")
        assert "点得 320.00　应有 322.20  ✗ 少 2.20" in page(app)
        await fill(pilot, "100", "2")
        await fill(pilot, "10", "2")
        assert "✓ 相符" in page(app)
        await fill(pilot, "10", "")
        await give_to(app, pilot, person(path, "李敏"))
        await press(pilot, "f2")
        assert isinstance(app.screen, Confirm)
        assert "点得 322.00，应有 322.20，少 0.20" in page(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, HandIn)  # the safe button counts again
        await press(pilot, "f2", "right", "enter")
        assert "周收交款 322.00 已记下" in said(app)
        assert "手里应有 0.20" in page(app)
        await press(pilot, "3", "enter", "1")
        assert isinstance(app.screen, HandInCard)
        assert "交款人自己不行" in said(app)
        await press(pilot, "2")
    [slip] = written(papers)
    assert slip.count("✗ 少 0.20") == 2
    sits(path, "李敏")
    async with at(path, "cash") as (app, pilot):
        await press(pilot, "3")
        assert "1 笔交款等人清点" in page(app)
        await press(pilot, "f3", "1")
        assert isinstance(app.screen, TakeIn)
        await fill(pilot, "10000", "3")
        await fill(pilot, "1000", "2")
        await press(pilot, "f2", "right", "enter")
        assert "清点 320.00 已记下" in said(app)
        assert "清点少 2.00" in page(app)
        await press(pilot, "1")
        assert "李敏 已在" in said(app)
    assert rows(path, "select code from flag") == [("fee.count_differs",)]
    assert rows(path, "select fen, expected_fen, confirmed_fen from hand_in") == [(32_200, 32_220, 32_000)]


async def test_what_was_counted_stays_when_somebody_leaves_in_the_midst(tmp_path: Path) -> None:
    path = three(tmp_path / "store.db")
    sits(path, "周收")
    async with at(path, "cash") as (app, pilot):
        await press(pilot, "f2")
        await fill(pilot, "10000", "3")
        await press(pilot, "escape")
    async with at(path, "cash") as (app, pilot):
        await press(pilot, "f2")
        assert "点得 300.00" in page(app)
        await press(pilot, "f4")
        assert "点得 0.00" in page(app)
        await fill(pilot, "10000", "三")
        assert "有一格不是数字" in page(app)


async def test_everybodys_cash_and_the_box_stand_beside_each_other(tmp_path: Path) -> None:
    path = three(tmp_path / "store.db")
    hand_in = {
        "id": str(edge.new_id()),
        "fen": 10_000,
        "expected_fen": 32_220,
        "collector": person(path, "周收"),
    }
    assert do(path, "payment.hand_in", by="周收", **hand_in).refused is None
    async with at(path, "cash") as (app, pilot):
        await press(pilot, "2")
        shown = page(app)
        assert "现金箱应有 100.00　各人手里共 222.20" in shown
        assert listed(app) == ["现金箱", "周收"]
        await press(pilot, "f2")
        assert "先选一个手里有现金的人" in said(app)
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, HeldCard)
        assert "222.20" in page(app)
        await press(pilot, "escape", "f2")
        assert isinstance(app.screen, HandIn)
        assert "周收手里应有 222.20" in page(app)
        assert app.screen.counts() == dict.fromkeys(WORTHS, 0)
