"""Bills of WeChat (for oneself and for merchants) and Alipay, made here as the platforms make them."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from models.files.money_files.reading import read_money_file
from models.files.money_files.rows import Direction, MoneyFile, MoneyRow, Platform
from models.files.problem_codes import PROBLEM_CODES

CHINA = timezone(timedelta(hours=8))
WECHAT = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"
PAID = "2026-11-03 10:20:30,二维码收款,张三,收款方备注:3-1-502,收入,¥120.50,零钱,已收钱,1000050001\t,/\t,/"
ALIPAY = (
    "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,"
)
MERCHANT = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"
    "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)


def preamble(lines: int) -> str:
    return "微信支付账单明细,,,,,,,,,,\n" + ",,,,,,,,,,\n" + "注：,,,,,,,,,,\n" * lines


def wechat(*rows: str, header: str = WECHAT, before: int = 13) -> MoneyFile:
    return read_money_file("\n".join((preamble(before) + header, *rows)).encode(), name="bill.csv")


def alipay(*rows: str) -> MoneyFile:
    text = (
        "-----\n导出信息：\n姓名：某人\n"
        + "\n".join(f"{n}.说明文字；" for n in range(1, 20))
        + "\n------回单------\n"
    )
    return read_money_file((text + "\n".join((ALIPAY, *rows)) + "\n").encode("gb18030"), name="bill.csv")


def merchant_row(**cells: str) -> str:
    plain = {
        "交易时间": "2026-11-03 10:20:30", "微信订单号": "4200001", "商户订单号": "M1", "用户标识": "oUser", "交易类型": "JSAPI",
        "交易状态": "SUCCESS", "货币种类": "CNY", "应结订单金额": "120.50", "代金券金额": "0.00", "微信退款单号": "0", "商户退款单号": "0",
        "退款金额": "0.00", "充值券退款金额": "0.00", "商品名称": "物业费", "手续费": "0.72300", "费率": "0.60%", "订单金额": "120.50",
        "申请退款金额": "0.00",
    } | cells  # fmt: skip
    return ",".join(f"`{plain.get(name, '')}" for name in MERCHANT.split(","))


def merchant(*rows: str) -> MoneyFile:
    sums = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\n`2,`1.00,`0.00,`0.00,`0.00000,`1.00,`0.00"
    return read_money_file("\n".join((MERCHANT, *rows, sums)).encode("utf-8-sig"), name="all.csv")


def only(file: MoneyFile) -> MoneyRow:
    assert not file.problems, file.problems
    (row,) = file.rows
    return row


def told(file: MoneyFile) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in file.problems]


def test_a_payment_to_oneself_is_read_with_all_it_says() -> None:
    file = wechat(PAID)
    row = only(file)
    assert file.platform is Platform.WECHAT
    assert row == MoneyRow(
        Platform.WECHAT, "1000050001", "", Direction.IN, 12050, datetime(2026, 11, 3, 10, 20, 30, tzinfo=CHINA),
        kind="二维码收款", party="张三", remark="收款方备注:3-1-502", state="已收钱", row=17,
    )  # fmt: skip
    assert row.key == "wechat|1000050001|in|12050|2026-11-03T10:20:30+08:00"


@pytest.mark.parametrize("before", [0, 12, 13, 17, 30])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_header_is_found_under_any_preamble_in_any_encoding(before: int, encoding: str) -> None:
    text = f"{preamble(before)}{WECHAT}\n{PAID}\n"
    assert only(read_money_file(text.encode(encoding), name="b.csv")).fen == 12050


def test_columns_are_found_by_name_in_any_order_and_beside_new_ones() -> None:
    names, cells = WECHAT.split(","), [*PAID.split(",")]
    header = ",".join(["新的一列", *reversed(names)])
    row = only(wechat(",".join(["某值", *reversed(cells)]), header=header))
    assert (row.fen, row.party, row.order_no) == (12050, "张三", "1000050001")


@pytest.mark.parametrize(
    ("written", "fen"),
    [("120.50", 12050), ("¥1234.5", 123450), ("￥ 0.07", 7), ('"1,234.50"', 123450), ("１２０", 12000)],
)
def test_amounts_are_read_to_the_fen_however_they_are_written(written: str, fen: int) -> None:
    assert only(wechat(PAID.replace("¥120.50", written))).fen == fen


@pytest.mark.parametrize(
    ("way", "state", "kind", "expected"),
    [
        ("收入", "已收钱", "二维码收款", (Direction.IN, 12050, 0)),
        ("支出", "支付成功", "商户消费", (Direction.OUT, 12050, 0)),
        ("/", "提现已到账", "零钱提现", (Direction.NONE, 12050, 0)),
        ("/", "从未见过", "转入零钱通-来自零钱", (Direction.NONE, 12050, 0)),
        ("收入", "已全额退款", "二维码收款", (Direction.NONE, 12050, 12050)),
        ("收入", "对方已退还", "转账", (Direction.NONE, 12050, 12050)),
        ("收入", "已退款(￥20.50)", "二维码收款", (Direction.IN, 10000, 2050)),
        ("收入", "已退款￥20.50", "二维码收款", (Direction.IN, 10000, 2050)),
        ("收入", "已退款(￥120.50)", "二维码收款", (Direction.NONE, 12050, 12050)),
        ("收入", "已全额退款", "美团-退款", (Direction.NONE, 12050, 0)),
        ("收入", "支付成功", "商户消费-退款", (Direction.NONE, 12050, 0)),
        ("收入", "待收款", "转账", (Direction.NONE, 12050, 0)),
    ],
)  # fmt: skip
def test_only_what_stayed_is_money(
    way: str, state: str, kind: str, expected: tuple[Direction, int, int]
) -> None:
    line = PAID.replace("收入", way).replace("已收钱", state).replace("二维码收款", kind)
    row = only(wechat(line))
    assert (row.direction, row.fen, row.refunded_fen) == expected


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("二维码收款", "星际汇款"), "money.kind"),
        (("已收钱", "量子态"), "money.state"),
        (("收入", "借入"), "money.direction"),
        (("¥120.50", "一百二"), "money.amount"),
        (("¥120.50", "-5"), "money.amount"),
        (("¥120.50", "1.234"), "money.amount"),
        (("¥120.50", ""), "money.missing"),
        (("2026-11-03 10:20:30", "2026-13-03"), "date.invalid"),
        (("2026-11-03 10:20:30", ""), "money.missing"),
        (("已收钱", "已退款(￥999.00)"), "money.refund"),
    ],
)
def test_a_row_that_is_unclear_is_a_problem_of_its_line_and_the_others_go_on(
    change: tuple[str, str], code: str
) -> None:
    file = wechat(PAID, PAID.replace(*change).replace("0001", "0002"), PAID.replace("0001", "0003"))
    assert [row.order_no for row in file.rows] == ["1000050001", "1000050003"]
    assert told(file) == [(code, 18)]


def test_one_order_number_may_stand_on_two_rows_but_one_row_not_twice() -> None:
    later = PAID.replace("10:20:30", "10:20:31")
    file = wechat(PAID, later, PAID, PAID.replace("¥120.50", "¥1.00"))
    assert len({row.key for row in file.rows}) == len(file.rows) == 3
    assert told(file) == [("money.twice", 19)]


def test_an_order_number_that_a_spreadsheet_rounded_is_not_trusted() -> None:
    file = wechat(PAID.replace("1000050001\t", "1.00005E+27"))
    assert [(row.order_no, row.fen) for row in file.rows] == [("", 12050)]
    assert told(file) == [("money.order_rounded", 17)]


def test_identity_numbers_in_somebodys_words_are_not_kept() -> None:
    row = only(wechat(PAID.replace("3-1-502", "3-1-502 110101199001011234")))
    assert "1101" not in row.remark
    assert "3-1-502" in row.remark


def workbook(*rows: list[object]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page, day = book.add_worksheet("账单"), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                page.write_datetime(line, column, cell, day)
            elif isinstance(cell, str):
                page.write_string(line, column, cell)
            else:
                page.write(line, column, cell)
    book.close()
    return stream.getvalue()


def test_a_workbook_gives_the_same_rows_as_the_text_file() -> None:
    when = datetime(2026, 11, 3, 10, 20, 30)  # noqa: DTZ001 -- a cell has no zone
    cells = PAID.replace("\t", "").split(",")
    made = workbook(
        ["微信支付账单明细"], [], ["共1笔记录"], [*WECHAT.split(",")], [when, *cells[1:5], 120.5, *cells[6:]]
    )
    assert only(read_money_file(made, name="bill.xlsx")).key == only(wechat(PAID)).key


def test_times_and_amounts_as_a_workbook_holds_them() -> None:
    cells = PAID.replace("\t", "").split(",")
    made = workbook([*WECHAT.split(",")], [46329.43090277778, *cells[1:5], 0.1 + 0.2, *cells[6:]])
    row = only(read_money_file(made, name="bill.xlsx"))
    assert (row.at, row.fen) == (datetime(2026, 11, 3, 10, 20, 30, tzinfo=CHINA), 30)


def test_alipay_pads_its_cells_and_says_what_is_no_money() -> None:
    file = alipay(
        "2026-11-03 08:00:01 ,转账红包      ,李四   ,lis***@qq.com ,物业费 502   ,收入     ,88.00   ,余额  ,交易成功  ,20261103A\t,    \t,   ,",
        "2026-11-03 08:00:02 ,商业服务 ,王五 ,/ ,收钱码收款 ,收入 ,50.00 ,余额 ,交易关闭 ,20261103B\t,,,",
        "2026-11-03 08:00:03 ,退款 ,某店 ,/ ,退款-水 ,不计收支 ,5.00 ,余额 ,退款成功 ,20261103C\t,T1\t,,",
        "2026-11-03 08:00:04 ,日用百货 ,某店 ,/ ,水 ,支出 ,6.00 ,余额 ,等待确认收货 ,20261103D\t,T2\t,,",
        "2026-11-03 08:00:05 ,日用百货 ,某店 ,/ ,水 ,收入 ,7.00 ,余额 ,等待确认收货 ,20261103E\t,T2\t,,",
        "2026-11-03 08:00:06 ,收款 ,某店 ,/ ,水 ,收入 ,8.00 ,余额 ,被外星人拿走 ,20261103F\t,T2\t,,",
        "------------------------------------",
        "共6笔记录,,",
    )
    assert file.platform is Platform.ALIPAY
    assert [(row.order_no[-1], row.direction.value, row.fen) for row in file.rows] == [
        ("A", "in", 8800), ("B", "none", 5000), ("C", "none", 500), ("D", "out", 600), ("E", "none", 700),
    ]  # fmt: skip
    first = file.rows[0]
    assert (first.party, first.account, first.remark) == ("李四", "lis***@qq.com", "物业费 502")
    assert told(file) == [("money.state", first.row + 5)]


def test_alipays_web_site_names_the_columns_otherwise_and_refunds_in_one_of_its_own() -> None:
    text = (
        "支付宝交易记录明细查询\n账号:[x]\n---交易记录明细列表---\n"
        "交易号 ,商家订单号 ,交易创建时间 ,付款时间 ,最近修改时间 ,交易来源地 ,类型 ,交易对方 ,商品名称 ,金额（元）,收/支 ,交易状态 ,"
        "服务费（元）,成功退款（元）,备注 ,资金状态 ,\n"
        "A1 ,T ,2026-11-03 08:00:00 ,2026-11-03 08:00:09 ,2026-11-03 08:01:00 ,其他 ,即时到账 ,赵六 ,物业费 ,100.00 ,收入 ,交易成功 ,0.60 ,40.00 ,, 已收入 ,\n"
        "A2 ,T ,2026-11-03 09:00:00 ,,2026-11-03 08:01:00 ,其他 ,即时到账 ,赵六 ,物业费 ,100.00 ,收入 ,交易关闭 ,0.00 ,0.00 ,, ,\n"
        "---\n共2笔记录\n"
    )
    paid, closed = read_money_file(text.encode("gbk"), name="alipay.txt").rows
    assert (paid.direction, paid.fen, paid.refunded_fen, paid.fee_fen) == (Direction.IN, 6000, 4000, 60)
    assert (paid.at.second, closed.at.hour, closed.direction) == (9, 9, Direction.NONE)


def test_a_merchants_rows_lose_their_ticks_and_its_sums_are_no_rows() -> None:
    file = merchant(
        merchant_row(),
        merchant_row(
            交易状态="REFUND",
            微信退款单号="5030001",
            退款金额="20.50",
            应结订单金额="0.00",
            订单金额="0.00",
            退款状态="SUCCESS",
            手续费="-0.12",
        ),
        merchant_row(交易状态="REFUND", 微信退款单号="5030002", 退款金额="1.00", 退款状态="PROCESSING"),
        merchant_row(交易状态="REVOKED", 退款金额="0.00"),
    )
    assert file.platform is Platform.WECHAT_MERCHANT
    assert not file.problems
    assert [(row.order_no, row.merchant_no, row.direction.value, row.fen, row.fee_fen) for row in file.rows] == [
        ("4200001", "M1", "in", 12050, 72), ("5030001", "M1", "out", 2050, -12), ("5030002", "M1", "none", 100, 72),
        ("4200001", "M1", "out", 12050, 72),
    ]  # fmt: skip


def test_a_comma_or_a_quotation_mark_in_a_merchants_goods_moves_no_column() -> None:
    row = only(merchant(merchant_row(商品名称='物业费,3栋1单元502,"含水费')))
    assert (row.remark, row.fen, row.fee_fen) == ('物业费,3栋1单元502,"含水费', 12050, 72)
    # A spreadsheet program that has saved the file puts marks around such a cell after all.
    saved = merchant_row(商品名称="物业费").replace("`物业费", '"`物业费,502"')
    assert only(merchant(saved)).remark == "物业费,502"


def test_a_merchants_unknown_states_and_types_are_problems_of_their_rows() -> None:
    file = merchant(
        merchant_row(交易状态="TELEPORTED"), merchant_row(交易类型="SMOKE"),
        merchant_row(交易状态="REFUND", 退款状态="MAYBE"), merchant_row(),
    )  # fmt: skip
    assert told(file) == [("money.state", 2), ("money.kind", 3), ("money.state", 4)]
    assert len(file.rows) == 1


def test_problems_of_bills_carry_the_parameters_the_list_promises() -> None:
    changes = (
        ("二维码收款", "星际汇款"), ("已收钱", "量子态"), ("收入", "借入"), ("¥120.50", "一百二"), ("¥120.50", ""), ("已收钱", "已退款(￥999.00)"),
        ("1000050001", "1.0E+27"), ("0001", "0001"), ("0001", "0001"),
    )  # fmt: skip
    problems = [*wechat(*(PAID.replace(*change) for change in changes)).problems]
    problems += read_money_file(b"a,b\n1,2\n", name="x").problems
    for problem in problems:
        assert tuple(sorted(problem.params)) == tuple(sorted(PROBLEM_CODES[problem.code])), problem
    assert {problem.code for problem in problems} == {
        code for code in PROBLEM_CODES if code.startswith("money.")
    }


ZIP = b"PK\x05\x06" + b"\0" * 18


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "file.not_a_table"),
        (b"", "file.empty"),
        (ZIP, "file.not_a_table"),
        ("楼号,单元,房间,业主名称,手机号\n1,1,101,张三,13800000000\n".encode(), "money.not_a_bill"),
        ("编号,类型,备注\nW1,well,\n".encode(), "money.not_a_bill"),
        ("只是一封信\n没有表格\n".encode(), "money.not_a_bill"),
        ((preamble(13) + WECHAT).encode(), "file.no_rows"),
        ((preamble(13) + WECHAT.replace("金额(元),", "")).encode() + b"\nx", "columns.missing"),
        ((preamble(13) + WECHAT.replace("当前状态,", "")).encode() + b"\nx", "columns.missing"),
        (ALIPAY.replace("交易状态,", "").encode() + b"\nx", "columns.missing"),
    ],
)
def test_what_is_no_bill_gets_one_clear_problem(content: bytes, code: str) -> None:
    file = read_money_file(content, name="x")
    assert file.rows == ()
    assert [problem.code for problem in file.problems] == [code]


def test_a_missing_file_is_a_problem_too(tmp_path: Path) -> None:
    assert told(read_money_file(tmp_path / "no.csv")) == [("file.missing", None)]


@given(st.text(max_size=200), st.integers(0, 11))
@settings(max_examples=60, deadline=None)
def test_no_cell_breaks_the_reader_or_another_row(text: str, column: int) -> None:
    cells = PAID.split(",")
    cells[min(column, 10)] = '"' + text.replace('"', '""').replace("\n", " ").replace("\r", " ") + '"'
    file = wechat(",".join(cells), PAID.replace("0001", "9999"))
    assert "1000059999" in {row.order_no for row in file.rows}
