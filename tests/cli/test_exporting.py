"""Lists go out as files, and come in again as what they were."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from .conftest import Linli

HOUSEHOLDS = (
    "楼号,单元,房间,楼层,总层数,电梯,房屋类型,户型,建筑面积,室内面积,状态,业主名称,性别,手机号,业主类型\n"
    "1,1,101,1,6,无,住宅,两室一厅,80.5,70.25,自住,张三,男,13800000001,业主\n"
    "1,1,101,1,6,无,住宅,两室一厅,80.5,70.25,自住,李四,女,,家属\n"
    "1,1,102,1,6,无,,,90,,空置,,,,\n"
    "12,2,1-1,,,,,,,,,'=1+2,,13800000002,租户\n"
)
POINTS = (
    "编号,类型,楼栋,横坐标,纵坐标,地面高程,井深,备注\nW1,检查井,,1.5,2.25,10.0,1500,+86 张三\nL1,路灯,,,,,,\n"
)
SEEN = "编号,水位,积泥,缺陷,备注,时间\nW1,满,120,裂缝:3,张三家门口,2026-03-01 09:30\n"


@pytest.fixture
def filled(founded: Linli, tmp_path: Path) -> Linli:
    for what, text in (("households", HOUSEHOLDS), ("wells", POINTS)):
        (tmp_path / "in.csv").write_text(text, "utf-8")
        assert founded("import", what, tmp_path / "in.csv").status == 0
    (tmp_path / "in.csv").write_text(SEEN, "utf-8")
    assert founded("import", "observations", tmp_path / "in.csv", "--walk", "三月").status == 0
    return founded


def sheet(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize(("what", "as_what", "rest"), [
    ("households", "households", ()),
    ("points", "wells", ()),
    ("observations", "observations", ("--walk", "三月")),
])  # fmt: skip
def test_what_goes_out_changes_nothing_when_it_comes_in_again(
    filled: Linli,
    tmp_path: Path,
    *,
    language: str,
    suffix: str,
    what: str,
    as_what: str,
    rest: tuple[str, ...],
) -> None:
    out = tmp_path / f"out{suffix}"
    said = filled("export", what, "--out", out, *rest, "--lang", language)
    assert (said.status, said.err) == (0, "")
    again = filled("import", as_what, out, *rest, "--json").json
    assert (again["added"], again["changed"], again["problems"]) == (0, 0, [])
    assert again["unchanged"] > 0


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_an_exported_register_founds_another_one_like_it(filled: Linli, tmp_path: Path, suffix: str) -> None:
    out, other = tmp_path / f"out{suffix}", tmp_path / "other.db"
    assert filled("export", "households", "--out", out).status == 0
    before = filled("list", "households", "--json").rows
    assert filled("init", "--store", other, "--compound", "另一个", "--as", "王五").status == 0
    assert filled("import", "households", out, "--store", other).status == 0
    after = filled("list", "households", "--store", other, "--json").rows
    assert [{**row, "id": ""} for row in after] == [{**row, "id": ""} for row in before]


def test_a_name_that_a_spreadsheet_would_run_is_text(filled: Linli, tmp_path: Path) -> None:
    assert filled("export", "households", "--out", tmp_path / "out.csv").status == 0
    assert "'=1+2" in (tmp_path / "out.csv").read_text("utf-8-sig")


def test_masked_tables_hold_no_whole_name_no_phone_and_no_note(filled: Linli, tmp_path: Path) -> None:
    assert filled("do", "person.add", '{"name": "欧阳娜", "phones": ["13900000009"]}').status == 0
    for what in ("households", "people", "points", "observations"):
        out = tmp_path / f"{what}.csv"
        said = filled("export", what, "--out", out, "--masked", "--json")
        assert said.json["masked"] is True
        text = out.read_text("utf-8-sig")
        for secret in ("张三", "李四", "王德胜", "欧阳娜", "13800000001", "13900000009"):
            assert secret not in text, (what, secret)
    assert "欧阳*" in (tmp_path / "people.csv").read_text("utf-8-sig")


def test_whole_phones_leave_for_keepers_only(filled: Linli, tmp_path: Path) -> None:
    assert filled("do", "person.add", json.dumps({"name": "小李"})).status == 0
    out = tmp_path / "out.csv"
    said = filled("export", "households", "--out", out, "--as", "小李", "--json")
    assert said.json["masked"] is True
    assert "masked" in said.err
    assert "13800000001" not in out.read_text("utf-8-sig")
    assert filled("export", "households", "--out", out).err == ""
    assert "13800000001" in out.read_text("utf-8-sig")


def test_the_format_is_named_or_read_from_the_files_name(filled: Linli, tmp_path: Path) -> None:
    assert filled("export", "people", "--out", tmp_path / "people", "--format", "xlsx").status == 0
    assert (tmp_path / "people").read_bytes()[:2] == b"PK"
    assert filled("export", "people", "--out", tmp_path / "people").status == 2
    assert filled("export", "people", "--out", tmp_path / "people.csv", "--format", "xlsx").status == 2


def test_people_leave_with_what_they_do_in_words(filled: Linli, tmp_path: Path) -> None:
    assert filled("export", "people", "--out", tmp_path / "p.csv", "--lang", "zh_CN").status == 0
    rows = sheet(tmp_path / "p.csv")
    assert "王德胜" in {row[0] for row in rows}
    assert next(row for row in rows if row[0] == "王德胜")[3] == "主任"


def test_an_archived_household_stays_at_home(filled: Linli, tmp_path: Path) -> None:
    home = next(row for row in filled("list", "households", "--json").rows if row["code"] == "1-1-102")
    assert filled("do", "household.archive", json.dumps({"household": home["id"]})).status == 0
    assert filled("export", "households", "--out", tmp_path / "h.csv").status == 0
    assert "102" not in {row[2] for row in sheet(tmp_path / "h.csv")}
