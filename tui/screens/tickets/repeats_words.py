"""Faults that come again in words: rows, the panel, what the ground says. Draws nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from models.tickets.between import Ground
from models.tickets.queries_repeats import RepeatLine
from models.tickets.repeats import Same, earliest
from models.tickets.rules import Ruling
from tui.blocked import percent
from tui.i18n import t
from tui.row_words import building_word, category_word, listed
from tui.screens.tickets.marks import Clock, state_mark
from tui.screens.tickets.repeats_store import Alarms, Beneath
from tui.widgets.map_panel import PanelRow, PanelView
from tui.widgets.rows import Column, RowView
from tui.widgets.sparkline import mud_chart
from tui.widgets.text import Mark, Tone

#: How many cells the days of a repeat are drawn in.
CHARTED = 16
_MOST_CODES = 12


def columns() -> tuple[Column, ...]:
    return (
        Column(t("repeats.place"), 14, priority=9, grow=True),
        Column(t("repeats.times"), 6, priority=9, align="right"),
        Column(t("repeats.kind"), 10, priority=8, grow=True),
        Column(t("repeats.state"), 14, priority=8),
        Column(t("repeats.days"), CHARTED, priority=6),
        Column(t("repeats.last"), 8, priority=7),
        Column(t("repeats.same"), 12, priority=3),
    )


def place_text(line: RepeatLine) -> str:
    """Return where it is; a building's code is called a building."""
    if line.repeat.subject.same is Same.FACILITY and line.building_id is not None:
        code, _, rest = line.place.partition(" ")
        return f"{building_word(code)} {rest}".rstrip()
    return line.place


def kind_text(line: RepeatLine) -> str:
    return listed([category_word(code) for code in line.repeat.categories])


def alarm_mark(line: RepeatLine) -> Mark:
    """Return whether it wants looking at, and the case it is in."""
    repeat = line.repeat
    if repeat.case is None:
        return Mark("▲", t("repeats.alarms"), Tone.BAD)
    key = "repeats.again_after" if repeat.alarms else "repeats.in_case"
    mark = Mark("▲", "", Tone.BAD) if repeat.alarms else Mark("●", "", Tone.INFO)
    return Mark(mark.symbol, t(key, code=repeat.case.code), mark.tone)


def row(line: RepeatLine, alarms: Alarms) -> RowView:
    repeat, clock = line.repeat, alarms.clock
    return RowView(
        line.key,
        (
            place_text(line),
            t("repeats.n_times", n=repeat.times),
            kind_text(line),
            alarm_mark(line),
            chart(line, alarms.ruling, clock),
            clock.day(repeat.last),
            t(f"repeat.same.{repeat.subject.same.value}"),
        ),
    )


def chart(line: RepeatLine, ruling: Ruling, clock: Clock) -> str:
    """Return when it was reported, the last days on the right: higher where more reports came in a few days."""
    begins = earliest(ruling, clock.today)
    days = max(1, (clock.today - begins).days + 1)
    counted = Counter(
        min(CHARTED - 1, max(0, (report.day - begins).days * CHARTED // days))
        for report in line.repeat.reports
    )
    return mud_chart([counted.get(cell) for cell in range(CHARTED)], max(3, *counted.values()))


def told(alarms: Alarms) -> Mark:
    """Return the line above the list."""
    number = sum(line.repeat.alarms for line in alarms.lines)
    rule = {"times": alarms.ruling.repeats, "days": alarms.ruling.repeat_days}
    if number:
        return Mark("▲", t("repeats.told", n=number, **rule), Tone.BAD)
    return Mark("✓", t("repeats.calm", **rule), Tone.GOOD)


def case_words(line: RepeatLine) -> str:
    """Return what a case over a repeat is called unless somebody says otherwise."""
    return t("repeats.case_words", place=place_text(line), kind=kind_text(line), n=line.repeat.times)


def panel(line: RepeatLine, beneath: Beneath | None, clock: Clock) -> PanelView:
    """Return everything about a repeat; what the ground says comes before its tickets."""
    return PanelView(
        place_text(line),
        kind_text(line),
        alarm_mark(line),
        "" if beneath is None else blocked_text(beneath.ground, clock),
        () if beneath is None else tuple(_rows(line, beneath, clock)),
    )


def _rows(line: RepeatLine, beneath: Beneath, clock: Clock) -> Iterator[PanelRow]:
    ground = beneath.ground
    for drained in ground.drained:
        if drained.wells == (drained.place,):
            continue  # a well is where it is
        if drained.wells:
            said = t("repeats.drains_into", place=drained.place, wells=listed(drained.wells))
            yield PanelRow(t("repeats.ground"), said, bare=True)
        elif line.repeat.subject.same is not Same.POINT:
            yield PanelRow(t("repeats.ground"), t("repeats.drains_nowhere", place=drained.place), bare=True)
    if ground.wells:
        codes = [well.code for well in ground.wells]
        yield PanelRow(t("repeats.between"), _some(codes, " → "))
        if ground.unseen:
            yield PanelRow(t("repeats.unseen"), _some(ground.unseen, t("list.comma")), Tone.WARN)
        else:
            yield PanelRow(t("repeats.unseen"), t("repeats.all_seen"))
    for ticket in sorted(beneath.tickets, key=lambda one: one.opened_at, reverse=True):
        said = f"{state_mark(ticket.state)}  {clock.said(ticket.opened_at)}  {ticket.what}"
        yield PanelRow(ticket.code, said)


def blocked_text(ground: Ground, clock: Clock) -> str:
    """Return which pipe is most likely blocked, after which walk; empty where the locator names none."""
    if ground.blocked is None or ground.located_at is None:
        return ""
    return t(
        "repeats.blocked",
        start=ground.blocked.start,
        end=ground.blocked.end,
        percent=percent(ground.blocked.chance),
        walk=ground.walk,
        day=clock.day(ground.located_at.date()),
    )


def _some(codes: Sequence[str], between: str) -> str:
    shown = between.join(codes[:_MOST_CODES])
    return shown if len(codes) <= _MOST_CODES else t("repeats.and_more", codes=shown, n=len(codes))
