"""Buildings, households and people: added, edited field by field, archived, brought back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from registering import Register, made, refusal
from simulation.devices import Laptop, verdict_of

from models.operations.verdicts import Accepted, Conflicted, Merged, Rejected
from models.problems import Problem

Settle = Callable[..., UUID]
ActingAs = Callable[..., Laptop]


def test_a_compound_is_founded_once(laptop: Laptop) -> None:
    again = laptop.attempt("compound.found", name="别的", person=str(laptop.ids()), person_name="谁")
    assert refusal(again) == "compound.founded"


def test_a_compound_changes_its_words_and_takes_them_back(laptop: Laptop) -> None:
    edit = laptop.do("compound.edit", compound=str(laptop.compound_id), new={"address": "湘潭"})
    assert laptop.ask("SELECT name, address FROM compound") == [("耐火小区", "湘潭")]
    assert laptop.undo(edit.group_id).refused is None
    assert laptop.ask("SELECT address FROM compound") == [("",)]


def test_an_unknown_zone_is_no_zone(laptop: Laptop) -> None:
    wrong = laptop.attempt("compound.edit", compound=str(laptop.compound_id), new={"zone": "Asia/Nowhere"})
    assert refusal(wrong) == "payload.invalid"


def test_a_building_added_twice_is_one(laptop: Laptop, register: Register) -> None:
    first = laptop.do("building.add", code="１栋", floors=7)
    second = laptop.do("building.add", code="1号楼", has_lift=True)
    assert verdict_of(second) == Merged(made(first))
    [line] = register.ask("buildings")
    assert (line.code, line.floors, line.has_lift) == ("1", 7, True)


def test_a_building_is_edited_and_found_by_its_new_name(laptop: Laptop, register: Register) -> None:
    laptop.do("building.add", code="1")
    edit = laptop.do("building.edit", building="1栋", new={"name": "老干楼", "floors": 6})
    laptop.do("building.edit", building="老干楼", new={"note": "朝南"})
    [line] = register.ask("buildings")
    assert (line.name, line.floors, line.note) == ("老干楼", 6, "朝南")
    assert laptop.undo(edit.group_id).refused is None
    [line] = register.ask("buildings")
    assert (line.name, line.floors, line.note) == ("", None, "朝南")


def test_an_inhabited_building_is_not_archived(laptop: Laptop, register: Register, settle: Settle) -> None:
    settle("1-1-101")
    kept = laptop.attempt("building.archive", building="1")
    assert refusal(kept) == "building.inhabited"
    laptop.do("household.archive", household="1-1-101")
    laptop.do("building.archive", building="1")
    assert register.ask("buildings") == ()
    assert [line.archived for line in register.ask("buildings", archived=True)] == [True]
    laptop.do("building.unarchive", building="1")
    assert [line.archived for line in register.ask("buildings")] == [False]


def test_a_household_brings_its_building_stairwell_and_people(register: Register, settle: Settle) -> None:
    settle("2栋3单元502室", {"name": "张三", "phones": ["１３８ 0000 0001"], "relation": "tenant"}, area=8050)
    card = register.household("2-3-502")
    assert (card.building_code, card.unit_code, card.area) == ("2", "3", 8050)
    [tenant] = card.occupancies
    assert (tenant.name, tenant.relation, tenant.phones) == ("张三", "tenant", ("13800000001",))


def test_a_household_added_twice_is_one_and_keeps_what_differs(
    laptop: Laptop, register: Register, settle: Settle
) -> None:
    first = settle("1-1-101", "张三", area=8050)
    again = laptop.do("household.add", code="1栋1单元101", area=8060, floor=1)
    assert again.verdicts[0] == Merged(first)
    card = register.household("1-1-101")
    assert (card.area, card.floor) == (8050, 1)
    assert laptop.ask("SELECT field, kept, lost FROM conflict") == [("area", 8050, 8060)]
    assert register.people_in("1-1-101") == ["张三"]


def test_somebody_added_twice_to_a_household_is_one_person(register: Register, settle: Settle) -> None:
    settle("1-1-101", "张三")
    settle("1-1-101", {"name": "张三", "phones": ["13800000001"]}, "李四")
    assert register.people_in("1-1-101") == ["张三", "李四"]
    assert register.person("张三").phones == ("13800000001",)
    assert register.ask("count_people") == 3


def test_an_archived_household_is_brought_back_before_it_is_added_to(laptop: Laptop, settle: Settle) -> None:
    settle("1-1-101")
    laptop.do("household.archive", household="1-1-101")
    assert refusal(laptop.attempt("household.add", code="1-1-101")) == "row.archived"
    assert refusal(laptop.attempt("household.archive", household="1-1-101")) == "row.archived"
    laptop.do("household.unarchive", household="1-1-101")
    assert refusal(laptop.attempt("household.unarchive", household="1-1-101")) == "row.living"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("floor", -1),
        ("area", 12345),
        ("indoor_area", 1),
        ("kind", "商铺"),
        ("layout", "两室一厅"),
        ("status", "出租"),
        ("phones", ["13800000001", "0732-5550001"]),
        ("note", "门口\n有坡"),
    ],
)
def test_each_field_of_a_household_is_edited_and_undone(
    laptop: Laptop, register: Register, settle: Settle, field: str, value: object
) -> None:
    settle(
        "1-1-101", floor=3, area=8050, indoor_area=7000, kind="住宅", layout="一室", status="自住", note="旧"
    )
    before = register.household("1-1-101")
    edit = laptop.do("household.edit", household="1-1-101", new={field: value})
    after = register.household("1-1-101")
    assert getattr(after, field) == (tuple(value) if isinstance(value, list) else value)
    assert laptop.undo(edit.group_id).refused is None
    assert register.household("1-1-101") == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"area": 0},
        {"area": 10_000_001},
        {"floor": 201},
        {"phones": ["电话"]},
        {"phones": ["1"]},
        {"colour": "red"},
    ],
)
def test_an_absurd_value_is_refused_with_its_field(
    laptop: Laptop, settle: Settle, wrong: dict[str, object]
) -> None:
    settle("1-1-101", area=8050)
    outcome = laptop.attempt("household.edit", household="1-1-101", new=wrong)
    assert not isinstance(outcome, Problem)
    refused = outcome.refused
    assert isinstance(refused, Rejected)
    assert refused.code == "payload.invalid"
    assert [problem.code for problem in refused.problems] == ["payload.field"]
    assert str(refused.problems[0].column).startswith(f"new.{next(iter(wrong))}")
    assert laptop.ask("SELECT area FROM household") == [(8050,)]


def test_two_people_may_share_a_name(laptop: Laptop, register: Register) -> None:
    laptop.do("person.add", name="张三")
    assert isinstance(verdict_of(laptop.do("person.add", name="张三")), Accepted)
    assert register.names("张三") == ["张三", "张三"]
    ambiguous = laptop.attempt("person.archive", person="张三")
    assert isinstance(ambiguous, Problem)
    assert (ambiguous.code, ambiguous.params["n"]) == ("reference.ambiguous", 2)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "李四"),
        ("sex", "male"),
        ("phones", ["13800000002"]),
        ("skills", ["电工", "水暖"]),
        ("note", "早上在"),
    ],
)
def test_each_field_of_a_person_is_edited_and_undone(
    laptop: Laptop, register: Register, field: str, value: object
) -> None:
    person = made(laptop.do("person.add", name="张三", phones=["13800000001"]))
    before = register.ask("person_card", person)
    edit = laptop.do("person.edit", person=str(person), new={field: value})
    after = register.ask("person_card", person)
    assert getattr(after, field) == (tuple(value) if isinstance(value, list) else value)
    assert laptop.undo(edit.group_id).refused is None
    assert register.ask("person_card", person) == before


def test_a_renamed_person_is_found_by_the_new_pinyin_alone(laptop: Laptop, register: Register) -> None:
    laptop.do("person.add", name="张三")
    laptop.do("person.edit", person="张三", new={"name": "赵六"})
    assert register.names("zl") == ["赵六"]
    assert register.names("zs") == []


def test_an_edit_that_saw_another_value_leaves_a_standing_phone(laptop: Laptop, register: Register) -> None:
    """Another laptop's phone, which this one had not seen, yields only to a person's choice."""
    laptop.do("person.add", name="张三", phones=["13800000001"])
    late = laptop.do("person.edit", person="张三", old={"phones": []}, new={"phones": ["13800000002"]})
    assert isinstance(verdict_of(late), Conflicted)
    assert register.person("张三").phones == ("13800000001",)


def test_undo_leaves_what_somebody_changed_since(laptop: Laptop, settle: Settle) -> None:
    settle("1-1-101")
    edit = laptop.do("household.edit", household="1-1-101", new={"area": 8000})
    laptop.do("household.edit", household="1-1-101", new={"area": 9000})
    assert refusal(laptop.undo(edit.group_id)) == "undo.changed_since"


def test_an_added_household_is_taken_back_with_its_people(laptop: Laptop, register: Register) -> None:
    added = laptop.do(
        "household.add",
        code="1-1-101",
        occupants=[{"person": str(laptop.ids()), "occupancy": str(laptop.ids()), "name": "张三"}],
    )
    assert laptop.undo(added.group_id).refused is None
    assert (register.ask("count_households"), register.names("张三")) == (0, [])


def test_what_met_something_standing_is_not_taken_back(laptop: Laptop) -> None:
    laptop.do("building.add", code="1")
    again = laptop.do("building.add", code="1")
    assert refusal(laptop.undo(again.group_id)) == "undo.merged"


@pytest.mark.parametrize(
    ("kind", "noun", "fields"),
    [
        ("building.add", "building", {"code": "9"}),
        ("person.add", "person", {"name": "孙七"}),
        ("team.add", "team", {"name": "排水队"}),
    ],
)
def test_an_addition_is_undone_and_its_undoing_too(
    laptop: Laptop, kind: str, noun: str, fields: dict[str, str]
) -> None:
    added = laptop.do(kind, **fields)
    archived = f"SELECT archived FROM {noun} WHERE id = '{made(added).hex}'"  # noqa: S608
    taken_back = laptop.undo(added.group_id)
    assert laptop.ask(archived) == [(1,)]
    assert laptop.undo(taken_back.group_id).refused is None
    assert laptop.ask(archived) == [(0,)]


def test_only_those_who_keep_the_register_change_it(acting_as: ActingAs, settle: Settle) -> None:
    settle("1-1-101")
    helper = acting_as("volunteer")
    for kind, fields in (
        ("building.add", {"code": "9"}),
        ("household.edit", {"household": "1-1-101", "new": {"area": 1}}),
        ("household.archive", {"household": "1-1-101"}),
        ("person.add", {"name": "新人"}),
        ("team.add", {"name": "队"}),
        ("contact.assign", {"household": "1-1-101", "person": "王德胜"}),
    ):
        assert refusal(helper.attempt(kind, fields)) == "role.missing", kind


def test_a_building_lead_keeps_the_register_but_grants_no_roles(acting_as: ActingAs) -> None:
    lead = acting_as("building_lead")
    lead.do("person.add", name="新人")
    assert refusal(lead.attempt("role.grant", person="新人", role="volunteer")) == "role.missing"
    assert refusal(lead.attempt("compound.edit", compound=str(lead.compound_id), new={"name": "x"})) == (
        "role.missing"
    )


@pytest.mark.parametrize(
    "text", ["[/b]张三", "[a栋]", "[@click=app.quit]", "%_\\", "'; DROP TABLE person; --"]
)
def test_markup_and_code_are_only_text(laptop: Laptop, register: Register, settle: Settle, text: str) -> None:
    settle("1-1-101", text, note=text, status=text)
    assert register.people_in("1-1-101") == [text]
    assert register.household("1-1-101").note == text
    assert register.codes(text) == ["1-1-101"]
    assert register.names(text) == [text]
    laptop.do("team.add", name=text)
    assert [team.name for team in register.ask("teams")] == [text]


def test_a_name_of_5000_characters_is_refused_and_a_note_of_5000_is_kept(
    laptop: Laptop, register: Register, settle: Settle
) -> None:
    long = "长" * 5_000
    assert refusal(laptop.attempt("person.add", name=long)) == "payload.invalid"
    settle("1-1-101", note=long)
    assert register.household("1-1-101").note == long
    assert refusal(laptop.attempt("household.edit", household="1-1-101", new={"note": long + "多"})) == (
        "payload.invalid"
    )
    assert register.codes(long) == register.names(long) == []


def test_full_width_text_is_kept_in_one_spelling(register: Register, settle: Settle) -> None:
    settle("１－１－１０１", "Ａ　Ｂ", status="出　租")
    assert register.people_in("1-1-101") == ["A B"]
    assert register.household("1-1-101").status == "出 租"
    assert register.codes("ａｂ") == ["1-1-101"]
