"""Times as people type them for an incident: today's hour, tomorrow's, a date's; what is none is none."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tui.screens.tickets.incidents_words import moment, moment_text
from tui.screens.tickets.marks import Clock

#: A Thursday morning in Shanghai, in spring.
CLOCK = Clock(datetime(2026, 3, 12, 2, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("16:00", "2026-03-12 16:00"),
        ("１６：００", "2026-03-12 16:00"),
        ("16点", "2026-03-12 16:00"),
        ("下午4点", "2026-03-12 16:00"),
        ("下午4点半", "2026-03-12 16:30"),
        ("4点20分", "2026-03-12 04:20"),
        ("中午12点", "2026-03-12 12:00"),
        ("中午1点", "2026-03-12 13:00"),
        ("中午11点半", "2026-03-12 11:30"),
        ("上午9点", "2026-03-12 09:00"),
        ("4:30 pm", "2026-03-12 16:30"),
        ("明天 8:30", "2026-03-13 08:30"),
        ("明天晚上8点", "2026-03-13 20:00"),
        ("tomorrow 8:30", "2026-03-13 08:30"),
        ("3-20 9:05", "2026-03-20 09:05"),
        ("3月20日9点", "2026-03-20 09:00"),
        ("2-1 9:00", "2027-02-01 09:00"),
        ("2026-03-10 9:00", "2026-03-10 09:00"),
    ],
)
def test_what_is_typed_is_meant(typed: str, meant: str) -> None:
    assert moment_text(moment(typed, CLOCK)) == meant


@pytest.mark.parametrize(
    "typed", ["", "16", "25:00", "12:60", "2-30 9:00", "一会儿", "[/b]", "明天", "9" * 5000]
)
def test_what_is_no_time_is_none(typed: str) -> None:
    assert moment(typed, CLOCK) is None


def test_a_time_that_is_shown_is_read_again_as_it_was() -> None:
    there = moment("明天 8:30", CLOCK)
    assert moment(moment_text(there), CLOCK) == there
