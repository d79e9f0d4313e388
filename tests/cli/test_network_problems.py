"""What is doubtful about the sewer, for scripts and for people."""

from __future__ import annotations

from .conftest import Linli


def test_doubts_are_listed_in_words_and_as_codes(founded: Linli) -> None:
    for kind, payload in (
        ("point.add", '{"code": "W1"}'),
        ("point.add", '{"code": "W2"}'),
        ("point.add", '{"code": "OUT", "kind": "outfall"}'),
        ("pipe.add", '{"start": "W1", "end": "W2"}'),
        ("pipe.add", '{"start": "W2", "end": "W1"}'),
        ("pipe.add", '{"start": "W2", "end": "OUT"}'),
    ):
        assert founded("do", kind, payload).status == 0
    said = founded("list", "network-problems", "--json")
    assert [(row["code"], sorted(row["points"]), row["cure"]) for row in said.rows] == [
        ("pipe.both_ways", ["W1", "W2"], "drop")
    ]
    assert said.rows[0]["message"].startswith("The pipe between")
    shown = founded("--lang", "zh_CN", "list", "network-problems")
    assert "两个方向都画了" in shown.out
    assert "both_ways" not in shown.out


def test_a_point_is_renamed_from_the_command_line(founded: Linli) -> None:
    assert founded("do", "point.add", '{"code": "W1"}').status == 0
    assert founded("do", "point.rename", '{"point": "W1", "code": "w-07"}').status == 0
    assert [row["code"] for row in founded("list", "points", "--json").rows] == ["W-07"]
