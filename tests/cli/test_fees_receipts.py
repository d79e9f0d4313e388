"""Receipts from the command line: shown, printed, handed on, checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Linli


@pytest.fixture
def paid(founded: Linli) -> Linli:
    """A door that was billed a quarter and has paid it, and a little more."""
    for kind, payload in (
        ("household.add", '{"code": "1-1-101", "area": 8950}'),
        ("fee.add_item", '{"name": "物业费", "formula": "area", "cycle": "quarter"}'),
        ("fee.set_tariff", '{"item": "物业费", "price": 12000, "since": "2020-01-01"}'),
    ):
        assert founded("do", kind, payload).status == 0
    assert founded("fees", "bill", "--period", "2026-Q3").status == 0
    payment = {"household": "1-1-101", "fen": 32_300, "method": "cash", "payer": "欧阳建平"}
    assert founded("do", "payment.record", json.dumps(payment)).status == 0
    return founded


def test_a_receipt_is_shown_as_it_was_printed(paid: Linli) -> None:
    [row] = paid("list", "receipts", "--json").rows
    assert (row["household"], row["amount_fen"], row["copies"], row["method"]) == (
        "1-1-101",
        32_300,
        0,
        "cash",
    )
    typed = row["number"].lower().replace("-", " ")
    said = paid("--lang", "zh_CN", "receipt", "show", typed)
    for part in (
        row["number"],
        "89.5 m² × 1.20 元/m²·月 × 3 个月 = 322.20（第 1 版标准）",
        "预存余额：0.80",
        "叁佰贰拾叁元整",
        "欧阳建平",
        row["digest"],
    ):
        assert part in said.out
    told = paid("receipt", "show", row["number"], "--json").json
    assert [(line["item"], line["fen"]) for line in told["lines"]] == [("物业费", 32_220), ("", 80)]
    assert told["capitals"] == "叁佰贰拾叁元整"
    assert told["digest"] == row["digest"]


def test_the_text_for_a_telephone_masks_names(paid: Linli) -> None:
    [row] = paid("list", "receipts", "--json").rows
    said = paid("receipt", "show", row["number"], "--text")
    assert "欧阳建平" not in said.out
    assert "王德胜" not in said.out
    assert "欧阳**" in said.out


def test_each_print_is_counted_and_each_after_the_first_is_a_copy(paid: Linli, tmp_path: Path) -> None:
    [row] = paid("list", "receipts", "--json").rows
    texts = []
    for name in ("first", "second", "third"):
        out = tmp_path / f"{name}.html"
        assert paid("--lang", "zh_CN", "receipt", "show", row["number"], "--html", str(out)).status == 0
        texts.append(out.read_text("utf-8"))
    assert ["副本" in text for text in texts] == [False, True, True]
    assert "副本 第 2 份" in texts[2]
    assert paid("list", "receipts", "--json").rows[0]["copies"] == 3


def test_whoever_only_reads_prints_nothing_and_is_told_why(paid: Linli, tmp_path: Path) -> None:
    assert paid("do", "person.add", '{"name": "郑监"}').status == 0
    grant = '{"person": "郑监", "role": "supervisor", "since": "2020-01-01"}'
    assert paid("do", "role.grant", grant).status == 0
    [row] = paid("list", "receipts", "--json").rows
    out = tmp_path / "receipt.html"
    said = paid("--as", "郑监", "receipt", "show", row["number"], "--html", str(out))
    assert (said.status, out.exists()) == (4, False)
    assert said.err
    assert paid("--as", "郑监", "receipt", "show", row["number"]).status == 0
    assert paid("list", "receipts", "--json").rows[0]["copies"] == 0


def test_checking_says_which_part_differs_by_its_status_too(paid: Linli) -> None:
    [row] = paid("list", "receipts", "--json").rows
    qr = paid("receipt", "show", row["number"], "--json").json["qr"]
    good = paid("receipt", "verify", qr)
    assert (good.status, "holds" in good.out) == (0, True)
    assert paid("receipt", "verify", row["number"].lower()).status == 0
    wrong = paid("receipt", "verify", qr.replace("/323.00/", "/332.00/"))
    assert wrong.status == 4
    assert "amount differs: the receipt says 332.00, the books say 323.00" in wrong.out
    told = paid("receipt", "verify", "--json", qr.replace("/1-1-101/", "/1-1-102/"))
    assert (told.status, told.json["differs"], told.json["holds"]) == (4, ["door"], False)
    altered = paid("receipt", "verify", qr[:-4] + "0000").out
    assert "a line was altered" in altered
    unknown = paid("receipt", "verify", "26-ZZZ-000001")
    assert (unknown.status, "no receipt" in unknown.out) == (4, True)
    for text in ("nonsense", "a/b/c"):
        said = paid("receipt", "verify", text)
        assert (said.status, said.out) == (4, "")
        assert said.err
    assert paid("receipt", "show", "26-ZZZ-000001").status == 4
    assert paid("receipt").status == 2


def test_a_void_receipt_keeps_its_number_and_is_no_success(paid: Linli) -> None:
    [row] = paid("list", "receipts", "--json").rows
    void = json.dumps({"receipt": row["number"], "reason": "写错了"})
    assert paid("do", "payment.void_receipt", void).status == 0
    said = paid("--lang", "zh_CN", "receipt", "verify", row["number"])
    assert said.status == 4
    assert "已作废" in said.out
    assert "写错了" in said.out
    assert paid("list", "receipts", "--json").rows[0]["number"] == row["number"]
