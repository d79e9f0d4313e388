"""The kinds of job: what everybody has, what a compound has set for them, and its own."""

from __future__ import annotations

from simulation.devices import Laptop

from models.tickets.queries_categories import CategoryLine, Origin, categories
from models.tickets.rules import CATEGORIES, Category, Urgency


def lines(laptop: Laptop) -> dict[str, CategoryLine]:
    with laptop.store.read() as session:
        return {line.code: line for line in categories(session, laptop.compound_id)}


def test_a_new_compound_has_the_built_in_kinds_in_their_order(laptop: Laptop) -> None:
    assert list(lines(laptop)) == list(CATEGORIES)
    assert all(line.origin is Origin.BUILT_IN and line.id is None for line in lines(laptop).values())
    assert lines(laptop)["drain"].rules == CATEGORIES["drain"]


def test_what_the_compound_has_set_replaces_what_is_built_in_and_keeps_its_place(laptop: Laptop) -> None:
    laptop.do("team.add", name="维修队")
    laptop.do(
        "ticket_category.add", code="lamp", accept_hours=2, finish_hours=9, team_id="维修队", skill="电工"
    )
    lamp = lines(laptop)["lamp"]
    assert (lamp.accept_hours, lamp.finish_hours, lamp.team, lamp.origin) == (2, 9, "维修队", Origin.CHANGED)
    assert lamp.rules == Category("lamp", 2, 9, Urgency.NORMAL, "电工")
    assert list(lines(laptop)) == list(CATEGORIES)


def test_own_kinds_stand_behind_the_built_in_ones_unless_placed_and_other_is_last(laptop: Laptop) -> None:
    laptop.do("ticket_category.add", code="[/b] 家电")
    laptop.do("ticket_category.add", code="养犬", position=15)
    laptop.do("ticket_category.add", code="最后", position=999)
    codes = list(lines(laptop))
    assert codes[1] == "养犬"
    assert codes[-3:] == ["[/b] 家电", "最后", "other"]
    assert lines(laptop)["养犬"].origin is Origin.OWN


def test_putting_a_setting_away_brings_the_built_in_kind_back_and_takes_an_own_one_off(
    laptop: Laptop,
) -> None:
    laptop.do("ticket_category.add", code="lamp", accept_hours=2)
    laptop.do("ticket_category.add", code="养犬")
    laptop.do("ticket_category.archive", ticket_category="lamp")
    laptop.do("ticket_category.archive", ticket_category="养犬")
    assert lines(laptop)["lamp"].rules == CATEGORIES["lamp"]
    assert "养犬" not in lines(laptop)


def test_a_team_that_was_put_away_is_nobodys(laptop: Laptop) -> None:
    laptop.do("team.add", name="维修队")
    laptop.do("ticket_category.add", code="lamp", team_id="维修队")
    laptop.do("team.archive", team="维修队")
    assert (lines(laptop)["lamp"].team_id, lines(laptop)["lamp"].team) == (None, "")
