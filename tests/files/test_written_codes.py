import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.codes import looks_like_date, parse_room_code, room_code, well_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1-1-1001", "1-1-1001"),
        ("１－１－１００１", "1-1-1001"),
        ("1栋1单元1001", "1-1-1001"),
        ("1号楼1单元1001室", "1-1-1001"),
        ("3幢 2单元 502", "3-2-502"),
        ("一号楼二单元301室", "1-2-301"),
        ("01-02-0301", "1-2-301"),
        ("1-0-5", "1-0-5"),
        ("2栋商铺5", "2-0-5"),
        ("a-1-101", "A-1-101"),
        ("1-1-101-2", "1-1-101-2"),
        ("1 — 1 — 101", "1-1-101"),
        ("[a栋]-1-101", "[A栋]-1-101"),
        ("十二号楼1单元101", "12-1-101"),
    ],
)
def test_one_room_has_one_key_however_it_is_written(written: str, code: str) -> None:
    assert str(parse_room_code(written)) == code


@pytest.mark.parametrize(
    "written",
    ["", "1001", "3-502", "--", "1--2", "1-1-", "2001-02-03", "2026-03-01 00:00", "1-1-" + "9" * 30],
)
def test_what_names_no_single_room_is_no_code(written: str) -> None:
    assert parse_room_code(written) is None


def test_a_code_that_a_spreadsheet_made_a_date_of_is_recognised() -> None:
    assert looks_like_date("2001-02-03 00:00")
    assert not looks_like_date("1-2-3")


def test_three_cells_and_one_text_give_the_same_key() -> None:
    assert room_code("1.0", "1.0", "1001.0") == parse_room_code("1栋1单元1001室")
    assert str(room_code("3栋", "商铺", "铺12")) == "3-0-12"


_PART = st.text(alphabet="0123456789ABC甲[", min_size=1, max_size=6)


@given(_PART, _PART, _PART)
def test_a_written_key_reads_back_as_itself(building: str, unit: str, room: str) -> None:
    code = room_code(building, unit, room)
    if code is not None and not looks_like_date(str(code)):
        assert parse_room_code(str(code)) == code


@given(st.text(max_size=60))
@example("A´")
def test_no_text_breaks_the_parsers(text: str) -> None:
    parse_room_code(text)
    first = well_code(text)
    assert first is None or well_code(first) == first


@pytest.mark.parametrize(
    ("written", "code"), [("ｗ－０１", "W-01"), (" w 1 ", "W1"), ("3.0", "3"), ("检1#", "检1#")]
)
def test_one_well_has_one_code(written: str, code: str) -> None:
    assert well_code(written) == code
