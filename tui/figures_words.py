"""The figures of tickets in words: hours, ratings, weeks, what a part is called. Loads no Textual."""

from __future__ import annotations

from datetime import date
from typing import Final

from models.tickets.figures import Figures, Part, Week
from tui.i18n import t
from tui.row_words import building_word, category_word

#: Nothing was counted that could have a median or a mean.
NOTHING: Final = "—"
_DAY: Final = 24.0
#: From so many hours on, people think in days.
_LONG: Final = 48.0


def span_text(since: date, last: date) -> str:
    """Return a span by its first and its last day."""
    return since.isoformat() if since == last else t("figures.span", since=since, last=last)


def hours_text(hours: float | None) -> str:
    """Return a time as people say it: minutes, hours or days."""
    if hours is None:
        return NOTHING
    if hours < 1:
        return t("figures.minutes", n=round(hours * 60))
    if hours < _LONG:
        return t("figures.hours", n=f"{round(hours, 1):g}")
    return t("figures.days", n=f"{round(hours / _DAY, 1):g}")


def work_hours(minutes: int) -> float:
    """Return work in hours, to a tenth."""
    return round(minutes / 60, 1)


def rating_text(figures: Figures) -> str:
    """Return the mean rating to a tenth."""
    return NOTHING if figures.rating is None else f"{figures.rating:.1f}"


def week_word(week: Week) -> str:
    """Return a week by its number."""
    return t("figures.week", n=week.number)


def days_text(week: Week) -> str:
    """Return the days of a week without their years."""
    return t("figures.week_days", first=f"{week.first:%m-%d}", last=f"{week.last:%m-%d}")


def category_of(part: Part) -> str:
    return category_word(part.key)


def building_of(part: Part) -> str:
    return building_word(part.key) if part.key else t("figures.no_building")
