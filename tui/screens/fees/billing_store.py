"""What the room of billing asks: what a period comes to, which runs there were, how one of them stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from models.fees.billing import Run, RunLine, draw_up
from models.fees.billing_intents import issue_intents, reverse_intents
from models.fees.periods import Cycle, Period, cycle_at
from models.fees.queries import BillLine
from models.fees.queries_billing import billing_ground
from models.fees.queries_billing_runs import (
    BillsAsked,
    RunRow,
    bills_to_withdraw,
    count_bills,
    count_runs,
    page_bills,
    page_runs,
    run_row,
)
from models.operations.envelope import Intent
from models.operations.perform import Outcome
from tui import edge
from tui.desk import Desk

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be billed. Without ids it is everything; `name` says what was narrowed to."""

    period: Period
    cycle: Cycle = Cycle.MONTH
    building_id: UUID | None = None
    item_id: UUID | None = None
    household_id: UUID | None = None
    name: str = ""

    def moved(self, by: int) -> Scope:
        """Return the same of the period before or after."""
        day = self.period.end if by > 0 else self.period.first - _DAY
        return replace(self, period=cycle_at(self.cycle, day))

    def of(self, cycle: Cycle, day: date) -> Scope:
        """Return the same of the month, quarter, half or year that a day lies in."""
        return replace(self, period=cycle_at(cycle, day), cycle=cycle)

    def everything(self) -> Scope:
        """Return the same of all households and items."""
        return Scope(self.period, self.cycle)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A run as it is looked at. `may`: whoever acts may issue it; `runs` were issued before; `items` are charged at all."""

    scope: Scope
    run: Run
    today: date
    may: bool
    runs: int
    items: int


def draw(desk: Desk, scope: Scope | None) -> Drawn:
    """Draw up what a scope comes to; without one, the present month."""
    today = desk.today()
    scope = scope or Scope(cycle_at(Cycle.MONTH, today))
    with desk.store.read() as session:
        ground = billing_ground(
            session,
            desk.seat.compound_id,
            scope.period,
            today=today,
            buildings=[scope.building_id] if scope.building_id else (),
            items=[scope.item_id] if scope.item_id else (),
            households=[scope.household_id] if scope.household_id else (),
        )
        runs = count_runs(session, desk.seat.compound_id)
    return Drawn(scope, draw_up(ground, scope.period), today, may_bill(desk), runs, len(ground.items))


def may_bill(desk: Desk) -> bool:
    """Tell whether whoever acts may issue bills and take them back."""
    from models.fees.operations import TREASURERS

    return desk.may(TREASURERS)


def issue(desk: Desk, run: Run, lines: Sequence[RunLine]) -> Outcome:
    """Issue the lines that were looked at, as one group."""
    return desk.perform(*issue_intents(run, lines, edge.new_id))


# -- runs that were issued ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Issued:
    """A run as its card shows it."""

    run: RunRow
    today: date
    may: bool


def read_runs(desk: Desk, offset: int, limit: int) -> tuple[RunRow, ...]:
    with desk.store.read() as session:
        return page_runs(session, desk.seat.compound_id, offset=offset, limit=limit)


def read_run_count(desk: Desk) -> int:
    with desk.store.read() as session:
        return count_runs(session, desk.seat.compound_id)


def read_run(desk: Desk, run_id: UUID) -> Issued | None:
    with desk.store.read() as session:
        run = run_row(session, desk.seat.compound_id, run_id)
    return None if run is None else Issued(run, desk.today(), may_bill(desk))


def read_bills(desk: Desk, asked: BillsAsked, offset: int, limit: int) -> tuple[BillLine, ...]:
    with desk.store.read() as session:
        return page_bills(session, desk.seat.compound_id, asked, offset, limit)


def read_bill_count(desk: Desk, asked: BillsAsked) -> int:
    with desk.store.read() as session:
        return count_bills(session, desk.seat.compound_id, asked)


def withdrawing(desk: Desk, run_id: UUID, reason: str, *, paid: bool) -> list[Intent]:
    """Return what takes back the bills of a run that hold; those on which something was paid only with `paid`."""
    with desk.store.read() as session:
        return reverse_intents(bills_to_withdraw(session, desk.seat.compound_id, run_id, paid=paid), reason)
