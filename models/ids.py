"""Identifiers: UUIDv7 for what a person makes, UUIDv5 for what a handler adds.

Neither function reads a clock or a random source; both are arguments, so that
a test can replay a history id by id.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid5

NewId = Callable[[], UUID]

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62


def uuid7(unix_ms: int, randomness: bytes) -> UUID:
    """Return the UUIDv7 of RFC 9562, section 5.7.

    `unix_ms` counts milliseconds since 1970 in UTC; of `randomness` the first
    ten bytes are used. Ids of one millisecond are unordered among themselves.
    """
    noise = int.from_bytes(randomness[:10], "big")
    rand_a = (noise >> 68) & 0xFFF
    rand_b = noise & ((1 << 62) - 1)
    return UUID(int=((unix_ms & ((1 << 48) - 1)) << 80) | _VERSION_7 | (rand_a << 64) | _VARIANT | rand_b)


def derived_id(operation_id: UUID, table: str, natural_key: str) -> UUID:
    """Return the id of a row that a handler adds while applying an operation.

    It depends on the operation and the row's natural key alone, never on the
    order or the state in which rows are met, so that laptop and server agree.
    """
    return uuid5(operation_id, f"{table}\x1f{natural_key}")


def twin_of(device_id: UUID) -> UUID:
    """Return the name for what was counted beside a laptop under its name (see models.replication.twins)."""
    return uuid5(device_id, "twin")
