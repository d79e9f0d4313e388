"""What a person decides after the fact: which of two values stands, that a flag has been looked at, what was refused.

Conflicts and flags are synced rows, so settling them is an operation like any
other. The tray is this laptop's own.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session, col, select

from models.operations.apply import allowed
from models.operations.envelope import Acting, Intent
from models.operations.merge import had_seen
from models.operations.perform import Outcome, perform
from models.operations.registry import KINDS, EditPayload, Kind, Payload, Ref, intent, register
from models.operations.roles import WORKERS
from models.operations.tables import Conflict, Flag, OperationRow, TrayRow
from models.operations.verdicts import Refusal, Rejected
from models.operations.workspace import Workspace
from models.tables import synced_models


class Choice(StrEnum):
    """Which of two values a person wants: the one that stands, or the one that was put aside."""

    KEEP = "keep"
    TAKE = "take"


class ResolveConflict(Payload):
    """Names a conflict and the value that shall stand."""

    conflict: Annotated[UUID, Ref("conflict")]
    choice: Choice


class NameFlag(Payload):
    """Names a flag."""

    flag: Annotated[UUID, Ref("flag")]


#: How a choice is carried out where an edit would not do: (table, field) -> what does it.
SETTLERS: dict[tuple[str, str], Callable[[Workspace, Conflict, Choice], None]] = {}

_SETTLED = {Choice.KEEP: "kept", Choice.TAKE: "taken"}


@register("conflict.resolve", ResolveConflict, may=WORKERS)
def resolve_conflict(workspace: Workspace, given: ResolveConflict) -> None:
    """Let one of two values stand. Whoever may edit the row may choose, and may choose again.

    Of two people who chose apart, the first decided: the other is told.
    """
    conflict = workspace.require(Conflict, given.conflict)
    settled = _SETTLED[given.choice]
    if conflict.status == settled:
        return
    if conflict.status != "open" and not had_seen(workspace, conflict.stamps.get("status")):
        raise Refusal("conflict.settled", choice=conflict.status)
    settler = SETTLERS.get((conflict.table_name, conflict.field))
    kind = editing(conflict.table_name)
    if settler is None and kind is not None and not allowed(workspace, kind, workspace.operation):
        raise Refusal("role.missing", kind=kind.name)
    if settler is not None:
        settler(workspace, conflict, given.choice)
    elif given.choice is Choice.TAKE or conflict.status == "taken":
        _write(workspace, conflict, kind, conflict.lost if given.choice is Choice.TAKE else conflict.kept)
    workspace.change(
        conflict,
        status=settled,
        settled_by=workspace.operation.id,
        stamps=conflict.stamps | {"status": workspace.stamp()},
    )


def _write(workspace: Workspace, conflict: Conflict, kind: Kind | None, value: object) -> None:
    """Write a value into the row the way any edit does, so that whatever hangs on it follows."""
    if kind is None or not issubclass(kind.payload, EditPayload):
        raise Refusal("conflict.no_edit", table=conflict.table_name, field=conflict.field)
    model = synced_models()[conflict.table_name]
    row = workspace.require(model, conflict.row_id)
    stands = workspace.json_of(row, conflict.field)
    try:
        edit = kind.payload.model_validate(
            {kind.payload.target: row.id, "old": {conflict.field: stands}, "new": {conflict.field: value}}
        )
    except ValidationError as error:
        raise Refusal("conflict.no_edit", table=conflict.table_name, field=conflict.field) from error
    kind.handler(workspace, edit)


def editing(table: str) -> Kind | None:
    """Return the kind that edits rows of a table field by field, or None."""
    for kind in KINDS.values():
        if issubclass(kind.payload, EditPayload) and kind.payload.table == table:
            return kind
    return None


def _reopen_flag(_: Workspace, given: NameFlag) -> list[Intent]:
    return [intent("flag.reopen", given)]


@register("flag.settle", NameFlag, may=WORKERS, undo=_reopen_flag)
def settle_flag(workspace: Workspace, given: NameFlag) -> None:
    """Say that somebody has looked at what is odd about a fact."""
    workspace.change(workspace.require(Flag, given.flag), settled=True)


@register("flag.reopen", NameFlag, may=WORKERS, undo=lambda _, given: [intent("flag.settle", given)])
def reopen_flag(workspace: Workspace, given: NameFlag) -> None:
    """Put a flag back among what somebody should look at."""
    workspace.change(workspace.require(Flag, given.flag), settled=False)


# -- the tray ------------------------------------------------------------------------


def resubmit(session: Session, operation_id: UUID, acting: Acting) -> Outcome:
    """Perform what was refused once more, with the decisions that were refused with it.

    They are new operations on the rows as they are now. Refused again, here and
    at once, they stay in the tray.
    """
    rows = _refused_with(session, acting.compound_id, operation_id)
    if not rows:
        return Outcome(operation_id, (), (Rejected("tray.unknown"),))
    intents = [
        Intent(row.kind, row.payload, doer_id=row.doer_id, happened_at=row.happened_at) for row in rows
    ]
    outcome = perform(session, intents, acting)
    if outcome.refused is None:
        for row, operation in zip(rows, outcome.operations, strict=True):
            _settle(session, row, "resubmitted", operation.id)
    return outcome


def dismiss(session: Session, compound_id: UUID, operation_id: UUID) -> int:
    """Take what was refused out of the tray, together with what was refused with it; returns how many.

    It stays in the log for ever.
    """
    rows = _refused_with(session, compound_id, operation_id)
    for row in rows:
        _settle(session, row, "dismissed", None)
    return len(rows)


def _settle(session: Session, row: OperationRow, settled: str, by: UUID | None) -> None:
    entry = session.get(TrayRow, (row.compound_id, row.id))
    if entry is not None:
        entry.settled, entry.by = settled, by
        session.add(entry)
        session.flush()


def _refused_with(session: Session, compound_id: UUID, operation_id: UUID) -> list[OperationRow]:
    found = session.get(OperationRow, (compound_id, operation_id))
    if found is None:
        return []
    statement = (
        select(OperationRow)
        .join(
            TrayRow,
            (col(TrayRow.compound_id) == OperationRow.compound_id)
            & (col(TrayRow.operation_id) == OperationRow.id),
        )
        .where(
            OperationRow.compound_id == compound_id,
            OperationRow.group_id == found.group_id,
            col(TrayRow.settled).is_(None),
        )
        .order_by(col(OperationRow.n))
    )
    return list(session.exec(statement))
