"""What an app's styles cost once in a process, and not once in each app: reading them."""

from __future__ import annotations

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


class _Read(dict[Any, list[RuleSet]]):
    """The rules of every style sheet, as they are with one theme's variables."""

    def clear(self) -> None:
        """Stay: whoever changes the variables takes what was read with those."""


_read: dict[tuple[tuple[str, str], ...], _Read] = {}
_parse = Stylesheet.parse


def _parse_once(self: Stylesheet) -> None:
    self._parse_cache = _read.setdefault(tuple(self._variables.items()), _Read())  # type: ignore[assignment]
    _parse(self)


def quick_styles() -> None:
    """Let every app of this process take the rules that an earlier one has read."""
    Stylesheet.parse = _parse_once  # type: ignore[method-assign]
