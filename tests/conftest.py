"""Fixtures that every folder shares: stores that are closed, a clock and ids that can be replayed."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import gettempdir

import postgres
import pytest
from simulation.devices import Clock, Ids, Laptop

from models.operations.registry import load_kinds
from models.store import Store, open_database, open_store

load_kinds()

# Nobody's own settings: a folder that does not exist, in a place that tests may write to.
os.environ["LINLI_SETTINGS"] = str(Path(gettempdir()) / f"linli-tests-{os.getpid()}" / "settings.json")

MakeLaptop = Callable[[str], Laptop]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--seeds",
        type=int,
        default=int(os.environ.get("LINLI_SEEDS", "0")),
        help="run this many random histories more than the fixed ones (also LINLI_SEEDS)",
    )
    parser.addoption("--draw", action="store_true", help="keep the screens as they look now")


def pytest_xdist_auto_num_workers() -> int:
    """Run half as many processes more than there are cores, and at least four: a screen's tests wait a third of their time."""
    cores = os.cpu_count() or 1
    return max(4, cores + cores // 2)


def pytest_collection_finish() -> None:
    """Let the collector pass over what stays for good: it took a seventh of the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def new_id() -> Ids:
    return Ids()


@pytest.fixture
def open_here(tmp_path: Path, new_id: Ids) -> Iterator[Callable[..., Store]]:
    """Open stores by file name in the test's own folder; all are closed at the end."""
    stores: list[Store] = []

    def open_named(name: str = "store.linli", *, key: bytes | None = None) -> Store:
        stores.append(open_store(tmp_path / name, new_id=new_id, key=key))
        return stores[-1]

    yield open_named
    for store in stores:
        store.close()


@pytest.fixture
def store(open_here: Callable[..., Store]) -> Store:
    """An empty store of its own."""
    return open_here()


@pytest.fixture
def blank(store: Store, clock: Clock, new_id: Ids) -> Laptop:
    """A laptop on which no compound has been founded."""
    return Laptop(store, new_id(), new_id(), clock, new_id)


@pytest.fixture
def laptop(blank: Laptop) -> Laptop:
    """A laptop whose person has founded a compound and directs it."""
    blank.found()
    return blank


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server, one for each process that runs tests."""
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server) -> str:
    """A database that holds an empty store: copying it takes a tenth of making one."""
    name = postgres_server.create()
    open_database(postgres_server.address(name), new_id=Ids("template")).close()
    return name


@pytest.fixture
def open_postgres(
    postgres_server: postgres.Server, postgres_template: str, new_id: Ids
) -> Iterator[Callable[[], Store]]:
    """Open empty stores on PostgreSQL, each in a database of its own; all are gone at the end."""
    opened: list[tuple[str, Store]] = []

    def open_fresh() -> Store:
        name = postgres_server.create(postgres_template)
        opened.append((name, open_database(postgres_server.address(name), new_id=new_id)))
        return opened[-1][1]

    yield open_fresh
    for name, store in opened:
        store.close()
        postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def server_store(request: pytest.FixtureRequest) -> Store:
    """An empty store such as a server has: every test that asks for it runs on both databases."""
    if request.param == "sqlite":
        made: Store = request.getfixturevalue("open_here")("server.linli")
    else:
        made = request.getfixturevalue("open_postgres")()
    return made
