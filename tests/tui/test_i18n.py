from __future__ import annotations

import ast
import json
import re
import string
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

import tui
from tui import i18n

TUI = Path(tui.__file__).parent
# Texts whose key is put together from a variable; f"cli.{name}" in the code counts by itself.
DYNAMIC = (
    *("action.", "screen.", "theme.", "help."),
    *("problem.", "verdict.", "refusal.", "rule.", "flag.", "error.", "evidence.", "level."),
    *("kind.", "nature.", "table.", "field.", "cli."),
    *("answer.", "system.", "file_kind.", "duty.log.", "fee_row.reason."),
)


def _base(key: str) -> str:
    return re.sub(r"\.(one|other)$", "", key)


def _params(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _catalogue(language: str) -> dict[str, set[str]]:
    merged: dict[str, set[str]] = {}
    for key, text in i18n.load(language).items():
        merged.setdefault(_base(key), set()).update(_params(text))
    return merged


def _strings_of_code() -> dict[str, list[str]]:
    strings: dict[str, list[str]] = {}
    for file in TUI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.setdefault(node.value, []).append(str(file))
    return strings


def _prefixes_of_code() -> set[str]:
    """Return how each f-string begins that could be a key, such as `date.month.`."""
    return {
        node.values[0].value
        for file in TUI.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and isinstance(node.values[0].value, str)
        and re.fullmatch(r"[a-z_]+\.[a-z_.]*", node.values[0].value)
    }


def _keys_asked_for() -> dict[str, str]:
    asked: dict[str, str] = {}
    for file in TUI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "t"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                asked[str(node.args[0].value)] = f"{file}:{node.lineno}"
    return asked


def test_both_languages_have_the_same_keys_and_parameters() -> None:
    chinese, english = _catalogue("zh_CN"), _catalogue("en")
    assert chinese.keys() ^ english.keys() == set()
    # A plural carries n in English, where Chinese may not say it.
    differing = {
        key
        for key in chinese
        if chinese[key] != english[key]
        and chinese[key] - {"month", "n"} != english[key] - {"month_name", "n"}
    }
    assert differing - {"date.short"} == set()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_key_stands_in_two_files(language: str) -> None:
    keys = Counter(
        key
        for file in (TUI / "locale" / language).glob("*.json")
        for key in json.loads(file.read_text("utf-8"))
    )
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_text_that_code_asks_for_exists() -> None:
    known = _catalogue("zh_CN")
    assert {key: place for key, place in _keys_asked_for().items() if key not in known} == {}


def test_every_text_is_asked_for() -> None:
    strings = _strings_of_code()
    computed = (*DYNAMIC, *_prefixes_of_code())
    # With the point behind it: what is called "other" among several looks like the plural of their name.
    unused = [key for key in _catalogue("zh_CN") if key not in strings and not f"{key}.".startswith(computed)]
    assert unused == []


def test_every_action_has_a_label_and_a_help_sentence() -> None:
    known = _catalogue("zh_CN")
    for file in TUI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "action":
                first = node.args[0]
                assert isinstance(first, ast.Constant), f"{file}:{node.lineno}"
                assert f"action.{first.value}" in known
                assert f"action.{first.value}.help" in known


def test_chinese_uses_chinese_punctuation() -> None:
    wrong = {
        key: text
        for key, text in i18n.load("zh_CN").items()
        if not key.endswith(".search")
        and re.search(r"[\u4e00-\u9fff][,;:?!()]|[,;?!][\u4e00-\u9fff]|\.\.\.|。$\s", text)
    }
    assert wrong == {}


def test_english_holds_no_chinese_but_examples_and_names_of_languages() -> None:
    wrong = [
        key
        for key, text in i18n.load("en").items()
        if not key.startswith("language.")
        and (
            re.search(r"[\u3000-\u303f\uff00-\uffef]", text)
            or (re.search(r"[\u4e00-\u9fff]", text) and "张三" not in text)
        )
    ]
    assert wrong == []


def test_a_missing_text_is_loud_in_tests_and_harmless_at_run_time() -> None:
    with pytest.raises(i18n.MissingTextError):
        i18n.t("no.such.text")
    with pytest.raises(i18n.MissingTextError):
        i18n.t("form.too_small")
    i18n.use("zh_CN", strict=False)
    assert i18n.t("no.such.text") == "no.such.text"
    assert i18n.t("form.too_small") == "不能小于 {least}"


def test_values_are_put_in_as_they_are() -> None:
    assert i18n.t("help.title", screen="{0} [b] %s") == "帮助：{0} [b] %s"


def test_english_counts_one_and_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n._Chosen, "catalogue", {"well.one": "{n} well", "well.other": "{n} wells"})
    assert [i18n.t("well", n=n) for n in (0, 1, 2)] == ["0 wells", "1 well", "2 wells"]


@pytest.mark.parametrize(
    ("asked", "environ", "expected"),
    [
        ("en", {"LINLI_LANG": "zh_CN", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LINLI_LANG": "zh", "LANG": "en_GB.UTF-8"}, "zh_CN"),
        (None, {"LANG": "zh_TW.UTF-8"}, "zh_CN"),
        (None, {"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LANG": "C"}, "en"),
        ("Chinese (Simplified)_China", {}, "zh_CN"),
    ],
)
def test_the_language_follows_option_then_variable_then_locale(
    asked: str | None, environ: dict[str, str], expected: str
) -> None:
    assert i18n.pick_language(asked, environ) == expected


def test_words_load_without_textual_and_at_once() -> None:
    code = "import sys, tui.i18n as i; i.use('zh_CN'); assert i.t('app.name') == '邻里'; assert 'textual' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
    start = time.perf_counter()
    i18n.load("zh_CN")
    assert time.perf_counter() - start < 0.1
