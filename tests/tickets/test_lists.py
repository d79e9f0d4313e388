"""What `linli list` prints of tickets, their stories and incidents."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from simulation.devices import MORNING, Laptop
from station import make, report, ticket_in

from models import listings
from models.problems import Problem
from models.tickets.rules import Move, State

TODAY = (MORNING + timedelta(hours=8)).date()


def listed(laptop: Laptop, name: str, *, now: datetime | None = None, **where: str) -> list[dict[str, Any]]:
    with laptop.store.read() as session:
        found = listings.list_rows(session, laptop.compound_id, name, today=TODAY, now=now, where=where)
        assert not isinstance(found, Problem), found
        rows = [dict(row) for row in found]
    assert {tuple(row) for row in rows} <= {listings.LISTINGS[name].columns}
    return rows


def test_a_ticket_is_listed_with_names_beside_its_ids(station: Laptop) -> None:
    incident = station.do("incident.open", name="3栋停水", category="water", buildings=["3"])
    code = report(
        station,
        "没水",
        household_id="3-1-502",
        requester_id="张三",
        category="water",
        due_at="2026-03-05T10:00:00+08:00",
    )
    [row] = listed(station, "tickets")
    shown = {
        "code": code,
        "number": None,
        "state": "reported",
        "holder": "王德胜",
        "holder_id": str(station.person_id),
        "category": "water",
        "urgency": "urgent",
        "requester": "张三",
        "household": "3-1-502",
        "building": "3",
        "what": "没水",
        "due_at": "2026-03-05T02:00:00+00:00",
        "overdue": False,
        "rating": None,
        "reopened": 0,
        "incident": "3栋停水",
        "archived": False,
    }
    assert {name: row[name] for name in shown} == shown
    [notice] = listed(station, "incidents")
    assert (notice["id"], notice["buildings"], notice["tickets"]) == (
        str(incident.operations[0].payload["id"]),
        ["3"],
        1,
    )


def test_what_was_done_and_said_is_listed(station: Laptop) -> None:
    code = ticket_in(station, State.REOPENED)
    make(station, code, Move.FINISH)
    make(station, code, Move.RATE)
    [row] = listed(station, "tickets", code=code.lower())
    shown = ("state", "reopened", "rating", "minutes", "cost_fen", "visits", "hands")
    assert [row[name] for name in shown] == ["closed", 1, 4, 60, 3000, 2, ["王德胜"]]


def test_late_is_as_of_the_moment_and_without_one_as_of_the_end_of_the_day(station: Laptop) -> None:
    due = MORNING + timedelta(hours=5)
    report(station, due_at=due.isoformat())
    assert [row["overdue"] for row in listed(station, "tickets", now=due)] == [False]
    assert [row["overdue"] for row in listed(station, "tickets", now=due + timedelta(seconds=1))] == [True]
    assert [row["overdue"] for row in listed(station, "tickets")] == [True]
    assert listed(station, "tickets", now=due, overdue="true") == []


def test_oldest_tickets_come_first_and_archived_ones_last(station: Laptop) -> None:
    first, second, third = (report(station) for _ in range(3))
    into = report(station)
    station.do("ticket.archive", ticket=first)
    station.do("ticket.join", ticket=third, into=into)
    rows = listed(station, "tickets")
    assert [(row["code"], row["archived"], row["parent"]) for row in rows] == [
        (second, False, ""),
        (third, False, into),
        (into, False, ""),
        (first, True, ""),
    ]


def test_a_story_is_listed_line_by_line_with_what_was_taken_back(station: Laptop) -> None:
    code, other = report(station), report(station)
    claim = make(station, code, Move.ACCEPT)
    station.do("ticket.log", ticket=code, words="看过了", minutes=20, cost=350, parts="弯头")
    make(station, code, Move.FINISH)
    make(station, code, Move.RATE)
    station.do("ticket.join", ticket=other, into=code)
    taken = station.undo(claim.group_id)
    assert taken.refused is not None  # others have gone on from there
    joined = listed(station, "ticket-events", code=other)[-1]
    assert (joined["kind"], joined["to"], joined["other"]) == ("join", "duplicate", code)
    rows = listed(station, "ticket-events", code=code)
    assert [(row["kind"], row["from"], row["to"]) for row in rows] == [
        ("report", "reported", "reported"),
        ("accept", "reported", "accepted"),
        ("log", "", ""),
        ("finish", "accepted", "done"),
        ("rate", "done", "closed"),
    ]
    visit, rating = rows[2], rows[4]
    shown = ("doer", "words", "minutes", "cost_fen", "parts", "stood", "taken_back")
    assert [visit[name] for name in shown] == ["王德胜", "看过了", 20, 350, "弯头", True, False]
    assert (rating["score"], rating["channel"]) == (4, "visit")


@pytest.mark.parametrize("name", ["tickets", "ticket-events", "incidents"])
def test_an_empty_list_is_empty(laptop: Laptop, name: str) -> None:
    assert listed(laptop, name) == []


def test_incidents_that_last_come_first(station: Laptop) -> None:
    for name in ("旧", "新", "了了", "撤了"):
        station.do("incident.open", name=name, category="water")
    station.do("incident.end", incident="了了", words="来水了")
    station.do("incident.archive", incident="撤了")
    rows = listed(station, "incidents")
    assert [row["name"] for row in rows] == ["新", "旧", "了了", "撤了"]
    assert [row["ended_words"] for row in rows] == ["", "", "来水了", ""]
