"""Shifts as an iCalendar file (RFC 5545), for the calendar of a phone. Words are the caller's; no clock is read.

What is asked twice is written the same, byte for byte. An event keeps its uid for ever and counts `sequence` up
with each change, so that a calendar that takes the file in again moves the event it has; one that was taken out is
written as cancelled, since a file in which it is missing would leave it standing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from models.text import normalise_note

if TYPE_CHECKING:
    import icalendar

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)
_PRODUCT: Final = "-//Linli//Duty//ZH"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    cancelled: bool
    updated_at: datetime


def calendar_of(events: Iterable[Event], *, name: str, zone: ZoneInfo, stamp: datetime) -> bytes:
    """Return a calendar with its events in order of time, told in the zone; `stamp` is when it was written."""
    import icalendar

    entries = sorted(events, key=lambda event: (event.starts_at, event.uid))
    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # As a text: the package would write what it does not know without escapes.
    calendar.add("x-wr-calname", icalendar.vText(normalise_note(name)))
    calendar.add("x-wr-timezone", icalendar.vText(zone.key))
    instants = [at for entry in entries for at in (entry.starts_at, entry.ends_at)] or [stamp]
    calendar.add_component(_timezone(zone, min(instants), max(instants)))
    for entry in entries:
        calendar.add_component(_entry(entry, zone, stamp))
    written: bytes = calendar.to_ical()
    return written


def _entry(event: Event, zone: ZoneInfo, stamp: datetime) -> icalendar.Event:
    import icalendar

    entry = icalendar.Event()
    entry.add("uid", event.uid)
    entry.add("dtstamp", stamp.astimezone(UTC))
    entry.add("last-modified", event.updated_at.astimezone(UTC))
    entry.add("sequence", event.sequence)
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    for field in ("summary", "description", "location"):
        text = normalise_note(getattr(event, field))
        if text:
            entry.add(field, text)
    return entry


def _timezone(zone: ZoneInfo, first: datetime, last: datetime) -> icalendar.Timezone:
    """Return what a zone's clocks show around a span, with each time that they are put forward or back in it.

    The package has a function for this, which gives the wall's time after a change where the standard wants the
    one before it, and so puts clocks forward an hour late.
    """
    import icalendar

    timezone = icalendar.Timezone()
    timezone.add("tzid", zone.key)
    begins = (first.astimezone(UTC) - _DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    timezone.add_component(_observance(zone, begins, before=begins))
    for change in _changes(zone, begins, last.astimezone(UTC) + _DAY):
        timezone.add_component(_observance(zone, change, before=change - _SECOND))
    return timezone


def _observance(
    zone: ZoneInfo, onset: datetime, *, before: datetime
) -> icalendar.TimezoneStandard | icalendar.TimezoneDaylight:
    import icalendar

    after, earlier = onset.astimezone(zone), before.astimezone(zone)
    offset_before = earlier.utcoffset() or timedelta()
    part = icalendar.TimezoneDaylight() if after.dst() else icalendar.TimezoneStandard()
    part.add("dtstart", onset.replace(tzinfo=None) + offset_before)
    part.add("tzoffsetfrom", offset_before)
    part.add("tzoffsetto", after.utcoffset() or timedelta())
    part.add("tzname", after.tzname() or zone.key)
    return part


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Give the instants in UTC from which a zone's clocks show something else."""
    day = first
    while day < last:
        low, high = day, day + _DAY
        if _shown(zone, low) != _shown(zone, high):
            while high - low > _SECOND:
                middle = low + (high - low) // 2
                low, high = (low, middle) if _shown(zone, middle) != _shown(zone, day) else (middle, high)
            yield high.replace(microsecond=0)
        day += _DAY


def _shown(zone: ZoneInfo, at: datetime) -> tuple[timedelta | None, str | None]:
    local = at.astimezone(zone)
    return local.utcoffset(), local.tzname()
