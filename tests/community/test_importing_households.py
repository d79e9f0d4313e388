"""Lists of households taken in: planned first, carried out by groups, the same list again changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from registering import Register, row, who
from simulation.devices import Laptop

from models.community import importing
from models.files.households import read_households
from models.importing import carry_out
from models.problems import Problem
from models.store import Store

Settle = Callable[..., UUID]
ActingAs = Callable[..., Laptop]

TABLES = ("building", "unit", "household", "person", "occupancy")


def standing(laptop: Laptop) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the register, so that two moments can be compared."""
    return {table: laptop.ask(f"SELECT * FROM {table} ORDER BY id") for table in TABLES}  # noqa: S608


def codes_of(problems: tuple[Problem, ...]) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.code) for problem in problems]


TWO = [
    row(
        "1-1-101",
        who("张三", "13800000001", "male", "owner"),
        area=8050,
        floor=1,
        floors_total=6,
        has_lift=False,
    ),
    row("1-1-102", who("李四"), who("李妹", None, "female", "family", line=4), line=3, area=6000),
]


def test_a_plan_writes_nothing(laptop: Laptop, register: Register) -> None:
    before = standing(laptop)
    plan = register.plan(TWO)
    assert (plan.added, plan.changed, plan.unchanged, plan.new_codes) == (2, 0, 0, ("1-1-101", "1-1-102"))
    assert standing(laptop) == before


def test_a_list_makes_buildings_households_and_people(register: Register) -> None:
    report = register.take_in(TWO)
    assert (report.added, report.changed, report.unchanged, report.problems) == (2, 0, 0, ())
    [building] = register.ask("buildings")
    assert (building.floors, building.has_lift) == (6, False)
    card = register.household("1-1-101")
    assert (card.area, card.floor) == (8050, 1)
    assert register.people_in("1-1-102") == ["李四", "李妹"]
    person = register.person("张三")
    assert (person.sex, person.phones, person.homes[0].since) == ("male", ("13800000001",), None)


def test_the_same_list_again_changes_nothing(laptop: Laptop, register: Register) -> None:
    register.take_in(TWO)
    before = standing(laptop)
    operations = laptop.ask("SELECT count(*) FROM operation")
    report = register.take_in(TWO)
    assert (report.added, report.changed, report.unchanged, report.problems) == (0, 0, 2, ())
    assert standing(laptop) == before
    assert laptop.ask("SELECT count(*) FROM operation") == operations


def test_odd_spellings_are_unchanged_the_second_time(register: Register) -> None:
    odd = [row("1-1-101", who("Ａ　Ｂ", "13800000001"), kind="商　铺", status="出 租 ", layout="[/b]两室")]
    register.take_in(odd)
    assert register.people_in("1-1-101") == ["A B"]
    assert register.plan(odd).unchanged == 1


def test_all_operations_of_an_import_share_one_batch_and_are_undone_group_by_group(
    laptop: Laptop, register: Register
) -> None:
    report = register.take_in([row(f"1-1-{n}", f"张{n}", line=n) for n in range(101, 351)])
    assert report.batch_id is not None
    assert len(report.group_ids) == 2
    assert laptop.ask("SELECT count(*) FROM operation WHERE batch_id = ?", report.batch_id.hex) == [(250,)]
    for group_id in reversed(report.group_ids):
        assert laptop.undo(group_id).refused is None
    assert (register.ask("count_households"), register.ask("count_people")) == (0, 1)


def test_new_values_are_filled_in_and_updated_and_shown_first(register: Register, settle: Settle) -> None:
    settle("1-1-101", {"name": "张三", "phones": ["13800000009"]}, floor=1, status="自住", note="门禁坏")
    plan = register.plan(
        [row("1-1-101", who("张三", "13800000001", "male", line=3), area=8050, status="出租", floors_total=6)]
    )
    assert [(c.line, c.code, c.person, c.field, c.old, c.new) for c in plan.changes] == [
        (2, "1", "", "floors", None, 6),
        (2, "1-1-101", "", "area", None, 8050),
        (2, "1-1-101", "", "status", "自住", "出租"),
        (3, "1-1-101", "张三", "phones", ["13800000009"], ["13800000001", "13800000009"]),
        (3, "1-1-101", "张三", "sex", "", "male"),
    ]
    assert (plan.added, plan.changed, plan.unchanged) == (0, 1, 0)


def test_what_a_list_leaves_empty_stays(register: Register, settle: Settle) -> None:
    settle(
        "1-1-101",
        {"name": "张三", "sex": "male", "phones": ["13800000001"]},
        area=8050,
        kind="住宅",
        note="门禁坏",
    )
    before = register.household("1-1-101")
    report = register.take_in([row("1-1-101", "张三")])
    assert (report.changed, report.unchanged) == (0, 1)
    assert register.household("1-1-101") == before


def test_a_new_name_moves_in_and_a_missing_one_stays(register: Register, settle: Settle) -> None:
    settle("1-1-101", "张三")
    report = register.take_in([row("1-1-101", who("李四", "13800000002", None, "tenant"))])
    assert report.changed == 1
    card = register.household("1-1-101")
    assert [(one.name, one.relation) for one in card.occupancies] == [("张三", "owner"), ("李四", "tenant")]


def test_who_owns_two_flats_is_one_person(register: Register) -> None:
    """Known by name and phone; a name alone says nothing, for two people may share it."""
    flats = [
        row("1-1-101", who("张三", "13800000001")),
        row("1-1-102", who("张三", "13800000001"), line=3),
        row("1-1-103", "张三", line=4),
    ]
    register.take_in(flats)
    assert len(register.names("张三")) == 2
    assert register.plan(flats).unchanged == 3
    register.take_in([row("2-1-101", who("张三", "13800000001"))])
    assert len(register.names("张三")) == 2


def test_a_person_of_two_rooms_takes_no_turns_between_two_values(register: Register) -> None:
    rows = [
        row("1-1-101", who("张三", "13800000001", "male")),
        row("1-1-102", who("张三", "13800000001", "female"), line=3),
    ]
    register.take_in(rows)
    assert register.plan(rows).unchanged == 2


def test_a_merged_person_is_known_by_both_names(laptop: Laptop, register: Register, settle: Settle) -> None:
    settle("1-1-101", "张三")
    settle("1-1-102", "张叁")
    laptop.do("person.merge", person="张叁", into="张三")
    assert register.plan([row("1-1-101", "张三"), row("1-1-102", "张叁", line=3)]).unchanged == 2


def test_who_has_moved_out_is_named_and_not_moved_in_again(
    laptop: Laptop, register: Register, settle: Settle
) -> None:
    settle("1-1-101", "张三")
    left = register.household("1-1-101").occupancies[0].id
    laptop.do("occupancy.end", occupancy=str(left), until="2026-01-01")
    report = register.take_in([row("1-1-101", who("张三", line=5))])
    assert codes_of(report.problems) == [(5, "import.moved_out")]
    assert report.problems[0].params["until"] == "2026-01-01"
    assert register.people_in("1-1-101") == []


def test_another_relation_is_named_and_left_to_a_person(register: Register, settle: Settle) -> None:
    settle("1-1-101", {"name": "张三", "relation": "tenant"})
    report = register.take_in([row("1-1-101", who("张三", relation="owner", line=7))], strict=True)
    assert codes_of(report.problems) == [(7, "import.relation_differs")]
    assert report.unchanged == 1
    assert register.household("1-1-101").occupancies[0].relation == "tenant"


def test_a_building_takes_the_most_floors_its_rows_tell(register: Register) -> None:
    rows = [
        row("1-1-101", floors_total=6),
        row("1-2-101", floors_total=7, has_lift=True, line=3),
        row("1-2-102", floors_total=6, has_lift=False, line=4),
    ]
    report = register.take_in(rows)
    assert codes_of(report.problems) == [(3, "import.floors_differ")]
    [building] = register.ask("buildings")
    assert (building.floors, building.has_lift) == (7, True)
    assert register.plan(rows).changes == ()


def test_an_archived_building_or_household_is_a_problem_of_its_line(
    laptop: Laptop, register: Register, settle: Settle
) -> None:
    settle("1-1-101")
    settle("2-1-101")
    laptop.do("household.archive", household="1-1-101")
    laptop.do("household.archive", household="2-1-101")
    laptop.do("building.archive", building="2")
    report = register.take_in(
        [row("1-1-101"), row("2-1-101", line=3), row("2-1-102", line=4), row("3-1-101", line=5)]
    )
    assert codes_of(report.problems) == [
        (2, "import.household_archived"),
        (3, "import.building_archived"),
        (4, "import.building_archived"),
    ]
    assert (report.added, register.codes()) == (1, ["3-1-101"])


def test_a_value_that_cannot_be_stored_costs_that_value(register: Register) -> None:
    report = register.take_in([row("1-1-101", "张三", area=0, status="长" * 101, floor=3)])
    assert [(p.line, p.code, p.column) for p in report.problems] == [
        (2, "payload.field", "area"),
        (2, "payload.field", "status"),
    ]
    card = register.household("1-1-101")
    assert (card.area, card.status, card.floor) == (None, "", 3)
    report = register.take_in([row("1-1-101", area=-1, floor=4)])
    assert [p.column for p in report.problems] == ["area"]
    assert register.household("1-1-101").floor == 4


def test_a_person_that_cannot_be_stored_costs_that_person(register: Register) -> None:
    report = register.take_in(
        [row("1-1-101", who("长" * 101, line=2), who("张三", "1", line=3), who("李四", line=4))]
    )
    assert codes_of(report.problems) == [(2, "payload.field"), (3, "payload.field")]
    assert register.people_in("1-1-101") == ["李四"]


def test_a_room_or_a_name_said_twice_counts_once(register: Register) -> None:
    report = register.take_in(
        [row("1-1-101", who("张三"), who("张三", "13800000001", line=3)), row("1-1-101", area=1, line=9)]
    )
    assert codes_of(report.problems) == [(3, "person.twice"), (9, "import.household_twice")]
    assert register.people_in("1-1-101") == ["张三"]
    assert register.household("1-1-101").area is None


def test_a_room_of_120_people_is_taken_in_whole(register: Register) -> None:
    crowd = [row("1-0-1", *(who(f"工人{n}", line=n) for n in range(2, 122)))]
    report = register.take_in(crowd)
    assert (report.added, report.problems) == (1, ())
    assert len(register.people_in("1-0-1")) == 120
    assert register.plan(crowd).unchanged == 1


def test_strictness_stops_at_a_lost_value_but_not_at_a_warning(laptop: Laptop, register: Register) -> None:
    before = standing(laptop)
    warned = Problem("column.unknown", 1, "备注", {"name": "备注"})
    lost = Problem("phone.invalid", 2, "手机号", {"value": "x"})
    report = register.take_in(TWO, warned, lost, strict=True)
    assert (report.added, report.changed, report.problems) == (0, 0, (warned, lost))
    assert standing(laptop) == before
    assert register.plan(TWO, warned, lost, strict=True).blocked
    assert register.take_in(TWO, warned, strict=True).added == 2


def test_without_a_role_nothing_is_planned(acting_as: ActingAs) -> None:
    helper = Register(acting_as("volunteer"))
    plan = helper.plan(TWO)
    assert [problem.code for problem in plan.problems] == ["role.missing"]
    assert plan.groups == ()
    assert helper.take_in(TWO).added == 0


def test_a_role_that_ends_meanwhile_is_said_once(laptop: Laptop, acting_as: ActingAs) -> None:
    keeper = acting_as("committee")
    plan = Register(keeper).plan(TWO)
    [term] = Register(laptop).person("李梅").roles
    laptop.do("role_term.end", role_term=str(term.id))
    report = carry_out(laptop.store, plan, keeper.acting)
    assert (report.added, [problem.code for problem in report.problems]) == (0, ["role.missing"])


def test_a_refused_row_loses_no_other_of_its_group(
    laptop: Laptop, register: Register, settle: Settle
) -> None:
    settle("1-1-101", area=1)
    plan = register.plan([row("1-1-101", area=2), row("1-1-102", line=3), row("1-1-103", line=4)])
    laptop.do("household.archive", household="1-1-101")
    report = carry_out(laptop.store, plan, laptop.acting)
    assert codes_of(report.problems) == [(2, "row.archived")]
    assert report.problems[0].params["subject"] == "1-1-101"
    assert (report.added, report.changed, register.codes()) == (2, 0, ["1-1-102", "1-1-103"])


def test_a_strict_import_that_is_refused_late_leaves_nothing(
    laptop: Laptop, register: Register, settle: Settle
) -> None:
    settle("1-1-101", area=1)
    rows = [row(f"9-1-{n}", line=n) for n in range(101, 400)] + [row("1-1-101", area=2, line=500)]
    plan = register.plan(rows, strict=True)
    assert len(plan.groups) == 2
    laptop.do("household.archive", household="1-1-101")
    before = standing(laptop)
    report = carry_out(laptop.store, plan, laptop.acting)
    assert (report.added, codes_of(report.problems)) == (0, [(500, "row.archived")])
    assert standing(laptop) == before


def test_a_household_that_another_program_added_meanwhile_is_met_not_doubled(
    register: Register, settle: Settle, laptop: Laptop
) -> None:
    plan = register.plan([row("1-1-101", who("张三", "13800000001"), area=8050)])
    settle("1-1-101", "张三")
    report = carry_out(laptop.store, plan, laptop.acting)
    assert (report.added, report.changed) == (0, 1)
    assert register.people_in("1-1-101") == ["张三"]
    assert register.household("1-1-101").area == 8050


def test_a_program_that_dies_between_groups_leaves_whole_groups_and_the_rest_follows(
    laptop: Laptop, register: Register
) -> None:
    rows = [row(f"1-1-{n}", f"张{n}", line=n) for n in range(101, 601)]

    def die(done: int, of: int) -> None:
        assert of == 3
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out(laptop.store, register.plan(rows), laptop.acting, progress=die)
    assert register.ask("count_households") == 400
    report = register.take_in(rows)
    assert (report.added, report.unchanged) == (100, 400)


def test_each_group_is_a_transaction_of_its_own(
    laptop: Laptop, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = register.plan([row(f"1-1-{n}", line=n) for n in range(101, 601)])
    begun = []
    write = Store.write

    def counted(store: Store) -> object:
        begun.append(store)
        return write(store)

    monkeypatch.setattr(Store, "write", counted)
    carry_out(laptop.store, plan, laptop.acting)
    assert len(begun) == len(plan.groups) == 3


def test_the_customary_sheet_with_its_peculiarities_is_taken_in(register: Register, tmp_path: Path) -> None:
    """Members repeat the room, numbers come as floats, dummies mean none, a shop's unit is 0."""
    sheet = tmp_path / "住户.csv"
    sheet.write_text(
        "楼号,单元,房间,楼层,总层数,是否有电梯,房屋类型,房屋户型,建筑面积,室内面积,租金,房屋状态,业主名称,性别,手机号,身份证号,业主类型\n"
        "1.0,1.0,1001.0,10.0,11,是,住宅,两室一厅,80.50,70.1,,自住,张三,男,13800000001.0,111111111111111111,1001\n"
        "1.0,1.0,1001.0,10.0,11,是,住宅,两室一厅,80.50,70.1,,自住,李妹,女,18999999999,,1002\n"
        "1.0,0,5,1,11,是,商铺,,33.00,,,出租,[/b]王五,,13800000003,,1003\n",
        encoding="gb18030",
    )
    reading = read_households(sheet)
    rows = list(reading.rows)
    report = register.take_in(rows, *reading.problems)
    assert (report.added, report.problems) == (2, ())
    card = register.household("1-1-1001")
    assert (card.area, card.indoor_area, card.floor, card.layout) == (8050, 7010, 10, "两室一厅")
    assert [(one.name, one.relation, one.phones) for one in card.occupancies] == [
        ("张三", "owner", ("13800000001",)),
        ("李妹", "family", ()),
    ]
    assert register.people_in("1-0-5") == ["[/b]王五"]
    assert register.ask("buildings")[0].has_lift is True
    assert register.plan(rows).unchanged == 2


def test_10000_rows_are_planned_in_few_statements_and_imported_once(register: Register) -> None:
    rows = [
        row(f"{n // 120 + 1}-{n % 120 // 40 + 1}-{n % 40 + 101}", who(f"张{n}", f"138{n:08d}"), line=n + 2)
        for n in range(10_000)
    ]
    assert register.take_in(rows).added == 10_000
    again = register.plan(rows)
    assert (again.added, again.changed, again.unchanged, again.problems) == (0, 0, 10_000, ())
    assert register.ask("count_households") == 10_000
    assert register.codes("zhang9999") == [rows[-1].code]


def test_what_an_import_promises_to_warn_of_is_what_it_warns_of() -> None:
    own = {code for code in importing.MERE_WARNINGS if code.startswith("import.")}
    assert own == {"import.floors_differ", "import.moved_out", "import.relation_differs"}
