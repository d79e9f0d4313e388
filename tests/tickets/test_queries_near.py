"""What is shown before a report is saved: open tickets near in place or words, and incidents that strike there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from simulation.devices import MORNING, Laptop
from station import id_of, make, report

from models.tickets.near import STILL_NEAR, Why
from models.tickets.queries_near import IncidentThere, NearTicket, incidents_there, near
from models.tickets.rules import Move

TODAY = (MORNING + timedelta(hours=8)).date()
_TABLES = {"household_id": "household", "building_id": "building", "point_id": "point"}


def ids(laptop: Laptop, fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: id_of(laptop, _TABLES[name], value) if name in _TABLES else value
        for name, value in fields.items()
    }


def found(laptop: Laptop, **asked: Any) -> Sequence[NearTicket]:
    with laptop.store.read() as session:
        return near(session, laptop.compound_id, now=laptop.clock.now, today=TODAY, **ids(laptop, asked))


def why(laptop: Laptop, **asked: Any) -> dict[str, tuple[Why, ...]]:
    return {one.ticket.code: one.why for one in found(laptop, **asked)}


def there(laptop: Laptop, **asked: Any) -> Sequence[IncidentThere]:
    with laptop.store.read() as session:
        return incidents_there(session, laptop.compound_id, now=laptop.clock.now, **ids(laptop, asked))


@pytest.fixture
def wells(station: Laptop) -> Laptop:
    station.do("point.add", code="W01", kind="well")
    station.do("point.add", code="W02", kind="well")
    return station


def test_the_nearest_comes_first_and_says_why(wells: Laptop) -> None:
    neighbour = report(wells, "马桶返水", category="drain", household_id="3-1-402")
    flat = report(wells, "厨房下水堵了", category="drain", household_id="3-1-502")
    report(wells, "大门坏了", category="door", household_id="4-1-101")
    lamp = report(wells, "灯不亮", category="lamp", household_id="3-1-502")
    shown = why(wells, text="卫生间下水堵了", category="drain", household_id="3-1-502")
    assert list(shown.items()) == [
        (flat, (Why.HOUSEHOLD, Why.WORDS)),
        (lamp, (Why.HOUSEHOLD,)),
        (neighbour, (Why.BUILDING,)),
    ]


def test_a_neighbour_is_found_by_the_building_of_the_household(wells: Laptop) -> None:
    code = report(wells, "返水", category="drain", building_id="3")
    assert why(wells, category="drain", household_id="3-1-502") == {code: (Why.BUILDING,)}
    assert why(wells, category="drain", household_id="4-1-101") == {}


def test_a_ticket_is_at_its_own_point_and_at_those_it_is_linked_with(wells: Laptop) -> None:
    own = report(wells, "井盖响", point_id="W01")
    linked = report(wells, "院子冒水", place="小花园")
    wells.do("ticket.link", ticket=linked, point="W01")
    assert why(wells, text="满了", point_id="W01") == {own: (Why.POINT,), linked: (Why.POINT,)}
    assert why(wells, text="满了", point_id="W02") == {}


def test_like_words_are_found_wherever_they_were_said_and_however_typed(wells: Laptop) -> None:
    code = report(wells, "南大门３号门禁ABC坏了")
    assert why(wells, text="3号门禁abc 坏了") == {code: (Why.WORDS,)}
    assert why(wells, text="坏了") == {}
    assert why(wells, text="% _") == {}
    assert why(wells, text="") == {}


def test_likeness_is_found_behind_many_tickets_that_share_less(wells: Laptop) -> None:
    code = report(wells, "幼儿园门口的路灯一闪一闪")
    for _ in range(60):
        report(wells, "路灯一闪")
    assert next(iter(why(wells, text="幼儿园门口路灯一闪一闪的"))) == code


def test_of_equally_near_ones_the_newest_comes_first_and_no_more_than_asked(wells: Laptop) -> None:
    codes = [report(wells, "灯不亮", household_id="3-1-502") for _ in range(7)]
    assert list(why(wells, household_id="3-1-502")) == codes[:1:-1]
    assert len(found(wells, household_id="3-1-502", limit=2)) == 2


def test_what_was_done_lately_is_near_and_what_was_dropped_or_done_long_ago_is_not(wells: Laptop) -> None:
    done, dropped = (report(wells, "下水堵了", household_id="3-1-502") for _ in range(2))
    make(wells, done, Move.FINISH)
    make(wells, dropped, Move.CANCEL)
    assert list(why(wells, household_id="3-1-502")) == [done]
    wells.clock.now += STILL_NEAR + timedelta(minutes=1)
    assert why(wells, household_id="3-1-502") == {}


def test_archived_tickets_and_links_are_nowhere_near(wells: Laptop) -> None:
    code = report(wells, "下水堵了", household_id="3-1-502")
    wells.do("ticket.link", ticket=code, point="W01")
    [(link,)] = wells.ask("SELECT id FROM ticket_link")
    wells.do("ticket_link.archive", ticket_link=link)
    assert why(wells, point_id="W01") == {}
    wells.do("ticket.archive", ticket=code)
    assert why(wells, household_id="3-1-502", text="下水堵了") == {}


def test_a_case_stands_for_what_it_gathered(wells: Laptop) -> None:
    codes = [report(wells, "下水堵了", category="drain", household_id="3-1-502") for _ in range(3)]
    wells.do("ticket.gather", what="502 总堵", tickets=codes, join=True)
    [case] = found(wells, text="下水又堵了", category="drain", household_id="3-1-502")
    assert case.ticket.is_case


def test_incidents_are_there_while_they_last_where_they_strike(wells: Laptop) -> None:
    wells.do("incident.open", name="3栋停水", category="water", buildings=["3"], words="下午四点来水")
    wells.do("incident.open", name="4栋停水", category="water", buildings=["4"])
    wells.do("incident.open", name="全小区停电", category="power")
    wells.do("incident.open", name="检修")
    shown = {one.name: one.attaches for one in there(wells, category="water", household_id="3-1-502")}
    # What strikes everybody and has no kind is told, but would swallow every question.
    assert list(shown.items()) == [("3栋停水", True), ("检修", False)]
    assert there(wells, category="water", building_id="3")[0].words == "下午四点来水"
    assert {one.name for one in there(wells, building_id="3")} == {"3栋停水", "全小区停电", "检修"}
    assert {one.name for one in there(wells)} == {"全小区停电", "检修"}
    wells.do("incident.end", incident="3栋停水")
    assert [one.name for one in there(wells, category="water", building_id="3")] == ["检修"]


@pytest.mark.parametrize("category", ["water", "power", "other"])
@pytest.mark.parametrize("place", [{"household_id": "3-1-502"}, {"building_id": "4"}, {}])
def test_a_report_attaches_itself_to_an_incident_that_is_said_to_take_it_in(
    wells: Laptop, category: str, place: dict[str, str]
) -> None:
    wells.do("incident.open", name="3栋停水", category="water", buildings=["3"])
    wells.do("incident.open", name="4栋检修", buildings=["4"])
    wells.do("incident.open", name="全小区停电", category="power")
    wells.do("incident.open", name="通知")
    taking = {one.id for one in there(wells, category=category, **place) if one.attaches}
    report(wells, "怎么回事", category=category, **place)
    [(taken,)] = wells.ask("SELECT incident_id FROM ticket")
    assert (taken in {one.hex for one in taking}) if taking else taken is None
