"""Laptops on the road, as a state machine: hypothesis looks for the shortest history that goes wrong."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from simulation import faults
from simulation.happenings import HAPPENINGS
from simulation.history import Life
from simulation.network import Fault, narrow
from simulation.travels import Happening, NetWorld

PLACES = st.integers(0, 1)


class Travels(RuleBasedStateMachine):
    """Two laptops; each rule is one thing that happens, and the world checks itself after each."""

    @initialize(seed=st.integers(0, 3), rows=st.sampled_from([5, 400]))
    def begin(self, seed: int, rows: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="linli-travels-"))
        self.narrowed = narrow(rows=rows, operations=4, logged=7)
        self.narrowed.__enter__()
        self.world = NetWorld(self.folder / "world", seed, laptops=2)
        self.life = Life(self.world)
        self.life.begin()

    @rule(place=PLACES, times=st.integers(1, 3))
    def acts(self, place: int, times: int) -> None:
        for _ in range(times):
            self.life.compound = self.world.compound
            self.life.act(place)

    @rule(place=PLACES)
    def syncs(self, place: int) -> None:
        self.world.sync(place)

    @rule(place=PLACES, fault=st.sampled_from(faults.ROAD), at=st.integers(0, 4))
    def syncs_badly(self, place: int, fault: Fault, at: int) -> None:
        self.world.sync(place, faults=[*[faults.fine] * at, fault])

    @rule(place=PLACES, happen=st.sampled_from([happen for _, happen in HAPPENINGS]))
    def something_happens(self, place: int, happen: Happening) -> None:
        happen(self.world, place, self.world.compound)

    @invariant()
    def nothing_is_lost(self) -> None:
        if hasattr(self, "world"):
            assert self.world.made.keys() - self.world.lost <= self.world.found_anywhere()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                self.world.settle()
            finally:
                self.world.close()
                self.narrowed.__exit__(None, None, None)
                shutil.rmtree(self.folder, ignore_errors=True)


TestTravels = Travels.TestCase
TestTravels.settings = settings(
    max_examples=3,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
