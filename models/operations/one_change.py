"""Everything about one change, and about one row: what undoes it, what it gave rise to, who wrote each field last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import or_, select
from sqlmodel import Session

from models.operations import change_lines, changes, kin, naming
from models.operations.about import ids_in
from models.operations.change_lines import ChangeLine
from models.operations.envelope import Acting
from models.operations.naming import Named
from models.operations.registry import EditPayload
from models.operations.settling import editing
from models.operations.tables import Conflict, Flag
from models.operations.undo import WhyNot, why_not_change
from models.tables import Json, encode, synced_models, table_of

_conflict, _flag = table_of(Conflict), table_of(Flag)
#: Rows that people have a card for, the likeliest to be meant first.
CARDS = ("household", "point", "person", "ticket")


@dataclass(frozen=True, slots=True)
class Flagged:
    """Something odd about a fact, as a code with its parameters."""

    code: str
    params: Mapping[str, Any]
    settled: bool


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two values of one field, of which a change wrote one."""

    table: str
    row_id: UUID
    field: str
    kept: Json
    lost: Json
    status: str


@dataclass(frozen=True, slots=True)
class ChangeDetail:
    """One operation with all that hangs on it.

    `names` is what its payload and its disputes name. `about` is the row it is
    about (table, id), a card's where there is one. `undone_by` and `undoes` are
    the first operations of those changes. `number` counts the operations of the
    whole change, which is undone as a whole. `why_not` tells why it cannot be
    undone, None when it can.
    """

    line: ChangeLine
    names: Mapping[UUID, Named]
    about: tuple[str, UUID] | None
    number: int
    undone_by: ChangeLine | None
    undoes: ChangeLine | None
    flags: tuple[Flagged, ...]
    disputes: tuple[Dispute, ...]
    why_not: WhyNot | None


def detail(session: Session, operation_id: UUID, acting: Acting) -> ChangeDetail | None:
    """Return everything about an operation, or None when it is not in this log."""
    compound_id = acting.compound_id
    lines = change_lines.operation_lines(session, compound_id, [operation_id])
    if not lines:
        return None
    line = lines[0]
    disputes = _disputes(session, line)
    names = naming.names_for(session, compound_id, lines)
    names |= naming.named(session, compound_id, {one.table: [one.row_id] for one in disputes})
    names |= _cards(session, line)
    undos = [
        undo
        for undo in change_lines.undone_by(session, compound_id, line.change_id)
        if undo.group_id == line.group_id
    ]
    undone_by = change_lines.operation_lines(session, compound_id, [undo.operation_id for undo in undos[-1:]])
    undoes = () if line.undoes is None else change_lines.lines(session, compound_id, [line.undoes])
    return ChangeDetail(
        line=line,
        names=names | naming.names_for(session, compound_id, [*undone_by, *undoes]),
        about=subject(line, names),
        number=changes.count_parts(session, compound_id, line.change_id),
        undone_by=undone_by[0] if undone_by else None,
        undoes=undoes[0] if undoes else None,
        flags=_flags(session, line),
        disputes=disputes,
        why_not=why_not_change(session, line.change_id, acting),
    )


def subject(line: ChangeLine, names: Mapping[UUID, Named]) -> tuple[str, UUID] | None:
    """Return the row that people would go to from an operation: what it is about itself, or the nearest card."""
    noun = line.kind.partition(".")[0]
    tables = ((noun,) if noun in CARDS else ()) + CARDS + (noun,)
    for table in tables:
        for one in names.values():
            if one.table == table:
                return one.table, one.id
    added = naming.as_id(line.payload.get("id"))
    if added is not None and noun in synced_models():
        return noun, added
    return next(((one.table, one.id) for one in names.values()), None)


def _cards(session: Session, line: ChangeLine) -> dict[UUID, Named]:
    """Return the rows with cards that a payload names in whatever way: what was added names itself."""
    ids = sorted(ids_in(line.payload))[:500]
    return naming.named(session, line.compound_id, dict.fromkeys(CARDS, ids))


def _flags(session: Session, line: ChangeLine) -> tuple[Flagged, ...]:
    statement = select(_flag).where(
        _flag.c.compound_id == line.compound_id,
        _flag.c.operation_id == line.id,
        _flag.c.archived.is_(False),
    )
    return tuple(
        Flagged(row.code, row.params, row.settled) for row in session.connection().execute(statement)
    )


def _disputes(session: Session, line: ChangeLine) -> tuple[Dispute, ...]:
    statement = select(_conflict).where(
        _conflict.c.compound_id == line.compound_id,
        or_(_conflict.c.kept_by == line.id, _conflict.c.lost_by == line.id),
        _conflict.c.archived.is_(False),
    )
    return tuple(
        Dispute(row.table_name, row.row_id, row.field, row.kept, row.lost, row.status)
        for row in session.connection().execute(statement)
    )


# -- one row -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of a row as it stands. `by` is the operation that wrote it last, None while it is as it was added."""

    name: str
    value: Json
    by: ChangeLine | None


@dataclass(frozen=True, slots=True)
class RowHistory:
    """A row as it stands, what it and what hangs on it are called, and the ids its history is told under."""

    row: Named | None
    names: Mapping[UUID, Named]
    ids: frozenset[UUID]


def history_of(session: Session, compound_id: UUID, table: str, row_id: UUID) -> RowHistory:
    """Return what the history of a row is read from."""
    standing = kin.standing(session, compound_id, table, row_id)
    names = naming.named(session, compound_id, {table: [standing]})
    ids = kin.around(session, compound_id, table, [standing, row_id])
    return RowHistory(names.get(standing), names, frozenset(ids))


def fields_of(session: Session, compound_id: UUID, row: Named) -> Sequence[FieldLine]:
    """Return the fields of a row that can be edited, each with who wrote it last."""
    kind = editing(row.table)
    if kind is None or not issubclass(kind.payload, EditPayload):
        return ()
    model = kind.payload.model_fields["new"].annotation
    if not isinstance(model, type) or not issubclass(model, BaseModel) or row.table not in synced_models():
        return ()
    stamps = dict(row.values.get("stamps") or {})
    writers = {name: UUID(stamp[0]) for name, stamp in stamps.items()}
    lines = {
        line.id: line
        for line in change_lines.operation_lines(session, compound_id, sorted(set(writers.values())))
    }
    return tuple(
        FieldLine(name, encode(row.values.get(name)), lines.get(writers[name]) if name in writers else None)
        for name in model.model_fields
        if name in row.values
    )
