"""Hours and balances as rows of lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from models.duty.balances import Came
from models.duty.hours import Entry, Hours, Tally, Work
from models.duty.queries_balances import BalanceLine, BalanceStory, FairLine, MonthLines, TurnLine
from models.duty.weighing import Part, Reason
from tui import hours_words as words
from tui.duty_words import day_text, points_text
from tui.i18n import t
from tui.row_words import listed
from tui.widgets.rows import Cell, Column, RowView
from tui.widgets.text import Mark, Tone

PEOPLE, TEAMS, MONTHS, BALANCES = "people", "teams", "months", "balances"
#: The rows of the sums; nothing stands behind them.
TOTAL: Final = "total"
_GUEST: Final = "guest:"
_HUNDRED: Final = 100
_COUNTS: Final = ("shifts", "helped", "walks", "visits", "no_shows")


def columns(view: str) -> tuple[Column, ...]:
    """Return the columns of a tab."""
    if view == BALANCES:
        return _balance_columns()
    heading = {PEOPLE: "person", TEAMS: "team", MONTHS: "month"}[view]
    return (
        Column(t(f"hours.{heading}"), 12, priority=9, grow=True),
        Column(t("hours.total"), 8, priority=9, align="right"),
        *(
            Column(t(f"hours.{name}"), 7, priority=priority, align="right")
            for name, priority in zip(("duty", "walk", "ticket"), (8, 6, 7), strict=True)
        ),
        *(
            Column(t(f"hours.short.{name}"), 6, priority=priority, align="right")
            for name, priority in zip(_COUNTS, (5, 3, 2, 1, 4), strict=True)
        ),
    )


def _row(row_id: str, name: Cell, tally: Tally) -> RowView:
    minutes = (words.minutes_of(tally, work) for work in Work)
    counts = (getattr(tally, name) for name in _COUNTS)
    return RowView(
        row_id,
        (
            name,
            words.hm_text(tally.minutes),
            *(words.hm_text(n) if n else words.NOTHING for n in minutes),
            *(str(n) if n else words.NOTHING for n in counts),
        ),
        muted=row_id == TOTAL,
    )


def rows(view: str, hours: Hours) -> list[RowView]:
    """Return the rows of a tab of hours, the sum last."""
    if view == PEOPLE:
        found = [_row(str(one.person_id), one.name, one.tally) for one in hours.people]
        found += [
            _row(f"{_GUEST}{one.name}", t("hours.guest", name=words.guest_word(one.name)), one.tally)
            for one in hours.guests
        ]
    elif view == TEAMS:
        found = [_row(str(one.team_id), words.team_word(one.name), one.tally) for one in hours.teams]
    else:
        found = [
            _row(one.month.isoformat(), words.month_word(one.month), one.tally)
            for one in reversed(hours.months)
        ]
    return [*found, _row(TOTAL, t("hours.total"), hours.total)] if found else []


def entries_of(view: str, row_id: str, hours: Hours) -> tuple[Entry, ...]:
    """Return what stands behind a row, the newest first."""

    def is_of(entry: Entry) -> bool:
        deed = entry.deed
        if view == TEAMS:
            return str(deed.team_id) == row_id
        if row_id.startswith(_GUEST):
            same = {one.deed.who for one in hours.entries if one.deed.guest == row_id.removeprefix(_GUEST)}
            return deed.person_id is None and deed.who in same
        return str(deed.person_id) == row_id

    return tuple(entry for entry in reversed(hours.entries) if is_of(entry))


# -- entries -------------------------------------------------------------------------------


def entry_columns(*, named: bool) -> tuple[Column, ...]:
    who = (Column(t("hours.person"), 8, priority=8),) if named else ()
    return (
        Column(t("hours.column.day"), 10, priority=9),
        *who,
        Column(t("hours.column.what"), 24, priority=8, grow=True),
        Column(t("hours.column.counts"), 7, priority=9, align="right"),
    )


def entry_rows(entries: Iterable[Entry], names: Mapping[UUID, str] | None) -> list[RowView]:
    """Return what was done, each with what counts of it; `names` where it is of several people."""
    found = []
    for entry in entries:
        deed = entry.deed
        name = (
            words.guest_word(deed.guest) if deed.person_id is None else (names or {}).get(deed.person_id, "")
        )
        who = () if names is None else (name,)
        cells = (day_text(deed.day), *who, words.about_text(entry), words.hm_text(entry.minutes))
        found.append(RowView(deed.row_id.hex, cells))
    return found


# -- balances ------------------------------------------------------------------------------


def _balance_columns() -> tuple[Column, ...]:
    return (
        Column(t("hours.person"), 10, priority=9, grow=True),
        Column(t("hours.balance.owed"), 12, priority=9),
        *(
            Column(t(f"hours.balance.{name}"), 9, priority=priority, align="right")
            for name, priority in zip(("before", "fair", "done", "missed"), (5, 8, 8, 6), strict=True)
        ),
        Column(t("hours.balance.settled"), 8, priority=3),
    )


def owed_mark(points: int) -> Mark:
    """Return what somebody owes in words: a plus owes duty, a minus has done more than their share."""
    if not points:
        return Mark("=", t("hours.balance.even"))
    said = t("hours.balance.owes" if points > 0 else "hours.balance.ahead", n=points_text(abs(points)))
    return Mark("+", said, Tone.WARN) if points > 0 else Mark("−", said, Tone.GOOD)


def signed(points: int) -> str:
    """Return a change with its sign."""
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{points_text(abs(points))}"


def balance_rows(lines: Iterable[BalanceLine]) -> list[RowView]:
    return [
        RowView(
            str(line.person_id),
            (
                line.person,
                owed_mark(line.owed),
                *(
                    signed(change) if change else words.NOTHING
                    for change in (line.before, line.fair, -line.done, line.missed)
                ),
                "" if line.settled is None else words.month_word(line.settled),
            ),
        )
        for line in lines
    ]


def story_columns() -> tuple[Column, ...]:
    return (
        Column(t("hours.column.when"), 10, priority=9),
        Column(t("hours.column.what"), 30, priority=8, grow=True),
        Column(t("hours.column.change"), 8, priority=9, align="right"),
        Column(t("hours.column.then"), 8, priority=9, align="right"),
    )


def story_rows(told: BalanceStory) -> list[RowView]:
    """Return the lines that add up to what somebody owes; the last column is what it comes to with each."""
    found: list[RowView] = []
    for at, (when, what, change, then) in enumerate(_told(told)):
        found.append(RowView(str(at), (when, what, change, points_text(then))))
    return found


def _told(told: BalanceStory) -> Iterator[tuple[str, str, str, int]]:
    sum_ = 0
    settled = told.settled
    if settled is not None:
        month = words.month_word(settled.month)
        for name, change in (
            ("before", settled.before),
            ("fair", settled.fair),
            ("done", -settled.done),
            ("missed", settled.missed),
        ):
            sum_ += change
            if change or name == "before":
                yield month, t(f"hours.story.{name}"), signed(change), sum_
        yield month, t("hours.story.settled"), "", settled.owed
        sum_ = settled.owed
    for lines in told.months:
        for line, change in _changes(lines):
            sum_ += change
            yield (*line, signed(change), sum_)
    yield "", t("hours.story.owed"), "", told.owed


def _changes(month: MonthLines) -> Iterator[tuple[tuple[str, str], int]]:
    for fair in month.fair:
        yield (words.month_word(month.month), _fair_text(fair)), fair.fair
    for turn in month.turns:
        yield (day_text(turn.day), _turn_text(turn)), turn.missed - turn.done


def _fair_text(line: FairLine) -> str:
    pool = line.team or t("hours.story.all")
    said = t(
        "hours.story.share",
        pool=pool,
        shifts=line.shifts,
        points=points_text(line.points),
        people=line.people,
    )
    more = [
        t("hours.story.percent", n=line.share) if line.share != _HUNDRED else "",
        t("hours.story.pausing", n=line.pausing) if line.pausing else "",
    ]
    return listed([said, *(part for part in more if part)])


def _turn_text(turn: TurnLine) -> str:
    what = f"{turn.post} {turn.name}".strip()
    came = "" if turn.came is Came.CAME else t(f"hours.came.{turn.came.value}")
    parts = "" if _is_plain(turn.parts) else " + ".join(_part_text(part) for part in turn.parts)
    return " ".join(part for part in (what, came, f"({parts})" if parts else "") if part)


def _is_plain(parts: tuple[Part, ...]) -> bool:
    return all(part.reason is Reason.PLAIN for part in parts)


def _part_text(part: Part) -> str:
    return t(
        "hours.part",
        reason=t(f"hours.reason.{part.reason.value}"),
        time=words.hm_text(part.minutes),
        percent=part.percent,
    )
