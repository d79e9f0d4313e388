"""Hand-overs: what was left behind and what was found, whose batons there are, and who is next on the roster.

Lists cost what is shown of them; batons and today's tickets are found by index among what is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import Session

from models.duty.queries import CHECKIN, PERSON, PLACE, POST, SHIFT
from models.duty.rules import Absence, ShiftState
from models.duty.tables import HandOver
from models.tables import table_of
from models.tickets.queries import TICKET, Asked, TicketLine, View, count_tickets, ticket_lines
from models.tickets.rules import OPEN, UNANSWERED, Urgency

HANDOVER = table_of(HandOver)
_FROM, _TO, _BY = PERSON.alias("giver"), PERSON.alias("taker"), PERSON.alias("finder")
_UNANSWERED: Final = sorted(state.value for state in UNANSWERED)
_OPEN: Final = sorted(state.value for state in OPEN)
#: So many hand-overs that nobody has confirmed are shown at the desk, and for so long.
_MOST_WAITING: Final = 20
_WAITS: Final = timedelta(days=7)
#: The next on the roster is looked for so far ahead.
_AHEAD: Final = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """What somebody left behind, and what the next person found. Cash in fen; None when nobody counted."""

    id: UUID
    at: datetime
    post_id: UUID | None
    post: str
    counts_cash: bool
    shift: str
    day: date | None
    from_id: UUID | None
    giver: str
    to_id: UUID | None
    to: str
    words: str
    keys: str
    cash: int | None
    confirmed_at: datetime | None
    confirmed_by: str
    confirmed_words: str
    confirmed_keys: str
    confirmed_cash: int | None
    archived: bool

    @property
    def difference(self) -> int:
        """How much more cash was found than left, in fen; 0 while one of them was not counted."""
        if self.cash is None or self.confirmed_cash is None:
            return 0
        return self.confirmed_cash - self.cash

    @property
    def keys_differ(self) -> bool:
        """Whether other keys were found than were left."""
        return self.confirmed_at is not None and _plain(self.keys) != _plain(self.confirmed_keys)

    @property
    def differs(self) -> bool:
        """Whether something was found otherwise than it was left."""
        return bool(self.difference) or self.keys_differ


def _plain(text: str) -> str:
    return "".join(text.split())


@dataclass(frozen=True, slots=True)
class TicketsToday:
    """What a day at the station knows of tickets: taken in that day, open, and of these urgent."""

    taken: int
    open: int
    urgent: int


@dataclass(frozen=True, slots=True)
class NextOn:
    """Who is next on the roster, and when."""

    person_id: UUID
    name: str
    starts_at: datetime


def handover_of(session: Session, compound_id: UUID, handover_id: UUID) -> HandOverLine | None:
    """Return a hand-over, taken back or not; None when there is none."""
    found = _lines(session, compound_id, [handover_id])
    return found[0] if found else None


def waiting_handovers(session: Session, compound_id: UUID, *, now: datetime) -> tuple[HandOverLine, ...]:
    """Return the hand-overs of the last week that nobody has confirmed, newest first."""
    lately = and_(HANDOVER.c.confirmed_at.is_(None), HANDOVER.c.at > now - _WAITS)
    return _lines(session, compound_id, _ids(session, compound_id, lately, offset=0, limit=_MOST_WAITING))


def count_handovers(session: Session, compound_id: UUID, *, waiting: bool = False) -> int:
    """Count what `page_handovers` pages through; with `waiting` only what nobody has confirmed."""
    conditions = [HANDOVER.c.compound_id == compound_id, HANDOVER.c.archived.is_(False)]
    if waiting:
        conditions.append(HANDOVER.c.confirmed_at.is_(None))
    statement = select(func.count()).select_from(HANDOVER).where(*conditions)
    return int(session.connection().execute(statement).scalar_one())


def page_handovers(
    session: Session, compound_id: UUID, *, offset: int = 0, limit: int = 50
) -> tuple[HandOverLine, ...]:
    """Return a page of hand-overs: those that nobody has confirmed first, then the newest."""
    confirmed = HANDOVER.c.confirmed_at
    waiting = count_handovers(session, compound_id, waiting=True)
    ids = _ids(session, compound_id, confirmed.is_(None), offset=offset, limit=limit)
    first = _lines(session, compound_id, ids)
    rest = limit - len(ids)
    if not rest:
        return first
    ids = _ids(session, compound_id, confirmed.is_not(None), offset=max(0, offset - waiting), limit=rest)
    return first + _lines(session, compound_id, ids)


def _ids(session: Session, compound_id: UUID, which: Any, *, offset: int, limit: int) -> Sequence[UUID]:
    """Return the ids of a page: what comes before it is passed over along the index alone."""
    statement = (
        select(HANDOVER.c.id)
        .where(HANDOVER.c.compound_id == compound_id, which, HANDOVER.c.archived.is_(False))
        .order_by(HANDOVER.c.at.desc(), HANDOVER.c.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return session.connection().execute(statement).scalars().all()


def _lines(session: Session, compound_id: UUID, ids: Sequence[UUID]) -> tuple[HandOverLine, ...]:
    if not ids:
        return ()

    def named(table: Any, column: Any) -> Any:
        return and_(table.c.compound_id == compound_id, table.c.id == column)

    statement = (
        select(
            HANDOVER,
            POST.c.name.label("post"),
            POST.c.counts_cash,
            SHIFT.c.name.label("shift"),
            SHIFT.c.day,
            _FROM.c.name.label("giver"),
            _TO.c.name.label("taker"),
            _BY.c.name.label("finder"),
        )
        .select_from(
            HANDOVER.outerjoin(POST, named(POST, HANDOVER.c.post_id))
            .outerjoin(SHIFT, named(SHIFT, HANDOVER.c.shift_id))
            .outerjoin(_FROM, named(_FROM, HANDOVER.c.from_id))
            .outerjoin(_TO, named(_TO, HANDOVER.c.to_id))
            .outerjoin(_BY, named(_BY, HANDOVER.c.confirmed_by_id))
        )
        .where(HANDOVER.c.compound_id == compound_id, HANDOVER.c.id.in_(ids))
    )
    found = {row.id: _line(row) for row in session.connection().execute(statement)}
    return tuple(found[row_id] for row_id in ids if row_id in found)


def _line(row: Any) -> HandOverLine:
    return HandOverLine(
        id=row.id,
        at=row.at,
        post_id=row.post_id,
        post=row.post or "",
        counts_cash=bool(row.counts_cash),
        shift=row.shift or "",
        day=row.day,
        from_id=row.from_id,
        giver=row.giver or "",
        to_id=row.to_id,
        to=row.taker or "",
        words=row.words,
        keys=row.keys,
        cash=row.cash,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.finder or "",
        confirmed_words=row.confirmed_words,
        confirmed_keys=row.confirmed_keys,
        confirmed_cash=row.confirmed_cash,
        archived=row.archived,
    )


# -- batons ------------------------------------------------------------------------------


def batons_of(session: Session, compound_id: UUID, person_id: UUID, asked: Asked) -> tuple[TicketLine, ...]:
    """Return the questions that somebody owns and that are not answered, oldest first."""
    return _tickets(session, compound_id, asked, TICKET.c.holder_id == person_id)


def batons_offered(
    session: Session, compound_id: UUID, person_id: UUID, asked: Asked
) -> tuple[TicketLine, ...]:
    """Return the questions that somebody is asked to take over, oldest first."""
    return _tickets(session, compound_id, asked, TICKET.c.offered_to_id == person_id)


def _tickets(session: Session, compound_id: UUID, asked: Asked, *conditions: Any) -> tuple[TicketLine, ...]:
    statement = (
        select(TICKET)
        .where(
            TICKET.c.compound_id == compound_id,
            TICKET.c.state.in_(_UNANSWERED),
            TICKET.c.archived.is_(False),
            *conditions,
        )
        .order_by(TICKET.c.opened_at, TICKET.c.id)
    )
    return ticket_lines(session, compound_id, session.connection().execute(statement).all(), asked)


def tickets_today(session: Session, compound_id: UUID, asked: Asked, *, since: datetime) -> TicketsToday:
    """Count the tickets taken in since the day began, those open, and of these the urgent ones."""
    taken = select(func.count()).where(
        TICKET.c.compound_id == compound_id, TICKET.c.opened_at >= since, TICKET.c.archived.is_(False)
    )
    urgent = select(func.count()).where(
        TICKET.c.compound_id == compound_id,
        TICKET.c.state.in_(_OPEN),
        TICKET.c.archived.is_(False),
        TICKET.c.urgency != Urgency.NORMAL.value,
    )
    ask = session.connection().execute
    standing = count_tickets(session, compound_id, Asked(asked.now, asked.today, View.OPEN))
    return TicketsToday(int(ask(taken).scalar_one()), standing, int(ask(urgent).scalar_one()))


def next_on(
    session: Session,
    compound_id: UUID,
    post_id: UUID | None,
    *,
    after: datetime,
    without: UUID | None = None,
) -> Sequence[NextOn]:
    """Return who is on the next published shift of a post, or of any, that begins behind an instant; `without` leaves."""
    conditions = [
        PLACE.c.compound_id == compound_id,
        PLACE.c.starts_at > after,
        PLACE.c.starts_at < after + _AHEAD,
        PLACE.c.archived.is_(False),
        PLACE.c.state == ShiftState.PUBLISHED.value,
        PLACE.c.absence == Absence.NONE.value,
        SHIFT.c.archived.is_(False),
        SHIFT.c.state == ShiftState.PUBLISHED.value,
    ]
    if post_id is not None:
        conditions.append(SHIFT.c.post_id == post_id)
    if without is not None:
        conditions.append(PLACE.c.person_id != without)
    statement = (
        select(PLACE.c.person_id, PERSON.c.name, PLACE.c.starts_at, PLACE.c.shift_id)
        .select_from(
            PLACE.join(SHIFT, and_(SHIFT.c.compound_id == compound_id, SHIFT.c.id == PLACE.c.shift_id)).join(
                PERSON, and_(PERSON.c.compound_id == compound_id, PERSON.c.id == PLACE.c.person_id)
            )
        )
        .where(*conditions)
        .order_by(PLACE.c.starts_at, PLACE.c.shift_id, PERSON.c.name, PLACE.c.id)
        .limit(10)
    )
    rows = session.connection().execute(statement).all()
    return tuple(
        NextOn(row.person_id, row.name, row.starts_at) for row in rows if row.shift_id == rows[0].shift_id
    )


def post_of_checkin(session: Session, compound_id: UUID, checkin_id: UUID) -> Any | None:
    """Return name, keys and whether cash is counted of the post where somebody checked in."""
    statement = (
        select(POST.c.id, POST.c.name, POST.c["keys"], POST.c.counts_cash)
        .select_from(
            CHECKIN.join(POST, and_(POST.c.compound_id == compound_id, POST.c.id == CHECKIN.c.post_id))
        )
        .where(CHECKIN.c.compound_id == compound_id, CHECKIN.c.id == checkin_id)
    )
    return session.connection().execute(statement).first()
