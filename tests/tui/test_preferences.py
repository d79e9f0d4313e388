from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.files.writing import CannotWrite
from tui import edge, preferences
from tui.preferences import Found, Preferences

WHOLE = Preferences("en", "linli-light", {"shell.theme": ("f12",)}, {"sound": {"bell": True}, "\ud800": "半"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "settings.json"


def test_what_is_saved_is_read_again_with_what_a_later_version_wrote(file: Path) -> None:
    preferences.save(WHOLE, file)
    assert preferences.load(file) == Found(WHOLE)
    assert json.loads(file.read_text("utf-8"))["sound"] == {"bell": True}
    assert [entry.name for entry in file.parent.iterdir()] == ["settings.json"]


def test_without_a_file_the_usual_ones_hold(file: Path) -> None:
    assert preferences.load(file) == Found(Preferences())
    assert preferences.load(file).preferences.spoken is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b"\xff\xfe", b"null", b"[" * 100_000, b"{" + b" " * 300_000 + b"}"]
)
def test_a_broken_file_is_put_aside_whole_and_is_never_fatal(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    found = preferences.load(file)
    assert found == Found(Preferences(), file.with_name("settings.json.broken"))
    assert found.set_aside is not None
    assert found.set_aside.read_bytes() == content
    assert preferences.load(file) == Found(Preferences())


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ({"language": "fr"}, Preferences()),
        ({"language": ["en"], "theme": 7, "keys": []}, Preferences()),
        ({"keys": {"a": [], "b": "x", "c": [1], "d": ["x"]}}, Preferences(keys={"d": ("x",)})),
    ],
)
def test_a_wrong_value_costs_that_value_only(file: Path, values: object, read: Preferences) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps(values), "utf-8")
    assert preferences.load(file) == Found(read)


def test_a_folder_that_takes_no_file_is_a_refusal_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(CannotWrite) as raised:
        preferences.save(WHOLE, tmp_path / "data" / "settings.json")
    assert raised.value.path == tmp_path / "data" / "settings.json"


def test_the_file_is_named_by_the_environment_or_lies_with_the_users_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LINLI_SETTINGS", "~/mine.json")
    assert preferences.settings_path() == Path.home() / "mine.json"
    monkeypatch.delenv("LINLI_SETTINGS")
    monkeypatch.setattr(edge, "data_folder", lambda: tmp_path)
    assert preferences.settings_path() == tmp_path / "settings.json"


def test_tests_never_read_or_write_the_settings_of_whoever_runs_them() -> None:
    assert "linli-tests-" in os.environ["LINLI_SETTINGS"]
    assert not preferences.settings_path().exists()


def test_an_actions_own_keys_come_back_by_forgetting_the_users() -> None:
    changed = preferences.with_keys(Preferences(), "a.b", ("x",))
    assert changed.keys == {"a.b": ("x",)}
    assert preferences.with_keys(changed, "a.b", None) == Preferences()


def test_reading_the_preferences_loads_neither_the_app_nor_the_store() -> None:
    check = (
        "import sys; from tui import preferences; preferences.load();"
        "print([name for name in ('textual', 'sqlalchemy', 'pydantic', 'models.files') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
