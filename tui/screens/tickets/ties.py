"""The tickets of one household, person or point, as its card tells of them, and where its keys lead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.tickets.queries import TicketLine, View, count_tickets, page_tickets
from models.tickets.rules import UNANSWERED
from tui.actions import action
from tui.desk import Desk
from tui.i18n import t
from tui.screens.register.card import Tie
from tui.screens.tickets.filters import Filters
from tui.screens.tickets.marks import Clock, state_mark
from tui.widgets.facts import Fact
from tui.widgets.rows import RowView
from tui.widgets.text import Mark, Tone

REPORT_HERE = action("tickets.report_here", "f2", footer=False)
TICKETS_HERE = action("tickets.here", "f3", footer=False)
#: The newest, which stand on the card; a key shows all.
_LAST = 3


@dataclass(frozen=True, slots=True)
class TicketsHere:
    """How many tickets there are of one thing, how many of them are open, and the newest."""

    open: int
    all: int
    last: tuple[TicketLine, ...]
    clock: Clock

    @property
    def fact(self) -> Fact:
        """What the card says of them."""
        if not self.all:
            return Fact(t("screen.tickets"), "")
        said = t("tickets.here_n", open=self.open, n=self.all)
        return Fact(t("screen.tickets"), Mark("○", said, Tone.WARN) if self.open else said)

    def ties(self) -> list[Tie]:
        """Return the newest as ties of a card of the register: since they were reported, until they ended."""
        return [
            Tie(
                noun="ticket",
                id=line.id,
                word=t("screen.tickets"),
                name=line.what,
                detail=f"{line.code} {state_mark(line.state)}",
                since=line.opened_at.astimezone(self.clock.zone).date(),
                until=None if line.state in UNANSWERED else line.state_at.astimezone(self.clock.zone).date(),
                current=line.state in UNANSWERED,
                opens=("ticket", line.id),
            )
            for line in self.last
        ]

    def rows(self) -> list[RowView]:
        """Return the newest as lines of a point's card."""
        return [
            RowView(
                f"ticket:{line.id}",
                (
                    t("screen.tickets"),
                    line.code,
                    f"{line.what} · {self.clock.said(line.opened_at)}",
                    state_mark(line.state),
                ),
            )
            for line in self.last
        ]


def tickets_here(desk: Desk, session: Session, filters: Filters) -> TicketsHere:
    """Read the tickets that `filters` name; found by index, however many are stored."""
    asked, compound_id = filters.asked(desk, View.ALL), desk.seat.compound_id
    return TicketsHere(
        open=count_tickets(session, compound_id, replace(asked, view=View.OPEN)),
        all=count_tickets(session, compound_id, asked),
        last=page_tickets(session, compound_id, asked, limit=_LAST),
        clock=Clock(asked.now, ZoneInfo(desk.seat.zone)),
    )
