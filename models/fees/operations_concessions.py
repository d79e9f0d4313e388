"""Handlers of concessions: asked for by one, approved by another."""

from __future__ import annotations

from models.community.doers import hands_of, person_or_none
from models.community.tables import Household
from models.fees import payloads as p
from models.fees.operations import APPROVERS, TREASURERS
from models.fees.rules import Asked
from models.fees.tables import ChargeItem, Concession
from models.operations.common import archiving, local_day, register_archiving, register_ending
from models.operations.registry import register
from models.operations.roles import WORKERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace


@register("fee.ask_concession", p.AskConcession, may=WORKERS, undo=archiving("concession"))
def ask_concession(workspace: Workspace, given: p.AskConcession) -> None:
    """Ask that a household pays less, or later. It holds once somebody else has approved it."""
    household = workspace.require(Household, given.household)
    item = None if given.item is None else workspace.require(ChargeItem, given.item)
    values = given.model_dump(exclude={"id", "household", "item", "kind"})
    workspace.add(
        Concession(
            compound_id=workspace.compound_id,
            id=given.id,
            household_id=household.id,
            item_id=None if item is None else item.id,
            kind=given.kind.value,
            state=Asked.ASKED.value,
            asked_by_id=person_or_none(workspace, workspace.operation.doer_id),
            **values,
        )
    )


def _decide(workspace: Workspace, given: p.DecideConcession, state: Asked) -> Verdict | None:
    row = workspace.require(Concession, given.concession)
    if row.state == state.value:
        return Merged(row.id)
    if row.state != Asked.ASKED.value:
        raise Refusal("fee.decided", state=row.state)
    if state is Asked.DONE and row.asked_by_id is not None and row.asked_by_id in hands_of(workspace):
        raise Refusal("fee.second_person")
    workspace.change(
        row,
        state=state.value,
        decided_by_id=person_or_none(workspace, workspace.operation.doer_id),
        decided_on=local_day(workspace),
        words=given.words,
        stamps=row.stamps | {"state": workspace.stamp()},
    )
    return None


@register("fee.approve_concession", p.DecideConcession, may=APPROVERS)
def approve_concession(workspace: Workspace, given: p.DecideConcession) -> Verdict | None:
    """Approve what somebody else asked for a household."""
    return _decide(workspace, given, Asked.DONE)


@register("fee.decline_concession", p.DecideConcession, may=APPROVERS)
def decline_concession(workspace: Workspace, given: p.DecideConcession) -> Verdict | None:
    """Decline what was asked for a household."""
    return _decide(workspace, given, Asked.DECLINED)


register_archiving("concession", Concession, may=TREASURERS)
register_ending("concession", Concession, may=TREASURERS)
