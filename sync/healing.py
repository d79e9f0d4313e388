"""What a laptop still has that a server lost which was put back from a copy, and what it must hear of again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.operations import log, replica
from models.operations.envelope import Operation
from models.operations.tables import OperationRow, OutboxRow, TrayRow
from sync import exchange


def logged_after(session: Session, compound_id: UUID, after: int) -> list[list[UUID]]:
    """Return the groups of the log beyond a rev, in portions.

    Which they are is asked once: what has been healed gets other revs, and two operations may have one then.
    """
    found = session.exec(
        select(OperationRow.group_id)
        .where(OperationRow.compound_id == compound_id, col(OperationRow.rev) > after)
        .order_by(col(OperationRow.rev))
    )
    portions: list[list[UUID]] = []
    count = exchange.MOST_OPERATIONS
    for group_id, size in Counter(found).items():
        if count + size > exchange.MOST_OPERATIONS:
            portions.append([])
            count = 0
        portions[-1].append(group_id)
        count += size
    return portions


def logged(
    session: Session, compound_id: UUID, group_ids: Sequence[UUID]
) -> list[list[tuple[Operation, int]]]:
    """Return what has a rev of these groups, with it."""
    rows = session.exec(
        select(OperationRow)
        .where(OperationRow.compound_id == compound_id, col(OperationRow.group_id).in_(group_ids))
        .order_by(col(OperationRow.rev))
    )
    groups: dict[UUID, list[tuple[Operation, int]]] = {}
    for row in rows:
        if row.rev is not None:
            groups.setdefault(row.group_id, []).append((log.from_row(row), row.rev))
    return list(groups.values())


def wait_again(session: Session, compound_id: UUID, after: int, *, held: bool = False) -> bool:
    """Let own operations wait as if nobody had judged them: a server has lost them. Tells whether there are any.

    That is those with a number beyond `after`, or among them those that are
    `held`. What is applied here, and what is in the tray, changes with that.
    """
    device = log.device_id(session)
    statement = select(OperationRow).where(
        OperationRow.compound_id == compound_id,
        OperationRow.device_id == device,
        OperationRow.n > after,
        OperationRow.verdict == "held" if held else col(OperationRow.verdict).is_not(None),
    )
    rows = session.exec(statement).all()
    if not rows:
        return False
    replica.put_shadows_back(session, compound_id)
    for row in rows:
        row.verdict = row.code = row.rev = None
        session.add(row)
        if session.get(OutboxRow, (compound_id, row.n)) is None:
            session.add(OutboxRow(compound_id=compound_id, n=row.n, operation_id=row.id))
        refused = session.get(TrayRow, (compound_id, row.id))
        if refused is not None:
            session.delete(refused)
    cursor = log.cursor_of(session, compound_id)
    cursor.acked_n = min(cursor.acked_n, min(row.n for row in rows) - 1)
    session.add(cursor)
    session.flush()
    replica.replay(session, compound_id)
    return True


def ask_again(session: Session, compound_id: UUID) -> None:
    """Let the next pull tell again what is said of own operations that were refused: the copy may hold them still."""
    first = session.exec(
        select(func.min(OperationRow.n)).where(
            OperationRow.compound_id == compound_id,
            OperationRow.device_id == log.device_id(session),
            OperationRow.verdict == "rejected",
        )
    ).one()
    if first is not None:
        cursor = log.cursor_of(session, compound_id)
        cursor.acked_n = min(cursor.acked_n, first - 1)
        session.add(cursor)
