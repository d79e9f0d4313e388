"""Collection rates from the command line."""

from __future__ import annotations

import json
from typing import Any

from .conftest import Linli


def do(linli: Linli, what: str, /, **payload: Any) -> None:
    said = linli("do", what, json.dumps(payload))
    assert said.status == 0, said.err


def test_rates_are_told_as_json_with_what_is_missing_and_how_they_went(founded: Linli) -> None:
    nothing = founded("fees", "rates", "--json")
    assert nothing.status != 0, "where nothing was billed there are no rates"
    for code in ("3-1-501", "3-1-502"):
        do(founded, "household.add", code=code)
    do(founded, "fee.add_item", name="物业费", formula="fixed", cycle="quarter")
    span = {"since": "2026-01-01", "until": "2026-04-01"}
    rows = [
        {"household": code, "item": "物业费", "gross_fen": 1000, "amount_fen": 1000} | span
        for code in ("3-1-501", "3-1-502")
    ]
    do(founded, "fee.issue", rows=rows, **span)
    do(founded, "payment.record", household="3-1-501", fen=1000)
    told = founded("fees", "rates", "--json", "--by", "item").json
    assert (told["period"], told["billed_fen"], told["received_fen"]) == ("2026-Q1", 2000, 1000)
    assert (told["rate"], told["household_rate"], told["clearance_rate"]) == (0.5, 0.5, None)
    assert (told["target"], told["missing_fen"], told["missing_households"]) == (0.95, 900, 1)
    assert [(line["name"], line["rate"]) for line in told["lines"]] == [("物业费", 0.5)]
    assert [(one["period"], one["rate"]) for one in told["trend"]] == [("2026-Q1", 0.5)]
    words = founded("fees", "rates", "--period", "2026-Q1")
    assert "50.0%" in words.out
    assert founded("fees", "rates", "--period", "2026-13").status != 0
