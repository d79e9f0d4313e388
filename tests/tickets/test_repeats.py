"""A fault that comes again: what is the same, what counts, and when a case answers it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from repeating import DAY, HOUR, NOW, TODAY, report
from simulation.devices import Laptop
from sqlalchemy import event

from models.listings import list_rows
from models.problems import Problem
from models.tables import Json
from models.tickets.queries_repeats import RepeatLine, count_repeats, repeats


@pytest.fixture
def home(laptop: Laptop) -> Laptop:
    """Three months on, with two flats and a well."""
    laptop.clock.now = NOW
    for code in ("3-1-502", "3-1-402"):
        laptop.do("household.add", code=code)
    laptop.do("point.add", code="W17")
    return laptop


def found(laptop: Laptop, today: date = TODAY) -> tuple[RepeatLine, ...]:
    with laptop.store.read() as session:
        return repeats(session, laptop.compound_id, now=NOW + HOUR, today=today)


def alarms(laptop: Laptop) -> int:
    with laptop.store.read() as session:
        return count_repeats(session, laptop.compound_id, now=NOW + HOUR, today=TODAY)


def listed(laptop: Laptop) -> list[dict[str, Json]]:
    with laptop.store.read() as session:
        rows = list_rows(session, laptop.compound_id, "repeats", today=TODAY)
        assert not isinstance(rows, Problem)
        return list(rows)


def gather(laptop: Laptop, *codes: str, ago: int = 0) -> str:
    now, laptop.clock.now = laptop.clock.now, laptop.clock.now - ago * DAY
    laptop.do("ticket.gather", what="5层下水反复堵", tickets=list(codes), join=True)
    laptop.clock.now = now
    return str(laptop.ask("select code from ticket where is_case = 1 order by id desc limit 1")[0][0])


def test_one_household_with_one_trouble_three_times_in_thirty_days_is_a_repeat(home: Laptop) -> None:
    codes = [report(home, ago) for ago in (30, 14, 0)]
    (line,) = found(home)
    assert (line.place, line.repeat.times, line.repeat.alarms) == ("3-1-502", 3, True)
    assert [one.code for one in line.repeat.reports] == codes
    assert alarms(home) == 1
    assert listed(home) == [
        {
            "what": "household",
            "subject": "3-1-502",
            "categories": ["drain"],
            "tickets": codes,
            "n": 3,
            "first": (TODAY - 30 * DAY).isoformat(),
            "last": TODAY.isoformat(),
            "case": None,
            "alarms": True,
        }
    ]


@pytest.mark.parametrize(
    "days",
    [
        (31, 14, 0),  # no thirty days hold all three
        (61, 45, 31),  # the newest is over a month old
        (14, 0),
    ],
)
def test_what_is_too_rare_or_too_long_ago_is_none(home: Laptop, days: tuple[int, ...]) -> None:
    for ago in days:
        report(home, ago)
    assert found(home) == ()


def test_another_trouble_of_the_household_and_another_household_do_not_count(home: Laptop) -> None:
    report(home, 9)
    report(home, 5, category="lamp")
    report(home, 4, household_id="3-1-402")
    report(home, 0)
    assert found(home) == ()


def test_a_point_repeats_by_whatever_is_reported_there_linked_tickets_too(home: Laptop) -> None:
    report(home, 9, household_id=None, point_id="W17", category="drain")
    report(home, 5, household_id=None, point_id="W17", category="safety")
    linked = report(home, 1, household_id="3-1-402")
    home.do("ticket.link", ticket=linked, point="W17")
    (line,) = found(home)
    assert (line.repeat.subject.same, line.place) == ("point", "W17")
    assert line.repeat.categories == ("drain", "safety")


@pytest.mark.parametrize("places", [("单元门", "单元门 ", "单 元 门"), ("[/b]门", "[/B]门", "［/b］门")])
def test_a_facility_is_a_building_and_a_place_however_it_is_typed(
    home: Laptop, places: tuple[str, ...]
) -> None:
    for ago, place in enumerate(places):
        report(home, ago, household_id=None, building_id="3", place=place, category="door")
    report(home, 0, household_id=None, building_id="3", place="后门", category="door")
    (line,) = found(home)
    assert (line.repeat.subject.same, line.repeat.times) == ("facility", 3)
    assert line.place == f"3 {places[0].strip()}"


def test_what_was_rejected_or_cancelled_is_no_fault(home: Laptop) -> None:
    codes = [report(home, ago) for ago in (9, 5, 2, 0)]
    home.do("ticket.cancel", ticket=codes[1], words="误报")
    assert len(found(home)) == 1
    home.do("ticket.reject", ticket=codes[2], words="不归我们管")
    assert found(home) == ()


def test_a_duplicate_counts_once_with_what_answers_it_unless_it_came_on_another_day(home: Laptop) -> None:
    first = report(home, 9)
    same_day = report(home, 9)
    report(home, 0)
    home.do("ticket.join", ticket=same_day, into=first)
    assert found(home) == ()
    later = report(home, 5)
    home.do("ticket.join", ticket=later, into=first)
    (line,) = found(home)
    assert (line.repeat.times, len(line.repeat.reports)) == (3, 4)


def test_the_thresholds_are_the_compounds(home: Laptop) -> None:
    report(home, 9)
    report(home, 0)
    home.do("ticket.rule", repeats=2, repeat_days=9, low_score=2)
    assert alarms(home) == 1
    home.do("ticket.rule", repeats=2, repeat_days=8, low_score=2)
    assert alarms(home) == 0


def test_an_open_case_is_told_and_does_not_alarm_until_a_new_report_comes(home: Laptop) -> None:
    codes = [report(home, ago) for ago in (9, 5, 2)]
    case = gather(home, *codes, ago=1)
    (line,) = found(home)
    assert line.repeat.case is not None
    assert (line.repeat.case.code, line.repeat.alarms, alarms(home)) == (case, False, 0)
    report(home, 0)
    (line,) = found(home)
    assert (line.repeat.case.code if line.repeat.case else "", line.repeat.alarms, line.repeat.times) == (
        case,
        True,
        4,
    )


def test_a_report_that_was_left_out_when_the_case_was_opened_does_not_alarm(home: Laptop) -> None:
    codes = [report(home, ago) for ago in (9, 5, 3, 2)]
    gather(home, *codes[:3], ago=1)
    assert alarms(home) == 0


def test_a_case_that_has_ended_settles_its_repeat_until_the_fault_comes_back(home: Laptop) -> None:
    codes = [report(home, ago) for ago in (9, 5, 2)]
    case = gather(home, *codes, ago=1)
    home.do("ticket.finish", ticket=case, words="疏通了")
    assert found(home) == ()
    report(home, 0)
    (line,) = found(home)
    assert (line.repeat.times, line.repeat.alarms) == (4, True)


def test_taking_a_case_back_alarms_again(home: Laptop) -> None:
    codes = [report(home, ago) for ago in (9, 5, 2)]
    done = home.do("ticket.gather", what="案", tickets=codes, join=True)
    assert alarms(home) == 0
    home.undo(done.group_id)
    assert alarms(home) == 1


def test_a_points_repeat_within_a_households_is_told_once_and_a_household_always(home: Laptop) -> None:
    for ago in (9, 5, 2):
        report(home, ago, point_id="W17")
    (line,) = found(home)
    assert line.repeat.subject.same == "household"
    report(home, 1, household_id="3-1-402", point_id="W17")
    assert [(line.place, line.repeat.times) for line in found(home)] == [("W17", 4), ("3-1-502", 3)]


def test_the_blocked_drains_of_homes_over_one_well_are_a_repeat_of_the_well(home: Laptop) -> None:
    """Nobody's own drain was blocked three times, but what they all drain into was."""
    home.do("household.add", code="3-1-302")
    home.do("connection.add", point="W17", building="3")
    report(home, 9)
    report(home, 5, household_id="3-1-402")
    report(home, 3, household_id="3-1-302", category="leak")
    assert found(home) == ()
    report(home, 2, household_id=None, building_id="3")
    (line,) = found(home)
    assert (line.repeat.subject.same, line.place, line.repeat.times) == ("point", "W17", 3)


def test_a_home_with_a_drain_of_its_own_says_nothing_of_its_buildings_well(home: Laptop) -> None:
    home.do("point.add", code="W18")
    home.do("connection.add", point="W17", building="3")
    home.do("connection.add", point="W18", household="3-1-402")
    report(home, 9)
    report(home, 5)
    report(home, 3, household_id="3-1-402")
    assert found(home) == ()


def test_the_question_finds_what_is_recent_by_index(home: Laptop) -> None:
    """However many tickets are stored, those of the last days are found without looking at the others."""
    for ago in (9, 5, 2):
        report(home, ago)
    asked: list[tuple[str, Any]] = []
    engine = home.store.engine

    def heard(_connection: Any, _cursor: Any, text: str, params: Any, *_more: Any) -> None:
        asked.append((text, params))

    event.listen(engine, "before_cursor_execute", heard)
    try:
        assert len(found(home)) == 1
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    spans = [(text, params) for text, params in asked if "opened_at >=" in text]
    assert len(spans) == 4  # points, blocked drains, households, facilities
    for text, params in spans:
        plans = home.ask(f"explain query plan {text}", *params)
        assert not any("SCAN ticket" in str(step[-1]) for step in plans), plans
