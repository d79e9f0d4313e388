"""Doors that owe, beside what each of them waits for: who owes since when, what was said, and why asking waits.

Which doors there are, and in which order, is found once by SQL over the open bills; a page looks up the rest for its
doors alone. What is paid, however much of it is stored, is not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, func, not_, select, true, type_coerce
from sqlmodel import Session

from models.community.queries_households import household_lines, households_where
from models.community.searching import chunks, holding
from models.community.tables import Contact, Household, Person
from models.fees.dunning import Pause, pause_of
from models.fees.queries_arrears_beside import Deferral, deferrals_of, put_off, visitors_of
from models.fees.queries_arrears_grievances import NO_GRIEVANCE, Complaint, Grievance, grievances_of, grieving
from models.fees.queries_arrears_talks import Talk, last_talks
from models.fees.queries_promises import Promise, is_open, pressing_promises, promises_of
from models.fees.tables import Bill, Concession
from models.fees.tables_money import Dunning
from models.tables import table_of

__all__ = [
    "ArrearsAsked",
    "ArrearsLine",
    "ArrearsOrder",
    "ArrearsView",
    "Complaint",
    "Deferral",
    "FoundDoors",
    "Grievance",
    "OwedDoor",
    "arrears_lines",
    "deferrals_of",
    "every_arrears",
    "find_doors",
    "grievances_of",
    "one_door",
    "visitors_of",
]

_bill, _concession, _dunning = table_of(Bill), table_of(Concession), table_of(Dunning)
_household, _contact, _person = table_of(Household), table_of(Contact), table_of(Person)
_PART: Final = 200


class ArrearsView(StrEnum):
    """Which doors a list shows."""

    DOORS = "doors"
    FIX_FIRST = "fix_first"
    PROMISES = "promises"
    LATER = "later"
    ALL = "all"


class ArrearsOrder(StrEnum):
    """In which order; on the list of doors those to be fixed first come before all."""

    DOOR = "door"
    OWED = "owed"
    SINCE = "since"
    TALKED = "talked"


@dataclass(frozen=True, slots=True)
class ArrearsAsked:
    """What a list of doors is asked for on a day. `volunteer_id` visits them; `unvisited` nobody does."""

    today: date
    view: ArrearsView = ArrearsView.DOORS
    order: ArrearsOrder = ArrearsOrder.DOOR
    building_id: UUID | None = None
    volunteer_id: UUID | None = None
    unvisited: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class OwedDoor:
    """What a door owes, in fen: in all, and of it what is past its day and not deferred (`due_*`).

    `since` is the beginning of the oldest period that is open, `due_on` the oldest day that has passed.
    """

    household_id: UUID
    building_id: UUID
    owed_fen: int
    bills: int
    since: date
    due_fen: int
    due_bills: int
    due_on: date | None
    fix_first: bool


@dataclass(frozen=True, slots=True)
class FoundDoors:
    """The doors that a list shows, in its order, as the database gave them; few of them are looked at."""

    rows: Sequence[Any]

    def __len__(self) -> int:
        return len(self.rows)

    def doors(self, offset: int = 0, limit: int | None = None) -> list[OwedDoor]:
        """Return some of them as values."""
        return [_door(row) for row in self.rows[offset : None if limit is None else offset + limit]]


@dataclass(frozen=True, slots=True)
class ArrearsLine:
    """A door that owes, with all that somebody who stands in front of it should know."""

    door: OwedDoor
    code: str
    building: str
    owners: tuple[str, ...]
    phones: tuple[str, ...]
    contact_id: UUID | None
    contact: str
    grievance: Grievance
    talk: Talk | None
    talks: int
    promise: Promise | None
    deferrals: tuple[Deferral, ...]
    archived: bool

    @property
    def id(self) -> UUID:
        """The household's id."""
        return self.door.household_id

    @property
    def pause(self) -> Pause | None:
        """Why it is not dunned now, or None."""
        return pause_of(
            open_tickets=len(self.grievance.open),
            unrated=len(self.grievance.unrated),
            due_fen=self.door.due_fen,
            deferred=bool(self.deferrals),
            promise=None if self.promise is None else self.promise.state,
        )

    @property
    def deferred_until(self) -> date | None:
        """Until when it may pay later, as far as that is granted."""
        return max((one.defer_until for one in self.deferrals), default=None)


# -- which doors ---------------------------------------------------------------------------


def _is_due(compound_id: UUID, today: date) -> ColumnElement[bool]:
    """Tell whether a bill is past its day and nobody let the household pay it later."""
    return and_(_bill.c.due_on < today, not_(put_off(compound_id, today)))


def find_doors(session: Session, compound_id: UUID, asked: ArrearsAsked) -> FoundDoors:
    """Return the doors that owe and that are asked for; the cost follows the open bills, not all that are stored."""
    due = _is_due(compound_id, asked.today)
    owed = (
        select(
            _bill.c.household_id,
            func.sum(_bill.c.owed_fen).label("owed_fen"),
            func.count().label("bills"),
            func.min(_bill.c.since).label("since"),
            func.sum(case((due, _bill.c.owed_fen), else_=0)).label("due_fen"),
            func.sum(case((due, 1), else_=0)).label("due_bills"),
            func.min(case((due, _bill.c.due_on))).label("due_on"),
        )
        .where(*is_open(compound_id))
        .group_by(_bill.c.household_id)
        .subquery("owed")
    )
    fix_first = _household.c.id.in_(grieving(compound_id))
    promises = (
        pressing_promises(session, compound_id, today=asked.today)
        if asked.view is ArrearsView.PROMISES
        else {}
    )
    seen: dict[ArrearsView, ColumnElement[bool]] = {
        ArrearsView.DOORS: owed.c.due_fen > 0,
        ArrearsView.FIX_FIRST: fix_first,
        ArrearsView.PROMISES: _household.c.id.in_(sorted(promises)),
        ArrearsView.LATER: owed.c.due_fen == 0,
        ArrearsView.ALL: true(),
    }
    statement = (
        select(
            type_coerce(_household.c.id, String).label("household_id"),
            type_coerce(_household.c.building_id, String).label("building_id"),
            *(one for one in owed.c if one.name != "household_id"),
            case((fix_first, 1), else_=0).label("fix_first"),
        )
        .join_from(owed, _household, _household.c.id == owed.c.household_id)
        .where(
            *households_where(
                compound_id, asked.today, text=asked.text, building=asked.building_id, archived=True
            ),
            *_visited(compound_id, asked),
            seen[asked.view],
        )
        .order_by(*_order(compound_id, asked, owed, fix_first))
    )
    found = session.connection().execute(statement).all()
    if asked.view is ArrearsView.PROMISES:
        # The oldest day first: those broken, then those of today.
        found = sorted(found, key=lambda row: promises[UUID(str(row.household_id))].on)
    return FoundDoors(found)


def _visited(compound_id: UUID, asked: ArrearsAsked) -> Iterator[ColumnElement[bool]]:
    visited = select(_contact.c.household_id).where(
        _contact.c.compound_id == compound_id, holding(_contact, asked.today)
    )
    if asked.unvisited:
        yield _household.c.id.not_in(visited)
    elif asked.volunteer_id is not None:
        yield _household.c.id.in_(visited.where(_contact.c.person_id == asked.volunteer_id))


def _order(
    compound_id: UUID, asked: ArrearsAsked, owed: Any, fix_first: ColumnElement[bool]
) -> tuple[ColumnElement[Any], ...]:
    by_door = (_household.c.sort_key, _household.c.code)
    talked = (
        select(func.max(_dunning.c.at))
        .where(
            _dunning.c.compound_id == compound_id,
            _dunning.c.household_id == owed.c.household_id,
            _dunning.c.archived.is_(False),
        )
        .scalar_subquery()
    )
    chosen: dict[ArrearsOrder, tuple[ColumnElement[Any], ...]] = {
        ArrearsOrder.DOOR: (),
        ArrearsOrder.OWED: (owed.c.owed_fen.desc(),),
        ArrearsOrder.SINCE: (owed.c.since,),
        ArrearsOrder.TALKED: (talked.nulls_first(),),
    }
    first = (case((fix_first, 0), else_=1),) if asked.view is ArrearsView.DOORS else ()
    return (*first, *chosen[asked.order], *by_door)


def _door(row: Any) -> OwedDoor:
    return OwedDoor(
        household_id=UUID(str(row.household_id)),
        building_id=UUID(str(row.building_id)),
        owed_fen=int(row.owed_fen),
        bills=row.bills,
        since=row.since,
        due_fen=int(row.due_fen),
        due_bills=int(row.due_bills),
        due_on=row.due_on,
        fix_first=bool(row.fix_first),
    )


# -- what is known of them -------------------------------------------------------------------


def arrears_lines(
    session: Session, compound_id: UUID, doors: Sequence[OwedDoor], *, today: date
) -> tuple[ArrearsLine, ...]:
    """Return doors with their people, complaints, talks, promises and deferrals, in their order."""
    ids = [door.household_id for door in doors]
    rows: list[Any] = []
    for part in chunks(ids):
        statement = select(_household).where(
            _household.c.compound_id == compound_id, _household.c.id.in_(part)
        )
        rows += session.connection().execute(statement).all()
    homes = {one.id: one for one in household_lines(session, compound_id, rows, today)}
    visitors = visitors_of(session, compound_id, ids, today=today)
    grievances = grievances_of(session, compound_id, ids)
    talks = last_talks(session, compound_id, ids)
    promises = promises_of(session, compound_id, ids, today=today)
    deferrals = deferrals_of(session, compound_id, ids, today=today)
    lines = []
    for door in doors:
        home = homes[door.household_id]
        contact_id, contact = visitors.get(home.id, (None, ""))
        talk, n = talks.get(home.id, (None, 0))
        lines.append(
            ArrearsLine(
                door=door,
                code=home.code,
                building=home.building_code,
                owners=home.owners,
                phones=home.phones or home.reach,
                contact_id=contact_id,
                contact=contact,
                grievance=grievances.get(home.id, NO_GRIEVANCE),
                talk=talk,
                talks=n,
                promise=promises.get(home.id) if door.owed_fen else None,
                deferrals=deferrals.get(home.id, ()),
                archived=home.archived,
            )
        )
    return tuple(lines)


def every_arrears(session: Session, compound_id: UUID, asked: ArrearsAsked) -> Iterator[ArrearsLine]:
    """Yield all doors of a list, holding a few hundred at a time."""
    found = find_doors(session, compound_id, asked)
    for offset in range(0, len(found), _PART):
        yield from arrears_lines(session, compound_id, found.doors(offset, _PART), today=asked.today)


def one_door(session: Session, compound_id: UUID, household_id: UUID, *, today: date) -> ArrearsLine | None:
    """Return what is known of one door, owing or not; None when there is no such household."""
    due = _is_due(compound_id, today)
    statement = (
        select(
            type_coerce(_household.c.id, String).label("household_id"),
            type_coerce(_household.c.building_id, String).label("building_id"),
            func.coalesce(func.sum(_bill.c.owed_fen), 0).label("owed_fen"),
            func.count(_bill.c.id).label("bills"),
            func.min(_bill.c.since).label("since"),
            func.coalesce(func.sum(case((due, _bill.c.owed_fen), else_=0)), 0).label("due_fen"),
            func.coalesce(func.sum(case((due, 1), else_=0)), 0).label("due_bills"),
            func.min(case((due, _bill.c.due_on))).label("due_on"),
            case((_household.c.id.in_(grieving(compound_id)), 1), else_=0).label("fix_first"),
        )
        .join_from(
            _household,
            _bill,
            and_(*is_open(compound_id), _bill.c.household_id == _household.c.id),
            isouter=True,
        )
        .where(_household.c.compound_id == compound_id, _household.c.id == household_id)
        .group_by(_household.c.id, _household.c.building_id)
    )
    row = session.connection().execute(statement).first()
    return None if row is None else arrears_lines(session, compound_id, [_door(row)], today=today)[0]
