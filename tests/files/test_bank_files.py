"""Statements of banks, each laid out in its own way."""

from __future__ import annotations

import io
from datetime import datetime, time, timedelta, timezone

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from models.files.money_files.reading import read_money_file
from models.files.money_files.rows import Direction, MoneyFile, Platform

CHINA = timezone(timedelta(hours=8))
TOP = "某某银行账户交易明细\n账号：6222000011112222,户名：某某小区\n起始日期：20261101,终止日期：20261130\n"


def bank(text: str, *, encoding: str = "gb18030") -> MoneyFile:
    return read_money_file((TOP + text).encode(encoding), name="bank.csv")


def sums(file: MoneyFile) -> list[tuple[str, int]]:
    return [(row.direction.value, row.fen) for row in file.rows]


def told(file: MoneyFile) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in file.problems]


BOTH = [("in", 12050), ("out", 3000)]


@pytest.mark.parametrize(
    "text",
    [
        "交易日期,收入,支出,余额,对方户名\n2026-11-03,120.50,,1000.00,张三\n2026-11-04,,30.00,970.00,某店\n",
        "记账日期,借方发生额,贷方发生额,账户余额,对方名称,摘要\n20261103,0.00,120.50,1000.00,张三,转账\n20261104,30.00,0.00,970.00,某店,付\n",
        "交易时间,借方发生额（支取）,贷方发生额（收入）,余额\n2026/11/3 10:00:00,,120.50,1\n2026/11/4 10:00:00,30,,1\n",
        "交易日期,交易时间,交易金额,借贷标志,余额\n20261103,100530,120.50,贷,1\n20261104,90530,30.00,借,1\n",
        "交易日期,交易金额,余额\n2026年11月3日,+120.50,1\n2026年11月4日,-30.00,1\n",
        "日期;发生额;收/支;对方户名\n2026-11-03;120.50;收入;张三\n2026-11-04;30.00;支出;某店\n",
        "序号\t交易日期\t存入金额\t支取金额\t交易渠道\n1\t2026-11-03\t¥120.50\t-\t手机\n2\t2026-11-04\t-\t¥30.00\t柜面\n",
        "余额,附言,对方账号,贷方金额,借方金额,入账日期\n1,x,62,120.50,,2026-11-03\n1,x,62,,-30.00,2026-11-04\n",
        "交易日期,摘要,交易金额(收入),交易金额(支出),记账金额（收入）,记账金额（支出）,余额\n2026-11-03,x,120.50,,120.50,,1\n2026-11-04,x,,30.00,,30.00,1\n",
        'Date,Amount,Balance\n2026-11-03,120.50,"1,000.00"\n2026-11-04,-30.00,970.00\n',
    ],
)
def test_columns_are_found_whatever_the_bank_calls_them(text: str) -> None:
    file = bank(text)
    assert file.platform is Platform.BANK
    assert (sums(file), told(file)) == (BOTH, [])
    assert [row.at.date().day for row in file.rows] == [3, 4]


def test_what_the_payer_wrote_is_gathered_from_wherever_it_stands() -> None:
    file = bank(
        "交易日期,交易时间,收入,支出,余额,对方户名,对方账号,摘要,附言,用途,流水号\n"
        '2026-11-03,10:05:33,120.50,,1000,张三,="6222 0000",转账,3栋1单元502,转账,="00123456789012345678"\n'
    )
    (row,) = file.rows
    assert (row.party, row.account, row.remark) == ("张三", "62220000", "转账; 3栋1单元502")
    assert (row.order_no, row.at) == ("00123456789012345678", datetime(2026, 11, 3, 10, 5, 33, tzinfo=CHINA))


def test_a_time_beside_its_day_and_a_time_that_holds_its_day_are_both_understood() -> None:
    apart = bank("交易日期,交易时间,收入\n20261103,10:05:33,1\n").rows[0]
    whole = bank("记账日期,交易时间,收入\n20261104,20261103100533,1\n").rows[0]
    booked = bank("记账日期,交易时间,收入\n20261103,,1\n").rows[0]
    assert apart.at == whole.at == datetime(2026, 11, 3, 10, 5, 33, tzinfo=CHINA)
    assert booked.at == datetime(2026, 11, 3, tzinfo=CHINA)


ROWS = (
    "2026-11-03,100.00,,1100.00,张三,物业费", "2026-11-03,100.00,,1200.00,张三,物业费", "2026-11-03,100.00,,1300.00,李四,",
    "2026-11-04,50.00,,1350.00,王五,水费", "2026-11-04,,50.00,1300.00,王五,水费", "2026-11-05,7.00,,1307.00,,",
)  # fmt: skip
HEADER = "交易日期,收入,支出,余额,对方户名,附言\n"
POORER = tuple(",".join((*row.split(",")[:3], "", *row.split(",")[4:])) for row in ROWS)


def keys(rows: tuple[str, ...]) -> list[str]:
    return [row.key for row in bank(HEADER + "\n".join(rows)).rows]


def test_rows_without_a_number_have_a_key_of_their_own_that_stays() -> None:
    assert len(set(keys(ROWS))) == len(ROWS)
    assert keys(ROWS) == keys(ROWS)
    assert set(keys(ROWS)) == set(keys(ROWS[::-1]))


@given(st.integers(0, 5), st.integers(1, 6))
def test_exports_that_overlap_give_the_rows_they_share_the_same_keys(first: int, length: int) -> None:
    assert set(keys(ROWS[first : first + length])) <= set(keys(ROWS))


def test_equal_rows_of_a_day_without_a_balance_are_counted() -> None:
    assert len(set(keys(POORER))) == len(POORER)
    assert keys(POORER)[0].split(".")[0] == keys(POORER)[1].split(".")[0]
    assert set(keys(POORER[:1])) < set(keys(POORER))


def test_a_number_that_says_nothing_and_a_vouchers_number_make_no_key_alone() -> None:
    header = "交易日期,收入,流水号,凭证号,对方户名\n"
    file = bank(
        header + "2026-11-03,1.00,000000,00000000,张三\n2026-11-03,1.00,0,V7,张三\n2026-11-03,1.00,,V7,张三\n"
    )
    assert [row.order_no for row in file.rows] == ["", "", ""]
    assert len({row.key for row in file.rows}) == 3


def test_a_row_given_twice_under_its_number_counts_once() -> None:
    file = bank("交易日期,收入,流水号\n2026-11-03,1.00,S1\n2026-11-03,1.00,S1\n2026-11-03,2.00,S1\n")
    assert (sums(file), told(file)) == ([("in", 100), ("in", 200)], [("money.twice", 6)])


def test_sums_and_remarks_beneath_the_table_are_no_rows() -> None:
    file = bank(
        HEADER + ROWS[0] + "\n合计,100.00,0.00,,,\n本页小计,100.00,,,,\n----------\n以上数据仅供参考\n"
    )
    assert (sums(file), told(file)) == ([("in", 10000)], [])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2026-11-03,100.00,50.00,1,张三,x", "money.direction"),
        ("2026-11-03,,,1,张三,x", "money.missing"),
        ("2026-11-03,壹佰,,1,张三,x", "money.amount"),
        ("某日,100.00,,1,张三,x", "date.invalid"),
        (",100.00,,1,张三,x", "money.missing"),
        ("2026-02-30,100.00,,1,张三,x", "date.invalid"),
    ],
)
def test_an_unclear_row_is_a_problem_of_its_line_alone(line: str, code: str) -> None:
    file = bank(HEADER + "\n".join((ROWS[3], line, ROWS[4])))
    assert sums(file) == [("in", 5000), ("out", 5000)]
    assert told(file) == [(code, 6)]


def test_an_unknown_word_for_the_direction_is_a_problem_and_a_red_entry_goes_the_other_way() -> None:
    file = bank("交易日期,交易金额,借贷标志\n2026-11-03,1.00,斜\n2026-11-03,1.00,\n2026-11-03,-1.00,\n")
    assert (sums(file), told(file)) == ([("in", 100), ("out", 100)], [("money.direction", 5)])
    assert sums(bank("交易日期,收入,支出\n2026-11-03,-5.00,\n")) == [("out", 500)]


def test_a_failed_transfer_and_a_row_of_nothing_move_no_money() -> None:
    file = bank(
        "交易日期,收入,支出,交易状态\n2026-11-03,5.00,,交易失败\n2026-11-03,6.00,,交易成功\n2026-11-04,0.00,0.00,\n"
    )
    assert sums(file) == [("none", 500), ("in", 600), ("none", 0)]


def test_a_statement_as_a_workbook_reads_like_the_text() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet()
    day, clock = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm:ss"})
    page.write_row(0, 0, ["某某银行交易明细"])
    page.write_row(2, 0, ["交易日期", "交易时间", "收入金额", "支出金额", "余额", "对方户名", "流水号"])
    page.write_datetime(3, 0, datetime(2026, 11, 3), day)  # noqa: DTZ001 -- a cell has no zone
    page.write_datetime(3, 1, time(10, 5, 33), clock)
    page.write_row(3, 2, [1234.5, "", 10000.07, "张三", "S1"])
    book.close()
    (row,) = read_money_file(stream.getvalue(), name="b.xlsx").rows
    assert (row.direction, row.fen, row.at) == (
        Direction.IN,
        123450,
        datetime(2026, 11, 3, 10, 5, 33, tzinfo=CHINA),
    )
