"""Receipts on paper: three to a sheet of A4, each fen derived, a copy marked as one, a void one crossed over."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import repeat
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import segno
from browser import printed
from odd import ODD_TEXTS

from models.fees.derivation import Formula
from models.fees.periods import period_of
from models.fees.queries_cash import HandInLine
from models.fees.queries_receipts import PrintedItem, ReceiptLine, ReceiptSheet
from models.fees.receipt_code import verify_text
from models.fees.tariffs import Discount, Rule, charge
from tui import i18n
from tui.paper.fee_cash import hand_in_page
from tui.paper.fee_receipt import Payee, Slip, _is_long, receipts_page
from tui.paper.fee_receipt_text import receipt_lines
from tui.paper.qr import qr_code

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
PAYEE = Payee("耐火小区", "耐火小区物管会", "", SHANGHAI)
GRANTED = Discount(UUID(int=3), date(2000, 1, 1), None, 100_000, 0, "低保户")
SUMS = charge(
    [Rule(UUID(int=1), 2, Formula.AREA, 5283, date(2000, 1, 1), None)],
    period_of("2026-Q4"),
    quantity=8937,
    discounts=[GRANTED],
)
ITEM = PrintedItem(
    fen=10_000,
    item="物业费",
    since=date(2026, 10, 1),
    until=date(2027, 1, 1),
    billed_fen=SUMS.gross_fen,
    discount_fen=SUMS.discount_fen,
    left_fen=1_748,
    sums=SUMS.sums(),
)
A4_POINTS = (595, 842)


@pytest.fixture(autouse=True)
def chinese() -> None:
    i18n.use("zh_CN", strict=True)


def line(**more: object) -> ReceiptLine:
    made = ReceiptLine(
        UUID(int=9), "26-K7Q-000123", UUID(int=1), UUID(int=2), "3-1-502", "王小明", "李四", "cash",
        10_080, NOON, NOON, "", 1, None, "",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def slip(*items: PrintedItem, owner: str = "张三", copy: int = 0, **more: object) -> Slip:
    told = items or (ITEM, PrintedItem(80))
    return Slip(ReceiptSheet(line(**more), told, date(2026, 11, 22), "1ABCDEFGHJKMNPQR"), owner, copy)


def drawn(*slips: Slip) -> str:
    return receipts_page(slips, PAYEE)


#: Lines of receipts as full as they come: derived in four steps, of no known derivation, with a name and a note that wrap.
FULL = (
    ITEM,
    replace(ITEM, sums={}, left_fen=0),
    replace(ITEM, item="机动车停车位使用费及管理费（地面）", note="经业主大会同意，自本季度起按新标准收取"),
)


def fullest(item: PrintedItem) -> Slip:
    """Return the receipt with the most lines that shares a sheet."""
    n = next(n for n in range(1, 99) if _is_long(slip(*repeat(item, n))))
    return slip(*repeat(item, n - 1))


def test_a_receipt_has_its_head_its_rows_and_its_foot() -> None:
    page = drawn(slip())
    for part in (
        *(
            "业主",
            "张三",
            "房屋",
            "耐火小区 3-1-502",
            "单号",
            "26-K7Q-000123",
            "缴费时间",
            "2026-11-22 12:00",
        ),
        *("收费项目", "收费范围", "单价", "面积/用量", "金额", "优惠", "备注"),
        *(
            "2026-Q4",
            "0.5283 元/m²·月",
            "89.37 m²",
            "141.64",
            "14.16",
            "100.00",
            "此前已缴 10.00",
            "尚欠 17.48",
        ),
        *("预存余额", "0.80", "合计", "¥100.80", "大写人民币", "壹佰元捌角整"),
        *("支付方式", "现金", "经办人", "李四", "财务", "1ABCDEFGHJKMNPQR"),
    ):
        assert part in page, part


def test_each_fen_is_derived_line_by_line() -> None:
    page = drawn(slip())
    for step in (
        "89.37 m² × 0.5283 元/m²·月 × 3 个月 = 141.642513（第 2 版标准）",
        "141.642513 四舍五入到分：141.64",
        "− 14.16 低保户（10 % × 3 个月）",
        "141.64 − 优惠 14.16 = 127.48",
    ):
        assert step in page


def test_the_qr_code_says_number_day_amount_and_door_and_no_name() -> None:
    told = slip().sheet.qr
    assert f'aria-label="{told}"' in drawn(slip())
    read = verify_text(told)
    assert (read.number, read.paid_on, read.amount_fen, read.door) == (
        "26-K7Q-000123", date(2026, 11, 22), 10_080, "3-1-502",
    )  # fmt: skip
    assert not {"张三", "王小明", "李四"} & set(told.split("/"))


def test_the_code_on_paper_is_dark_where_a_telephone_looks_for_it() -> None:
    drawing = str(qr_code("LINLI1/26-K7Q-000123", class_="qr"))
    dark = {
        (int(x) + step, int(y))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", drawing)
        for step in range(int(width))
    }
    matrix = segno.make("LINLI1/26-K7Q-000123", micro=False, error="m").matrix
    assert dark == {(x + 4, y + 4) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    assert f'viewBox="0 0 {len(matrix) + 8} {len(matrix) + 8}"' in drawing


def test_a_copy_says_which_it_is_and_the_first_paper_says_nothing() -> None:
    assert "副本" not in drawn(slip())
    assert "副本 第 3 份" in drawn(slip(copy=3))


def test_a_void_receipt_is_crossed_over_and_says_why_and_keeps_its_number() -> None:
    assert "cross" not in drawn(slip()).partition("</style>")[2]
    page = drawn(slip(voided_at=NOON, void_reason="写错了"))
    body = page.partition("</style>")[2]
    assert 'class="cross"' in body
    assert "2026-11-22 作废：写错了" in body
    assert "26-K7Q-000123" in body


def test_three_receipts_share_a_sheet_and_a_fourth_begins_another() -> None:
    page = drawn(*repeat(slip(), 4))
    sheets = re.findall(r'<section class="three">(.*?)</section>', page, re.DOTALL)
    assert [sheet.count("<article") for sheet in sheets] == [3, 1]


def test_a_receipt_of_many_lines_has_a_sheet_of_its_own_wherever_it_stands() -> None:
    long = slip(*repeat(ITEM, 30))
    page = drawn(slip(), long, slip(), slip())
    found = re.findall(r'<section class="(\w+)">(.*?)</section>', page, re.DOTALL)
    assert [(kind, sheet.count("<article")) for kind, sheet in found] == [
        ("three", 1),
        ("long", 1),
        ("three", 2),
    ]


def test_three_of_the_fullest_fit_on_a4_and_a_long_one_takes_more_sheets(tmp_path: Path) -> None:
    full = [fullest(item) for item in FULL]
    assert max(len(one.sheet.items) for one in full) >= 4
    thirds = [one for one in full for _ in range(3)]
    sizes, asked = printed(drawn(*thirds, slip(*repeat(ITEM, 40)), slip(owner="很长" * 60)), tmp_path)
    assert sizes == [A4_POINTS] * 7  # a sheet of each kind, three for the long one, the last
    assert all(one.endswith("/page.html") for one in asked)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_what_people_type_is_only_text(text: str) -> None:
    odd = replace(ITEM, item=text, note=text)
    page = drawn(
        slip(odd, owner=text, payer=text, collector=text, words=text, void_reason=text, voided_at=NOON)
    )
    assert "<script" not in page
    assert page.count("<article") == 1


def test_the_text_for_a_telephone_has_everything_but_names_and_reasons() -> None:
    said = "\n".join(receipt_lines(slip(payer="欧阳建平").sheet, "耐火小区", SHANGHAI))
    for part in (
        "26-K7Q-000123",
        "3-1-502",
        "100.80",
        "壹佰元捌角整",
        "2026-Q4",
        "− 优惠 14.16",
        "1ABCDEFGHJKMNPQR",
    ):
        assert part in said
    assert not [name for name in ("欧阳建平", "李四", "低保户") if name in said]
    assert "欧阳**" in said
    void = receipt_lines(slip(voided_at=NOON, void_reason="张三写错").sheet, "耐火小区", SHANGHAI)
    assert "【作废】2026-11-22" in void
    assert "张三" not in "".join(void)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_it_is_drawn_in_both_languages(language: str) -> None:
    i18n.use(language, strict=True)
    late = replace(
        ITEM,
        sums={
            "v": 1,
            "amount": 10,
            "days": 3,
            "principal": 100,
            "ppm": 500,
            "earned": 10,
            "cap": 30,
            "already": 0,
            "stretches": [],
        },
    )
    assert receipts_page([slip(ITEM, late, PrintedItem(5))], PAYEE)


def test_the_slip_of_a_hand_in_comes_twice_with_notes_sum_and_difference() -> None:
    handed = HandInLine(
        UUID(int=1), UUID(int=2), "周收", 15_050, 15_100, {"10000": 1, "5000": 1, "50": 1}, UUID(int=3), "刘会计",
        NOON, "", NOON, UUID(int=3), "刘会计", 15_000,
    )  # fmt: skip
    page = hand_in_page(handed, "耐火小区", zone=SHANGHAI)
    for part in ("100 元", "5 角", "150.50", "壹佰伍拾元伍角整", "✗ 少 0.50", "周收", "刘会计"):
        assert page.count(part) >= 2, part
    assert page.count("<section") == 2
