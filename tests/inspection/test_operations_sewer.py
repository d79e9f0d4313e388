"""Points, pipes, connections, routes and checklists: every kind, and what it refuses."""

from __future__ import annotations

from uuid import UUID

import pytest
from simulation.devices import Laptop, verdict_of
from street import counts, id_of, lay, refused

from models.inspection import queries, queries_network
from models.operations.verdicts import Conflicted, Merged


def _codes(laptop: Laptop, **options: object) -> list[str]:
    with laptop.store.read() as session:
        return [line.code for line in queries.points_page(session, laptop.compound_id, **options)]  # type: ignore[arg-type]


def _stops(laptop: Laptop, route: str) -> list[str]:
    with laptop.store.read() as session:
        view = queries.route_view(session, laptop.compound_id, id_of(laptop, "route", route))
    assert view is not None
    return [stop.code for stop in view.stops]


def _pipes(laptop: Laptop) -> list[tuple[str, str, str]]:
    with laptop.store.read() as session:
        lines = queries_network.pipes_page(session, laptop.compound_id)
    return [(line.start, line.end, line.system) for line in lines]


def test_a_code_in_any_spelling_is_one_well(laptop: Laptop) -> None:
    laptop.do("point.add", code="ｗ－０７")
    again = laptop.do("point.add", code="W-07", depth_mm=1200)
    assert isinstance(verdict_of(again), Merged)
    assert laptop.ask("select code, depth_mm from point") == [("W-07", 1200)]


def test_what_two_people_measured_differently_is_kept_as_a_conflict(laptop: Laptop) -> None:
    laptop.do("point.add", code="W1", depth_mm=1200)
    laptop.do("point.add", code="W1", depth_mm=1300)
    assert laptop.ask("select depth_mm from point") == [(1200,)]
    assert laptop.ask("select kept, lost from conflict") == [(1200, 1300)]


def test_text_that_looks_like_markup_or_code_is_kept_as_it_is(laptop: Laptop) -> None:
    laptop.do("point.add", code="W1", name="[/b] 车棚旁%_", note="=1+1\n第二行")
    assert _codes(laptop, text="%_") == ["W1"]
    assert _codes(laptop, text="[/b]") == ["W1"]
    assert _codes(laptop, text="车棚") == ["W1"]
    assert _codes(laptop, text="cpp") == ["W1"]
    assert _codes(laptop, text="不是") == []
    assert laptop.ask("select name, note from point") == [("[/b] 车棚旁%_", "=1+1\n第二行")]


def test_a_search_follows_a_new_name(laptop: Laptop) -> None:
    laptop.do("point.add", code="W1", name="车棚")
    laptop.do("point.edit", point="W1", new={"name": "花园"})
    assert _codes(laptop, text="花园") == ["W1"]
    assert _codes(laptop, text="车棚") == []


def test_points_stand_in_the_order_people_count(laptop: Laptop) -> None:
    for code in ("W10", "W2", "W1", "OUT"):
        laptop.do("point.add", code=code)
    assert _codes(laptop) == ["OUT", "W1", "W2", "W10"]


def test_an_edit_of_a_point_is_undone_and_an_archived_one_comes_back(laptop: Laptop) -> None:
    laptop.do("point.add", code="W1", depth_mm=1200)
    edited = laptop.do("point.edit", point="W1", new={"depth_mm": 1500})
    laptop.undo(edited.group_id)
    assert laptop.ask("select depth_mm from point") == [(1200,)]
    archived = laptop.do("point.archive", point="W1")
    assert _codes(laptop) == []
    assert _codes(laptop, archived=True) == ["W1"]
    laptop.undo(archived.group_id)
    assert _codes(laptop) == ["W1"]


def test_an_archived_code_is_not_added_again_silently(laptop: Laptop) -> None:
    laptop.do("point.add", code="W1")
    laptop.do("point.archive", point="W1")
    assert refused(laptop, "point.add", code="W1").code == "row.archived"


@pytest.mark.parametrize(
    ("kind", "fields", "where"),
    [
        ("point.add", {"code": ""}, "code"),
        ("point.add", {"code": "W1", "depth_mm": 0}, "depth_mm"),
        ("point.add", {"code": "W1", "x_m": float("nan")}, "x_m"),
        ("point.add", {"code": "W1", "ground_m": 1e9}, "ground_m"),
        ("point.add", {"code": "W1", "kind": "moat"}, "kind"),
        ("pipe.add", {"start": "A", "end": "B", "diameter_mm": 5}, "diameter_mm"),
        ("pipe.add", {"start": "A", "end": "B", "length_m": 0}, "length_m"),
        ("pipe.add", {"start": "A", "end": "B", "system": "gas"}, "system"),
        ("pipe.add", {"start": "A", "end": "A"}, ""),
        ("connection.add", {"point": "A"}, ""),
        ("route.add", {"name": " "}, "name"),
        ("checklist.add", {"point_kind": "well", "text": "?", "answer": "song"}, "answer"),
    ],
)
def test_absurd_values_are_refused_with_their_field(
    laptop: Laptop, kind: str, fields: dict[str, object], where: str
) -> None:
    laptop.do("point.add", code="A")
    laptop.do("point.add", code="B")
    reason = refused(laptop, kind, **fields)
    assert reason.code == "payload.invalid"
    assert (reason.problems[0].column or "").split(".")[0] == where


def test_a_second_pipe_the_same_way_is_the_same_pipe(laptop: Laptop) -> None:
    lay(laptop, "W1", "OUT", system="")
    again = laptop.do("pipe.add", start="W1", end="OUT", diameter_mm=300, system="foul")
    assert isinstance(verdict_of(again), Merged)
    assert _pipes(laptop) == [("W1", "OUT", "foul")]


def test_the_system_of_a_pipe_can_be_said_later_and_taken_back(laptop: Laptop) -> None:
    lay(laptop, "W1", "OUT", system="")
    edited = laptop.do("pipe.edit", pipe="W1-OUT", new={"system": "rain"})
    assert _pipes(laptop) == [("W1", "OUT", "rain")]
    assert laptop.undo(edited.group_id).refused is None
    assert _pipes(laptop) == [("W1", "OUT", "")]


def test_a_pipe_may_say_that_its_system_is_unknown(laptop: Laptop) -> None:
    lay(laptop, "W1", "W2", system="rain")
    laptop.do("point.add", code="W3")
    laptop.do("pipe.add", start="W2", end="W3", system=None)
    laptop.do("pipe.edit", pipe="W1-W2", new={"system": None})
    assert _pipes(laptop) == [("W1", "W2", ""), ("W2", "W3", "")]


def test_a_pipe_to_an_archived_well_is_refused(laptop: Laptop) -> None:
    lay(laptop, "W1", "OUT")
    laptop.do("point.archive", point="OUT")
    reason = refused(laptop, "pipe.add", start="W1", end=str(id_of(laptop, "point", "OUT")))
    assert (reason.code, reason.params["table"]) == ("row.archived", "point")


def test_merging_two_wells_moves_pipes_and_archives_what_would_double(laptop: Laptop) -> None:
    lay(laptop, "W1", "W2", "OUT")
    laptop.do("point.add", code="W2B")
    laptop.do("pipe.add", start="W1", end="W2B")  # would double W1-W2
    laptop.do("pipe.add", start="W2B", end="W2")  # would run from W2 to itself
    laptop.do("point.add", code="W0")
    laptop.do("pipe.add", start="W0", end="W2B")  # moves over
    laptop.do("route.add", name="东线", stops=["W1", "W2B", "W2"])
    laptop.do("walk.start", name="三月", route="东线")
    laptop.do("walk.observe", walk="三月", point="W2B", level="full")
    merged = laptop.do("point.merge", point="W2B", into="W2")
    assert isinstance(verdict_of(merged), Merged)
    assert [(start, end) for start, end, _ in _pipes(laptop)] == [("W0", "W2"), ("W1", "W2"), ("W2", "OUT")]
    assert _stops(laptop, "东线") == ["W1", "W2"]
    well = id_of(laptop, "point", "W2").hex
    assert laptop.ask("select point_id from observation") == [(well,)]
    later = laptop.do("walk.observe", walk="三月", point="W2B", level="dry")
    assert later.refused is None
    assert laptop.ask("select count(*) from observation where point_id = ?", well) == [(2,)]


def test_a_connection_said_twice_stands_once(laptop: Laptop) -> None:
    laptop.do("household.add", code="1-1-101")
    laptop.do("point.add", code="W1")
    laptop.do("connection.add", point="W1", building="1")
    again = laptop.do("connection.add", point="W1", building="1栋")
    assert isinstance(verdict_of(again), Merged)
    laptop.do("connection.add", point="W1", household="1-1-101")
    assert counts(laptop, ["house_connection"]) == {"house_connection": 2}
    laptop.do("house_connection.archive", house_connection="W1>1")
    assert counts(laptop, ["house_connection"]) == {"house_connection": 1}
    laptop.do("connection.add", point="W1", building="1")
    with laptop.store.read() as session:
        lines = queries_network.connections(session, laptop.compound_id)
    assert [(line.point, line.building, line.household) for line in lines] == [
        ("W1", "", "1-1-101"),
        ("W1", "1", ""),
    ]


def test_a_route_is_arranged_and_the_old_order_comes_back(laptop: Laptop) -> None:
    for code in ("W1", "W2", "W3"):
        laptop.do("point.add", code=code)
    laptop.do("route.add", name="东线", stops=["W1", "W2", "W1"])
    assert _stops(laptop, "东线") == ["W1", "W2"]
    before = [str(id_of(laptop, "point", code)) for code in ("W1", "W2")]
    arranged = laptop.do("route.arrange", route="东线", stops=["W3", "W2"], before=before)
    assert _stops(laptop, "东线") == ["W3", "W2"]
    assert laptop.undo(arranged.group_id).refused is None
    assert _stops(laptop, "东线") == ["W1", "W2"]


def test_an_order_is_not_taken_back_over_somebody_elses(laptop: Laptop) -> None:
    for code in ("W1", "W2"):
        laptop.do("point.add", code=code)
    laptop.do("route.add", name="东线", stops=["W1"])
    first = laptop.do("route.arrange", route="东线", stops=["W2", "W1"], before=[])
    laptop.do("route.arrange", route="东线", stops=["W1", "W2"])
    reason = laptop.undo(first.group_id).refused
    assert reason is not None
    assert (reason.code, reason.params["field"]) == ("undo.changed_since", "stops")
    assert _stops(laptop, "东线") == ["W1", "W2"]


def test_an_order_made_elsewhere_meanwhile_loses_no_point_and_brings_none_back(laptop: Laptop) -> None:
    for code in ("W1", "W2", "W3", "W4"):
        laptop.do("point.add", code=code)
    laptop.do("route.add", name="东线", stops=["W1", "W2", "W3"])
    before = [str(id_of(laptop, "point", code)) for code in ("W1", "W2", "W3")]
    laptop.do("route.arrange", route="东线", stops=["W1", "W4", "W2"], before=before)  # W4 in, W3 out
    laptop.do("route.arrange", route="东线", stops=["W3", "W2", "W1"], before=before)  # turned round
    assert _stops(laptop, "东线") == ["W2", "W1", "W4"]


def test_an_order_whose_past_nobody_wrote_down_is_never_emptied(laptop: Laptop) -> None:
    laptop.do("point.add", code="W1")
    laptop.do("route.add", name="东线")
    arranged = laptop.do("route.arrange", route="东线", stops=["W1"])
    reason = laptop.undo(arranged.group_id).refused
    assert reason is not None
    assert reason.code == "undo.impossible"
    assert _stops(laptop, "东线") == ["W1"]


def test_a_route_cannot_take_another_ones_name(laptop: Laptop) -> None:
    laptop.do("route.add", name="东线")
    laptop.do("route.add", name="西线")
    reason = refused(laptop, "route.edit", route="西线", new={"name": "东线"})
    assert (reason.code, reason.params["name"]) == ("name.taken", "东线")


def test_a_route_added_twice_keeps_its_stops(laptop: Laptop) -> None:
    laptop.do("point.add", code="W1")
    laptop.do("route.add", name="东线", stops=["W1"])
    again = laptop.do("route.add", name="东线", note="雨后走")
    assert isinstance(verdict_of(again), Merged)
    assert _stops(laptop, "东线") == ["W1"]
    assert laptop.ask("select note from route") == [("雨后走",)]


def test_questions_are_asked_in_their_order_and_only_at_their_kind(laptop: Laptop) -> None:
    laptop.do("checklist.add", point_kind="lamp", text="亮吗", position=2)
    laptop.do("checklist.add", point_kind="lamp", text="灯杆稳吗", position=1, required=True)
    laptop.do("checklist.add", point_kind="lift", text="有异响吗")
    assert isinstance(verdict_of(laptop.do("checklist.add", point_kind="lamp", text="亮吗")), Merged)
    laptop.do("checklist.edit", item="亮吗", new={"position": 0})
    with laptop.store.read() as session:
        asked = queries.checklist(session, laptop.compound_id, kind="lamp")
    assert [question.text for question in asked] == ["亮吗", "灯杆稳吗"]
    laptop.do("checklist_item.archive", checklist_item="亮吗")
    with laptop.store.read() as session:
        assert len(queries.checklist(session, laptop.compound_id)) == 2


def test_an_edit_over_an_unseen_one_says_so(laptop: Laptop) -> None:
    laptop.do("point.add", code="W1", depth_mm=1000)
    laptop.do("point.edit", point="W1", new={"depth_mm": 1100})
    laptop.ask("select 1")
    stale = laptop.do("point.edit", point="W1", old={"depth_mm": 900}, new={"depth_mm": 1200})
    # This laptop wrote the value itself, so it has seen it.
    assert not isinstance(verdict_of(stale), Conflicted)
    assert laptop.ask("select depth_mm from point") == [(1200,)]


def test_ids_of_a_route_depend_on_the_operation_alone(laptop: Laptop) -> None:
    laptop.do("point.add", code="W1")
    laptop.do("point.add", code="W2")
    laptop.do("route.add", name="东线", stops=["W1", "W2"])
    ids = [UUID(row_id) for (row_id,) in laptop.ask("select id from route_stop")]
    assert {row_id.version for row_id in ids} == {5}


def test_a_point_that_was_put_away_keeps_its_place_on_a_route_that_is_arranged_meanwhile(
    laptop: Laptop,
) -> None:
    for code in ("W1", "W2", "W3"):
        laptop.do("point.add", code=code)
    laptop.do("route.add", name="东线", stops=["W1", "W2", "W3"])
    archived = laptop.do("point.archive", point="W2")
    order = [str(id_of(laptop, "point", code)) for code in ("W1", "W3")]
    moved = laptop.do("route.arrange", route="东线", stops=order[::-1], before=order)
    assert _stops(laptop, "东线") == ["W3", "W1"]
    assert laptop.undo(moved.group_id).refused is None
    assert laptop.undo(archived.group_id).refused is None
    assert _stops(laptop, "东线") == ["W1", "W2", "W3"]


def test_a_point_that_is_left_out_leaves_the_route(laptop: Laptop) -> None:
    for code in ("W1", "W2"):
        laptop.do("point.add", code=code)
    laptop.do("route.add", name="东线", stops=["W1", "W2"])
    laptop.do("route.arrange", route="东线", stops=["W2"])
    assert _stops(laptop, "东线") == ["W2"]
