"""Fixtures that every folder shares: stores that are closed, a clock and ids that can be replayed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from simulation.devices import Clock, Ids, Laptop

from models.operations.registry import load_kinds
from models.store import Store, open_store

load_kinds()

MakeLaptop = Callable[[str], Laptop]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--seeds",
        type=int,
        default=int(os.environ.get("LINLI_SEEDS", "0")),
        help="run this many random histories more than the fixed ones (also LINLI_SEEDS)",
    )


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
