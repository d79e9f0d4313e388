"""Several writers on one store, writers that die in the middle, and a disk that ends."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from simulation.devices import Clock, Ids, Laptop, other_process
from sqlalchemy.exc import OperationalError
from workers import add_one

from models.errors import StoreBusy, StoreFull
from models.operations.envelope import Intent
from models.operations.tables import Setting
from models.store import Store, open_store

Open = Callable[..., Store]
WORKERS = Path(__file__).with_name("workers.py")


def start(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WORKERS), *map(str, arguments)],
        env=other_process(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def counted(store: Store) -> object:
    with store.read() as session:
        row = session.get(Setting, "count")
        return row and row.value


def test_four_threads_lose_no_increment(store: Store) -> None:
    def fifty_times() -> None:
        for _ in range(50):
            add_one(store)

    threads = [threading.Thread(target=fifty_times) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted(store) == 200


def test_two_processes_lose_no_increment(store: Store) -> None:
    processes = [start("count", store.path, 50) for _ in range(2)]
    for process in processes:
        finish(process)
    assert counted(store) == 100


def test_processes_that_make_one_store_at_once_make_one(tmp_path: Path) -> None:
    for attempt in range(2):
        processes = [start("make", tmp_path / f"{attempt}.linli") for _ in range(4)]
        assert len({finish(process) for process in processes}) == 1


def test_a_reader_sees_one_moment_while_others_write(store: Store) -> None:
    add_one(store)
    with store.read() as session:
        assert session.get(Setting, "count") is not None
        add_one(store)
        session.expire_all()
        row = session.get(Setting, "count")
        assert row is not None
        assert row.value == 1
    assert counted(store) == 2


def test_a_writer_that_waits_too_long_is_told_that_the_store_is_busy(
    open_here: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.store_sqlite.BUSY_MS", 50)
    store = open_here()
    with store.write() as holder:
        holder.connection()
        with pytest.raises(StoreBusy), store.write() as waiting:
            waiting.connection()


def test_an_exception_in_a_write_session_writes_nothing(store: Store) -> None:
    def break_half_way() -> None:
        with store.write() as session:
            session.add(Setting(key="half", value=1))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_half_way()
    with store.read() as session:
        assert session.get(Setting, "half") is None


def check_whole(laptop: Laptop) -> int:
    """Check that only whole groups of three are there, each with all its rows; return how many."""
    sizes = laptop.ask("SELECT count(*) FROM operation WHERE kind <> 'compound.found' GROUP BY group_id")
    assert {size for (size,) in sizes} <= {3}
    groups = len(sizes)
    for table, kind in (("household", "household.add"), ("occupancy", "household.add"), ("team", "team.add")):
        (rows,) = laptop.ask(f"SELECT count(*) FROM {table}")[0]  # noqa: S608
        (made,) = laptop.ask("SELECT count(*) FROM operation WHERE kind = ?", kind)[0]
        assert rows == made == groups
    assert laptop.ask("SELECT count(*) FROM outbox") == [(3 * groups + 1,)]
    assert laptop.ask("SELECT max(n), count(*) FROM operation") == [(3 * groups + 1, 3 * groups + 1)]
    assert laptop.ask("SELECT last_n FROM cursor") == [(3 * groups + 1,)]
    assert laptop.ask("PRAGMA integrity_check") == [("ok",)]
    assert laptop.ask("PRAGMA foreign_key_check") == []
    return groups


def test_killed_in_the_middle_it_leaves_whole_groups_only(laptop: Laptop) -> None:
    """The real thing: `kill -9` of a process that performs without pause, at moments nobody chose."""
    rng, groups, kills = random.Random(9), 0, 0
    laptop.store.close()
    # Eight times at least; more where the machine is slow, for something must have been done in between.
    while (kills := kills + 1) <= 8 or groups <= 8:
        assert kills < 80, "nothing is ever done"
        process = start("perform", laptop.path, laptop.compound_id.hex, laptop.person_id.hex)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0.01, 0.35))
        process.kill()
        process.communicate()
        survivor = Laptop(
            open_store(laptop.path, new_id=Ids()), laptop.compound_id, laptop.person_id, Clock(), Ids("again")
        )
        found = check_whole(survivor)
        survivor.store.close()
        assert found >= groups, "a committed group is gone"
        groups = found
    assert groups > 8


# -- a disk that ends ------------------------------------------------------------------------


def limit(store: Store, pages: int) -> None:
    """Let a store grow by a few pages only, on every connection it opens from now on."""
    store.engine.dispose()
    creator = store.engine.pool._creator

    def connect(*_: object) -> object:
        connection = creator()  # type: ignore[call-arg]
        (size,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {size + pages}")
        return connection

    store.engine.pool._creator = connect


def fill(laptop: Laptop) -> int:
    """Perform until there is no room; return how many groups stayed."""
    for done in range(10_000):
        try:
            laptop.together(*(Intent("person.add", person(laptop, done)) for _ in range(3)))
        except StoreFull:
            return done
    raise AssertionError("the disk never ended")


def person(laptop: Laptop, number: int) -> dict[str, object]:
    return {"id": str(laptop.ids()), "name": f"张{number}", "note": "长" * 900}


@pytest.mark.parametrize("pages", [0, 1, 3, 10, 30])
def test_no_room_is_said_to_be_so_and_leaves_nothing_half_written(laptop: Laptop, pages: int) -> None:
    limit(laptop.store, pages)
    done = fill(laptop)
    sizes = laptop.ask("SELECT count(*) FROM operation WHERE kind = 'person.add' GROUP BY group_id")
    assert sizes == [(3,)] * done
    assert laptop.ask("SELECT count(*) FROM person") == [(3 * done + 1,)]
    assert laptop.ask("PRAGMA integrity_check") == [("ok",)]
    laptop.store.engine.dispose()
    again = open_store(laptop.path, new_id=Ids())
    Laptop(again, laptop.compound_id, laptop.person_id, laptop.clock, laptop.ids).do("team.add", name="水工")
    again.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of two megabytes, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if (
        sys.platform != "linux"
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_to_be_full_and_loses_nothing(small_disk: Path) -> None:
    ids = Ids()
    store = open_store(small_disk / "store.linli", new_id=ids)
    laptop = Laptop(store, ids(), ids(), Clock(), ids)
    laptop.found()
    done = fill(laptop)
    assert done > 3
    store.close()
    (small_disk / "store.linli").read_bytes()
    ballast = small_disk / "ballast"
    ballast.unlink(missing_ok=True)
    assert subprocess.run(
        ["mount", "-o", "remount,size=8m", str(small_disk)], check=False, capture_output=True
    ).returncode in {0, 32}
    laptop.store = open_store(small_disk / "store.linli", new_id=ids)
    assert laptop.ask("SELECT count(*) FROM person") == [(3 * done + 1,)]
    laptop.do("team.add", name="水工")
    laptop.store.close()


def test_a_store_that_finds_no_room_to_be_made_is_made_when_there_is(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(4 * 1024 * 1024 - 64 * 1024))
    with pytest.raises(StoreFull):
        open_store(small_disk / "store.linli", new_id=Ids())
    ballast.unlink()
    open_store(small_disk / "store.linli", new_id=Ids()).close()


def test_what_is_no_fault_of_the_store_is_not_called_one(store: Store) -> None:
    with pytest.raises(OperationalError), store.read() as session:
        session.connection().exec_driver_sql("SELECT * FROM nothing")
