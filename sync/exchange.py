"""What each side does with a message: the laptop fills a push and takes a page, the server judges and pages.

Each function works in the session it is given, inside the caller's one
transaction, and knows no network: the HTTP client and server are two ways to
carry what is said here.
"""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from models.operations import log, replica
from models.operations.judge import judge
from models.operations.tables import CursorRow, HeadRow, OperationRow, OutboxRow
from models.operations.verdicts import Duplicate, Judgement
from models.tables import synced_models, to_json
from sync.messages import Page, Push, Verdicts, WireRow


class ForeignPush(ValueError):  # noqa: N818  # says whose fault it is
    """A push holds operations of another compound or device than it says: their fault, nothing is judged."""


class PageAhead(ValueError):  # noqa: N818  # says whose fault it is
    """A page begins after the laptop's cursor: taking it would skip rows for ever."""


def outgoing(session: Session, compound_id: UUID) -> Push:
    """Return what a laptop has to send: every group the server has not been heard to judge.

    Operations the server holds stay in the outbox, but it has them already.
    """
    unheard = session.exec(
        select(OperationRow)
        .join(
            OutboxRow,
            (col(OutboxRow.compound_id) == OperationRow.compound_id)
            & (col(OutboxRow.operation_id) == OperationRow.id),
        )
        .where(OutboxRow.compound_id == compound_id, col(OperationRow.verdict).is_(None))
        .order_by(col(OutboxRow.n))
    )
    groups = log.groups_of([log.from_row(row) for row in unheard])
    return Push(compound_id, log.device_id(session), tuple(tuple(group) for group in groups))


def receive(session: Session, push: Push) -> Verdicts:
    """Judge a push on the server, group by group. A group that came before gets the verdict it got then."""
    for operation in (operation for group in push.groups for operation in group):
        if operation.compound_id != push.compound_id or operation.device_id != push.device_id:
            raise ForeignPush(f"operation {operation.id} is not of this compound and device")
    judgements: list[Judgement] = []
    replayed: set[UUID] = set()
    for group in push.groups:
        verdicts = judge(session, group)
        stored = _judgements(session, push.compound_id, [operation.id for operation in group])
        for operation, verdict in zip(group, verdicts, strict=True):
            if isinstance(verdict, Duplicate):
                replayed.add(operation.id)
            if operation.id in stored:
                judgements.append(stored[operation.id])
    return Verdicts(push.compound_id, tuple(judgements), frozenset(replayed))


def page(session: Session, compound_id: UUID, *, device_id: UUID, after: int, acked_n: int) -> Page:
    """Return every row with a rev beyond `after`, and what was judged of a device's operations after `acked_n`.

    The session's transaction is the snapshot: rows, verdicts and head agree.
    """
    rows: dict[str, tuple[WireRow, ...]] = {}
    for name, model in synced_models().items():
        newer = session.exec(
            select(model)
            .where(col(model.compound_id) == compound_id, col(model.rev) > after)
            .order_by(col(model.rev), col(model.id))
        ).all()
        if newer:
            rows[name] = tuple(to_json(row) for row in newer)
    judged = session.exec(
        select(OperationRow)
        .where(
            OperationRow.compound_id == compound_id,
            OperationRow.device_id == device_id,
            OperationRow.n > acked_n,
            col(OperationRow.verdict).is_not(None),
        )
        .order_by(col(OperationRow.n))
    )
    judgements = tuple(log.judgement_of(row) for row in judged)
    head = session.get(HeadRow, compound_id)
    return Page(compound_id, after, 0 if head is None else head.head, rows, judgements)


def wanted(session: Session, compound_id: UUID) -> tuple[UUID, int, int]:
    """Return what a laptop asks a page with: its device id, its cursor, and up to where it has verdicts."""
    cursor = session.get(CursorRow, compound_id) or CursorRow(compound_id=compound_id)
    return log.device_id(session), cursor.cursor, cursor.acked_n


def take_page(session: Session, received: Page) -> None:
    """Take a page in on a laptop: rows, verdicts and cursor in one transaction."""
    cursor = log.cursor_of(session, received.compound_id)
    if received.after > cursor.cursor:
        raise PageAhead(f"page begins after {received.after}, the cursor is at {cursor.cursor}")
    replica.take(
        session,
        received.compound_id,
        rows=received.rows,
        judgements=received.judgements,
        head=received.head,
    )


def _judgements(session: Session, compound_id: UUID, operation_ids: list[UUID]) -> dict[UUID, Judgement]:
    rows = session.exec(
        select(OperationRow).where(
            OperationRow.compound_id == compound_id, col(OperationRow.id).in_(operation_ids)
        )
    )
    return {row.id: log.judgement_of(row) for row in rows}
