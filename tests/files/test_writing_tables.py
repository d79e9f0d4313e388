# ruff: noqa: DTZ001 -- files hold local times without a zone
import errno
import io
import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from models.files.sheet import Sheet, read_bytes
from models.files.values import clean
from models.files.writing import CannotWrite, FilesError, write_table, write_template


def written(kind: Any, rows: list[list[Any]], header: tuple[str, ...] = ("a", "b")) -> bytes:
    stream = io.BytesIO()
    write_table(stream, kind, header, rows)
    return stream.getvalue()


def test_a_text_file_opens_in_chinese_in_excel() -> None:
    assert written("csv", [["一", None]]).startswith(b"\xef\xbb\xbfa,b\r\n")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''=1", "＝1"])
def test_text_that_would_run_as_a_formula_is_disarmed_and_comes_back(text: str) -> None:
    content = written("csv", [[text, "x"]])
    assert content.split(b"\r\n")[1].lstrip(b'"').startswith(b"'")
    opened = read_bytes(content, name="f")
    assert isinstance(opened, Sheet)
    if text != "＝1":
        assert opened.rows[1].cells[0] == text
    assert opened.marks == {}


def test_negative_numbers_stay_numbers() -> None:
    assert written("csv", [[-5, Decimal("-0.10")]]).endswith(b"-5,-0.10\r\n")


def test_a_workbook_keeps_text_as_text_and_numbers_as_numbers() -> None:
    content = written(
        "xlsx",
        [
            ["001", 12],
            ["=1+1", Decimal("3.5")],
            ["http://x", True],
            [date(2026, 3, 1), datetime(2026, 3, 1, 9, 30)],
            [float("nan"), 10**20],
        ],
    )
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1:] == [
        ["001", 12.0],
        ["=1+1", 3.5],
        ["http://x", True],
        [date(2026, 3, 1), datetime(2026, 3, 1, 9, 30)],
        ["nan", "100000000000000000000"],
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_same_table_gives_the_same_bytes(kind: str) -> None:
    assert written(kind, [["x", 1]]) == written(kind, [["x", 1]])


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text("old")
    write_table(path, "csv", ["a"], [["新"]])
    assert path.read_text(encoding="utf-8-sig") == "a\n新\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite) as refused:
        write_table(path, "csv", ["a"], [])
    assert refused.value.reason == "disk_full"
    assert refused.value.path == path
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reason(path: Path) -> str:
        with pytest.raises(FilesError) as refused:
            write_table(path, "xlsx", ["a"], [])
        assert isinstance(refused.value, CannotWrite)
        return refused.value.reason

    (tmp_path / "file").write_text("")
    assert reason(tmp_path) == "is_folder"
    assert reason(tmp_path / "no" / "a.xlsx") == "no_folder"
    assert reason(tmp_path / "file" / "a.xlsx") == "no_folder"
    assert reason(tmp_path / "a\0b") == "bad_name"

    def read_only(*_args: object, **_options: object) -> None:
        raise OSError(errno.EROFS, "read only")

    monkeypatch.setattr("tempfile.mkstemp", read_only)
    assert reason(tmp_path / "a.xlsx") == "no_permission"


def test_a_broken_stream_is_a_refusal() -> None:
    class Full(io.BytesIO):
        def write(self, _content: object) -> int:
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(CannotWrite, match="disk_full"):
        write_table(Full(), "csv", ["a"], [])


def test_a_template_is_the_header_and_the_codes(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path, "xlsx", ["编号", "水位", "积泥"], ["W1", "W2"])
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["编号", "W1", "W2"]


_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20) | st.sampled_from(
    ['"', "a,b", "a\nb", "[/b]", "'=x", "_x0041_", "=1", "１２"]
)


@given(st.lists(st.tuples(_TEXT, _TEXT, _TEXT), max_size=8), st.sampled_from(["csv", "xlsx"]))
@settings(deadline=None)
def test_any_text_table_comes_back_as_written(rows: list[tuple[str, str, str]], kind: str) -> None:
    opened = read_bytes(written(kind, [list(row) for row in rows], ("甲", "乙", "丙")), name="f")
    assert isinstance(opened, Sheet)

    def plain(cells: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(
            clean(cell.replace("\r\n", "\n").replace("\r", "\n")) for cell in (*cells, "", "", "")[:3]
        )

    back = {row.line: plain(row.cells) for row in opened.rows if any(plain(row.cells))}
    sent = {
        line: plain(row) for line, row in enumerate([("甲", "乙", "丙"), *rows], start=1) if any(plain(row))
    }
    assert back == sent
    assert opened.problems == ()
    assert opened.marks == {}
