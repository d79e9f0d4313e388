"""What becomes of two people's places, shares and balances when they turn out to be one."""

from __future__ import annotations

from models.duty.rules import ShiftState
from models.duty.tables import Assignment, DutyBalance, DutyPair, DutyShare
from models.operations.common import FOLDS
from models.operations.workspace import Workspace

_SUMS = ("before", "fair", "done", "missed", "owed")


def _place(workspace: Workspace, row: Assignment, stays: Assignment) -> None:
    """Both stood on one shift: the place that stays is as firm as either was."""
    if stays.archived:
        same = ("state", "leaving", "locked", "absence", "absence_words", "starts_at", "ends_at")
        values = {name: getattr(row, name) for name in same}
        workspace.change(
            stays,
            archived=False,
            sequence=stays.sequence + 1,
            stamps=stays.stamps | {"person_id": workspace.stamp()},
            **values,
        )
        return
    published = ShiftState.PUBLISHED in {row.state, stays.state}
    workspace.change(
        stays,
        state=(ShiftState.PUBLISHED if published else ShiftState.DRAFT).value,
        leaving=row.leaving and stays.leaving,
        locked=row.locked or stays.locked,
        absence=stays.absence or row.absence,
        absence_words=stays.absence_words or row.absence_words,
    )


def _balance(workspace: Workspace, row: DutyBalance, stays: DutyBalance) -> None:
    """What two owed, one owes."""
    sums = {name: getattr(row, name) + (0 if stays.archived else getattr(stays, name)) for name in _SUMS}
    workspace.change(stays, archived=False, **sums)


def _pair(workspace: Workspace, row: DutyPair, stays: DutyPair) -> None:
    if stays.archived:
        workspace.change(stays, archived=False, together=row.together)


def _share(workspace: Workspace, row: DutyShare, stays: DutyShare) -> None:
    if stays.archived:
        limits = {name: getattr(row, name) for name in ("share", "most_per_week", "most_per_month")}
        workspace.change(stays, archived=False, **limits)


FOLDS["assignment"] = _place
FOLDS["duty_balance"] = _balance
FOLDS["duty_pair"] = _pair
FOLDS["duty_share"] = _share
