import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_opening_sheets import workbook

from models.files.households import HouseholdRow, OccupantRow, read_households
from models.files.writing import write_table
from models.problems import Problem

COMMON = [
    "楼号",
    "单元",
    "房间",
    "楼层",
    "总层数",
    "是否有电梯",
    "房屋类型",
    "房屋户型",
    "建筑面积",
    "室内面积",
    "租金",
    "房屋状态",
    "业主名称",
    "性别",
    "手机号",
    "身份证号",
    "业主类型",
]
IDENTITY = "110101199001011234"


def read(text: str) -> tuple[tuple[HouseholdRow, ...], list[tuple[str, int | None, str | None]]]:
    reading = read_households(text.encode())
    return reading.rows, [(p.code, p.line, p.column) for p in reading.problems]


def test_the_layout_property_offices_exchange_is_read() -> None:
    rows: list[list[Any]] = [
        [*COMMON, "", "", ""],
        [
            1.0,
            1.0,
            101.0,
            1.0,
            6.0,
            "无",
            110.0,
            10102.0,
            63.2,
            53.72,
            0.0,
            2004.0,
            "冯一",
            "女",
            18900009516.0,
            "111111111111111111",
            1001.0,
            "",
            "说明",
            "请看",
        ],
        [
            1.0,
            1.0,
            101.0,
            1.0,
            6.0,
            "无",
            110.0,
            10102.0,
            63.2,
            53.72,
            0.0,
            2001.0,
            "陶二",
            "男",
            "",
            "",
            1003.0,
        ],
        [
            1.0,
            1.0,
            102.0,
            1.0,
            6.0,
            "无",
            110.0,
            10102.0,
            71.05,
            60.39,
            0.0,
            2001.0,
            "陈三",
            "女",
            18999999999.0,
            IDENTITY,
            1001.0,
        ],
        [1.0, 0.0, 5.0, 1.0, 6.0, "无", 120.0, "", 20.0, "", 0.0, 2001.0, "", "", "", "", ""],
    ]
    reading = read_households(workbook(rows))
    assert reading.problems == (Problem("cells.outside", 2, None, {"count": 1}),)
    has_lift = False
    assert reading.rows[0] == HouseholdRow(
        "1-1-101", "1", "1", "101", 1, 6, has_lift, "110", "10102", 6320, 5372, "2004",
        (OccupantRow("冯一", "female", "18900009516", "owner", 2), OccupantRow("陶二", "male", None, "tenant", 3)),
        2, (2, 3),
    )  # fmt: skip
    assert reading.rows[1].occupants[0].phone is None
    assert (reading.rows[2].code, reading.rows[2].occupants) == ("1-0-5", ())
    assert IDENTITY not in repr(reading)


def test_english_headers_and_words_are_read_too() -> None:
    rows, problems = read(
        "code,floors_total,has_lift,area,name,sex,phone,relation\n1-1-101,6,yes,63.2 m2,Li,F,13800010001,Family\n"
    )
    assert problems == []
    assert (rows[0].floors_total, rows[0].has_lift, rows[0].area) == (6, True, 6320)
    assert rows[0].occupants == (OccupantRow("Li", "female", "13800010001", "family", 2),)


@pytest.mark.parametrize("header", ["房号", "房屋", "编号"])
@pytest.mark.parametrize("code", ["1-1-1001", "1栋1单元1001", "1号楼1单元1001室"])
def test_one_column_may_hold_the_whole_key(header: str, code: str) -> None:
    rows, problems = read(f"{header},姓名\n{code},甲\n")
    assert problems == []
    assert rows[0].code == "1-1-1001"


def test_the_number_on_the_door_is_enough_beside_building_and_unit() -> None:
    rows, problems = read("楼栋,单元,房号,业主\n3,2,101,张三\n,2,102,李四\n3,2,5-1-201,王五\n")
    assert [row.code for row in rows] == ["3-2-101", "5-1-201"]
    assert problems == [("room.invalid", 3, "房号")]


def test_members_apart_from_each_other_are_folded_into_one_room() -> None:
    rows, problems = read("房号,姓名,关系\n1-1-101,甲,业主\n1-1-102,乙,业主\n１-１-１０１,丙,临时\n")
    assert problems == []
    assert [(row.code, row.lines, [o.relation for o in row.occupants]) for row in rows] == [
        ("1-1-101", (2, 4), ["owner", "temporary"]),
        ("1-1-102", (3,), ["owner"]),
    ]


def test_two_areas_for_one_room_name_both_lines_and_the_first_wins() -> None:
    reading = read_households(
        "房号,建筑面积,姓名\n1-1-101,63.2,甲\n1-1-101,63.20,乙\n1-1-101,70,丙\n".encode()
    )
    assert reading.rows[0].area == 6320
    assert reading.problems == (
        Problem(
            "household.conflict",
            4,
            "建筑面积",
            {"code": "1-1-101", "first_line": 2, "first": "63.2", "value": "70"},
        ),
    )


def test_an_attribute_missing_on_the_first_row_comes_from_the_next() -> None:
    rows, problems = read("房号,建筑面积,姓名\n1-1-101,,甲\n1-1-101,63.2,乙\n")
    assert problems == []
    assert rows[0].area == 6320


def test_a_tenants_state_does_not_contradict_the_owners() -> None:
    rows, problems = read("房号,房屋状态,姓名,关系\n1-1-101,出租,甲,业主\n1-1-101,自住,乙,租户\n")
    assert problems == []
    assert rows[0].status == "出租"


def test_one_person_on_two_lines_is_a_problem() -> None:
    reading = read_households(
        "房号,姓名,手机号\n1-1-101,甲,13800010001\n1-1-101, 甲,\n1-1-102,甲,\n".encode()
    )
    assert [len(row.occupants) for row in reading.rows] == [1, 1]
    assert reading.problems == (
        Problem("person.twice", 3, "姓名", {"code": "1-1-101", "name": "甲", "first_line": 2}),
    )


def test_a_row_without_its_room_is_named_and_skipped() -> None:
    rows, problems = read("楼号,单元,房间,姓名\n1,,101,甲\n1,1,102,乙\n,,,丙\n")
    assert [row.code for row in rows] == ["1-1-102"]
    assert problems == [("room.missing", 2, None), ("room.missing", 4, None)]


@pytest.mark.parametrize(
    ("code", "problem"),
    [("2001-02-03", "room.looks_like_date"), ("3-502", "room.invalid"), (f"1-1-{IDENTITY}", "room.invalid")],
)
def test_a_key_that_names_no_room_is_a_problem(code: str, problem: str) -> None:
    reading = read_households(f"房号,姓名\n{code},甲\n1-1-1,乙\n".encode())
    assert [p.code for p in reading.problems] == [problem]
    assert IDENTITY not in repr(reading)


def test_a_wrong_phone_costs_only_the_phone() -> None:
    rows, problems = read("房号,姓名,手机号\n1-1-101,甲,12345\n")
    assert problems == [("phone.invalid", 2, "手机号")]
    assert rows[0].occupants[0].phone is None


def test_a_phone_without_a_name_is_a_problem() -> None:
    rows, problems = read("房号,姓名,手机号\n1-1-101,,13800010001\n1-1-102,,18999999999\n")
    assert problems == [("person.name_missing", 2, "姓名")]
    assert [row.occupants for row in rows] == [(), ()]


@pytest.mark.parametrize(
    "column", ["手机号", "姓名", "建筑面积", "性别", "关系", "房屋状态", "楼层", "未知列", "房号", IDENTITY]
)
def test_an_identity_number_in_any_column_comes_out_nowhere(column: str) -> None:
    headers = ["房号", "姓名", "手机号", "性别", "关系", "建筑面积", "楼层", "房屋状态", "身份证号"]
    values = ["1-1-101", "甲", "13800010001", "男", "业主", "60", "1", "自住", IDENTITY]
    if column in headers:
        values[headers.index(column)] = IDENTITY
    else:
        headers.append(column)
        values.append(IDENTITY)
    for content in (
        (",".join(headers) + "\n" + ",".join(values) + "\n").encode(),
        workbook([headers, values]),
    ):
        assert IDENTITY not in repr(read_households(content))


def test_a_name_beside_an_identity_number_is_kept_without_it() -> None:
    rows, problems = read(f"房号,姓名\n1-1-101,甲 {IDENTITY}\n")
    assert problems == [("text.identity_number", 2, "姓名")]
    assert rows[0].occupants[0].name == "甲"


def test_odd_names_are_only_text() -> None:
    rows, problems = read("房号,姓名,户型\n1-1-101,[/b],[a栋]\n1-1-102," + "长" * 5000 + ",x\n")
    assert rows[0].occupants[0].name == "[/b]"
    assert rows[0].layout == "[a栋]"
    assert problems == [("text.too_long", 3, "姓名")]


_NAMES = (
    st.text(alphabet="赵钱孙李abc[]/'=+-@ ", min_size=1, max_size=8)
    .map(lambda t: " ".join(t.split()))
    .filter(lambda t: t not in {"", "-", "/"})
)
_ROOMS = st.tuples(st.integers(1, 30), st.integers(0, 5), st.integers(1, 3000))


@given(
    st.dictionaries(_ROOMS, st.tuples(_NAMES, st.integers(1, 10_000_000)), min_size=1, max_size=12),
    st.sampled_from(["csv", "xlsx"]),
)
@settings(deadline=None, max_examples=60)
def test_a_list_written_and_read_again_is_the_same(
    rooms: dict[tuple[int, int, int], tuple[str, int]], kind: Any
) -> None:
    stream = io.BytesIO()
    table = [[b, u, r, name, f"{area / 100:.2f}"] for (b, u, r), (name, area) in rooms.items()]
    write_table(stream, kind, ["楼号", "单元", "房间", "业主名称", "建筑面积（㎡）"], table)
    reading = read_households(stream.getvalue())
    assert reading.problems == ()
    assert [
        ((int(x.building), int(x.unit), int(x.room)), (x.occupants[0].name, x.area)) for x in reading.rows
    ] == list(rooms.items())


_CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["1", "1-1-101", "=1", '"', "\n", ",", IDENTITY, "2024-01-01", "无"]),
)


@given(st.lists(st.lists(_CELL, max_size=8), max_size=8))
@settings(deadline=None)
def test_no_rows_under_a_true_header_raise(rows: list[list[str]]) -> None:
    text = "房号,姓名,手机号,建筑面积,楼层,有电梯,关系\n" + "\n".join(",".join(row) for row in rows)
    reading = read_households(text.encode("utf-8", "replace"))
    assert len({row.code for row in reading.rows}) == len(reading.rows)
    assert IDENTITY not in repr(reading)
