"""Words and pure rules of the register."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum


class Relation(StrEnum):
    """What a person is to a household."""

    OWNER = "owner"
    FAMILY = "family"
    TENANT = "tenant"
    TEMPORARY = "temporary"


class Subject(StrEnum):
    """What somebody answers for."""

    BUILDING = "building"
    FACILITY = "facility"
    ROAD = "road"
    GARDEN = "garden"


def holds_on(day: date, *, since: date | None, until: date | None) -> bool:
    """Tell whether a half-open span of days covers a day; None is open."""
    return (since is None or since <= day) and (until is None or day < until)


def natural_sort_key(code: str) -> str:
    """Return a key that sorts `1-2-302` before `1-10-101`: numbers by value, text after numbers."""
    return "".join(
        f"0{int(part):012d}" if part.isdigit() else f"1{part}" for part in re.findall(r"\d+|\D", code)
    )
