"""Handlers of the roster: shifts planned and set by hand, people on them, publishing, months settled."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from models.community.doers import person_or_none
from models.community.tables import Person, Team
from models.duty import payloads_roster as p
from models.duty.places import Places, follow, moved, take_off
from models.duty.rules import ShiftState
from models.duty.tables import Assignment, Post, Shift, ShiftTemplate
from models.operations.common import swapping
from models.operations.envelope import Intent
from models.operations.merge import edit_row, wrote
from models.operations.registry import intent, register
from models.operations.roles import LEADERS, WORKERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace

#: Noted of a shift that a person called off: no plan holds it after all.
CALLED_OFF = "called_off"

# -- shifts ------------------------------------------------------------------------------


def _undo_plan(workspace: Workspace, given: p.PlanShifts) -> list[Intent]:
    ids = [workspace.shared_id(Shift, shift_key(one.template, one.day)) for one in given.shifts]
    rows = [
        row
        for row in (workspace.get(Shift, one) for one in ids)
        if row is not None and wrote(workspace, row, "archived")  # else another had planned it before
    ]
    called_off = [
        row.id
        for row in (workspace.get(Shift, one) for one in given.cancel)
        if row is not None and row.archived and wrote(workspace, row, "archived")
    ]
    if any(row.state != ShiftState.DRAFT for row in rows):
        raise Refusal("undo.changed_since", field="state")
    if any(Places(workspace, [row]).on(row.id) for row in rows):
        raise Refusal("undo.changed_since", field="person_id")
    going = [row.id for row in rows if not row.archived]
    return [
        *([intent("duty.plan", p.PlanShifts(shifts=[], cancel=going))] if going else []),
        *(intent("shift.restore", p.NameShift(shift=one)) for one in called_off),
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
            _hold(workspace, row, held=False)


def _hold(workspace: Workspace, row: Shift, *, held: bool, by_hand: bool = False, **changes: Any) -> None:
    """Call a shift off, or hold it after all."""
    stamps = {name: stamp for name, stamp in row.stamps.items() if name != CALLED_OFF}
    stamps |= {"archived": workspace.stamp()}
    if by_hand and not held:
        stamps[CALLED_OFF] = workspace.stamp()
    workspace.change(row, archived=not held, sequence=row.sequence + 1, stamps=stamps, **changes)


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
        stamps = {"archived": workspace.stamp()}
        workspace.add(
            Shift(
                compound_id=workspace.compound_id,
                id=row_id,
                template_id=template.id,
                stamps=stamps,
                **values,
            )
        )
    elif row.state == ShiftState.DRAFT and CALLED_OFF not in row.stamps:
        if row.archived:
            _hold(workspace, row, held=True)
        moved(workspace, row, values)


def _undo_add(workspace: Workspace, given: p.AddShift) -> list[Intent]:
    row = workspace.get(Shift, given.id)
    if row is None or (row.id != given.id and not wrote(workspace, row, "archived")):
        raise Refusal("undo.merged")
    if row.archived or Places(workspace, [row]).on(row.id):
        raise Refusal("undo.changed_since", field="archived" if row.archived else "person_id")
    return [_calling_off(row.id)]


@register("shift.add", p.AddShift, may=LEADERS, undo=_undo_add)
def add_shift(workspace: Workspace, given: p.AddShift) -> Verdict | None:
    """Set a shift by hand."""
    post = workspace.require(Post, given.post)
    double = workspace.find(Shift, post_id=post.id, starts_at=given.starts_at, name=given.name)
    if double is not None:
        workspace.alias(Shift, given.id, double.id)
        if double.archived:
            _hold(workspace, double, held=True)
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
    before = row.starts_at, row.ends_at
    if edit_row(workspace, row, old=given.old, new=given.new):
        workspace.change(row, sequence=row.sequence + 1)
        follow(workspace, row)
    if before != (row.starts_at, row.ends_at):
        Places(workspace, [row]).tell_doubles(row)


def _undo_cancel(workspace: Workspace, given: p.CancelShift) -> list[Intent]:
    _require_own(workspace, workspace.get(Shift, given.shift), archived=True)
    return [intent("shift.restore", p.NameShift(shift=given.shift))]


def _undo_restore(workspace: Workspace, given: p.NameShift) -> list[Intent]:
    _require_own(workspace, workspace.get(Shift, given.shift), archived=False)
    return [_calling_off(given.shift)]


def _require_own(workspace: Workspace, row: Any, *, archived: bool) -> None:
    """Refuse to take back what somebody has done otherwise since, or had done before."""
    if row is None or row.archived is not archived or not wrote(workspace, row, "archived"):
        raise Refusal("undo.changed_since", field="archived")


@register("shift.cancel", p.CancelShift, may=LEADERS, undo=_undo_cancel)
def cancel_shift(workspace: Workspace, given: p.CancelShift) -> Verdict | None:
    """Call a shift off, with everybody on it; they are on it again when it is restored."""
    row = workspace.get(Shift, given.shift)
    if row is None:
        raise Refusal("row.unknown", table="shift", id=str(given.shift))
    if row.archived:
        return Merged(row.id)
    _hold(workspace, row, held=False, by_hand=True, note=given.words or row.note)
    return None


@register("shift.restore", p.NameShift, may=LEADERS, undo=_undo_restore)
def restore_shift(workspace: Workspace, given: p.NameShift) -> Verdict | None:
    """Hold a shift after all that was called off."""
    row = workspace.get(Shift, given.shift)
    if row is None:
        raise Refusal("row.unknown", table="shift", id=str(given.shift))
    if not row.archived:
        return Merged(row.id)
    _hold(workspace, row, held=True)
    Places(workspace, [row]).tell_doubles(row)
    return None


# -- who is on them ----------------------------------------------------------------------


def _undo_fill(workspace: Workspace, given: p.FillShifts) -> list[Intent]:
    """Take off whom it put on, and put back whom it took off, but nobody whose place it found as it left it."""
    put = [
        row for row in _places(workspace, (one.id for one in given.put)) if wrote(workspace, row, "person_id")
    ]
    came = [row for row in _places(workspace, given.back) if wrote(workspace, row, "person_id")]
    if any(row.archived or row.leaving or row.locked for row in (*put, *came)):
        raise Refusal("undo.changed_since", field="person_id")
    if any(row.state != ShiftState.DRAFT and _published_since(row) for row in put):
        raise Refusal("undo.changed_since", field="state")
    back = [row for row in _places(workspace, given.drop) if wrote(workspace, row, "archived")]
    if any(not (row.archived or row.leaving) for row in back):
        raise Refusal("undo.changed_since", field="archived")
    lists = {"drop": [row.id for row in (*put, *came)], "back": [row.id for row in back]}
    return [intent("duty.fill", p.FillShifts(put=[], **lists))] if put or came or back else []


def _published_since(row: Assignment) -> bool:
    """Tell whether a place was published after somebody was put there; else it was about to be left, and was not."""
    published, put = row.stamps.get("state"), row.stamps.get("person_id")
    return published is None or put is None or _order(published) >= _order(put)


def _order(stamp: list[Any]) -> tuple[float, str]:
    """Return what stamps are in order of: as the server met them; what it has not met yet came after."""
    return math.inf if stamp[2] is None else stamp[2], str(stamp[1])


def _places(workspace: Workspace, ids: Iterable[UUID]) -> list[Assignment]:
    rows = [workspace.get(Assignment, row_id) for row_id in ids]
    return [row for row in rows if row is not None]


@register("duty.fill", p.FillShifts, may=LEADERS, undo=_undo_fill)
def fill(workspace: Workspace, given: p.FillShifts) -> None:
    """Put people on shifts as a draft, and take others off, but never one whose place is locked.

    Shifts that were called off meanwhile, and people put away, are left out: the rest of a month's draft stands.
    """
    workspace.preload(Shift, {one.shift for one in given.put})
    workspace.preload(Person, {one.person for one in given.put})
    workspace.preload(Assignment, [*given.drop, *given.back])
    for row_id in given.drop:
        row = workspace.get(Assignment, row_id)
        if row is None or row.archived or row.locked:
            continue
        if row.state == ShiftState.PUBLISHED:
            workspace.change(row, leaving=True, stamps=row.stamps | {"archived": workspace.stamp()})
        else:
            take_off(workspace, row)
    _come_back(workspace, given.back)
    put = [(one.id, workspace.get(Shift, one.shift), workspace.get(Person, one.person)) for one in given.put]
    held = [
        (row_id, shift, person.id)
        for row_id, shift, person in put
        if shift is not None and person is not None and not (shift.archived or person.archived)
    ]
    places = Places(workspace, [shift for _, shift, _ in held])
    for row_id, shift, person_id in held:
        places.put(shift, person_id, row_id, state=ShiftState.DRAFT)


def _come_back(workspace: Workspace, ids: Iterable[UUID]) -> None:
    rows = _places(workspace, ids)
    shifts = {shift.id: shift for row in rows if (shift := workspace.get(Shift, row.shift_id)) is not None}
    places = Places(workspace, list(shifts.values()))
    for row in rows:
        if row.archived:
            places.put_back(shifts[row.shift_id], row)
        elif row.leaving:
            workspace.change(row, leaving=False, stamps=row.stamps | {"person_id": workspace.stamp()})


def _undo_put(workspace: Workspace, given: Any) -> list[Intent]:
    row = workspace.get(Assignment, given.id)
    if row is None or row.archived or not wrote(workspace, row, "person_id"):
        raise Refusal("undo.changed_since", field="person_id")
    return [intent("duty.unassign", p.Unassign(assignment=row.id))]


def _undo_unassign(workspace: Workspace, given: p.Unassign) -> list[Intent]:
    row = workspace.get(Assignment, given.assignment)
    if row is None or not row.archived or not wrote(workspace, row, "archived"):
        raise Refusal("undo.changed_since", field="archived")
    shift = workspace.require(Shift, row.shift_id)
    if not Places(workspace, [shift]).has_room(shift, row):
        raise Refusal("undo.changed_since", field="person_id")
    return [intent("duty.fill", p.FillShifts(put=[], drop=[], back=[row.id]))]


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


@register("duty.unassign", p.Unassign, may=WORKERS, undo=_undo_unassign)
def unassign(workspace: Workspace, given: p.Unassign) -> Verdict | None:
    """Take somebody off a shift. A volunteer gives back only their own place, as who has taken one by mistake does."""
    row = workspace.get(Assignment, given.assignment)
    if row is None:
        raise Refusal("row.unknown", table="assignment", id=str(given.assignment))
    operation = workspace.operation
    leads = workspace.roles(operation.recorder_id, workspace.local_day(operation.at)) & LEADERS
    own = person_or_none(workspace, operation.doer_id) == row.person_id
    if not leads and not own and operation.recorder_id != workspace.compound_id:
        raise Refusal("role.missing", kind="duty.unassign")
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
    if (row.absence, row.absence_words) != (given.absence, given.words):
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
