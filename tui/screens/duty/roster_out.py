"""How a roster leaves the app: as a text for the chat group, as a line for each person. Names are masked, drafts stay inside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from models.duty.queries import OnShift, ShiftLine
from models.duty.rules import ShiftState
from models.text import mask_name
from tui.duty_words import GAP_SIGN, day_text, shift_name, span_text
from tui.i18n import t
from tui.row_words import listed
from tui.screens.base import Shell
from tui.screens.chat_text import offer_text
from tui.screens.duty.roster_store import Looked
from tui.screens.duty.roster_words import month_text
from tui.widgets.picker import Option
from tui.widgets.text import Tone

_CHAT: Final = ("days", "people")


def offer_out(screen: Shell[Any], looked: Looked, month: date) -> None:
    """Ask in which form the published roster of a month shall leave."""
    options = [Option(form, t(f"roster.out.{form}"), t(f"roster.out.{form}_note")) for form in _CHAT]

    def chosen(form: str) -> None:
        lines = published(looked, month)
        if not lines:
            screen.flash(t("roster.nothing_published"), Tone.WARN)
            return
        told = list(day_texts(lines, looked) if form == "days" else person_texts(lines, looked))
        title = t("roster.out.title", month=month_text(month))
        offer_text(screen, title, "\n".join([title, *told]))

    screen.choose(t("roster.out.choose"), options, chosen)


def published(looked: Looked, month: date) -> list[ShiftLine]:
    """Return the published shifts of a month."""
    return [
        line
        for line in looked.lines
        if line.state is ShiftState.PUBLISHED and (line.day.year, line.day.month) == (month.year, month.month)
    ]


def _told(line: ShiftLine) -> list[OnShift]:
    """Return who is known to be on a shift: drafts are not, and who only leaves by a draft still is."""
    return [one for one in line.people if one.state is ShiftState.PUBLISHED]


def day_texts(lines: list[ShiftLine], looked: Looked) -> Iterator[str]:
    """Yield a roster day by day, names masked, open places named."""
    by_day: dict[date, list[ShiftLine]] = defaultdict(list)
    for line in lines:
        by_day[line.day].append(line)
    for day, held in by_day.items():
        yield day_text(day)
        for line in held:
            names = listed([mask_name(one.name) for one in _told(line)])
            missing = line.hands - len(_told(line))
            ahead = missing > 0 and line.starts_at > looked.now
            gap = f"{GAP_SIGN} {t('roster.out.wanted', n=missing)}" if ahead else ""
            said = "  ".join(part for part in (names, gap) if part)
            yield f"  {span_text(line.starts_at, line.ends_at, looked.zone)} {shift_name(line)}  {said}".rstrip()


def person_texts(lines: list[ShiftLine], looked: Looked) -> Iterator[str]:
    """Yield a line for each person with their shifts, names masked."""
    shifts: dict[tuple[str, object], list[str]] = defaultdict(list)
    for line in lines:
        for one in _told(line):
            span = span_text(line.starts_at, line.ends_at, looked.zone)
            shifts[one.name, one.person_id].append(f"{day_text(line.day)} {span} {shift_name(line)}")
    for (name, _), held in sorted(shifts.items(), key=lambda item: (item[0][0], str(item[0][1]))):
        yield t("roster.out.person", name=mask_name(name), n=len(held))
        yield from (f"  {one}" for one in held)
