"""How two who moved one ticket apart are settled: which state stands, who does the job, who has the baton."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.operations.pending import STANDING
from models.operations.settling import SETTLERS, Choice
from models.operations.tables import Conflict
from models.operations.workspace import Workspace
from models.tables import Json, table_of
from models.tickets.rules import OPEN, EventKind, State
from models.tickets.story import Telling, entering, hands_of, person_or_none, put_on, take_off, tell
from models.tickets.tables import Ticket, TicketEvent, TicketHand


def _settle_state(workspace: Workspace, conflict: Conflict, choice: Choice) -> None:
    """Let the state stand that a person chose."""
    ticket = workspace.require(Ticket, conflict.row_id)
    wanted = State(str(conflict.lost if choice is Choice.TAKE else conflict.kept))
    if choice is Choice.KEEP and conflict.status == "open":
        return
    changes = entering(ticket, wanted, workspace.operation.happened_at)
    if wanted is State.REOPENED:
        changes["reopened"] = ticket.reopened + 1
    lines = table_of(TicketEvent)
    overtaken = workspace.rows(
        TicketEvent, lines.c.ticket_id == ticket.id, lines.c.stood.is_(False), lines.c.archived.is_(False)
    )
    for line in overtaken:
        if wanted is State.DUPLICATE and line.kind == EventKind.JOIN:
            changes["parent_id"] = line.other_id
        elif wanted is State.WAITING and line.kind == EventKind.WAIT:
            changes["wait_until"] = line.until
    _settled(workspace, ticket, changes)


def _settle_hands(workspace: Workspace, conflict: Conflict, choice: Choice) -> None:
    """Let one of two who claimed the same job have it; the other steps back."""
    ticket = workspace.require(Ticket, conflict.row_id)
    stays, goes = UUID(str(conflict.kept)), UUID(str(conflict.lost))
    if choice is Choice.TAKE:
        stays, goes = goes, stays
    going = person_or_none(workspace, goes)
    hands = put_on(workspace, ticket, person_or_none(workspace, stays))
    hands |= take_off(workspace, [hand for hand in hands_of(workspace, ticket) if hand.person_id == going])
    _settled(workspace, ticket, {}, hands)


def _settle_person(workspace: Workspace, conflict: Conflict, choice: Choice) -> None:
    """Let the baton be, or be offered, where a person chose."""
    if choice is Choice.KEEP and conflict.status == "open":
        return
    ticket = workspace.require(Ticket, conflict.row_id)
    wanted = conflict.lost if choice is Choice.TAKE else conflict.kept
    person = None if wanted is None else person_or_none(workspace, UUID(str(wanted)))
    changes: dict[str, Any] = {conflict.field: person}
    if conflict.field == "holder_id":
        changes["offered_to_id"] = None
    _settled(workspace, ticket, changes)


def _settled(
    workspace: Workspace,
    ticket: Ticket,
    changes: dict[str, Any],
    hands: dict[UUID, tuple[bool, bool]] | None = None,
) -> None:
    telling = Telling(workspace.new_id(TicketEvent, "settle"), EventKind.SETTLE)
    tell(workspace, ticket, telling, changes=changes, hands=hands, from_state=ticket.state)


def _hands_stand(session: Session, ticket: Mapping[str, Any], kept: Json, lost: Json) -> Json:
    """Return `kept` while both who claimed a job are still on it and it wants fewer: then there is something to choose."""
    hand = table_of(TicketHand)
    statement = select(hand.c.person_id).where(
        hand.c.compound_id == ticket["compound_id"],
        hand.c.ticket_id == ticket["id"],
        hand.c.archived.is_(False),
    )
    there = {row.person_id.hex for row in session.connection().execute(statement)}
    too_many = State(ticket["state"]) in OPEN and len(there) > ticket["wanted_hands"]
    return kept if too_many and {kept, lost} <= there else None


STANDING["ticket", "hands"] = _hands_stand
SETTLERS["ticket", "state"] = _settle_state
SETTLERS["ticket", "hands"] = _settle_hands
SETTLERS["ticket", "holder_id"] = _settle_person
SETTLERS["ticket", "offered_to_id"] = _settle_person
