"""Handlers of what a compound has set for its tickets: kinds of job with their deadlines and teams, and what counts as a repeat."""

from __future__ import annotations

from typing import Any

from models.community.tables import Team
from models.operations.common import archiving, met_again, register_archiving, swapping
from models.operations.envelope import Intent
from models.operations.merge import edit_row
from models.operations.registry import intent, register
from models.operations.roles import LEADERS
from models.operations.verdicts import Refusal, Verdict
from models.operations.workspace import Workspace
from models.text import normalise
from models.tickets import payloads as p
from models.tickets.rules import Ruling
from models.tickets.tables import TicketCategory, TicketRuling


@register("ticket_category.add", p.AddCategory, may=LEADERS, undo=archiving("ticket_category"))
def add_category(workspace: Workspace, given: p.AddCategory) -> Verdict | None:
    """Set the deadlines and team of a kind of job; set a second time it is the same one."""
    values = given.model_dump(exclude={"id", "code"}) | {"urgency": given.urgency.value}
    if given.team_id is not None:
        values["team_id"] = workspace.require(Team, given.team_id).id
    code = normalise(given.code)
    standing = workspace.find(TicketCategory, code=code)
    if standing is not None:
        return met_again(workspace, standing, given.id, values)
    workspace.add(TicketCategory(compound_id=workspace.compound_id, id=given.id, code=code, **values))
    return None


@register(
    "ticket_category.edit",
    p.EditCategory,
    may=LEADERS,
    undo=swapping("ticket_category.edit", TicketCategory),
)
def edit_category(workspace: Workspace, given: p.EditCategory) -> None:
    """Change a kind of job field by field."""
    edit_row(workspace, workspace.require(TicketCategory, given.category), old=given.old, new=given.new)


def _undo_ruling(workspace: Workspace, given: p.SetRuling) -> list[Intent]:
    standing = workspace.get(TicketRuling, workspace.shared_id(TicketRuling, ""))
    wanted = (given.repeats, given.repeat_days, given.low_score)
    if standing is None or (standing.repeats, standing.repeat_days, standing.low_score) != wanted:
        raise Refusal("undo.changed_since", field="")
    default = Ruling()
    before = given.before or [default.repeats, default.repeat_days, default.low_score]
    back = p.SetRuling(repeats=before[0], repeat_days=before[1], low_score=before[2], before=list(wanted))
    return [intent("ticket.rule", back)]


@register("ticket.rule", p.SetRuling, may=LEADERS, undo=_undo_ruling)
def rule(workspace: Workspace, given: p.SetRuling) -> None:
    """Set what counts as a repeat and as a low score; the last to say so has it."""
    row_id = workspace.shared_id(TicketRuling, "")
    values: dict[str, Any] = {
        "repeats": given.repeats,
        "repeat_days": given.repeat_days,
        "low_score": given.low_score,
    }
    standing = workspace.get(TicketRuling, row_id)
    if standing is None:
        workspace.add(TicketRuling(compound_id=workspace.compound_id, id=row_id, **values))
    else:
        workspace.change(standing, **values)


register_archiving("ticket_category", TicketCategory, may=LEADERS)
