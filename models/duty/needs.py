"""What a shift's hands must have, spelled as it is stored and typed: `role:committee`, `skill:电工:2`, `team:水工`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from models.duty.rules import MOST_HANDS, Need, NeedKind
from models.operations.fields import LONGEST_NAME
from models.operations.roles import Role

#: Which roles stand for one that is asked for: whoever leads the committee is a member of it.
STANDS_FOR: Final = {Role.COMMITTEE: frozenset({Role.COMMITTEE, Role.DIRECTOR})}


def read_need(text: str) -> Need | None:
    """Return the need that a text spells, or None; the number may be left out and is 1."""
    kind, colon, rest = text.strip().partition(":")
    if not colon or kind not in set(NeedKind):
        return None
    value, _, number = rest.rpartition(":")
    if not value or not (number.isdecimal() and number.isascii()):
        value, number = rest, "1"
    value = value.strip()
    if not value or not 1 <= len(value) <= LONGEST_NAME or not 1 <= int(number[:3]) <= MOST_HANDS:
        return None
    if kind == NeedKind.ROLE and value not in set(Role):
        return None
    return Need(NeedKind(kind), value, int(number[:3]))


def spell_need(need: Need) -> str:
    """Return a need as it is stored."""
    return f"{need.kind.value}:{need.value}:{need.n}"


def needs_of(spelled: Iterable[str]) -> tuple[Need, ...]:
    """Return the needs that a row spells; what a newer version wrote and this one cannot read is left out."""
    return tuple(need for text in spelled if (need := read_need(text)) is not None)
