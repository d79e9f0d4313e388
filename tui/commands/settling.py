"""Choosing between two values, and dealing with what the server refused, from the command line."""

from __future__ import annotations

import argparse
from uuid import UUID

from models.operations.envelope import Intent
from models.operations.settling import dismiss, resubmit
from models.problems import Problem
from tui.cli import DONE
from tui.commands.console import UsageError, desk_for, emit, say
from tui.commands.operations import show
from tui.desk import DeskError
from tui.i18n import t


def resolve(options: argparse.Namespace) -> int:
    """Let one of two values stand."""
    conflict = _id(options.conflict)
    with desk_for(options) as desk:
        outcome = desk.perform(
            Intent("conflict.resolve", {"conflict": str(conflict), "choice": options.choice})
        )
    return show(outcome)


def resubmit_one(options: argparse.Namespace) -> int:
    """Perform what was refused once more."""
    operation = _id(options.operation)
    with desk_for(options) as desk, desk.store.write() as session:
        outcome = resubmit(session, operation, desk.acting())
    return show(outcome)


def dismiss_one(options: argparse.Namespace) -> int:
    """Take what was refused out of the tray."""
    operation = _id(options.operation)
    with desk_for(options) as desk, desk.store.write() as session:
        count = dismiss(session, desk.seat.compound_id, operation)
    if not count:
        raise DeskError(Problem("tray.unknown"))
    if options.json:
        emit({"dismissed": count})
    else:
        say(t("cli.dismissed", n=count))
    return DONE


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UsageError(t("cli.operation_invalid", text=text)) from error
