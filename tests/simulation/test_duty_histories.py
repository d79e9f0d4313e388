"""Random histories of a roster: whatever people do to it apart, all agree in the end, and with the model.

`--seeds N` lives N histories more.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.history import verdicts
from simulation.rosters_apart import live

LONG = 20_000
FIXED = ((2, 1), (3, 2))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        more = metafunc.config.getoption("--seeds")
        wanted = [*FIXED, *((2 + seed % 3, LONG + seed) for seed in range(more))]
        metafunc.parametrize(("laptops", "seed"), wanted)


def test_every_roster_ends_where_the_model_ends(tmp_path: Path, laptops: int, seed: int) -> None:
    world = live(tmp_path / "world", seed, laptops=laptops, steps=150 if seed > LONG else 50)
    met = verdicts(world)
    assert met.keys() >= {"accepted", "merged", "conflict"}
    conflicts = {(table, field) for _, table, _, field, _, _ in world.models[world.compound].state.conflicts}
    assert conflicts >= {("assignment", "double"), ("assignment", "full"), ("swap", "answered_by_id")}
