"""Reading what the days are around some shifts: China's calendar with what a compound has set itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from models.duty.calendar import Calendar, calendar_for
from models.duty.queries_setup import own_days

_FORTNIGHT: Final = timedelta(days=14)


def calendar_around(session: Session, compound_id: UUID, first: date, last: date) -> Calendar:
    """Return the calendar for the shifts of some days: these may reach into later days, holidays from earlier ones."""
    since, until = first - _FORTNIGHT, last + _FORTNIGHT
    special = [day.special for day in own_days(session, compound_id, since, until)]
    return calendar_for(since, until, special)
