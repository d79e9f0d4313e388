"""Two laptops without a network take money for the same bills: both are kept, and somebody sees it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

from register_desk import at, page, press, rows
from till_desk import A_MONTH
from town import Other, other_laptop, settled_town

from tui import edge


def bill(laptop: Other) -> str:
    """Bill 1-1-101 for a month; returns its id."""
    item = str(edge.new_id())
    laptop.do("fee.add_item", id=item, name="物业费", formula="fixed", cycle="month")
    home = laptop.find("household", "code", "1-1-101")
    line = {
        "household": home,
        "item": item,
        "since": "2026-09-01",
        "until": "2026-10-01",
        "gross_fen": A_MONTH,
        "amount_fen": A_MONTH,
        "due_on": date(2026, 9, 30).isoformat(),
    }
    run = {"since": "2026-09-01", "until": "2026-10-01", "rows": [line]}
    laptop.do("fee.issue", run=str(edge.new_id()), **run)
    return home


def takes(laptop: Other, home: str) -> None:
    """Take the whole month at that laptop's desk."""
    ids = {"id": str(edge.new_id()), "receipt": str(edge.new_id())}
    laptop.do("payment.record", household=home, fen=A_MONTH, **ids)


def stands(path: Path) -> tuple[object, ...]:
    """Return what the bill still asks for, the payments with what is free of each, and how many numbers there are."""
    return (
        rows(path, "select owed_fen, paid_fen from bill"),
        rows(path, "select amount_fen, free_fen from payment order by id"),
        len(rows(path, "select distinct number from receipt")),
    )


async def test_a_bill_that_two_laptops_collect_is_paid_once_and_the_other_money_is_credit(
    tmp_path: Path,
) -> None:
    with settled_town(tmp_path) as (town, hall, station):
        home = bill(hall)
        await hall.sync()
        with other_laptop(town, station) as here:
            await here.sync()
            takes(hall, home)
            takes(here, home)
            await hall.sync()
            await here.sync()
            await hall.sync()
        hall.desk.close()
        bills, paid, numbers = stands(tmp_path / "hall.db")
        assert bills == [(0, A_MONTH)]
        assert paid in ([(A_MONTH, 0), (A_MONTH, A_MONTH)], [(A_MONTH, A_MONTH), (A_MONTH, 0)])
        assert numbers == 2
        assert stands(station) == (bills, paid, numbers)
        [(code,)] = rows(tmp_path / "hall.db", "select code from flag")
        assert code == "payment.paid_twice"
    async with at(tmp_path / "hall.db", "collect", household_id=UUID(home)) as (app, pilot):
        assert "余额 107.40" in page(app)
        await press(pilot, "escape")
        app.enter("sync")
        await press(pilot)
        assert "收款：1-1-101 已缴过，多收 107.40" in page(app)
