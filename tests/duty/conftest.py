from __future__ import annotations

import pytest
from desk_station import settle
from simulation.devices import Laptop


@pytest.fixture
def station(laptop: Laptop) -> Laptop:
    """A laptop of a compound with volunteers and a desk; its director sits there."""
    settle(laptop)
    return laptop
