"""The fees of the demo compound."""

from __future__ import annotations

from datetime import timedelta

from models.demo.scribe import Scribe
from models.demo.volunteers import TREASURER

_DAY = timedelta(days=1)


def settle(scribe: Scribe) -> None:
    """Charge one door, and take its money."""
    item, tariff, account = (
        scribe.name("charge_item", "物业费"),
        scribe.fresh(),
        scribe.name("account", "维修"),
    )
    water = scribe.name("charge_item", "水费")
    household = scribe.ref("household", "1-1-101")
    since = scribe.day(60).replace(day=1)
    until = (since + 31 * _DAY).replace(day=1)
    scribe.write(
        TREASURER,
        scribe.now - timedelta(hours=3),
        ("fee.add_item", {"id": item, "name": "物业费", "formula": "area"}),
        ("fee.add_item", {"id": water, "name": "水费", "formula": "meter"}),
        ("fee.set_tariff", {"id": tariff, "item": item, "price": 6000, "since": since.isoformat()}),
        ("fee.add_meter", {"id": scribe.fresh(), "item": water, "code": "S-101", "household_id": household}),
        ("fee.add_account", {"id": account, "side": "expense", "name": "维修"}),
    )
    line = {"household": household, "item": item, "tariff": tariff, "since": since.isoformat()}
    line |= {"until": until.isoformat(), "gross_fen": 3600, "amount_fen": 3600}
    rows = [{"key": "wechat:88:in:100", "order_no": "88", "direction": "in", "fen": 100}]
    rows[0] |= {"at": scribe.at(2, 9).isoformat()}
    scribe.write(
        TREASURER,
        scribe.now - timedelta(hours=2),
        (
            "fee.issue",
            {"run": scribe.fresh(), "since": line["since"], "until": line["until"], "rows": [line]},
        ),
        ("payment.import", {"platform": "wechat", "rows": rows}),
        (
            "expense.record",
            {"id": scribe.fresh(), "account": account, "fen": 12000, "voucher": "2026-1", "payee": "五金店"},
        ),
        (
            "payment.record",
            {"id": scribe.fresh(), "household": household, "fen": 3600, "receipt": scribe.fresh()},
        ),
    )
