"""What the report room says of a slip: who and where, what follows from its kind, what one key changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from models.tickets.queries_categories import CategoryLine
from models.tickets.queries_near import IncidentThere
from models.tickets.rules import Urgency, accept_due, finish_due
from tui.i18n import t
from tui.row_words import building_word
from tui.screens.register.words import masked
from tui.screens.tickets.marks import Clock, urgency_mark
from tui.screens.tickets.report_state import Slip
from tui.ticket_words import channel_word
from tui.widgets.text import joined, plain


def who_words(slip: Slip) -> str:
    """Return who asks, with the number they gave masked."""
    return " ".join(part for part in (slip.name, masked((slip.phone,)) if slip.phone else "") if part)


def where_words(slip: Slip) -> str:
    """Return where it is, the most exact first."""
    building = building_word(slip.building) if slip.building and not slip.household else ""
    return " · ".join(part for part in (slip.household, slip.point, slip.place, building) if part)


def taken(slip: Slip) -> Content:
    """Return what was taken so far of who and where."""
    who, where = who_words(slip), where_words(slip)
    quiet = "$text-muted"
    return joined(
        (f"{t('ticket_report.asks')} ", quiet),
        (who or t("ticket_report.not_said"), "bold" if who else quiet),
        (f"   {t('ticket_report.is_at')} ", quiet),
        (where or t("ticket_report.not_said"), "bold" if where else quiet),
    )


def follows(line: CategoryLine, slip: Slip, clock: Clock) -> Content:
    """Return by when it shall be taken and done, and whose it is, as its kind and urgency have it."""
    urgency = Urgency(slip.urgency) if slip.urgency else line.urgency
    parts = [
        t("ticket_report.accept_by", at=clock.said(accept_due(line.rules, urgency, clock.now))),
        t("ticket_report.finish_by", at=clock.said(finish_due(line.rules, urgency, clock.now))),
    ]
    if line.team:
        parts.append(t("ticket_report.team", team=line.team))
    return plain(" · ".join(parts))


def presets(slip: Slip, usual: Urgency, doer: str) -> tuple[str, str, str, str]:
    """Return how it came, how much it presses, how many hands it wants and who takes it in."""
    urgency = Urgency(slip.urgency) if slip.urgency else usual
    return (
        channel_word(slip.channel),
        str(urgency_mark(urgency)),
        t("ticket_report.hands_n", n=slip.hands),
        t("ticket_report.holder", person=doer or t("walk.nobody")),
    )


def say(incidents: Sequence[IncidentThere], clock: Clock) -> str:
    """Return the words to say to whoever asks where an incident strikes."""
    return "\n".join(_said(one, clock) for one in incidents)


def _said(one: IncidentThere, clock: Clock) -> str:
    until = _until(one.expected_at, clock)
    return t("ticket_report.say", name=one.name, words=one.words.replace("\n", " "), until=until)


def _until(at: datetime | None, clock: Clock) -> str:
    return "" if at is None else t("ticket_report.expected", at=clock.said(at))
