"""What Home asks behind its first frame: tickets, duty and fees, and what of them calls for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from models.duty.queries_home import GAPS_AHEAD, HomeDuty, home_duty
from models.duty.queries_presence import Attendance, Missing
from models.fees.periods import Period
from models.fees.queries_home import MAY_DECIDE, Collected, HomeFees, home_fees
from models.tickets.queries_home import HomeTickets, home_tickets
from tui import edge
from tui.desk import Desk
from tui.duty_words import GAP_SIGN, shift_name, shift_title, span_text
from tui.fee_words import span_text as period_text
from tui.fee_words import sum_text
from tui.i18n import t
from tui.row_words import listed
from tui.widgets.task_list import Task
from tui.widgets.tellings import Telling
from tui.widgets.text import Mark, Tone

#: Names of those on duty that are told; the rest is counted.
_NAMED: Final = 3
#: What presses comes first, and what is only good to know last.
_ORDER: Final = (Tone.BAD, Tone.WARN, Tone.INFO, Tone.GOOD, Tone.PLAIN)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to do today, and for whom."""

    tickets: HomeTickets
    duty: HomeDuty
    fees: HomeFees
    zone: ZoneInfo
    today: date
    #: Whether who acts may be the second person where money is taken back or given back.
    decides: bool = False


def look_at_work(desk: Desk) -> Work:
    """Ask what there is of tickets, duty and fees. Its cost follows what is open and near, not what is stored."""
    seat, now, today = desk.seat, edge.clock(), desk.today()
    decides = desk.may(MAY_DECIDE)
    with desk.store.read() as session:
        return Work(
            home_tickets(session, seat.compound_id, seat.person_id, now=now, today=today),
            home_duty(session, seat.compound_id, seat.person_id, now=now, today=today),
            home_fees(session, seat.compound_id, seat.person_id, today=today),
            ZoneInfo(seat.zone),
            today,
            decides,
        )


def tickets_task(work: Work, repeats: int) -> Task:
    tickets = work.tickets
    note = f"▲ {t('home.repeats', n=repeats)}" if repeats else t("home.tickets_note")
    if tickets.overdue and tickets.board:  # what is late stands in the mark
        note = f"{t('home.tickets_board', n=tickets.board)} · {note}"
    return Task("tickets", t("screen.tickets"), tickets_mark(tickets), note)


def tickets_mark(tickets: HomeTickets) -> Mark:
    """Return how many tickets are late, or else how many want hands."""
    if tickets.overdue:
        return Mark("■", t("home.tickets_late", n=tickets.overdue), Tone.BAD)
    return Mark("●", t("home.tickets_board", n=tickets.board), Tone.WARN) if tickets.board else Mark("", "")


def duty_task(work: Work) -> Task:
    return Task("duty", t("screen.duty"), duty_mark(work.duty), t("home.duty_note"))


def duty_mark(duty: HomeDuty) -> Mark:
    """Return how many are missed, else how many shifts lack somebody, else how many are there."""
    if duty.missing:
        return Mark("!", t("home.duty_missing_n", n=len(duty.missing)), Tone.BAD)
    if duty.gaps:
        return Mark(GAP_SIGN, t("home.duty_gaps_n", n=duty.gaps), Tone.WARN)
    return Mark("●", t("home.duty_there_n", n=len(duty.on_duty)), Tone.GOOD) if duty.on_duty else Mark("", "")


def fees_task(work: Work) -> Task:
    """Return how many doors owe how much, and how the latest period stands."""
    fees, latest = work.fees, work.fees.latest
    owed = t("home.fees_owed", sum=sum_text(fees.owed_fen)) if fees.doors else ""
    rate = ""
    if latest is not None:
        rate = rate_text(latest)
    note = " · ".join(part for part in (owed, rate) if part)
    mark = Mark("▲", t("home.fees_doors", n=fees.doors), Tone.INFO) if fees.doors else Mark("", "")
    return Task("fees", t("screen.fees"), mark, note or t("home.fees_note"))


def rate_text(latest: Collected) -> str:
    """Return how the latest period stands; only one that people have a short name for is named."""
    if "/" in Period(latest.since, latest.until).name:
        return t("home.fees_rate_now", percent=latest.percent)
    period = period_text(latest.since, latest.until)
    return t("home.fees_rate", period=period, percent=latest.percent)


def tellings(work: Work) -> list[Telling]:
    """Return what calls for somebody, the most pressing first; each leads to a room (`_LEADS` of Home)."""
    told = [
        Telling("own_tickets", own_mark(work.tickets)),
        Telling("missing", _missing(work.duty.missing)),
        Telling("clashes", _counted("home.duty_clashes", "!", work.duty.clashes)),
        Telling("requests", _counted("home.duty_requests", "⇄", work.duty.requests)),
        Telling("handovers", _counted("home.duty_handovers", "→", work.duty.handovers)),
        Telling("gaps", _gaps(work.duty.gaps)),
        Telling("on_duty", _on_duty(work.duty.on_duty)),
        Telling("promises", _counted("home.fees_promises", "◷", work.fees.promises)),
        Telling(
            "fee_requests",
            _counted("home.fees_requests", "?", work.fees.requests.payments if work.decides else 0),
        ),
        Telling("next_shift", _next(work)),
    ]
    return sorted((one for one in told if one.mark.word), key=lambda one: _ORDER.index(one.mark.tone))


def own_mark(tickets: HomeTickets) -> Mark:
    """Return what is in one's own hands: what is late, what waits for a yes or a no, then what one answers for and does."""
    own = {
        "home.own_late": tickets.late,
        "home.own_offered": tickets.offered,
        "home.own_clashes": tickets.clashes,
        "home.own_batons": tickets.batons,
        "home.own_jobs": tickets.jobs,
    }
    said = t("home.own_comma").join(t(key, n=n) for key, n in own.items() if n)
    if tickets.late:
        return Mark("■", said, Tone.BAD)
    return Mark("⚑", said, Tone.WARN if tickets.calls else Tone.INFO) if said else Mark("", "")


def _counted(key: str, sign: str, n: int) -> Mark:
    return Mark(sign, t(key, n=n), Tone.WARN) if n else Mark("", "")


def _missing(missing: Sequence[Missing]) -> Mark:
    if not missing:
        return Mark("", "")
    first = missing[0]
    said = t("home.duty_missing", person=first.name, shift=shift_name(first.shift), n=first.minutes)
    more = t("home.duty_missing_more", n=len(missing) - 1) if len(missing) > 1 else ""
    return Mark("!", said + more, Tone.BAD)


def _gaps(n: int) -> Mark:
    return Mark(GAP_SIGN, t("home.duty_gaps", n=n, days=GAPS_AHEAD), Tone.WARN) if n else Mark("", "")


def _on_duty(there: Sequence[Attendance]) -> Mark:
    if not there:
        return Mark("", "")
    names = listed([one.name for one in there[:_NAMED]])
    key = "home.duty_there" if len(there) <= _NAMED else "home.duty_there_more"
    return Mark("●", t(key, names=names, n=len(there)), Tone.GOOD)


def _next(work: Work) -> Mark:
    line = work.duty.next_shift
    if line is None:
        return Mark("", "")
    span = span_text(line.starts_at, line.ends_at, work.zone)
    if line.day == work.today:
        return Mark("◷", t("home.duty_next_today", shift=shift_name(line), span=span), Tone.INFO)
    return Mark("◷", t("home.duty_next", shift=shift_title(line), span=span))
