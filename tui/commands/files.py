"""Spreadsheets in and out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.problems import Problem
from tui import words
from tui.cli import DONE, REJECTED
from tui.commands.console import UsageError, desk_for, emit, say, warn
from tui.desk import Desk
from tui.i18n import t

#: What a person is shown of a long list of problems; --json prints them all.
_SHOWN = 20


def nothing_named(_options: argparse.Namespace) -> int:
    """`linli import` alone says what can be imported."""
    raise UsageError(t("cli.import_what"))


def import_file(options: argparse.Namespace) -> int:
    """Import a file, or with --dry-run say what that would do."""
    from models.importing import carry_out

    with desk_for(options) as desk:
        rows, plan = _plan(desk, options)
        if options.dry_run or plan.blocked or not plan.groups:
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
        emit({"added": added, "changed": changed, "unchanged": unchanged, "problems": _as_json(problems)})
    else:
        counts = {"added": added, "changed": changed, "unchanged": unchanged}
        say(t("cli.import_dry" if options.dry_run else "cli.import_done", **counts))
        _tell(problems)
    if plan.blocked:
        warn(t("cli.import_strict"))
        return REJECTED
    return REJECTED if nothing_read else DONE


def _plan(desk: Desk, options: argparse.Namespace) -> tuple[Sequence[Any], Any]:
    """Read the file and compare it with the store; returns the rows read and the plan."""
    path, acting, strict = Path(options.file).expanduser(), desk.acting(), bool(options.strict)
    compound_id = desk.seat.compound_id
    if options.what == "households":
        from models.community.importing import plan_households
        from models.files.households import read_households

        households = read_households(path)
        with desk.store.read() as session:
            return households.rows, plan_households(
                session, compound_id, households.rows, households.problems, acting=acting, strict=strict
            )
    from models.files.network import read_pipes, read_wells
    from models.files.observations import read_observations
    from models.inspection.importing import plan_pipes, plan_wells
    from models.inspection.importing_observations import plan_observations

    with desk.store.read() as session:
        if options.what == "wells":
            wells = read_wells(path)
            return wells.rows, plan_wells(
                session, compound_id, wells.rows, wells.problems, acting=acting, strict=strict
            )
        if options.what == "pipes":
            pipes = read_pipes(path)
            return pipes.rows, plan_pipes(
                session, compound_id, pipes.rows, pipes.problems, acting=acting, strict=strict
            )
        seen = read_observations(path)
        return seen.rows, plan_observations(
            session, compound_id, seen.rows, seen.problems, walk=options.walk, acting=acting, strict=strict
        )


def _as_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "line": problem.line,
            "code": problem.code,
            "message": words.problem_text(problem),
            "column": problem.column,
        }
        for problem in problems
    ]


def _tell(problems: Sequence[Problem]) -> None:
    if not problems:
        return
    warn(t("cli.problems", n=len(problems)))
    for problem in problems[:_SHOWN]:
        warn(f"  {words.problem_text(problem)}")
    if len(problems) > _SHOWN:
        warn(t("cli.problems_more", n=len(problems) - _SHOWN))
