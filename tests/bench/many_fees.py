"""A store with the fees of some years of a large compound, made by performing operations: bills every month, most of them paid.

Payments of the past are brought in as a book is, those of the last two months are recorded one by one with a receipt each.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from models.fees.periods import months_later
from models.operations.envelope import Intent
from tui import edge
from tui.desk import Desk

CHUNK, GROUP, FLATS = 400, 150, 12
ONE_BY_ONE = 60


def fill(desk: Desk, doors: int, months: int, *, seed: int = 3) -> None:
    """Found a compound of so many doors and bill them for so many months up to now; nine in ten pay, some late."""
    chance = random.Random(seed)
    desk.found("测速小区", "罗铁生")
    homes = _register(desk, doors)
    item, tariff = str(edge.new_id()), str(edge.new_id())
    today = desk.today()
    first = months_later(today.replace(day=1), -months)
    named = {"id": item, "name": "物业费", "formula": "area"}
    price = {"id": tariff, "item": item, "price": 10_000, "since": first.isoformat()}
    _do(desk, Intent("fee.add_item", named), Intent("fee.set_tariff", price))
    behind: list[str] = []
    for n in range(months):
        month = months_later(first, n)
        _bill(desk, homes, item, tariff, month)
        payers = [home for home in homes if chance.random() < 0.9] + behind
        behind = [home for home in homes if home not in set(payers) and chance.random() < 0.5]
        at = datetime(month.year, month.month, 20, 2, tzinfo=UTC)
        if (today - month).days > ONE_BY_ONE:
            _bring(desk, payers, at)
        else:
            _take(desk, payers[: doors // 4], min(at, edge.clock().astimezone(UTC)))
    close = {"id": str(edge.new_id()), "until": months_later(today, -6).isoformat()}
    _do(desk, Intent("fee.close", close))


def _register(desk: Desk, doors: int) -> list[str]:
    homes, made = [], []
    for n in range(doors):
        building, flat = divmod(n, FLATS * 4)
        unit, room = divmod(flat, FLATS)
        home = str(edge.new_id())
        homes.append(home)
        living = {
            "person": str(edge.new_id()),
            "occupancy": str(edge.new_id()),
            "name": f"住户{n}",
            "sex": "",
        }
        code = f"{building + 1}-{unit + 1}-{room // 2 + 1}0{room % 2 + 1}"
        made.append(
            Intent("household.add", {"id": home, "code": code, "area": 5000 + n % 90, "occupants": [living]})
        )
    for start in range(0, len(made), GROUP):
        _do(desk, *made[start : start + GROUP])
    return homes


def _bill(desk: Desk, homes: list[str], item: str, tariff: str, month: date) -> None:
    since, until = month.isoformat(), months_later(month, 1).isoformat()
    run = str(edge.new_id())
    for start in range(0, len(homes), CHUNK):
        rows = [
            {
                "household": home,
                "item": item,
                "tariff": tariff,
                "since": since,
                "until": until,
                "gross_fen": 5000 + n % 90,
                "amount_fen": 5000 + n % 90,
            }
            for n, home in enumerate(homes[start : start + CHUNK], start)
        ]
        payload = {"run": run, "since": since, "until": until, "rows": rows}
        _do(
            desk,
            Intent("fee.issue", payload, happened_at=datetime(month.year, month.month, 1, 2, tzinfo=UTC)),
        )


def _bring(desk: Desk, payers: list[str], at: datetime) -> None:
    for start in range(0, len(payers), CHUNK):
        rows = [
            {
                "id": str(edge.new_id()),
                "household": home,
                "fen": 5100,
                "method": "wechat",
                "paid_at": (at + timedelta(minutes=start)).isoformat(),
            }
            for home in payers[start : start + CHUNK]
        ]
        _do(desk, Intent("payment.bring", {"rows": rows}))


def _take(desk: Desk, payers: list[str], at: datetime) -> None:
    made = [
        Intent(
            "payment.record",
            {"id": str(edge.new_id()), "household": home, "fen": 5100, "receipt": str(edge.new_id())},
            happened_at=at + timedelta(seconds=n),
        )
        for n, home in enumerate(payers)
    ]
    for start in range(0, len(made), GROUP):
        _do(desk, *made[start : start + GROUP])


def _do(desk: Desk, *intents: Intent) -> None:
    outcome = desk.perform(*intents)
    if outcome.refused is not None:
        raise RuntimeError(outcome.refused)


def store_of(doors: int, months: int, folder: Path) -> Path:
    """Return a store with so many doors and months, making it if it is not there."""
    path = folder / f"fees-{doors}-{months}.db"
    if not path.exists():
        made = path.with_suffix(".part")
        desk = Desk(made)
        desk.open()
        fill(desk, doors, months)
        desk.close()
        made.rename(path)
    return path


def busiest(desk: Desk) -> UUID:
    """Return the door with the most open bills."""
    with desk.store.read() as session:
        found = session.connection().exec_driver_sql(
            "SELECT household_id FROM bill WHERE owed_fen > 0 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        )
        return UUID(str(found.scalar_one()))
