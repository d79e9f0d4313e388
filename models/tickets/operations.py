"""Handlers that take questions in and tell their story: report, edit, comment, log, link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import or_

from models.community.doers import person_or_none
from models.community.tables import Building, Household, Person, Team
from models.inspection.tables import Observation, Point
from models.operations.common import archiving, register_archiving, swapping
from models.operations.envelope import Intent
from models.operations.merge import edit_row
from models.operations.registry import Nature, intent, register
from models.operations.roles import WORKERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tables import table_of
from models.text import search_text
from models.tickets import payloads as p
from models.tickets.codes import apart, own_code
from models.tickets.rules import (
    CATEGORIES,
    Category,
    EventKind,
    State,
    Urgency,
    accept_due,
    finish_due,
)
from models.tickets.story import Telling, check_back, require_say, tell, told, turn_back
from models.tickets.tables import (
    Incident,
    IncidentBuilding,
    Ticket,
    TicketCategory,
    TicketEvent,
    TicketLink,
)

#: So much of what was asked is also found by its pinyin; the rest as it is written.
_SPOKEN = 60


def category_of(workspace: Workspace, code: str) -> tuple[Category, UUID | None]:
    """Return what holds for a kind of job, and its team: what the compound has set, else what is built in."""
    row = workspace.find(TicketCategory, code=code)
    if row is None or row.archived:
        return CATEGORIES.get(code, Category(code)), None
    set_here = Category(row.code, row.accept_hours, row.finish_hours, Urgency(row.urgency), row.skill)
    return set_here, row.team_id


def ticket_search(workspace: Workspace, row: Ticket, *more: str) -> str:
    """Return what a search for a ticket looks in: its words, names and codes as they are now."""
    people = [workspace.get(Person, row.requester_id)] if row.requester_id else []
    homes = [workspace.get(Household, row.household_id)] if row.household_id else []
    points = [workspace.get(Point, row.point_id)] if row.point_id else []
    names = [one.name for one in (*people, *points) if one is not None]
    codes = [one.code for one in (*homes, *points) if one is not None]
    return search_text(
        row.what[:_SPOKEN],
        row.place,
        row.requester_name,
        *names,
        words=(row.code, *more, row.requester_phone, *codes, row.what[_SPOKEN:]),
    )


def _places(workspace: Workspace, given: p.TicketFields) -> dict[str, Any]:
    """Return the rows a ticket is about; a household and a point say which building it is."""
    home = None if given.household_id is None else workspace.require(Household, given.household_id)
    point = None if given.point_id is None else workspace.require(Point, given.point_id)
    building = None if given.building_id is None else workspace.require(Building, given.building_id).id
    if building is None:
        building = home.building_id if home is not None else None if point is None else point.building_id
    return {
        "household_id": None if home is None else home.id,
        "point_id": None if point is None else point.id,
        "building_id": building,
        "requester_id": None
        if given.requester_id is None
        else workspace.require(Person, given.requester_id).id,
        "team_id": None if given.team_id is None else workspace.require(Team, given.team_id).id,
    }


#: What a move notes its writer of; an edit notes the field that it edits.
_MOVED = frozenset({"state", "hands", "holder_id", "offered_to_id", "incident_id", "parent_id"})


def _undo_report(workspace: Workspace, given: p.ReportTicket) -> list[Intent]:
    """Put the ticket away, unless somebody has done something about it since; what was done in one go goes with it."""
    row = workspace.get(Ticket, given.id)
    if row is None or row.id != given.id:
        raise Refusal("undo.merged")
    lines = table_of(TicketEvent)
    told_of = workspace.rows(TicketEvent, lines.c.ticket_id == row.id, lines.c.archived.is_(False))
    at_once = {(line.at, line.recorder_id) for line in told_of if line.kind == EventKind.REPORT}
    since = [line for line in told_of if (line.at, line.recorder_id) not in at_once]
    if row.archived or since or row.stamps.keys() - _MOVED:
        raise Refusal("undo.changed_since", field="")
    return [Intent("ticket.archive", {"ticket": str(row.id)})]


@register("ticket.report", p.ReportTicket, may=WORKERS, undo=_undo_report)
def report(workspace: Workspace, given: p.ReportTicket) -> Verdict | None:
    """Take a question in; whoever took it has the baton."""
    operation = workspace.operation
    category, team = category_of(workspace, given.category)
    urgency = given.urgency or category.urgency
    places = _places(workspace, given)
    asked = given.code
    taken = None if asked is None else workspace.find(Ticket, code=asked)
    code = own_code(given.id) if asked is None else asked if taken is None else apart(asked, given.id)
    at = operation.happened_at
    holder = person_or_none(workspace, given.holder or operation.doer_id)
    row = Ticket(
        compound_id=workspace.compound_id,
        id=given.id,
        code=code,
        number=workspace.next_number(Ticket),
        what=given.what,
        category=given.category,
        urgency=urgency.value,
        channel=given.channel.value,
        state=State.REPORTED.value,
        state_at=at,
        requester_name=given.requester_name,
        requester_phone=given.requester_phone or "",
        place=given.place,
        wanted_hands=given.wanted_hands,
        opened_at=at,
        accept_due_at=given.accept_due_at or accept_due(category, urgency, at),
        due_at=given.due_at or finish_due(category, urgency, at),
        holder_id=holder,
        **(places | {"team_id": places["team_id"] or team}),
    )
    row.incident_id = _strikes(workspace, given, row)
    row.search = ticket_search(workspace, row, *([asked] if asked not in {None, code} else []))
    workspace.add(row)
    told_by = Telling(workspace.new_id(TicketEvent, "report"), EventKind.REPORT, person_id=holder)
    told_by.values["channel"] = given.channel.value
    tell(workspace, row, told_by, from_state=State.REPORTED.value)
    for observation in given.observations:
        _link(
            workspace,
            workspace.new_id(TicketLink, str(observation)),
            row,
            observation=workspace.require(Observation, observation),
        )
    return None


def _strikes(workspace: Workspace, given: p.ReportTicket, row: Ticket) -> UUID | None:
    """Return the incident that a ticket is one of: the one named, else one that strikes its building."""
    named = None if given.incident is None else workspace.get(Incident, given.incident)
    if named is not None and not named.archived:  # one that was put away meanwhile takes no question with it
        return named.id
    if given.alone:
        return None
    incident, struck = table_of(Incident), table_of(IncidentBuilding)
    lasting = workspace.rows(
        Incident,
        incident.c.archived.is_(False),
        incident.c.started_at <= row.opened_at,
        or_(incident.c.ended_at.is_(None), incident.c.ended_at > row.opened_at),
        incident.c.category.in_(["", row.category]),
    )
    for one in lasting:
        buildings = {
            place.building_id
            for place in workspace.rows(IncidentBuilding, struck.c.incident_id == one.id)
            if not place.archived
        }
        # What strikes the whole compound and has no kind would swallow every question.
        if row.building_id in buildings or (not buildings and one.category):
            return one.id
    return None


@register("ticket.edit", p.EditTicket, may=WORKERS, undo=swapping("ticket.edit", Ticket))
def edit(workspace: Workspace, given: p.EditTicket) -> None:
    """Change a ticket field by field; another kind or urgency moves a deadline that nobody had set by hand."""
    row = workspace.require(Ticket, given.ticket)
    usual = _deadlines(workspace, row)
    named = _places(workspace, given.new)
    said = given.new.model_fields_set
    # A deadline that is taken away is the usual one again.
    freed = {name: usual[name] for name in usual if name in said and getattr(given.new, name) is None}
    new = given.new.model_copy(update={name: named[name] for name in named if name in said} | freed)
    if not edit_row(workspace, row, old=given.old, new=new):
        return
    if {"household_id", "point_id"} & said and "building_id" not in said and named["building_id"]:
        workspace.change(row, building_id=named["building_id"])
    due = {
        name: value
        for name, value in _deadlines(workspace, row).items()
        if name not in said and getattr(row, name) == usual[name]
    }
    workspace.change(row, **due, search=ticket_search(workspace, row))


def _deadlines(workspace: Workspace, row: Ticket) -> dict[str, Any]:
    category, _ = category_of(workspace, row.category)
    urgency = Urgency(row.urgency)
    return {
        "accept_due_at": accept_due(category, urgency, row.opened_at),
        "due_at": finish_due(category, urgency, row.opened_at),
    }


# -- facts -------------------------------------------------------------------------------


def _known(workspace: Workspace, ticket_id: UUID) -> Ticket | None:
    """Return the ticket that a fact is about; what is wrong with it is flagged."""
    ticket = workspace.get(Ticket, ticket_id)
    if ticket is None:
        workspace.flag("ticket.unknown", ticket=str(ticket_id))
    elif ticket.archived:
        workspace.flag("ticket.archived", code=ticket.code)
    return ticket


def _withdrawing(_: Workspace, given: Any) -> list[Intent]:
    return [intent("ticket.take_back", p.NameEvent(event=given.id))]


@register("ticket.comment", p.CommentTicket, nature=Nature.FACT, may=WORKERS, undo=_withdrawing)
def comment(workspace: Workspace, given: p.CommentTicket) -> Verdict | None:
    """Remember something about a ticket."""
    standing = told(workspace, given.id)
    if standing is not None:
        return Merged(standing.id)
    ticket = _known(workspace, given.ticket)
    tell(workspace, ticket, Telling(given.id, EventKind.COMMENT, given.words))
    return None


@register("ticket.call", p.CallBack, nature=Nature.FACT, may=WORKERS, undo=_withdrawing)
def call_back(workspace: Workspace, given: p.CallBack) -> Verdict | None:
    """Remember that somebody asked the requester, who gave no score."""
    standing = told(workspace, given.id)
    if standing is not None:
        return Merged(standing.id)
    telling = Telling(given.id, EventKind.CALL, given.words)
    telling.values["channel"] = given.channel.value
    tell(workspace, _known(workspace, given.ticket), telling)
    return None


@register("ticket.log", p.LogWork, nature=Nature.FACT, may=WORKERS, undo=_withdrawing)
def log_work(workspace: Workspace, given: p.LogWork) -> Verdict | None:
    """Keep a visit: what the doer did, how long it took, what it cost."""
    standing = told(workspace, given.id)
    if standing is not None:
        return Merged(standing.id)
    telling = Telling(given.id, EventKind.LOG, given.words)
    telling.person_id = person_or_none(workspace, workspace.operation.doer_id)
    telling.values |= {"minutes": given.minutes, "cost": given.cost, "parts": given.parts}
    tell(workspace, _known(workspace, given.ticket), telling)
    return None


# -- taking lines back -------------------------------------------------------------------


def _undo_take_back(workspace: Workspace, given: p.NameEvent) -> list[Intent]:
    line = event_of(workspace, given.event)
    check_back(workspace, line, forth=True, with_it=_told_with(workspace, line))
    return [intent("ticket.put_back", given)]


def _undo_put_back(workspace: Workspace, given: p.NameEvent) -> list[Intent]:
    line = event_of(workspace, given.event)
    check_back(workspace, line, with_it=_told_with(workspace, line))
    return [intent("ticket.take_back", given)]


def event_of(workspace: Workspace, event_id: UUID) -> TicketEvent:
    """Return a line of a story, taken back or not."""
    event = workspace.get(TicketEvent, event_id)
    if event is None:
        raise Refusal("row.unknown", table="ticket_event", id=str(event_id))
    return event


def undo_line(workspace: Workspace, given: Any) -> list[Intent]:
    """Take a move back by its line, where what it changed still is what it left."""
    line = event_of(workspace, given.id)
    check_back(workspace, line, with_it=_told_with(workspace, line))
    return [intent("ticket.take_back", p.NameEvent(event=given.id))]


def _told_with(workspace: Workspace, line: TicketEvent) -> list[TicketEvent]:
    """Return the other lines of one go, such as a low score and the reopening with it: they go back with this one."""
    lines = table_of(TicketEvent)
    return workspace.rows(
        TicketEvent,
        lines.c.ticket_id == line.ticket_id,
        lines.c.at == line.at,
        lines.c.recorder_id == line.recorder_id,
        lines.c.id != line.id,
    )


@register("ticket.take_back", p.NameEvent, may=WORKERS, undo=_undo_take_back)
def take_back(workspace: Workspace, given: p.NameEvent) -> None:
    """Take a line of a story back, with what it changed."""
    turn_back(workspace, event_of(workspace, given.event))


@register("ticket.put_back", p.NameEvent, may=WORKERS, undo=_undo_put_back)
def put_back(workspace: Workspace, given: p.NameEvent) -> None:
    """Put a line of a story back that was taken back, with what it changed."""
    turn_back(workspace, event_of(workspace, given.event), forth=True)


# -- links -------------------------------------------------------------------------------


@register("ticket.link", p.LinkTicket, may=WORKERS, undo=archiving("ticket_link"))
def link(workspace: Workspace, given: p.LinkTicket) -> Verdict | None:
    """Say that a ticket is about a point or an observation."""
    ticket = workspace.require(Ticket, given.ticket)
    point = None if given.point is None else workspace.require(Point, given.point)
    seen = None if given.observation is None else workspace.require(Observation, given.observation)
    if point is None and seen is None:
        raise Refusal("ticket.link_nothing", code=ticket.code)
    return _link(workspace, given.id, ticket, point=point, observation=seen)


def _link(
    workspace: Workspace,
    row_id: UUID,
    ticket: Ticket,
    *,
    point: Point | None = None,
    observation: Observation | None = None,
) -> Verdict | None:
    point_id = point.id if point is not None else None if observation is None else observation.point_id
    values: dict[str, Any] = {
        "ticket_id": ticket.id,
        "point_id": point_id,
        "observation_id": None if observation is None else observation.id,
    }
    standing = workspace.find(TicketLink, **values)
    if standing is not None:
        if standing.archived:
            workspace.change(standing, archived=False)
        workspace.alias(TicketLink, row_id, standing.id)
        return Merged(standing.id)
    workspace.add(TicketLink(compound_id=workspace.compound_id, id=row_id, **values))
    return None


register_archiving("ticket", Ticket, may=WORKERS, guard=require_say)
register_archiving("ticket_link", TicketLink, may=WORKERS)
