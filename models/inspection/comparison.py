"""What has become worse or better at a well between two walks. Pure.

Whoever compares two walks wants to know where to dig. So a level counts as
changed only where one of the two stands at half the pipe or higher: a well that
was dry and now runs says nothing but that somebody upstream washes dishes. What
was not seen is unknown, and unknown is neither worse nor better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from models.inspection.levels import BACKED_UP, Level
from models.inspection.rules import DEFECT_CODES, mud_is_deep

#: Less mud than this comes and goes with how the stick is held.
LEAST_MUD_MM: Final = 20

_RANK: Final = {
    Level.DRY.value: 0,
    Level.FLOWING.value: 1,
    Level.HALF.value: 2,
    Level.FULL.value: 3,
    Level.OVERFLOW.value: 4,
}
#: What can be seen of a well whose cover would not lift.
_OUTSIDE: Final = frozenset(DEFECT_CODES[: DEFECT_CODES.index("ladder")])


class Turn(StrEnum):
    """What a comparison amounts to, what asks for attention first."""

    WORSE = "worse"
    BETTER = "better"
    SAME = "same"
    UNSEEN = "unseen"


class What(StrEnum):
    """What has changed."""

    LEVEL = "level"
    MUD = "mud_mm"
    DEFECT = "defect"


@dataclass(frozen=True, slots=True)
class Side:
    """A well as one walk saw it. `defects` maps codes to grades, None where nobody graded."""

    level: str | None = None
    mud_mm: int | None = None
    defects: Mapping[str, int | None] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: `by` is in steps of the level, in mm of mud, in grades (1 for a defect that came or went).

    `defect` is its code, empty for level and mud.
    """

    what: What
    by: int
    defect: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """What is worse and what is better at one well; both are empty where one side was not seen."""

    worse: tuple[Change, ...]
    better: tuple[Change, ...]
    turn: Turn

    @property
    def severity(self) -> tuple[int, int, int]:
        """Order wells by it: steps of the level, then defects, then mud."""
        changes = self.worse if self.turn is Turn.WORSE else self.better
        weights = {what: sum(change.by for change in changes if change.what is what) for what in What}
        return weights[What.LEVEL], weights[What.DEFECT], weights[What.MUD]


def compare(then: Side | None, now: Side | None, *, diameter_mm: int | None) -> Compared:
    """Compare a well as an earlier and a later walk saw it; None is a walk that did not.

    A well of which one thing is worse and another better counts as worse.
    """
    if then is None or now is None:
        return Compared((), (), Turn.UNSEEN)
    worse = tuple(_worse(then, now, diameter_mm))
    better = tuple(_worse(now, then, diameter_mm))
    turn = Turn.WORSE if worse else Turn.BETTER if better else Turn.SAME
    if turn is Turn.SAME and (_shut(then) or _shut(now)):
        # A cover that would not lift showed nothing of the water.
        turn = Turn.UNSEEN
    return Compared(worse, better, turn)


def _worse(then: Side, now: Side, diameter_mm: int | None) -> Sequence[Change]:
    """Return what is worse now; turned round, it is what is better."""
    changes: list[Change] = []
    before, after = _RANK.get(then.level or ""), _RANK.get(now.level or "")
    if before is not None and after is not None and after > before and now.level in BACKED_UP:
        changes.append(Change(What.LEVEL, after - before))
    shut = _shut(then) or _shut(now)
    if then.mud_mm is not None and now.mud_mm is not None and not shut:
        grown = now.mud_mm - then.mud_mm
        past = mud_is_deep(now.mud_mm, diameter_mm) and not mud_is_deep(then.mud_mm, diameter_mm)
        if grown >= LEAST_MUD_MM or past:
            changes.append(Change(What.MUD, grown))
    had, has = then.defects or {}, now.defects or {}
    for code, grade in has.items():
        if shut and code not in _OUTSIDE:
            continue
        if code not in had:
            changes.append(Change(What.DEFECT, 1, code))
            continue
        was = had[code]
        if grade is not None and was is not None and grade > was:
            changes.append(Change(What.DEFECT, grade - was, code))
    return changes


def _shut(side: Side) -> bool:
    return side.level == Level.UNOPENED
