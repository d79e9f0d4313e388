"""The list of what the station is at, for the notice board: without anybody's name, phone or door."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from models.tickets.queries import TicketLine
from models.tickets.rules import UNCLAIMED, Urgency
from tui.i18n import t
from tui.paper.findings import public_note
from tui.paper.markup import Markup, joined, line, tag
from tui.paper.page import A4, page, section, table
from tui.paper.ticket_text import hidden, public_place, short
from tui.row_words import category_word
from tui.ticket_words import SIGNS, state_word, urgency_sign

#: What is asked is said in a line or two; the rest is nobody else's business.
_MOST: Final = 80
#: What these are about is between neighbours, or tells who lives alone: the wall names the kind only.
_UNSAID: Final = frozenset({"dispute", "elder", "noise"})
#: How doors are written: `3-1-502`, `1单元502`, `502室`.
_DOOR: Final = re.compile(
    r"(?<![\d-])\d{1,3}\s?[-－]\s?\d{1,2}\s?[-－]\s?\d{1,4}(?!\d)|\d+\s?单元\s?\d{2,4}\s?[室号]?|(?<!\d)\d{3,4}\s?[室户]"
)


def jobs_page(
    tickets: Sequence[TicketLine],
    compound: str,
    *,
    now: datetime,
    names: Collection[str] = (),
    head: str = "",
    foot: str = "",
) -> str:
    """Return the page: first what nobody has claimed yet, then what is being done. `now` in the compound's zone.

    Where it is stands by building or point, not by household; in what people wrote, phones and the names in `names`
    are masked.
    """
    title = t("paper.jobs.title", compound=compound)
    names = hidden(names, tickets)
    waiting = [line for line in tickets if line.state in UNCLAIMED]
    doing = [line for line in tickets if line.state not in UNCLAIMED]
    body = joined(
        tag("h1", title),
        tag("p", t("paper.jobs.at", at=f"{now:%Y-%m-%d %H:%M}", n=len(tickets), free=len(waiting))),
        _table(t("paper.jobs.free"), waiting, now, names),
        _table(t("paper.jobs.doing"), doing, now, names),
        tag("p", t("paper.jobs.none")) if not tickets else joined(),
        tag("p", t("paper.jobs.how"), class_="lead") if waiting else joined(),
    )
    return page(title, body, sheet=A4, head=head, foot=foot)


def _table(title: str, tickets: Sequence[TicketLine], now: datetime, names: Collection[str]) -> Markup:
    if not tickets:
        return joined()
    headings = tuple(
        t(f"paper.jobs.{name}") for name in ("code", "what", "kind", "where", "since", "state", "hands")
    )
    return section(title, table(headings, (_row(line, now, names) for line in tickets), kinds="kttkkkn"))


def _said(text: str, names: Collection[str]) -> str:
    """Return what was asked as it may hang on a wall."""
    # Before it is cut, so that half a door at its end is known for one.
    return short(_doorless(public_note(line(text), names)), (), _MOST)


def _doorless(text: str) -> str:
    return _DOOR.sub("***", text)


def _row(ticket: TicketLine, now: datetime, names: Collection[str]) -> tuple[str, ...]:
    press = urgency_sign(ticket.urgency) if ticket.urgency is not Urgency.NORMAL else ""
    said = t("paper.jobs.unsaid") if ticket.category in _UNSAID else _said(ticket.what, names)
    return (
        ticket.code,
        f"{press} {said}".strip(),
        category_word(ticket.category),
        _doorless(public_place(ticket, names)),
        f"{ticket.opened_at.astimezone(now.tzinfo):%m-%d}",
        f"{SIGNS[ticket.state]} {state_word(ticket.state)}",
        f"{len(ticket.hands)}/{ticket.wanted_hands}",
    )
