# ruff: noqa: DTZ001 -- files hold local times without a zone
import io
import os
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from models.files import sheet as sheet_module
from models.files.households import read_households
from models.files.sheet import Sheet, read_bytes, read_sheet
from models.problems import Problem

FIXTURES = Path(__file__).parent / "fixtures"
HEADER = "楼号,单元,房间,业主名称\n"


def workbook(*sheets: list[list[Any]], names: tuple[str, ...] = ()) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for number, rows in enumerate(sheets):
        page = book.add_worksheet(names[number] if names else None)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(
                        line, column, cell, book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
                    )
                elif isinstance(cell, tuple):
                    page.write_formula(line, column, cell[0], None, cell[1])
                else:
                    page.write(line, column, cell)
    book.close()
    return stream.getvalue()


def cells(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    opened = read_bytes(content, name="f")
    assert isinstance(opened, Sheet), opened
    return [(row.line, row.cells) for row in opened.rows]


def refusal(content: bytes) -> str:
    opened = read_bytes(content, name="f")
    assert isinstance(opened, Problem), opened
    assert opened.line is None
    return opened.code + ":" + str(opened.params.get("kind", ""))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_tables_open_in_every_usual_encoding(encoding: str, delimiter: str, end: str) -> None:
    text = "编号,类型\nW1,检查井\nW2,排出口\n".replace(",", delimiter).replace("\n", end)
    assert cells(text.encode(encoding)) == [
        (1, ("编号", "类型")),
        (2, ("W1", "检查井")),
        (3, ("W2", "排出口")),
    ]


def test_the_name_of_a_file_decides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(workbook([["编号"], ["W1"]]))
    opened = read_sheet(path)
    assert isinstance(opened, Sheet)
    assert opened.format == "xlsx"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty:"),
        (b"\xef\xbb\xbf\r\n \n", "file.empty:"),
        (b"<html><body><table><tr><td>1</td></tr></table>", "file.not_a_table:html"),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?>\n<!DOCTYPE html>', "file.not_a_table:html"),
        ("<html>".encode("utf-16"), "file.not_a_table:html"),
        (b"%PDF-1.7 ...", "file.not_a_table:pdf"),
        (b"\x89PNG\r\n\x1a\n....", "file.not_a_table:png"),
        (b"\xff\xd8\xff\xe0....", "file.not_a_table:jpg"),
        (b"MZ\x90\0....", "file.not_a_table:program"),
        (b"\x7fELF....", "file.not_a_table:program"),
        (bytes(range(1, 256)) * 40, "file.not_a_table:binary"),
        (b"PK\x03\x04 cut", "file.damaged:"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut", "file.damaged:"),
    ],
)
def test_what_is_no_table_says_what_it_is(content: bytes, code: str) -> None:
    assert refusal(content) == code


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("word/document.xml", "docx"),
        ("ppt/a.xml", "pptx"),
        ("content.xml", "ods"),
        ("photo.jpg", "zip"),
        ("xl/workbook.bin", "xlsb"),
    ],
)
def test_an_archive_that_is_no_workbook_says_what_it_is(part: str, kind: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(part, "x")
    assert refusal(stream.getvalue()) == f"file.not_a_table:{kind}"


def test_places_without_a_readable_file_are_problems(tmp_path: Path) -> None:
    def code(path: Path) -> str:
        opened = read_sheet(path)
        assert isinstance(opened, Problem)
        return opened.code

    assert code(tmp_path) == "file.is_folder"
    assert code(tmp_path / "none.csv") == "file.missing"
    assert code(tmp_path / ("x" * 400)) == "file.missing"
    assert code(Path("a\0b")) == "file.missing"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert code(tmp_path / "pipe") == "file.not_a_table"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_locked_file_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x")
    path.chmod(0)
    assert isinstance(opened := read_sheet(path), Problem)
    assert opened.code == "file.no_permission"


def test_a_refused_permission_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "stat", refuse)
    assert isinstance(opened := read_sheet(tmp_path / "a.csv"), Problem)
    assert opened.code == "file.no_permission"


def test_a_broken_disk_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_self: Path) -> None:
        raise OSError(5, "io")

    monkeypatch.setattr(Path, "stat", fail)
    assert isinstance(opened := read_sheet(tmp_path / "a.csv"), Problem)
    assert opened.code == "file.unreadable"


def test_a_file_beyond_the_bounds_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" * 30)
    monkeypatch.setattr(sheet_module, "MAX_BYTES", 50)
    assert isinstance(opened := read_sheet(path), Problem)
    assert opened.code == "file.too_large"


def test_too_many_rows_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.files.delimited.MAX_ROWS", 20)
    monkeypatch.setattr("models.files.workbook.MAX_ROWS", 20)
    assert refusal(b"a,b\n" * 21) == "file.too_many_rows:"
    assert refusal(workbook([["a"]] * 21)) == "file.too_many_rows:"


def test_one_stray_cell_in_the_last_corner_does_not_take_all_memory() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet()
    page.write(0, 0, "编号")
    page.write(1_048_575, 16_383, "x")
    book.close()
    assert refusal(stream.getvalue()) == "file.too_many_cells:"


def test_a_password_is_named() -> None:
    assert refusal((FIXTURES / "password.xlsx").read_bytes()) == "file.password:"
    content = bytearray((FIXTURES / "households.xls").read_bytes())
    start = content.index(b"\x09\x08\x10\x00", 512)
    following = start + 4 + int.from_bytes(content[start + 2 : start + 4], "little")
    content[following : following + 2] = b"\x2f\x00"
    assert refusal(bytes(content)) == "file.password:"


def test_an_old_workbook_opens_and_the_sheet_whose_header_fits_is_taken() -> None:
    reading = read_households(FIXTURES / "households.xls")
    assert reading.problems == ()
    assert [(row.code, row.area, len(row.occupants), row.line) for row in reading.rows] == [
        ("1-1-101", 6320, 2, 4),
        ("2-0-3", 2000, 1, 6),
    ]
    assert reading.rows[0].occupants[0].phone == "13800000001"
    assert reading.rows[1].occupants[0].phone is None


@given(st.integers(1, 5000))
@settings(max_examples=30, deadline=None)
def test_a_cut_off_workbook_is_a_problem(missing: int) -> None:
    for content in (workbook([["编号"], ["W1"]]), (FIXTURES / "households.xls").read_bytes()):
        opened = read_bytes(content[: -min(missing, len(content) - 8)], name="f")
        if content.startswith(b"PK"):
            assert isinstance(opened, Problem)
        if isinstance(opened, Problem):
            assert opened.code in {"file.damaged", "file.not_a_table"}


def test_rows_keep_the_numbers_a_spreadsheet_program_shows() -> None:
    content = workbook([[], ["", "", "编号"], [], ["", "", "W1"]])
    assert cells(content) == [(2, ("", "", "编号")), (4, ("", "", "W1"))]


def test_numbers_dates_and_truths_become_plain_text() -> None:
    content = workbook([[1001.0, 63.2, 18900009516.0, datetime(2026, 3, 1, 9, 30), True, "  0012 ", 1e300]])
    assert cells(content)[0][1] == (
        "1001",
        "63.2",
        "18900009516",
        "2026-03-01 09:30",
        "TRUE",
        "  0012 ",
        "1e+300",
    )


def test_formulas_with_a_value_are_read_and_those_without_are_marked() -> None:
    content = workbook([["编号"], [("=1+1", 5)], [("=A1&B1", "W7")], [("=A1+1", "")], [("=1/0", "#DIV/0!")]])
    opened = read_bytes(content, name="f")
    assert isinstance(opened, Sheet)
    assert [row.cells for row in opened.rows[1:3]] == [("5",), ("W7",)]
    marks = {line: mark[0] for line, mark in opened.marks.items()}
    assert marks == {4: ("cell.formula", "=A1+1"), 5: ("cell.error", "#DIV/0!")}


def test_a_formula_in_a_text_file_is_marked_and_never_run() -> None:
    opened = read_bytes('编号,备注\nW1,"=HYPERLINK(""http://x"")"\nW2,\'=1\n'.encode(), name="f")
    assert isinstance(opened, Sheet)
    assert opened.marks == {2: {1: ("cell.formula", '=HYPERLINK("http://x")')}}
    assert opened.rows[2].cells == ("W2", "=1")


def test_an_unclosed_quotation_mark_costs_its_own_line_only() -> None:
    opened = read_bytes('编号,备注\nW1,"堵了\nW2,好\nW3,"第一行\n第二行"\nW4,"a","b"\n'.encode(), name="f")
    assert isinstance(opened, Sheet)
    assert [(p.code, p.line) for p in opened.problems] == [("row.quote_open", 2)]
    assert [row.cells for row in opened.rows] == [
        ("编号", "备注"),
        ("W2", "好"),
        ("W3", "第一行\n第二行"),
        ("W4", "a", "b"),
    ]
    assert opened.rows[-1].line == 5


def test_an_unclosed_quotation_mark_at_the_end_loses_nothing_before_it() -> None:
    rows = "".join(f"W{n},x\n" for n in range(1000))
    opened = read_bytes(f'编号,备注\nW,"坏\n{rows}'.encode(), name="f")
    assert isinstance(opened, Sheet)
    assert len(opened.rows) == 1001


def test_a_quotation_mark_inside_a_cell_is_an_inch() -> None:
    assert cells(b'code,note\nW1,5" pipe\nW2,6" pipe\n')[1:] == [
        (2, ("W1", '5" pipe')),
        (3, ("W2", '6" pipe')),
    ]


def test_nul_bytes_are_reported_and_the_row_is_read() -> None:
    opened = read_bytes("编号,备注\nW1,a\0b\n".encode(), name="f")
    assert isinstance(opened, Sheet)
    assert opened.rows[1].cells == ("W1", "ab")
    assert [(p.code, p.line) for p in opened.problems] == [("row.nul", 2)]


def test_a_file_pasted_together_from_two_encodings_is_read() -> None:
    content = "编号,备注\nW1,好\n".encode() + "W2,坏\n".encode("gb18030") + b"W3,\xff\xff\xff\n" + b"W4,x\n"
    opened = read_bytes(content, name="f")
    assert isinstance(opened, Sheet)
    assert [row.cells for row in opened.rows][1:] == [("W1", "好"), ("W2", "坏"), ("W4", "x")]
    assert [(p.code, p.line) for p in opened.problems] == [("row.undecodable", 4)]


def test_a_huge_quoted_cell_is_a_problem_of_its_row() -> None:
    opened = read_bytes(f'编号,备注\nW1,"{"x" * 200_000}"\nW2,y\n'.encode(), name="f")
    assert isinstance(opened, Sheet)
    assert [(p.code, p.line) for p in opened.problems] == [("text.too_long", 2)]
    assert opened.rows[1].cells == ("W2", "y")


@given(
    st.binary(max_size=600),
    st.sampled_from(
        [
            b"",
            b"PK\x03\x04",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            HEADER.encode(),
            b"\x09\x08\x10\x00",
        ]
    ),
)
@settings(deadline=None)
def test_no_bytes_whatever_raise(content: bytes, start: bytes) -> None:
    reading = read_households(start + content, name="f")
    assert reading.rows or reading.problems


@given(
    st.lists(st.tuples(st.integers(0, 7000), st.integers(0, 255)), min_size=1, max_size=40),
    st.sampled_from(["xls", "xlsx"]),
)
@settings(deadline=None, max_examples=60)
def test_no_damaged_workbook_raises(damage: list[tuple[int, int]], kind: str) -> None:
    content = bytearray(
        (FIXTURES / "households.xls").read_bytes()
        if kind == "xls"
        else workbook([["楼号", "单元", "房间"], [1, 1, 101]])
    )
    for at, byte in damage:
        content[at % len(content)] = byte
    read_households(bytes(content), name="f")


def merged_workbook(rows: list[list[Any]], *ranges: str) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet()
    for area in ranges:
        page.merge_range(area, "")
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                page.write(line, column, cell)
    book.close()
    return stream.getvalue()


def test_a_cell_merged_downwards_counts_for_all_its_rows() -> None:
    rows: list[list[Any]] = [
        ["楼号", "单元", "房间"],
        [1, 1, 101],
        [None, None, 102],
        [None, 2, 201],
        [2, 1, 101],
    ]
    assert cells(merged_workbook(rows, "A2:A4", "B2:B3")) == [
        (1, ("楼号", "单元", "房间")),
        (2, ("1", "1", "101")),
        (3, ("1", "1", "102")),
        (4, ("1", "2", "201")),
        (5, ("2", "1", "101")),
    ]


def test_a_merge_past_the_end_of_the_table_makes_no_rows() -> None:
    assert cells(merged_workbook([["楼号", "房间"], [1, 101], [None, 102]], "A2:A9")) == [
        (1, ("楼号", "房间")),
        (2, ("1", "101")),
        (3, ("1", "102")),
    ]


def test_a_title_merged_across_stays_one_cell() -> None:
    rows: list[list[Any]] = [
        ["住户登记表"],
        [None],
        ["楼号", "单元", "房间", "业主名称"],
        [1, 1, 101, "赵敏"],
    ]
    opened = cells(merged_workbook(rows, "A1:D2"))
    assert opened == [
        (1, ("住户登记表", "", "", "")),
        (3, ("楼号", "单元", "房间", "业主名称")),
        (4, ("1", "1", "101", "赵敏")),
    ]


def test_households_under_merged_buildings_are_all_read(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    rows: list[list[Any]] = [
        ["楼号", "单元", "房间", "业主名称"],
        [1, 1, 101, "赵敏"],
        [None, None, 102, "钱伟"],
    ]
    path.write_bytes(merged_workbook(rows, "A2:A3", "B2:B3"))
    reading = read_households(path)
    assert ([row.code for row in reading.rows], reading.problems) == (["1-1-101", "1-1-102"], ())
