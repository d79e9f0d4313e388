"""What a letter may say: its places to be filled, and what it must never threaten. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Place(StrEnum):
    """What stands in a letter in `{...}` and is filled in for each door."""

    COMPOUND = "compound"
    DOOR = "door"
    SUM = "sum"
    CAPITALS = "capitals"
    BILLS = "bills"
    SINCE = "since"
    UNTIL = "until"
    PAYEE = "payee"
    PAY_TO = "pay_to"
    DAY = "day"
    TODAY = "today"
    CONTACT = "contact"


_PLACE = re.compile(r"\{([^{}]*)\}")
_WIDE = str.maketrans({"｛": "{", "｝": "}"})
#: Cutting water, power, gas or heat to collect fees is unlawful (民法典 944, third paragraph); so is barring the door.
_CUTTING: Final = re.compile(
    r"(?:停|断|掐|切断|关闭|限制)(?:止)?(?:供)?(?:应)?(?:水|电|气|热|暖|梯|门禁)"
    r"|(?:cut|shut|turn|switch)\w*\s+(?:off|down)"
    r"|(?:cut|disconnect|stop|suspend)\w*\s+(?:\w+\s+){0,3}(?:water|power|electric|gas|heat|lift)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a letter's text: letter.place (nothing is called that), letter.brace, letter.cutting."""

    code: str
    text: str = ""


def canonical(text: str, aliases: Mapping[str, str] | None = None) -> str:
    """Return a text with its places by the names of Place; `aliases` are what they are called in a language."""
    called = aliases or {}

    def named(found: re.Match[str]) -> str:
        name = found[1].strip()
        return "{" + called.get(name, name.lower()) + "}"

    return _PLACE.sub(named, text.translate(_WIDE))


def wrong_with(text: str) -> Wrong | None:
    """Return the first thing for which a text cannot be a letter, or None."""
    known = {one.value for one in Place}
    for found in _PLACE.finditer(text):
        if found[1] not in known:
            return Wrong("letter.place", found[0])
    rest = _PLACE.sub("", text)
    for brace in "{}":
        if brace in rest:
            return Wrong("letter.brace", brace)
    cutting = _CUTTING.search(text)
    return None if cutting is None else Wrong("letter.cutting", cutting[0])


def filled(text: str, values: Mapping[Place, str]) -> str:
    """Return a text with its places filled; what is filled in is never read for places again."""
    names = {one.value: one for one in Place}

    def value(found: re.Match[str]) -> str:
        place = names.get(found[1])
        return found[0] if place is None else values.get(place, "")

    return _PLACE.sub(value, text)
