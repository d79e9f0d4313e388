"""What the roster asks of the store; runs in worker threads. Its cost follows the weeks on screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.balances import next_month
from models.duty.calendar import calendar_for
from models.duty.queries import ShiftLine, count_drafts, shifts_between
from models.duty.queries_setup import own_days
from models.duty.rules import DayKind
from models.operations.roles import LEADERS
from tui import edge
from tui.desk import Desk


@dataclass(frozen=True, slots=True)
class WhatDay:
    """What a day is, and what it is called: a code of the calendar, or a compound's own words."""

    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """One post, or one person, that is shown alone. `post` and `person` are their names."""

    post_id: UUID | None = None
    post: str = ""
    person_id: UUID | None = None
    person: str = ""

    def keeps(self, line: ShiftLine) -> bool:
        """Tell whether a shift is shown."""
        if self.post_id is not None and line.post_id != self.post_id:
            return False
        return self.person_id is None or any(one.person_id == self.person_id for one in line.people)


@dataclass(frozen=True, slots=True)
class Looked:
    """Some days as they were read: their shifts, what each day is, and who looks. `drafts` wait to be published."""

    days: tuple[date, ...]
    lines: tuple[ShiftLine, ...]
    what: Mapping[date, WhatDay]
    me: UUID | None
    leads: bool
    today: date
    now: datetime
    zone: ZoneInfo
    drafts: int = 0

    def on(self, day: date) -> tuple[ShiftLine, ...]:
        """Return a day's shifts in the order of time."""
        return tuple(line for line in self.lines if line.day == day)

    def kept(self, filters: Filters) -> Looked:
        """Return the same with only what filters keep."""
        return replace(self, lines=tuple(line for line in self.lines if filters.keeps(line)))

    def line(self, shift_id: UUID | None) -> ShiftLine | None:
        return next((line for line in self.lines if line.id == shift_id), None)


def month_around(day: date) -> tuple[date, date]:
    """Return the first and the last day of a day's month."""
    first = day.replace(day=1)
    return first, next_month(first) - timedelta(days=1)


def look(
    desk: Desk, days: tuple[date, ...], *, month: date | None = None, called_off: bool = False
) -> Looked:
    """Read the shifts of days on end. Whoever leads sees drafts, all others what is published.

    Drafts are counted of these days, or of a month that lies in them.
    """
    seat, now = desk.seat, edge.clock()
    leads = desk.may(LEADERS)
    first, last = days[0], days[-1]
    with desk.store.read() as session:
        lines = shifts_between(
            session, seat.compound_id, first, last, now=now, drafts=leads, called_off=called_off
        )
        own = own_days(session, seat.compound_id, first, last)
        counted = (first, last) if month is None else month_around(month)
        drafts = count_drafts(session, seat.compound_id, *counted) if leads else 0
    calendar = calendar_for(first, last, [one.special for one in own])
    return Looked(
        days=days,
        lines=lines,
        what={day: WhatDay(calendar.kind(day), calendar.name(day)) for day in days},
        me=seat.person_id,
        leads=leads,
        today=desk.today(),
        now=now,
        zone=ZoneInfo(seat.zone),
        drafts=drafts,
    )
