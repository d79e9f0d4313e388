"""Hours and balances on paper and as tables, for the command line and for screens. Loads no Textual.

`write_*` put a file beside the user's documents, where whatever is there stays, and return its path; they raise
CannotWrite. They read the store and wait for the disk: a screen asks them as a question.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from models.community.tables import Person
from models.duty.hours import Hours
from models.duty.queries_balances import balances
from models.duty.queries_hours import hours
from models.files.writing import write_table
from tui import duty_tables as tables
from tui import edge
from tui.desk import Desk
from tui.documents import documents, free_path, write_text
from tui.duty_papers import name_of
from tui.i18n import t
from tui.paper.duty_certificate import Certificate, certificate_page
from tui.paper.duty_hours import hours_page
from tui.paper.own_words import words_for_print


def given_hours(desk: Desk, first: date, last: date, person_id: UUID | None = None) -> Hours:
    """Return the hours given on some days, of all or of one person."""
    with desk.store.read() as session:
        return hours(session, desk.seat.compound_id, first, last, now=edge.clock(), person_id=person_id)


def hours_html(desk: Desk, given: Hours, *, masked: bool = False) -> str:
    """Return hours as a page."""
    (head, foot), made_at = words_for_print(desk), edge.clock().astimezone(ZoneInfo(desk.seat.zone))
    return hours_page(given, desk.seat.compound, made_at=made_at, masked=masked, head=head, foot=foot)


def _hours_name(desk: Desk, given: Hours) -> str:
    return f"{t('hours.title', compound=desk.seat.compound)}_{given.first}_{given.last}"


def write_hours(desk: Desk, first: date, last: date) -> Path:
    """Write hours as a page."""
    given = given_hours(desk, first, last)
    return write_text(documents(), _hours_name(desk, given), ".html", hours_html(desk, given))


def write_hours_table(desk: Desk, first: date, last: date) -> Path:
    """Write hours as a spreadsheet."""
    given = given_hours(desk, first, last)
    table, path = tables.hours_table(given), free_path(documents(), _hours_name(desk, given), ".xlsx")
    write_table(path, "xlsx", table.header, table.rows)
    return path


def write_balances(desk: Desk) -> Path:
    """Write what everybody owes as a spreadsheet."""
    today = desk.today()
    with desk.store.read() as session:
        lines = balances(session, desk.seat.compound_id, today=today, now=edge.clock())
    table = tables.balances_table(lines)
    name = f"{t('hours.balance.title')}_{desk.seat.compound}_{today}"
    path = free_path(documents(), name, ".xlsx")
    write_table(path, "xlsx", table.header, table.rows)
    return path


def certificate_html(desk: Desk, person_id: UUID, first: date, last: date) -> tuple[str, str]:
    """Return somebody's certificate of hours as a page, and what it is called."""
    seat, (head, foot) = desk.seat, words_for_print(desk)
    with desk.store.read() as session:
        person = name_of(session, Person, seat.compound_id, person_id)
        given = hours(session, seat.compound_id, first, last, now=edge.clock(), person_id=person_id)
    made = Certificate(seat.compound, person, given, desk.today())
    name = f"{t('paper.certificate.named', person=person)}_{first}_{last}"
    return certificate_page(made, head=head, foot=foot), name


def write_certificate(desk: Desk, person_id: UUID, first: date, last: date) -> Path:
    """Write somebody's certificate of hours, to be printed, stamped and signed."""
    drawn, name = certificate_html(desk, person_id, first, last)
    return write_text(documents(), name, ".html", drawn)
