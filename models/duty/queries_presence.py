"""Who is there: who is on duty now, who is missed, and who came without being on any shift.

Each is found by index among the shifts and check-ins of the last days, however many there were before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlmodel import Session

from models.duty.queries import CHECKIN, PERSON, POST, SHIFT, OnShift, ShiftLine, shifts_at
from models.duty.rules import LONGEST_SHIFT, Presence, late_minutes

#: Whoever forgot to check out has gone home so long after their shift, or after they came without one.
GONE_AFTER: Final = timedelta(hours=12)
#: Nobody who came earlier can still be there.
_REACH: Final = timedelta(minutes=LONGEST_SHIFT) + GONE_AFTER


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody whose shift goes on, whom nobody has seen there, and who has said nothing. `minutes` ago it began."""

    shift: ShiftLine
    who: OnShift
    minutes: int

    @property
    def name(self) -> str:
        """Who is missed."""
        return self.who.name


@dataclass(frozen=True, slots=True)
class Attendance:
    """Somebody who came. A guest is no `person_id`; who came without a shift has no `shift_id` and no times of one."""

    checkin_id: UUID
    person_id: UUID | None
    name: str
    came_at: datetime
    left_at: datetime | None
    post_id: UUID | None = None
    post: str = ""
    shift_id: UUID | None = None
    shift: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    made_up: bool = False

    @property
    def late(self) -> int:
        """Minutes after the start of the shift, negative before it; 0 without a shift."""
        return 0 if self.starts_at is None else late_minutes(self.starts_at, self.came_at)


def missing_now(session: Session, compound_id: UUID, *, now: datetime) -> tuple[Missing, ...]:
    """Return who is missed at shifts that go on, longest first: the time of grace is over."""
    return tuple(_missed(shifts_at(session, compound_id, now, now, now=now), now))


def _missed(shifts: tuple[ShiftLine, ...], now: datetime) -> Iterator[Missing]:
    for shift in shifts:
        for who in shift.people:
            if who.presence is Presence.MISSING:
                yield Missing(shift, who, late_minutes(shift.starts_at, now))


def on_duty_now(
    session: Session, compound_id: UUID, *, now: datetime, person_id: UUID | None = None
) -> tuple[Attendance, ...]:
    """Return who is there, first come first; of one person only theirs.

    Who forgot to check out counts as gone twelve hours after their shift, or after they came without one.
    """
    conditions = [CHECKIN.c.came_at > now - _REACH, CHECKIN.c.left_at.is_(None)]
    if person_id is not None:
        conditions.append(CHECKIN.c.person_id == person_id)
    found = _attendances(session, compound_id, *conditions)
    return tuple(one for one in found if now < (one.ends_at or one.came_at) + GONE_AFTER)


def came_besides(
    session: Session, compound_id: UUID, since: datetime, until: datetime
) -> tuple[Attendance, ...]:
    """Return who came in a span of time without any shift, first come first."""
    return _attendances(
        session,
        compound_id,
        CHECKIN.c.came_at >= since,
        CHECKIN.c.came_at < until,
        CHECKIN.c.shift_id.is_(None),
    )


def checkin_of(session: Session, compound_id: UUID, checkin_id: UUID) -> Attendance | None:
    """Return a check-in that stands; None when there is none."""
    found = _attendances(session, compound_id, CHECKIN.c.id == checkin_id)
    return found[0] if found else None


def _attendances(
    session: Session, compound_id: UUID, *conditions: ColumnElement[bool]
) -> tuple[Attendance, ...]:
    def named(table: Any, column: Any) -> ColumnElement[bool]:
        return and_(table.c.compound_id == compound_id, table.c.id == column)

    statement = (
        select(
            CHECKIN,
            PERSON.c.name,
            POST.c.name.label("post"),
            SHIFT.c.name.label("shift"),
            SHIFT.c.starts_at,
            SHIFT.c.ends_at,
        )
        .select_from(
            CHECKIN.outerjoin(PERSON, named(PERSON, CHECKIN.c.person_id))
            .outerjoin(POST, named(POST, CHECKIN.c.post_id))
            .outerjoin(SHIFT, named(SHIFT, CHECKIN.c.shift_id))
        )
        .where(CHECKIN.c.compound_id == compound_id, CHECKIN.c.archived.is_(False), *conditions)
        .order_by(CHECKIN.c.came_at, CHECKIN.c.id)
    )
    return tuple(
        Attendance(
            checkin_id=row.id,
            person_id=row.person_id,
            name=row.guest or row.name or "",
            came_at=row.came_at,
            left_at=row.left_at,
            post_id=row.post_id,
            post=row.post or "",
            shift_id=row.shift_id,
            shift=row.shift or "",
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            made_up=row.made_up,
        )
        for row in session.connection().execute(statement)
    )
