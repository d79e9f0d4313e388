"""The spoken and written names of places, reduced to one key: rooms (楼-单元-房间) and drain wells.

Two people write the same flat as `１-1-1001`, `1栋1单元1001室` and `1001.0`; a register
that keeps all three has three flats. Everything here is pure text work.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

LONGEST_PART = 20
LONGEST_WELL_CODE = 32
_SHORT = 8

_DASHES = re.compile(r"\s*[‐‑‒–—―−﹣－ー─_/\\]\s*|\s*-\s*")
_FLOAT_INTEGER = re.compile(r"(\d+)\.0+")
_DATE = re.compile(r"(?:19|20|21)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}(?:日|[ T].*)?")
_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_BUILDING_WORDS = ("号楼", "栋楼", "栋", "幢", "座", "号", "#", "楼")
_UNIT_WORDS = ("单元", "门洞", "门")
_ROOM_WORDS = ("室", "房", "号", "户")
_SHOP_WORDS = ("商铺", "门面", "铺位", "店铺", "铺")
_SPOKEN = re.compile(
    r"(?P<building>.+?)\s*(?:号楼|栋|幢|座|#楼|#)\s*"
    r"(?:(?P<unit>.+?)\s*(?:单元|门洞)|(?P<shop>商铺|门面|铺位|店铺|铺)(?=.))\s*"
    r"(?P<room>.+?)"
)


class RoomCode(NamedTuple):
    """A room's key in its three parts; a shop's unit is `0`."""

    building: str
    unit: str
    room: str

    def __str__(self) -> str:
        return f"{self.building}-{self.unit}-{self.room}"


def _plain(text: str) -> str:
    flat = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(flat.split())


def looks_like_date(text: str) -> bool:
    """Whether a spreadsheet has probably turned a code such as `1-2-3` into a date."""
    return _DATE.fullmatch(_plain(text)) is not None


def _numeral(part: str) -> str:
    """`十二` as `12`; anything that is not a small Chinese number stays as it is."""
    tens, ten, ones = part.partition("十")
    if not ten:
        return str(_NUMERALS[part]) if part in _NUMERALS else part
    if (tens and tens not in _NUMERALS) or (ones and ones not in _NUMERALS):
        return part
    return str((_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0))


@lru_cache(maxsize=4096)
def _short_part(text: str, words: tuple[str, ...], dashes: bool) -> str | None:  # noqa: FBT001 -- a cache key
    return _make_part(text, words, dashes=dashes)


def _part(text: str, words: tuple[str, ...], *, dashes: bool = False) -> str | None:
    # Long texts are no room numbers and may be anything, even an identity number: they are not kept.
    if len(text) <= _SHORT:
        return _short_part(text, words, dashes)
    return _make_part(text, words, dashes=dashes)


def _make_part(text: str, words: tuple[str, ...], *, dashes: bool) -> str | None:
    """One part without its measure word and leading zeros, or None when it cannot be a part."""
    part = _DASHES.sub("-", _plain(text)).replace(" ", "")
    for word in words:
        if part.endswith(word) and len(part) > len(word):
            part = part.removesuffix(word)
            break
    # A spreadsheet drops leading zeros from numbers, so text must drop them too or keys differ.
    if whole := _FLOAT_INTEGER.fullmatch(part):
        part = whole[1]
    if part.isascii() and part.isdigit():
        part = part.lstrip("0") or "0"
    part = _numeral(part).upper()
    if not part or len(part) > LONGEST_PART or part.strip("-") != part or ("-" in part and not dashes):
        return None
    return None if any(unicodedata.category(c)[0] == "C" for c in part) else part


def building_part(text: str) -> str | None:
    return _part(text, _BUILDING_WORDS)


def unit_part(text: str) -> str | None:
    """The unit; a cell that says `商铺` means a shop, whose unit is `0`."""
    if _plain(text) in _SHOP_WORDS:
        return "0"
    return _part(text, _UNIT_WORDS)


def room_part(text: str) -> str | None:
    """The room or shop number; `101-1` (a divided flat) keeps its dash."""
    flat = _plain(text)
    for word in _SHOP_WORDS:
        if flat.startswith(word) and len(flat) > len(word):
            flat = flat.removeprefix(word)
            break
    return _part(flat, _ROOM_WORDS, dashes=True)


def room_code(building: str, unit: str, room: str) -> RoomCode | None:
    """The key from three separate cells, or None when one of them cannot be a part of a key."""
    if any(looks_like_date(text) for text in (building, unit, room)):
        return None
    first, second, third = building_part(building), unit_part(unit), room_part(room)
    if first is None or second is None or third is None:
        return None
    return RoomCode(first, second, third)


def parse_room_code(text: str) -> RoomCode | None:
    """The key from one text: `1-1-1001`, `1栋1单元1001`, `1号楼1单元1001室`, `2栋商铺5`; else None."""
    if looks_like_date(text):
        return None
    flat = _plain(text)
    if spoken := _SPOKEN.fullmatch(flat):
        unit = "0" if spoken["shop"] else spoken["unit"].strip(" -")
        code = room_code(spoken["building"], unit, spoken["room"].strip(" -"))
        if code is not None:
            return code
    parts = _DASHES.sub("-", flat).split("-", 2)
    return room_code(*parts) if len(parts) == 3 else None  # noqa: PLR2004


def well_code(text: str) -> str | None:
    """A well's code in one spelling (`ｗ－０１` is `W-01`), or None when the text cannot be a code."""
    code = _DASHES.sub(lambda dash: dash[0].strip() if dash[0].strip() in "/\\_" else "-", _plain(text))
    # An accent that stood behind a blank joins the letter before it, now that the blank is gone.
    code = unicodedata.normalize("NFKC", code.replace(" ", "").upper())
    if whole := _FLOAT_INTEGER.fullmatch(code):
        code = whole[1]
    if not code or len(code) > LONGEST_WELL_CODE or any(unicodedata.category(c)[0] == "C" for c in code):
        return None
    return code
