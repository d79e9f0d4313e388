"""The lists of tickets as values: columns, and pages of rows read from the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.tickets.queries import (
    Asked,
    Found,
    TicketLine,
    View,
    count_tickets,
    find_tickets,
    one_ticket,
    page_tickets,
    tickets_of,
)
from models.tickets.queries_repeats import repeats
from models.tickets.queries_story import EVENT, event_lines
from models.tickets.rules import OPEN, State
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import category_word
from tui.screens.tickets.filters import Filters
from tui.screens.tickets.marks import state_mark
from tui.screens.tickets.words import (
    ListClock,
    code_mark,
    hands_mark,
    panel_view,
    part_mark,
    when_mark,
    where_text,
)
from tui.widgets.map_panel import PanelView
from tui.widgets.rows import Column, RowView
from tui.widgets.text import width

#: The tab of faults that come again: no view of its own, but the tickets of those that want looking at.
REPEATS: Final = "repeats"
#: The views whose tab says how much they hold: those that somebody should empty.
COUNTED: Final = (View.BOARD, View.MINE, View.OVERDUE, View.CALL_BACK)


def columns_of(view: str) -> tuple[Column, ...]:
    """Return the columns of a tab; the least needed go first on a narrow terminal."""
    shown = State if view in {View.ENDED, View.ALL, REPEATS} else OPEN | {State.DONE}
    states = max(width(str(state_mark(state))) for state in shown)
    return (
        Column(t("tickets.state"), min(states, 13), priority=9),
        Column(t("tickets.code"), 9, priority=8),
        Column(t("tickets.what"), 12, priority=9, grow=True),
        Column(t("tickets.where"), 10, priority=5 if view == View.MINE else 7),
        Column(t("tickets.when_done" if view == View.ENDED else "tickets.when"), 12, priority=8),
        Column(
            t("tickets.part" if view == View.MINE else "tickets.hands"),
            10,
            priority=9 if view == View.MINE else 6,
        ),
        Column(t("tickets.category"), 12, priority=3),
    )


@dataclass(slots=True)
class SoughtTickets:
    """The rows of a tab that hold a text: a search is made once, by the count, and pages are read of what it found.

    `known` keeps the tickets of the pages read, so that a key need not ask again.
    """

    view: str
    text: str
    filters: Filters
    known: dict[str, TicketLine] = field(default_factory=dict)
    _found: Found | None = None

    def count(self, desk: Desk) -> int:
        compound_id = desk.seat.compound_id
        with desk.store.read() as session:
            asked = asked_for(desk, session, self.filters, self.view, self.text)
            if not self.text and asked.only is None:
                return count_tickets(session, compound_id, asked)
            self._found = find_tickets(session, compound_id, asked)
        return len(self._found)

    def page(self, desk: Desk, offset: int, limit: int) -> Sequence[RowView]:
        view = View.ALL if self.view == REPEATS else View(self.view)
        asked, compound_id = self.filters.asked(desk, view, self.text), desk.seat.compound_id
        with desk.store.read() as session:
            if self._found is None:
                lines = page_tickets(session, compound_id, asked, offset=offset, limit=limit)
            else:
                lines = tickets_of(session, compound_id, self._found.ids(offset, limit), asked)
        self.known.update((str(line.id), line) for line in lines)
        clock = ListClock(asked.now, ZoneInfo(desk.seat.zone))
        return [_row(line, self.view, asked, clock) for line in lines]


def asked_for(desk: Desk, session: Session, filters: Filters, view: str, text: str = "") -> Asked:
    """Return the question for a tab. Which faults come again is looked up among the tickets of the last days."""
    if view != REPEATS:
        return filters.asked(desk, View(view), text)
    asked = filters.asked(desk, View.ALL, text)
    found = repeats(session, desk.seat.compound_id, now=asked.now, today=asked.today)
    again = (report.id for line in found if line.repeat.alarms for report in line.repeat.reports)
    return replace(asked, only=frozenset(again))


def _row(line: TicketLine, view: str, asked: Asked, clock: ListClock) -> RowView:
    return RowView(
        str(line.id),
        (
            state_mark(line.state),
            code_mark(line),
            line.what,
            where_text(line),
            when_mark(line, clock),
            part_mark(line, asked.person_id) if view == View.MINE else hands_mark(line),
            category_word(line.category),
        ),
        muted=line.archived,
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the tabs hold, and for whom: `me` acts here."""

    of: dict[str, int]
    me: UUID | None
    at: datetime


def count_views(desk: Desk, filters: Filters) -> Counts:
    """Count what the tabs hold; their cost follows what is open."""
    at = filters.asked(desk, View.OPEN).now
    with desk.store.read() as session:
        found = {
            view.value: count_tickets(session, desk.seat.compound_id, filters.asked(desk, view))
            for view in COUNTED
        }
    return Counts(found, desk.seat.person_id, at)


def count_again(desk: Desk, filters: Filters) -> dict[str, int]:
    """Count the tickets of faults that come again; their cost follows the tickets of the last days."""
    with desk.store.read() as session:
        asked = asked_for(desk, session, filters, REPEATS)
        return {REPEATS: count_tickets(session, desk.seat.compound_id, asked)}


def peek(desk: Desk, ticket_id: UUID, *, told: bool) -> PanelView | None:
    """Return what the panel says of a ticket; `told` with the end of its story."""
    seat = desk.seat
    asked = Filters().asked(desk, View.ALL)
    with desk.store.read() as session:
        line = one_ticket(session, seat.compound_id, ticket_id, asked)
        if line is None:
            return None
        story = (
            [
                one
                for one in event_lines(session, seat.compound_id, EVENT.c.ticket_id == ticket_id)
                if not one.archived
            ]
            if told
            else None
        )
    return panel_view(line, seat.person_id, story, ListClock(asked.now, ZoneInfo(seat.zone)))
