"""What the room of changes asks: what was done, by whom, when, on which laptop, and what became of it.

A line is a change: what was done in one go, be it one entry or an import of
thousands. Lists and counts read the narrow rows beside the log and never a
payload; only what is on the page is looked up whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlmodel import Session

from models.operations import log
from models.operations.about import portions
from models.operations.kin import same_people
from models.operations.tables import AboutRow, ChangeRow, OperationRow, OutboxRow, TrayRow
from models.tables import synced_models, table_of

_about, _change, _operation = table_of(AboutRow), table_of(ChangeRow), table_of(OperationRow)
_outbox, _tray = table_of(OutboxRow), table_of(TrayRow)
#: A place that SQLite keeps in order; changes of one moment lie by their number.
#: What tells which change an operation is part of.
_PLACE = [_operation.c[name] for name in ("id", "device_id", "n", "group_id", "batch_id")]
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


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """An operation in a list; where `more` is not 0, the first of a change with so many more in it.

    `waiting` tells that no server has judged it yet, `doubt` why it may be
    refused. `refused` counts what the server refused of the change. `undone`
    tells whether somebody has taken it back, `partly` that a part of it still
    stands; `undoes` is the change that this one took back.
    """

    id: UUID
    compound_id: UUID
    change_id: UUID
    group_id: UUID
    n: int
    rev: int | None
    kind: str
    v: int
    payload: Mapping[str, Any]
    doer_id: UUID
    doer: str
    recorder_id: UUID
    recorder: str
    device_id: UUID
    happened_at: datetime
    made_at: datetime
    at: datetime
    received_at: datetime | None
    verdict: str | None
    code: str | None
    params: Mapping[str, Any]
    waiting: bool
    doubt: str | None
    more: int = 0
    refused: int = 0
    undone: bool = False
    partly: bool = False
    undoes: UUID | None = None


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
        return _waits(session, compound_id)
    if state is State.REFUSED:
        return _change.c.id.in_(_refused(session, compound_id))
    return _change.c.id.in_({undo.change_id for undo in _standing(_undos(session, compound_id))})


def _waits(session: Session, compound_id: UUID) -> ColumnElement[bool]:
    """Tell whether something of a change is in the outbox, which counts this laptop's operations."""
    unsent = select(_outbox.c.n).where(
        _outbox.c.compound_id == compound_id, _outbox.c.n.between(_change.c.first_n, _change.c.last_n)
    )
    return and_(_change.c.device_id == log.device_id(session), unsent.exists())


def _refused(session: Session, compound_id: UUID) -> dict[UUID, int]:
    """Return how much the server refused of which change; only this laptop's own can be."""
    statement = (
        select(*_PLACE)
        .join(
            _tray,
            (_tray.c.compound_id == _operation.c.compound_id) & (_tray.c.operation_id == _operation.c.id),
        )
        .where(_tray.c.compound_id == compound_id)
    )
    rows = session.connection().execute(statement).all()
    return Counter(part.id for part in _changes_of(session, compound_id, rows).values())


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


# -- what was taken back ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Undo:
    """Somebody took a group back: by which change, and of which change it was a part."""

    by: UUID
    operation_id: UUID
    group_id: UUID
    change_id: UUID
    refused: bool


def _undos(
    session: Session, compound_id: UUID, changes: Iterable[UUID] | None = None
) -> dict[UUID, list[Undo]]:
    """Return what took changes back, by the change that was taken back, together with what took that back."""
    base = (
        select(
            _change.c.id,
            _change.c.operation_id,
            _change.c.undoes,
            _change.c.undoes_change,
            _change.c.compound_id,
            _operation.c.verdict,
        )
        .join(
            _operation,
            (_operation.c.compound_id == _change.c.compound_id) & (_operation.c.id == _change.c.operation_id),
        )
        .where(_change.c.leading.is_(True))
    )
    every = base.where(_change.c.compound_id == compound_id, _change.c.undoes_change.is_not(None))
    found: dict[UUID, list[Undo]] = {}
    asked: Sequence[Sequence[UUID]] = [[]] if changes is None else list(portions(sorted(changes)))
    while asked:
        deeper: list[UUID] = []
        for part in asked:
            statement = every if changes is None else base.where(_change.c.undoes_change.in_(part))
            for row in session.connection().execute(statement):
                if row.compound_id != compound_id:
                    continue
                undo = Undo(
                    row.id, row.operation_id, row.undoes, row.undoes_change, row.verdict == "rejected"
                )
                if undo not in found.setdefault(undo.change_id, []):
                    found[undo.change_id].append(undo)
                    deeper.append(undo.by)
        asked = [] if changes is None else list(portions(deeper))
    return found


def _standing(undos: Mapping[UUID, Sequence[Undo]]) -> list[Undo]:
    """Return the undos that still hold: not refused, and not taken back themselves."""
    known: dict[UUID, bool] = {}

    def holds(undo: Undo) -> bool:
        if undo.by not in known:
            known[undo.by] = False  # what takes itself back in a ring holds nothing
            known[undo.by] = not undo.refused and not any(holds(one) for one in undos.get(undo.by, ()))
        return known[undo.by]

    return [undo for every in undos.values() for undo in every if holds(undo)]


def undone_by(session: Session, compound_id: UUID, change_id: UUID) -> list[Undo]:
    """Return what has taken a change, or parts of it, back and still holds."""
    standing = _standing(_undos(session, compound_id, [change_id]))
    return [undo for undo in standing if undo.change_id == change_id]


def change_of_group(session: Session, compound_id: UUID, group_id: UUID) -> UUID | None:
    """Return the change that a group is, or is a part of; None for a group that nobody lists."""
    statement = select(*_PLACE).where(
        _operation.c.compound_id == compound_id, _operation.c.group_id == group_id
    )
    row = session.connection().execute(statement.limit(1)).first()
    parts = {} if row is None else _changes_of(session, compound_id, [row])
    return next((part.id for part in parts.values()), None)


# -- lines -----------------------------------------------------------------------------


def operation_lines(
    session: Session, compound_id: UUID, operation_ids: Sequence[UUID]
) -> tuple[ChangeLine, ...]:
    """Return operations as lines, in the order given."""
    person = table_of(synced_models()["person"])
    doer, recorder = person.alias("doer"), person.alias("recorder")
    found: dict[UUID, Any] = {}
    for part in portions(operation_ids):
        statement = (
            select(
                _operation,
                doer.c.name.label("doer"),
                recorder.c.name.label("recorder"),
                _outbox.c.n.label("outbox_n"),
                _outbox.c.doubt,
            )
            .outerjoin(
                _outbox,
                (_outbox.c.compound_id == _operation.c.compound_id)
                & (_outbox.c.n == _operation.c.n)
                & (_outbox.c.operation_id == _operation.c.id),
            )
            .outerjoin(doer, (doer.c.compound_id == compound_id) & (doer.c.id == _operation.c.doer_id))
            .outerjoin(
                recorder,
                (recorder.c.compound_id == compound_id) & (recorder.c.id == _operation.c.recorder_id),
            )
            .where(_operation.c.compound_id == compound_id, _operation.c.id.in_(part))
        )
        found.update({row.id: row for row in session.connection().execute(statement)})
    rows = [found[one] for one in operation_ids if one in found]
    parts = _changes_of(session, compound_id, rows)
    undos = _standing(_undos(session, compound_id, {part.id for part in parts.values()}))
    undone = {undo.group_id for undo in undos}
    return tuple(_line(row, parts.get(row.id), undone=row.group_id in undone) for row in rows)


def _changes_of(session: Session, compound_id: UUID, rows: Sequence[Any]) -> dict[UUID, Any]:
    """Return the change of each operation, as the row that leads it."""
    batches = {row.batch_id for row in rows if row.batch_id is not None}
    leading: dict[UUID, Any] = {}
    for part in portions(sorted({row.group_id for row in rows} | batches)):
        statement = select(_change).where(_change.c.id.in_(part), _change.c.leading.is_(True))
        leading.update({row.id: row for row in session.connection().execute(statement)})
    spans: dict[tuple[UUID, UUID], list[Any]] = {}
    for part in portions(sorted(batches)):
        for row in session.connection().execute(select(_change).where(_change.c.undoes.in_(part))):
            spans.setdefault((row.device_id, row.undoes), []).append(row)

    def change_of(row: Any) -> Any:
        for one in spans.get((row.device_id, row.batch_id), ()):
            if one.first_n <= row.n <= one.last_n:
                return one
        return leading.get(row.group_id) or leading.get(row.batch_id)

    parts = {row.id: change_of(row) for row in rows}
    return {key: part for key, part in parts.items() if part is not None and part.compound_id == compound_id}


def _line(row: Any, part: Any, *, undone: bool) -> ChangeLine:
    return ChangeLine(
        id=row.id,
        compound_id=row.compound_id,
        change_id=row.group_id if part is None else part.id,
        group_id=row.group_id,
        n=row.n,
        rev=row.rev,
        kind=row.kind,
        v=row.v,
        payload=row.payload,
        doer_id=row.doer_id,
        doer=row.doer or "",
        recorder_id=row.recorder_id,
        recorder=row.recorder or "",
        device_id=row.device_id,
        happened_at=row.happened_at,
        made_at=row.made_at,
        at=row.at or row.made_at,
        received_at=row.received_at,
        verdict=row.verdict,
        code=row.code,
        params=row.params,
        waiting=row.outbox_n is not None,
        doubt=row.doubt,
        refused=int(row.verdict == "rejected"),
        undone=undone,
        undoes=None if part is None else part.undoes_change,
    )


def lines(session: Session, compound_id: UUID, change_ids: Sequence[UUID]) -> tuple[ChangeLine, ...]:
    """Return changes as lines, in the order given: the first operation of each, and what goes for all of it."""
    facets: dict[UUID, list[Any]] = {}
    unsent: dict[UUID, bool] = {}
    waits = _waits(session, compound_id).label("waits")
    for part in portions(change_ids):
        for row in session.connection().execute(select(_change, waits).where(_change.c.id.in_(part))):
            if row.compound_id != compound_id:
                continue
            facets.setdefault(row.id, []).append(row)
            unsent[row.id] = unsent.get(row.id, False) or row.waits
    leaders = {row.id: row for rows in facets.values() for row in rows if row.leading}
    firsts = {
        line.id: line
        for line in operation_lines(session, compound_id, [row.operation_id for row in leaders.values()])
    }
    undos = _standing(_undos(session, compound_id, change_ids))
    refused = _refused(session, compound_id)
    made = []
    for change_id in change_ids:
        leader = leaders.get(change_id)
        line = None if leader is None else firsts.get(leader.operation_id)
        if line is None:
            continue
        number = sum(row.number for row in facets[change_id])
        groups = {undo.group_id for undo in undos if undo.change_id == change_id}
        made.append(
            replace(
                line,
                more=number - 1,
                waiting=unsent[change_id],
                refused=refused.get(change_id, 0),
                undone=bool(groups),
                partly=bool(groups) and number > 1 and _size(session, compound_id, groups) < number,
            )
        )
    return tuple(made)


def _size(session: Session, compound_id: UUID, groups: Iterable[UUID]) -> int:
    """Count the operations of some groups; asked for the few changes that were taken back."""
    statement = (
        select(func.count())
        .select_from(_operation)
        .where(_operation.c.compound_id == compound_id, _operation.c.group_id.in_(sorted(groups)))
    )
    return int(session.connection().execute(statement).scalar_one())


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
    """Return the condition on operations to be of a change, which lie among the numbers of its laptop."""
    rows = session.connection().execute(select(_change).where(_change.c.id == change_id)).all()
    own = [row for row in rows if row.compound_id == compound_id]
    if not own:
        return None
    batch = change_id if own[0].undoes is None else own[0].undoes
    return and_(
        _operation.c.compound_id == compound_id,
        _operation.c.device_id == own[0].device_id,
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
