"""Undo: a whole group is taken back by operations of its own.

They carry the group they take back as their batch, which travels as it is, so
that every laptop can tell what was taken back, by whom and when. Taking that
back in turn does the first thing again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from sqlmodel import Session

from models.operations import change_lines, changes, log
from models.operations.about import ids_in
from models.operations.apply import parse
from models.operations.change_lines import ChangeLine
from models.operations.envelope import Acting, Intent, Operation
from models.operations.perform import MOST_IN_A_GROUP, Outcome, perform
from models.operations.registry import KINDS, EditPayload
from models.operations.verdicts import Refusal, Rejected
from models.operations.workspace import Workspace
from models.tables import synced_models

#: Groups of a change that are looked at before its undo is offered.
_LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a group cannot be taken back, and what stands in its way: what changed or undid it since, if known."""

    refused: Rejected
    by: ChangeLine | None = None


@dataclass(frozen=True, slots=True)
class _Stuck:
    """A plan that failed, and the operation it failed at, if at one."""

    refused: Rejected
    at: Operation | None = None


def undo(session: Session, group_id: UUID, acting: Acting) -> Outcome:
    """Take a group back, where the present values still are what it left.

    Returns the outcome of the operations that take it back, or one whose
    verdict is `Rejected` with the reason why that cannot be done.
    """
    plan = _plan(session, group_id, acting)
    if isinstance(plan, _Stuck):
        return Outcome(group_id, (), (plan.refused,))
    return _perform_all(session, plan, acting, group_id)


def undo_change(session: Session, change_id: UUID, acting: Acting) -> Outcome:
    """Take back all that still stands of what was done in one go, the newest first: all of it or nothing."""
    groups = changes.groups_of(session, acting.compound_id, change_id)
    parts: list[Outcome] = []
    savepoint = session.begin_nested()
    for group_id in groups:
        part = undo(session, group_id, acting)
        if part.refused is None:
            parts.append(part)
        elif part.refused.code != "undo.already" or len(groups) == 1:
            savepoint.rollback()
            return part
    savepoint.commit()
    return _together(parts) if parts else Outcome(change_id, (), (Rejected("undo.already"),))


def why_not_change(session: Session, change_id: UUID, acting: Acting) -> WhyNot | None:
    """Return why `undo_change` would refuse; of a very large change the newest parts are looked at."""
    found: WhyNot | None = WhyNot(Rejected("undo.unknown"))
    for group_id in changes.groups_of(session, acting.compound_id, change_id)[:_LOOKED_AT]:
        found = why_not(session, group_id, acting)
        if found is None or found.refused.code != "undo.already":
            return found
    return found


def why_not(session: Session, group_id: UUID, acting: Acting) -> WhyNot | None:
    """Return why `undo` would refuse, as far as can be told without doing it; None when it would not."""
    plan = _plan(session, group_id, acting)
    if not isinstance(plan, _Stuck):
        denied = _denied(session, plan, acting)
        return None if denied is None else WhyNot(denied)
    if plan.refused.code == "undo.already":
        return WhyNot(plan.refused, _undoing(session, acting.compound_id, group_id))
    if plan.refused.code == "undo.changed_since" and plan.at is not None:
        field = str(plan.refused.params.get("field") or "")
        return WhyNot(plan.refused, _later(session, plan.at, field))
    return WhyNot(plan.refused)


def _plan(session: Session, group_id: UUID, acting: Acting) -> list[Intent] | _Stuck:
    refused = log.refused(session, acting.compound_id, group_id)
    operations = [] if refused else log.group(session, acting.compound_id, group_id)
    if not operations:
        return _Stuck(Rejected("undo.unknown"))
    if _undoing(session, acting.compound_id, group_id) is not None:
        return _Stuck(Rejected("undo.already"))
    workspace = Workspace(session, acting.compound_id, keep_shadows=True)
    intents: list[Intent] = []
    for operation in reversed(operations):
        kind = KINDS.get(operation.kind)
        if kind is None or kind.undo is None:
            return _Stuck(Rejected("undo.impossible", {"kind": operation.kind}), operation)
        payload = parse(kind, operation)
        if isinstance(payload, Rejected):
            return _Stuck(payload, operation)
        workspace.begin(operation, rev=None)  # so that the rows' stamps tell what it wrote itself
        try:
            intents.extend(kind.undo(workspace, payload))
        except Refusal as refusal:
            return _Stuck(Rejected(refusal.code, refusal.params), operation)
    return intents or _Stuck(Rejected("undo.nothing"))


def _denied(session: Session, intents: Sequence[Intent], acting: Acting) -> Rejected | None:
    """Return the refusal of a person whose roles do not allow what taking it back takes."""
    workspace = Workspace(session, acting.compound_id, keep_shadows=False)
    founding = acting.person_id == acting.compound_id and not workspace.has_director()
    held = workspace.roles(acting.person_id, workspace.local_day(acting.clock()))
    for name in {intent.kind for intent in intents}:
        may = KINDS[name].may
        if may is not None and not founding and not may & held:
            return Rejected("role.missing", {"kind": name})
    return None


def _undoing(session: Session, compound_id: UUID, group_id: UUID) -> ChangeLine | None:
    """Return the operation that took a group back, if that still holds."""
    part = change_lines.change_of_group(session, compound_id, group_id)
    undos = [] if part is None else change_lines.undone_by(session, compound_id, part)
    found = [undo.operation_id for undo in undos if undo.group_id == group_id]
    lines = change_lines.operation_lines(session, compound_id, found[-1:])
    return lines[0] if lines else None


def _later(session: Session, operation: Operation, field: str) -> ChangeLine | None:
    """Return what has changed a row since: the field's last writer, else the newest that is about the row."""
    compound_id = operation.compound_id
    kind = KINDS[operation.kind]
    found: list[UUID] = []
    if field and issubclass(kind.payload, EditPayload):
        workspace = Workspace(session, compound_id, keep_shadows=False)
        row_id = UUID(str(operation.payload[kind.payload.target]))
        row = workspace.get(synced_models()[kind.payload.table], row_id)
        stamp = None if row is None else row.stamps.get(field)
        found = [] if stamp is None else [UUID(stamp[0])]
    if not found:
        own = operation.payload.get("id")
        rows = ids_in(operation.payload if own is None else {"id": own})
        lines = changes.page_history(session, compound_id, rows, limit=MOST_IN_A_GROUP)
        found = [line.id for line in lines if line.group_id != operation.group_id and line.id > operation.id][
            :1
        ]
    lines = change_lines.operation_lines(session, compound_id, found)
    return lines[0] if lines and lines[0].group_id != operation.group_id else None


def _perform_all(session: Session, intents: Sequence[Intent], acting: Acting, batch_id: UUID) -> Outcome:
    """Perform more than a group holds: taking back 200 households takes back their people too."""
    savepoint = session.begin_nested()
    parts: list[Outcome] = []
    for start in range(0, len(intents), MOST_IN_A_GROUP):
        part = perform(session, intents[start : start + MOST_IN_A_GROUP], acting, batch_id=batch_id)
        if part.refused is not None:
            savepoint.rollback()
            return part
        parts.append(part)
    savepoint.commit()
    return _together(parts)


def _together(parts: Sequence[Outcome]) -> Outcome:
    return Outcome(
        parts[0].group_id,
        tuple(chain.from_iterable(part.operations for part in parts)),
        tuple(chain.from_iterable(part.verdicts for part in parts)),
        tuple(chain.from_iterable(part.rows for part in parts)),
    )
