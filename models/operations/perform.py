"""Performing: a person's intents become operations, rows and an outbox, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from models.operations import clocks, log
from models.operations.apply import apply, is_payload, prepare
from models.operations.envelope import Acting, Intent, Operation
from models.operations.registry import FILLERS, KINDS
from models.operations.tables import OutboxRow, ShadowRow
from models.operations.verdicts import Held, Refusal, Rejected, Verdict
from models.operations.workspace import Workspace
from models.operations.writing import insert_values
from models.tables import table_of

#: A group travels in one message and is judged under one savepoint.
MOST_IN_A_GROUP = 200
#: Bytes of a group's payloads as JSON. A server takes no larger message, and what cannot be sent must not be made.
MOST_BYTES = 8 * 1024 * 1024

_shadow = table_of(ShadowRow)
#: Who wrote these rows last, of those that nobody has judged. Made once: a question made anew takes as long as its answer.
_WRITERS = select(_shadow.c.row_id, _shadow.c.operation_id).where(
    _shadow.c.compound_id == bindparam("compound"), _shadow.c.row_id.in_(bindparam("rows", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a group. `verdicts` stand beside `operations`; `rows` are (table, id) written.

    Either every verdict is one of an applied operation, or one of them is
    `Rejected` and nothing at all was written.
    """

    group_id: UUID
    operations: tuple[Operation, ...]
    verdicts: tuple[Verdict, ...]
    rows: tuple[tuple[str, UUID], ...] = ()

    @property
    def refused(self) -> Rejected | None:
        """The reason why nothing was done, or None when it was."""
        for verdict in self.verdicts:
            if isinstance(verdict, Rejected):
                return verdict
        return None


def perform(
    session: Session, intents: Sequence[Intent], acting: Acting, *, batch_id: UUID | None = None
) -> Outcome:
    """Validate, check roles, decide, and write rows, shadows and outbox: all of it or nothing.

    The caller owns the write session and its transaction; a refusal rolls back
    to a savepoint of its own, so that earlier work in the session stays.
    """
    cursor, device = log.cursor_of(session, acting.compound_id), log.device_id(session)
    envelop = partial(
        enveloped,
        intents,
        acting,
        device_id=device,
        after=cursor.last_n,
        seen=cursor.cursor,
        batch_id=batch_id,
    )
    if _too_large(intents):
        operations = envelop(now=acting.clock())
        return Outcome(operations[0].group_id, tuple(operations), (Rejected("payload.too_large"),))
    moment = clocks.read(session, acting.clock(), acting.ticks)
    operations = envelop(now=moment.now)
    workspace = Workspace(session, acting.compound_id, keep_shadows=True)
    verdicts: list[Verdict] = []
    savepoint = session.begin_nested()
    try:
        prepare(workspace, operations)
        for place, made in enumerate(operations):
            operation = operations[place] = _filled(session, workspace, made, acting)
            verdict = apply(workspace, operation, rev=None)
            if isinstance(verdict, Held):
                verdict = Rejected(verdict.code, {"kind": operation.kind})
            verdicts.append(verdict)
            if isinstance(verdict, Rejected):
                savepoint.rollback()
                return Outcome(operations[0].group_id, tuple(operations), tuple(verdicts))
        if any(operation.kind in FILLERS for operation in operations) and _too_large(operations):
            savepoint.rollback()
            return Outcome(operations[0].group_id, tuple(operations), (Rejected("payload.too_large"),))
        operations = _with_needs(session, workspace, operations)
        workspace.flush()
    except IntegrityError:
        savepoint.rollback()
        return Outcome(operations[0].group_id, tuple(operations), (Rejected("row.clash"),))
    except Refusal as refusal:
        savepoint.rollback()
        refused = Rejected(refusal.code, refusal.params)
        return Outcome(operations[0].group_id, tuple(operations), (refused,))
    except BaseException:
        # After a full disk SQLite has ended the whole transaction, savepoints with it.
        with suppress(DBAPIError):
            savepoint.rollback()
        raise
    _log(session, operations, moment)
    savepoint.commit()
    rows = tuple((str(model.__tablename__), row_id) for model, row_id in workspace.written)
    return Outcome(operations[0].group_id, tuple(operations), tuple(verdicts), rows)


def _too_large(group: Sequence[Intent] | Sequence[Operation]) -> bool:
    return sum(len(to_json(one.payload)) for one in group) > MOST_BYTES


def enveloped(
    intents: Sequence[Intent],
    acting: Acting,
    *,
    device_id: UUID,
    after: int,
    seen: int,
    now: datetime,
    batch_id: UUID | None = None,
) -> list[Operation]:
    """Make a group of intents: numbered `after` the device's last, by somebody who has `seen` the rows up to a rev."""
    if not 0 < len(intents) <= MOST_IN_A_GROUP:
        raise ValueError(f"a group holds 1 to {MOST_IN_A_GROUP} operations, not {len(intents)}")
    group_id = acting.new_id()
    return [
        Operation(
            compound_id=acting.compound_id,
            id=intent.id or acting.new_id(),
            device_id=device_id,
            n=after + place,
            group_id=group_id,
            batch_id=batch_id,
            kind=intent.kind,
            v=KINDS[intent.kind].v if intent.kind in KINDS else 1,
            doer_id=intent.doer_id or acting.person_id,
            recorder_id=acting.person_id,
            payload=intent.payload,
            needs=(),
            happened_at=intent.happened_at or now,
            made_at=now,
            at=now,
            seen=seen,
        )
        for place, intent in enumerate(intents, start=1)
    ]


def _filled(session: Session, workspace: Workspace, operation: Operation, acting: Acting) -> Operation:
    """Return an operation with what its payload leaves to this transaction, after what the group did before it."""
    if operation.kind not in FILLERS:
        return operation
    workspace.flush()
    done = filled(session, Intent(operation.kind, operation.payload), acting)
    workspace.payloads.pop(operation.id, None)
    return replace(operation, payload=done.payload)


def filled(session: Session, intent: Intent, acting: Acting) -> Intent:
    """Return an intent with what its payload leaves to the transaction it is performed in."""
    kind = KINDS.get(intent.kind)
    if kind is None or kind.name not in FILLERS or not is_payload(kind, intent.payload):
        return intent
    return replace(intent, payload={**intent.payload, **FILLERS[kind.name](session, intent.payload, acting)})


def _with_needs(session: Session, workspace: Workspace, operations: list[Operation]) -> list[Operation]:
    """Name the unjudged operations of other groups whose rows these ones met.

    Read before the workspace is flushed: afterwards the shadows name this group itself.
    """
    met = sorted(set().union(*workspace.met.values()), key=lambda row_id: row_id.int)
    writers: dict[UUID, UUID] = {}
    for start in range(0, len(met), 500):
        asked = {"compound": workspace.compound_id, "rows": met[start : start + 500]}
        writers.update(map(tuple, session.connection().execute(_WRITERS, asked)))
    if not writers:
        return operations
    own = {operation.id for operation in operations}
    return [
        replace(
            operation,
            needs=tuple(
                sorted({writers[row] for row in workspace.met[operation.id] if row in writers} - own)
            ),
        )
        for operation in operations
    ]


def _log(session: Session, operations: Sequence[Operation], moment: clocks.Moment) -> None:
    log.keep(session, [log.to_values(operation) for operation in operations])
    insert_values(
        session.connection(),
        table_of(OutboxRow),
        [
            {
                "compound_id": operation.compound_id,
                "n": operation.n,
                "operation_id": operation.id,
                "doubt": None,
                "segment": moment.segment,
                "shift_ms": moment.shift_ms,
            }
            for operation in operations
        ],
    )
    cursor = log.cursor_of(session, operations[0].compound_id)
    cursor.last_n = operations[-1].n
    session.add(cursor)
    session.flush()
