"""What the moves of a ticket ask the store: who can do it, what is near, what it may be linked with."""

from __future__ import annotations

from models.community import queries as register
from models.operations.roles import WORKERS
from models.tickets.queries import TicketLine
from models.tickets.queries_categories import categories
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import listed, role_word
from tui.widgets.picker import Option


def workers(desk: Desk, ticket: TicketLine) -> tuple[Option, ...]:
    """Return those who do work here, by name; those on the job first."""
    on_it = {hand.person_id for hand in ticket.hands}
    people = _people(desk)
    notes = {one.id: listed([role_word(role) for role in one.roles]) for one in people}
    options = [Option(str(one.id), one.name, notes[one.id], one.search) for one in people]
    here = {str(one) for one in on_it}
    return tuple(sorted(options, key=lambda option: option.id not in here))


def hands_first(desk: Desk, ticket: TicketLine) -> tuple[Option, ...]:
    """Return who may be given a job: those of its team first, then those with the skill it wants, then the others."""
    today = desk.today()
    on_it = {hand.person_id for hand in ticket.hands}
    with desk.store.read() as session:
        compound_id = desk.seat.compound_id
        kinds = {line.code: line for line in categories(session, compound_id)}
        teams = register.teams(session, compound_id, today=today)
        kind = kinds.get(ticket.category)
        team_id = ticket.team_id or (kind.team_id if kind is not None else None)
        skill = kind.skill if kind is not None else ""
        lines = (
            register.page_people(session, compound_id, today=today, text=skill, limit=500) if skill else ()
        )
    members = {member.person_id for team in teams if team.id == team_id for member in team.members}
    skilled = {line.id for line in lines if skill in line.skills}

    def rank(person: register.PersonOption) -> int:
        return 0 if person.id in members else 1 if person.id in skilled else 2

    def note(person: register.PersonOption) -> str:
        parts = [
            t("ticket_move.of_team", team=ticket.team) if person.id in members and ticket.team else "",
            skill if person.id in skilled else "",
            listed([role_word(role) for role in person.roles]),
        ]
        return " · ".join(part for part in parts if part)

    people = sorted((one for one in _people(desk) if one.id not in on_it), key=rank)
    return tuple(Option(str(one.id), one.name, note(one), one.search) for one in people)


def _people(desk: Desk) -> tuple[register.PersonOption, ...]:
    with desk.store.read() as session:
        people = register.people_for_picker(session, desk.seat.compound_id, today=desk.today())
    return tuple(one for one in people if set(one.roles) & WORKERS)
