"""Incidents in words: rows, facts, the notice for the chat group, times that people type. Draws nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from models.tickets.queries_incidents import IncidentLine
from tui.i18n import t
from tui.paper.findings import public_note
from tui.row_words import building_word, category_word, listed
from tui.screens.tickets.marks import Clock
from tui.widgets.facts import Fact
from tui.widgets.rows import Column, RowView
from tui.widgets.text import Mark, Tone

_TIME = re.compile(r"(?P<hour>\d{1,2})\s*(?:[:点时h]\s*(?P<minute>\d{1,2})?\s*分?|(?P<half>点半))$")
_DAY = re.compile(r"(?:(?P<year>\d{4})\D)?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?")
_WORDS: Final = {
    "今天": 0, "今日": 0, "today": 0, "明天": 1, "明日": 1, "tomorrow": 1, "后天": 2, "後天": 2,
}  # fmt: skip
#: Said before the hour: half a day is added to small hours.
_AFTER_NOON: Final = ("下午", "傍晚", "晚上", "晚", "pm")
_AT_NOON: Final = "中午"
_BEFORE_NOON: Final = ("上午", "早上", "凌晨", _AT_NOON, "am")
_NOON: Final = 12
_HOURS: Final = 24


def incident_columns() -> tuple[Column, ...]:
    """Return the columns of the lists."""
    return (
        Column(t("incidents.name"), 16, priority=9, grow=True),
        Column(t("incidents.state"), 18, priority=8),
        Column(t("incidents.where"), 12, priority=7, grow=True),
        Column(t("incidents.tickets"), 12, priority=6, align="right"),
        Column(t("incidents.kind"), 10, priority=4),
        Column(t("incidents.since"), 12, priority=5),
    )


def incident_row(line: IncidentLine, clock: Clock) -> RowView:
    return RowView(
        str(line.id),
        (
            line.name,
            state_mark(line, clock),
            struck_text(line),
            tickets_text(line),
            kind_text(line),
            clock.said(line.started_at),
        ),
        muted=line.archived,
    )


def state_mark(line: IncidentLine, clock: Clock) -> Mark:
    """Return whether it lasts, and until when; one that should be over by now says so."""
    if line.ended_at is not None:
        return Mark("✓", t("incidents.ended", when=clock.said(line.ended_at)), Tone.GOOD)
    if line.expected_at is None:
        return Mark("●", t("incidents.lasts"), Tone.WARN)
    if line.expected_at < clock.now:
        return Mark("■", t("incidents.late", when=clock.said(line.expected_at)), Tone.BAD)
    return Mark("●", t("incidents.until", when=clock.said(line.expected_at)), Tone.WARN)


def struck_text(line: IncidentLine) -> str:
    if not line.buildings:
        return t("incidents.everywhere")
    return listed([building_word(one.code) for one in line.buildings])


def kind_text(line: IncidentLine) -> str:
    return category_word(line.category) if line.category else t("incidents.any_kind")


def tickets_text(line: IncidentLine) -> str:
    """Return how many tickets it has, and how many of them are open."""
    if not line.tickets:
        return "—"
    if not line.open_tickets:
        return str(line.tickets)
    return t("incidents.tickets_open", n=line.tickets, open=line.open_tickets)


def incident_facts(line: IncidentLine, clock: Clock) -> list[Fact]:
    """Return what its card says of it."""
    facts = [
        Fact(t("incidents.state"), state_mark(line, clock)),
        Fact(t("incidents.where"), struck_text(line)),
        Fact(t("incidents.kind"), kind_text(line)),
        Fact(t("incidents.since"), clock.said(line.started_at)),
        Fact(t("incidents.words"), line.words),
    ]
    if not line.lasts:
        facts.append(Fact(t("incidents.ended_words"), line.ended_words))
    return facts


def notice(line: IncidentLine, clock: Clock, names: Collection[str]) -> str:
    """Return the notice for the chat group; names and phones that somebody wrote into it are masked."""
    return "\n".join(part for part in _notice(line, clock, names) if part)


def _notice(line: IncidentLine, clock: Clock, names: Collection[str]) -> Iterator[str]:
    name = public_note(line.name, names)
    yield t("incidents.notice" if line.lasts else "incidents.notice_ended", name=name)
    yield t("incidents.notice_where", where=struck_text(line))
    if not line.lasts:
        if line.ended_at is not None:
            yield t("incidents.notice_over", when=clock.said(line.ended_at))
        yield public_note(line.ended_words, names)
        return
    yield public_note(line.words, names)
    if line.expected_at is not None:
        yield t("incidents.notice_until", when=clock.said(line.expected_at))
    yield t("incidents.notice_no_need")


# -- times that people type ----------------------------------------------------------------


def moment(text: str, clock: Clock) -> datetime | None:
    """Return the time that was typed: `16:00`, `下午4点`, `明天 8:30`, `11-23 16:00`, `2026-11-23 16:00`; None if it is none.

    An hour alone is today's; a day without a year is the next one of that date.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold().replace("：", ":")
    today = clock.today
    day, rest = today, plain
    for word, days in _WORDS.items():
        if plain.startswith(word):
            day, rest = today + timedelta(days=days), plain.removeprefix(word)
            break
    else:
        found = _DAY.match(plain)
        if found is not None:
            on = _day(found, today)
            if on is None:
                return None
            day, rest = on, plain[found.end() :]
    hour = _hour(rest.strip(" t,，"))
    return None if hour is None else datetime.combine(day, hour, clock.zone)


def _day(found: re.Match[str], today: date) -> date | None:
    year, month, day = (found[name] for name in ("year", "month", "day"))
    try:
        on = date(int(year) if year else today.year, int(month), int(day))
        return on.replace(year=on.year + 1) if not year and on < today else on
    except ValueError:
        return None


def _hour(text: str) -> time | None:
    said = next(
        (word for word in (*_AFTER_NOON, *_BEFORE_NOON) if text.startswith(word) or text.endswith(word)), ""
    )
    found = _TIME.match(text.removeprefix(said).removesuffix(said).strip())
    if found is None:
        return None
    hour, minute = int(found["hour"]), 30 if found["half"] else int(found["minute"] or 0)
    # One o'clock at noon is after it, eleven is not.
    if hour < _NOON and (said in _AFTER_NOON or (said == _AT_NOON and hour < _NOON // 2)):
        hour += _NOON
    return time(hour, minute) if hour < _HOURS and minute < 60 else None  # noqa: PLR2004 - minutes of an hour


def moment_text(at: datetime | None) -> str:
    """Return a time as `moment` reads it again."""
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"
