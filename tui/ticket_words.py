"""Tickets in words: states with their symbol and colour, kinds of job, times. Loads no Textual."""

from __future__ import annotations

from models.tickets.rules import State, Urgency
from tui.i18n import has, t

#: A symbol for each state, so that no state is told by colour alone.
SIGNS = {
    State.REPORTED: "○",
    State.ACCEPTED: "◔",
    State.IN_PROGRESS: "◑",
    State.WAITING: "◷",
    State.DONE: "●",
    State.CLOSED: "★",
    State.REOPENED: "↻",
    State.REJECTED: "×",
    State.DUPLICATE: "≡",
    State.CANCELLED: "−",
}


def state_word(state: str) -> str:
    return _word(f"ticket.state.{state}", state)


def move_word(move: str) -> str:
    return _word(f"ticket.move.{move}", move)


def event_word(kind: str) -> str:
    return _word(f"ticket.event.{kind}", kind)


def urgency_word(urgency: str) -> str:
    return _word(f"ticket.urgency.{urgency}", urgency)


def channel_word(channel: str) -> str:
    return _word(f"ticket.channel.{channel}", channel)


def wait_word(wait_for: str) -> str:
    return _word(f"ticket.wait_for.{wait_for}", wait_for)


def cost_text(fen: int) -> str:
    """Return an amount of money in yuan, without zeros that say nothing."""
    yuan, rest = divmod(fen, 100)
    return t("ticket.yuan", n=f"{yuan}.{rest:02d}" if rest else yuan)


def work_text(minutes: int) -> str:
    """Return how long somebody worked, in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    parts = [t("span.hours", n=hours)] if hours else []
    parts += [t("span.minutes", n=rest)] if rest or not hours else []
    return " ".join(parts)


def urgency_sign(urgency: Urgency) -> str:
    """Return nothing for what is usual, one mark for what presses and two for what cannot wait."""
    return {Urgency.NORMAL: "", Urgency.URGENT: "!", Urgency.EMERGENCY: "!!"}[urgency]


def _word(key: str, code: str) -> str:
    """Return the word for a code; one of a later version stays as it is."""
    return t(key) if has(key) else code
