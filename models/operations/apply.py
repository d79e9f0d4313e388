"""The one function that applies an operation, on a laptop and on the server alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from models.operations.envelope import Operation
from models.operations.registry import KINDS, Kind, Nature, Payload, referring
from models.operations.verdicts import Accepted, Conflicted, Held, Refusal, Rejected, Verdict
from models.operations.workspace import Workspace
from models.problems import Problem
from models.tables import synced_models


class FactRefused(Exception):  # noqa: N818  # a bug of a handler, never a user's mistake
    """A fact's handler refused; facts are applied and flagged, never refused."""


def apply(workspace: Workspace, operation: Operation, *, rev: int | None) -> Verdict:
    """Check the role, run the handler, and say what became of the operation.

    `rev` is the operation's place in the compound's order on the server, and
    None on a laptop. After `Rejected` or `Held` the workspace holds half-made
    rows: the caller rolls the whole group back and drops it.
    """
    kind = KINDS.get(operation.kind)
    if kind is None or operation.v > kind.v:
        return Held("kind.unknown")
    payload = workspace.payloads.pop(operation.id, None) or parse(kind, operation)
    if isinstance(payload, Rejected):
        return payload
    workspace.begin(operation, rev=rev)
    denied = not allowed(workspace, kind, operation)
    if denied and kind.nature is Nature.DECISION:
        return Rejected("role.missing", {"kind": kind.name})
    try:
        verdict = kind.handler(workspace, payload)
    except Refusal as refusal:
        if kind.nature is Nature.FACT:
            raise FactRefused(kind.name, refusal.code) from refusal
        return Rejected(refusal.code, refusal.params)
    if denied:
        workspace.flag("role.missing", kind=kind.name)
    if verdict is None and workspace.conflicts:
        return Conflicted(tuple(workspace.conflicts))
    return verdict or Accepted()


def prepare(workspace: Workspace, operations: Sequence[Operation]) -> None:
    """Validate payloads, and load in bulk what the handlers will look up one by one."""
    if len(operations) < 2:  # noqa: PLR2004  # one operation asks for its rows itself
        return
    by_kind: dict[str, list[Payload]] = {}
    for operation in operations:
        kind = KINDS.get(operation.kind)
        if kind is None or operation.v > kind.v:
            continue
        payload = parse(kind, operation)
        workspace.payloads[operation.id] = payload
        if not isinstance(payload, Rejected):
            by_kind.setdefault(kind.name, []).append(payload)
    models = synced_models()
    wanted: dict[str, list[UUID]] = {}
    for name, payloads in by_kind.items():
        for field, table in referring(KINDS[name].payload):
            wanted.setdefault(table, []).extend(filter(None, map(attrgetter(field), payloads)))
    for table, row_ids in wanted.items():
        workspace.preload(models[table], row_ids)
    for name, payloads in by_kind.items():
        hook = KINDS[name].prepare
        if hook is not None and len(payloads) > 1:
            hook(workspace, payloads)


def is_fact(operation: Operation) -> bool:
    """Tell whether an operation says what happened, and so must be kept whatever becomes of its group."""
    kind = KINDS.get(operation.kind)
    return kind is not None and kind.nature is Nature.FACT


def parse(kind: Kind, operation: Operation) -> Payload | Rejected:
    """Validate the payload of an operation against its kind."""
    try:
        return kind.payload.model_validate(dict(operation.payload))
    except ValidationError as error:
        return Rejected("payload.invalid", {"kind": kind.name}, problems=payload_problems(error))


def is_payload(kind: Kind, values: Mapping[str, Any]) -> bool:
    """Tell whether values are a payload of a kind."""
    try:
        kind.payload.model_validate(dict(values))
    except ValidationError:
        return False
    return True


def payload_problems(error: ValidationError) -> tuple[Problem, ...]:
    """Return pydantic's findings as problems: the field, the rule, the limits; never the value."""
    found = []
    for detail in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in detail["loc"])
        rule = detail["type"]
        limits = {k: v for k, v in detail.get("ctx", {}).items() if isinstance(v, str | int | float)}
        found.append(
            Problem(
                code="payload.field", column=where, params={"rule": rule, "message": detail["msg"], **limits}
            )
        )
    return tuple(found)


def allowed(workspace: Workspace, kind: Kind, operation: Operation) -> bool:
    """Tell whether the recorder may make this kind on the day it was made, whatever the laptop's clock said.

    Until a compound has had its first director, whoever sits at the laptop is
    founding it and may do anything; that founder's id is the compound's own.
    """
    if kind.may is None:
        return True
    if operation.recorder_id == operation.compound_id:
        return not workspace.has_director()
    return bool(kind.may & workspace.roles(operation.recorder_id, workspace.local_day(operation.at)))
