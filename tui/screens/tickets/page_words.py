"""A ticket's page in words: its facts and its story, as values. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from models.tickets.queries import TicketLine
from models.tickets.queries_story import Baton, EventLine, LinkLine
from models.tickets.rules import OPEN, EventKind, State
from tui.i18n import t
from tui.row_words import building_word, field_word, listed, value_words
from tui.screens.tickets.marks import Clock, state_mark
from tui.screens.tickets.page_store import Page
from tui.ticket_words import channel_word, cost_text, event_word, wait_word, work_text
from tui.widgets.facts import Fact
from tui.widgets.story import Told
from tui.widgets.text import Mark, Tone

#: How a line of the story is marked that is no move.
_SIGNS = {
    EventKind.COMMENT: "…",
    EventKind.LOG: "◆",
    EventKind.CALL: "☎",
    EventKind.HANDOVER: "→",
    EventKind.TAKE: "⚑",
    EventKind.DECLINE: "←",
    EventKind.KEEP: "⚑",
    EventKind.SETTLE: "√",
    EventKind.ASSIGN: "◔",
    EventKind.RELEASE: "○",
}
_LATE = 14  # characters of an asked text that name another ticket


def where_text(ticket: TicketLine) -> str:
    """Return the place of a ticket with everything that is known of it."""
    building = building_word(ticket.building) if ticket.building and not ticket.household else ""
    return " · ".join(part for part in (ticket.household, ticket.point, building, ticket.place) if part)


def facts_of(page: Page) -> tuple[Fact, ...]:
    """Return what is known of a ticket; what nobody has told and nobody misses is left out."""
    ticket = page.ticket
    return tuple(
        Fact(t(f"ticket_page.fact.{name}"), value)
        for name, value in (
            *_incident(page),
            *_asking(page),
            *_times(page),
            *_people(page),
            *_sums(ticket),
            *_ties(page),
        )
        if value is not None
    )


Facts = Iterator[tuple[str, str | Mark | None]]


def _incident(page: Page) -> Facts:
    """Yield what it is part of before all else: whoever asks again is told so."""
    yield "incident", page.story.incident or None
    yield "say", page.story.incident_words or None


def _asking(page: Page) -> Facts:
    ticket = page.ticket
    yield "where", where_text(ticket)
    yield "who", " ".join(part for part in (ticket.requester, listed(page.phones)) if part)
    yield "channel", channel_word(ticket.channel)


def _times(page: Page) -> Facts:
    ticket, clock = page.ticket, page.clock
    yield "opened", t("ticket_page.ago", when=clock.said(ticket.opened_at), ago=clock.ago(ticket.opened_at))
    if ticket.state in OPEN:
        if ticket.accepted_at is None:
            yield "claim_by", _by(ticket.accept_due_at, clock)
        late = _by(ticket.due_at, clock)
        waits = ticket.state is State.WAITING and not ticket.overdue
        yield "due_by", Mark("", clock.said(ticket.due_at)) if waits else late
    if ticket.wait_until is not None:
        yield (
            "waits",
            t("ticket_page.waits", day=clock.day(ticket.wait_until), what=wait_word(ticket.wait_for)),
        )
    yield "done", None if ticket.done_at is None else clock.said(ticket.done_at)
    yield "closed", None if ticket.closed_at is None else clock.said(ticket.closed_at)


def _by(due: datetime, clock: Clock) -> Mark:
    left = clock.left(due)
    return Mark(left.symbol, t("ticket_page.by", when=clock.said(due), left=left.word), left.tone)


def _people(page: Page) -> Facts:
    ticket = page.ticket
    names = listed([hand.name for hand in ticket.hands])
    if ticket.state in OPEN or ticket.hands:
        yield "hands", _hands(ticket, names)
    yield "team", ticket.team or None
    if ticket.offered_to:
        yield "baton", t("ticket_page.baton_offered", holder=ticket.holder or "—", to=ticket.offered_to)
    else:
        yield "baton", ticket.holder
    if len(page.story.batons) > 1:
        yield "batons", _chain(page.story.batons, page.clock)


def _hands(ticket: TicketLine, names: str) -> str | Mark:
    if ticket.too_many:
        said = t("ticket_page.too_many", names=names, n=ticket.wanted_hands)
        return Mark("!", said, Tone.BAD)
    if ticket.wanted_hands == 1 and ticket.hands:
        return names
    said = t("ticket_page.hands", n=len(ticket.hands), wanted=ticket.wanted_hands)
    return f"{names} · {said}" if names else said


def _chain(batons: Iterable[Baton], clock: Clock) -> str:
    """Return who held the baton, one after another, and since when."""
    return " → ".join(
        t("ticket_page.held", name=baton.name or "—", since=clock.said(baton.since)) for baton in batons
    )


def _sums(ticket: TicketLine) -> Facts:
    parts = [
        t("ticket_page.visits", n=ticket.visits) if ticket.visits else "",
        work_text(ticket.minutes) if ticket.minutes else "",
        cost_text(ticket.cost) if ticket.cost else "",
    ]
    yield "work", " · ".join(part for part in parts if part) or None
    yield "score", None if ticket.score is None else score_mark(ticket.score)
    yield "reopened", t("ticket_page.times", n=ticket.reopened) if ticket.reopened else None


def score_mark(score: int) -> Mark:
    """Return a score as stars and a number."""
    return Mark("★" * score, t("ticket_page.score", n=score))


def _ties(page: Page) -> Facts:
    story, ticket, clock = page.story, page.ticket, page.clock
    if story.parent is not None:
        key = "duplicate_of" if ticket.state is State.DUPLICATE else "case_of"
        yield key, other_text(story.parent)
    if story.parts:
        yield "parts" if ticket.is_case else "duplicates", _parts(story.parts)
    yield "links", "\n".join(link_text(link, clock) for link in story.links) or None
    yield "recheck", None if ticket.recheck_at is None else clock.said(ticket.recheck_at)


def other_text(ticket: TicketLine) -> str:
    """Return another ticket on one line: its code, state and what it asks."""
    return f"{ticket.code} {state_mark(ticket.state)} {ticket.what[:_LATE]}"


def _parts(parts: Iterable[TicketLine]) -> str:
    return "\n".join(other_text(one) for one in parts)


def link_text(link: LinkLine, clock: Clock) -> str:
    """Return a point, or what was seen at one."""
    if link.seen_at is None:
        return link.point
    return " · ".join(part for part in (link.point, clock.said(link.seen_at), link.walk, link.note) if part)


# -- the story


def told(page: Page, *, taken_back: bool = False) -> list[Told]:
    """Return the story, the newest line first; with `taken_back` also the lines that were taken back."""
    lines = [*page.story.events, *(page.story.taken_back if taken_back else ())]
    return [_told(line, page) for line in sorted(lines, key=lambda one: (one.at, one.id), reverse=True)]


def _told(line: EventLine, page: Page) -> Told:
    more: list[str | Mark] = [*_said(line, page)]
    if not line.stood:
        more.append(Mark("", t("ticket_page.not_stood"), Tone.WARN))
    if line.archived:
        more.append(t("ticket_page.taken_back"))
    faint = line.archived or not line.stood
    return Told(page.clock.said(line.at), _head(line), _who(line), tuple(more), faint=faint)


def _head(line: EventLine) -> Mark:
    mark = state_mark(State(line.to_state)) if line.stood and line.to_state in set(State) else Mark("", "")
    symbol = _SIGNS.get(line.kind, mark.symbol or "·")  # type: ignore[call-overload]  # codes are texts
    word = event_word(line.kind)
    if line.kind == EventKind.RELEASE and line.person_id not in {None, line.doer_id}:
        word = t("ticket_page.took_off", person=line.person)
    elif line.kind in {EventKind.ASSIGN, EventKind.HANDOVER}:
        word = t("ticket_page.to_person", what=word, person=line.person)
    return Mark(symbol, word, mark.tone)


def _who(line: EventLine) -> str:
    doer = line.doer or t("changes.founder")
    if line.recorder_id == line.doer_id:
        return doer
    return t("ticket_page.typed_by", doer=doer, recorder=line.recorder or t("changes.founder"))


def _said(line: EventLine, page: Page) -> Iterator[str | Mark]:
    """Yield what a line tells beyond who and when."""
    if line.score is not None:
        yield score_mark(line.score)
    if line.words:
        yield line.words
    facts = [
        work_text(line.minutes) if line.minutes else "",
        line.parts,
        cost_text(line.cost) if line.cost else "",
        t("ticket_page.until", day=page.clock.day(line.until)) if line.until else "",
        t("ticket_page.waits_person", person=line.person)
        if line.kind == EventKind.WAIT and line.person
        else "",
        channel_word(line.channel) if line.channel and line.kind != EventKind.REPORT else "",
        line.other,
    ]
    said = " · ".join(part for part in facts if part)
    if said:
        yield said


# -- disputes


def dispute_text(page: Page) -> str:
    """Return what two people wanted apart, in a sentence with both names; empty when all agree."""
    ticket = page.ticket
    if ticket.too_many:
        names = listed([hand.name for hand in ticket.hands])
        return t("ticket_page.dispute.hands", names=names, n=ticket.wanted_hands)
    for one in page.disputes:
        return t(
            "ticket_page.dispute.field",
            field=field_word(one.field),
            kept=value_words(one.field, one.kept, page.names),
            kept_by=one.kept_by.person or t("changes.founder"),
            lost=value_words(one.field, one.lost, page.names),
            lost_by=one.lost_by.person or t("changes.founder"),
        )
    return ""
