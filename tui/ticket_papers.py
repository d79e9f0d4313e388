"""Tickets on paper and in the chat group, for the command line and for screens: read, drawn, written. Loads no Textual.

`write_*` put a page beside the user's documents, where whatever is there stays, and return its path; they raise
CannotWrite. They read the store and wait for the disk: a screen asks them as a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.community.exporting import may_see_phones
from models.files.writing import write_table
from models.inspection.survey.survey import names_to_hide
from models.problems import Problem
from models.tickets.periods import Period, period
from models.tickets.queries import Asked, TicketLine, View, one_ticket, page_tickets
from models.tickets.queries_asking import household_there, person_there
from models.tickets.queries_boards import building_help
from models.tickets.queries_categories import categories
from models.tickets.queries_figures import report
from models.tickets.queries_story import EVENT, event_lines
from models.tickets.rules import EventKind
from tui import edge
from tui.desk import Desk, DeskError
from tui.documents import documents, free_path, write_text
from tui.figures_out import figures_table
from tui.i18n import t
from tui.paper.contact_board import Board, contact_board
from tui.paper.own_words import words_for_print
from tui.paper.ticket_card import Card, cards_page
from tui.paper.ticket_figures import figures_page
from tui.paper.ticket_jobs import jobs_page
from tui.paper.ticket_text import jobs_text, ticket_text
from tui.row_words import building_word

#: A board that nobody reads to its end helps nobody.
MOST_JOBS: Final = 200


def asked_now(desk: Desk, view: View = View.OPEN) -> Asked:
    """Return the moment at which the desk asks."""
    return Asked(now=edge.clock(), today=desk.today(), view=view, person_id=desk.seat.person_id)


# -- cards -----------------------------------------------------------------------------


def write_card(desk: Desk, ticket_ids: Sequence[UUID]) -> Path:
    """Write the cards of tickets, two to a sheet, in the order they are named."""
    drawn = card_html(desk, ticket_ids)
    with desk.store.read() as session:
        lines = _lines(desk, session, ticket_ids[:1])
    name = t("paper.card.title", codes=lines[0].code)
    return write_text(documents(), name, ".html", drawn)


def card_html(desk: Desk, ticket_ids: Sequence[UUID]) -> str:
    """Return the cards as a page. Raises DeskError where there is no such ticket."""
    seat, (head, foot) = desk.seat, words_for_print(desk)
    with desk.store.read() as session:
        lines = _lines(desk, session, ticket_ids)
        whole = may_see_phones(session, seat.compound_id, seat.person_id, today=desk.today())
        cards = [_card(desk, session, line, register=whole) for line in lines]
    return cards_page(cards, seat.compound, zone=ZoneInfo(seat.zone), head=head, foot=foot)


def _lines(desk: Desk, session: Session, ticket_ids: Iterable[UUID]) -> list[TicketLine]:
    asked = asked_now(desk)
    found = [one_ticket(session, desk.seat.compound_id, one, asked) for one in dict.fromkeys(ticket_ids)]
    lines = [line for line in found if line is not None]
    if not lines or len(lines) < len(found):
        raise DeskError(Problem("ticket.none"))
    return lines


def _card(desk: Desk, session: Session, line: TicketLine, *, register: bool) -> Card:
    """Return what a card tells. The register's phones are for whoever keeps it; those given with the ticket are for its doer."""
    reopened = (
        event_lines(
            session,
            desk.seat.compound_id,
            EVENT.c.ticket_id == line.id,
            EVENT.c.kind == EventKind.REOPEN.value,
            EVENT.c.archived.is_(False),
        )
        if line.reopened
        else ()
    )
    phones = (line.phone,) if line.phone else _registered(desk, session, line) if register else ()
    return Card(line, phones, reopened[-1].words if reopened else "")


def _registered(desk: Desk, session: Session, line: TicketLine) -> tuple[str, ...]:
    compound_id, today = desk.seat.compound_id, desk.today()
    if line.requester_id is not None:
        person = person_there(session, compound_id, line.requester_id, today=today)
        return () if person is None else person.phones
    if line.household_id is None or line.requester:
        return ()
    home = household_there(session, compound_id, line.household_id, today=today)
    return () if home is None else tuple(phone for one in home.people for phone in one.phones[:1])


# -- what hangs on a wall ------------------------------------------------------------------


def write_contact_board(desk: Desk, building_id: UUID, phones: bool = False) -> Path:  # noqa: FBT001, FBT002 - as it is spoken of
    """Write the contact board of a building; phones of volunteers stand on it only if they are asked for."""
    drawn, name = board_html(desk, building_id, phones=phones)
    return write_text(documents(), name, ".html", drawn)


def board_html(desk: Desk, building_id: UUID, *, phones: bool = False) -> tuple[str, str]:
    """Return the contact board as a page, and what it is called. Raises DeskError where there is no such building."""
    seat, today, (head, foot) = desk.seat, desk.today(), words_for_print(desk)
    since, until = period(Period.MONTH, today, back=1)
    with desk.store.read() as session:
        found = building_help(session, seat.compound_id, building_id, today=today)
        if found is None:
            raise DeskError(Problem("ticket.no_building"))
        figures = report(
            session, seat.compound_id, asked_now(desk), since, until, building_id=building_id
        ).total
        kinds = categories(session, seat.compound_id)
    board = Board(seat.compound, found, kinds, since, figures)
    name = t("paper.contact.title", building=building_word(found.code))
    return contact_board(board, phones=phones, head=head, foot=foot), name


def write_open_jobs(desk: Desk) -> Path:
    """Write the list of open jobs for the notice board."""
    name = f"{t('paper.jobs.title', compound=desk.seat.compound)}_{desk.today()}"
    return write_text(documents(), name, ".html", jobs_html(desk))


def jobs_html(desk: Desk) -> str:
    """Return the list of open jobs as a page without names."""
    seat, (head, foot) = desk.seat, words_for_print(desk)
    lines, names = _open(desk)
    now = edge.clock().astimezone(ZoneInfo(seat.zone))
    return jobs_page(lines, seat.compound, now=now, names=names, head=head, foot=foot)


def _open(desk: Desk) -> tuple[tuple[TicketLine, ...], frozenset[str]]:
    with desk.store.read() as session:
        lines = page_tickets(session, desk.seat.compound_id, asked_now(desk), limit=MOST_JOBS)
        return lines, names_to_hide(session, desk.seat.compound_id)


# -- figures -----------------------------------------------------------------------------


def write_figures(desk: Desk, since: date, until: date) -> Path:
    """Write the figures of the days from `since` up to but not including `until` as a page."""
    drawn = figures_html(desk, since, until)
    return write_text(documents(), _figures_name(desk, since, until), ".html", drawn)


def write_figures_table(desk: Desk, since: date, until: date) -> Path:
    """Write the same figures as a spreadsheet."""
    with desk.store.read() as session:
        counted = report(session, desk.seat.compound_id, asked_now(desk), since, until)
    table = figures_table(counted)
    path = free_path(documents(), _figures_name(desk, since, until), ".xlsx")
    write_table(path, "xlsx", table.header, table.rows)
    return path


def _figures_name(desk: Desk, since: date, until: date) -> str:
    return f"{t('figures.title', compound=desk.seat.compound)}_{since}_{until - timedelta(days=1)}"


def figures_html(desk: Desk, since: date, until: date) -> str:
    """Return the figures as a page without names."""
    seat, (head, foot) = desk.seat, words_for_print(desk)
    asked = asked_now(desk)
    with desk.store.read() as session:
        counted = report(session, seat.compound_id, asked, since, until)
    made_at = asked.now.astimezone(ZoneInfo(seat.zone))
    return figures_page(counted, seat.compound, made_at=made_at, head=head, foot=foot)


# -- for the chat group ----------------------------------------------------------------------


def ticket_chat(desk: Desk, ticket_id: UUID) -> str:
    """Return one ticket as text for the chat group, masked. Raises DeskError where there is none."""
    with desk.store.read() as session:
        (line,) = _lines(desk, session, [ticket_id])
        names = names_to_hide(session, desk.seat.compound_id)
    return ticket_text(line, zone=ZoneInfo(desk.seat.zone), names=names)


def jobs_chat(desk: Desk, lines: Sequence[TicketLine] | None = None) -> str:
    """Return jobs as text for the chat group, masked: those given, else all that are open."""
    found, names = _open(desk)
    shown = found if lines is None else lines
    return jobs_text(shown, desk.seat.compound, zone=ZoneInfo(desk.seat.zone), names=names)
