"""What the room of schedules shows and asks: its line about rain, its rows, its form. Draws nothing."""

from __future__ import annotations

from datetime import date

from models.inspection.payloads_schedules import FIRST_DAY, LAST_DAY, MOST_WITHIN
from models.inspection.queries_schedules import DueLine
from models.inspection.rules import Every
from tui.i18n import t
from tui.screens.form import Values
from tui.screens.register.words import listed
from tui.screens.schedules.due_words import day_text, every_word, line_mark
from tui.screens.schedules.store import Plan
from tui.widgets.fields import DateField, Field, NumberField, TextField, Value
from tui.widgets.rows import RowView


def told(plan: Plan) -> str:
    """Return the line above the list: the days of rain that still matter to somebody."""
    if not plan.rain:
        return t("schedules.no_rain_noted")
    return t("schedules.rain_days", days=listed([day_text(line.day, plan.today) for line in plan.rain]))


def row(line: DueLine, today: date) -> RowView:
    """Return a schedule as a row of the list."""
    return RowView(
        str(line.id),
        (
            line.route,
            line_mark(line),
            day_text(line.due.due_on if line.due else None, today),
            every_word(line.every),
            day_text(line.last_walk_on, today) or t("schedules.never"),
            t("schedules.days", n=line.within_days),
            line.since.isoformat(),
            line.last_walk,
        ),
    )


def schedule_fields(every: str, since: date, within_days: int) -> list[Field]:
    """Return what is asked of a schedule."""
    rain = every == Every.RAIN
    return [
        DateField(
            id="since",
            label=t("schedules.since_rain") if rain else t("schedules.first_day"),
            value=since.isoformat(),
            required=True,
            hint=t("schedules.since_rain_hint") if rain else t("schedules.first_day_hint"),
            check=_out_of_time,
        ),
        NumberField(
            id="within_days",
            label=t("schedules.within"),
            value=str(within_days),
            required=True,
            minimum=0,
            maximum=MOST_WITHIN,
            unit=t("schedules.days_unit"),
            hint=t("schedules.within_hint"),
        ),
    ]


def _out_of_time(day: Value) -> str | None:
    return None if isinstance(day, date) and FIRST_DAY <= day <= LAST_DAY else t("schedules.out_of_time")


def days_of(values: Values) -> tuple[date, int]:
    """Return from when, and how many days late at most."""
    since, within_days = values["since"], values["within_days"]
    if not isinstance(since, date) or not isinstance(within_days, int):
        raise TypeError("the form lets nothing else through")
    return since, within_days


def rain_fields(today: date) -> list[Field]:
    """Return what is asked of a day of rain other than today and yesterday."""

    def fallen(day: Value) -> str | None:
        if isinstance(day, date) and day > today:
            return t("refusal.rain.future", day=day)
        return _out_of_time(day)

    return [
        DateField(
            id="day", label=t("schedules.day"), required=True, hint=t("schedules.day_hint"), check=fallen
        ),
        TextField(id="note", label=t("schedules.note"), longest=200),
    ]
