from __future__ import annotations

import pytest
from simulation.devices import Laptop
from station import settle


@pytest.fixture
def station(laptop: Laptop) -> Laptop:
    """A laptop of a compound with homes and people; its director sits there."""
    settle(laptop)
    return laptop
