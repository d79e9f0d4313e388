"""What the page of a ticket asks the store: the ticket with its story, who looks, and what is in dispute."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from models.community import queries as register
from models.operations.pending import ConflictView, conflicts
from models.operations.roles import KEEPERS
from models.tickets.queries import Asked, TicketLine, ruling
from models.tickets.queries_story import TicketStory, ticket_story
from models.tickets.rules import Ruling
from tui import edge
from tui.desk import Desk
from tui.row_words import ids_in, names_of
from tui.screens.tickets.marks import Clock


@dataclass(frozen=True, slots=True)
class Page:
    """A ticket as one person sees it at a moment.

    `me` is who acts, None before the first person is named. `keeper` tells that
    they may decide over others' questions. `phones` are the requester's as the register knows them, `disputes` the
    open conflicts over this ticket, `names` what the ids in them stand for.
    """

    story: TicketStory
    clock: Clock
    me: UUID | None
    keeper: bool
    ruling: Ruling
    phones: tuple[str, ...]
    disputes: tuple[ConflictView, ...]
    names: dict[UUID, str]

    @property
    def ticket(self) -> TicketLine:
        return self.story.ticket

    @property
    def on_it(self) -> bool:
        """Whether who looks is one of those who do the job."""
        return any(hand.person_id == self.me for hand in self.ticket.hands)

    @property
    def may_decide(self) -> bool:
        """Whether who looks may assign, reject, cancel, close and hand the baton over."""
        mine = self.me is not None and self.ticket.holder_id == self.me
        return self.me is None or self.keeper or mine


def asked_now(desk: Desk) -> tuple[Asked, Clock]:
    """Return the moment at which the desk asks."""
    clock = Clock(edge.clock(), ZoneInfo(desk.seat.zone))
    return Asked(now=clock.now, today=clock.today, person_id=desk.seat.person_id), clock


def look(desk: Desk, ticket_id: UUID) -> Page | None:
    """Read a ticket with its whole story; None when there is none."""
    seat = desk.seat
    asked, clock = asked_now(desk)
    with desk.store.read() as session:
        story = ticket_story(session, seat.compound_id, ticket_id, asked)
        if story is None:
            return None
        open_here = tuple(
            one
            for one in conflicts(session, seat.compound_id)
            if one.table == "ticket" and one.row_id == ticket_id
        )
        wanted = [found for one in open_here for value in (one.kept, one.lost) for found in ids_in(value)]
        people: dict[UUID | None, register.PersonCard | None] = {
            one: register.person_card(session, seat.compound_id, one, today=clock.today)
            for one in {seat.person_id, story.ticket.requester_id}
            if one is not None
        }
        me, asker = people.get(seat.person_id), people.get(story.ticket.requester_id)
        return Page(
            story=story,
            clock=clock,
            me=seat.person_id,
            keeper=me is not None and any(term.current and term.role in KEEPERS for term in me.roles),
            ruling=ruling(session, seat.compound_id),
            phones=(story.ticket.phone,) if story.ticket.phone else asker.phones if asker else (),
            disputes=open_here,
            names=names_of(session, seat.compound_id, wanted),
        )
