"""The fixtures stand: a founded laptop does things."""

from __future__ import annotations

from simulation.devices import Laptop


def test_a_founded_laptop_does_what_its_director_says(laptop: Laptop) -> None:
    laptop.do("household.add", code="3栋1单元502室", area=8050)
    assert laptop.ask("SELECT code, area FROM household") == [("3-1-502", 8050)]
