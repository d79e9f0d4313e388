from __future__ import annotations

import pytest

from .conftest import Linli


@pytest.fixture
def walked(founded: Linli) -> Linli:
    """A well and an outfall, walked last year and this year."""
    for kind, payload in (
        ("point.add", '{"code": "W1", "name": "东墙 [/b]"}'),
        ("point.add", '{"code": "OUT", "kind": "outfall"}'),
        ("pipe.add", '{"start": "W1", "end": "OUT", "diameter_mm": 300}'),
        ("walk.start", '{"name": "去年"}'),
        ("walk.observe", '{"walk": "去年", "point": "W1", "level": "flowing", "mud_mm": 10}'),
        ("walk.start", '{"name": "今年"}'),
        (
            "walk.observe",
            '{"walk": "今年", "point": "W1", "level": "full", "mud_mm": 90, "defects": [{"code": "SG", "grade": 2}]}',
        ),
    ):
        said = founded("do", kind, payload)
        assert said.status == 0, said.err
    return founded


def test_each_well_is_a_line_of_json(walked: Linli) -> None:
    said = walked("compare", "--json")
    assert said.status == 0
    assert said.rows == [
        {
            "code": "W1",
            "name": "东墙 [/b]",
            "turn": "worse",
            "level_then": "flowing",
            "level_now": "full",
            "mud_then_mm": 10,
            "mud_now_mm": 90,
            "worse": ["level", "mud_mm", "SG"],
            "better": [],
        }
    ]
    assert walked("list", "comparison", "--json").rows == said.rows


def test_the_other_way_round_it_is_better(walked: Linli) -> None:
    row = walked("compare", "--walk", "去年", "--with", "今年", "--json").rows[0]
    assert (row["turn"], row["better"], row["worse"]) == ("better", ["level", "mud_mm", "SG"], [])


def test_people_read_sums_and_a_table(walked: Linli) -> None:
    said = walked("compare")
    assert "1 worse, 0 better, 0 the same, 0 not seen on one side" in said.out
    assert "东墙 [/b]" in said.out
    chinese = walked("--lang", "zh_CN", "compare")
    assert "变差 1 口" in chinese.out
    assert "畅" in chinese.out


def test_a_walk_that_nobody_knows_is_refused(walked: Linli) -> None:
    assert walked("compare", "--walk", "没有").status == 4
    assert walked("compare", "--with", "没有").status == 4


def test_with_too_few_walks_a_sentence_says_so(founded: Linli) -> None:
    said = founded("compare")
    assert (said.status, said.out) == (0, "")
    assert "No walk has noted a level yet" in said.err
    assert founded("compare", "--json").rows == []
