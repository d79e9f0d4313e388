"""What the room of paper cards says of a card. Draws nothing."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from models.tickets.queries import TicketLine
from tui.i18n import t
from tui.row_words import category_word
from tui.screens.tickets.cards_state import Ending, Visit
from tui.screens.tickets.marks import state_mark
from tui.widgets.text import joined

_HOUR = 60


def time_words(minutes: int) -> str:
    """Return a time as hours and minutes."""
    hours, rest = divmod(minutes, _HOUR)
    if not hours:
        return t("ticket_cards.minutes_n", n=rest)
    return t("ticket_cards.hours_n", n=hours) + (t("ticket_cards.minutes_n", n=rest) if rest else "")


def money_words(fen: int) -> str:
    """Return an amount in fen as yuan."""
    return t("ticket_cards.yuan_n", n=f"{fen // 100}.{fen % 100:02}")


def head_words(line: TicketLine, visits: Sequence[Visit], doer: str, *, key: str) -> Content:
    """Return whose card lies on the table, in two lines; `key` is the one that names another doer."""
    where = " · ".join(part for part in (line.where, line.requester, category_word(line.category)) if part)
    number = t("ticket_cards.visit_n", n=len(visits) + 1)
    return joined(
        (line.code, "bold $accent"),
        "  ",
        state_mark(line.state),
        (f"  {where}\n", "$text-muted"),
        " ".join(line.what.split()),
        (
            f"  {number} · {t('ticket_cards.done_by', person=doer or t('walk.nobody'), key=key)}",
            "$text-muted",
        ),
    )


def card_words(visits: Sequence[Visit], ending: Ending) -> str:
    """Return what a card said, in a line."""
    minutes, cost = sum(one.minutes for one in visits), sum(one.cost for one in visits)
    parts = [t("ticket_cards.visits_n", n=len(visits))]
    if minutes:
        parts.append(time_words(minutes))
    if cost:
        parts.append(money_words(cost))
    parts.append(t(f"ticket_cards.result.{ending.result.value}"))
    if ending.score is not None:
        parts.append(t("ticket_cards.score_n", n=ending.score))
    return " · ".join(parts)
