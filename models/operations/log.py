"""Rows of the operation log, and the envelopes they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models.operations import about
from models.operations.envelope import Operation
from models.operations.tables import CursorRow, OperationRow, OutboxRow, Setting
from models.operations.verdicts import Judgement, Verdict, verdict_code, verdict_name, verdict_params
from models.operations.writing import insert_values
from models.tables import table_of


def to_values(
    operation: Operation,
    *,
    rev: int | None = None,
    verdict: Verdict | None = None,
    received_at: datetime | None = None,
    arrival: int | None = None,
) -> dict[str, Any]:
    """Return the columns of the log's row for an operation, with its verdict once it has one."""
    return {
        "compound_id": operation.compound_id,
        "id": operation.id,
        "rev": rev,
        "device_id": operation.device_id,
        "n": operation.n,
        "group_id": operation.group_id,
        "batch_id": operation.batch_id,
        "kind": operation.kind,
        "v": operation.v,
        "doer_id": operation.doer_id,
        "recorder_id": operation.recorder_id,
        "payload": dict(operation.payload),
        "needs": [need.hex for need in operation.needs],
        "happened_at": operation.happened_at,
        "made_at": operation.made_at,
        "at": None if operation.at == operation.made_at else operation.at,
        "received_at": received_at,
        "arrival": arrival,
        "seen": operation.seen,
        "verdict": None if verdict is None else verdict_name(verdict),
        "code": None if verdict is None else verdict_code(verdict),
        "params": {} if verdict is None else verdict_params(verdict),
    }


def keep(session: Session, rows: Sequence[dict[str, Any]], *, listed: bool = True) -> None:
    """Write rows that `to_values` made into the log.

    `listed` puts them among the changes that people look through. A server, at
    which nobody sits, leaves that out: a push would wait for it.
    """
    if rows:
        insert_values(session.connection(), table_of(OperationRow), rows)
        if listed:
            about.note(session, rows)


def from_row(row: Any) -> Operation:
    """Return the operation that a row of the log holds."""
    return Operation(
        compound_id=row.compound_id,
        id=row.id,
        device_id=row.device_id,
        n=row.n,
        group_id=row.group_id,
        batch_id=row.batch_id,
        kind=row.kind,
        v=row.v,
        doer_id=row.doer_id,
        recorder_id=row.recorder_id,
        payload=row.payload,
        needs=tuple(UUID(need) for need in row.needs),
        happened_at=row.happened_at,
        made_at=row.made_at,
        at=row.at or row.made_at,
        seen=row.seen,
    )


def rows_of(session: Session, compound_id: UUID, operation_ids: Sequence[UUID]) -> dict[UUID, OperationRow]:
    """Return those of the operations that are in the log."""
    found: dict[UUID, OperationRow] = {}
    for start in range(0, len(operation_ids), 500):
        statement = select(OperationRow).where(
            OperationRow.compound_id == compound_id,
            col(OperationRow.id).in_(operation_ids[start : start + 500]),
        )
        found.update({row.id: row for row in session.exec(statement)})
    return found


def judgement_of(row: OperationRow) -> Judgement:
    """Return what was said of an operation; one that nobody judged is a caller's mistake."""
    if row.verdict is None:
        raise ValueError(f"operation {row.id} has no verdict")
    return Judgement(row.id, row.n, row.verdict, row.rev, row.code, row.params)


def group(session: Session, compound_id: UUID, group_id: UUID) -> list[Operation]:
    """Return the operations of a group in the order they were made."""
    statement = (
        select(OperationRow)
        .where(OperationRow.compound_id == compound_id, OperationRow.group_id == group_id)
        .order_by(col(OperationRow.n))
    )
    return [from_row(row) for row in session.exec(statement)]


def refused(session: Session, compound_id: UUID, group_id: UUID) -> bool:
    """Tell whether the server refused a group: it changed nothing, so there is nothing to take back."""
    statement = select(OperationRow.id).where(
        OperationRow.compound_id == compound_id,
        OperationRow.group_id == group_id,
        OperationRow.verdict == "rejected",
    )
    return session.exec(statement.limit(1)).first() is not None


def unjudged(session: Session, compound_id: UUID) -> list[Operation]:
    """Return what waits in the outbox, oldest first."""
    statement = (
        select(OperationRow)
        .join(
            OutboxRow,
            (col(OutboxRow.compound_id) == OperationRow.compound_id)
            & (col(OutboxRow.operation_id) == OperationRow.id),
        )
        .where(OutboxRow.compound_id == compound_id)
        .order_by(col(OutboxRow.n))
    )
    return [from_row(row) for row in session.exec(statement)]


def groups_of(operations: Sequence[Operation]) -> list[list[Operation]]:
    """Split operations, in order, into the groups that are judged together."""
    groups: list[list[Operation]] = []
    for operation in operations:
        if groups and groups[-1][0].group_id == operation.group_id:
            groups[-1].append(operation)
        else:
            groups.append([operation])
    return groups


def cursor_of(session: Session, compound_id: UUID) -> CursorRow:
    """Return how far this laptop is in a compound; a row is made on first use."""
    row = session.get(CursorRow, compound_id)
    if row is None:
        row = CursorRow(compound_id=compound_id)
        session.add(row)
        session.flush()
    return row


def device_id(session: Session) -> UUID:
    """Return this store's device id, which `open_store` gave it when it was made."""
    row = session.get(Setting, "device")
    if row is None:
        raise RuntimeError("the store has no device id")
    return UUID(str(row.value))
