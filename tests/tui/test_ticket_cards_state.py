from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tickets.rules import State
from tui.screens.tickets.cards_state import (
    Ending,
    Result,
    Subject,
    Visit,
    card_intents,
    coming_day_of,
    day_of,
    fen_of,
    minutes_of,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 0),
        ("2", 120),
        ("1.5", 90),
        ("１。５", 90),
        ("0.1", 6),
        ("1:30", 90),
        ("1：05", 65),
        ("90分", 90),
        ("90 分钟", 90),
        ("90min", 90),
        ("1小时30分", 90),
        ("1个半小时", 90),
        ("2小时", 120),
        ("2h", 120),
        ("很久", None),
        ("-1", None),
        ("1:75", None),
        ("999", None),
        ("[/b]", None),
        ("分", None),
    ],
)
def test_time_is_read_as_people_write_it(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", TODAY),
        ("22", TODAY),
        ("23", date(2026, 10, 23)),
        ("31", date(2026, 10, 31)),
        ("１１－２０", date(2026, 11, 20)),
        ("11月3日", date(2026, 11, 3)),
        ("12.24", date(2025, 12, 24)),
        ("2026-01-05", date(2026, 1, 5)),
        ("20260105", date(2026, 1, 5)),
        ("2026年1月5日", date(2026, 1, 5)),
        ("32", None),
        ("2-30", None),
        ("昨天", None),
        ("{x}", None),
    ],
)
def test_a_day_without_a_year_or_month_is_the_last_such(text: str, day: date | None) -> None:
    assert day_of(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", date(2026, 11, 29)),
        ("22", TODAY),
        ("30", date(2026, 11, 30)),
        ("3", date(2026, 12, 3)),
        ("1月5日", date(2027, 1, 5)),
        ("2026-12-01", date(2026, 12, 1)),
        ("2026-11-01", None),
        ("下周", None),
    ],
)
def test_a_day_to_come_is_the_next_such(text: str, day: date | None) -> None:
    assert coming_day_of(text, TODAY) == day


@given(st.integers(0, 10_000_000))
def test_yuan_become_the_same_number_of_fen(fen: int) -> None:
    assert fen_of(Decimal(fen) / 100) == fen


def kinds(state: State, visits: int, ending: Ending) -> list[str]:
    return [intent.kind for intent in made(state, visits, ending)]


def made(state: State, visits: int, ending: Ending) -> list:  # type: ignore[type-arg]
    ids = (UUID(int=number) for number in count(1))
    zone = ZoneInfo("Asia/Shanghai")
    opened = datetime(2026, 11, 20, 10, tzinfo=UTC)
    subject = Subject(UUID(int=0), "KT1", state, opened, zone)
    typed = [Visit(date(2026, 11, 20) + timedelta(days=n), 30, "通了", "竹片", 1250) for n in range(visits)]
    now = datetime(2026, 11, 22, 3, tzinfo=UTC)
    return card_intents(subject, typed, ending, doer_id=UUID(int=7), now=now, new_id=lambda: next(ids))


def test_a_card_is_one_group_of_its_visits_its_end_and_its_score() -> None:
    ending = Ending(Result.DONE, recheck=True, score=4, said="好")
    group = made(State.ACCEPTED, 3, ending)
    assert [intent.kind for intent in group] == ["ticket.log", "ticket.log", "ticket.finish", "ticket.rate"]
    assert [intent.doer_id for intent in group] == [UUID(int=7)] * 3 + [None]
    assert group[2].payload["cost"] == 1250
    assert group[2].payload["recheck"] is True


def test_a_job_that_waits_or_is_not_done_yet_is_logged() -> None:
    assert kinds(State.ACCEPTED, 1, Ending(Result.NOT_YET)) == ["ticket.log"]
    waits = Ending(Result.WAITS, until=date(2026, 12, 1), because="等配件")
    assert kinds(State.ACCEPTED, 1, waits) == ["ticket.log", "ticket.wait"]


def test_what_is_done_already_is_not_done_again() -> None:
    assert kinds(State.DONE, 1, Ending(Result.DONE, score=5)) == ["ticket.log", "ticket.rate"]


def test_nothing_is_done_before_the_ticket_came_in_and_today_is_just_now() -> None:
    group = made(State.ACCEPTED, 3, Ending(Result.DONE, score=5))
    times = [intent.happened_at for intent in group]
    assert times == sorted(times)
    assert len(set(times)) == 4
    near = [datetime(2026, 11, 20, 10), datetime(2026, 11, 21, 4), datetime(2026, 11, 22, 3)]  # noqa: DTZ001
    for at, about in zip(times, near, strict=False):
        assert abs(at - about.replace(tzinfo=UTC)) < timedelta(milliseconds=2)
    assert times[0] >= datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert times[-1] < datetime(2026, 11, 22, 3, tzinfo=UTC)


def test_a_visit_is_kept_in_a_draft_as_it_was() -> None:
    visit = Visit(date(2026, 11, 20), 30, "[/b]", "竹片", 1250)
    assert Visit.from_kept(visit.kept()) == visit
