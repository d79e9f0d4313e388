"""Places that two laptops gave away apart, and requests that two people accepted: what there is to choose between.

Both places stand until a person chooses. When one of them has gone meanwhile, or the shift has room for both by
now, there is nothing left to choose (`STANDING`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import Session

from models.community.searching import chunks
from models.duty.queries import PERSON, PLACE, POST, SHIFT
from models.duty.rules import SwapState
from models.duty.tables import Swap
from models.operations.pending import STANDING
from models.operations.tables import Conflict
from models.tables import Json, table_of

SWAP = table_of(Swap)
_CONFLICT = table_of(Conflict)
_TABLES: Final = ("assignment", "swap")
DOUBLE, FULL, ANSWERED = "double", "full", "answered_by_id"


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place on a shift, whether it stands or was given up."""

    id: UUID
    person_id: UUID
    person: str
    shift_id: UUID
    post: str
    name: str
    day: date
    starts_at: datetime
    ends_at: datetime
    hands: int
    gone: bool


@dataclass(frozen=True, slots=True)
class Dispute:
    """A conflict about places. `kept` and `lost` are the two places.

    Where two have accepted one request, `kept` and `lost` are the asker's place as each of them would have it.
    """

    conflict_id: UUID
    field: str
    kept: Place
    lost: Place
    people: frozenset[UUID]


def places(session: Session, compound_id: UUID, ids: Iterable[UUID]) -> Mapping[UUID, Place]:
    """Return people's places by id."""

    def named(table: Any, column: Any) -> Any:
        return and_(table.c.compound_id == compound_id, table.c.id == column)

    joined = (
        PLACE.join(SHIFT, named(SHIFT, PLACE.c.shift_id))
        .join(POST, named(POST, SHIFT.c.post_id))
        .join(PERSON, named(PERSON, PLACE.c.person_id))
    )
    columns = (
        *(PLACE.c.id, PLACE.c.person_id, PERSON.c.name.label("person"), PLACE.c.shift_id),
        *(POST.c.name.label("post"), SHIFT.c.name, SHIFT.c.day, SHIFT.c.starts_at, SHIFT.c.ends_at),
        *(SHIFT.c.hands, PLACE.c.archived, PLACE.c.leaving, SHIFT.c.archived.label("called_off")),
    )
    found: dict[UUID, Place] = {}
    for part in chunks(ids):
        statement = (
            select(*columns)
            .select_from(joined)
            .where(PLACE.c.compound_id == compound_id, PLACE.c.id.in_(part))
        )
        for row in session.connection().execute(statement):
            gone = bool(row.archived or row.leaving or row.called_off)
            found[row.id] = Place(
                row.id, row.person_id, row.person, row.shift_id, row.post, row.name, row.day,
                row.starts_at, row.ends_at, row.hands, gone,
            )  # fmt: skip
    return found


def _stands(session: Session, compound_id: UUID, field: str, kept: Place | None, lost: Place | None) -> bool:
    """Tell whether two places cannot both stand, and both do."""
    if kept is None or lost is None or kept.gone or lost.gone:
        return False
    if field == DOUBLE:
        return kept.starts_at < lost.ends_at and lost.starts_at < kept.ends_at
    there = select(func.count()).where(
        PLACE.c.compound_id == compound_id,
        PLACE.c.shift_id == kept.shift_id,
        PLACE.c.archived.is_(False),
        PLACE.c.leaving.is_(False),
    )
    return int(session.connection().execute(there).scalar_one()) > kept.hands


def _standing(field: str) -> Any:
    def stands(session: Session, row: Mapping[str, Any], kept: Json, lost: Json) -> Json:
        compound_id = row["compound_id"]
        two = places(session, compound_id, _ids(kept, lost))
        first, second = _of(two, kept), _of(two, lost)
        return kept if _stands(session, compound_id, field, first, second) else None

    return stands


def _id(text: Json) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _of(found: Mapping[UUID, Place], text: Json) -> Place | None:
    row_id = _id(text)
    return None if row_id is None else found.get(row_id)


def _ids(*texts: Json) -> list[UUID]:
    return [one for text in texts if (one := _id(text)) is not None]


def disputes(session: Session, compound_id: UUID, person_id: UUID | None = None) -> tuple[Dispute, ...]:
    """Return what there is to choose about places, oldest first; of one person only what is about them."""
    statement = (
        select(_CONFLICT)
        .where(
            _CONFLICT.c.compound_id == compound_id,
            _CONFLICT.c.archived.is_(False),
            _CONFLICT.c.status == "open",
            _CONFLICT.c.table_name.in_(_TABLES),
        )
        .order_by(_CONFLICT.c.id)
    )
    rows = session.connection().execute(statement).all()
    two = places(
        session,
        compound_id,
        {one for row in rows if row.table_name == "assignment" for one in _ids(row.kept, row.lost)},
    )
    found = []
    for row in rows:
        if row.table_name == "swap":
            found += _accepted_twice(session, compound_id, row)
            continue
        kept, lost = _of(two, row.kept), _of(two, row.lost)
        if kept is not None and lost is not None and _stands(session, compound_id, row.field, kept, lost):
            found.append(Dispute(row.id, row.field, kept, lost, frozenset({kept.person_id, lost.person_id})))
    return tuple(one for one in found if person_id is None or person_id in one.people)


def _accepted_twice(session: Session, compound_id: UUID, row: Any) -> list[Dispute]:
    """Return the choice between two who both accepted a request; nothing once neither has the shift by it."""
    statement = select(SWAP).where(SWAP.c.compound_id == compound_id, SWAP.c.id == row.row_id)
    swap = session.connection().execute(statement).first()
    kept, lost = _id(row.kept), _id(row.lost)
    if swap is None or swap.state != SwapState.ACCEPTED or swap.answered_by_id != kept:
        return []
    place = places(session, compound_id, [swap.assignment_id]).get(swap.assignment_id)
    if place is None or kept is None or lost is None:
        return []
    names = select(PERSON.c.id, PERSON.c.name).where(
        PERSON.c.compound_id == compound_id, PERSON.c.id.in_([kept, lost])
    )
    called = {one.id: one.name for one in session.connection().execute(names)}

    def by(person: UUID) -> Place:
        return Place(
            place.id, person, called.get(person, ""), place.shift_id, place.post, place.name, place.day,
            place.starts_at, place.ends_at, place.hands, gone=False,
        )  # fmt: skip

    return [Dispute(row.id, row.field, by(kept), by(lost), frozenset({kept, lost, swap.asker_id}))]


STANDING["assignment", DOUBLE] = _standing(DOUBLE)
STANDING["assignment", FULL] = _standing(FULL)
