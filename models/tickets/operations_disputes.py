"""How two who moved one ticket apart are settled: which state stands, who does the job, who has the baton."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from models.community.doers import person_or_none
from models.operations.pending import STANDING
from models.operations.settling import SETTLERS, Choice
from models.operations.tables import Conflict
from models.operations.workspace import Workspace
from models.tables import Json, table_of
from models.tickets.rules import OPEN, EventKind, State
from models.tickets.story import (
    MEANT,
    Telling,
    entering,
    hands_of,
    put_on,
    require_no_ring,
    take_off,
    tell,
)
from models.tickets.tables import Ticket, TicketEvent, TicketHand


def _settle_state(workspace: Workspace, conflict: Conflict, choice: Choice) -> None:
    """Let the state stand that a person chose."""
    ticket = workspace.require(Ticket, conflict.row_id)
    wanted = State(str(conflict.lost if choice is Choice.TAKE else conflict.kept))
    if choice is Choice.KEEP and conflict.status == "open":
        return
    there = hands_of(workspace, ticket)
    if wanted is State.REPORTED and there:
        wanted = State.ACCEPTED  # nobody need take what somebody is at
    changes = entering(ticket, wanted, workspace.operation.happened_at)
    if wanted is State.REOPENED:
        changes["reopened"] = ticket.reopened + 1
    line = _line_that_wanted(workspace, ticket, wanted) if choice is Choice.TAKE else None
    hands = None
    if line is not None and wanted is State.DUPLICATE:
        changes["parent_id"] = line.other_id
    elif line is not None and wanted is State.WAITING:
        changes["wait_until"] = line.until
    elif line is not None and wanted in {State.ACCEPTED, State.IN_PROGRESS, State.DONE} and not there:
        hands = put_on(workspace, ticket, person_or_none(workspace, line.person_id))
    _settled(workspace, ticket, changes, hands)
    require_no_ring(workspace, ticket)


def _line_that_wanted(workspace: Workspace, ticket: Ticket, wanted: State) -> TicketEvent | None:
    """Return the newest line that would have brought a ticket into a state, and was overtaken."""
    lines = table_of(TicketEvent)
    overtaken = workspace.rows(
        TicketEvent, lines.c.ticket_id == ticket.id, lines.c.stood.is_(False), lines.c.archived.is_(False)
    )
    meant = {move.value for move, state in MEANT.items() if state is wanted}
    return next((line for line in reversed(overtaken) if line.kind in meant), None)


def _settle_hands(workspace: Workspace, conflict: Conflict, choice: Choice) -> None:
    """Let one of two who claimed the same job have it; the other steps back. What is over stays as it is."""
    ticket = workspace.require(Ticket, conflict.row_id)
    stays, goes = UUID(str(conflict.kept)), UUID(str(conflict.lost))
    if choice is Choice.TAKE:
        stays, goes = goes, stays
    going, staying = person_or_none(workspace, goes), person_or_none(workspace, stays)
    state = State(ticket.state)
    if going == staying or state not in OPEN:  # two who were one person all along
        _settled(workspace, ticket, {})
        return
    hands = put_on(workspace, ticket, staying)
    hands |= take_off(workspace, [hand for hand in hands_of(workspace, ticket) if hand.person_id == going])
    claimed = state is State.REPORTED and hands_of(workspace, ticket)
    at = workspace.operation.happened_at
    _settled(workspace, ticket, entering(ticket, State.ACCEPTED, at) if claimed else {}, hands)


def _settle_parent(workspace: Workspace, conflict: Conflict, choice: Choice) -> None:
    """Let a duplicate be one of what a person chose."""
    ticket = workspace.require(Ticket, conflict.row_id)
    if (choice is Choice.KEEP and conflict.status == "open") or State(ticket.state) is not State.DUPLICATE:
        return
    wanted = conflict.lost if choice is Choice.TAKE else conflict.kept
    parent = workspace.require(Ticket, UUID(str(wanted)))
    _settled(workspace, ticket, {"parent_id": parent.id})
    require_no_ring(workspace, ticket)


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
    # The line names who has the baton from now on, so that the chain of holders knows of them.
    _settled(workspace, ticket, changes, holder=person if conflict.field == "holder_id" else None)


def _settled(
    workspace: Workspace,
    ticket: Ticket,
    changes: dict[str, Any],
    hands: dict[UUID, tuple[bool, bool]] | None = None,
    *,
    holder: UUID | None = None,
) -> None:
    telling = Telling(workspace.new_id(TicketEvent, "settle"), EventKind.SETTLE, person_id=holder)
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
SETTLERS["ticket", "parent_id"] = _settle_parent
SETTLERS["ticket", "holder_id"] = _settle_person
SETTLERS["ticket", "offered_to_id"] = _settle_person
