"""When a route is due: pure rules over days of the compound's zone.

**Slots.** A schedule by period has a slot for each period: slot k falls due k periods after `since`, and the
first on `since` itself. Months are counted from `since` each time, so that the 31st stays the 31st: 31 January,
28 February, 31 March. A slot opens a third of its period before its due day.

**What a walk covers.** A walk counts on the day it was finished, for the slot that opened last by then: one
walk, one slot. So a walk a few days early counts for the coming slot, a late one for the slot it is late for,
and the next due day is one period after the slot and not after the walk. Slots that passed without a walk are
forgiven by the next walk: nobody walks a route twice to make up for a missed month. A finished walk counts if
at least half of the route's points were seen on it (`LEAST_SEEN`): opening a walk and closing it again must not
silence a route for a month.

**After rain.** A route falls due on the day after a noted day of rain, unless a walk was finished since. A walk
that was finished on the day of rain itself may have been before the rain, and does not count.

A walk is in time up to `within_days` after its due day, and overdue from the day after. Walks and rain later
than `today` are no knowledge yet and are left out.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from models.inspection.rules import Every

_MONTHS: Final = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}
_WEEK: Final = 7
_EARLY: Final = 3  # a slot opens a third of its period early
_MONTHS_A_YEAR: Final = 12
_DAY: Final = timedelta(days=1)
#: A walk counts if this many times the points seen on it are the route's points, or more.
LEAST_SEEN: Final = 2


class DueState(StrEnum):
    """How a route stands, from calm to urgent. `soon` means that a walk would count for the coming slot."""

    OK = "ok"
    SOON = "soon"
    DUE = "due"
    OVERDUE = "overdue"


#: The states in which somebody ought to walk.
PRESSING: Final = frozenset({DueState.DUE, DueState.OVERDUE})


@dataclass(frozen=True, slots=True)
class Due:
    """When a route is to be walked next, and when it is too late; None while no rain asks for it."""

    due_on: date | None
    overdue_on: date | None
    state: DueState


def due(
    every: Every,
    since: date,
    *,
    within_days: int,
    walked: Iterable[date],
    rained: Iterable[date] = (),
    today: date,
) -> Due:
    """Return how a route stands; `walked` are the days on which walks over it were finished."""
    last = max((day for day in walked if day <= today), default=None)
    if every is Every.RAIN:
        asked = min((day for day in rained if since <= day <= today and _is_after(day, last)), default=None)
        if asked is None:
            return Due(None, None, DueState.OK)
        due_on, opens = asked + _DAY, asked
    else:
        slot = 0 if last is None else max(0, slot_of(every, since, last) + 1)
        due_on, opens = slot_day(every, since, slot), opens_on(every, since, slot)
    overdue_on = due_on + timedelta(days=within_days + 1)
    return Due(due_on, overdue_on, _state(today, opens=opens, due_on=due_on, overdue_on=overdue_on))


def _is_after(rain: date, walk: date | None) -> bool:
    return walk is None or walk <= rain


def _state(today: date, *, opens: date, due_on: date, overdue_on: date) -> DueState:
    if today >= overdue_on:
        return DueState.OVERDUE
    if today >= due_on:
        return DueState.DUE
    return DueState.SOON if today >= opens else DueState.OK


def slot_day(every: Every, since: date, slot: int) -> date:
    """Return the day on which a slot falls due; slots before `since` are negative."""
    if every is Every.WEEK:
        return since + timedelta(days=_WEEK * slot)
    years, month = divmod(since.month - 1 + _MONTHS[every] * slot, _MONTHS_A_YEAR)
    year, month = since.year + years, month + 1
    return date(year, month, min(since.day, monthrange(year, month)[1]))


def opens_on(every: Every, since: date, slot: int) -> date:
    """Return the first day on which a walk counts for a slot."""
    falls = slot_day(every, since, slot)
    period = (falls - slot_day(every, since, slot - 1)).days
    return falls - timedelta(days=period // _EARLY)


def slot_of(every: Every, since: date, day: date) -> int:
    """Return the slot that a walk on `day` counts for: the last that had opened; negative before the first."""
    if every is Every.WEEK:
        slot = (day - since).days // _WEEK
    else:
        slot = ((day.year - since.year) * _MONTHS_A_YEAR + day.month - since.month) // _MONTHS[every]
    # The guess is out by one or two: the calendar's months are uneven, and slots open early.
    while opens_on(every, since, slot) > day:
        slot -= 1
    while opens_on(every, since, slot + 1) <= day:
        slot += 1
    return slot
