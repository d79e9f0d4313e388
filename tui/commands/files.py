"""Spreadsheets in and out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.community.importing import plan_households
from models.files.columns import Reading
from models.files.households import read_households
from models.files.network import read_pipes, read_wells
from models.files.observations import read_observations
from models.importing import Plan, carry_out
from models.inspection.importing import plan_pipes, plan_wells
from models.inspection.importing_observations import plan_observations
from models.problems import Problem
from tui import exports, words
from tui.cli import DONE, REJECTED
from tui.commands.console import UsageError, desk_for, emit, say, warn
from tui.commands.locating import walk_named
from tui.desk import Desk
from tui.i18n import t

#: What a person is shown of a long list of problems; --json prints them all.
_SHOWN = 20


def nothing_named(_options: argparse.Namespace) -> int:
    """`linli import` alone says what can be imported."""
    raise UsageError(t("cli.import_what"))


def import_file(options: argparse.Namespace) -> int:
    """Import a file, or with --dry-run say what that would do."""
    with desk_for(options) as desk:
        rows, plan = _plan(desk, options)
        if options.dry_run or not plan.groups:
            added, changed, unchanged, problems = plan.added, plan.changed, plan.unchanged, plan.problems
        else:
            report = carry_out(desk.store, plan, desk.acting())
            added, changed, unchanged, problems = (
                report.added,
                report.changed,
                report.unchanged,
                report.problems,
            )
    nothing_read = not rows and bool(problems)
    if options.json:
        emit({"added": added, "changed": changed, "unchanged": unchanged, "problems": as_json(problems)})
    else:
        counts = {"added": added, "changed": changed, "unchanged": unchanged}
        say(t("cli.import_dry" if options.dry_run else "cli.import_done", **counts))
    if not options.json or nothing_read or plan.blocked:
        tell_problems(problems)
    if plan.blocked:
        warn(t("cli.import_strict"))
        return REJECTED
    return REJECTED if nothing_read else DONE


def _plan(desk: Desk, options: argparse.Namespace) -> tuple[Sequence[Any], Plan]:
    """Read the file and compare it with the store; returns the rows read and the plan."""
    path, compound_id = Path(options.file).expanduser(), desk.seat.compound_id
    rest: dict[str, Any] = {"acting": desk.acting(), "strict": bool(options.strict)}
    said: Reading[Any]
    with desk.store.read() as session:
        match options.what:
            case "households":
                said = read_households(path)
                return said.rows, plan_households(session, compound_id, said.rows, said.problems, **rest)
            case "wells":
                said = read_wells(path)
                return said.rows, plan_wells(session, compound_id, said.rows, said.problems, **rest)
            case "pipes":
                said = read_pipes(path)
                return said.rows, plan_pipes(session, compound_id, said.rows, said.problems, **rest)
            case _:
                said = read_observations(path)
                plan = plan_observations(session, compound_id, options.walk, said.rows, said.problems, **rest)
                return said.rows, plan


def export_file(options: argparse.Namespace) -> int:
    """Write a list, a walk's observations or a blank sheet to a file."""
    path = Path(options.out).expanduser()
    by_name = exports.FORMATS.get(path.suffix.lower())
    format_ = options.format or by_name
    if format_ is None or (by_name is not None and by_name != format_):
        raise UsageError(t("cli.out_form", path=path))
    with desk_for(options) as desk:
        walk_id = walk_named(desk, options.walk)
        found = exports.exported(desk, options.what, masked=bool(options.masked), walk_id=walk_id)
    if found is None:
        warn(t("cli.no_walk"))
        return REJECTED
    exports.write(path, format_, found.table)
    if found.masked and not options.masked:
        warn(t("export.masked_for_you"))
    if options.json:
        emit({"path": str(path), "rows": len(found.table.rows), "masked": found.masked})
    else:
        say(t("cli.exported", n=len(found.table.rows), path=path))
    return DONE


def as_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "line": problem.line,
            "code": problem.code,
            "message": words.problem_text(problem),
            "column": problem.column,
        }
        for problem in problems
    ]


def tell_problems(problems: Sequence[Problem]) -> None:
    if not problems:
        return
    warn(t("cli.problems", n=len(problems)))
    for problem in problems[:_SHOWN]:
        warn(f"  {words.problem_text(problem)}")
    if len(problems) > _SHOWN:
        warn(t("cli.problems_more", n=len(problems) - _SHOWN))
