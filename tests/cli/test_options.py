from __future__ import annotations

import argparse
import inspect
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tui.cli import build_parser
from tui.exports import WHATS
from tui.i18n import LANGUAGES, load
from tui.usage import SENTENCES

from .conftest import Linli


def test_shared_options_mean_the_same_before_and_after_the_command(
    founded: Linli, store_path: Path, tmp_path: Path
) -> None:
    founded("init", "--compound", "三元", "--as", "赵敏")
    other = tmp_path / "other.db"
    assert founded("--store", other, "--compound", "北里", "init", "--as", "孙丽").status == 0
    for command in ("people", "households"):
        after = founded("list", command, "--json", "--compound", "三元", "--store", store_path)
        before = founded("--json", "--compound", "三元", "--store", store_path, "list", command)
        assert (before.status, before.out) == (0, after.out)
    assert json.loads(founded("--json", "--store", other, "list", "people").out)["name"] == "孙丽"
    assert founded("--as", "nobody", "--store", other, "list", "people").status == 4


def test_an_option_after_the_command_wins(founded: Linli, store_path: Path, tmp_path: Path) -> None:
    said = founded("--store", tmp_path / "none.db", "list", "people", "--store", store_path, "--json")
    assert (said.status, said.json["name"]) == (0, "王德胜")


_WORDS = re.compile(r"[A-Za-z]{4,}")
#: What stays as it is in every language: what the person must type.
_TYPED = {"linli", "store", "lang", "compound", "json", "help", "version", "where", "JSON", "zh_CN"}

_EXPORTS = set(WHATS)


@pytest.mark.parametrize(
    "words",
    [
        ["foo"],
        ["--foo"],
        ["list"],
        ["list", "people", "--json=1"],
        ["list", "people", "more"],
        ["list", "people", "--where"],
        ["list", "people", "--st"],
        ["doctor", "--lang", "fr"],
        ["import"],
        ["export", "foo", "--out", "x"],
    ],
)
def test_a_usage_mistake_is_told_in_chinese_words_only(linli: Linli, words: list[str]) -> None:
    said = linli("--lang", "zh_CN", *words)
    sentence = said.err.strip().splitlines()[-1]
    commands = set(build_parser()._subparsers._group_actions[0].choices)  # type: ignore[union-attr, arg-type]
    english = set(_WORDS.findall(sentence)) - _TYPED - _EXPORTS - commands - set(words)
    assert (said.status, english) == (2, set())
    assert said.err.startswith("用法：")


def test_argparse_says_nothing_that_has_no_words() -> None:
    """What Python's own argparse can say about our command line, found in its source."""
    source = inspect.getsource(argparse)
    unknown = [english for english in SENTENCES if english.strip(": ") not in source]
    assert unknown == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_of_argparse_keeps_its_places(language: str) -> None:
    texts = load(language)
    for english, key in SENTENCES.items():
        assert sorted(re.findall(r"%(?:\(\w+\))?[rs]", texts[key])) == sorted(
            re.findall(r"%(?:\(\w+\))?[rs]", english)
        )


@pytest.mark.parametrize(
    ("payload", "code", "message"),
    [
        ('{"name": ""}', "payload.invalid", "不能为空"),
        ('{"name": "' + "x" * 200 + '"}', "payload.invalid", "最多 100 个字"),
        ("", "json.empty", "没有给出"),
        ("{", "json.invalid", "不是有效的 JSON：第 1 行第 2 列写法不对"),
        ("[" * 100_000, "json.absurd", "不合理"),
        ("1" * 5_000, "json.absurd", "不合理"),
        ('{"name": NaN}', "json.absurd", "不合理"),
    ],
)
def test_a_bad_payload_is_told_in_words(founded: Linli, payload: str, code: str, message: str) -> None:
    said = founded("--lang", "zh_CN", "--json", "do", "person.add", payload)
    assert said.status == 4
    assert message in said.err
    assert code in said.out


def test_a_word_out_of_a_list_is_told_without_english_grammar(founded: Linli) -> None:
    said = founded("--lang", "zh_CN", "do", "point.add", '{"code": "W1", "kind": "rocket"}')
    assert "well、outfall、lamp" in said.err
    assert " or " not in said.err + json.loads(said.out)["message"]


def test_a_payload_that_is_not_utf8_is_a_sentence(founded: Linli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe\0"), "utf-8"))
    assert founded("do", "person.add", "-").status == 4
    monkeypatch.setattr(sys, "stdin", None)
    assert founded("do", "person.add", "-").status == 4
    sys.stdin.close()


def test_a_payload_may_begin_with_a_mark_and_is_utf8_whatever_the_console(
    founded: Linli, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"\xef\xbb\xbf" + '{"name": "李秀英"}'.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), "ascii"))
    assert founded("do", "person.add", "-").status == 0
    assert founded("list", "people", "--json", "--where", "name=李秀英").rows


def linli_process(words: str, store_path: Path) -> subprocess.CompletedProcess[str]:
    """`linli` as a shell starts it, with whatever `words` does to its streams."""
    environment = {**os.environ, "LINLI_STORE": str(store_path), "LINLI_LANG": "en"}
    environment.pop("LINLI_DEBUG", None)
    return subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -m tui.cli {words}'],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="speaks to a Unix shell")
@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("list people >&-", 0),
        ("list people 2>&-", 0),
        ("list people <&- >&- 2>&-", 0),
        ("list nothing 2>&-", 2),
        ("do person.add - <&-", 4),
        ("list people --json >/dev/full", 4),
        ("--version >/dev/full", 4),
    ],
)
@pytest.mark.usefixtures("founded")
def test_closed_and_full_streams_end_in_a_status(store_path: Path, words: str, status: int) -> None:
    said = linli_process(words, store_path)
    assert (said.returncode, "Traceback" in said.stderr) == (status, False), said.stderr


def test_a_demo_is_not_removed_for_an_app_that_cannot_open(linli: Linli, store_path: Path) -> None:
    store_path.write_bytes(b"")
    assert linli("demo", "--fresh").status == 2
    assert store_path.exists()


def test_a_compound_without_a_name_makes_no_store(linli: Linli, store_path: Path) -> None:
    assert linli("init", "--compound", "  ").status == 2
    assert not store_path.exists()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "1066-10-14"])
def test_a_time_that_nobody_means_is_a_sentence(linli: Linli, moment: str) -> None:
    linli("init", "--compound", "耐火小区", "--as", "王德胜")
    said = linli("do", "team.add", '{"name": "水工"}', "--at", moment)
    assert said.status == 2
    assert moment in said.err
