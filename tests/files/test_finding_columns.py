from pathlib import Path

import pytest

from models.files.columns import Field, Layout, header_key, read_table
from models.files.households import HOUSEHOLD_LAYOUT, read_households
from models.files.network import PIPE_LAYOUT, WELL_LAYOUT, read_pipes, read_wells
from models.files.observations import OBSERVATION_LAYOUT
from models.problems import Problem


def codes(problems: tuple[Problem, ...]) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in problems]


@pytest.mark.parametrize(
    ("written", "key", "unit"),
    [
        ("管径(mm)", "管径", "mm"),
        ("建筑面积（㎡）", "建筑面积", "m2"),
        ("Depth_mm", "depth", "mm"),
        ("井深（米）", "井深", "m"),
        ("管长m", "管长", "m"),
        ("* 楼号：", "楼号", ""),
        ("ROOM", "room", ""),
        ("has lift", "haslift", ""),
        ("金额(元)", "金额", "元"),
        ("单 元", "单元", ""),
        ("ｃｏｄｅ", "code", ""),
        ("地面高程[m", "地面高程", "m"),
    ],
)
def test_a_header_is_its_name_without_case_spaces_brackets_and_units(
    written: str, key: str, unit: str
) -> None:
    assert header_key(written) == (key, unit)


@pytest.mark.parametrize("layout", [HOUSEHOLD_LAYOUT, WELL_LAYOUT, PIPE_LAYOUT, OBSERVATION_LAYOUT])
def test_no_header_means_two_fields(layout: Layout) -> None:
    meanings: dict[str, str] = {}
    for field in layout.fields:
        for header in field.headers:
            assert meanings.setdefault(header_key(header)[0], field.name) == field.name
    assert all(not field.headers[1].isascii() for field in layout.fields)


def test_columns_are_found_in_any_order_and_language() -> None:
    reading = read_wells("备注,KIND,编 号\n旧,lamp,L1\n".encode())
    assert reading.problems == ()
    assert (reading.rows[0].code, reading.rows[0].kind, reading.rows[0].note) == ("L1", "lamp", "旧")


def test_titles_and_preambles_above_the_header_are_passed_over() -> None:
    text = "某小区检查井一览表,,\n编制：张三,,\n" + ",,\n" * 30 + "编号,类型,备注\nW1,检查井,好\n"
    reading = read_wells(text.encode())
    assert [row.line for row in reading.rows] == [34]
    assert reading.problems == ()


def test_a_header_below_the_fortieth_line_is_not_searched_for() -> None:
    assert codes(read_wells(("请先看这里\n" * 45 + "编号,类型\nW1,well\n").encode()).problems) == [
        ("header.missing", None)
    ]


def test_an_unknown_column_is_a_warning_named_once() -> None:
    reading = read_wells("编号,颜色,备注\nW1,红,a\nW2,绿,b\n".encode())
    assert len(reading.rows) == 2
    assert reading.problems == (Problem("column.unknown", 1, "颜色", {"name": "颜色"}),)


def test_missing_columns_are_named_in_both_languages() -> None:
    reading = read_households("楼号,房间,业主名称\n1,101,甲\n".encode())
    assert reading.rows == ()
    assert reading.problems == (Problem("columns.missing", 1, None, {"names": "unit", "names_zh": "单元"}),)
    assert read_pipes("起点,管径\nW1,300\n".encode()).problems == (
        Problem("columns.missing", 1, None, {"names": "to", "names_zh": "终点"}),
    )


def test_the_same_column_twice_is_a_problem_and_the_first_is_used() -> None:
    reading = read_wells("编号,code,类型\nW1,X1,well\n".encode())
    assert [row.code for row in reading.rows] == ["W1"]
    assert reading.problems == (Problem("column.twice", 1, "code", {"name": "code", "first": "编号"}),)


def test_a_header_and_nothing_else_is_a_problem() -> None:
    assert codes(read_wells("编号,类型\n".encode()).problems) == [("file.no_rows", None)]


def test_notes_beside_the_data_are_passed_over_and_counted_once() -> None:
    reading = read_wells("编号,类型,,\nW1,well,,请看说明\n,,,另一条\nW2,well,,\n".encode())
    assert [row.code for row in reading.rows] == ["W1", "W2"]
    assert reading.problems == (Problem("cells.outside", 2, None, {"count": 2}),)


def test_a_shifted_row_is_refused_and_a_short_one_read() -> None:
    reading = read_pipes("起点,终点,管径\nA,B,300,x\nC,D\nE,F,300\n".encode())
    assert [row.start for row in reading.rows] == ["C", "E"]
    assert codes(reading.problems) == [("row.long", 2), ("row.short", 3)]


def test_a_header_repeated_on_every_printed_page_is_no_row() -> None:
    reading = read_wells("编号,类型\nW1,well\n编号,类型\nW2,well\n".encode())
    assert [row.code for row in reading.rows] == ["W1", "W2"]
    assert codes(reading.problems) == [("row.header_again", 3)]


def test_a_formula_costs_its_cell_and_names_line_and_column() -> None:
    reading = read_wells("编号,井深\nW1,=1+1\n=A2,300\n".encode())
    assert [(row.code, row.depth_mm) for row in reading.rows] == [("W1", None)]
    assert [(p.code, p.line, p.column, p.params["value"]) for p in reading.problems] == [
        ("cell.formula", 2, "井深", "=1+1"),
        ("cell.formula", 3, "编号", "=A2"),
    ]


def test_a_formula_beside_the_data_troubles_nobody() -> None:
    reading = read_wells("编号,,\nW1,,=NOW()\n".encode())
    assert reading.problems == ()


def test_a_field_without_rows_gives_a_table_of_none(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,\n", encoding="utf-8")
    table = read_table(path, Layout((Field("a", ("a", "甲")),), (("a",),)))
    assert not isinstance(table, Problem)
    assert [row.text("a") for row in table.rows()] == ["1"]
    assert [row.text("missing") for row in table.rows()] == [""]
