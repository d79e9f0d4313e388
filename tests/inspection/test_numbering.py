"""Codes written many at once: what they mean, what is doubted, and that reading loses nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.codes import well_code
from models.inspection import numbering
from models.inspection.numbering import MOST_AT_ONCE, loose_key, read_codes, shown_codes, spellings


@pytest.mark.parametrize(
    ("text", "first", "last", "n"),
    [
        ("W01-W42", "W01", "W42", 42),
        ("W1-W9", "W1", "W9", 9),
        ("w01 – w42", "W01", "W42", 42),
        ("井01－井42", "井01", "井42", 42),
        ("Ｗ０１～Ｗ０３", "W01", "W03", 3),
        ("W01至W03", "W01", "W03", 3),
        ("W1…W3", "W1", "W3", 3),
        ("W01-42", "W01", "W42", 42),
        ("W1..3", "W1", "W3", 3),
        ("A-07-A-12", "A-07", "A-12", 6),
        ("A-07-12", "A-07", "A-12", 6),
        ("01井-03井", "01井", "03井", 3),
        ("W98-W101", "W98", "W101", 4),
        ("W098-W101", "W098", "W101", 4),
        ("1-3", "1", "3", 3),
        ("W3-W1", "W3", "W1", 3),
        ("A-07", "A-07", "A-07", 1),
        ("3-07", "3-07", "3-07", 1),
    ],
)
def test_a_range_is_read_as_people_write_it(text: str, first: str, last: str, n: int) -> None:
    read = read_codes(text)
    assert (read.codes[0], read.codes[-1], len(read.codes), read.problems) == (first, last, n, ())


def test_several_ranges_stand_side_by_side_and_each_code_counts_once() -> None:
    assert read_codes("W01-W03，W02、A-07; B1 B2\nB2-B3").codes == (
        *("W01", "W02", "W03", "A-07", "B1", "B2", "B3"),
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "numbering.empty"),
        (" ，、", "numbering.empty"),
        ("hello", "numbering.no_number"),
        ("[/b]", "numbering.no_number"),
        ("W01-X03", "numbering.two_names"),
        ("W01-W50W01-W50", "numbering.two_names"),
        ("W01-", "numbering.nonsense"),
        ("W" + "0" * 40, "numbering.nonsense"),
        ("W01~车棚", "numbering.nonsense"),
        ("W1-W2001", "numbering.too_many"),
        ("W1-W1500, X1-X501", "numbering.too_many"),
    ],
)
def test_nonsense_is_named(text: str, code: str) -> None:
    assert code in {problem.code for problem in read_codes(text).problems}


@pytest.mark.parametrize("text", ["-" * 5_000, "W1-" * 1_700, "->" * 2_500])
def test_a_long_line_of_dashes_is_not_tried_at_each_of_them(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def counted(code: str) -> str | None:
        tried.append(code)
        return well_code(code)

    monkeypatch.setattr(numbering, "well_code", counted)
    assert [problem.code for problem in read_codes(text).problems] == ["numbering.nonsense"]
    assert len(tried) == 1


def test_one_bad_word_leaves_the_good_codes() -> None:
    read = read_codes("W1-W3, wells")
    assert read.codes == ("W1", "W2", "W3")
    assert [problem.params["text"] for problem in read.problems] == ["wells"]


def test_as_many_as_allowed_are_read_and_one_more_is_not() -> None:
    assert len(read_codes(f"W1-W{MOST_AT_ONCE}").codes) == MOST_AT_ONCE
    assert read_codes(f"W1-W{MOST_AT_ONCE + 1}").codes == ()


prefixes = st.sampled_from(["W", "井", "A-", "雨", "", "RW_"])


@given(prefixes, st.integers(0, 9_999), st.integers(0, 300), st.integers(1, 5))
def test_a_range_has_every_number_between_its_ends_once(
    prefix: str, first: int, more: int, width: int
) -> None:
    start, end = f"{prefix}{first:0{width}d}", f"{prefix}{first + more:0{width}d}"
    codes = read_codes(f"{start}~{end}").codes
    assert [int(code.removeprefix(prefix)) for code in codes] == list(range(first, first + more + 1))
    assert (codes[0], codes[-1]) == (start, end)


@given(st.lists(st.tuples(st.sampled_from("WXY"), st.integers(1, 400)), min_size=1, max_size=60, unique=True))
def test_codes_drawn_together_read_back_as_themselves(numbers: list[tuple[str, int]]) -> None:
    codes = tuple(f"{letter}{number:02d}" for letter, number in numbers)
    assert read_codes(", ".join(shown_codes(codes))).codes == codes


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_and_each_code_comes_once(text: str) -> None:
    codes = read_codes(text, numbered=False).codes
    assert len(set(codes)) == len(codes) <= MOST_AT_ONCE


@given(prefixes, st.integers(0, 99_999), st.integers(0, 3))
def test_leading_zeros_lead_to_the_same_well(prefix: str, number: int, zeros: int) -> None:
    padded = f"{prefix}{'0' * zeros}{number}"
    assert padded in spellings(f"{prefix}{number}")
    assert loose_key(padded) == loose_key(f"{prefix}{number}")
