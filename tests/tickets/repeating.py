"""Faults reported some days ago, for tests of those that come again."""

from __future__ import annotations

from datetime import timedelta

from simulation.devices import MORNING, Laptop

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = MORNING + 90 * DAY
TODAY = NOW.date()


def report(laptop: Laptop, ago: int, /, what: str = "厨房下水又堵了", **fields: object) -> str:
    """Take a question in some days ago; returns its code."""
    now, laptop.clock.now = laptop.clock.now, laptop.clock.now - ago * DAY
    given = {"category": "drain", "household_id": "3-1-502"} | fields
    laptop.do(
        "ticket.report", what=what, **{name: value for name, value in given.items() if value is not None}
    )
    laptop.clock.now = now
    return str(laptop.ask("select code from ticket order by id desc limit 1")[0][0])
