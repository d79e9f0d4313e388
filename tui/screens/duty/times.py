"""Times of a day as people type them from paper, and the moments they mean. Pure; draws nothing."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from models.duty.rules import MINUTES_A_DAY
from tui.i18n import t
from tui.widgets.fields import Value

_SPELT: Final = re.compile(r"(\d{1,2})[:.时点h](\d{1,2})分?|(\d{1,2}?)(\d{2})|(\d{1,2})[时点h]?")
_HALF_A_DAY: Final = MINUTES_A_DAY // 2
_AN_HOUR: Final = 60


def read_clock(text: str) -> int | None:
    """Return minutes after midnight of `0832`, `832`, `8:32`, `8点32分`, `8`; None if it is no time of day."""
    found = _SPELT.fullmatch("".join(unicodedata.normalize("NFKC", text).split()).lower())
    if found is None:
        return None
    hours = int(found[1] or found[3] or found[5])
    minutes = int(found[2] or found[4] or 0)
    if minutes >= _AN_HOUR or hours * _AN_HOUR + minutes > MINUTES_A_DAY:
        return None
    return hours * _AN_HOUR + minutes


def check_clock(value: Value) -> str | None:
    """Return what is wrong with a time that was typed, for a field of a form."""
    return t("duty_desk.not_a_time") if read_clock(str(value)) is None else None


def moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return the instant of a time of a day, as the station's clock shows it."""
    return datetime.combine(day + timedelta(minutes // MINUTES_A_DAY), time(), zone) + timedelta(
        minutes=minutes % MINUTES_A_DAY
    )


def near(minutes: int, at: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a time of day that is nearest to another: of a night shift it may be the next day's."""
    local = at.astimezone(zone)
    apart = minutes - (local.hour * _AN_HOUR + local.minute)
    if apart > _HALF_A_DAY:
        apart -= MINUTES_A_DAY
    elif apart <= -_HALF_A_DAY:
        apart += MINUTES_A_DAY
    there = local.replace(second=0, microsecond=0, tzinfo=None) + timedelta(minutes=apart)
    return there.replace(tzinfo=zone)


def after(minutes: int, at: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant of a time of day behind another."""
    local = at.astimezone(zone)
    same = moment(local.date(), minutes, zone)
    return same if same > at else moment(local.date() + timedelta(days=1), minutes, zone)


def clock_of(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant as a time of day: `8:32`."""
    local = at.astimezone(zone)
    return f"{local.hour}:{local.minute:02d}"
