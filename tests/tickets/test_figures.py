"""What a station did, counted: by hand, against a slow plain count, and from a store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tickets.figures import SUMS, Backlog, Figures, Job, Report, draw_up
from models.tickets.rules import State

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: A Monday and the Monday four weeks on.
SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 30)
NOW = datetime(2026, 3, 25, 4, tzinfo=UTC)


def at(day: int, hour: float = 9.0, month: int = 3) -> datetime:
    """Return a moment in Shanghai, in UTC as it is stored."""
    return (datetime(2026, month, day, tzinfo=SHANGHAI) + timedelta(hours=hour)).astimezone(UTC)


def job(opened: datetime, state: State = State.REPORTED, **more: object) -> Job:
    plain: dict[str, object] = {
        "opened_at": opened,
        "accepted_at": None,
        "done_at": None,
        "due_at": opened + timedelta(hours=48),
        "wait_until": None,
        "state": state.value,
        "category": "drain",
        "building": "3",
        "is_case": False,
        "reopened": 0,
        "score": None,
        "minutes": 0,
        "cost": 0,
        "hands": 0,
    }
    return Job(**(plain | more))  # type: ignore[arg-type]


def count(jobs: Iterable[Job], since: date = SINCE, until: date = UNTIL) -> Report:
    return draw_up(jobs, since=since, until=until, zone=SHANGHAI, now=NOW, backlog=Backlog())


def test_a_week_counted_by_hand() -> None:
    jobs = [
        # Brought on Monday, claimed after 2 hours, done after 10, rated 5.
        job(at(2), State.CLOSED, accepted_at=at(2, 11), done_at=at(2, 19), score=5, minutes=60, cost=1500, hands=2),
        # Claimed after 4 hours, done after 5 days, which is past its deadline of 2; nobody has rated it.
        job(at(3), State.DONE, accepted_at=at(3, 13), done_at=at(8), minutes=30, cost=0, hands=1, reopened=1),
        # Open and past its deadline.
        job(at(4), State.IN_PROGRESS, accepted_at=at(4, 12), category="lamp"),
        # What waits for a day that is still to come is not late.
        job(at(5), State.WAITING, accepted_at=at(5, 10), wait_until=date(2026, 3, 31), category="lamp"),
        job(at(5), State.REJECTED, building=""),
        job(at(6), State.CANCELLED, building="4"),
        job(at(7), State.DUPLICATE, building="4"),
        # Brought the week before, done in this one.
        job(at(26, month=2), State.CLOSED, accepted_at=at(26, 10, month=2), done_at=at(2, 9), score=2, hands=1),
        # A case: nobody brought it, but it is done.
        job(at(6), State.DONE, accepted_at=at(6, 10), done_at=at(7, 9), is_case=True, minutes=90, cost=12000),
        # Of the week after.
        job(at(9)),
    ]  # fmt: skip
    week = count(jobs).weeks[0].figures
    assert week == Figures(
        taken=7,
        claimed=4,
        open=2,
        answered=2,
        rejected=1,
        cancelled=1,
        duplicates=1,
        late_open=1,
        reopened=1,
        done=4,
        closed=2,
        late=2,
        minutes=180,
        cost=13500,
        hands=4,
        scores=(0, 1, 0, 0, 1),
        accept_hours=2.5,
        finish_hours=median([10, 120, 96, 24]),
    )
    assert (week.overdue, week.rated, week.rating) == (3, 2, 3.5)


def test_a_ticket_is_taken_in_one_week_and_done_in_another() -> None:
    counted = count([job(at(7), State.DONE, accepted_at=at(8), done_at=at(10))])
    assert [(week.figures.taken, week.figures.done) for week in counted.weeks] == [
        (1, 0),
        (0, 1),
        (0, 0),
        (0, 0),
    ]


def test_what_was_opened_again_is_done_no_more() -> None:
    jobs = [job(at(2), State.REOPENED, accepted_at=at(2), done_at=None, reopened=2, score=1)]
    total = count(jobs).total
    assert (total.done, total.rated, total.open, total.reopened) == (0, 0, 1, 2)


def test_done_without_a_claim_is_claimed_but_has_no_time_to_the_claim() -> None:
    total = count([job(at(2), State.DONE, done_at=at(2, 12))]).total
    assert (total.claimed, total.accept_hours, total.finish_hours) == (1, None, 3.0)


def test_a_day_begins_at_midnight_in_the_compound() -> None:
    late_sunday, monday = at(8, 23.99), at(9, 0.0)
    assert late_sunday.date() == monday.date() == date(2026, 3, 8)
    counted = count([job(late_sunday), job(monday)])
    assert [week.figures.taken for week in counted.weeks] == [1, 1, 0, 0]


def test_the_span_ends_before_its_last_instant() -> None:
    assert count([job(at(30, 0.0)), job(at(2, 0.0)), job(at(1, 23.9))]).total.taken == 1


def test_weeks_are_named_as_iso_8601_names_them_and_cut_where_the_span_ends() -> None:
    weeks = count([], date(2026, 12, 31), date(2027, 1, 6)).weeks
    assert [(week.code, week.first, week.last, week.days) for week in weeks] == [
        ("2026-W53", date(2026, 12, 31), date(2027, 1, 3), 4),
        ("2027-W01", date(2027, 1, 4), date(2027, 1, 5), 2),
    ]


def test_nothing_counted_is_noughts_without_medians() -> None:
    counted = count([])
    assert counted.total == Figures()
    assert counted.total.rating is None
    assert (counted.categories, counted.buildings, len(counted.weeks)) == ((), (), 4)


def test_what_was_typed_in_the_wrong_order_took_no_time() -> None:
    total = count([job(at(3), State.DONE, accepted_at=at(2), done_at=at(2, 8))]).total
    assert (total.accept_hours, total.finish_hours) == (0.0, 0.0)


def test_buildings_come_in_natural_order_and_what_has_none_comes_last() -> None:
    jobs = [job(at(2), building=code) for code in ("10", "", "2", "A")]
    assert [part.key for part in count(jobs).buildings] == ["2", "10", "A", ""]


def test_the_most_asked_category_comes_first() -> None:
    jobs = [job(at(2), category=code) for code in ("lamp", "drain", "drain", "[/b]")]
    assert [part.key for part in count(jobs).categories] == ["drain", "[/b]", "lamp"]


# -- against a slow plain count ------------------------------------------------------------

MOMENTS = st.integers(-8 * 24, 36 * 24).map(lambda hours: at(2, 0) + timedelta(hours=hours))


@st.composite
def any_job(draw: st.DrawFn) -> Job:
    state = draw(st.sampled_from(State))
    opened, due = draw(MOMENTS), draw(MOMENTS)
    finished = state in {State.DONE, State.CLOSED}
    return job(
        opened,
        state,
        due_at=due,
        accepted_at=draw(st.none() | MOMENTS),
        done_at=draw(MOMENTS) if finished else None,
        wait_until=draw(st.none() | st.dates(SINCE, UNTIL)),
        category=draw(st.sampled_from(["drain", "lamp", "x"])),
        building=draw(st.sampled_from(["1", "2", ""])),
        is_case=draw(st.booleans()),
        reopened=draw(st.integers(0, 3)),
        score=draw(st.none() | st.integers(1, 5)),
        minutes=draw(st.integers(0, 100)),
        cost=draw(st.integers(0, 100)),
        hands=draw(st.integers(0, 3)),
    )


def local_day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def slow_count(jobs: Sequence[Job], first: date, last: date) -> dict[str, object]:
    """Count with plain lists, going by days instead of instants."""
    taken = [one for one in jobs if not one.is_case and first <= local_day(one.opened_at) <= last]
    done = [
        one
        for one in jobs
        if one.state in {"done", "closed"} and one.done_at and first <= local_day(one.done_at) <= last
    ]

    def of(*states: str) -> int:
        return len([one for one in taken if one.state in states])

    live = [
        one
        for one in taken
        if one.state in {"reported", "accepted", "in_progress", "waiting", "reopened"} and one.due_at < NOW
    ]
    waits = [
        one
        for one in live
        if one.state == "waiting" and one.wait_until is not None and one.wait_until >= local_day(NOW)
    ]
    return {
        "taken": len(taken),
        "claimed": len([one for one in taken if one.accepted_at or one.state in {"done", "closed"}]),
        "open": of("reported", "accepted", "in_progress", "waiting", "reopened"),
        "answered": of("done", "closed"),
        "rejected": of("rejected"),
        "cancelled": of("cancelled"),
        "duplicates": of("duplicate"),
        "late_open": len(live) - len(waits),
        "reopened": sum(one.reopened for one in taken),
        "done": len(done),
        "closed": len([one for one in done if one.state == "closed"]),
        "late": len([one for one in done if one.done_at and one.done_at > one.due_at]),
        "minutes": sum(one.minutes for one in done),
        "cost": sum(one.cost for one in done),
        "hands": sum(one.hands for one in done),
        "scores": tuple(len([one for one in done if one.score == score]) for score in range(1, 6)),
        "finish": sorted(
            max(0.0, (one.done_at - one.opened_at).total_seconds()) for one in done if one.done_at
        ),
    }


def as_counted(figures: Figures) -> dict[str, object]:
    return {name: getattr(figures, name) for name in (*SUMS, "scores")}


@given(st.lists(any_job(), max_size=40))
def test_every_figure_is_what_a_slow_plain_count_finds(jobs: list[Job]) -> None:
    counted = count(jobs)
    slow = slow_count(jobs, SINCE, UNTIL - timedelta(days=1))
    finish = slow.pop("finish")
    assert as_counted(counted.total) == slow
    assert isinstance(finish, list)
    assert counted.total.finish_hours == (pytest.approx(median(finish) / 3600) if finish else None)
    for week in counted.weeks:
        plain = slow_count(jobs, week.first, week.last)
        plain.pop("finish")
        assert as_counted(week.figures) == plain
    for part in counted.categories:
        plain = slow_count([one for one in jobs if one.category == part.key], SINCE, counted.last)
        plain.pop("finish")
        assert as_counted(part.figures) == plain


@given(st.lists(any_job(), max_size=40))
def test_totals_are_the_sums_of_weeks_of_categories_and_of_buildings(jobs: list[Job]) -> None:
    counted = count(jobs)
    for parts in (counted.weeks, counted.categories, counted.buildings):
        for name in SUMS:
            assert sum(getattr(part.figures, name) for part in parts) == getattr(counted.total, name), name
        for score in range(5):
            assert sum(part.figures.scores[score] for part in parts) == counted.total.scores[score]
    total = counted.total
    assert total.open + total.answered + total.rejected + total.cancelled + total.duplicates == total.taken
