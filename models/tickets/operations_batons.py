"""Handlers of the baton, 首问责任: whoever took the question in owns it until it is answered or somebody takes it over."""

from __future__ import annotations

from models.community.doers import person_or_none
from models.community.tables import Person
from models.operations.registry import Nature, register
from models.operations.roles import WORKERS
from models.operations.verdicts import Merged, Refusal, Verdict
from models.operations.workspace import Workspace
from models.tickets import payloads as p
from models.tickets.operations import undo_line
from models.tickets.rules import UNANSWERED, EventKind, State
from models.tickets.story import (
    Telling,
    moved_on,
    overtaken,
    put_aside,
    require_say,
    tell,
    told,
)
from models.tickets.tables import Ticket


@register("ticket.handover", p.HandOver, may=WORKERS, undo=undo_line)
def hand_over(workspace: Workspace, given: p.HandOver) -> Verdict | None:
    """Ask somebody by name to take the baton over; until they do, it stays where it is."""
    standing = told(workspace, given.id)
    if standing is not None:
        return Merged(standing.id)
    ticket = workspace.require(Ticket, given.ticket)
    person = workspace.require(Person, given.to)
    telling = Telling(given.id, EventKind.HANDOVER, given.words, person_id=person.id)
    if _answered(workspace, ticket):
        return overtaken(workspace, ticket, telling)
    if ticket.holder_id == person.id:
        if moved_on(workspace, ticket, "holder_id"):
            return overtaken(workspace, ticket, telling)
        raise Refusal("ticket.baton_there", code=ticket.code, person=person.name)
    # Somebody has offered it to another, or another has it by now, and whoever offers it here had not seen that.
    offered = ticket.offered_to_id is not None or moved_on(workspace, ticket, "holder_id")
    if offered and moved_on(workspace, ticket, "offered_to_id"):
        return put_aside(workspace, ticket, "offered_to_id", person.id, telling)
    require_say(workspace, ticket)
    tell(workspace, ticket, telling, changes={"offered_to_id": person.id})
    return None


@register("ticket.take", p.AnswerOffer, may=WORKERS, undo=undo_line)
def take(workspace: Workspace, given: p.AnswerOffer) -> Verdict | None:
    """Take the baton over. Whoever was asked may; so may anybody when nobody holds it."""
    standing = told(workspace, given.id)
    if standing is not None:
        return Merged(standing.id)
    ticket = workspace.require(Ticket, given.ticket)
    mine = person_or_none(workspace, workspace.operation.doer_id)
    telling = Telling(given.id, EventKind.TAKE, given.words, person_id=mine)
    if _answered(workspace, ticket):
        return overtaken(workspace, ticket, telling)
    if ticket.offered_to_id != mine and ticket.holder_id is not None:
        if moved_on(workspace, ticket, "offered_to_id") or moved_on(workspace, ticket, "holder_id"):
            return put_aside(workspace, ticket, "holder_id", mine, telling)
        if ticket.holder_id == mine:
            raise Refusal("ticket.baton_yours", code=ticket.code)
        raise Refusal("ticket.baton_not_offered", code=ticket.code)
    tell(workspace, ticket, telling, changes={"holder_id": mine, "offered_to_id": None})
    return None


@register("ticket.decline", p.AnswerOffer, may=WORKERS, undo=undo_line)
def decline(workspace: Workspace, given: p.AnswerOffer) -> Verdict | None:
    """Say that one cannot take the baton over: it stays where it is. Whoever offered it may take the offer back so."""
    standing = told(workspace, given.id)
    if standing is not None:
        return Merged(standing.id)
    ticket = workspace.require(Ticket, given.ticket)
    mine = person_or_none(workspace, workspace.operation.doer_id)
    if ticket.offered_to_id is None:
        if moved_on(workspace, ticket, "offered_to_id"):
            return overtaken(
                workspace, ticket, Telling(given.id, EventKind.DECLINE, given.words, person_id=mine)
            )
        raise Refusal("ticket.baton_not_offered", code=ticket.code)
    if ticket.offered_to_id != mine:
        require_say(workspace, ticket)
    telling = Telling(given.id, EventKind.DECLINE, given.words, person_id=ticket.offered_to_id)
    tell(workspace, ticket, telling, changes={"offered_to_id": None})
    return None


@register("ticket.keep", p.CommentTicket, nature=Nature.FACT, may=WORKERS, undo=undo_line)
def keep(workspace: Workspace, given: p.CommentTicket) -> Verdict | None:
    """Say why one keeps a baton at the end of a shift."""
    standing = told(workspace, given.id)
    if standing is not None:
        return Merged(standing.id)
    ticket = workspace.get(Ticket, given.ticket)
    if ticket is None:
        workspace.flag("ticket.unknown", ticket=str(given.ticket))
    holder = None if ticket is None else ticket.holder_id
    tell(workspace, ticket, Telling(given.id, EventKind.KEEP, given.words, person_id=holder))
    return None


def _answered(workspace: Workspace, ticket: Ticket) -> bool:
    """Tell whether somebody has answered the question meanwhile; refuse whoever knew that."""
    if State(ticket.state) in UNANSWERED:
        return False
    if not moved_on(workspace, ticket, "state"):
        raise Refusal("ticket.answered", code=ticket.code, state=ticket.state)
    return True
