"""What one user of this computer prefers: language, colours, keys. Known before the first word is spoken.

They stand in a small JSON file of the user's own, not in a store: the language
must be known before the store opens, and three compounds have one pair of eyes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

AUTO = "auto"
_NAME = "settings.json"
_MOST = 256 * 1024  # bytes; whatever is larger is not ours


@dataclass(frozen=True, slots=True)
class Preferences:
    """`language` is "auto", "zh_CN" or "en"; `theme` the name of one of ours, "" for the usual one.

    `keys` holds the user's own keys by action id. `others` is what a later
    version wrote and this one does not know: it is written back as it was.
    """

    language: str = AUTO
    theme: str = ""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    others: Mapping[str, Any] = field(default_factory=dict)

    @property
    def spoken(self) -> str | None:
        """The language somebody chose, None where the system's counts."""
        return None if self.language == AUTO else self.language


@dataclass(frozen=True, slots=True)
class Found:
    """What was read. `set_aside` is where a file went that could not be read."""

    preferences: Preferences
    set_aside: Path | None = None


def settings_path() -> Path:
    """Return where the preferences stand: LINLI_SETTINGS, else a file in this user's data folder."""
    named = os.environ.get("LINLI_SETTINGS")
    if named:
        return Path(named).expanduser()
    from tui import edge

    return edge.data_folder() / _NAME


def load(path: Path | None = None) -> Found:
    """Return the preferences; without a file, the usual ones. A broken file is put beside itself, never fatal."""
    path = path or settings_path()
    try:
        with path.open("rb") as file:
            content = file.read(_MOST + 1)
    except OSError:
        return Found(Preferences())
    try:
        values = json.loads(content) if len(content) <= _MOST else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        return Found(Preferences(), _set_aside(path))
    return Found(_read(values))


def _read(values: dict[str, Any]) -> Preferences:
    """Take what has the right form; a single wrong value costs that value."""
    language, theme, keys = values.pop("language", AUTO), values.pop("theme", ""), values.pop("keys", {})
    return Preferences(
        language=language if language in ("zh_CN", "en") else AUTO,
        theme=theme if isinstance(theme, str) else "",
        keys={
            action_id: tuple(named)
            for action_id, named in (keys.items() if isinstance(keys, dict) else ())
            if isinstance(named, list) and named and all(isinstance(key, str) and key for key in named)
        },
        others=values,
    )


def _set_aside(path: Path) -> Path | None:
    aside = path.with_name(f"{path.name}.broken")
    try:
        path.replace(aside)
    except OSError:
        return path  # it stays where it is, and is still said to be broken
    return aside


def save(preferences: Preferences, path: Path | None = None) -> None:
    """Write the preferences, whole or not at all. Raises CannotWrite."""
    from models.files.writing import CannotWrite, write_whole  # takes as long as all the rest of this room

    path = path or settings_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(path, "no_folder", str(error)) from error
    values: dict[str, Any] = {**preferences.others, "language": preferences.language}
    if preferences.theme:
        values["theme"] = preferences.theme
    if preferences.keys:
        values["keys"] = {action_id: list(keys) for action_id, keys in preferences.keys.items()}
    write_whole(path, (json.dumps(values, indent=2) + "\n").encode())


def with_keys(preferences: Preferences, action_id: str, keys: tuple[str, ...] | None) -> Preferences:
    """Return the preferences with an action's keys changed; None gives it back its own."""
    kept = {known: named for known, named in preferences.keys.items() if known != action_id}
    return replace(preferences, keys=kept if keys is None else {**kept, action_id: keys})
