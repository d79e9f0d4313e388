"""What was said at a door about paying: the log of dunning, and which steps were taken for the debt that there is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session

from models.community.searching import chunks
from models.community.tables import Person
from models.fees.rules import STEPS, Step
from models.fees.tables_money import Dunning
from models.tables import table_of

_dunning, _person = table_of(Dunning), table_of(Person)


@dataclass(frozen=True, slots=True)
class Talk:
    """One line of the log. `owed_fen` is what the household owed then."""

    id: UUID
    household_id: UUID
    at: datetime
    way: str
    step: str
    answer: str
    by: str
    owed_fen: int
    promise_on: date | None
    promise_fen: int | None
    words: str


def _lines(session: Session, compound_id: UUID, *conditions: Any) -> list[Talk]:
    statement = (
        select(_dunning, _person.c.name.label("by"))
        .outerjoin(_person, (_person.c.compound_id == compound_id) & (_person.c.id == _dunning.c.by_id))
        .where(_dunning.c.compound_id == compound_id, _dunning.c.archived.is_(False), *conditions)
        .order_by(_dunning.c.at.desc(), _dunning.c.id.desc())
    )
    return [
        Talk(
            id=row.id,
            household_id=row.household_id,
            at=row.at,
            way=row.way,
            step=row.step,
            answer=row.answer,
            by=row.by or "",
            owed_fen=row.owed_fen,
            promise_on=row.promise_on,
            promise_fen=row.promise_fen,
            words=row.words,
        )
        for row in session.connection().execute(statement)
    ]


def talks_of(session: Session, compound_id: UUID, household_id: UUID) -> tuple[Talk, ...]:
    """Return a household's log, newest first."""
    return tuple(_lines(session, compound_id, _dunning.c.household_id == household_id))


def last_talks(
    session: Session, compound_id: UUID, household_ids: Collection[UUID]
) -> dict[UUID, tuple[Talk, int]]:
    """Return the last talk with each of some households and how many there were."""
    found: dict[UUID, tuple[Talk, int]] = {}
    for part in chunks(household_ids):
        newest = (
            select(_dunning.c.household_id, func.max(_dunning.c.at).label("at"), func.count().label("n"))
            .where(
                _dunning.c.compound_id == compound_id,
                _dunning.c.household_id.in_(part),
                _dunning.c.archived.is_(False),
            )
            .group_by(_dunning.c.household_id)
        )
        last = {row.household_id: (row.at, row.n) for row in session.connection().execute(newest)}
        for talk in _lines(
            session,
            compound_id,
            _dunning.c.household_id.in_(last),
            _dunning.c.at.in_({at for at, _ in last.values()}),
        ):
            at, n = last[talk.household_id]
            if talk.at == at:
                found.setdefault(talk.household_id, (talk, n))
    return found


def steps_taken(talks: Iterable[Talk], *, since: date | None, zone: ZoneInfo) -> dict[Step, date]:
    """Return when each step was last taken for the debt that there is: what was due before it counts for nothing."""
    known = {one.value for one in STEPS}
    found: dict[Step, date] = {}
    for talk in talks:
        on = talk.at.astimezone(zone).date()
        if talk.step in known and (since is None or on >= since):
            step = Step(talk.step)
            found[step] = max(on, found.get(step, on))
    return found


def steps_of(
    session: Session, compound_id: UUID, since: dict[UUID, date | None], *, zone: ZoneInfo
) -> dict[UUID, dict[Step, date]]:
    """Return when each step was last taken at each of some doors, each for its debt since a day."""
    found: dict[UUID, dict[Step, date]] = {}
    for part in chunks(since):
        by_door: dict[UUID, list[Talk]] = {}
        for talk in _lines(session, compound_id, _dunning.c.household_id.in_(part)):
            by_door.setdefault(talk.household_id, []).append(talk)
        for household_id, talks in by_door.items():
            found[household_id] = steps_taken(talks, since=since[household_id], zone=zone)
    return found
