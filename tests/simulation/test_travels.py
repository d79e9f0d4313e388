"""Random histories over the real client and server: whatever befalls roads and machines, all agree in the end.

Each is checked after every request and every round against the replica
invariant, the independent model and what must be true of a log. `--seeds N`
lives N histories more, each third of them with its server on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.store import Store
from simulation.happenings import FIXED, live

LONG = 10_000

OpenPostgres = Callable[[], Store]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        more = metafunc.config.getoption("--seeds")
        wanted = [*FIXED] + [(2 + seed % 4, LONG + seed) for seed in range(more)]
        metafunc.parametrize(("laptops", "seed"), wanted)


def test_whatever_happens_every_replica_ends_where_the_model_ends(
    tmp_path: Path, request: pytest.FixtureRequest, laptops: int, seed: int
) -> None:
    if seed < LONG:
        world = live(tmp_path / "world", seed, laptops=laptops, steps=10, touring=True)
    else:
        server = request.getfixturevalue("open_postgres")() if seed % 3 == 0 else None
        world = live(tmp_path / "world", seed, laptops=laptops, steps=150, server=server)
    assert len(world.made) > 20, "nobody did anything"


def test_so_it_is_with_a_server_on_postgresql(tmp_path: Path, open_postgres: OpenPostgres) -> None:
    world = live(tmp_path / "world", 3, laptops=2, steps=10, server=open_postgres(), touring=True)
    assert world.server.path is None
    met = world.note.counted.keys()
    assert met >= {"held", "conflict", "merged", "rejected", "server restored", "laptop restored", "healed"}
    assert met >= {"renamed", "killed", "clock set", "laptop cloned", "late", "sync.away", "sync.strange"}
