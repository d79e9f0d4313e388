"""Walks and observations: facts are never refused, walks started apart become one."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from simulation.devices import Laptop, verdict_of
from street import flags, id_of, lay, note, refused

from models.inspection import queries_cards
from models.inspection import queries_walks as walks
from models.inspection.queries_cards import PointCard, WalkView
from models.operations.envelope import Intent
from models.operations.verdicts import Merged

NOBODY = UUID("00000000-0000-7000-8000-000000000001")


def _view(laptop: Laptop, walk: str) -> WalkView:
    with laptop.store.read() as session:
        view = queries_cards.walk_view(session, laptop.compound_id, id_of(laptop, "walk", walk))
    assert view is not None
    return view


def _card(laptop: Laptop, walk: str, code: str) -> PointCard:
    return next(card for card in _view(laptop, walk).cards if card.code == code)


def _colleague(laptop: Laptop, name: str = "李梅") -> Laptop:
    """Somebody else in front of the same store."""
    person = laptop.ids()
    laptop.do("person.add", id=str(person), name=name)
    laptop.do("role.grant", person=str(person), role="volunteer")
    return replace(laptop, person_id=person)


@pytest.fixture
def street(laptop: Laptop) -> Laptop:
    """Three wells, an outfall, and an open walk over the route 东线."""
    lay(laptop, "W1", "W2", "W3", "OUT")
    laptop.do("route.add", name="东线", stops=["W1", "W2", "W3"])
    laptop.do("walk.start", name="三月", route="东线")
    return laptop


@pytest.mark.parametrize(
    ("before", "named", "flag"),
    [
        ((), {"walk": str(NOBODY), "point": "W1"}, "observation.walk_unknown"),
        ((), {"walk": "三月", "point": str(NOBODY)}, "observation.point_unknown"),
        (
            (("point.archive", {"point": "W1"}),),
            {"walk": "三月", "point": "W1"},
            "observation.point_archived",
        ),
        ((("walk.archive", {"walk": "三月"}),), {"walk": "三月", "point": "W1"}, "observation.walk_archived"),
        ((("walk.finish", {"walk": "三月"}),), {"walk": "三月", "point": "W1"}, "observation.walk_finished"),
        (
            (("point.edit", {"point": "W1", "new": {"depth_mm": 500}}),),
            {"walk": "三月", "point": "W1", "mud_mm": 900},
            "observation.mud_deeper_than_well",
        ),
    ],
)
def test_what_was_seen_is_kept_and_what_is_odd_about_it_is_flagged(
    street: Laptop, before: tuple[tuple[str, dict[str, object]], ...], named: dict[str, object], flag: str
) -> None:
    for kind, fields in before:
        street.do(kind, fields)
    outcome = street.do("walk.observe", {**named, "level": "full"})
    assert outcome.refused is None
    assert street.ask("select level from observation") == [("full",)]
    assert flags(street) == [flag]


def test_a_supervisor_who_saw_something_is_believed_and_flagged(street: Laptop) -> None:
    person = street.ids()
    street.do("person.add", id=str(person), name="监督员")
    street.do("role.grant", person=str(person), role="supervisor")
    other = replace(street, person_id=person)
    assert other.do("walk.observe", walk="三月", point="W1", level="dry").refused is None
    assert flags(street) == ["role.missing"]
    assert refused(other, "walk.start", name="四月").code == "role.missing"


def test_a_plain_observation_raises_no_flag(street: Laptop) -> None:
    note(street, "三月", W1="flowing")
    assert flags(street) == []


def test_walks_of_one_name_over_one_route_are_one_walk(street: Laptop) -> None:
    colleague = _colleague(street)
    again = colleague.do("walk.start", name="三月", route="东线")
    assert isinstance(verdict_of(again), Merged)
    assert [members for (members,) in street.ask("select count(*) from walk_member")] == [2]
    assert _view(street, "三月").members == ("王德胜", "李梅")


def test_the_same_name_over_another_route_is_another_walk(street: Laptop) -> None:
    street.do("walk.start", name="三月")
    assert street.ask("select count(*) from walk") == [(2,)]


def test_walks_started_apart_are_joined_with_everything_seen_on_them(street: Laptop) -> None:
    colleague = _colleague(street)
    colleague.do("walk.start", name="下午", route="东线")
    note(street, "三月", W1="full")
    note(colleague, "下午", W2="dry")
    old = id_of(street, "walk", "下午")
    with street.store.read() as session:
        offered = walks.other_walks_to_join(session, street.compound_id, id_of(street, "walk", "三月"))
    assert [walk.name for walk in offered] == ["下午"]
    street.do("walk.join", walk="下午", into="三月")
    view = _view(street, "三月")
    assert [(card.code, card.latest and card.latest.level) for card in view.cards] == [
        ("W1", "full"),
        ("W2", "dry"),
        ("W3", None),
    ]
    assert view.members == ("王德胜", "李梅")
    # A laptop that still has the old walk on screen goes on in the joined one.
    colleague.do("walk.observe", walk=str(old), point="W3", level="half")
    assert flags(street) == []
    with street.store.read() as session:
        seen = queries_cards.walk_view(session, street.compound_id, old)
    assert seen is not None
    assert (seen.name, seen.progress.seen) == ("三月", 3)


def test_walks_over_different_routes_are_not_joined(street: Laptop) -> None:
    street.do("walk.start", name="全部")
    assert refused(street, "walk.join", walk="全部", into="三月").code == "walk.other_route"
    assert refused(street, "walk.join", walk="三月", into="三月").code == "merge.same"


def test_a_walk_is_finished_once_and_opened_once(street: Laptop) -> None:
    assert refused(street, "walk.reopen", walk="三月").code == "walk.open"
    finished = street.do("walk.finish", walk="三月")
    assert refused(street, "walk.finish", walk="三月").code == "walk.finished"
    street.undo(finished.group_id)
    assert _view(street, "三月").finished_at is None


def test_the_latest_of_several_looks_counts_and_all_stay(street: Laptop) -> None:
    colleague = _colleague(street)
    note(street, "三月", W1="full")
    note(colleague, "三月", W1="flowing")
    card = _card(street, "三月", "W1")
    assert card.latest is not None
    assert (card.latest.level, card.latest.doer, card.count) == ("flowing", "李梅", 2)


def test_an_undone_look_counts_no_more_and_stays_on_record(street: Laptop) -> None:
    note(street, "三月", W1="full")
    second = street.do("walk.observe", walk="三月", point="W1", level="dry")
    assert street.undo(second.group_id).refused is None
    card = _card(street, "三月", "W1")
    assert card.latest is not None
    assert (card.latest.level, card.count) == ("full", 1)
    assert street.ask("select count(*) from observation") == [(2,)]
    reason = street.undo(second.group_id).refused
    assert reason is not None
    assert reason.code == "undo.already"


def test_one_observation_sent_twice_is_one(street: Laptop) -> None:
    seen = {
        "id": str(street.ids()),
        "walk": str(id_of(street, "walk", "三月")),
        "point": str(id_of(street, "point", "W1")),
    }
    street.together(Intent("walk.observe", seen))
    again = street.together(Intent("walk.observe", seen))
    assert isinstance(verdict_of(again), Merged)
    assert street.ask("select count(*) from observation") == [(1,)]


def test_paper_typed_in_later_keeps_who_saw_it_and_when(street: Laptop) -> None:
    colleague = _colleague(street)
    yesterday = street.clock.now.replace(day=1)
    payload = {
        "id": str(street.ids()),
        "walk": str(id_of(street, "walk", "三月")),
        "point": str(id_of(street, "point", "W1")),
        "level": "half",
    }
    street.together(Intent("walk.observe", payload, doer_id=colleague.person_id, happened_at=yesterday))
    latest = _card(street, "三月", "W1").latest
    assert latest is not None
    assert (latest.doer, latest.recorder, latest.at) == ("李梅", "王德胜", yesterday)
    assert "李梅" in _view(street, "三月").members


def test_answers_are_simple_values(street: Laptop) -> None:
    street.do(
        "walk.observe", walk="三月", point="W1", answers={"q1": False, "q2": 3, "q3": "[/b]", "q4": None}
    )
    latest = _card(street, "三月", "W1").latest
    assert latest is not None
    assert (latest.answers, latest.state) == ({"q1": False, "q2": 3, "q3": "[/b]", "q4": None}, "watch")
    reason = refused(street, "walk.observe", walk="三月", point="W1", answers={"q1": {"a": 1}})
    assert reason.code == "payload.invalid"


def test_a_walk_taken_back_is_gone_from_the_list_but_not_from_the_store(laptop: Laptop) -> None:
    started = laptop.do("walk.start", name="误")
    laptop.undo(started.group_id)
    with laptop.store.read() as session:
        assert walks.walks_page(session, laptop.compound_id) == ()
        assert [walk.name for walk in walks.walks_page(session, laptop.compound_id, archived=True)] == ["误"]


def test_a_year_on_a_bottle_is_a_number_and_no_grade(street: Laptop) -> None:
    made = street.do("checklist.add", point_kind="well", text="出厂年份", answer="number")
    item = str(next(row_id for table, row_id in made.rows if table == "checklist_item"))
    graded = street.do("checklist.add", point_kind="well", text="锈蚀", answer="grade")
    grade = str(next(row_id for table, row_id in graded.rows if table == "checklist_item"))
    street.do("walk.observe", walk="三月", point="W1", answers={item: 2025})
    latest = _card(street, "三月", "W1").latest
    assert latest is not None
    assert latest.state == "normal"
    street.do("walk.observe", walk="三月", point="W1", answers={item: 2025, grade: 3})
    latest = _card(street, "三月", "W1").latest
    assert latest is not None
    assert latest.state == "watch"
