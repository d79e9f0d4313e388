"""Naming the blocked pipe."""

from __future__ import annotations

import argparse
from uuid import UUID

from models.inspection.locating import LocatedFindings, locate_walk
from models.operations.resolve import find_row
from models.problems import Problem
from tui import words
from tui.cli import DONE
from tui.commands.console import desk_for, emit, say, warn
from tui.desk import Desk, DeskError
from tui.i18n import t


def locate(options: argparse.Namespace) -> int:
    """Print where the pipe is blocked, why, who is held up, and which wells to open next."""
    with desk_for(options) as desk:
        walk_id = walk_named(desk, options.walk)
        with desk.store.read() as session:
            findings = locate_walk(session, desk.seat.compound_id, walk_id)
    if options.json:
        emit(_as_json(findings))
    else:
        _for_people(findings)
    return DONE


def walk_named(desk: Desk, name: str | None) -> UUID | None:
    """Return the walk that a person names, or None when they name none."""
    if name is None:
        return None
    with desk.store.read() as session:
        found = find_row(session, desk.seat.compound_id, "walk", name)
    if isinstance(found, Problem):
        raise DeskError(found)
    return found


def _as_json(findings: LocatedFindings) -> dict[str, object]:
    return {
        "walk": findings.walk or None,
        "blockages": [
            {
                "pipes": [list(pipe) for pipe in blockage.pipes],
                "probabilities": [round(chance, 4) for chance in blockage.probabilities],
                "confidence": round(blockage.confidence, 4),
                "evidence": [words.evidence_text(evidence) for evidence in blockage.evidence],
                "wells": list(blockage.wells),
                "households": list(blockage.households),
            }
            for blockage in findings.blockages
        ],
        "open_next": list(findings.open_next),
        "problems": [
            {"code": problem.code, "message": words.problem_text(problem), **problem.params}
            for problem in findings.problems
        ],
    }


def _for_people(findings: LocatedFindings) -> None:
    if not findings.blockages and findings.walk:
        say(t("cli.locate_none", walk=findings.walk))
    for place, blockage in enumerate(findings.blockages, start=1):
        first, *others = zip(blockage.pipes, blockage.probabilities, strict=True)
        say(
            t(
                "cli.locate_head",
                place=place,
                pipe=" → ".join(first[0]),
                percent=round(100 * blockage.confidence),
            )
        )
        for pipe, chance in others:
            say(t("cli.locate_or", pipe=" → ".join(pipe), percent=round(100 * chance)))
        for evidence in blockage.evidence:
            say(f"   · {words.evidence_text(evidence)}")
        if blockage.wells:
            say(t("cli.locate_behind", wells=t("list.comma").join(blockage.wells)))
        if blockage.households:
            say(t("cli.locate_households", households=t("list.comma").join(blockage.households)))
    if findings.open_next:
        say(t("cli.locate_open", wells=t("list.comma").join(findings.open_next)))
    for problem in findings.problems:
        warn(words.problem_text(problem))
