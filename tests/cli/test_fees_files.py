from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Linli

BILL = (
    "微信支付账单明细\n交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n"
    '2026-03-01 09:00:00,转账,张三,转账备注:3栋1单元502,收入,¥80.00,/,已收钱,"1001\t","/\t",/\n'
    '2026-03-01 10:00:00,转账,平安是福,/,收入,¥17.00,/,已收钱,"1002\t","/\t",/\n'
    '2026-03-01 11:00:00,商户消费,五金店,灯泡,支出,¥30.00,零钱,支付成功,"1003\t","/\t",/\n'
    '2026-03-01 12:00:00,奇怪,五金店,灯泡,支出,¥3x.00,零钱,支付成功,"1004\t","/\t",/\n'
)
PAST = (
    "房屋,收费项目,缴费周期,开始时间,结束时间,缴费时间,应缴金额,实缴金额,收银员,备注\n"
    "3-1-502,物业费,季度,2025-01-01,2025-04-01,2025-01-15,300.00,120.00,,\n"
    "3-1-502,停车费,月,2025-01-01,2025-02-01,,100,,,\n"
    "9-9-901,物业费,季度,2025-01-01,2025-04-01,,300,,,\n"
)


@pytest.fixture
def settled(founded: Linli) -> Linli:
    """A compound whose door 3-1-502 owes 80 yuan."""

    def do(kind: str, **payload: object) -> None:
        assert founded("do", kind, json.dumps(payload)).status == 0

    do("household.add", code="3-1-502")
    do("person.add", name="张三")
    do("occupancy.start", household="3-1-502", person="张三", relation="owner", since="2020-01-01")
    do("fee.add_item", name="物业费", formula="area", cycle="month")
    line = {"household": "3-1-502", "item": "物业费", "gross_fen": 8000, "amount_fen": 8000}
    span = {"since": "2026-02-01", "until": "2026-03-01"}
    do("fee.issue", rows=[line | span], **span)
    return founded


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    path = tmp_path / "微信.csv"
    path.write_text(BILL, "utf-8-sig")
    return path


@pytest.fixture
def past(tmp_path: Path) -> Path:
    path = tmp_path / "past.csv"
    path.write_text(PAST, "gb18030")
    return path


def test_a_dry_run_says_whose_each_row_is_and_writes_nothing(settled: Linli, bill: Path) -> None:
    said = settled("import", "bill-file", bill, "--dry-run", "--json").json
    assert said["platform"] == "wechat"
    assert (said["new"], said["known"], said["accepted"]) == (3, 0, 0)
    rows = [
        (row["line"], row["order_no"], row["direction"], row["fen"], row["household"]) for row in said["rows"]
    ]
    assert rows == [
        (3, "1001", "in", 8000, "3-1-502"),
        (4, "1002", "in", 1700, None),
        (5, "1003", "out", 3000, None),
    ]
    assert said["rows"][0]["score"] >= 85
    assert {"room.building", "name.owner"} & {reason["code"] for reason in said["rows"][0]["reasons"]}
    assert all(reason["message"] for row in said["rows"] for reason in row["reasons"])
    assert {problem["line"] for problem in said["problems"]} == {6}
    assert settled("import", "bill-file", bill, "--dry-run", "--json").json["new"] == 3


def test_sure_rows_are_taken_and_the_same_file_again_adds_nothing(settled: Linli, bill: Path) -> None:
    first = settled("import", "bill-file", bill, "--json", "--accept-from", "85").json
    assert (first["new"], first["accepted"]) == (3, 1)
    again = settled("import", "bill-file", bill, "--json", "--accept-from", "85").json
    assert (again["new"], again["known"], again["accepted"]) == (0, 3, 0)
    assert [row["state"] for row in again["rows"]] == ["matched", "open", "open"]
    assert again["rows"][0]["household"] == "3-1-502"


def test_people_are_told_row_by_row(settled: Linli, bill: Path) -> None:
    said = settled("import", "bill-file", bill)
    assert "WeChat bill: 3 new rows imported, 0 known stay as they are." in said.out
    assert "3-1-502" in said.out
    assert "money that went out" in said.out
    assert "line 6" in said.err.casefold()


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(64), "楼号,单元,房间\n1,1,101\n".encode()]
)
def test_a_file_that_is_no_bill_is_refused_with_the_reason(
    settled: Linli, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "what.csv"
    path.write_bytes(content)
    for what in ("bill-file", "fee-history"):
        said = settled("import", what, path, "--json")
        assert said.status == 4
        assert said.json["problems"]
        assert said.err


def test_a_score_beyond_a_hundred_is_a_wrong_command(settled: Linli, bill: Path) -> None:
    assert settled("import", "bill-file", bill, "--accept-from", "101").status == 2


def test_past_bills_come_in_once_with_what_was_paid(settled: Linli, past: Path) -> None:
    dry = settled("import", "fee-history", past, "--dry-run", "--json").json
    assert (dry["added"], dry["bills"], dry["payments"], dry["owed_fen"]) == (2, 2, 1, 28_000)
    assert dry["items"] == ["停车费"]
    assert [(problem["code"], problem["line"]) for problem in dry["problems"]] == [("past.door_unknown", 4)]
    said = settled("import", "fee-history", past)
    assert said.status == 0
    assert "280.00 owed" in said.out
    assert "停车费" in said.out
    again = settled("import", "fee-history", past, "--json").json
    assert (again["added"], again["unchanged"], again["items"]) == (0, 2, [])
