# ruff: noqa: DTZ001 -- files hold local times without a zone
from datetime import datetime

import pytest
from test_opening_sheets import workbook

from models.files.network import PipeRow, WellRow, read_pipes, read_wells
from models.files.observations import ObservationRow, read_observations
from models.problems import Problem


def test_wells_are_read_with_units_in_header_or_cell() -> None:
    reading = read_wells(
        "编号,类型,楼栋,x_m,y_m,地面高程,井深（m）,备注\nw-01,检查井,3栋,12.5,７,45.123米,1.2,[a栋]\nP,排出口,,,,,800mm,\n".encode()
    )
    assert reading.problems == ()
    assert reading.rows == (
        WellRow("W-01", "well", "3", 12.5, 7.0, 45.123, 1200, "[a栋]", 2),
        WellRow("P", "outfall", None, None, None, None, 800, "", 3),
    )


@pytest.mark.parametrize("text", ["编号\nW1\n", "编号,类型\nW1,\n"])
def test_a_kind_that_the_file_does_not_say_stays_open(text: str) -> None:
    assert read_wells(text.encode()).rows[0].kind is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("路灯", "lamp"),
        ("灭火器", "extinguisher"),
        ("电梯", "lift"),
        ("道路", "road"),
        ("绿地", "garden"),
        ("其他", "custom"),
        ("Outfall", "outfall"),
    ],
)
def test_every_kind_has_its_words(word: str, kind: str) -> None:
    assert read_wells(f"编号,类型\nA,{word}\n".encode()).rows[0].kind == kind


def test_wrong_cells_cost_only_themselves() -> None:
    reading = read_wells("编号,类型,井深,x\nW1,天线,-3,nan\nW2,,99999999,1e400\n,,1,\n".encode())
    assert [(row.code, row.kind, row.depth_mm, row.x_m) for row in reading.rows] == [
        ("W1", None, None, None),
        ("W2", None, None, None),
    ]
    assert [(p.code, p.line, p.column) for p in reading.problems] == [
        ("choice.unknown", 2, "类型"), ("number.invalid", 2, "x"), ("number.negative", 2, "井深"),
        ("number.out_of_range", 3, "x"), ("number.out_of_range", 3, "井深"), ("code.missing", 4, "编号"),
    ]  # fmt: skip


def test_a_code_met_twice_names_the_first_line_which_wins() -> None:
    reading = read_wells("编号,井深\nW1,100\nw1,200\n".encode())
    assert [(row.code, row.depth_mm) for row in reading.rows] == [("W1", 100)]
    assert reading.problems == (Problem("well.twice", 3, "编号", {"code": "W1", "first_line": 2}),)


def test_pipes_are_read() -> None:
    reading = read_pipes(
        "from,to,diameter_mm,length_m,material,system\nA,B,DN300,12.5米,PVC,合流\nB,C,0.4m,8,,\n".encode()
    )
    assert reading.problems == ()
    assert reading.rows == (
        PipeRow("A", "B", 300, 12.5, "PVC", "combined", 2),
        PipeRow("B", "C", 400, 8.0, None, None, 3),
    )


def test_a_pipe_into_itself_and_a_pipe_twice_are_problems() -> None:
    reading = read_pipes("起点,终点,性质\nA,a,污水\nA,B,污水\nA,B,雨水\nＡ,B,foul\nA,,\n".encode())
    assert [(row.start, row.end, row.system) for row in reading.rows] == [
        ("A", "B", "foul"),
        ("A", "B", "rain"),
    ]
    assert [(p.code, p.line) for p in reading.problems] == [
        ("pipe.to_itself", 2),
        ("pipe.twice", 5),
        ("code.missing", 6),
    ]


def test_observations_are_read() -> None:
    text = "编号,水位,积泥,缺陷,备注,时间\nW1,满,120mm,silt:3、裂缝2级；根 ／ crack,臭,2026-03-01 09:30\nW2,打不开,,无,,2026年3月1日\n"
    reading = read_observations(text.encode())
    assert reading.problems == ()
    assert reading.rows == (
        ObservationRow(
            "W1",
            "full",
            120,
            (("silt", 3), ("裂缝", 2), ("根", None), ("crack", None)),
            "臭",
            datetime(2026, 3, 1, 9, 30),
            2,
        ),
        ObservationRow("W2", "unopened", None, (), "", datetime(2026, 3, 1), 3),
    )


@pytest.mark.parametrize(
    ("written", "defects"),
    [
        ("裂缝3级", (("裂缝", 3),)),
        ("裂缝(3)", (("裂缝", 3),)),
        ("CJ：4", (("CJ", 4),)),
        ("渗漏三级", (("渗漏", 3),)),
        ("D300管口破损", (("D300管口破损", None),)),
        ("silt;silt", (("silt", None),)),
        ("CJ3、PL 2,sl-4;CK", (("CJ", 3), ("PL", 2), ("sl", 4), ("CK", None))),
        ("正常", ()),
        ("裂缝 3级", (("裂缝", 3),)),
    ],
)
def test_defects_carry_a_name_and_a_grade(written: str, defects: tuple[tuple[str, int | None], ...]) -> None:
    assert read_observations(f'编号,缺陷,备注\nW1,"{written}",x\n'.encode()).rows[0].defects == defects


@pytest.mark.parametrize("grade", ["5", "0", "-1", "9" * 50])
def test_a_grade_outside_the_scale_is_reported_and_the_defect_kept(grade: str) -> None:
    reading = read_observations(f"编号,缺陷\nW1,silt:{grade}\n".encode())
    assert reading.rows[0].defects == (("silt", None),)
    assert [p.code for p in reading.problems] == ["defect.grade"]


def test_mud_deeper_than_the_well_is_a_problem() -> None:
    reading = read_observations("编号,水位,积泥(cm),井深\nW1,半,90,800\nW2,半,10,800\n".encode())
    assert [row.mud_mm for row in reading.rows] == [None, 100]
    assert reading.problems == (
        Problem("mud.deeper_than_well", 2, "积泥(cm)", {"mud_mm": 900, "depth_mm": 800}),
    )


def test_the_same_look_twice_counts_once_and_two_looks_count_twice() -> None:
    text = "编号,水位,时间\nW1,满,2026-03-01 09:30\nW1,干,2026-03-01 09:30\nW1,干,2026-03-02 09:30\n"
    reading = read_observations(text.encode())
    assert [row.level for row in reading.rows] == ["full", "dry"]
    assert [(p.code, p.line) for p in reading.problems] == [("observation.twice", 3)]


def test_a_template_line_nobody_filled_in_is_silent_and_one_with_only_a_time_is_not() -> None:
    reading = read_observations("编号,水位,时间\nW1,,\nW2,,2026-03-01\nW3,干,\n".encode())
    assert [row.code for row in reading.rows] == ["W3"]
    assert [(p.code, p.line) for p in reading.problems] == [("observation.empty", 3)]


def test_a_date_cell_of_a_workbook_is_a_time() -> None:
    reading = read_observations(
        workbook([["编号", "水位", "时间"], ["W1", "干", datetime(2026, 3, 1, 9, 30)], ["W2", "干", 46082.0]])
    )
    assert [row.at for row in reading.rows] == [datetime(2026, 3, 1, 9, 30), datetime(2026, 3, 1)]


def test_a_note_that_is_too_long_is_a_problem() -> None:
    reading = read_observations(f"编号,水位,备注\nW1,干,{'泥' * 5001}\n".encode())
    assert (reading.rows[0].note, [p.code for p in reading.problems]) == ("", ["text.too_long"])
