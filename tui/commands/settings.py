"""The user's own settings from the command line: to look at, and one to set."""

from __future__ import annotations

import argparse
from dataclasses import replace

from tui import edge, preferences
from tui.cli import DONE
from tui.commands.console import UsageError, emit, say
from tui.i18n import LANGUAGES, t

#: What each setting may be. The themes are named here because naming them must not load the app.
CHOICES = {
    "language": (preferences.AUTO, *LANGUAGES),
    "theme": ("linli-dark", "linli-light", "linli-contrast"),
}


def show(options: argparse.Namespace) -> int:
    """Print what is set, and where it stands."""
    kept = options.kept.preferences
    # One of another version's themes is worn as the usual one.
    theme = kept.theme if kept.theme in CHOICES["theme"] else CHOICES["theme"][0]
    found = {
        "language": kept.language,
        "theme": theme,
        "keys": {action_id: list(keys) for action_id, keys in kept.keys.items()},
        "file": str(preferences.settings_path()),
        "store": str(edge.store_path(options.store)),
    }
    if options.json:
        emit(found)
        return DONE
    keys = t("settings.keys_own", n=len(kept.keys)) if kept.keys else t("settings.keys_usual")
    for label, value in (
        ("settings.language", t(f"language.{kept.language}")),
        ("settings.theme", t(f"theme.{theme}")),
        ("settings.keys", keys),
        ("settings.file", found["file"]),
        ("settings.store", found["store"]),
    ):
        say(f"{t(label)}  {value}")
    return DONE


def set_one(options: argparse.Namespace) -> int:
    """Keep one setting for every time to come."""
    name, value = options.name, options.value
    if name not in CHOICES:
        raise UsageError(t("settings.unknown", name=name, names=", ".join(CHOICES)))
    if value not in CHOICES[name]:
        raise UsageError(t("settings.wrong", value=value, values=", ".join(CHOICES[name])))
    preferences.save(replace(options.kept.preferences, **{name: value}))
    if options.json:
        emit({name: value})
    else:
        say(t("settings.kept", name=name, value=value))
    return DONE
