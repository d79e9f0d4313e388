"""Find another ticket, or a point, by typing: what is near to the ticket in hand comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.inspection import queries as sewer
from models.tickets.queries import TicketLine, View, count_tickets, page_tickets
from models.tickets.queries_near import near
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import point_kind_word
from tui.screens.picking import Pick
from tui.screens.tickets.marks import state_mark
from tui.screens.tickets.page_store import asked_now
from tui.widgets.rows import Column, RowView

_NEAR = 5


def pick_ticket(title: str, ticket: TicketLine) -> Pick:
    """Results in the id of another ticket; while nothing is typed, those near in place and words stand first."""

    def nearest(desk: Desk, text: str) -> list[RowView]:
        if text.strip():
            return []
        asked, _ = asked_now(desk)
        with desk.store.read() as session:
            found = near(
                session,
                desk.seat.compound_id,
                now=asked.now,
                today=asked.today,
                text=ticket.what,
                category=ticket.category,
                household_id=ticket.household_id,
                building_id=ticket.building_id,
                point_id=ticket.point_id,
                place=ticket.place,
                limit=_NEAR + 1,
            )
        return [_row(one.ticket, near_by=True) for one in found if one.ticket.id != ticket.id][:_NEAR]

    def count(desk: Desk, text: str) -> int:
        asked, _ = asked_now(desk)
        with desk.store.read() as session:
            wanted = replace(asked, text=text, view=_view(text))
            return len(nearest(desk, text)) + count_tickets(session, desk.seat.compound_id, wanted)

    def page(desk: Desk, text: str, offset: int, limit: int) -> Sequence[RowView]:
        asked, _ = asked_now(desk)
        first = nearest(desk, text)
        shown = first[offset : offset + limit]
        with desk.store.read() as session:
            lines = page_tickets(
                session,
                desk.seat.compound_id,
                replace(asked, text=text, view=_view(text)),
                offset=max(0, offset - len(first)),
                limit=limit - len(shown),
            )
        return [*shown, *(_row(one, itself=one.id == ticket.id) for one in lines)]

    columns = (
        Column("", 8, priority=9),
        Column("", 12, priority=8),
        Column("", 12, priority=6),
        Column("", 20, priority=7, grow=True),
    )
    return Pick(title, columns, count, page, hint=t("ticket_move.pick_ticket_hint"))


def _view(text: str) -> View:
    """Return what is looked through: what is open, and all there is once somebody types."""
    return View.ALL if text.strip() else View.OPEN


def _row(line: TicketLine, *, near_by: bool = False, itself: bool = False) -> RowView:
    what = t("register.itself") if itself else line.what
    said = t("ticket_move.near", what=what) if near_by else what
    return RowView(str(line.id), (line.code, state_mark(line.state), line.where, said), muted=itself)


def pick_point(title: str) -> Pick:
    """Results in the id of a point, found by code, name, pinyin or kind."""

    def count(desk: Desk, text: str) -> int:
        with desk.store.read() as session:
            return sewer.count_points(session, desk.seat.compound_id, text=text)

    def page(desk: Desk, text: str, offset: int, limit: int) -> Sequence[RowView]:
        with desk.store.read() as session:
            lines = sewer.points_page(session, desk.seat.compound_id, text=text, offset=offset, limit=limit)
        return [RowView(str(line.id), (line.code, point_kind_word(line.kind), line.name)) for line in lines]

    columns = (Column("", 10, priority=9), Column("", 10, priority=6), Column("", 16, priority=8, grow=True))
    return Pick(title, columns, count, page, hint=t("ticket_move.pick_point_hint"))
