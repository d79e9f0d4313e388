"""Hours of duty in words and numbers. Loads no Textual."""

from __future__ import annotations

from datetime import date
from typing import Final

from models.duty.hours import Entry, Tally, Work
from tui.i18n import t

_AN_HOUR: Final = 60
#: What stands for no time at all, where zeros would hide the rest.
NOTHING: Final = "—"


def hm_text(minutes: int) -> str:
    """Return minutes as hours and minutes: `3:05`."""
    return f"{minutes // _AN_HOUR}:{minutes % _AN_HOUR:02d}"


def decimal_text(minutes: int) -> str:
    """Return minutes in hours to the hundredth, halves rounded up: `3.08`."""
    hundredths = (2 * 100 * minutes + _AN_HOUR) // (2 * _AN_HOUR)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def spelled_text(minutes: int) -> str:
    """Return minutes as somebody says them: `3 小时 5 分`."""
    return t("hours.spelled", hours=minutes // _AN_HOUR, minutes=minutes % _AN_HOUR)


def work_word(work: Work) -> str:
    return t(f"hours.work.{work.value}")


def month_word(month: date) -> str:
    return f"{month:%Y-%m}"


def team_word(name: str) -> str:
    """Return a team's name; what was given for none or for several has words of its own."""
    return name or t("hours.no_team")


def guest_word(name: str) -> str:
    return name or t("hours.nameless")


def about_text(entry: Entry) -> str:
    """Return what an entry is about: the kind of work, and which."""
    helped = t("hours.helped_mark") if entry.deed.helped else ""
    return " ".join(part for part in (work_word(entry.deed.work), entry.deed.about, helped) if part)


def minutes_of(tally: Tally, work: Work) -> int:
    return int(getattr(tally, work.value))


def times_of(tally: Tally, work: Work) -> int:
    """Return how often: shifts, walks, visits."""
    return {Work.DUTY: tally.shifts, Work.WALK: tally.walks, Work.TICKET: tally.visits}[work]
