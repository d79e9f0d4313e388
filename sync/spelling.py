"""Spelling: operations, verdicts and pages as the JSON that travels, and what a body says as values again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from models.operations.envelope import Operation
from models.operations.rows import Rows
from models.operations.verdicts import Judgement
from sync.messages import Page, Push
from sync.wire import (
    PROTOCOL,
    HealBody,
    Message,
    PullReply,
    PushBody,
    Reply,
    WireJudgement,
    WireLogged,
    WireOperation,
)


def encode(message: Message) -> bytes:
    """Return a message as JSON; what is left at its default stays out, but for the protocol's number."""
    values = message.model_dump(mode="json", exclude_defaults=True)
    return to_json({"linli": PROTOCOL, **values} if isinstance(message, Reply) else values)


def push_bytes(push: Push, epoch: str) -> bytes:
    """Return a push as JSON."""
    return to_json(
        {
            "compound": push.compound_id.hex,
            "device": push.device_id.hex,
            "epoch": epoch,
            "groups": [_group(group) for group in push.groups],
        }
    )


def to_push(body: PushBody) -> Push:
    """Return the push that a body holds."""
    return Push(
        body.compound,
        body.device,
        tuple(
            tuple(_read(body.compound, body.device, group.id, group.batch, one) for one in group.operations)
            for group in body.groups
        ),
    )


def heal_bytes(compound_id: UUID, epoch: str, groups: Sequence[Sequence[tuple[Operation, int]]]) -> bytes:
    """Return what a restored server may have lost as JSON."""
    return to_json(
        {"compound": compound_id.hex, "epoch": epoch, "groups": [_lost_group(group) for group in groups]}
    )


def to_lost(body: HealBody) -> list[list[Operation]]:
    """Return the groups that a body holds, in their old order."""
    groups = sorted(body.groups, key=lambda group: group.operations[0].rev)
    return [
        [_read(body.compound, one.device, group.id, group.batch, one) for one in group.operations]
        for group in groups
    ]


def logged(operation: Operation, judgement: Judgement) -> dict[str, Any]:
    """Return an operation of the log with what was said of it."""
    spelled = _spell(operation) | {
        "device": operation.device_id.hex,
        "rev": judgement.rev,
        "group": operation.group_id.hex,
        "verdict": judgement.verdict,
    }
    if operation.batch_id is not None:
        spelled["batch"] = operation.batch_id.hex
    if judgement.params:
        spelled["params"] = dict(judgement.params)
    return spelled


def to_logged(compound_id: UUID, one: WireLogged) -> tuple[Operation, Judgement]:
    """Return an operation of a server's log and what was said of it."""
    operation = _read(compound_id, one.device, one.group, one.batch, one)
    return operation, Judgement(one.id, one.n, one.verdict, one.rev, None, one.params)


def to_judgement(said: WireJudgement) -> Judgement:
    """Return what was said, as the laptop keeps it."""
    return Judgement(said.id, said.n, said.verdict, said.rev, said.code, said.params)


def judgement_values(said: Judgement) -> dict[str, Any]:
    """Return a judgement as it travels."""
    values: dict[str, Any] = {"id": said.operation_id.hex, "n": said.n, "verdict": said.verdict}
    if said.rev is not None:
        values["rev"] = said.rev
    if said.code is not None:
        values["code"] = said.code
    if said.params:
        values["params"] = dict(said.params)
    return values


def page_values(page: Page) -> dict[str, Any]:
    """Return a page as it travels."""
    return {
        "compound": page.compound_id.hex,
        "after": page.after,
        "head": page.head,
        "tables": [{"table": p.table, "columns": p.columns, "rows": p.rows} for p in page.tables],
        "judgements": [judgement_values(said) for said in page.judgements],
        "next": page.next,
        "last_n": page.last_n,
        "digests": {name: list(pair) for name, pair in page.digests.items()},
    }


def to_page(reply: PullReply) -> Page:
    """Return the page that a reply holds."""
    return Page(
        reply.compound,
        reply.after,
        reply.head,
        tuple(Rows(part.table, part.columns, part.rows) for part in reply.tables),
        tuple(to_judgement(said) for said in reply.judgements),
        reply.next,
        reply.last_n,
        reply.digests,
    )


def _group(group: Sequence[Operation]) -> dict[str, Any]:
    first = group[0]
    spelled: dict[str, Any] = {"id": first.group_id.hex, "operations": [_spell(one) for one in group]}
    if first.batch_id is not None:
        spelled["batch"] = first.batch_id.hex
    return spelled


def _lost_group(group: Sequence[tuple[Operation, int]]) -> dict[str, Any]:
    spelled = _group([operation for operation, _ in group])
    for values, (operation, rev) in zip(spelled["operations"], group, strict=True):
        values |= {"device": operation.device_id.hex, "rev": rev}
    return spelled


def _spell(operation: Operation) -> dict[str, Any]:
    spelled: dict[str, Any] = {
        "id": operation.id.hex,
        "n": operation.n,
        "kind": operation.kind,
        "doer": operation.doer_id.hex,
        "payload": operation.payload,
        "made_at": operation.made_at,
    }
    if operation.v != 1:
        spelled["v"] = operation.v
    if operation.recorder_id != operation.doer_id:
        spelled["recorder"] = operation.recorder_id.hex
    if operation.needs:
        spelled["needs"] = [need.hex for need in operation.needs]
    if operation.happened_at != operation.made_at:
        spelled["happened_at"] = operation.happened_at
    if operation.at != operation.made_at:
        spelled["at"] = operation.at
    if operation.seen:
        spelled["seen"] = operation.seen
    return spelled


def _read(
    compound_id: UUID, device_id: UUID, group_id: UUID, batch_id: UUID | None, one: WireOperation
) -> Operation:
    return Operation(
        compound_id=compound_id,
        id=one.id,
        device_id=device_id,
        n=one.n,
        group_id=group_id,
        batch_id=batch_id,
        kind=one.kind,
        v=one.v,
        doer_id=one.doer,
        recorder_id=one.recorder or one.doer,
        payload=one.payload,
        needs=tuple(one.needs),
        happened_at=one.happened_at or one.made_at,
        made_at=one.made_at,
        at=one.at or one.made_at,
        seen=one.seen,
    )
