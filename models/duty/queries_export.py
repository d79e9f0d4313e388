"""What leaves the app of duty: somebody's shifts and a post's for a calendar, and who came on some days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlmodel import Session

from models.community.searching import chunks
from models.duty.queries import CHECKIN, PERSON, PLACE, POST, SHIFT
from models.duty.rules import LONGEST_SHIFT, ShiftState, late_minutes
from models.inspection.observed import rows_of, zone_of
from models.tickets.periods import start_of

_DAY: Final = timedelta(days=1)
_LONGEST: Final = timedelta(minutes=LONGEST_SHIFT)
#: A place that was published and taken back has counted twice.
_PUBLISHED_AND_BACK: Final = 2
WITNESS: Final = PERSON.alias("witness_person")
RECORDER: Final = PERSON.alias("recorder_person")


@dataclass(frozen=True, slots=True)
class Dated:
    """A shift as a calendar keeps it: of one person, or with all who are on it (`person_id` None).

    `sequence` grows with whatever changes of the shift, or of who is on it. `gone` was called off, taken back, or
    is no longer theirs. `others` are the names of those who are on it, in a person's calendar without theirs.
    """

    shift_id: UUID
    person_id: UUID | None
    sequence: int
    post: str
    place: str
    name: str
    note: str
    starts_at: datetime
    ends_at: datetime
    points: int
    others: tuple[str, ...]
    gone: bool


@dataclass(frozen=True, slots=True)
class CameLine:
    """Somebody who came: to a shift (`starts_at`) or without one. `late` minutes are negative for who was early."""

    id: UUID
    day: date
    post: str
    shift: str
    starts_at: datetime | None
    ends_at: datetime | None
    person_id: UUID | None
    name: str
    guest: bool
    came_at: datetime
    left_at: datetime | None
    late: int | None
    made_up: bool
    reason: str
    witness: str
    recorder: str
    words: str


def shifts_of_person(
    session: Session, compound_id: UUID, person_id: UUID, *, since: datetime
) -> tuple[Dated, ...]:
    """Return somebody's published shifts that end after an instant, and those that are theirs no more."""
    conditions = [
        PLACE.c.person_id == person_id,
        PLACE.c.starts_at > since - _LONGEST,
        PLACE.c.ends_at > since,
    ]
    own = _places(session, compound_id, conditions)
    on = _on(session, compound_id, {row.shift_id for row in own})
    found = []
    for row in own:
        there = on[row.shift_id]
        gone = row.archived or row.shift_archived or not _published(row)
        if gone and not _was_told(row):
            continue
        others = tuple(one.person for one in there if one.person_id != person_id and _holds(one))
        found.append(_dated(row, person_id, there, others, gone=gone))
    return tuple(found)


def shifts_of_post(
    session: Session, compound_id: UUID, post_id: UUID, *, since: datetime
) -> tuple[Dated, ...]:
    """Return a post's published shifts that end after an instant, and those that were called off."""
    statement = (
        select(*_SHIFT_COLUMNS, POST.c.name.label("post"), POST.c.place)
        .select_from(SHIFT.join(POST, _same(POST, compound_id, SHIFT.c.post_id)))
        .where(
            SHIFT.c.compound_id == compound_id,
            SHIFT.c.post_id == post_id,
            SHIFT.c.starts_at > since - _LONGEST,
            SHIFT.c.ends_at > since,
        )
        .order_by(SHIFT.c.starts_at, SHIFT.c.id)
    )
    rows = rows_of(session, statement)
    on = _on(session, compound_id, {row.shift_id for row in rows})
    found = []
    for row in rows:
        there = on[row.shift_id]
        gone = row.shift_archived or row.shift_state != ShiftState.PUBLISHED
        if gone and not (row.shift_state == ShiftState.PUBLISHED or any(map(_was_told, there))):
            continue
        found.append(_dated(row, None, there, tuple(one.person for one in there if _holds(one)), gone=gone))
    return tuple(found)


_SHIFT_COLUMNS: Final = (
    SHIFT.c.id.label("shift_id"),
    SHIFT.c.name,
    SHIFT.c.note,
    SHIFT.c.starts_at,
    SHIFT.c.ends_at,
    SHIFT.c.points,
    SHIFT.c.state.label("shift_state"),
    SHIFT.c.sequence.label("shift_sequence"),
    SHIFT.c.archived.label("shift_archived"),
)
_PLACE_COLUMNS: Final = (PLACE.c.person_id, PLACE.c.state, PLACE.c.sequence, PLACE.c.archived)


def _same(table: Any, compound_id: UUID, column: Any) -> ColumnElement[bool]:
    return and_(table.c.compound_id == compound_id, table.c.id == column)


def _places(session: Session, compound_id: UUID, conditions: Sequence[ColumnElement[bool]]) -> Sequence[Any]:
    """Return places with their shifts and people, archived ones too: nothing of a sequence is ever lost."""
    statement = (
        select(
            *_SHIFT_COLUMNS,
            *_PLACE_COLUMNS,
            PERSON.c.name.label("person"),
            POST.c.name.label("post"),
            POST.c.place,
        )
        .select_from(
            PLACE.join(SHIFT, _same(SHIFT, compound_id, PLACE.c.shift_id))
            .join(POST, _same(POST, compound_id, SHIFT.c.post_id))
            .join(PERSON, _same(PERSON, compound_id, PLACE.c.person_id))
        )
        .where(PLACE.c.compound_id == compound_id, *conditions)
        .order_by(SHIFT.c.starts_at, SHIFT.c.id, PERSON.c.name, PLACE.c.id)
    )
    return rows_of(session, statement)


def _on(session: Session, compound_id: UUID, shifts: Iterable[UUID]) -> Mapping[UUID, Sequence[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for part in chunks(shifts):
        for row in _places(session, compound_id, [PLACE.c.shift_id.in_(part)]):
            found[row.shift_id].append(row)
    return found


def _published(row: Any) -> bool:
    return bool(row.state == ShiftState.PUBLISHED and row.shift_state == ShiftState.PUBLISHED)


def _was_told(row: Any) -> bool:
    """Tell whether a place may have been everybody's once: a draft that never was has been taken off at most."""
    return bool(row.state == ShiftState.PUBLISHED or row.sequence >= _PUBLISHED_AND_BACK)


def _holds(row: Any) -> bool:
    return _published(row) and not row.archived


def _dated(
    row: Any, person_id: UUID | None, there: Sequence[Any], others: tuple[str, ...], *, gone: bool
) -> Dated:
    return Dated(
        shift_id=row.shift_id,
        person_id=person_id,
        # Rows are never deleted and count only up, so this never falls; one more on a shift changes what is told of it.
        sequence=row.shift_sequence + sum(one.sequence + 1 for one in there),
        post=row.post,
        place=row.place,
        name=row.name,
        note=row.note,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        points=row.points,
        others=others,
        gone=gone,
    )


def came_between(session: Session, compound_id: UUID, first: date, last: date) -> tuple[CameLine, ...]:
    """Return who came on the days from `first` to `last`, both included, the earliest first."""
    zone = zone_of(session, compound_id)
    joined = (
        CHECKIN.outerjoin(SHIFT, _same(SHIFT, compound_id, CHECKIN.c.shift_id))
        .outerjoin(POST, _same(POST, compound_id, CHECKIN.c.post_id))
        .outerjoin(PERSON, _same(PERSON, compound_id, CHECKIN.c.person_id))
        .outerjoin(WITNESS, _same(WITNESS, compound_id, CHECKIN.c.witness_id))
        .outerjoin(RECORDER, _same(RECORDER, compound_id, CHECKIN.c.recorder_id))
    )
    statement = (
        select(
            CHECKIN,
            SHIFT.c.name.label("shift"),
            SHIFT.c.starts_at,
            SHIFT.c.ends_at,
            POST.c.name.label("post"),
            PERSON.c.name,
            WITNESS.c.name.label("witness_name"),
            RECORDER.c.name.label("recorder"),
        )
        .select_from(joined)
        .where(
            CHECKIN.c.compound_id == compound_id,
            CHECKIN.c.came_at >= start_of(first, zone),
            CHECKIN.c.came_at < start_of(last + _DAY, zone),
            CHECKIN.c.archived.is_(False),
        )
        .order_by(CHECKIN.c.came_at, CHECKIN.c.id)
    )
    return tuple(
        CameLine(
            id=row.id,
            day=row.came_at.astimezone(zone).date(),
            post=row.post or "",
            shift=row.shift or "",
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            person_id=row.person_id,
            name=row.guest if row.person_id is None else row.name or "",
            guest=row.person_id is None,
            came_at=row.came_at,
            left_at=row.left_at,
            late=None if row.starts_at is None else late_minutes(row.starts_at, row.came_at),
            made_up=row.made_up,
            reason=row.reason,
            witness=row.witness_name or row.witness,
            recorder=row.recorder or "",
            words=row.words,
        )
        for row in rows_of(session, statement)
    )
