"""What residents of the demo asked for in a year: small jobs, a line each in the book beside this file, and longer stories.

Days count backwards from the day the demo is made. On day 0 the hour counts
backwards too, so that what is of today lies before now whenever that is.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from models.demo.volunteers import (
    DEPUTY,
    DIRECTOR,
    TREASURER,
    TYPIST,
    VISITOR,
)

CARPENTER, HELPER, BARBER = "欧阳建平", "肖丽娟", "贺冬梅"
CURRENT, FORMER = "2栋停电检修", "5栋停水"


@dataclass(frozen=True, slots=True)
class Kind:
    """What the compound has set for a kind of job: hours to claim and to finish, the team, the skill."""

    code: str
    accept: int
    finish: int
    urgency: str
    team: str
    skill: str = ""


KINDS: Final = (
    Kind("drain", 4, 48, "urgent", "管道疏通队", "管道"),
    Kind("water", 4, 48, "urgent", "水电维修队", "水电"),
    Kind("power", 2, 24, "urgent", "水电维修队", "水电"),
    Kind("lamp", 24, 72, "normal", "水电维修队", "水电"),
    Kind("door", 24, 96, "normal", "木工家电队", "修锁"),
    Kind("elder", 24, 72, "normal", "爱心探访队"),
    Kind("paper", 24, 120, "normal", "文书代办队", "文书"),
    Kind("家电", 48, 240, "normal", "木工家电队"),
    Kind("理发", 48, 168, "normal", "爱心探访队", "理发"),
)


@dataclass(frozen=True, slots=True)
class Small:
    """A job that went as it should: asked for, claimed, done `later` days after, rated. Cost in fen."""

    day: int
    where: str
    category: str
    what: str
    channel: str
    doer: str
    later: int
    done: str
    minutes: int
    cost: int
    parts: str
    score: int
    said: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a ticket: on which day before today and at which hour, and by whom."""

    day: int
    hour: float
    by: str
    kind: str
    words: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """A ticket with what happened to it. `name` is what other stories call it by; `seen` a well of this morning's walk."""

    day: int
    hour: float
    by: str
    where: str
    category: str
    what: str
    steps: tuple[Step, ...] = ()
    channel: str = "walk_in"
    urgency: str = ""
    hands: int = 1
    name: str = ""
    requester: str = ""
    seen: str = ""


#: Who sat at the desk, turn about.
AT_THE_DESK: Final = (DEPUTY, HELPER, TYPIST, TREASURER, VISITOR, DIRECTOR)

#: The small jobs are kept as a station keeps its book: one line each, costs in fen.
_BOOK: Final = Path(__file__).with_name("asked.csv")


@cache
def small_jobs() -> tuple[Small, ...]:
    """Return the small jobs of the year, the oldest first."""
    with _BOOK.open(encoding="utf-8", newline="") as file:
        return tuple(_small(row) for row in csv.DictReader(file))


def _small(row: Mapping[str, str]) -> Small:
    return Small(
        day=int(row["几天前"]),
        where=row["哪里"],
        category=row["类别"],
        what=row["事由"],
        channel=row["来源"],
        doer=row["谁办"],
        later=int(row["几天后"]),
        done=row["怎么办的"],
        minutes=int(row["分钟"]),
        cost=int(row["费用(分)"]),
        parts=row["配件"],
        score=int(row["评分"]),
        said=row["评语"],
    )
