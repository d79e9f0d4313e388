"""Incidents as their room lists them, and the tickets that each may explain."""

from __future__ import annotations

from uuid import UUID

import pytest
from repeating import NOW, TODAY
from simulation.devices import Laptop

from models.tickets.queries import Asked
from models.tickets.queries_incidents import (
    IncidentLine,
    count_incidents,
    page_incidents,
    suggested_tickets,
    tickets_of_incident,
)

ASKED = Asked(now=NOW, today=TODAY)


@pytest.fixture
def tower(laptop: Laptop) -> Laptop:
    laptop.clock.now = NOW
    for code in ("3-1-502", "5-1-101"):
        laptop.do("household.add", code=code)
    return laptop


def report(laptop: Laptop, what: str, category: str = "water", home: str = "3-1-502", **more: object) -> str:
    laptop.do("ticket.report", what=what, category=category, household_id=home, **more)
    return str(laptop.ask("select code from ticket order by id desc limit 1")[0][0])


def incident(laptop: Laptop, name: str = "3栋停水", category: str = "water", *buildings: str) -> None:
    laptop.do("incident.open", name=name, category=category, words="下午4点来水", buildings=list(buildings))


def lasting(laptop: Laptop, text: str = "", *, ended: bool = False) -> list[IncidentLine]:
    with laptop.store.read() as session:
        found = page_incidents(session, laptop.compound_id, text=text, ended=ended)
        assert count_incidents(session, laptop.compound_id, text=text, ended=ended) == len(found)
    return list(found)


def suggested(laptop: Laptop, incident_id: UUID) -> list[str]:
    with laptop.store.read() as session:
        return [one.code for one in suggested_tickets(session, laptop.compound_id, incident_id, ASKED)]


def test_an_incident_tells_whom_it_strikes_and_how_many_tickets_are_its(tower: Laptop) -> None:
    incident(tower, "3栋停水", "water", "3", "5")
    done = report(tower, "没水")
    report(tower, "水管没水")
    tower.do("ticket.finish", ticket=done)
    (line,) = lasting(tower)
    assert ([one.code for one in line.buildings], line.tickets, line.open_tickets) == (["3", "5"], 2, 1)
    with tower.store.read() as session:
        every = tickets_of_incident(session, tower.compound_id, line.id, ASKED)
        still = tickets_of_incident(session, tower.compound_id, line.id, ASKED, only_open=True)
    assert [one.code for one in every][-1] == done
    assert [one.code for one in still] == [every[0].code]


def test_what_is_over_leaves_the_lasting_ones_and_comes_back(tower: Laptop) -> None:
    incident(tower)
    tower.do("incident.end", incident="3栋停水", words="来水了")
    assert lasting(tower) == []
    (line,) = lasting(tower, ended=True)
    assert (line.lasts, line.ended_words) == (False, "来水了")
    tower.do("incident.reopen", incident="3栋停水")
    assert len(lasting(tower)) == 1


def test_an_incident_is_found_by_its_name_in_pinyin_and_an_archived_one_is_not(tower: Laptop) -> None:
    incident(tower, "3栋停水 [/b]")
    assert len(lasting(tower, "ts")) == 1
    assert lasting(tower, "停电") == []
    tower.do("incident.archive", incident="3栋停水 [/b]")
    assert lasting(tower) == []


def test_open_tickets_of_its_kind_from_where_it_strikes_are_suggested(tower: Laptop) -> None:
    before = report(tower, "没水")
    report(tower, "灯不亮", "lamp")
    report(tower, "没水", home="5-1-101")
    over = report(tower, "没水")
    tower.do("ticket.finish", ticket=over)
    incident(tower, "3栋停水", "water", "3")
    report(tower, "也没水")  # attached itself
    alone = report(tower, "水表", alone=True)
    (line,) = lasting(tower)
    assert suggested(tower, line.id) == [alone, before]
    tower.do("ticket.attach", ticket=before, incident="3栋停水")
    assert suggested(tower, line.id) == [alone]


def test_an_incident_without_kind_and_buildings_suggests_nothing(tower: Laptop) -> None:
    report(tower, "没水")
    incident(tower, "通知", "")
    (line,) = lasting(tower)
    assert suggested(tower, line.id) == []
