"""Files that a calendar takes in, read by the package's parser and, line by line, against RFC 5545."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.duty.ics import Event, calendar_of
from models.text import normalise_note

SHANGHAI = ZoneInfo("Asia/Shanghai")
STAMP = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
NIGHT = Event(
    uid="0193-a@linli",
    sequence=2,
    starts_at=datetime(2026, 11, 18, 14, tzinfo=UTC),
    ends_at=datetime(2026, 11, 18, 22, tzinfo=UTC),
    summary="门岗夜班, 王阿姨; 老李",
    description="带钥匙\n[/b] C:\\门岗\nBEGIN:VEVENT",
    location="3号楼, 门卫室",
    cancelled=False,
    updated_at=datetime(2026, 11, 20, 1, tzinfo=UTC),
)


def written(*events: Event, name: str = "值班", zone: ZoneInfo = SHANGHAI) -> bytes:
    return calendar_of(events, name=name, zone=zone, stamp=STAMP)


def lines(raw: bytes) -> list[str]:
    """Return the content lines, unfolded by hand."""
    assert raw.endswith(b"\r\n")
    assert not re.search(rb"[^\r]\n|\r[^\n]", raw)
    physical = raw.removesuffix(b"\r\n").split(b"\r\n")
    for line in physical:
        assert len(line) <= 75
        line.decode()  # no character is cut in two
    return b"\r\n".join(physical).replace(b"\r\n ", b"").decode().split("\r\n")


def read_back(raw: bytes) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(raw).events


def test_the_file_is_the_one_that_the_standard_wants() -> None:
    found = lines(written(NIGHT))
    zone = found[found.index("BEGIN:VTIMEZONE") : found.index("END:VTIMEZONE") + 1]
    event = found[found.index("BEGIN:VEVENT") : found.index("END:VEVENT") + 1]
    assert (found[0], found[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert {"VERSION:2.0", "CALSCALE:GREGORIAN", "X-WR-CALNAME:值班", "X-WR-TIMEZONE:Asia/Shanghai"} <= set(
        found
    )
    assert zone == [
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Shanghai",
        "BEGIN:STANDARD",
        "DTSTART:20261117T080000",
        "TZNAME:CST",
        "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0800",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
    assert sorted(event) == sorted(
        [
            "BEGIN:VEVENT",
            "UID:0193-a@linli",
            "DTSTAMP:20261122T030405Z",
            "LAST-MODIFIED:20261120T010000Z",
            "SEQUENCE:2",
            "STATUS:CONFIRMED",
            "DTSTART;TZID=Asia/Shanghai:20261118T220000",
            "DTEND;TZID=Asia/Shanghai:20261119T060000",
            r"SUMMARY:门岗夜班\, 王阿姨\; 老李",
            r"DESCRIPTION:带钥匙\n[/b] C:\\门岗\nBEGIN:VEVENT",
            r"LOCATION:3号楼\, 门卫室",
            "END:VEVENT",
        ]
    )


def test_the_packages_own_parser_reads_back_what_was_written() -> None:
    (event,) = read_back(written(NIGHT))
    assert str(event["uid"]) == NIGHT.uid
    assert (event.start, event.end) == (NIGHT.starts_at, NIGHT.ends_at)
    assert [str(event[field]) for field in ("summary", "description", "location")] == [
        NIGHT.summary,
        NIGHT.description,
        NIGHT.location,
    ]
    assert event["sequence"] == 2


def test_a_shift_that_was_taken_out_is_cancelled_under_the_same_uid() -> None:
    found = lines(written(replace(NIGHT, sequence=3, cancelled=True)))
    assert {"UID:0193-a@linli", "SEQUENCE:3", "STATUS:CANCELLED"} <= set(found)
    assert "STATUS:CONFIRMED" not in found


def test_the_same_shifts_in_any_order_are_the_same_bytes_in_order_of_time() -> None:
    late = replace(
        NIGHT,
        uid="z",
        starts_at=NIGHT.starts_at + timedelta(days=1),
        ends_at=NIGHT.ends_at + timedelta(days=1),
    )
    twin = replace(NIGHT, uid="b")
    assert written(late, NIGHT, twin) == written(twin, late, NIGHT)
    assert [line for line in lines(written(late, NIGHT, twin)) if line.startswith("UID")] == [
        "UID:0193-a@linli",
        "UID:b",
        "UID:z",
    ]


def test_blank_texts_are_left_out_and_no_shift_at_all_is_still_a_calendar() -> None:
    found = lines(written(replace(NIGHT, description="", location=" ")))
    assert not [line for line in found if line.startswith(("DESCRIPTION", "LOCATION"))]
    empty = icalendar.Calendar.from_ical(written())
    assert (len(empty.events), len(empty.timezones)) == (0, 1)


def test_the_calendars_name_is_escaped_as_any_text() -> None:
    assert r"X-WR-CALNAME:甲\, 乙\; [/b]\nEND:VCALENDAR" in lines(written(name="甲, 乙; [/b]\nEND:VCALENDAR"))


@settings(deadline=None, max_examples=60)
@given(
    text=st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(',;\\\n\r\t\0"栋🏠')), max_size=200)
)
def test_any_text_stays_text_and_loses_nothing_that_is_shown(text: str) -> None:
    raw = written(replace(NIGHT, summary=text, description="门" + text))
    lines(raw)
    (event,) = read_back(raw)
    assert str(event.get("summary", "")) == normalise_note(text)
    assert str(event["description"]) == normalise_note("门" + text)


@pytest.mark.parametrize("length", [1, 24, 25, 60, 5000])
def test_long_chinese_lines_are_folded_between_characters(length: int) -> None:
    found = lines(written(replace(NIGHT, summary="汉" * length)))
    assert "SUMMARY:" + "汉" * length in found


def test_a_zone_whose_clocks_are_moved_says_when() -> None:
    """The start of each is what the wall showed before: 2 o'clock in March, 3 o'clock in October."""
    berlin = ZoneInfo("Europe/Berlin")
    autumn = replace(
        NIGHT, uid="b", starts_at=NIGHT.starts_at.replace(month=3), ends_at=NIGHT.ends_at.replace(month=3)
    )
    found = lines(written(NIGHT, autumn, zone=berlin))
    zone = found[found.index("BEGIN:VTIMEZONE") : found.index("END:VTIMEZONE")]
    assert [line for line in zone if line.startswith(("BEGIN", "DTSTART", "TZOFFSET"))][1:] == [
        *("BEGIN:STANDARD", "DTSTART:20260317T010000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100"),
        *("BEGIN:DAYLIGHT", "DTSTART:20260329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"),
        *("BEGIN:STANDARD", "DTSTART:20261025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"),
    ]
