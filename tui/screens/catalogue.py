"""Every screen and every dialog there is, for those who must speak of all: the room of keys, and tests."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import tui.screens
from tui.screens.base import Shell


def every_screen() -> tuple[type[Shell[Any]], ...]:
    """Return the classes of all screens and dialogs, by name. Imports every room; takes a second the first time."""
    for module in pkgutil.walk_packages(tui.screens.__path__, "tui.screens."):
        import_module(module.name)
    found = {cls for cls in _beneath(Shell) if cls.__module__.startswith("tui.")}
    return tuple(sorted(found, key=lambda cls: (cls.__module__, cls.__qualname__)))


def _beneath(base: type[Shell[Any]]) -> Iterator[type[Shell[Any]]]:
    for cls in base.__subclasses__():
        yield cls
        yield from _beneath(cls)
