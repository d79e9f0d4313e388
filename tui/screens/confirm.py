"""Ask before something that cannot be undone, with verbs on real buttons."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from tui.i18n import t
from tui.screens.base import Modal
from tui.widgets.text import Line, PushButton


class Confirm(Modal[bool]):
    """Results in True for the verb, in False for the safe button, in None after Esc."""

    AUTO_FOCUS = "#safe"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "app.focus_previous"),
        Binding("right", "app.focus_next"),
    ]

    def __init__(self, question: str, *, verb: str, safe_verb: str = "") -> None:
        super().__init__()
        self.heading = question
        self.purpose = t("confirm.purpose")
        self._verb = verb
        self._safe_verb = safe_verb or t("confirm.keep")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="confirm"):
            yield Line(self.heading, classes="question")
            with Horizontal(classes="buttons"):
                yield PushButton(self._safe_verb, id="safe", variant="primary")
                yield PushButton(self._verb, id="do", variant="error")

    def on_button_pressed(self, event: PushButton.Pressed) -> None:
        self.dismiss(event.button.id == "do")
