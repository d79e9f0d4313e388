"""Exported sheets come back unchanged, in both languages and both formats."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sheets import found, imported, outcome, written
from simulation.devices import Laptop
from street import id_of, lay, note

from models.files.writing import Format
from models.inspection import exporting
from models.inspection.defects import Language
from models.inspection.rules import DEFECT_CODES, PipeSystem, PointKind

ODD = "=1+1 '[/b]' \"引号\",逗号\n第二行\t[a栋] －１"


@pytest.fixture
def street(laptop: Laptop) -> Laptop:
    laptop.do("building.add", code="3")
    lay(laptop, "W1", "W2", "W3", "OUT")
    laptop.do("point.add", code="A-1/2", kind="lamp", note=ODD, x_m=-1.23456, y_m=0.1, building_id="3")
    for number, kind in enumerate(PointKind):
        laptop.do("point.add", code=f"K{number}", kind=kind.value)
    laptop.do("point.edit", point="W1", new={"ground_m": 45.1, "depth_mm": 1200})
    for system, pipe in zip((*PipeSystem, None), ("W1-W2", "W2-W3", "W3-OUT", "W1-W2"), strict=True):
        if system is not None:
            laptop.do(
                "pipe.edit", pipe=pipe, new={"system": system.value, "material": "-PVC", "length_m": 20.5}
            )
    laptop.do("walk.start", name="三月")
    laptop.clock.now += timedelta(microseconds=999_700)  # real clocks never strike the second
    for level in ("dry", "flowing", "half", "full", "overflow", "unopened"):
        note(laptop, "三月", W1=level)
    laptop.do(
        "walk.observe",
        walk="三月",
        point="W2",
        mud_mm=0,
        note=ODD,
        defects=[{"code": code, "grade": 2} for code in DEFECT_CODES[:20]],
    )
    laptop.do(
        "walk.observe",
        walk="三月",
        point="W3",
        level="full",
        defects=[{"code": code} for code in DEFECT_CODES[20:]],
    )
    laptop.do(
        "walk.observe",
        walk="三月",
        point="W3",
        defects=[{"code": "other", "note": "怪味、井边有蛇"}, {"code": "other"}],
    )
    wrong = laptop.do("walk.observe", walk="三月", point="OUT", level="full")
    laptop.undo(wrong.group_id)
    return laptop


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
@pytest.mark.parametrize(("what", "n"), [("wells", 5 + len(PointKind)), ("pipes", 3), ("observations", 9)])
def test_a_sheet_that_went_out_comes_back_unchanged(
    street: Laptop, what: str, n: int, format_: Format, language: Language
) -> None:
    with street.store.read() as session:
        compound = street.compound_id
        if what == "wells":
            table = exporting.wells_table(session, compound, language=language)
        elif what == "pipes":
            table = exporting.pipes_table(session, compound, language=language)
        else:
            walk = id_of(street, "walk", "三月")
            made = exporting.observations_table(session, compound, walk, language=language)
            assert made is not None
            table = made
    before = street.ask("select count(*) from operation")
    report = imported(street, what, written(table, format_), walk="三月")
    assert outcome(report) == (0, 0, n)
    assert {code for code, _ in found(report)} <= {"defect.unknown"}
    assert street.ask("select count(*) from operation") == before


def test_sheets_speak_the_language_that_was_asked_for(street: Laptop) -> None:
    with street.store.read() as session:
        chinese = exporting.pipes_table(session, street.compound_id, language="zh")
        english = exporting.pipes_table(session, street.compound_id, language="en")
    assert chinese.header == ("起点", "终点", "管径", "管长", "材质", "性质")
    assert english.header == ("from", "to", "diameter_mm", "length_m", "material", "system")
    assert [row[5] for row in chinese.rows] == ["污水", "雨水", "合流"]
    assert [row[5] for row in english.rows] == ["foul", "rain", "combined"]


def test_a_sheet_from_another_store_makes_the_same_network(street: Laptop, open_here: object) -> None:
    with street.store.read() as session:
        wells = exporting.wells_table(session, street.compound_id, language="zh")
        pipes = exporting.pipes_table(session, street.compound_id, language="zh")
    assert callable(open_here)
    other = Laptop(open_here("other.linli"), street.ids(), street.ids(), street.clock, street.ids)
    other.found()
    other.do("building.add", code="3")
    assert outcome(imported(other, "wells", written(wells, "csv"))) == (5 + len(PointKind), 0, 0)
    assert outcome(imported(other, "pipes", written(pipes, "csv"))) == (3, 0, 0)
    with other.store.read() as session:
        assert exporting.pipes_table(session, other.compound_id, language="zh") == pipes
        again = exporting.wells_table(session, other.compound_id, language="zh")
    assert [row[0] for row in again.rows] == [row[0] for row in wells.rows]
    assert again.rows[0][7] == ODD


def test_a_blank_sheet_lists_what_to_open_in_walking_order(street: Laptop) -> None:
    street.do("route.add", name="东线", stops=["W3", "W1"])
    with street.store.read() as session:
        route = id_of(street, "route", "东线")
        sheet = exporting.blank_sheet(session, street.compound_id, language="zh", route_id=route)
        every = exporting.blank_sheet(session, street.compound_id, language="en")
    assert sheet.header == ("编号", "水位", "积泥", "缺陷", "备注", "时间")
    assert [row[0] for row in sheet.rows] == ["W3", "W1"]
    assert [row[0] for row in every.rows] == ["K0", "K1", "OUT", "W1", "W2", "W3"]
    report = imported(street, "observations", written(sheet, "xlsx"), walk="四月")
    assert (outcome(report), found(report)) == ((0, 0, 0), [])


def test_a_walk_nobody_knows_has_no_sheet(street: Laptop) -> None:
    with street.store.read() as session:
        assert exporting.observations_table(session, street.compound_id, street.ids(), language="zh") is None
