"""The tickets at a well of the survey map: one is opened at once, of several one is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from models.tickets.on_map import MappedTicket
from tui.i18n import t
from tui.screens.base import LinliScreen
from tui.screens.tickets.marks import state_mark
from tui.widgets.picker import Option


def open_ticket(screen: LinliScreen, tickets: Sequence[MappedTicket]) -> None:
    """Open the page of a ticket."""

    def opened(ticket_id: str) -> None:
        from tui.screens.tickets.page import TicketPage

        screen.app.push_screen(TicketPage(UUID(ticket_id)))

    if len(tickets) == 1:
        opened(str(tickets[0].id))
        return
    options = [
        Option(str(ticket.id), f"{ticket.code}  {state_mark(ticket.state)}", ticket.what)
        for ticket in tickets
    ]
    screen.choose(t("map.calls_title"), options, opened)
