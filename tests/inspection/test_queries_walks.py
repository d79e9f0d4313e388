"""What the walk screens ask: resuming, the last time, progress, summary, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from simulation.devices import Laptop
from sqlalchemy import insert
from street import id_of, lay, note

from models.inspection import queries, queries_cards, queries_network
from models.inspection import queries_walks as walks
from models.inspection.queries_cards import WalkView
from models.inspection.queries_walks import Progress
from models.inspection.tables import Observation, Walk
from models.operations.resolve import find_row
from models.problems import Problem
from models.tables import table_of


def _view(laptop: Laptop, walk: str) -> WalkView:
    with laptop.store.read() as session:
        view = queries_cards.walk_view(session, laptop.compound_id, id_of(laptop, "walk", walk))
    assert view is not None
    return view


@pytest.fixture
def street(laptop: Laptop) -> Laptop:
    """Building 3 with four wells and an outfall; the route 东线 goes from the far end to the near one."""
    laptop.do("building.add", code="3", name="3栋")
    lay(laptop, "W1", "W2", "W3", "W10", "OUT")
    laptop.do("point.edit", point="W2", new={"name": "车棚旁", "building_id": "3", "note": "靠墙\n小心台阶"})
    laptop.do("route.add", name="东线", stops=["W10", "W3", "W2"])
    laptop.do("walk.start", name="三月", route="东线")
    return laptop


def test_a_walk_resumes_at_the_first_point_nobody_has_seen(street: Laptop) -> None:
    assert _view(street, "三月").first_unfinished == 0
    note(street, "三月", W10="flowing", W2="flowing")
    view = _view(street, "三月")
    assert [card.code for card in view.cards] == ["W10", "W3", "W2"]
    assert (view.first_unfinished, view.progress) == (1, Progress(2, 3))
    note(street, "三月", W3="unopened")
    view = _view(street, "三月")
    assert (view.first_unfinished, view.progress) == (None, Progress(3, 3))


def test_a_withdrawn_answer_is_asked_for_again(street: Laptop) -> None:
    answered = street.do("walk.observe", walk="三月", point="W10", level="dry")
    street.undo(answered.group_id)
    assert _view(street, "三月").first_unfinished == 0


def test_a_card_says_where_it_is_and_what_lies_around_it(street: Laptop) -> None:
    card = _view(street, "三月").cards[2]
    assert (card.code, card.building, card.where) == ("W2", "3", "3栋 · 车棚旁 · 靠墙")
    assert (card.upstream, card.downstream, card.diameter_mm) == (("W1",), ("W3",), 300)


def test_mud_is_measured_against_the_pipe_that_flows_out_or_else_in(street: Laptop) -> None:
    street.do("pipe.edit", pipe="W10-OUT", new={"diameter_mm": 500})
    for code, mud_mm in (("OUT", 100), ("W3", 61), ("W2", 60)):
        street.do("walk.observe", walk="三月", point=code, mud_mm=mud_mm)
    states = {card.code: card.latest.state for card in _view(street, "三月").cards if card.latest}
    assert states == {"OUT": "normal", "W3": "watch", "W2": "normal"}


def test_what_was_seen_beside_the_route_comes_last_and_is_no_progress(street: Laptop) -> None:
    note(street, "三月", OUT="flowing", W1="full")
    view = _view(street, "三月")
    assert [(card.code, card.on_route) for card in view.cards] == [
        ("W10", True),
        ("W3", True),
        ("W2", True),
        ("OUT", False),
        ("W1", False),
    ]
    assert (view.progress, view.first_unfinished) == (Progress(0, 3), 0)


def test_a_walk_without_a_route_takes_every_living_point_in_natural_order(street: Laptop) -> None:
    street.do("walk.start", name="全部")
    street.do("point.archive", point="W1")
    view = _view(street, "全部")
    assert [card.code for card in view.cards] == ["OUT", "W2", "W3", "W10"]
    assert (view.progress, view.has_drains) == (Progress(0, 4), True)


def test_a_point_archived_on_the_way_leaves_the_route_but_not_what_was_seen(street: Laptop) -> None:
    note(street, "三月", W3="full")
    street.do("point.archive", point="W3")
    street.do("point.archive", point="W2")
    view = _view(street, "三月")
    assert [(card.code, card.on_route, card.archived) for card in view.cards] == [
        ("W10", True, False),
        ("W3", False, True),
    ]
    assert view.progress == Progress(0, 1)


def test_last_time_is_the_newest_look_from_before_this_walk(street: Laptop) -> None:
    note(street, "三月", W10="full")
    note(street, "三月", W10="half")
    street.do("walk.finish", walk="三月")
    street.do("walk.start", name="四月", route="东线")
    note(street, "四月", W10="dry")
    street.do("walk.start", name="五月", route="东线")
    note(street, "五月", W10="flowing")
    april = _view(street, "四月").cards[0]
    assert april.last is not None
    assert april.latest is not None
    assert (april.last.level, april.last.walk, april.latest.level) == ("half", "三月", "dry")
    assert _view(street, "三月").cards[0].last is None


def test_a_withdrawn_look_is_nobodys_last_time(street: Laptop) -> None:
    note(street, "三月", W10="half")
    wrong = street.do("walk.observe", walk="三月", point="W10", level="overflow")
    street.undo(wrong.group_id)
    street.do("walk.start", name="四月", route="东线")
    last = _view(street, "四月").cards[0].last
    assert last is not None
    assert last.level == "half"


def test_one_card_alone_is_the_card_of_the_whole_walk(street: Laptop) -> None:
    note(street, "三月", W10="full", OUT="dry")
    view = _view(street, "三月")
    with street.store.read() as session:
        for card in view.cards:
            alone = queries_cards.point_card_in_walk(session, street.compound_id, view.id, card.point_id)
            assert alone == card
        assert walks.walk_progress(session, street.compound_id, view.id) == view.progress


def test_walks_are_listed_newest_first_with_their_progress(street: Laptop) -> None:
    note(street, "三月", W10="dry", W3="dry", OUT="dry")
    street.do("walk.finish", walk="三月")
    street.do("walk.start", name="全部")
    note(street, "全部", W1="dry")
    with street.store.read() as session:
        page = walks.walks_page(session, street.compound_id)
        assert [(w.name, w.route, w.started_by, w.progress) for w in page] == [
            ("全部", "", "王德胜", Progress(1, 5)),
            ("三月", "东线", "王德胜", Progress(2, 3)),
        ]
        assert [w.name for w in walks.unfinished_walks(session, street.compound_id)] == ["全部"]
        assert [w.name for w in walks.walks_page(session, street.compound_id, text="sy")] == ["三月"]
        assert walks.count_walks(session, street.compound_id) == 2
        latest = walks.latest_walk(session, street.compound_id)
        counts = walks.home_counts(session, street.compound_id)
    assert latest is not None
    assert latest.name == "全部"
    assert (counts.points, counts.open_walks, counts.open_walk) == (5, 1, latest)


def test_a_summary_counts_each_point_by_its_latest_look(street: Laptop) -> None:
    note(street, "三月", W10="dry")
    street.do(
        "walk.observe",
        walk="三月",
        point="W10",
        level="full",
        defects=[{"code": "crack", "grade": 2}, {"code": "silt"}],
    )
    note(street, "三月", W3="unopened")
    with street.store.read() as session:
        summary = queries_cards.walk_summary(session, street.compound_id, id_of(street, "walk", "三月"))
    assert summary is not None
    assert summary.levels == {"full": 1, "unopened": 1}
    assert summary.states == {"bad": 1, "unopened": 1}
    assert summary.defects == {"crack": 1, "silt": 1}
    assert (summary.unseen, summary.unseen_wells, summary.progress) == (("W2",), ("W2",), Progress(2, 3))


def test_times_are_shown_where_the_compound_is(street: Laptop) -> None:
    note(street, "三月", W10="dry")
    latest = _view(street, "三月").cards[0].latest
    assert latest is not None
    assert latest.at.utcoffset() == timedelta(hours=8)


def test_a_walk_nobody_knows_is_none(laptop: Laptop) -> None:
    with laptop.store.read() as session:
        assert queries_cards.walk_view(session, laptop.compound_id, UUID(int=1)) is None
        assert queries_cards.walk_summary(session, laptop.compound_id, UUID(int=1)) is None
        assert queries_cards.point_card_in_walk(session, laptop.compound_id, UUID(int=1), UUID(int=2)) is None
        assert walks.walk_progress(session, laptop.compound_id, UUID(int=1)) is None
        assert walks.other_walks_to_join(session, laptop.compound_id, UUID(int=1)) == ()
        assert walks.latest_walk(session, laptop.compound_id) is None


@pytest.mark.parametrize(
    ("table", "text", "found"),
    [
        ("point", "ｗ０２", None),
        ("point", "ｗ２", "W2"),
        ("point", "车棚旁", "W2"),
        ("pipe", "W1-W2", "W1-W2"),
        ("pipe", "w1→W2", "W1-W2"),
        ("pipe", "W1 -> W2", "W1-W2"),
        ("pipe", "Ｗ1＞W2", "W1-W2"),
        ("pipe", "W1到W2", "W1-W2"),
        ("pipe", "W2-W1", None),
        ("pipe", "W-1-W-2", None),
        ("route", "东 线", "东线"),
        ("walk", "三月", "三月"),
        ("walk", "", None),
        ("walk", "%", None),
        ("checklist_item", "亮吗", None),
    ],
)
def test_people_name_things_as_they_speak(street: Laptop, table: str, text: str, found: str | None) -> None:
    with street.store.read() as session:
        named = find_row(session, street.compound_id, table, text)
    assert isinstance(named, Problem) if found is None else named == id_of(street, table, found)


def test_codes_with_dashes_name_a_pipe_too(laptop: Laptop) -> None:
    lay(laptop, "W-1", "W-2")
    with laptop.store.read() as session:
        assert isinstance(find_row(session, laptop.compound_id, "pipe", "W-1-W-2"), UUID)


def test_a_name_that_two_points_bear_is_ambiguous_until_one_is_archived(laptop: Laptop) -> None:
    laptop.do("point.add", code="L1", kind="lamp", name="门口")
    laptop.do("point.add", code="L2", kind="lamp", name="门口")
    with laptop.store.read() as session:
        problem = find_row(session, laptop.compound_id, "point", "门口")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.params["n"]) == ("reference.ambiguous", 2)
    laptop.do("point.archive", point="L1")
    assert id_of(laptop, "point", "门口") == id_of(laptop, "point", "L2")


def test_a_point_shows_its_pipes_its_drains_and_its_last_looks(street: Laptop) -> None:
    street.do("connection.add", point="W2", building="3")
    for level in ("dry", "half", "full"):
        note(street, "三月", W2=level)
    with street.store.read() as session:
        view = queries.point_card(session, street.compound_id, id_of(street, "point", "W2"), last=2)
        assert queries.point_card(session, street.compound_id, UUID(int=1)) is None
        assert queries_network.count_pipes(session, street.compound_id, text="w2") == 2
    assert view is not None
    assert [(pipe.start, pipe.end) for pipe in (*view.incoming, *view.outgoing)] == [
        ("W1", "W2"),
        ("W2", "W3"),
    ]
    assert [drain.building for drain in view.connections] == ["3"]
    assert [looked.level for looked in view.observations] == ["full", "half"]


@pytest.mark.parametrize("text", ["[/b]", "１２", "字" * 5_000, "a " * 3_000, "%", "\\", "'", "\x00"])
def test_any_text_may_be_searched_for(street: Laptop, text: str) -> None:
    with street.store.read() as session:
        found = queries.points_page(session, street.compound_id, text=text)
        assert queries.count_points(session, street.compound_id, text=text) == len(found)
        queries_network.pipes_page(session, street.compound_id, text=text)
        walks.walks_page(session, street.compound_id, text=text)


def _steps(laptop: Laptop, ask: Callable[[Any], object]) -> int:
    """Count, in hundreds, the instructions that the database runs to answer: no clock, so no noise."""
    ticks = 0

    def tick() -> int:
        nonlocal ticks
        ticks += 1
        return 0

    with laptop.store.read() as session:
        raw = session.connection().connection.driver_connection
        assert raw is not None
        raw.set_progress_handler(tick, 100)
        try:
            ask(session)
        finally:
            raw.set_progress_handler(None, 100)
    return ticks


def _years(laptop: Laptop, weeks: int) -> None:
    """Store the history of weekly walks, every well seen each time."""
    route = id_of(laptop, "route", "东线")
    points = [id_of(laptop, "point", f"W{number}") for number in range(1, 43)]
    walked, seen = [], []
    for week in range(weeks):
        at = laptop.clock.now - timedelta(weeks=week + 1)
        walk = laptop.ids()
        shared = {"compound_id": laptop.compound_id, "rev": 0, "archived": False, "stamps": {}}
        walked.append(
            {**shared, "id": walk, "name": str(at.date()), "route_id": route, "started_at": at}
            | {"started_by": laptop.person_id, "finished_at": at, "note": "", "search": ""}
        )
        seen += [
            {**shared, "id": laptop.ids(), "walk_id": walk, "point_id": point, "level": "dry", "mud_mm": None}
            | {"defects": [], "answers": {}, "note": "", "at": at}
            | {"doer_id": laptop.person_id, "recorder_id": laptop.person_id}
            for point in points
        ]
    with laptop.store.write() as session:
        session.connection().execute(insert(table_of(Walk)), walked)
        session.connection().execute(insert(table_of(Observation)), seen)


def test_ten_years_of_walks_cost_a_screen_no_more_than_one_month(laptop: Laptop) -> None:
    lay(laptop, *(f"W{number}" for number in range(1, 43)))
    laptop.do("route.add", name="东线", stops=[f"W{number}" for number in range(1, 43)])
    laptop.clock.now += timedelta(days=1)
    laptop.do("walk.start", name="今天", route="东线")
    note(laptop, "今天", W1="full")
    walk, well = id_of(laptop, "walk", "今天"), id_of(laptop, "point", "W1")

    questions: dict[str, Callable[[Any], object]] = {
        "view": lambda session: queries_cards.walk_view(session, laptop.compound_id, walk),
        "card": lambda session: queries_cards.point_card_in_walk(session, laptop.compound_id, walk, well),
        "progress": lambda session: walks.walk_progress(session, laptop.compound_id, walk),
        "point": lambda session: queries.point_card(session, laptop.compound_id, well, last=3),
    }
    _years(laptop, 4)
    month = {name: _steps(laptop, ask) for name, ask in questions.items()}
    laptop.clock.now -= timedelta(weeks=4)
    _years(laptop, 516)
    decade = {name: _steps(laptop, ask) for name, ask in questions.items()}
    assert decade["view"] <= 1.3 * month["view"]
    assert decade["card"] <= month["card"] + 3
    assert decade["progress"] <= month["progress"] + 3
    assert decade["point"] <= month["point"] + 3
