"""Undo: a whole group is taken back by operations of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from sqlmodel import Session

from models.operations import log
from models.operations.apply import parse
from models.operations.envelope import Acting, Intent
from models.operations.perform import MOST_IN_A_GROUP, Outcome, perform
from models.operations.registry import KINDS
from models.operations.verdicts import Refusal, Rejected
from models.operations.workspace import Workspace


def undo(session: Session, group_id: UUID, acting: Acting) -> Outcome:
    """Take a group back, where the present values still are what it left.

    Returns the outcome of the operations that take it back, or one whose
    verdict is `Rejected` with the reason why that cannot be done.
    """
    refused = log.refused(session, acting.compound_id, group_id)
    operations = [] if refused else log.group(session, acting.compound_id, group_id)
    if not operations:
        return Outcome(group_id, (), (Rejected("undo.unknown"),))
    workspace = Workspace(session, acting.compound_id, keep_shadows=True)
    intents: list[Intent] = []
    try:
        for operation in reversed(operations):
            kind = KINDS.get(operation.kind)
            if kind is None or kind.undo is None:
                return Outcome(group_id, (), (Rejected("undo.impossible", {"kind": operation.kind}),))
            payload = parse(kind, operation)
            if isinstance(payload, Rejected):
                return Outcome(group_id, (), (payload,))
            intents.extend(kind.undo(workspace, payload))
    except Refusal as refusal:
        return Outcome(group_id, (), (Rejected(refusal.code, refusal.params),))
    if not intents:
        return Outcome(group_id, (), (Rejected("undo.nothing"),))
    return _perform_all(session, intents, acting)


def _perform_all(session: Session, intents: Sequence[Intent], acting: Acting) -> Outcome:
    """Perform more than a group holds: taking back 200 households takes back their people too."""
    if len(intents) <= MOST_IN_A_GROUP:
        return perform(session, intents, acting)
    batch_id = acting.new_id()
    savepoint = session.begin_nested()
    parts: list[Outcome] = []
    for start in range(0, len(intents), MOST_IN_A_GROUP):
        part = perform(session, intents[start : start + MOST_IN_A_GROUP], acting, batch_id=batch_id)
        if part.refused is not None:
            savepoint.rollback()
            return part
        parts.append(part)
    savepoint.commit()
    return Outcome(
        parts[0].group_id,
        tuple(chain.from_iterable(part.operations for part in parts)),
        tuple(chain.from_iterable(part.verdicts for part in parts)),
        tuple(chain.from_iterable(part.rows for part in parts)),
    )
