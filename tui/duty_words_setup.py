"""How the rooms speak in which duty is set up: a template in one sentence, spans of time, days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from models.duty.calendar import Calendar, DayName
from models.duty.needs import needs_of
from models.duty.occasions import DaysOff
from models.duty.queries_setup import TemplateLine
from models.duty.rules import MINUTES_A_DAY
from tui.duty_words import clock_text, day_text, needs_text, pattern_text
from tui.i18n import has, language, t
from tui.row_words import listed

_MINUTES_AN_HOUR: Final = 60


def times_text(starts: int, minutes: int) -> str:
    """Return from when until when: `8:30–11:30`, `22:00–6:00 (+1)`."""
    return f"{clock_text(starts)}–{clock_text(starts + minutes)}"


def ends_text(starts: int, minutes: int) -> str:
    """Return the end of a shift as a form shows it: a time of day, or a length where that could be read otherwise."""
    if minutes > MINUTES_A_DAY:
        hours, rest = divmod(minutes, _MINUTES_AN_HOUR)
        return t("duty_setup.minutes", n=minutes) if rest else t("duty_setup.hours", n=hours)
    return clock_text((starts + minutes) % MINUTES_A_DAY)


def month_days_text(days: Sequence[int]) -> str:
    """Return days of the month as they are typed."""
    return listed([t("duty_setup.month_end") if day == -1 else str(day) for day in days])


def template_text(line: TemplateLine, teams: Mapping[str, str] | None = None) -> str:
    """Return a template in one sentence: `周一至周五、单周，8:30–11:30，2 人，至少 1 名委员`."""
    parts = [pattern_text(line), times_text(line.starts, line.minutes), t("duty_setup.hands_n", n=line.hands)]
    needs = needs_text(needs_of(line.needs), teams)
    comma = "，" if language() == "zh_CN" else ", "
    return comma.join(part for part in [*parts, needs, line.team] if part)


def days_text(days: Sequence[date], most: int) -> str:
    """Return the first of some days, and how many more there are."""
    said = listed([day_text(day) for day in days[:most]])
    return t("duty_setup.and_more", days=said, n=len(days) - most) if len(days) > most else said


def holiday_word(name: str) -> str:
    """Return a holiday's word; a compound's own stays as it is."""
    key = f"duty.holiday.{name}"
    return t(key) if name in set(DayName) and has(key) else name


def days_off_text(off: DaysOff) -> str:
    """Return a run of days off: `国庆 10-01 – 10-08`."""
    first, last = f"{off.first:%m-%d}", f"{off.last:%m-%d}"
    return t("duty_setup.days_off", name=holiday_word(off.name), first=first, last=last)


def kind_of_day(calendar: Calendar, day: date) -> str:
    """Return what a day is, by its own name if it has one."""
    name, kind = calendar.name(day), t(f"duty.day.{calendar.kind(day).value}")
    return f"{holiday_word(name)} · {kind}" if name else kind
