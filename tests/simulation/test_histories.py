"""Random histories: whatever people do apart and the road does to their messages, all agree in the end.

Each history is checked after every exchange against the replica invariant and,
push by push and at its quiet end, against the independent model. `--seeds N`
lives N histories more.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.history import FIXED, live, verdicts

LONG = 10_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        more = metafunc.config.getoption("--seeds")
        wanted = [*FIXED] + [(2 + seed % 3, LONG + seed) for seed in range(more)]
        metafunc.parametrize(("laptops", "seed"), wanted)


def test_every_replica_ends_where_the_model_ends(tmp_path: Path, laptops: int, seed: int) -> None:
    world = live(tmp_path / "world", seed, laptops=laptops, steps=150 if seed > LONG else 60)
    assert sum(verdicts(world).values()) > 20, "nobody did anything"


def test_the_fixed_histories_meet_what_they_are_for(tmp_path: Path) -> None:
    """A simulation in which nothing ever collides proves nothing."""
    laptops, seed = FIXED[0]
    met = verdicts(live(tmp_path / "world", seed, laptops=laptops, steps=0)).keys()
    assert met >= {"accepted", "merged", "conflict", "rejected row.archived", "rejected role.missing"}
