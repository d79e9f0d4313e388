"""Tickets as text for the chat group: names by their surname, the middle of phones hidden, also in what people wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Final

from models.text import mask_name, mask_phone
from models.tickets.queries import TicketLine
from models.tickets.rules import OPEN, State, Urgency
from tui.i18n import t
from tui.paper.findings import public_note
from tui.paper.markup import clean, line
from tui.row_words import building_word, category_word, listed
from tui.ticket_words import SIGNS, state_word, urgency_sign, urgency_word, wait_word

#: A chat shows so much of a message before it folds it.
_MOST_JOBS: Final = 60
_LONGEST: Final = 60


def hidden(names: Collection[str], tickets: Sequence[TicketLine]) -> frozenset[str]:
    """Return the names to be masked in what was written with these tickets: of those given, and of who asked.

    A register holds thousands of names and a list a few of them: they are looked for once, not for each line.
    """
    written = "\n".join(line(f"{ticket.what} {ticket.place} {ticket.point}") for ticket in tickets)
    return frozenset(name for name in {*names, *(ticket.requester for ticket in tickets)} if name in written)


def short(text: str, names: Collection[str], most: int = _LONGEST) -> str:
    """Return what somebody wrote on one line, masked, and no longer than that."""
    # Masked before it is cut: half a name or half a number would not be known for one.
    said = public_note(line(text), names)
    return said if len(said) <= most else f"{said[: most - 1]}…"


def public_place(ticket: TicketLine, names: Collection[str]) -> str:
    """Return where it is without the door: the point or what somebody called the place, and the building."""
    building = building_word(ticket.building) if ticket.building else ""
    if ticket.household:
        return building
    return " ".join(part for part in (building, ticket.point, short(ticket.place, names, 30)) if part)


def ticket_text(ticket: TicketLine, *, zone: tzinfo, names: Collection[str] = ()) -> str:
    """Return one ticket in a few lines, for whoever does it."""
    return "\n".join(_ticket(ticket, zone, hidden(names, [ticket])))


def _ticket(ticket: TicketLine, zone: tzinfo, names: Collection[str]) -> Iterator[str]:
    press = f"{urgency_sign(ticket.urgency)}{urgency_word(ticket.urgency)}"
    loud = f" {press}" if ticket.urgency is not Urgency.NORMAL else ""
    yield f"{t('paper.chat.ticket', code=ticket.code)} {category_word(ticket.category)}{loud}"
    yield public_note(clean(ticket.what).strip(), names)
    where = [ticket.household, ticket.point, short(ticket.place, names)]
    if ticket.building and not ticket.household:
        where.insert(0, building_word(ticket.building))
    said = (
        ("where", " ".join(part for part in where if part)),
        ("who", " ".join(part for part in (mask_name(ticket.requester), mask_phone(ticket.phone)) if part)),
        ("state", _stands(ticket, zone)),
        ("hands", listed([mask_name(hand.name) for hand in ticket.hands])),
    )
    for name, value in said:
        if value:
            yield t(f"paper.chat.{name}", text=value)


def _stands(ticket: TicketLine, zone: tzinfo) -> str:
    """Return how it stands, and what is awaited next."""
    word = f"{SIGNS[ticket.state]} {state_word(ticket.state)}"
    if ticket.state is State.WAITING and ticket.wait_until is not None:
        return t(
            "paper.chat.waits",
            state=word,
            until=f"{ticket.wait_until:%m-%d}",
            what=wait_word(ticket.wait_for),
        )
    if ticket.state in OPEN:
        late = t("paper.chat.late") if ticket.overdue else ""
        return t("paper.chat.due", state=word, due=when(ticket.due_at, zone)) + late
    return word


def jobs_text(
    tickets: Sequence[TicketLine], compound: str, *, zone: tzinfo, names: Collection[str] = ()
) -> str:
    """Return a list of jobs, a line for each; of many the first, and how many more there are."""
    names = hidden(names, tickets)
    lines = [t("paper.chat.jobs", compound=compound, n=len(tickets))]
    lines += [_job(ticket, zone, names) for ticket in tickets[:_MOST_JOBS]]
    if len(tickets) > _MOST_JOBS:
        lines.append(t("paper.chat.more", n=len(tickets) - _MOST_JOBS))
    return "\n".join(lines)


def _job(ticket: TicketLine, zone: tzinfo, names: Collection[str]) -> str:
    where = ticket.household or public_place(ticket, names)
    hands = listed([mask_name(hand.name) for hand in ticket.hands])
    wants = ticket.wanted_hands - len(ticket.hands)
    parts = (
        f"{urgency_sign(ticket.urgency)}{ticket.code}",
        where,
        short(ticket.what, names),
        t("paper.chat.by", due=when(ticket.due_at, zone)),
        hands or t("paper.chat.nobody"),
        t("paper.chat.wants", n=wants) if hands and wants > 0 else "",
    )
    return " ".join(part for part in parts if part)


def when(at: datetime, zone: tzinfo) -> str:
    """Return a time as it stands in what lies about for some weeks: month, day, hour."""
    return f"{at.astimezone(zone):%m-%d %H:%M}"
