"""Duty on paper, in calendars, as tables and in the chat group, for the command line and for screens. Loads no Textual.

`write_*` put a file beside the user's documents, where whatever is there stays, and return its path; they raise
CannotWrite. They read the store and wait for the disk: a screen asks them as a question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.community.tables import Person
from models.duty.calendar import Calendar, DayName
from models.duty.ics import Event, calendar_of
from models.duty.queries import ShiftLine, shifts_between
from models.duty.queries_balances import balances
from models.duty.queries_calendar import calendar_around
from models.duty.queries_export import Dated, came_between, shifts_of_person, shifts_of_post
from models.duty.queries_hours import hours
from models.duty.queries_setup import posts
from models.duty.tables import Post
from models.files.tabling import SheetTable
from models.files.writing import write_book, write_whole
from models.problems import Problem
from models.text import mask_name
from tui import duty_tables as tables
from tui import edge
from tui.desk import Desk, DeskError
from tui.documents import documents, free_path, write_text
from tui.duty_words import points_text
from tui.i18n import has, t
from tui.paper.duty_roster import RosterSheet, SheetDay, roster_page, sheet_title
from tui.paper.duty_text import gaps_text, roster_text, today_text
from tui.paper.own_words import words_for_print
from tui.row_words import listed

#: So long after it was to be, a shift that was called off is still told to calendars; they have it until then.
_BACK: Final = timedelta(days=90)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days on end, both included, and what of them is wanted.

    `drafts` wants what is not published as well; `post_id` the shifts of one post; `masked` names by their surname.
    """

    first: date
    last: date
    masked: bool = False
    drafts: bool = False
    post_id: UUID | None = None


def _zone(desk: Desk) -> ZoneInfo:
    return ZoneInfo(desk.seat.zone)


def _lines(desk: Desk, session: Session, span: Span) -> tuple[ShiftLine, ...]:
    return shifts_between(
        session,
        desk.seat.compound_id,
        span.first,
        span.last,
        now=edge.clock(),
        drafts=span.drafts,
        post_id=span.post_id,
    )


def _days(span: Span, calendar: Calendar) -> tuple[SheetDay, ...]:
    every = [span.first + n * _DAY for n in range((span.last - span.first).days + 1)]
    return tuple(
        SheetDay(day, holiday_word(calendar.name(day)), free=not calendar.works(day)) for day in every
    )


def holiday_word(name: str) -> str:
    """Return what a day off is called; a compound's own words stay as they are."""
    key = f"duty.holiday.{name}"
    return t(key) if name in set(DayName) and has(key) else name


def name_of(session: Session, model: type[Person | Post], compound_id: UUID, row_id: UUID) -> str:
    """Return the name of a person or a post. Raises DeskError where there is none."""
    row: Any = session.get(model, (compound_id, row_id))
    if row is None:
        raise DeskError(Problem("duty.no_person" if model is Person else "duty.no_post"))
    return str(row.name)


def _posts(session: Session, compound_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """Return every post in the order in which shifts of one time come."""
    found = sorted(posts(session, compound_id, archived=True), key=lambda post: (post.position, post.name))
    return tuple((post.id, post.name) for post in found)


# -- the roster on paper -------------------------------------------------------------------


def roster_html(desk: Desk, span: Span) -> str:
    """Return the sheet for the wall as a page."""
    seat, (head, foot) = desk.seat, words_for_print(desk)
    with desk.store.read() as session:
        lines = _lines(desk, session, span)
        calendar = calendar_around(session, seat.compound_id, span.first, span.last)
        order = tuple(post for post, _ in _posts(session, seat.compound_id))
    sheet = RosterSheet(
        compound=seat.compound,
        days=_days(span, calendar),
        lines=lines,
        posts=order,
        zone=_zone(desk),
        printed_at=edge.clock().astimezone(_zone(desk)),
        drafts=span.drafts and any(_unpublished(line) for line in lines),
        masked=span.masked,
    )
    return roster_page(sheet, head=head, foot=foot)


def _unpublished(line: ShiftLine) -> bool:
    return line.state == "draft" or any(one.state == "draft" or one.leaving for one in line.people)


def write_roster(desk: Desk, span: Span) -> Path:
    """Write the sheet for the wall."""
    drawn = roster_html(desk, span)
    return write_text(documents(), sheet_title(desk.seat.compound, span.first, span.last), ".html", drawn)


# -- for the chat group ----------------------------------------------------------------------


def roster_chat(desk: Desk, span: Span) -> str:
    """Return who is on as text for the chat group, masked."""
    with desk.store.read() as session:
        lines = _lines(desk, session, span)
    return roster_text(lines, desk.seat.compound, span.first, span.last, zone=_zone(desk))


def gaps_chat(desk: Desk, span: Span) -> str:
    """Return the published shifts that lack somebody and have not begun."""
    now = edge.clock()
    with desk.store.read() as session:
        lines = [line for line in _lines(desk, session, span) if line.starts_at > now]
    return gaps_text(lines, desk.seat.compound, zone=_zone(desk))


def today_chat(desk: Desk) -> str:
    """Return who is on today, and who is there, masked."""
    today = desk.today()
    with desk.store.read() as session:
        lines = _lines(desk, session, Span(today, today))
    return today_text(lines, desk.seat.compound, today, zone=_zone(desk))


# -- calendars -------------------------------------------------------------------------------


def calendar_of_person(desk: Desk, person_id: UUID, *, masked: bool = False) -> tuple[str, bytes]:
    """Return somebody's shifts as an iCalendar file, and its name: those ahead, of the last 90 days, and called off."""
    seat, now = desk.seat, edge.clock()
    with desk.store.read() as session:
        person = name_of(session, Person, seat.compound_id, person_id)
        dated = shifts_of_person(session, seat.compound_id, person_id, since=now - _BACK)
    name = mask_name(person) if masked else person
    return _calendar(
        desk, t("duty_ics.person", person=name, compound=seat.compound), dated, now, masked=masked
    )


def calendar_of_post(desk: Desk, post_id: UUID, *, masked: bool = False) -> tuple[str, bytes]:
    """Return a post's shifts as an iCalendar file with who is on them, and its name."""
    seat, now = desk.seat, edge.clock()
    with desk.store.read() as session:
        post = name_of(session, Post, seat.compound_id, post_id)
        dated = shifts_of_post(session, seat.compound_id, post_id, since=now - _BACK)
    return _calendar(desk, t("duty_ics.post", post=post, compound=seat.compound), dated, now, masked=masked)


def write_calendar(desk: Desk, *, person_id: UUID | None = None, post_id: UUID | None = None) -> Path:
    """Write the calendar of a person, or of a post."""
    if person_id is not None:
        name, content = calendar_of_person(desk, person_id)
    elif post_id is not None:
        name, content = calendar_of_post(desk, post_id)
    else:
        raise ValueError("a calendar is somebody's or a post's")
    path = free_path(documents(), name, ".ics")
    write_whole(path, content)
    return path


def _calendar(
    desk: Desk, name: str, dated: Iterable[Dated], now: datetime, *, masked: bool
) -> tuple[str, bytes]:
    events = [_event(one, now, masked=masked) for one in dated]
    return name, calendar_of(events, name=name, zone=_zone(desk), stamp=now)


def _event(one: Dated, now: datetime, *, masked: bool) -> Event:
    names = [mask_name(name) if masked else name for name in one.others]
    what = " ".join(part for part in (one.post, one.name) if part)
    if one.person_id is None:
        uid, people = one.shift_id.hex, t("duty_ics.people", names=listed(names) or t("duty_ics.nobody"))
    else:
        uid = f"{one.shift_id.hex}-{one.person_id.hex}"
        people = t("duty_ics.others", names=listed(names)) if names else ""
    told = (people, t("duty_ics.points", n=points_text(one.points)) if one.points else "", one.note)
    return Event(
        uid=f"{uid}@linli",
        sequence=one.sequence,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        summary=t("duty_ics.gone", what=what) if one.gone else what,
        description="\n".join(part for part in told if part and not one.gone),
        location=one.place,
        cancelled=one.gone,
        updated_at=now,
    )


# -- tables ------------------------------------------------------------------------------------


def book(desk: Desk, span: Span) -> tuple[tuple[str, SheetTable], ...]:
    """Return the tables of some days, each with the name of its sheet: roster, places, who came, hours, balances."""
    compound_id, now, zone = desk.seat.compound_id, edge.clock(), _zone(desk)
    with desk.store.read() as session:
        lines = _lines(desk, session, span)
        calendar = calendar_around(session, compound_id, span.first, span.last)
        columns = _posts(session, compound_id)
        came = came_between(session, compound_id, span.first, span.last)
        given = hours(session, compound_id, span.first, span.last, now=now)
        owed = balances(session, compound_id, today=desk.today(), now=now)
    masked = span.masked
    made = (
        ("roster", tables.roster_table(_days(span, calendar), lines, columns, zone=zone, masked=masked)),
        ("places", tables.places_table(lines, zone=zone, masked=masked)),
        ("came", tables.came_table(came, zone=zone, masked=masked)),
        ("hours", tables.hours_table(given, masked=masked)),
        ("balances", tables.balances_table(owed, masked=masked)),
    )
    return tuple((t(f"duty_out.{name}"), table) for name, table in made)


def write_book_to(path: Path, sheets: Iterable[tuple[str, SheetTable]]) -> None:
    """Write tables as the sheets of one spreadsheet. Raises CannotWrite."""
    write_book(path, [(name, table.header, table.rows) for name, table in sheets])


def write_roster_table(desk: Desk, span: Span) -> Path:
    """Write everything about some days as one spreadsheet."""
    sheets = book(desk, span)
    path = free_path(documents(), sheet_title(desk.seat.compound, span.first, span.last), ".xlsx")
    write_book_to(path, sheets)
    return path
