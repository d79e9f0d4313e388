"""Operations and changes as lines: looked up whole, a page at a time, with what became of them and what undid them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session

from models.operations import log
from models.operations.about import portions
from models.operations.tables import ChangeRow, OperationRow, OutboxRow, TrayRow
from models.tables import synced_models, table_of

_change, _operation = table_of(ChangeRow), table_of(OperationRow)
_outbox, _tray = table_of(OutboxRow), table_of(TrayRow)
#: What tells which change an operation is part of.
_PLACE = [_operation.c[name] for name in ("id", "device_id", "n", "group_id", "batch_id")]


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


def waits(session: Session, compound_id: UUID) -> ColumnElement[bool]:
    """Tell whether something of a change is in the outbox, which counts this laptop's operations."""
    unsent = select(_outbox.c.n).where(
        _outbox.c.compound_id == compound_id, _outbox.c.n.between(_change.c.first_n, _change.c.last_n)
    )
    return and_(_change.c.device_id == log.device_id(session), unsent.exists())


def refused(session: Session, compound_id: UUID) -> dict[UUID, int]:
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


# -- what was taken back ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Undo:
    """Somebody took a group back: by which change, and of which change it was a part. `rev` is None while unjudged."""

    by: UUID
    operation_id: UUID
    group_id: UUID
    change_id: UUID
    refused: bool
    rev: int | None

    @property
    def place(self) -> tuple[bool, int, UUID]:
        """Its place in the compound's order, behind which lies what is unjudged."""
        return self.rev is None, self.rev or 0, self.operation_id


def undos(
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
            _operation.c.rev,
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
                    by=row.id,
                    operation_id=row.operation_id,
                    group_id=row.undoes,
                    change_id=row.undoes_change,
                    refused=row.verdict == "rejected",
                    rev=row.rev,
                )
                if undo not in found.setdefault(undo.change_id, []):
                    found[undo.change_id].append(undo)
                    deeper.append(undo.by)
        asked = [] if changes is None else list(portions(deeper))
    return found


def standing(found: Mapping[UUID, Sequence[Undo]]) -> list[Undo]:
    """Return the undos that still hold: not refused, and not taken back themselves.

    Two laptops may take the same back. Whoever does the thing again takes back both.
    """
    known: dict[UUID, bool] = {}

    def holds(undo: Undo) -> bool:
        if undo.by not in known:
            known[undo.by] = False  # what takes itself back in a ring holds nothing
            same = [one for one in found.get(undo.change_id, ()) if one.group_id == undo.group_id]
            again = any(
                (one.by == undo.by or undo.place < redo.place) and holds(redo)
                for one in same
                for redo in found.get(one.by, ())
            )
            known[undo.by] = not (undo.refused or again)
        return known[undo.by]

    return [undo for every in found.values() for undo in every if holds(undo)]


def undone_by(session: Session, compound_id: UUID, change_id: UUID) -> list[Undo]:
    """Return what has taken a change, or parts of it, back and still holds."""
    holding = standing(undos(session, compound_id, [change_id]))
    return [undo for undo in holding if undo.change_id == change_id]


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
    holding = standing(undos(session, compound_id, {part.id for part in parts.values()}))
    undone = {undo.group_id for undo in holding}
    return tuple(_line(row, parts.get(row.id), undone=row.group_id in undone) for row in rows)


def _changes_of(session: Session, compound_id: UUID, rows: Sequence[Any]) -> dict[UUID, Any]:
    """Return the change of each operation, as the row that leads it."""
    batches = {row.batch_id for row in rows if row.batch_id is not None}
    leading: dict[UUID, Any] = {}
    for part in portions(sorted({row.group_id for row in rows} | batches)):
        statement = select(_change).where(_change.c.id.in_(part), _change.c.leading.is_(True))
        found = session.connection().execute(statement)
        # What was carried over from another compound has the same batch there and here.
        leading.update({row.id: row for row in found if row.compound_id == compound_id})
    spans: dict[tuple[UUID, UUID], list[Any]] = {}
    for part in portions(sorted(batches)):
        for row in session.connection().execute(select(_change).where(_change.c.undoes.in_(part))):
            if row.compound_id == compound_id:
                spans.setdefault((row.device_id, row.undoes), []).append(row)

    def change_of(row: Any) -> Any:
        for one in spans.get((row.device_id, row.batch_id), ()):
            if one.first_n <= row.n <= one.last_n:
                return one
        return leading.get(row.group_id) or leading.get(row.batch_id)

    parts = {row.id: change_of(row) for row in rows}
    return {key: part for key, part in parts.items() if part is not None}


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
    unjudged = waits(session, compound_id).label("waits")
    for part in portions(change_ids):
        for row in session.connection().execute(select(_change, unjudged).where(_change.c.id.in_(part))):
            if row.compound_id != compound_id:
                continue
            facets.setdefault(row.id, []).append(row)
            unsent[row.id] = unsent.get(row.id, False) or row.waits
    leaders = {row.id: row for rows in facets.values() for row in rows if row.leading}
    firsts = {
        line.id: line
        for line in operation_lines(session, compound_id, [row.operation_id for row in leaders.values()])
    }
    holding = standing(undos(session, compound_id, change_ids))
    turned_down = refused(session, compound_id)
    made = []
    for change_id in change_ids:
        leader = leaders.get(change_id)
        line = None if leader is None else firsts.get(leader.operation_id)
        if line is None:
            continue
        number = sum(row.number for row in facets[change_id])
        groups = {undo.group_id for undo in holding if undo.change_id == change_id}
        made.append(
            replace(
                line,
                more=number - 1,
                waiting=unsent[change_id],
                refused=turned_down.get(change_id, 0),
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
