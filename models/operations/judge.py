"""Judging: the server gives a group its place in the compound's one order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col, select

from models.operations import log
from models.operations.apply import apply, is_fact, prepare
from models.operations.envelope import Operation
from models.operations.tables import HeadRow, OperationRow
from models.operations.verdicts import (
    Duplicate,
    Held,
    Refusal,
    Rejected,
    Verdict,
    verdict_code,
    verdict_name,
    verdict_params,
)
from models.operations.workspace import Workspace


def judge(session: Session, operations: Sequence[Operation]) -> list[Verdict]:
    """Apply one group under a savepoint, store its verdicts, and return them.

    A group met before gets `Duplicate` and changes nothing; what was said of it
    is in the log. When one decision is rejected, every decision of the group is,
    for the same reason, and its facts are applied without them. An operation
    whose `needs` are held is held too; one whose `needs` were rejected is tried,
    and refused only if it cannot stand alone.
    """
    compound_id = operations[0].compound_id
    if _known(session, compound_id, [operation.id for operation in operations]):
        return [Duplicate() for _ in operations]
    head = _lock(session, compound_id)
    verdicts = _judge(session, operations, head.head)
    for operation, verdict in zip(operations, verdicts, strict=True):
        session.add(log.to_row(operation, rev=_next_rev(head, verdict), verdict=verdict))
    session.flush()
    return verdicts


def judge_again(session: Session, compound_id: UUID) -> list[OperationRow]:
    """Judge what is held once more, in the order it was made; return what is held no longer."""
    head = _lock(session, compound_id)
    held = session.exec(
        select(OperationRow)
        .where(OperationRow.compound_id == compound_id, OperationRow.verdict == "held")
        .order_by(col(OperationRow.made_at), col(OperationRow.device_id), col(OperationRow.n))
    ).all()
    settled: list[OperationRow] = []
    for _, rows_of_group in groupby(held, key=lambda row: row.group_id):
        rows = list(rows_of_group)
        verdicts = _judge(session, [log.from_row(row) for row in rows], head.head)
        for row, verdict in zip(rows, verdicts, strict=True):
            row.rev = _next_rev(head, verdict)
            row.verdict, row.code = verdict_name(verdict), verdict_code(verdict)
            row.params = verdict_params(verdict)
            session.add(row)
            if row.verdict != "held":
                settled.append(row)
        session.flush()
    return settled


def _lock(session: Session, compound_id: UUID) -> HeadRow:
    """Return the compound's head; whoever holds it is the only one to give out revs."""
    head = session.get(HeadRow, compound_id, with_for_update=True)
    if head is None:
        head = HeadRow(compound_id=compound_id)
        session.add(head)
        session.flush()
    return head


def _next_rev(head: HeadRow, verdict: Verdict) -> int | None:
    if isinstance(verdict, Rejected | Held):
        return None
    head.head += 1
    return head.head


def _judge(session: Session, operations: Sequence[Operation], head: int) -> list[Verdict]:
    needs = [need for operation in operations for need in operation.needs]
    if any(row.verdict == "held" for row in _known(session, operations[0].compound_id, needs)):
        return [Held("needs.held") for _ in operations]
    verdicts = _try(session, operations, head)
    facts = [operation for operation in operations if is_fact(operation)]
    if not facts or not isinstance(verdicts[0], Rejected):
        return verdicts
    of_facts = iter(_try(session, facts, head))
    return [
        next(of_facts) if is_fact(operation) else verdict
        for operation, verdict in zip(operations, verdicts, strict=True)
    ]


def _try(session: Session, operations: Sequence[Operation], head: int) -> list[Verdict]:
    """Apply operations from rev head + 1 on: all of them, or none and one verdict for all.

    A group of facts alone is never rejected. What a fact's handler cannot take
    waits, held, for a version that can.
    """
    workspace = Workspace(session, operations[0].compound_id, keep_shadows=False)
    savepoint = session.begin_nested()
    verdicts: list[Verdict] = []
    failed: Rejected | Held
    try:
        prepare(workspace, operations)
        for place, operation in enumerate(operations, start=1):
            verdict = apply(workspace, operation, rev=head + place)
            verdicts.append(verdict)
            if isinstance(verdict, Rejected | Held):
                break
        else:
            workspace.flush()
            savepoint.commit()
            return verdicts
        failed = verdict
    except OperationalError:
        raise  # the disk is full or the lock was lost: this says nothing about the operation
    except IntegrityError:
        failed = Rejected("row.clash")
    except Refusal as refusal:
        failed = Rejected(refusal.code, refusal.params)
    except Exception:  # noqa: BLE001  # a poisonous operation must not stop those behind it
        failed = Held("handler.broke")
    savepoint.rollback()
    if isinstance(failed, Rejected) and all(is_fact(operation) for operation in operations):
        failed = Held(failed.code)
    return [failed for _ in operations]


def _known(session: Session, compound_id: UUID, operation_ids: Sequence[UUID]) -> list[OperationRow]:
    known: list[OperationRow] = []
    for start in range(0, len(operation_ids), 500):
        statement = select(OperationRow).where(
            OperationRow.compound_id == compound_id,
            col(OperationRow.id).in_(operation_ids[start : start + 500]),
        )
        known += session.exec(statement).all()
    return known
