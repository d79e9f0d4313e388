"""Doors that owe in words: why asking waits, what was said, what was promised."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from models.fees.dunning import DAYS_TO_PAY, NotYet, Pause, PromiseState
from models.fees.queries_arrears import ArrearsLine
from models.fees.queries_arrears_talks import Talk
from models.fees.queries_promises import Promise
from tui.fee_words import answer_word, step_word, sum_text, way_word
from tui.i18n import t
from tui.row_words import listed
from tui.widgets.text import Mark, Tone

_PROMISES = {
    PromiseState.OPEN: ("○", Tone.INFO),
    PromiseState.TODAY: ("◷", Tone.WARN),
    PromiseState.BROKEN: ("×", Tone.BAD),
    PromiseState.KEPT: ("√", Tone.GOOD),
}


def day_text(day: date, today: date) -> str:
    """Return a day as short as it is clear: without its year if it is this one."""
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def since_text(since: date) -> str:
    """Return since when something is owed: the month."""
    return f"{since:%Y-%m}"


def waiting_codes(line: ArrearsLine) -> str:
    """Return the tickets that a door waits for, the open ones first."""
    return listed([one.code for one in (*line.grievance.open, *line.grievance.unrated)])


def pause_text(line: ArrearsLine) -> str:
    """Return in a sentence why a door is not dunned now; empty when it may be."""
    pause = line.pause
    if pause is None:
        return ""
    return t(
        f"arrears.waits.{pause.value}",
        code=line.code,
        tickets=waiting_codes(line),
        day="" if line.deferred_until is None else line.deferred_until.isoformat(),
        promised="" if line.promise is None else line.promise.on.isoformat(),
    )


def state_mark(line: ArrearsLine, today: date) -> Mark:
    """Return how a door stands: what is to be fixed first, what was promised or put off, else that it may be asked."""
    pause = line.pause
    if pause is Pause.GRIEVANCE or pause is Pause.UNRATED:
        symbol = "!" if pause is Pause.GRIEVANCE else "?"
        return Mark(symbol, t(f"arrears.short.{pause.value}", tickets=waiting_codes(line)), Tone.WARN)
    if pause is Pause.DEFERRED and line.deferred_until is not None:
        return Mark("−", t("arrears.short.deferred", day=day_text(line.deferred_until, today)), Tone.MUTED)
    if pause is Pause.NOT_DUE:
        return Mark("·", t("arrears.pause.not_due"), Tone.MUTED)
    if line.promise is not None and line.promise.state is not PromiseState.KEPT:
        return promise_mark(line.promise, today)
    if not line.talks:
        return Mark("→", t("arrears.short.not_asked"))
    return Mark("→", t("arrears.short.ask"))


def promise_mark(promise: Promise, today: date) -> Mark:
    """Return what became of a promise, with its day."""
    symbol, tone = _PROMISES[promise.state]
    return Mark(symbol, t(f"arrears.short.{promise.state.value}", day=day_text(promise.on, today)), tone)


def promise_text(promise: Promise) -> str:
    """Return a promise with its sum, its day and what has come of it."""
    word = t(f"arrears.promise.{promise.state.value}")
    said = t("arrears.promise_of", fen=sum_text(promise.fen), day=promise.on.isoformat(), state=word)
    paid = t("arrears.promise_paid", fen=sum_text(promise.paid_fen)) if promise.paid_fen else ""
    return " · ".join(part for part in (said, paid) if part)


def talk_short(talk: Talk | None, zone: ZoneInfo, today: date) -> str:
    """Return the last talk in a few words."""
    if talk is None:
        return t("arrears.never")
    on = day_text(talk.at.astimezone(zone).date(), today)
    return f"{on} {way_word(talk.way)} {answer_word(talk.answer)}"


def talk_words(talk: Talk) -> str:
    """Return what came of a talk: the step, the answer, the promise, what was noted."""
    promised = (
        ""
        if talk.promise_on is None
        else t("arrears.talk_promise", day=talk.promise_on.isoformat())
        + ("" if talk.promise_fen is None else f" {sum_text(talk.promise_fen)}")
    )
    return " · ".join(
        part for part in (step_word(talk.step), answer_word(talk.answer), promised, talk.words) if part
    )


def rating_text(line: ArrearsLine) -> str:
    """Return the last rating that a household gave."""
    rating = line.grievance.rating
    return "" if rating is None else t("arrears.rated", n=rating)


def owed_line(line: ArrearsLine) -> str:
    """Return what a door owes: the sum, how many bills, since when."""
    door = line.door
    if not door.owed_fen:
        return t("arrears.owes_nothing")
    return t("arrears.owes", fen=sum_text(door.owed_fen), n=door.bills, since=since_text(door.since))


def not_yet_text(why: NotYet) -> str:
    """Return why a step cannot be taken yet."""
    if why.until is None:
        return t("letters.first", step=step_word(why.first))
    return t("letters.too_soon", step=step_word(why.first), n=DAYS_TO_PAY, day=why.until.isoformat())
