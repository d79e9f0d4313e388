"""A ticket's state, urgency and times as they stand on a screen: symbol, word and colour. Draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from models.tickets.queries import TicketLine
from models.tickets.rules import OPEN, UNCLAIMED, State, Urgency
from tui.i18n import t
from tui.screens.schedules.due_words import day_text
from tui.ticket_words import SIGNS, state_word, urgency_sign, urgency_word
from tui.widgets.status_words import span_words
from tui.widgets.text import Mark, Tone

_TONES: Final = {
    State.REPORTED: Tone.WARN,
    State.ACCEPTED: Tone.INFO,
    State.IN_PROGRESS: Tone.INFO,
    State.WAITING: Tone.PLAIN,
    State.DONE: Tone.GOOD,
    State.CLOSED: Tone.GOOD,
    State.REOPENED: Tone.BAD,
    State.REJECTED: Tone.MUTED,
    State.DUPLICATE: Tone.MUTED,
    State.CANCELLED: Tone.MUTED,
}
_URGENT: Final = {Urgency.NORMAL: Tone.PLAIN, Urgency.URGENT: Tone.WARN, Urgency.EMERGENCY: Tone.BAD}

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: Below this a span is told to the minute.
_EXACT: Final = 6 * _HOUR


def state_mark(state: State) -> Mark:
    return Mark(SIGNS[state], state_word(state), _TONES[state])


def urgency_mark(urgency: Urgency) -> Mark:
    return Mark(urgency_sign(urgency), urgency_word(urgency), _URGENT[urgency])


@dataclass(frozen=True, slots=True)
class Clock:
    """When somebody looks, and where: what times are told by."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def said(self, at: datetime) -> str:
        """Return a time as people say it: `today 14:20`, `yesterday 09:00`, `11-03 08:15`."""
        there = at.astimezone(self.zone)
        return f"{day_text(there.date(), self.today)} {there:%H:%M}"

    def day(self, day: date) -> str:
        """Return a day as people say it."""
        return day_text(day, self.today)

    def ago(self, at: datetime) -> str:
        """Return how long ago something was: `3 days ago`."""
        gone = self.now - at
        return t("ticket.time.ago", span=_span(gone)) if gone >= _MINUTE else t("ticket.time.now")

    def left(self, due: datetime) -> Mark:
        """Return how long is left until a deadline, or by how much it is over."""
        span = _span(abs(due - self.now))
        if due < self.now:
            return Mark("■", t("ticket.time.over", span=span), Tone.BAD)
        return Mark("", t("ticket.time.left", span=span))


def _span(span: timedelta) -> str:
    """Return a span in whole units that have passed: nobody plans by the minute what is due tomorrow."""
    step = _DAY if span >= 2 * _DAY else _HOUR if span >= _EXACT else _MINUTE
    return span_words(int((span // step * step).total_seconds() * 1000))


def due_mark(ticket: TicketLine, clock: Clock) -> Mark:
    """Return the deadline that counts now: to claim while nobody has, then to finish; empty when it is over."""
    if ticket.state not in OPEN:
        return Mark("", "")
    if ticket.state is State.WAITING and ticket.wait_until is not None and not ticket.overdue:
        tone = Tone.WARN if ticket.wait_until <= clock.today else Tone.PLAIN
        return Mark("◷", t("ticket.time.waits", day=clock.day(ticket.wait_until)), tone)
    claim = ticket.state in UNCLAIMED and ticket.accepted_at is None and ticket.accept_due_at < ticket.due_at
    if claim and not ticket.overdue:
        return clock.left(ticket.accept_due_at)
    return clock.left(ticket.due_at)
