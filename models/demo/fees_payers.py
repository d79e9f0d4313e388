"""Who of the demo compound pays its fees, and from when on: ever more of them, until thirteen of a hundred yuan are still missing.

Who has a grievance pays last; empty flats are slow. Everything follows from the doors' codes, so it is the same each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Final

from models.demo.homes import homes

#: What share of each quarter's bills those who pay it come to, in parts of a thousand; some of them owe a rest.
PAID: Final = (375, 395, 415, 440, 475, 515, 560, 615, 675, 740, 805, 882)

#: Doors that wait for something to be put right; their tickets stand in stories.py.
GRIEVED: Final = ("1-1-101", "6-2-602", "3-2-502", "5-3-401", "1-2-302", "2-1-402")
#: Doors that owe without a grievance: who promised, who cannot pay, who will not.
PROMISED_TODAY, PROMISE_BROKEN, PROMISE_KEPT = "2-3-502", "3-1-602", "4-1-202"
HARDSHIP, REFUSED, AWAY = "4-2-402", "5-1-501", "2-0-6"
OWING: Final = (PROMISED_TODAY, PROMISE_BROKEN, HARDSHIP, REFUSED, AWAY)
#: Doors with a story of the last weeks: they have paid always, or pay then.
GRANTED, WRONGLY_BILLED, TWICE, TAKEN_BACK = "5-1-102", "5-2-302", "3-1-502", "6-1-202"
ALWAYS: Final = (TWICE, TAKEN_BACK, WRONGLY_BILLED, GRANTED, PROMISE_KEPT)


def chance(code: str, of: str, most: int) -> int:
    """Return a number below `most` that a door has for something."""
    return int.from_bytes(sha256(f"{of}:{code}".encode()).digest()[:6], "big") % most


@cache
def in_turn() -> tuple[str, ...]:
    """Return the doors in the order in which they began to pay."""

    def turn(code: str) -> tuple[int, int]:
        # One owner of an empty flat in three pays like everybody.
        place = chance(code, "turn", 1000)
        if code in GRIEVED or code in OWING:
            return 3, place
        if homes()[code].status == "空置":
            return 1 if place % 3 == 0 else 2, place
        return 0 if code in ALWAYS else 1, place

    return tuple(sorted(homes(), key=turn))


def payers(billed: Mapping[str, int], paid: int, doors: Sequence[str]) -> frozenset[str]:
    """Return who pays of those billed, first comers first, until so many thousandths of the whole are paid."""
    wanted = sum(billed.values()) * paid
    found: set[str] = set()
    for code in doors:
        fen = billed.get(code, 0) * 1000
        # Nearer with this door than without it: the last one overshoots as often as not.
        if fen and 2 * wanted < fen:
            break
        found.add(code)
        wanted -= fen
    return frozenset(found)


def clears(place: int) -> int | None:
    """Return in which quarter a door that is the `place`th to pay cleared its old debts, or None if it never had any."""
    return 3 + place // 9 if place % 9 == 4 and place < 54 else None  # noqa: PLR2004
