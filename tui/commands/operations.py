"""Performing and undoing one operation, and telling which kinds there are."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models.operations.envelope import Intent
from models.operations.perform import Outcome
from models.operations.registry import KINDS, load_kinds
from models.operations.resolve import complete, find_row
from models.operations.tables import OperationRow
from models.operations.verdicts import Conflicted, Rejected, verdict_code, verdict_name
from models.problems import Problem
from tui import words
from tui.cli import CONFLICT, DONE, REJECTED
from tui.commands.console import UsageError, desk_for, emit, say, warn
from tui.desk import Desk, DeskError
from tui.i18n import t


def do(options: argparse.Namespace) -> int:
    """Perform one operation and print what became of it."""
    kind = load_kinds().get(options.kind)
    if kind is None:
        raise UsageError(t("cli.kind_unknown", kind=options.kind))
    raw = _json_object(_standard_input() if options.payload == "-" else options.payload)
    with desk_for(options) as desk:
        with desk.store.read() as session:
            payload = complete(session, kind, raw, desk.acting())
        if isinstance(payload, Problem):
            return _refused(Rejected(payload.code, payload.params), words.problem_text(payload))
        doer = _doer(desk, options.doer)
        outcome = desk.perform(
            Intent(kind.name, payload, doer_id=doer, happened_at=_moment(options.at, desk.seat.zone))
        )
    return show(outcome)


def undo(options: argparse.Namespace) -> int:
    """Take back the group that an operation belongs to."""
    with desk_for(options) as desk:
        with desk.store.read() as session:
            statement = select(OperationRow.group_id).where(OperationRow.compound_id == desk.seat.compound_id)
            if options.operation == "last":
                statement = statement.order_by(col(OperationRow.n).desc()).limit(1)
            else:
                statement = statement.where(OperationRow.id == _operation_id(options.operation))
            group_id = session.exec(statement).first()
        if group_id is None:
            raise DeskError(
                Problem("reference.unknown", params={"table": "operation", "text": options.operation, "n": 0})
            )
        outcome = desk.undo(group_id)
    return show(outcome)


def kinds(options: argparse.Namespace) -> int:
    """List the kinds, or print the JSON schema of one."""
    known = load_kinds()
    if options.kind is not None:
        if options.kind not in known:
            raise UsageError(t("cli.kind_unknown", kind=options.kind))
        kind = known[options.kind]
        emit({"kind": kind.name, **_about(options.kind), "schema": kind.payload.model_json_schema()})
        return DONE
    for name in sorted(known):
        if options.json:
            emit({"kind": name, **_about(name)})
        else:
            about = _about(name)
            say(f"{name:<24} {t('nature.' + about['nature']):<6} {t('kind.' + name)}")
    return DONE


def _about(name: str) -> dict[str, Any]:
    kind = KINDS[name]
    return {
        "v": kind.v,
        "nature": kind.nature.value,
        "may": None if kind.may is None else sorted(role.value for role in kind.may),
        "undo": kind.undo is not None,
    }


def show(outcome: Outcome) -> int:
    """Print what became of a group, and return the status for it."""
    refused = outcome.refused
    if refused is not None:
        return _refused(refused, words.refusal_text(refused))
    verdict = outcome.verdicts[0]
    emit(
        {
            "op": str(outcome.operations[0].id),
            "verdict": verdict_name(verdict),
            "code": verdict_code(verdict),
            "rows": [{"table": table, "id": str(row_id)} for table, row_id in outcome.rows],
        }
    )
    if isinstance(verdict, Conflicted):
        warn(t("cli.conflict"))
        return CONFLICT
    return DONE


def _refused(refused: Rejected, sentence: str) -> int:
    emit(
        {
            "op": None,
            "verdict": "rejected",
            "code": refused.code,
            "rows": [],
            "message": sentence,
            "problems": [
                {"field": p.column, **p.params, "message": words.rule_text(p)} for p in refused.problems
            ],
        }
    )
    warn(sentence)
    return REJECTED


def _standard_input() -> str:
    if sys.stdin is None:  # closed by whoever started us
        return ""
    if not hasattr(sys.stdin, "buffer"):
        return sys.stdin.read()
    try:
        # UTF-8 whatever the console speaks, as everywhere else; Windows tools put a mark in front.
        text: str = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeskError(Problem("json.not_utf8", params={"at": error.start})) from error
    return text


def _json_object(text: str) -> Mapping[str, Any]:
    if not text.strip():
        raise DeskError(Problem("json.empty"))
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise DeskError(
            Problem(
                "json.invalid",
                params={"at_line": error.lineno, "at_column": error.colno},
            )
        ) from error
    except (RecursionError, ValueError) as error:  # nested without end; a number of thousands of digits
        raise DeskError(Problem("json.absurd")) from error
    if not isinstance(value, Mapping):
        raise DeskError(Problem("json.not_object"))
    return value


def _no_constant(name: str) -> float:
    """Refuse NaN and Infinity, which JSON does not have and no store could compare."""
    raise ValueError(name)


def _doer(desk: Desk, asked: str | None) -> UUID | None:
    if asked is None:
        return None
    with desk.store.read() as session:
        found = find_row(session, desk.seat.compound_id, "person", asked)
    if isinstance(found, Problem):
        raise DeskError(found)
    return found


def _moment(asked: str | None, zone: str) -> datetime | None:
    if asked is None:
        return None
    try:
        moment = datetime.fromisoformat(asked)
    except ValueError as error:
        raise UsageError(t("cli.time_invalid", text=asked)) from error
    if not 1900 <= moment.year <= 2200:  # noqa: PLR2004  # beyond it no clock and no paper is meant
        raise UsageError(t("cli.time_invalid", text=asked))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(zone))


def _operation_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UsageError(t("cli.operation_invalid", text=text)) from error
