from __future__ import annotations

from uuid import UUID

from simulation.devices import Laptop

from models.inspection.queries import routes
from models.inspection.queries_cards import walk_view
from models.operations.perform import Outcome


def start(laptop: Laptop, name: str, *points: str) -> Outcome:
    return laptop.do("walk.start", name=name, points=list(points))


def codes(laptop: Laptop, outcome: Outcome) -> list[str]:
    with laptop.store.read() as session:
        [(walk_id,)] = laptop.ask("SELECT id FROM walk WHERE name = ?", outcome.operations[0].payload["name"])
        view = walk_view(session, laptop.compound_id, UUID(str(walk_id)))
        assert view is not None
        assert view.progress.total == len(view.cards)
        return [card.code for card in view.cards]


def points(laptop: Laptop) -> None:
    for code in ("W1", "W2", "W10"):
        laptop.do("point.add", code=code)


def test_a_walk_over_chosen_points_has_these_in_their_order_and_no_others(laptop: Laptop) -> None:
    points(laptop)
    assert codes(laptop, start(laptop, "复查", "W10", "W1")) == ["W10", "W1"]


def test_nobody_is_offered_its_points_as_a_route(laptop: Laptop) -> None:
    points(laptop)
    start(laptop, "复查", "W10")
    with laptop.store.read() as session:
        assert routes(session, laptop.compound_id) == ()


def test_begun_twice_it_is_one_walk_over_all_that_was_meant(laptop: Laptop) -> None:
    points(laptop)
    start(laptop, "复查", "W10")
    assert codes(laptop, start(laptop, "复查", "W1", "W10")) == ["W10", "W1"]
    assert laptop.ask("SELECT count(*) FROM walk") == [(1,)]


def test_a_route_of_its_name_stays_what_it_is(laptop: Laptop) -> None:
    points(laptop)
    laptop.do("route.add", name="东线", stops=["W1"])
    assert codes(laptop, start(laptop, "东线", "W2")) == ["W2"]
    with laptop.store.read() as session:
        assert [(one.name, one.stops) for one in routes(session, laptop.compound_id)] == [("东线", 1)]


def test_undone_it_is_gone(laptop: Laptop) -> None:
    points(laptop)
    laptop.undo(start(laptop, "复查", "W1").group_id)
    assert laptop.ask("SELECT archived FROM walk") == [(1,)]


def test_a_volunteer_may_begin_one(laptop: Laptop) -> None:
    points(laptop)
    laptop.do("person.add", name="张三")
    laptop.do("role.grant", person="张三", role="volunteer", since="2020-01-01")
    [(person,)] = laptop.ask("SELECT id FROM person WHERE name = '张三'")
    laptop.person_id = UUID(str(person))
    assert codes(laptop, start(laptop, "复查", "W2")) == ["W2"]
