from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Linli

WELLS = (
    "编号,类型,楼栋,地面高程,井深\nW1,检查井,,10.0,1500\nW2,检查井,,9.9,1500\nW3,,,9.8,1500\nOUT,排出口,,,\n"
)
PIPES = "起点,终点,管径,管长,性质\nW1,W2,300,20,污水\nW2,W3,DN300,20,污水\nW3,OUT,300,20,污水\n"
SEEN = "编号,水位,积泥,缺陷,备注\nw1,满,１２０,裂缝3级、积泥,[/b]\nW2,满,,,\nW3,干,,,\nW9,干,,,\n"
HOUSEHOLDS = (
    "楼号,单元,房间,建筑面积,业主名称,手机号,业主类型\n"
    "1,1,101.0,80.5,张三,19900000001,1001\n"
    "1,1,101,80.5,李四,,1002\n"
    "1,1,,70,王五,,1001\n"
    "1,1,102,-5,赵六,,1001\n"
)


@pytest.fixture
def write(tmp_path: Path):  # noqa: ANN201
    def to_file(text: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return to_file


def test_a_network_and_a_sheet_of_levels_lead_to_the_blocked_pipe(founded: Linli, write) -> None:  # noqa: ANN001
    assert founded("import", "wells", write(WELLS), "--json").json["added"] == 4
    assert founded("import", "pipes", write(PIPES), "--json").json["added"] == 3
    said = founded("import", "observations", write(SEEN), "--walk", "三月", "--json")
    assert (said.status, said.json["added"]) == (0, 3)
    (problem,) = said.json["problems"]
    assert (problem["line"], problem["code"]) == (5, "observation.well_unknown")
    assert "W9" in problem["message"]
    assert founded("locate", "--json").json["blockages"][0]["pipes"][0] == ["W2", "W3"]
    again = founded("import", "observations", write(SEEN), "--walk", "三月", "--json").json
    assert (again["added"], again["unchanged"]) == (0, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_households_come_in_whatever_the_encoding(founded: Linli, write, encoding: str) -> None:  # noqa: ANN001
    path = write(HOUSEHOLDS, encoding=encoding)
    first = founded("import", "households", path, "--json").json
    assert first["added"] == 2
    assert {problem["line"] for problem in first["problems"]} == {4, 5}
    again = founded("import", "households", path, "--json").json
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)
    owners = {row["code"]: row["owners"] for row in founded("list", "households", "--json").rows}
    assert owners == {"1-1-101": ["张三"], "1-1-102": ["赵六"]}


def test_a_dry_run_writes_nothing(founded: Linli, write) -> None:  # noqa: ANN001
    assert founded("import", "households", write(HOUSEHOLDS), "--dry-run", "--json").json["added"] == 2
    assert founded("list", "households", "--json").rows == []


def test_strict_imports_nothing_when_a_row_is_bad(founded: Linli, write) -> None:  # noqa: ANN001
    said = founded("import", "households", write(HOUSEHOLDS), "--strict", "--json")
    assert (said.status, said.json["added"]) == (4, 0)
    assert founded("list", "households", "--json").rows == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"%PDF-1.7\n", "file.not_a_table"),
        (b"PK\x03\x04 cut short", "file.damaged"),
        ("姓名,爱好\n张三,下棋\n".encode(), "header.missing"),
        ("编号,类型\n".encode(), "file.no_rows"),
    ],
)
def test_a_file_that_is_none_of_it_is_named(
    founded: Linli, tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    said = founded("import", "wells", path, "--json")
    assert said.status == 4
    assert said.json["problems"][0]["code"] == code
    assert said.json["problems"][0]["message"]


def test_a_file_that_is_not_there_is_named(founded: Linli, tmp_path: Path) -> None:
    said = founded("import", "wells", tmp_path / "none.csv")
    assert (said.status, "none.csv" in said.err) == (4, True)


def test_import_alone_is_a_usage_mistake(founded: Linli) -> None:
    assert founded("import").status == 2


def test_what_is_exported_imports_unchanged(founded: Linli, write, tmp_path: Path) -> None:  # noqa: ANN001
    founded("import", "wells", write(WELLS))
    founded("import", "pipes", write(PIPES))
    founded("import", "observations", write(SEEN), "--walk", "三月")
    for what, n in (("wells", 4), ("pipes", 3), ("observations", 3)):
        for suffix in ("csv", "xlsx"):
            out = tmp_path / f"{what}.{suffix}"
            assert founded("export", what, "--out", out, "--json").json["rows"] == n
            walk = ("--walk", "三月") if what == "observations" else ()
            again = founded("import", what, out, *walk, "--json").json
            assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, n)


def test_a_blank_sheet_lists_the_wells(founded: Linli, write, tmp_path: Path) -> None:  # noqa: ANN001
    founded("import", "wells", write(WELLS))
    assert founded("export", "sheet", "--out", tmp_path / "sheet.csv", "--json").json["rows"] == 4


def test_export_says_where_it_could_not_write(founded: Linli, tmp_path: Path) -> None:
    assert founded("export", "wells", "--out", tmp_path / "a.pdf").status == 2
    said = founded("export", "wells", "--out", tmp_path / "none" / "a.csv")
    assert (said.status, "a.csv" in said.err) == (4, True)
    assert founded("export", "observations", "--out", tmp_path / "a.csv").status == 4
