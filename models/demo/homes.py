"""Who lives where in the demo compound: its buildings, and the household list beside this file.

`households.csv` is written the way a property office keeps such a list: one
row per person, the room's columns in the first. Every name is invented, and
every phone starts with 1990000.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from models.community.rules import Relation

_LIST: Final = Path(__file__).with_name("households.csv")
_SEXES: Final = {"男": "male", "女": "female"}
_RELATIONS: Final = {"业主": Relation.OWNER, "家属": Relation.FAMILY, "租户": Relation.TENANT}


@dataclass(frozen=True, slots=True)
class House:
    """A building of the old plant's dormitories."""

    code: str
    name: str
    note: str
    floors: int = 6


HOUSES: Final = (
    House("1", "红砖楼", "1984年建，三个单元，厨房下水是铸铁管。"),
    House("2", "门面楼", "1997年建，三个单元，一楼是六间门面，住户从二楼起。"),
    House("3", "", "1988年建，两个单元，和4栋同一张图纸。"),
    House("4", "", "1988年建，两个单元。2016年换过屋后下水管。"),
    House("5", "", "1993年建，三个单元，顶楼有隔热层。"),
    House("6", "集资楼", "1999年集资建房，两个单元，户型最大。"),
)


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody's time in a household; `until` is None while it lasts."""

    name: str
    sex: str
    relation: Relation
    phones: tuple[str, ...]
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Home:
    """A flat or a shop with everybody the list knows of. Areas in 1/100 m²."""

    code: str
    floor: int
    area: int
    indoor_area: int
    kind: str
    layout: str
    status: str
    note: str
    residents: tuple[Resident, ...] = ()


@cache
def homes() -> Mapping[str, Home]:
    """Return the household list by code, in the order of the stairs."""
    found: dict[str, Home] = {}
    for row in _rows():
        code = row["房号"]
        home = found.get(code) or _home(row)
        found[code] = replace(home, residents=(*home.residents, _resident(row)))
    return found


def _rows() -> Iterator[dict[str, str]]:
    with _LIST.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _home(row: Mapping[str, str]) -> Home:
    return Home(
        code=row["房号"],
        floor=int(row["楼层"]),
        area=_hundredths(row["建筑面积"]),
        indoor_area=_hundredths(row["室内面积"]),
        kind=row["房屋类型"],
        layout=row["户型"],
        status=row["状态"],
        note=row["备注"],
    )


def _resident(row: Mapping[str, str]) -> Resident:
    return Resident(
        name=row["姓名"],
        sex=_SEXES[row["性别"]],
        relation=_RELATIONS[row["关系"]],
        phones=(row["手机号"],) if row["手机号"] else (),
        since=date.fromisoformat(f"{row['起']}-01"),
        until=date.fromisoformat(f"{row['止']}-01") if row["止"] else None,
    )


def _hundredths(square_metres: str) -> int:
    whole, _, part = square_metres.partition(".")
    return int(whole) * 100 + int(f"{part:0<2}")
