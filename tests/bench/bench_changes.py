"""How long the list of changes takes to count, page, filter and search, and what keeping it adds to an import.

Run: python tests/bench/bench_changes.py [--sizes 1000 10000 50000 200000] [--import 10000] [--json]

Each change is a group of its own, by one of forty people on one of two laptops,
mostly observations and edits. Times are the best of five, in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1])]

from models.operations import about, changes, kin, log  # noqa: E402
from models.operations.changes import State, Wanted  # noqa: E402
from models.operations.envelope import Acting, Intent  # noqa: E402
from models.operations.perform import perform  # noqa: E402
from models.operations.registry import load_kinds  # noqa: E402
from models.store import Store, open_store  # noqa: E402
from tui import edge, i18n  # noqa: E402
from tui.change_words import kinds_of, meant  # noqa: E402
from tui.desk import Desk  # noqa: E402
from tui.screens.changes.rows import rows_of  # noqa: E402

LEVELS = ("dry", "flowing", "half", "full")
PEOPLE = 40


def new() -> str:
    return str(edge.new_id())


def furnish(store: Store, size: int) -> tuple[Acting, dict[str, list[str]]]:
    """Fill a store with `size` changes and return who acts there, and the ids of what they are about."""
    compound, director = edge.new_id(), edge.new_id()
    acting = Acting(compound, director, edge.clock, edge.new_id, edge.ticks)
    people = [new() for _ in range(PEOPLE)]
    wells = [new() for _ in range(42)]
    homes = [new() for _ in range(1_000)]
    walk = new()
    do(
        store,
        acting,
        [Intent("compound.found", {"name": "耐火小区", "person": str(director), "person_name": "王德胜"})],
    )
    do(
        store,
        acting,
        [Intent("person.add", {"id": one, "name": f"志愿者{n:02}"}) for n, one in enumerate(people)],
    )
    do(
        store,
        acting,
        [Intent("point.add", {"id": one, "code": f"W{n:02}"}) for n, one in enumerate(wells, 1)],
    )
    do(store, acting, [Intent("walk.start", {"id": walk, "name": "三月"})])
    do(
        store,
        acting,
        [
            Intent("household.add", {"id": one, "code": f"{n // 100 + 1}-1-{n % 100 + 101}"})
            for n, one in enumerate(homes)
        ],
    )
    made = []
    for n in range(size - 1_144):
        doer = UUID(people[n % PEOPLE])
        if n % 3:
            seen = {
                "id": new(),
                "walk": walk,
                "point": wells[n // 3 % 42],
                "level": LEVELS[n % 4],
                "mud_mm": n % 300,
            }
            made.append(Intent("walk.observe", seen, doer_id=doer))
        else:
            edit = {"household": homes[n % 1_000], "old": {}, "new": {"note": f"第{n}次"}}
            made.append(Intent("household.edit", edit, doer_id=doer))
    do(store, acting, made)
    with store.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("UPDATE operation SET group_id = id")
        # The half of them came from another laptop, and a server has judged all but the last hundred.
        other = edge.new_id()
        connection.exec_driver_sql("UPDATE operation SET device_id = ? WHERE n % 2", (other.hex,))
        connection.exec_driver_sql("UPDATE operation SET verdict = 'accepted', rev = n")
        connection.exec_driver_sql("DELETE FROM outbox WHERE n <= (SELECT max(n) FROM operation) - 100")
        about.rebuild(session, compound)
    return acting, {"people": people, "wells": wells, "homes": homes}


def do(store: Store, acting: Acting, intents: list[Intent]) -> None:
    with store.write() as session:
        for start in range(0, len(intents), 200):
            outcome = perform(session, intents[start : start + 200], acting)
            assert outcome.refused is None, outcome.refused


def best(work: Callable[[], Any]) -> float:
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return round(min(times) * 1000, 1)


def measure(path: Path, size: int) -> dict[str, Any]:
    store = open_store(path, new_id=edge.new_id)
    acting, ids = furnish(store, size)
    store.close()
    desk = Desk(path)
    desk.open()
    compound = acting.compound_id
    found: dict[str, Any] = {"changes": size}
    with desk.store.read() as session:
        device = log.device_id(session)

        def ask(name: str, wanted: Wanted, offset: int = 0) -> None:
            count = changes.count_changes(session, compound, wanted)
            found[f"count {name}"] = best(lambda: changes.count_changes(session, compound, wanted))
            at = max(0, min(offset, count - 100))

            def page() -> None:
                lines = changes.page_changes(session, compound, wanted, offset=at, limit=100)
                rows_of(desk, session, lines)

            found[f"page {name}"] = best(page)

        ask("all", Wanted())
        ask("all, the last", Wanted(), size)
        ask("person", Wanted(person=UUID(ids["people"][7])))
        ask("area", Wanted(kinds=kinds_of("walks")))
        ask("area, the last", Wanted(kinds=kinds_of("walks")), size)
        ask("laptop", Wanted(device=device))
        ask("today", Wanted(since=edge.clock().replace(hour=0, minute=0)))
        for state in State:
            ask(state, Wanted(state=state))
        for text in ("W07", "志愿者07", "3-1-150", "巡检", "1"):
            words = (meant(session, compound, text, {}),)
            found[f"meaning of {text}"] = best(lambda text=text: meant(session, compound, text, {}))
            ask(text, Wanted(words=words))
        rows = kin.around(session, compound, "point", [UUID(ids["wells"][6])])
        found["kin of W07"] = best(lambda: kin.around(session, compound, "point", [UUID(ids["wells"][6])]))
        found["count history of W07"] = best(lambda: changes.count_history(session, compound, rows))
        found["page history of W07"] = best(
            lambda: rows_of(desk, session, changes.page_history(session, compound, rows, limit=100))
        )
    with desk.store.read() as session:
        pages = (
            {
                name: session.connection().exec_driver_sql(
                    "SELECT sum(pgsize) FROM dbstat WHERE name = ? OR name LIKE ?", (name, f"ix_{name}%")
                )
                for name in ("change", "operation_about", "operation")
            }
            if _has_dbstat(session)
            else {}
        )
        found["megabytes"] = {name: round((one.scalar() or 0) / 1e6, 1) for name, one in pages.items()}
    desk.close()
    return found


def _has_dbstat(session: Any) -> bool:
    options = session.connection().exec_driver_sql("PRAGMA compile_options").scalars().all()
    return "ENABLE_DBSTAT_VTAB" in options


def importing(folder: Path, rows: int) -> dict[str, float]:
    """Return seconds to perform an import of households with their owners, with the list of changes and without."""
    found = {}
    note = about.note
    for name, keep in (("without", lambda *_: None), ("with", note)):
        about.note = keep  # type: ignore[assignment]
        try:
            found[name] = min(_import(folder / f"{name}{turn}.db", rows) for turn in range(3))
        finally:
            about.note = note
    return {name: round(seconds, 2) for name, seconds in found.items()}


def _import(path: Path, rows: int) -> float:
    store = open_store(path, new_id=edge.new_id)
    compound, director = edge.new_id(), edge.new_id()
    acting = Acting(compound, director, edge.clock, edge.new_id, edge.ticks)
    do(
        store,
        acting,
        [Intent("compound.found", {"name": "耐火小区", "person": str(director), "person_name": "王德胜"})],
    )
    intents = [
        Intent(
            "household.add",
            {
                "id": new(),
                "code": f"{n // 100 + 1}-1-{n % 100 + 101}",
                "area": 8_000 + n % 500,
                "occupants": [
                    {"person": new(), "occupancy": new(), "name": f"住户{n}", "phones": ["13800000001"]}
                ],
            },
        )
        for n in range(rows)
    ]
    batch = edge.new_id()
    begun = time.perf_counter()
    for start in range(0, rows, 200):
        with store.write() as session:
            outcome = perform(session, intents[start : start + 200], acting, batch_id=batch)
        assert outcome.refused is None
    took = time.perf_counter() - begun
    store.close()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=[2_000, 10_000, 50_000, 200_000])
    parser.add_argument("--import", dest="rows", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    load_kinds()
    i18n.use("zh_CN")
    with tempfile.TemporaryDirectory(prefix="linli-changes-") as name:
        folder = Path(name)
        results = [measure(folder / f"{size}.db", size) for size in options.sizes]
        imported = importing(folder, options.rows) if options.rows else {}
    if options.json:
        print(json.dumps({"lists": results, "import_s": imported}, ensure_ascii=False))
        return
    for key in results[0] if results else ():
        print(f"{key:<24}" + "".join(f"{result[key]!s:>14}" for result in results))
    print(f"import of {options.rows} households, s: {imported}")


if __name__ == "__main__":
    main()
