# ruff: noqa: DTZ001 -- files hold local times without a zone
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.files import values
from models.problems import Problem


def code_of(found: object) -> str:
    assert isinstance(found, Problem)
    return found.code


@pytest.mark.parametrize(
    ("written", "area"),
    [
        ("63.2", 6320),
        ("６３．２㎡", 6320),
        ("1,234.5 平方米", 123450),
        ("63.205", 6321),
        ("71.05m²", 7105),
        ("62.800000000000004", 6280),
        ("0", None),
        ("0.00", None),
    ],
)
def test_an_area_is_an_integer_of_hundredths_rounded_half_up(written: str, area: int | None) -> None:
    assert values.area(written) == area


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("-3", "number.negative"),
        ("1e9", "number.out_of_range"),
        ("9" * 400, "number.invalid"),
        ("nan", "number.invalid"),
        ("inf", "number.invalid"),
        ("1e999", "number.out_of_range"),
        ("1e9999", "number.invalid"),
        ("1,2", "number.invalid"),
        ("0x10", "number.invalid"),
        ("六十", "number.invalid"),
        ("1_000", "number.invalid"),
        (".", "number.invalid"),
    ],
)
def test_an_absurd_area_is_a_problem(written: str, code: str) -> None:
    assert code_of(values.area(written)) == code


@pytest.mark.parametrize(
    ("written", "unit", "length"),
    [
        ("300mm", "mm", 300),
        ("DN300", "mm", 300),
        ("d300", "mm", 300),
        ("Φ300", "mm", 300),
        ("12.5米", "mm", 12_500),
        ("1.2", "m", 1200),
        ("30 cm", "m", 300),
        ("３００．０", "mm", 300),
        ("1,200", "mm", 1200),
    ],
)
def test_a_unit_in_the_cell_wins_over_the_columns(written: str, unit: str, length: int) -> None:
    assert values.millimetres(written, unit=unit, low=0, high=30_000) == length


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("99999", "number.out_of_range"),
        ("-1", "number.negative"),
        ("三百", "number.invalid"),
        ("mm", "number.invalid"),
        ("300 inch", "number.invalid"),
    ],
)
def test_an_absurd_length_is_a_problem(written: str, code: str) -> None:
    assert code_of(values.millimetres(written, unit="mm", low=0, high=5000)) == code


@pytest.mark.parametrize(
    "written",
    [
        "2024-3-5",
        "2024/03/05",
        "2024年3月5日",
        "20240305",
        "２０２４－０３－０５",
        "45356",
        "2024.3.5",
        "2024-03-05T00:00:00",
        "2024 年 3 月 5 日",
    ],
)
def test_a_day_is_read_in_every_usual_spelling(written: str) -> None:
    assert values.calendar_day(written) == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("2026-03-01 09:30", datetime(2026, 3, 1, 9, 30)),
        ("2026年3月1日 9时30分", datetime(2026, 3, 1, 9, 30)),
        ("2026/3/1 9:30:15", datetime(2026, 3, 1, 9, 30, 15)),
        ("45356.5", datetime(2024, 3, 5, 12)),
    ],
)
def test_a_time_is_read_without_a_zone(written: str, when: datetime) -> None:
    assert values.moment(written) == when


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2024-02-30", "date.invalid"),
        ("昨天", "date.invalid"),
        ("2024-3", "date.invalid"),
        ("9999-01-01", "date.out_of_range"),
        ("99999999", "date.invalid"),
        ("2024-03-05 25:00", "date.invalid"),
        ("1900-01-01", "date.out_of_range"),
        ("99999", "date.out_of_range"),
    ],
)
def test_no_day_is_made_up(written: str, code: str) -> None:
    assert code_of(values.moment(written)) == code


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("18900001049", "18900001049"),
        ("１３８ ０００１ ０００１", "13800010001"),
        ("+86 138-0001-0001", "13800010001"),
        ("138-0001-0001", "13800010001"),
        ("13800010001.0", "13800010001"),
        ("0731-58291234", "0731-58291234"),
        ("58291234", "58291234"),
        ("008613800010001", "13800010001"),
        ("400-810-1234", None),
    ],
)
def test_a_phone_number_is_its_digits(written: str, phone: str | None) -> None:
    found = values.phone(written)
    assert found == phone if phone else isinstance(found, str)


@pytest.mark.parametrize(
    "written", ["18999999999", "18999999999.0", "111111111111111111", "00000000000", "88888888", "无", "-"]
)
def test_a_dummy_phone_means_none(written: str) -> None:
    assert values.phone(written) is None


@pytest.mark.parametrize(
    "written", ["110101199001011234", "11010119900101123X", "110101900101123", "110101 19900101 1234"]
)
def test_an_identity_number_in_the_phone_column_is_named_but_not_repeated(written: str) -> None:
    found = values.phone(written)
    assert code_of(found) == "phone.identity_number"
    assert "1990" not in repr(found)
    assert "900101" not in repr(found)


@pytest.mark.parametrize(
    "written", ["12345", "1380001000", "不知道", "138000100011", "13800010001/13900010001", "[/b]"]
)
def test_what_cannot_be_dialled_is_a_problem(written: str) -> None:
    assert code_of(values.phone(written)) == "phone.invalid"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("是", True),
        ("有", True),
        ("1.0", True),
        ("YES", True),
        ("否", False),
        ("无", False),
        ("0", False),
        ("Ｎｏ", False),
    ],
)
def test_yes_and_no_have_many_words(written: str, said: object) -> None:
    assert values.flag(written) is said


def test_a_doubtful_flag_is_a_problem() -> None:
    assert code_of(values.flag("也许")) == "flag.invalid"


def test_a_whole_number_may_arrive_as_a_float_and_not_as_a_fraction() -> None:
    assert values.whole_number("6.0", low=0, high=99) == 6
    assert values.whole_number("６层", low=0, high=99) == 6
    assert code_of(values.whole_number("6.5", low=0, high=99)) == "number.invalid"


def test_a_note_keeps_what_looks_like_markup_and_loses_control_characters() -> None:
    assert values.free_text("[/b] [a栋]\x07\u200b ＝1，好") == "[/b] [a栋] ＝1，好"


def test_a_note_of_5000_characters_is_kept_and_a_longer_one_refused() -> None:
    assert values.free_text("泥" * 5000) == "泥" * 5000
    refused = values.free_text("泥" * 5001)
    assert isinstance(refused, Problem)
    assert refused.params == {"length": 5001, "limit": 5000}


def test_a_problem_repeats_at_most_40_characters_and_no_identity_number() -> None:
    assert len(values.shown("x" * 500)) == 40
    assert "1990" not in values.shown("张三 110101199001011234 ok")
    assert values.shown("张三 １１０１０１１９９００１０１１２３４") == "张三 …"


@given(st.text(max_size=80))
def test_every_text_is_a_value_or_a_problem(text: str) -> None:
    values.area(text)
    values.millimetres(text, unit="mm", low=0, high=10)
    values.metres(text, unit="m", low=0, high=10)
    values.whole_number(text, low=0, high=10)
    values.flag(text)
    values.phone(text)
    values.moment(text)
    values.free_text(text)
    assert len(values.shown(text)) <= 40


@given(st.decimals(min_value=0, max_value=99_999, places=2))
def test_an_area_of_two_places_is_exact(number: object) -> None:
    assert (values.area(str(number)) or 0) == int(str(number).replace(".", ""))
