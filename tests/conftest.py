"""Fixtures that every folder shares: stores that are closed, a clock and ids that can be replayed."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import gettempdir

import postgres
import pytest
from demos import Demos
from quick import quick_stores
from simulation.devices import Clock, Ids, Laptop

from models.operations.registry import load_kinds
from models.store import Store, open_database, open_store

gc.disable()  # until all tests are read: nothing of that ever goes
load_kinds()
quick_stores()

# Each process of the tests, and each that a test starts, would compile everything anew: ten seconds before its first test.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

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


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run half as many processes more than there are cores, and at least four: a screen's tests wait a third of their time.

    The long tests lie together: whoever is done takes some of them.
    """
    if config.option.dist == "no":
        config.option.dist = "worksteal"
    cores = os.cpu_count() or 1
    return max(4, cores + cores // 2)


def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Let one process read all tests first where nobody has yet: else each worker compiles them all for itself."""
    gc.enable()
    here = Path(__file__).parent
    if not any(here.glob("*/__pycache__/test_*-pytest-*.pyc")):
        reading = [sys.executable, "-m", "pytest", "-qq", "--collect-only", "-p", "no:xdist", str(here)]
        subprocess.run(reading, cwd=config.rootpath, check=False, capture_output=True)


def pytest_collection_finish() -> None:
    """Let the collector pass over what stays for good: it took a seventh of the time of all tests."""
    gc.enable()
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
def demos(tmp_path_factory: pytest.TempPathFactory) -> Demos:
    """Demos that all processes of the tests share: whoever asks gets a copy."""
    own = tmp_path_factory.getbasetemp()
    return Demos(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server, one for each process that runs tests."""
    with postgres.running() as server:
        yield server


@pytest.fixture
def postgres_database(postgres_server: postgres.Server) -> Iterator[str]:
    """The name of a database of the test's own that holds an empty store."""
    with postgres_server.lent() as name:
        yield name


@pytest.fixture
def open_postgres(postgres_server: postgres.Server, new_id: Ids) -> Iterator[Callable[[], Store]]:
    """Open empty stores on PostgreSQL, each in a database of its own."""
    with ExitStack() as opened:

        def open_fresh() -> Store:
            name = opened.enter_context(postgres_server.lent())
            store = open_database(postgres_server.address(name), new_id=new_id)
            opened.callback(store.close)
            return store

        yield open_fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def server_store(request: pytest.FixtureRequest) -> Store:
    """An empty store such as a server has: every test that asks for it runs on both databases."""
    if request.param == "sqlite":
        made: Store = request.getfixturevalue("open_here")("server.linli")
    else:
        made = request.getfixturevalue("open_postgres")()
    return made
