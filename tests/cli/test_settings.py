"""The user's own settings, from the command line and before it speaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui.commands.settings import CHOICES
from tui.themes import THEMES

from .conftest import Linli


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linli: Linli) -> Path:
    """A settings file of the test's own, and nothing else that says which language to speak."""
    assert linli
    monkeypatch.setenv("LINLI_SETTINGS", str(tmp_path / "settings.json"))
    monkeypatch.delenv("LINLI_LANG")
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return tmp_path / "settings.json"


def test_a_language_once_set_is_spoken_by_every_command(linli: Linli, file: Path) -> None:
    assert linli("set", "language", "zh_CN").status == 0
    assert json.loads(file.read_text("utf-8"))["language"] == "zh_CN"
    assert "用法" in linli("set").err
    assert "用 linli init 新建" in linli("doctor").err
    assert "中文" in linli("settings").out


@pytest.mark.parametrize("asked", [("--lang", "en"), ()])
def test_what_is_asked_for_now_wins_over_what_is_kept(
    linli: Linli, file: Path, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...]
) -> None:
    file.write_text('{"language": "zh_CN"}', "utf-8")
    if not asked:
        monkeypatch.setenv("LINLI_LANG", "en")
    assert "store" in linli("doctor", *asked).err
    assert "用" not in linli("doctor", *asked).err


def test_settings_are_printed_for_people_and_for_scripts(linli: Linli, file: Path) -> None:
    assert linli("set", "theme", "linli-light", "--json").json == {"theme": "linli-light"}
    said = linli("settings", "--json").json
    assert (said["theme"], said["language"], said["file"]) == ("linli-light", "auto", str(file))


@pytest.mark.parametrize("words", [("sound", "on"), ("language", "fr"), ("theme", "pink")])
def test_a_setting_that_there_is_not_is_a_mistake_of_usage(
    linli: Linli, file: Path, words: tuple[str, str]
) -> None:
    said = linli("set", *words)
    assert said.status == 2
    assert "auto" in said.err or "theme" in said.err or "linli-dark" in said.err
    assert not file.exists()


def test_a_broken_file_is_said_and_the_command_runs(linli: Linli, file: Path) -> None:
    file.write_text("{", "utf-8")
    said = linli("settings", "--json")
    assert said.status == 0
    assert "settings.json.broken" in said.err
    assert said.json["language"] == "auto"
    assert linli("settings", "--json").err == ""


def test_the_themes_that_can_be_set_are_those_that_there_are() -> None:
    assert CHOICES["theme"] == tuple(made.name for made in THEMES)
