"""A small compound, and short ways to fill it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from registering import Register, made
from simulation.devices import Laptop


@pytest.fixture
def register(laptop: Laptop) -> Register:
    return Register(laptop)


@pytest.fixture
def settle(laptop: Laptop) -> Callable[..., UUID]:
    """Add a household with people and return its id; each person is a name or a mapping."""

    def add(code: str, *people: str | dict[str, Any], **fields: Any) -> UUID:
        occupants = [
            {
                "person": str(laptop.ids()),
                "occupancy": str(laptop.ids()),
                **({"name": who} if isinstance(who, str) else who),
            }
            for who in people
        ]
        return made(laptop.do("household.add", code=code, occupants=occupants, **fields))

    return add


@pytest.fixture
def acting_as(laptop: Laptop) -> Callable[..., Laptop]:
    """Return the same laptop with a new person of one role in front of it."""

    def sit_down(role: str | None, name: str = "李梅") -> Laptop:
        person = made(laptop.do("person.add", name=name))
        if role is not None:
            laptop.do("role.grant", person=str(person), role=role)
        return replace(laptop, person_id=person)

    return sit_down
