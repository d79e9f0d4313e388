"""What the room of repeats asks of the store, and what it does about them; runs in worker threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from models.operations.envelope import Intent
from models.operations.perform import Outcome, perform
from models.operations.roles import KEEPERS, LEADERS, WORKERS
from models.tickets.between import Ground, checking_walk, ground_under
from models.tickets.codes import next_code
from models.tickets.queries import Asked, TicketLine, View, page_tickets, ruling
from models.tickets.queries_repeats import RepeatLine, repeats
from models.tickets.repeats import Case
from models.tickets.rules import OPEN, Ruling
from tui import edge
from tui.desk import Desk
from tui.screens.tickets.marks import Clock
from tui.screens.tickets.page_store import asked_now

#: As many tickets as one case takes.
MOST_IN_A_CASE = 100


@dataclass(frozen=True, slots=True)
class Alarms:
    """Everything the room shows; `leads` tells who may set the thresholds."""

    lines: tuple[RepeatLine, ...]
    ruling: Ruling
    clock: Clock
    works: bool
    leads: bool

    def line(self, key: str | None) -> RepeatLine | None:
        """Return a repeat by its key."""
        return next((line for line in self.lines if line.key == key), None)


@dataclass(frozen=True, slots=True)
class Beneath:
    """What there is to say of one repeat: its tickets, and the ground under it."""

    key: str
    tickets: tuple[TicketLine, ...]
    ground: Ground


def look(desk: Desk) -> Alarms:
    """Return the faults that come again."""
    asked, clock = asked_now(desk)
    compound_id = desk.seat.compound_id
    works, leads = desk.may(WORKERS), desk.may(LEADERS)
    with desk.store.read() as session:
        found = repeats(session, compound_id, now=asked.now, today=asked.today)
        return Alarms(found, ruling(session, compound_id), clock, works, leads)


def look_beneath(desk: Desk, line: RepeatLine) -> Beneath:
    """Return a repeat's tickets, and what the ground says."""
    asked, _ = asked_now(desk)
    compound_id = desk.seat.compound_id
    ids = frozenset(report.id for report in line.repeat.reports)
    with desk.store.read() as session:
        every = Asked(now=asked.now, today=asked.today, view=View.ALL, only=ids)
        tickets = page_tickets(session, compound_id, every, limit=len(ids))
        return Beneath(line.key, tickets, ground_under(session, compound_id, [line]))


def fresh_of(line: RepeatLine, tickets: Sequence[TicketLine]) -> tuple[TicketLine, ...]:
    """Return the open tickets that came after the repeat's case was opened and are not in it; none once it has ended."""
    case = line.repeat.case
    if case is None or case.state not in OPEN:
        return ()
    return tuple(
        ticket
        for ticket in tickets
        if ticket.state in OPEN and ticket.opened_at > case.opened_at and ticket.parent_id != case.id
    )


def joining(case: Case, tickets: Sequence[TicketLine]) -> list[Intent]:
    """Return what lets tickets be one with a case that stands."""
    return [
        Intent("ticket.join", {"id": str(edge.new_id()), "ticket": str(ticket.id), "into": str(case.id)})
        for ticket in tickets
    ]


def open_case(desk: Desk, tickets: Sequence[str], what: str, *, join: bool) -> tuple[Outcome, str]:
    """Open a case over tickets; returns the code it was given."""
    with desk.store.write() as session:
        code = next_code(session, desk.seat.compound_id)
        payload = {
            "id": str(edge.new_id()),
            "code": code,
            "what": what,
            "tickets": list(tickets),
            "join": join,
        }
        return perform(session, [Intent("ticket.gather", payload)], desk.acting()), code


@dataclass(frozen=True, slots=True)
class Begun:
    """A walk that was begun over the wells between; without an outcome there was nothing to walk over."""

    outcome: Outcome | None
    walk_id: UUID | None
    wells: tuple[str, ...]
    routed: bool


def begin_walk(desk: Desk, lines: Sequence[RepeatLine], *, route: str, walk: str) -> Begun:
    """Begin a walk over the wells between some repeats: its route and the walk are one group."""
    compound_id, may = desk.seat.compound_id, desk.may(KEEPERS)
    with desk.store.read() as session:
        ground = ground_under(session, compound_id, lines)
        codes = tuple(well.code for well in ground.wells)
        if not codes:
            return Begun(None, None, (), routed=may)
        checking = checking_walk(
            session,
            compound_id,
            [well.point_id for well in ground.wells],
            route=route,
            walk=walk,
            may_add_routes=may,
            new_id=edge.new_id,
        )
    return Begun(desk.perform(*checking.intents), checking.walk_id, codes, routed=may)
