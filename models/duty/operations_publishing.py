"""Handlers of publishing: what was the committee's draft becomes everybody's, and a draft again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from models.duty import payloads_roster as p
from models.duty.places import Places, put_back, take_off
from models.duty.rules import ShiftState, SwapState
from models.duty.tables import Assignment, CheckIn, Shift, Swap
from models.operations.envelope import Intent
from models.operations.merge import wrote
from models.operations.registry import intent, register
from models.operations.roles import LEADERS
from models.operations.verdicts import Refusal
from models.operations.workspace import Workspace
from models.tables import table_of

_checkin, _swap = table_of(CheckIn), table_of(Swap)


def _undo_publish(workspace: Workspace, given: p.Publish) -> list[Intent]:
    """Make what it published a draft again, unless somebody has relied on it since."""
    _loaded(workspace, given)
    shifts = [row for row in _rows(workspace, Shift, given.shifts) if wrote(workspace, row, "state")]
    places = [
        row for row in _rows(workspace, Assignment, given.assignments) if wrote(workspace, row, "state")
    ]
    left = [row for row in _rows(workspace, Assignment, given.leaving) if wrote(workspace, row, "archived")]
    for row in (*shifts, *places):
        if row.archived or row.state != ShiftState.PUBLISHED:
            raise Refusal("undo.changed_since", field="archived" if row.archived else "state")
    if any(row.leaving for row in places) or not all(row.archived for row in left):
        raise Refusal("undo.changed_since", field="leaving")
    _require_untouched(workspace, shifts, places)
    ids = {"shifts": shifts, "assignments": places, "leaving": left}
    back = p.Publish(**{name: [row.id for row in rows] for name, rows in ids.items()})
    return [intent("duty.withdraw", back)] if shifts or places or left else []


def _require_untouched(workspace: Workspace, shifts: list[Shift], places: list[Assignment]) -> None:
    """Refuse where others have come onto the shifts, have served there, or want to swap."""
    known, ids = {row.id for row in places}, [row.id for row in shifts]
    here = Places(workspace, shifts)
    if any(row.state == ShiftState.PUBLISHED and row.id not in known for one in ids for row in here.on(one)):
        raise Refusal("undo.changed_since", field="person_id")
    served = [*ids, *(row.shift_id for row in places)]
    if workspace.rows(CheckIn, _checkin.c.shift_id.in_(served), _checkin.c.archived.is_(False)):
        raise Refusal("undo.changed_since", field="came_at")
    asked = _swap.c.assignment_id.in_(known) | _swap.c.against_id.in_(known)
    if workspace.rows(Swap, asked, _swap.c.state == SwapState.OPEN, _swap.c.archived.is_(False)):
        raise Refusal("undo.changed_since", field="asked_at")


@register("duty.publish", p.Publish, may=LEADERS, undo=_undo_publish)
def publish(workspace: Workspace, given: p.Publish) -> None:
    """Make a draft everybody's. What was put away meanwhile is left out."""
    _loaded(workspace, given)
    for shift in _living(workspace, Shift, given.shifts):
        _turn(workspace, shift, ShiftState.PUBLISHED)
    for row in _living(workspace, Assignment, given.assignments):
        _turn(workspace, row, ShiftState.PUBLISHED)
    for row in _living(workspace, Assignment, given.leaving):
        if row.leaving:
            take_off(workspace, row)


@register("duty.withdraw", p.Publish, may=LEADERS, undo=lambda _, given: [intent("duty.publish", given)])
def withdraw(workspace: Workspace, given: p.Publish) -> None:
    """Make it the committee's draft again, as it was."""
    _loaded(workspace, given)
    for shift in _living(workspace, Shift, given.shifts):
        _turn(workspace, shift, ShiftState.DRAFT)
    for row in _living(workspace, Assignment, given.assignments):
        _turn(workspace, row, ShiftState.DRAFT)
    for row_id in given.leaving:
        row = workspace.get(Assignment, row_id)
        if row is not None and row.archived:
            put_back(workspace, row)
            workspace.change(row, leaving=True)


def _loaded(workspace: Workspace, given: p.Publish) -> None:
    workspace.preload(Shift, given.shifts)
    workspace.preload(Assignment, [*given.assignments, *given.leaving])


def _turn(workspace: Workspace, row: Any, state: ShiftState) -> None:
    """Publish a shift or a place, or make it a draft; what is so already stays as whoever did it left it."""
    if row.state != state:
        stamps = row.stamps | {"state": workspace.stamp()}
        workspace.change(row, state=state.value, sequence=row.sequence + 1, stamps=stamps)


def _rows(workspace: Workspace, model: Any, ids: Iterable[UUID]) -> list[Any]:
    rows = [workspace.get(model, row_id) for row_id in ids]
    return [row for row in rows if row is not None]


def _living(workspace: Workspace, model: Any, ids: Iterable[UUID]) -> list[Any]:
    return [row for row in _rows(workspace, model, ids) if not row.archived]
