from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from simulation.devices import Laptop

from models.tickets.queries_asking import (
    Asking,
    asking,
    building_there,
    household_there,
    person_there,
    point_place,
)

TODAY = date(2026, 3, 2)


@pytest.fixture
def street(station: Laptop) -> Laptop:
    """3-1-502 is 张三's and 章山's, who own 3-1-402 as well; W07 stands beside building 3."""
    for code, name in (("3-1-502", "张三"), ("3-1-402", "张三"), ("3-1-502", "李四")):
        station.do("occupancy.start", household=code, person=name, relation="owner", since="2020-01-01")
    station.do("person.add", name="赵小四")
    station.do("person.add", name="张三丰")
    station.do("point.add", code="W07", name="车棚旁", building_id="3")
    return station


def ask(laptop: Laptop, text: str, **more: Any) -> Asking:
    with laptop.store.read() as session:
        return asking(session, laptop.compound_id, text, today=TODAY, **more)


def test_a_person_is_found_by_initials_with_every_home(street: Laptop) -> None:
    found = ask(street, "zs")
    assert found.people[0].name == "张三"
    assert [home.code for home in found.people[0].homes] == ["3-1-402", "3-1-502"]
    assert [one.code for one in found.households] == ["3-1-402", "3-1-502"]


def test_who_is_called_just_so_comes_before_who_is_called_so_and_more(street: Laptop) -> None:
    assert [one.name for one in ask(street, "zs").people] == ["张三", "张三丰"]
    assert [one.name for one in ask(street, "张三", limit=1).people] == ["张三"]


def test_two_words_narrow_each_other(street: Laptop) -> None:
    street.do("person.add", name="周山")
    assert [one.name for one in ask(street, "zs 3-1-502").people] == ["张三"]
    assert ask(street, "zs 9-9-999").people == ()


def test_a_household_is_found_however_it_is_spelled_with_who_lives_there(street: Laptop) -> None:
    for text in ("3-1-502", "3栋1单元502", "３－１－５０２"):
        [home] = ask(street, text).households
        assert home.code == "3-1-502"
        assert [one.name for one in home.people] == ["张三", "李四"]


def test_a_building_is_found_by_its_number_and_a_point_by_its_code_or_name(street: Laptop) -> None:
    assert [one.code for one in ask(street, "3栋").buildings] == ["3"]
    assert [one.code for one in ask(street, "三号楼").buildings] == ["3"]
    assert [one.code for one in ask(street, "w07").points] == ["W07"]
    assert [one.code for one in ask(street, "cp").points] == ["W07"]


def test_nothing_typed_and_a_pasted_page_find_nothing(street: Laptop) -> None:
    assert ask(street, "  ") == Asking()
    assert ask(street, "[/b] % _ " * 500) == Asking()


def test_one_of_each_is_read_as_a_search_would(street: Laptop) -> None:
    found = ask(street, "3-1-502")
    home, building = found.households[0], ask(street, "3栋").buildings[0]
    [well] = ask(street, "W07").points
    with street.store.read() as session:
        compound_id = street.compound_id
        assert household_there(session, compound_id, home.id, today=TODAY) == home
        person = person_there(session, compound_id, home.people[0].id, today=TODAY)
        assert person is not None
        assert person.name == "张三"
        assert home.home in person.homes
        assert building_there(session, compound_id, building.id) == building
        assert point_place(session, compound_id, well.id) == ("W07", building.id)
        assert point_place(session, compound_id, home.id) is None
