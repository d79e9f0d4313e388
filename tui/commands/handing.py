"""What commands that hand something out share: the days and rows that are named, a page to a file or to standard output."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from models.files.writing import write_whole
from models.operations.registry import load_kinds
from models.operations.resolve import find_row
from models.problems import Problem
from tui.commands.console import UsageError, emit, say
from tui.desk import Desk, DeskError
from tui.i18n import t

#: A longer span is a slip of the pen.
LONGEST: Final = timedelta(days=366 * 20)


def named_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(t("changes.wrong_day", text=text)) from error
    if not 1900 < day.year < 9000:  # noqa: PLR2004 - beyond there is no day before or after to count by
        raise UsageError(t("changes.wrong_day", text=text))
    return day


def check_span(first: date, last: date) -> None:
    """Refuse days the wrong way round, and too many of them."""
    if first > last:
        raise UsageError(t("cli.report_backwards", since=first, last=last))
    if last - first >= LONGEST:
        raise UsageError(t("cli.report_long"))


def named_row(desk: Desk, table: str, text: str) -> UUID:
    """Return the row that somebody names. Raises DeskError where it is none, or not one."""
    load_kinds()
    with desk.store.read() as session:
        found = find_row(session, desk.seat.compound_id, table, text)
    if isinstance(found, Problem):
        raise DeskError(found)
    return found


def out_path(options: argparse.Namespace) -> Path | None:
    return None if options.out is None else Path(options.out).expanduser()


def hand_over(options: argparse.Namespace, drawn: str, about: Mapping[str, Any], out: Path | None) -> None:
    """Write a page to its file, or print it; with --json say what it is about."""
    if out is not None:
        write_whole(out, drawn.encode("utf-8", errors="replace"))
        say_where(options, about, out)
    elif options.json:
        emit({**about, "page": drawn})
    else:
        sys.stdout.write(drawn)


def hand_json(
    options: argparse.Namespace, figures: Mapping[str, Any], about: Mapping[str, Any], out: Path | None
) -> None:
    """Print figures on one line, or write them to their file to be read."""
    if out is None:
        emit(figures)
        return
    write_whole(out, json.dumps(figures, ensure_ascii=False, indent=1).encode() + b"\n")
    say_where(options, about, out)


def say_where(options: argparse.Namespace, about: Mapping[str, Any], out: Path) -> None:
    if options.json:
        emit({**about, "path": str(out)})
    else:
        say(t("cli.report_written", path=out))
