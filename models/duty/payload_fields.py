"""The kinds of value that operations on duty carry, each checked once, where it enters."""

from __future__ import annotations

import re
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from models.duty.needs import read_need, spell_need
from models.duty.rules import (
    LONGEST_SHIFT,
    MINUTES_A_DAY,
    MOST_HANDS,
)
from models.operations.fields import Note
from models.operations.registry import Ref
from models.text import normalise

#: So many rows go in one operation of a roster.
MOST_ROWS = 400
#: Ten million yuan, in fen.
MOST_CASH = 1_000_000_000
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")
_LAST_HOUR, _LAST_MINUTE = 24, 59

PostRef = Annotated[UUID, Ref("post")]
TemplateRef = Annotated[UUID, Ref("shift_template")]
ShiftRef = Annotated[UUID, Ref("shift")]
AssignmentRef = Annotated[UUID, Ref("assignment")]
SwapRef = Annotated[UUID, Ref("swap")]
CheckInRef = Annotated[UUID, Ref("checkin")]
HandOverRef = Annotated[UUID, Ref("handover")]


def _minutes(value: object) -> object:
    """Read a time of day: minutes after midnight, or `8:30`."""
    if not isinstance(value, str):
        return value
    found = _CLOCK.fullmatch(normalise(value))
    if found is None:
        return value
    hours, minutes = int(found[1]), int(found[2])
    if hours > _LAST_HOUR or minutes > _LAST_MINUTE:
        raise PydanticCustomError("clock_invalid", "not a time of day")
    return hours * 60 + minutes


def _need(value: str) -> str:
    need = read_need(normalise(value))
    if need is None:
        raise PydanticCustomError("need_invalid", "not a need")
    return spell_need(need)


def _sorted(values: list[int]) -> list[int]:
    return sorted(set(values))


def _month_day(value: int) -> int:
    if value == 0:
        raise PydanticCustomError("month_day_invalid", "no day of a month")
    return value


#: A time of day in minutes after midnight; `8:30` is read as well.
Clock = Annotated[int, BeforeValidator(_minutes), Field(ge=0, lt=MINUTES_A_DAY)]
ClockEnd = Annotated[int, BeforeValidator(_minutes), Field(ge=0, le=MINUTES_A_DAY)]
Length = Annotated[int, Field(ge=5, le=LONGEST_SHIFT)]
Hands = Annotated[int, Field(ge=1, le=MOST_HANDS)]
NeedText = Annotated[str, AfterValidator(_need)]
Needs = Annotated[list[NeedText], Field(max_length=10)]
Weekdays = Annotated[list[Annotated[int, Field(ge=1, le=7)]], AfterValidator(_sorted), Field(max_length=7)]
MonthDays = Annotated[
    list[Annotated[int, Field(ge=-31, le=31), AfterValidator(_month_day)]],
    AfterValidator(_sorted),
    Field(max_length=31),
]
Points = Annotated[int, Field(ge=0, le=1_000_000)]
SignedPoints = Annotated[int, Field(ge=-10_000_000, le=10_000_000)]
Fen = Annotated[int, Field(ge=0, le=MOST_CASH)]
Percent = Annotated[int, Field(ge=0, le=1_000)]
Reason = Annotated[Note, Field(min_length=1)]
