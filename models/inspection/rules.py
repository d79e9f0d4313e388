"""Words and pure rules of inspection; the sewer network and the locator have files of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from uuid import UUID

from models.inspection.levels import Level

__all__ = [
    "DEFECT_CODES",
    "Answer",
    "Every",
    "Level",
    "PipeSystem",
    "PointKind",
    "State",
    "asks_for_attention",
    "failed_items",
    "state_of",
    "unanswered",
]


class PointKind(StrEnum):
    """What a point is."""

    WELL = "well"
    OUTFALL = "outfall"
    LAMP = "lamp"
    EXTINGUISHER = "extinguisher"
    HYDRANT = "hydrant"
    ESCAPE = "escape"  # an escape route with its fire doors
    LIFT = "lift"
    CHARGER = "charger"  # where electric bicycles are charged
    ROAD = "road"
    GARDEN = "garden"
    CUSTOM = "custom"


class PipeSystem(StrEnum):
    """What a pipe carries."""

    FOUL = "foul"
    RAIN = "rain"
    COMBINED = "combined"


class Every(StrEnum):
    """How often a route is to be walked."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    RAIN = "rain"


class Answer(StrEnum):
    """How a checklist question is answered."""

    YES_NO = "yes_no"
    GRADE = "grade"
    NUMBER = "number"
    TEXT = "text"


class State(StrEnum):
    """What an observation amounts to, from calm to urgent."""

    NORMAL = "normal"
    WATCH = "watch"
    BAD = "bad"
    UNOPENED = "unopened"


#: Drain wells of formats: outside, then inside, then the pipe defects of CJJ 181-2012.
DEFECT_CODES: tuple[str, ...] = (
    "buried",
    "cover_missing",
    "cover_broken",
    "frame_broken",
    "gap",
    "height_difference",
    "sunken",
    "rocking",
    "road_damage",
    "wrong_mark",
    "lock",
    "ladder",
    "silt",
    "crack",
    "seepage",
    "plaster",
    "hole",
    "channel",
    "slow_flow",
    "scum",
    "fall_net",
    "PL",
    "BX",
    "FS",
    "CK",
    "QF",
    "TJ",
    "TL",
    "AJ",
    "CR",
    "SL",
    "CJ",
    "JG",
    "ZW",
    "CQ",
    "SG",
    "FZ",
    "other",
)

#: The most urgent defects on foot: somebody may fall in.
_DANGEROUS = frozenset({"cover_missing", "cover_broken", "frame_broken", "hole"})
_GRADE_BAD = 3


def mud_is_deep(mud_mm: int | None, diameter_mm: int | None) -> bool:
    """Tell whether mud is past one fifth of the pipe's diameter (well inspection form; 300 mm if unknown)."""
    return mud_mm is not None and mud_mm * 5 > (diameter_mm or 300)


def asks_for_attention(answer: object) -> bool:
    """Tell whether the answer to a checklist question is a bad one: a no, or a grade of 3 and more.

    A whole number is a grade; a number that was measured or read off is kept as a float, and is neither.
    """
    return answer is False or (type(answer) is int and answer >= _GRADE_BAD)


def failed_items(items: Iterable[UUID | str], answers: Mapping[str, object]) -> tuple[str, ...]:
    """Return which of these questions have a bad answer, in their order: from each a ticket may be raised.

    `answers` is keyed as observations keep them, by the ids of the questions as text.
    """
    return tuple(str(item) for item in items if asks_for_attention(answers.get(str(item))))


def unanswered(
    required: Iterable[UUID | str], answers: Mapping[str, object], level: str | None
) -> tuple[str, ...]:
    """Return which required questions are left open; behind a cover that would not lift nobody can answer any."""
    if level == Level.UNOPENED:
        return ()
    return tuple(str(item) for item in required if answers.get(str(item)) in {None, ""})


def state_of(
    *,
    level: str | None,
    mud_mm: int | None = None,
    diameter_mm: int | None = None,
    defects: Iterable[Mapping[str, object]] = (),
    answers: Mapping[str, object] | None = None,
) -> State:
    """Return what an observation amounts to, the worst of its parts."""
    if level == Level.UNOPENED:
        return State.UNOPENED
    found = list(defects)
    grades = [grade for defect in found if isinstance(grade := defect.get("grade"), int)]
    if (
        level in {Level.FULL, Level.OVERFLOW}
        or any(grade >= _GRADE_BAD for grade in grades)
        or any(defect.get("code") in _DANGEROUS for defect in found)
    ):
        return State.BAD
    if (
        level == Level.HALF
        or mud_is_deep(mud_mm, diameter_mm)
        or found
        or failed_items(answers or (), answers or {})
    ):
        return State.WATCH
    return State.NORMAL
