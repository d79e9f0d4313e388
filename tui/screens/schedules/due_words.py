"""How schedules speak: how often, how a route stands, what is due. Draws nothing; light enough for home."""

from __future__ import annotations

from datetime import date
from typing import Final

from models.inspection.queries_schedules import DueCounts, DueLine, UnderWay
from models.inspection.rules import Every
from models.inspection.scheduling import Due, DueState
from tui.i18n import t
from tui.widgets.text import Mark, Tone

EVERY: Final = {
    Every.WEEK: "every.week",
    Every.MONTH: "every.month",
    Every.QUARTER: "every.quarter",
    Every.YEAR: "every.year",
    Every.RAIN: "every.rain",
}
_STATES: Final = {
    DueState.OK: ("·", "due.ok", Tone.MUTED),
    DueState.SOON: ("○", "due.soon", Tone.INFO),
    DueState.DUE: ("●", "due.due", Tone.WARN),
    DueState.OVERDUE: ("■", "due.overdue", Tone.BAD),
}


def every_word(every: str) -> str:
    """Return how often in words; a period of a later version stays as it is."""
    return t(EVERY[Every(every)]) if every in set(Every) else every


def due_mark(counts: DueCounts) -> Mark:
    """Return what home says of schedules in one mark: what is overdue before what is due before what comes."""
    if counts.overdue and counts.due:
        return Mark("■", t("due.both_n", overdue=counts.overdue, due=counts.due), Tone.BAD)
    if counts.overdue:
        return Mark("■", t("due.overdue_n", n=counts.overdue), Tone.BAD)
    if counts.due:
        return Mark("●", t("due.due_n", n=counts.due), Tone.WARN)
    if counts.next is not None:
        return Mark("", t("due.next", day=counts.next[1]))
    return Mark("", "")


def due_note(counts: DueCounts) -> str:
    """Return which route is to be walked first and when, or nothing where none is scheduled."""
    if counts.next is None:
        return ""
    route, day = counts.next
    return t("due.first", route=route, day=day)


def state_mark(due: Due | None) -> Mark:
    """Return how a route stands."""
    symbol, key, tone = _STATES[DueState.OK if due is None else due.state]
    if due is not None and due.due_on is None:
        return Mark("·", t("due.no_rain"), Tone.MUTED)
    return Mark(symbol, t(key), tone)


def line_mark(line: DueLine) -> Mark:
    """Return how a route stands, and that somebody is on the way already."""
    mark = state_mark(line.due)
    if line.under_way is None:
        return mark
    if not line.presses:
        return Mark("◐", going(line.under_way), Tone.INFO)
    return Mark("◐", t("due.going", state=mark.word, going=going(line.under_way)), mark.tone)


def going(under_way: UnderWay) -> str:
    """Return how far a walk under way is."""
    return t("due.under_way", seen=under_way.progress.seen, total=under_way.progress.total)


def day_text(day: date | None, today: date) -> str:
    """Return a day as people say it: today and its neighbours by name, the year only when it is another."""
    if day is None:
        return ""
    near = {-1: "due.yesterday", 0: "due.today", 1: "due.tomorrow"}.get((day - today).days)
    if near is not None:
        return t(near)
    return day.isoformat() if day.year != today.year else f"{day:%m-%d}"
