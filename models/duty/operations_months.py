"""Handlers of months: what people owe is carried over the end of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from models.community.tables import Person
from models.duty import payloads_roster as p
from models.duty.tables import DutyBalance
from models.operations.envelope import Intent
from models.operations.registry import intent, register
from models.operations.roles import LEADERS
from models.operations.verdicts import Refusal
from models.operations.workspace import Workspace

_SUMS = ("before", "fair", "done", "missed", "owed")


def _lines(workspace: Workspace, given: p.SettleMonth) -> dict[UUID, dict[str, Any]]:
    """Return what was counted for each person; of two who turned out to be one, both counts are theirs."""
    found: dict[UUID, dict[str, Any]] = {}
    for line in given.lines:
        person = workspace.require(Person, line.person).id
        sums = found.setdefault(person, dict.fromkeys(_SUMS, 0))
        for name in _SUMS:
            sums[name] += getattr(line, name)
    return found


def _undo_settle(workspace: Workspace, given: p.SettleMonth) -> list[Intent]:
    lines = _lines(workspace, given)
    for person, sums in lines.items():
        row = workspace.find(DutyBalance, person_id=person, month=given.month)
        if row is None or row.archived or any(getattr(row, name) != value for name, value in sums.items()):
            raise Refusal("undo.changed_since", field="owed")
    return [intent("duty.unsettle", p.UnsettleMonth(month=given.month, people=list(lines), back=False))]


@register("duty.settle", p.SettleMonth, may=LEADERS, undo=_undo_settle)
def settle_month(workspace: Workspace, given: p.SettleMonth) -> None:
    """Carry what people owe over the end of a month. Settled again, the last count stands."""
    for person, sums in _lines(workspace, given).items():
        row = workspace.find(DutyBalance, person_id=person, month=given.month)
        if row is not None:
            workspace.change(row, archived=False, **sums)
            continue
        row_id = workspace.shared_id(DutyBalance, f"{person}:{given.month.isoformat()}")
        if workspace.get(DutyBalance, row_id) is not None:
            row_id = workspace.new_id(DutyBalance, str(person))  # it is of somebody who was merged
        workspace.add(
            DutyBalance(
                compound_id=workspace.compound_id, id=row_id, person_id=person, month=given.month, **sums
            )
        )


@register(
    "duty.unsettle",
    p.UnsettleMonth,
    may=LEADERS,
    undo=lambda _, given: [intent("duty.unsettle", given.model_copy(update={"back": not given.back}))],
)
def unsettle_month(workspace: Workspace, given: p.UnsettleMonth) -> None:
    """Take a settled month back, or put it back."""
    for one in given.people:
        person = workspace.require(Person, one).id
        row = workspace.find(DutyBalance, person_id=person, month=given.month)
        if row is not None:
            workspace.change(row, archived=not given.back)
