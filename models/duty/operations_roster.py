"""Handlers of the roster: shifts planned and set by hand, people on them, publishing, months settled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from models.community.doers import person_or_none
from models.community.tables import Person, Team
from models.duty import payloads as p
from models.duty.places import Places, follow, moved, put_back, take_off
from models.duty.rules import ShiftState
from models.duty.tables import Assignment, DutyBalance, Post, Shift, ShiftTemplate
from models.operations.common import swapping
from models.operations.envelope import Intent
from models.operations.merge import edit_row
from models.operations.registry import intent, register
from models.operations.roles import LEADERS, WORKERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace

# -- shifts ------------------------------------------------------------------------------


def _undo_plan(workspace: Workspace, given: p.PlanShifts) -> list[Intent]:
    ids = [workspace.shared_id(Shift, shift_key(one.template, one.day)) for one in given.shifts]
    rows = [row for row in (workspace.get(Shift, one) for one in ids) if row is not None]
    if any(row.state != ShiftState.DRAFT for row in rows):
        raise Refusal("undo.changed_since", field="state")
    if any(Places(workspace, [row]).on(row.id) for row in rows):
        raise Refusal("undo.changed_since", field="person_id")
    return [
        intent("duty.plan", p.PlanShifts(shifts=[], cancel=[row.id for row in rows if not row.archived])),
        *(intent("shift.restore", p.NameShift(shift=one)) for one in given.cancel),
    ]


def shift_key(template_id: UUID, day: date) -> str:
    """Return what a template's shift on a day is known by, whoever plans it: its id is made from this."""
    return f"{template_id}:{day.isoformat()}"


@register("duty.plan", p.PlanShifts, may=LEADERS, undo=_undo_plan)
def plan(workspace: Workspace, given: p.PlanShifts) -> None:
    """Let templates' shifts stand as drafts. What is published, or was called off, stays as it is."""
    workspace.preload(ShiftTemplate, {one.template for one in given.shifts})
    workspace.preload(
        Shift, [workspace.shared_id(Shift, shift_key(one.template, one.day)) for one in given.shifts]
    )
    for one in given.shifts:
        template = workspace.get(ShiftTemplate, one.template)
        if template is None:
            raise Refusal("row.unknown", table="shift_template", id=str(one.template))
        if not template.archived:  # else somebody has put it away meanwhile: nobody wants its shifts
            _plan_one(workspace, template, one)
    for row_id in given.cancel:
        row = workspace.get(Shift, row_id)
        if row is not None and not row.archived and row.state == ShiftState.DRAFT:
            workspace.change(row, archived=True, sequence=row.sequence + 1)


def _plan_one(workspace: Workspace, template: ShiftTemplate, one: p.PlannedShift) -> None:
    row_id = workspace.shared_id(Shift, shift_key(one.template, one.day))
    values: dict[str, Any] = one.model_dump(exclude={"template"}) | {
        "name": template.name,
        "post_id": template.post_id,
        "team_id": template.team_id,
    }
    row = workspace.get(Shift, row_id)
    double = workspace.find(Shift, post_id=template.post_id, starts_at=one.starts_at, name=template.name)
    if double is not None and (row is None or double.id != row.id):
        if row is None:
            workspace.alias(Shift, row_id, double.id)
        row, values = double, {}
    if row is None:
        workspace.add(Shift(compound_id=workspace.compound_id, id=row_id, template_id=template.id, **values))
    elif row.state == ShiftState.DRAFT:
        moved(workspace, row, values | {"archived": False})


@register("shift.add", p.AddShift, may=LEADERS, undo=lambda _, given: [_calling_off(given.id)])
def add_shift(workspace: Workspace, given: p.AddShift) -> Verdict | None:
    """Set a shift by hand."""
    post = workspace.require(Post, given.post)
    double = workspace.find(Shift, post_id=post.id, starts_at=given.starts_at, name=given.name)
    if double is not None:
        workspace.alias(Shift, given.id, double.id)
        if double.archived:
            workspace.change(double, archived=False, sequence=double.sequence + 1)
        return Merged(double.id)
    values = given.model_dump(exclude={"id", "post", "published"})
    state = ShiftState.PUBLISHED if given.published else ShiftState.DRAFT
    team = None if given.team_id is None else workspace.require(Team, given.team_id).id
    values |= {"team_id": team, "post_id": post.id, "state": state.value}
    workspace.add(Shift(compound_id=workspace.compound_id, id=given.id, **values))
    return None


def _calling_off(shift_id: UUID) -> Intent:
    return intent("shift.cancel", p.CancelShift(shift=shift_id))


@register("shift.edit", p.EditShift, may=LEADERS, undo=swapping("shift.edit", Shift))
def edit_shift(workspace: Workspace, given: p.EditShift) -> None:
    """Change a shift field by field; the places on it go along in time."""
    row = workspace.require(Shift, given.shift)
    starts, ends = given.new.starts_at or row.starts_at, given.new.ends_at or row.ends_at
    if ends <= starts:
        raise Refusal("shift.ends_first")
    double = workspace.find(Shift, post_id=row.post_id, starts_at=starts, name=row.name)
    if double is not None and double.id != row.id:
        raise Refusal("shift.there_already", name=row.name)
    if edit_row(workspace, row, old=given.old, new=given.new):
        workspace.change(row, sequence=row.sequence + 1)
        follow(workspace, row)


@register(
    "shift.cancel",
    p.CancelShift,
    may=LEADERS,
    undo=lambda _, given: [intent("shift.restore", p.NameShift(shift=given.shift))],
)
def cancel_shift(workspace: Workspace, given: p.CancelShift) -> Verdict | None:
    """Call a shift off, with everybody on it; they are on it again when it is restored."""
    row = workspace.get(Shift, given.shift)
    if row is None:
        raise Refusal("row.unknown", table="shift", id=str(given.shift))
    if row.archived:
        return Merged(row.id)
    note = given.words or row.note
    workspace.change(row, archived=True, note=note, sequence=row.sequence + 1)
    return None


@register("shift.restore", p.NameShift, may=LEADERS, undo=lambda _, given: [_calling_off(given.shift)])
def restore_shift(workspace: Workspace, given: p.NameShift) -> Verdict | None:
    """Hold a shift after all that was called off."""
    row = workspace.get(Shift, given.shift)
    if row is None:
        raise Refusal("row.unknown", table="shift", id=str(given.shift))
    if not row.archived:
        return Merged(row.id)
    workspace.change(row, archived=False, sequence=row.sequence + 1)
    return None


# -- who is on them ----------------------------------------------------------------------


def _undo_fill(_: Workspace, given: p.FillShifts) -> list[Intent]:
    drop = [one.id for one in given.put] + given.back
    return [intent("duty.fill", p.FillShifts(put=[], drop=drop, back=given.drop))]


@register("duty.fill", p.FillShifts, may=LEADERS, undo=_undo_fill)
def fill(workspace: Workspace, given: p.FillShifts) -> None:
    """Put people on shifts as a draft, and take others off, but never one whose place is locked."""
    workspace.preload(Shift, {one.shift for one in given.put})
    workspace.preload(Person, {one.person for one in given.put})
    workspace.preload(Assignment, [*given.drop, *given.back])
    for row_id in given.drop:
        row = workspace.get(Assignment, row_id)
        if row is None or row.archived or row.locked:
            continue
        if row.state == ShiftState.PUBLISHED:
            workspace.change(row, leaving=True)
        else:
            take_off(workspace, row)
    for row_id in given.back:
        row = workspace.get(Assignment, row_id)
        if row is not None and row.archived:
            put_back(workspace, row)
        elif row is not None:
            workspace.change(row, leaving=False)
    shifts = [workspace.require(Shift, one.shift) for one in given.put]
    places = Places(workspace, shifts)
    for one, shift in zip(given.put, shifts, strict=True):
        person = workspace.require(Person, one.person).id
        places.put(shift, person, one.id, state=ShiftState.DRAFT)


def _undo_put(workspace: Workspace, given: Any) -> list[Intent]:
    row = workspace.get(Assignment, given.id)
    if row is None or row.archived:
        raise Refusal("undo.changed_since", field="")
    return [intent("duty.unassign", p.Unassign(assignment=row.id))]


@register("duty.assign", p.Assign, may=LEADERS, undo=_undo_put)
def assign(workspace: Workspace, given: p.Assign) -> Verdict | None:
    """Put somebody on a shift by hand. On a published shift it is published at once."""
    shift = workspace.require(Shift, given.shift)
    person = workspace.require(Person, given.person).id
    return _put_on(workspace, shift, person, given.id, locked=given.locked)


@register("duty.take", p.TakeShift, may=WORKERS, undo=_undo_put)
def take(workspace: Workspace, given: p.TakeShift) -> Verdict | None:
    """Put oneself on a shift that lacks hands."""
    shift = workspace.require(Shift, given.shift)
    person = person_or_none(workspace, workspace.operation.doer_id)
    if person is None:
        raise Refusal("row.unknown", table="person", id=str(workspace.operation.doer_id))
    if shift.state != ShiftState.PUBLISHED:
        raise Refusal("duty.draft_only")
    return _put_on(workspace, shift, person, given.id, locked=True)


def _put_on(
    workspace: Workspace, shift: Shift, person: UUID, row_id: UUID, *, locked: bool
) -> Verdict | None:
    places = Places(workspace, [shift])
    there = next((row for row in places.on(shift.id) if row.person_id == person), None)
    row = places.put(shift, person, row_id, state=ShiftState(shift.state), locked=locked, full=True)
    if there is not None:
        if row.state != shift.state:
            workspace.change(row, state=shift.state, sequence=row.sequence + 1)
        return Merged(row.id)
    return None


@register(
    "duty.unassign",
    p.Unassign,
    may=LEADERS,
    undo=lambda _, given: [
        intent("duty.fill", p.FillShifts(put=[], drop=[], back=[given.assignment])),
    ],
)
def unassign(workspace: Workspace, given: p.Unassign) -> Verdict | None:
    """Take somebody off a shift."""
    row = workspace.get(Assignment, given.assignment)
    if row is None:
        raise Refusal("row.unknown", table="assignment", id=str(given.assignment))
    if row.archived:
        return Merged(row.id)
    take_off(workspace, row)
    return None


@register(
    "duty.lock",
    p.LockAssignment,
    may=LEADERS,
    undo=lambda _, given: [
        intent("duty.lock", p.LockAssignment(assignment=given.assignment, locked=not given.locked))
    ],
)
def lock(workspace: Workspace, given: p.LockAssignment) -> None:
    """Let a place stand whatever roster is made, or not."""
    workspace.change(workspace.require(Assignment, given.assignment), locked=given.locked)


def _undo_absent(workspace: Workspace, given: p.MarkAbsent) -> list[Intent]:
    row = workspace.require(Assignment, given.assignment)
    if row.absence != given.absence:
        raise Refusal("undo.changed_since", field="absence")
    back = p.MarkAbsent(
        assignment=given.assignment,
        absence=given.before,
        words=given.before_words,
        before=given.absence,
        before_words=given.words,
    )
    return [intent("duty.mark_absent", back)]


@register("duty.mark_absent", p.MarkAbsent, may=WORKERS, undo=_undo_absent)
def mark_absent(workspace: Workspace, given: p.MarkAbsent) -> None:
    """Say why somebody did not come; the last to say so is believed."""
    row = workspace.require(Assignment, given.assignment)
    workspace.change(row, absence=given.absence.value, absence_words=given.words)


# -- publishing --------------------------------------------------------------------------


@register(
    "duty.publish",
    p.Publish,
    may=LEADERS,
    undo=lambda _, given: [intent("duty.withdraw", given)],
)
def publish(workspace: Workspace, given: p.Publish) -> None:
    """Make a draft everybody's. What was put away meanwhile is left out."""
    _loaded(workspace, given)
    for shift in _living(workspace, Shift, given.shifts):
        if shift.state == ShiftState.DRAFT:
            workspace.change(shift, state=ShiftState.PUBLISHED.value, sequence=shift.sequence + 1)
    for row in _living(workspace, Assignment, given.assignments):
        if row.state == ShiftState.DRAFT:
            workspace.change(row, state=ShiftState.PUBLISHED.value, sequence=row.sequence + 1)
    for row in _living(workspace, Assignment, given.leaving):
        if row.leaving:
            take_off(workspace, row)


@register("duty.withdraw", p.Publish, may=LEADERS, undo=lambda _, given: [intent("duty.publish", given)])
def withdraw(workspace: Workspace, given: p.Publish) -> None:
    """Make it the committee's draft again, as it was."""
    _loaded(workspace, given)
    for shift in _living(workspace, Shift, given.shifts):
        workspace.change(shift, state=ShiftState.DRAFT.value, sequence=shift.sequence + 1)
    for row in _living(workspace, Assignment, given.assignments):
        workspace.change(row, state=ShiftState.DRAFT.value, sequence=row.sequence + 1)
    for row_id in given.leaving:
        row = workspace.get(Assignment, row_id)
        if row is not None and row.archived:
            put_back(workspace, row)
            workspace.change(row, leaving=True)


def _loaded(workspace: Workspace, given: p.Publish) -> None:
    workspace.preload(Shift, given.shifts)
    workspace.preload(Assignment, [*given.assignments, *given.leaving])


def _living(workspace: Workspace, model: Any, ids: Iterable[UUID]) -> list[Any]:
    rows = [workspace.get(model, row_id) for row_id in ids]
    return [row for row in rows if row is not None and not row.archived]


# -- months ------------------------------------------------------------------------------


def _undo_settle(workspace: Workspace, given: p.SettleMonth) -> list[Intent]:
    for line in given.lines:
        row = workspace.find(
            DutyBalance, person_id=workspace.require(Person, line.person).id, month=given.month
        )
        if row is None or row.archived or row.owed != line.owed:
            raise Refusal("undo.changed_since", field="owed")
    people = [line.person for line in given.lines]
    return [intent("duty.unsettle", p.UnsettleMonth(month=given.month, people=people, back=False))]


@register("duty.settle", p.SettleMonth, may=LEADERS, undo=_undo_settle)
def settle_month(workspace: Workspace, given: p.SettleMonth) -> None:
    """Carry what people owe over the end of a month. Settled again, the last count stands."""
    for line in given.lines:
        person = workspace.require(Person, line.person).id
        values = line.model_dump(exclude={"person"}) | {"archived": False}
        row = workspace.find(DutyBalance, person_id=person, month=given.month)
        if row is not None:
            workspace.change(row, **values)
            continue
        row_id = workspace.shared_id(DutyBalance, f"{person}:{given.month.isoformat()}")
        if workspace.get(DutyBalance, row_id) is not None:
            row_id = workspace.new_id(DutyBalance, str(person))  # it is of somebody who was merged
        workspace.add(
            DutyBalance(
                compound_id=workspace.compound_id, id=row_id, person_id=person, month=given.month, **values
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
