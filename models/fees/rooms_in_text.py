"""Which home somebody means who writes a room number beside a payment, in any of its spellings. Pure.

`3-1-502`, `3栋1单元502`, `三号楼一单元502室`, `3#502`, `0301502`, `502`: the fuller a number is, the surer the home. What is
read is looked up among the homes that exist, so that a day, an amount or a telephone number is seldom taken for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar
from uuid import UUID

from models.codes import RoomCode, building_part, parse_room_code, room_part, unit_part

_READ = 200
_NUMERAL = "零〇一二三四五六七八九"
_CHINESE = f"[{_NUMERAL}十两]{{1,3}}"
_BUILDING = r"\d{1,4}|[A-Z]\d{0,2}|" + _CHINESE
_UNIT = r"\d{1,2}|[A-Z]|" + _CHINESE
_ROOM = rf"\d{{1,4}}(?:-\d{{1,2}}(?!\d))?[A-Z]?(?![A-Z0-9])|[{_NUMERAL}]{{3,4}}"
_BUILDING_WORD = r"(?:号楼|栋楼|#楼|号院|栋|幢|座|#|号|楼)"
_UNIT_WORD = r"(?:单元|门洞|门|梯|-|#)"
_SHOP = r"(?:商铺|门面|铺位|店铺|铺)"
_APART = r"(?:\s?[-./_、,~]\s?|\s)"
_FREE = r"(?<![\dA-Z¥])(?<!\d[-./:])"
_NO_AMOUNT = r"(?!\d|\.\d|:|\s*(?:元|块|圆|度|吨|年|月|日|%|期|个|号楼|栋|幢|座|单元|#))"
_PAIR = re.compile(
    rf"{_FREE}(?P<b>\d{{1,3}}|[A-Z]\d{{0,2}})(?:\s?[-/_#~]\s?|\s)(?P<r>\d{{3,4}}[A-Z]?){_NO_AMOUNT}"
)
_IN_UNIT = re.compile(
    rf"(?<![\d])(?P<u>{_UNIT})(?:单元|门洞|门)[-\s]?(?:\d{{1,2}}[楼层][-\s]?)?(?P<r>{_ROOM})"
)
_COMPACT = re.compile(rf"{_FREE}(?<![-.])(?P<c>\d{{5,9}}|[A-Z]\d{{4,8}}){_NO_AMOUNT}")
_ALONE = re.compile(rf"{_FREE}(?<![-.])(?P<r>\d{{3,4}}[A-Z]?){_NO_AMOUNT}(?!-\d)")
_ALONE_SPOKEN = re.compile(rf"(?<![{_NUMERAL}])(?P<r>[{_NUMERAL}]{{3,4}})(?=室|房|户)")
_FLOOR = re.compile(r"\s?楼")
_DIGITS = str.maketrans(_NUMERAL, "00123456789")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−_", "-"))
#: Below this, an unknown number in three parts is rather a day than a room.
_ROOM_DIGITS = 3


Key = TypeVar("Key")


class How(StrEnum):
    """How fully a home was named, the surest first."""

    EXACT = "exact"
    BUILDING = "building"
    #: `2-502` where there is a building 2 and a unit 2 as well.
    PAIR = "pair"
    COMPACT = "compact"
    UNIT = "unit"
    ROOM = "room"
    #: A room in full that is not among the homes.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mention:
    """A number that names homes: one, or several where it does not say which. `text` is as written."""

    how: How
    text: str
    homes: tuple[UUID, ...]


class _Found(NamedTuple):
    how: How
    match: re.Match[str]
    homes: tuple[UUID, ...]


class RoomIndex:
    """The homes by every spelling of their number; built once, then asked for each text."""

    def __init__(self, homes: Iterable[tuple[UUID, str]]) -> None:
        self._exact: dict[RoomCode, UUID] = {}
        parts: list[tuple[UUID, RoomCode]] = []
        for home, written in homes:
            code = parse_room_code(written)
            if code is not None:
                self._exact.setdefault(code, home)
                parts.append((home, code))
        self._building = _several(((code.building, code.room), home) for home, code in parts)
        self._unit = _several(((code.unit, code.room), home) for home, code in parts)
        self._room = _several((code.room, home) for home, code in parts)
        self._compact = _several((text, home) for home, code in parts for text in _compact(code))
        own = _own_names(code.building for _, code in parts)
        own_units = _own_names(code.unit for _, code in parts)
        building, unit = f"{own}{_BUILDING}", f"{own_units}{_UNIT}"
        # Nobody says 栋 after a name: 东苑1单元301.
        ends = "".join(
            sorted({re.escape(code.building[-1]) for _, code in parts if not code.building.isascii()})
        )
        word = f"(?:{_BUILDING_WORD}|(?<=[{ends}]))" if ends else _BUILDING_WORD
        self._spoken = re.compile(
            rf"(?<![\d月])(?P<b>{building})\s?{word}[-\s]?"
            rf"(?:(?P<u>{unit})\s?{_UNIT_WORD}[-\s]?)?(?:\d{{1,2}}[楼层][-\s]?)?(?P<s>{_SHOP})?(?P<r>{_ROOM})"
        )
        self._dashed = re.compile(
            rf"{_FREE}(?P<b>{building}){_APART}(?P<u>{unit}){_APART}(?P<r>{_ROOM})(?!\d)"
        )

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the homes a text names. A number that says less counts only where none says more."""
        plain = unicodedata.normalize("NFKC", text[:_READ]).upper().translate(_DASHES)
        if not any(character.isdigit() or character in _NUMERAL for character in plain):
            return ()
        found: dict[tuple[UUID, ...] | str, Mention] = {}

        def keep(hits: Iterable[_Found]) -> None:
            nonlocal plain
            rest, end = [], 0
            for how, match, homes in hits:
                found.setdefault(homes or match[0], Mention(how, match[0].strip(), homes))
                rest.append(plain[end : max(end, match.start())])
                end = match.end()
            plain = "\n".join([*rest, plain[end:]])

        keep(self._full(self._spoken, plain))
        keep(self._full(self._dashed, plain))
        keep(self._in_building(plain))
        keep(self._pairs(plain))
        if not found:
            keep(self._looked_up(How.COMPACT, _COMPACT, plain, self._compact))
        if not found:
            keep(self._in_units(plain))
        if not found:
            keep(self._looked_up(How.ROOM, _ALONE, plain, self._room))
            keep(self._looked_up(How.ROOM, _ALONE_SPOKEN, plain, self._room))
        return tuple(found.values())

    def _full(self, pattern: re.Pattern[str], plain: str) -> Iterator[_Found]:
        for match in pattern.finditer(plain):
            named = match.groupdict()
            if named["u"] is None and not named.get("s"):
                continue
            building, unit = building_part(named["b"]), "0" if named.get("s") else unit_part(named["u"])
            rooms = _rooms(named["r"])
            if building is None or unit is None or not rooms:
                continue
            codes = (RoomCode(building, unit, room) for room in rooms)
            home = next((self._exact[code] for code in codes if code in self._exact), None)
            if home is not None:
                yield _Found(How.EXACT, match, (home,))
            elif len(rooms[-1]) >= _ROOM_DIGITS:
                yield _Found(How.UNKNOWN, match, ())

    def _in_building(self, plain: str) -> Iterator[_Found]:
        for match in self._spoken.finditer(plain):
            building = building_part(match["b"]) or ""
            # 5楼502 is on the fifth floor of whoever knows which building.
            if (
                match["u"]
                or match["s"]
                or (_FLOOR.match(plain, match.end("b")) and match["r"].startswith(building))
            ):
                continue
            homes = _first(self._building, ((building, room) for room in _rooms(match["r"])))
            if homes:
                yield _Found(How.BUILDING, match, homes)

    def _pairs(self, plain: str) -> Iterator[_Found]:
        for match in _PAIR.finditer(plain):
            room = room_part(match["r"]) or ""
            homes = self._building.get((building_part(match["b"]) or "", room), ())
            others = tuple(
                home for home in self._unit.get((unit_part(match["b"]) or "", room), ()) if home not in homes
            )
            if homes:
                yield _Found(How.PAIR if others else How.BUILDING, match, homes)
            if others:
                yield _Found(How.UNIT, match, others)

    def _in_units(self, plain: str) -> Iterator[_Found]:
        for match in _IN_UNIT.finditer(plain):
            unit = unit_part(match["u"]) or ""
            homes = _first(self._unit, ((unit, room) for room in _rooms(match["r"])))
            if homes:
                yield _Found(How.UNIT, match, homes)

    @staticmethod
    def _looked_up(
        how: How, pattern: re.Pattern[str], plain: str, index: dict[str, tuple[UUID, ...]]
    ) -> Iterator[_Found]:
        for match in pattern.finditer(plain):
            homes = index.get(match[1].translate(_DIGITS), ())
            if homes:
                yield _Found(how, match, homes)


def _first(
    index: dict[tuple[str, str], tuple[UUID, ...]], keys: Iterable[tuple[str, str]]
) -> tuple[UUID, ...]:
    return next((index[key] for key in keys if key in index), ())


def _rooms(text: str) -> tuple[str, ...]:
    """Return what a room may be called: as written, and without what follows a dash, which may be a month."""
    spoken = text.translate(_DIGITS) if text[0] in _NUMERAL else text
    whole = room_part(spoken)
    shorter = room_part(spoken.split("-")[0]) if "-" in spoken else None
    return tuple(room for room in (whole, shorter) if room)


def _compact(code: RoomCode) -> Iterator[str]:
    """Yield a code's digits run together: `31502`, `0301502`, `03010502`."""
    building, unit, room = code
    if room.isascii() and room.isalnum() and unit.isdigit() and building.isascii() and building.isalnum():
        yield from {
            f"{building}{unit}{room}",
            f"{building.zfill(2)}{unit.zfill(2)}{room}",
            f"{building.zfill(2)}{unit.zfill(2)}{room.zfill(4)}",
            f"{building}{unit.zfill(2)}{room}",
            f"{building.zfill(2)}{unit}{room}",
            # Building and room alone may read the same as another home in full: then neither is sure.
            f"{building}{room}",
        }


def _own_names(parts: Iterable[str]) -> str:
    """Return a pattern for the names of buildings or units that are no plain number or letter, longest first."""
    names = sorted(
        {part for part in parts if not re.fullmatch(r"\d+|[A-Z]\d{0,2}", part)},
        key=lambda name: (-len(name), name),
    )
    return "".join(f"{re.escape(name)}|" for name in names)


def _several(pairs: Iterable[tuple[Key, UUID]]) -> dict[Key, tuple[UUID, ...]]:
    found: defaultdict[Key, dict[UUID, None]] = defaultdict(dict)
    for key, home in pairs:
        found[key][home] = None
    return {key: tuple(homes) for key, homes in found.items()}
