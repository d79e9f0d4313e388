"""How fast laptops and a server come to agree, beside PouchDB, Actual and Anki on the same machine in one run.

Run: python tests/bench/bench_sync.py [--changes 20000] [--catch-up 50000] [--db ADDRESS ...] [--peers] [--json]

The real server runs as a process of its own, behind a proxy that counts bytes;
the real client runs here. Each operation is a group of its own, as in a walk.
Timed is what a round does, not the making of the changes. `--peers` measures the
others the same way (tests/bench/peers/install.py makes their environments) and
prints the ratios. Without `--db` a file of SQLite and, from PyPI, a PostgreSQL.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]

from peers import PEERS, CountingProxy, Missing, measure  # noqa: E402
from peers.measuring import cpu_seconds, free_port, peak_rss_mb  # noqa: E402

from models.operations.envelope import Acting, Intent  # noqa: E402
from models.operations.perform import perform  # noqa: E402
from models.operations.registry import load_kinds  # noqa: E402
from models.store import Store, open_database, open_store  # noqa: E402
from sync import enrolling, rounds  # noqa: E402
from sync.client import Away  # noqa: E402
from sync.server import admin  # noqa: E402
from tui import edge  # noqa: E402
from tui.syncing import here_of  # noqa: E402

LEVELS = ("dry", "flowing", "half", "full")


@dataclass
class Server:
    """A running server: where it listens, its process, and the database behind it."""

    url: str
    pid: int
    store: Store


@dataclass
class Laptop:
    """A laptop with its store."""

    store: Store
    acting: Acting | None = None

    def round(self) -> rounds.Report:
        assert self.acting is not None
        return rounds.sync(here_of(self.store), self.acting.compound_id)

    def do(self, *intents: Intent) -> None:
        assert self.acting is not None
        with self.store.write() as session:
            outcome = perform(session, intents, self.acting)
        assert outcome.refused is None, outcome.refused

    def do_each(self, intents: list[Intent]) -> None:
        """Perform each as a group of its own. Made in bulk and parted afterwards: the making is not timed."""
        for start in range(0, len(intents), 200):
            self.do(*intents[start : start + 200])
        with self.store.write() as session:
            session.connection().exec_driver_sql("UPDATE operation SET group_id = id WHERE verdict IS NULL")


@contextlib.contextmanager
def serving(address: str, folder: Path, workers: int = 1) -> Iterator[Server]:
    store = open_database(address, new_id=edge.new_id)
    admin.begin(store, nonce=edge.new_id().hex)
    port = free_port()
    environment = os.environ | {"LINLI_LOG": "warning", "PYTHONPATH": str(HERE.parents[1])}
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tui.cli", "serve", "--db", address),
            *("--port", str(port), "--workers", str(workers)),
        ],
        env=environment,
        cwd=folder,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        import httpx

        while time.monotonic() < until:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                    break
            time.sleep(0.1)
        yield Server(f"http://127.0.0.1:{port}", process.pid, store)
    finally:
        process.terminate()
        process.wait()
        store.close()


def enrolled(server: Server, url: str, path: Path, compound_id: UUID) -> Laptop:
    # A stranger may try two codes in four seconds; a crowd of a hundred would be turned away for a while.
    code, _ = admin.offer(server.store, compound_id, randomness=os.urandom(8), clock=edge.clock)
    store = open_store(path, new_id=edge.new_id)
    here = here_of(store)
    for _ in range(60):
        try:
            enrolling.enrol(here, enrolling.look(here, url, code), name=path.stem, version="bench")
        except Away as away:
            time.sleep(away.wait or 1.0)
        else:
            break
    laptop = Laptop(store, Acting(compound_id, compound_id, edge.clock, edge.new_id, edge.ticks))
    laptop.round()
    return laptop


def furnish(laptop: Laptop, households: int) -> dict[str, list[str]]:
    """Found what the operations are about: a director, wells, a walk, households."""
    assert laptop.acting is not None
    director = edge.new_id()
    laptop.do(Intent("person.add", {"id": str(director), "name": "王德胜"}))
    laptop.acting = Acting(laptop.acting.compound_id, director, edge.clock, edge.new_id, edge.ticks)
    wells = [str(edge.new_id()) for _ in range(42)]
    laptop.do(*[Intent("point.add", {"id": w, "code": f"W{n:02}"}) for n, w in enumerate(wells, 1)])
    walk = str(edge.new_id())
    laptop.do(Intent("walk.start", {"id": walk, "name": "三月"}))
    homes = [str(edge.new_id()) for _ in range(households)]
    for start in range(0, households, 200):
        laptop.do(
            *[
                Intent("household.add", {"id": home, "code": f"{n // 100 + 1}-1-{n % 100 + 101}"})
                for n, home in enumerate(homes[start : start + 200], start)
            ]
        )
    laptop.round()
    return {"wells": wells, "walk": [walk], "homes": homes}


def observations(ground: dict[str, list[str]], count: int) -> list[Intent]:
    wells, walk = ground["wells"], ground["walk"][0]
    return [
        Intent(
            "walk.observe",
            {
                "id": str(edge.new_id()),
                "walk": walk,
                "point": wells[n % len(wells)],
                "level": LEVELS[n % 4],
                "mud_mm": n % 300,
                "note": f"第{n}次，井口有积泥",
            },
        )
        for n in range(count)
    ]


def edits(homes: list[str], count: int, first: int) -> list[Intent]:
    def note(n: int) -> str:
        return "" if n < 0 else f"第{n}次走访"

    return [
        Intent(
            "household.edit",
            {
                "household": homes[n % len(homes)],
                "old": {"note": note(n - len(homes)) if n >= len(homes) else note(-1)},
                "new": {"note": note(n)},
            },
        )
        for n in range(first, first + count)
    ]


def linli(address: str, folder: Path, *, changes: int, catch_up: int, idle_rounds: int) -> dict[str, Any]:
    """Measure the phases of the peers with Linli."""
    found: dict[str, Any] = {
        "peer": f"linli on {address.split(':', maxsplit=1)[0] if '://' in address else 'sqlite'}"
    }
    with serving(address, folder) as server:
        proxy = CountingProxy(int(server.url.rsplit(":", 1)[1]))
        url = f"http://127.0.0.1:{proxy.port}"
        compound_id, _ = admin.add_compound(server.store, "耐火小区", clock=edge.clock, new_id=edge.new_id)
        one = enrolled(server, url, folder / "one.db", compound_id)
        ground = furnish(one, changes)
        other = enrolled(server, url, folder / "other.db", compound_id)
        assert other.acting is not None
        other.acting = one.acting

        def timed(laptop: Laptop, part: str, count: int) -> dict[str, Any]:
            gc.collect()
            before, cpu = proxy.counted(), cpu_seconds(server.pid) or 0.0
            began = time.perf_counter()
            report = laptop.round()
            whole = time.perf_counter() - began
            passed = proxy.counted().since(before)
            seconds = getattr(report, f"{part}_ms") / 1000
            return {
                "seconds": round(seconds, 3),
                "rate": round(count / seconds),
                "whole_round_seconds": round(whole, 3),
                "server_cpu_seconds": round((cpu_seconds(server.pid) or 0.0) - cpu, 2),
                "bytes_up": passed.up,
                "bytes_down": passed.down,
                "bytes_per_change": round((passed.up + passed.down) / count, 1),
                "pushed": report.pushed,
                "pulled": report.pulled,
            }

        one.do_each(observations(ground, changes))
        found["push_new"] = timed(one, "push", changes)
        found["pull_new"] = timed(other, "pull", changes)
        finish_history(other)
        one.do_each(edits(ground["homes"], changes, 0))
        found["push_edits"] = timed(one, "push", changes)
        found["pull_edits"] = timed(other, "pull", changes)
        finish_history(other)
        finish_history(one)
        laps = []
        before = proxy.counted()
        for _ in range(idle_rounds):
            began = time.perf_counter()
            one.round()
            laps.append((time.perf_counter() - began) * 1000)
        passed = proxy.counted().since(before)
        found["idle"] = {
            "median_ms": round(statistics.median(laps), 2),
            "bytes_per_round": round((passed.up + passed.down) / idle_rounds),
        }
        few = ground["homes"][:500]
        at = changes
        for start in range(0, catch_up, 5000):
            part = min(5000, catch_up - start)
            one.do_each(
                [
                    Intent(
                        "household.edit",
                        {"household": few[n % 500], "old": {}, "new": {"note": f"改{n}"}},
                    )
                    for n in range(at, at + part)
                ]
            )
            at += part
            one.round()
        found["catch_up"] = timed(other, "pull", 500)
        found["catch_up"]["changes"] = catch_up
        found["server_peak_rss_mb"] = peak_rss_mb(server.pid)
        began = time.perf_counter()
        fresh = enrolled(server, url, folder / "fresh.db", compound_id)
        found["fresh_copy"] = {"seconds": round(time.perf_counter() - began, 3)}
        for laptop in (one, other, fresh):
            laptop.store.close()
        proxy.close()
    return found


def finish_history(laptop: Laptop) -> None:
    while laptop.round().more_history:
        pass


# -- many at once ----------------------------------------------------------------------


def crowd_member(
    url: str, path: str, ids: tuple[str, str], ground: dict[str, list[str]], n: int
) -> list[float]:
    """One process's share of a crowd is a few laptops; each does a morning's walk and syncs after every tenth well."""
    load_kinds()
    store = open_store(Path(path), new_id=edge.new_id)
    compound_id, director = map(UUID, ids)
    laptop = Laptop(store, Acting(compound_id, director, edge.clock, edge.new_id, edge.ticks))
    laps = []
    intents = observations(ground, n)
    for start in range(0, n, 10):
        laptop.do_each(intents[start : start + 10])
        began = time.perf_counter()
        laptop.round()
        laps.append((time.perf_counter() - began) * 1000)
    store.close()
    assert url
    return laps


def crowd(address: str, folder: Path, *, laptops: int, compounds: int, workers: int) -> dict[str, Any]:
    """100 laptops on 20 compounds: rounds of ten observations each, all at once."""
    per_laptop = 50
    with serving(address, folder, workers) as server:
        jobs = []
        for c in range(compounds):
            compound_id, _ = admin.add_compound(
                server.store, f"小区{c}", clock=edge.clock, new_id=edge.new_id
            )
            first = enrolled(server, server.url, folder / f"{c}-0.db", compound_id)
            ground = furnish(first, 20)
            assert first.acting is not None
            ids = (str(compound_id), str(first.acting.person_id))
            first.store.close()
            for n in range(laptops // compounds):
                path = folder / f"{c}-{n}.db"
                if n:
                    enrolled(server, server.url, path, compound_id).store.close()
                jobs.append((server.url, str(path), ids, ground, per_laptop))
        began = time.perf_counter()
        with ProcessPoolExecutor(max_workers=20) as pool:
            laps = [lap for laps in pool.map(crowd_member, *zip(*jobs, strict=True)) for lap in laps]
        seconds = time.perf_counter() - began
        figures = admin.stats(server.store, clock=edge.clock)
        rss = peak_rss_mb(server.pid)
    laps.sort()
    return {
        "laptops": laptops,
        "compounds": compounds,
        "workers": workers,
        "seconds": round(seconds, 2),
        "operations": laptops * per_laptop,
        "rate": round(laptops * per_laptop / seconds),
        "round_p50_ms": round(laps[len(laps) // 2], 1),
        "round_p95_ms": round(laps[len(laps) * 95 // 100], 1),
        "rounds": len(laps),
        "server_peak_rss_mb": rss,
        "verdicts": figures["operations"],
    }


@contextlib.contextmanager
def databases(asked: list[str], folder: Path) -> Iterator[list[str]]:
    if asked:
        yield asked
        return
    with contextlib.ExitStack() as stack:
        found = [str(folder / "server.db")]
        try:
            import postgres
        except ImportError as error:
            print(f"without PostgreSQL: {error}", file=sys.stderr)
        else:
            # As it comes, so that a commit is on the disk: the tests' own settings are for speed alone.
            postgres.SETTINGS.update(fsync="on", synchronous_commit="on", full_page_writes="on")
            server = stack.enter_context(postgres.running())
            found.append(server.address(server.create()))
        yield found


PHASES = ("push_new", "pull_new", "push_edits", "pull_edits")


def ratios(own: dict[str, Any], peer: dict[str, Any]) -> dict[str, float | None]:
    """Return how many times faster Linli is; below 1 it is slower."""
    found: dict[str, float | None] = {}
    for phase in PHASES:
        theirs = peer.get(phase)
        found[phase] = None if not theirs else round(own[phase]["rate"] / theirs["rate"], 2)
    if peer.get("idle"):
        found["idle"] = round(peer["idle"]["median_ms"] / own["idle"]["median_ms"], 2)
    if peer.get("catch_up"):
        found["catch_up"] = round(peer["catch_up"]["seconds"] / own["catch_up"]["seconds"], 2)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=20_000)
    parser.add_argument("--catch-up", type=int, default=50_000)
    parser.add_argument("--idle", type=int, default=50)
    parser.add_argument("--db", action="append", default=[])
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--crowd", type=int, default=100)
    parser.add_argument("--only-crowd", action="store_true")
    asked = parser.parse_args()
    load_kinds()
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as name:
        folder = Path(name)
        with databases(asked.db, folder) as addresses:
            for n, address in enumerate(addresses):
                if not asked.only_crowd:
                    place = folder / f"run{n}"
                    place.mkdir()
                    one = linli(
                        address, place, changes=asked.changes, catch_up=asked.catch_up, idle_rounds=asked.idle
                    )
                    results.append(one)
                    print(json.dumps(one, ensure_ascii=False), flush=True)
            for n, address in enumerate(addresses):
                for workers in (1,) if "://" not in address else (1, 4):
                    if asked.crowd:
                        place = folder / f"crowd{n}-{workers}"
                        place.mkdir()
                        where = fresh(address, place)
                        said = crowd(where, place, laptops=asked.crowd, compounds=20, workers=workers)
                        print(json.dumps({"crowd on": one_word(address)} | said), flush=True)
    if asked.peers and results:
        for peer in PEERS:
            try:
                theirs = measure(
                    peer, changes=asked.changes, edits=asked.changes, catch_up_changes=asked.catch_up
                )
            except Missing as error:
                print(json.dumps({"peer": peer, "missing": str(error)}), flush=True)
                continue
            print(json.dumps(theirs, ensure_ascii=False), flush=True)
            for own in results:
                print(json.dumps({"ratio": f"{own['peer']} : {peer}"} | ratios(own, theirs)), flush=True)


def fresh(address: str, place: Path) -> str:
    """Return an empty database like the one at an address."""
    if "://" not in address:
        return str(place / "server.db")
    import psycopg

    name = f"crowd{place.name.rpartition('-')[2]}_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return address.replace("/test0", f"/{name}")


def one_word(address: str) -> str:
    return address.split(":", maxsplit=1)[0] if "://" in address else "sqlite"


if __name__ == "__main__":
    main()
