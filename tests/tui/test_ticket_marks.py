"""Times and deadlines of tickets are told as people tell them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tui import i18n
from tui.screens.tickets.marks import Clock
from tui.screens.tickets.moves_fields import fen_of, happened, until_of
from tui.ticket_words import cost_text, work_text
from tui.widgets.text import Tone

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 12, 14, 20, tzinfo=ZONE).astimezone(UTC)
CLOCK = Clock(NOW, ZONE)


@pytest.fixture(autouse=True)
def _chinese() -> None:
    i18n.use("zh_CN", strict=True)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "今天 14:20"),
        (-15, "昨天 23:20"),
        (10, "明天 00:20"),
        (-80, "03-09 06:20"),
        (-9000, "2025-03-02 14:20"),
    ],
)
def test_a_time_is_told_by_its_day_in_the_compound(hours: int, words: str) -> None:
    assert CLOCK.said(NOW + timedelta(hours=hours)) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (20, "还有 20 分"),
        (200, "还有 3 小时 20 分"),
        (400, "还有 6 小时"),
        (1500, "还有 25 小时"),
        (4300, "还有 2 天"),
        (-30, "逾期 30 分"),
        (-4300, "逾期 2 天"),
    ],
)
def test_what_is_left_of_a_deadline_is_told_the_coarser_the_further_it_is(minutes: int, words: str) -> None:
    left = CLOCK.left(NOW + timedelta(minutes=minutes))
    assert left.word == words
    assert (left.symbol, left.tone) == (("", Tone.PLAIN) if minutes > 0 else ("■", Tone.BAD))


def test_what_has_just_happened_is_not_nought_minutes_ago() -> None:
    assert CLOCK.ago(NOW - timedelta(seconds=40)) == "刚才"
    assert CLOCK.ago(NOW - timedelta(minutes=5)) == "5 分前"
    assert CLOCK.ago(NOW - timedelta(days=3)) == "3 天前"


def test_money_is_counted_in_fen_and_told_in_yuan() -> None:
    assert [fen_of(value) for value in (None, Decimal("35.5"), Decimal("0.07"), 12)] == [0, 3550, 7, 1200]
    assert [cost_text(fen) for fen in (3550, 7, 1200)] == ["35.50 元", "0.07 元", "12 元"]


def test_work_is_told_in_hours_and_minutes_however_much_it_is() -> None:
    assert [work_text(minutes) for minutes in (0, 20, 60, 80, 3600)] == [
        "0 分", "20 分", "1 小时", "1 小时 20 分", "60 小时",
    ]  # fmt: skip


def test_a_day_that_is_typed_goes_before_one_that_was_chosen() -> None:
    today = date(2026, 3, 12)  # a Thursday
    chosen = {
        name: until_of({"until": name, "day": None}, today) for name in ("tomorrow", "in_three", "monday")
    }
    assert [day.day for day in chosen.values()] == [13, 15, 16]
    assert until_of({"until": "monday", "day": date(2026, 4, 1)}, today) == date(2026, 4, 1)
    # On a Monday the next one is meant.
    assert until_of({"until": "monday", "day": None}, date(2026, 3, 16)) == date(2026, 3, 23)


def test_what_was_done_on_another_day_was_done_at_its_noon() -> None:
    today = date(2026, 3, 12)
    assert happened(None, today, ZONE) is None
    assert happened(today, today, ZONE) is None
    assert happened(date(2026, 3, 10), today, ZONE) == datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
