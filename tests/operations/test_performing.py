"""What a person's act becomes: an operation, rows, a shadow, a place in the outbox; or nothing at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from simulation.devices import Ids, Laptop, verdict_of

from models.operations.envelope import Intent
from models.operations.perform import MOST_IN_A_GROUP, Outcome
from models.operations.registry import KINDS, Payload, finder, register
from models.operations.resolve import complete, find_row
from models.operations.verdicts import Accepted, Conflicted, Merged, Rejected
from models.operations.workspace import Workspace
from models.problems import Problem
from models.tables import synced_models


def add_person(laptop: Laptop, name: str = "张三") -> Intent:
    return Intent("person.add", {"id": str(laptop.ids()), "name": name})


def counts(laptop: Laptop) -> list[tuple[object, ...]]:
    return [
        laptop.ask(f"SELECT count(*) FROM {table}")[0]  # noqa: S608
        for table in ("person", "operation", "outbox", "shadow")
    ]


# -- groups -----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_group_with_one_refused_operation_leaves_no_trace(laptop: Laptop, place: int) -> None:
    before = counts(laptop)
    intents = [add_person(laptop) for _ in range(2)]
    intents.insert(place, Intent("household.archive", {"household": str(laptop.ids())}))
    outcome = laptop.together(*intents)
    assert outcome.refused is not None
    assert outcome.refused.code == "row.unknown"
    assert outcome.rows == ()
    assert counts(laptop) == before


def test_a_group_is_numbered_in_order_and_leaves_no_gap_after_a_refusal(laptop: Laptop) -> None:
    laptop.together(Intent("household.archive", {"household": str(laptop.ids())}))
    outcome = laptop.together(*(add_person(laptop) for _ in range(3)))
    assert [operation.n for operation in outcome.operations] == [2, 3, 4]
    assert laptop.ask("SELECT n FROM operation ORDER BY n") == [(1,), (2,), (3,), (4,)]


def test_a_refusal_leaves_what_the_session_did_before(laptop: Laptop) -> None:
    from models.operations.perform import perform

    with laptop.store.write() as session:
        perform(session, [add_person(laptop, "先来")], laptop.acting)
        perform(session, [Intent("household.archive", {"household": str(laptop.ids())})], laptop.acting)
        perform(session, [add_person(laptop, "后来")], laptop.acting)
    assert laptop.ask("SELECT name FROM person WHERE name LIKE '%来' ORDER BY id") == [("先来",), ("后来",)]


def test_a_group_holds_200_and_no_more(laptop: Laptop) -> None:
    assert laptop.together(*(add_person(laptop) for _ in range(MOST_IN_A_GROUP))).refused is None
    for size in (0, MOST_IN_A_GROUP + 1):
        with pytest.raises(ValueError, match="1 to 200"):
            laptop.together(*(add_person(laptop) for _ in range(size)))


# -- needs and shadows --------------------------------------------------------------------------


def test_an_operation_names_the_unjudged_ones_whose_rows_it_uses(laptop: Laptop) -> None:
    added = laptop.do("household.add", code="3-1-502").operations[0]
    edited = laptop.do("household.edit", household="3-1-502", new={"area": 9000}).operations[0]
    again = laptop.do("household.edit", household="3-1-502", new={"area": 9100}).operations[0]
    assert added.id in edited.needs
    assert edited.id in again.needs
    assert added.id not in again.needs, "the last writer stands for those before it"
    other = laptop.do("team.add", name="水工").operations[0]
    assert not {added.id, edited.id, again.id} & set(other.needs)


def test_operations_of_one_group_do_not_need_each_other(laptop: Laptop) -> None:
    person = str(laptop.ids())
    outcome = laptop.together(
        Intent("person.add", {"id": person, "name": "张三"}),
        Intent("person.edit", {"person": person, "new": {"note": "热心"}}),
    )
    own = {operation.id for operation in outcome.operations}
    assert not any(own & set(operation.needs) for operation in outcome.operations)


def test_the_shadow_keeps_what_the_server_said_however_often_a_row_is_written(laptop: Laptop) -> None:
    laptop.do("household.add", code="3-1-502")
    for area in (8000, 8100):
        laptop.do("household.edit", household="3-1-502", new={"area": area})
    assert laptop.ask("SELECT before FROM shadow WHERE table_name = 'household'") == [(None,)]


# -- roles ----------------------------------------------------------------------------------------


def test_who_has_no_role_decides_nothing(laptop: Laptop) -> None:
    stranger = Laptop(laptop.store, laptop.compound_id, laptop.ids(), laptop.clock, laptop.ids)
    assert verdict_of(stranger.together(add_person(laptop))) == Rejected(
        "role.missing", {"kind": "person.add"}
    )


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_a_founder_may_act_at_any_hour_of_the_day(blank: Laptop, hour: int) -> None:
    """Days are the compound's: seven in the morning in Shanghai is yesterday in UTC."""
    blank.clock.now = datetime(2026, 3, 2, hour, 30, tzinfo=UTC)
    blank.found()
    blank.do("team.add", name="水工")


def test_a_term_ends_at_midnight_in_the_compound(laptop: Laptop) -> None:
    person = laptop.ids()
    laptop.do("person.add", id=str(person), name="张三")
    laptop.do("role.grant", person=str(person), role="committee", since="2026-03-01", until="2026-03-03")
    helper = Laptop(laptop.store, laptop.compound_id, person, laptop.clock, laptop.ids)
    laptop.clock.now = datetime(2026, 3, 2, 15, 59, 0, tzinfo=UTC)
    assert helper.together(add_person(laptop)).refused is None
    laptop.clock.now += timedelta(minutes=1)
    assert helper.together(add_person(laptop)).refused is not None


def test_a_person_merged_into_another_goes_on_with_their_roles(laptop: Laptop) -> None:
    people = [laptop.ids() for _ in range(3)]
    for person in people:
        laptop.do("person.add", id=str(person), name="张三")
    laptop.do("role.grant", person=str(people[0]), role="committee", since="2026-01-01")
    laptop.do("person.merge", person=str(people[0]), into=str(people[1]))
    laptop.do("person.merge", person=str(people[1]), into=str(people[2]))
    helper = Laptop(laptop.store, laptop.compound_id, people[0], laptop.clock, laptop.ids)
    assert helper.together(add_person(laptop)).refused is None


# -- verdicts ---------------------------------------------------------------------------------------


def test_each_verdict_is_of_its_type(laptop: Laptop) -> None:
    added = laptop.do("household.add", code="3-1-502", area=8000)
    household = next(row for table, row in added.rows if table == "household")
    assert added.verdicts == (Accepted(),)
    assert laptop.do("household.add", code="3栋1单元502", area=8000).verdicts == (Merged(household),)
    stale = laptop.do(
        "household.edit",
        household="3-1-502",
        new={"phones": ["13800000001"]},
        old={"phones": ["13800000009"]},
    )
    assert isinstance(stale.verdicts[0], Accepted | Conflicted)
    laptop.do("household.archive", household=str(household))
    again = laptop.attempt("household.archive", household=str(household))
    assert isinstance(again, Outcome)
    assert verdict_of(again) == Rejected("row.archived", {"table": "household", "id": str(household)})


def test_what_a_standing_row_says_otherwise_is_kept_in_a_conflict(laptop: Laptop) -> None:
    laptop.do("household.add", code="3-1-502", area=8000)
    laptop.do("household.add", code="3-1-502", area=8100, note="朝南")
    assert laptop.ask("SELECT area, note FROM household") == [(8000, "朝南")]
    assert laptop.ask("SELECT field, kept, lost FROM conflict") == [("area", 8000, 8100)]


def test_a_field_can_be_emptied(laptop: Laptop) -> None:
    for code in ("W01", "W02"):
        laptop.do("point.add", code=code)
    laptop.do("pipe.add", start="W01", end="W02", system="foul", diameter_mm=300)
    pipe = str(UUID(laptop.ask("SELECT id FROM pipe")[0][0]))
    laptop.do("pipe.edit", pipe=pipe, new={"system": None, "diameter_mm": None})
    assert laptop.ask("SELECT system, diameter_mm FROM pipe") == [("", None)]


def test_an_unknown_kind_is_refused(laptop: Laptop) -> None:
    assert verdict_of(laptop.together(Intent("house.paint", {}))) == Rejected(
        "kind.unknown", {"kind": "house.paint"}
    )


PRIVATE = "身份证 110101199001011234"


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("household.add", {"id": PRIVATE, "code": PRIVATE}),
        ("household.add", {"id": 7, "code": "3-1-502", "phones": [PRIVATE]}),
        ("person.add", {"name": {"first": PRIVATE}}),
        ("person.add", {"name": PRIVATE * 20, "id": str(UUID(int=5))}),
        ("person.edit", {"person": PRIVATE, "new": {PRIVATE: 1}}),
        ("walk.observe", {"id": str(UUID(int=5)), "level": PRIVATE, "mud_mm": PRIVATE, "defects": [PRIVATE]}),
    ],
)
def test_a_bad_payload_is_told_by_field_and_rule_never_by_value(
    laptop: Laptop, kind: str, payload: dict[str, object]
) -> None:
    refused = laptop.together(Intent(kind, payload)).refused
    assert refused is not None
    assert refused.code == "payload.invalid"
    assert refused.problems
    told = repr([(p.code, p.params) for p in refused.problems]) + repr(refused.params)
    assert PRIVATE not in told
    assert "110101199001011234" not in told


# -- aliases ------------------------------------------------------------------------------------------


def test_aliases_lead_on_however_long_the_chain(laptop: Laptop) -> None:
    ids = [str(laptop.ids()) for _ in range(5)]
    for place, row in enumerate(ids):
        laptop.do("household.add", id=row, code=f"3-1-50{place}")
    for one, into in pairwise(ids):
        laptop.do("household.merge", household=one, into=into)
    laptop.do("household.edit", household=ids[0], new={"note": "到了"})
    assert laptop.ask("SELECT code FROM household WHERE note = '到了'") == [("3-1-504",)]
    assert verdict_of(laptop.do("household.add", code="3-1-500")) == Merged(UUID(ids[-1]))


def test_a_ring_of_aliases_turns_nobody_round_for_ever(laptop: Laptop) -> None:
    model = synced_models()["household"]
    one, other = laptop.ids(), laptop.ids()
    added = laptop.do("team.add", name="水工").operations[0]
    with laptop.store.write() as session:
        workspace = Workspace(session, laptop.compound_id, keep_shadows=False)
        workspace.begin(added, rev=None)
        workspace.alias(model, one, other)
        workspace.alias(model, other, one)
        assert workspace.get(model, one) is None


def test_a_reference_to_a_row_known_by_another_id_is_put_right(laptop: Laptop) -> None:
    """A building added twice has one row; what was said under its other id must not dangle."""
    first, second = str(laptop.ids()), str(laptop.ids())
    laptop.do("building.add", id=first, code="3")
    laptop.do("building.add", id=second, code="3")
    laptop.do("point.add", code="W01")
    laptop.do("point.edit", point="W01", new={"building_id": second})
    assert laptop.ask("SELECT building_id FROM point") == [(UUID(first).hex,)]
    assert laptop.ask("PRAGMA foreign_key_check") == []


def test_a_building_made_by_its_first_flat_is_known_by_one_id_to_all(laptop: Laptop) -> None:
    laptop.do("building.add", code="3", name="东楼")
    with laptop.store.read() as session:
        workspace = Workspace(session, laptop.compound_id, keep_shadows=False)
        shared = workspace.shared_id(synced_models()["building"], "3")
    laptop.do("building.edit", building=str(shared), new={"note": "别处也认得"})
    assert laptop.ask("SELECT name, note FROM building") == [("东楼", "别处也认得")]


def test_pipes_that_would_double_become_one(laptop: Laptop) -> None:
    for code in ("W01", "W02", "O1"):
        laptop.do("point.add", code=code)
    pipes = [str(laptop.ids()) for _ in range(2)]
    laptop.do("pipe.add", id=pipes[0], start="W01", end="O1")
    laptop.do("pipe.add", id=pipes[1], start="W02", end="O1")
    laptop.do("point.merge", point="W02", into="W01")
    laptop.do("pipe.edit", pipe=pipes[1], new={"material": "PVC"})
    assert laptop.ask("SELECT id, material FROM pipe WHERE NOT archived") == [(UUID(pipes[0]).hex, "PVC")]


# -- undo -------------------------------------------------------------------------------------------


def test_undo_takes_a_whole_group_back_and_can_be_undone(laptop: Laptop) -> None:
    made = laptop.together(add_person(laptop, "一"), add_person(laptop, "二"))
    undone = laptop.undo(made.group_id)
    assert undone.refused is None
    assert laptop.ask("SELECT count(*) FROM person WHERE archived") == [(2,)]
    assert laptop.undo(undone.group_id).refused is None
    assert laptop.ask("SELECT count(*) FROM person WHERE archived") == [(0,)]


def test_undo_of_an_edit_puts_the_old_values_back(laptop: Laptop) -> None:
    laptop.do("household.add", code="3-1-502", area=8000)
    edit = laptop.do("household.edit", household="3-1-502", new={"area": 9000, "note": "改"})
    assert laptop.undo(edit.group_id).refused is None
    assert laptop.ask("SELECT area, note FROM household") == [(8000, "")]


def test_undo_is_refused_where_somebody_has_written_since(laptop: Laptop) -> None:
    laptop.do("household.add", code="3-1-502", area=8000)
    edit = laptop.do("household.edit", household="3-1-502", new={"area": 9000})
    laptop.do("household.edit", household="3-1-502", new={"area": 9500})
    before = counts(laptop)
    refused = laptop.undo(edit.group_id).refused
    assert refused == Rejected("undo.changed_since", {"field": "area"})
    assert counts(laptop) == before


def test_undo_of_what_merged_is_refused(laptop: Laptop) -> None:
    laptop.do("team.add", name="水工")
    merged = laptop.do("team.add", name="水工")
    refused = laptop.undo(merged.group_id).refused
    assert refused is not None
    assert refused.code == "undo.merged"


def test_undo_of_what_cannot_be_taken_back_says_so(laptop: Laptop) -> None:
    found = laptop.ask("SELECT group_id FROM operation")[0][0]
    refused = laptop.undo(UUID(found)).refused
    assert refused == Rejected("undo.impossible", {"kind": "compound.found"})
    unknown = laptop.undo(laptop.ids()).refused
    assert unknown is not None
    assert unknown.code == "undo.unknown"


def test_undo_takes_back_more_than_one_group_holds(laptop: Laptop) -> None:
    """Two hundred households with their people make six hundred operations to take them back."""
    intents = [
        Intent(
            "household.add",
            {
                "id": str(laptop.ids()),
                "code": f"3-1-{room}",
                "occupants": [{"person": str(laptop.ids()), "occupancy": str(laptop.ids()), "name": "张三"}],
            },
        )
        for room in range(200)
    ]
    made = laptop.together(*intents)
    undone = laptop.undo(made.group_id)
    assert undone.refused is None
    assert len(undone.operations) == len(undone.verdicts) == 600
    assert laptop.ask("SELECT count(*) FROM household WHERE NOT archived") == [(0,)]
    sizes = laptop.ask("SELECT count(*) FROM operation GROUP BY group_id")
    assert max(size for (size,) in sizes) == MOST_IN_A_GROUP


# -- from what people write ---------------------------------------------------------------------------


def test_codes_become_ids_and_new_rows_get_theirs(laptop: Laptop) -> None:
    laptop.do("household.add", code="3-1-502")
    with laptop.store.write() as session:
        raw = {"code": "3-1-503", "occupants": [{"name": "张三"}]}
        payload = complete(session, KINDS["household.add"], raw, laptop.acting)
        assert isinstance(payload, dict)
        assert UUID(payload["id"]).version == 7
        assert {"person", "occupancy", "name"} == payload["occupants"][0].keys()
        household = find_row(session, laptop.compound_id, "household", "３栋１单元５０２室")
        assert isinstance(household, UUID)


def test_an_edit_learns_the_old_values_it_replaces(laptop: Laptop) -> None:
    laptop.do("household.add", code="3-1-502", area=8000)
    with laptop.store.write() as session:
        raw = {"household": "3-1-502", "new": {"area": 1, "note": "x"}}
        payload = complete(session, KINDS["household.edit"], raw, laptop.acting)
        given = complete(session, KINDS["household.edit"], raw | {"old": {"area": 7}}, laptop.acting)
    assert isinstance(payload, dict)
    assert isinstance(given, dict)
    assert payload["old"] == {"area": 8000, "note": ""}
    assert given["old"] == {"area": 7, "note": ""}


def test_a_name_that_means_two_people_or_nobody_is_a_problem(laptop: Laptop) -> None:
    for _ in range(2):
        laptop.do("person.add", name="张三")
    for name, code in (("张三", "reference.ambiguous"), ("赵六", "reference.unknown")):
        problem = laptop.attempt("role.grant", person=name, role="volunteer")
        assert isinstance(problem, Problem)
        assert problem.code == code


# -- registering ------------------------------------------------------------------------------------


def test_a_kind_is_registered_once() -> None:
    class Nothing(Payload):
        """Nothing at all."""

    with pytest.raises(ValueError, match="registered twice"):
        register("person.add", Nothing, may=None)(lambda *_: None)


def test_a_finder_is_kept_under_its_table(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.operations import registry

    monkeypatch.setattr(registry, "FINDERS", dict(registry.FINDERS))
    monkeypatch.setattr("models.operations.resolve.FINDERS", registry.FINDERS)
    row = Ids("found")()
    finder("ghost")(lambda *_: [row])
    with laptop.store.read() as session:
        assert find_row(session, laptop.compound_id, "ghost", "boo") == row
