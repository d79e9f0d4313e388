from __future__ import annotations

import re

import pytest

from models.inspection.rules import PointKind
from models.listings import LISTINGS
from models.operations.registry import load_kinds
from tui.i18n import LANGUAGES, has, use

from .conftest import Linli

_ENGLISH = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture
def furnished(founded: Linli) -> Linli:
    """A compound with one row in most lists, everything in Chinese that a person may write."""
    for kind, payload in (
        ("person.edit", '{"person": "王德胜", "new": {"sex": "male"}}'),
        ("household.add", '{"code": "1-1-1001", "area": 8050}'),
        ("point.add", '{"code": "W1", "kind": "well"}'),
        ("point.add", '{"code": "W2", "kind": "outfall"}'),
        ("pipe.add", '{"start": "W1", "end": "W2", "system": "foul"}'),
        ("checklist.add", '{"point_kind": "lamp", "text": "灯亮吗", "answer": "yes_no"}'),
        ("walk.start", '{"name": "春检"}'),
        ("walk.observe", '{"walk": "春检", "point": "W1", "level": "full"}'),
        ("responsibility.assign", '{"subject": "garden", "place": "东花园", "person": "王德胜"}'),
    ):
        said = founded("do", kind, payload)
        assert said.status == 0, said.err
    return founded


def test_lists_speak_chinese_to_people(furnished: Linli) -> None:
    load_kinds()
    for name in LISTINGS:
        said = furnished("--lang", "zh_CN", "list", name)
        english = set(_ENGLISH.findall(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", said.out)))
        assert (name, english) == (name, set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_a_heading(language: str) -> None:
    use(language)
    load_kinds()
    for listing in LISTINGS.values():
        for column in listing.columns:
            if column != "id" and not column.endswith("_id"):
                assert has(f"column.{column}"), (listing.name, column)
    assert all(has(f"point.{kind.value}") for kind in PointKind)


@pytest.mark.parametrize(
    "condition", ["kind=outfall", "类型=排出口", "kind=排出口", "类型=OUTFALL", "编号=W2", "code=w2"]
)
def test_what_a_list_shows_can_be_asked_for(furnished: Linli, condition: str) -> None:
    said = furnished("--lang", "zh_CN", "list", "points", "--json", "--where", condition)
    assert [(row["code"], row["kind"]) for row in said.rows] == [("W2", "outfall")]


@pytest.mark.parametrize(
    ("condition", "found"),
    [("已归档=否", True), ("已归档=是", False), ("archived=false", True), ("备注=否", False)],
)
def test_a_truth_can_be_asked_for_as_it_is_shown(furnished: Linli, condition: str, found: bool) -> None:  # noqa: FBT001
    said = furnished("--lang", "zh_CN", "list", "points", "--json", "--where", condition)
    assert bool(said.rows) is found


def test_json_keeps_the_words_of_the_store(furnished: Linli) -> None:
    row = furnished("--lang", "zh_CN", "list", "people", "--json", "--where", "职务=主任").json
    assert (row["sex"], row["roles"]) == ("male", ["director"])


def test_the_doctor_names_what_it_counts_in_chinese(furnished: Linli) -> None:
    said = furnished("--lang", "zh_CN", "doctor")
    counted = [line for line in said.out.splitlines() if line.startswith("  ")]
    assert len(counted) > 20
    assert [line for line in counted if _ENGLISH.search(line)] == []
