"""Who is on which shift while a roster is written: one place to put somebody on, take them off, and notice doubles.

Whoever puts somebody where another laptop has put them meanwhile could not know. Both places stand, and a
conflict names both, until a person chooses (`settle`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from models.community.tables import Person
from models.duty.rules import Absence, ShiftState
from models.duty.tables import Assignment, Shift
from models.operations.merge import had_seen
from models.operations.settling import SETTLERS, Choice
from models.operations.tables import Conflict
from models.operations.verdicts import Refusal
from models.operations.workspace import Workspace
from models.tables import table_of

#: No shift is longer, so nothing further away can overlap.
_REACH = timedelta(days=2)
#: By whose stamps it is known when a shift is, and whether it is held.
_WHEN = frozenset({"starts_at", "ends_at", "moved", "archived"})
_table = table_of(Assignment)


class Places:
    """The places of some shifts, and of what lies near them in time, loaded once."""

    def __init__(self, workspace: Workspace, shifts: Sequence[Shift]) -> None:
        self._workspace = workspace
        self._rows: dict[tuple[UUID, UUID], Assignment] = {}
        self._of_person: dict[UUID, list[Assignment]] = {}
        if not shifts:
            return
        first = min(shift.starts_at for shift in shifts) - _REACH
        last = max(shift.ends_at for shift in shifts)
        for row in workspace.rows(Assignment, _table.c.starts_at > first, _table.c.starts_at < last):
            self._note(row)
        workspace.preload(Shift, {row.shift_id for row in self._rows.values()})

    def _note(self, row: Assignment) -> None:
        self._rows[row.shift_id, row.person_id] = row
        self._of_person.setdefault(row.person_id, []).append(row)

    def on(self, shift_id: UUID) -> list[Assignment]:
        """Return who is on a shift and not about to leave it."""
        return [row for (shift, _), row in self._rows.items() if shift == shift_id and _counts(row)]

    def doubles(self, shift: Shift, person_id: UUID, *, but: Iterable[UUID] = ()) -> list[Assignment]:
        """Return where else somebody is at the time of a shift; places in `but` are given up for it."""
        given_up = set(but)
        return [
            row
            for row in self._of_person.get(person_id, ())
            if _counts(row)
            and row.shift_id != shift.id
            and row.id not in given_up
            and row.starts_at < shift.ends_at
            and row.ends_at > shift.starts_at
            and not self._called_off(row.shift_id)
        ]

    def _called_off(self, shift_id: UUID) -> bool:
        shift = self._workspace.get(Shift, shift_id)
        return shift is None or shift.archived

    def put(
        self,
        shift: Shift,
        person_id: UUID,
        row_id: UUID,
        *,
        state: ShiftState,
        locked: bool = False,
        but: Iterable[UUID] = (),
        full: bool = False,
    ) -> Assignment:
        """Put somebody on a shift. With `full`, no more people than it has hands go on it.

        Refused when whoever does it could know better: they are elsewhere then, or the shift is full.
        """
        met = self._met(shift, person_id, but=but, full=full)
        row = self._stand(shift, person_id, row_id, state=state, locked=locked)
        for field, other in met:
            _both(self._workspace, row, other, field)
        return row

    def put_back(self, shift: Shift, row: Assignment, *, but: Iterable[UUID] = ()) -> None:
        """Give somebody back the place they had; on a published shift there must be one."""
        published = ShiftState(row.state) is ShiftState.PUBLISHED
        met = self._met(shift, row.person_id, but=but, full=published)
        put_back(self._workspace, row)
        for field, other in met:
            _both(self._workspace, row, other, field)

    def has_room(self, shift: Shift, row: Assignment, *, but: Iterable[UUID] = ()) -> bool:
        """Tell whether somebody could have a place back."""
        there = [other for other in self.on(shift.id) if other.id not in set(but)]
        return len(there) < shift.hands and not self.doubles(shift, row.person_id, but=but)

    def _met(
        self, shift: Shift, person_id: UUID, *, but: Iterable[UUID], full: bool
    ) -> list[tuple[str, Assignment]]:
        """Return the places that stand in the way of one; refuse it if they were known."""
        workspace, given_up = self._workspace, set(but)
        doubles = self.doubles(shift, person_id, but=given_up)
        seen = [row for row in doubles if self._could_know(shift, row)]
        if seen:
            raise Refusal("duty.double", person=_name(workspace, person_id), shift=str(seen[0].shift_id))
        met = [("double", row) for row in doubles[:1]]
        there = [row for row in self.on(shift.id) if row.person_id != person_id and row.id not in given_up]
        if full and len(there) >= shift.hands:
            if all(knew(workspace, row) for row in there):
                raise Refusal("duty.full", n=shift.hands)
            met.append(("full", max(there, key=_since)))
        return met

    def _could_know(self, shift: Shift, row: Assignment) -> bool:
        """Tell whether whoever acts knew that somebody is elsewhere: that they have the place, and when both shifts are."""
        other = self._workspace.get(Shift, row.shift_id)
        return knew(self._workspace, row) and all(
            had_seen(self._workspace, stamp)
            for one in (shift, other)
            if one is not None
            for name, stamp in one.stamps.items()
            if name in _WHEN
        )

    def tell_doubles(self, shift: Shift) -> None:
        """Name those on a shift who are elsewhere then, now that it is held at another time, or after all."""
        for row in self.on(shift.id):
            for other in self.doubles(shift, row.person_id)[:1]:
                _both(self._workspace, row, other, "double")

    def _stand(
        self, shift: Shift, person_id: UUID, row_id: UUID, *, state: ShiftState, locked: bool
    ) -> Assignment:
        workspace = self._workspace
        row = self._rows.get((shift.id, person_id))
        if row is None:
            row = workspace.add(
                Assignment(
                    compound_id=workspace.compound_id,
                    id=row_id,
                    shift_id=shift.id,
                    person_id=person_id,
                    starts_at=shift.starts_at,
                    ends_at=shift.ends_at,
                    state=state.value,
                    locked=locked,
                    stamps={"person_id": workspace.stamp()},
                )
            )
            self._note(row)
            return row
        workspace.alias(Assignment, row_id, row.id)
        if row.archived:
            workspace.change(
                row,
                archived=False,
                state=state.value,
                leaving=False,
                locked=locked,
                absence=Absence.NONE.value,
                absence_words="",
                starts_at=shift.starts_at,
                ends_at=shift.ends_at,
                sequence=row.sequence + 1,
                stamps=row.stamps | {"person_id": workspace.stamp()},
            )
        else:
            stays = row.stamps | {"person_id": workspace.stamp()} if row.leaving else row.stamps
            workspace.change(row, leaving=False, locked=row.locked or locked, stamps=stays)
        return row


def _since(row: Assignment) -> tuple[str, str]:
    return str(row.stamps.get("person_id", ["", ""])[1]), row.id.hex


def _counts(row: Assignment) -> bool:
    return not row.archived and not row.leaving


def knew(workspace: Workspace, row: Assignment) -> bool:
    """Tell whether whoever acts knew that somebody had this place."""
    return had_seen(workspace, row.stamps.get("person_id"))


def take_off(workspace: Workspace, row: Assignment) -> bool:
    """Take somebody off their shift at once."""
    return workspace.change(
        row,
        archived=True,
        leaving=False,
        sequence=row.sequence + 1,
        stamps=row.stamps | {"archived": workspace.stamp()},
    )


def put_back(workspace: Workspace, row: Assignment) -> bool:
    """Give somebody back the place they had."""
    return workspace.change(
        row,
        archived=False,
        sequence=row.sequence + 1,
        stamps=row.stamps | {"archived": workspace.stamp(), "person_id": workspace.stamp()},
    )


def _name(workspace: Workspace, person_id: UUID) -> str:
    person = workspace.get(Person, person_id)
    return "" if person is None else person.name


def _both(workspace: Workspace, row: Assignment, other: Assignment, field: str) -> None:
    stamp = other.stamps.get("person_id")
    workspace.conflict(
        row,
        field,
        kept=other.id.hex,
        lost=row.id.hex,
        kept_by=None if stamp is None else UUID(stamp[0]),
        lost_by=workspace.operation.id,
    )


def settle(workspace: Workspace, conflict: Conflict, choice: Choice) -> None:
    """Let one of two places stand that cannot both. Where the one chosen was given up meanwhile, the other stays."""
    kept = workspace.get(Assignment, UUID(str(conflict.kept)))
    lost = workspace.get(Assignment, UUID(str(conflict.lost)))
    stays, goes = (kept, lost) if choice is Choice.KEEP else (lost, kept)
    if conflict.status == "open" and (stays is None or stays.archived):
        return
    if goes is not None and not goes.archived:
        take_off(workspace, goes)
    if stays is not None and stays.archived and conflict.status != "open":
        put_back(workspace, stays)  # whoever chose before chose the other


SETTLERS["assignment", "double"] = settle
SETTLERS["assignment", "full"] = settle


def moved(workspace: Workspace, shift: Shift, changes: dict[str, Any]) -> None:
    """Change a shift; when its time changes, the places on it go along."""
    before = shift.starts_at, shift.ends_at
    if workspace.change(shift, **changes):
        stamps = shift.stamps
        if before != (shift.starts_at, shift.ends_at):
            stamps = stamps | {"moved": workspace.stamp()}
        workspace.change(shift, sequence=shift.sequence + 1, stamps=stamps)
        follow(workspace, shift)


def follow(workspace: Workspace, shift: Shift) -> None:
    """Let the places on a shift have its times."""
    for row in workspace.rows(Assignment, _table.c.shift_id == shift.id):
        if (row.starts_at, row.ends_at) != (shift.starts_at, shift.ends_at):
            workspace.change(row, starts_at=shift.starts_at, ends_at=shift.ends_at, sequence=row.sequence + 1)
