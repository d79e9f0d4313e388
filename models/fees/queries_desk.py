"""The desk's questions: which door somebody means, and what each of those found owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from models.community.queries import HouseholdLine, count_households, page_households
from models.community.queries_households import household_lines
from models.community.tables import Household
from models.fees.rooms_in_text import RoomIndex
from models.fees.tables import Bill
from models.tables import table_of

_household, _bill = table_of(Household), table_of(Bill)


@dataclass(frozen=True, slots=True)
class DoorLine:
    """A door at the desk: whose it is, what it owes, and since which day."""

    id: UUID
    code: str
    people: tuple[str, ...]
    owed_fen: int = 0
    owed_since: date | None = None
    bills: int = 0


def count_doors(session: Session, compound_id: UUID, *, today: date, text: str = "") -> int:
    """Count what `page_doors` pages through."""
    n = count_households(session, compound_id, today=today, text=text)
    return n or len(_spelt(session, compound_id, text))


def page_doors(
    session: Session, compound_id: UUID, *, today: date, text: str = "", offset: int = 0, limit: int = 50
) -> tuple[DoorLine, ...]:
    """Return the doors a text names, in natural order: a code or part of one, a name or its pinyin, digits of a telephone.

    Where that finds none, the text is read as a payer would write a room: `3#502`, `0301502`.
    """
    homes: Sequence[HouseholdLine] = page_households(
        session, compound_id, today=today, text=text, offset=offset, limit=limit
    )
    if not homes and not count_households(session, compound_id, today=today, text=text):
        ids = _spelt(session, compound_id, text)[offset : offset + limit]
        rows = select(_household).where(_household.c.compound_id == compound_id, _household.c.id.in_(ids))
        found = session.connection().execute(rows.order_by(_household.c.sort_key, _household.c.code)).all()
        homes = household_lines(session, compound_id, found, today)
    owed = owed_by(session, compound_id, [home.id for home in homes])
    return tuple(
        DoorLine(home.id, home.code, home.owners, *owed.get(home.id, (0, None, 0))) for home in homes
    )


def _spelt(session: Session, compound_id: UUID, text: str) -> list[UUID]:
    """Return the doors that a text names as people write room numbers."""
    if not text.strip():
        return []
    codes = select(_household.c.id, _household.c.code).where(
        _household.c.compound_id == compound_id, _household.c.archived.is_(False)
    )
    index = RoomIndex((row.id, row.code) for row in session.connection().execute(codes))
    return list(dict.fromkeys(home for mention in index.mentions(text) for home in mention.homes))


def owed_by(
    session: Session, compound_id: UUID, household_ids: Sequence[UUID]
) -> dict[UUID, tuple[int, date | None, int]]:
    """Return what each of some doors owes, since which day, and on how many bills; one that owes nothing is not in it."""
    statement = (
        select(
            _bill.c.household_id, func.sum(_bill.c.owed_fen), func.min(_bill.c.due_on), func.count(_bill.c.id)
        )
        .where(
            _bill.c.compound_id == compound_id,
            _bill.c.household_id.in_(household_ids),
            _bill.c.owed_fen + 0 > 0,
            _bill.c.archived.is_(False),
        )
        .group_by(_bill.c.household_id)
    )
    return {row[0]: (int(row[1]), row[2], int(row[3])) for row in session.connection().execute(statement)}
