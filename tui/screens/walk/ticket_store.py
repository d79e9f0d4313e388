"""Tickets from a walk, as the store has them: what is open at its points, and the key that raises one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from models.operations.drafts import drop_draft
from models.operations.envelope import Intent
from models.operations.perform import Outcome, perform
from models.tickets.codes import next_code
from models.tickets.queries_rechecks import PointTicket, Recheck, open_at, rechecks
from tui import edge
from tui.desk import Desk
from tui.screens.tickets.report_state import Slip


@dataclass(frozen=True, slots=True)
class PointTickets:
    """The open tickets at each point, and the job whose point shall be looked at again."""

    open: Mapping[UUID, tuple[PointTicket, ...]] = field(default_factory=dict)
    again: Mapping[UUID, Recheck] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raised:
    """What became of the key: a new ticket, or one more observation for the ticket that is there already."""

    outcome: Outcome
    code: str
    is_new: bool


def look(desk: Desk, points: Sequence[UUID]) -> PointTickets:
    """Return what tickets say about these points."""
    compound_id = desk.seat.compound_id
    with desk.store.read() as session:
        again = {one.point_id: one for one in rechecks(session, compound_id, now=edge.clock())}
        return PointTickets(open_at(session, compound_id, points), again)


def due_again(desk: Desk) -> tuple[Recheck, ...]:
    """Return the points to look at again, each once."""
    with desk.store.read() as session:
        found = rechecks(session, desk.seat.compound_id, now=edge.clock())
    return tuple({one.point_id: one for one in found}.values())


def raise_ticket(
    desk: Desk,
    slip: Slip,
    *,
    observing: Intent | None,
    standing: PointTicket | None,
    doer_id: UUID,
    subject: str,
) -> Raised:
    """Record what is on the card, if anything is, and report it, as one group; its draft goes in the same transaction.

    Where a ticket stands at the point already, the observation is added to that.
    """
    compound_id = desk.seat.compound_id
    with desk.store.write() as session:
        intents = [] if observing is None else [observing]
        if standing is None:
            code = next_code(session, compound_id)
            payload = slip.payload(edge.new_id(), code, slip.category)
            intents.append(Intent("ticket.report", payload, doer_id=doer_id))
        else:
            code = standing.code
            link = {
                "id": str(edge.new_id()),
                "ticket": str(standing.id),
                "observation": str(slip.observation_id),
            }
            intents.append(Intent("ticket.link", link, doer_id=doer_id))
        outcome = perform(session, intents, desk.acting())
        if outcome.refused is None and observing is not None:
            drop_draft(session, compound_id, subject)
    return Raised(outcome, code, standing is None)
