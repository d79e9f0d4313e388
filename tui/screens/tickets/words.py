"""Tickets in a list: what is left of the time, whose hands are on it, who claimed it twice; and the panel. Draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from models.text import mask_phone
from models.tickets.queries import TicketLine
from models.tickets.queries_story import EventLine
from models.tickets.rules import OPEN, State, Urgency
from tui.i18n import t
from tui.row_words import building_word, category_word, listed
from tui.screens.tickets.marks import Clock, due_mark, state_mark
from tui.ticket_words import channel_word, event_word, urgency_sign, urgency_word
from tui.widgets.map_panel import PanelRow, PanelView
from tui.widgets.text import Mark, Tone, cut

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_URGENT: Final = {Urgency.NORMAL: Tone.PLAIN, Urgency.URGENT: Tone.WARN, Urgency.EMERGENCY: Tone.BAD}
#: The lines of a story that stand in the panel.
_LAST: Final = 4
#: Cells of what was asked, in the strip and in the panel; the page has all of it.
_STRIP: Final = 60
_BESIDE: Final = 240


@dataclass(frozen=True, slots=True)
class ListClock(Clock):
    """Tells what is left in one unit, as a list has room for."""

    def left(self, due: datetime) -> Mark:
        late = due < self.now
        span = _span(abs(due - self.now))
        return (
            Mark("", t("tickets.late", span=span), Tone.BAD)
            if late
            else Mark("", t("tickets.left", span=span))
        )


def _span(span: timedelta) -> str:
    if span < _HOUR:
        return t("tickets.span.minutes", n=span // timedelta(minutes=1))
    if span < _DAY:
        return t("tickets.span.hours", n=span // _HOUR)
    return t("tickets.span.days", n=span // _DAY)


def code_mark(line: TicketLine) -> Mark:
    """Return the code behind a mark of how much it presses."""
    return Mark(urgency_sign(line.urgency), line.code, _URGENT[line.urgency])


def where_text(line: TicketLine) -> str:
    """Return the most exact place in a word."""
    if line.household or line.point or line.place:
        return line.where
    return building_word(line.building) if line.building else ""


def when_mark(line: TicketLine, clock: Clock) -> Mark:
    """Return what is left of the time; of what is done since when it waits for a call, of what is over its score or day."""
    if line.state is State.WAITING and line.wait_until is not None and not line.overdue:
        return Mark("◷", t("tickets.until", day=clock.day(line.wait_until)))
    if line.state in OPEN:
        return due_mark(line, clock)
    if line.state is State.DONE and line.done_at is not None:
        return Mark("", t("tickets.done_for", span=_span(clock.now - line.done_at)), Tone.WARN)
    if line.score is not None:
        return Mark("", t("tickets.score", n=line.score), Tone.GOOD)
    return Mark("", clock.day(line.state_at.astimezone(clock.zone).date()), Tone.MUTED)


def hands_mark(line: TicketLine) -> Mark:
    """Return who is on it: that too many are comes first, then that hands lack, then the names."""
    names = listed([hand.name for hand in line.hands])
    if line.too_many:
        return Mark("!", t("tickets.too_many", n=len(line.hands)), Tone.BAD)
    lacking = line.wanted_hands - len(line.hands)
    if line.state not in OPEN or lacking <= 0:
        return Mark("", names)
    if not line.hands:
        return Mark("", t("tickets.lacking", n=lacking), Tone.WARN)
    return Mark(
        "", t("tickets.lacking_of", there=len(line.hands), wanted=line.wanted_hands, names=names), Tone.WARN
    )


def part_mark(line: TicketLine, me: UUID | None) -> Mark:
    """Return what part a person has in a ticket of theirs."""
    if line.offered_to_id == me:
        return Mark("→", t("tickets.part.offered"), Tone.WARN)
    if line.too_many:
        return hands_mark(line)
    holds, does = line.holder_id == me, on_it(line, me)
    if holds and does:
        return Mark("⚑", t("tickets.part.both"))
    return Mark("⚑", t("tickets.part.holds")) if holds else Mark("◔", t("tickets.part.does"))


def on_it(line: TicketLine, me: UUID | None) -> bool:
    """Tell whether somebody is one of those who do a job."""
    return any(hand.person_id == me for hand in line.hands)


def clash_text(line: TicketLine, me: UUID | None) -> str:
    """Return who has claimed a job besides whom, and what to do about it; nothing when there is room for all."""
    if not line.too_many:
        return ""
    if on_it(line, me):
        others = listed([hand.name for hand in line.hands if hand.person_id != me])
        return t("tickets.clash_mine", others=others, n=line.wanted_hands)
    return t("tickets.clash", names=listed([hand.name for hand in line.hands]), n=line.wanted_hands)


def panel_view(
    line: TicketLine, me: UUID | None, story: Sequence[EventLine] | None, clock: Clock
) -> PanelView:
    """Return the facts of a ticket and the end of its story, for the panel beside the list.

    Without a story it is for the strip under it, where a long text must leave room for the rest.
    """
    requester = " ".join(
        part for part in (line.requester, mask_phone(line.phone) if line.phone else "") if part
    )
    kind = category_word(line.category)
    if line.urgency is not Urgency.NORMAL:
        kind = f"{kind} · {urgency_word(line.urgency)}"
    said = [
        PanelRow(t("tickets.what"), cut(line.what, _STRIP if story is None else _BESIDE), bare=True),
        PanelRow(t("tickets.where"), where_text(line), bare=True),
        PanelRow(t("tickets.requester"), requester),
        PanelRow(t("tickets.hands"), str(hands_mark(line)), hands_mark(line).tone),
        PanelRow(
            t("tickets.holder"), line.holder if not line.offered_to else f"{line.holder} → {line.offered_to}"
        ),
        PanelRow(t("tickets.opened"), f"{clock.said(line.opened_at)} {channel_word(line.channel)}"),
        PanelRow(t("tickets.team"), line.team),
    ]
    told = [
        PanelRow(clock.day(one.at.astimezone(clock.zone).date()), _told(one))
        for one in (story or ())[-_LAST:]
    ]
    when = when_mark(line, clock)
    return PanelView(
        code=line.code,
        title=kind,
        mark=_beside(state_mark(line.state), when),
        alarm=clash_text(line, me),
        rows=tuple(row for row in (*said, *told) if row.text),
    )


def _beside(state: Mark, when: Mark) -> Mark:
    tone = when.tone if when.tone is Tone.BAD else state.tone
    return Mark(state.symbol, f"{state.word} · {when}" if str(when) else state.word, tone)


def _told(line: EventLine) -> str:
    """Return a line of a story: who, what, whom, and the words."""
    whom = line.person if line.person_id not in {None, line.doer_id} else ""
    said = " ".join(part for part in (line.doer or t("changes.founder"), event_word(line.kind), whom) if part)
    return t("tickets.told", said=said, words=line.words) if line.words else said
