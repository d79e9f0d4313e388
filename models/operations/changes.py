"""What the room of changes asks: what was done, by whom, when, on which laptop, and what became of it.

A line is a change: what was done in one go, be it one entry or an import of
thousands. Lists and counts read the narrow rows beside the log and never a
payload; only what is on the page is looked up whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlmodel import Session

from models.ids import twin_of
from models.operations import change_lines
from models.operations.about import portions
from models.operations.change_lines import ChangeLine, lines, operation_lines
from models.operations.kin import same_people
from models.operations.tables import AboutRow, ChangeRow, OperationRow, OutboxRow, TrayRow
from models.tables import synced_models, table_of

_about, _change, _operation = table_of(AboutRow), table_of(ChangeRow), table_of(OperationRow)
_outbox, _tray = table_of(OutboxRow), table_of(TrayRow)
#: A place that SQLite keeps in order; changes of one moment lie by their number.
_ORDER = (_change.c.at.desc(), _change.c.n.desc(), _change.c.id.desc())


class State(StrEnum):
    """A state to filter by."""

    WAITING = "waiting"
    REFUSED = "refused"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a search: what kinds, laptops, people and rows it may mean.

    Kinds and laptops come from whoever knows their names; people and rows are found (models.operations.kin).
    """

    kinds: frozenset[str] = frozenset()
    devices: frozenset[UUID] = frozenset()
    people: frozenset[UUID] = frozenset()
    rows: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the changes is wanted; what is left out does not matter. `until` is the first moment too late."""

    words: tuple[Word, ...] = ()
    person: UUID | None = None
    kinds: frozenset[str] | None = None
    device: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    state: State | None = None


# -- the list ------------------------------------------------------------------------


def count_changes(session: Session, compound_id: UUID, wanted: Wanted = Wanted()) -> int:
    """Count what `page_changes` pages through."""
    if wanted == Wanted():
        statement: Select[Any] = select(func.count()).where(
            _change.c.compound_id == compound_id, _change.c.leading.is_(True)
        )
    else:
        found = _matching(session, compound_id, wanted).order_by(None).subquery()
        statement = select(func.count()).select_from(found)
    return int(session.connection().execute(statement).scalar_one())


def page_changes(
    session: Session, compound_id: UUID, wanted: Wanted = Wanted(), *, offset: int = 0, limit: int = 50
) -> tuple[ChangeLine, ...]:
    """Return changes, newest first."""
    if wanted == Wanted():
        statement: Select[Any] = (
            select(_change.c.at, _change.c.n, _change.c.id)
            .where(_change.c.compound_id == compound_id, _change.c.leading.is_(True))
            .order_by(*_ORDER)
        )
    else:
        statement = _matching(session, compound_id, wanted)
    found = session.connection().execute(statement.offset(offset).limit(limit))
    return lines(session, compound_id, [row.id for row in found])


def _matching(session: Session, compound_id: UUID, wanted: Wanted) -> Select[Any]:
    """Return the statement of the changes that have a part to which everything applies."""
    conditions = [_change.c.compound_id == compound_id]
    if wanted.kinds is not None:
        conditions.append(_change.c.kind.in_(wanted.kinds))
    if wanted.device is not None:
        conditions.append(_change.c.device_id == wanted.device)
    if wanted.since is not None:
        conditions.append(_change.c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_change.c.at < wanted.until)
    if wanted.person is not None:
        conditions.append(_by(same_people(session, compound_id, [wanted.person])))
    if wanted.state is not None:
        conditions.append(_in_state(session, compound_id, wanted.state))
    conditions += [_meant(compound_id, word) for word in wanted.words]
    return select(_change.c.at, _change.c.n, _change.c.id).where(*conditions).distinct().order_by(*_ORDER)


def _by(people: Iterable[UUID]) -> ColumnElement[bool]:
    ids = sorted(people)
    return or_(_change.c.doer_id.in_(ids), _change.c.recorder_id.in_(ids))


def _meant(compound_id: UUID, word: Word) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    if word.kinds:
        ways.append(_change.c.kind.in_(word.kinds))
    if word.devices:
        ways.append(_change.c.device_id.in_(word.devices))
    if word.people:
        ways.append(_by(word.people))
    if word.rows:
        ways.append(
            _change.c.id.in_(
                select(_about.c.change_id).where(
                    _about.c.compound_id == compound_id, _about.c.row_id.in_(word.rows)
                )
            )
        )
    return or_(*ways) if ways else false()


def _in_state(session: Session, compound_id: UUID, state: State) -> ColumnElement[bool]:
    if state is State.WAITING:
        return change_lines.waits(session, compound_id)
    if state is State.REFUSED:
        return _change.c.id.in_(change_lines.refused(session, compound_id))
    return _change.c.id.in_(
        {undo.change_id for undo in change_lines.standing(change_lines.undos(session, compound_id))}
    )


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody who has done or entered something; `search` is what typing is matched against."""

    id: UUID
    name: str
    search: str


def doers(session: Session, compound_id: UUID) -> list[Doer]:
    """Return everybody who has ever done or entered something, by name."""
    person = table_of(synced_models()["person"])
    ids: set[UUID] = set()
    for column in (_change.c.doer_id, _change.c.recorder_id):
        statement = select(column).where(_change.c.compound_id == compound_id).distinct()
        ids.update(session.connection().execute(statement).scalars())
    found: list[Doer] = []
    for part in portions(sorted(ids)):
        named = select(person.c.id, person.c.name, person.c.search).where(
            person.c.compound_id == compound_id, person.c.id.in_(part)
        )
        found += [Doer(row.id, row.name, row.search) for row in session.connection().execute(named)]
    return sorted(found, key=lambda one: (one.name, one.id))


# -- what is in a change ---------------------------------------------------------------


def count_parts(session: Session, compound_id: UUID, change_id: UUID) -> int:
    """Count the operations of a change."""
    statement = select(func.coalesce(func.sum(_change.c.number), 0)).where(
        _change.c.compound_id == compound_id, _change.c.id == change_id
    )
    return int(session.connection().execute(statement).scalar_one())


def page_parts(
    session: Session, compound_id: UUID, change_id: UUID, *, offset: int = 0, limit: int = 50
) -> tuple[ChangeLine, ...]:
    """Return the operations of a change in the order they were made."""
    inside = _inside(session, compound_id, change_id)
    if inside is None:
        return ()
    statement = select(_operation.c.id).where(inside).order_by(_operation.c.n).offset(offset).limit(limit)
    found = session.connection().execute(statement).scalars().all()
    return operation_lines(session, compound_id, found)


def groups_of(session: Session, compound_id: UUID, change_id: UUID) -> list[UUID]:
    """Return the groups of a change, the newest first."""
    inside = _inside(session, compound_id, change_id)
    if inside is None:
        return []
    last = func.max(_operation.c.n)
    statement = select(_operation.c.group_id, last).where(inside).group_by(_operation.c.group_id)
    found = session.connection().execute(statement.order_by(last.desc()))
    return [row.group_id for row in found]


def _inside(session: Session, compound_id: UUID, change_id: UUID) -> ColumnElement[bool] | None:
    """Return the condition on operations to be of a change, which lie among the numbers of its laptop.

    A restored server may have given the later of these numbers to others, and this change's the twin's name.
    """
    rows = session.connection().execute(select(_change).where(_change.c.id == change_id)).all()
    own = [row for row in rows if row.compound_id == compound_id]
    if not own:
        return None
    batch = change_id if own[0].undoes is None else own[0].undoes
    return and_(
        _operation.c.compound_id == compound_id,
        _operation.c.device_id.in_([own[0].device_id, twin_of(own[0].device_id)]),
        _operation.c.n.between(min(row.first_n for row in own), max(row.last_n for row in own)),
        # Two windows may have worked at once, so that their numbers lie among each other.
        or_(_operation.c.group_id == change_id, _operation.c.batch_id == batch),
    )


# -- one row's history -----------------------------------------------------------------


def count_history(session: Session, compound_id: UUID, rows: Iterable[UUID]) -> int:
    """Count the operations that are about any of these rows."""
    found = _told_of(compound_id, rows).order_by(None).subquery()
    return int(session.connection().execute(select(func.count()).select_from(found)).scalar_one())


def page_history(
    session: Session, compound_id: UUID, rows: Iterable[UUID], *, offset: int = 0, limit: int = 50
) -> tuple[ChangeLine, ...]:
    """Return the operations that are about any of these rows, newest first."""
    statement = _told_of(compound_id, rows).offset(offset).limit(limit)
    return operation_lines(session, compound_id, session.connection().execute(statement).scalars().all())


def _told_of(compound_id: UUID, rows: Iterable[UUID]) -> Select[Any]:
    return (
        select(_about.c.operation_id)
        .where(_about.c.compound_id == compound_id, _about.c.row_id.in_(sorted(rows)))
        .distinct()
        .order_by(_about.c.operation_id.desc())
    )
