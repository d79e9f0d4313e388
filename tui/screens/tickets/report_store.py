"""What the report room asks of the store and changes in it; runs in worker threads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from models.operations.drafts import drop_draft, load_draft
from models.operations.envelope import Intent
from models.operations.perform import Outcome, perform
from models.tickets.codes import next_code
from models.tickets.queries import TICKET
from models.tickets.queries_asking import (
    Asking,
    asking,
    building_there,
    household_there,
    person_there,
    point_place,
)
from models.tickets.queries_categories import CategoryLine, categories
from models.tickets.queries_near import IncidentThere, NearTicket, incidents_there, near
from tui import edge
from tui.desk import Desk
from tui.screens.register.fields import note_to_line
from tui.screens.tickets.report_state import Slip

#: What the drafts of this room are called: this, and what it was entered for.
DRAFTS = "ticket_report:"


@dataclass(frozen=True, slots=True)
class Given:
    """What the room was entered with."""

    household_id: UUID | None = None
    person_id: UUID | None = None
    point_id: UUID | None = None
    building_id: UUID | None = None
    observation_id: UUID | None = None
    text: str = ""

    @property
    def draft(self) -> str:
        """The name of its draft: a report from somebody's card is another than one begun at the desk."""
        ids = (self.observation_id, self.household_id, self.person_id, self.point_id, self.building_id)
        return DRAFTS + next((one.hex for one in ids if one is not None), "")


@dataclass(frozen=True, slots=True)
class Begun:
    """A report as it is taken up. `restored` tells that it was half-typed before."""

    slip: Slip
    categories: tuple[CategoryLine, ...]
    recorder_id: UUID
    recorder: str
    zone: ZoneInfo
    restored: bool


@dataclass(frozen=True, slots=True)
class Nearby:
    """What stands near to a report: tickets that may ask the same, and incidents that strike there."""

    tickets: tuple[NearTicket, ...] = ()
    incidents: tuple[IncidentThere, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was saved, or refused. `into` is the code of the ticket it goes on in, `page_id` the one to open."""

    outcome: Outcome
    ticket_id: UUID
    page_id: UUID
    code: str = ""
    into: str = ""


def begin(desk: Desk, given: Given) -> Begun:
    """Return the report that was left half-typed, else one with what the room was entered with."""
    seat = desk.seat
    with desk.store.read() as session:
        kept = load_draft(session, seat.compound_id, given.draft)
        kinds = categories(session, seat.compound_id)
    slip = first_slip(desk, given) if kept is None else Slip.from_kept(kept)
    return Begun(
        slip,
        kinds,
        seat.person_id or seat.compound_id,
        seat.person,
        ZoneInfo(seat.zone),
        restored=kept is not None,
    )


def first_slip(desk: Desk, given: Given) -> Slip:
    """Return a slip that says what the room was entered with."""
    from tui.screens.tickets.from_point import seen_slip

    compound_id, today = desk.seat.compound_id, desk.today()
    slip = Slip()
    with desk.store.read() as session:
        if given.observation_id is not None:
            slip = seen_slip(session, compound_id, given.observation_id) or slip
        if given.household_id is not None:
            home = household_there(session, compound_id, given.household_id, today=today)
            slip = slip if home is None else slip.at_home(home.home)
        elif given.building_id is not None:
            building = building_there(session, compound_id, given.building_id)
            slip = slip if building is None else slip.at_building(building)
        elif given.point_id is not None and slip.point_id is None:
            point = point_place(session, compound_id, given.point_id)
            slip = slip if point is None else slip.at_point(given.point_id, point[0])
        if given.person_id is not None:
            person = person_there(session, compound_id, given.person_id, today=today)
            slip = slip if person is None else slip.by(person)
    return replace(slip, what=note_to_line(given.text)) if given.text else slip


def search(desk: Desk, text: str) -> Asking:
    """Return who and what a text may mean."""
    with desk.store.read() as session:
        return asking(session, desk.seat.compound_id, text, today=desk.today())


def nearby(desk: Desk, slip: Slip, category: str) -> Nearby:
    """Return what stands near to a report."""
    now, compound_id = edge.clock(), desk.seat.compound_id
    if not slip.has_where and not slip.what.strip():
        return Nearby()
    with desk.store.read() as session:
        return Nearby(
            near(
                session,
                compound_id,
                now=now,
                today=desk.today(),
                text=slip.what,
                category=category,
                household_id=slip.household_id,
                building_id=slip.building_id,
                point_id=slip.point_id,
                place=slip.place,
            ),
            incidents_there(
                session,
                compound_id,
                now=now,
                category=category,
                household_id=slip.household_id,
                building_id=slip.building_id,
                point_id=slip.point_id,
            ),
        )


def print_card(desk: Desk, ticket_id: UUID) -> Path:
    """Write the card that the doer takes along, and return where it lies."""
    from tui.ticket_papers import write_card

    return write_card(desk, [ticket_id])


def report(desk: Desk, slip: Slip, category: str, draft: str, into: NearTicket | None = None) -> Made:
    """Save a report and forget its draft, in one transaction: a crash keeps the one or the other.

    With `into` it goes on in that ticket, in the same group.
    """
    ticket_id = edge.new_id()
    compound_id = desk.seat.compound_id
    with desk.store.write() as session:
        code = next_code(session, compound_id)
        intents = [Intent("ticket.report", slip.payload(ticket_id, code, category), doer_id=slip.doer_id)]
        if into is not None:
            join = {"id": str(edge.new_id()), "ticket": str(ticket_id), "into": str(into.ticket.id)}
            intents.append(Intent("ticket.join", join, doer_id=slip.doer_id))
        outcome = perform(session, intents, desk.acting())
        if outcome.refused is not None:
            return Made(outcome, ticket_id, ticket_id)
        drop_draft(session, compound_id, draft)
        named = select(TICKET.c.code).where(TICKET.c.compound_id == compound_id, TICKET.c.id == ticket_id)
        given = str(session.connection().execute(named).scalar_one())
    if into is None:
        return Made(outcome, ticket_id, ticket_id, given)
    return Made(outcome, ticket_id, into.ticket.id, given, into.ticket.code)
