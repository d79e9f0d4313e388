"""Payments from the command line: recorded by `linli do`, listed with what they went to."""

from __future__ import annotations

import pytest

from .conftest import Linli


@pytest.fixture
def billed(founded: Linli) -> Linli:
    """A door that owes a month."""
    for kind, payload in (
        ("household.add", '{"code": "1-1-101", "area": 10000}'),
        ("fee.add_item", '{"name": "物业费", "formula": "area"}'),
        ("fee.set_tariff", '{"item": "物业费", "price": 12000, "since": "2020-01-01"}'),
    ):
        assert founded("do", kind, payload).status == 0
    assert founded("fees", "bill", "--period", "2026-11").status == 0
    return founded


def test_payments_and_what_they_went_to_are_listed_and_add_up(billed: Linli) -> None:
    said = billed("do", "payment.record", '{"household": "1-1-101", "fen": 15000, "payer": "[/b]"}')
    assert said.status == 0, said.err
    [payment] = billed("list", "payments", "--json").rows
    assert (payment["household"], payment["amount_fen"], payment["free_fen"], payment["method"]) == (
        "1-1-101",
        15_000,
        3_000,
        "cash",
    )
    assert payment["number"].endswith("-000001")
    [line] = billed("list", "allocations", "--json").rows
    assert (line["payment_id"], line["item"], line["fen"]) == (payment["id"], "物业费", 12_000)
    assert line["fen"] + payment["free_fen"] == payment["amount_fen"]
    asked = f'{{"payment": "{payment["number"].lower()}", "reason": "收错了"}}'
    assert billed("do", "payment.ask_reversal", asked).status == 0
    found = billed("--lang", "zh_CN", "list", "payments", "--where", "method=现金")
    assert "1-1-101" in found.out
