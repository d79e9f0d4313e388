"""Importing wells and pipes: what is new, what differs, what cannot be used, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sheets import found, imported, outcome, planned
from simulation.devices import Laptop
from street import id_of, lay

from models.importing import carry_out
from models.inspection.importing import IMPORT_PROBLEM_CODES
from models.listings import list_rows
from models.operations.perform import MOST_IN_A_GROUP

WELLS = """编号,类型,楼栋,x_m,y_m,地面高程,井深,备注
ｗ１,检查井,3栋,1.5,2,45.123,１２００,[/b]
W2,,9,,,,,
W3,,,,,,0,
OUT,排出口,,,,,,
"""
PIPES = """起点,终点,管径,管长,材质,性质
W1,W2,300,20.5,PVC,污水
W2,W3,300,0,,
W3,OUT,DN400,,,合流
"""


@pytest.fixture
def compound(laptop: Laptop) -> Laptop:
    laptop.do("building.add", code="3")
    return laptop


def test_wells_arrive_with_all_that_the_sheet_says(compound: Laptop) -> None:
    report = imported(compound, "wells", WELLS)
    assert outcome(report) == (4, 0, 0)
    with compound.store.read() as session:
        rows = list_rows(session, compound.compound_id, "points", today=date(2026, 3, 2))
        assert not hasattr(rows, "code")
        listed = [
            {key: row[key] for key in ("code", "kind", "building", "ground_m", "depth_mm", "note")}
            for row in rows
        ]
    assert listed[1] == {
        "code": "W1",
        "kind": "well",
        "building": "3",
        "ground_m": 45.123,
        "depth_mm": 1200,
        "note": "[/b]",
    }
    assert [(row["code"], row["kind"], row["depth_mm"]) for row in listed] == [
        ("OUT", "outfall", None),
        ("W1", "well", 1200),
        ("W2", "well", None),
        ("W3", "well", None),
    ]


@pytest.mark.parametrize(("what", "sheet", "n"), [("wells", WELLS, 4), ("pipes", PIPES, 3)])
def test_importing_again_changes_nothing(compound: Laptop, what: str, sheet: str, n: int) -> None:
    if what == "pipes":
        imported(compound, "wells", WELLS)
    assert outcome(imported(compound, what, sheet)) == (n, 0, 0)
    before = compound.ask("select count(*) from operation")
    again = imported(compound, what, sheet)
    assert (outcome(again), again.batch_id) == ((0, 0, n), None)
    assert compound.ask("select count(*) from operation") == before


def test_an_unknown_building_is_said_and_the_well_is_kept(compound: Laptop) -> None:
    report = imported(compound, "wells", WELLS)
    assert found(report) == [("well.building_unknown", 3)]
    assert dict(report.problems[0].params) == {"code": "W2", "building": "9"}
    assert id_of(compound, "point", "W2")


def test_a_sheet_that_does_not_speak_of_a_value_leaves_it(compound: Laptop) -> None:
    imported(compound, "wells", WELLS)
    report = imported(compound, "wells", "code,depth_mm\nOUT,900\nW1,1300\n")
    assert outcome(report) == (0, 2, 0)
    assert compound.ask("select code, kind, depth_mm, note from point where depth_mm > 0 order by code") == [
        ("OUT", "outfall", 900, ""),
        ("W1", "well", 1300, "[/b]"),
    ]


def test_the_preview_names_each_value_that_would_change(compound: Laptop) -> None:
    imported(compound, "wells", WELLS)
    plan = planned(compound, "wells", "code,depth_mm,note\nW1,1300,\nW3,,新\n")
    assert [(c.line, c.code, c.field, c.old, c.new) for c in plan.changes] == [
        (2, "W1", "depth_mm", 1200, 1300),
        (3, "W3", "note", "", "新"),
    ]
    assert (plan.added, plan.changed, plan.unchanged) == (0, 2, 0)
    assert compound.ask("select depth_mm from point where code = 'W1'") == [(1200,)]


def test_an_archived_well_is_not_brought_back_by_a_sheet(compound: Laptop) -> None:
    imported(compound, "wells", WELLS)
    compound.do("point.archive", point="W1")
    report = imported(compound, "wells", WELLS)
    assert ("well.archived", 2) in found(report)
    assert outcome(report) == (0, 0, 3)


def test_pipes_arrive_between_the_wells_they_name(compound: Laptop) -> None:
    imported(compound, "wells", WELLS)
    report = imported(compound, "pipes", PIPES + "W9,W1,,,,\nW1,W8,,,,\n")
    assert outcome(report) == (3, 0, 0)
    assert found(report) == [("pipe.well_unknown", 5), ("pipe.well_unknown", 6)]
    assert [problem.params["well"] for problem in report.problems] == ["W9", "W8"]
    assert compound.ask("select diameter_mm, length_m, material, system from pipe order by id") == [
        (300, 20.5, "PVC", "foul"),
        (300, None, "", ""),
        (400, None, "", "combined"),
    ]


def test_a_pipe_is_known_by_its_ends_whatever_it_carries(compound: Laptop) -> None:
    imported(compound, "wells", WELLS)
    report = imported(compound, "pipes", "from,to,system\nW1,W2,foul\nW1,W2,rain\n")
    assert (outcome(report), found(report)) == ((1, 0, 0), [("pipe.twice", 3)])
    changed = imported(compound, "pipes", "from,to,diameter_mm,system\nW1,W2,400,rain\n")
    assert outcome(changed) == (0, 1, 0)
    assert compound.ask("select diameter_mm, system from pipe") == [(400, "rain")]


def test_a_pipe_of_no_known_system_learns_it_from_a_sheet(compound: Laptop) -> None:
    imported(compound, "wells", WELLS)
    imported(compound, "pipes", "from,to\nW1,W2\n")
    report = imported(compound, "pipes", "from,to,system\nW1,W2,foul\n")
    assert (outcome(report), found(report)) == ((0, 1, 0), [])


def test_archived_pipes_and_wells_are_told_apart(compound: Laptop) -> None:
    lay(compound, "W1", "W2", "W3", "OUT")
    compound.do("pipe.archive", pipe="W1-W2")
    compound.do("point.archive", point="W3")
    report = imported(compound, "pipes", "from,to\nW1,W2\nW2,W3\n")
    assert found(report) == [("pipe.archived", 2), ("pipe.well_archived", 3)]
    assert outcome(report) == (0, 0, 0)


def test_a_strict_import_with_one_bad_row_does_nothing(compound: Laptop) -> None:
    report = imported(compound, "wells", WELLS, strict=True)
    assert outcome(report) == (0, 0, 0)
    assert compound.ask("select count(*) from point") == [(0,)]
    good = imported(compound, "wells", WELLS.replace(",9,", ",,"), strict=True)
    assert outcome(good) == (4, 0, 0)


def test_an_unknown_column_does_not_stop_a_strict_import(compound: Laptop) -> None:
    report = imported(compound, "wells", "code,颜色\nW1,红\n", strict=True)
    assert (outcome(report), found(report)) == ((1, 0, 0), [("column.unknown", 1)])


def test_a_refused_row_costs_only_itself(compound: Laptop) -> None:
    plan = planned(compound, "wells", "code,depth_mm\nW1,\nW2,\nW3,\n")
    compound.do("point.add", code="W2")
    compound.do("point.archive", point="W2")
    report = carry_out(compound.store, plan, compound.acting)
    assert (outcome(report), found(report)) == ((2, 0, 0), [("row.archived", 3)])
    assert report.problems[0].params["subject"] == "W2"


def test_a_strict_plan_that_is_refused_late_leaves_nothing_behind(compound: Laptop) -> None:
    plan = planned(compound, "wells", "code\n" + "".join(f"W{n}\n" for n in range(250)), strict=True)
    compound.do("point.add", code="W249")
    compound.do("point.archive", point="W249")
    report = carry_out(compound.store, plan, compound.acting)
    assert (outcome(report), found(report)) == ((0, 0, 0), [("row.archived", 251)])
    assert compound.ask("select count(*) from point") == [(1,)]


def test_what_somebody_added_meanwhile_is_not_added_twice(compound: Laptop) -> None:
    plan = planned(compound, "wells", "code,depth_mm\nW1,1200\n")
    compound.do("point.add", code="W1")
    report = carry_out(compound.store, plan, compound.acting)
    assert outcome(report) == (0, 1, 0)
    assert compound.ask("select depth_mm from point") == [(1200,)]


def test_who_may_not_keep_the_map_imports_nothing(compound: Laptop) -> None:
    person = compound.ids()
    compound.do("person.add", id=str(person), name="志愿者")
    compound.do("role.grant", person=str(person), role="volunteer")
    report = imported(replace(compound, person_id=person), "wells", "code\nW1\nW2\n")
    assert (outcome(report), [problem.code for problem in report.problems]) == ((0, 0, 0), ["role.missing"])


def test_ten_thousand_wells_arrive_in_groups_of_one_batch(compound: Laptop) -> None:
    heard: list[tuple[int, int]] = []
    plan = planned(compound, "wells", "code,kind\n" + "".join(f"W{n},well\n" for n in range(10_000)))
    report = carry_out(compound.store, plan, compound.acting, progress=lambda *step: heard.append(step))
    assert outcome(report) == (10_000, 0, 0)
    assert heard[-1] == (50, 50)
    sizes = compound.ask("select count(*), count(distinct batch_id) from operation group by group_id")
    assert max(size for size, _ in sizes) == MOST_IN_A_GROUP
    batches = compound.ask("select distinct batch_id from operation where batch_id is not null")
    assert batches == [(report.batch_id.hex if report.batch_id else "",)]
    again = imported(compound, "wells", "code,kind\n" + "".join(f"W{n},well\n" for n in range(10_000)))
    assert outcome(again) == (0, 0, 10_000)


def test_every_problem_named_here_is_in_the_list(compound: Laptop) -> None:
    lay(compound, "W1", "W2", "W3", "OUT")
    compound.do("pipe.archive", pipe="W1-W2")
    compound.do("point.archive", point="W3")
    reports = [
        planned(compound, "wells", "code,building\nW3,\nW4,8\n"),
        planned(compound, "pipes", "from,to,system\nW1,W2,\nW2,W3,\nW9,W1,\nW2,W1,foul\nW2,W1,rain\n"),
    ]
    problems = [problem for report in reports for problem in report.problems]
    assert len(problems) == 6
    for problem in problems:
        assert tuple(problem.params) == IMPORT_PROBLEM_CODES[problem.code]
