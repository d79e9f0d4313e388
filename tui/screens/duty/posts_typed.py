"""What people type of a shift: when it begins, how long it is, on which days of the month. Pure; draws nothing."""

from __future__ import annotations

import re
from typing import Final

from models.duty.rules import LONGEST_SHIFT, MINUTES_A_DAY
from models.text import normalise
from tui.screens.duty.times import read_clock

_HOURS: Final = re.compile(r"(\d{1,2}(?:\.\d{1,2})?) ?(?:小时|个小时|hours|hour|h)")
_MINUTES: Final = re.compile(r"(\d{1,4}) ?(?:分钟|分|minutes|min)")
_LAST: Final = frozenset({"末", "月末", "最后一天", "last", "-1"})
_BETWEEN: Final = re.compile(r"[\s,，、;；]+")
_SPAN: Final = re.compile(r"\s*(?:[-–—~～至到]|to)\s*")
_SHORTEST, _LONGEST_MONTH, _MINUTES_AN_HOUR = 5, 31, 60


def read_length(text: str, starts: int) -> int | None:
    """Return how many minutes a shift lasts that begins at `starts`, or None.

    What is typed is its end (`11:30`; not after the begin, it is the next day's), or its length (`3小时`, `90 min`).
    """
    flat = normalise(text).lower()
    if (found := _HOURS.fullmatch(flat)) is not None:
        minutes = round(float(found[1]) * _MINUTES_AN_HOUR)
    elif (found := _MINUTES.fullmatch(flat)) is not None:
        minutes = int(found[1])
    else:
        ends = read_clock(flat)
        if ends is None:
            return None
        minutes = ends - starts if ends > starts else ends - starts + MINUTES_A_DAY
    return minutes if _SHORTEST <= minutes <= LONGEST_SHIFT else None


def read_month_days(text: str) -> list[int] | None:
    """Return typed days of the month (`1、15、月末`, `-2` for the last but one), -1 being the last; None where one is none."""
    found = set()
    for part in _BETWEEN.split(normalise(text).lower().replace("last day", "last")):
        word = part.removesuffix("日").removesuffix("号")
        if not word:
            continue
        if part in _LAST:
            found.add(-1)
        elif (
            (digits := word.removeprefix("-")).isascii()
            and digits.isdecimal()
            and 1 <= int(digits[:3]) <= _LONGEST_MONTH
        ):
            found.add(int(word[:4]))
        else:
            return None
    return sorted(found)


def read_span(text: str) -> tuple[int, int] | None:
    """Return a typed span of a day in minutes after midnight (`18:00-21:00`, `18-21`), or None."""
    parts = [read_clock(part) for part in _SPAN.split(normalise(text))]
    if len(parts) != 2 or parts[0] is None or parts[1] is None:  # noqa: PLR2004  # from and to
        return None
    return (parts[0], parts[1]) if parts[0] < parts[1] else None
