"""Undo: a whole group is taken back by operations of its own."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from models.operations import log
from models.operations.apply import parse
from models.operations.envelope import Acting, Intent
from models.operations.perform import Outcome, perform
from models.operations.registry import KINDS
from models.operations.verdicts import Refusal, Rejected
from models.operations.workspace import Workspace


def undo(session: Session, group_id: UUID, acting: Acting) -> Outcome:
    """Take a group back, where the present values still are what it left.

    Returns the outcome of the operations that take it back, or one whose
    verdict is `Rejected` with the reason why that cannot be done.
    """
    operations = log.group(session, acting.compound_id, group_id)
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
    return perform(session, intents, acting)
