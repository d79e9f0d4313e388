"""Handlers of incidents: one notice for many households, and the tickets that are about it."""

from __future__ import annotations

from uuid import UUID

from models.community.tables import Building
from models.operations.common import archiving, register_archiving, swapping
from models.operations.envelope import Intent
from models.operations.merge import edit_row
from models.operations.registry import intent, register
from models.operations.roles import WORKERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of
from models.text import search_text
from models.tickets import payloads as p
from models.tickets.operations import undo_line
from models.tickets.rules import EventKind
from models.tickets.story import Telling, moved_on, overtaken, tell, told
from models.tickets.tables import Incident, IncidentBuilding, Ticket


@register("incident.open", p.OpenIncident, may=WORKERS, undo=archiving("incident"))
def open_incident(workspace: Workspace, given: p.OpenIncident) -> Verdict | None:
    """Say once what strikes many households."""
    standing = workspace.get(Incident, given.id)
    if standing is not None:
        return Merged(standing.id)
    row = workspace.add(
        Incident(
            compound_id=workspace.compound_id,
            id=given.id,
            started_at=workspace.operation.happened_at,
            search=search_text(given.name),
            **given.model_dump(exclude={"id", "buildings"}),
        )
    )
    for building in dict.fromkeys(given.buildings):
        strike(workspace, row, workspace.require(Building, building).id)
    return None


def strike(workspace: Workspace, row: Incident, building_id: UUID) -> None:
    """Let an incident strike a building."""
    standing = workspace.find(IncidentBuilding, incident_id=row.id, building_id=building_id)
    if standing is not None:
        workspace.change(standing, archived=False)
    else:
        workspace.add(
            IncidentBuilding(
                compound_id=workspace.compound_id,
                id=workspace.new_id(IncidentBuilding, f"{row.id}:{building_id}"),
                incident_id=row.id,
                building_id=building_id,
            )
        )


@register("incident.edit", p.EditIncident, may=WORKERS, undo=swapping("incident.edit", Incident))
def edit_incident(workspace: Workspace, given: p.EditIncident) -> None:
    """Change an incident field by field."""
    row = workspace.require(Incident, given.incident)
    if edit_row(workspace, row, old=given.old, new=given.new):
        workspace.change(row, search=search_text(row.name))


def _struck(workspace: Workspace, incident_id: UUID) -> dict[UUID, IncidentBuilding]:
    """Return what an incident strikes, by building."""
    of_it = table_of(IncidentBuilding).c.incident_id == incident_id
    return {row.building_id: row for row in workspace.rows(IncidentBuilding, of_it) if not row.archived}


def _undo_strike(workspace: Workspace, given: p.StrikeBuildings) -> list[Intent]:
    row = workspace.require(Incident, given.incident)
    meant = {workspace.require(Building, one).id for one in given.buildings}
    if given.before is None or _struck(workspace, row.id).keys() != meant:
        raise Refusal("undo.changed_since", field="buildings")
    back = p.StrikeBuildings(incident=row.id, buildings=given.before, before=given.buildings)
    return [intent("incident.strike", back)]


@register("incident.strike", p.StrikeBuildings, may=WORKERS, undo=_undo_strike)
def strike_buildings(workspace: Workspace, given: p.StrikeBuildings) -> None:
    """Say which buildings an incident strikes; what others have added or taken out since stays so."""
    row = workspace.require(Incident, given.incident)
    standing = _struck(workspace, row.id)
    wanted = {workspace.require(Building, one).id for one in given.buildings}
    seen = standing.keys() if given.before is None else set(given.before)
    for building in given.buildings:
        if workspace.require(Building, building).id not in seen:
            strike(workspace, row, workspace.require(Building, building).id)
    for building_id, place in standing.items():
        if building_id in seen and building_id not in wanted:
            workspace.change(place, archived=True)


def _undo_end(workspace: Workspace, given: p.EndIncident) -> list[Intent]:
    row = workspace.require(Incident, given.incident)
    if row.ended_at is None:
        raise Refusal("undo.changed_since", field="ended_at")
    return [intent("incident.reopen", p.NameIncident(incident=given.incident))]


@register("incident.end", p.EndIncident, may=WORKERS, undo=_undo_end)
def end_incident(workspace: Workspace, given: p.EndIncident) -> Verdict | None:
    """Say that it is over. Of two who say so, the first ended it."""
    row = workspace.require(Incident, given.incident)
    if row.ended_at is not None:
        if given.words and not row.ended_words:
            workspace.change(row, ended_words=given.words)
        return Merged(row.id)
    workspace.change(row, ended_at=workspace.operation.happened_at, ended_words=given.words)
    return None


@register("incident.reopen", p.NameIncident, may=WORKERS)
def reopen_incident(workspace: Workspace, given: p.NameIncident) -> None:
    """Say that it lasts after all."""
    row = workspace.require(Incident, given.incident)
    if row.ended_at is None:
        raise Refusal("incident.lasts", name=row.name)
    workspace.change(row, ended_at=None)


@register("ticket.attach", p.AttachTicket, may=WORKERS, undo=undo_line)
def attach(workspace: Workspace, given: p.AttachTicket) -> Verdict | None:
    """Let a ticket be one of an incident's."""
    standing = told(workspace, given.id)
    if standing is not None:
        return Merged(standing.id)
    ticket, incident = workspace.require(Ticket, given.ticket), workspace.require(Incident, given.incident)
    telling = Telling(given.id, EventKind.ATTACH, incident.name)
    tell(workspace, ticket, telling, changes={"incident_id": incident.id})
    return None


@register("ticket.detach", p.DetachTicket, may=WORKERS, undo=undo_line)
def detach(workspace: Workspace, given: p.DetachTicket) -> Verdict | None:
    """Take a ticket out of its incident."""
    standing = told(workspace, given.id)
    if standing is not None:
        return Merged(standing.id)
    ticket = workspace.require(Ticket, given.ticket)
    telling = Telling(given.id, EventKind.DETACH)
    if ticket.incident_id is None:
        if moved_on(workspace, ticket, "incident_id"):
            return overtaken(workspace, ticket, telling)
        raise Refusal("ticket.not_attached", code=ticket.code)
    tell(workspace, ticket, telling, changes={"incident_id": None})
    return None


register_archiving("incident", Incident, may=WORKERS)
