"""How lists of tickets leave the app."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from models.files.tabling import SheetTable
from models.tickets.queries import TicketLine, every_ticket, page_tickets
from tui import exports
from tui.desk import Desk
from tui.i18n import t
from tui.row_words import building_word, category_word, listed
from tui.screens.base import Shell
from tui.screens.chat_text import offer_text
from tui.screens.export import save_where
from tui.screens.tickets.filters import Filters
from tui.screens.tickets.rows import asked_for
from tui.ticket_words import channel_word, state_word, urgency_word
from tui.widgets.picker import Option
from tui.widgets.text import Tone

_COLUMNS = (
    "code", "state", "what", "category", "urgency", "household", "building", "point", "place", "requester",
    "channel", "opened", "due", "overdue", "holder", "hands", "score", "cost",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What a screen shows: a list as it is narrowed, and the ticket in front."""

    filters: Filters
    view: str
    text: str
    line: TicketLine | None


def offer_out(screen: Shell[Any], shown: Shown) -> None:
    """Ask in which form what is shown shall leave: to the chat group, on paper, or as a spreadsheet."""
    nothing = t("tickets.nothing_in_front") if shown.line is None else None
    screen.choose(
        t("tickets.out.title"),
        [
            Option(
                form,
                t(f"tickets.out.{form}"),
                t(f"tickets.out.{form}_note"),
                reason=nothing if form == "card" else None,
            )
            for form in ("chat", "card", "jobs", "board", "xlsx")
        ],
        partial(_let_out, screen, shown),
    )


def _let_out(screen: Shell[Any], shown: Shown, form: str) -> None:
    from tui.screens.tickets import papers_out as papers

    name = "_".join((t("screen.tickets"), t(f"tickets.view.{shown.view}"), *shown.filters.words()))
    if form == "chat":
        screen.ask(partial(_chat, shown=shown), partial(offer_text, screen, name))
    elif form == "card" and shown.line is not None:
        screen.ask(partial(_card, line=shown.line), lambda path: _saved(screen, path))
    elif form == "jobs":
        papers.offer_jobs(screen)
    elif form == "board":
        papers.offer_board(screen)
    elif form == "xlsx":
        write = partial(_write, shown=shown)
        save_where(screen, t("tickets.out.xlsx"), name, "xlsx", write)


def _saved(screen: Shell[Any], path: Path) -> None:
    screen.flash(t("chat.saved", path=path), Tone.GOOD)


def _chat(desk: Desk, shown: Shown) -> str:
    """Return the list for the chat group, masked, and no longer than somebody reads."""
    from tui.ticket_papers import MOST_JOBS, jobs_chat

    with desk.store.read() as session:
        asked = asked_for(desk, session, shown.filters, shown.view, shown.text)
        lines = page_tickets(session, desk.seat.compound_id, asked, limit=MOST_JOBS)
    return jobs_chat(desk, lines)


def _card(desk: Desk, line: TicketLine) -> Path:
    from tui.ticket_papers import write_card

    return write_card(desk, [line.id])


def _write(desk: Desk, *, path: Path, shown: Shown) -> tuple[str, Tone]:
    zone = ZoneInfo(desk.seat.zone)
    with desk.store.read() as session:
        asked = asked_for(desk, session, shown.filters, shown.view, shown.text)
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
