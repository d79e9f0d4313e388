"""How two versions of one thing become one: edits field by field, and things added twice.

The rule for a field, source docs/architecture.md: an edit whose old value still
stands is applied. Otherwise the writer who had seen the other wins; of two who
had not, the one made later. What is put aside stays visible in a conflict. A
sensitive field keeps its standing value until a person chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select

from models.operations.tables import OperationRow
from models.operations.verdicts import Merged, Refusal
from models.operations.workspace import Workspace
from models.tables import Synced, encode, table_of


def edit_row(workspace: Workspace, row: Synced, *, old: BaseModel, new: BaseModel) -> bool:
    """Apply a partial edit: the fields set in `new`, each with the value `old` says it saw."""
    values: dict[str, Any] = {}
    stamps = dict(row.stamps)
    for field in sorted(new.model_fields_set):
        want, seen, stands = getattr(new, field), getattr(old, field, None), getattr(row, field)
        if same(stands, want):
            continue
        stamp = stamps.get(field)
        free = same(stands, seen) or had_seen(workspace, stamp)
        if not free and field in row.__sensitive__:
            workspace.conflict(
                row,
                field,
                kept=encode(stands),
                lost=encode(want),
                kept_by=_writer(stamp),
                lost_by=workspace.operation.id,
            )
            continue
        if not free and not _is_later(workspace, stamp):
            workspace.conflict(
                row,
                field,
                kept=encode(stands),
                lost=encode(want),
                kept_by=_writer(stamp),
                lost_by=workspace.operation.id,
            )
            continue
        if not free:
            workspace.conflict(
                row,
                field,
                kept=encode(want),
                lost=encode(stands),
                kept_by=workspace.operation.id,
                lost_by=_writer(stamp),
            )
        values[field] = "" if want is None and not table_of(type(row)).c[field].nullable else want
        stamps[field] = workspace.stamp()
    if not values:
        return False
    return workspace.change(row, **values, stamps=stamps)


def absorb(workspace: Workspace, standing: Synced, added_id: UUID, values: Mapping[str, Any]) -> Merged:
    """Let a thing added a second time be the one that stands.

    What the standing row leaves blank is filled; where both say something and
    differ, the standing value stays and the other is kept in a conflict.
    """
    filled: dict[str, Any] = {}
    stamps = dict(standing.stamps)
    for field, value in sorted(values.items()):
        stands = getattr(standing, field)
        if _blank(value) or same(stands, value):
            continue
        if _blank(stands):
            filled[field] = value
            stamps[field] = workspace.stamp()
        else:
            workspace.conflict(
                standing,
                field,
                kept=encode(stands),
                lost=encode(value),
                kept_by=_writer(stamps.get(field)),
                lost_by=workspace.operation.id,
            )
    if filled:
        workspace.change(standing, **filled, stamps=stamps)
    workspace.alias(type(standing), added_id, standing.id)
    return Merged(standing.id)


def check_unchanged(row: Synced, new: BaseModel) -> None:
    """Refuse an undo when somebody has written one of the fields since."""
    for field in sorted(new.model_fields_set):
        if not same(getattr(row, field), getattr(new, field)):
            raise Refusal("undo.changed_since", field=field)


def same(one: Any, other: Any) -> bool:
    """Tell whether two field values are the same; blank text, None and an empty list are alike."""
    return bool(one == other or (_blank(one) and _blank(other)))


def _blank(value: Any) -> bool:
    return value is None or value in ("", [], {})


def had_seen(workspace: Workspace, stamp: list[Any] | None) -> bool:
    """Tell whether whoever acts knew of a field's last writer, or is the same laptop."""
    if stamp is None:
        return False
    _, _, rev, device = stamp
    operation = workspace.operation
    return bool(device == operation.device_id.hex or (rev is not None and rev <= operation.seen))


def wrote(workspace: Workspace, row: Synced, field: str) -> bool:
    """Tell whether the operation that is taken back is the last that wrote a field, but for what was taken back since.

    It looks into the log, as an undo may and a handler may not.
    """
    stamp = row.stamps.get(field)
    if stamp is None:
        return False
    return stamp[0] == workspace.operation.id.hex or _takes_back(workspace, UUID(stamp[0]))


def _takes_back(workspace: Workspace, operation_id: UUID) -> bool:
    """Tell whether an operation took a group back: it carries that group as its batch."""
    log = table_of(OperationRow)
    batch = select(log.c.batch_id).where(log.c.compound_id == workspace.compound_id, log.c.id == operation_id)
    statement = select(log.c.id).where(
        log.c.compound_id == workspace.compound_id, log.c.group_id == batch.scalar_subquery()
    )
    return workspace.session.connection().execute(statement.limit(1)).first() is not None


def _is_later(workspace: Workspace, stamp: list[Any] | None) -> bool:
    if stamp is None:
        return True
    operation = workspace.operation
    return (operation.at, operation.id.hex) > (datetime.fromisoformat(stamp[1]), stamp[0])


def _writer(stamp: list[Any] | None) -> UUID | None:
    return None if stamp is None else UUID(stamp[0])
