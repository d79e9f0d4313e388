"""How lists of tickets leave the app."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from models.files.tabling import SheetTable
from models.tickets.queries import View, every_ticket
from tui import exports
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import building_word, category_word, listed
from tui.screens.base import Shell
from tui.screens.export import save_where
from tui.screens.tickets_filters import Filters
from tui.ticket_words import channel_word, state_word, urgency_word
from tui.widgets.picker import Option
from tui.widgets.text import Tone

if TYPE_CHECKING:
    from models.tickets.queries import TicketLine

_COLUMNS = (
    "code", "state", "what", "category", "urgency", "household", "building", "point", "place", "requester",
    "channel", "opened", "due", "overdue", "holder", "hands", "score", "cost",
)  # fmt: skip


def offer_out(screen: Shell[Any], filters: Filters, view: View, text: str = "") -> None:
    """Ask in which form what is shown shall leave."""
    name = "_".join((t("screen.tickets"), t(f"tickets.view.{view}"), *filters.words()))

    def chosen(_form: str) -> None:
        write = partial(_write, filters=filters, view=view, text=text)
        save_where(screen, t("tickets.out.xlsx"), name, "xlsx", write)

    screen.choose(
        t("tickets.out.title"), [Option("xlsx", t("tickets.out.xlsx"), t("tickets.out.xlsx_note"))], chosen
    )


def _write(desk: Desk, *, path: Path, filters: Filters, view: View, text: str) -> tuple[str, Tone]:
    asked, zone = filters.asked(desk, view, text), ZoneInfo(desk.seat.zone)
    with desk.store.read() as session:
        rows = tuple(_cells(line, zone) for line in every_ticket(session, desk.seat.compound_id, asked))
    exports.write(path, "xlsx", SheetTable(tuple(t(f"tickets.column.{name}") for name in _COLUMNS), rows))
    return t("cli.exported", n=len(rows), path=path), Tone.GOOD


def _cells(line: TicketLine, zone: ZoneInfo) -> tuple[str | int | float | None, ...]:
    return (
        line.code,
        state_word(line.state),
        line.what,
        category_word(line.category),
        urgency_word(line.urgency),
        line.household,
        building_word(line.building) if line.building else "",
        line.point,
        line.place,
        line.requester,
        channel_word(line.channel),
        f"{line.opened_at.astimezone(zone):%Y-%m-%d %H:%M}",
        f"{line.due_at.astimezone(zone):%Y-%m-%d %H:%M}",
        t("form.yes") if line.overdue else "",
        line.holder,
        listed([hand.name for hand in line.hands]),
        line.score,
        line.cost / 100 if line.cost else None,
    )
