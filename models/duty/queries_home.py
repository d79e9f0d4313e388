"""What Home says of duty: who is there, who is missed, what waits for whoever acts, and what lacks hands soon.

Each figure is found by index among what is near: the shifts of the next days, what is open, what is not confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session

from models.duty.disputes import disputes
from models.duty.queries import PLACE, SHIFT, ShiftLine, shifts_between, shifts_by_id
from models.duty.queries_presence import Attendance, Missing, missing_now, on_duty_now
from models.duty.queries_swaps import requests_to
from models.duty.rules import ShiftState
from models.duty.tables import HandOver
from models.tables import table_of

HANDOVER = table_of(HandOver)
#: So many days ahead, from today on, Home looks for shifts that lack somebody.
GAPS_AHEAD: Final = 14
#: A hand-over that nobody confirmed for so long waits for nobody any more.
_HANDED: Final = timedelta(days=14)
#: Nobody has checked in at more shifts ahead of time than this.
_NEXT: Final = 4


@dataclass(frozen=True, slots=True)
class HomeDuty:
    """Who is on duty and who is missed; of whoever acts what waits for them, and their next shift; `gaps` of everybody.

    `handovers` wait to be confirmed, `requests` to be answered, `clashes` to be chosen between.
    """

    on_duty: tuple[Attendance, ...] = ()
    missing: tuple[Missing, ...] = ()
    handovers: int = 0
    requests: int = 0
    clashes: int = 0
    gaps: int = 0
    next_shift: ShiftLine | None = None

    @property
    def calls(self) -> bool:
        """Whether something waits for this very person."""
        return bool(self.handovers or self.requests or self.clashes)


def home_duty(
    session: Session, compound_id: UUID, person_id: UUID | None, *, now: datetime, today: date
) -> HomeDuty:
    """Return what Home says to whoever acts; nothing is anybody's own before there is somebody."""
    there = on_duty_now(session, compound_id, now=now)
    missing = missing_now(session, compound_id, now=now)
    gaps = count_gaps(session, compound_id, now=now, today=today)
    if person_id is None:
        return HomeDuty(there, missing, gaps=gaps)
    posts = {one.post_id for one in there if one.person_id == person_id and one.post_id is not None}
    return HomeDuty(
        there,
        missing,
        handovers=_handovers(session, compound_id, person_id, posts, now),
        requests=count_requests(session, compound_id, person_id, now=now),
        clashes=len(disputes(session, compound_id, person_id)),
        gaps=gaps,
        next_shift=next_shift(session, compound_id, person_id, now=now),
    )


def gaps_ahead(
    session: Session, compound_id: UUID, *, now: datetime, today: date, days: int = GAPS_AHEAD
) -> tuple[ShiftLine, ...]:
    """Return the published shifts of the next days that have yet to end and lack somebody."""
    last = today + timedelta(days=days - 1)
    lines = shifts_between(session, compound_id, today, last, now=now)
    return tuple(line for line in lines if line.gap and line.ends_at > now)


def count_gaps(session: Session, compound_id: UUID, *, now: datetime, today: date) -> int:
    """Count the shifts of the next days that lack somebody."""
    return len(gaps_ahead(session, compound_id, now=now, today=today))


def next_shift(session: Session, compound_id: UUID, person_id: UUID, *, now: datetime) -> ShiftLine | None:
    """Return the published shift that somebody comes to next, or should be on; None when there is none.

    One that they have checked in at is not next any more.
    """
    statement = (
        select(PLACE.c.shift_id)
        .select_from(
            PLACE.join(SHIFT, and_(SHIFT.c.compound_id == compound_id, SHIFT.c.id == PLACE.c.shift_id))
        )
        .where(
            PLACE.c.compound_id == compound_id,
            PLACE.c.person_id == person_id,
            PLACE.c.starts_at > now - timedelta(days=2),  # no shift is longer
            PLACE.c.ends_at > now,
            PLACE.c.archived.is_(False),
            PLACE.c.state == ShiftState.PUBLISHED.value,
            PLACE.c.absence == "",
            SHIFT.c.archived.is_(False),
        )
        .order_by(PLACE.c.starts_at, PLACE.c.id)
        .limit(_NEXT)
    )
    ids = [row.shift_id for row in session.connection().execute(statement)]
    lines = shifts_by_id(session, compound_id, ids, now=now, drafts=False)
    return next((lines[one] for one in ids if one in lines and not _there(lines[one], person_id)), None)


def _there(line: ShiftLine, person_id: UUID) -> bool:
    return any(one.person_id == person_id and one.came_at is not None for one in line.people)


def count_requests(session: Session, compound_id: UUID, person_id: UUID, *, now: datetime) -> int:
    """Count the requests to somebody by name that are open, and that could be answered still."""
    return len(requests_to(session, compound_id, person_id, now=now))


def _handovers(session: Session, compound_id: UUID, person_id: UUID, posts: set[UUID], now: datetime) -> int:
    """Count what waits for somebody to confirm: handed to them, or left to whoever comes to the post they are at."""
    for_me: Any = HANDOVER.c.to_id == person_id
    if posts:
        left = and_(
            HANDOVER.c.to_id.is_(None),
            HANDOVER.c.post_id.in_(sorted(posts)),
            or_(HANDOVER.c.from_id.is_(None), HANDOVER.c.from_id != person_id),
        )
        for_me = or_(for_me, left)
    statement = select(func.count()).where(
        HANDOVER.c.compound_id == compound_id,
        HANDOVER.c.confirmed_at.is_(None),
        HANDOVER.c.at > now - _HANDED,
        HANDOVER.c.archived.is_(False),
        for_me,
    )
    return int(session.connection().execute(statement).scalar_one())
