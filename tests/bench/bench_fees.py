"""What years of fees cost: each question the rooms ask, each thing done at the desk and each key, beside the demo's.

Run: python tests/bench/bench_fees.py [--doors 2000] [--months 36] [--keep FOLDER] [--keys] [--json]

The big store is made by performing operations (many_fees.py), which takes some minutes; `--keep` keeps it. Questions are
measured in milliseconds of the processor, each in a session of its own, from the first statement to the frozen values;
what is done, in milliseconds of the processor from the intent to the commit. With `--keys` the keys alone are measured
(keys_fees.py), by the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

import keys_fees  # noqa: E402
from many_fees import busiest, store_of  # noqa: E402
from sqlmodel import Session  # noqa: E402

from models.demo import make_demo  # noqa: E402
from models.fees import queries, queries_accounts, queries_rates  # noqa: E402
from models.fees.billing import draw_up  # noqa: E402
from models.fees.periods import Cycle, cycle_at, months_later  # noqa: E402
from models.fees.queries_accounts_statement import statement  # noqa: E402
from models.fees.queries_arrears import ArrearsAsked, arrears_lines, find_doors  # noqa: E402
from models.fees.queries_billing import billing_ground  # noqa: E402
from models.fees.queries_cash import cash_held  # noqa: E402
from models.fees.queries_home import home_fees  # noqa: E402
from models.fees.queries_receipts import ReceiptAsked, page_receipts  # noqa: E402
from models.operations.envelope import Intent  # noqa: E402
from models.store import open_store  # noqa: E402
from tui import edge  # noqa: E402
from tui.desk import Desk  # noqa: E402

TIMES = 7
Question = Callable[[], object]


def questions(desk: Desk) -> dict[str, Question]:
    """Return what is asked, by what it is called in the table."""
    compound, today, store = desk.seat.compound_id, desk.today(), desk.store
    door = busiest(desk)
    month = cycle_at(Cycle.MONTH, today)
    quarter = cycle_at(Cycle.QUARTER, months_later(today, -3))

    def asked(question: Callable[..., object]) -> Question:
        def run() -> object:
            with store.read() as session:
                return question(session, compound)

        return run

    def page(session: Session, compound_id: UUID) -> object:
        found = find_doors(session, compound_id, ArrearsAsked(today))
        return arrears_lines(session, compound_id, found.doors(0, 100), today=today)

    return {
        "Home's fees": asked(lambda s, c: home_fees(s, c, desk.seat.person_id, today=today)),
        "a door's account": asked(lambda s, c: queries.door_account(s, c, door, today=today)),
        "newest payments": asked(lambda s, c: queries.payment_lines(s, c, limit=100)),
        "newest receipts": asked(lambda s, c: page_receipts(s, c, ReceiptAsked(), offset=0, limit=100)),
        "cash held": asked(cash_held),
        "doors that owe": asked(page),
        "rates of a period": asked(
            lambda s, c: queries_rates.rates(s, c, cycle_at(Cycle.MONTH, _last(month.first)), today=today)
        ),
        "trend of 12 periods": asked(
            lambda s, c: queries_rates.trend(s, c, cycle_at(Cycle.MONTH, _last(month.first)), 12)
        ),
        "balances of accounts": asked(lambda s, c: queries_accounts.balances(s, c, today)),
        "flows of a quarter": asked(
            lambda s, c: queries_accounts.flows(s, c, since=quarter.first, until=quarter.end)
        ),
        "statement of a quarter": asked(lambda s, c: statement(s, c, quarter.first, quarter.end)),
        "drawing a run up": asked(lambda s, c: draw_up(billing_ground(s, c, month, today=today), month)),
    }


def _last(day: date) -> date:
    return day - timedelta(days=1)


def deeds(desk: Desk) -> dict[str, Question]:
    """Return what is done, by what it is called in the table."""
    door = str(busiest(desk))

    def pay() -> object:
        payload = {"id": str(edge.new_id()), "household": door, "fen": 100, "receipt": str(edge.new_id())}
        outcome = desk.perform(Intent("payment.record", payload))
        if outcome.refused is not None:
            raise RuntimeError(outcome.refused)
        return outcome

    def remind() -> object:
        payload = {"id": str(edge.new_id()), "household": door, "way": "visit"}
        return desk.perform(Intent("fee.remind", payload))

    return {"taking a payment": pay, "noting a visit": remind}


def measured(question: Question) -> float:
    """Return the median of some goes, in milliseconds of the processor; the first is not counted."""
    question()
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        question()
        took.append((time.process_time() - began) * 1000)
    return sorted(took)[TIMES // 2]


def demo(folder: Path) -> Path:
    path = folder / "demo.db"
    store = open_store(path, new_id=edge.new_id)
    make_demo(store, clock=edge.clock, new_id=edge.new_id)
    store.close()
    return path


def press_keys(paths: dict[str, Path], folder: Path, *, as_json: bool) -> None:
    """Press the keys in each store, and print p50 and p95 of each by the clock."""
    figures = {which: keys_fees.press_all(path, folder).figures() for which, path in paths.items()}
    load = os.getloadavg()[0]
    if as_json:
        print(json.dumps({"ms": figures, "load": load}))
        return
    print(f"{'':32}{'big':>16}{'demo':>16}   ms, p50 / p95, load {load:.1f}")
    for what in figures["big"]:
        cells = (one.get(what) for one in figures.values())
        print(
            f"{what:32}" + "".join(f"{'-':>16}" if c is None else f"{c[0]:8.0f} /{c[1]:6.0f}" for c in cells)
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--doors", type=int, default=2000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--keys", action="store_true", help="the keys alone")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        began = time.process_time()
        kept = store_of(options.doors, options.months, folder)
        made = time.process_time() - began
        big = Path(shutil.copy(kept, Path(scratch) / "big.db"))
        if options.keys:
            press_keys({"big": big, "demo": demo(Path(scratch))}, Path(scratch), as_json=options.json)
            return
        found: dict[str, tuple[float, float]] = {}
        for place, path in enumerate((big, demo(Path(scratch)))):
            desk = Desk(path)
            desk.open()
            for name, question in (questions(desk) | deeds(desk)).items():
                before = found.get(name, (0.0, 0.0))
                found[name] = (
                    (measured(question), before[1]) if not place else (before[0], measured(question))
                )
            desk.close()
    if options.json:
        print(json.dumps({"made_s": made, **{name: list(pair) for name, pair in found.items()}}))
        return
    load = os.getloadavg()[0]
    print(f"{options.doors} doors, {options.months} months; made in {made:.0f} s; load {load:.1f}")
    print(f"{'':24}{'big':>9}{'demo':>9}{'ratio':>8}   ms of the processor, p50 of {TIMES}")
    for name, (large, small) in found.items():
        print(f"{name:24}{large:9.1f}{small:9.1f}{large / small:8.1f}")


if __name__ == "__main__":
    main()
