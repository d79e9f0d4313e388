"""The public accounts on paper: every figure of the books, nobody's name, nothing that a browser takes for markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from browser import printed
from odd import ODD_TEXTS

from models.fees.payees import public_payee
from models.fees.statement import AccountSum, BuildingLine, ItemLine, Place, Spent, Statement, same_sums
from tui.paper.fee_statement import statement_page
from tui.paper.page import A3, A4, Sheet
from tui.statement_out import statement_book
from tui.statement_words import came_lines, rate_text, span_words, went_lines

MADE = datetime(2026, 10, 8, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
#: Spreadsheet programs take no longer name of a sheet.
LONGEST_SHEET = 31
REPAIRS = "expenses:" + "0" * 32
INCOME = "income:" + "1" * 32


def accounts(
    name: str = "物业费", voucher: str = "2026-8", payee: str = "利民五金店", lines: int = 1
) -> Statement:
    spent = tuple(Spent("2026-08-20", REPAIRS, name, voucher, payee, 12_000) for _ in range(lines))
    return Statement(
        since="2026-07-01", until="2026-10-01",
        items=(ItemLine(name, 123_456, 200_000, 150_000),),
        ahead_fen=-500, unclear_fen=300,
        other=(AccountSum(INCOME, "广告费", 10_000),), brought_fen=0,
        refunds_fen=1_000, expenses=(AccountSum(REPAIRS, name, 12_000 * lines),), spent=spent,
        places=(Place("assets:box", "", 500_000, 133_256, 13_000, 620_256), Place("assets:cash", "", 0, 0, 0, 0)),
        buildings=(BuildingLine("3", 12, 45_600),), credit_fen=900, suspense_fen=300,
    )  # fmt: skip


def words_of(text: str) -> str:
    return re.sub(r"<[^>]*>", " ", text.partition("</style>")[2])


def test_the_poster_tells_every_sum_of_the_books(each_language: str) -> None:
    told = words_of(statement_page(accounts(), "耐火小区", made_at=MADE, head="小桔灯驿站"))
    for said in (
        *("耐火小区", "5,000.00", "1,332.56", "130.00", "6,202.56"),
        *("物业费", "1,234.56", "-5.00", "3.00", "广告费", "100.00", "10.00", "120.00"),
        *("75.0%", "2,000.00", "1,500.00", "利民五金店", "2026-8", "456.00", "12", "9.00", "小桔灯驿站"),
    ):
        assert said in told, (each_language, said)


def test_what_came_and_what_went_are_told_line_by_line_to_their_sums(each_language: str) -> None:
    assert each_language
    found = accounts(lines=3)
    assert sum(line.fen for line in came_lines(found)) == found.came_fen
    assert sum(line.fen for line in went_lines(found)) == found.went_fen


def test_a_poster_says_whether_it_is_a_draft_or_public(each_language: str) -> None:
    draft, public = (
        words_of(statement_page(accounts(), "小区", made_at=MADE, published_at=at)) for at in (None, MADE)
    )
    assert {"zh_CN": "未公示的草稿", "en": "Draft"}[each_language] in draft
    assert {"zh_CN": "公示日期：2026-10-08", "en": "Published on 2026-10-08"}[each_language] in public


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_no_name_becomes_markup(odd: str) -> None:
    plain, strange = (statement_page(accounts(text, text, text), text, made_at=MADE) for text in ("甲", odd))
    assert len(re.findall(r"<[a-z]", strange)) == len(re.findall(r"<[a-z]", plain))
    assert "<script" not in strange


@pytest.mark.browser
@pytest.mark.parametrize("sheet", [A4, A3], ids=["a4", "a3"])
def test_the_poster_fills_its_first_sheet_and_tells_the_rest_behind(sheet: Sheet, tmp_path: Path) -> None:
    pages, asked = printed(statement_page(accounts(lines=6), "耐火小区", made_at=MADE, sheet=sheet), tmp_path)
    assert len(pages) == 2
    points = (round(sheet.width_mm / 25.4 * 72), round(sheet.height_mm / 25.4 * 72))
    assert all(abs(a - b) <= 1 for size in pages for a, b in zip(size, points, strict=True))
    assert [one.partition("/")[2] for one in asked] == ["page.html"]


def test_a_spreadsheet_holds_the_same_sums_as_numbers(each_language: str) -> None:
    assert each_language
    found = accounts()
    assert all(len(name) <= LONGEST_SHEET for name, _, _ in statement_book(found))
    overview, places, spent, items, buildings = (list(rows) for _, _, rows in statement_book(found))
    assert int(overview[-1][-1] * 100) == found.closing_fen  # type: ignore[operator]
    assert (len(places), len(spent), len(items), len(buildings)) == (2, 1, 1, 1)


def test_spans_and_rates_in_words(each_language: str) -> None:

    named = span_words(date(2026, 7, 1), date(2026, 10, 1))
    assert named == {"zh_CN": "2026年第3季度", "en": "quarter 3 of 2026"}[each_language]
    assert "2026-07-02" in span_words(date(2026, 7, 2), date(2026, 10, 1))
    assert [rate_text(ppm) for ppm in (None, 0, 873_999, 999_999, 1_000_000)] == [
        "—",
        "0.0%",
        "87.3%",
        "99.9%",
        "100.0%",
    ]


@pytest.mark.parametrize(
    ("payee", "public"),
    [
        ("张三丰", "张**"),
        ("欧阳建平", "欧阳**"),
        ("利民五金店", "利民五金店"),
        ("湘潭建通疏通队", "湘潭建通疏通队"),
        ("供电局", "供电局"),
        ("John Smith", "J*********"),
        ("ACME Ltd", "ACME Ltd"),
        ("", ""),
    ],
)
def test_firms_stand_in_public_and_people_do_not(payee: str, public: str) -> None:
    assert public_payee(payee) == public


def test_a_new_name_is_no_change_of_the_books_and_another_fen_is() -> None:
    found = accounts()
    assert same_sums(found, accounts(name="物业服务费", payee="张**"))
    assert not same_sums(found, replace(found, ahead_fen=-501))
    assert not same_sums(found, accounts(lines=2))
