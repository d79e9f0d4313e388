"""The roster in words and marks: cells of days, lines of shifts, who is on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from textual.content import Content

from models.duty.calendar import DayName
from models.duty.queries import OnShift, ShiftLine
from models.duty.rules import DayKind, Presence, ShiftState
from tui.duty_words import (
    DRAFT_SIGN,
    GAP_SIGN,
    LOCK_SIGN,
    SIGNS,
    day_text,
    gap_text,
    needs_text,
    presence_word,
    shift_name,
    span_text,
)
from tui.i18n import has, t
from tui.row_words import listed
from tui.screens.duty.roster_store import Looked, WhatDay
from tui.widgets.flow import flowed
from tui.widgets.month_calendar import CellLine, DayCell, MonthView
from tui.widgets.rows import RowView
from tui.widgets.text import Mark, Tone, cut, joined, plain, tone_style, width
from tui.widgets.week_grid import GridCell, GridRow, GridView

MINE_SIGN: Final = "★"
LEAVING_SIGN: Final = "↘"
_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_TONES: Final = {
    Presence.COMING: Tone.PLAIN,
    Presence.ON_DUTY: Tone.GOOD,
    Presence.SERVED: Tone.MUTED,
    Presence.MISSING: Tone.BAD,
    Presence.NO_SHOW: Tone.BAD,
    Presence.EXCUSED: Tone.WARN,
}


def month_text(month: date) -> str:
    return t("roster.month", year=month.year, month=month.month, month_name=t(f"date.month.{month.month}"))


def weekdays() -> tuple[str, ...]:
    return tuple(t(f"duty.weekday.short.{number}") for number in range(1, _WEEK + 1))


def day_name(what: WhatDay) -> Mark:
    """Return what a day is called in a calendar: a holiday's name, or that people work on a weekend."""
    if what.kind is DayKind.MAKEUP:
        return Mark("", what.name or t("roster.makeup"), Tone.WARN)
    if what.kind is DayKind.HOLIDAY:
        if what.name == DayName.BRIDGE:
            return Mark("", t("roster.bridge"), Tone.BAD)
        key = f"duty.holiday.{what.name}"
        return Mark("", t(key) if has(key) else what.name or t("roster.holiday"), Tone.BAD)
    return Mark("", what.name)


def is_mine(line: ShiftLine, me: UUID | None) -> bool:
    return me is not None and any(one.person_id == me for one in line.people)


def is_draft(line: ShiftLine) -> bool:
    """Whether something of a shift waits to be published."""
    return line.state is ShiftState.DRAFT or any(
        one.leaving or one.state is ShiftState.DRAFT for one in line.people
    )


# -- the month ---------------------------------------------------------------------------


def month_view(looked: Looked, month: date) -> MonthView:
    return MonthView(
        cells=tuple(_cell(looked, day, month) for day in looked.days),
        weekdays=weekdays(),
        today=looked.today,
        today_word=t("roster.today"),
    )


def _cell(looked: Looked, day: date, month: date) -> DayCell:
    lines = looked.on(day)
    past = day < looked.today
    return DayCell(
        day,
        name=day_name(looked.what[day]),
        marks=tuple(_marks(lines, looked.me, past=past)),
        lines=tuple(_cell_line(line, looked.me, past=past) for line in lines),
        outside=day.month != month.month,
    )


def _marks(lines: Sequence[ShiftLine], me: UUID | None, *, past: bool) -> Iterator[Mark]:
    """Yield the marks of a day, what matters most first: gaps, mine, drafts, and how many hands of how many."""
    if any(line.gap for line in lines):
        missing = sum(line.missing for line in lines)
        yield Mark(GAP_SIGN, str(missing or ""), Tone.MUTED if past else Tone.BAD)
    signs = MINE_SIGN if any(is_mine(line, me) for line in lines) else ""
    signs += DRAFT_SIGN if any(is_draft(line) for line in lines) else ""
    if signs:
        yield Mark(signs, "", Tone.INFO)
    if lines:
        there, hands = sum(line.staying for line in lines), sum(line.hands for line in lines)
        yield Mark("", f"{there}/{hands}", Tone.MUTED if past else Tone.PLAIN)


def _cell_line(line: ShiftLine, me: UUID | None, *, past: bool) -> CellLine:
    names = tuple(one.name for one in line.people if not one.leaving)
    word = line.name or line.post
    if line.gap and not past:
        return CellLine(Mark(GAP_SIGN, word, Tone.BAD), names)
    if is_mine(line, me):
        return CellLine(Mark(MINE_SIGN, word, Tone.INFO), names)
    sign = DRAFT_SIGN if is_draft(line) else ""
    return CellLine(Mark(sign, word, Tone.MUTED if past else Tone.PLAIN), names)


# -- the week ----------------------------------------------------------------------------


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Return days on end, both ends included."""
    return tuple(first + number * _DAY for number in range((last - first).days + 1))


def week_of(day: date) -> tuple[date, ...]:
    """Return the days of a day's week, from Monday on."""
    monday = day - (day.isoweekday() - 1) * _DAY
    return tuple(monday + number * _DAY for number in range(_WEEK))


def week_view(looked: Looked, day: date) -> GridView:
    """Return a week as a table: a line for each post and shift that it holds."""
    days = week_of(day)
    lines = [line for line in looked.lines if days[0] <= line.day <= days[-1]]
    rows: dict[tuple[str, str], list[ShiftLine]] = {}
    for line in sorted(lines, key=lambda line: (line.starts_at.astimezone(looked.zone).time(), line.post)):
        rows.setdefault((line.post, span_text(line.starts_at, line.ends_at, looked.zone)), []).append(line)
    return GridView(
        days=days,
        heads=tuple(_head(looked, one) for one in days),
        rows=tuple(_grid_row(post, span, held, days, looked) for (post, span), held in rows.items()),
        today=days.index(looked.today) if looked.today in days else None,
    )


def _grid_row(
    post: str, span: str, lines: Sequence[ShiftLine], days: Sequence[date], looked: Looked
) -> GridRow:
    """Return what a post has at one time of day; it bears a shift's name where all of them have the same."""
    names = {line.name for line in lines}
    titles = (post, *(name for name in names if name and len(names) == 1))
    cells = tuple(_grid_cell([line for line in lines if line.day == one], looked) for one in days)
    return GridRow(titles, span, cells)


def _head(looked: Looked, day: date) -> Mark:
    name = day_name(looked.what[day]) if day in looked.what else Mark("", "")
    weekday = t(f"duty.weekday.short.{day.isoweekday()}")
    word = f"{weekday} {day.day} {name.word}".strip()
    return Mark("", word, name.tone if name.word else Tone.PLAIN)


def _grid_cell(lines: Sequence[ShiftLine], looked: Looked) -> GridCell:
    marks = tuple(mark for line in lines for mark in _grid_marks(line, looked))
    return GridCell(marks, str(lines[0].id) if lines else "")


def _grid_marks(line: ShiftLine, looked: Looked) -> Iterator[Mark]:
    for one in line.people:
        yield person_mark(one, line, looked)
    if line.missing:
        yield Mark(GAP_SIGN, t("roster.short", n=line.missing), _gap_tone(line, looked))
    elif line.unmet:
        yield Mark(GAP_SIGN, t("roster.unmet"), _gap_tone(line, looked))


def _gap_tone(line: ShiftLine, looked: Looked) -> Tone:
    return Tone.MUTED if line.day < looked.today else Tone.BAD


def clash(one: OnShift, line: ShiftLine, looked: Looked) -> ShiftLine | None:
    """Return another shift of a day that somebody is on at the same time: two laptops may have put them there."""
    return next(
        (
            other
            for other in looked.on(line.day)
            if other.id != line.id
            and not other.called_off
            and other.starts_at < line.ends_at
            and line.starts_at < other.ends_at
            and any(two.person_id == one.person_id and not two.leaving for two in other.people)
        ),
        None,
    )


def person_mark(one: OnShift, line: ShiftLine, looked: Looked) -> Mark:
    """Return somebody on a shift with the one sign that matters most."""
    if not one.leaving and line.ends_at > looked.now and clash(one, line, looked) is not None:
        return Mark("!", one.name, Tone.BAD)
    if one.leaving:
        return Mark(LEAVING_SIGN, one.name, Tone.MUTED)
    if one.person_id == looked.me and one.presence not in (Presence.MISSING, Presence.NO_SHOW):
        how = "" if one.presence is Presence.COMING else SIGNS[one.presence]
        return Mark(MINE_SIGN + how, one.name, Tone.INFO)
    if one.presence is not Presence.COMING:
        return Mark(SIGNS[one.presence], one.name, _TONES[one.presence])
    draft = one.state is ShiftState.DRAFT or line.state is ShiftState.DRAFT
    return Mark(DRAFT_SIGN if draft else "", one.name)


# -- the day under the cursor --------------------------------------------------------------


def day_heading(looked: Looked, day: date) -> str:
    what = looked.what.get(day)
    name = "" if what is None else day_name(what).word
    kind = "" if what is None or name else t(f"duty.day.{what.kind.value}")
    today = t("roster.today") if day == looked.today else ""
    return " ".join(part for part in (day_text(day), today, name or kind) if part)


def day_lines(looked: Looked, day: date, cells: int) -> list[list[Content]]:
    """Return what a panel says of a day: its heading, then each shift as lines that belong together."""
    lines = looked.on(day)
    heading, counted = day_heading(looked, day), _counted(lines)
    if width(f"{heading}  {counted}") <= cells:
        parts = [[joined((heading, "bold"), "  ", (counted, "$text-muted"))]]
    else:
        parts = [[plain(cut(heading, cells), "bold"), plain(cut(counted, cells), "$text-muted")]]
    if not lines:
        parts.append([plain(line, "$text-muted") for line in flowed(_nothing(looked), cells)])
    parts += [list(_shift_lines(line, looked, cells)) for line in lines]
    return parts


def _counted(lines: Sequence[ShiftLine]) -> str:
    if not lines:
        return ""
    said = t("roster.shifts_n", n=len(lines))
    missing = sum(line.missing for line in lines)
    return f"{said} · {GAP_SIGN} {t('duty.gap.hands', n=missing)}" if missing else said


def _nothing(looked: Looked) -> str:
    return t("roster.no_shift" if looked.lines or looked.leads else "roster.nothing_published")


def _shift_lines(line: ShiftLine, looked: Looked, cells: int) -> Iterator[Content]:
    span = span_text(line.starts_at, line.ends_at, looked.zone)
    title = f"{span} {shift_name(line)}"
    names = [part for one in line.people if (part := _person_text(one, line, looked))]
    said = listed(names)
    gap = f"{GAP_SIGN} {gap_text(line)}" if line.gap else ""
    tail = [gap] if gap else []
    tail += [needs_text(line.needs)] if line.needs and not line.unmet else []
    if line.state is ShiftState.DRAFT:
        tail.append(f"{DRAFT_SIGN} {t('duty.state.draft')}")
    if line.too_many:
        tail.append(f"! {t('roster.too_many', n=line.staying - line.hands)}")
    rest = "  ".join(part for part in (said, "  ".join(tail)) if part)
    whole = f"{title}  {rest}"
    tone = tone_style(_gap_tone(line, looked)) if line.gap else ""
    if width(whole) <= cells:
        yield joined(
            (title, ""), "  ", (said, "bold"), "  " if said else "", ("  ".join(tail), tone or "$text-muted")
        )
        return
    yield plain(cut(title, cells))
    for number, part in enumerate(flowed(said, cells - 2)):
        if part or number:
            yield joined("  ", (part, "bold"))
    if tail:
        yield joined("  ", (cut("  ".join(tail), cells - 2), tone or "$text-muted"))


def _person_text(one: OnShift, line: ShiftLine, looked: Looked) -> str:
    mark = person_mark(one, line, looked)
    sign = "" if line.state is ShiftState.DRAFT and mark.symbol == DRAFT_SIGN else mark.symbol
    return f"{sign}{one.name}" + (
        LOCK_SIGN if one.locked and looked.leads and one.presence is Presence.COMING else ""
    )


def legend(lines: Sequence[ShiftLine], cells: int, *, leads: bool) -> list[str]:
    """Return what the signs mean, as lines; how people stand to their shifts is told where these shifts show it."""
    marks = [(GAP_SIGN, t("roster.sign.gap")), (MINE_SIGN, t("roster.sign.mine"))]
    if leads:
        marks += [
            (DRAFT_SIGN, t("roster.sign.draft")),
            (LEAVING_SIGN, t("roster.sign.leaving")),
            (LOCK_SIGN, t("roster.sign.locked")),
        ]
    shown = {one.presence for line in lines for one in line.people} - {Presence.COMING}
    marks += [(SIGNS[one], presence_word(one)) for one in Presence if one in shown]
    told: list[str] = []
    for sign, word in marks:
        if told and width(f"{told[-1]}  {sign} {word}") <= cells:
            told[-1] = f"{told[-1]}  {sign} {word}"
        else:
            told.append(cut(f"{sign} {word}", cells))
    return told


# -- gaps ----------------------------------------------------------------------------------


def gap_row(line: ShiftLine, looked: Looked) -> RowView:
    """Return a shift that lacks somebody as a row of the list of gaps."""
    on = listed([one.name for one in line.people if not one.leaving])
    return RowView(
        str(line.id),
        (
            day_text(line.day),
            span_text(line.starts_at, line.ends_at, looked.zone),
            shift_name(line),
            Mark(GAP_SIGN, gap_text(line), _gap_tone(line, looked)),
            on or "—",
        ),
        muted=line.day < looked.today,
    )


def presence_mark(one: OnShift) -> Mark:
    return Mark(SIGNS[one.presence], presence_word(one.presence), _TONES[one.presence])
