"""Judging: the server gives a group its place in the compound's one order."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from models.operations import log
from models.operations.apply import apply, prepare
from models.operations.envelope import Operation
from models.operations.tables import HeadRow, OperationRow
from models.operations.verdicts import Duplicate, Held, Rejected, Verdict
from models.operations.workspace import Workspace

_JUDGED = tuple[Verdict, int | None]


def judge(session: Session, operations: Sequence[Operation]) -> list[Verdict]:
    """Apply one group under a savepoint, store its verdicts, and return them.

    A group met before gets `Duplicate` and changes nothing. When one operation
    is rejected, the whole group is, for the same reason. An operation whose
    `needs` are held is held too; one whose `needs` were rejected is tried, and
    refused only if it cannot stand alone.
    """
    compound_id = operations[0].compound_id
    known = _known(session, compound_id, [operation.id for operation in operations])
    if known:
        return [Duplicate() for _ in operations]
    head = session.get(HeadRow, compound_id) or HeadRow(compound_id=compound_id)
    verdicts, last_rev = _try(session, operations, head.head)
    applied = last_rev > head.head
    for place, (operation, verdict) in enumerate(zip(operations, verdicts, strict=True), start=1):
        session.add(log.to_row(operation, rev=head.head + place if applied else None, verdict=verdict))
    head.head = last_rev
    session.add(head)
    session.flush()
    return verdicts


def _try(session: Session, operations: Sequence[Operation], head: int) -> tuple[list[Verdict], int]:
    needs = [need for operation in operations for need in operation.needs]
    held = _known(session, operations[0].compound_id, needs)
    if any(row.verdict == "held" for row in held):
        return [Held("needs.held") for _ in operations], head
    workspace = Workspace(session, operations[0].compound_id, keep_shadows=False)
    savepoint = session.begin_nested()
    verdicts: list[Verdict] = []
    try:
        prepare(workspace, operations)
        for place, operation in enumerate(operations, start=1):
            verdict = apply(workspace, operation, rev=head + place)
            if isinstance(verdict, Rejected | Held):
                savepoint.rollback()
                return [verdict for _ in operations], head
            verdicts.append(verdict)
        workspace.flush()
    except IntegrityError:
        savepoint.rollback()
        return [Rejected("row.clash") for _ in operations], head
    except Exception:  # noqa: BLE001  # a poisonous operation must not stop those behind it
        savepoint.rollback()
        return [Held("handler.broke") for _ in operations], head
    savepoint.commit()
    return verdicts, head + len(operations)


def _known(session: Session, compound_id: UUID, operation_ids: Sequence[UUID]) -> list[OperationRow]:
    if not operation_ids:
        return []
    statement = select(OperationRow).where(
        OperationRow.compound_id == compound_id, col(OperationRow.id).in_(operation_ids)
    )
    return list(session.exec(statement))
