"""Schedules and days of rain: what they change, and what is due by them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from simulation.devices import MORNING, Laptop, verdict_of
from sqlalchemy import event
from street import id_of, lay, refused

from models.inspection import queries_schedules as queries
from models.inspection.queries_schedules import DueCounts, DueLine
from models.listings import list_rows
from models.operations.verdicts import Merged

DAY = timedelta(days=1)
#: The compound was founded a month before, so that people had their roles on the days that are spoken of.
NOW = MORNING + 30 * DAY
TODAY = NOW.date()


@pytest.fixture
def street(laptop: Laptop) -> Laptop:
    """Four wells on the route 东线, two of them on 西线 as well."""
    laptop.clock.now = NOW
    lay(laptop, "W1", "W2", "W3", "W4")
    laptop.do("route.add", name="东线", stops=["W1", "W2", "W3", "W4"])
    laptop.do("route.add", name="西线", stops=["W3", "W4"])
    return laptop


def schedule(laptop: Laptop, route: str, every: str, since: date = TODAY, within_days: int = 2) -> None:
    laptop.do("schedule.add", route=route, every=every, since=since.isoformat(), within_days=within_days)


def walk(laptop: Laptop, name: str, route: str, *seen: str, ago: int = 0, finish: bool = True) -> None:
    """Walk a route some days ago."""
    now, laptop.clock.now = laptop.clock.now, laptop.clock.now - ago * DAY
    laptop.do("walk.start", name=name, route=route)
    for code in seen:
        laptop.do("walk.observe", walk=name, point=code, level="dry")
    if finish:
        laptop.do("walk.finish", walk=name)
    laptop.clock.now = now


def lines(laptop: Laptop, today: date = TODAY) -> list[DueLine]:
    with laptop.store.read() as session:
        return list(queries.due_routes(session, laptop.compound_id, today))


def states(laptop: Laptop, today: date = TODAY) -> list[tuple[str, str, str]]:
    return [(line.route, line.every, line.due.state.value) for line in lines(laptop, today) if line.due]


def home(laptop: Laptop, today: date = TODAY) -> DueCounts:
    with laptop.store.read() as session:
        return queries.home_due(session, laptop.compound_id, today=today)


def test_a_route_has_one_schedule_of_each_period(street: Laptop) -> None:
    schedule(street, "东线", "month")
    schedule(street, "东线", "rain")
    again = street.do("schedule.add", route="东线", every="month", since=TODAY.isoformat())
    assert isinstance(verdict_of(again), Merged)
    assert street.ask("select count(*) from schedule") == [(2,)]
    assert street.ask("select count(*) from conflict") == [(0,)]


def test_the_same_schedule_from_another_day_keeps_the_first_and_tells_of_the_other(street: Laptop) -> None:
    schedule(street, "东线", "month")
    street.do("schedule.add", route="东线", every="month", since=(TODAY + DAY).isoformat())
    assert street.ask("select since from schedule") == [(TODAY.isoformat(),)]
    assert street.ask("select field from conflict") == [("since",)]


def test_a_schedule_is_changed_field_by_field_and_back(street: Laptop) -> None:
    schedule(street, "东线", "month")
    done = street.do("schedule.edit", schedule="东线", new={"within_days": 7})
    assert street.ask("select within_days, since from schedule") == [(7, TODAY.isoformat())]
    street.undo(done.group_id)
    assert street.ask("select within_days from schedule") == [(2,)]


@pytest.mark.parametrize(
    "odd",
    [{"every": "day"}, {"within_days": -1}, {"within_days": 61}, {"since": "0226-03-02"}, {"since": "soon"}],
)
def test_a_schedule_that_cannot_be_meant_is_refused(street: Laptop, odd: dict[str, object]) -> None:
    given = {"route": "东线", "every": "month", "since": "2026-03-02", **odd}
    assert refused(street, "schedule.add", **given).code == "payload.invalid"


def test_rain_noted_twice_is_one_day_and_keeps_the_first_note(street: Laptop) -> None:
    street.do("rain.add", day=TODAY.isoformat())
    street.do("rain.add", day=TODAY.isoformat(), note="淹到路沿")
    again = street.do("rain.add", day=TODAY.isoformat(), note="淹到路沿")
    assert isinstance(verdict_of(again), Merged)
    assert street.ask("select day, note from rain") == [(TODAY.isoformat(), "淹到路沿")]


def test_rain_that_is_still_to_come_is_refused(street: Laptop) -> None:
    assert refused(street, "rain.add", day=(TODAY + DAY).isoformat()).code == "rain.future"


def test_a_new_schedule_is_due_on_its_first_day(street: Laptop) -> None:
    schedule(street, "东线", "week")
    schedule(street, "西线", "week", TODAY + 6 * DAY)
    assert states(street) == [("东线", "week", "due"), ("西线", "week", "ok")]
    assert home(street) == DueCounts(due=1, overdue=0, next=("东线", TODAY))


def test_a_finished_walk_puts_it_off_to_the_next_slot(street: Laptop) -> None:
    schedule(street, "东线", "week", TODAY - 7 * DAY)
    assert states(street) == [("东线", "week", "overdue")]
    walk(street, "三月", "东线", "W1", "W2", "W3", "W4")
    assert states(street) == [("东线", "week", "ok")]
    assert lines(street)[0].last_walk == "三月"
    assert home(street) == DueCounts(due=0, overdue=0, next=("东线", TODAY + 7 * DAY))


@pytest.mark.parametrize(("seen", "state"), [((), "due"), (("W1",), "due"), (("W1", "W4"), "ok")])
def test_a_walk_counts_when_half_of_the_points_were_seen(
    street: Laptop, seen: tuple[str, ...], state: str
) -> None:
    schedule(street, "东线", "week")
    walk(street, "三月", "东线", *seen)
    assert states(street) == [("东线", "week", state)]


def test_a_point_seen_twice_is_seen_once_and_one_beside_the_route_not_at_all(street: Laptop) -> None:
    schedule(street, "西线", "week")
    schedule(street, "东线", "year", TODAY + 90 * DAY)
    walk(street, "三月", "东线", "W1", "W1", "W1")
    walk(street, "四月", "西线", "W1", "W2")
    assert lines(street)[0].last_walk_on is None
    street.do("point.archive", point="W3")
    street.do("point.archive", point="W4")
    assert [line.last_walk for line in lines(street)] == ["四月", "三月"]  # one of two, none of none


def test_a_walk_over_another_route_or_archived_or_reopened_counts_for_nothing(street: Laptop) -> None:
    schedule(street, "东线", "week")
    walk(street, "甲", "西线", "W3", "W4")
    walk(street, "乙", "东线", "W1", "W2", "W3")
    street.do("walk.archive", walk="乙")
    walk(street, "丙", "东线", "W1", "W2", "W3")
    street.do("walk.reopen", walk="丙")
    [line] = lines(street)
    assert (line.presses, line.last_walk_on) == (True, None)
    assert line.under_way is not None
    assert (line.under_way.name, line.under_way.progress.seen, line.under_way.progress.total) == ("丙", 3, 4)


def test_the_newest_walk_that_counts_is_the_last_one(street: Laptop) -> None:
    schedule(street, "东线", "month", TODAY - 20 * DAY)
    walk(street, "早", "东线", "W1", "W2", ago=19)
    walk(street, "中", "东线", "W1", "W2", ago=12)
    walk(street, "空", "东线", ago=2)
    assert (lines(street)[0].last_walk, lines(street)[0].last_walk_on) == ("中", TODAY - 12 * DAY)


def test_a_walk_dated_in_the_future_hides_none_before_it(street: Laptop) -> None:
    """A laptop's clock was ten years ahead."""
    schedule(street, "西线", "week", TODAY - 14 * DAY)
    walk(street, "昨天", "西线", "W3", "W4", ago=1)
    walk(street, "明年", "西线", "W3", "W4", ago=-3650)
    (line,) = lines(street)
    assert (line.last_walk, line.last_walk_on) == ("昨天", TODAY - DAY)
    assert states(street) == [("西线", "week", "ok")]


def test_a_walk_is_of_the_day_it_ended_in_the_compound(street: Laptop) -> None:
    """At 23:30 in UTC it is the next morning here."""
    schedule(street, "东线", "week")
    street.clock.now = NOW.replace(hour=23, minute=30)
    walk(street, "夜", "东线", "W1", "W2")
    assert lines(street, TODAY + DAY)[0].last_walk_on == TODAY + DAY


def test_rain_makes_a_route_due_until_it_is_walked(street: Laptop) -> None:
    schedule(street, "东线", "rain", TODAY - 30 * DAY)
    street.do("rain.add", day=(TODAY - 5 * DAY).isoformat())
    street.do("rain.add", day=(TODAY - DAY).isoformat())
    assert states(street) == [("东线", "rain", "overdue")]
    walk(street, "雨后", "东线", "W1", "W2", ago=4)
    assert states(street) == [("东线", "rain", "due")]
    street.do("rain.archive", rain=(TODAY - DAY).isoformat())
    assert states(street) == [("东线", "rain", "ok")]
    assert home(street).next is None


def test_a_route_counts_once_at_home_by_its_worse_schedule(street: Laptop) -> None:
    schedule(street, "东线", "week")
    schedule(street, "东线", "rain", TODAY - 9 * DAY)
    schedule(street, "西线", "month")
    street.do("rain.add", day=(TODAY - 8 * DAY).isoformat())
    assert home(street) == DueCounts(due=1, overdue=1, next=("东线", TODAY - 7 * DAY))


def test_what_is_archived_falls_due_no_more(street: Laptop) -> None:
    schedule(street, "东线", "week")
    schedule(street, "西线", "week")
    street.do("schedule.archive", schedule="东线")
    street.do("route.archive", route="西线")
    assert states(street) == []
    assert home(street) == DueCounts(0, 0, None)


def test_lists_tell_what_is_due_and_what_is_planned(street: Laptop) -> None:
    schedule(street, "东线", "week", TODAY - 7 * DAY)
    schedule(street, "西线", "year", TODAY + 200 * DAY)
    street.do("rain.add", day=TODAY.isoformat(), note="大")
    walk(street, "半", "东线", "W1", finish=False)

    def listed(name: str) -> list[dict[str, object]]:
        with street.store.read() as session:
            rows = list_rows(session, street.compound_id, name, today=TODAY)
            assert isinstance(rows, Iterator)
            return [{key: value for key, value in row.items() if not key.endswith("id")} for row in rows]

    [late] = listed("due")
    assert (late["route"], late["state"], late["due_on"]) == (
        "东线",
        "overdue",
        (TODAY - 7 * DAY).isoformat(),
    )
    assert (late["under_way"], late["seen"], late["total"]) == ("半", 1, 4)
    assert [(row["route"], row["state"]) for row in listed("schedules")] == [
        ("东线", "overdue"),
        ("西线", "ok"),
    ]
    assert listed("rains") == [{"day": TODAY.isoformat(), "note": "大", "archived": False}]


def test_a_schedule_is_named_by_route_and_period(street: Laptop) -> None:
    schedule(street, "东线", "week")
    week = id_of(street, "schedule", "东线")
    schedule(street, "东线", "rain")
    assert id_of(street, "schedule", "东线 week") == week
    assert id_of(street, "schedule", "东线 rain") != week
    street.do("rain.add", day="2026-03-01")
    assert id_of(street, "rain", "2026-03-01")


@contextmanager
def counting(laptop: Laptop) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(laptop.store.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(laptop.store.engine, "before_cursor_execute", note)


def test_what_home_asks_stays_the_same_however_many_routes_and_walks_there_are(street: Laptop) -> None:
    schedule(street, "东线", "week")
    schedule(street, "东线", "rain")
    walk(street, "开", "东线", "W1", finish=False)
    with counting(street) as before:
        home(street)
    for number in range(12):
        street.do("route.add", name=f"线{number}", stops=["W1"])
        schedule(street, f"线{number}", "month")
        schedule(street, f"线{number}", "rain")
        walk(street, f"走{number}", f"线{number}", "W1")
        walk(street, f"在{number}", f"线{number}", "W1", finish=False)
    with counting(street) as after:
        home(street)
    assert len(after) == len(before) <= 10


def test_the_last_walk_is_found_by_an_index(street: Laptop) -> None:
    schedule(street, "东线", "week")
    with counting(street) as said:
        home(street)
    newest = next(sql for sql in said if "newest.finished_at <" in sql)
    plan = "\n".join(
        str(row) for row in street.ask(f"EXPLAIN QUERY PLAN {newest}", *[None] * newest.count("?"))
    )
    assert "ix_walk_compound_id_route_id_finished_at" in plan
    assert "SCAN" not in plan.replace("SCAN CONSTANT ROW", "")


def test_two_laptops_that_differ_leave_a_conflict_to_decide(street: Laptop) -> None:
    schedule(street, "东线", "month", within_days=2)
    again = street.do("schedule.add", route="东线", every="month", since=TODAY.isoformat(), within_days=9)
    assert isinstance(verdict_of(again), Merged)
    [(conflict,)] = street.ask("select id from conflict where field = 'within_days'")
    street.do("conflict.resolve", conflict=conflict, choice="take")
    assert street.ask("select within_days from schedule") == [(9,)]
