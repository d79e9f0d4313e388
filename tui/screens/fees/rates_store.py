"""What the room of collection rates reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from models.fees.periods import Cycle, Period, cycle_at
from models.fees.queries import ruling_of
from models.fees.queries_rates import By, latest_period, rates, trend, usual_cycle
from tui.desk import Desk
from tui.screens.fees.rates_sheet import Sheet

#: Periods of the trend: three years of quarters.
TRAIL = 12


@dataclass(frozen=True, slots=True)
class Looked:
    """What was read; `sheet` None where nothing was billed yet. `later` tells whether a later period has bills."""

    sheet: Sheet | None
    period: Period | None
    later: bool


def look(desk: Desk, *, cycle: Cycle | None, back: int, by: By) -> Looked:
    """Read the rates of the period that lies `back` of its kind before the last one that was billed."""
    compound_id, today = desk.seat.compound_id, desk.today()
    with desk.store.read() as session:
        last = latest_period(session, compound_id, today)
        if last is None:
            return Looked(None, None, later=False)
        kind = cycle or usual_cycle(session, compound_id)
        period = cycle_at(kind, last.first)
        for _ in range(back):
            period = cycle_at(kind, _day_before(period))
        found = rates(session, compound_id, period, by=by, today=today)
        trail = trend(session, compound_id, period, TRAIL)
        target = ruling_of(session, compound_id).target_ppm
    return Looked(Sheet(found, by, trail, target), period, later=back > 0)


def _day_before(period: Period) -> date:
    return period.first - timedelta(days=1)


def write(desk: Desk, *, period: Period) -> Path:
    """Write the public sheet of a period; there is no name on it."""
    from tui.fee_rates_papers import write_rates

    return write_rates(desk, period)
