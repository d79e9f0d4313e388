"""The six words for the water in a drain well."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """Water against the well's outgoing pipe, as the drain-well survey form defines it."""

    DRY = "dry"  # no water
    FLOWING = "flowing"  # below half the pipe
    HALF = "half"  # from half the pipe to its crown
    FULL = "full"  # at or above the crown
    OVERFLOW = "overflow"  # at or above the cover
    UNOPENED = "unopened"  # the cover would not lift


BACKED_UP = frozenset({Level.HALF, Level.FULL, Level.OVERFLOW})
SURCHARGED = frozenset({Level.FULL, Level.OVERFLOW})
