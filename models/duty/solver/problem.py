"""A roster to be made, and a roster made, as values: no database, no clock, no words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

#: A shift and somebody on it.
Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Wanted:
    """At least `n` of a shift's hands are among these people; `code` names the need for whoever is told."""

    n: int
    people: frozenset[UUID]
    code: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A shift to be filled: its hands, what it weighs (points for each hand), and what its hands must have."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    hands: int
    points: int
    week: tuple[int, int]  # ISO year and week of the day it begins on, in the compound's zone
    month: tuple[int, int]
    needs: tuple[Wanted, ...] = ()


class Bar(StrEnum):
    """Why somebody cannot be on a shift, whatever else is decided."""

    TEAM = "team"  # it is another pool's
    ROLE = "role"  # holds no role to serve
    CANNOT = "cannot"  # has said so
    PAUSE = "pause"
    ELSEWHERE = "elsewhere"  # is on a shift outside of what is being made


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who may be put on shifts.

    `owed` are the points they owe from before (negative: they have done more than
    their share), `share` how much of a plain share is theirs, in percent, and
    `present` in which part of the span they are there at all, in percent: a pause makes it
    less. `bars` are the slots that they cannot take, each with why. `wishes`: +1 rather, -1 rather not.
    Limits of None are no limits; `taken` are shifts in each week and month that stand outside of
    what is being made and count towards these, and `busy` the spans of those shifts, for the rest between.
    """

    id: UUID
    owed: int = 0
    share: int = 100
    present: int = 100
    most_per_week: int | None = None
    most_per_month: int | None = None
    bars: dict[UUID, Bar] = field(default_factory=dict)
    wishes: dict[UUID, int] = field(default_factory=dict)
    taken_weeks: dict[tuple[int, int], int] = field(default_factory=dict)
    taken_months: dict[tuple[int, int], int] = field(default_factory=dict)
    busy: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """Two people who want to sit together, or must not."""

    one: UUID
    other: UUID
    together: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be decided.

    `fixed` pairs stay, whatever they cost. Those of `standing` are what the roster was before: leaving one
    out, or adding another, is a change, and changes are as few as can be when `keep` is true.
    `forbidden` and `forced` are for asking what something would cost; a forced pair that a hard rule bars is left out.
    `waived` are rules let go this once, for the people and shifts they name.
    """

    slots: tuple[Slot, ...]
    workers: tuple[Worker, ...]
    ties: tuple[Tie, ...] = ()
    rest_minutes: int = 0
    fixed: frozenset[Pair] = frozenset()
    standing: frozenset[Pair] = frozenset()
    keep: bool = False
    forbidden: frozenset[Pair] = frozenset()
    forced: frozenset[Pair] = frozenset()
    waived: tuple[Relaxation, ...] = ()


class Phase(StrEnum):
    """What is made as good as can be, one after the other: what an earlier one reached, a later one keeps."""

    GAPS = "gaps"  # hands and needs that nobody fills
    CHANGES = "changes"  # from what stood, when that is asked
    SPREAD = "spread"  # how far people are from their fair share
    WISHES = "wishes"  # against what they would rather


@dataclass(frozen=True, slots=True)
class Reached:
    """What a phase reached, and what no roster could better: they are one when it is proven."""

    phase: Phase
    value: float
    bound: float

    @property
    def proven(self) -> bool:
        """Tell whether nothing better exists."""
        return self.value - self.bound <= TOLERANCE * max(1.0, abs(self.value))


TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Gap:
    """What a shift lacks: hands, or among its hands those that have what it needs (`need` is the code)."""

    slot: UUID
    missing: int
    need: str = ""


@dataclass(frozen=True, slots=True)
class Burden:
    """What a worker carries: the points of their shifts, what would be fair, and what they owe afterwards."""

    worker: UUID
    points: int
    fair: float
    owed_after: float
    shifts: int


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster made: the pairs of it, what it lacks, who carries what, and how good it is."""

    pairs: frozenset[Pair]
    gaps: tuple[Gap, ...]
    burdens: tuple[Burden, ...]
    reached: tuple[Reached, ...]
    changes: int
    wishes_met: int
    wishes_missed: int
    cancelled: bool = False

    @property
    def optimal(self) -> bool:
        """Tell whether every phase is proven."""
        return bool(self.reached) and all(one.proven for one in self.reached)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the search is: the phase, the best so far, what cannot be bettered, seconds since it began."""

    phase: Phase
    best: float | None
    bound: float | None
    seconds: float


class RuleKind(StrEnum):
    """A rule that may stand in the way of filling every shift."""

    REST = "rest"
    WEEK = "week"
    MONTH = "month"
    APART = "apart"
    NEED = "need"
    BAR = "bar"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A rule that, let go for somebody once, would help: `slot` (and `other`) are the shifts, `person` (and `second`) the people.

    `detail` is the bar's or the need's code, `by` how far a limit would be passed.
    """

    rule: RuleKind
    slot: UUID | None = None
    person: UUID | None = None
    other: UUID | None = None
    second: UUID | None = None
    detail: str = ""
    by: int = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody for a shift: what stands in their way, and how many points over their fair share they are now and would be then.

    `wish` is what they have said about it, `serves` how many unmet needs of the shift they would meet.
    """

    person: UUID
    obstacles: tuple[Relaxation, ...]
    over: int
    over_then: int
    wish: int = 0
    serves: int = 0


@dataclass(frozen=True, slots=True)
class Swapped:
    """Somebody whose burden another answer would change: which shifts they would get and lose."""

    person: UUID
    gains: tuple[UUID, ...]
    loses: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What another answer would cost: more gaps, points of spread, wishes missed, and whom it touches.

    `possible` is false when rules forbid it, and `obstacles` are these. `proven` is false when the time was up before
    nothing better was known to exist.
    """

    possible: bool
    gaps: int = 0
    spread: float = 0.0
    wishes: int = 0
    touched: tuple[Swapped, ...] = ()
    obstacles: tuple[Relaxation, ...] = ()
    proven: bool = True
