"""Real processes on a real network, killed at any moment: nothing is lost, nothing happens twice.

`--seeds N` or LINLI_SEEDS repeats the killing N times more.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import httpx
import postgres
import pytest
from prometheus_client.parser import text_string_to_metric_families

from server.processes import (
    Center,
    households,
    kill,
    killed_again_and_again,
    linli,
    start,
    state_of,
    sync_to_the_end,
    unjudged,
)
from server.running import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills groups of processes")

StartCenter = Callable[..., Center]


@pytest.fixture
def start_center(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StartCenter]:
    """Start servers with a compound; all are killed at the end."""
    monkeypatch.setenv("LINLI_LANG", "en")
    monkeypatch.delenv("LINLI_STORE", raising=False)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    made: list[Center] = []

    def begin(database: str | None = None, *, workers: int = 1) -> Center:
        center = Center(database or str(tmp_path / "server.db"), tmp_path / "server.log", workers)
        made.append(center)
        center.do("server", "compound", "add", "耐火小区")
        return center.start()

    yield begin
    for center in made:
        center.kill()


@pytest.fixture
def seeds(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--seeds"))


def begin(center: Center, store: Path, *, building: int, flats: int) -> None:
    """Enrol a laptop and let it add flats that nobody has seen yet."""
    said = linli("enrol", center.url, center.code(), "--name", store.stem, "--store", store)
    assert said.status == 0, said.err
    if building == 1:
        linli("do", "person.add", '{"name": "王德胜"}', "--store", store)
        linli("sync", "--store", store)
    listed = households(store.with_suffix(".csv"), range(flats), building=building)
    said = linli("import", "households", listed, "--store", store, "--json")
    assert said.json["added"] == flats, said.err


def test_whatever_is_killed_both_laptops_and_the_server_agree_in_the_end(
    start_center: StartCenter, tmp_path: Path, seeds: int
) -> None:
    random = Random(seeds)
    center = start_center()
    one, two, three = (tmp_path / f"{name}.db" for name in ("one", "two", "three"))
    begin(center, one, building=1, flats=900)
    begin(center, two, building=2, flats=300)
    for _ in range(1 + seeds):
        # The laptop, again and again.
        killed_again_and_again(random, 3, "sync", "--store", one)
        # The server, in the middle of a push.
        pushing = start("sync", "--store", one)
        time.sleep(0.6 + random.random() * 0.8)
        center.kill()
        out, err = pushing.communicate(timeout=60)
        assert pushing.returncode in {0, 4}, out + err
        assert "Traceback" not in err
        center.start()
        killed_again_and_again(random, 2, "sync", "--store", two)
    sync_to_the_end(one)
    sync_to_the_end(two)
    sync_to_the_end(one)
    # A first sync, again and again.
    code = center.code()
    for _ in range(3 + seeds):
        killed_again_and_again(random, 1, "enrol", center.url, code, "--store", three, longest=1.6)
    if linli("sync", "--store", three).status != 0:
        assert linli("enrol", center.url, code, "--store", three).status == 0, "the code is still good"
    sync_to_the_end(three)
    expected = state_of(center.database)
    assert expected[1]["households"].count("\n") == 1200
    for store in (one, two, three):
        assert state_of(store) == expected
        assert linli("doctor", "--store", store).status == 0
    figures = center.do("server", "stats", "--json").json
    assert figures["operations"] == {"accepted": figures["compounds"][0]["head"]}


def test_two_windows_and_a_command_on_one_store_sync_once(
    start_center: StartCenter, tmp_path: Path, postgres_server: postgres.Server, postgres_database: str
) -> None:
    """On PostgreSQL with two server processes, one of which is killed."""
    center = start_center(postgres_server.address(postgres_database), workers=2)
    one, two = tmp_path / "one.db", tmp_path / "two.db"
    begin(center, one, building=1, flats=300)
    begin(center, two, building=2, flats=100)
    syncing = [start("sync", "--json", "--store", store) for store in (one, one, two)]
    for n in range(6):
        said = linli("do", "point.add", json.dumps({"code": f"W{n}"}), "--store", one)
        assert said.status == 0, said.err
    said = [process.communicate(timeout=60) for process in syncing]
    assert [process.returncode for process in syncing] == [0, 0, 0], said
    for store in (one, two, one):
        sync_to_the_end(store)
    expected = state_of(center.database)
    assert state_of(one) == state_of(two) == expected
    pushed = sum(json.loads(out)["pushed"] for out, _ in said[:2])
    assert 300 <= pushed <= 306, "nothing went up twice"
    _figures_of_all_processes_add_up(center)


def _figures_of_all_processes_add_up(center: Center) -> None:
    def hellos() -> float:
        text = httpx.get(f"{center.url}/metrics").text
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "linli_requests_total" and sample.labels["endpoint"] == "/v1/hello"
        )

    before = hellos()
    for _ in range(20):
        assert httpx.get(f"{center.url}/v1/hello").status_code == 200
    assert [hellos() - before for _ in range(6)] == [20] * 6, "whichever process answers"


@pytest.mark.parametrize("workers", [1, 2])
def test_an_end_that_is_asked_for_waits_for_nobody_who_only_waits(
    start_center: StartCenter, tmp_path: Path, workers: int
) -> None:
    center = start_center(workers=workers)
    store = tmp_path / "one.db"
    begin(center, store, building=1, flats=1)
    token, compound = _secrets(store)
    with ThreadPoolExecutor(3) as pool:
        polls = [pool.submit(_wait, center.url, token, compound) for _ in range(3)]
        time.sleep(0.5)
        assert not any(poll.done() for poll in polls)
        center.end()
        said = [poll.result() for poll in polls]
    assert httpx.codes.OK not in said, "a poll was let to its own end"
    assert "Traceback" not in center.log.read_text("utf-8")
    assert not list((tmp_path / "scratch").iterdir()), "nothing stays behind"


def _secrets(store: Path) -> tuple[str, str]:
    from models.store import open_store
    from tui import edge

    opened = open_store(store, new_id=edge.new_id)
    try:
        with opened.read() as session:
            row = session.connection().exec_driver_sql("SELECT token, compound_id FROM link").one()
            return str(row[0]), str(row[1])
    finally:
        opened.close()


def _wait(url: str, token: str, compound: str) -> int | None:
    """Wait for what never comes; returns the status of the answer, None when the line was cut."""
    try:
        return httpx.get(
            f"{url}/v1/wait",
            params={"compound": compound, "after": 10**6},
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        ).status_code
    except httpx.TransportError:
        return None


def test_a_server_writes_one_line_of_json_for_each_request_and_names_nobody(
    start_center: StartCenter, tmp_path: Path
) -> None:
    center = start_center()
    store = tmp_path / "one.db"
    begin(center, store, building=1, flats=20)
    sync_to_the_end(store)
    httpx.post(f"{center.url}/v1/push", content=b"\xff", headers={"Authorization": "Bearer 住户".encode()})
    center.end()
    first, *lines = center.log.read_text("utf-8").splitlines()
    assert first.startswith("Serving on http://127.0.0.1:")
    entries = [json.loads(line) for line in lines if line.startswith("{")]
    assert sum(entry["event"] == "request" for entry in entries) > 8
    assert not [line for line in lines if not line.startswith("{")]
    text = "\n".join(lines)
    token, _ = _secrets(store)
    for secret in ("住户", "王德胜", "耐火", "1-1-101", token, center.database):
        assert secret not in text


def test_three_processes_share_a_file(start_center: StartCenter, tmp_path: Path) -> None:
    """Laptops that push at once to several processes over one SQLite file."""
    center = start_center(workers=3)
    stores = [tmp_path / f"laptop{n}.db" for n in range(3)]
    for n, store in enumerate(stores):
        begin(center, store, building=n + 1, flats=120)
    copy = tmp_path / "copy"
    syncing = [start("sync", "--json", "--store", store) for store in stores]
    copying = start("server", "backup", copy, "--db", center.database)
    said = [process.communicate(timeout=60) for process in (*syncing, copying)]
    assert [process.returncode for process in (*syncing, copying)] == [0] * 4, said
    for store in (*stores, *stores):
        sync_to_the_end(store)
    expected = state_of(center.database)
    assert all(state_of(store) == expected for store in stores)
    assert linli("server", "restore", copy, "--db", tmp_path / "restored.db").status == 0
    assert unjudged(tmp_path / "restored.db") == 0


def test_a_database_that_comes_back_finds_its_server_ready(
    start_center: StartCenter, tmp_path: Path, postgres_server: postgres.Server, postgres_database: str
) -> None:
    """Every connection is cut at once, as when the database is started anew."""
    center = start_center(postgres_server.address(postgres_database))
    store = tmp_path / "one.db"
    begin(center, store, building=1, flats=30)
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{postgres_database}'"  # noqa: S608
    for n in range(3):
        postgres_server.run(cut)
        assert linli("do", "point.add", json.dumps({"code": f"W{n}"}), "--store", store).status == 0
        until(lambda: linli("sync", "--store", store).status == 0)
    assert unjudged(store) == 0
    assert state_of(store) == state_of(center.database)


def test_a_command_that_is_killed_is_in_nobodys_way(start_center: StartCenter, tmp_path: Path) -> None:
    """The next one goes on at once, though the dead one has told nobody."""
    center = start_center()
    store = tmp_path / "one.db"
    begin(center, store, building=1, flats=600)
    process = start("sync", "--store", store)
    try:
        until(lambda: _is_at_it(store))
    finally:
        kill(process)
    began = time.monotonic()
    assert linli("sync", "--store", store).status == 0
    assert time.monotonic() - began < 8.0
    assert unjudged(store) == 0
    assert center.process is not None


def _is_at_it(store: Path) -> Any:
    from models.store import open_store
    from tui import edge

    opened = open_store(store, new_id=edge.new_id)
    try:
        with opened.read() as session:
            return session.connection().exec_driver_sql("SELECT busy_with FROM link").scalar()
    finally:
        opened.close()
