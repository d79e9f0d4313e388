"""What the room of back-entry asks of the store and changes in it; runs in worker threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from models.duty.queries import ShiftLine, shifts_between
from models.operations.drafts import load_draft
from tui import edge
from tui.desk import Desk
from tui.screens.duty.desk_store import posts_of
from tui.widgets.picker import Option

#: What the draft of this room is called: one sheet lies on the table at a time.
DRAFT: Final = "back_entry:"
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Sheet:
    """A day's shifts, or a week's, as they stand."""

    first: date
    last: date
    shifts: tuple[ShiftLine, ...]
    posts: tuple[Option, ...]
    zone: ZoneInfo
    now: datetime
    today: date


def begin(desk: Desk) -> Mapping[str, Any]:
    """Return the sheet that was left half-typed, if one was."""
    with desk.store.read() as session:
        return load_draft(session, desk.seat.compound_id, DRAFT) or {}


def sheet(desk: Desk, day: date | None, *, week: bool, post_id: UUID | None) -> Sheet:
    """Return the shifts of a day, or of the week from Monday that it lies in; of all posts or of one."""
    today = desk.today()
    first = last = day or today
    if week:
        first -= timedelta(days=first.weekday())
        last = first + timedelta(days=_WEEK - 1)
    now = edge.clock()
    with desk.store.read() as session:
        shifts = shifts_between(session, desk.seat.compound_id, first, last, now=now, post_id=post_id)
    return Sheet(first, last, shifts, posts_of(desk), ZoneInfo(desk.seat.zone), now, today)
