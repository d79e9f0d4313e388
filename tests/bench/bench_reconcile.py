"""From a bill's file to proposals on the screen: 10,000 rows, 2,000 households with two years of bills.

Run: python tests/bench/bench_reconcile.py [--rows 10000] [--households 2000] [--keep FOLDER] [--json]

The real app runs without a terminal: a file is opened in the room, and the clock stops when its preview is drawn with
its first proposals. `csv_s` is how long Python's csv module takes to read the same file into lists; `ratio` is how
many times as long the preview took. Then the rows are brought in, and the room is opened with all of them waiting.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

from bench_matching import file_of, homes_of, payments_of  # noqa: E402

from models.files.money_files.rows import Platform  # noqa: E402
from models.operations.envelope import Intent  # noqa: E402
from tui import edge, i18n  # noqa: E402
from tui.app import LinliApp  # noqa: E402
from tui.desk import Desk  # noqa: E402
from tui.screens.fees.reconcile import Reconcile  # noqa: E402
from tui.screens.fees.reconcile_file import BillFile, BillPreview  # noqa: E402
from tui.widgets.long_list import LongList  # noqa: E402

MONTHS = 24
_ROWS = 400


def store_of(path: Path, households: int, rows: int) -> Path:
    """Make the compound, and the bill's file beside it, unless they are there."""
    bill = path.with_suffix(".csv")
    if path.exists():
        return bill
    chance = random.Random(rows)
    homes, owed = homes_of(households, chance)
    bill.write_bytes(file_of(Platform.WECHAT, payments_of(rows, homes, owed, chance)))
    desk = Desk(path)
    desk.open()
    desk.found("大小区", "王德胜")
    item = str(edge.new_id())
    intents = [Intent("fee.add_item", {"id": item, "name": "物业费", "formula": "area"})]
    ids = {home.id: str(edge.new_id()) for home in homes}
    for home in homes:
        person = {"person": str(edge.new_id()), "occupancy": str(edge.new_id()), "name": home.owners[0]}
        intents.append(
            Intent("household.add", {"id": ids[home.id], "code": home.code, "occupants": [person]})
        )
    desk.perform_all(intents)
    issues = []
    for number in range(MONTHS):
        first, until = (date(2024 + month // 12, month % 12 + 1, 1) for month in (number + 11, number + 12))
        lines = [
            {
                "household": ids[home.id],
                "item": item,
                "since": first.isoformat(),
                "until": until.isoformat(),
                "gross_fen": home.usual_fen[0],
                "amount_fen": home.usual_fen[0],
            }
            for home in homes
        ]
        span = {"run": str(edge.new_id()), "since": first.isoformat(), "until": until.isoformat()}
        issues += [
            Intent("fee.issue", span | {"rows": lines[start : start + _ROWS]})
            for start in range(0, len(lines), _ROWS)
        ]
    desk.perform_all(issues, size=10)
    paid = [
        {
            "id": str(edge.new_id()),
            "household": ids[home.id],
            "fen": home.usual_fen[0] * chance.randrange(MONTHS - 6, MONTHS + 1),
            "method": "opening",
            "paid_at": "2026-06-01T00:00:00+00:00",
        }
        for home in homes
    ]
    desk.perform_all(
        [
            Intent("payment.bring", {"rows": paid[start : start + _ROWS]})
            for start in range(0, len(paid), _ROWS)
        ],
        size=1,
    )
    desk.close()
    return bill


async def until(true: Callable[[], object]) -> None:
    for _ in range(3_000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def measure(path: Path, bill: Path) -> dict[str, float]:
    app = LinliApp(Desk(path), survives=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await until(lambda: app.status is not None)
        app.enter("reconcile")
        await until(lambda: isinstance(app.screen, Reconcile) and app.screen.seen is not None)
        app.push_screen(BillFile())
        await until(lambda: isinstance(app.screen, BillFile))
        start = time.perf_counter()
        app.screen._look(bill)  # type: ignore[attr-defined]
        await until(lambda: isinstance(app.screen, BillPreview) and app.screen.query(LongList))
        await until(lambda: app.screen.query_one("#new", LongList).highlighted is not None)
        looked = time.perf_counter() - start
        preview = app.screen
        assert isinstance(preview, BillPreview)
        start = time.perf_counter()
        preview._write()
        await until(lambda: preview.carried is not None)
        written = time.perf_counter() - start
        start = time.perf_counter()
        preview.do_back()
        await until(lambda: isinstance(app.screen, Reconcile) and app.screen.front is not None)
        await until(lambda: app.screen.seen is not None and app.screen.seen.rows)  # type: ignore[attr-defined]
        waits = time.perf_counter() - start
    return {"looked_s": looked, "written_s": written, "waiting_s": waits}


def plainly(bill: Path) -> tuple[int, float]:
    """Return how many lines the csv module reads, and how long that takes."""
    text = bill.read_bytes().decode("gb18030")
    start = time.perf_counter()
    lines = list(csv.reader(io.StringIO(text)))
    plain = time.perf_counter() - start
    return len(lines), plain


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--households", type=int, default=2_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    i18n.use("zh_CN")
    with tempfile.TemporaryDirectory() as folder:
        kept = given.keep or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        whole = kept / f"reconcile-{given.households}-{given.rows}.db"
        bill = store_of(whole, given.households, given.rows)
        work = Path(folder) / "work.db"
        work.write_bytes(whole.read_bytes())
        figures = {name: round(seconds, 3) for name, seconds in asyncio.run(measure(work, bill)).items()}
        lines, plain = plainly(bill)
        figures |= {"lines": lines, "csv_s": round(plain, 4), "ratio": round(figures["looked_s"] / plain, 1)}
    if given.json:
        print(json.dumps(figures, indent=2))
    else:
        print("  ".join(f"{name} {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
