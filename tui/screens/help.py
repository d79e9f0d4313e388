"""F1: what this screen is for, in three sentences, and its keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from tui import actions
from tui.actions import Action, shown_key
from tui.i18n import t
from tui.screens.base import Modal, Shell
from tui.widgets.bars import KeyBar
from tui.widgets.flow import Flow
from tui.widgets.text import Line, fit, joined, set_border_title, width


class Help(Modal[None]):
    """Help for the screen beneath. F1 and Esc both close it."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (actions.BACK,)
    AUTO_FOCUS = "#text"

    def __init__(self, about: Shell[Any]) -> None:
        super().__init__()
        self.heading = about.heading if hasattr(about, "heading") else ""
        self._purpose = about.purpose if hasattr(about, "purpose") else ""
        self._keys = [
            (" ".join(shown_key(key) for key in made.current_keys), made.help)
            for made in about.actions_here()
            if made.current_keys
        ]
        self._hints = list(_hints(about))

    def compose(self) -> ComposeResult:
        key_width = max((width(keys) for keys, _ in self._keys), default=0) + 3
        with Vertical(classes="dialog", id="help") as dialog:
            set_border_title(dialog, t("help.title", screen=self.heading))
            with VerticalScroll(id="text"):
                yield Flow(self._purpose, classes="purpose")
                for keys, sentence in self._keys:
                    yield Line(joined((fit(keys, key_width), "bold $accent"), sentence), classes="key")
                for hint in self._hints:
                    yield Flow(hint, classes="hint")
            yield KeyBar()


def _hints(about: Shell[Any]) -> Iterator[str]:
    """Yield a sentence for each kind of widget on the screen that brings keys of its own."""
    keys = dict.fromkeys(
        str(widget.HELP_KEY) for widget in about.query("*") if hasattr(widget, "HELP_KEY") and widget.display
    )
    yield from (t(key) for key in keys)
