"""Somebody's own shifts, ahead and behind: read along their places, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session

from models.duty.queries import PLACE, POST, SHIFT, OnShift, ShiftLine, shifts_by_id
from models.duty.queries_swaps import SwapLine, requests_on
from models.duty.rules import LONGEST_SHIFT, ShiftState
from models.text import fold


@dataclass(frozen=True, slots=True)
class OwnShift:
    """A shift that somebody is on, their place there, and the open requests about it."""

    line: ShiftLine
    place: OnShift
    requests: tuple[SwapLine, ...] = ()

    @property
    def id(self) -> UUID:
        """The id of the place."""
        return self.place.id


def count_own(
    session: Session, compound_id: UUID, person_id: UUID, *, now: datetime, ahead: bool, text: str = ""
) -> int:
    """Count somebody's published shifts that have yet to end, or that are behind them."""
    statement = select(func.count()).select_from(_joined(compound_id))
    where = _where(compound_id, person_id, now, text, ahead=ahead)
    return int(session.connection().execute(statement.where(*where)).scalar_one())


def page_own(
    session: Session,
    compound_id: UUID,
    person_id: UUID,
    *,
    now: datetime,
    ahead: bool,
    text: str = "",
    offset: int = 0,
    limit: int = 100,
) -> tuple[OwnShift, ...]:
    """Return a page of them: what is ahead from the soonest on, what is behind from the last on."""
    order = (PLACE.c.starts_at, PLACE.c.id)
    statement = (
        select(PLACE.c.id, PLACE.c.shift_id)
        .select_from(_joined(compound_id))
        .where(*_where(compound_id, person_id, now, text, ahead=ahead))
        .order_by(*(order if ahead else [column.desc() for column in order]))
        .offset(offset)
        .limit(limit)
    )
    rows = session.connection().execute(statement).all()
    lines = shifts_by_id(session, compound_id, [row.shift_id for row in rows], now=now, drafts=False)
    asked = requests_on(session, compound_id, [row.id for row in rows]) if ahead else {}
    found = []
    for row in rows:
        line = lines.get(row.shift_id)
        place = None if line is None else next((one for one in line.people if one.id == row.id), None)
        if line is not None and place is not None:
            found.append(OwnShift(line, place, tuple(asked.get(row.id, ()))))
    return tuple(found)


def _joined(compound_id: UUID) -> Any:
    return PLACE.join(SHIFT, and_(SHIFT.c.compound_id == compound_id, SHIFT.c.id == PLACE.c.shift_id)).join(
        POST, and_(POST.c.compound_id == compound_id, POST.c.id == SHIFT.c.post_id)
    )


def _where(
    compound_id: UUID, person_id: UUID, now: datetime, text: str, *, ahead: bool
) -> list[ColumnElement[bool]]:
    wanted = [
        PLACE.c.compound_id == compound_id,
        PLACE.c.person_id == person_id,
        PLACE.c.archived.is_(False),
        PLACE.c.state == ShiftState.PUBLISHED.value,
        SHIFT.c.archived.is_(False),
        SHIFT.c.state == ShiftState.PUBLISHED.value,
        PLACE.c.ends_at > now if ahead else PLACE.c.ends_at <= now,
    ]
    if ahead:
        # No shift is longer than two days: what is behind need not be looked at.
        wanted.append(PLACE.c.starts_at > now - timedelta(minutes=LONGEST_SHIFT))
    for word in map(fold, text.split()):
        held = f"%{word.replace('%', '').replace('_', '')}%"
        wanted.append(or_(POST.c.search.like(held), func.lower(SHIFT.c.name).like(held)))
    return wanted
