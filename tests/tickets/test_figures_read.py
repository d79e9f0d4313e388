"""Figures from a store: what operations left there, counted as the lists count it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from simulation.devices import Laptop
from station import id_of, make, report, ticket_in
from test_queries_plans import plans

from models.tickets.figures import Report
from models.tickets.queries import Asked, View, count_tickets
from models.tickets.queries_boards import building_help
from models.tickets.queries_figures import report as figures
from models.tickets.rules import OPEN, Move, State

MONDAY = date(2026, 3, 2)


def counted(laptop: Laptop, since: date = MONDAY, days: int = 7, **more: Any) -> Report:
    now = laptop.clock()
    asked = Asked(now=now, today=now.date())
    with laptop.store.read() as session:
        return figures(session, laptop.compound_id, asked, since, since + timedelta(days=days), **more)


def test_one_ticket_in_each_state_is_counted_in_each(station: Laptop) -> None:
    for state in State:
        ticket_in(station, state)
    found = counted(station)
    total = found.total
    # One more: what the duplicate was joined into.
    assert (total.taken, total.open, total.answered) == (11, 6, 2)
    assert (total.rejected, total.cancelled, total.duplicates) == (1, 1, 1)
    assert (total.done, total.closed, total.minutes, total.cost, total.hands) == (2, 1, 60, 3000, 2)
    assert (total.scores, total.reopened) == ((0, 0, 0, 1, 0), 1)
    assert sum(found.backlog.states.values()) == found.backlog.open == 6
    assert found.backlog.unrated == 1
    assert set(found.backlog.states) == OPEN


def test_the_backlog_counts_as_the_lists_do(station: Laptop) -> None:
    for state in State:
        ticket_in(station, state)
    station.clock.now += timedelta(days=30)
    now = station.clock()
    found = counted(station)
    with station.store.read() as session:
        for view, n in (
            (View.OPEN, found.backlog.open),
            (View.OVERDUE, found.backlog.overdue),
            (View.CALL_BACK, found.backlog.unrated),
        ):
            asked = Asked(now=now, today=now.date(), view=view)
            assert count_tickets(session, station.compound_id, asked) == n
    assert found.backlog.overdue == found.total.late_open > 0


def test_an_archived_ticket_and_a_move_taken_back_count_no_more(station: Laptop) -> None:
    gone = ticket_in(station, State.CLOSED)
    station.do("ticket.archive", ticket=gone)
    code = report(station)
    done = make(station, code, Move.FINISH)
    assert (counted(station).total.taken, counted(station).total.done) == (1, 1)
    station.undo(done.group_id)
    assert (counted(station).total.taken, counted(station).total.done) == (1, 0)


def test_a_case_is_done_but_was_not_brought_and_its_parts_are_duplicates(station: Laptop) -> None:
    codes = [report(station, household_id="3-1-502", category="drain") for _ in range(3)]
    station.do("ticket.gather", {"what": "主管堵了", "tickets": codes, "join": True})
    [(case,)] = station.ask("SELECT code FROM ticket WHERE is_case")
    make(station, case, Move.ACCEPT)
    make(station, case, Move.FINISH)
    total = counted(station).total
    assert (total.taken, total.duplicates, total.done, total.minutes) == (3, 3, 1, 30)


def test_what_was_brought_long_ago_and_done_now_is_read_too_and_once(station: Laptop) -> None:
    code = report(station)
    station.clock.now += timedelta(days=40)
    make(station, code, Move.FINISH)
    later = counted(station, MONDAY + timedelta(days=35))
    assert (later.total.taken, later.total.done, later.total.late) == (0, 1, 1)
    both = counted(station, days=60)
    assert (both.total.taken, both.total.done) == (1, 1)


def test_one_building_alone_is_counted(station: Laptop) -> None:
    report(station, household_id="3-1-502")
    report(station, household_id="4-1-101")
    report(station, place="大门口")
    assert [(part.key, part.figures.taken) for part in counted(station).buildings] == [
        ("3", 1),
        ("4", 1),
        ("", 1),
    ]
    third = counted(station, building_id=id_of(station, "building", "3"))
    assert (third.total.taken, third.backlog.open) == (1, 1)


def test_two_hands_on_one_job_are_two(station: Laptop) -> None:
    code = report(station, wanted_hands=2)
    make(station, code, Move.ACCEPT)
    make(station, code, Move.ASSIGN)
    make(station, code, Move.FINISH)
    assert counted(station).total.hands == 2


def test_who_helps_in_a_building_is_told_with_how_many_homes_they_visit(station: Laptop) -> None:
    third = id_of(station, "building", "3")
    station.do("role.grant", person="赵敏", role="building_lead", building="3")
    for code in ("3-1-302", "3-1-202"):
        station.do("household.add", code=code)
    visited = {"3-1-502": "张三", "3-1-402": "张三", "3-1-302": "李四", "4-1-101": "李四"}
    for home, person in visited.items():
        station.do("contact.assign", household=home, person=person)
    with station.store.read() as session:
        found = building_help(session, station.compound_id, third, today=MONDAY)
        assert building_help(session, station.compound_id, UUID(int=1), today=MONDAY) is None
    assert found is not None
    assert [lead.name for lead in found.leads] == ["赵敏"]
    assert [(one.name, one.households) for one in found.contacts] == [("张三", 2), ("李四", 1)]
    assert (found.code, found.households, found.without) == ("3", 4, 1)


def test_only_the_tickets_of_the_span_are_read_however_many_are_stored(laptop: Laptop) -> None:
    asked = Asked(now=laptop.clock(), today=MONDAY)
    found = plans(
        laptop,
        lambda session, compound: figures(session, compound, asked, MONDAY, MONDAY + timedelta(days=7)),
    )
    opened, done = (plan for plan in found if "building" in plan)
    assert "opened_at>? AND opened_at<?" in opened
    assert "done_at>? AND done_at<?" in done
    assert not [plan for plan in found if "SCAN ticket" in plan], found


def test_one_building_is_read_along_its_own_tickets_or_the_span(laptop: Laptop) -> None:
    asked = Asked(now=laptop.clock(), today=MONDAY)
    found = plans(
        laptop,
        lambda session, compound: figures(
            session, compound, asked, MONDAY, MONDAY + timedelta(days=7), building_id=UUID(int=1)
        ),
    )
    assert not [plan for plan in found if "SCAN ticket" in plan], found
