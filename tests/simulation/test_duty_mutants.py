"""The rules of a roster are broken on purpose, one by one: a history in which everybody works on it apart must notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from models.duty import (
    operations_months,
    operations_presence,
    operations_publishing,
    operations_roster,
    operations_swaps,
    places,
)
from models.duty.tables import Assignment
from models.operations.common import FOLDS
from models.operations.registry import KINDS, Nature
from models.operations.settling import SETTLERS
from models.operations.workspace import Workspace
from simulation.rosters_apart import live

Patch = pytest.MonkeyPatch
MUTANTS: dict[str, Callable[[Patch], object]] = {}


def mutant(break_it: Callable[[Patch], object]) -> Callable[[Patch], object]:
    MUTANTS[break_it.__name__] = break_it
    return break_it


def told_nothing_of(patch: Patch, *fields: str) -> None:
    conflict = Workspace.conflict

    def silent(self: Workspace, row: Any, field: str, **sides: Any) -> None:
        if field not in fields:
            conflict(self, row, field, **sides)

    patch.setattr(Workspace, "conflict", silent)


@mutant
def nobody_sees_that_somebody_is_elsewhere(patch: Patch) -> None:
    patch.setattr(places.Places, "doubles", lambda *_, **__: [])


@mutant
def who_is_in_two_places_is_told_nothing(patch: Patch) -> None:
    told_nothing_of(patch, "double")


@mutant
def two_in_one_place_are_told_nothing(patch: Patch) -> None:
    told_nothing_of(patch, "full")


@mutant
def who_comes_second_could_have_known(patch: Patch) -> None:
    patch.setattr(places, "knew", lambda *_: True)


@mutant
def a_shift_has_room_for_everybody(patch: Patch) -> None:
    put = places.Places.put

    def unlimited(self: places.Places, *args: Any, **given: Any) -> Any:
        return put(self, *args, **given | {"full": False})

    patch.setattr(places.Places, "put", unlimited)


@mutant
def each_laptop_plans_shifts_of_its_own(patch: Patch) -> None:
    def own(self: Workspace, model: Any, key: str) -> UUID:
        return self.new_id(model, key)

    patch.setattr(Workspace, "shared_id", own)


@mutant
def what_was_called_off_is_held_by_the_next_plan(patch: Patch) -> None:
    hold = operations_roster._hold

    def forget(workspace: Workspace, row: Any, *, by_hand: bool = False, **more: Any) -> None:  # noqa: ARG001
        hold(workspace, row, **more)

    patch.setattr(operations_roster, "_hold", forget)


@mutant
def a_locked_place_is_dropped(patch: Patch) -> None:
    get = Workspace.get

    def unlocked(self: Workspace, model: Any, row_id: UUID) -> Any:
        row = get(self, model, row_id)
        if model is Assignment and row is not None and self.operation.kind == "duty.fill":
            row.locked = False
        return row

    patch.setattr(Workspace, "get", unlocked)


@mutant
def who_is_dropped_from_what_is_published_goes_at_once(patch: Patch) -> None:
    change = Workspace.change

    def at_once(self: Workspace, row: Any, **values: Any) -> bool:
        if values.get("leaving") is True:
            values |= {"archived": True, "leaving": False}
        return change(self, row, **values)

    patch.setattr(Workspace, "change", at_once)


@mutant
def who_is_leaving_stays_when_the_draft_is_published(patch: Patch) -> None:
    patch.setattr(operations_publishing, "take_off", lambda *_: False)


@mutant
def the_last_yes_wins(patch: Patch) -> None:
    told = operations_swaps._open_or_told
    patch.setattr(
        operations_swaps, "_open_or_told", lambda *a: None if a[1].state == "accepted" else told(*a)
    )


@mutant
def two_who_said_yes_are_told_nothing(patch: Patch) -> None:
    told_nothing_of(patch, "answered_by_id")


@mutant
def who_asked_stays_though_somebody_said_yes(patch: Patch) -> None:
    patch.setattr(operations_swaps, "take_off", lambda *_: False)


@mutant
def who_is_seen_twice_came_twice(patch: Patch) -> None:
    patch.setattr(operations_presence, "_there", lambda *_: None)


@mutant
def who_was_seen_last_tells_when_somebody_came(patch: Patch) -> None:
    change = Workspace.change

    def later(self: Workspace, row: Any, **values: Any) -> bool:
        if "came_at" in values:
            values["came_at"] = self.operation.happened_at
        return change(self, row, **values)

    patch.setattr(Workspace, "change", later)


@mutant
def that_somebody_came_may_be_refused(patch: Patch) -> None:
    patch.setitem(KINDS, "duty.check_in", replace(KINDS["duty.check_in"], nature=Nature.DECISION))


@mutant
def a_hand_over_is_no_line_of_the_log_book(patch: Patch) -> None:
    patch.setattr(operations_presence, "_write", lambda *_, **__: None)


@mutant
def nobody_minds_what_is_in_the_box(patch: Patch) -> None:
    flag = Workspace.flag

    def blind(self: Workspace, code: str, **params: Any) -> None:
        if code != "duty.cash_differs":
            flag(self, code, **params)

    patch.setattr(Workspace, "flag", blind)


@mutant
def a_month_settled_twice_counts_twice(patch: Patch) -> None:
    lines = operations_months._lines

    def twice(workspace: Workspace, given: Any) -> Any:
        found = lines(workspace, given)
        for person, sums in found.items():
            row = workspace.find(operations_months.DutyBalance, person_id=person, month=given.month)
            sums["owed"] += 0 if row is None else row.owed
        return found

    patch.setattr(operations_months, "_lines", twice)


@mutant
def a_choice_of_places_changes_nothing(patch: Patch) -> None:
    for field in ("double", "full"):
        patch.setitem(SETTLERS, ("assignment", field), lambda *_: None)


@mutant
def a_choice_of_two_who_said_yes_changes_nothing(patch: Patch) -> None:
    patch.setitem(SETTLERS, ("swap", "answered_by_id"), lambda *_: None)


@mutant
def a_place_is_lost_when_two_are_one(patch: Patch) -> None:
    patch.delitem(FOLDS, "assignment")


@mutant
def what_one_of_two_owed_is_forgotten(patch: Patch) -> None:
    patch.delitem(FOLDS, "duty_balance")


def test_whoever_breaks_no_rule_is_not_noticed(tmp_path: Path) -> None:
    live(tmp_path / "world", 1, laptops=2, steps=0, turns=1)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_rule_is_noticed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS[name](monkeypatch)
    with pytest.raises(AssertionError):
        live(tmp_path / "world", 1, laptops=2, steps=0, turns=1)
