"""What the rooms of incidents ask of the store, and what changes them; runs in worker threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.inspection.survey.survey import names_to_hide
from models.operations.envelope import Intent
from models.operations.perform import MOST_IN_A_GROUP, Outcome, perform
from models.operations.roles import WORKERS
from models.tickets.queries import TicketLine
from models.tickets.queries_categories import categories
from models.tickets.queries_incidents import (
    IncidentLine,
    count_incidents,
    one_incident,
    page_incidents,
    suggested_tickets,
    tickets_of_incident,
)
from models.tickets.rules import OPEN
from tui import edge
from tui.desk import Desk
from tui.row_words import category_word
from tui.screens.points.number import building_options
from tui.screens.tickets.incidents_words import incident_row
from tui.screens.tickets.marks import Clock
from tui.screens.tickets.page_store import asked_now
from tui.widgets.picker import Option
from tui.widgets.rows import RowView

LASTING, PAST = "lasting", "past"


@dataclass(frozen=True, slots=True)
class SoughtIncidents:
    """The rows of a tab that hold a text."""

    view: str
    text: str
    _: KW_ONLY
    archived: bool

    def count(self, desk: Desk) -> int:
        with desk.store.read() as session:
            return count_incidents(
                session,
                desk.seat.compound_id,
                text=self.text,
                ended=self.view == PAST,
                archived=self.archived,
            )

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        _, clock = asked_now(desk)
        with desk.store.read() as session:
            lines = page_incidents(
                session,
                desk.seat.compound_id,
                text=self.text,
                ended=self.view == PAST,
                archived=self.archived,
                offset=offset,
                limit=limit,
            )
        return [incident_row(line, clock) for line in lines]


def count_views(desk: Desk) -> dict[str, int]:
    """Count what lasts and what is over."""
    with desk.store.read() as session:
        return {
            view: count_incidents(session, desk.seat.compound_id, ended=view == PAST)
            for view in (LASTING, PAST)
        }


@dataclass(frozen=True, slots=True)
class Choices:
    """What an incident may be about."""

    buildings: tuple[Option, ...]
    kinds: tuple[Option, ...]
    clock: Clock


def choices(desk: Desk) -> Choices:
    """Return the buildings and the kinds of job."""
    _, clock = asked_now(desk)
    with desk.store.read() as session:
        kinds = tuple(
            Option(line.code, category_word(line.code)) for line in categories(session, desk.seat.compound_id)
        )
    return Choices(building_options(desk), kinds, clock)


@dataclass(frozen=True, slots=True)
class Card:
    """An incident with its tickets, and open ones that it may explain; `names` are those that a notice must hide."""

    incident: IncidentLine
    tickets: tuple[TicketLine, ...]
    suggested: tuple[TicketLine, ...]
    names: frozenset[str]
    clock: Clock
    may: bool

    @property
    def open_tickets(self) -> tuple[TicketLine, ...]:
        """Those of its tickets that somebody still has to do."""
        return tuple(line for line in self.tickets if line.state in OPEN)


def look(desk: Desk, incident_id: UUID) -> Card | None:
    """Read an incident with its tickets; None when there is none."""
    asked, clock = asked_now(desk)
    compound_id, may = desk.seat.compound_id, desk.may(WORKERS)
    with desk.store.read() as session:
        incident = one_incident(session, compound_id, incident_id)
        if incident is None:
            return None
        return Card(
            incident,
            tickets_of_incident(session, compound_id, incident_id, asked),
            suggested_tickets(session, compound_id, incident_id, asked) if incident.lasts else (),
            names_to_hide(session, compound_id),
            clock,
            may,
        )


def opening(values: Mapping[str, Any], buildings: Sequence[str]) -> list[Intent]:
    """Return what opens an incident over some buildings."""
    return [
        Intent("incident.open", {"id": str(edge.new_id()), "buildings": list(buildings), **_payload(values)})
    ]


def editing(incident: IncidentLine, values: Mapping[str, Any]) -> list[Intent]:
    """Return what changes an incident, nothing if it stands like that."""
    stands = {
        "name": incident.name,
        "words": incident.words,
        "category": incident.category,
        "expected_at": None if incident.expected_at is None else incident.expected_at.isoformat(),
    }
    wanted = _payload(values)
    new = {name: value for name, value in wanted.items() if value != stands[name]}
    if not new:
        return []
    old = {name: stands[name] for name in new}
    return [Intent("incident.edit", {"incident": str(incident.id), "old": old, "new": new})]


def striking(incident_id: UUID, buildings: Sequence[str], before: Sequence[str]) -> Intent:
    """Return what lets an incident strike these buildings and no others."""
    return Intent(
        "incident.strike",
        {"incident": str(incident_id), "buildings": list(buildings), "before": list(before)},
    )


def _payload(values: Mapping[str, Any]) -> dict[str, Any]:
    expected = values["expected_at"]
    return {
        "name": values["name"],
        "words": values["words"],
        "category": values["category"],
        "expected_at": expected.isoformat() if isinstance(expected, datetime) else None,
    }


def attaching(incident_id: UUID, tickets: Sequence[str]) -> list[Intent]:
    """Return what lets tickets be an incident's."""
    return [
        Intent("ticket.attach", {"id": str(edge.new_id()), "ticket": ticket, "incident": str(incident_id)})
        for ticket in tickets
    ]


def detaching(ticket_id: UUID) -> Intent:
    """Return what takes a ticket out of its incident."""
    return Intent("ticket.detach", {"id": str(edge.new_id()), "ticket": str(ticket_id)})


def finish_all(desk: Desk, tickets: Sequence[str], words: str) -> list[Outcome]:
    """Finish tickets, as many groups as it takes under one batch; what one refuses stops none of the others.

    Somebody may have finished one meanwhile: a group in which that happens is done ticket by ticket.
    """
    batch_id = edge.new_id()
    made: list[Outcome] = []
    for start in range(0, len(tickets), MOST_IN_A_GROUP):
        part = tickets[start : start + MOST_IN_A_GROUP]
        whole = _finish(desk, part, words, batch_id)
        if whole.refused is None or len(part) == 1:
            made.append(whole)
        else:
            made += [_finish(desk, [ticket], words, batch_id) for ticket in part]
    return made


def _finish(desk: Desk, tickets: Sequence[str], words: str, batch_id: UUID) -> Outcome:
    intents = [
        Intent("ticket.finish", {"id": str(edge.new_id()), "ticket": ticket, "words": words})
        for ticket in tickets
    ]
    with desk.store.write() as session:
        return perform(session, intents, desk.acting(), batch_id=batch_id)
